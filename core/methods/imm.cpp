// SPDX-License-Identifier: GPL-3.0-or-later
// IMM-Mean, weighted: train as FT, then θ ← (1 − α)·θ_old + α·θ_new (algorithms.md §5.6). What
// θ_old is, is the chaining (register row A16); "raw" are weights that were never merged.
#include "core/methods/method.h"

#include <ATen/ATen.h>

namespace clwb::methods
{

MethodInfo describe_imm();

namespace
{

/// float32 copies of the named tensors on the CPU, and nothing else.
model::Parameters copyOf(const model::Parameters& parameters, const std::vector<std::string>& names)
{
    model::Parameters copy;
    for (const std::string& name : names) {
        const at::Tensor& tensor = model::parameter(parameters, name);
        copy.emplace(name, tensor.detach().to(at::kCPU, at::kFloat, false, /*copy=*/true));
    }
    return copy;
}

/// merged: θ_old is the merged θ before the session, and the next session starts from the merge.
/// unmerged: θ_old is the raw θ_{s−1}; original_imm: the mean of the raw θ_0 … θ_{s−1} (θ_0 is the
/// start). Both train on from the raw θ_s; one set of tensors is kept for them.
class Imm final : public Method
{
public:
    [[nodiscard]] SessionOutcome endSession(const SessionContext& context) override
    {
        const std::vector<std::string>& names = context.trainedNames;
        const double alpha = context.params.alpha;
        if (context.params.immChaining == "merged") {
            model::Parameters merged =
                model::interpolate(context.before, context.trained, alpha, names);
            return {merged, merged, alpha};
        }
        if (m_raw.empty()) // only before the first merge, when `before` is the start
            m_raw = copyOf(context.before, names);
        model::Parameters raw = copyOf(context.trained, names);
        model::Parameters old = m_raw;
        if (context.params.immChaining == "original_imm") {
            old = model::weightedMean({m_raw}, {1.0 / context.session.session}, names);
            m_raw = model::weightedMean({m_raw, std::move(raw)}, {1, 1}, names);
        } else {
            m_raw = std::move(raw);
        }
        return {model::interpolate(old, context.trained, alpha, names), context.trained, alpha};
    }

    [[nodiscard]] std::vector<std::string> notes(const spec::RunSpec& spec) const override
    {
        if (spec.params.alpha == 1)
            return {"IMM with params.alpha 1 keeps the new weights alone: the run equals FT"};
        if (spec.params.alpha == 0)
            return {"IMM with params.alpha 0 keeps the old weights alone: nothing is learnt"};
        return {};
    }

    [[nodiscard]] std::string stateKind(const spec::MethodParams& params) const override
    {
        if (params.immChaining == "merged")
            return {};
        return params.immChaining == "unmerged" ? "the raw weights" : "the sum of all raw weights";
    }
    [[nodiscard]] model::Parameters saveState() const override { return m_raw; }
    void loadState(const model::Parameters& state) override { m_raw = state; }

private:
    model::Parameters m_raw; ///< unmerged: θ_{s−1}; original_imm: Σ_{k<s} θ_k; empty at first
};

} // namespace

MethodInfo describe_imm()
{
    return {"imm",
            "IMM",
            "Section IV; IMM-Mean, weighted",
            "Trains freely, then averages the weights with the old ones: α is the share of the "
            "new.",
            {},
            [] { return std::make_unique<Imm>(); }};
}

} // namespace clwb::methods
