// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_choice.h"

#include "app/cli/project_access.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <optional>
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
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fs::path(row.folder) / "sessions", ignored)) {
        if (const auto number = parseInteger(entry.path().filename().string()))
            sessions.push_back(static_cast<int>(*number));
    }
    if (fs::exists(fs::path(row.folder) / "model", ignored))
        sessions.push_back(row.lastSession);
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

Result<ModelChoice> modelOfRun(const store::RunRow& row, Json spec, std::optional<int> session)
{
    ModelChoice choice;
    choice.setting = row.setting;
    const fs::path start = spec.value("model", std::string());
    choice.spec = std::move(spec);
    const int last = std::max(0, row.lastSession);
    choice.finishedSessions = session.value_or(last);
    const fs::path folder = row.folder;
    std::error_code ignored;
    if (row.kind == "original" || session == 0) {
        choice.path = start;
        return choice;
    }
    const fs::path kept = folder / "sessions" / std::to_string(choice.finishedSessions);
    if (session && fs::exists(kept, ignored))
        choice.path = kept;
    else if ((!session || *session == last) && fs::exists(folder / "model", ignored))
        choice.path = folder / "model";
    else
        return notKept(row, session ? "after session " + std::to_string(*session)
                                    : "at its end (it is " + row.status + ")");
    return choice;
}

} // namespace

Result<ModelChoice> chooseModel(const Arguments& arguments, const std::string& word)
{
    std::error_code ignored;
    if (fs::exists(word, ignored))
        return ModelChoice{word, 0, {}, {}};
    if (!fs::exists(projectFile(arguments), ignored))
        return fail(ErrorCode::Usage,
                    "no model and no project: neither " + word + " nor " +
                        projectFile(arguments).string() + " exists",
                    "Name a model directory, or a run together with --db FILE.");
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    std::string run = word;
    std::optional<int> session;
    const size_t at = word.rfind('@');
    if (at != std::string::npos) {
        const auto number = parseInteger(word.substr(at + 1));
        if (!number || *number < 0 || *number > 1000000)
            return fail(ErrorCode::Usage, "RUN@S: expected a session number after @, got " + word);
        session = static_cast<int>(*number);
        run = word.substr(0, at);
    }
    CLWB_ASSIGN(const int64_t id, project.findRun(run));
    CLWB_ASSIGN(const store::RunRow row, project.run(id));
    if (row.status == "reported")
        return fail(ErrorCode::Usage, "run " + run + " is a reported result: it has no model");
    CLWB_ASSIGN(Json spec, project.resolvedSpec(id));
    return modelOfRun(row, std::move(spec), session);
}

} // namespace clwb::cli
