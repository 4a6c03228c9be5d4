// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run will take, told from runs of the project whose times are known.
#include "core/run/earlier_runs.h"
#include "tests/plain/store_support.h"
#include "tests/support/require.h"

#include <QDateTime>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <functional>
#include <thread>

using namespace clwb;

namespace
{

constexpr int kSteps = 10; // a session, of two
constexpr int64_t kBegan = 1'700'000'000'000;
constexpr int kThreads = 2;

/// How a run came to its end, beside the usual.
struct Course
{
    std::string status = "finished";
    int64_t beganMs = kBegan;
    int64_t goneOnMs = 0;   ///< when the part of the second session began; 0: with the first
    double lostSeconds = 0; ///< of a part before, of which no step was kept
    int lastMs = 0;         ///< of every lastEvery-th step, the small last batch; 0: as others
    int lastEvery = 2;
};

using Change = std::function<void(spec::RunSpec&, Course&)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class TestEarlierRuns : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path file() const { return m_folder->filePath("runs.db").toStdString(); }

    static spec::RunSpec usual()
    {
        spec::RunSpec spec;
        spec.kind = "method";
        spec.method = "lwf";
        spec.option = "WM";
        spec.setting = "MST";
        spec.study = "/data/study.json";
        spec.model = "/models/mini";
        spec.schedule.epochs = 1;
        spec.threads = kThreads;
        return spec;
    }

    /// Two sessions of kSteps steps of `stepMs` each, and 3 s of other things: half a second before
    /// the first step, 2 s between the sessions, half a second at the end.
    void addRun(const spec::RunSpec& made, int stepMs, const Course& course = {}) const
    {
        store::NewRun run;
        run.name = "earlier";
        run.resolvedSpec = spec::toJson(made);
        run.resolvedSpec["study_sha256"] = "ab";
        run.sessions = 2;
        auto writer = store::RunWriter::createRun(file(), std::move(run));
        test::require(writer.has_value());
        int64_t workMs = 500;
        for (int step = 1; step <= 2 * kSteps; ++step) {
            workMs += (step % course.lastEvery == 0 && course.lastMs > 0 ? course.lastMs : stepMs) +
                      (step == kSteps + 1 ? 2000 : 0);
            (*writer)->addStep(
                step, step <= kSteps ? 1 : 2, 1, 1e-6, {{"CE", 1.0}},
                StepTime{step > kSteps && course.goneOnMs > 0 ? course.goneOnMs : course.beganMs,
                         workMs});
        }
        (*writer)->finish(course.status, "",
                          static_cast<double>(workMs + 500) / 1000 + course.lostSeconds);
    }

