// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_host.h"

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/run/branch.h"
#include "core/train/tensor_file.h"

#include <algorithm>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

constexpr std::chrono::milliseconds kProgressInterval{100};

} // namespace

std::string recordFileName(const metrics::EvaluationRecord& record)
{
    std::string name = "eval-" + std::to_string(record.session);
    if (record.epoch)
        name += "-e" + std::to_string(*record.epoch);
    return name + (record.split == "val" ? "-val.json" : ".json");
}

namespace
{

std::vector<eval::Split> splitsOf(const spec::EvaluateSpec& evaluate)
{
    std::vector<eval::Split> splits;
    if (evaluate.test)
        splits.push_back(eval::Split::Test);
    if (evaluate.validation)
        splits.push_back(eval::Split::Validation);
    return splits;
}

/// Pictures of one evaluation, all its splits.
int64_t itemsOf(const eval::Evaluator& evaluator, const spec::EvaluateSpec& evaluate)
{
    int64_t items = 0;
    for (const eval::Split split : splitsOf(evaluate))
        items += evaluator.itemCount(split);
    return items;
}

} // namespace

RunHost::RunHost(const RunRequest& request, RunInputs& inputs, const EventSink& sink)
    : m_request(request)
    , m_inputs(inputs)
    , m_sink(sink)
    , m_checkpoints(request.folder)
    , m_meter(0, 1, 0, 0)
{
    eval::EvaluatorOptions options;
    options.what = inputs.spec.evaluate.what;
    options.shuffleSeeds = inputs.spec.evaluate.shuffleSeeds;
    options.labelSpace = inputs.spec.evaluate.labelSpace;
    options.encode.batchSize = inputs.spec.schedule.batchSize;
    options.encode.loaderThreads = loaderThreads();
    options.encode.precision = inputs.spec.precision;
    options.encode.stop = request.stop;
    options.encode.progress = [this, last = int64_t{0}](int64_t done, int64_t) mutable {
        // Every list counts from 0 again; the meter wants the sum of one evaluation.
        m_evaluationDone += done > last ? done - last : done;
        last = done;
        m_meter.evaluated(m_evaluationDone, ProgressMeter::Clock::now());
        Progress progress;
        progress.phase = Progress::Phase::Evaluating;
        progress.batch = m_evaluationDone;
        progress.batches = itemsOf(*m_evaluator, m_inputs.spec.evaluate);
        progress.totalSteps = m_inputs.plan.totalSteps;
        if (m_trainer) {
            const std::vector<train::SessionPlan>& sessions = m_inputs.plan.sessions;
            const auto index = static_cast<size_t>(m_trainer->cursor().sessionIndex);
            const methods::SessionInfo& info = sessions[std::min(index, sessions.size() - 1)].info;
            progress.step = m_trainer->cursor().step;
            progress.session = info.session;
            progress.sessions = info.sessions;
        }
        emitProgress(progress);
    };
    m_evaluator.emplace(inputs.study, inputs.data, inputs.start.tokenizer, *inputs.pictures.crops,
                        *inputs.pictures.whole, std::move(options));
    m_meter = ProgressMeter(inputs.plan.totalSteps, inputs.spec.schedule.batchSize,
                            train::plannedEvaluations(inputs.spec, inputs.plan),
                            itemsOf(*m_evaluator, inputs.spec.evaluate));
}

bool RunHost::evaluatesAtStart() const
{
    return m_inputs.spec.evaluate.after != "never";
}

void RunHost::setDone(const train::Cursor& cursor)
{
    m_steps = cursor.step;
    m_meter.setDone(cursor.step, evaluatesAtStart() ? 1 + cursor.sessionIndex : 0);
}

Result<void> RunHost::openTrace(std::optional<uint64_t> resumeAt)
{
    if (m_request.trace.empty())
        return {};
    std::error_code ignored;
    if (!resumeAt && m_request.resume && fs::exists(m_request.trace, ignored) &&
        fs::file_size(m_request.trace, ignored) > 0) {
        return fail(ErrorCode::Usage,
                    "--trace " + m_request.trace.string() +
                        ": the run went on without a trace since, so it cannot be continued",
                    "name a new file: it begins where the run continues");
    }
    if (resumeAt) {
        CLWB_ASSIGN(m_trace, TraceWriter::resume(m_request.trace, *resumeAt, m_inputs.resolvedSpec,
                                                 m_inputs.numericItems));
    } else {
        CLWB_ASSIGN(m_trace, TraceWriter::create(m_request.trace, m_inputs.numericItems));
    }
    return {};
}

