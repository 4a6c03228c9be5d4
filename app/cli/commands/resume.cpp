// SPDX-License-Identifier: GPL-3.0-or-later
// clwb resume: continues a run exactly where its last checkpoint left it.
#include "app/cli/command.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "app/cli/stored_run.h"

namespace clwb::cli
{
namespace
{

Result<int> runResume(const Arguments& arguments)
{
    RunSetting setting;
    setting.stop = stopOnSignals(); // from the first moment on
    setting.project = projectFile(arguments);
    store::RunRow row;
    {
        CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
        CLWB_TRY(project.markInterrupted());
        CLWB_ASSIGN(const int64_t id, project.findRun(arguments.positionals()[0]));
        if (arguments.has("--take-over"))
            CLWB_TRY(project.takeOver(id));
        CLWB_ASSIGN(row, project.run(id));
    }
    if (const auto trace = arguments.value("--trace"))
        setting.trace = std::filesystem::absolute(*trace);
    ProgressConsole console(progressMode(arguments));
    return continueRun(row, setting, console);
}

} // namespace

Command describe_resume()
{
    return {20,
            "resume",
            "Continues a stopped, interrupted or failed run from its last checkpoint",
            {{"RUN"}},
            {dbOption(),
             {"--trace",
              "FILE",
              "the trace of the run: cut back to the checkpoint, then continued",
              false,
              {}},
             {"--take-over",
              "",
              "continue a run of another host that gave no sign of life for five minutes",
              false,
              {}},
             progressOption()},
            "RUN is a run number or a unique name. The result equals that of a run that was never\n"
            "interrupted, on the same build, CPU kind and number of threads.",
            "clwb resume 3 --db clwb.db",
            runResume};
}

} // namespace clwb::cli
