// SPDX-License-Identifier: GPL-3.0-or-later
// What the trainer tells of its steps: events of steps, of batches left out and of progress.
#include "core/base/number_text.h"
#include "core/train/trainer.h"

#include <cmath>

namespace clwb::train
{
namespace
{

constexpr int64_t kMaxSkippedBatches = 10;

} // namespace

Result<void> Trainer::skipBatch(const SessionPlan& session, const std::vector<int64_t>& items,
                                const StepOutput& output, double learningRate)
{
    const std::string culprit = nonFinitePart(output);
    const int epoch = static_cast<int>(m_cursor.epoch) + 1;
    const int number = session.info.session;
    // Half precision overflows now and then; a smaller scale is the cure, not a smaller rate.
    if (m_inputs.spec.precision == "fp16" && std::isfinite(output.losses.at("total")) &&
        m_cursor.scaler.overflowed()) {
        m_host.emit(run::StepSkipped{number, epoch, m_cursor.step + 1, itemIds(items),
                                     "fp16 gradient overflow; loss scale is now " +
                                         shortestText(m_cursor.scaler.scale())});
        return {};
    }
    if (m_inputs.spec.onNan == "skip" && m_cursor.skipped < kMaxSkippedBatches) {
        m_cursor.skipped += 1;
        m_host.emit(run::StepSkipped{number, epoch, m_cursor.step + 1, itemIds(items),
                                     culprit + " is not finite"});
        return {};
    }
    m_host.emit(
        run::StepBroken{number, epoch, m_cursor.step + 1, learningRate, output.losses});
    return fail(
        ErrorCode::RunFailed,
        culprit + " became NaN or infinite at session " + std::to_string(number) + ", epoch " +
            std::to_string(epoch) + ", batch " + std::to_string(m_cursor.batch + 1) + " (step " +
            std::to_string(m_cursor.step + 1) + ")",
        "the last checkpoint is kept; branch or start again with a lower schedule.lr, or set "
        "on_nan=skip");
}

std::vector<std::string> Trainer::itemIds(const std::vector<int64_t>& items) const
{
    std::vector<std::string> ids;
    if (!m_host.wantsItems())
        return ids;
    ids.reserve(items.size());
    for (const int64_t item : items)
        ids.push_back(m_inputs.data.utTrain[static_cast<size_t>(item)].id);
    return ids;
}

void Trainer::reportStep(const SessionPlan& session, const std::vector<int64_t>& items,
                         const StepInput& input, const StepOutput& output, double learningRate)
{
    run::StepDone event;
    event.session = session.info.session;
    event.epoch = static_cast<int>(m_cursor.epoch) + 1;
    event.step = m_cursor.step;
    event.lr = learningRate;
    event.losses = output.losses;
    event.weights = output.weights;
    event.logitScale = output.logitScale;
    event.gradientNorm = output.gradientNorm;
    if (m_host.wantsItems()) {
        event.items = itemIds(items);
        for (const int64_t item : items)
            event.labels.push_back(m_inputs.data.utTrain[static_cast<size_t>(item)].label);
        event.pseudo = input.replay.bodies;
    }
    m_host.emit(std::move(event));
}

void Trainer::reportProgress(run::Progress::Phase phase, const SessionPlan& session, int64_t batch)
{
    run::Progress progress;
    progress.phase = phase;
    progress.session = session.info.session;
    progress.sessions = session.info.sessions;
    progress.epoch = static_cast<int>(m_cursor.epoch) + 1;
    progress.epochs = static_cast<int>(m_inputs.spec.schedule.epochs);
    progress.batch = batch;
    progress.batches = session.batchesPerEpoch;
    progress.step = m_cursor.step;
    progress.totalSteps = m_inputs.plan.totalSteps;
    m_host.emit(progress);
}

} // namespace clwb::train
