// SPDX-License-Identifier: GPL-3.0-or-later
// A branch is a resumed run whose first checkpoint was made from a session's kept model.
#include "core/run/branch.h"

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/model/device.h"
#include "core/run/checkpoint_store.h"
#include "core/run/kept_manifest.h"
#include "core/run/run_host.h"
#include "core/run/workspace.h"
#include "core/train/tensor_file.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

const std::string kKeptHint = "a run with checkpoints=all keeps what its own method, option and "
                              "optimizer settings go on from; session 0 needs nothing";

std::string stateText(const BranchRequest& request)
{
    return "the state after session " + std::to_string(request.session);
}

/// The tensors of the new run: those of the option and the method's own, before training.
struct Start
{
    model::ClipModel model;
    std::vector<std::string> trained;
    std::string stateKind;
};

Result<Start> openStart(const BranchRequest& request)
{
    CLWB_ASSIGN(OpenModel open, openModel(request.spec.model));
    if (open.sha256 != request.modelSha256) {
        return fail(ErrorCode::Data,
                    "the model " + open.path.string() +
                        " is not the one the run started with (model_sha256 differs)",
                    "put the original weights back");
    }
    const std::string id = request.spec.kind == "joint" ? "ft" : request.spec.method;
    const methods::MethodInfo* info = methods::findMethod(id);
    if (!info)
        return fail(ErrorCode::Usage, "method \"" + id + "\" is not built into this program");
    const auto method = info->create();
    const spec::MethodParams& params = request.spec.params;
    const model::Option option =
        model::optionFromText(request.spec.option.empty() ? "WM" : request.spec.option);
    Start start{std::move(open.model), {}, method->stateKind(params)};
    method->prepareModel(start.model, option, params);
    start.trained = method->trainedNames(
        start.model.parameters, option, params,
        model::trainedNames(start.model.parameters, option,
                            model::trainsLogitScale(option, params.logitScale)));
    return start;
}

/// The model after the session, tensor by tensor those of the new run.
Result<model::Parameters> openAfter(const BranchRequest& request, const Start& start)
{
    if (request.session == 0)
        return start.model.parameters;
    CLWB_ASSIGN(OpenModel after, openModel(request.model));
    const auto refused = [&](const std::string& name, const std::string& what) {
        return fail(ErrorCode::Usage,
                    stateText(request) + " " + what + " " + name + ": method \"" +
                        request.source.method + "\" cannot be continued as \"" +
                        request.spec.method + "\" with these settings",
                    "branch from session 0, or keep the method, its option and placement");
    };
    for (const auto& [name, tensor] : start.model.parameters) {
        const auto found = after.model.parameters.find(name);
        if (found == after.model.parameters.end() || found->second.sizes() != tensor.sizes())
            return refused(name, "lacks");
    }
    for (const auto& [name, tensor] : after.model.parameters) {
        if (!start.model.parameters.contains(name))
            return refused(name, "holds");
    }
    return std::move(after.model.parameters);
}

/// Whether the tensors "prefix/NAME" are those of the names, all and no others.
bool areThere(const model::Parameters& tensors, const std::string& prefix,
              const std::vector<std::string>& names)
{
    const auto count = std::count_if(tensors.begin(), tensors.end(), [&](const auto& entry) {
        return entry.first.starts_with(prefix);
    });
    return static_cast<size_t>(count) == names.size() &&
           std::all_of(names.begin(), names.end(),
                       [&](const std::string& name) { return tensors.contains(prefix + name); });
}

/// What a branch needs besides the model. Errors: Usage when it was not kept.
Result<model::Parameters> openKept(const BranchRequest& request, const Start& start)
{
    const bool needsMoments = !request.spec.optimizer.resetPerSession;
    if (request.session == 0 || (start.stateKind.empty() && !needsMoments))
        return model::Parameters{};
    const fs::path file = sessionStateFile(request.folder, request.session);
    std::error_code ignored;
    train::TensorFile kept;
    if (fs::exists(file, ignored)) {
        CLWB_ASSIGN(kept, train::readTensorFile(file));
    }
    const bool fits =
        kept.text == start.stateKind && areThere(kept.tensors, "student/", start.trained);
    if (!start.stateKind.empty() && !fits) {
        return fail(ErrorCode::Usage,
                    stateText(request) + " lacks what these settings go on from: " +
                        start.stateKind + " of every trained tensor",
                    kKeptHint);
    }
    if (needsMoments && !areThere(kept.tensors, "adam.m/", start.trained)) {
        return fail(ErrorCode::Usage,
                    stateText(request) + " lacks what optimizer.reset_per_session=false goes on "
                                         "from: the optimiser's moments of every trained tensor",
                    kKeptHint);
    }
    std::erase_if(kept.tensors, [&](const auto& entry) {
        return entry.first.starts_with("adam.") ? !needsMoments : start.stateKind.empty();
    });
    return std::move(kept.tensors);
}

