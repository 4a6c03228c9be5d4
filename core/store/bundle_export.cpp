// SPDX-License-Identifier: GPL-3.0-or-later
// Export of runs into a bundle.
#include "core/base/number_text.h"
#include "core/store/bundle.h"
#include "core/store/bundle_details.h"
#include "core/store/run_dump.h"
#include "core/store/zip_archive.h"

#include <algorithm>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

/// Regular files only; links could lead anywhere.
Result<void> addFolder(ZipWriter& writer, const std::string& prefix, const fs::path& folder)
{
    std::error_code failure;
    std::vector<fs::path> paths;
    if (!fs::is_directory(fs::symlink_status(folder, failure)))
        return {};
    for (auto entry = fs::recursive_directory_iterator(folder, failure);
         !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
        if (fs::is_regular_file(entry->symlink_status(failure)))
            paths.push_back(entry->path());
    }
    if (failure)
        return fail(ErrorCode::Data, "cannot read " + folder.string() + ": " + failure.message());
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths)
        CLWB_TRY(writer.addFile(prefix + path.lexically_relative(folder).generic_string(), path));
    return {};
}

Result<void> addRun(ZipWriter& writer, const Project& project, int64_t runId, BundleFiles files,
                    bool hasDetails, Json& index)
{
    CLWB_ASSIGN(const RunDump dump, readDump(project.database(), runId));
    CLWB_ASSIGN(const RunRow row, project.run(runId));
    const std::string prefix = "runs/" + dump.columns.uid + "/";
    index.push_back(
        {{"uid", dump.columns.uid}, {"name", dump.columns.name}, {"details", hasDetails}});
    CLWB_TRY(writer.addText(prefix + "run.json", columnsToJson(dump).dump(1) + "\n"));
    CLWB_TRY(writer.addText(prefix + "metrics.json", metricsToJson(dump).dump() + "\n"));
    CLWB_TRY(writer.addText(prefix + "steps.jsonl", stepLines(dump)));
    CLWB_TRY(writer.addText(prefix + "evaluations.jsonl", evaluationLines(dump)));
    CLWB_TRY(writer.addText(prefix + "load.jsonl", loadLines(dump)));
    if (files == BundleFiles::Include && !row.folder.empty())
        CLWB_TRY(addFolder(writer, prefix + "files/", row.folder));
    return {};
}

} // namespace

Result<ExportReport> exportBundle(const Project& project, const std::vector<int64_t>& runIds,
                                  const fs::path& bundle, BundleFiles files, BundleDetails details)
{
    ExportReport report;
    std::optional<BundledDetails> gathered; // before the writer, which reads the file at its end
    CLWB_ASSIGN(ZipWriter writer, ZipWriter::create(bundle));
    if (details == BundleDetails::Include) {
        auto found = gatherDetails(project, runIds, fs::absolute(bundle).parent_path());
        if (!found && found.error().code != ErrorCode::DiskFull)
            return Failure(found.error());
        if (!found)
            report.notes.push_back("the bundle goes without details, for which there is too "
                                   "little space in its folder: " +
                                   found.error().message);
        else if (*found)
            gathered.emplace(std::move(**found));
    }
    if (gathered) {
        report.detailed.assign(gathered->runs.begin(), gathered->runs.end());
        report.notes = gathered->notes;
    }
    Json index = Json::array();
    for (const int64_t runId : runIds)
        CLWB_TRY(addRun(writer, project, runId, files, gathered && gathered->runs.contains(runId),
                        index));
    if (!report.detailed.empty())
        CLWB_TRY(writer.addFile(kBundleDetailsName, gathered->file, ZipPacking::Deflate));
    const Json document{
        {"format", "clwb-bundle"}, {"schema", 1}, {"created_utc", utcNowText()}, {"runs", index}};
    CLWB_TRY(writer.addText("bundle.json", document.dump(1) + "\n"));
    CLWB_TRY(writer.commit());
    return report;
}

} // namespace clwb::store
