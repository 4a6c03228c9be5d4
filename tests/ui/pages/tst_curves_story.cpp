// SPDX-License-Identifier: GPL-3.0-or-later
// A story through the curves of Compare and Live on the starter project: options side by side,
// and what the axes count.
#include "core/report/csv.h"
#include "core/spec/run_spec.h"
#include "core/store/finished_run.h"
#include "core/store/sqlite.h"
#include "tests/ui/pages/starter_story.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/qcp.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QLabel>
#include <QSet>
#include <QStandardItemModel>
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
    /// Of a panel of the options: "utWM".
    [[nodiscard]] QCustomPlot* axes(const char* panel) const
    {
        return plot(u"compare.options."_s + QLatin1StringView(panel))->plot();
    }
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
    /// Through the dialog, 178 mm wide.
    void exportFigure(const QString& type, const QString& file) const
    {
        click(u"compare.export.options"_s);
        choose(qobject_cast<QMenu*>(QApplication::activePopupWidget()), u"Save as PNG"_s);
        QTRY_VERIFY(find<QPushButton>(u"figure.save"_s));
        click(u"figure.type."_s + type);
        find<QDoubleSpinBox>(u"figure.width"_s)->setValue(178);
        find<QDoubleSpinBox>(u"figure.height"_s)->setValue(110);
        click(u"figure.save"_s);
        acceptFile(file);
        QTRY_VERIFY(!find<QPushButton>(u"figure.save"_s));
    }
    void saveAs(const QString& entry, const QString& file) const
    {
        choose(qobject_cast<QMenu*>(QApplication::activePopupWidget()), entry);
        acceptFile(file);
    }
    void acceptFile(const QString& file) const
    {
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
        // Nothing trains the text tower: the column says so.
        const CurveData& none = story.plot(u"compare.options.zsTO"_s)->data();
        QVERIFY(none.series.empty());
        QCOMPARE(none.emptyText, u"No runs of\nthis option"_s);

        // One scale a row; sessions linked everywhere.
        QCOMPARE(story.axes("utWM")->yAxis->range(), story.axes("utTO")->yAxis->range());
        QVERIFY(story.axes("utWM")->yAxis->range() != story.axes("zsWM")->yAxis->range());
        const QCPRange whole = story.axes("utWM")->xAxis->range();
        story.axes("utWM")->setFocus();
        QTest::keyClick(story.axes("utWM"), Qt::Key_Plus);
        QVERIFY(story.axes("utWM")->xAxis->range() != whole);
        for (const char* other : {"utIO", "utTO", "zsWM", "zsIO", "zsTO"})
            QCOMPARE(story.axes(other)->xAxis->range(), story.axes("utWM")->xAxis->range());
        QCOMPARE(story.axes("utIO")->yAxis->range(), story.axes("utWM")->yAxis->range());
        QTest::keyClick(story.axes("utWM"), Qt::Key_0);
        QCOMPARE(story.axes("zsTO")->xAxis->range(), whole);

        Story::moveMouse(story.axes("zsIO"), 5);
        QTRY_VERIFY(QToolTip::text().contains(u"ZS-Acc after session 5"_s));
        QVERIFY(QToolTip::text().contains(u"VR-LwF-IO"_s));
        QVERIFY(QToolTip::text().contains(u"Joint-FT"_s));

        // It leaves as one figure, and as one table of all panels.
        const QString svg = story.folder.filePath(u"fig4.svg"_s);
        story.exportFigure(u"svg"_s, svg);
        QFile drawn(svg);
        QVERIFY(drawn.open(QIODevice::ReadOnly));
        const QByteArray content = drawn.readAll();
        QVERIFY(content.contains("width=\"178"));
        for (const char* text : {">WM<", ">IO<", ">TO<", ">VR-LwF<", "UT-Acc (overall)"})
            QVERIFY2(content.contains(text), text);
        const QString png = story.folder.filePath(u"fig4.png"_s);
        story.exportFigure(u"png"_s, png);
        const QImage picture(png);
        QVERIFY(picture.width() > 2000);          // 178 mm at 300 dots per inch
        for (int panel = 0; panel < 6; ++panel) { // each has its axes
            const QSize size(picture.width() / 3, picture.height() * 2 / 5);
            const QPoint place(panel % 3 * size.width(),
                               picture.height() - (2 - panel / 3) * size.height());
            QSet<QRgb> colours;
            for (int x = 0; x < size.width(); x += 3) {
                for (int y = 0; y < size.height(); y += 3)
                    colours.insert(picture.pixel(place + QPoint(x, y)));
            }
            QVERIFY2(colours.size() > 5, qPrintable(QString::number(panel)));
        }
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

    void countsStepsEpochsAndTimeInCompare()
    {
        Settings settings;
        const test::Starter starter;
        std::map<int, double> endOfSession; // of run 59, in steps
        {
            auto project =
                store::Project::open(toPath(starter.project), store::OpenMode::ReadWrite);
            // Times as a run of this program records them, for one configuration; an evaluation
            // between sessions for one run.
            QVERIFY(project->database().execute(
                "UPDATE step SET began_ms = 1700000000000, work_ms = step * 500 "
                "WHERE run_id IN (59, 60, 61);"
                "UPDATE step SET began_ms = NULL, work_ms = NULL WHERE run_id = 62;"
                "INSERT INTO epoch_metric SELECT 59, 0, 1, name_id, 41.5, '' FROM value_name "
                "WHERE name = 'ZS-Acc'"));
            const auto steps = project->steps(59);
            for (const store::StepPoint& point : *steps)
                endOfSession[point.session] = static_cast<double>(point.step);
        }
        test::StarterStory story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        story.window.showPage(u"compare"_s, Json{{"runs", {59, 60, 61, 62, 63, 64, 36}}});
        QTRY_VERIFY(story.isReady());
        auto* box = story.find<QComboBox>(u"compare.curveAxis"_s);
        auto* zs = story.find<CurvePlot>(u"compare.zs"_s);
        QTRY_COMPARE(zs->data().series.size(), size_t{3});
        const auto choose = [&](int entry) {
            box->setFocus();
            QTest::keyClick(box, Qt::Key_Home);
            for (int key = 0; key < entry; ++key)
                QTest::keyClick(box, Qt::Key_Down);
            QTRY_VERIFY(story.isReady());
        };
        const auto told = [&] {
            QString texts;
            for (const QLabel* label : zs->parentWidget()->findChildren<QLabel*>())
                texts += label->text() + label->toolTip() + u'\n';
            return texts;
        };
        choose(2); // by step
        QTRY_VERIFY(zs->data().axis == CurveAxis::Step);
        // The reported row has no steps: told, not dropped.
        QCOMPARE(zs->data().series.size(), size_t{2});
        QVERIFY2(told().contains(u"RKR-WM (paper)"_s), qPrintable(told()));
        const CurveSeries& ft = zs->data().series[0];
        QCOMPARE(placeOf(ft, 0), 0.0);
        QCOMPARE(placeOf(ft, ft.points.size() - 1), endOfSession.at(8));
        QVERIFY(std::abs(zs->plot()->xAxis->range().upper / endOfSession.at(8) - 1) < 0.05);
        // The evaluation between the sessions stands at its epoch.
        QVERIFY(ft.points[1].session > 0 && ft.points[1].session < 1);
        QCOMPARE(ft.points[1].value, 41.5);

        zs->plot()->setFocus();
        QTest::keyClick(zs->plot(), Qt::Key_Right);
        QTest::keyClick(zs->plot(), Qt::Key_Right);
        QVERIFY(readOut(zs->data(), endOfSession.at(1)).contains(u"after session 1"_s));

        choose(1); // by epoch
        QVERIFY(zs->data().axis == CurveAxis::Epoch);
        choose(3); // time of work
        QVERIFY(zs->data().axis == CurveAxis::Worked);
        QCOMPARE(zs->data().series.size(), size_t{1});
        QCOMPARE(placeOf(zs->data().series[0], zs->data().series[0].points.size() - 1),
                 endOfSession.at(8) / 2);
        QVERIFY2(told().contains(u"VR-LwF-WM"_s) && told().contains(u"no recorded times"_s),
                 qPrintable(told()));
        choose(4); // time of day
        QCOMPARE(placeOf(zs->data().series[0], 0), 1.7e9);
        choose(0);
        QCOMPARE(zs->data().series.size(), size_t{3});
        QCOMPARE(settings.value(u"compare/curveAxis"_s).toString(), u"session"_s);
    }

    void tellsWhichRunOfASeedCounts()
    {
        Settings settings;
        const test::Starter starter;
        int64_t again = 0;
        {
            auto project =
                store::Project::open(toPath(starter.project), store::OpenMode::ReadWrite);
            store::FinishedRun run;
            run.name = project->run(59)->name;
            run.origin = "local";
            run.sessions = 8;
            run.spec = project->resolvedSpec(59).value();
            run.configurationHash =
                spec::configurationHash(spec::runSpecFromJson(run.spec).value());
            const auto metrics = project->metrics(59);
            for (const store::MetricPoint& point : *metrics)
                run.metrics[point.session][point.name] = point.value + 3;
            again = store::insertFinishedRun(*project, run).value();
        }
        test::StarterStory story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        story.window.showPage(u"compare"_s, Json{{"runs", {59, 60, 61, again}}});
        QTRY_VERIFY(story.isReady());
        auto* link = story.find<QPushButton>(u"compare.replaced"_s);
        QTRY_VERIFY(link->isVisible());
        QCOMPARE(link->text(), u"1 Run Not Counted"_s);
        QVERIFY2(link->toolTip().contains(
                     u"FT-WM: #59 is not counted: #%1 repeats its seed 0 (n = 3)"_s.arg(again)),
                 qPrintable(link->toolTip()));
        QTest::mouseClick(link, Qt::LeftButton);
        QCOMPARE(story.window.currentPage(), u"runs"_s);
        QCOMPARE(story.list()->selectedRuns().size(), size_t{2});
    }

    void countsStepsInLive()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.state.hasProject());
        story.window.showPage(u"live"_s, Json{{"run", 63}});
        QTRY_VERIFY(story.isReady());
        auto* zs = story.plot(u"live.zs"_s);
        QTRY_VERIFY(zs->data().series.size() > 1); // with one to compare
        auto* box = story.find<QComboBox>(u"live.curveAxis"_s);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Home);
        QTest::keyClick(box,
                        Qt::Key_Down); // epochs are not offered: it has values of sessions only
        QTRY_VERIFY(zs->data().axis == CurveAxis::Step);
        QVERIFY(zs->data().series.size() > 1);
        const CurveSeries& main = zs->data().series.back();
        QVERIFY(main.isMain && placeOf(main, 8) > 8);
        // Nobody recorded times: the box offers none, and says why.
        const auto* model = qobject_cast<QStandardItemModel*>(box->model());
        QVERIFY(!model->item(3)->isEnabled());
        QCOMPARE(model->item(3)->toolTip(), u"no recorded times"_s);
        QCOMPARE(settings.value(u"live/curveAxis"_s).toString(), u"step"_s);
    }
};

QTEST_MAIN(TestCurvesStory)
#include "tst_curves_story.moc"
