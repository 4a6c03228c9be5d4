// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/best_metrics.h"

#include "core/store/sqlite.h"

#include <algorithm>
#include <utility>

namespace clwb::store
{

namespace
{

/// The last step of a run up to the end of a session. Sessions never fall as steps rise, so a few
/// look-ups find it where a scan would read millions of rows.
class LastSteps
{
public:
    static Result<LastSteps> open(Database& database)
    {
        CLWB_ASSIGN(Statement next,
                    database.prepare("SELECT step, session FROM step WHERE run_id = ? AND "
                                     "step >= ? ORDER BY step LIMIT 1"));
        CLWB_ASSIGN(Statement last, database.prepare("SELECT step FROM step WHERE run_id = ? "
                                                     "ORDER BY step DESC LIMIT 1"));
        return LastSteps(std::move(next), std::move(last));
    }

    Result<std::optional<int64_t>> of(int64_t runId, int session)
    {
        if (session < 1) // before training
            return std::optional<int64_t>();
        if (runId != std::exchange(m_runId, runId))
            m_known.clear();
        if (const auto known = m_known.find(session); known != m_known.end())
            return known->second;
        m_last.reset();
        m_last.bindAll(runId);
        CLWB_ASSIGN(const bool hasSteps, m_last.step());
        std::optional<int64_t> found;
        int64_t from = 0;
        int64_t end = hasSteps ? m_last.integer(0) + 1 : 0;
        while (from < end) {
            const int64_t middle = from + (end - from) / 2;
            m_next.reset();
            m_next.bindAll(runId, middle);
            CLWB_ASSIGN(const bool isFound, m_next.step());
            if (isFound && m_next.integer(1) <= session) {
                found = m_next.integer(0);
                from = *found + 1;
            } else {
                end = middle;
            }
        }
        return m_known[session] = found;
    }

private:
    LastSteps(Statement next, Statement last)
        : m_next(std::move(next))
        , m_last(std::move(last))
    {}

    Statement m_next, m_last;
    int64_t m_runId = 0;
    std::map<int, std::optional<int64_t>> m_known; ///< of that run
};

} // namespace

Result<BestMetrics> bestMetrics(const Project& project)
{
    BestMetrics best;
    CLWB_ASSIGN(Statement row,
                project.database().prepare(
                    "SELECT m.run_id, n.name, m.session, m.value FROM metric m "
                    "JOIN value_name n USING(name_id) JOIN run r ON r.run_id = m.run_id "
                    "WHERE r.trashed_utc IS NULL AND m.value IS NOT NULL AND "
                    "(m.session > 0 OR r.last_session = 0) AND n.name NOT LIKE 'val %' "
                    "ORDER BY m.run_id, m.session"));
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            break;
        const BestValue value{row.number(3), static_cast<int>(row.integer(2))};
        const auto [place, isNew] = best[row.integer(0)].try_emplace(row.text(1), value);
        if (!isNew && value.value > place->second.value)
            place->second = value;
    }
    CLWB_ASSIGN(LastSteps steps, LastSteps::open(project.database()));
    for (auto& [runId, values] : best) {
        for (auto& [name, value] : values) {
            CLWB_ASSIGN(value.step, steps.of(runId, value.session));
        }
    }
    return best;
}

Result<SessionMetrics> sessionMetrics(const Project& project, const std::set<int>& sessions)
{
    SessionMetrics values;
    if (sessions.empty())
        return values;
    std::string list;
    for (const int session : sessions)
        list += (list.empty() ? "" : ", ") + std::to_string(session);
    CLWB_ASSIGN(Statement row,
                project.database().prepare(
                    "SELECT m.run_id, m.session, n.name, m.value FROM metric m "
                    "JOIN value_name n USING(name_id) JOIN run r ON r.run_id = m.run_id "
                    "WHERE r.trashed_utc IS NULL AND m.value IS NOT NULL AND m.session IN (" +
                    list + ") AND n.name NOT LIKE 'val %'"));
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            return values;
        values[row.integer(0)][{static_cast<int>(row.integer(1)), row.text(2)}] = row.number(3);
    }
}

Result<SessionCounts> evaluatedSessions(const Project& project, const std::set<std::string>& names)
{
    SessionCounts counts;
    for (const std::string& name : names) {
        CLWB_ASSIGN(Statement row,
                    project.database().prepare(
                        "SELECT m.session, r.setting, COUNT(*) FROM metric m "
                        "JOIN run r ON r.run_id = m.run_id WHERE r.trashed_utc IS NULL AND "
                        "m.value IS NOT NULL AND "
                        "m.name_id = (SELECT name_id FROM value_name WHERE name = ?) "
                        "GROUP BY m.session, r.setting"));
        row.bindAll(name);
        while (true) {
            CLWB_ASSIGN(const bool isFound, row.step());
            if (!isFound)
                break;
            int& count = counts[static_cast<int>(row.integer(0))][row.text(1)];
            count = std::max(count, static_cast<int>(row.integer(2)));
        }
    }
    return counts;
}

} // namespace clwb::store
