// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/adam.h"

#include "core/base/check.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <cmath>

namespace clwb::train
{

Adam::Adam(const AdamOptions& options, std::vector<AdamGroup> groups,
           const model::Parameters& parameters)
    : m_options(options)
{
    for (AdamGroup& group : groups) {
        Group mine{group.weightDecay, {}};
        for (std::string& name : group.names) {
            const at::Tensor& tensor = model::parameter(parameters, name);
            const at::Tensor value = tensor.detach();
            mine.slots.push_back({std::move(name), tensor, at::zeros_like(value),
                                  at::zeros_like(value),
                                  at::zeros({}, value.options().dtype(at::kFloat))});
        }
        m_groups.push_back(std::move(mine));
    }
}

void Adam::step(double learningRate)
{
    const at::NoGradGuard noGrad;
    for (Group& group : m_groups) {
        std::vector<at::Tensor> parameters, gradients, first, second, steps;
        for (Slot& slot : group.slots) {
            if (!slot.parameter.grad().defined())
                continue;
            slot.steps += 1;
            parameters.push_back(slot.parameter);
            gradients.push_back(slot.parameter.grad());
            first.push_back(slot.firstMoment);
            second.push_back(slot.secondMoment);
            steps.push_back(slot.steps);
        }
        if (parameters.empty())
            continue;
        if (m_options.decoupledDecay) {
            at::_fused_adamw_(parameters, gradients, first, second, {}, steps, learningRate,
                              m_options.beta1, m_options.beta2, group.weightDecay, m_options.eps,
                              false, false);
        } else {
            at::_fused_adam_(parameters, gradients, first, second, {}, steps, learningRate,
                             m_options.beta1, m_options.beta2, group.weightDecay, m_options.eps,
                             false, false);
        }
    }
}

void Adam::clearGradients()
{
    for (Group& group : m_groups)
        for (Slot& slot : group.slots)
            slot.parameter.mutable_grad() = at::Tensor();
}

double Adam::gradientNorm() const
{
    std::vector<at::Tensor> gradients;
    for (const Group& group : m_groups)
        for (const Slot& slot : group.slots)
            if (slot.parameter.grad().defined())
                gradients.push_back(slot.parameter.grad());
    if (gradients.empty())
        return 0;
    double sum = 0;
    for (const at::Tensor& norm : at::_foreach_norm(gradients)) {
        const double value = norm.item<double>();
        sum += value * value;
    }
    return std::sqrt(sum);
}

void Adam::scaleGradients(double factor)
{
    const at::NoGradGuard noGrad;
    for (Group& group : m_groups)
        for (Slot& slot : group.slots)
            if (slot.parameter.grad().defined())
                slot.parameter.mutable_grad().mul_(factor);
}

model::Parameters Adam::state() const
{
    model::Parameters state;
    for (const Group& group : m_groups) {
        for (const Slot& slot : group.slots) {
            state.emplace("adam.m/" + slot.name, slot.firstMoment);
            state.emplace("adam.v/" + slot.name, slot.secondMoment);
            state.emplace("adam.t/" + slot.name, slot.steps);
        }
    }
    return state;
}

void Adam::restore(const model::Parameters& state)
{
    const at::NoGradGuard noGrad;
    const auto put = [&](at::Tensor& target, const std::string& name) {
        const at::Tensor& source = model::parameter(state, name);
        CLWB_CHECK(source.sizes() == target.sizes(), name);
        target.copy_(source);
    };
    for (Group& group : m_groups) {
        for (Slot& slot : group.slots) {
            put(slot.firstMoment, "adam.m/" + slot.name);
            put(slot.secondMoment, "adam.v/" + slot.name);
            put(slot.steps, "adam.t/" + slot.name);
        }
    }
}

} // namespace clwb::train
