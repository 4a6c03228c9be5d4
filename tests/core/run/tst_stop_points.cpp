// SPDX-License-Identifier: GPL-3.0-or-later
// A run ends at the batch, the epoch or the session, as it is asked to, and goes on exactly there.
#include "core/run/stored_run.h"
#include "core/store/stop_request.h"
#include "tests/core/run/tiny_runs.h"

#include <QtTest>

#include <chrono>
#include <fstream>
#include <thread>

using namespace clwb;
using namespace clwb::test;

class TestStopPoints : public QObject
{
    Q_OBJECT

private:
    TinyRuns m_tiny;

    run::RunRequest request(const std::string& name) const
    {
        run::RunRequest request = m_tiny.request(name, "lwf");
        request.spec.evaluate.after = "session";
        request.spec.evaluate.what = {"ut"};
        return request;
    }
    std::string weightsOf(const std::string& name) const
    {
        return TinyRuns::bytesOf(m_tiny.folder(name) / "model" / "model.safetensors");
    }
    static int evaluationsOf(const TinyOutcome& outcome)
    {
        return static_cast<int>(
            std::count_if(outcome.events.begin(), outcome.events.end(), [](const auto& event) {
                return std::holds_alternative<run::Evaluated>(event);
            }));
    }

    static int64_t firstStepOf(const TinyOutcome& outcome)
    {
        for (const run::Event& event : outcome.events) {
            if (const auto* step = std::get_if<run::StepDone>(&event))
                return step->step;
        }
        return 0;
    }

private Q_SLOTS:
    void initTestCase() { require(TinyRuns::execute(request("reference")).isFinished()); }

    void endsWhereItIsAskedTo_data()
    {
        QTest::addColumn<int>("asked");
        QTest::addColumn<int>("point");
        QTest::addColumn<int>("end");
        QTest::addColumn<int>("evaluations");
        // 3 sessions of 2 epochs of 3 batches; evaluated before training and after each session.
        const auto row = [](const char* name, int asked, StopPoint point, int end,
                            int evaluations) {
            QTest::newRow(name) << asked << static_cast<int>(point) << end << evaluations;
        };
        row("batch", 2, StopPoint::Batch, 2, 1);
        row("at once, in the first epoch", 2, StopPoint::Now, 2, 1);
        row("at once, in a later one", 10, StopPoint::Now, 10, 2);
        row("epoch", 2, StopPoint::Epoch, 3, 1);
        row("the session's last epoch", 5, StopPoint::Epoch, 6, 2);
        row("session", 2, StopPoint::Session, 6, 2);
        row("second session", 7, StopPoint::Session, 12, 3);
        row("last session", 13, StopPoint::Session, 18, 4);
        row("last epoch", 17, StopPoint::Epoch, 18, 4);
    }

    void endsWhereItIsAskedTo()
    {
        QFETCH(int, asked);
        QFETCH(int, point);
        QFETCH(int, end);
        QFETCH(int, evaluations);
        const std::string name = "stopped-" + std::to_string(asked) + "-" + std::to_string(point);
        run::RunRequest parts = request(name);
        const TinyOutcome stopped = TinyRuns::execute(parts, asked, static_cast<StopPoint>(point));
        QVERIFY2(stopped.result, stopped.errorText().c_str());
        QCOMPARE(stopped.result->steps, int64_t(end));
        QCOMPARE(stopped.result->status, std::string(end == 18 ? "finished" : "stopped"));
        QCOMPARE(evaluationsOf(stopped), evaluations);
        if (end < 18) {
            parts.resume = true;
            const TinyOutcome resumed = TinyRuns::execute(parts);
            QVERIFY2(resumed.isFinished(), resumed.errorText().c_str());
            QCOMPARE(evaluationsOf(stopped) + evaluationsOf(resumed), 4);
            // Saved where it ended, or from the epoch's end before on.
            const bool isSaved = static_cast<StopPoint>(point) != StopPoint::Now;
            QCOMPARE(firstStepOf(resumed), int64_t(isSaved ? end + 1 : end / 3 * 3 + 1));
        }
        QVERIFY(weightsOf(name) == weightsOf("reference"));
        QVERIFY(m_tiny.trace(name) == m_tiny.trace("reference"));
    }

    void endsWhereAnotherProgramAsksItTo_data()
    {
        QTest::addColumn<int>("point");
        QTest::addColumn<int>("end");
        QTest::newRow("batch") << static_cast<int>(StopPoint::Batch) << 2;
        QTest::newRow("at once") << static_cast<int>(StopPoint::Now) << 2;
        QTest::newRow("epoch") << static_cast<int>(StopPoint::Epoch) << 3;
        QTest::newRow("session") << static_cast<int>(StopPoint::Session) << 6;
    }

    void endsWhereAnotherProgramAsksItTo()
    {
        QFETCH(int, point);
        QFETCH(int, end);
        const std::string name = "asked-" + std::to_string(point);
        const run::RunRequest parts = request(name);
        run::StoredRunSetting setting;
        setting.project = m_tiny.root() / (name + ".db");
        const auto open = [&] {
            auto project = store::Project::open(setting.project, store::OpenMode::ReadOnly);
            require(project);
            return std::move(*project);
        };
        // It is asked after two steps, and goes on once it has heard of it.
        const auto wanted = static_cast<StopPoint>(point);
        setting.execute = [&](const run::RunRequest& inner, const run::EventSink& sink) {
            return run::executeRun(inner, [&](const run::Event& event) {
                sink(event);
                const auto* step = std::get_if<run::StepDone>(&event);
                if (!step || step->step != 2)
                    return;
                require(store::askToStop(open(), 1, wanted));
                const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
                while (!inner.stop.stopRequestedAt(wanted) &&
                       std::chrono::steady_clock::now() < patience)
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
            });
        };
        const auto stopped = run::executeNewRun(parts.spec, parts.folder, setting);
        QVERIFY2(stopped.has_value() && !stopped->error, "executed");
        QCOMPARE(stopped->status, std::string("stopped"));
        QCOMPARE(stopped->steps, int64_t(end));
        const auto row = open().run(1);
        QVERIFY(row.has_value());
        QCOMPARE(row->status, std::string("stopped"));
        const std::filesystem::path asked = parts.folder / "stop-request";
        QVERIFY(!std::filesystem::exists(asked));
        // What is left over from then stops no later run.
        std::ofstream(asked) << "now";
        setting.execute = run::executeRun;
        const auto finished = run::executeAgain(*row, setting);
        QVERIFY2(finished.has_value() && !finished->error, "continued");
        QCOMPARE(finished->status, std::string("finished"));
        QVERIFY(weightsOf(name) == weightsOf("reference"));
        QVERIFY(!std::filesystem::exists(asked));
    }
};

QTEST_GUILESS_MAIN(TestStopPoints)
#include "tst_stop_points.moc"
