// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep through the real window and engine on a tiny study: opened from its file, run by the
// queue, one trial fails, brushed, exported, retried; and a search with its record.
#include "tests/ui/pages/tiny_desk.h"
#include "ui/pages/page.h"
#include "ui/plots/objective_plot.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/qcp.h"
#include "ui/shell/actions.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <filesystem>
#include <fstream>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kLongMs = 90000;

Json tinyBase()
{
    return Json{{"study", "study/study.json"},
                {"model", "model"},
                {"option", "WM"},
                {"schedule", {{"epochs", 1}, {"batch_size", 4}, {"lr", 1e-3}}},
                {"threads", 1}};
}

} // namespace

class TestSweepsStory : public QObject, private test::TinyDesk
{
    Q_OBJECT

private:
    std::filesystem::path write(const char* name, const Json& document)
    {
        const std::filesystem::path file = ui::toPath(m_folder.path()) / name;
        std::ofstream(file) << document.dump(1);
        return file;
    }

    void startFile(const std::filesystem::path& file)
    {
        m_state->requestPage(u"sweeps"_s, Json{{"file", file.string()}});
        QTRY_VERIFY(find<QMessageBox>(u"sweeps.confirm"_s));
        auto* start = find<QPushButton>(u"sweeps.start"_s);
        QTRY_VERIFY(start->isVisible());
        QTest::mouseClick(start, Qt::LeftButton);
    }

    void waitForEnd()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_state->queue().state() == ui::RunQueue::State::Idle &&
                                     m_state->queue().waiting().empty(),
                                 kLongMs);
        QTRY_VERIFY(m_window->page(u"sweeps"_s)->isSettled());
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
    }

