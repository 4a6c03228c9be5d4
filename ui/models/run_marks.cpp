// SPDX-License-Identifier: GPL-3.0-or-later
// The marking rule of the paper's tables, applied to the run list.
#include "ui/models/run_marks.h"

#include "ui/models/run_columns.h"

#include <cmath>
#include <utility>

namespace clwb::ui
{

namespace
{

struct Best
{
    double value = -INFINITY;
    double second = -INFINITY;
    int rivals = 0;
    void enter(double entered)
    {
        if (entered > value)
            second = std::exchange(value, entered);
        else if (entered < value)
            second = std::max(second, entered);
        ++rivals;
    }
};

/// Numbers of the contests of each contestant: of all, and of its option.
std::vector<std::pair<size_t, size_t>> placesOf(const std::vector<Contestant>& contestants,
                                                size_t& count)
{
    std::map<std::string, size_t> numbers;
    const auto number = [&](const std::string& name) {
        return numbers.try_emplace(name, numbers.size()).first->second;
    };
    std::vector<std::pair<size_t, size_t>> places;
    places.reserve(contestants.size());
    for (const Contestant& one : contestants)
        places.emplace_back(number(one.contest), number(one.contest + "||" + one.option));
    count = numbers.size();
    return places;
}

} // namespace

bool competes(const store::RunRow& run)
{
    return run.kind == "method" && !run.isPathPoint() &&
           (run.status == "finished" || run.status == "reported");
}

std::string contestOf(const store::RunRow& run, const std::string& study)
{
    return study + '|' + run.setting + (run.status == "reported" ? "|reported" : "|own");
}

Marks markBest(const std::vector<Contestant>& contestants)
{
    Marks marks;
    size_t contestCount = 0;
    const auto places = placesOf(contestants, contestCount);
    for (size_t at = 0; at < runColumns().size(); ++at) {
        const RunColumn& column = runColumns()[at];
        if (column.kind != ColumnKind::Metric)
            continue;
        const double scale = std::pow(10.0, column.decimals) * (column.isLargerBetter ? 1 : -1);
        const auto shown = [&](const Contestant& one) {
            return std::round(one.values[at] * scale);
        };
        std::vector<Best> contests(contestCount);
        for (size_t i = 0; i < contestants.size(); ++i) {
            if (!std::isfinite(contestants[i].values[at]))
                continue;
            contests[places[i].first].enter(shown(contestants[i]));
            contests[places[i].second].enter(shown(contestants[i]));
        }
        for (size_t i = 0; i < contestants.size(); ++i) {
            if (!std::isfinite(contestants[i].values[at]))
                continue;
            const Best& all = contests[places[i].first];
            const Best& option = contests[places[i].second];
            const double value = shown(contestants[i]);
            const bool isOptionContest = option.rivals > 1 && option.rivals < all.rivals;
            const Mark mark{.isBest = all.rivals > 1 && value == all.value,
                            .isBestOfOption = isOptionContest && value == option.value,
                            .isSecondBest = value == all.second};
            if (mark.isBest || mark.isBestOfOption || mark.isSecondBest)
                marks[{contestants[i].id, static_cast<int>(at)}] = mark;
        }
    }
    return marks;
}

} // namespace clwb::ui
