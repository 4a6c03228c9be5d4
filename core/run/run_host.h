// SPDX-License-Identifier: GPL-3.0-or-later
// What surrounds a trainer: evaluation, files of the run folder, trace, checkpoints, progress.
#pragma once

#include "core/eval/evaluator.h"
#include "core/run/checkpoint_store.h"
#include "core/run/progress_meter.h"
#include "core/run/runner.h"
#include "core/run/thumbnail_worker.h"
#include "core/run/trace.h"
#include "core/run/workspace.h"
#include "core/train/trainer.h"

#include <optional>
#include <string>

namespace clwb::run
{

/// eval-<s>.json, eval-<s>-e<e>.json of an epoch, with -val before .json of the validation split.
std::string recordFileName(const metrics::EvaluationRecord& record);

/// The opened inputs of a run; everything else refers to them.
struct RunInputs
{
    spec::RunSpec spec; ///< `threads` as used
    Json resolvedSpec;  ///< with the hashes
    spec::Study study;
    data::StudyData data;
    OpenModel start;
    Pictures pictures;
    train::RunPlan plan;
    bool numericItems = false;
    std::string dataSha256 = {}; ///< of the classes and training items in their order
};

/// Implements the trainer's host on a run folder. Thread: training.
class RunHost final : public train::TrainerHost
{
public:
    RunHost(const RunRequest& request, RunInputs& inputs, const EventSink& sink);

    /// Opens the trace: anew, or cut back to a checkpoint's length.
    Result<void> openTrace(std::optional<uint64_t> resumeAt);
    void setTrainer(const train::Trainer* trainer) { m_trainer = trainer; }
    /// Work that a resumed run finds done.
    void setDone(const train::Cursor& cursor);
    /// Evaluates a model and reports the record; each split that the spec asks for.
    Result<void> evaluate(int finishedSessions, std::optional<int> epoch,
                          const model::ClipModel& model);
    [[nodiscard]] bool evaluatesAtStart() const;
    /// No thumbnail is handed over after this.
    /// @param isWhole waits for those of all pictures evaluated so far, unless the run shall stop
    void endThumbnails(bool isWhole);
    /// Ends the trace, where one is written, and brings it to the disk.
    Result<void> endTrace(const Finished& end);
    /// Optimiser steps of the run so far.
    [[nodiscard]] int64_t steps() const { return m_steps; }

    void emit(Event event) override;
    [[nodiscard]] bool wantsItems() const override { return m_trace.has_value(); }
    Result<void> epochFinished(int session, int64_t epoch, const model::ClipModel& model) override;
    Result<void> sessionMerged(int session, const model::ClipModel& raw) override;
    Result<void> sessionFinished(int session, const model::ClipModel& model) override;
    Result<void> saveCheckpoint(const train::Cursor& cursor) override;

private:
    void emitProgress(Progress progress);
    [[nodiscard]] StepTime timeNow() const;
    Result<void> store(metrics::EvaluationRecord record,
                       std::shared_ptr<const metrics::EvaluationDetails> details);
    [[nodiscard]] eval::DetailWish wishOf(int finishedSessions, std::optional<int> epoch,
                                          eval::Split split) const;
    void makeThumbnails(const metrics::EvaluationDetails& details);
    [[nodiscard]] bool isLast(int session) const;
    [[nodiscard]] int finishedSessions(const train::Cursor& cursor) const;
    Result<void> keepState(const train::Cursor& cursor);

    const RunRequest& m_request;
    RunInputs& m_inputs;
    const EventSink& m_sink;
    CheckpointStore m_checkpoints;
    std::optional<TraceWriter> m_trace;
    const train::Trainer* m_trainer = nullptr;
    std::optional<eval::Evaluator> m_evaluator;
    std::optional<ThumbnailWorker> m_thumbnails;
    bool m_evaluatedBefore = false;
    bool m_toldOfCutCaptions = false;
    int64_t m_steps = 0;
    int64_t m_evaluationDone = 0;
    ProgressMeter m_meter;
    std::chrono::steady_clock::time_point m_lastProgress;
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    int64_t m_beganMs = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
};

} // namespace clwb::run
