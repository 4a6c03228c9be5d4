// SPDX-License-Identifier: GPL-3.0-or-later
// The share of a run that is done, and the time that is left, against sums made by hand.
#include "core/run/progress_meter.h"

#include <QtTest>

#include <cmath>

using namespace clwb::run;
using namespace std::chrono_literals;

class TestProgressMeter : public QObject
{
    Q_OBJECT

private:
    ProgressMeter::Clock::time_point m_begin = ProgressMeter::Clock::now();

    static Progress completed(const ProgressMeter& meter, Progress::Phase phase)
    {
        Progress progress;
        progress.phase = phase;
        meter.complete(progress);
        return progress;
    }

private Q_SLOTS:
    // 10 steps of 2 s and 2 evaluations of 100 pictures at 0.1 s: 40 s.
    void bothRatesMeasured()
    {
        ProgressMeter meter(10, 5, 2, 100);
        meter.evaluated(0, m_begin);
        meter.evaluated(100, m_begin + 10s);
        meter.evaluationFinished();
        meter.trained(0, m_begin + 10s);
        meter.trained(1, m_begin + 12s);
        const Progress progress = completed(meter, Progress::Phase::Training);
        QCOMPARE(progress.fraction, 12.0 / 40);
        QVERIFY(progress.secondsLeft.has_value());
        QCOMPARE(*progress.secondsLeft, 28.0);
        QCOMPARE(progress.imagesPerSecond, 2.5);
    }

    // 100 pictures in 4 s are 0.04 s each. Steps of 5 pictures forward and backward count as 15:
    // 10 steps and one more evaluation are 250 pictures, 10 s. Four steps tell no better yet.
    void guessesFromTheEvaluationBeforeTraining()
    {
        ProgressMeter meter(10, 5, 2, 100);
        meter.evaluated(0, m_begin);
        meter.evaluated(50, m_begin + 2s);
        QVERIFY(!completed(meter, Progress::Phase::Evaluating).secondsLeft.has_value());
        meter.evaluated(100, m_begin + 4s);
        const Progress guessed = completed(meter, Progress::Phase::Evaluating);
        QVERIFY(guessed.secondsLeft.has_value() && guessed.isRoughly);
        QVERIFY(std::abs(*guessed.secondsLeft - 10.0) < 1e-9);
        meter.evaluationFinished();
        meter.trained(0, m_begin + 4s);
        for (int step = 1; step <= 4; ++step)
            meter.trained(step, m_begin + 4s + step * 100ms);
        QVERIFY(completed(meter, Progress::Phase::Training).isRoughly);
        meter.trained(5, m_begin + 4500ms);
        const Progress known = completed(meter, Progress::Phase::Training);
        QVERIFY(!known.isRoughly);
        QVERIFY(std::abs(*known.secondsLeft - (5 * 0.1 + 4)) < 1e-9);
    }

    // After a resume nothing is measured: a step counts as 3·5 pictures, so that all are 350.
    void resumedBeforeAnyMeasurement()
    {
        ProgressMeter meter(10, 5, 2, 100);
        meter.setDone(4, 1);
        const Progress progress = completed(meter, Progress::Phase::Training);
        QCOMPARE(progress.fraction, 160.0 / 350);
        QVERIFY(!progress.secondsLeft.has_value());
    }

    // 1 s a step is 1/15 s a picture: the evaluation that remains takes 100/15 s.
    void resumedWithStepsMeasured()
    {
        ProgressMeter meter(10, 5, 2, 100);
        meter.setDone(4, 1);
        meter.trained(4, m_begin);
        meter.trained(5, m_begin + 1s);
        const Progress progress = completed(meter, Progress::Phase::Training);
        QCOMPARE(progress.fraction, (5 + 100 / 15.0) / (10 + 200 / 15.0));
        QCOMPARE(*progress.secondsLeft, 5 + 100 / 15.0);
    }

    // A slow first step (threads and memory are new) does not stay in the mean, and no time is
    // told before there are five steps.
    void firstStepsAreAveraged()
    {
        ProgressMeter meter(100, 5, 0, 0);
        auto now = m_begin;
        meter.trained(0, now);
        const double steps[] = {0.3, 0.1, 0.1, 0.1};
        for (int step = 1; step <= 4; ++step) {
            now += std::chrono::milliseconds(static_cast<int>(steps[step - 1] * 1000));
            meter.trained(step, now);
            QVERIFY(!completed(meter, Progress::Phase::Training).secondsLeft.has_value());
        }
        meter.trained(5, now + 100ms);
        const double left = *completed(meter, Progress::Phase::Training).secondsLeft;
        QVERIFY2(std::abs(left - 95 * 0.7 / 5) < 1e-9, qPrintable(QString::number(left)));
    }

    // Checkpoints and loading are no part of a step.
    void pausesAreNotCounted()
    {
        ProgressMeter meter(10, 5, 0, 0);
        meter.trained(0, m_begin);
        meter.trained(1, m_begin + 1s);
        meter.pause();
        meter.trained(1, m_begin + 60s);
        meter.trained(2, m_begin + 61s);
        QCOMPARE(*completed(meter, Progress::Phase::Training).secondsLeft, 8.0);
    }
};

QTEST_APPLESS_MAIN(TestProgressMeter)
#include "tst_progress_meter.moc"
