// SPDX-License-Identifier: GPL-3.0-or-later
// Rate, fraction and time left of a run, from what it measured so far.
#pragma once

#include "core/run/events.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace clwb::run
{

/// Training and evaluation are measured apart, on a monotonic clock. Thread: one.
class ProgressMeter
{
public:
    using Clock = std::chrono::steady_clock;

    /// @param evaluations how many evaluations the run makes in all, each of `evaluationItems`
    ProgressMeter(int64_t totalSteps, int64_t batchSize, int64_t evaluations,
                  int64_t evaluationItems);

    /// Work that a resumed run finds done.
    void setDone(int64_t steps, int64_t evaluations);
    /// @param items pictures done in the current evaluation
    void evaluated(int64_t items, Clock::time_point now);
    void evaluationFinished();
    void trained(int64_t step, Clock::time_point now);
    /// Time spent on neither (saving, loading) does not count into a rate.
    void pause();

    /// Fills imagesPerSecond, secondsLeft and fraction. Until five steps, or a second of them, are
    /// measured, the time left is told roughly, from three seconds of evaluation.
    void complete(Progress& progress) const;

private:
    /// Mean of all measurements while they are few, of the recent ones later.
    struct Rate
    {
        double seconds = 0; ///< a unit; 0: not measured
        int count = 0;
        double spent = 0;
        void add(double elapsed, double units);
    };
    [[nodiscard]] double secondsOf(double steps, double items) const;
    int64_t m_totalSteps;
    int64_t m_batchSize;
    int64_t m_evaluations;
    int64_t m_evaluationItems;
    int64_t m_steps = 0;
    int64_t m_finishedEvaluations = 0;
    int64_t m_items = 0; ///< of the current evaluation
    std::optional<Clock::time_point> m_last;
    Rate m_step;
    Rate m_item;
};

} // namespace clwb::run
