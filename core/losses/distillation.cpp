// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/distillation.h"

#include "core/base/check.h"

#include <ATen/ATen.h>

#include <torch/csrc/autograd/custom_function.h>

namespace clwb::losses
{
namespace
{

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Σ_c over rows of −q log p, with the gradient written as p − q. Automatic differentiation gives
/// p·Σq − q, which leaves rounding noise where student and teacher agree, as at the first step of a
/// session; Adam would turn that noise into steps.
struct TeacherToStudent : torch::autograd::Function<TeacherToStudent>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& student,
                              const at::Tensor& teacher)
    {
        const at::Tensor q = at::softmax(teacher, 1);
        context->save_for_backward({at::softmax(student, 1) - q});
        return -(q * at::log_softmax(student, 1)).sum(1);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        return {gradients[0].unsqueeze(1) * context->get_saved_variables()[0], at::Tensor()};
    }
};

/// Σ_c p (log p − log q), gradient p·[(log p − log q) − KL]: exactly 0 where both agree.
struct ReverseKl : torch::autograd::Function<ReverseKl>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& student,
                              const at::Tensor& teacher)
    {
        const at::Tensor p = at::softmax(student, 1);
        const at::Tensor ratio = at::log_softmax(student, 1) - at::log_softmax(teacher, 1);
        const at::Tensor divergence = (p * ratio).sum(1);
        context->save_for_backward({p * (ratio - divergence.unsqueeze(1))});
        return divergence;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        return {gradients[0].unsqueeze(1) * context->get_saved_variables()[0], at::Tensor()};
    }
};

} // namespace

Direction directionFromText(const std::string& text)
{
    if (text == "teacher_to_student")
        return Direction::TeacherToStudent;
    if (text == "reverse_kl")
        return Direction::ReverseKl;
    CLWB_CHECK(text == "paper_literal", text);
    return Direction::PaperLiteral;
}

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels)
{
    return at::nll_loss(at::log_softmax(logits.to(at::kDouble), 1), labels);
}

at::Tensor distillation(const at::Tensor& student, const at::Tensor& teacher, double temperature,
                        Direction direction)
{
    CLWB_CHECK(student.sizes() == teacher.sizes() && temperature > 0);
    const at::Tensor softStudent = student.to(at::kDouble) / temperature;
    const at::Tensor softTeacher = teacher.detach().to(at::kDouble) / temperature;
    at::Tensor perRow;
    switch (direction) {
    case Direction::TeacherToStudent:
        perRow = TeacherToStudent::apply(softStudent, softTeacher);
        break;
    case Direction::ReverseKl:
        perRow = ReverseKl::apply(softStudent, softTeacher);
        break;
    case Direction::PaperLiteral:
        perRow = -(at::softmax(softStudent, 1) * at::log_softmax(softTeacher, 1)).sum(1);
        break;
    }
    return perRow.mean() * (temperature * temperature);
}

} // namespace clwb::losses
