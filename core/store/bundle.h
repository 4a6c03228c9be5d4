// SPDX-License-Identifier: GPL-3.0-or-later
// Runs on the move: export to a bundle (zip), import from bundles, other projects and tables.
#pragma once

#include "core/store/project.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace clwb::store
{

enum class BundleFiles { Leave, Include };
/// Details are larger than all other results, and the pictures are not always for passing on.
enum class BundleDetails { Leave, Include };

struct ExportReport
{
    std::vector<int64_t> detailed;  ///< runs whose details are in the bundle
    std::vector<std::string> notes; ///< what was left, a sentence each
};

/// Writes runs into a zip that appears completely or not at all: `bundle.json`, and per run
/// `runs/<uid>/` with run.json, metrics.json, steps.jsonl, evaluations.jsonl and, when asked for,
/// the run's folder as `files/` (links and special files left out); what their evaluations decided
/// (details.h) with the thumbnails that it shows as `details.db`, unless it is damaged or there is
/// too little space for it, which is noted. It is gathered beside the bundle. Errors: Usage (no
/// such run), DiskFull, Data.
Result<ExportReport> exportBundle(const Project& project, const std::vector<int64_t>& runIds,
                                  const std::filesystem::path& bundle,
                                  BundleFiles files = BundleFiles::Include,
                                  BundleDetails details = BundleDetails::Include);

struct ImportReport
{
    std::vector<int64_t> imported;    ///< new run numbers
    std::vector<int64_t> detailed;    ///< those of them that came with details
    std::vector<std::string> skipped; ///< one line a run that is there already
    std::vector<std::string> notes;   ///< what else was left, a sentence each
};

enum class ImportKind {
    Bundle,
    Project,
    Other, ///< perhaps a table: read it as CSV and call importTable()
};
/// By the first bytes. Errors: Usage when the file cannot be read.
Result<ImportKind> importKindOf(const std::filesystem::path& source);

/// Imports a bundle or another project (its runs outside the trash, with their folders). All rows
/// come in one transaction; a run whose uid is known is skipped and reported. Unfinished runs
/// arrive as `interrupted`. Details come along, unless something keeps them from being read
/// (damage, an evaluation that they are not of, too little space to unpack them), which is noted.
/// Foreign bundles are bounded: no names outside their run, no links, limited sizes and counts.
/// Errors: Usage (missing, neither of the two), Data (damaged or foreign bundle), Corrupt (damaged
/// project), Locked, DiskFull. Nothing is imported then.
Result<ImportReport> importRuns(Project& project, const std::filesystem::path& source,
                                BundleFiles files = BundleFiles::Include,
                                BundleDetails details = BundleDetails::Include);

/// Imports the table `runs` (interfaces.md section 8): the columns of v_run, then metrics after the
/// last evaluated session; `run_id` is given anew, `origin` becomes `imported`. Only `name` is
/// needed. An optional column `last_session` says which session the metrics belong to (otherwise 0
/// for `original`, 1 for the rest). Cells come without guards.
/// Errors: Data listing up to 20 problems with line and column; nothing is imported then.
Result<ImportReport> importTable(Project& project, const std::vector<std::string>& header,
                                 const std::vector<std::vector<std::string>>& rows);

/// What another program logged about one of its runs.
struct LoggedCurves
{
    std::string uid; ///< 32 hexadecimal digits of its content: the same log is taken once
    std::string name;
    std::map<int64_t, std::map<std::string, double>> values; ///< step → name → value
};

/// Imports a log as a finished run of origin `imported`: its curves stand in v_step, its last value
/// of every name that v_metric knows (UT-Acc (overall), ZS-Acc, COCO TR@1 …) in v_metric.
/// Errors: Locked, DiskFull. Nothing is imported then.
Result<ImportReport> importCurves(Project& project, const LoggedCurves& curves);

} // namespace clwb::store
