// SPDX-License-Identifier: GPL-3.0-or-later
// The list of a run's data files that is kept in its folder, data-manifest.tsv: a run goes on only
// with the data that it was started with.
#pragma once

#include "core/base/error.h"
#include "core/data/manifest.h"

#include <filesystem>

namespace clwb::run
{

/// Writes data-manifest.tsv into a run's folder; its SHA-256 is the resolved specification's
/// data_manifest.sha256. Errors: DiskFull, Data.
Result<void> keepManifest(const std::filesystem::path& runFolder, const data::Manifest& manifest);

/// The list of one run folder for another one, whose run goes on from there; nothing where there
/// is none. Errors: DiskFull, Data.
Result<void> copyKeptManifest(const std::filesystem::path& from, const std::filesystem::path& to);

/// Whether the run's data are known at all: those of older programs are not.
bool hasKeptManifest(const std::filesystem::path& runFolder);

/// Compares the data with those a run was started with. A folder without a list (a run of an older
/// program) agrees with all. Errors: Data naming the difference, or for a list that is damaged.
Result<void> checkKeptManifest(const std::filesystem::path& runFolder, const data::Manifest& now,
                               const std::filesystem::path& study);

} // namespace clwb::run
