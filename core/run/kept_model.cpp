// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/kept_model.h"

#include "core/base/number_text.h"

#include <algorithm>

namespace clwb::run
{
namespace
{

namespace fs = std::filesystem;

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

Lacking lackingToAsk(const store::RunRow& row, int session)
{
    const auto isThere = [](const fs::path& path) {
        std::error_code ignored;
        return !path.empty() && fs::exists(path, ignored);
    };
    const auto choice = chooseModelOfRun(row, Json{{"model", row.model}}, session);
    if (!choice || !isThere(choice->path))
        return Lacking::Model;
    return isThere(row.study) ? Lacking::Nothing : Lacking::Study;
}

int finalSession(const store::RunRow& row)
{
    if (row.kind == "original")
        return 0;
    // A run that evaluates nothing has its sessions all the same.
    return std::max({0, row.lastSession, row.status == "finished" ? row.sessions : 0});
}

} // namespace clwb::run
