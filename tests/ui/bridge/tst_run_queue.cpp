// SPDX-License-Identifier: GPL-3.0-or-later
// The queue with a launcher that waits to be let go: rearranging, holding back, undo, the dialog,
// and a worker that falls silent.
#include "core/store/owner.h"
#include "ui/bridge/run_queue.h"
#include "ui/dialogs/dialog.h"
#include "ui/models/queue_model.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/shell/queue_edits.h"
#include "ui/widgets/banner.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QListView>
#include <QLockFile>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

std::atomic<int> g_mayEnd{0};      // so many runs may end
std::atomic<bool> g_speaks{false}; // one event, whenever it is set

Result<run::RunSummary> launch(const ui::RunOrder&, const run::RunRequest& request,
                               const run::EventSink& sink, const std::function<void(int64_t)>&)
{
    for (;;) {
        if (request.stop.stopRequested())
            return run::RunSummary{"stopped", 0, {}, {}};
        if (g_speaks.exchange(false))
            sink(run::Progress{});
        int left = g_mayEnd;
        if (left > 0 && g_mayEnd.compare_exchange_strong(left, left - 1))
            return run::RunSummary{"finished", 1, {}, {}};
        std::this_thread::yield();
    }
}

ui::RunOrder order(const QString& title)
{
    ui::RunOrder made;
    made.title = title;
    return made;
}

QStringList titles(const std::deque<ui::RunOrder>& orders)
{
    QStringList result;
    for (const ui::RunOrder& each : orders)
        result << each.title;
    return result;
}

/// A window whose queue runs "a", with the others waiting.
class Workplace
{
public:
    explicit Workplace(int silenceMs = 60000)
        : state({{}, launch, folder.path(), &settings, silenceMs})
        , window(state, QApplication::palette(), ui::ThemeChoice::Light)
    {
        window.show();
        for (const QString& title : {u"a"_s, u"b"_s, u"c"_s, u"d"_s})
            state.queue().enqueue({order(title)});
    }
    ~Workplace()
    {
        state.queue().clearWaiting();
        state.queue().stop();
    }
    [[nodiscard]] QStringList waiting() const { return titles(state.queue().waiting()); }
    void click(const QString& name)
    {
        QTest::mouseClick(window.findChild<QPushButton*>(name), Qt::LeftButton);
    }

    QTemporaryDir folder;
    ui::Settings settings;
    ui::AppState state;
    ui::MainWindow window;
};

} // namespace

class TestRunQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
        g_mayEnd = 0;
        g_speaks = false;
    }

    void keepsOrdersThatBeganOutOfAnUndoneEdit()
    {
        Workplace desk;
        ui::RunQueue& queue = desk.state.queue();
        QCOMPARE(desk.waiting(), (QStringList{"b", "c", "d"}));
        ui::editQueue(desk.state, u"move"_s, ui::moved(queue.waiting(), 2, 0));
        QCOMPARE(desk.waiting(), (QStringList{"d", "b", "c"}));
        g_mayEnd = 1; // "a" ends and "d" begins
        QTRY_COMPARE(queue.current().title, u"d"_s);
        queue.enqueue({order(u"e"_s)});
        desk.state.undoStack().undo();
        QCOMPARE(desk.waiting(), (QStringList{"b", "c", "e"}));
        ui::editQueue(desk.state, u"empty"_s, {});
        QCOMPARE(desk.waiting(), QStringList());
        desk.state.undoStack().undo();
        QCOMPARE(desk.waiting(), (QStringList{"b", "c", "e"}));
    }

    void holdsBackWhatHasNotBegun()
    {
        Workplace desk;
        ui::RunQueue& queue = desk.state.queue();
        queue.hold();
        QCOMPARE(queue.state(), ui::RunQueue::State::Running); // the current run goes on
        queue.pause();
        QTRY_COMPARE(queue.state(), ui::RunQueue::State::Paused);
        queue.resume(); // it has begun: it is not held back
        QCOMPARE(queue.state(), ui::RunQueue::State::Running);
        QCOMPARE(queue.current().title, u"a"_s);
        g_mayEnd = 1;
        QTRY_COMPARE(queue.state(), ui::RunQueue::State::Idle);
        QCOMPARE(desk.waiting(), (QStringList{"b", "c", "d"}));
        queue.release();
        QCOMPARE(queue.current().title, u"b"_s);
        QCOMPARE(desk.waiting(), (QStringList{"c", "d"}));
    }

    void movesRowsAsTheViewAsks()
    {
        ui::QueueModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy asked(&model, &ui::QueueModel::moveAsked);
        std::deque<ui::RunOrder> orders{order(u"a"_s), order(u"b"_s), order(u"c"_s)};
        for (size_t at = 0; at < orders.size(); ++at)
            orders[at].number = at + 1;
        model.setOrders(orders);
        QCOMPARE(model.rowCount(), 3);
        // Qt counts the destination before the row is taken out.
        QVERIFY(model.moveRows({}, 0, 1, {}, 3));
        QCOMPARE(asked.takeFirst(), (QVariantList{0, 2}));
        QVERIFY(!model.moveRows({}, 1, 1, {}, 2));
        QVERIFY(asked.isEmpty());
        orders.pop_back();
        model.setOrders(orders);
        QCOMPARE(model.rowCount(), 2);
    }

    void isEditedInItsDialogByKeysAndButtons()
    {
        Workplace desk;
        const std::unique_ptr<QDialog> dialog(ui::openDialog(u"queue"_s, desk.state, &desk.window));
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        auto* list = dialog->findChild<QListView*>(u"queue.list"_s);
        QVERIFY(QTest::qWaitForWindowActive(dialog.get()));
        QCOMPARE(list->model()->rowCount(), 3);
        list->setCurrentIndex(list->model()->index(1, 0));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
        QTRY_COMPARE(desk.waiting(), (QStringList{"c", "b", "d"})); // the button shows its press
        QCOMPARE(list->currentIndex().row(), 0);                    // the moved one stays selected
        QVERIFY(!desk.window.findChild<QPushButton*>(u"queue.up"_s)->isEnabled());
        desk.click(u"queue.remove"_s);
        QCOMPARE(desk.waiting(), (QStringList{"b", "d"}));
        desk.click(u"queue.undo"_s);
        QCOMPARE(desk.waiting(), (QStringList{"c", "b", "d"}));
        desk.click(u"queue.undo"_s);
        QCOMPARE(desk.waiting(), (QStringList{"b", "c", "d"}));
        desk.click(u"queue.hold"_s);
        QVERIFY(desk.state.queue().isHeld());
        desk.click(u"queue.empty"_s);
        QCOMPARE(desk.waiting(), QStringList());
    }

    void bringsBackWhatADeadWindowLeftWaiting()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"kept.db"_s);
        ui::Settings settings;
        const store::Owner self = store::thisProcess();
        const Json order{{"title", "FT"}, {"project", file.toStdString()}, {"run", 7}};
        const auto entryOf = [&](int64_t start) { // another start time: another process
            return Json{
                {"owner",
                 {{"host", self.host}, {"boot", self.boot}, {"pid", self.pid}, {"start", start}}},
                {"orders", Json::array({order})}};
        };
        const Json entries = Json::array({entryOf(self.start - 1), "no entry", 4});
        settings.setValue(u"queue/waiting"_s, QString::fromStdString(entries.dump()));
        ui::AppState state({{}, launch, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        state.openProject(file, store::OpenMode::CreateIfMissing);
        QTRY_COMPARE(titles(state.queue().waiting()), QStringList(u"FT"_s));
        QVERIFY(state.queue().isHeld()); // begins only when the user says so
        QCOMPARE(*state.queue().waiting().front().continueRun, int64_t{7});
        // It is this window's now, so that no second one takes it too.
        const Json kept = Json::parse(settings.value(u"queue/waiting"_s).toString().toStdString());
        QCOMPARE(kept.size(), size_t{1});
        QCOMPARE(kept[0]["owner"]["start"].get<int64_t>(), self.start);
        state.queue().clearWaiting();
        QCOMPARE(settings.value(u"queue/waiting"_s).toString(), u"[]"_s);
    }

    void twoWindowsNeverTakeOverTheSame()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"kept.db"_s);
        ui::Settings settings;
        const store::Owner self = store::thisProcess();
        const Json entries = Json::array(
            {{{"owner",
               {{"host", self.host}, {"boot", self.boot}, {"pid", self.pid}, {"start", 1}}},
              {"orders",
               Json::array({{{"title", "FT"}, {"project", file.toStdString()}, {"run", 7}}})}}});
        const QString before = QString::fromStdString(entries.dump());
        settings.setValue(u"queue/waiting"_s, before);
        ui::AppState state({{}, launch, folder.path(), &settings});
        const ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        {
            QLockFile other(settings.file() + u".queue.lock"_s); // the other is just doing it
            QVERIFY(other.tryLock());
            state.openProject(file, store::OpenMode::CreateIfMissing);
            QTRY_VERIFY(state.hasProject());
            QVERIFY(state.queue().waiting().empty());
            QCOMPARE(settings.value(u"queue/waiting"_s).toString(), before);
        }
        state.openProject(file);
        QTRY_COMPARE(titles(state.queue().waiting()), QStringList(u"FT"_s));
    }

    void goesOnAloneWhenTheWindowCloses()
    {
        QTemporaryDir folder;
        ui::Settings settings;
        ui::Engine engine;
        std::vector<int64_t> detached;
        engine.continueDetached = [&](const std::filesystem::path&, int64_t run) -> Result<void> {
            detached.push_back(run);
            return {};
        };
        ui::AppState state({engine, launch, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        window.show();
        ui::RunOrder running = order(u"a"_s);
        running.continueRun = 3;
        state.queue().enqueue({running});
        window.close(); // asks once
        QVERIFY(window.isVisible());
        QTest::mouseClick(window.findChild<QPushButton*>(u"close.keep"_s), Qt::LeftButton);
        QVERIFY(state.queue().isBusy());
        QTRY_VERIFY(!window.findChild<QPushButton*>(u"close.keep"_s));
        window.close();
        QTest::mouseClick(window.findChild<QPushButton*>(u"close.detach"_s), Qt::LeftButton);
        QTRY_VERIFY(!window.isVisible());
        QCOMPARE(detached, std::vector<int64_t>{3}); // once, and only after it was saved
        QVERIFY(!state.queue().isBusy());
    }

    void asksBeforeItStopsWithoutSaving()
    {
        Workplace desk;
        ui::RunQueue& queue = desk.state.queue();
        desk.window.showPage(u"live"_s);
        QAction* stop = desk.window.actions().action(u"live.stopNow"_s);
        stop->trigger();
        QVERIFY(desk.window.findChild<QMessageBox*>(u"live.stopNowBox"_s));
        QCOMPARE(queue.state(), ui::RunQueue::State::Running); // nothing yet
        desk.click(u"live.stopNowYes"_s);
        QVERIFY(queue.state() != ui::RunQueue::State::Running || queue.current().title != u"a"_s);
        QTRY_VERIFY(!desk.window.findChild<QMessageBox*>(u"live.stopNowBox"_s));
    }

    void tellsOfAWorkerThatFallsSilent()
    {
        Workplace desk(50);
        const auto* banner = desk.window.findChild<ui::Banner*>(u"window.problem"_s);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->message().startsWith("No progress"_L1));
        QCOMPARE(desk.state.queue().state(), ui::RunQueue::State::Running); // never ended silently
        QSignalSpy solved(&desk.state, &ui::AppState::problemSolved);
        g_speaks = true;
        QTRY_COMPARE(solved.size(), 1);
        // The message offers the other thing that can be done about it.
        QTRY_VERIFY(banner->isVisible());
        auto* stop = desk.window.findChild<QPushButton*>(u"window.problem.offer"_s);
        QVERIFY(stop->isVisible());
        QTest::mouseClick(stop, Qt::LeftButton);
        QVERIFY(desk.state.queue().state() != ui::RunQueue::State::Running);
    }
};

QTEST_MAIN(TestRunQueue)
#include "tst_run_queue.moc"
