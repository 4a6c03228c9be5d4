// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/gradient_share.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <torch/csrc/autograd/autograd.h>

namespace clwb::train
{
namespace
{

/// L2 norm of the gradient of `value` with respect to each input, 0 where it does not depend on it.
std::vector<double> gradientNorms(const at::Tensor& value, const std::vector<at::Tensor>& inputs)
{
    std::vector<double> norms(inputs.size(), 0.0);
    if (!value.requires_grad())
        return norms;
    const auto gradients = torch::autograd::grad({value}, inputs, {}, /*retain_graph=*/true,
                                                 /*create_graph=*/false, /*allow_unused=*/true);
    for (size_t i = 0; i < inputs.size(); ++i) {
        if (gradients[i].defined())
            norms[i] = at::norm(gradients[i]).item<double>();
    }
    return norms;
}

} // namespace

std::map<std::string, double> gradientShares(const std::vector<methods::NamedLoss>& terms,
                                             const at::Tensor& total,
                                             const std::vector<at::Tensor>& features)
{
    std::vector<at::Tensor> inputs;
    for (const at::Tensor& tensor : features) {
        if (tensor.defined() && tensor.requires_grad())
            inputs.push_back(tensor);
    }
    std::map<std::string, double> shares;
    if (terms.empty() || inputs.empty())
        return shares;
    const std::vector<double> whole = gradientNorms(total, inputs);
    for (const methods::NamedLoss& term : terms) {
        if (!term.value.defined())
            continue;
        const std::vector<double> part = gradientNorms(term.value, inputs);
        double& share = shares[term.name];
        for (size_t i = 0; i < inputs.size(); ++i) {
            const double weighted = term.weight * part[i];
            if (weighted > 0)
                share = std::max(share, whole[i] > 0 ? weighted / whole[i] : 1.0);
        }
    }
    return shares;
}

} // namespace clwb::train
