// SPDX-License-Identifier: GPL-3.0-or-later
// Moving in plots with real events: wheel, box, middle button, keys; and the wheel over fields.
#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/qcp.h"
#include "ui/shell/wheel_guard.h"

#include <QComboBox>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

using namespace clwb::ui;

namespace
{

void turnWheel(QWidget& over, const QPoint& place, int notches, Qt::KeyboardModifiers keys = {})
{
    QWheelEvent event(place, over.mapToGlobal(place), {}, QPoint(0, 120 * notches), Qt::NoButton,
                      keys, Qt::NoScrollPhase, false);
    // Only what comes from outside passes on to parents; sendEvent() would say that it does not.
    QSpontaneKeyEvent::setSpontaneous(&event);
    qApp->notify(&over, &event);
}

/// A page that is higher than its window: a plot, two fields, and room below.
class Desk
{
public:
    Desk()
    {
        auto* page = new QWidget;
        auto* column = new QVBoxLayout(page);
        plot = new CurvePlot(QStringLiteral("curve"), QStringLiteral("UT-Acc"),
                             CurvePlot::Density::Full, page);
        plot->setFixedHeight(300);
        column->addWidget(plot);
        combo = new QComboBox(page);
        combo->addItems({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        column->addWidget(combo);
        spin = new QSpinBox(page);
        column->addWidget(spin);
        column->addSpacing(900);
        area.setWidgetResizable(true);
        area.setWidget(page);
        area.resize(600, 500);
        area.show();
        CurveData data;
        data.metric = QStringLiteral("UT-Acc");
        data.unit = QStringLiteral("%");
        data.sessions = 8;
        CurveSeries series;
        series.label = QStringLiteral("run");
        for (int session = 0; session <= 8; ++session)
            series.points.push_back({static_cast<double>(session), 40.0 + session});
        data.series.push_back(series);
        plot->setData(data);
        QVERIFY(QTest::qWaitForWindowExposed(&area));
        area.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&area));
        area.setFocus();
        plot->plot()->replot();
        whole = plot->plot()->xAxis->range();
    }

    [[nodiscard]] QCPRange x() const { return plot->plot()->xAxis->range(); }
    [[nodiscard]] QCPRange y() const { return plot->plot()->yAxis->range(); }
    [[nodiscard]] QPoint middle() const { return plot->plot()->axisRect()->rect().center(); }
    [[nodiscard]] QPoint at(double session, double value) const
    {
        return QPointF(plot->plot()->xAxis->coordToPixel(session),
                       plot->plot()->yAxis->coordToPixel(value))
            .toPoint();
    }

    WheelGuard guard{nullptr};
    QScrollArea area;
    CurvePlot* plot = nullptr;
    QComboBox* combo = nullptr;
    QSpinBox* spin = nullptr;
    QCPRange whole;
};

bool isNear(const QCPRange& range, double low, double high, double within)
{
    return std::abs(range.lower - low) < within && std::abs(range.upper - high) < within;
}

} // namespace

