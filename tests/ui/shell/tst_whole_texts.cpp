// SPDX-License-Identifier: GPL-3.0-or-later
// What a page shows is whole: no text cut by its widget, no widget over another, no empty plot. On
// the starter project, in several sizes and with large fonts.
#include "tests/ui/shell/desk.h"
#include "tests/ui/shell/whole_checks.h"
#include "ui/plots/qcp.h"

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

void checkPlots(const QWidget& page, QStringList& problems)
{
    for (QCustomPlot* plot : page.findChildren<QCustomPlot*>()) {
        if (!plot->isVisible())
            continue;
        int drawn = 0;
        for (int at = 0; at < plot->plottableCount(); ++at) {
            const auto* graph = qobject_cast<const QCPGraph*>(plot->plottable(at));
            drawn += graph ? graph->dataCount() : 1;
        }
        if (drawn == 0)
            problems << test::nameOf(*plot, u"is empty"_s);
    }
}

} // namespace

class TestWholeTexts : public QObject
{
    Q_OBJECT

    QFont m_font = QApplication::font();

private Q_SLOTS:
    void cleanup() { QApplication::setFont(m_font); }

    void pagesShowEverythingWhole_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("points");
        QTest::newRow("1440 × 900") << QSize(1440, 900) << 9.75;
        QTest::newRow("1024 × 768") << QSize(1024, 768) << 9.75;
        QTest::newRow("14 pt") << QSize(1440, 900) << 14.0;
        QTest::newRow("twice the size") << QSize(1920, 1200) << 19.5;
    }

    void pagesShowEverythingWhole()
    {
        QFETCH(QSize, size);
        QFETCH(double, points);
        QFont font = m_font;
        font.setPointSizeF(points);
        QApplication::setFont(font);
        ui::Settings settings;
        test::Desk desk(settings);
        desk.window.resize(size);
        desk.settle();
        QStringList problems;
        for (const QString& id : desk.window.pageIds()) {
            desk.window.showPage(id);
            ui::Page& page = *desk.window.page(id);
            QStringList views = page.views();
            if (views.isEmpty())
                views << QString();
            for (const QString& view : views) {
                if (!view.isEmpty())
                    page.showView(view);
                QTest::qWait(150); // lets the page ask for its data
                QTRY_VERIFY(page.isSettled());
                QTest::qWait(50);
                QStringList here;
                test::checkTexts(page, here);
                test::checkOverlaps(page, here);
                if (id == "images"_L1)
                    test::checkChoices(page, here);
                if (id != "sweeps"_L1) // the starter project has none
                    checkPlots(page, here);
                for (const QString& problem : here)
                    problems << id + u' ' + view + u": "_s + problem;
            }
        }
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }
};

QTEST_MAIN(TestWholeTexts)
#include "tst_whole_texts.moc"
