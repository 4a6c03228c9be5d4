// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs: repeatable to the bit, stopped and resumed, traced, evaluated, refused, on a thread.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/run/job.h"
#include "core/run/runner.h"
#include "core/weights/model_files.h"
#include "tests/app/tiny_model.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QtTest>

#include <sstream>
#include <stdexcept>

using namespace clwb;
using namespace clwb::run;
namespace fs = std::filesystem;

namespace
{

struct Outcome
{
    Result<RunSummary> result;
    std::vector<Event> events;
};

/// Runs to the end, or until `stopAfter` steps were seen; 0 never stops.
Outcome execute(RunRequest request, int64_t stopAfter = 0)
{
    StopSource source;
    request.stop = source.token();
    std::vector<Event> events;
    auto result = executeRun(request, [&](const Event& event) {
        events.push_back(event);
        const auto* step = std::get_if<StepDone>(&event);
        if (step && stopAfter > 0 && step->step >= stopAfter)
            source.requestStop();
    });
    return {std::move(result), std::move(events)};
}

template<class T>
int countOf(const std::vector<Event>& events)
{
    int count = 0;
    for (const Event& event : events)
        count += std::holds_alternative<T>(event) ? 1 : 0;
    return count;
}

std::string contentOf(const fs::path& file)
{
    auto text = readFile(file, 100'000'000);
    return text ? *text : std::string();
}

std::vector<fs::path> checkpointsOf(const fs::path& run)
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(run / "checkpoint", ignored)) {
        if (entry.is_directory())
            found.push_back(entry.path());
    }
    return found;
}

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_temporary;
    fs::path m_root;

    /// 2 sessions of 12 crops in batches of 4, 3 epochs: 18 steps.
    RunRequest request(const std::string& name) const
    {
        RunRequest request;
        spec::RunSpec& spec = request.spec;
        spec.study = m_root / "study" / "study.json";
        spec.model = m_root / "model";
        spec.method = "vr-lwf";
        spec.option = "WM";
        spec.params.M = 6;
        spec.params.Ks = 8;
        spec.schedule.epochs = 3;
        spec.schedule.batchSize = 4;
        spec.schedule.lr = 1e-3;
        spec.evaluate.after = "never";
        spec.device = "cpu";
        spec.threads = 1;
        request.folder = m_root / "runs" / name;
        request.trace = m_root / (name + ".jsonl");
        return request;
    }

    std::string weightsOf(const std::string& name) const
    {
        return contentOf(m_root / "runs" / name / "model" / "model.safetensors");
    }
    std::string traceOf(const std::string& name) const
    {
        return contentOf(m_root / (name + ".jsonl"));
    }
    void expectReference(const std::string& name) const
    {
        QVERIFY(weightsOf(name) == weightsOf("reference"));
        QVERIFY(traceOf(name) == traceOf("reference"));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_root = m_temporary.path().toStdString();
        qputenv("CLWB_CACHE", (m_root / "cache").c_str());
        test::require(test::writeTinyStudy(m_root / "study"));
        test::require(test::writeTinyModel(m_root / "model"));
        test::require(test::writeTinyModel(m_root / "other", 1));
        const Outcome outcome = execute(request("reference"));
        if (!outcome.result)
            qWarning("%s", toText(outcome.result.error()).c_str());
        test::require(outcome.result);
        test::require(outcome.result->status == "finished" && outcome.result->steps == 18);
    }

    void sameSeedSameBits()
    {
        QVERIFY(weightsOf("reference").size() > 1000);
        QVERIFY(weightsOf("reference") != contentOf(m_root / "model" / "model.safetensors"));
        QVERIFY(execute(request("again")).result);
        expectReference("again");
        RunRequest other = request("seed");
        other.spec.seed = 1;
        QVERIFY(execute(other).result);
        QVERIFY(weightsOf("seed") != weightsOf("reference"));
    }

    void traceHasTheDocumentedLines()
    {
        std::istringstream lines(traceOf("reference"));
        std::vector<Json> all;
        for (std::string line; std::getline(lines, line);)
            all.push_back(Json::parse(line));
        QCOMPARE(all.size(), size_t(22)); // run, 2 sessions, 18 steps, end
        QVERIFY(all.front().at("type") == "run" && all.back().at("type") == "end");
        QVERIFY(all.front().at("spec").contains("study_sha256"));
        QVERIFY(all.front().at("spec").contains("model_sha256"));
        auto trained = all.front().at("trained").get<std::vector<std::string>>();
        QVERIFY(std::is_sorted(trained.begin(), trained.end()) && trained.size() > 30);
        QVERIFY(all.back().at("status") == "finished" && all.back().at("steps") == 18);
        QVERIFY((all[1] ==
                 Json{{"type", "session"}, {"session", 1}, {"classes", {0, 1}}, {"items", 12}}));
        QVERIFY(all[11].at("type") == "session" && all[11].at("classes") == Json({2, 3}));
        int64_t count = 0;
        for (const Json& line : all) {
            if (line.at("type") != "step")
                continue;
            QVERIFY(line.at("step") == ++count);
            const bool second = count > 9;
            QVERIFY(line.at("session") == (second ? 2 : 1));
            QVERIFY(line.at("epoch") == 1 + ((count - 1) % 9) / 3);
            QVERIFY(line.at("items").size() == 4 && line.at("items")[0].is_number_integer());
            for (const Json& label : line.at("labels"))
                QVERIFY(label.get<int>() / 2 == (second ? 1 : 0));
            QVERIFY(line.at("pseudo").size() == 8 && line.at("pseudo")[0].size() == 6);
            const Json& losses = line.at("losses");
            QCOMPARE(losses.contains("Pre"), second);
            QCOMPARE(line.at("weights").contains("Pre"), second);
            double total = losses.at("CE");
            for (const auto& [name, weight] : line.at("weights").items())
                total += weight.get<double>() * losses.at(name).get<double>();
            const double error = std::abs(losses.at("total").get<double>() - total);
            QVERIFY(error < 1e-5 * (1 + std::abs(total)));
        }
        QVERIFY(std::abs(all[2].at("logit_scale").get<double>() - std::log(20.0)) < 1e-6);
    }

    void stoppedAndResumedIsUninterrupted_data()
    {
        QTest::addColumn<int>("first");
        QTest::newRow("first step") << 1;
        QTest::newRow("within an epoch") << 5;
        QTest::newRow("end of a session") << 9;
        QTest::newRow("second session") << 13;
    }

    void stoppedAndResumedIsUninterrupted()
    {
        QFETCH(int, first);
        const std::string name = "stopped-" + std::to_string(first);
        RunRequest parts = request(name);
        const Outcome stopped = execute(parts, first);
        QVERIFY(stopped.result);
        QCOMPARE(stopped.result->status, std::string("stopped"));
        QVERIFY(stopped.result->steps >= first && stopped.result->steps <= first + 1);
        QVERIFY(countOf<CheckpointSaved>(stopped.events) > 0);
        parts.resume = true;
        const Outcome resumed = execute(parts);
        QVERIFY2(resumed.result, resumed.result ? "" : toText(resumed.result.error()).c_str());
        QCOMPARE(resumed.result->status, std::string("finished"));
        QCOMPARE(resumed.result->steps, int64_t(18));
        expectReference(name);
    }

    void damagedNewestCheckpointIsPassedOver()
    {
        RunRequest parts = request("damaged");
        QVERIFY(execute(parts, 3).result);
        parts.resume = true;
        QVERIFY(execute(parts, 6).result);
        QVERIFY(execute(parts, 12).result);
        const auto kept = checkpointsOf(parts.folder);
        QCOMPARE(kept.size(), size_t(2));
        fs::path newest;
        int64_t best = -1;
        for (const fs::path& folder : kept) {
            const Json state = Json::parse(contentOf(folder / "state.json"));
            const int64_t step = state.at("cursor").at("step");
            if (step > best) {
                best = step;
                newest = folder;
            }
        }
        fs::resize_file(newest / "tensors.safetensors",
                        fs::file_size(newest / "tensors.safetensors") / 2);
        const Outcome resumed = execute(parts);
        QVERIFY2(resumed.result, resumed.result ? "" : toText(resumed.result.error()).c_str());
        const RunStarted* started = nullptr;
        for (const Event& event : resumed.events)
            started = started ? started : std::get_if<RunStarted>(&event);
        QVERIFY(started && started->firstStep < best);
        expectReference("damaged");
    }

    void anotherModelIsRefused()
    {
        RunRequest parts = request("swapped");
        QVERIFY(execute(parts, 2).result);
        parts.resume = true;
        parts.spec.model = m_root / "other";
        const Outcome resumed = execute(parts);
        QVERIFY(!resumed.result);
        QCOMPARE(int(resumed.result.error().code), int(ErrorCode::Data));
        QVERIFY(resumed.result.error().message.find("model_sha256") != std::string::npos);
    }

    void nonFiniteLossFails()
    {
        RunRequest wild = request("wild");
        wild.spec.schedule.lr = 1e30;
        const Outcome outcome = execute(wild);
        QVERIFY(!outcome.result);
        QCOMPARE(int(outcome.result.error().code), int(ErrorCode::RunFailed));
        QVERIFY(!checkpointsOf(wild.folder).empty());
        const auto* finished = std::get_if<Finished>(&outcome.events.back());
        QVERIFY(finished && finished->status == "failed");
    }

    void optionsFreezeTheOtherTower()
    {
        const auto start = weights::readModel(m_root / "model");
        test::require(start);
        for (const char* option : {"IO", "TO"}) {
            RunRequest wanted = request(option);
            wanted.spec.option = option;
            QVERIFY(execute(wanted).result);
            const auto end = weights::readModel(m_root / "runs" / option / "model");
            QVERIFY(end);
            int changed = 0;
            for (const auto& [name, tensor] : end->tensors) {
                const bool image =
                    name.starts_with("vision_model.") || name == "visual_projection.weight";
                const bool frozen = name == "logit_scale" || image != (option[0] == 'I');
                const bool equal = tensor.values == start->tensors.at(name).values;
                QVERIFY2(!frozen || equal, name.c_str());
                changed += equal ? 0 : 1;
            }
            QVERIFY(changed > 10);
        }
    }

    void microBatchesAddUp()
    {
        RunRequest whole = request("whole");
        whole.spec.schedule.epochs = 1;
        QVERIFY(execute(whole, 1).result);
        RunRequest micro = request("micro");
        micro.spec.schedule.epochs = 1;
        micro.spec.schedule.microBatch = 2;
        QVERIFY(execute(micro, 1).result);
        const auto lossesOf = [this](const char* name) {
            std::istringstream lines(traceOf(name));
            for (std::string line; std::getline(lines, line);) {
                const Json json = Json::parse(line);
                if (json.at("type") == "step")
                    return json.at("losses");
            }
            return Json();
        };
        const Json one = lossesOf("whole");
        const Json two = lossesOf("micro");
        for (const char* name : {"CE", "VR", "total"}) {
            const double expected = one.at(name);
            QVERIFY(std::abs(two.at(name).get<double>() - expected) < 1e-5 * (1 + expected));
        }
    }

    void evaluatesWhenAsked_data()
    {
        QTest::addColumn<QString>("after");
        QTest::addColumn<int>("records");
        QTest::newRow("never") << "never" << 0;
        QTest::newRow("run") << "run" << 2;         // before and at the end
        QTest::newRow("session") << "session" << 3; // before and after each session
        QTest::newRow("epoch") << "epoch" << 9;     // and after each of the 6 epochs
    }

    void evaluatesWhenAsked()
    {
        QFETCH(QString, after);
        QFETCH(int, records);
        RunRequest evaluated = request("after-" + after.toStdString());
        evaluated.spec.evaluate.after = after.toStdString();
        const Outcome outcome = execute(evaluated);
        QVERIFY2(outcome.result, outcome.result ? "" : toText(outcome.result.error()).c_str());
        QCOMPARE(countOf<Evaluated>(outcome.events), records);
        for (const Event& event : outcome.events) {
            if (const auto* done = std::get_if<Evaluated>(&event)) {
                QVERIFY(fs::exists(evaluated.folder / done->recordFile));
                QVERIFY(done->record.ut && done->record.zs && !done->record.retrieval.empty());
            }
        }
        // Evaluating must not disturb training.
        QVERIFY(weightsOf("after-" + after.toStdString()) == weightsOf("reference"));
    }

    void refusals()
    {
        RunRequest full = request("reference");
        Outcome outcome = execute(full);
        QVERIFY(!outcome.result && outcome.result.error().code == ErrorCode::Usage);
        RunRequest large = request("large");
        large.spec.params.M = 15; // with SOT and EOT one more than the context of 16
        outcome = execute(large);
        QVERIFY(!outcome.result && outcome.result.error().code == ErrorCode::Usage);
        QVERIFY(!fs::exists(large.folder));
        large.spec.params.M = 14;
        QVERIFY(execute(large, 1).result);
    }

    void jobEndsWithFinished()
    {
        Job job;
        job.start(request("job"));
        job.join();
        const std::vector<Event> events = job.takeEvents();
        QVERIFY(!events.empty() && !job.isRunning());
        const auto* finished = std::get_if<Finished>(&events.back());
        QVERIFY(finished && finished->status == "finished");
        QCOMPARE(countOf<Finished>(events), 1);
        expectReference("job");
    }

    void jobCapturesExceptions()
    {
        Job job({}, [](const RunRequest&, const EventSink& sink) -> Result<RunSummary> {
            sink(Warning{"soon"});
            throw std::runtime_error("boom");
        });
        job.start({});
        job.join();
        const std::vector<Event> events = job.takeEvents();
        QCOMPARE(events.size(), size_t(2));
        const auto* finished = std::get_if<Finished>(&events.back());
        QVERIFY(finished && finished->status == "failed");
        QVERIFY(finished->message.find("boom") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestRun)
#include "tst_run.moc"
