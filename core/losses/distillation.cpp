// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/losses/distillation.h"

#include "core/base/check.h"

#include <ATen/ATen.h>

namespace clwb::losses
{

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
    return at::nll_loss(at::log_softmax(logits, 1), labels);
}

at::Tensor distillation(const at::Tensor& student, const at::Tensor& teacher, double temperature,
                        Direction direction)
{
    CLWB_CHECK(student.sizes() == teacher.sizes() && temperature > 0);
    const at::Tensor logP = at::log_softmax(student / temperature, 1);
    const at::Tensor logQ = at::log_softmax(teacher.detach() / temperature, 1);
    at::Tensor perRow;
    switch (direction) {
    case Direction::TeacherToStudent:
        perRow = -(logQ.exp() * logP).sum(1);
        break;
    case Direction::ReverseKl:
        perRow = (logP.exp() * (logP - logQ)).sum(1);
        break;
    case Direction::PaperLiteral:
        perRow = -(logP.exp() * logQ).sum(1);
        break;
    }
    return perRow.mean() * (temperature * temperature);
}

} // namespace clwb::losses