    std::optional<run::EarlierTimes> times(const spec::RunSpec& planned, int64_t steps,
                                           int64_t evaluations = 3, bool isBranch = false) const
    {
        const auto project = store::Project::open(file(), store::OpenMode::ReadOnly);
        test::require(project.has_value());
        const auto rows = project->runs();
        test::require(rows.has_value());
        const auto times = run::timesOfEarlierRuns(*project, run::candidatesLike(*rows, planned),
                                                   planned, {steps, evaluations, isBranch});
        test::require(times.has_value());
        return *times;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void tellsWhatAnEqualRunTook()
    {
        addRun(usual(), 100);
        spec::RunSpec planned = usual();
        planned.seed = 5;
        planned.schedule.lr = 1e-3;
        const auto told = times(planned, 2 * kSteps);
        QVERIFY(told);
        QCOMPARE(told->runs, 1);
        QVERIFY(std::abs(told->seconds - 5.0) < 1e-6); // 20 · 0.1 s and 3 s
        QCOMPARE(told->least, told->most);
        // Twice the steps, as many evaluations.
        planned.schedule.epochs = 2;
        QVERIFY(std::abs(times(planned, 4 * kSteps)->seconds - 7.0) < 1e-6);
        // A branch after the first session: half the steps, one of three evaluations.
        QVERIFY(std::abs(times(usual(), kSteps, 1, true)->seconds - 2.0) < 1e-6);
    }

    // Steps of 0.1 s and 0.02 s in turn: 40 of them are 2.4 s, and 3 s of other things. Neither
    // kind stands for both.
    void countsSmallLastBatchesAsWhatTheyTake()
    {
        Course course;
        course.lastMs = 20;
        addRun(usual(), 100, course);
        spec::RunSpec planned = usual();
        planned.schedule.epochs = 2;
        const auto told = times(planned, 4 * kSteps);
        QVERIFY(told);
        QVERIFY2(std::abs(told->seconds - 5.4) < 0.2, qPrintable(QString::number(told->seconds)));
    }

    // One step in ten is small: 36 of 0.1 s, 4 of 0.02 s, and 3 s of other things.
    void seldomSmallBatchesCountToo()
    {
        Course course;
        course.lastMs = 20;
        course.lastEvery = 10;
        addRun(usual(), 100, course);
        spec::RunSpec planned = usual();
        planned.schedule.epochs = 2;
        const auto told = times(planned, 4 * kSteps);
        QVERIFY(told);
        QVERIFY2(std::abs(told->seconds - 6.68) < 0.03, qPrintable(QString::number(told->seconds)));
    }

    void tellsTheMiddleAndTheSpan()
    {
        for (const int stepMs : {300, 100, 200})
            addRun(usual(), stepMs);
        const auto told = times(usual(), 2 * kSteps);
        QVERIFY(told);
        QCOMPARE(told->runs, 3);
        QVERIFY(std::abs(told->seconds - 7.0) < 1e-6);
        QVERIFY(std::abs(told->least - 5.0) < 1e-6);
        QVERIFY(std::abs(told->most - 9.0) < 1e-6);
    }

    void looksAtTheNewestOfThoseThatMayBeLike()
    {
        std::vector<store::RunRow> rows;
        for (int64_t id = 1; id <= 250; ++id) {
            store::RunRow row;
            row.runId = id;
            row.status = id == 250 ? "running" : "finished";
            row.origin = "local";
            row.kind = "method";
            row.method = "lwf";
            row.option = "WM";
            row.setting = id % 2 == 0 ? "MST" : "OST";
            row.study = "/data/study.json";
            row.model = "/models/mini";
            row.seconds = 5;
            rows.push_back(std::move(row));
        }
        const auto candidates = run::candidatesLike(rows, usual());
        QCOMPARE(candidates.size(), size_t{100});
        QCOMPARE(candidates.front().runId, int64_t{248});
        QCOMPARE(candidates.back().runId, int64_t{50});
    }

    void looksAtFiveRunsAtMost()
    {
        for (const int stepMs : {9000, 100, 200, 300, 400, 500})
            addRun(usual(), stepMs);
        const auto told = times(usual(), 2 * kSteps);
        QVERIFY(told);
        QCOMPARE(told->runs, 5);
        QVERIFY(std::abs(told->seconds - 9.0) < 1e-6); // 20 · 0.3 s and 3 s
        QVERIFY(std::abs(told->most - 13.0) < 1e-6);   // the oldest is not among them
    }

    void countsTheEvaluations_data()
    {
        QTest::addColumn<QString>("after");
        QTest::addColumn<int>("epochs");
        QTest::addColumn<int>("evaluations"); // of the run to come
        QTest::addColumn<bool>("isBranch");
        QTest::addColumn<double>("seconds");
        // The earlier run: one epoch of 20 steps of 0.1 s, 3 s of other things.
        QTest::newRow("session") << "session" << 2 << 3 << false << 7.0;
        QTest::newRow("epoch: seven for five") << "epoch" << 2 << 7 << false << 8.2;
        QTest::newRow("epoch: as many") << "epoch" << 1 << 5 << false << 5.0;
        QTest::newRow("run") << "run" << 2 << 2 << false << 7.0;
        QTest::newRow("run, branch: one of two") << "run" << 1 << 1 << true << 3.5;
        QTest::newRow("never") << "never" << 2 << 0 << false << 7.0;
        QTest::newRow("never, branch") << "never" << 1 << 0 << true << 5.0;
    }
    void countsTheEvaluations()
    {
        QFETCH(QString, after);
        QFETCH(int, epochs);
        QFETCH(int, evaluations);
        QFETCH(bool, isBranch);
        QFETCH(double, seconds);
        spec::RunSpec planned = usual();
        planned.evaluate.after = after.toStdString();
        addRun(planned, 100);
        planned.schedule.epochs = epochs;
        const auto told = times(planned, 2 * kSteps * epochs, evaluations, isBranch);
        QVERIFY(told);
        QVERIFY2(std::abs(told->seconds - seconds) < 1e-6,
                 qPrintable(QString::number(told->seconds)));
    }

    void takesAllThreadsForTheirNumber()
    {
        const auto all = std::max<int64_t>(1, std::thread::hardware_concurrency());
        spec::RunSpec planned = usual();
        planned.threads = all + 1;
        addRun(planned, 100);
        planned.threads = 0;
        QVERIFY(!times(planned, 2 * kSteps));
        spec::RunSpec earlier = usual();
        earlier.threads = all; // as a stored run says it
        addRun(earlier, 100);
        const auto told = times(planned, 2 * kSteps);
        QVERIFY(told && told->runs == 1);
    }

    void leavesOutRunsThatTellNothing_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("tells");
        const auto row = [](const char* name, bool tells, Change change) {
            QTest::newRow(name) << change << tells;
        };
        row("as usual", true, [](spec::RunSpec&, Course&) {});
        row("other weight of the loss", true, [](spec::RunSpec& s, Course&) { s.params.beta = 7; });
        row("stopped", false, [](spec::RunSpec&, Course& c) { c.status = "stopped"; });
        row("batch size", false, [](spec::RunSpec& s, Course&) { s.schedule.batchSize = 7; });
        row("study", false, [](spec::RunSpec& s, Course&) { s.study = "/data/other.json"; });
        row("model", false, [](spec::RunSpec& s, Course&) { s.model = "/models/other"; });
        row("option", false, [](spec::RunSpec& s, Course&) { s.option = "IO"; });
        row("evaluations", false, [](spec::RunSpec& s, Course&) { s.evaluate.after = "run"; });
        row("threads", false, [](spec::RunSpec& s, Course&) { s.threads = 8; });
        row("no loss to distil", false, [](spec::RunSpec& s, Course&) { s.params.beta = 0; });
        row("continued", false, [](spec::RunSpec&, Course& c) { c.goneOnMs = kBegan + 60'000; });
        row("just now", true, [](spec::RunSpec&, Course& c) {
            c.beganMs = QDateTime::currentMSecsSinceEpoch() - 5'000;
        });
        row("begun again", false, [](spec::RunSpec&, Course& c) {
            c.beganMs = QDateTime::currentMSecsSinceEpoch() - 5'000;
            c.lostSeconds = 600;
        });
    }
    void leavesOutRunsThatTellNothing()
    {
        QFETCH(Change, change);
        QFETCH(bool, tells);
        spec::RunSpec earlier = usual();
        Course course;
        change(earlier, course);
        addRun(earlier, 100, course);
        QCOMPARE(times(usual(), 2 * kSteps).has_value(), tells);
    }
};

QTEST_GUILESS_MAIN(TestEarlierRuns)
#include "tst_earlier_runs.moc"
