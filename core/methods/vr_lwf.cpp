// SPDX-License-Identifier: GPL-3.0-or-later
// VR-LwF: distillation over random pseudo sentences of the vocabulary (Eq. 14–17, algorithms.md
// §5.3): L = L_CE + β·(L_VR + L_Pre).
#include "core/methods/method.h"

#include <ATen/ATen.h>

namespace clwb::methods
{

MethodInfo describe_vr_lwf();

namespace
{

class VrLwf final : public Method
{
public:
    // A weight of 0 switches the terms off exactly: nothing is drawn or encoded, and the run equals
    // FT to the bit.
    [[nodiscard]] StepNeeds needs(const SessionInfo& session,
                                  const spec::MethodParams& params) const override
    {
        if (params.beta == 0)
            return {};
        const bool previous = session.previous.count > 0;
        return {.teacherImages = true,
                .seenClasses = previous,
                .teacherClasses = previous,
                .replay = true};
    }

    [[nodiscard]] std::vector<std::string> notes(const spec::RunSpec& spec) const override
    {
        if (spec.params.beta == 0)
            return {zeroWeightNote("VR-LwF")};
        return {};
    }

    [[nodiscard]] std::vector<NamedLoss> extraLoss(const StepContext& step) const override
    {
        if (step.params->beta == 0)
            return {};
        const ClassRange previous = step.session->previous;
        const bool joint = step.params->previousTerm == "joint";
        at::Tensor student = step.replay;
        at::Tensor teacher = step.teacherReplay;
        if (joint && previous.count > 0) {
            student = at::cat({student, step.classRows(previous)});
            teacher = at::cat({teacher, step.teacherClassRows(previous)});
        }
        std::vector<NamedLoss> losses{
            {"VR", step.distillation(student, teacher), step.params->beta}};
        if (!joint && previous.count > 0) {
            losses.push_back(
                {"Pre",
                 step.distillation(step.classRows(previous), step.teacherClassRows(previous)),
                 step.params->beta});
        }
        return losses;
    }
};

} // namespace

MethodInfo describe_vr_lwf()
{
    return {"vr-lwf",
            "VR-LwF",
            "Section IV, Eq. 14–17",
            "Keeps the distribution over random pseudo sentences of the vocabulary, and over the "
            "previous classes, as the teacher has it.",
            {"VR", "Pre"},
            [] { return std::make_unique<VrLwf>(); }};
}

} // namespace clwb::methods