Result<void> RunHost::endTrace(const Finished& end)
{
    if (!m_trace)
        return {};
    m_trace->write(end);
    CLWB_TRY(m_trace->sync());
    return {};
}

void RunHost::emit(Event event)
{
    if (auto* progress = std::get_if<Progress>(&event)) {
        if (progress->phase == Progress::Phase::Training)
            m_meter.trained(progress->step, ProgressMeter::Clock::now());
        else
            m_meter.pause();
        emitProgress(*progress);
        return;
    }
    if (auto* step = std::get_if<StepDone>(&event)) {
        m_steps = step->step;
        step->time = timeNow();
    } else if (auto* broken = std::get_if<StepBroken>(&event)) {
        broken->time = timeNow();
    }
    if (m_trace)
        m_trace->write(event);
    m_sink(event);
}

StepTime RunHost::timeNow() const
{
    const auto work = std::chrono::steady_clock::now() - m_begin;
    return {m_beganMs, std::chrono::duration_cast<std::chrono::milliseconds>(work).count()};
}

void RunHost::emitProgress(Progress progress)
{
    const auto now = std::chrono::steady_clock::now();
    if (now - m_lastProgress < kProgressInterval)
        return;
    m_lastProgress = now;
    progress.epochs = static_cast<int>(m_inputs.spec.schedule.epochs);
    m_meter.complete(progress);
    m_sink(progress);
}

Result<void> RunHost::store(metrics::EvaluationRecord record,
                            std::shared_ptr<const metrics::EvaluationDetails> details)
{
    Evaluated event{std::move(record), {}, std::move(details)};
    event.recordFile = recordFileName(event.record);
    CLWB_TRY(writeFileAtomically(m_request.folder / event.recordFile,
                                 metrics::toJson(event.record).dump(1) + "\n"));
    emit(std::move(event));
    return {};
}

eval::DetailWish RunHost::wishOf(int finishedSessions, std::optional<int> epoch,
                                 eval::Split split) const
{
    const std::string& details = m_inputs.spec.evaluate.details;
    if (details == "none" || epoch || split != eval::Split::Test)
        return {};
    const bool isEnd = !m_inputs.plan.sessions.empty() && isLast(finishedSessions);
    return {true, details == "all" || finishedSessions == 0 || isEnd};
}

void RunHost::makeThumbnails(const metrics::EvaluationDetails& details)
{
    if (!m_request.thumbnails.keep)
        return;
    if (!m_thumbnails)
        m_thumbnails.emplace(m_request.thumbnails);
    const data::StudyData& data = m_inputs.data;
    for (const metrics::RetrievalDetails& set : details.retrieval) {
        for (const data::RetrievalData& source : data.retrieval) {
            if (source.name == set.items->list.name && !source.images.empty())
                m_thumbnails->add(set.items, source.images, *m_inputs.pictures.whole);
        }
    }
    for (const metrics::PredictionDetails& part : details.predictions) {
        if (part.items->list.kind == "ut")
            m_thumbnails->add(part.items, data.utTest, *m_inputs.pictures.crops);
        else
            m_thumbnails->add(part.items, data.zeroShot.items, *m_inputs.pictures.whole);
    }
}

void RunHost::endThumbnails(bool isWhole)
{
    if (m_thumbnails && isWhole)
        m_thumbnails->finish(m_request.stop);
    m_thumbnails.reset();
}

