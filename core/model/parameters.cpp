// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/parameters.h"

#include "core/base/check.h"

#include <ATen/ATen.h>

namespace clwb::model
{

const at::Tensor& parameter(const Parameters& parameters, const std::string& name)
{
    const auto found = parameters.find(name);
    CLWB_CHECK(found != parameters.end(), "no tensor ", name);
    return found->second;
}

Parameters snapshot(const Parameters& parameters, const std::vector<std::string>& names)
{
    Parameters copy;
    for (const auto& [name, tensor] : parameters)
        copy.emplace(name, tensor.detach());
    for (const std::string& name : names)
        copy.at(name) = parameter(parameters, name).detach().clone();
    return copy;
}

Parameters interpolate(const Parameters& before, const Parameters& after, double alpha,
                       const std::vector<std::string>& names)
{
    Parameters result;
    for (const auto& [name, tensor] : after)
        result.emplace(name, tensor.detach());
    for (const std::string& name : names) {
        const at::Tensor& end = parameter(after, name);
        const at::Tensor a = parameter(before, name).detach().to(at::kCPU, at::kFloat);
        const at::Tensor b = end.detach().to(at::kCPU, at::kFloat);
        at::Tensor merged;
        if (alpha <= 0)
            merged = a.clone();
        else if (alpha >= 1)
            merged = b.clone();
        else
            merged = a.mul(1.0 - alpha).add_(b, alpha);
        result.at(name) = merged.to(end.device());
    }
    return result;
}

Parameters weightedMean(const std::vector<Parameters>& sets, const std::vector<double>& weights,
                        const std::vector<std::string>& names)
{
    CLWB_CHECK(!sets.empty() && sets.size() == weights.size());
    Parameters result;
    for (const auto& [name, tensor] : sets.back())
        result.emplace(name, tensor.detach());
    for (const std::string& name : names) {
        at::Tensor sum;
        for (size_t k = 0; k < sets.size(); ++k) {
            const at::Tensor term =
                parameter(sets[k], name).detach().to(at::kCPU, at::kFloat).mul(weights[k]);
            sum = sum.defined() ? sum.add_(term) : term;
        }
        result.at(name) = sum.to(parameter(sets.back(), name).device());
    }
    return result;
}

} // namespace clwb::model
