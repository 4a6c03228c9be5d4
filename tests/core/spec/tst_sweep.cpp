// SPDX-License-Identifier: GPL-3.0-or-later
// Sweep files: order of trials, draws, presets, names, everything wrong at once.
#include "core/base/random_stream.h"
#include "core/spec/sweep.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <set>

using namespace clwb;
using namespace clwb::spec;

namespace
{

const SweepOverrides kPaths{{"study=/d/s.json", "model=/d/m"}, {}};

Json json(const std::string& text)
{
    const auto parsed = parseJson(text, "test");
    if (!parsed)
        qWarning("%s", parsed.error().message.c_str());
    return parsed ? *parsed : Json();
}

Sweep good(const std::string& text, const SweepOverrides& overrides = kPaths)
{
    const auto sweep = resolveSweep(json(text), "/sweeps", overrides);
    if (!sweep)
        qWarning("%s", toText(sweep.error()).c_str());
    return sweep ? *sweep : Sweep{};
}

QString problem(const Result<Sweep>& sweep)
{
    if (sweep)
        return "no error";
    return sweep.error().code == ErrorCode::Usage ? QString::fromStdString(sweep.error().message)
                                                  : "wrong code";
}

void write(const std::filesystem::path& file, const std::string& text)
{
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

} // namespace

// moc loses its place in raw strings, hence the bodies outside.
class TestSweep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gridVariesTheLastKeyFastest();
    void listTakesDottedKeysAndGroups();
    void randomDrawsDependOnSeedKeyAndTrialAlone();
    void seedsRepeatEveryTrial();
    void equalTrialsAreLeftOutAndKeepTheirNumber();
    void pathsBelongToTheFileTheyStandIn();
    void presetsSuitEachTrial();
    void refuses_data();
    void refuses();
    void saysEverythingAtOnce();
    void setsDoNotOverrideWhatIsVaried();
    void namesFit();
};

void TestSweep::gridVariesTheLastKeyFastest()
{
    const Sweep sweep = good(R"({"schema":1,"name":"n","base":{"option":"IO"},"mode":"grid",
        "grid":{"method":["lwf","vr-lwf"],"params.beta":[1,3],"seed":[0,7]}})");
    QCOMPARE(sweep.trials.size(), size_t(8));
    size_t at = 0;
    for (const char* method : {"lwf", "vr-lwf"}) {
        for (const double beta : {1.0, 3.0}) {
            for (const uint64_t seed : {0, 7}) {
                const Trial& trial = sweep.trials[at++];
                QCOMPARE(trial.number, int(at));
                QCOMPARE(trial.spec.method, std::string(method));
                QCOMPARE(trial.spec.params.beta, beta);
                QCOMPARE(trial.spec.seed, seed);
                QCOMPARE(trial.spec.option, std::string("IO"));
                QCOMPARE(trial.varied.size(), size_t(3));
            }
        }
    }
    QCOMPARE(sweep.trials[3].spec.name, std::string("LwF-IO beta=3 seed=7"));
    QCOMPARE(sweep.name, std::string("n"));
}

void TestSweep::listTakesDottedKeysAndGroups()
{
    const Sweep sweep = good(R"({"mode":"list","base":{"method":"vr-lwf","params":{"M":20}},
        "list":[{},{"params.beta":3},{"params":{"beta":4,"Ks":50}},
                {"kind":"original","method":""},{"name":"mine","option":"TO"}]})");
    QCOMPARE(sweep.trials.size(), size_t(5));
    QCOMPARE(sweep.trials[0].spec.params.beta, 1.0);
    QCOMPARE(sweep.trials[1].spec.params.beta, 3.0);
    QCOMPARE(sweep.trials[1].spec.params.M, int64_t(20));
    QCOMPARE(sweep.trials[2].spec.params.beta, 4.0);
    QCOMPARE(sweep.trials[2].spec.params.Ks, int64_t(50));
    QVERIFY(sweep.trials[2].varied == json(R"({"params.beta":4,"params.Ks":50})"));
    QCOMPARE(sweep.trials[3].spec.kind, std::string("original"));
    QCOMPARE(sweep.trials[4].spec.name, std::string("mine"));
    QCOMPARE(sweep.trials[4].spec.option, std::string("TO"));
}

