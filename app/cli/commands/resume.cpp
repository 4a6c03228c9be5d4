// SPDX-License-Identifier: GPL-3.0-or-later
// clwb resume: continues a run exactly where its last checkpoint left it.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "app/cli/signals.h"
#include "app/cli/stored_run.h"
#include "core/run/resume_point.h"
#include "core/spec/run_spec.h"

namespace clwb::cli
{
namespace
{

Result<void> checkCanResume(const store::RunRow& row)
{
    const std::string run = "run " + std::to_string(row.runId);
    if (row.origin != "local" || row.status == "reported")
        return fail(ErrorCode::Usage, run + " was not computed here (" + row.origin +
                                          "): there is nothing to continue");
    if (row.status == "finished")
        return fail(ErrorCode::Usage, run + " is finished: there is nothing to continue",
                    "Its model is in " + row.folder + "/model");
    return {};
}

Result<int> runResume(const Arguments& arguments)
{
    CLWB_ASSIGN(store::Project project, openProject(arguments, store::OpenMode::ReadWrite));
    CLWB_TRY(project.markInterrupted());
    CLWB_ASSIGN(const int64_t id, project.findRun(arguments.positionals()[0]));
    CLWB_ASSIGN(const store::RunRow row, project.run(id));
    CLWB_TRY(checkCanResume(row));
    CLWB_ASSIGN(const Json document, project.resolvedSpec(id));
    StoredRun stored;
    CLWB_ASSIGN(stored.request.spec, spec::runSpecFromJson(document));
    // Without a checkpoint the run starts again from its beginning.
    CLWB_ASSIGN(const auto found, run::findResumePoint(row.folder));
    const run::ResumePoint point = found.value_or(run::ResumePoint{});
    stored.request.resume = true;
    if (const auto trace = arguments.value("--trace"))
        stored.request.trace = std::filesystem::absolute(*trace);
    CLWB_ASSIGN(const auto writer, store::RunWriter::resumeRun(projectFile(arguments), id,
                                                               point.steps, point.sessions));
    CLWB_ASSIGN(stored.earlier, project.evaluations(id)); // after the writer cut them back
    stored.earlierSeconds = row.seconds.value_or(0);
    stored.request.folder = row.folder;
    stored.request.stop = stopOnSignals();
    ProgressConsole console(progressMode(arguments));
    return executeStored(std::move(stored), *writer, console);
}

} // namespace

Command describe_resume()
{
    return {20,
            "resume",
            "Continues a stopped, interrupted or failed run from its last checkpoint",
            {{"RUN"}},
            {dbOption(),
             {"--trace", "FILE", "the trace of the run: cut back to the checkpoint, then continued",
              false, {}},
             progressOption()},
            "RUN is a run number or a unique name. The result equals that of a run that was never\n"
            "interrupted, on the same build, CPU kind and number of threads.",
            "clwb resume 3 --db clwb.db",
            runResume};
}

} // namespace clwb::cli
