// SPDX-License-Identifier: GPL-3.0-or-later
// Read-outs and CSV of curve data, apart from any widget.
#include "core/report/csv.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/curve_plot.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <set>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

std::optional<size_t> placeAt(const CurveSeries& series, double session)
{
    for (size_t at = 0; at < series.points.size(); ++at) {
        if (std::abs(series.points[at].session - session) < 1e-6)
            return at;
    }
    return std::nullopt;
}

std::optional<double> valueAt(const CurveSeries& series, double session)
{
    const auto at = placeAt(series, session);
    return at ? std::optional(series.points[*at].value) : std::nullopt;
}

/// "40.25 %", "40.25 ± 0.31 % (3 seeds)", "—".
QString seriesText(const CurveSeries& series, std::optional<size_t> at, const QString& unit)
{
    if (!at || !std::isfinite(series.points[*at].value))
        return u"—"_s;
    const QString value = numberText(series.points[*at].value, 2);
    const int count = *at < series.counts.size() ? series.counts[*at] : 1;
    if (count < 2 || *at >= series.spread.size())
        return value + u' ' + unit;
    return QCoreApplication::translate("CurvePlot", "%1 ± %2 %3 (%4 seeds)")
        .arg(value, numberText(series.spread[*at], 2), unit)
        .arg(count);
}

QString textAt(const CurveSeries& series, double session, const QString& unit)
{
    return seriesText(series, placeAt(series, session), unit);
}

/// Of the evaluation there or before, and after how many sessions it was.
QString textBefore(const CurveSeries& series, double place, const QString& unit)
{
    std::optional<size_t> found;
    for (size_t at = 0; at < series.points.size(); ++at) {
        if (placeOf(series, at) <= place + 1e-6)
            found = at;
    }
    const QString text = seriesText(series, found, unit);
    return found ? QCoreApplication::translate("CurvePlot", "%1, after session %2")
                       .arg(text, QString::number(series.points[*found].session, 'g', 4))
                 : text;
}

QString headingAt(const CurveData& data, double place)
{
    switch (data.axis) {
    case CurveAxis::Session:
        return place < 0.5
                   ? QCoreApplication::translate("CurvePlot", "%1 before training").arg(data.metric)
                   : QCoreApplication::translate("CurvePlot", "%1 after session %2")
                         .arg(data.metric)
                         .arg(std::lround(place));
    case CurveAxis::Epoch:
        return QCoreApplication::translate("CurvePlot", "%1 after epoch %2")
            .arg(data.metric, QString::number(place, 'g', 6));
    case CurveAxis::Step:
        return QCoreApplication::translate("CurvePlot", "%1 after step %2")
            .arg(data.metric)
            .arg(std::lround(place));
    case CurveAxis::Worked:
        return QCoreApplication::translate("CurvePlot", "%1 after %2 of work")
            .arg(data.metric, durationText(place));
    case CurveAxis::Clock:
        break;
    }
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(std::llround(place * 1000));
    return u"%1, %2"_s.arg(data.metric, QLocale().toString(time, QLocale::ShortFormat));
}

} // namespace

double placeOf(const CurveSeries& series, size_t point)
{
    return point < series.places.size() ? series.places[point] : series.points[point].session;
}

size_t putOnAxis(CurveSeries& series, const std::function<std::optional<double>(double)>& find)
{
    CurveSeries kept = series;
    kept.points.clear();
    kept.spread.clear();
    kept.counts.clear();
    kept.places.clear();
    for (size_t at = 0; at < series.points.size(); ++at) {
        const auto place = find(series.points[at].session);
        if (!place)
            continue;
        kept.points.push_back(series.points[at]);
        // A line never goes back: clocks and means over seeds may.
        kept.places.push_back(kept.places.empty() ? *place : std::max(*place, kept.places.back()));
        if (at < series.spread.size())
            kept.spread.push_back(series.spread[at]);
        if (at < series.counts.size())
            kept.counts.push_back(series.counts[at]);
    }
    const size_t missing = series.points.size() - kept.points.size();
    series = std::move(kept);
    return missing;
}

std::vector<double> axisPlaces(const CurveData& data)
{
    std::set<double> places;
    for (const CurveSeries& series : data.series) {
        for (size_t at = 0; at < series.points.size() && !series.isHidden; ++at)
            places.insert(placeOf(series, at));
    }
    return {places.begin(), places.end()};
}

std::pair<double, double> axisEnds(const CurveData& data)
{
    if (data.axis == CurveAxis::Session)
        return {0, std::max(1, data.sessions)};
    const std::vector<double> places = axisPlaces(data);
    if (places.empty())
        return {0, 1};
    const double first = data.axis == CurveAxis::Clock ? places.front() : 0;
    return {first, std::max(places.back(), first + 1)};
}

QString readOut(const CurveData& data, double place)
{
    QStringList lines{headingAt(data, place)};
    for (const CurveSeries& series : data.series) {
        if (!series.isHidden)
            lines << u"%1: %2"_s.arg(series.label, data.axis == CurveAxis::Session
                                                       ? textAt(series, place, data.unit)
                                                       : textBefore(series, place, data.unit));
    }
    for (const ReferenceLine& reference : data.references)
        lines << u"%1: %2 %3"_s.arg(reference.label, numberText(reference.value, 2), data.unit);
    return lines.join(u'\n');
}

QString curveCsv(const CurveData& data)
{
    std::set<double> places;
    for (const CurveSeries& series : data.series) {
        for (const CurvePoint& point : series.points)
            places.insert(point.session);
    }
    report::CsvWriter csv;
    csv.text("session");
    for (const CurveSeries& series : data.series) {
        const QString number = u'#' + series.id;
        const bool isNamed = series.id.isEmpty() || series.label.contains(number);
        const QString name = isNamed ? series.label : series.label + u' ' + number;
        csv.text(fromQt(name));
        if (data.axis != CurveAxis::Session)
            csv.text(fromQt(u"%1 (%2)"_s.arg(name, axisId(data.axis))));
    }
    csv.endRow();
    for (const double place : places) {
        csv.number(place);
        for (const CurveSeries& series : data.series) {
            csv.number(valueAt(series, place));
            if (data.axis == CurveAxis::Session)
                continue;
            const auto at = placeAt(series, place);
            csv.number(at ? std::optional(placeOf(series, *at)) : std::nullopt);
        }
        csv.endRow();
    }
    return toQt(csv.take());
}

} // namespace clwb::ui
