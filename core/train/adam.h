// SPDX-License-Identifier: GPL-3.0-or-later
// Adam and AdamW as torch.optim defines them, with a state that can be saved and restored.
#pragma once

#include "core/model/parameters.h"

#include <cstdint>
#include <string>
#include <vector>

namespace clwb::train
{

struct AdamOptions
{
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
    bool decoupledDecay = false; ///< AdamW: decay on the weight instead of in the gradient
};

/// Tensors that share learning rate factor and weight decay.
struct AdamGroup
{
    std::vector<std::string> names;
    double weightDecay = 0;
};

/// m ← β1·m + (1−β1)·g, v ← β2·v + (1−β2)·g², θ ← θ − lr·(m/(1−β1ᵗ)) / (√(v/(1−β2ᵗ)) + ε).
/// Works in place on the tensors of `parameters`; tensors without a gradient are left alone.
class Adam
{
public:
    Adam(const AdamOptions& options, std::vector<AdamGroup> groups,
         const model::Parameters& parameters);

    /// One update from the gradients that lie in the parameters.
    void step(double learningRate);
    void clearGradients();
    /// √Σ g² over all tensors.
    [[nodiscard]] double gradientNorm() const;
    void scaleGradients(double factor);

    /// "adam.m/NAME", "adam.v/NAME", "adam.t/NAME"; tensors shared with the optimiser.
    [[nodiscard]] model::Parameters state() const;
    /// CHECK: same names and shapes as state() gave.
    void restore(const model::Parameters& state);

private:
    struct Slot
    {
        std::string name;
        at::Tensor parameter;
        at::Tensor firstMoment;
        at::Tensor secondMoment;
        at::Tensor steps; ///< float32 scalar, as the fused kernel wants it
    };
    struct Group
    {
        double weightDecay = 0;
        std::vector<Slot> slots;
    };
    AdamOptions m_options;
    std::vector<Group> m_groups;
};

} // namespace clwb::train
