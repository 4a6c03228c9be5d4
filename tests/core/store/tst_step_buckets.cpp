// SPDX-License-Identifier: GPL-3.0-or-later
// Thinning of long loss curves against means computed here by a plain loop.
#include "core/store/step_buckets.h"
#include "tests/core/store/store_fixture.h"

#include <cmath>
#include <limits>
#include <map>

using namespace clwb;

namespace
{

constexpr int64_t kSteps = 45001;
constexpr int64_t kNanStep = 30000;
constexpr int64_t kSessionEnd = 25001; ///< in the middle of a bucket

double lossOf(int64_t step)
{
    return std::sin(static_cast<double>(step)) + 2;
}

store::Project projectWithSteps(const test::TemporaryProject& file)
{
    store::Project project = file.open();
    store::insertFinishedRun(project, test::finishedRun("a")).value();
    auto& database = project.database();
    test::must(database.execute("BEGIN; INSERT INTO value_name VALUES(1000, 'CE')"));
    auto step =
        database
            .prepare("INSERT INTO step(run_id, step, session, epoch, lr) VALUES(1, ?, ?, 1, 0.5)")
            .value();
    auto loss = database.prepare("INSERT INTO step_loss VALUES(1, ?, 1000, ?, ?)").value();
    for (int64_t number = 1; number <= kSteps; ++number) {
        test::must(step.bindAll(number, number <= kSessionEnd ? 1 : 2).run());
        const bool nan = number == kNanStep;
        test::must(
            loss.bindAll(number, nan ? std::nan("") : lossOf(number), std::string(nan ? "nan" : ""))
                .run());
    }
    test::must(database.execute("COMMIT"));
    return project;
}

/// Step → value as the rule says, straight from its definition.
std::map<int64_t, double> expectedRows()
{
    std::map<std::pair<int64_t, int>, std::vector<int64_t>> buckets;
    for (int64_t step = 1; step <= kSteps; ++step) {
        const int64_t width = step <= 20000 ? 1 : step <= 40000 ? 2 : 4;
        const int64_t bucket = (step - 1) / width * 100 + width;
        if (step != kNanStep)
            buckets[{bucket, step <= kSessionEnd ? 1 : 2}].push_back(step);
    }
    std::map<int64_t, double> rows;
    for (const auto& [key, steps] : buckets) {
        double sum = 0;
        for (const int64_t step : steps)
            sum += lossOf(step);
        rows[steps.back()] = sum / static_cast<double>(steps.size());
    }
    return rows;
}

} // namespace

class TestStepBuckets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void widthsDouble_data()
    {
        QTest::addColumn<qint64>("step");
        QTest::addColumn<qint64>("width");
        QTest::addColumn<qint64>("end");
        QTest::newRow("first") << qint64{1} << qint64{1} << qint64{1};
        QTest::newRow("last full") << qint64{20000} << qint64{1} << qint64{20000};
        QTest::newRow("first pair") << qint64{20001} << qint64{2} << qint64{20002};
        QTest::newRow("end of pairs") << qint64{40000} << qint64{2} << qint64{40000};
        QTest::newRow("first four") << qint64{40001} << qint64{4} << qint64{40004};
        QTest::newRow("far") << qint64{10000000} << qint64{512} << qint64{10000384};
    }

    void widthsDouble()
    {
        QFETCH(qint64, step);
        QFETCH(qint64, width);
        QFETCH(qint64, end);
        QCOMPARE(static_cast<qint64>(store::stepBucketWidth(step)), width);
        QCOMPARE(static_cast<qint64>(store::stepBucketEnd(step)), end);
    }

    void meansAreExactHoweverOftenCompacted_data()
    {
        QTest::addColumn<QList<qint64>>("calls");
        QTest::newRow("once") << QList<qint64>{};
        QTest::newRow("in pieces") << QList<qint64>{20001, 24999, 25001, 25001, 30001, 41003};
        QTest::newRow("every thousand") << [] {
            QList<qint64> calls;
            for (qint64 step = 1000; step < kSteps; step += 997)
                calls << step;
            return calls;
        }();
    }

    void meansAreExactHoweverOftenCompacted()
    {
        QFETCH(QList<qint64>, calls);
        const test::TemporaryProject file;
        const store::Project project = projectWithSteps(file);
        auto transaction = store::Transaction::begin(project.database());
        for (const qint64 upTo : calls)
            VERIFY_OK(store::compactSteps(project.database(), 1, upTo));
        VERIFY_OK(store::compactSteps(project.database(), 1, store::kEndOfRun));
        VERIFY_OK(transaction->commit());

        std::map<int64_t, double> rows;
        int nans = 0;
        const auto points = project.steps(1);
        VERIFY_OK(points);
        for (const store::StepPoint& point : *points) {
            if (point.valueKind == "nan") {
                ++nans;
                QCOMPARE(point.step, kNanStep);
                continue;
            }
            rows[point.step] = point.value.value_or(-1);
            QCOMPARE(point.session, point.step <= kSessionEnd ? 1 : 2);
        }
        QCOMPARE(nans, 1);
        const auto expected = expectedRows();
        QCOMPARE(rows.size(), expected.size());
        for (const auto& [step, value] : expected) {
            QVERIFY(rows.count(step) == 1);
            QCOMPARE(rows[step], value); // the same sums in the same order: bit for bit
        }
    }

    void incompleteBucketsWait()
    {
        const test::TemporaryProject file;
        const store::Project project = projectWithSteps(file);
        VERIFY_OK(store::compactSteps(project.database(), 1, 20003));
        const auto points = project.steps(1, 20000);
        QCOMPARE(points->at(0).step, int64_t{20002});
        QCOMPARE(points->at(1).step, int64_t{20003});
        QCOMPARE(points->at(1).value.value_or(0), lossOf(20003));
        QCOMPARE(points->at(2).step, int64_t{20004});
    }
};

QTEST_APPLESS_MAIN(TestStepBuckets)
#include "tst_step_buckets.moc"
