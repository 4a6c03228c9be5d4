// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/objective_data.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <set>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ObjectiveText
{
    Q_DECLARE_TR_FUNCTIONS(ObjectivePlot)
};

} // namespace

ObjectiveData objectiveOf(const ParallelData& data, size_t setting, size_t metric,
                          const std::vector<int>& kept)
{
    ObjectiveData result;
    result.setting = data.axes.at(setting);
    const ParallelAxis& metricAxis = data.axes.at(metric);
    result.metric = metricAxis.title;
    result.isMetricLogarithmic = metricAxis.isLogarithmic;
    const std::set<int> isKept(kept.begin(), kept.end());
    for (const ParallelLine& line : data.lines) {
        const std::optional<double>& x = line.values[setting];
        const std::optional<double>& y = line.values[metric];
        if (line.hasFailed)
            ++result.failed;
        else if (!line.hasResult)
            ++result.unfinished;
        else if (!x || !y || !std::isfinite(*x) || !std::isfinite(*y))
            ++result.withoutValue;
        else if (!isOn(result.setting, *x) || !isOn(metricAxis, *y))
            ++result.notPositive;
        else
            result.points.push_back(
                {line.number, *x, *y, line.isChosen, isKept.contains(line.number)});
    }
    return result;
}

QString countsText(const ObjectiveData& data)
{
    QString text = countedText(static_cast<int64_t>(data.points.size()),
                               ObjectiveText::tr("%1 trial"), ObjectiveText::tr("%1 trials"));
    const auto faded = std::count_if(data.points.begin(), data.points.end(),
                                     [](const ObjectivePoint& point) { return !point.isKept; });
    if (faded > 0)
        text += u" · "_s + ObjectiveText::tr("%1 faded by the brushes").arg(faded);
    QStringList reasons;
    if (data.failed > 0)
        reasons << ObjectiveText::tr("%1 failed").arg(data.failed);
    if (data.unfinished > 0)
        reasons << ObjectiveText::tr("%1 without a result yet").arg(data.unfinished);
    if (data.withoutValue > 0)
        reasons << ObjectiveText::tr("%1 without %2 or %3")
                       .arg(data.withoutValue)
                       .arg(data.setting.title, data.metric);
    if (data.notPositive > 0)
        reasons << ObjectiveText::tr("%1 ≤ 0 on a logarithmic axis").arg(data.notPositive);
    if (!reasons.isEmpty())
        text += u" · "_s +
                ObjectiveText::tr("%1 not shown: %2")
                    .arg(data.failed + data.unfinished + data.withoutValue + data.notPositive)
                    .arg(reasons.join(u", "_s));
    return text;
}

QString pointText(const ObjectiveData& data, const ObjectivePoint& point)
{
    QString text = ObjectiveText::tr("trial %1 · %2 %3 · %4 %5")
                       .arg(point.number)
                       .arg(data.setting.title, valueTextOn(data.setting, point.setting),
                            data.metric, numberText(point.metric, 2));
    if (point.isChosen)
        text += u" · "_s + ObjectiveText::tr("chosen by the search");
    if (!point.isKept)
        text += u" · "_s + ObjectiveText::tr("outside the brushes");
    return text;
}

DataTable objectiveTable(const ObjectiveData& data)
{
    const bool isNumber = data.setting.categories.isEmpty();
    DataTable table;
    table.columns = {{.key = u"trial"_s, .isNumber = true},
                     {.key = data.setting.title, .isNumber = isNumber},
                     {.key = data.metric, .isNumber = true},
                     {.key = u"chosen"_s},
                     {.key = u"kept"_s}};
    for (const ObjectivePoint& point : data.points) {
        const QString yes = u"yes"_s;
        DataCell setting = textCell(valueTextOn(data.setting, point.setting));
        if (isNumber)
            setting.number = point.setting;
        table.rows.push_back({numberCell(point.number, 0), setting, numberCell(point.metric),
                              textCell(point.isChosen ? yes : QString()),
                              textCell(point.isKept ? yes : QString())});
    }
    return table;
}

std::vector<double> ownTicks(const ObjectiveData& data)
{
    constexpr size_t kMost = 9;
    constexpr double kNearest = 0.07; // of the axis
    std::set<double> values;
    for (const ObjectivePoint& point : data.points)
        values.insert(point.setting);
    if (values.size() > kMost)
        return {};
    double before = -INFINITY;
    for (const double value : values) {
        const double place = positionOn(data.setting, value);
        if (place - before < kNearest)
            return {};
        before = place;
    }
    return {values.begin(), values.end()};
}

} // namespace clwb::ui
