// SPDX-License-Identifier: GPL-3.0-or-later
// Search files: usual grids, candidates that cannot see the test split, refinement, refusals.
#include "core/spec/sweep.h"

#include <QTest>

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

Search search(const std::string& text)
{
    const auto found = resolveSearch(json(text), "/sweeps", kPaths);
    if (!found)
        qWarning("%s", toText(found.error()).c_str());
    return found ? *found : Search{};
}

QString searchProblem(const std::string& text, SweepOverrides overrides = kPaths)
{
    const auto found = resolveSearch(json(text), "/sweeps", overrides);
    return found ? "no error" : QString::fromStdString(found.error().message);
}

} // namespace

class TestSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void searchHasTheUsualGrids_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<QList<double>>("values");
        QTest::newRow("imm") << "imm"
                             << "params.alpha"
                             << QList<double>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
        QTest::newRow("lwf") << "lwf"
                             << "params.beta" << QList<double>{0.1, 0.3, 1, 3, 10};
        QTest::newRow("vr-lwf") << "vr-lwf"
                                << "params.beta" << QList<double>{0.1, 0.3, 1, 3, 10};
        QTest::newRow("geodl") << "geodl"
                               << "params.beta" << QList<double>{1, 3, 10, 30, 100};
    }

    void searchHasTheUsualGrids()
    {
        QFETCH(QString, method);
        QFETCH(QString, parameter);
        QFETCH(QList<double>, values);
        const Search found = search(R"({"base":{"method":")" + method.toStdString() + R"("}})");
        QCOMPARE(QString::fromStdString(found.parameter), parameter);
        QCOMPARE(QList<double>(found.values.begin(), found.values.end()), values);
        QVERIFY(!found.refine);
    }

    void candidatesNeverSeeTheTestSplit()
    {
        const Search found = search(R"({"base":{"method":"lwf","checkpoints":"all","evaluate":
            {"after":"session","what":["ut","zs","retrieval"]}},"values":[2,0.5],"refine":true})");
        const Trial candidate = candidateOf(found, 2, 4);
        QCOMPARE(candidate.number, 4);
        QCOMPARE(candidate.spec.params.beta, 2.0);
        QVERIFY(!candidate.spec.evaluate.test && candidate.spec.evaluate.validation);
        QCOMPARE(candidate.spec.evaluate.what, (std::vector<std::string>{"ut", "zs"}));
        QCOMPARE(candidate.spec.checkpoints, std::string("last"));
        const Trial winner = winnerOf(found, 0.5, 9);
        QVERIFY(winner.spec.evaluate.test && !winner.spec.evaluate.validation);
        QCOMPARE(winner.spec.params.beta, 0.5);
        QCOMPARE(winner.spec.checkpoints, std::string("all"));
        QCOMPARE(winner.spec.evaluate.what.size(), size_t(3));
        QVERIFY(winner.spec.name != candidate.spec.name);
    }

    void refinesByTheRootOfThree()
    {
        const Search beta = search(R"({"base":{"method":"lwf"},"values":[1,3]})");
        QCOMPARE(refinedValues(beta, 3), (std::vector<double>{1.73205, 5.19615}));
        // α ends at 1, and a value that was tried is not tried again.
        const Search alpha = search(R"({"base":{"method":"imm"},"values":[0.9,0.519615]})");
        QCOMPARE(refinedValues(alpha, 0.9), std::vector<double>{});
        const Search whole =
            search(R"({"base":{"method":"vr-lwf"},"parameter":"params.M","values":[10,1]})");
        QCOMPARE(refinedValues(whole, 10), (std::vector<double>{6, 17}));
        QCOMPARE(candidateOf(whole, 6, 1).spec.params.M, int64_t(6));
    }

    void immInOneSessionTrainsOnce()
    {
        const Search one = search(R"({"base":{"method":"imm","setting":"OST","option":"IO"}})");
        QVERIFY(one.needsOneTraining());
        const Trial training = trainingOf(one, 1);
        QCOMPARE(training.spec.method, std::string("ft"));
        QCOMPARE(training.spec.option, std::string("IO"));
        QCOMPARE(training.spec.schedule.epochs, int64_t(15));
        QVERIFY(!training.spec.evaluate.test);
        QVERIFY(!search(R"({"base":{"method":"imm"}})").needsOneTraining());
        QVERIFY(!search(R"({"base":{"method":"lwf","setting":"OST"}})").needsOneTraining());
    }

    void searchRefuses()
    {
        const auto refused = [](const std::string& text, const char* named) {
            const QString message = searchProblem(text);
            QVERIFY2(message.contains(named), qPrintable(message));
        };
        refused(R"({"base":{"method":"ft"}})", "parameter: is needed");
        refused(R"({"base":{"method":"ft"},"parameter":"params.beta"})", "not used by method");
        refused(R"({"base":{"method":"lwf"},"parameter":"params.bet"})",
                "did you mean 'params.beta'");
        refused(R"({"base":{"method":"lwf"},"parameter":"option"})", "nothing that a search");
        refused(R"({"base":{"method":"lwf"},"parameter":"seed","values":[1]})", "nothing that");
        refused(R"({"base":{"method":"lwf"},"parameter":"schedule.lr"})", "values: are needed");
        refused(R"({"base":{"method":"imm"},"values":[0.5,1.5]})", "values[1]");
        refused(R"({"base":{"method":"imm"},"values":[]})", "values: expected");
        refused(R"({"base":{"method":"imm"},"value":[0.1]})", "did you mean 'values'");
        refused(R"({"base":{"kind":"joint"}})", "a search trains a method");
        refused(R"({"base":{"method":"lwf","evaluate":{"test":false,"validation":true}}})",
                "evaluate.test");
        SweepOverrides overrides = kPaths;
        overrides.sets.push_back("params.beta=2");
        QVERIFY(
            searchProblem(R"({"base":{"method":"lwf"}})", overrides).contains("--set params.beta"));
    }
};

QTEST_APPLESS_MAIN(TestSearch)
#include "tst_search.moc"
