// SPDX-License-Identifier: GPL-3.0-or-later
// clwb branch: a new run from the state that another one had after one of its sessions.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "app/cli/stored_run.h"
#include "core/base/number_text.h"
#include "core/run/stored_branch.h"

namespace clwb::cli
{
namespace
{

namespace fs = std::filesystem;

Result<int> readSession(const Arguments& arguments)
{
    const auto text = arguments.value("--from-session");
    if (!text)
        return fail(ErrorCode::Usage, "clwb branch: --from-session S is missing",
                    "See clwb branch --help");
    const auto number = parseInteger(*text);
    if (!number || *number < 0 || *number > 1000000)
        return fail(ErrorCode::Usage,
                    "--from-session: expected a whole number from 0, got " + *text);
    return static_cast<int>(*number);
}

Result<run::PreparedBranch> prepare(const Arguments& arguments, int session)
{
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
    CLWB_ASSIGN(const int64_t id, project.findRun(arguments.positionals()[0]));
    return run::prepareBranch(project, id, session, [&](const Json& source) {
        return spec::resolveRunSpec(source, {}, arguments.values("--set"));
    });
}

Result<int> runBranch(const Arguments& arguments)
{
    RunSetting setting;
    setting.stop = stopOnSignals(); // from the first moment on
    setting.project = projectFile(arguments);
    CLWB_ASSIGN(const int session, readSession(arguments));
    CLWB_ASSIGN(const run::PreparedBranch branch, prepare(arguments, session));
    for (const std::string& warning : branch.warnings)
        writeNote("warning: " + warning);
    const fs::path folder =
        arguments.has("--out") ? fs::absolute(*arguments.value("--out")) : fs::path();
    if (const auto trace = arguments.value("--trace"))
        setting.trace = fs::absolute(*trace);
    CLWB_TRY(requireFreeFolder(folder));
    CLWB_TRY(requireNewTrace(setting.trace));
    if (branch.isComplete)
        writeNote("note: session " + std::to_string(session) +
                  " is the last one: there is nothing left to train");
    ProgressConsole console(progressMode(arguments));
    return startBranch(branch.spec, folder, branch.start, setting, console);
}

} // namespace

Command describe_branch()
{
    return {
        25,
        "branch",
        "Starts a new run from the state of another one after a session",
        {{"RUN"}},
        {{"--from-session",
          "S",
          "finished sessions to keep; 0: the state before training",
          false,
          {}},
         {"--set",
          "KEY=VALUE",
          "a setting of the new run, by its dotted key; may be repeated",
          true,
          {}},
         dbOption(),
         {"--out", "DIR", "folder for the run's files (default: beside the project)", false, {}},
         {"--trace", "FILE", "write every step from there on as JSON Lines", false, {}},
         progressOption()},
        "RUN is a run number or a unique name. Its model after session S must have been kept: "
        "runs\n"
        "with checkpoints=all keep every session's. The new run takes over RUN's settings, "
        "changed\n"
        "by --set (study, model, kind and setting stay), and its evaluations up to session S;\n"
        "without --set it ends with the same weights as RUN, byte for byte. Steps count on from\n"
        "RUN's. RKR's scales go on only with the same option and placement, IMM's raw weights\n"
        "(imm_chaining unmerged, original_imm) only with the same option and chaining.",
        "clwb branch 3 --from-session 4 --set params.beta=10 --set name=stronger",
        runBranch};
}

} // namespace clwb::cli
