// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/activation.h"

#include <ATen/ATen.h>

#include <torch/csrc/autograd/custom_function.h>

namespace clwb::model
{
namespace
{

constexpr double kSlope = 1.702;

/// x·σ(ax) = silu(ax)/a, and its derivative by x is silu'(ax): with z = ax kept instead of x, both
/// directions use LibTorch's fused vector kernels and one saved tensor.
struct QuickGelu : torch::autograd::Function<QuickGelu>
{
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x)
    {
        const at::Tensor z = x.mul(kSlope);
        context->save_for_backward({z});
        return at::silu(z).mul_(1.0 / kSlope);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients)
    {
        return {at::silu_backward(gradients[0], context->get_saved_variables()[0])};
    }
};

} // namespace

at::Tensor quickGeluPlain(const at::Tensor& x)
{
    return x * at::sigmoid(x * kSlope);
}

at::Tensor activate(const at::Tensor& x, weights::Activation activation)
{
    if (activation == weights::Activation::Gelu)
        return at::gelu(x);
    return QuickGelu::apply(x);
}

} // namespace clwb::model
