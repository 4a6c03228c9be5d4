// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stored_run.h"

#include "app/cli/output.h"
#include "app/common/build_info.h"
#include "app/common/environment.h"

namespace clwb::cli
{
namespace
{

run::StoredRunSetting storedSetting(const RunSetting& setting, ProgressConsole& console)
{
    run::StoredRunSetting stored;
    stored.project = setting.project;
    stored.trace = setting.trace;
    stored.stop = setting.stop;
    stored.environment = app::environmentJson("clwb", app::ownCommandLine());
    stored.patch = app::buildInfo().patch;
    stored.listener = [&console](const run::Event& event) { console.show(event); };
    return stored;
}

Result<int> report(const Result<run::StoredRun>& stored, const RunSetting& setting,
                   ProgressConsole& console)
{
    console.endStatus();
    if (!stored)
        return Failure(stored.error());
    if (setting.line == ResultLine::Print)
        CLWB_TRY(writeResult(resultLine(*stored).dump() + "\n"));
    if (stored->error)
        return Failure(*stored->error);
    if (stored->status != "stopped")
        return 0;
    if (setting.line == ResultLine::Print)
        writeNote("stopped; `clwb resume " + std::to_string(stored->runId) + "` continues it");
    return static_cast<int>(ErrorCode::Stopped);
}

} // namespace

Json resultLine(const run::StoredRun& stored)
{
    Json line{{"run_id", stored.runId},
              {"status", stored.status},
              {"steps", stored.steps},
              {"dir", stored.folder.string()},
              {"model", nullptr}};
    if (!stored.model.empty())
        line["model"] = stored.model.string();
    return line;
}

Result<int> startRun(const spec::RunSpec& spec, const std::filesystem::path& folder,
                     const RunSetting& setting, ProgressConsole& console)
{
    return report(run::executeNewRun(spec, folder, storedSetting(setting, console)), setting,
                  console);
}

Result<int> startBranch(const spec::RunSpec& spec, const std::filesystem::path& folder,
                        const run::BranchStart& start, const RunSetting& setting,
                        ProgressConsole& console)
{
    return report(run::executeBranch(spec, folder, start, storedSetting(setting, console)), setting,
                  console);
}

Result<void> requireFreeFolder(const std::filesystem::path& folder)
{
    std::error_code problem;
    const auto status = std::filesystem::status(folder, problem);
    if (!std::filesystem::exists(status))
        return {};
    if (std::filesystem::is_directory(status) && std::filesystem::is_empty(folder, problem) &&
        !problem)
        return {};
    return fail(ErrorCode::Usage,
                "--out: " + folder.string() + " exists and is not an empty folder",
                "Name a new folder, or continue the run that is there: clwb resume RUN.");
}

Result<void> requireNewTrace(const std::filesystem::path& trace)
{
    std::error_code ignored;
    if (trace.empty())
        return {};
    if (!std::filesystem::is_directory(trace.parent_path(), ignored))
        return fail(ErrorCode::Usage, "--trace " + trace.string() + ": there is no such folder",
                    "Make the folder, or choose another place.");
    if (!std::filesystem::exists(trace, ignored) || std::filesystem::file_size(trace, ignored) == 0)
        return {};
    return fail(ErrorCode::Usage, "--trace " + trace.string() + ": the file exists",
                "Choose another name, or remove it.");
}

Result<int> continueRun(const store::RunRow& row, const RunSetting& setting,
                        ProgressConsole& console)
{
    return report(run::executeAgain(row, storedSetting(setting, console)), setting, console);
}

} // namespace clwb::cli
