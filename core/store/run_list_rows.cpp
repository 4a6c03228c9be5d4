// SPDX-License-Identifier: GPL-3.0-or-later
// What the run list knows of some runs only, read after the rows themselves.
#include "core/store/run_list_rows.h"

#include "core/base/json.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace clwb::store
{
namespace
{

/// Nothing for what no program of ours wrote.
std::optional<WeightPath> weightPathOf(const Json& path)
{
    const auto uid = path.find("uid");
    const auto session = path.find("session");
    const auto from = path.find("from");
    const auto alpha = path.find("alpha");
    const auto end = path.end();
    if (uid == end || !uid->is_string() || session == end || !session->is_number_integer() ||
        from == end || !from->is_string() || alpha == end || !alpha->is_number())
        return std::nullopt;
    const auto number = session->get<int64_t>();
    if (number < 0 || number > std::numeric_limits<int>::max())
        return std::nullopt;
    return WeightPath{uid->get<std::string>(), static_cast<int>(number),
                      from->get<std::string>() == "original", alpha->get<double>()};
}

} // namespace

Result<void> addSessionsNow(Database& database, std::vector<RunRow>& runs)
{
    for (RunRow& run : runs) {
        if (run.status != "running")
            continue;
        CLWB_ASSIGN(const auto session,
                    database.integer("SELECT session FROM step WHERE run_id = ? "
                                     "ORDER BY step DESC LIMIT 1",
                                     run.runId));
        run.sessionNow = static_cast<int>(session.value_or(0));
    }
    return {};
}

Result<void> addWeightPaths(Database& database, std::vector<RunRow>& runs)
{
    constexpr std::string_view kPrefix = "weight_path.";
    CLWB_ASSIGN(Statement statement,
                database.prepare("SELECT key, value FROM param WHERE run_id = ? AND "
                                 "key GLOB 'weight_path.*'"));
    for (RunRow& run : runs) {
        if (run.origin != "imported")
            continue;
        statement.bindAll(run.runId);
        Json path = Json::object();
        while (true) {
            CLWB_ASSIGN(const bool found, statement.step());
            if (!found)
                break;
            path[statement.text(0).substr(kPrefix.size())] =
                Json::parse(statement.text(1), nullptr, false);
        }
        statement.reset();
        run.weightPath = weightPathOf(path);
    }
    return {};
}

} // namespace clwb::store
