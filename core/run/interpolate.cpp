// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/interpolate.h"

#include "core/eval/evaluator.h"
#include "core/model/device.h"
#include "core/model/trainable.h"
#include "core/run/evaluate_setup.h"
#include "core/run/workspace.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

constexpr size_t kNamedTensors = 10;

Failure notKept(const store::RunRow& row, const std::string& what, const std::string& hint)
{
    return fail(ErrorCode::Usage, "run " + std::to_string(row.runId) + " kept no model " + what,
                hint);
}

/// The model after a session of any method but IMM; empty when it was not kept.
fs::path keptAfter(const store::RunRow& row, int session, int last)
{
    if (row.folder.empty())
        return {};
    std::error_code ignored;
    const fs::path kept = fs::path(row.folder) / "sessions" / std::to_string(session);
    if (fs::exists(kept, ignored))
        return kept;
    const fs::path model = fs::path(row.folder) / "model";
    return session == last && fs::exists(model, ignored) ? model : fs::path();
}

Result<fs::path> afterOf(const store::RunRow& row, const spec::RunSpec& spec, int session, int last)
{
    const std::string when = "after session " + std::to_string(session);
    if (spec.method != "imm") {
        const fs::path kept = keptAfter(row, session, last);
        if (kept.empty())
            return notKept(row, when, "Runs with checkpoints=all keep the model of every session.");
        return kept;
    }
    // The merged model is a point of the path, not its end.
    std::error_code ignored;
    const fs::path raw = fs::path(row.folder) / "unmerged";
    if (row.folder.empty() || session != last || !fs::exists(raw, ignored))
        return notKept(row, when + " before it was merged",
                       "The path of IMM ends at the unmerged model; it is kept of the last session "
                       "only, in the run's folder unmerged/.");
    return raw;
}

Result<fs::path> beforeOf(const store::RunRow& row, const spec::RunSpec& spec, int session)
{
    const bool fromOriginal = !spec.isMultiSession() || session <= 1 ||
                              (spec.kind == "joint" && spec.params.jointStart == "from_original");
    if (fromOriginal)
        return spec.model;
    const std::string when = "after session " + std::to_string(session - 1);
    const std::string hint =
        "Runs with checkpoints=all keep the model of every session; --from original starts the "
        "path at the original model.";
    if (spec.method == "imm" && spec.params.immChaining != "merged")
        return notKept(row, when + " before it was merged", hint);
    const fs::path kept = keptAfter(row, session - 1, row.sessions);
    if (kept.empty())
        return notKept(row, when, hint);
    return kept;
}

/// Adds scales of 1 to the end that has none.
void addMissingScales(model::Parameters& to, const model::Parameters& from)
{
    for (const auto& [name, tensor] : from) {
        if (name.find(".rkr_") != std::string::npos && !to.contains(name))
            to.emplace(name, at::ones_like(tensor));
    }
}

std::string shapeOf(const at::Tensor& tensor)
{
    return weights::shapeText({tensor.sizes().begin(), tensor.sizes().end()});
}

Result<void> checkSameShapes(const OpenModel& before, const OpenModel& after)
{
    std::vector<std::string> problems;
    const model::Parameters& start = before.model.parameters;
    const model::Parameters& end = after.model.parameters;
    for (const auto& [name, tensor] : start) {
        const auto other = end.find(name);
        if (other == end.end())
            problems.push_back(name + " is missing after");
        else if (tensor.sizes() != other->second.sizes())
            problems.push_back(name + " is " + shapeOf(tensor) + " before and " +
                               shapeOf(other->second) + " after");
    }
    for (const auto& [name, tensor] : end) {
        if (!start.contains(name))
            problems.push_back(name + " is missing before");
    }
    if (problems.empty() && before.model.config == after.model.config)
        return {};
    if (problems.empty())
        problems.emplace_back("their config.json differ in size or activation");
    std::string list;
    for (size_t i = 0; i < std::min(problems.size(), kNamedTensors); ++i)
        list += "\n  " + problems[i];
    if (problems.size() > kNamedTensors)
        list += "\n  … and " + std::to_string(problems.size() - kNamedTensors) + " more";
    return fail(ErrorCode::Data,
                "there is nothing between models of different shape, " + before.path.string() +
                    " and " + after.path.string() + ":" + list,
                "choose two models of the same training");
}

// Bit by bit, so that both ends of the path are exact even where zeros differ in sign.
bool isSame(const at::Tensor& a, const at::Tensor& b)
{
    const at::Tensor left = a.contiguous();
    const at::Tensor right = b.contiguous();
    return std::memcmp(left.const_data_ptr(), right.const_data_ptr(), left.nbytes()) == 0;
}