class TestPlotNavigation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wheelScrollsThePageUntilThePlotIsMeant()
    {
        Desk desk;
        QCustomPlot& plot = *desk.plot->plot();
        turnWheel(plot, desk.middle(), -1);
        QCOMPARE(desk.x(), desk.whole);
        QVERIFY(desk.area.verticalScrollBar()->value() > 0);

        desk.area.verticalScrollBar()->setValue(0);
        turnWheel(plot, desk.middle(), 1, Qt::ControlModifier);
        QVERIFY(desk.x().size() < desk.whole.size());
        QCOMPARE(desk.area.verticalScrollBar()->value(), 0);

        QTest::mouseDClick(&plot, Qt::LeftButton, {}, desk.middle());
        QVERIFY(isNear(desk.x(), desk.whole.lower, desk.whole.upper, 1e-9));

        QTest::mouseClick(&plot, Qt::LeftButton, {}, desk.middle());
        QVERIFY(plot.hasFocus());
        turnWheel(plot, desk.middle(), 2);
        QVERIFY(isNear(desk.x(), 0, 8, 8) && desk.x().size() < desk.whole.size());
        const QCPRange before = desk.y();
        const QCPRange kept = desk.x();
        turnWheel(plot, desk.middle(), 2, Qt::ShiftModifier);
        QVERIFY(desk.y().size() < before.size());
        QCOMPARE(desk.x(), kept);
        // What comes in while it trains leaves the chosen view as it is.
        const QCPRange keptValues = desk.y();
        desk.plot->setData(desk.plot->data());
        QCOMPARE(desk.x(), kept);
        QCOMPARE(desk.y(), keptValues);
        QTest::keyClick(&plot, Qt::Key_0);
        QVERIFY(isNear(desk.x(), desk.whole.lower, desk.whole.upper, 1e-9));
        QCOMPARE(desk.y(), before);
    }

    void boxIsShownNext()
    {
        Desk desk;
        QCustomPlot& plot = *desk.plot->plot();
        QSignalSpy linked(desk.plot, &CurvePlot::horizontalRangeChanged);
        QSignalSpy clicked(desk.plot, &CurvePlot::pointClicked);
        const QPoint from = desk.at(2, 46);
        const QPoint to = desk.at(5, 42);
        QTest::mousePress(&plot, Qt::LeftButton, {}, from);
        QTest::mouseMove(&plot, (from + to) / 2);
        QTest::mouseMove(&plot, to);
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, to);
        QVERIFY(isNear(desk.x(), 2, 5, 0.1));
        QVERIFY(isNear(desk.y(), 42, 46, 0.3));
        QCOMPARE(linked.count(), 1);
        QVERIFY(clicked.isEmpty());

        // A flat box is a choice of sessions.
        const QCPRange values = desk.y();
        const QPoint left = desk.at(3, 44);
        const QPoint right = desk.at(4, 44);
        QTest::mousePress(&plot, Qt::LeftButton, {}, left);
        QTest::mouseMove(&plot, right);
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, right);
        QVERIFY(isNear(desk.x(), 3, 4, 0.05));
        QCOMPARE(desk.y(), values);

        // Escape gives a box up.
        QTest::mousePress(&plot, Qt::LeftButton, {}, desk.at(3.2, 43));
        QTest::mouseMove(&plot, desk.at(3.8, 45));
        QTest::keyClick(&plot, Qt::Key_Escape);
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, desk.at(3.8, 45));
        QVERIFY(isNear(desk.x(), 3, 4, 0.05));
    }

    void middleButtonMoves()
    {
        Desk desk;
        QCustomPlot& plot = *desk.plot->plot();
        const QPoint from = desk.at(4, 44);
        const QPoint to = desk.at(3, 44);
        QTest::mousePress(&plot, Qt::MiddleButton, {}, from);
        QTest::mouseMove(&plot, to);
        QTest::mouseRelease(&plot, Qt::MiddleButton, {}, to);
        QVERIFY(isNear(desk.x(), desk.whole.lower + 1, desk.whole.upper + 1, 0.05));
        // The button is up: nothing follows the mouse.
        QTest::mouseMove(&plot, desk.middle());
        QVERIFY(isNear(desk.x(), desk.whole.lower + 1, desk.whole.upper + 1, 0.05));
    }

    void keysZoomAboutTheMiddle()
    {
        LossPlot loss(QStringLiteral("losses"));
        loss.resize(500, 260);
        LossData data;
        for (int step = 1; step <= 100; ++step) {
            data.series["CE"].steps.push_back(step);
            data.series["CE"].values.push_back(1.0 / step);
        }
        data.lastStep = 100;
        loss.setData(data);
        loss.show();
        QVERIFY(QTest::qWaitForWindowExposed(&loss));
        loss.plot()->replot();
        const QCPRange whole = loss.plot()->xAxis->range();
        QTest::keyClick(loss.plot(), Qt::Key_Plus);
        const QCPRange zoomed = loss.plot()->xAxis->range();
        QVERIFY(std::abs(zoomed.size() / whole.size() - 0.85) < 1e-6);
        QVERIFY(std::abs(zoomed.center() - whole.center()) < 1.0);
        QTest::keyClick(loss.plot(), Qt::Key_Minus);
        QVERIFY(isNear(loss.plot()->xAxis->range(), whole.lower, whole.upper, 1.0));
        QTest::keyClick(loss.plot(), Qt::Key_0);
        QCOMPARE(loss.plot()->xAxis->range(), whole);
    }

    static QPoint labelPlace(const QCustomPlot& plot, const QString& text)
    {
        for (int at = 0; at < plot.itemCount(); ++at) {
            const auto* item = qobject_cast<const QCPItemText*>(plot.item(at));
            if (item && item->text() == text)
                return ((item->left->pixelPosition() + item->right->pixelPosition()) / 2).toPoint();
        }
        return {};
    }

    void clicksOnLabelsHideAndIsolateTerms()
    {
        LossData data;
        data.series["CE"] = {{1, 2, 3}, {3.5, 2.5, 1.5}};
        data.series["VR"] = {{1, 2, 3}, {900, 800, 700}};
        data.series["Pre"] = {{1, 2, 3}, {0.5, 0.4, 0.3}};
        data.lastStep = 3;
        LossPlot plot(QStringLiteral("losses"));
        plot.resize(600, 300);
        plot.setData(data);
        plot.show();
        plot.plot()->replot();
        const auto click = [&](const char* name) {
            QTest::mouseClick(plot.plot(), Qt::LeftButton, {},
                              labelPlace(*plot.plot(), QLatin1StringView(name)));
            plot.plot()->replot();
        };
        QVERIFY(plot.plot()->yAxis->range().contains(900));
        click("VR");
        QVERIFY(plot.isHidden("VR") && !plot.isHidden("CE"));
        QVERIFY(!plot.plot()->yAxis->range().contains(900)); // what is left fills the plot
        QTest::keyClick(plot.plot(), Qt::Key_End);
        QVERIFY(!plot.plot()->accessibleDescription().contains(QStringLiteral("VR")));
        click("VR");
        QVERIFY(!plot.isHidden("VR"));
        QTest::mouseDClick(plot.plot(), Qt::LeftButton, {},
                           labelPlace(*plot.plot(), QStringLiteral("CE")));
        QVERIFY(plot.isHidden("VR") && plot.isHidden("Pre") && !plot.isHidden("CE"));
        plot.plot()->replot();
        QTest::mouseDClick(plot.plot(), Qt::LeftButton, {},
                           labelPlace(*plot.plot(), QStringLiteral("CE")));
        QVERIFY(!plot.isHidden("VR") && !plot.isHidden("Pre"));
    }

    void fieldsKeepTheirValueUntilTheyHaveTheFocus()
    {
        Desk desk;
        turnWheel(*desk.combo, desk.combo->rect().center(), -1);
        QCOMPARE(desk.combo->currentIndex(), 0);
        QVERIFY(desk.area.verticalScrollBar()->value() > 0);
        turnWheel(*desk.spin, desk.spin->rect().center(), 1);
        QCOMPARE(desk.spin->value(), 0);
        QCOMPARE(desk.combo->focusPolicy(), Qt::StrongFocus);
        desk.spin->setFocus();
        turnWheel(*desk.spin, desk.spin->rect().center(), 1);
        QCOMPARE(desk.spin->value(), 1);
    }
};

QTEST_MAIN(TestPlotNavigation)
#include "tst_plot_navigation.moc"
