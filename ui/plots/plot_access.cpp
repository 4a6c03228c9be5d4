// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_access.h"

#include "ui/bridge/qt_text.h"
#include "ui/plots/matrix_access.h"
#include "ui/plots/matrix_view.h"

#include <QAccessibleWidget>

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr const char* kSummary = "plotSummary";

/// "6 runs", counted in words.
QString runsText(int64_t count)
{
    return countedText(count, CurvePlot::tr("%1 run"), CurvePlot::tr("%1 runs"));
}

class PlotAccess : public QAccessibleWidget
{
public:
    explicit PlotAccess(QWidget* plot)
        : QAccessibleWidget(plot, QAccessible::Chart)
    {}
    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? widget()->property(kSummary).toString()
                                          : QAccessibleWidget::text(kind);
    }
};

QAccessibleInterface* makeAccess(const QString& /*className*/, QObject* object)
{
    if (auto* matrix = qobject_cast<MatrixView*>(object))
        return new MatrixAccess(matrix);
    auto* widget = qobject_cast<QWidget*>(object);
    return widget && widget->property(kSummary).isValid() ? new PlotAccess(widget) : nullptr;
}

} // namespace

void installPlotAccess()
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(makeAccess);
        return true;
    }();
    Q_UNUSED(isInstalled);
}

void describePlot(QWidget& owner, QWidget& plot, const QString& summary, const QString& values)
{
    for (QWidget* widget : {&owner, &plot})
        widget->setProperty(kSummary, summary);
    const QString all = values.isEmpty() ? summary : summary + u'\n' + values;
    if (owner.accessibleDescription() == all) // a live plot is filled again and again
        return;
    owner.setAccessibleDescription(all);
    plot.setAccessibleDescription(summary);
}

QString summaryOf(const CurveData& data)
{
    int64_t runs = 0;
    const CurveSeries* best = nullptr;
    CurvePoint at;
    for (const CurveSeries& series : data.series) {
        if (series.isHidden)
            continue;
        ++runs;
        for (const CurvePoint& point : series.points) {
            if (std::isfinite(point.value) && (!best || point.value > at.value)) {
                best = &series;
                at = point;
            }
        }
    }
    QString text = u"%1, %2"_s.arg(data.metric, runsText(runs));
    if (best)
        text += CurvePlot::tr(", best %1 %2 at session %3")
                    .arg(best->label, numberText(at.value, 2),
                         numberText(at.session, at.session == std::round(at.session) ? 0 : 2));
    return text;
}

QString summaryOf(const LossData& data)
{
    QStringList parts{countedText(static_cast<int64_t>(data.series.size()),
                                  LossPlot::tr("%1 loss term"), LossPlot::tr("%1 loss terms"))};
    for (const auto& [name, series] : data.series) {
        if (!series.values.empty())
            parts << u"%1 %2"_s.arg(toQt(name), numberText(series.values.back(), 4));
    }
    return parts.join(u", "_s);
}

QString summaryOf(const BarsData& data)
{
    QStringList parts{runsText(static_cast<int64_t>(data.series.size()))};
    for (qsizetype metric = 0; metric < data.metrics.size(); ++metric) {
        const BarSeries* best = nullptr;
        double mean = NAN;
        for (const BarSeries& series : data.series) {
            const auto at = static_cast<size_t>(metric);
            if (at < series.values.size() && series.values[at].isKnown() &&
                !(series.values[at].mean <= mean)) {
                best = &series;
                mean = series.values[at].mean;
            }
        }
        if (best)
            parts << BarsPlot::tr("best %1 %2 %3")
                         .arg(data.metrics[metric], best->label, numberText(mean, 2));
    }
    return parts.join(u", "_s);
}

QString summaryOf(const TradeOffData& data)
{
    int64_t runs = 0;
    const TradeOffPoint* best = nullptr;
    for (const TradeOffPoint& point : data.points) {
        runs += point.isReference ? 0 : 1;
        if (point.a.isKnown() && (!best || point.a.mean > best->a.mean))
            best = &point;
    }
    QString text = TradeOffPlot::tr("ZS-Acc against %1, %2").arg(data.utName, runsText(runs));
    if (best)
        text +=
            TradeOffPlot::tr(", best A-Acc %1 %2").arg(best->label, numberText(best->a.mean, 2));
    return text;
}

} // namespace clwb::ui
