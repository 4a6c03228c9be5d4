// SPDX-License-Identifier: GPL-3.0-or-later
// Read-outs and CSV of curve data, apart from any widget.
#include "core/report/csv.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/curve_plot.h"

#include <QCoreApplication>

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
QString textAt(const CurveSeries& series, double session, const QString& unit)
{
    const auto at = placeAt(series, session);
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

} // namespace

QString readOut(const CurveData& data, double session)
{
    QStringList lines;
    lines << (session < 0.5
                  ? QCoreApplication::translate("CurvePlot", "%1 before training").arg(data.metric)
                  : QCoreApplication::translate("CurvePlot", "%1 after session %2")
                        .arg(data.metric)
                        .arg(std::lround(session)));
    for (const CurveSeries& series : data.series) {
        if (!series.isHidden)
            lines << u"%1: %2"_s.arg(series.label, textAt(series, session, data.unit));
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
        csv.text(fromQt(isNamed ? series.label : series.label + u' ' + number));
    }
    csv.endRow();
    for (const double place : places) {
        csv.number(place);
        for (const CurveSeries& series : data.series)
            csv.number(valueAt(series, place));
        csv.endRow();
    }
    return toQt(csv.take());
}

} // namespace clwb::ui
