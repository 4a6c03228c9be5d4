// SPDX-License-Identifier: GPL-3.0-or-later
// What every file put into core/methods must keep, checked on whole runs of all methods × options ×
// settings: frozen stays frozen, terms are alive, teachers change when they should, data and replay
// have streams of their own.
#include "core/methods/method.h"
#include "core/run/runner.h"
#include "core/spec/param.h"
#include "core/weights/model_files.h"
#include "tests/app/tiny_model.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"

#include <QtTest>

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

using namespace clwb;
using namespace clwb::run;
namespace fs = std::filesystem;

namespace
{

constexpr int kStepsOfASession = 8; // 24 crops in batches of 6, 2 epochs

std::string contentOf(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

bool usesParam(const methods::MethodInfo& info, const char* key)
{
    return spec::isUsedBy(*spec::findParam(key), "method", info.id);
}

/// 0 where student and teacher agree (LwF and VR under reverse_kl).
double distanceOf(const std::string& term, double value)
{
    return term.starts_with("Geo") ? 1 + value : value;
}

bool anyContains(const std::vector<std::string>& texts, const std::string& part)
{
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return text.find(part) != std::string::npos;
    });
}

using Change = std::function<void(spec::RunSpec&)>;

} // namespace

class TestMethodContract : public QObject
{
    Q_OBJECT

private:
    struct Run
    {
        std::string status;
        std::string message;
        std::vector<StepDone> steps;
        std::vector<StepBroken> broken;
        std::vector<std::string> warnings;
        std::vector<std::string> trained;
        std::string weights; ///< bytes of the tensors' file
        std::string trace;
        fs::path folder;
    };

    QTemporaryDir m_temporary;
    fs::path m_root;
    std::map<std::string, Run> m_runs;
    int m_count = 0;

    RunRequest request(const std::string& method, const Change& change)
    {
        RunRequest request;
        spec::RunSpec& spec = request.spec;
        spec.study = m_root / "study" / "study.json";
        spec.model = m_root / "model";
        spec.method = method;
        spec.option = "WM";
        spec.params.M = 6;
        spec.params.Ks = 8;
        spec.params.beta = 3;
        spec.schedule.epochs = 2;
        spec.schedule.batchSize = 6;
        spec.schedule.lr = 1e-3;
        spec.evaluate.after = "never";
        spec.device = "cpu";
        spec.threads = 1;
        change(spec);
        const std::string name = std::to_string(++m_count);
        request.folder = m_root / "runs" / name;
        request.trace = m_root / "runs" / (name + ".jsonl");
        fs::create_directories(m_root / "runs");
        return request;
    }

    static Run execute(RunRequest request, int64_t stopAfter = 0)
    {
        Run run;
        StopSource source;
        request.stop = source.token();
        const auto result = executeRun(request, [&](const Event& event) {
            if (const auto* step = std::get_if<StepDone>(&event)) {
                run.steps.push_back(*step);
                if (stopAfter > 0 && step->step >= stopAfter)
                    source.requestStop();
            } else if (const auto* broken = std::get_if<StepBroken>(&event)) {
                run.broken.push_back(*broken);
            } else if (const auto* warning = std::get_if<Warning>(&event)) {
                run.warnings.push_back(warning->text);
            } else if (const auto* started = std::get_if<RunStarted>(&event)) {
                run.trained = started->trained;
            }
        });
        run.status = result ? result->status : "failed";
        run.message = result ? "" : toText(result.error());
        run.folder = request.folder;
        run.trace = contentOf(request.trace);
        for (const char* file : {"model.safetensors", "rkr.safetensors"})
            run.weights += contentOf(request.folder / "model" / file);
        return run;
    }

    Run executed(const std::string& method, const Change& change)
    {
        return execute(request(method, change));
    }

    /// The plain run of a combination, made once.
    const Run& runOf(const std::string& method, const std::string& option = "WM",
                     const std::string& setting = "MST")
    {
        const std::string key = method + option + setting;
        if (!m_runs.contains(key)) {
            m_runs[key] = executed(method, [&](spec::RunSpec& spec) {
                spec.option = option;
                spec.setting = setting;
            });
        }
        return m_runs[key];
    }

    static void methodRows(const std::function<bool(const methods::MethodInfo&)>& isWanted)
    {
        QTest::addColumn<QString>("id");
        for (const methods::MethodInfo& info : methods::allMethods()) {
            if (isWanted(info))
                QTest::addRow("%s", info.id.c_str()) << QString::fromStdString(info.id);
        }
    }

