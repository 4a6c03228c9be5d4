// SPDX-License-Identifier: GPL-3.0-or-later
// clwb db starter: the project that ships with the program, from the paper's numbers and own runs.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/common/shipped_files.h"
#include "core/run/report_source.h"
#include "core/store/bundle.h"
#include "core/store/neutral_paths.h"
#include "core/store/project.h"
#include "core/store/starter.h"

#include <filesystem>

namespace clwb::cli
{
namespace
{

Result<int> runStarter(const Arguments& arguments)
{
    const std::filesystem::path file = arguments.positionals()[0];
    const std::vector<store::ReportedRun> rows = run::paperRows();
    CLWB_TRY(store::createStarterProject(file, rows));
    Json imported = Json::array();
    int leftOut = 0; // unfinished runs: nobody else can continue them
    for (const std::string& source : arguments.values("--with")) {
        CLWB_ASSIGN(store::Project project, store::Project::open(file, store::OpenMode::ReadWrite));
        CLWB_ASSIGN(const store::ImportReport report,
                    store::importRuns(project, source, store::BundleFiles::Leave));
        for (const int64_t id : report.imported) {
            CLWB_ASSIGN(const store::RunRow run, project.run(id));
            if (run.status == "finished") {
                imported.push_back(id);
            } else {
                CLWB_TRY(project.purge(id));
                ++leftOut;
            }
        }
    }
    // Where the program's own folder lies is nobody's business: names start from there.
    CLWB_TRY(store::hideMachine(
        file, app::shippedFile("resources/mini-clip").parent_path().parent_path()));
    CLWB_TRY(store::sealProject(file));
    CLWB_TRY(writeResult(Json{{"file", file.string()},
                              {"reported", rows.size()},
                              {"imported", imported},
                              {"left_out", leftOut}}
                             .dump() +
                         "\n"));
    return 0;
}

} // namespace

Command describe_db_starter()
{
    return {
        330,
        "db starter",
        "Makes a project of the paper's reported numbers and, if wished, finished runs",
        {{"FILE"}},
        {{"--with", "PROJECT.db", "also the runs of this project, without their files", true, {}}},
        "This is how experiments.db is made. Paths and host of the machine that computed the runs\n"
        "are taken out.",
        "clwb db starter experiments.db --with clwb-demo/demo.db",
        runStarter};
}

} // namespace clwb::cli
