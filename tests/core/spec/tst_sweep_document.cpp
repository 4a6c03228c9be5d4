// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep file made of resolved trials comes to the same trials, wherever it is read.
#include "core/spec/sweep_document.h"

#include <QTest>

using namespace clwb;
using namespace clwb::spec;

namespace
{

Sweep resolved(const std::string& text, const std::string& preset = {})
{
    const auto document = parseJson(text, "test");
    const auto sweep =
        document ? resolveSweep(*document, "/sweeps", {{"study=/d/s.json", "model=/d/m"}, preset})
                 : Result<Sweep>(Failure(document.error()));
    if (!sweep)
        qWarning("%s", toText(sweep.error()).c_str());
    return sweep ? *sweep : Sweep{};
}

} // namespace

// moc loses its place in raw strings, hence the bodies outside.
class TestSweepDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesToTheSameTrials_data();
    void comesToTheSameTrials();
    void sharesWhatIsEqual();
    void refusesNumbersThatItCannotKeep();
};

void TestSweepDocument::comesToTheSameTrials_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("preset");
    const QString methods = R"({"name":"a/b \"c\"","mode":"grid","on_failure":"stop",
        "grid":{"method":["ft","lwf","vr-lwf","rkr","imm","geodl"],"setting":["MST","OST"],
                "seed":[0,7]}})";
    QTest::newRow("all methods") << methods << QString();
    QTest::newRow("with the preset for each") << methods << QStringLiteral("paper");
    QTest::newRow("original and joint")
        << QStringLiteral(R"({"mode":"list","list":[{"kind":"original","method":""},
            {"kind":"joint","method":""},{"method":"lwf","params.beta":0.3,"name":"mine"}]})")
        << QString();
    QTest::newRow("numbers are missing") << QStringLiteral(R"({"mode":"list","base":{"method":"ft"},
            "list":[{},{"option":"WM"},{},{"seed":3},{"seed":3},{"seed":4}]})")
                                         << QString();
    QTest::newRow("one trial") << QStringLiteral(R"({"mode":"list","list":[{"method":"ft"}]})")
                               << QString();
}

void TestSweepDocument::comesToTheSameTrials()
{
    QFETCH(QString, text);
    QFETCH(QString, preset);
    const Sweep sweep = resolved(text.toStdString(), preset.toStdString());
    QVERIFY(!sweep.trials.empty());
    const auto document = sweepDocument("the \"name\"", sweep.onFailure, sweep.trials);
    QVERIFY2(document.has_value(), document ? "" : toText(document.error()).c_str());
    // As a file that is read in another folder.
    const auto parsed = parseJson(document->dump(1), "file");
    QVERIFY(parsed.has_value());
    const auto again = resolveSweep(*parsed, "/elsewhere");
    QVERIFY(again.has_value());
    QCOMPARE(again->name, std::string("the \"name\""));
    QCOMPARE(int(again->onFailure), int(sweep.onFailure));
    QCOMPARE(again->trials.size(), sweep.trials.size());
    for (size_t at = 0; at < sweep.trials.size(); ++at) {
        const Trial& expected = sweep.trials[at];
        const Trial& trial = again->trials[at];
        QCOMPARE(trial.number, expected.number);
        QCOMPARE(trial.spec.name, expected.spec.name);
        QCOMPARE(trial.spec.study.string(), std::string("/d/s.json"));
        QCOMPARE(configurationHash(trial.spec), configurationHash(expected.spec));
        QCOMPARE(toJson(trial.spec).dump(), toJson(expected.spec).dump());
    }
}

void TestSweepDocument::sharesWhatIsEqual()
{
    const Sweep sweep = resolved(R"({"base":{"method":"lwf"},"mode":"grid",
        "grid":{"params.beta":[1,3]}})");
    const auto document = sweepDocument("n", sweep.onFailure, sweep.trials);
    QVERIFY(document.has_value());
    QCOMPARE(document->at("base").at("study").get<std::string>(), std::string("/d/s.json"));
    for (size_t at = 0; at < 2; ++at) {
        const Json& entry = document->at("list").at(at);
        QCOMPARE(entry.size(), size_t(2)); // name and β
        QCOMPARE(entry.at("params.beta").get<double>(), at == 0 ? 1.0 : 3.0);
    }
}

void TestSweepDocument::refusesNumbersThatItCannotKeep()
{
    Sweep sweep = resolved(R"({"mode":"list","list":[{"method":"ft"}]})");
    sweep.trials.front().number = 2; // the first of equal trials is always number 1
    const auto document = sweepDocument("n", sweep.onFailure, sweep.trials);
    QVERIFY(!document.has_value());
    QVERIFY(document.error().code == ErrorCode::Data);
    QVERIFY(document.error().message.find("n cannot be written") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestSweepDocument)
#include "tst_sweep_document.moc"
