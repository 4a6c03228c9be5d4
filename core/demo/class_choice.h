// SPDX-License-Identifier: GPL-3.0-or-later
// Which concepts of the demo world are trained, which are only tested, which only fill pictures.
#pragma once

#include <vector>

namespace clwb::demo
{

inline constexpr int kSessions = 8;
inline constexpr int kClassesPerSession = 10;
inline constexpr int kZeroShotClasses = 351;
inline constexpr int kZeroShotValidationClasses = 160;

/// Concept ids; no id stands twice.
struct ClassChoice
{
    std::vector<std::vector<int>> sessions; ///< updated task, 8 × 10, in order of training
    std::vector<int> zeroShot;
    std::vector<int> zeroShotValidation;
    std::vector<int> fillers; ///< things without a class: clutter

    /// The sessions one after the other.
    [[nodiscard]] std::vector<int> updatedTask() const;
};

/// The demo study's choice: always the same. Concepts whose name shares a noun with a class of the
/// updated task ("guide dog", "oncoming bus") are in none of the lists.
ClassChoice chooseClasses();

} // namespace clwb::demo
