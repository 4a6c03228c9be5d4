// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_series.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

CurveSeries emptySeriesOf(const ComparedEntry& entry, bool isShown)
{
    CurveSeries series{entry.label, colourOf(entry), optionStyle(entry.option), {}};
    series.id = entry.id;
    series.mark = markOf(entry.setting);
    series.isHollow = entry.isReported;
    series.isHidden = !isShown;
    return series;
}

double meanOf(const std::vector<double>& values)
{
    return estimateOf(values).mean;
}

} // namespace

ReferenceLevel referenceLevel(const ComparedEntry& entry, const std::string& metric)
{
    ReferenceLevel level{lastValue(entry, metric), entry.label, {}};
    if (level.value.isKnown() || !entry.isOriginal() || metric != "UT-Acc (seen)")
        return level;
    level.value = lastValue(entry, "UT-Acc (overall)");
    if (level.value.isKnown()) {
        level.label = QCoreApplication::translate("CurvesTab", "%1 (all crops)").arg(entry.label);
        level.tip = QCoreApplication::translate(
            "CurvesTab", "Over all test crops of all sessions: the original model has seen no "
                         "class of the updated task, so that it has no UT-Acc over seen classes");
    }
    return level;
}

CurveSeries curveSeriesOn(CurveAxis axis, const PlacesByRun& places, const ComparedEntry& entry,
                          const std::string& metric, bool isShown, QStringList& lacking)
{
    struct At
    {
        std::vector<double> values;
        std::vector<double> places;
    };
    std::map<int64_t, At> points; // by session in millionths: epochs lie between sessions
    size_t missing = 0;
    size_t all = 0;
    for (const report::ReportRun& run : entry.runs) {
        const auto known = places.find(run.runId);
        const std::string name = report::metricName(run, metric);
        const auto add = [&](double session, double value) {
            ++all;
            const auto place =
                known == places.end() ? std::nullopt : known->second.placeOf(axis, session);
            if (!place) {
                ++missing;
                return;
            }
            At& at = points[std::llround(session * 1e6)];
            at.values.push_back(value);
            at.places.push_back(*place);
        };
        for (const auto& [session, values] : run.series) {
            if (const auto found = values.find(name); found != values.end())
                add(session, found->second);
        }
        if (run.series.empty() && !run.metrics.empty()) // reported: the last value only
            ++all, ++missing;
        if (known == places.end())
            continue;
        if (const auto between = known->second.epochValues.find(name);
            between != known->second.epochValues.end()) {
            for (const CurvePoint& point : between->second) {
                if (!run.series.contains(static_cast<int>(std::lround(point.session))) ||
                    std::abs(point.session - std::round(point.session)) > 1e-6)
                    add(point.session, point.value);
            }
        }
    }
    CurveSeries series = emptySeriesOf(entry, isShown);
    for (const auto& [session, at] : points) {
        const Estimate value = estimateOf(at.values);
        const double place = meanOf(at.places);
        series.points.push_back({static_cast<double>(session) * 1e-6, value.mean});
        series.spread.push_back(value.std);
        series.counts.push_back(value.count);
        // A line never goes back: of later sessions other seeds may have places.
        series.places.push_back(series.places.empty() ? place
                                                      : std::max(place, series.places.back()));
    }
    if (missing > 0)
        lacking << (missing == all
                        ? entry.label
                        : QCoreApplication::translate("CurvesTab", "%1 of %2 values of %3")
                              .arg(missing)
                              .arg(all)
                              .arg(entry.label));
    return series;
}

CurveSeries curveSeriesOf(const ComparedEntry& entry, const std::string& metric, bool isShown)
{
    CurveSeries series = emptySeriesOf(entry, isShown);
    const report::Band band = bandOfMetric(entry, metric);
    for (size_t point = 0; point < band.x.size(); ++point) {
        series.points.push_back({band.x[point], band.mean[point]});
        series.spread.push_back(band.std[point]);
        series.counts.push_back(band.count[point]);
    }
    return series;
}

DataTable curveTableOf(const std::vector<const ComparedEntry*>& entries,
                       const std::vector<std::string>& metrics, CurveAxis axis,
                       const PlacesByRun& places)
{
    const bool hasPlaces = axis != CurveAxis::Session;
    DataTable table;
    table.columns = {{.key = u"run_id"_s, .isNumber = true},
                     {.key = u"configuration"_s},
                     {.key = u"setting"_s},
                     {.key = u"seed"_s, .isNumber = true},
                     {.key = u"session"_s, .isNumber = true},
                     {.key = u"metric"_s},
                     {.key = u"value"_s, .isNumber = true}};
    if (hasPlaces)
        table.columns.push_back({.key = axisId(axis), .isNumber = true});
    for (const std::string& metric : metrics) {
        for (const ComparedEntry* entry : entries) {
            for (const report::ReportRun& run : entry->runs) {
                const std::string name = report::metricName(run, metric);
                for (const auto& [session, values] : run.series) {
                    const auto found = values.find(name);
                    const auto value =
                        found == values.end() ? std::nullopt : std::optional(found->second);
                    const auto seed =
                        run.seed ? std::optional(static_cast<double>(*run.seed)) : std::nullopt;
                    table.rows.push_back({numberCell(static_cast<double>(run.runId), 0),
                                          textCell(entry->label), textCell(entry->setting),
                                          numberCell(seed, 0), numberCell(session, 0),
                                          textCell(toQt(name)), numberCell(value)});
                    if (!hasPlaces)
                        continue;
                    const auto known = places.find(run.runId);
                    table.rows.back().push_back(
                        numberCell(known == places.end() ? std::nullopt
                                                         : known->second.placeOf(axis, session)));
                }
            }
        }
    }
    return table;
}

} // namespace clwb::ui