void TestSweep::randomDrawsDependOnSeedKeyAndTrialAlone()
{
    const std::string text =
        R"({"mode":"random","base":{"method":"vr-lwf"},"random":{"trials":40,
        "seed":5,"space":{"params.beta":{"log_uniform":[0.1,10]},
        "params.temperature":{"uniform":[1,3]},"params.M":{"integer":[2,4]},
        "option":{"choice":["WM","IO","TO"]}}}})";
    const Sweep sweep = good(text);
    QCOMPARE(sweep.trials.size(), size_t(40));
    std::set<int64_t> lengths;
    std::set<std::string> options;
    for (const Trial& trial : sweep.trials) {
        const auto stream = [&](const char* key) {
            return RandomStream::named(5, std::string("sweep/") + key,
                                       {static_cast<uint64_t>(trial.number)});
        };
        const double beta = 0.1 * std::pow(100.0, stream("params.beta").uniform());
        QVERIFY(std::abs(trial.spec.params.beta / beta - 1) < 5.1e-6); // six digits
        const double warm = 1 + 2 * stream("params.temperature").uniform();
        QVERIFY(std::abs(trial.spec.params.temperature / warm - 1) < 5.1e-6);
        lengths.insert(trial.spec.params.M);
        options.insert(trial.spec.option);
    }
    QCOMPARE(lengths, (std::set<int64_t>{2, 3, 4}));
    QCOMPARE(options.size(), size_t(3));
    // Another key more, or more trials, leave the other draws as they were.
    Json fewer = json(text);
    fewer["random"]["trials"] = 3;
    fewer["random"]["space"].erase("params.temperature");
    const auto part = resolveSweep(fewer, "/sweeps", kPaths);
    QVERIFY(part);
    for (size_t i = 0; i < 3; ++i)
        QVERIFY(part->trials[i].varied["params.beta"] == sweep.trials[i].varied["params.beta"]);
    fewer["random"]["seed"] = 6;
    QVERIFY(resolveSweep(fewer, "/sweeps", kPaths)->trials[0].spec.params.beta !=
            sweep.trials[0].spec.params.beta);
}

void TestSweep::seedsRepeatEveryTrial()
{
    const Sweep sweep = good(R"({"mode":"list","seeds":[2,1],"base":{},
        "list":[{"method":"ft"},{"method":"lwf"}]})");
    QCOMPARE(sweep.trials.size(), size_t(4));
    QCOMPARE(sweep.trials[1].spec.method, std::string("ft"));
    QCOMPARE(sweep.trials[1].spec.seed, uint64_t(1));
    QCOMPARE(sweep.trials[2].spec.method, std::string("lwf"));
    QCOMPARE(sweep.trials[2].spec.seed, uint64_t(2));
}

void TestSweep::equalTrialsAreLeftOutAndKeepTheirNumber()
{
    const Sweep sweep =
        good(R"({"mode":"grid","base":{},"grid":{"method":["ft","lwf"],"params.beta":[1,3]}})");
    QCOMPARE(sweep.trials.size(), size_t(3));
    QCOMPARE(sweep.trials[0].number, 1);
    QCOMPARE(sweep.trials[1].number, 3);
    QVERIFY(std::find(sweep.notes.begin(), sweep.notes.end(),
                      "trial 2 comes to the same as trial 1, left out") != sweep.notes.end());
}

void TestSweep::pathsBelongToTheFileTheyStandIn()
{
    const QTemporaryDir temporary;
    const std::filesystem::path root = temporary.path().toStdString();
    write(root / "bases" / "base.json", R"({"method":"ft","study":"s.json","name":"b"})");
    write(root / "sweep.json", R"({"mode":"grid","base":"bases/base.json",
        "grid":{"model":["m1","sub/m2"]}})");
    const auto sweep = readSweep(root / "sweep.json");
    QVERIFY2(sweep, sweep ? "" : toText(sweep.error()).c_str());
    QCOMPARE(sweep->name, std::string("sweep"));
    QCOMPARE(sweep->trials[0].spec.study, root / "bases" / "s.json");
    QCOMPARE(sweep->trials[0].spec.model, root / "m1");
    QCOMPARE(sweep->trials[1].spec.model, root / "sub" / "m2");
    QCOMPARE(sweep->trials[1].spec.name, std::string("b model=m2"));
    const auto moved = readSweep(root / "sweep.json", {{"study=other.json"}, {}});
    QCOMPARE(moved->trials[0].spec.study, std::filesystem::current_path() / "other.json");
    write(root / "missing.json", R"({"mode":"list","base":"none.json","list":[{}]})");
    QVERIFY(problem(readSweep(root / "missing.json")).contains("none.json"));
}

