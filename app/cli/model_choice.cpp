// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_choice.h"

#include "app/cli/project_access.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <vector>

namespace clwb::cli
{
namespace
{

namespace fs = std::filesystem;

// Sessions whose models lie in a run folder, rising.
std::vector<int> keptSessions(const store::RunRow& row)
{
    std::vector<int> sessions{0};
    if (row.folder.empty())
        return sessions;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fs::path(row.folder) / "sessions", ignored)) {
        if (const auto number = parseInteger(entry.path().filename().string()))
            sessions.push_back(static_cast<int>(*number));
    }
    if (fs::exists(fs::path(row.folder) / "model", ignored))
        sessions.push_back(finalSession(row));
    std::sort(sessions.begin(), sessions.end());
    sessions.erase(std::unique(sessions.begin(), sessions.end()), sessions.end());
    return sessions;
}

Failure notKept(const store::RunRow& row, const std::string& what)
{
    std::string list;
    for (const int session : keptSessions(row))
        list += (list.empty() ? "" : ", ") + std::to_string(session);
    return fail(ErrorCode::Usage,
                "run " + std::to_string(row.runId) + " kept no model " + what + "; kept: " + list,
                "Runs with checkpoints=all keep the model of every session.");
}

} // namespace

Result<ModelChoice> chooseModelOfRun(const store::RunRow& row, Json spec,
                                     std::optional<int> session)
{
    const int last = finalSession(row);
    ModelChoice choice;
    choice.setting = row.setting;
    choice.spec = std::move(spec);
    choice.finishedSessions = session.value_or(last);
    // The start is not what an unfinished run has learned: only on request.
    if (session == 0 || row.kind == "original") {
        choice.path = choice.spec.value("model", std::string());
        return choice;
    }
    const std::string when = session ? "after session " + std::to_string(*session)
                                     : "at its end (it is " + row.status + ")";
    if (row.folder.empty() || choice.finishedSessions == 0)
        return notKept(row, when);
    const fs::path folder = row.folder;
    const fs::path kept = folder / "sessions" / std::to_string(choice.finishedSessions);
    std::error_code ignored;
    if (session && fs::exists(kept, ignored))
        choice.path = kept;
    else if (choice.finishedSessions == last && fs::exists(folder / "model", ignored))
        choice.path = folder / "model";
    else
        return notKept(row, when);
    return choice;
}

int finalSession(const store::RunRow& row)
{
    if (row.kind == "original")
        return 0;
    // A run that evaluates nothing has its sessions all the same.
    return std::max({0, row.lastSession, row.status == "finished" ? row.sessions : 0});
}

Result<RunAt> findRunAt(const Arguments& arguments, const std::string& word)
{
    std::error_code ignored;
    if (!fs::exists(projectFile(arguments), ignored))
        return fail(ErrorCode::Usage,
                    "no model and no project: neither " + word + " nor " +
                        projectFile(arguments).string() + " exists",
                    "Name a model directory, or a run together with --db FILE.");
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    std::string name = word;
    RunAt run;
    const size_t at = word.rfind('@');
    if (at != std::string::npos) {
        const auto number = parseInteger(word.substr(at + 1));
        if (!number || *number < 0 || *number > 1000000)
            return fail(ErrorCode::Usage, "RUN@S: expected a session number after @, got " + word);
        run.session = static_cast<int>(*number);
        name = word.substr(0, at);
    }
    CLWB_ASSIGN(const int64_t id, project.findRun(name));
    CLWB_ASSIGN(run.row, project.run(id));
    CLWB_ASSIGN(run.spec, project.resolvedSpec(id));
    return run;
}

Result<ModelChoice> chooseModel(const Arguments& arguments, const std::string& word)
{
    std::error_code ignored;
    if (fs::exists(word, ignored))
        return ModelChoice{word, 0, {}, {}};
    CLWB_ASSIGN(RunAt run, findRunAt(arguments, word));
    if (run.row.status == "reported")
        return fail(ErrorCode::Usage, "run " + word + " is a reported result: it has no model");
    return chooseModelOfRun(run.row, std::move(run.spec), run.session);
}

} // namespace clwb::cli
