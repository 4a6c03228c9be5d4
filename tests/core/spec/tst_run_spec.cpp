// SPDX-License-Identifier: GPL-3.0-or-later
// Resolving run specifications: defaults of the paper, overrides, all errors at once.
#include "core/spec/presets.h"
#include "core/spec/run_spec.h"

#include <QTest>

using namespace clwb;
using namespace clwb::spec;

namespace
{

const std::vector<std::string> kPaths{"study=s.json", "model=m"};

Result<ResolveResult> resolve(std::vector<std::string> sets, const std::string& preset = {})
{
    sets.insert(sets.end(), kPaths.begin(), kPaths.end());
    return resolveRunSpec(Json::object(), {}, sets, preset);
}

RunSpec good(const std::vector<std::string>& sets, const std::string& preset = {})
{
    const auto result = resolve(sets, preset);
    if (!result)
        qWarning("%s", toText(result.error()).c_str());
    return result ? result->spec : RunSpec{};
}

std::string problem(const std::vector<std::string>& sets)
{
    const auto result = resolve(sets);
    if (result)
        return "no error";
    return result.error().code == ErrorCode::Usage ? result.error().message : "wrong code";
}

} // namespace

class TestRunSpec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreThePapers_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("setting");
        QTest::addColumn<int>("epochs");
        QTest::addColumn<int>("drop");
        QTest::addColumn<double>("beta");
        QTest::newRow("ft mst") << "ft"
                                << "MST" << 10 << 0 << 1.0;
        QTest::newRow("ft ost") << "ft"
                                << "OST" << 15 << 10 << 1.0;
        QTest::newRow("vr-lwf mst") << "vr-lwf"
                                    << "MST" << 10 << 0 << 1.0;
        QTest::newRow("geodl ost") << "geodl"
                                   << "OST" << 15 << 10 << 10.0;
        QTest::newRow("geodl mst") << "geodl"
                                   << "MST" << 10 << 0 << 10.0;
    }

    void defaultsAreThePapers()
    {
        QFETCH(QString, method);
        QFETCH(QString, setting);
        const RunSpec spec =
            good({"method=" + method.toStdString(), "setting=" + setting.toStdString()});
        QTEST(int(spec.schedule.epochs), "epochs");
        QTEST(int(spec.schedule.dropAfterEpoch), "drop");
        QTEST(spec.params.beta, "beta");
        QCOMPARE(spec.schedule.lr, 1e-6);
        QCOMPARE(spec.schedule.batchSize, int64_t(100));
        QCOMPARE(spec.schedule.dropFactor, 0.1);
        QCOMPARE(spec.params.M, int64_t(10));
        QCOMPARE(spec.params.Ks, int64_t(100));
        QCOMPARE(spec.params.temperature, 1.0);
        QCOMPARE(spec.params.alpha, 0.5);
        QCOMPARE(spec.option, std::string("WM"));
        QCOMPARE(spec.optimizer.beta2, 0.999);
        QVERIFY(spec.optimizer.resetPerSession);
        QVERIFY(spec.schedule.keepLastPartial);
    }

    void setsWinOverTheDocumentAndTheDocumentOverThePreset()
    {
        const auto document = parseJson(
            R"({"schema":1,"method":"vr-lwf","study":"a/s.json","model":"../m",
                "params":{"beta":3,"M":20},"schedule":{"lr":1e-5}})",
            "test");
        const auto result = resolveRunSpec(*document, "/base", {"params.beta=5"}, "demo");
        QVERIFY(result.has_value());
        QCOMPARE(result->spec.params.beta, 5.0);
        QCOMPARE(result->spec.params.M, int64_t(20));
        QCOMPARE(result->spec.schedule.lr, 1e-5);
        QCOMPARE(result->spec.schedule.epochs, int64_t(3)); // of the preset
        QCOMPARE(result->spec.study.string(), std::string("/base/a/s.json"));
        QCOMPARE(result->spec.model.string(), std::string("/base/../m"));
        const auto here = std::filesystem::current_path() / "other.json";
        const auto moved = resolveRunSpec(*document, "/base", {"study=other.json"});
        QCOMPARE(moved->spec.study.string(), here.string());
    }

    void valuesAreJsonOrText()
    {
        const RunSpec spec =
            good({"method=\"vr-lwf\"", "name=17", "evaluate.what=[\"ut\"]",
                  "evaluate.shuffle_seeds=[3,1]", "schedule.epochs=4.0", "params={\"M\":7}"});
        QCOMPARE(spec.method, std::string("vr-lwf"));
        QCOMPARE(spec.name, std::string("17"));
        QCOMPARE(spec.evaluate.what, std::vector<std::string>{"ut"});
        QCOMPARE(spec.evaluate.shuffleSeeds, (std::vector<int64_t>{3, 1}));
        QCOMPARE(spec.schedule.epochs, int64_t(4));
        QCOMPARE(spec.params.M, int64_t(7));
    }

    void refusesWhatIsNoUtf8()
    {
        for (const std::string key : {"name", "study", "params", "params.beta"}) {
            const std::string text = problem({key + "=\xff"});
            QVERIFY2(text.find(key + ": is not valid UTF-8") != std::string::npos, text.c_str());
        }
        QVERIFY(problem({"na\xffme=a"}).find("--set: is not") != std::string::npos);
        const auto inFolder = resolveRunSpec(
            Json{{"method", "ft"}, {"study", "s.json"}, {"model", "/m"}}, "/a\xff", {});
        QVERIFY(!inFolder && inFolder.error().code == ErrorCode::Usage);
        QVERIFY(inFolder.error().message.find("study: its absolute path") != std::string::npos);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("set");
        QTest::addColumn<QString>("named");
        QTest::newRow("lr 0") << "schedule.lr=0"
                              << "schedule.lr";
        QTest::newRow("lr negative") << "schedule.lr=-1"
                                     << "schedule.lr";
        QTest::newRow("lr huge") << "schedule.lr=1e10"
                                 << "schedule.lr";
        QTest::newRow("lr beyond double") << "schedule.lr=1e400"
                                          << "schedule.lr";
        QTest::newRow("lr as text") << "schedule.lr=\"1e-6\""
                                    << "schedule.lr";
        QTest::newRow("Unicode minus") << "schedule.lr=1e−6"
                                       << "schedule.lr";
        QTest::newRow("decimal comma") << "params.beta=1,5"
                                       << "params.beta";
        QTest::newRow("batch 0") << "schedule.batch_size=0"
                                 << "schedule.batch_size";
        QTest::newRow("epochs 0") << "schedule.epochs=0"
                                  << "schedule.epochs";
        QTest::newRow("epochs half") << "schedule.epochs=1.5"
                                     << "schedule.epochs";
        QTest::newRow("beta negative") << "params.beta=-0.1"
                                       << "params.beta";
        QTest::newRow("temperature") << "params.temperature=0.5"
                                     << "params.temperature";
        QTest::newRow("M over 75") << "params.M=76"
                                   << "77";
        QTest::newRow("Ks 0") << "params.Ks=0"
                              << "params.Ks";
        QTest::newRow("alpha of imm") << "params.alpha=1.2"
                                      << "params.alpha";
        QTest::newRow("seed negative") << "seed=-1"
                                       << "seed";
        QTest::newRow("seed beyond 2^53") << "seed=1e300"
                                          << "seed";
        QTest::newRow("device") << "device=gpu"
                                << "cuda:0 to cuda:63";
        QTest::newRow("device number") << "device=cuda:-1"
                                       << "device";
        QTest::newRow("device number missing") << "device=cuda:"
                                               << "device";
        QTest::newRow("unknown choice") << "precision=fp8"
                                        << "fp32, bf16, fp16";
        QTest::newRow("near choice") << "method=vrlwf"
                                     << "did you mean \"vr-lwf\"";
        QTest::newRow("unknown key") << "params.betta=1"
                                     << "did you mean 'params.beta'";
        QTest::newRow("key without group") << "lr=1"
                                           << "did you mean 'schedule.lr'";
        QTest::newRow("unknown group") << "param.beta=1"
                                       << "params.beta";
        QTest::newRow("no value") << "seed"
                                  << "KEY=VALUE";
        QTest::newRow("empty list") << "evaluate.what=[]"
                                    << "evaluate.what";
        QTest::newRow("twice in list") << "evaluate.what=[\"ut\",\"ut\"]"
                                       << "twice";
        QTest::newRow("list of others") << "evaluate.what=[\"bleu\"]"
                                        << "ut, zs, retrieval";
        QTest::newRow("null") << "params.beta=null"
                              << "params.beta";
        QTest::newRow("schema") << "schema=2"
                                << "schema";
        QTest::newRow("geodl_dim word") << "params.geodl_dim=\"all\""
                                        << "auto";
        QTest::newRow("group as number") << "schedule=3"
                                         << "expected an object";
        QTest::newRow("control character") << "name=a\tb"
                                           << "control";
    }

    void refuses()
    {
        QFETCH(QString, set);
        QFETCH(QString, named);
        const std::string message = problem({"method=vr-lwf", set.toStdString()});
        QVERIFY2(QString::fromStdString(message).contains(named), message.c_str());
    }

    void listsAllErrorsAtOnce()
    {
        const auto result = resolveRunSpec(
            Json{{"schedule", {{"lr", 0}, {"epoch", 3}}}, {"setting", "BOTH"}, {"kind", "method"}},
            {}, {"params.alpha=2"});
        QVERIFY(!result);
        const QString text = QString::fromStdString(result.error().message);
        for (const char* named : {"schedule.lr", "'schedule.epochs'", "OST, MST", "params.alpha",
                                  "method", "study", "model"})
            QVERIFY2(text.contains(named), qPrintable(text));
        QCOMPARE(text.count('\n'), 6);
    }

    void combinationsAreChecked()
    {
        QVERIFY(problem({"method=geodl", "schedule.micro_batch=10"}).find("micro_batch") !=
                std::string::npos);
        QVERIFY(problem({"kind=joint", "setting=OST"}).find("MST only") != std::string::npos);
        QVERIFY(problem({"kind=original", "method=ft"}).find("method") != std::string::npos);
        QCOMPARE(good({"kind=joint", "method="}).method, std::string());
        QCOMPARE(good({"method=ft", "schedule.micro_batch=10"}).schedule.microBatch, int64_t(10));
    }

    void parametersOfOtherMethodsAreDroppedWithAWarning()
    {
        const auto result =
            resolve({"method=lwf", "params.M=20", "params.rkr_lr=0.1", "params.beta=2"});
        QVERIFY(result.has_value());
        QCOMPARE(result->warnings.size(), size_t(2));
        QCOMPARE(result->spec.params.M, int64_t(10));
        QCOMPARE(result->spec.params.beta, 2.0);
        const Json document = toJson(result->spec);
        QVERIFY(!document["params"].contains("M"));
        QVERIFY(document["params"].contains("distillation"));
        const auto original = resolve({"kind=original", "option=IO"});
        QCOMPARE(original->warnings.size(), size_t(1));
        QCOMPARE(original->spec.option, std::string());
        QVERIFY(toJson(original->spec)["params"].is_object());
    }

    void resolvedSpecReadsBackEqual_data()
    {
        QTest::addColumn<QStringList>("sets");
        QTest::newRow("vr-lwf") << QStringList{"method=vr-lwf", "params.beta=0.3", "seed=7"};
        QTest::newRow("geodl") << QStringList{"method=geodl", "params.geodl_dim=5", "setting=OST"};
        QTest::newRow("geodl auto") << QStringList{"method=geodl", "option=TO"};
        QTest::newRow("rkr") << QStringList{"method=rkr", "params.rkr_lr=0.002"};
        QTest::newRow("rkr null") << QStringList{"method=rkr", "params.rkr_lr=null"};
        QTest::newRow("joint") << QStringList{"kind=joint", "params.joint_sessions=all"};
        QTest::newRow("original") << QStringList{"kind=original", "setting=OST"};
    }

    void resolvedSpecReadsBackEqual()
    {
        QFETCH(QStringList, sets);
        std::vector<std::string> words;
        for (const QString& set : sets)
            words.push_back(set.toStdString());
        const RunSpec spec = good(words);
        Json document = toJson(spec);
        document["study_sha256"] = "00";
        const auto reread = parseJson(document.dump(2), "test");
        const auto back = runSpecFromJson(*reread);
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QCOMPARE(toJson(*back).dump(), toJson(spec).dump());
        QCOMPARE(configurationHash(*back), configurationHash(spec));
        QVERIFY(spec.study.is_absolute());
    }

    void configurationHashIgnoresWhatDoesNotChangeTheExperiment()
    {
        const RunSpec spec = good({"method=ft"});
        RunSpec same = spec;
        same.name = "other";
        same.seed = 5;
        same.threads = 2;
        same.device = "cpu";
        QCOMPARE(configurationHash(same), configurationHash(spec));
        RunSpec different = spec;
        different.schedule.lr = 2e-6;
        QVERIFY(configurationHash(different) != configurationHash(spec));
        RunSpec unused = spec;
        unused.params.M = 70; // FT has no pseudo sentences
        QCOMPARE(configurationHash(unused), configurationHash(spec));
    }

    // Hashes of stored runs, from before there was a key for the test split, must go on to match.
    void leavingOutTheTestSplitIsAnotherConfiguration()
    {
        const auto resolved = resolveRunSpec(
            Json{{"study", "/none/study.json"}, {"model", "/none/model"}, {"method", "ft"}}, {},
            {});
        QVERIFY(resolved.has_value());
        const RunSpec& spec = resolved->spec;
        // As the program without that key stored it (tests/golden/formats/1).
        QCOMPARE(configurationHash(spec),
                 std::string("e8ebebdd625df84b03277830e730aacac2209cb04b36f8035fc96440f3fb776b"));
        QVERIFY(toJson(spec)["evaluate"]["test"] == Json(true));
        RunSpec blind = spec;
        blind.evaluate.test = false;
        QVERIFY(configurationHash(blind) != configurationHash(spec));
        QVERIFY(problem({"method=ft", "evaluate.test=false"}).find("nothing would be evaluated") !=
                std::string::npos);
        QVERIFY(
            !good({"method=ft", "evaluate.test=false", "evaluate.validation=true"}).evaluate.test);
        QVERIFY(!good({"method=ft", "evaluate.test=false", "evaluate.after=never"}).evaluate.test);
    }

    void demoPresetHasRatesOfItsOwnAndReportsChanges()
    {
        const RunSpec demo = good({"method=vr-lwf"}, "demo");
        QVERIFY(demo.schedule.lr > 1e-5);
        QVERIFY(changesFromPreset(demo, "demo").empty());
        RunSpec changed = demo;
        changed.params.beta += 1;
        changed.seed = 9;
        const auto changes = changesFromPreset(changed, "demo");
        QCOMPARE(changes.size(), size_t(1));
        QCOMPARE(changes[0].key, std::string("params.beta"));
        QVERIFY(changes[0].presetValue == Json(demo.params.beta));
        QVERIFY(!resolve({"method=ft"}, "best").has_value());
    }

    void labelsAreThePapers()
    {
        QCOMPARE(displayLabel("method", "vr-lwf", "WM"), std::string("VR-LwF-WM"));
        QCOMPARE(displayLabel("method", "geodl", "TO"), std::string("GeoDL-TO"));
        QCOMPARE(displayLabel("original", "", ""), std::string("Original CLIP"));
        QCOMPARE(displayLabel("joint", "", "WM"), std::string("Joint-FT"));
    }
};

QTEST_APPLESS_MAIN(TestRunSpec)
#include "tst_run_spec.moc"