/// Tensors of the new run's first checkpoint: trained ones, and frozen ones that are not the
/// start's any more.
Result<model::Parameters> firstTensors(const BranchRequest& request, const Start& start,
                                       const model::Parameters& after, model::Parameters kept)
{
    for (const auto& [name, tensor] : after) {
        const bool trained = std::binary_search(start.trained.begin(), start.trained.end(), name);
        if (!trained && at::equal(tensor, start.model.parameters.at(name)))
            continue;
        if (!trained && request.spec.params.teacher == "original" && name != model::kLogitScale) {
            return fail(ErrorCode::Usage,
                        stateText(request) + " trained " + name + ", which option " +
                            request.spec.option +
                            " freezes: params.teacher=original needs a frozen tower as it was "
                            "at the start",
                        "keep the option, or the teacher previous_session");
        }
        kept.emplace("student/" + name, tensor); // a state of its own stays
        kept.insert_or_assign("result/" + name, tensor);
    }
    return kept;
}

/// Place in the plan: joint training of all data alone is one session, the last.
int sessionIndex(const BranchRequest& request)
{
    if (request.spec.kind == "joint" && request.spec.params.jointSessions == "final")
        return request.session >= request.sessions ? 1 : 0;
    return request.session;
}

Result<void> writeBranch(const fs::path& folder, const CheckpointState& state,
                         const model::Parameters& tensors,
                         const std::vector<metrics::EvaluationRecord>& records,
                         const fs::path& source)
{
    CLWB_TRY(createFolders(folder));
    CLWB_TRY(copyKeptManifest(source, folder));
    for (const metrics::EvaluationRecord& record : records) {
        CLWB_TRY(writeFileAtomically(folder / recordFileName(record),
                                     metrics::toJson(record).dump(1) + "\n"));
    }
    CLWB_TRY(CheckpointStore(folder).save(state, tensors));
    return {};
}

} // namespace

Result<BranchWriter> openBranch(const BranchRequest& request)
{
    return model::guarded("branch", [&]() -> Result<BranchWriter> {
        CLWB_ASSIGN(const spec::Study study, spec::readStudy(request.spec.study));
        if (study.sha256 != request.studySha256) {
            return fail(ErrorCode::Data,
                        "the study " + study.file.string() + " changed since the run started",
                        "put the old study file back");
        }
        CLWB_ASSIGN(const Start start, openStart(request));
        CLWB_ASSIGN(const model::Parameters after, openAfter(request, start));
        CLWB_ASSIGN(model::Parameters kept, openKept(request, start));
        CLWB_ASSIGN(model::Parameters tensors,
                    firstTensors(request, start, after, std::move(kept)));
        CheckpointState state;
        state.cursor.sessionIndex = sessionIndex(request);
        state.cursor.step = request.steps;
        state.finishedSessions = request.session;
        state.traceBytes = 0; // its trace begins here
        state.modelSha256 = request.modelSha256;
        state.studySha256 = request.studySha256;
        state.specSha256 = sha256Hex(spec::toJson(request.spec).dump());
        return BranchWriter([state, tensors = std::move(tensors), records = request.records,
                             source = request.folder](const fs::path& folder) {
            return writeBranch(folder, state, tensors, records, source);
        });
    });
}

std::vector<metrics::EvaluationRecord>
recordsUntil(const std::vector<metrics::EvaluationRecord>& records, int session)
{
    std::vector<metrics::EvaluationRecord> kept;
    std::copy_if(records.begin(), records.end(), std::back_inserter(kept), [&](const auto& record) {
        return record.epoch ? record.session < session : record.session <= session;
    });
    return kept;
}

fs::path sessionStateFile(const fs::path& folder, int session)
{
    return folder / "sessions" / ("state-" + std::to_string(session) + ".safetensors");
}

} // namespace clwb::run
