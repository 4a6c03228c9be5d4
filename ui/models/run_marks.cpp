// SPDX-License-Identifier: GPL-3.0-or-later
// The marking rule of the paper's tables, applied to the run list.
#include "ui/models/run_marks.h"

#include "ui/models/run_columns.h"

#include <cmath>
#include <string>

namespace clwb::ui
{

namespace
{

bool competes(const store::RunRow& run)
{
    return run.kind == "method" && (run.status == "finished" || run.status == "reported");
}

std::string contestOf(const store::RunRow& run)
{
    return run.setting + (run.status == "reported" ? "|reported" : "|own");
}

struct Contest
{
    double best = 0;
    int runs = 0;
    void enter(double value)
    {
        best = runs == 0 ? value : std::max(best, value);
        ++runs;
    }
};

} // namespace

Marks markBest(const std::vector<const store::RunRow*>& runs)
{
    Marks marks;
    const auto& columns = runColumns();
    for (size_t at = 0; at < columns.size(); ++at) {
        const RunColumn& column = columns[at];
        if (column.kind != ColumnKind::Metric)
            continue;
        const double scale = std::pow(10.0, column.decimals);
        const auto shown = [&](const store::RunRow& run) -> std::optional<double> {
            const auto number = column.number(run);
            if (!number || !std::isfinite(*number) || !competes(run))
                return std::nullopt;
            return std::round(*number * scale) * (column.isLargerBetter ? 1 : -1);
        };
        std::map<std::string, Contest> contests;
        for (const store::RunRow* run : runs) {
            if (const auto value = shown(*run)) {
                contests[contestOf(*run)].enter(*value);
                contests[contestOf(*run) + '|' + run->option].enter(*value);
            }
        }
        for (const store::RunRow* run : runs) {
            const auto value = shown(*run);
            if (!value)
                continue;
            const Contest& all = contests[contestOf(*run)];
            const Contest& group = contests[contestOf(*run) + '|' + run->option];
            const Mark mark{all.runs > 1 && *value == all.best,
                            group.runs > 1 && group.runs < all.runs && *value == group.best};
            if (mark.isBest || mark.isBestOfOption)
                marks[{run->runId, static_cast<int>(at)}] = mark;
        }
    }
    return marks;
}

} // namespace clwb::ui
