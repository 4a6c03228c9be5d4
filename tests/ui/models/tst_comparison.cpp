// SPDX-License-Identifier: GPL-3.0-or-later
// Values of the Compare page: seeds, gaps, choice, trade-off, matrices, classes, parameters. All
// expected numbers are worked out by hand or by a naive loop.
#include "ui/models/candidate_model.h"
#include "ui/models/class_comparison.h"
#include "ui/models/compared_list_model.h"
#include "ui/models/comparison.h"
#include "ui/models/comparison_choice.h"
#include "ui/models/data_sort_proxy.h"
#include "ui/models/matrix_comparison.h"
#include "ui/models/parameter_table.h"
#include "ui/models/trade_off.h"
#include "ui/shell/theme.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <numeric>
#include <random>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

report::ReportRun makeRun(int64_t id, const char* method, const char* option, int64_t seed,
                          double zs)
{
    report::ReportRun run;
    run.runId = id;
    run.method = method;
    run.option = option;
    run.setting = "MST";
    run.seed = seed;
    run.configuration = std::string(method) + option;
    run.study = "/data/demo/study.json";
    run.series[0] = {{"ZS-Acc", 50}, {"UT-Acc (session mean)", 20}};
    run.series[2] = {{"ZS-Acc", zs}, {"UT-Acc (session mean)", 40}, {"A-Acc", (zs + 40) / 2}};
    run.metrics = run.series[2];
    return run;
}

store::RunRow makeRow(int64_t id, const char* kind, const char* method, const char* option,
                      const char* status = "finished", const char* setting = "MST")
{
    store::RunRow row;
    row.runId = id;
    row.kind = kind;
    row.method = method;
    row.option = option;
    row.setting = setting;
    row.status = status;
    row.study = row.status == "reported" ? "" : "/data/demo/study.json";
    row.origin = row.status == "reported" ? "paper" : "local";
    row.name = row.method + "-" + row.option + ", MST, seed " + std::to_string(id);
    row.lastSession = 8;
    row.metrics = {{"ZS-Acc", 40}};
    return row;
}

metrics::EvaluationRecord makeRecord(int session, std::vector<int64_t> hits, int64_t zsHits)
{
    metrics::EvaluationRecord record;
    record.session = session;
    metrics::UtRecord ut;
    ut.classes = {"dog", "cat"};
    ut.sessionOfClass = {1, 2};
    ut.confusion = {{hits[0], 10 - hits[0]}, {10 - hits[1], hits[1]}};
    record.ut = ut;
    record.zs = metrics::ZsRecord{{"fox"}, {zsHits}, {20}};
    return record;
}

/// The definition, point against point.
std::vector<size_t> naiveFront(const std::vector<QPointF>& points)
{
    std::vector<size_t> front;
    for (size_t a = 0; a < points.size(); ++a) {
        bool isBeaten = std::isnan(points[a].x()) || std::isnan(points[a].y());
        for (size_t b = 0; b < points.size(); ++b) {
            const bool isAsGood = points[b].x() >= points[a].x() && points[b].y() >= points[a].y();
            const bool isBetter = points[b].x() > points[a].x() || points[b].y() > points[a].y();
            isBeaten |= isAsGood && (isBetter || b < a);
        }
        if (!isBeaten)
            front.push_back(a);
    }
    std::sort(front.begin(), front.end(),
              [&](size_t a, size_t b) { return points[a].x() < points[b].x(); });
    return front;
}

} // namespace

