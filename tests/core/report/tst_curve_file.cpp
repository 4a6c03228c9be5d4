// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of other programs: JSON lines, tables with steps, event files, and what is wrong with them.
#include "core/report/curve_file.h"

#include <QtTest>

#include <cmath>

using namespace clwb;
using namespace clwb::report;

namespace
{

std::string names(const CurveFile& file)
{
    std::string text;
    for (const ScalarSeries& series : file.series)
        text += series.tag + ";";
    return text;
}

} // namespace

class TestCurveFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsJsonLines()
    {
        const auto file = readJsonLines("{\"step\": 3, \"loss\": 0.5, \"note\": \"x\"}\n"
                                        "\r\n"
                                        "{\"step\": 7, \"loss\": \"NaN\", \"val\": {\"acc\": 1}}",
                                        "log.jsonl");
        QVERIFY(file);
        QCOMPARE(names(*file), std::string("loss;val.acc;"));
        QCOMPARE(file->series[0].points.size(), size_t{2});
        QCOMPARE(file->series[0].points[0].step, int64_t{3});
        QCOMPARE(file->series[0].points[0].value, 0.5);
        QVERIFY(std::isnan(file->series[0].points[1].value));
        QCOMPARE(file->series[1].points[0].step, int64_t{7});
    }

    void countsLinesWhereNoStepIsGiven()
    {
        const auto file = readJsonLines("{\"loss\": 2}\n{\"loss\": 1}\n", "log");
        QVERIFY(file);
        QCOMPARE(file->series[0].points[0].step, int64_t{1});
        QCOMPARE(file->series[0].points[1].step, int64_t{2});
    }

    void namesTheLineOfAProblem_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("{\"loss\": 1}\n{\"loss\": \n");
        QTest::newRow("no object") << QByteArray("{\"loss\": 1}\n[1, 2]\n");
        QTest::newRow("half a step") << QByteArray("{\"loss\": 1}\n{\"step\": 1.5}\n");
        QTest::newRow("negative step") << QByteArray("{\"loss\": 1}\n{\"step\": -1}\n");
        QTest::newRow("step as text") << QByteArray("{\"loss\": 1}\n{\"step\": \"2\"}\n");
        QTest::newRow("huge step") << QByteArray("{\"loss\": 1}\n{\"step\": 1e300}\n");
    }

    void namesTheLineOfAProblem()
    {
        QFETCH(QByteArray, text);
        const auto file = readJsonLines(text.toStdString(), "log.jsonl");
        QVERIFY(!file);
        QVERIFY2(file.error().message.find("log.jsonl, line 2") != std::string::npos,
                 file.error().message.c_str());
    }

    void takesTheNumericColumnsOfATable()
    {
        const auto table =
            readCsv("epoch,global_step,loss,who\n1,10,0.5,a\n1,20,,b\n2,30,0.25,c\n", "table.csv");
        QVERIFY(table);
        QVERIFY(hasSteps(*table));
        const auto file = curvesOfTable(*table, "table.csv");
        QVERIFY(file);
        QCOMPARE(names(*file), std::string("epoch;loss;"));
        QCOMPARE(file->series[1].points.size(), size_t{2}); // the empty cell is a gap
        QCOMPARE(file->series[1].points[1].step, int64_t{30});
        QCOMPARE(file->notes.size(), size_t{1});
        QVERIFY(file->notes[0].find("who") != std::string::npos);
    }

    void tellsTheKindsApart()
    {
        const ScalarSeries loss{"loss", {{1, 0, 0.5}}};
        for (const std::string& text :
             {writeEventFile(std::span(&loss, 1)), std::string("  {\"step\": 1, \"loss\": 0.5}"),
              std::string("step;loss\n1;0.5\n")}) {
            const auto file = readCurveFile(text, "log");
            QVERIFY2(file, file ? "" : file.error().message.c_str());
            QCOMPARE(names(*file), std::string("loss;"));
            QCOMPARE(file->series[0].points[0].value, 0.5);
        }
        QVERIFY(!readCurveFile("roses,violets\nred,blue\n", "poem"));
        QVERIFY(!readCurveFile("{\"note\": \"nothing\"}", "empty"));
        QVERIFY(!readCurveFile("", "nothing"));
    }

    void saysThatAnEventFileIsCutOff()
    {
        const ScalarSeries loss{"loss", {{1, 0, 0.5}, {2, 0, 0.25}}};
        std::string events = writeEventFile(std::span(&loss, 1));
        events.pop_back();
        const auto file = readCurveFile(events, "log");
        QVERIFY(file);
        QCOMPARE(file->series[0].points.size(), size_t{1});
        QCOMPARE(file->notes.size(), size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestCurveFile)
#include "tst_curve_file.moc"
