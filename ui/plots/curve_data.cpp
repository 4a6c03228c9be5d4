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

std::optional<double> valueAt(const CurveSeries& series, double session)
{
    for (const CurvePoint& point : series.points) {
        if (std::abs(point.session - session) < 1e-6)
            return point.value;
    }
    return std::nullopt;
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
        const auto value = valueAt(series, session);
        lines << u"%1: %2"_s.arg(series.label,
                                 value ? numberText(*value, 2) + u' ' + data.unit : u"—"_s);
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
    for (const CurveSeries& series : data.series)
        csv.text(fromQt(series.label));
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
