// SPDX-License-Identifier: GPL-3.0-or-later
// What a continual-learning method says of itself. The trainer owns optimiser, backward, step,
// counters, checkpoint and stop; a method only adds what is special, in one file of this folder.
// B batch, K classes, D embedding.
#pragma once

#include "core/model/clip_model.h"
#include "core/model/trainable.h"
#include "core/spec/run_spec.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clwb::methods
{

/// Consecutive classes of the study's list.
struct ClassRange
{
    int first = 0;
    int count = 0;
    [[nodiscard]] int end() const { return first + count; }
};

/// Where a run is. In OST there is one session with all classes and no previous ones.
struct SessionInfo
{
    int session = 1; ///< from 1
    int sessions = 1;
    ClassRange previous;                              ///< [0, P)
    ClassRange current;                               ///< [P, P + C)
    ClassRange seen;                                  ///< [0, P + C)
    model::Option option = model::Option::WholeModel; ///< which towers are trained
};

/// Which features of a batch a method wants besides what cross-entropy needs. The trainer plans
/// from it which forward passes are made and which are cached (algorithms.md §5.0).
struct StepNeeds
{
    bool teacherImages = false;  ///< the teacher's embeddings of the batch
    bool seenClasses = false;    ///< text embeddings of all seen classes, student's
    bool teacherClasses = false; ///< text embeddings of all seen classes, teacher's
    bool replay = false;         ///< pseudo sentences: student's and teacher's embeddings
};

/// What one step offers. Tensors that were not asked for are undefined. Features are rows of unit
/// length; gradient flows into the student's, the teacher's are constants.
struct StepContext
{
    const SessionInfo* session = nullptr;
    const spec::MethodParams* params = nullptr;
    at::Tensor images;         ///< [B, D] student
    at::Tensor classes;        ///< [classRange.count, D] student
    ClassRange classRange;     ///< which classes the rows of `classes` are
    at::Tensor replay;         ///< [Ks, D] student
    at::Tensor teacherImages;  ///< [B, D]
    at::Tensor teacherClasses; ///< [seen.count, D]
    at::Tensor teacherReplay;  ///< [Ks, D]
    at::Tensor scale;          ///< τ of the student, no dimensions
    at::Tensor teacherScale;   ///< τ of the teacher

    /// Rows of `classes` of a range. CHECK: they are there.
    [[nodiscard]] at::Tensor classRows(ClassRange range) const;
    [[nodiscard]] at::Tensor teacherClassRows(ClassRange range) const;
    /// Distillation of each picture's distribution over some texts, by params.distillation and
    /// params.temperature (§5.2). @param texts [N, D] student's @param teacherTexts [N, D]
    [[nodiscard]] at::Tensor distillation(const at::Tensor& texts,
                                          const at::Tensor& teacherTexts) const;
};

/// One term of the loss: a batch mean before weighting. Total = CE + Σ weight·value.
struct NamedLoss
{
    std::string name; ///< as in the trace: "LwF", "VR", "Pre", "GeoImage", "GeoText"
    at::Tensor value; ///< undefined: not computed for this batch, and absent from its reports
    double weight = 1;
    std::string skipped = {}; ///< why not
    /// Not computed because numerics failed, which a session bears in 1 % of its batches.
    bool failed = false;
};

/// What a session leaves behind. All three may share tensors.
struct SessionOutcome
{
    model::Parameters result;         ///< evaluated, saved, and the next teacher
    model::Parameters continued;      ///< where the next session starts
    std::optional<double> mergeAlpha; ///< reported when weights were merged
    std::string note = {};            ///< a sentence for the user; may be empty
};

/// The student's image embeddings [B, D], without gradient, and the labels [B] in the study's list.
using BatchVisitor = std::function<void(const at::Tensor& images, const at::Tensor& labels)>;

/// Access for hooks at a session's ends.
struct SessionContext
{
    const SessionInfo& session;
    const spec::MethodParams& params;
    const model::Parameters& before;  ///< evaluated weights before the session
    const model::Parameters& trained; ///< raw weights after the session
    const std::vector<std::string>& trainedNames;
    /// Goes once more over the session's data, in the order of its items: for methods that need
    /// several passes. Errors: those of encoding, and the stop token's.
    std::function<Result<void>(const BatchVisitor&)> pass;
};

class Method
{
public:
    virtual ~Method() = default;

    [[nodiscard]] virtual StepNeeds needs(const SessionInfo&, const spec::MethodParams&) const
    {
        return {};
    }
    /// What the user should know before the run: a combination that leaves the method nothing, or
    /// only part of it, to do; each with its reason, in one sentence.
    [[nodiscard]] virtual std::vector<std::string> notes(const spec::RunSpec&) const { return {}; }
    /// Terms besides cross-entropy; empty by default. Called once a batch on the training thread.
    [[nodiscard]] virtual std::vector<NamedLoss> extraLoss(const StepContext&) const { return {}; }
    /// Adds tensors of its own to the model before training (RKR's scales).
    virtual void prepareModel(model::ClipModel&, model::Option, const spec::MethodParams&) {}
    /// The tensors that are trained, given those of the option; RKR replaces them.
    [[nodiscard]] virtual std::vector<std::string>
    trainedNames(const model::Parameters&, model::Option, const spec::MethodParams&,
                 std::vector<std::string> ofOption) const
    {
        return ofOption;
    }
    [[nodiscard]] virtual double learningRate(double scheduled, const spec::RunSpec&) const
    {
        return scheduled;
    }
    virtual void beginSession(const SessionContext&) {}
    /// After the last step, before evaluation.
    virtual SessionOutcome endSession(const SessionContext& context)
    {
        return {context.trained, context.trained, std::nullopt};
    }
    /// Tensors that a resumed run needs; names are the method's own.
    [[nodiscard]] virtual model::Parameters saveState() const { return {}; }
    /// What saveState() holds after a session if later sessions depend on it or start elsewhere
    /// than at `result`; otherwise empty. A branch continues from a state of the same kind only.
    [[nodiscard]] virtual std::string stateKind(const spec::MethodParams&) const { return {}; }
    virtual void loadState(const model::Parameters&) {}
};

/// One line of the method table.
struct MethodInfo
{
    std::string id;                     ///< as in spec.json
    std::string title;                  ///< as in the paper's tables
    std::string source;                 ///< section and equations
    std::string sentence;               ///< what it does, for forms and help
    std::vector<std::string> lossNames; ///< every term it may report
    std::function<std::unique_ptr<Method>()> create;
};

/// The note of a method whose only addition is weighted with params.beta, where that is 0.
std::string zeroWeightNote(const std::string& title);

/// All methods, in file order of this folder; the table is generated from the files present.
const std::vector<MethodInfo>& allMethods();
/// nullptr when there is none of that id.
const MethodInfo* findMethod(const std::string& id);

} // namespace clwb::methods
