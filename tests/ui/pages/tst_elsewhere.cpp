// SPDX-License-Identifier: GPL-3.0-or-later
// Live follows a run that another process trains, such as one that went on alone when the window
// was closed, from what that process writes into the project: a real `clwb run` on a tiny study.
#include "core/spec/run_spec.h"
#include "core/store/project.h"
#include "tests/ui/pages/tiny_desk.h"
#include "ui/pages/page.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/matrix_view.h"
#include "ui/shell/orders.h"
#include "ui/shell/status_strip.h"

#include <QLabel>
#include <QMenu>
#include <QProcess>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <csignal>
#include <optional>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kLongMs = 90000;
constexpr int kStopped = 75; // exit status of a run that was stopped and saved

} // namespace

class TestElsewhere : public QObject, private test::TinyDesk
{
    Q_OBJECT

    std::unique_ptr<QProcess> m_other;
    std::unique_ptr<QProcess> m_earlier; ///< beside which another one was begun

    /// Begins a run of so many epochs a session, two sessions, in a process of its own.
    void begin(const QString& project, int epochs, const QString& after = u"session"_s)
    {
        m_other = std::make_unique<QProcess>();
        m_other->setWorkingDirectory(m_folder.path());
        m_other->setProcessChannelMode(QProcess::MergedChannels);
        QStringList words{u"run"_s, u"--db"_s, at(project)};
        for (const QString& set :
             {u"study=study/study.json"_s, u"model=model"_s, u"method=vr-lwf"_s, u"option=WM"_s,
              u"params.M=6"_s, u"params.Ks=16"_s, u"schedule.batch_size=4"_s, u"schedule.lr=1e-3"_s,
              u"threads=1"_s, u"schedule.epochs=%1"_s.arg(epochs),
              u"evaluate.after=%1"_s.arg(after)})
            words << u"--set"_s << set;
        m_other->start(QStringLiteral(CLWB_PROGRAM), words);
        QVERIFY(m_other->waitForStarted());
    }
    /// A run that would go on for many times as long as any test looks at it.
    void beginLong(const QString& project, const QString& after = u"session"_s)
    {
        begin(project, 4000, after);
    }
    static void waitForEnd(QProcess& process, int exitCode)
    {
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, kLongMs);
        QVERIFY2(process.exitCode() == exitCode, process.readAll().constData());
    }
    static void end(std::unique_ptr<QProcess>& process)
    {
        if (process) {
            process->kill();
            process->waitForFinished();
        }
        process.reset();
    }
    void open(const QString& project)
    {
        m_problems.clear();
        // Made by the other process.
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(at(project)), kLongMs);
        showWindow(realEngine(), {1440, 900});
        m_state->openProject(at(project));
        QTRY_VERIFY(m_state->hasProject());
        m_window->showPage(u"live"_s);
    }
    QString text(const QString& label) { return find<QLabel>(label)->text(); }
    size_t steps()
    {
        const auto& series = find<ui::LossPlot>(u"live.losses"_s)->data().series;
        const auto found = series.find("CE");
        return found == series.end() ? 0 : found->second.values.size();
    }
    size_t evaluations()
    {
        const auto& series = find<ui::CurvePlot>(u"live.ut"_s)->data().series;
        return series.empty() ? 0 : series.back().points.size();
    }

