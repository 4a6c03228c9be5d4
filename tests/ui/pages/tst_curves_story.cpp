// SPDX-License-Identifier: GPL-3.0-or-later
// A story through the curves of Compare and Live on the starter project: options side by side.
#include "core/report/csv.h"
#include "tests/ui/pages/starter_story.h"
#include "ui/plots/qcp.h"

#include <QFileDialog>
#include <QSet>
#include <QToolTip>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

struct Story : test::OwnStarterStory
{
    using OwnStarterStory::OwnStarterStory;
    [[nodiscard]] bool isReady() const
    {
        return state.hasProject() && window.page(window.currentPage())->isSettled();
    }
    [[nodiscard]] CurvePlot* plot(const QString& name) const { return find<CurvePlot>(name); }
    /// The runs of the project with these.
    [[nodiscard]] std::vector<int64_t> runsOf(const std::string& method, const std::string& option,
                                              const std::string& setting) const
    {
        std::vector<int64_t> runs;
        for (const store::RunRow& run : state.runs()) {
            if (run.method == method && run.option == option && run.setting == setting &&
                run.status == "finished")
                runs.push_back(run.runId);
        }
        return runs;
    }
    static void moveMouse(QCustomPlot* plot, double session)
    {
        const QPoint place(static_cast<int>(plot->xAxis->coordToPixel(session)),
                           plot->axisRect()->center().y());
        QTest::mouseMove(plot, place);
    }
    void saveAs(const QString& entry, const QString& file) const
    {
        choose(qobject_cast<QMenu*>(QApplication::activePopupWidget()), entry);
        QTRY_VERIFY(window.findChild<QFileDialog*>(u"figure.file"_s));
        auto* dialog = window.findChild<QFileDialog*>(u"figure.file"_s);
        dialog->selectFile(file);
        static_cast<QDialog*>(dialog)->accept();
        QTRY_VERIFY(QFile::exists(file));
    }
};

} // namespace

class TestCurvesStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void arrangesOptionsAsThePaperDoes()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        std::vector<int64_t> runs{71, 72, 90, 91}; // the original and Joint-FT, MST
        for (const char* method : {"ft", "vr-lwf"}) {
            for (const char* option : {"WM", "IO"}) {
                const auto found = story.runsOf(method, option, "MST");
                QVERIFY(!found.empty());
                runs.insert(runs.end(), found.begin(), found.end());
            }
        }
        runs.push_back(story.runsOf("ft", "WM", "OST").front());
        story.window.showPage(u"compare"_s, Json{{"runs", runs}});
        QTRY_VERIFY(story.isReady());
        story.click(u"compare.tabs.options"_s);
        QTRY_VERIFY(story.isReady() && story.plot(u"compare.options.utWM"_s)->isVisible());

        const CurveData& ut = story.plot(u"compare.options.utWM"_s)->data();
        const CurveData& zs = story.plot(u"compare.options.zsIO"_s)->data();
        QCOMPARE(ut.metric, u"UT-Acc (overall)"_s);
        QCOMPARE(zs.references.size(), size_t{2});
        QCOMPARE(zs.references[0].value, story.state.findRun(71)->metrics.at("ZS-Acc"));
        for (const CurveSeries& series : zs.series)
            QVERIFY2(series.label.contains(u"-IO"_s), qPrintable(series.label));
        QCOMPARE(ut.series[0].points.size(), size_t{9});
        // Nothing trains the text tower: the column says what would be there.
        const CurveData& none = story.plot(u"compare.options.zsTO"_s)->data();
        QVERIFY(none.series.empty() && none.panel->emptyText.contains(u"(TO)"_s));

        // One scale a row; sessions linked everywhere.
        const auto axes = [&](const char* name) {
            return story.plot(u"compare.options."_s + QLatin1StringView(name))->plot();
        };
        QCOMPARE(axes("utWM")->yAxis->range(), axes("utTO")->yAxis->range());
        QVERIFY(axes("utWM")->yAxis->range() != axes("zsWM")->yAxis->range());
        const QCPRange whole = axes("utWM")->xAxis->range();
        axes("utWM")->setFocus();
        QTest::keyClick(axes("utWM"), Qt::Key_Plus);
        QVERIFY(axes("utWM")->xAxis->range() != whole);
        for (const char* other : {"utIO", "utTO", "zsWM", "zsIO", "zsTO"})
            QCOMPARE(axes(other)->xAxis->range(), axes("utWM")->xAxis->range());
        QCOMPARE(axes("utIO")->yAxis->range(), axes("utWM")->yAxis->range());
        QTest::keyClick(axes("utWM"), Qt::Key_0);
        QCOMPARE(axes("zsTO")->xAxis->range(), whole);

        Story::moveMouse(axes("zsIO"), 5);
        QTRY_VERIFY(QToolTip::text().contains(u"ZS-Acc after session 5"_s));
        QVERIFY(QToolTip::text().contains(u"VR-LwF-IO"_s));
        QVERIFY(QToolTip::text().contains(u"Joint-FT"_s));

        // It leaves as one figure, and as one table of all panels.
        story.click(u"compare.export.options"_s);
        const QString csv = story.folder.filePath(u"fig4.csv"_s);
        story.saveAs(u"Save Data as CSV"_s, csv);
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto table = report::readCsv(file.readAll().toStdString(), "fig4.csv");
        QVERIFY(table);
        QSet<QString> metrics;
        for (const auto& row : table->rows) {
            QVERIFY(row[2] != "OST");
            metrics.insert(QString::fromStdString(row[5]));
        }
        QCOMPARE(metrics, (QSet<QString>{u"UT-Acc (overall)"_s, u"ZS-Acc"_s}));
    }
};

QTEST_MAIN(TestCurvesStory)
#include "tst_curves_story.moc"
