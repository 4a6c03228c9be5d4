// SPDX-License-Identifier: GPL-3.0-or-later
// A story through the real window with a scripted engine: start, watch, pause, continue, edit,
// undo, export; and an accessibility walk over all widgets.
#include "core/run/runner.h"
#include "core/store/project.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/shell/main_window.h"
#include "ui/shell/orders.h"
#include "ui/shell/run_edits.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/banner_guard.h"

#include <QAction>
#include <QApplication>
#include <QFileDialog>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <thread>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

std::atomic<int> g_finishedSessions{0}; // what the scripted engine remembers between calls
std::atomic<bool> g_isHeld{false};      // waits in the second session until stopped or released

metrics::EvaluationRecord record(int session)
{
    metrics::EvaluationRecord result;
    result.session = session;
    metrics::UtRecord ut;
    ut.classes = {"dog", "cat", "cow"};
    ut.sessionOfClass = {1, 2, 3};
    for (int index = 0; index < 3; ++index) {
        std::vector<int64_t> row(3, 1);
        row[static_cast<size_t>(index)] = index < session ? 8 : 2;
        ut.confusion.push_back(row);
        ut.seenHits.push_back(index < session ? 8 : 0);
    }
    result.ut = ut;
    metrics::ZsRecord zs;
    zs.classes = {"fox"};
    zs.hits = {10 - session};
    zs.totals = {10};
    result.zs = zs;
    return result;
}

Result<run::RunSummary> scriptedRun(const run::RunRequest& request, const run::EventSink& sink)
{
    run::RunStarted started;
    started.resolvedSpec = spec::toJson(request.spec);
    started.sessions = 3;
    started.totalSteps = 6;
    started.firstStep = g_finishedSessions * 2;
    sink(started);
    if (g_finishedSessions == 0)
        sink(run::Evaluated{record(0), "eval-0.json"});
    for (int session = g_finishedSessions + 1; session <= 3; ++session) {
        sink(run::SessionStarted{session, {session - 1}, 4});
        for (int64_t step = session * 2 - 1; step <= session * 2; ++step) {
            run::StepDone done;
            done.session = session;
            done.step = step;
            done.losses = {{"CE", 1.0 / static_cast<double>(step)}};
            sink(done);
        }
        while (session == 2 && g_isHeld && !request.stop.stopRequested())
            std::this_thread::yield();
        if (request.stop.stopRequested())
            return run::RunSummary{"stopped", session * 2 - 2, {}, {}};
        g_finishedSessions = session;
        sink(run::Evaluated{record(session), "eval.json"});
    }
    return run::RunSummary{"finished", 6, request.folder / "model", {}};
}

ui::Engine scriptedEngine()
{
    ui::Engine engine;
    engine.execute = scriptedRun;
    engine.estimate = [](const spec::RunSpec&, int) {
        return Result<run::Estimate>(run::Estimate{6, 2, 1000000, 2000000});
    };
    engine.findResumePoint = [](const std::filesystem::path&) {
        return Result<std::optional<run::ResumePoint>>(
            run::ResumePoint{g_finishedSessions * 2, g_finishedSessions});
    };
    return engine;
}

spec::RunSpec demoSpec()
{
    auto resolved = spec::resolveRunSpec(
        Json::object(), {}, {"study=/data/world/study.json", "model=/data/mini", "method=vr-lwf"},
        "demo");
    return resolved->spec;
}

bool takesFocus(const QWidget& widget)
{
    const QWidget* parent = widget.parentWidget();
    const bool isInner = widget.objectName().startsWith("qt_"_L1) ||
                         widget.inherits("QComboBoxPrivateContainer") ||
                         (parent && parent->inherits("QAbstractItemView"));
    if (widget.focusPolicy() == Qt::NoFocus || isInner)
        return false;
    // A label with links takes focus; a screen reader reads its text.
    const char* const quiet[] = {"QLabel",      "QMenuBar",  "QMenu",
                                 "QHeaderView", "QListView", "QScrollBar"};
    return std::none_of(std::begin(quiet), std::end(quiet),
                        [&](const char* name) { return widget.inherits(name); });
}

/// Every widget that takes focus has a name; those seen together have different ones.
void checkNames(const QWidget& root)
{
    QSet<QString> seen;
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        if (!takesFocus(*widget) || widget->window() != root.window())
            continue;
        const QString which =
            QLatin1StringView(widget->metaObject()->className()) + u' ' + widget->objectName();
        QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(which));
        if (!widget->isVisibleTo(&root))
            continue;
        const QString name = widget->accessibleName();
        QVERIFY2(!seen.contains(name), qPrintable(which + u" repeats the name "_s + name));
        seen.insert(name);
    }
}

} // namespace

class TestWindowStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        // The offscreen platform says so itself; every other warning is a failure.
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
        g_finishedSessions = 0;
        g_isHeld = false;
    }

    void trainsPausesContinuesEditsAndExports()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::AppState state({scriptedEngine(), {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        window.findChild<ui::BannerGuard*>()->setTimes({}, {}); // clicks at once
        window.show();
        state.openProject(folder.filePath(u"story.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(state.hasProject());
        QVERIFY(window.windowTitle().startsWith("story"_L1));

        g_isHeld = true;
        state.enqueue({ui::newOrder(state.engine(), demoSpec())}, ui::AppState::Place::Last);
        window.showPage(u"live"_s);
        auto* curve = window.findChild<ui::CurvePlot*>(u"live.zs"_s);
        QVERIFY(curve);
        // Before training and after session 1: two points while it trains.
        QTRY_VERIFY(!curve->data().series.empty() &&
                    curve->data().series.back().points.size() == 2);
        auto* pause = window.findChild<QPushButton*>(u"live.pause"_s);
        QTRY_VERIFY(pause->isEnabled() && pause->isVisible());
        QTest::mouseClick(pause, Qt::LeftButton);
        QTRY_COMPARE(state.queue().state(), ui::RunQueue::State::Paused);
        QTRY_COMPARE(pause->text(), u"Continue"_s);
        g_isHeld = false;
        QTest::mouseClick(pause, Qt::LeftButton);
        QTRY_COMPARE(state.queue().state(), ui::RunQueue::State::Idle);
        QTRY_COMPARE(curve->data().series.back().points.size(), size_t{4});
        QTRY_VERIFY(!state.runs().empty() && state.runs().front().status == "finished");
        QCOMPARE(state.runs().size(), size_t{1});
        QCOMPARE(state.runs().front().metrics.at("ZS-Acc"), 70.0);

        ui::setTags(state, state.runs().front(), u"story, first, story"_s);
        // The project keeps tags in alphabetical order.
        QTRY_COMPARE(state.runs().front().tags, (std::vector<std::string>{"first", "story"}));
        window.actions().action(u"edit.undo"_s)->trigger();
        QTRY_VERIFY(state.runs().front().tags.empty());
        ui::moveToTrash(state, {state.runs().front().runId});
        QTRY_VERIFY(state.runs().empty());
        state.undoStack().undo();
        QTRY_COMPARE(state.runs().size(), size_t{1});

        const QString csv = folder.filePath(u"runs.csv"_s);
        qint64 written = 0;
        ui::exportTable(state, {u"runs"_s}, csv, [&written](qint64 bytes) { written = bytes; });
        QTRY_VERIFY(written > 0);
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().startsWith("run_id,"));
        window.close();
    }

    void reportsAFailureAndStaysUsable()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::Engine engine = scriptedEngine();
        engine.execute = [](const run::RunRequest& request, const run::EventSink& sink) {
            run::RunStarted started;
            started.resolvedSpec = spec::toJson(request.spec);
            sink(started);
            return Result<run::RunSummary>(fail(ErrorCode::RunFailed, "loss became NaN"));
        };
        ui::AppState state({engine, {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Dark);
        QString told;
        QObject::connect(&state, &ui::AppState::problem, &window,
                         [&told](const QString&, const QString& details) { told = details; });
        state.openProject(folder.filePath(u"fail.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(state.hasProject());
        state.enqueue({ui::newOrder(state.engine(), demoSpec())}, ui::AppState::Place::Last);
        QTRY_VERIFY(told.contains("NaN"_L1));
        QTRY_VERIFY(!state.runs().empty() && state.runs().front().status == "failed");
        QCOMPARE(state.queue().state(), ui::RunQueue::State::Idle);
    }

    void leavesNoRowOfARunThatCouldNotStart()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::Engine engine = scriptedEngine();
        engine.execute = [](const run::RunRequest&, const run::EventSink&) {
            return Result<run::RunSummary>(fail(ErrorCode::Data, "no such study"));
        };
        ui::AppState state({engine, {}, folder.path(), &settings});
        QString told;
        QObject::connect(&state, &ui::AppState::problem, &state,
                         [&told](const QString&, const QString& details) { told = details; });
        state.openProject(folder.filePath(u"none.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(state.hasProject());
        state.enqueue({ui::newOrder(state.engine(), demoSpec())}, ui::AppState::Place::Last);
        QTRY_VERIFY(told.contains("no such study"_L1));
        QTRY_VERIFY(state.runs().empty());
    }

    void keepsTheOpenProjectWhenAnotherIsNone()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"letter.db"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("Dear reader, this is no database at all.");
        file.close();
        ui::Settings settings;
        ui::AppState state({scriptedEngine(), {}, folder.path(), &settings});
        QString told;
        QObject::connect(&state, &ui::AppState::projectDamaged, &state,
                         [&told](const QString& damaged, const QString&) { told = damaged; });
        state.openProject(file.fileName());
        QTRY_VERIFY(told.contains("letter.db"_L1));
        QVERIFY(!state.hasProject());
        // Nothing is recorded anywhere while no project is open.
        state.enqueue({ui::newOrder(state.engine(), demoSpec())}, ui::AppState::Place::Last);
        QCOMPARE(state.queue().state(), ui::RunQueue::State::Idle);

        state.openProject(folder.filePath(u"good.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_COMPARE(state.projectName(), u"good"_s);
        told.clear();
        state.openProject(file.fileName());
        QTRY_VERIFY(told.contains("letter.db"_L1));
        QCOMPARE(state.projectName(), u"good"_s);
        QVERIFY(state.hasProject());
    }

    void readsTheListOfAProjectOpenedWhileTheOldOneIsBeingRead()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::AppState state({scriptedEngine(), {}, folder.path(), &settings});
        state.openProject(folder.filePath(u"first.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(state.hasProject());
        state.openProject(folder.filePath(u"second.db"_s), store::OpenMode::CreateIfMissing);
        // The first project is asked again and again until it is left: an answer will be missing.
        QObject::connect(&state, &ui::AppState::runsChanged, &state, &ui::AppState::refresh);
        state.refresh();
        QTRY_COMPARE(state.projectName(), u"second"_s);
        state.enqueue({ui::newOrder(state.engine(), demoSpec())}, ui::AppState::Place::Last);
        QTRY_VERIFY(!state.runs().empty() && state.runs().front().status == "finished");
    }

    void tellsWhatKeepsResultsOutOfTheProjectAsLongAsItDoes()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::AppState state({scriptedEngine(), {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        window.show();
        state.openProject(folder.filePath(u"full.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(state.hasProject());
        const auto* banner = window.findChild<ui::Banner*>(u"window.problem"_s);
        state.setStoreProblem(Error{ErrorCode::Locked, "the project is locked", {}});
        QVERIFY(banner->isVisible());
        QVERIFY(banner->accessibleDescription().contains("the project is locked"_L1));
        state.setStoreProblem(std::nullopt);
        QVERIFY(!banner->isVisible());

        g_isHeld = true;
        state.enqueue({ui::newOrder(state.engine(), demoSpec())}, ui::AppState::Place::Last);
        QTRY_COMPARE(state.queue().state(), ui::RunQueue::State::Running);
        state.setStoreProblem(Error{ErrorCode::DiskFull, "no space left", {}});
        QTRY_COMPARE(state.queue().state(), ui::RunQueue::State::Paused);
        // Another project would leave the paused run without a place.
        window.actions().action(u"file.open"_s)->trigger();
        QVERIFY(!window.findChild<QFileDialog*>());
        QVERIFY(banner->message().contains("paused"_L1));
        state.queue().stop();
    }

    void actsOnSelectedRunsOnlyWhereTheyAreSeen()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::AppState state({scriptedEngine(), {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        window.show();
        state.openProject(folder.filePath(u"keys.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(state.hasProject());
        state.enqueue({ui::newOrder(state.engine(), demoSpec())}, ui::AppState::Place::Last);
        QTRY_VERIFY(!state.runs().empty() && state.runs().front().status == "finished");
        const QAction* trash = window.actions().action(u"runs.trash"_s);
        QTRY_VERIFY(trash->isEnabled());
        window.showPage(u"live"_s);
        QVERIFY(!trash->isEnabled());
        QVERIFY(!trash->toolTip().isEmpty() &&
                trash->toolTip() != window.actions().tip(u"runs.trash"_s));
        window.showPage(u"runs"_s);
        QVERIFY(trash->isEnabled());

        // Notes typed just before the window closes are kept.
        auto* notes = window.findChild<QPlainTextEdit*>(u"inspector.notes"_s);
        QVERIFY(notes);
        window.activateWindow();
        notes->setFocus();
        QTRY_VERIFY(notes->hasFocus());
        QTest::keyClicks(notes, u"beta 3 keeps more"_s);
        window.close();
        // A busy disk may take its time.
        QTRY_COMPARE_WITH_TIMEOUT(state.runs().front().notes, std::string("beta 3 keeps more"),
                                  30000);
    }

    void namesEveryWidgetThatTakesFocus()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::AppState state({scriptedEngine(), {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        for (const QString& id : window.pageIds()) {
            window.showPage(id);
            checkNames(window);
        }
        for (const ui::DialogInfo& info : ui::dialogTable()) {
            const std::unique_ptr<QDialog> dialog(info.create(state, &window));
            QVERIFY2(!dialog->windowTitle().isEmpty(), qPrintable(info.id));
            dialog->show();
            checkNames(*dialog);
        }
        QSet<QKeySequence> keys;
        for (const QAction* action : window.actions().all()) {
            if (action->shortcut().isEmpty())
                continue;
            QVERIFY2(!keys.contains(action->shortcut()), qPrintable(action->objectName()));
            keys.insert(action->shortcut());
        }
    }
};

QTEST_MAIN(TestWindowStory)
#include "tst_window_story.moc"
