// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/step_rows.h"

#include "core/store/schema.h"
#include "core/store/sqlite.h"

namespace clwb::store
{

Result<std::vector<StepRow>> stepRows(const Project& project, int64_t runId)
{
    CLWB_ASSIGN(const std::string times, stepTimeColumns(project.database()));
    CLWB_ASSIGN(Statement row,
                project.database().prepare("SELECT s.step, s.session, s.epoch, " + times +
                                           " FROM step s WHERE s.run_id = ? ORDER BY s.step"));
    row.bindAll(runId);
    std::vector<StepRow> rows;
    while (true) {
        CLWB_ASSIGN(const bool isFound, row.step());
        if (!isFound)
            return rows;
        rows.push_back({row.integer(0), static_cast<int>(row.integer(1)),
                        static_cast<int>(row.integer(2)), stepTime(row, 3, 4)});
    }
}

} // namespace clwb::store