void TestSweep::presetsSuitEachTrial()
{
    const std::string text =
        R"({"mode":"grid","base":{},"grid":{"method":["lwf","geodl"],"setting":["OST","MST"]}})";
    const Sweep paper = good(text);
    QCOMPARE(paper.trials[0].spec.schedule.epochs, int64_t(15));
    QCOMPARE(paper.trials[1].spec.schedule.epochs, int64_t(10));
    QCOMPARE(paper.trials[2].spec.params.beta, 10.0);
    SweepOverrides demo = kPaths;
    demo.preset = "demo";
    QCOMPARE(good(text, demo).trials[0].spec.schedule.lr, 2e-4);
    // What the study carries, where the file says so.
    const QTemporaryDir temporary;
    const std::filesystem::path root = temporary.path().toStdString();
    write(root / "study.json", R"({"schema":1,"name":"s","preset":"demo",
        "zero_shot":{"kind":"class_folders","root":"."}})");
    const SweepOverrides study{{"study=" + (root / "study.json").string(), "model=m"}, {}};
    Json document = json(text);
    document["preset"] = "study";
    const auto sweep = resolveSweep(document, root, study);
    QVERIFY2(sweep, sweep ? "" : toText(sweep.error()).c_str());
    QCOMPARE(sweep->trials[3].spec.schedule.lr, 2e-4);
    QVERIFY(problem(resolveSweep(document, root, kPaths)).contains("/d/s.json"));
}

void TestSweep::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("no mode") << R"({"list":[{}]})"
                             << "mode";
    QTest::newRow("mode") << R"({"mode":"all","list":[{}]})"
                          << "grid, list, random";
    QTest::newRow("part missing") << R"({"mode":"grid"})"
                                  << "grid: is needed";
    QTest::newRow("empty grid") << R"({"mode":"grid","grid":{}})"
                                << "grid: expected";
    QTest::newRow("empty values") << R"({"mode":"grid","grid":{"seed":[]}})"
                                  << "grid.seed";
    QTest::newRow("one value") << R"({"mode":"grid","grid":{"seed":3}})"
                               << "grid.seed: expected";
    QTest::newRow("value twice") << R"({"mode":"grid","grid":{"seed":[1,2,1]}})"
                                 << "1 is given";
    QTest::newRow("unknown grid key") << R"({"mode":"grid","grid":{"params.betta":[1]}})"
                                      << "did you mean 'params.beta'";
    QTest::newRow("group in grid") << R"({"mode":"grid","grid":{"params":[{}]}})"
                                   << "grid.params";
    QTest::newRow("grid range") << R"({"mode":"grid","grid":{"params.alpha":[0.5,2]}})"
                                << "grid.params.alpha[1]";
    QTest::newRow("huge grid")
        << R"({"mode":"grid","grid":{"seed":[0,1,2,3,4,5,6,7,8,9],"params.M":[1,2,3,4,5,6,7,8,9,10],
            "params.Ks":[1,2,3,4,5,6,7,8,9,10],"schedule.epochs":[1,2,3,4,5,6,7,8,9,10],
            "params.beta":[1,2]}})"
        << "more than 10000";
    QTest::newRow("empty list") << R"({"mode":"list","list":[]})"
                                << "list: expected";
    QTest::newRow("list of numbers") << R"({"mode":"list","list":[{},3]})"
                                     << "list[1]: expected";
    QTest::newRow("list key") << R"({"mode":"list","list":[{"params":{"bet":1}}]})"
                              << "list[0].params.bet: unknown key";
    QTest::newRow("list type") << R"({"mode":"list","list":[{"params.M":"ten"}]})"
                               << "list[0].params.M";
    QTest::newRow("list twice") << R"({"mode":"list","list":[{"params.M":1,"params":{"M":2}}]})"
                                << "given twice";
    QTest::newRow("no trials") << R"({"mode":"random","random":{"space":{"seed":{"choice":[1]}}}})"
                               << "random.trials";
    QTest::newRow("no space") << R"({"mode":"random","random":{"trials":2}})"
                              << "random.space";
    QTest::newRow("unknown rule")
        << R"({"mode":"random","random":{"trials":2,"space":{"params.beta":{"normal":[0,1]}}}})"
        << "log_uniform";
    QTest::newRow("low above high")
        << R"({"mode":"random","random":{"trials":2,"space":{"params.beta":{"uniform":[3,1]}}}})"
        << "low must be below";
    QTest::newRow("log of zero")
        << R"({"mode":"random","random":{"trials":2,"space":{"params.beta":{"log_uniform":[0,1]}}}})"
        << "above 0";
    QTest::newRow("ends out of range")
        << R"({"mode":"random","random":{"trials":2,"space":{"params.alpha":{"uniform":[0,3]}}}})"
        << "uniform[1]";
    QTest::newRow("fractions for a whole number")
        << R"({"mode":"random","random":{"trials":2,"space":{"params.M":{"uniform":[2,5]}}}})"
        << "integer";
    QTest::newRow("numbers for a word")
        << R"({"mode":"random","random":{"trials":2,"space":{"method":{"integer":[2,5]}}}})"
        << "choice";
    QTest::newRow("random key")
        << R"({"mode":"random","random":{"trails":2,"trials":2,"space":{"seed":{"choice":[1]}}}})"
        << "did you mean 'trials'";
    QTest::newRow("seeds and seed") << R"({"mode":"grid","seeds":[1],"grid":{"seed":[0]}})"
                                    << "seeds of their own";
    QTest::newRow("bad seeds") << R"({"mode":"list","seeds":[-1],"list":[{}]})"
                               << "seeds[0]";
    QTest::newRow("on_failure") << R"({"mode":"list","list":[{}],"on_failure":"ask"})"
                                << "continue, stop";
    QTest::newRow("preset") << R"({"mode":"list","list":[{}],"preset":"best"})"
                            << "preset";
    QTest::newRow("schema") << R"({"schema":2,"mode":"list","list":[{}]})"
                            << "schema";
    QTest::newRow("base") << R"({"mode":"list","list":[{}],"base":7})"
                          << "base: expected";
    QTest::newRow("unused part") << R"({"mode":"list","list":[{}],"grid":{"sed":[1]}})"
                                 << "did you mean 'seed'";
    QTest::newRow("unknown key") << R"({"mode":"list","list":[{}],"on_failur":"stop"})"
                                 << "did you mean 'on_failure'";
    QTest::newRow("no object") << "[1]"
                               << "expected an object";
}

