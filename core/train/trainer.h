// SPDX-License-Identifier: GPL-3.0-or-later
// The session, epoch and batch loops: calls the method's hooks, reports events, saves checkpoints,
// and stops within one batch.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/run/events.h"
#include "core/train/batch_step.h"
#include "core/train/cursor.h"
#include "core/train/tensor_file.h"
#include "core/train/term_watch.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clwb::train
{

/// What the trainer needs from the run around it. All calls come on the training thread.
class TrainerHost
{
public:
    virtual ~TrainerHost() = default;
    virtual void emit(run::Event event) = 0;
    /// True when a trace is written, so that items and sentences go into the step events.
    [[nodiscard]] virtual bool wantsItems() const = 0;
    /// An epoch's weights may be evaluated. @param epoch from 1, of session `session`
    virtual Result<void> epochFinished(int session, int64_t epoch,
                                       const model::ClipModel& model) = 0;
    /// Weights were merged at the session's end: these are the raw ones. Before sessionFinished().
    virtual Result<void> sessionMerged(int session, const model::ClipModel& raw) = 0;
    /// The session's resulting model: to be saved and evaluated.
    virtual Result<void> sessionFinished(int session, const model::ClipModel& model) = 0;
    /// Writes a checkpoint; the trainer's state() is what belongs into it.
    virtual Result<void> saveCheckpoint(const Cursor& cursor) = 0;
};

struct TrainerInputs
{
    const spec::RunSpec& spec;
    const data::StudyData& data;
    const RunPlan& plan;
    const text::Tokenizer& tokenizer;
    const model::ClipModel& original; ///< the run's start; never changed
    methods::Method& method;
    data::PictureCache& pictures;
    std::string prompt;
    eval::EncodeOptions encode; ///< loader threads, precision, stop token
    std::chrono::seconds checkpointInterval{600};
    bool numericItems = false; ///< COCO: ids are numbers in traces
    bool compactCache = false; ///< the study's cache: compact
};

/// What a branch from a session's end needs besides result(); empty when it is that alone.
struct SessionState
{
    std::string kind;          ///< Method::stateKind()
    model::Parameters tensors; ///< of state(), under the same names
};

class Trainer
{
public:
    Trainer(TrainerInputs inputs, TrainerHost& host);
    ~Trainer();

    /// Names of the trained tensors in bytewise order.
    [[nodiscard]] const std::vector<std::string>& trainedNames() const { return m_trained; }
    [[nodiscard]] const Cursor& cursor() const { return m_cursor; }
    /// Tensors of a checkpoint: student, last result, optimiser, method.
    [[nodiscard]] model::Parameters state() const;
    /// Of a session that has just ended.
    [[nodiscard]] SessionState sessionState() const;
    /// Continues from a checkpoint. Frozen tensors in it replace the original's: a branch may
    /// freeze what the run before it trained. Errors: Data when tensors are missing or of another
    /// shape.
    Result<void> restore(const Cursor& cursor, const model::Parameters& tensors);

    enum class Outcome { Finished, Stopped };
    /// Trains to the end or to the stop token; a stop leaves a checkpoint behind.
    /// Errors: RunFailed (NaN, zero vectors), Data, OutOfMemory, DiskFull.
    Result<Outcome> train();

    /// The model after the last finished session (the original before the first).
    [[nodiscard]] const model::ClipModel& result() const { return m_result; }

private:
    struct Session;
    Result<void> saveCheckpoint();
    Result<Outcome> stopHere();
    Result<Outcome> trainSession(const SessionPlan& plan);
    Result<Outcome> trainEpoch(Session& session);
    Result<void> trainBatch(Session& session, const std::vector<int64_t>& items,
                            const at::Tensor& pixels, int64_t batch, double learningRate);
    Result<void> skipBatch(const SessionPlan& session, const std::vector<int64_t>& items,
                           const StepOutput& output, double learningRate);
    void reportStep(const SessionPlan& session, const std::vector<int64_t>& items,
                    const StepInput& input, const StepOutput& output, double learningRate);
    Result<void> finishSession(const SessionPlan& plan);
    [[nodiscard]] methods::SessionContext contextOf(const SessionPlan& plan);
    Result<void> restoreCarried(const model::Parameters& tensors);
    [[nodiscard]] std::vector<std::string> storedNames() const;
    void startFrom(const model::Parameters& parameters);
    void makeOptimizer();
    Result<std::unique_ptr<Session>> openSession(const SessionPlan& plan);
    void reportProgress(run::Progress::Phase phase, const SessionPlan& session, int64_t batch);
    [[nodiscard]] std::vector<std::string> itemIds(const std::vector<int64_t>& items) const;

    TrainerInputs m_inputs;
    TrainerHost& m_host;
    model::Option m_option;
    bool m_scaleTrained = false;
    std::vector<std::string> m_trained;
    std::vector<std::string> m_carried; ///< frozen, but not as in the original
    model::Sentences m_classPrompts;
    ReplaySource m_replay;
    model::ClipModel m_base;    ///< the original with the method's own tensors
    model::ClipModel m_student; ///< being trained; shares frozen tensors with m_base
    model::ClipModel m_result;  ///< after the last finished session
    std::unique_ptr<Adam> m_adam;
    TermWatch m_watch; ///< of the current session
    Cursor m_cursor;
    std::optional<Cursor> m_saved; ///< of the newest checkpoint
    std::chrono::steady_clock::time_point m_lastCheckpoint;
};

} // namespace clwb::train
