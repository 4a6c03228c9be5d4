// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/runner.h"

#include "core/base/file.h"
#include "core/model/device.h"
#include "core/run/run_host.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

bool wants(const spec::EvaluateSpec& evaluate, const char* part)
{
    return evaluate.after != "never" &&
           std::find(evaluate.what.begin(), evaluate.what.end(), part) != evaluate.what.end();
}

data::DataNeeds needsOf(const spec::RunSpec& spec)
{
    data::DataNeeds needs;
    needs.train = spec.kind != "original";
    needs.test = wants(spec.evaluate, "ut");
    needs.validation = spec.evaluate.validation && spec.evaluate.after != "never";
    needs.zeroShot = wants(spec.evaluate, "zs");
    needs.retrieval = wants(spec.evaluate, "retrieval") || wants(spec.evaluate, "shuffle");
    needs.replayCaptions = spec.kind == "method" && spec.params.replay == "captions";
    return needs;
}

/// Checks that need the model.
Result<void> checkAgainstModel(const spec::RunSpec& spec, const OpenModel& model)
{
    if (spec.kind != "original" && !model.rkrPlacement.empty()) {
        return fail(ErrorCode::Data,
                    "model " + model.path.string() + " is a base model with RKR scales, which a run "
                                                     "cannot start from",
                    "start from its base model; `sublayer` scales can be folded into a plain model "
                    "with `clwb convert-weights`");
    }
    const int64_t context = model.model.config.text.context;
    if (spec.method == "vr-lwf" && spec.params.replay == "random_tokens" &&
        spec.params.M > context - 2) {
        return fail(ErrorCode::Usage,
                    "params.M: " + std::to_string(spec.params.M) + " tokens with SOT and EOT do not " +
                        "fit the model's context of " + std::to_string(context),
                    "choose M <= " + std::to_string(context - 2));
    }
    return {};
}

Result<RunInputs> openInputs(const RunRequest& request)
{
    spec::RunSpec spec = request.spec;
    spec.threads = model::useThreads(request.spec.threads);
    CLWB_ASSIGN(const at::Device device, model::chooseDevice(spec.device));
    CLWB_ASSIGN(spec::Study study, spec::readStudy(spec.study));
    CLWB_ASSIGN(OpenModel start, openModel(spec.model));
    CLWB_TRY(checkAgainstModel(spec, start));
    start.model.moveTo(device);
    CLWB_ASSIGN(data::StudyData data, data::loadStudyData(study, needsOf(spec), request.stop));
    CLWB_ASSIGN(Pictures pictures, openPictures(study, start.model.preprocess.size));
    RunInputs inputs{spec, spec::toJson(spec), std::move(study), std::move(data),
                     std::move(start), std::move(pictures), {}, false};
    inputs.plan = train::makePlan(inputs.spec, inputs.data);
    inputs.numericItems =
        inputs.study.updatedTask && inputs.study.updatedTask->kind == "coco";
    inputs.resolvedSpec["study_sha256"] = inputs.study.sha256;
    inputs.resolvedSpec["model_sha256"] = inputs.start.sha256;
    return inputs;
}

Result<void> prepareFolder(const RunRequest& request, const RunInputs& inputs)
{
    std::error_code ignored;
    if (!request.resume && fs::exists(request.folder, ignored) &&
        !fs::is_empty(request.folder, ignored)) {
        return fail(ErrorCode::Usage, "the run folder " + request.folder.string() + " is not empty",
                    "name another --out, or continue that run with `clwb resume`");
    }
    CLWB_TRY(createFolders(request.folder));
    return writeFileAtomically(request.folder / "spec.json", inputs.resolvedSpec.dump(2) + "\n");
}

void reportNotes(const RunInputs& inputs, const EventSink& sink)
{
    for (const std::string& note : inputs.start.notes)
        sink(Warning{note});
    for (const data::Problem& problem : inputs.data.problems) {
        if (problem.severity != data::Problem::Severity::Note)
            sink(Warning{problem.what + ": " + problem.where});
    }
}

/// Checks that a checkpoint belongs to these inputs.
Result<void> checkSame(const CheckpointState& state, const RunInputs& inputs)
{
    if (state.modelSha256 != inputs.start.sha256) {
        return fail(ErrorCode::Data,
                    "the model " + inputs.start.path.string() + " is not the one the run started "
                                                                "with (model_sha256 differs)",
                    "put the original weights back, or start a new run");
    }
    if (state.studySha256 != inputs.study.sha256) {
        return fail(ErrorCode::Data,
                    "the study " + inputs.study.file.string() + " changed since the run started",
                    "put the old study file back, or start a new run");
    }
    return {};
}

