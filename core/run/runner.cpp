// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/runner.h"

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/model/device.h"
#include "core/run/cache_folder.h"
#include "core/run/kept_manifest.h"
#include "core/run/preflight.h"
#include "core/run/run_host.h"
#include "core/store/run_lock.h"

namespace clwb::run
{
namespace
{

/// SHA-256 over the classes and the training items in their order: what a cursor counts.
std::string trainingDataHash(const data::StudyData& data)
{
    Sha256 hash;
    const auto add = [&hash](const std::string& text) {
        hash.update(text);
        hash.update(std::string_view("\0", 1));
    };
    for (const std::string& name : data.classes)
        add(name);
    for (const data::Item& item : data.utTrain)
        add(item.id + "/" + std::to_string(item.label));
    return toHex(hash.finish());
}

Result<void> checkAgainstStudy(const spec::RunSpec& spec, const spec::Study& study)
{
    if (spec.kind == "original" || study.updatedTask)
        return {};
    return fail(ErrorCode::Usage,
                "study " + spec.study.string() +
                    " has no updated_task: there is nothing to train on",
                "add updated_task to the study, or evaluate with kind=original");
}

/// Checks that need the data.
Result<void> checkAgainstData(const spec::RunSpec& spec, const data::StudyData& data)
{
    const auto captions = static_cast<int64_t>(data.replayCaptions.size());
    if (needsOf(spec).replayCaptions && captions < spec.params.Ks) {
        return fail(ErrorCode::Data,
                    "the caption corpus of " + spec.study.string() +
                        " is too small: expected at least "
                        "params.Ks = " +
                        std::to_string(spec.params.Ks) +
                        " captions of split train, "
                        "got " +
                        std::to_string(captions),
                    "choose a smaller params.Ks, or a larger corpus as \"captions\" in the study");
    }
    if (spec.kind != "original" && data.utTrain.empty()) {
        return fail(ErrorCode::Data,
                    "study " + spec.study.string() +
                        " selects no training image of its updated task",
                    "`clwb data check " + spec.study.string() + "` shows what is missing");
    }
    return {};
}

/// Without its test split a run has the validation split alone to show what it learnt.
Result<void> checkHasSomethingToJudge(const spec::RunSpec& spec, const data::StudyData& data)
{
    if (spec.evaluate.test || spec.evaluate.after == "never" || !data.utVal.empty() ||
        !data.zeroShotValidation.items.empty() || !data.retrievalValidation.empty())
        return {};
    return fail(ErrorCode::Data,
                "the validation split of study " + spec.study.string() +
                    " is empty, and evaluate.test is false: nothing can be evaluated",
                "add validation data to the study");
}

Result<RunInputs> openInputs(const RunRequest& request)
{
    spec::RunSpec spec = request.spec;
    spec.threads = model::useThreads(request.spec.threads);
    CLWB_ASSIGN(const at::Device device, model::chooseDevice(spec.device));
    CLWB_ASSIGN(spec::Study study, spec::readStudy(spec.study));
    CLWB_TRY(checkAgainstStudy(spec, study));
    CLWB_ASSIGN(OpenModel start, openModel(spec.model));
    CLWB_TRY(checkAgainstModel(spec, start));
    start.model.moveTo(device);
    data::DataNeeds needs = needsOf(spec);
    needs.manifest = true;
    CLWB_ASSIGN(data::StudyData data, data::loadStudyData(study, needs, request.stop));
    CLWB_TRY(checkAgainstData(spec, data));
    CLWB_TRY(checkHasSomethingToJudge(spec, data));
    CLWB_ASSIGN(Pictures pictures, openPictures(study, start.model.preprocess.size));
    RunInputs inputs{spec,
                     spec::toJson(spec),
                     std::move(study),
                     std::move(data),
                     std::move(start),
                     std::move(pictures),
                     {},
                     false};
    inputs.plan = train::makePlan(inputs.spec, inputs.data);
    inputs.dataSha256 = trainingDataHash(inputs.data);
    inputs.numericItems = inputs.study.updatedTask && inputs.study.updatedTask->kind == "coco";
    inputs.resolvedSpec["study_sha256"] = inputs.study.sha256;
    inputs.resolvedSpec["model_sha256"] = inputs.start.sha256;
    inputs.resolvedSpec["data_manifest"] = data::summaryOf(inputs.data.manifest);
    return inputs;
}

Result<void> prepareFolder(const RunRequest& request)
{
    if (!request.resume && !store::holdsNoRun(request.folder)) {
        return fail(ErrorCode::Usage, "the run folder " + request.folder.string() + " is not empty",
                    "name another --out, or continue that run with `clwb resume`");
    }
    CLWB_TRY(createFolders(request.folder));
    if (request.resume)
        removeTemporaries(request.folder);
    return {};
}

/// What the run is, into its folder: once nothing speaks against going on with these inputs.
Result<void> keepDescription(const RunRequest& request, const RunInputs& inputs)
{
    CLWB_TRY(writeFileAtomically(request.folder / "spec.json", inputs.resolvedSpec.dump(2) + "\n"));
    if (!inputs.resolvedSpec.contains("data_manifest"))
        return {};
    return keepManifest(request.folder, inputs.data.manifest);
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
                    "the model " + inputs.start.path.string() +
                        " is not the one the run started "
                        "with (model_sha256 differs)",
                    "put the original weights back, or start a new run");
    }
    if (state.studySha256 != inputs.study.sha256) {
        return fail(ErrorCode::Data,
                    "the study " + inputs.study.file.string() + " changed since the run started",
                    "put the old study file back, or start a new run");
    }
    // A branch's first checkpoint was made without opening the data.
    if (!state.dataSha256.empty() && state.dataSha256 != inputs.dataSha256) {
        return fail(ErrorCode::Data,
                    "the training images that " + inputs.study.file.string() +
                        " selects are not those of the run's start (annotations, lists or files "
                        "changed)",
                    "put the old data back, or start a new run");
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

Result<RunSummary> runOriginal(const RunRequest& request, RunHost& host, const RunInputs& inputs)
{
    CLWB_TRY(host.openTrace(request.resume ? std::optional<uint64_t>(0) : std::nullopt));
    CLWB_TRY(keepDescription(request, inputs));
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
    for (const std::string& note : method->notes(inputs.spec))
        host.emit(Warning{note});
    const uint64_t needed = checkpointBytes(inputs.spec, inputs.start);
    if (const auto warning = lowDiskWarning(request.folder, needed))
        host.emit(Warning{*warning});
    eval::EncodeOptions encode;
    encode.batchSize = inputs.spec.schedule.batchSize;
    encode.loaderThreads = loaderThreads();
    encode.precision = inputs.spec.precision;
    encode.stop = request.stop;
    train::Trainer trainer({inputs.spec, inputs.data, inputs.plan, inputs.start.tokenizer,
                            inputs.start.model, *method, *inputs.pictures.crops,
                            inputs.study.prompt, encode, std::chrono::seconds(600),
                            inputs.numericItems, inputs.study.images.cache == "compact"},
                           host);
    host.setTrainer(&trainer);

    CheckpointStore store(request.folder);
    const bool continues = request.resume && !store.isEmpty();
    if (inputs.spec.branchedFrom && !continues) {
        return fail(ErrorCode::Usage,
                    "this branch ended before its first state was written: it has nothing to start "
                    "from",
                    "branch again with `clwb branch`");
    }
    if (continues) {
        CLWB_ASSIGN(const Checkpoint checkpoint, store.loadNewest());
        CLWB_TRY(checkSame(checkpoint.state, inputs));
        CLWB_TRY(checkKeptManifest(request.folder, inputs.data.manifest, inputs.study.file));
        if (!hasKeptManifest(request.folder)) {
            // Today's files say nothing of those that the first part of the run was trained on.
            inputs.resolvedSpec.erase("data_manifest");
            host.emit(Warning{"which files the run was started with is not known: whether the data "
                              "are the same is not checked"});
        }
        // What may refuse comes before what changes the folder; the trace is checked and cut.
        CLWB_TRY(trainer.restore(checkpoint.state.cursor, checkpoint.tensors));
        CLWB_TRY(host.openTrace(checkpoint.state.traceBytes));
        host.setDone(checkpoint.state.cursor);
    } else {
        CLWB_TRY(host.openTrace(request.resume ? std::optional<uint64_t>(0) : std::nullopt));
    }
    CLWB_TRY(keepDescription(request, inputs));
    host.emit(startedEvent(inputs, trainer.trainedNames(), trainer.cursor().step));
    RunSummary summary{"stopped", trainer.cursor().step, {}, inputs.data.classes};
    if (!continues && host.evaluatesAtStart()) {
        const Result<void> evaluated = host.evaluate(0, std::nullopt, inputs.start.model);
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

/// A run that shall be judged by the validation split needs one; parts that it lacks are warned of.
Result<void> checkValidation(RunInputs& inputs)
{
    const spec::EvaluateSpec& evaluate = inputs.spec.evaluate;
    if (!evaluate.validation || evaluate.after == "never")
        return {};
    CLWB_ASSIGN(const std::vector<std::string> missing,
                eval::checkParts(inputs.study, inputs.data, evaluate.what, eval::Split::Validation,
                                 eval::Parts::Any));
    for (const std::string& part : missing)
        inputs.data.problems.push_back(
            {data::Problem::Severity::Warning, "not evaluated on the validation split", part});
    return {};
}

Result<RunSummary> runAll(const RunRequest& request, const EventSink& sink,
                          std::optional<RunHost>& host, std::optional<RunInputs>& inputs)
{
    Result<RunInputs> opened = openInputs(request);
    if (!opened)
        return Failure(std::move(opened).error());
    inputs.emplace(std::move(*opened));
    CLWB_TRY(checkValidation(*inputs));
    CLWB_TRY(prepareFolder(request));
    reportNotes(*inputs, sink);
    host.emplace(request, *inputs, sink);
    if (inputs->spec.kind == "original")
        return runOriginal(request, *host, *inputs);
    return runTraining(request, *host, *inputs);
}

} // namespace

Result<RunSummary> executeRun(const RunRequest& request, const EventSink& sink)
{
    std::optional<RunInputs> inputs;
    std::optional<RunHost> host;
    Result<RunSummary> result = model::guarded(
        "run", [&]() -> Result<RunSummary> { return runAll(request, sink, host, inputs); });
    const int64_t steps = host ? host->steps() : 0;
    if (!result && eval::isStopped(result.error()))
        result = RunSummary{"stopped", steps, {}, {}};
    // Before the last event: what comes after it is not the run's any more.
    if (host)
        host->endThumbnails(result.has_value());
    // The trace first: a project must not say finished of a run whose trace could not be ended.
    if (host && result) {
        if (const Result<void> ended = host->endTrace({result->status, {}, steps}); !ended)
            result = Failure(ended.error());
    }
    if (result) {
        sink(Finished{result->status, {}, steps});
        return result;
    }
    const Finished failed{"failed", toText(result.error()), steps};
    if (host)
        (void)host->endTrace(failed); // the first error is the one to report
    sink(failed);
    return result;
}

} // namespace clwb::run
