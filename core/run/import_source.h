// SPDX-License-Identifier: GPL-3.0-or-later
// Runs from any file that holds some: a bundle, another project, a table as CSV, another program's
// log.
#pragma once

#include "core/store/bundle.h"

#include <filesystem>

namespace clwb::run
{

/// What the file is decides its content: a bundle, a project, a CSV table of runs (column `name`),
/// or a log of curves (TensorBoard's events, JSON lines, CSV with a column `step`), which becomes a
/// run named like the file. All runs come in one transaction or none does; those that the project
/// has already are skipped and reported. Apostrophes that guard the cells of a table against
/// spreadsheets are taken away.
/// Errors: as store::importRuns(), store::importTable() and report::readCurveFile(); Data on a
/// table or log above 512 MiB.
Result<store::ImportReport>
importSource(store::Project& project, const std::filesystem::path& source,
             store::BundleFiles files = store::BundleFiles::Include,
             store::BundleDetails details = store::BundleDetails::Include);

} // namespace clwb::run