    void checkWeights(const Run& run)
    {
        const auto start = weights::readModel(m_root / "model");
        const auto end = weights::readModel(run.folder / "model");
        QVERIFY(start && end);
        const std::set<std::string> trained(run.trained.begin(), run.trained.end());
        size_t changed = 0;
        for (const auto& [name, tensor] : end->tensors) {
            const bool equal = tensor.values == start->tensors.at(name).values;
            QVERIFY2(equal || trained.contains(name), name.c_str());
            changed += equal ? 0 : 1;
        }
        for (const auto& [name, tensor] : end->rkrScales) {
            QVERIFY2(trained.contains(name), name.c_str());
            changed += tensor.values == std::vector<float>(tensor.values.size(), 1) ? 0 : 1;
        }
        QVERIFY2(changed > 0 && 4 * changed >= 3 * trained.size(),
                 qPrintable(QString("%1").arg(changed)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_root = m_temporary.path().toStdString();
        qputenv("CLWB_CACHE", (m_root / "cache").c_str());
        test::TinyStudy tiny;
        tiny.classes = 8;
        test::require(test::writeTinyStudy(m_root / "study", tiny));
        test::require(test::writeTinyModel(m_root / "model"));
    }

    void combination_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("setting");
        for (const methods::MethodInfo& info : methods::allMethods())
            for (const char* option : {"WM", "IO", "TO"})
                for (const char* setting : {"MST", "OST"})
                    QTest::addRow("%s-%s %s", info.id.c_str(), option, setting)
                        << QString::fromStdString(info.id) << option << setting;
    }

    void combination()
    {
        QFETCH(QString, id);
        QFETCH(QString, option);
        QFETCH(QString, setting);
        const methods::MethodInfo& info = *methods::findMethod(id.toStdString());
        const Run& run = runOf(info.id, option.toStdString(), setting.toStdString());
        QVERIFY2(run.status == "finished", run.message.c_str());
        QCOMPARE(run.steps.size(), size_t(2 * kStepsOfASession));
        checkWeights(run);

        // The order of the data is no method's business.
        const Run& plain = runOf("ft", option.toStdString(), setting.toStdString());
        std::set<std::string> names;
        for (size_t i = 0; i < run.steps.size(); ++i) {
            const StepDone& step = run.steps[i];
            QVERIFY(step.items == plain.steps[i].items && step.labels == plain.steps[i].labels);
            double total = step.losses.at("CE");
            for (const auto& [name, weight] : step.weights) {
                names.insert(name);
                QVERIFY(std::count(info.lossNames.begin(), info.lossNames.end(), name) == 1);
                total += weight * step.losses.at(name);
            }
            QCOMPARE(step.losses.size(), step.weights.size() + 2);
            QVERIFY(std::abs(step.losses.at("total") - total) <= 1e-12 * (1 + std::abs(total)));
        }
        // A method with terms has some in every combination, and they move the model.
        QCOMPARE(names.empty(), info.lossNames.empty());
        QCOMPARE(run.weights == plain.weights, info.id == "ft");
        QVERIFY2(!anyContains(run.warnings, "measured steps"),
                 run.warnings.empty() ? "" : run.warnings[0].c_str());
        if (option == "WM" && setting == "MST")
            QCOMPARE(names.size(), info.lossNames.size());
    }

    void repeatsAndResumes_data()
    {
        methodRows([](const auto&) { return true; });
    }

    void repeatsAndResumes()
    {
        QFETCH(QString, id);
        const std::string method = id.toStdString();
        const Run& whole = runOf(method);
        const Run again = executed(method, [](spec::RunSpec&) {});
        QVERIFY(again.weights == whole.weights && again.trace == whole.trace);
        const Run other = executed(method, [](spec::RunSpec& spec) { spec.seed = 1; });
        QVERIFY(other.weights != whole.weights);
        QVERIFY(other.steps[0].items != whole.steps[0].items);

        RunRequest parts = request(method, [](spec::RunSpec&) {});
        QCOMPARE(execute(parts, 3).status, std::string("stopped"));
        parts.resume = true;
        QCOMPARE(execute(parts, kStepsOfASession + 3).status, std::string("stopped"));
        const Run resumed = execute(parts);
        QVERIFY2(resumed.status == "finished", resumed.message.c_str());
        QVERIFY(resumed.weights == whole.weights && resumed.trace == whole.trace);
    }

    void teacherIsTheLastSessionsModel_data()
    {
        methodRows([](const auto& info) { return usesParam(info, "params.teacher"); });
    }

    // Where a session begins, the student is its teacher; from the next step on it is not, in any
    // epoch. With the original as teacher only the first session begins so.
    void teacherIsTheLastSessionsModel()
    {
        QFETCH(QString, id);
        for (const bool original : {false, true}) {
            const Run run = executed(id.toStdString(), [&](spec::RunSpec& spec) {
                spec.params.distillation = "reverse_kl";
                spec.params.teacher = original ? "original" : "previous_session";
            });
            QCOMPARE(run.steps.size(), size_t(2 * kStepsOfASession));
            for (size_t i = 0; i < run.steps.size(); ++i) {
                const bool agree = i == 0 || (i == kStepsOfASession && !original);
                for (const auto& [name, weight] : run.steps[i].weights) {
                    const double distance = distanceOf(name, run.steps[i].losses.at(name));
                    QVERIFY2(agree ? std::abs(distance) < 2e-7 : distance > 1e-6,
                             qPrintable(
                                 QString("step %1 %2 %3").arg(i).arg(name.c_str()).arg(distance)));
                }
            }
        }
    }

    void weightOfZeroIsFineTuning_data()
    {
        methodRows([](const auto& info) { return usesParam(info, "params.beta"); });
    }

    void weightOfZeroIsFineTuning()
    {
        QFETCH(QString, id);
        const Run run =
            executed(id.toStdString(), [](spec::RunSpec& spec) { spec.params.beta = 0; });
        QVERIFY(run.weights == runOf("ft").weights);
        QVERIFY(run.steps[0].weights.empty());
        QVERIFY(anyContains(run.warnings, "params.beta is 0"));

        // A weight that is as good as 0 is found out, for each term and session.
        const Run weak =
            executed(id.toStdString(), [](spec::RunSpec& spec) { spec.params.beta = 1e-9; });
        for (const StepDone& step : weak.steps) {
            for (const auto& [name, weight] : step.weights)
                QVERIFY(anyContains(weak.warnings, "session " + std::to_string(step.session) +
                                                       ": " + name + " made "));
        }
    }

    void singlePictures_data()
    {
        methodRows([](const auto&) { return true; });
    }

    void singlePictures()
    {
        QFETCH(QString, id);
        const Run run = executed(id.toStdString(), [](spec::RunSpec& spec) {
            spec.schedule.batchSize = 1;
            spec.schedule.epochs = 1;
        });
        QVERIFY2(run.status == "finished", run.message.c_str());
        for (const StepDone& step : run.steps) {
            QVERIFY(std::isfinite(step.losses.at("total")));
            QVERIFY(!step.losses.contains("GeoImage") && !step.weights.contains("GeoImage"));
        }
        QCOMPARE(anyContains(run.warnings, "session 2: left out in 24 of 24 batches: GeoImage"),
                 id == "geodl");
    }

    void wildStepNamesTheTerm_data()
    {
        methodRows([](const auto&) { return true; });
    }

    void wildStepNamesTheTerm()
    {
        QFETCH(QString, id);
        const Run run =
            executed(id.toStdString(), [](spec::RunSpec& spec) { spec.schedule.lr = 1e30; });
        QCOMPARE(run.status, std::string("failed"));
        QVERIFY2(run.message.find("CE") != std::string::npos &&
                     run.message.find("session 1, epoch 1, batch 2 (step 2)") != std::string::npos,
                 run.message.c_str());
        // What is drawn as a mark, and is no step of the trace.
        QCOMPARE(run.steps.size(), size_t{1});
        QCOMPARE(run.broken.size(), size_t{1});
        QCOMPARE(run.broken.front().step, int64_t{2});
        QVERIFY(!std::isfinite(run.broken.front().losses.at("CE")));
        QVERIFY(run.trace.find("\"step\":2") == std::string::npos);
    }

    void replayHasItsOwnStream()
    {
        const Run& usual = runOf("vr-lwf");
        const auto changed = [this](const Change& change) { return executed("vr-lwf", change); };
        const Run more = changed([](spec::RunSpec& spec) { spec.params.Ks = 11; });
        const Run longer = changed([](spec::RunSpec& spec) { spec.params.M = 9; });
        const Run augmented =
            changed([](spec::RunSpec& spec) { spec.params.augmentation = "rrc"; });
        for (size_t i = 0; i < usual.steps.size(); ++i) {
            QCOMPARE(more.steps[i].items, usual.steps[i].items);
            QCOMPARE(longer.steps[i].items, usual.steps[i].items);
            QCOMPARE(augmented.steps[i].items, usual.steps[i].items);
            QCOMPARE(augmented.steps[i].pseudo, usual.steps[i].pseudo);
            QVERIFY(i == 0 || usual.steps[i].pseudo != usual.steps[i - 1].pseudo);
        }
        QVERIFY(augmented.weights != usual.weights);
    }

    void frozenTowersAreSaid()
    {
        QVERIFY(anyContains(runOf("geodl", "IO").warnings, "no GeoText term"));
        QVERIFY(anyContains(runOf("geodl", "TO").warnings, "no GeoImage term"));
        QVERIFY(runOf("geodl").warnings.empty());
    }
};

QTEST_APPLESS_MAIN(TestMethodContract)
#include "tst_method_contract.moc"
