// SPDX-License-Identifier: GPL-3.0-or-later
// The filter language: which of five runs each text lets through.
#include "ui/models/run_filter.h"

#include <QTest>

using namespace clwb;
using ui::RunFilter;

namespace
{

store::RunRow makeRun(int64_t id, const char* method, const char* option, const char* setting,
                      double ut, double zs, std::vector<std::string> tags)
{
    store::RunRow run;
    run.runId = id;
    run.kind = "method";
    run.method = method;
    run.option = option;
    run.setting = setting;
    run.status = "finished";
    run.name = "run " + std::to_string(id);
    run.tags = std::move(tags);
    run.metrics = {{"UT-Acc (session mean)", ut}, {"UT-Acc (overall)", ut + 20}, {"ZS-Acc", zs}};
    return run;
}

std::vector<store::RunRow> fiveRuns()
{
    return {makeRun(1, "ft", "WM", "MST", 40, 25, {"demo"}),
            makeRun(2, "lwf", "WM", "MST", 42, 33, {"demo", "paper"}),
            makeRun(3, "vr-lwf", "WM", "MST", 44, 61, {"paper"}),
            makeRun(4, "vr-lwf", "IO", "OST", 45, 60, {}),
            makeRun(5, "imm", "TO", "MST", 30, 62, {"other"})};
}

} // namespace

class TestRunFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void letsTheRightRunsThrough_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("nothing") << ""
                                 << "12345";
        QTest::newRow("exact method") << "method:lwf"
                                      << "2";
        QTest::newRow("number like a key") << "id:3"
                                           << "3";
        QTest::newRow("metric like a key") << "zs:61"
                                           << "3";
        QTest::newRow("not that number") << "-id:3"
                                         << "1245";
        QTest::newRow("case") << "METHOD:VR-LwF"
                              << "34";
        QTest::newRow("word in label") << "lwf"
                                       << "234";
        QTest::newRow("number") << "zs>60"
                                << "35";
        QTest::newRow("at least") << "zs>=60"
                                  << "345";
        QTest::newRow("UT of OST is overall") << "ut>60"
                                              << "4";
        QTest::newRow("tag") << "tag:paper"
                             << "23";
        QTest::newRow("and") << "method:vr-lwf zs>60 tag:paper"
                             << "3";
        QTest::newRow("not") << "-tag:demo"
                             << "345";
        QTest::newRow("pattern") << "/run [12]/"
                                 << "12";
        QTest::newRow("quoted") << "name:\"run 5\""
                                << "5";
        QTest::newRow("missing value never matches") << "bwt>-100"
                                                     << "";
        QTest::newRow("unfinished comparison") << "zs>"
                                               << "12345";
        QTest::newRow("unfinished key") << "tag:"
                                        << "12345";
        QTest::newRow("unfinished pattern") << "/run ["
                                            << "12345";
        QTest::newRow("id") << "id<3"
                            << "12";
    }

    void letsTheRightRunsThrough()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        const RunFilter::Parsed parsed = RunFilter::parse(text);
        QCOMPARE(parsed.problem, QString());
        QString passed;
        for (const store::RunRow& run : fiveRuns()) {
            if (parsed.filter.matches(run))
                passed += QString::number(run.runId);
        }
        QCOMPARE(passed, shown);
    }

    void namesWhatIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("named");
        QTest::newRow("pattern") << "/(/"
                                 << "/(/";
        QTest::newRow("key") << "methd:ft"
                             << "methd";
        QTest::newRow("metric") << "foo>3"
                                << "foo";
        QTest::newRow("number") << "zs>abc"
                                << "abc";
    }

    void namesWhatIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(QString, named);
        const QString problem = RunFilter::parse(text).problem;
        QVERIFY2(problem.contains(named), qPrintable(problem));
    }

    void completesKeysAndValues()
    {
        const QStringList words = ui::filterCompletions(fiveRuns());
        for (const char* word : {"method:vr-lwf", "tag:paper", "zs>", "setting:OST"})
            QVERIFY2(words.contains(QLatin1StringView(word)), word);
    }
};

QTEST_GUILESS_MAIN(TestRunFilter)
#include "tst_run_filter.moc"
