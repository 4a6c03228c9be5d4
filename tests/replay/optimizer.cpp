// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/optimizer.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <cmath>

namespace clwb::replay
{

void Optimizer::reset()
{
    m_steps = 0;
    m_first.clear();
    m_second.clear();
}

void Optimizer::step(Tensors& weights, double rate)
{
    const c10::NoGradGuard noGradient;
    const OptimizerSettings& s = m_settings;
    ++m_steps;
    const double correction1 = 1 - std::pow(s.beta1, static_cast<double>(m_steps));
    const double correction2 = 1 - std::pow(s.beta2, static_cast<double>(m_steps));
    for (auto& [name, weight] : weights) {
        if (!weight.grad().defined())
            continue;
        at::Tensor gradient = weight.grad();
        at::Tensor moved = weight.detach();
        if (s.weightDecay != 0 && s.isDecoupled)
            moved = moved * (1 - rate * s.weightDecay);
        else if (s.weightDecay != 0)
            gradient = gradient + s.weightDecay * moved;
        if (!m_first.contains(name)) {
            m_first[name] = at::zeros_like(moved);
            m_second[name] = at::zeros_like(moved);
        }
        at::Tensor& m = m_first[name];
        at::Tensor& v = m_second[name];
        m.mul_(s.beta1).add_(gradient, 1 - s.beta1);
        v.mul_(s.beta2).addcmul_(gradient, gradient, 1 - s.beta2);
        const at::Tensor denominator = (v / correction2).sqrt() + s.eps;
        moved = moved - (rate / correction1) * (m / denominator);
        weight.copy_(moved.to(at::kFloat));
        weight.mutable_grad().reset();
    }
}

} // namespace clwb::replay
