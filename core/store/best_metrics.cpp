// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/best_metrics.h"

#include "core/store/sqlite.h"

namespace clwb::store
{

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
            return best;
        const BestValue value{row.number(3), static_cast<int>(row.integer(2))};
        const auto [place, isNew] = best[row.integer(0)].try_emplace(row.text(1), value);
        if (!isNew && value.value > place->second.value)
            place->second = value;
    }
}

} // namespace clwb::store
