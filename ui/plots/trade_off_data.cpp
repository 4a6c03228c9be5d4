// SPDX-License-Identifier: GPL-3.0-or-later
// What the trade-off plot draws and exports, apart from any widget.
#include "ui/bridge/qt_text.h"
#include "ui/models/trade_off.h"
#include "ui/plots/trade_off_plot.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct TradeOffText
{
    Q_DECLARE_TR_FUNCTIONS(TradeOff)
};

/// The model before training: the configuration's own value at session 0.
QPointF originOf(const ComparedEntry& entry)
{
    return {valueAfter(entry, "UT-Acc", 0).mean, valueAfter(entry, "ZS-Acc", 0).mean};
}

std::vector<QPointF> pathOf(const ComparedEntry& entry)
{
    const report::Band ut = bandOfMetric(entry, "UT-Acc");
    const report::Band zs = bandOfMetric(entry, "ZS-Acc");
    std::vector<QPointF> path;
    for (size_t at = 0; at < ut.x.size() && at < zs.x.size(); ++at) {
        if (std::isfinite(ut.mean[at]) && std::isfinite(zs.mean[at]))
            path.emplace_back(ut.mean[at], zs.mean[at]);
    }
    return path;
}

QString utNameOf(const std::vector<const ComparedEntry*>& entries)
{
    std::set<std::string> names;
    for (const ComparedEntry* entry : entries) {
        if (!entry->isOriginal())
            names.insert(report::metricName(entry->runs.front(), "UT-Acc"));
    }
    return names.size() == 1 ? toQt(*names.begin()) : u"UT-Acc"_s;
}

} // namespace

TradeOffData tradeOffOf(const Comparison& comparison)
{
    TradeOffData data;
    const std::vector<const ComparedEntry*> shown = comparison.shown();
    data.utName = utNameOf(shown);
    for (const ComparedEntry* entry : shown) {
        TradeOffPoint point{.id = entry->id,
                            .label = entry->label,
                            .source = entry->sourceText(),
                            .colour = colourOf(*entry),
                            .mark = markOf(entry->setting),
                            .isHollow = entry->isReported,
                            .isReference = entry->isReference(),
                            .ut = lastValue(*entry, "UT-Acc"),
                            .zs = lastValue(*entry, "ZS-Acc"),
                            .a = lastValue(*entry, "A-Acc"),
                            .from = entry->isReference() ? QPointF(NAN, NAN) : originOf(*entry)};
        if (!point.ut.isKnown() || !point.zs.isKnown()) {
            QStringList lacks;
            if (!point.ut.isKnown())
                lacks << u"UT-Acc"_s;
            if (!point.zs.isKnown())
                lacks << u"ZS-Acc"_s;
            data.notDrawn << TradeOffText::tr("%1 (no %2)").arg(entry->label, lacks.join(u", "_s));
            continue;
        }
        if (!entry->isReference())
            point.path = pathOf(*entry);
        data.points.push_back(std::move(point));
    }
    // Reported rows know no session 0; their own original model is where they began.
    for (TradeOffPoint& point : data.points) {
        const ComparedEntry* own = comparison.find(point.id);
        if (point.isReference || std::isfinite(point.from.x()) || !own)
            continue;
        for (const ComparedEntry& entry : comparison.entries) {
            if (entry.isOriginal() && entry.isReported == own->isReported &&
                entry.setting == own->setting &&
                (own->isReported ||
                 report::studyKeyOf(entry.runs.front()) == report::studyKeyOf(own->runs.front())))
                point.from = {lastValue(entry, "UT-Acc").mean, lastValue(entry, "ZS-Acc").mean};
        }
    }
    return data;
}

DataTable tradeOffTable(const TradeOffData& data)
{
    std::vector<QPointF> places;
    for (const TradeOffPoint& point : data.points)
        places.emplace_back(point.isReference ? NAN : point.ut.mean, point.zs.mean);
    const std::vector<size_t> front = paretoFront(places);
    DataTable table;
    table.columns = {{.key = u"configuration"_s}, {.key = u"setting"_s}, {.key = u"run_ids"_s}};
    for (const QString& name : {data.utName, u"ZS-Acc"_s, u"A-Acc"_s}) {
        table.columns.push_back({.key = name, .isNumber = true});
        table.columns.push_back({.key = name + u" std"_s, .isNumber = true});
    }
    table.columns.push_back({.key = u"seeds"_s, .isNumber = true});
    table.columns.push_back({.key = u"pareto"_s});
    for (size_t at = 0; at < data.points.size(); ++at) {
        const TradeOffPoint& point = data.points[at];
        std::vector<DataCell> row{textCell(point.label), textCell(point.source),
                                  textCell(point.id)};
        for (const Estimate& value : {point.ut, point.zs, point.a}) {
            row.push_back(numberCell(value.mean));
            row.push_back(value.count > 1 ? numberCell(value.std) : numberCell(std::nullopt));
        }
        row.push_back(numberCell(point.ut.count, 0));
        const bool isFront = std::find(front.begin(), front.end(), at) != front.end();
        row.push_back(textCell(isFront ? u"yes"_s : QString()));
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace clwb::ui