/// Tensors that differ: all others are the same anywhere on the path.
std::vector<std::string> differingNames(const model::Parameters& before,
                                        const model::Parameters& after)
{
    std::vector<std::string> names;
    for (const auto& [name, tensor] : after) {
        if (!isSame(tensor, before.at(name)))
            names.push_back(name);
    }
    return names;
}

/// What an evaluation works on; all of it must outlive the evaluator.
struct EvaluationData
{
    spec::Study study;
    data::StudyData data;
    Pictures pictures;
};

Result<EvaluationData> openData(const EvaluateRequest& request, int side)
{
    CLWB_ASSIGN(spec::Study study, spec::readStudy(request.study));
    CLWB_ASSIGN(data::StudyData data,
                data::loadStudyData(study, dataNeedsOf(request), request.stop));
    CLWB_ASSIGN(Pictures pictures, openPictures(study, side));
    return EvaluationData{std::move(study), std::move(data), std::move(pictures)};
}

Result<std::vector<std::string>> walkPath(const PathRequest& request)
{
    const EvaluateRequest& evaluate = request.evaluate;
    model::useThreads(evaluate.threads);
    CLWB_ASSIGN(const at::Device device, model::chooseDevice(evaluate.device));
    CLWB_ASSIGN(OpenModel before, openModel(request.before));
    CLWB_ASSIGN(OpenModel after, openModel(request.after));
    addMissingScales(before.model.parameters, after.model.parameters);
    addMissingScales(after.model.parameters, before.model.parameters);
    CLWB_TRY(checkSameShapes(before, after));
    const std::vector<std::string> differing =
        differingNames(before.model.parameters, after.model.parameters);
    const eval::Unchanged towers{
        std::none_of(differing.begin(), differing.end(), model::isImageTensor),
        std::none_of(differing.begin(), differing.end(), model::isTextTensor)};
    CLWB_ASSIGN(const EvaluationData opened, openData(evaluate, after.model.preprocess.size));
    const eval::Split split = evaluate.split == "val" ? eval::Split::Validation : eval::Split::Test;
    CLWB_ASSIGN(const std::vector<std::string> missing,
                eval::checkParts(opened.study, opened.data, evaluate.what, split,
                                 evaluate.requireAll ? eval::Parts::All : eval::Parts::Any));
    eval::Evaluator evaluator(opened.study, opened.data, after.tokenizer, *opened.pictures.crops,
                              *opened.pictures.whole, evaluatorOptionsOf(evaluate));
    const bool isKept = request.details != "none" && split == eval::Split::Test;
    const eval::DetailWish wish{isKept, isKept && request.details == "all"};
    eval::Unchanged unchanged;
    for (const double alpha : request.alphas) {
        model::ClipModel between = after.model;
        between.parameters =
            model::interpolate(before.model.parameters, after.model.parameters, alpha, differing);
        between.moveTo(device);
        const auto details =
            wish.predictions ? std::make_shared<metrics::EvaluationDetails>() : nullptr;
        CLWB_ASSIGN(const metrics::EvaluationRecord record,
                    evaluator.evaluate(between, evaluate.setting, evaluate.finishedSessions, split,
                                       unchanged, wish, details.get()));
        CLWB_TRY(request.evaluated(alpha, record, details));
        unchanged = towers;
    }
    CLWB_TRY(opened.pictures.whole->flush());
    CLWB_TRY(opened.pictures.crops->flush());
    std::vector<std::string> warnings = after.notes;
    for (const std::string& part : missing)
        warnings.push_back("not evaluated: " + part);
    for (const data::Problem& problem : opened.data.problems) {
        if (problem.severity != data::Problem::Severity::Note)
            warnings.push_back(problem.what + ": " + problem.where);
    }
    return warnings;
}

} // namespace

Result<PathEnds> endsOfRun(const store::RunRow& row, const spec::RunSpec& spec,
                           std::optional<int> session, PathStart start)
{
    if (spec.kind == "original")
        return fail(ErrorCode::Usage, "run " + std::to_string(row.runId) +
                                          " is the original model: nothing was "
                                          "trained");
    const int last = row.status == "finished" ? row.sessions : std::max(row.lastSession, 0);
    PathEnds ends;
    ends.session = session.value_or(last);
    if (ends.session < 1 || ends.session > last)
        return fail(ErrorCode::Usage, "run " + std::to_string(row.runId) + " has " +
                                          std::to_string(last) + " finished sessions, asked for " +
                                          std::to_string(ends.session));
    CLWB_ASSIGN(ends.after, afterOf(row, spec, ends.session, last));
    if (start == PathStart::Original) {
        ends.before = spec.model;
    } else {
        CLWB_ASSIGN(ends.before, beforeOf(row, spec, ends.session));
    }
    return ends;
}

Result<std::vector<std::string>> evaluatePath(const PathRequest& request)
{
    return model::guarded("interpolation", [&] { return walkPath(request); });
}

} // namespace clwb::run
