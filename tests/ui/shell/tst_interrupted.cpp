// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a project whose runs were interrupted tells it, once, and offers to go on.
#include "core/store/owner.h"
#include "core/store/sqlite.h"
#include "tests/ui/shell/desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/run_view.h"

#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>

#include <algorithm>
#include <memory>
#include <vector>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestInterrupted : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<test::Desk> m_desk;
    std::vector<int64_t> m_runs; ///< trained here, as the starter project has them
    store::Owner m_gone;

    QString path(const QString& name) const { return m_desk->folder.filePath(name); }

    QString copyOfStarter(const QString& name) const
    {
        QFile::copy(QStringLiteral(CLWB_SOURCE_DIR "/experiments.db"), path(name));
        QFile::setPermissions(path(name), QFile::ReadOwner | QFile::WriteOwner);
        return path(name);
    }

    /// As after kill -9: the run is still "running", in a program that lives or lives no more.
    static void leaveRunning(const QString& file, int64_t run, const store::Owner& owner)
    {
        auto database = store::Database::open(ui::toPath(file), store::Access::ReadWrite);
        QVERIFY2(database.has_value(), "opened");
        QVERIFY(database
                    ->run("UPDATE run SET status = 'running', owner_host = ?, owner_boot = ?, "
                          "owner_pid = ?, owner_start = ?, heartbeat = unixepoch() "
                          "WHERE run_id = ?",
                          owner.host, owner.boot, owner.pid, owner.start, run)
                    .has_value());
    }

    void open(const QString& file)
    {
        QSignalSpy opened(&m_desk->state, &ui::AppState::projectChanged);
        m_desk->state.openProject(file);
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(m_desk->state.projectFile(), file);
    }

    ui::Banner* banner() const { return m_desk->find<ui::Banner>(u"window.problem"_s); }

    void takeOffer(const QString& text) const
    {
        const auto buttons = banner()->findChildren<QPushButton*>();
        const auto offer =
            std::find_if(buttons.begin(), buttons.end(), [&text](const QPushButton* each) {
                return each->isVisible() && each->text() == text;
            });
        QVERIFY2(offer != buttons.end(), qPrintable(text));
        (*offer)->click();
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support).*"_s));
        m_settings = std::make_unique<ui::Settings>();
        m_desk = std::make_unique<test::Desk>(*m_settings);
        m_desk->settle();
        m_runs.clear();
        for (const store::RunRow& run : m_desk->state.runs()) {
            if (run.status == "finished" && run.origin == "local")
                m_runs.push_back(run.runId);
        }
        QVERIFY(m_runs.size() >= 5);
        m_gone = store::thisProcess();
        m_gone.start += 1;
    }
    void cleanup() { m_desk.reset(); }

    void severalLeadToTheList()
    {
        const QString file = copyOfStarter(u"killed.db"_s);
        leaveRunning(file, m_runs[0], m_gone);
        leaveRunning(file, m_runs[1], m_gone);
        leaveRunning(file, m_runs[2], store::thisProcess()); // lives: not told
        m_desk->window.showPage(u"tables"_s);
        open(file);
        QVERIFY(banner()->isVisible());
        const QString told = banner()->message();
        QVERIFY2(told.startsWith(u"2 runs were interrupted: #%1 "_s.arg(m_runs[0])) &&
                     told.contains(u"; #%1 "_s.arg(m_runs[1])),
                 qPrintable(told));
        QVERIFY(m_desk->state.findRun(m_runs[0])->status == "interrupted");
        QVERIFY(m_desk->state.findRun(m_runs[2])->status == "running");
        takeOffer(u"Show Them"_s);
        QCOMPARE(m_desk->window.currentPage(), u"runs"_s);
        std::vector<int64_t> selected = m_desk->find<ui::RunView>(u"runs.list"_s)->selectedRuns();
        std::sort(selected.begin(), selected.end());
        QVERIFY((selected == std::vector<int64_t>{m_runs[0], m_runs[1]}));
    }

    void manyAreCounted()
    {
        const QString file = copyOfStarter(u"many.db"_s);
        for (size_t i = 0; i < 5; ++i)
            leaveRunning(file, m_runs[i], m_gone);
        open(file);
        QVERIFY2(banner()->message().startsWith(u"5 runs were interrupted: #"_s) &&
                     banner()->message().endsWith(u"; 2 more"_s),
                 qPrintable(banner()->message()));
    }

    void aSingleOneIsContinuedFromThere()
    {
        const QString file = copyOfStarter(u"single.db"_s);
        leaveRunning(file, m_runs[0], m_gone);
        open(file);
        QVERIFY2(banner()->message().startsWith(u"1 run was interrupted: #%1 "_s.arg(m_runs[0])),
                 qPrintable(banner()->message()));
        const QSignalSpy problems(&m_desk->state, &ui::AppState::problem);
        takeOffer(u"Continue"_s);
        // This copy has no folder to go on from, which is what continuing finds first.
        QTRY_COMPARE(problems.size(), 1);
        QCOMPARE(problems[0][0].toString(), u"Run #%1 was not continued"_s.arg(m_runs[0]));
    }

    void itIsToldOnce()
    {
        const QString file = copyOfStarter(u"once.db"_s);
        leaveRunning(file, m_runs[0], m_gone);
        open(file);
        QVERIFY(banner()->isVisible());
        banner()->hide();
        open(path(u"starter.db"_s));
        open(file);
        QVERIFY(!banner()->isVisible());
    }
};

QTEST_MAIN(TestInterrupted)
#include "tst_interrupted.moc"
