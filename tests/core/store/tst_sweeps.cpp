// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps in the project: states from runs, links in one transaction, twins, old schemas, repair.
#include "core/store/maintenance.h"
#include "core/store/owner.h"
#include "core/store/sweeps.h"
#include "tests/core/store/store_fixture.h"

using namespace clwb;
using store::TrialState;

namespace fs = std::filesystem;

namespace
{

store::NewSweep sampleSweep(const std::string& hash = "h")
{
    store::NewSweep sweep;
    sweep.name = "table 4";
    sweep.hash = hash;
    sweep.document = Json{{"mode", "list"}};
    return sweep;
}

std::vector<store::NewTrial> sampleTrials(int count)
{
    std::vector<store::NewTrial> trials;
    for (int number = 1; number <= count; ++number)
        trials.push_back({number, "trial", {{"seed", number}}, {{"schema", 1}, {"seed", number}}});
    return trials;
}

/// A run for a trial that ends as `status`, or is left running in this process by the caller.
std::unique_ptr<store::RunWriter> startFor(const fs::path& file, store::TrialPlace place)
{
    store::NewRun run = test::sampleRun();
    run.trial = place;
    auto writer = store::RunWriter::createRun(file, std::move(run));
    test::must(writer);
    return std::move(*writer);
}

TrialState stateOf(const store::Project& project, int number)
{
    const auto trials = store::trialsOf(project, 1);
    test::must(trials);
    return trials->at(static_cast<size_t>(number) - 1).state;
}

QString view(const store::Project& project, const std::string& sql)
{
    const auto text = project.database().text(sql);
    test::must(text);
    return QString::fromStdString(text->value_or("NULL"));
}

} // namespace

