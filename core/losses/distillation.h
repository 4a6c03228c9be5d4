// SPDX-License-Identifier: GPL-3.0-or-later
// Classification and distillation losses on logits. Paper Eq. 1–5, 15–17; register rows A1, A2.
// B batch, K classes. Computed in float64 from logits of any type: where a batch is learned, a
// float32 softmax leaves no digits of a loss near 0.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace clwb::losses
{

/// Register row A1. `PaperLiteral` is Eq. (5) as printed, which has no minimum at p_new = p_old.
enum class Direction { TeacherToStudent, ReverseKl, PaperLiteral };

/// "teacher_to_student", "reverse_kl", "paper_literal". CHECK: one of these.
Direction directionFromText(const std::string& text);

/// Mean over B of −log softmax(logits)[label].
/// @param logits [B, K] @param labels [B] int64
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels);

/// T²·mean over B of, with p = softmax(student/T), q = softmax(teacher/T):
/// TeacherToStudent −Σ q log p; ReverseKl Σ p (log p − log q); PaperLiteral −Σ p log q.
/// @param student [B, K], gradient flows into it
/// @param teacher [B, K], constant
/// @param temperature T > 0
at::Tensor distillation(const at::Tensor& student, const at::Tensor& teacher, double temperature,
                        Direction direction);

} // namespace clwb::losses