class TestComparison : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void estimatesMeanAndDeviation()
    {
        // 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, sample deviation sqrt(13).
        const Estimate estimate = estimateOf({2, NAN, 4, 9, INFINITY});
        QCOMPARE(estimate.count, 3);
        QCOMPARE(estimate.mean, 5.0);
        QVERIFY(std::abs(estimate.std - std::sqrt(13.0)) < 1e-12);
        QVERIFY(!estimateOf({NAN}).isKnown() && std::isnan(estimateOf({}).mean));
        QCOMPARE(estimateOf({7}).std, 0.0);
    }

    void joinsSeedsAndKeepsGaps()
    {
        std::vector<report::ReportRun> runs{makeRun(11, "ft", "WM", 0, 30),
                                            makeRun(12, "ft", "WM", 1, 34),
                                            makeRun(13, "vr-lwf", "WM", 0, 44)};
        runs[0].series[1] = {{"UT-Acc (session mean)", 30}}; // evaluated, without ZS-Acc
        const std::vector<ComparedEntry> entries = entriesOf(runs);
        QCOMPARE(entries.size(), size_t{2});
        const ComparedEntry& ft = entries[0];
        QCOMPARE(ft.id, u"11"_s);
        QCOMPARE(ft.label, u"FT-WM"_s);
        QCOMPARE(ft.sourceText(), u"MST · 2 seeds"_s);
        QCOMPARE(lastValue(ft, "ZS-Acc").mean, 32.0);
        const report::Band band = bandOfMetric(ft, "ZS-Acc");
        QCOMPARE(band.x, (std::vector<double>{0, 1, 2}));
        QVERIFY(std::isnan(band.mean[1])); // a gap, neither 0 nor drawn across
        QCOMPARE(band.mean[2], 32.0);
        QVERIFY(std::abs(band.std[2] - std::sqrt(8.0)) < 1e-12);
        QCOMPARE(band.count, (std::vector<int>{2, 0, 2}));
    }

    void tellsEqualMethodsApartInColourAndLabel()
    {
        std::vector<report::ReportRun> runs;
        for (int64_t id = 1; id <= 4; ++id) {
            runs.push_back(makeRun(id, "vr-lwf", "WM", 0, 40));
            runs.back().configuration = std::to_string(id);
            runs.back().params["params.M"] = std::to_string(id * 10);
        }
        const std::vector<ComparedEntry> entries = entriesOf(runs);
        QCOMPARE(entries[1].label, u"VR-LwF-WM (M 20)"_s);
        QSet<QRgb> colours;
        for (const ComparedEntry& entry : entries) {
            const QColor colour = colourOf(entry);
            colours.insert(colour.rgb());
            for (const Theme& theme : {lightTheme(), darkTheme()})
                QVERIFY(contrast(colour, theme.card) >= kLineContrast - 0.05);
        }
        QCOMPARE(colours.size(), 4);
    }

    void choosesOneConfigurationAMethod()
    {
        std::vector<store::RunRow> rows{makeRow(1, "method", "ft", "WM", "reported"),
                                        makeRow(59, "method", "ft", "WM"),
                                        makeRow(60, "method", "ft", "WM"),
                                        makeRow(62, "method", "vr-lwf", "WM"),
                                        makeRow(63, "method", "vr-lwf", "WM"),
                                        makeRow(64, "method", "vr-lwf", "WM"),
                                        makeRow(65, "method", "ft", "IO"),
                                        makeRow(66, "method", "lwf", "WM", "failed"),
                                        makeRow(71, "original", "", "")};
        const ConfigurationHashes hashes{{59, "f"}, {60, "f"}, {62, "m20"}, {63, "v"},
                                         {64, "v"}, {65, "i"}, {66, "l"},   {71, "o"}};
        // The VR-LwF with two seeds, not the variant; no IO, nothing failed, nothing reported.
        QCOMPARE(defaultChoice(rows, hashes), (std::vector<int64_t>{59, 60, 63, 64, 71}));
        // Only the paper is there.
        rows.resize(1);
        QCOMPARE(defaultChoice(rows, {}), (std::vector<int64_t>{1}));
        QVERIFY(defaultChoice({}, {}).empty());
    }

    void turnsToWhatWasMadeHere()
    {
        std::vector<store::RunRow> rows{
            makeRow(1, "method", "ft", "WM"), makeRow(2, "method", "vr-lwf", "WM"),
            makeRow(11, "original", "", ""), makeRow(12, "method", "ft", "IO"),
            makeRow(13, "method", "rkr", "WM", "running")};
        for (size_t own = 2; own < rows.size(); ++own)
            rows[own].study = "/data/mine/study.json";
        const std::vector<int64_t> earlier{1, 2};
        QCOMPARE(choiceAround(rows, {}, {}), earlier);
        QCOMPARE(choiceAround(rows, {}, {11}), earlier); // nothing was trained yet
        QCOMPARE(choiceAround(rows, {}, {13}), earlier); // nor has it come to its end
        QCOMPARE(choiceAround(rows, {}, {11, 12, 13}), (std::vector<int64_t>{11, 12}));
        rows.clear();
        std::vector<int64_t> all(kMostCompared + 5);
        std::iota(all.begin(), all.end(), 1);
        for (const int64_t id : all)
            rows.push_back(makeRow(id, "method", "ft", "IO"));
        // The newest is among them, the first ones are not.
        QCOMPARE(choiceAround(rows, {}, all), (std::vector<int64_t>(all.begin() + 5, all.end())));
    }

    void namesCandidatesWithoutTheirSeed()
    {
        const std::vector<store::RunRow> rows{makeRow(1, "method", "ft", "WM"),
                                              makeRow(2, "method", "ft", "WM"),
                                              makeRow(3, "method", "rkr", "WM", "running")};
        const auto candidates = candidatesOf(rows, {{1, "f"}, {2, "f"}, {3, "r"}});
        QCOMPARE(candidates.size(), size_t{2});
        QCOMPARE(candidates[0].name, u"ft-WM, MST"_s);
        QCOMPARE(candidates[0].detail, u"FT-WM · MST · 2 runs · demo · #1, #2"_s);
        QCOMPARE(candidates[1].name, u"#3 rkr-WM, MST, seed 3"_s);
    }

    void readsWeightPathsFromNotes()
    {
        std::vector<store::RunRow> rows{makeRow(1, "method", "imm", "WM")};
        for (const auto& [id, alpha] : {std::pair{5, "0.75"}, {4, "0.5"}}) {
            rows.push_back(makeRow(id, "method", "imm", "WM"));
            rows.back().notes =
                std::string("(1 − α)·before + α·after of run 1, α = ") + alpha + "; no training";
            rows.back().metrics = {{"UT-Acc (session mean)", 10.0 * id}, {"ZS-Acc", 50}};
        }
        const auto points = pathPoints(rows, {1});
        QCOMPARE(points.size(), size_t{2});
        QCOMPARE(points[0].alpha, 0.5);
        QCOMPARE(points[0].ut, 40.0);
        QVERIFY(pathPoints(rows, {2}).empty());
    }

    void findsTheParetoFront()
    {
        const std::vector<QPointF> points{{1, 5}, {2, 4}, {2, 4}, {3, 1}, {1, 4}, {NAN, 9}};
        QCOMPARE(paretoFront(points), (std::vector<size_t>{0, 1, 3}));
        QVERIFY(paretoFront({}).empty());
        std::mt19937 random(7);
        for (int round = 0; round < 200; ++round) {
            std::vector<QPointF> cloud;
            for (int at = 0; at < round % 12; ++at)
                cloud.emplace_back(static_cast<double>(random() % 6),
                                   static_cast<double>(random() % 6));
            QCOMPARE(paretoFront(cloud), naiveFront(cloud));
        }
    }

    void drawsLinesOfEqualMean()
    {
        const auto lines = isoLines(20, 60, 30, 50, 4);
        QVERIFY(lines.size() >= 3);
        for (const IsoLine& line : lines) {
            for (const QPointF& end : {line.from, line.to}) {
                QVERIFY(std::abs((end.x() + end.y()) / 2 - line.level) < 1e-9);
                QVERIFY(end.x() >= 20 - 1e-9 && end.x() <= 60 + 1e-9);
                QVERIFY(end.y() >= 30 - 1e-9 && end.y() <= 50 + 1e-9);
            }
            QVERIFY(line.from.x() < line.to.x());
        }
        QVERIFY(isoLines(5, 5, 0, 1, 4).empty());
    }

    void subtractsMatrices()
    {
        ComparedEntry entry;
        entry.runs = {makeRun(1, "ft", "WM", 0, 1), makeRun(2, "ft", "WM", 1, 1)};
        entry.runs[0].matrix = {{1, {80, std::nullopt}}, {2, {60, 90}}};
        entry.runs[1].matrix = {{1, {90, 10}}, {2, {70, 80}}};
        const SessionMatrix mean = meanMatrix(entry);
        QCOMPARE(mean.at(1)[0], std::optional(85.0));
        QCOMPARE(mean.at(1)[1], std::optional(10.0)); // of the one seed that has it
        const SessionMatrix difference = differenceOf(mean, {{2, {65.5, std::nullopt}}});
        QVERIFY(!difference.contains(1));
        QCOMPARE(difference.at(2)[0], std::optional(0.5));
        QVERIFY(!difference.at(2)[1]);
        // Means of the last rows: (65 + 85)/2 and 65.5.
        const DataTable last = finalRowTable(mean, {{2, {65.5, std::nullopt}}});
        QCOMPARE(last.rows.back()[1].number, std::optional(75.0));
        QCOMPARE(last.rows.back()[3].number, std::optional(-9.5));
        QCOMPARE(last.rows[1][3].text, u"—"_s);
    }

    void comparesClasses()
    {
        const RunRecords a{{0, makeRecord(0, {2, 3}, 10)},
                           {1, makeRecord(1, {9, 3}, 8)},
                           {2, makeRecord(2, {5, 8}, 6)}};
        RunRecords b = a;
        b[2] = makeRecord(2, {8, 6}, 9);
        const RunRecords second{{0, makeRecord(0, {4, 3}, 10)}, {2, makeRecord(2, {7, 8}, 6)}};
        // dog in A: 20 and 40 before, 50 and 70 after; when learned only the first seed knows 90.
        auto classes = compareClasses({a, second}, {b}, Since::Training);
        QCOMPARE(classes.size(), size_t{3});
        QCOMPARE(classes[0].a.before, std::optional(30.0));
        QCOMPARE(classes[0].a.after, std::optional(60.0));
        QCOMPARE(classes[0].b.change(), std::optional(60.0));
        QCOMPARE(classes[0].difference(), std::optional(20.0));
        QCOMPARE(classes[2].name, std::string("fox"));
        QCOMPARE(classes[2].session, 0);
        QCOMPARE(classes[2].a.change(), std::optional(-20.0));
        classes = compareClasses({a, second}, {b}, Since::Learned);
        QCOMPARE(classes[0].a.before, std::optional(90.0));
        QCOMPARE(classes[1].b.change(), std::optional(0.0));
        QVERIFY(!compareClasses({}, {b}, Since::Training)[0].a.after);
        const DataTable table =
            classTable(classes, u"FT"_s, u"VR"_s, Since::Learned, ClassSet::ZeroShot);
        QCOMPARE(table.rows.size(), size_t{1});
        QVERIFY(csvOf(table).startsWith("class,session,A FT before,"_L1));
    }

    void showsOnlyWhatDiffers()
    {
        std::vector<report::ReportRun> runs{makeRun(1, "ft", "WM", 0, 30),
                                            makeRun(2, "vr-lwf", "WM", 3, 44)};
        for (report::ReportRun& run : runs)
            run.params = {{"schedule.epochs", "3"}, {"seed", "1"}, {"name", "\"x\""}};
        runs[1].params["params.M"] = "10";
        const std::vector<ComparedEntry> entries = entriesOf(runs);
        const std::vector<const ComparedEntry*> shown{&entries[0], &entries[1]};
        const DataTable table = parameterTable(shown, WhichParameters::Differing);
        const QString csv = csvOf(table);
        QVERIFY2(csv.contains("M,,10"_L1) && csv.contains("Method,ft,vr-lwf"_L1), qPrintable(csv));
        QVERIFY2(!csv.contains("epochs"_L1, Qt::CaseInsensitive) && !csv.contains("seed"_L1),
                 qPrintable(csv));
        QCOMPARE(equalParameters(shown), 4); // kind, option, setting, epochs
        QVERIFY(parameterTable(shown, WhichParameters::All).rows.size() == table.rows.size() + 4);
        const DataTable turned = transposed(table);
        QCOMPARE(turned.rows.size(), size_t{2});
        QCOMPARE(turned.rows[1][0].text, u"VR-LwF-WM"_s);
        QVERIFY(parameterTable({}, WhichParameters::All).rows.size() == 1);
    }

    void keepsTheContractOfModels()
    {
        const auto mode = QAbstractItemModelTester::FailureReportingMode::QtTest;
        ComparedListModel list;
        const QAbstractItemModelTester listTester(&list, mode);
        auto comparison = std::make_shared<Comparison>();
        comparison->entries =
            entriesOf({makeRun(1, "ft", "WM", 0, 30), makeRun(2, "rkr", "WM", 0, 31)});
        list.setComparison(comparison);
        QSignalSpy resets(&list, &QAbstractItemModel::modelReset);
        auto hidden = std::make_shared<Comparison>(*comparison);
        hidden->hidden.insert(u"1"_s);
        list.setComparison(hidden);
        QCOMPARE(resets.size(), 0);
        QVERIFY(!list.index(0).data(ComparedListModel::IsShownRole).toBool());
        QVERIFY(list.index(0).data(Qt::AccessibleTextRole).toString().contains("hidden"_L1));

        CandidateModel candidates({makeRow(1, "method", "ft", "WM"),
                                   makeRow(2, "method", "ft", "WM"),
                                   makeRow(3, "method", "rkr", "WM")},
                                  {{1, "f"}, {2, "f"}, {3, "r"}}, {1});
        const QAbstractItemModelTester candidateTester(&candidates, mode);
        QCOMPARE(candidates.rowCount(), 2);
        // One of two seeds is not the line; checking it adds the other.
        QCOMPARE(candidates.index(1).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        QVERIFY(candidates.setData(candidates.index(1), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(candidates.chosen(), (std::vector<int64_t>{1, 2}));
        candidates.setFilter(RunFilter::parse(u"method:rkr"_s).filter);
        QCOMPARE(candidates.rowCount(), 1);

        DataTableModel table;
        const QAbstractItemModelTester tableTester(&table, mode);
        table.setTable({{{.key = u"name"_s}, {.key = u"value"_s, .isNumber = true}},
                        {{textCell(u"b"_s), numberCell(2.0)},
                         {textCell(u"a"_s), numberCell(std::nullopt)},
                         {textCell(u"c"_s), numberCell(10.0)}}});
        DataSortProxy proxy;
        const QAbstractItemModelTester proxyTester(&proxy, mode);
        proxy.setSourceModel(&table);
        for (const auto& [order, expected] :
             {std::pair{Qt::AscendingOrder, "bca"}, {Qt::DescendingOrder, "cba"}}) {
            proxy.sort(1, order); // missing values last both ways
            QString names;
            for (int row = 0; row < proxy.rowCount(); ++row)
                names += proxy.index(row, 0).data().toString();
            QCOMPARE(names, QLatin1StringView(expected));
        }
        proxy.setSearch(u"C"_s, 1);
        QCOMPARE(proxy.rowCount(), 1);
    }

    void holdsTenThousandRuns()
    {
        std::vector<store::RunRow> rows;
        ConfigurationHashes hashes;
        for (int64_t id = 1; id <= 10000; ++id) {
            rows.push_back(makeRow(id, "method", id % 2 ? "ft" : "rkr", "WM"));
            hashes[id] = std::to_string(id / 3);
        }
        QElapsedTimer clock;
        clock.start();
        const std::vector<int64_t> choice = defaultChoice(rows, hashes);
        CandidateModel model(rows, hashes, choice);
        model.setFilter(RunFilter::parse(u"ft zs>30"_s).filter);
        QVERIFY2(clock.elapsed() < 1500, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(!choice.empty() && choice.size() <= kMostCompared);
    }
};

QTEST_MAIN(TestComparison)
#include "tst_comparison.moc"
