// SPDX-License-Identifier: GPL-3.0-or-later
// A run that was stopped behind its last whole checkpoint and then can't go on stays what it was.
#include "core/run/resume_point.h"
#include "core/run/stored_run.h"
#include "tests/core/run/tiny_runs.h"

#include <QtTest>

#include <chrono>
#include <fstream>
#include <map>
#include <stdexcept>
#include <thread>

using namespace clwb;
using namespace clwb::test;

namespace fs = std::filesystem;

class TestRefusedResume : public QObject
{
    Q_OBJECT

private:
    TinyRuns m_tiny;

    fs::path file() const { return m_tiny.root() / "refused.db"; }

    store::Project open() const
    {
        auto project = store::Project::open(file(), store::OpenMode::ReadOnly);
        require(project);
        return std::move(*project);
    }
    store::RunRow row() const
    {
        auto row = open().run(1);
        require(row);
        return std::move(*row);
    }
    run::StoredRunSetting setting() const
    {
        run::StoredRunSetting setting;
        setting.project = file();
        return setting;
    }

    /// All that the project says of the run.
    std::string told() const
    {
        const store::Project project = open();
        const store::RunRow run = row();
        Json all{{"status", run.status},        {"message", run.message},
                 {"finished", run.finishedUtc}, {"seconds", run.seconds.value_or(-1)},
                 {"owner", run.owner},          {"last", run.lastSession},
                 {"metrics", run.metrics}};
        const auto steps = project.steps(1);
        const auto records = project.evaluations(1);
        const auto checkpoints = project.checkpoints(1);
        const auto warnings = project.warnings(1);
        const auto values = project.metrics(1);
        const auto accuracies = project.sessionAccuracies(1);
        require(steps && records && checkpoints && warnings && values && accuracies);
        for (const store::StepPoint& step : *steps)
            all["steps"].push_back({step.step, step.lossName, step.value.value_or(0)});
        for (const metrics::EvaluationRecord& record : *records)
            all["records"].push_back(metrics::toJson(record));
        for (const store::CheckpointRow& checkpoint : *checkpoints)
            all["checkpoints"].push_back(checkpoint.folder);
        all["warnings"] = *warnings;
        all["values"] = values->size();
        all["accuracies"] = accuracies->size();
        return all.dump(1);
    }

    /// Every file of the run's folder.
    std::map<std::string, std::string> kept() const
    {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(row().folder)) {
            if (entry.is_regular_file())
                files[entry.path().string()] = TinyRuns::bytesOf(entry.path());
        }
        return files;
    }

    /// It is made on another thread.
    void waitForTheCut() const
    {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (row().lastSession > 0 && std::chrono::steady_clock::now() < patience)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }

private Q_SLOTS:
    void initTestCase()
    {
        spec::RunSpec spec = m_tiny.request("refused", "lwf").spec;
        spec.evaluate.after = "session";
        spec.evaluate.what = {"ut"};
        const StopSource stop;
        run::StoredRunSetting first = setting();
        first.stop = stop.token();
        first.listener = [&stop](const run::Event& event) {
            const auto* step = std::get_if<run::StepDone>(&event);
            if (step && step->step == 4)
                stop.requestStop(StopPoint::Session);
        };
        const auto stopped = run::executeNewRun(spec, {}, first);
        require(stopped && stopped->status == "stopped" && stopped->steps == 6);
        // Its newest state is lost: session 1, evaluated after it, lies behind the one that is
        // left.
        const auto checkpoints = open().checkpoints(1);
        require(checkpoints && checkpoints->size() == 2);
        require(fs::remove_all(fs::path(row().folder) / checkpoints->back().folder) > 0);
        const auto point = run::findResumePoint(row().folder);
        require(point && *point && (*point)->sessions == 0);
        QCOMPARE(row().lastSession, 1);
    }

    void otherDataChangeNothing()
    {
        const std::string before = told();
        const auto files = kept();
        const fs::path study = m_tiny.root() / "study" / "study.json";
        const std::string good = TinyRuns::bytesOf(study);
        std::ofstream(study, std::ios::binary) << good << "\n";
        const auto refused = run::executeAgain(row(), setting());
        std::ofstream(study, std::ios::binary) << good;
        QVERIFY(refused.has_value() && refused->error);
        QVERIFY2(refused->error->code == ErrorCode::Data, toText(*refused->error).c_str());
        QCOMPARE(told(), before);
        QVERIFY(kept() == files);
    }

    void aRefusedTraceChangesNothing()
    {
        // Another program version described the run in other words: they stay, too.
        const fs::path description = fs::path(row().folder) / "spec.json";
        const std::string good = TinyRuns::bytesOf(description);
        std::ofstream(description, std::ios::binary) << good << "\n";
        const fs::path trace = m_tiny.root() / "of-another.jsonl";
        std::ofstream(trace, std::ios::binary) << "{\"type\": \"notes\"}\n";
        const std::string before = told();
        const auto files = kept();
        QVERIFY(files.size() > 3);
        run::StoredRunSetting traced = setting();
        traced.trace = trace;
        const auto refused = run::executeAgain(row(), traced);
        QVERIFY(refused.has_value() && refused->error);
        QVERIFY2(toText(*refused->error).find("--trace") != std::string::npos,
                 toText(*refused->error).c_str());
        QCOMPARE(told(), before);
        QVERIFY(kept() == files);
        QCOMPARE(TinyRuns::bytesOf(trace), std::string("{\"type\": \"notes\"}\n"));
        std::ofstream(description, std::ios::binary) << good;
    }

    void aFaultBeforeTheStartChangesNothing()
    {
        const std::string before = told();
        run::StoredRunSetting broken = setting();
        broken.execute = [](const run::RunRequest&,
                            const run::EventSink& sink) -> Result<run::RunSummary> {
            sink(run::Warning{"not about to begin"});
            throw std::runtime_error("no engine");
        };
        const auto failed = run::executeAgain(row(), broken);
        QVERIFY(failed.has_value() && failed->error);
        QCOMPARE(told(), before);
    }

    void onceItBeginsTheRestIsCutOff()
    {
        run::StoredRunSetting watched = setting();
        std::optional<store::RunRow> begun;
        size_t evaluations = 0;
        watched.execute = [&](const run::RunRequest& request, const run::EventSink& sink) {
            return run::executeRun(request, [&](const run::Event& event) {
                // What is stored of it before its first result, which is of session 1 again.
                const auto* again = std::get_if<run::Evaluated>(&event);
                if (again && !begun) {
                    waitForTheCut();
                    begun = row();
                    evaluations = open().evaluations(1)->size();
                }
                sink(event);
            });
        };
        const auto finished = run::executeAgain(row(), watched);
        QVERIFY(finished.has_value() && !finished->error);
        QVERIFY(begun.has_value());
        QCOMPARE(begun->status, std::string("running"));
        QVERIFY(begun->ownerPlace == store::OwnerPlace::ThisProcess);
        QCOMPARE(begun->lastSession, 0);
        QCOMPARE(evaluations, size_t{1});
        QCOMPARE(row().status, std::string("finished"));
        QCOMPARE(open().evaluations(1)->size(), size_t{4}); // before training, after 3 sessions
        QCOMPARE(finished->steps, int64_t{18});
    }
};

QTEST_GUILESS_MAIN(TestRefusedResume)
#include "tst_refused_resume.moc"