RunStarted startedEvent(const RunInputs& inputs, const std::vector<std::string>& trained,
                        int64_t firstStep)
{
    RunStarted started;
    started.resolvedSpec = inputs.resolvedSpec;
    started.trained = trained;
    started.classes = inputs.data.classes;
    started.sessions = inputs.spec.isMultiSession() ? inputs.data.sessions : 1;
    started.totalSteps = inputs.plan.totalSteps;
    started.firstStep = firstStep;
    return started;
}

Result<RunSummary> runOriginal(RunHost& host, const RunInputs& inputs)
{
    CLWB_TRY(host.openTrace(std::nullopt));
    host.emit(startedEvent(inputs, {}, 0));
    const Result<void> evaluated = host.evaluate(0, std::nullopt, inputs.start.model);
    if (!evaluated && eval::isStopped(evaluated.error()))
        return RunSummary{"stopped", 0, {}, inputs.data.classes};
    CLWB_TRY(evaluated);
    return RunSummary{"finished", 0, inputs.start.path, inputs.data.classes};
}

Result<RunSummary> runTraining(const RunRequest& request, RunHost& host, RunInputs& inputs)
{
    const std::string id = inputs.spec.kind == "joint" ? "ft" : inputs.spec.method;
    const methods::MethodInfo* info = methods::findMethod(id);
    if (!info) {
        return fail(ErrorCode::Usage, "method \"" + id + "\" is not built into this program",
                    "`clwb run --help` lists the methods");
    }
    const std::unique_ptr<methods::Method> method = info->create();
    eval::EncodeOptions encode;
    encode.batchSize = inputs.spec.schedule.batchSize;
    encode.loaderThreads = loaderThreads();
    encode.precision = inputs.spec.precision;
    encode.stop = request.stop;
    train::Trainer trainer({inputs.spec, inputs.data, inputs.plan, inputs.start.tokenizer,
                            inputs.start.model, *method, *inputs.pictures.crops,
                            inputs.study.prompt, encode, std::chrono::seconds(600),
                            inputs.numericItems},
                           host);
    host.setTrainer(&trainer);

    CheckpointStore store(request.folder);
    const bool continues = request.resume && !store.isEmpty();
    if (continues) {
        CLWB_ASSIGN(const Checkpoint checkpoint, store.loadNewest());
        CLWB_TRY(checkSame(checkpoint.state, inputs));
        CLWB_TRY(trainer.restore(checkpoint.state.cursor, checkpoint.tensors));
        CLWB_TRY(host.openTrace(checkpoint.state.traceBytes));
        host.setDone(checkpoint.state.cursor);
    } else {
        CLWB_TRY(host.openTrace(request.resume ? std::optional<uint64_t>(0) : std::nullopt));
    }
    host.emit(startedEvent(inputs, trainer.trainedNames(), trainer.cursor().step));
    RunSummary summary{"stopped", trainer.cursor().step, {}, inputs.data.classes};
    if (!continues && host.evaluatesAtStart()) {
        const Result<void> evaluated = host.evaluate(0, std::nullopt, trainer.result());
        if (!evaluated && eval::isStopped(evaluated.error()))
            return summary;
        CLWB_TRY(evaluated);
    }
    CLWB_ASSIGN(const train::Trainer::Outcome outcome, trainer.train());
    summary.steps = trainer.cursor().step;
    if (outcome == train::Trainer::Outcome::Stopped)
        return summary;
    CLWB_TRY(writeModel(request.folder / "model", trainer.result().parameters, inputs.start));
    summary.status = "finished";
    summary.model = request.folder / "model";
    return summary;
}

Result<RunSummary> runAll(const RunRequest& request, const EventSink& sink,
                          std::optional<RunHost>& host, std::optional<RunInputs>& inputs)
{
    Result<RunInputs> opened = openInputs(request);
    if (!opened)
        return Failure(std::move(opened).error());
    inputs.emplace(std::move(*opened));
    CLWB_TRY(prepareFolder(request, *inputs));
    reportNotes(*inputs, sink);
    host.emplace(request, *inputs, sink);
    if (inputs->spec.kind == "original")
        return runOriginal(*host, *inputs);
    return runTraining(request, *host, *inputs);
}

} // namespace

Result<RunSummary> executeRun(const RunRequest& request, const EventSink& sink)
{
    std::optional<RunInputs> inputs;
    std::optional<RunHost> host;
    Result<RunSummary> result = model::guarded("run", [&]() -> Result<RunSummary> {
        return runAll(request, sink, host, inputs);
    });
    if (!result && eval::isStopped(result.error()))
        result = RunSummary{"stopped", 0, {}, {}};
    const Finished finished = result ? Finished{result->status, {}, result->steps}
                                     : Finished{"failed", toText(result.error()), 0};
    if (host) {
        host->emit(finished);
        if (const Result<void> flushed = host->finishTrace(); result && !flushed)
            return Failure(flushed.error());
    } else {
        sink(finished);
    }
    return result;
}

} // namespace clwb::run
