// SPDX-License-Identifier: GPL-3.0-or-later
// Adam and AdamW by their definitions, one tensor after the other.
#pragma once

#include "tests/replay/settings.h"
#include "tests/replay/tensor_file.h"

namespace clwb::replay
{

/// m ← β1·m + (1−β1)·g, v ← β2·v + (1−β2)·g², θ ← θ − lr·m̂/(√v̂ + ε) with m̂ = m/(1−β1ᵗ),
/// v̂ = v/(1−β2ᵗ). Weight decay λ: `adam` g ← g + λθ; `adamw` θ ← (1 − lr·λ)·θ first.
class Optimizer
{
public:
    explicit Optimizer(const OptimizerSettings& settings)
        : m_settings(settings)
    {}

    void reset();
    /// One step of every tensor of `weights` that has a gradient. Weights stay float32 numbers
    /// whatever type they are held in: a run stores them so.
    void step(Tensors& weights, double rate);

private:
    OptimizerSettings m_settings;
    int64_t m_steps = 0;
    Tensors m_first;
    Tensors m_second;
};

} // namespace clwb::replay
