// SPDX-License-Identifier: GPL-3.0-or-later
// LwF: distillation over the classes seen so far (Eq. 3–5, algorithms.md §5.2; register rows A1,
// A2, A4, A6): L = L_CE + β·L_LwF.
#include "core/methods/method.h"

namespace clwb::methods
{

MethodInfo describe_lwf();

namespace
{

class Lwf final : public Method
{
public:
    // A weight of 0 switches the term off exactly: the run equals FT to the bit.
    [[nodiscard]] StepNeeds needs(const SessionInfo&,
                                  const spec::MethodParams& params) const override
    {
        if (params.beta == 0)
            return {};
        return {.teacherImages = true, .seenClasses = true, .teacherClasses = true};
    }

    [[nodiscard]] std::vector<std::string> notes(const spec::RunSpec& spec) const override
    {
        if (spec.params.beta == 0)
            return {zeroWeightNote("LwF")};
        return {};
    }

    // In the first session of MST the seen classes are the current ones and the teacher is the
    // original, so that LwF differs from FT from the start.
    [[nodiscard]] std::vector<NamedLoss> extraLoss(const StepContext& step) const override
    {
        if (step.params->beta == 0)
            return {};
        const ClassRange seen = step.session->seen;
        return {{"LwF", step.distillation(step.classRows(seen), step.teacherClassRows(seen)),
                 step.params->beta}};
    }
};

} // namespace

MethodInfo describe_lwf()
{
    return {"lwf",     "LwF",
            "Eq. 3–5", "Keeps the distribution over the classes seen so far as the teacher has it.",
            {"LwF"},   [] { return std::make_unique<Lwf>(); }};
}

} // namespace clwb::methods
