// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include "core/base/check.h"
#include "core/eval/texts.h"
#include "core/model/device.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

namespace clwb::train
{
namespace
{

model::Sentences promptsOf(const TrainerInputs& inputs)
{
    return eval::tokenize(inputs.tokenizer, eval::classPrompts(inputs.prompt, inputs.data.classes),
                          inputs.original.config.text.context);
}

TermWatch watchOf(const SessionPlan& plan, const spec::Schedule& schedule)
{
    return TermWatch(plan.info.session, plan.batchesPerEpoch * schedule.epochs);
}

} // namespace

/// What lives as long as a session's training.
struct Trainer::Session
{
    const SessionPlan& plan;
    methods::StepNeeds needs;
    model::ClipModel teacher;
    SessionFeatures features;
    bool needsPixels = true;
};

Trainer::~Trainer() = default;

Trainer::Trainer(TrainerInputs inputs, TrainerHost& host)
    : m_inputs(std::move(inputs))
    , m_host(host)
    , m_option(m_inputs.spec.option.empty() ? model::Option::WholeModel
                                            : model::optionFromText(m_inputs.spec.option))
    , m_classPrompts(promptsOf(m_inputs))
    , m_replay(m_inputs.spec, m_inputs.tokenizer, m_inputs.data.replayCaptions,
               m_inputs.original.config.text.context)
    , m_base(m_inputs.original)
    , m_lastCheckpoint(std::chrono::steady_clock::now())
{
    m_inputs.method.prepareModel(m_base, m_option, m_inputs.spec.params);
    m_scaleTrained = model::trainsLogitScale(m_option, m_inputs.spec.params.logitScale);
    m_trained = m_inputs.method.trainedNames(
        m_base.parameters, m_option, m_inputs.spec.params,
        model::trainedNames(m_base.parameters, m_option, m_scaleTrained));
    m_scaleTrained =
        std::find(m_trained.begin(), m_trained.end(), model::kLogitScale) != m_trained.end();
    m_result = m_base;
    m_student = m_base;
    startFrom(m_base.parameters);
}

void Trainer::startFrom(const model::Parameters& parameters)
{
    m_student.parameters = model::snapshot(parameters, m_trained);
    for (const std::string& name : m_trained)
        m_student.parameters.at(name).requires_grad_(true);
    m_adam.reset();
}

void Trainer::makeOptimizer()
{
    const spec::OptimizerSpec& o = m_inputs.spec.optimizer;
    m_adam = std::make_unique<Adam>(AdamOptions{o.beta1, o.beta2, o.eps, o.name == "adamw"},
                                    std::vector<AdamGroup>{{m_trained, o.weightDecay}},
                                    m_student.parameters);
}

model::Parameters Trainer::state() const
{
    model::Parameters tensors = m_adam ? m_adam->state() : model::Parameters();
    for (const std::string& name : storedNames()) {
        tensors.emplace("student/" + name, m_student.parameters.at(name));
        tensors.emplace("result/" + name, m_result.parameters.at(name));
    }
    for (const auto& [name, tensor] : m_inputs.method.saveState())
        tensors.emplace("method/" + name, tensor);
    tensors.merge(m_watch.state());
    return tensors;
}

Result<void> Trainer::restore(const Cursor& cursor, const model::Parameters& tensors)
{
    const at::NoGradGuard noGrad;
    m_cursor = cursor;
    m_saved = cursor;
    model::Parameters result = model::snapshot(m_base.parameters, m_trained);
    for (const std::string& name : m_trained) {
        for (const auto& [prefix, target] :
             {std::pair{"student/", &m_student.parameters}, std::pair{"result/", &result}}) {
            const auto found = tensors.find(prefix + name);
            if (found == tensors.end() || found->second.sizes() != target->at(name).sizes()) {
                return fail(ErrorCode::Data,
                            "the checkpoint lacks " + std::string(prefix) + name +
                                " in this model's shape",
                            "resume with the model the run was started with");
            }
            target->at(name).copy_(found->second);
        }
    }
    m_result.parameters = std::move(result);
    CLWB_TRY(restoreCarried(tensors));
    model::Parameters ofMethod;
    bool hasMoments = false;
    for (const auto& [name, tensor] : tensors) {
        if (name.starts_with("method/"))
            ofMethod.emplace(name.substr(7), tensor);
        hasMoments = hasMoments || name.starts_with("adam.");
    }
    m_inputs.method.loadState(ofMethod);
    const std::vector<SessionPlan>& sessions = m_inputs.plan.sessions;
    if (static_cast<size_t>(cursor.sessionIndex) < sessions.size()) {
        m_watch =
            watchOf(sessions[static_cast<size_t>(cursor.sessionIndex)], m_inputs.spec.schedule);
        m_watch.restore(tensors);
    }
    if (hasMoments) {
        makeOptimizer();
        m_adam->restore(tensors);
    }
    return {};
}

Result<Trainer::Outcome> Trainer::train()
{
    const auto sessions = static_cast<int>(m_inputs.plan.sessions.size());
    if (m_cursor == Cursor{})
        CLWB_TRY(saveCheckpoint());
    while (m_cursor.sessionIndex < sessions) {
        const SessionPlan& plan =
            m_inputs.plan.sessions[static_cast<size_t>(m_cursor.sessionIndex)];
        CLWB_ASSIGN(const Outcome outcome, trainSession(plan));
        if (outcome == Outcome::Stopped)
            return stopHere();
        const Result<void> finished = finishSession(plan);
        if (!finished && eval::isStopped(finished.error())) {
            // The cursor still stands at the last epoch's end: evaluation is done again.
            return stopHere();
        }
        CLWB_TRY(finished);
        m_cursor.sessionIndex += 1;
        m_cursor.epoch = 0;
        m_cursor.batch = 0;
        if (m_inputs.spec.optimizer.resetPerSession)
            m_adam.reset(); // nothing of it is needed again: half of a checkpoint
        CLWB_TRY(saveCheckpoint());
        if (m_cursor.sessionIndex < sessions &&
            m_inputs.encode.stop.stopRequestedAt(StopPoint::Session))
            return stopHere();
    }
    return Outcome::Finished;
}

Result<std::unique_ptr<Trainer::Session>> Trainer::openSession(const SessionPlan& plan)
{
    const spec::MethodParams& params = m_inputs.spec.params;
    auto session = std::make_unique<Session>(
        Session{plan, m_inputs.method.needs(plan.info, params), m_base, {}, true});
    if (params.teacher != "original")
        session->teacher = m_result;
    const bool augmented = params.augmentation != "none";
    eval::EncodeOptions options = m_inputs.encode;
    options.progress = [this, &plan](int64_t done, int64_t total) {
        run::Progress progress;
        progress.phase = run::Progress::Phase::Loading;
        progress.session = plan.info.session;
        progress.sessions = plan.info.sessions;
        progress.batch = done;
        progress.batches = total;
        progress.step = m_cursor.step;
        progress.totalSteps = m_inputs.plan.totalSteps;
        m_host.emit(progress);
    };
    CLWB_ASSIGN(session->features,
                prepareSession({m_student, session->teacher, m_inputs.data.utTrain, m_classPrompts,
                                m_inputs.pictures, session->needs, m_option, augmented,
                                m_inputs.compactCache},
                               plan, options));
    session->needsPixels = !session->features.studentImages.defined();
    return session;
}

Result<Trainer::Outcome> Trainer::trainSession(const SessionPlan& plan)
{
    const bool fresh = m_cursor.epoch == 0 && m_cursor.batch == 0;
    if (fresh) {
        std::vector<int> classes;
        for (int c = plan.info.current.first; c < plan.info.current.end(); ++c)
            classes.push_back(c);
        m_host.emit(run::SessionStarted{plan.info.session, std::move(classes),
                                        static_cast<int64_t>(plan.items.size())});
        m_watch = watchOf(plan, m_inputs.spec.schedule);
        if (m_inputs.spec.kind == "joint" && m_inputs.spec.params.jointStart == "from_original")
            startFrom(m_base.parameters);
        if (m_inputs.spec.optimizer.resetPerSession || !m_adam)
            makeOptimizer();
    }
    if (m_cursor.epoch >= m_inputs.spec.schedule.epochs || plan.items.empty())
        return Outcome::Finished;
    Result<std::unique_ptr<Session>> session = openSession(plan);
    if (!session && eval::isStopped(session.error()))
        return Outcome::Stopped;
    if (!session)
        return Failure(std::move(session).error());
    if (fresh)
        m_inputs.method.beginSession(contextOf(plan));
    while (m_cursor.epoch < m_inputs.spec.schedule.epochs) {
        CLWB_ASSIGN(const Outcome outcome, trainEpoch(**session));
        if (outcome == Outcome::Stopped)
            return outcome;
        const bool isLast = m_cursor.epoch >= m_inputs.spec.schedule.epochs;
        if (!isLast && m_inputs.encode.stop.stopRequestedAt(StopPoint::Epoch))
            return Outcome::Stopped;
    }
    return Outcome::Finished;
}

Result<Trainer::Outcome> Trainer::trainEpoch(Session& session)
{
    const spec::Schedule& schedule = m_inputs.spec.schedule;
    const int64_t epoch = m_cursor.epoch + 1;
    const std::vector<int64_t> order = epochOrder(session.plan, m_inputs.spec.seed, epoch);
    const double rate = m_inputs.method.learningRate(learningRate(schedule, epoch), m_inputs.spec);
    std::optional<data::BatchLoader> loader;
    if (session.needsPixels) {
        loader.emplace(
            m_inputs.data.utTrain, order, m_inputs.pictures,
            data::BatchLoader::Options{
                .batchSize = schedule.batchSize,
                .keepLastPartial = schedule.keepLastPartial,
                .threads = m_inputs.encode.loaderThreads,
                .firstBatch = m_cursor.batch,
                .augmentation = {m_inputs.spec.params.augmentation != "none", m_inputs.spec.seed,
                                 static_cast<uint64_t>(session.plan.info.session),
                                 static_cast<uint64_t>(epoch)}});
    }
    while (m_cursor.batch < session.plan.batchesPerEpoch) {
        if (m_inputs.encode.stop.stopRequested())
            return Outcome::Stopped;
        const int64_t begin = m_cursor.batch * schedule.batchSize;
        const auto end = std::min(static_cast<int64_t>(order.size()), begin + schedule.batchSize);
        std::vector<int64_t> items(order.begin() + begin, order.begin() + end);
        at::Tensor pixels;
        std::optional<data::Batch> batch;
        if (loader) {
            CLWB_ASSIGN(batch, loader->next());
            CLWB_CHECK(batch && batch->indices == items);
            const int64_t side = m_inputs.pictures.side();
            pixels = at::from_blob(batch->pixels.data(), {end - begin, side, side, 3}, at::kByte);
        }
        CLWB_TRY(trainBatch(session, items, pixels, m_cursor.batch + 1, rate));
        m_cursor.batch += 1;
        reportProgress(run::Progress::Phase::Training, session.plan, m_cursor.batch);
        const auto now = std::chrono::steady_clock::now();
        if (now - m_lastCheckpoint >= m_inputs.checkpointInterval &&
            m_cursor.batch < session.plan.batchesPerEpoch) {
            CLWB_TRY(saveCheckpoint());
        }
    }
    const Result<void> evaluated =
        m_host.epochFinished(session.plan.info.session, epoch, m_student);
    if (!evaluated && eval::isStopped(evaluated.error()))
        return Outcome::Stopped;
    CLWB_TRY(evaluated);
    m_cursor.epoch += 1;
    m_cursor.batch = 0;
    CLWB_TRY(saveCheckpoint());
    return Outcome::Finished;
}

Result<void> Trainer::trainBatch(Session& session, const std::vector<int64_t>& items,
                                 const at::Tensor& pixels, int64_t batch, double learningRate)
{
    StepInput input;
    input.rows = rowsOf(session.plan, items);
    input.pixels = pixels;
    input.labels = at::empty({static_cast<int64_t>(items.size())}, at::kLong);
    auto* labels = input.labels.mutable_data_ptr<int64_t>();
    for (size_t i = 0; i < items.size(); ++i)
        labels[i] = m_inputs.data.utTrain[static_cast<size_t>(items[i])].label -
                    session.plan.ceClasses.first;
    if (session.needs.replay)
        input.replay = m_replay.draw(session.plan.info.session, m_cursor.epoch + 1, batch);
    input.measuresShares = TermWatch::measures(batch, session.plan.batchesPerEpoch);
    if (m_inputs.spec.precision == "fp16")
        input.lossScale = m_cursor.scaler.scale();

    const StepSetup setup{m_inputs.spec, m_inputs.method,  m_student,      session.teacher,
                          session.plan,  session.features, m_classPrompts, session.needs,
                          m_option,      m_scaleTrained};
    CLWB_ASSIGN(const StepOutput output, runStep(setup, input, *m_adam, learningRate));
    if (!output.finite)
        return skipBatch(session.plan, items, output, learningRate);
    if (m_inputs.spec.precision == "fp16")
        m_cursor.scaler.succeeded();
    session.features.teacherAgrees = false;
    m_cursor.step += 1;
    reportStep(session.plan, items, input, output, learningRate);
    return m_watch.add(output);
}

Result<void> Trainer::finishSession(const SessionPlan& plan)
{
    methods::SessionOutcome outcome = m_inputs.method.endSession(contextOf(plan));
    model::ClipModel result = m_base;
    result.parameters = model::snapshot(outcome.result, m_trained);
    model::Parameters continued;
    if (outcome.mergeAlpha) {
        continued = model::snapshot(outcome.continued, m_trained);
        m_host.emit(run::Merged{plan.info.session, *outcome.mergeAlpha});
        CLWB_TRY(m_host.sessionMerged(plan.info.session, m_student));
    }
    CLWB_TRY(m_host.sessionFinished(plan.info.session, result));
    if (!outcome.note.empty())
        m_host.emit(run::Warning{std::move(outcome.note)});
    for (std::string& warning : m_watch.warnings())
        m_host.emit(run::Warning{std::move(warning)});
    m_result = std::move(result);
    if (outcome.mergeAlpha) {
        // The next session's optimiser starts afresh from here in any case but A20 = no.
        const at::NoGradGuard noGrad;
        for (const std::string& name : m_trained)
            m_student.parameters.at(name).copy_(continued.at(name));
    }
    return {};
}

} // namespace clwb::train