private Q_SLOTS:
    void initTestCase() { makeData(); }
    void cleanup()
    {
        m_window.reset();
        m_state.reset();
        end(m_other);
        end(m_earlier);
    }

    void growsWhileAnotherProcessTrainsAndEndsWithIt()
    {
        beginLong(u"alone.db"_s, u"epoch"_s);
        open(u"alone.db"_s);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s,
                                  kLongMs);
        QVERIFY(text(u"live.title"_s).contains(u"VR-LwF-WM"_s));
        const auto* trainer = find<QLabel>(u"live.trainer"_s);
        QTRY_VERIFY(trainer->isVisible());
        QVERIFY2(trainer->text().contains(u"another program on this computer since "_s) &&
                     !trainer->text().contains(u"pid"_s),
                 qPrintable(trainer->text()));
        QVERIFY2(trainer->toolTip().contains(u"pid %1"_s.arg(m_other->processId())),
                 qPrintable(trainer->toolTip()));
        // What the other program cannot be asked for is not offered.
        for (const QString& button : {u"live.pause"_s, u"live.continue"_s})
            QVERIFY2(!find<QWidget>(button)->isVisible(), qPrintable(button));
        QVERIFY(!m_window->page(u"live"_s)->isActionEnabled(u"live.pause"_s));
        const auto said = [this] { return ui::statusOf(*m_state); };
        QCOMPARE(said().what, u"Idle here"_s);
        QVERIFY2(said().position.startsWith(u"another program trains #1 VR-LwF-WM"_s),
                 qPrintable(said().position));

        QTRY_VERIFY_WITH_TIMEOUT(steps() > 0, kLongMs);
        QTRY_VERIFY2(said().position.endsWith(u"(session 1 of 2)"_s), qPrintable(said().position));
        const size_t before = steps();
        const size_t evaluated = evaluations();
        QTRY_VERIFY_WITH_TIMEOUT(steps() > before, kLongMs);
        QTRY_VERIFY_WITH_TIMEOUT(evaluations() > evaluated, kLongMs);
        // Another page is in front while it ends: nothing is missing when Live is shown.
        m_window->showPage(u"runs"_s);
        m_other->terminate();
        waitForEnd(*m_other, kStopped);
        QTRY_COMPARE_WITH_TIMEOUT(m_state->runs().front().status, std::string("stopped"), kLongMs);
        m_window->showPage(u"live"_s);
        QTRY_COMPARE(text(u"live.phase"_s), u"● stopped"_s);
        QTRY_VERIFY(!trainer->isVisible());
        const auto stored =
            store::Project::open(ui::toPath(at(u"alone.db"_s)), store::OpenMode::ReadOnly);
        QVERIFY(stored.has_value());
        const auto kept = stored->steps(m_state->runs().front().runId);
        QVERIFY(kept.has_value() && !kept->empty());
        int64_t last = 0;
        for (const store::StepPoint& point : *kept)
            last = std::max(last, point.step);
        const QString told = u"%1 steps"_s.arg(ui::countText(last));
        QTRY_VERIFY2(text(u"live.position"_s).contains(told), qPrintable(told));
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
    }

    void aProcessIsAskedToStopAndDoes()
    {
        beginLong(u"asked-to-stop.db"_s);
        open(u"asked-to-stop.db"_s);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s,
                                  kLongMs);
        QTRY_VERIFY_WITH_TIMEOUT(steps() > 0, kLongMs);
        auto* stop = find<QPushButton>(u"live.stop"_s);
        QTRY_VERIFY(stop->isVisible() && stop->isEnabled());
        QCOMPARE(stop->text(), u"Stop and Save"_s);
        ui::Page* page = m_window->page(u"live"_s);
        QVERIFY(page->isActionEnabled(u"live.stopSession"_s));
        // Later than this test ever gets: the request lies there.
        QAction* later = nullptr;
        for (QAction* entry : find<QToolButton>(u"live.stopLater"_s)->menu()->actions()) {
            if (QString(entry->text()).remove(u'&') == u"Stop After This Session"_s)
                later = entry;
        }
        QVERIFY(later);
        later->trigger();
        QTRY_COMPARE(text(u"live.phase"_s), u"● asked to stop after this session"_s);
        QVERIFY2(text(u"live.trainer"_s).contains(u"is asked to stop"_s),
                 qPrintable(text(u"live.trainer"_s)));
        const QString request = at(u"asked-to-stop.db.files/run-1/stop-request"_s);
        QVERIFY(QFile::exists(request));
        QCOMPARE(m_other->state(), QProcess::Running);
        // From another page nobody sees whose run it would be.
        m_window->showPage(u"runs"_s);
        QVERIFY(!page->isActionEnabled(u"live.stop"_s));
        m_window->showPage(u"live"_s);
        QVERIFY(page->isActionEnabled(u"live.stop"_s));
        QTest::mouseClick(stop, Qt::LeftButton);
        waitForEnd(*m_other, kStopped);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● stopped"_s, 30000);
        QCOMPARE(m_state->runs().front().status, std::string("stopped"));
        QVERIFY(!QFile::exists(request));
        QVERIFY(!m_state->askedToStop(m_state->runs().front().runId));
        QTRY_VERIFY(find<QPushButton>(u"live.continue"_s)->isVisible() && !stop->isVisible());
        QTRY_COMPARE(ui::statusOf(*m_state).what, u"Idle"_s);
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
    }

    void aProcessThatHangsIsToldOfAndCanBeAskedAgain()
    {
        beginLong(u"hangs.db"_s);
        m_silenceMs = 1500;
        open(u"hangs.db"_s);
        m_silenceMs = 60'000;
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s,
                                  kLongMs);
        QTRY_VERIFY_WITH_TIMEOUT(steps() > 0, kLongMs);
        QCOMPARE(::kill(static_cast<pid_t>(m_other->processId()), SIGSTOP), 0);
        const int64_t run = m_state->runs().front().runId;
        m_state->askToStop(run, StopPoint::Now);
        QTRY_COMPARE(m_state->askedToStop(run), std::optional(StopPoint::Now));
        QTRY_COMPARE(text(u"live.phase"_s), u"● asked to stop without saving"_s);
        const auto* page = m_window->page(u"live"_s);
        QVERIFY(page->isActionEnabled(u"live.stopNow"_s));
        QVERIFY(!page->isActionEnabled(u"live.stop"_s));
        QTRY_VERIFY_WITH_TIMEOUT(text(u"live.trainer"_s).contains(u"has not reacted"_s), 30000);
        QVERIFY(find<QToolButton>(u"live.stopLater"_s)->isEnabled());
        // The request is written once more.
        const QString request = at(u"hangs.db.files/run-%1/stop-request"_s.arg(run));
        QVERIFY(QFile::remove(request));
        m_window->page(u"live"_s)->trigger(u"live.stopNow"_s);
        auto* yes = find<QPushButton>(u"live.stopNowYes"_s);
        QVERIFY(yes);
        QTest::mouseClick(yes, Qt::LeftButton);
        QTRY_VERIFY(QFile::exists(request));
        QTRY_VERIFY(!text(u"live.trainer"_s).contains(u"has not reacted"_s));
    }

    void aFailureHereIsSaidBesideARunOfAnotherProgram()
    {
        beginLong(u"failed-here.db"_s);
        open(u"failed-here.db"_s);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s,
                                  kLongMs);
        const auto broken = spec::resolveRunSpec(Json::object(), {},
                                                 {"study=" + ui::fromQt(at(u"study/study.json"_s)),
                                                  "model=" + ui::fromQt(at(u"no-model"_s)),
                                                  "method=ft", "option=WM", "setting=MST"});
        test::require(broken);
        m_state->enqueue({ui::newOrder(m_state->engine(), broken->spec)},
                         ui::AppState::Place::Last);
        QTRY_VERIFY2_WITH_TIMEOUT(ui::statusOf(*m_state).position.endsWith(u" failed"_s),
                                  qPrintable(ui::statusOf(*m_state).position), 30000);
        QCOMPARE(ui::statusOf(*m_state).light, ui::StatusFacts::Light::Red);
        QCOMPARE(m_other->state(), QProcess::Running);
    }

    void aProcessThatDiesIsNoticed()
    {
        beginLong(u"killed.db"_s);
        open(u"killed.db"_s);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s,
                                  kLongMs);
        QTRY_VERIFY_WITH_TIMEOUT(steps() > 0, kLongMs);
        m_other->kill(); // it writes nothing more
        QVERIFY(m_other->waitForFinished());
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● interrupted"_s, 30000);
        QTRY_VERIFY(!find<QLabel>(u"live.trainer"_s)->isVisible());
        QTRY_VERIFY(find<QPushButton>(u"live.continue"_s)->isVisible());
    }

    void aRunThatWasAskedForStaysAndTheOtherIsListed()
    {
        begin(u"asked.db"_s, 2);
        waitForEnd(*m_other, 0);
        open(u"asked.db"_s);
        const int64_t finished = m_state->runs().front().runId;
        m_window->showPage(u"live"_s, Json{{"run", finished}});
        QTRY_COMPARE(text(u"live.phase"_s), u"● finished"_s);
        // Before training and after both sessions.
        QTRY_COMPARE(evaluations(), size_t{3});
        QTRY_VERIFY(find<ui::MatrixView>(u"live.matrix"_s)->data().rows.contains(2));
        const auto* others = find<QToolButton>(u"live.others"_s);
        QVERIFY(!others->isVisible());
        beginLong(u"asked.db"_s);
        QTRY_VERIFY_WITH_TIMEOUT(others->isVisible(), kLongMs);
        QCOMPARE(text(u"live.phase"_s), u"● finished"_s);
        Q_EMIT others->menu()->aboutToShow();
        QCOMPARE(others->menu()->actions().size(), 1);
        QAction* entry = others->menu()->actions().front();
        QVERIFY2(entry->text().contains(u"another program on this computer since "_s),
                 qPrintable(entry->text()));
        entry->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s, 10000);
        QVERIFY(!others->isVisible());
    }

    void theRunThatIsFollowedStaysBesideANewerOneAndOnceItHasEnded()
    {
        beginLong(u"two.db"_s);
        open(u"two.db"_s);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s,
                                  kLongMs);
        const auto* others = find<QToolButton>(u"live.others"_s);
        QVERIFY(!others->isVisible());
        m_earlier = std::move(m_other);
        beginLong(u"two.db"_s);
        QTRY_VERIFY_WITH_TIMEOUT(others->isVisible(), kLongMs);
        QTRY_VERIFY(m_window->page(u"live"_s)->isSettled());
        const QString followed = u"pid %1"_s.arg(m_earlier->processId());
        const auto* trainer = find<QLabel>(u"live.trainer"_s);
        QVERIFY2(trainer->toolTip().contains(followed), qPrintable(trainer->toolTip()));
        m_earlier->terminate();
        waitForEnd(*m_earlier, kStopped);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● stopped"_s, 30000);
        m_state->refresh();
        QTest::qWait(1000); // in which it would turn to the other run
        QCOMPARE(text(u"live.phase"_s), u"● stopped"_s);
        QVERIFY(others->isVisible());
    }

    void aRunThatLeavesTheProjectIsLetGo()
    {
        beginLong(u"gone.db"_s);
        open(u"gone.db"_s);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"live.phase"_s), u"● training in another program"_s,
                                  kLongMs);
        m_window->showPage(u"runs"_s); // what is hidden is read again only when it is shown
        QTRY_VERIFY(m_window->page(u"live"_s)->isSettled());
        m_other->kill();
        QVERIFY(m_other->waitForFinished());
        {
            auto project =
                store::Project::open(ui::toPath(at(u"gone.db"_s)), store::OpenMode::ReadWrite);
            QVERIFY(project.has_value());
            const auto purged = project->purge(m_state->runs().front().runId);
            QVERIFY2(purged.has_value(), purged ? "" : purged.error().message.c_str());
        }
        QTRY_VERIFY_WITH_TIMEOUT(m_state->runs().empty(), kLongMs);
        m_window->showPage(u"live"_s);
        QTRY_VERIFY(find<QWidget>(u"live.empty"_s)->isVisible());
        QTRY_VERIFY(m_window->page(u"live"_s)->isSettled());
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
    }
};

QTEST_MAIN(TestElsewhere)
#include "tst_elsewhere.moc"