void TestSweep::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, named);
    const QString message = problem(resolveSweep(json(text.toStdString()), "/sweeps", kPaths));
    QVERIFY2(message.contains(named), qPrintable(message));
}

void TestSweep::saysEverythingAtOnce()
{
    const QString text =
        problem(resolveSweep(json(R"({"nam":"x","mode":"grid","base":{"params":{"bet":1}},
            "grid":{"method":["geodl","ft"],"schedule.micro_batch":[0,4]}})"),
                             "/sweeps", {{"seed=-1"}, {}}));
    for (const char* named :
         {"nam: unknown key; did you mean 'name'?", "every trial: params.bet: unknown key",
          "every trial: seed: is -1", "every trial: study", "every trial: model",
          "trial 2 (method=geodl, schedule.micro_batch=4): "
          "schedule.micro_batch: is 4"})
        QVERIFY2(text.contains(named), qPrintable(text));
    QCOMPARE(text.count("trial 1 "), 0);
}

void TestSweep::setsDoNotOverrideWhatIsVaried()
{
    SweepOverrides overrides = kPaths;
    overrides.sets.push_back("seed=4");
    const std::string text = R"({"mode":"grid","base":{"method":"ft"},"grid":{"seed":[0,1]}})";
    QVERIFY(problem(resolveSweep(json(text), "/sweeps", overrides)).contains("--set seed"));
    overrides.sets.back() = "schedule.lr=0.5";
    QCOMPARE(good(text, overrides).trials[1].spec.schedule.lr, 0.5);
}

void TestSweep::namesFit()
{
    Json document = json(R"({"mode":"list","base":{"method":"ft"},"list":[{}]})");
    document["base"]["name"] = std::string(199, 'a') + "ä";
    QVERIFY(problem(resolveSweep(document, "/sweeps", kPaths)).contains("name"));
    document["base"]["name"] = std::string(196, 'a') + "ä";
    document["list"][0]["seed"] = 5;
    const auto sweep = resolveSweep(document, "/sweeps", kPaths);
    QVERIFY(sweep);
    QCOMPARE(sweep->trials[0].spec.name, std::string(196, 'a') + "ä s");
    document["base"]["name"] = std::string(190, 'a') + " seed";
    document["list"][0] = json(R"({"study":"ä/ö/üüüüüüüüüüüüüü"})");
    const auto cut = resolveSweep(document, "/sweeps", {{"model=m"}, {}});
    QVERIFY(cut && cut->trials[0].spec.name.size() <= 200);
    QVERIFY(QString::fromStdString(cut->trials[0].spec.name).toUtf8().toStdString() ==
            cut->trials[0].spec.name);
}

QTEST_APPLESS_MAIN(TestSweep)
#include "tst_sweep.moc"
