// SPDX-License-Identifier: GPL-3.0-or-later
// Scripted events: curves, matrix, Bwt and class changes worked out by hand.
#include "ui/models/class_changes.h"
#include "ui/models/live_run.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <optional>

using namespace clwb;
using ui::LiveRun;

namespace
{

/// Two classes of four images, one a session; `hits` of each.
metrics::EvaluationRecord record(int session, int64_t firstHits, int64_t secondHits)
{
    metrics::EvaluationRecord result;
    result.session = session;
    metrics::UtRecord ut;
    ut.classes = {"dog", "cat"};
    ut.sessionOfClass = {1, 2};
    ut.confusion = {{firstHits, 4 - firstHits}, {4 - secondHits, secondHits}};
    ut.seenHits = {firstHits, secondHits};
    result.ut = ut;
    return result;
}

LiveRun startedRun()
{
    LiveRun live;
    live.begin(QStringLiteral("FT-WM · MST · seed 0"));
    run::RunStarted started;
    started.resolvedSpec = Json{{"kind", "method"},
                                {"method", "ft"},
                                {"option", "WM"},
                                {"setting", "MST"},
                                {"schedule", {{"epochs", 3}}}};
    started.sessions = 2;
    started.totalSteps = 10;
    live.apply(started);
    return live;
}

} // namespace

class TestLiveRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void growsCurvesAndMatrixBySession()
    {
        LiveRun live = startedRun();
        QCOMPARE(live.label, QStringLiteral("FT-WM"));
        live.apply(run::Evaluated{record(0, 1, 1), {}});
        live.apply(run::Evaluated{record(1, 4, 1), {}});
        live.apply(run::Evaluated{record(2, 1, 4), {}});
        // Session means: (25 + 25)/2, (100 + 25)/2, (25 + 100)/2.
        const std::vector<double> ut = live.history(live.mainUtMetric());
        QCOMPARE(ut, (std::vector<double>{25, 62.5, 62.5}));
        QCOMPARE(*live.accuracies.at(2)[0], 25.0);
        // Bwt(2) = R[2][1] − R[1][1] = 25 − 100.
        QCOMPARE(live.valueAt("Bwt", 2).value_or(NAN), -75.0);
        QVERIFY(!live.valueAt("Bwt", 0));
    }

    /// Every step up to 20 000, means of 2 up to 40 000, of 4 after that, never across sessions;
    /// what broke stays.
    void longRunsAreThinnedAsInTheProject()
    {
        LiveRun live = startedRun();
        constexpr int64_t kSecondSession = 30000; // 29 999 has a partner in the other session
        constexpr int64_t kBroken = 35001;
        const auto valueOf = [](int64_t step) { return std::sin(static_cast<double>(step)); };
        for (int64_t step = 1; step <= 41000; ++step) {
            if (step == 1 || step == kSecondSession)
                live.apply(run::SessionStarted{step == 1 ? 1 : 2, {0}, 4});
            run::StepDone done;
            done.session = step < kSecondSession ? 1 : 2;
            done.epoch = 1;
            done.step = step;
            done.losses = {{"CE", step == kBroken ? NAN : valueOf(step)}};
            done.time = {1000, step};
            live.apply(done);
        }
        const ui::LossSeries& series = live.losses.at("CE");
        // One more where two sessions meet, one more where a value broke.
        QCOMPARE(series.steps.size(), size_t{20000 + 10000 + 2 + 250});
        QCOMPARE(series.values.size(), series.steps.size());
        QCOMPARE(live.stepTimes.size(), series.steps.size());
        QVERIFY(std::is_sorted(series.steps.begin(), series.steps.end()));
        const auto at = [&](int64_t step) {
            const auto place = std::lower_bound(series.steps.begin(), series.steps.end(),
                                                static_cast<double>(step));
            return place != series.steps.end() && *place == static_cast<double>(step)
                       ? std::optional(
                             series.values[static_cast<size_t>(place - series.steps.begin())])
                       : std::nullopt;
        };
        QCOMPARE(*at(20000), valueOf(20000));
        QCOMPARE(*at(20002), (valueOf(20001) + valueOf(20002)) / 2);
        QVERIFY(!at(20001));
        QCOMPARE(*at(29999), valueOf(29999));
        QCOMPARE(*at(30000), valueOf(30000));
        QVERIFY(std::isnan(*at(kBroken)));
        QCOMPARE(*at(kBroken + 1), valueOf(kBroken + 1));
        QCOMPARE(*at(40004),
                 (valueOf(40001) + valueOf(40002) + valueOf(40003) + valueOf(40004)) / 4);
    }

    void findsWhatWasForgottenAndLearned()
    {
        LiveRun live = startedRun();
        live.apply(run::Evaluated{record(0, 1, 1), {}});
        live.apply(run::Evaluated{record(1, 4, 1), {}});
        live.apply(run::Evaluated{record(2, 1, 4), {}});
        const ui::ClassChanges changes = ui::classChanges(live.records, 3);
        QCOMPARE(changes.session, 2);
        QCOMPARE(changes.forgotten.size(), size_t{1});
        QCOMPARE(changes.forgotten[0].name, std::string("dog"));
        QCOMPARE(changes.forgotten[0].points, -75.0);
        QCOMPARE(changes.learned[0].points, 75.0);
    }

    void repeatedEvaluationReplacesItsPoint()
    {
        LiveRun live = startedRun();
        live.apply(run::Evaluated{record(0, 1, 1), {}});
        live.apply(run::Evaluated{record(0, 2, 2), {}});
        QCOMPARE(live.history(live.mainUtMetric()), std::vector<double>{50});
    }

    void keepsLossesAsTheyCame()
    {
        LiveRun live = startedRun();
        run::StepDone step;
        step.step = 1;
        step.losses = {{"CE", 0.5}, {"total", 0.5}};
        QVERIFY(live.apply(step).losses);
        step.step = 2;
        step.losses = {{"CE", NAN}, {"total", NAN}};
        live.apply(step);
        QCOMPARE(live.losses.size(), size_t{1});
        QVERIFY(std::isnan(live.losses["CE"].values[1]));
    }

    // 1 s and 2 s of work; an hour's break; half a second and 1.5 s of work.
    void addsUpTheTimeOfItsParts()
    {
        constexpr int64_t kFirst = 1700000000000;
        constexpr int64_t kSecond = kFirst + 3600000;
        const std::vector<ui::StepPlace> places = ui::placesInTime(
            {{1, {kFirst, 1000}}, {2, {kFirst, 2000}}, {3, {kSecond, 500}}, {4, {kSecond, 1500}}});
        QCOMPARE(places.size(), size_t{4});
        const double worked[] = {1, 2, 2.5, 3.5};
        for (size_t at = 0; at < places.size(); ++at)
            QCOMPARE(places[at].worked, worked[at]);
        QCOMPARE(places[1].clock, 1700000002.0);
        QCOMPARE(places[3].clock, 1700003601.5);
    }

    void tellsWhenItEnds()
    {
        run::Progress progress;
        QCOMPARE(ui::timeLeftText(progress), QStringLiteral("estimating…"));
        progress.secondsLeft = 90;
        const QString text = ui::timeLeftText(progress);
        const QRegularExpression form(QStringLiteral(" left, ends .*\\d\\d:\\d\\d$"));
        QVERIFY2(form.match(text).hasMatch(), qPrintable(text));
        // No more exact than it is known.
        const std::pair<double, QString> told[] = {
            {3, QStringLiteral("a few seconds left, ")},
            {33, QStringLiteral("about 35 s left, ")},
            {58, QStringLiteral("about 1 min left, ")},
            {80, QStringLiteral("about 1 min left, ")},
            {3590, QStringLiteral("about 1 h left, ")},
            {7500, QStringLiteral("about 2 h 5 min left, ")}};
        for (const auto& [seconds, beginning] : told) {
            progress.secondsLeft = seconds;
            QVERIFY2(ui::timeLeftText(progress).startsWith(beginning),
                     qPrintable(ui::timeLeftText(progress)));
        }
        progress.isRoughly = true;
        progress.secondsLeft = 58;
        QCOMPARE(ui::timeLeftText(progress), QStringLiteral("first guess: about 1 min left"));
    }

    // It stopped without saving after step 3 and goes on from the checkpoint at step 1.
    void forgetsWhatIsRepeated()
    {
        LiveRun live = startedRun();
        const auto apply = [&](int64_t number, double loss, int64_t began) {
            run::StepDone step;
            step.session = 1;
            step.epoch = static_cast<int>(number);
            step.step = number;
            step.losses = {{"CE", loss}};
            step.time = {began, number};
            live.apply(step);
        };
        for (int64_t number = 1; number <= 3; ++number)
            apply(number, 1, 10);
        run::RunStarted again;
        again.firstStep = 1;
        again.sessions = 2;
        live.apply(again);
        apply(2, 2, 20);
        QCOMPARE(live.losses["CE"].steps, (std::vector<double>{1, 2}));
        QCOMPARE(live.losses["CE"].values, (std::vector<double>{1, 2}));
        QCOMPARE(live.epochStarts.size(), size_t{2});
        QCOMPARE(live.stepTimes.size(), size_t{2});
        QCOMPARE(live.stepTimes[1].time.beganMs, int64_t{20});
        // What the project knows from before comes first, once.
        LiveRun earlier;
        earlier.stepTimes = {{1, {10, 1}}, {2, {10, 2}}};
        live.addEarlier(earlier);
        QCOMPARE(live.stepTimes.size(), size_t{2});
    }

    void showsEpochsAndWarningsOfStoredRuns()
    {
        ui::StoredRun stored;
        stored.row.kind = "method";
        stored.row.method = "ft";
        stored.row.option = "WM";
        stored.row.setting = "MST";
        stored.row.status = "stopped";
        stored.row.sessions = 2;
        stored.row.lastSession = 1;
        stored.spec = Json{{"schedule", {{"epochs", 2}}}};
        // Before training, after session 1; then its two epochs, the second being its end.
        stored.metrics = {{0, {}, "ZS-Acc", 50},
                          {1, {}, "ZS-Acc", 40},
                          {0, 1, "ZS-Acc", 45},
                          {0, 2, "ZS-Acc", 40}};
        stored.warnings = {"step 3 left out: loss is NaN"};
        const LiveRun live = liveRunOf(stored);
        const auto& points = live.curves.at("ZS-Acc");
        QCOMPARE(points.size(), size_t{3});
        QCOMPARE(points[1].session, 0.5);
        QCOMPARE(points[1].value, 45.0);
        QCOMPARE(points[2].session, 1.0);
        QCOMPARE(live.log.size(), size_t{1});
        QCOMPARE(live.log.front().kind, ui::LogLine::Kind::Warning);
        QVERIFY(live.log.front().text.contains(QStringLiteral("NaN")));
    }

    void countsSessionsThatWereEvaluated()
    {
        LiveRun live = startedRun();
        run::Progress training;
        training.session = 1;
        training.sessions = 2;
        live.apply(run::Evaluated{record(0, 2, 2), {}});
        live.apply(training);
        QCOMPARE(live.finishedSessions(), 0);
        live.apply(run::Evaluated{record(1, 2, 2), {}});
        QCOMPARE(live.finishedSessions(), 1);
        live.apply(run::Finished{"finished", {}, 10});
        QCOMPARE(live.finishedSessions(), 2); // also where none was evaluated
    }

    void endsWithItsStatus()
    {
        LiveRun live = startedRun();
        live.apply(run::Finished{"failed", "loss became NaN", 3});
        QVERIFY(!live.isActive());
        QCOMPARE(live.status, QStringLiteral("failed"));
        QVERIFY(live.log.back().text.contains(QStringLiteral("NaN")));
        QCOMPARE(live.log.back().kind, ui::LogLine::Kind::Failure);
    }
};

QTEST_GUILESS_MAIN(TestLiveRun)
#include "tst_live_run.moc"
