// SPDX-License-Identifier: GPL-3.0-or-later
// Live follows a run that another program trains, such as one that went on alone when the window
// was closed, from what it writes into the project.
#include "core/store/run_writer.h"
#include "tests/plain/store_support.h"
#include "tests/ui/shell/desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"

#include <QLabel>
#include <QPushButton>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestElsewhere : public QObject
{
    Q_OBJECT

    static size_t pointsOf(const ui::CurvePlot* plot)
    {
        const auto& series = plot->data().series;
        return series.empty() ? 0 : series.front().points.size();
    }

private Q_SLOTS:
    void growsWhileAnotherProgramTrainsAndEndsWithIt()
    {
        ui::Settings settings;
        test::Desk desk(settings);
        desk.settle();
        const QString file = desk.folder.filePath(u"starter.db"_s);
        // The other program: the same writer that its training has.
        auto writer = store::RunWriter::createRun(ui::toPath(file), test::sampleRun("alone"));
        QVERIFY2(writer.has_value(), "created");
        const int64_t run = (*writer)->runId();
        (*writer)->addStep(1, 1, 1, 1e-4, {{"total", 2.0}, {"CE", 1.5}, {"VR", 0.5}});
        (*writer)->addEvaluation(test::sampleRecord(1), std::nullopt);
        QVERIFY((*writer)->flush().has_value());

        // Opened again, as after "Continue Alone".
        ui::AppState again({{}, {}, desk.folder.path(), &settings});
        ui::MainWindow window(again, QApplication::palette(), ui::ThemeChoice::Light);
        window.resize(1440, 900);
        window.show();
        again.openProject(file);
        QTRY_VERIFY(again.hasProject());
        window.showPage(u"live"_s);
        const auto* phase = window.findChild<QLabel*>(u"live.phase"_s);
        QTRY_COMPARE(phase->text(), u"● training in another program"_s);
        QVERIFY(window.findChild<QLabel*>(u"live.title"_s)->text().contains(u"VR-LwF-WM"_s));
        const auto* losses = window.findChild<ui::LossPlot*>(u"live.losses"_s);
        const auto* curves = window.findChild<ui::CurvePlot*>(u"live.ut"_s);
        QTRY_COMPARE(losses->data().series.at("CE").values.size(), size_t{1});
        const size_t before = pointsOf(curves);
        QVERIFY(before > 0);
        // What belongs to a run of this window is not offered.
        QVERIFY(!window.findChild<QPushButton*>(u"live.stop"_s)->isVisible());
        QVERIFY(!window.findChild<QPushButton*>(u"live.continue"_s)->isVisible());

        for (int64_t step = 2; step <= 5; ++step)
            (*writer)->addStep(step, 2, 1, 1e-4, {{"total", 1.0}, {"CE", 1.0 / double(step)}});
        (*writer)->addEvaluation(test::sampleRecord(2), std::nullopt);
        QVERIFY((*writer)->flush().has_value());
        QTRY_COMPARE_WITH_TIMEOUT(losses->data().series.at("CE").values.size(), size_t{5}, 10000);
        QTRY_VERIFY(pointsOf(curves) > before);

        // Another page is in front while it ends: nothing is missing when Live is shown.
        window.showPage(u"runs"_s);
        (*writer)->finish("finished", {}, 12);
        QVERIFY((*writer)->flush().has_value());
        writer->reset();
        QTRY_COMPARE_WITH_TIMEOUT(again.findRun(run)->status, std::string("finished"), 10000);
        window.showPage(u"live"_s);
        QTRY_COMPARE(phase->text(), u"● finished"_s);
    }

    void aRunThatWasAskedForStays()
    {
        ui::Settings settings;
        test::Desk desk(settings);
        desk.settle();
        int64_t stored = -1;
        for (const store::RunRow& row : desk.state.runs()) {
            if (row.status == "finished" && row.kind == "method")
                stored = row.runId;
        }
        desk.window.showPage(u"live"_s, Json{{"run", stored}});
        desk.settle();
        const auto* phase = desk.find<QLabel>(u"live.phase"_s);
        QTRY_COMPARE(phase->text(), u"● finished"_s);
        auto writer = store::RunWriter::createRun(ui::toPath(desk.folder.filePath(u"starter.db"_s)),
                                                  test::sampleRun("alone"));
        QVERIFY2(writer.has_value(), "created");
        QVERIFY((*writer)->flush().has_value());
        QTRY_VERIFY_WITH_TIMEOUT(desk.state.findRun((*writer)->runId()), 10000);
        desk.settle();
        QCOMPARE(phase->text(), u"● finished"_s);
        (*writer)->finish("stopped", {}, 1);
    }
};

QTEST_MAIN(TestElsewhere)
#include "tst_elsewhere.moc"