Result<void> RunHost::evaluate(int finishedSessions, std::optional<int> epoch,
                               const model::ClipModel& model)
{
    const bool frozenImage = m_inputs.spec.option == "TO" || m_inputs.plan.sessions.empty();
    const bool frozenText = m_inputs.spec.option == "IO" || m_inputs.plan.sessions.empty();
    const eval::Unchanged unchanged{m_evaluatedBefore && frozenImage,
                                    m_evaluatedBefore && frozenText};
    const std::vector<eval::Split> splits = splitsOf(m_inputs.spec.evaluate);
    m_evaluationDone = 0;
    m_meter.pause();
    // Nothing is reported before all splits are counted: a stop in between must leave no line that
    // the resumed run would write again.
    struct Done
    {
        metrics::EvaluationRecord record;
        std::shared_ptr<metrics::EvaluationDetails> details;
    };
    std::vector<Done> all;
    for (const eval::Split split : splits) {
        const eval::DetailWish wish = wishOf(finishedSessions, epoch, split);
        Done done;
        if (wish.predictions || wish.retrieval)
            done.details = std::make_shared<metrics::EvaluationDetails>();
        CLWB_ASSIGN(done.record,
                    m_evaluator->evaluate(model, m_inputs.spec.setting, finishedSessions, split,
                                          unchanged, wish, done.details.get()));
        done.record.epoch = epoch;
        all.push_back(std::move(done));
    }
    for (Done& done : all) {
        const std::shared_ptr<const metrics::EvaluationDetails> details = done.details;
        CLWB_TRY(store(std::move(done.record), details));
        // After them in the queue: a thumbnail of a picture that no list has is dropped.
        if (details)
            makeThumbnails(*details);
    }
    m_evaluatedBefore = true;
    if (m_evaluator->truncatedCaptions() > 0 && !std::exchange(m_toldOfCutCaptions, true)) {
        emit(Warning{std::to_string(m_evaluator->truncatedCaptions()) +
                     " captions are longer than the model's context and were cut as CLIP does"});
    }
    m_meter.evaluationFinished();
    return {};
}

Result<void> RunHost::epochFinished(int, int64_t epoch, const model::ClipModel& model)
{
    if (m_inputs.spec.evaluate.after != "epoch")
        return {};
    return evaluate(finishedSessions(m_trainer->cursor()), static_cast<int>(epoch), model);
}

bool RunHost::isLast(int session) const
{
    return session == m_inputs.plan.sessions.back().info.session;
}

Result<void> RunHost::sessionMerged(int session, const model::ClipModel& raw)
{
    // From the last one any other share can be evaluated without training again.
    if (!isLast(session))
        return {};
    CLWB_TRY(writeModel(m_request.folder / "unmerged", raw.parameters, m_inputs.start));
    return {};
}

Result<void> RunHost::sessionFinished(int session, const model::ClipModel& model)
{
    const std::string& after = m_inputs.spec.evaluate.after;
    if (m_inputs.spec.checkpoints == "all") {
        const fs::path folder = m_request.folder / "sessions" / std::to_string(session);
        CLWB_TRY(createFolders(folder.parent_path()));
        CLWB_TRY(writeModel(folder, model.parameters, m_inputs.start));
    }
    if (after == "session" || after == "epoch" || (after == "run" && isLast(session)))
        return evaluate(session, std::nullopt, model);
    return {};
}

Result<void> RunHost::keepState(const train::Cursor& cursor)
{
    const auto sessions = static_cast<int>(m_inputs.plan.sessions.size());
    const bool isBetween = cursor.sessionIndex > 0 && cursor.sessionIndex < sessions &&
                           cursor.epoch == 0 && cursor.batch == 0;
    if (m_inputs.spec.checkpoints != "all" || !isBetween)
        return {};
    const train::SessionState kept = m_trainer->sessionState();
    if (kept.tensors.empty())
        return {};
    const fs::path file = sessionStateFile(m_request.folder, finishedSessions(cursor));
    CLWB_TRY(train::writeTensorFile(file, kept.tensors, kept.kind));
    return {};
}

int RunHost::finishedSessions(const train::Cursor& cursor) const
{
    if (cursor.sessionIndex > 0)
        return m_inputs.plan.sessions[static_cast<size_t>(cursor.sessionIndex) - 1].info.session;
    return m_inputs.spec.branchedFrom ? m_inputs.spec.branchedFrom->session : 0;
}

Result<void> RunHost::saveCheckpoint(const train::Cursor& cursor)
{
    CLWB_TRY(keepState(cursor));
    CheckpointState state;
    state.cursor = cursor;
    state.finishedSessions = finishedSessions(cursor);
    state.modelSha256 = m_inputs.start.sha256;
    state.studySha256 = m_inputs.study.sha256;
    state.dataSha256 = m_inputs.dataSha256;
    state.specSha256 = sha256Hex(spec::toJson(m_inputs.spec).dump());
    if (m_trace) {
        CLWB_ASSIGN(const uint64_t bytes, m_trace->sync());
        state.traceBytes = bytes;
    }
    CLWB_ASSIGN(const CheckpointStore::Saved saved, m_checkpoints.save(state, m_trainer->state()));
    m_meter.pause();
    emit(CheckpointSaved{saved.folder, cursor.step, saved.sha256});
    return {};
}

} // namespace clwb::run
