// SPDX-License-Identifier: GPL-3.0-or-later
// clwb db starter: the project that ships with the program, from the paper's numbers and own runs.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/report/paper_numbers.h"
#include "core/store/bundle.h"
#include "core/store/project.h"
#include "core/store/starter.h"

#include <filesystem>

namespace clwb::cli
{
namespace
{

std::vector<store::ReportedRun> reportedRuns()
{
    std::vector<store::ReportedRun> rows;
    for (const report::ReportRun& run : report::paperRuns()) {
        store::ReportedRun row;
        row.name = run.name.empty() ? report::labelOf(run) : run.name;
        row.kind = run.kind;
        row.method = run.method;
        row.option = run.option;
        row.setting = run.setting;
        row.source = "Tables " + report::paramText(run, "paper.tables");
        row.params = run.params;
        row.session = run.series.empty() ? 0 : run.series.rbegin()->first;
        row.metrics = run.metrics;
        rows.push_back(std::move(row));
    }
    return rows;
}

Result<int> runStarter(const Arguments& arguments)
{
    const std::filesystem::path file = arguments.positionals()[0];
    const std::vector<store::ReportedRun> rows = reportedRuns();
    CLWB_TRY(store::createStarterProject(file, rows));
    Json imported = Json::array();
    for (const std::string& source : arguments.values("--with")) {
        CLWB_ASSIGN(store::Project project,
                    store::Project::open(file, store::OpenMode::ReadWrite));
        CLWB_ASSIGN(const store::ImportReport report,
                    store::importRuns(project, source, store::BundleFiles::Leave));
        for (const int64_t id : report.imported)
            imported.push_back(id);
    }
    CLWB_TRY(store::sealProject(file));
    CLWB_TRY(writeResult(Json{{"file", file.string()},
                              {"reported", rows.size()},
                              {"imported", imported}}
                             .dump() +
                         "\n"));
    return 0;
}

} // namespace

Command describe_db_starter()
{
    return {330,
            "db starter",
            "Makes a project of the paper's reported numbers and, if wished, finished runs",
            {{"FILE"}},
            {{"--with", "PROJECT.db", "also the runs of this project, without their files", true, {}}},
            "This is how experiments.db is made.",
            "clwb db starter experiments.db --with clwb-demo/demo.db",
            runStarter};
}

} // namespace clwb::cli
