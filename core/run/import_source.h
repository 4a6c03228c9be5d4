// SPDX-License-Identifier: GPL-3.0-or-later
// Runs from any file that holds some: a bundle, another project, or a table as CSV.
#pragma once

#include "core/store/bundle.h"

#include <filesystem>

namespace clwb::run
{

/// What the file is decides its first bytes. All runs come in one transaction or none does; those
/// that the project has already are skipped and reported. Apostrophes that guard the cells of a
/// table against spreadsheets are taken away.
/// Errors: as store::importRuns() and store::importTable(); Data on a table above 64 MiB.
Result<store::ImportReport> importSource(store::Project& project,
                                         const std::filesystem::path& source,
                                         store::BundleFiles files = store::BundleFiles::Include);

} // namespace clwb::run
