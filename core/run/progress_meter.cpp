// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/progress_meter.h"

#include <algorithm>

namespace clwb::run
{
namespace
{

constexpr double kLeastWeight = 0.1; // of a new measurement in the mean of a rate
// A time that is told must not jump at once: it waits for so many steps, or so long.
constexpr int kStepsToTell = 5;
constexpr double kSecondsToTell = 1;
// Before there are steps, evaluations tell roughly once they have taken so long.
constexpr double kSecondsToGuess = 3;

double seconds(ProgressMeter::Clock::duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

} // namespace

void ProgressMeter::Rate::add(double elapsed, double units)
{
    count += 1;
    spent += elapsed;
    seconds += std::max(kLeastWeight, 1.0 / count) * (elapsed / units - seconds);
}

ProgressMeter::ProgressMeter(int64_t totalSteps, int64_t batchSize, int64_t evaluations,
                             int64_t evaluationItems)
    : m_totalSteps(totalSteps)
    , m_batchSize(batchSize)
    , m_evaluations(evaluations)
    , m_evaluationItems(evaluationItems)
{}

void ProgressMeter::setDone(int64_t steps, int64_t evaluations)
{
    m_steps = steps;
    m_finishedEvaluations = evaluations;
}

void ProgressMeter::evaluated(int64_t items, Clock::time_point now)
{
    if (m_last && items > m_items)
        m_item.add(seconds(now - *m_last), static_cast<double>(items - m_items));
    m_items = items;
    m_last = now;
}

void ProgressMeter::evaluationFinished()
{
    m_finishedEvaluations += 1;
    m_items = 0;
    m_last.reset();
}

void ProgressMeter::trained(int64_t step, Clock::time_point now)
{
    if (m_last && step > m_steps)
        m_step.add(seconds(now - *m_last), static_cast<double>(step - m_steps));
    m_steps = step;
    m_last = now;
}

void ProgressMeter::pause()
{
    m_last.reset();
}

double ProgressMeter::secondsOf(double steps, double items) const
{
    // Where one rate is not measured yet, as after a resume, a step counts as its pictures forward
    // and backward; where neither is, the result is in pictures, which will do for a fraction.
    const double picturesOfStep = 3 * static_cast<double>(std::max<int64_t>(1, m_batchSize));
    double perItem = m_item.seconds;
    if (perItem <= 0)
        perItem = m_step.seconds > 0 ? m_step.seconds / picturesOfStep : 1;
    const double perStep = m_step.seconds > 0 ? m_step.seconds : perItem * picturesOfStep;
    return steps * perStep + items * perItem;
}

void ProgressMeter::complete(Progress& progress) const
{
    const auto totalItems = static_cast<double>(m_evaluations * m_evaluationItems);
    const auto doneItems = static_cast<double>(m_finishedEvaluations * m_evaluationItems + m_items);
    const double total = secondsOf(static_cast<double>(m_totalSteps), totalItems);
    const double done = secondsOf(static_cast<double>(m_steps), std::min(doneItems, totalItems));
    progress.fraction = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0;
    if (progress.phase == Progress::Phase::Evaluating && m_item.seconds > 0)
        progress.imagesPerSecond = 1 / m_item.seconds;
    if (progress.phase == Progress::Phase::Training && m_step.seconds > 0)
        progress.imagesPerSecond = static_cast<double>(m_batchSize) / m_step.seconds;
    const bool isSettled = m_step.count >= kStepsToTell || m_step.spent >= kSecondsToTell;
    const bool isKnown = isSettled || m_totalSteps == 0;
    if (total > 0 && (isKnown || m_item.spent >= kSecondsToGuess)) {
        progress.secondsLeft = std::max(0.0, total - done);
        progress.isRoughly = !isKnown;
    }
}

} // namespace clwb::run