class TestSweeps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statesComeFromTheRuns_data()
    {
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("state");
        QTest::newRow("finished") << "finished"
                                  << "done";
        QTest::newRow("failed") << "failed"
                                << "failed";
        QTest::newRow("stopped") << "stopped"
                                 << "stopped";
        QTest::newRow("interrupted") << "interrupted"
                                     << "stopped";
    }

    void statesComeFromTheRuns()
    {
        QFETCH(QString, status);
        QFETCH(QString, state);
        const test::TemporaryProject file;
        store::Project project = file.open();
        VERIFY_OK(store::addSweep(project, sampleSweep(), sampleTrials(2)));
        QCOMPARE(stateOf(project, 1), TrialState::Pending);
        {
            const auto writer = startFor(file.file(), {1, 1, std::nullopt});
            QCOMPARE(stateOf(project, 1), TrialState::Running);
            QCOMPARE(view(project, "SELECT state FROM v_trial WHERE trial = 1"), "running");
            writer->finish(status.toStdString(), "", 1);
            VERIFY_OK(writer->flush());
        }
        QCOMPARE(view(project, "SELECT state FROM v_trial WHERE trial = 1"), state);
        QCOMPARE(view(project, "SELECT state FROM v_trial WHERE trial = 2"), "pending");
        QCOMPARE(view(project, "SELECT " + state.toStdString() + " FROM v_sweep"), "1");
        QCOMPARE(view(project, "SELECT pending FROM v_sweep"), "1");
        QCOMPARE(view(project, "SELECT trials FROM v_sweep"), "2");
        // Out of sight, a run stands for nothing.
        VERIFY_OK(project.moveToTrash(1));
        QCOMPARE(stateOf(project, 1), TrialState::Pending);
        QVERIFY(!store::trialsOf(project, 1)->at(0).runId);
        VERIFY_OK(project.restoreFromTrash(1));
        QCOMPARE(view(project, "SELECT state FROM v_trial WHERE trial = 1"), state);
        VERIFY_OK(project.moveToTrash(1));
        VERIFY_OK(project.purge(1));
        QCOMPARE(stateOf(project, 1), TrialState::Pending);
    }

    void runsOfDeadProgramsAreStopped()
    {
        const test::TemporaryProject file;
        store::Project project = file.open();
        VERIFY_OK(store::addSweep(project, sampleSweep(), sampleTrials(1)));
        startFor(file.file(), {1, 1, std::nullopt});
        VERIFY_OK(project.database().execute(
            "UPDATE run SET status = 'running', owner_host = (SELECT owner_host FROM run), "
            "owner_pid = 1, owner_start = 1, owner_boot = 'another start'"));
        VERIFY_OK(
            project.database().run("UPDATE run SET owner_host = ?", store::thisProcess().host));
        QCOMPARE(stateOf(project, 1), TrialState::Stopped);
    }

    void oneProgramGivesATrialItsRun()
    {
        const test::TemporaryProject file;
        store::Project project = file.open();
        VERIFY_OK(store::addSweep(project, sampleSweep(), sampleTrials(1)));
        const auto first = startFor(file.file(), {1, 1, std::nullopt});
        store::NewRun late = test::sampleRun();
        late.trial = store::TrialPlace{1, 1, std::nullopt};
        VERIFY_FAILS(ErrorCode::Locked, store::RunWriter::createRun(file.file(), late));
        QCOMPARE(project.runs()->size(), size_t{1}); // nothing is left of the late one
        VERIFY_FAILS(ErrorCode::Locked, store::linkTrial(project, {1, 1, std::nullopt}, 1));
        VERIFY_OK(store::linkTrial(project, {1, 1, first->runId()}, 1));
    }

    void findsTheYoungestSweepAndKeepsItsRecord()
    {
        const test::TemporaryProject file;
        store::Project project = file.open();
        store::NewSweep sweep = sampleSweep();
        VERIFY_OK(store::addSweep(project, sweep, sampleTrials(2)));
        sweep.reuses = false;
        sweep.kind = "search";
        VERIFY_OK(store::addSweep(project, sweep, sampleTrials(3)));
        VERIFY_OK(store::addTrial(project, 2, {4, "winner", Json::object(), {{"seed", 0}}}));
        QVERIFY(!store::addTrial(project, 2, {4, "winner", Json::object(), Json::object()}));
        VERIFY_OK(store::setSweepResult(project, 2, Json{{"best", 3.5}}));
        const auto found = store::findSweep(project, "h");
        VERIFY_OK(found);
        QVERIFY(found->has_value());
        QCOMPARE((*found)->sweepId, int64_t{2});
        QVERIFY(!(*found)->reuses && (*found)->kind == "search" && (*found)->trials == 4);
        QVERIFY(((*found)->result == Json{{"best", 3.5}}));
        QVERIFY(((*found)->document == Json{{"mode", "list"}}));
        QVERIFY(!store::findSweep(project, "other")->has_value());
        QCOMPARE(store::sweeps(project)->size(), size_t{2});
        QVERIFY(store::sweeps(project)->front().result.is_null());
        QCOMPARE(store::trialsOf(project, 2)->at(3).role, std::string("winner"));
    }

    void twinsShareEverything()
    {
        const test::TemporaryProject file;
        store::Project project = file.open();
        store::FinishedRun run = test::finishedRun("a");
        run.spec["study_sha256"] = "s";
        run.spec["model_sha256"] = "m";
        run.configurationHash = "c";
        VERIFY_OK(store::insertFinishedRun(project, run));
        const store::RunIdentity equal{"c", 7, "s", "m"};
        QCOMPARE(store::findFinishedRun(project, equal)->value_or(0), int64_t{1});
        for (const store::RunIdentity& other :
             {store::RunIdentity{"d", 7, "s", "m"}, store::RunIdentity{"c", 8, "s", "m"},
              store::RunIdentity{"c", 7, "t", "m"}, store::RunIdentity{"c", 7, "s", "n"}})
            QVERIFY(!store::findFinishedRun(project, other)->has_value());
        VERIFY_OK(project.moveToTrash(1));
        QVERIFY(!store::findFinishedRun(project, equal)->has_value());
        VERIFY_OK(project.restoreFromTrash(1));
        VERIFY_OK(project.database().execute("UPDATE run SET status = 'stopped'"));
        QVERIFY(!store::findFinishedRun(project, equal)->has_value());
    }

    void lastStepIsTheLargest()
    {
        const test::TemporaryProject file;
        const store::Project project = file.open();
        {
            auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
            VERIFY_OK(writer);
            QCOMPARE(store::lastStep(project, 1).value_or(-1), int64_t{0});
            (*writer)->addStep(3, 1, 1, 0.1, {{"CE", 1.0}});
            (*writer)->addCheckpoint("checkpoint/1", 5, "x");
            VERIFY_OK((*writer)->flush());
        }
        QCOMPARE(store::lastStep(project, 1).value_or(-1), int64_t{5});
    }

    void repairKeepsSweeps()
    {
        const test::TemporaryProject file;
        {
            store::Project project = file.open();
            VERIFY_OK(store::addSweep(project, sampleSweep(), sampleTrials(2)));
            VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
            VERIFY_OK(store::linkTrial(project, {1, 2, std::nullopt}, 1));
        }
        const fs::path target = file.folder() / "repaired.db";
        const auto report = store::dbRepair(file.file(), target);
        VERIFY_OK(report);
        QVERIFY(report->notes.empty());
        const auto repaired = store::Project::open(target, store::OpenMode::ReadOnly);
        VERIFY_OK(repaired);
        QCOMPARE(store::trialsOf(*repaired, 1)->at(1).runId.value_or(0), int64_t{1});
        QVERIFY(store::dbCheck(target)->ok);
    }
};

QTEST_APPLESS_MAIN(TestSweeps)
#include "tst_sweeps.moc"
