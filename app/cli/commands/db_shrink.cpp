// SPDX-License-Identifier: GPL-3.0-or-later
// clwb db shrink: drops predictions, ranks and thumbnails of a project and keeps its metrics.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "core/base/json.h"
#include "core/base/number_text.h"
#include "core/store/shrink.h"

namespace clwb::cli
{
namespace
{

Result<std::vector<int64_t>> readRuns(const store::Project& project, const std::string& text)
{
    std::vector<int64_t> runs;
    if (text == "all") {
        CLWB_ASSIGN(const auto rows, project.runs());
        for (const store::RunRow& row : rows)
            runs.push_back(row.runId);
        CLWB_ASSIGN(const auto trashed, project.trashedRuns());
        for (const store::RunRow& row : trashed)
            runs.push_back(row.runId);
        return runs;
    }
    for (const std::string& word : splitList(text)) {
        CLWB_ASSIGN(const int64_t run, project.findRun(word));
        runs.push_back(run);
    }
    if (runs.empty())
        return fail(ErrorCode::Usage, "--runs: no run given", "name runs, or all");
    return runs;
}

Result<int> runShrink(const Arguments& arguments)
{
    CLWB_ASSIGN(store::Project project,
                store::Project::open(arguments.positionals()[0], store::OpenMode::ReadWrite));
    store::ShrinkRequest request;
    if (const auto runs = arguments.value("--runs")) {
        CLWB_ASSIGN(request.runs, readRuns(project, *runs));
    }
    request.thumbnails = arguments.has("--thumbnails");
    if (const auto limit = arguments.value("--thumbnail-limit")) {
        const auto megabytes = parseInteger(*limit);
        if (!megabytes || *megabytes < 0 || *megabytes > 1000000)
            return fail(ErrorCode::Usage,
                        "--thumbnail-limit: expected whole MB from 0 to 1000000, got " + *limit);
        request.thumbnailLimit = int64_t{*megabytes} << 20;
    }
    CLWB_ASSIGN(const store::ShrinkReport report, store::shrinkDetails(project, request));
    CLWB_TRY(writeResult(Json{{"file", project.file().string()},
                              {"results_dropped", report.results},
                              {"thumbnails_dropped", report.thumbnails},
                              {"bytes_before", report.bytesBefore},
                              {"bytes_after", report.bytesAfter}}
                             .dump(2) +
                         "\n"));
    return 0;
}

} // namespace

Command describe_db_shrink()
{
    return {
        330,
        "db shrink",
        "Drops predictions, ranks and thumbnails from a project; metrics and curves stay",
        {{"FILE"}},
        {{"--runs", "RUNS", "numbers or names with commas, or all: drop their details", false, {}},
         {"--thumbnails",
          "",
          "drop all thumbnails; the next evaluation makes them again",
          false,
          {}},
         {"--thumbnail-limit",
          "MB",
          "room for thumbnails from now on (at first 116; 0: none)",
          false,
          {}}},
        "Without options only what no run uses any more is dropped. The space goes back to the "
        "file system at once, for which the disk needs room for a copy of the file; while "
        "another program is writing, it is kept and used again.",
        "clwb db shrink clwb.db --runs 3,4 --thumbnails",
        runShrink};
}

} // namespace clwb::cli