private Q_SLOTS:
    void initTestCase()
    {
        makeData();
        showWindow(realEngine(), {1200, 800});
        m_state->openProject(m_folder.filePath(u"sweeps.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(m_state->hasProject());
        m_window->showPage(u"sweeps"_s);
        QTRY_VERIFY(find<QPushButton>(u"sweeps.emptyOpen"_s)->isVisible());
    }

    void saysWhatASweepIsAndWhereItIsPlanned()
    {
        QString told;
        for (const QLabel* label : find<QWidget>(u"sweeps.empty"_s)->findChildren<QLabel*>())
            told += label->text() + u'\n';
        QVERIFY2(told.contains(u"several values of a setting"_s) && told.contains(u"“Vary”"_s),
                 qPrintable(told));
        QTest::mouseClick(find<QPushButton>(u"sweeps.emptyPlan"_s), Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), u"new_run"_s);
        m_window->showPage(u"sweeps"_s);
        QTRY_VERIFY(m_window->page(u"sweeps"_s)->isSettled());
    }

    void runsATrialAfterTheOther()
    {
        Json base = tinyBase();
        base["method"] = "lwf";
        startFile(write("grid.json", {{"schema", 1},
                                      {"name", "betas"},
                                      {"base", base},
                                      {"mode", "list"},
                                      {"list",
                                       {{{"params.beta", 0.1}},
                                        {{"params.beta", 1}},
                                        {{"params.beta", 10}, {"seed", 1}}}}}));
        waitForEnd();
        QTRY_COMPARE(find<QLabel>(u"sweeps.progress"_s)->text(), u"Sweep · 3 of 3 done"_s);
        auto* table = find<QTreeView>(u"sweeps.trials"_s);
        QTRY_COMPARE(table->model()->rowCount(), 3);
        const QAbstractItemModelTester tester(table->model());
        QCOMPARE(m_state->runs().size(), size_t{3});
        const auto* plot = find<ui::ParallelPlot>(u"sweeps.parallel"_s);
        QCOMPARE(plot->kept(), (std::vector<int>{1, 2, 3}));
        QVERIFY(plot->data().axes.front().isLogarithmic); // as the setting says
    }

    void brushesWithTheMouse()
    {
        auto* plot = find<ui::ParallelPlot>(u"sweeps.parallel"_s);
        QCustomPlot* canvas = plot->plot();
        QTRY_VERIFY(canvas->height() > 100);
        QTest::qWait(50); // laid out
        const int x = static_cast<int>(canvas->xAxis->coordToPixel(0));
        const auto y = [&](double place) {
            return static_cast<int>(canvas->yAxis->coordToPixel(place));
        };
        QTest::mousePress(canvas, Qt::LeftButton, {}, QPoint(x, y(0.4)));
        QTest::mouseMove(canvas, QPoint(x, y(0.7)));
        QTest::mouseMove(canvas, QPoint(x, y(1)));
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, QPoint(x, y(1)));
        QCOMPARE(plot->kept(), (std::vector<int>{2, 3}));
        QCOMPARE(find<QTreeView>(u"sweeps.trials"_s)->model()->rowCount(), 2);
        m_window->actions().action(u"edit.copy"_s)->trigger();
        const QStringList lines = QApplication::clipboard()->text().trimmed().split(u'\n');
        QCOMPARE(lines.size(), 3); // with titles
        QTest::mouseClick(canvas, Qt::LeftButton, {}, QPoint(x, y(0.8)));
        QCOMPARE(plot->kept().size(), size_t{3});
        find<QSlider>(u"sweeps.share"_s)->setValue(1); // the best one, and its equals
        QVERIFY(!plot->kept().empty() && plot->kept().size() < 3);
        find<QSlider>(u"sweeps.share"_s)->setValue(100);
    }

    void brushesWithTheKeyboard()
    {
        auto* plot = find<ui::ParallelPlot>(u"sweeps.parallel"_s);
        QTest::keyClick(plot->plot(), Qt::Key_Down);
        QCOMPARE(plot->brushes().size(), size_t{1});
        QCOMPARE(plot->kept(), (std::vector<int>{1, 2}));
        QTest::keyClick(plot->plot(), Qt::Key_Delete);
        QVERIFY(plot->brushes().empty());
    }

    void choosesATrialByItsPoint()
    {
        auto* page = m_window->page(u"sweeps"_s);
        page->showView(u"objective"_s);
        auto* plot = find<ui::ObjectivePlot>(u"sweeps.objective"_s);
        QTRY_VERIFY(plot->isVisible());
        QCOMPARE(plot->data().points.size(), size_t{3});
        QVERIFY(plot->data().setting.isLogarithmic);
        QCOMPARE(plot->data().metric, u"A-Acc"_s);
        QTest::qWait(50); // laid out
        const ui::ObjectivePoint wanted = plot->data().points[1];
        const QPoint place(static_cast<int>(plot->plot()->xAxis->coordToPixel(wanted.setting)),
                           static_cast<int>(plot->plot()->yAxis->coordToPixel(wanted.metric)));
        QTest::mouseClick(plot->plot(), Qt::LeftButton, {}, place);
        auto* table = find<QTreeView>(u"sweeps.trials"_s);
        QCOMPARE(table->currentIndex().siblingAtColumn(0).data().toString(), u"2"_s);
        QCOMPARE(plot->highlighted(), 2);
        QTest::keyClick(plot->plot(), Qt::Key_Right);
        QCOMPARE(table->currentIndex().siblingAtColumn(0).data().toString(), u"3"_s);
        // The brushes of the other plot hold here, too.
        auto* parallel = find<ui::ParallelPlot>(u"sweeps.parallel"_s);
        parallel->setBrush(0, 0.4, 1);
        QVERIFY(!plot->data().points[0].isKept && plot->data().points[2].isKept);
        QVERIFY(find<QLabel>(u"sweeps.counts"_s)->text().contains(u"1 faded"_s));
        parallel->clearBrushes();
        auto* metric = find<QComboBox>(u"sweeps.metric"_s);
        metric->setFocus();
        metric->setCurrentIndex(metric->findText(u"A-Acc"_s));
        QTest::keyClick(metric, Qt::Key_Home);
        QCOMPARE(plot->data().metric, metric->itemText(0));
        QVERIFY(plot->data().metric != u"A-Acc"_s);
        page->showView(u"parallel"_s);
    }

    void choosesScalesByKeyAndMenu()
    {
        auto* plot = find<ui::ParallelPlot>(u"sweeps.parallel"_s);
        const QString title = plot->data().axes.front().title;
        QVERIFY(plot->data().axes.front().isLogarithmic);
        plot->setBrush(0, 0.5, 1); // from β 1 on
        for (int axis = 0; axis < 9; ++axis)
            QTest::keyClick(plot->plot(), Qt::Key_Left);
        QTest::keyClick(plot->plot(), Qt::Key_L);
        QVERIFY(!plot->data().axes.front().isLogarithmic);
        QCOMPARE(plot->kept(), (std::vector<int>{2, 3})); // the brush holds the same values
        plot->clearBrushes();
        QCOMPARE(m_settings->value(u"sweeps/scales"_s).toMap().value(title).toString(),
                 u"linear"_s);
        QTest::mouseClick(find<QPushButton>(u"sweeps.tabs.objective"_s), Qt::LeftButton);
        auto* objective = find<ui::ObjectivePlot>(u"sweeps.objective"_s);
        QTRY_VERIFY(objective->isVisible());
        QVERIFY(!objective->data().setting.isLogarithmic);
        QTest::keyClick(objective->plot(), Qt::Key_L, Qt::ShiftModifier);
        QVERIFY(objective->data().setting.isLogarithmic);
        auto* menu = find<QToolButton>(u"sweeps.axes"_s)->menu();
        menu->popup(objective->mapToGlobal(QPoint(0, 0)));
        QTRY_VERIFY(menu->isVisible());
        for (QAction* action : menu->actions()) {
            if (action->text().endsWith(objective->data().metric)) {
                QVERIFY(!action->isChecked());
                menu->setActiveAction(action);
            }
        }
        QTest::keyClick(menu, Qt::Key_Return);
        QVERIFY(objective->data().isMetricLogarithmic);
        QCOMPARE(objective->plot()->yAxis->scaleType(), QCPAxis::stLogarithmic);
        QTest::keyClick(objective->plot(), Qt::Key_L);
        QVERIFY(!objective->data().isMetricLogarithmic);
        QTest::mouseClick(find<QPushButton>(u"sweeps.tabs.parallel"_s), Qt::LeftButton);
    }

    void theSameFileAgainTrainsNothing()
    {
        const std::optional<int64_t> seen = m_state->live().runId;
        QVERIFY(seen && !m_state->live().curves.empty());
        startFile(ui::toPath(m_folder.path()) / "grid.json");
        waitForEnd();
        QCOMPARE(m_state->runs().size(), size_t{3});
        // Live still shows what was trained last, not three empty pages.
        QCOMPARE(m_state->live().runId, seen);
        QVERIFY(!m_state->live().curves.empty());
    }

    void aFailureIsAloneWithItAndCanBeRetried()
    {
        // 15 tokens with start and end do not fit the model's 16 positions: known once it is
        // loaded.
        startFile(
            write("failing.json", {{"schema", 1},
                                   {"name", "failing"},
                                   {"base", tinyBase()},
                                   {"mode", "list"},
                                   {"list",
                                    {{{"method", "ft"}, {"seed", 5}},
                                     {{"method", "vr-lwf"}, {"params.M", 15}, {"params.Ks", 4}},
                                     {{"method", "ft"}, {"option", "IO"}}}}}));
        QTRY_COMPARE_WITH_TIMEOUT(m_problems.size(), 1, kLongMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_state->queue().state() == ui::RunQueue::State::Idle, kLongMs);
        QTRY_COMPARE(find<QLabel>(u"sweeps.progress"_s)->text(),
                     u"Sweep · 2 of 3 done · 1 failed"_s);
        QVERIFY(find<QLabel>(u"sweeps.counts"_s)->text().contains(u"1 failed"_s));
        auto* table = find<QTreeView>(u"sweeps.trials"_s);
        QCOMPARE(table->model()->rowCount(), 3);
        QTest::mouseClick(find<QCheckBox>(u"sweeps.all"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QCOMPARE(table->model()->rowCount(), 2); // only those with a result
        QTest::mouseClick(find<QCheckBox>(u"sweeps.all"_s), Qt::LeftButton, {}, QPoint(8, 8));
        auto* retry = find<QPushButton>(u"sweeps.retry"_s);
        QVERIFY(retry->isVisible() && !find<QPushButton>(u"sweeps.continue"_s)->isVisible());
        QTest::mouseClick(retry, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_problems.size(), 2, kLongMs); // it fails for the same reason
        m_problems.clear();
        QTRY_COMPARE(find<QLabel>(u"sweeps.progress"_s)->text(),
                     u"Sweep · 2 of 3 done · 1 failed"_s);
    }

    void stopsAtAFailureWhereItsFileSaysSo()
    {
        m_problems.clear();
        startFile(
            write("strict.json", {{"schema", 1},
                                  {"name", "strict"},
                                  {"base", tinyBase()},
                                  {"on_failure", "stop"},
                                  {"mode", "list"},
                                  {"list",
                                   {{{"method", "vr-lwf"}, {"params.M", 15}, {"params.Ks", 4}},
                                    {{"method", "ft"}, {"seed", 6}},
                                    {{"method", "ft"}, {"seed", 7}}}}}));
        // Two messages: that the trial failed, and that the sweep stops.
        QTRY_COMPARE_WITH_TIMEOUT(m_problems.size(), 2, kLongMs);
        QVERIFY2(m_problems.join(u' ').contains(u"The sweep strict stops"_s),
                 qPrintable(m_problems.join(u'\n')));
        QTRY_VERIFY(m_state->queue().state() == ui::RunQueue::State::Idle);
        QVERIFY(m_state->queue().waiting().empty());
        QTRY_COMPARE(find<QLabel>(u"sweeps.progress"_s)->text(),
                     u"Sweep · 0 of 3 done · 1 failed · 2 to do"_s);
        m_problems.clear();
    }

    void stopsWithATrialAndContinues()
    {
        const size_t before = m_state->runs().size();
        Json base = tinyBase();
        base["method"] = "ft";
        base["schedule"]["epochs"] = 3;
        startFile(write("seeds.json", {{"schema", 1},
                                       {"name", "seeds"},
                                       {"base", base},
                                       {"mode", "grid"},
                                       {"grid", {{"seed", {0, 1, 2}}}}}));
        QTRY_COMPARE_WITH_TIMEOUT(m_state->runs().size(), before + 1, kLongMs);
        auto* stop = find<QPushButton>(u"sweeps.stopAfter"_s);
        QTRY_VERIFY(m_window->page(u"sweeps"_s)->isSettled());
        if (stop->isVisible()) // not when this machine was quicker
            QTest::mouseClick(stop, Qt::LeftButton);
        waitForEnd();
        auto* go = find<QPushButton>(u"sweeps.continue"_s);
        if (go->isVisible())
            QTest::mouseClick(go, Qt::LeftButton);
        waitForEnd();
        QTRY_COMPARE(m_state->runs().size(), before + 3);
        QTRY_COMPARE(find<QLabel>(u"sweeps.progress"_s)->text(), u"Sweep · 3 of 3 done"_s);
    }

    void searchesAndTellsWhatItChose()
    {
        Json base = tinyBase();
        base["method"] = "lwf";
        base["seed"] = 7;
        startFile(write("search.json", {{"schema", 1},
                                        {"name", "chosen beta"},
                                        {"base", base},
                                        {"parameter", "params.beta"},
                                        {"values", {0.3, 3}}}));
        waitForEnd();
        QTRY_VERIFY(find<QLabel>(u"sweeps.record"_s)->isVisible());
        const QString record = find<QLabel>(u"sweeps.record"_s)->text();
        QVERIFY2(record.contains(u"validation split"_s) && record.contains(u"was not read"_s),
                 qPrintable(record));
        auto* table = find<QTreeView>(u"sweeps.trials"_s);
        QTRY_COMPARE(table->model()->rowCount(), 3); // two candidates and the winner
        int chosen = 0;
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < table->model()->columnCount(); ++column)
                chosen += table->model()->index(row, column).data().toString() == u"chosen"_s;
        }
        QCOMPARE(chosen, 1);
        // The chosen one is marked, and the winner's test figure does not stand beside it.
        const auto& points = find<ui::ObjectivePlot>(u"sweeps.objective"_s)->data().points;
        QCOMPARE(points.size(), size_t{2});
        QVERIFY(points[0].isChosen != points[1].isChosen);
        // A search goes by its own results, so it cannot be spread.
        QVERIFY(!find<QPushButton>(u"sweeps.cluster"_s)->isEnabled());
        QVERIFY(find<QPushButton>(u"sweeps.cluster"_s)->toolTip().contains(u"search"_s));
        // The winner's test figures do not stand among the candidates' validation figures.
        QCOMPARE(find<ui::ParallelPlot>(u"sweeps.parallel"_s)->kept().size(), size_t{2});
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_state.reset();
    }
};

QTEST_MAIN(TestSweepsStory)
#include "tst_sweeps_story.moc"
