// SPDX-License-Identifier: GPL-3.0-or-later
// Which classes a model takes for which, counted and as shares, and the order they are drawn in.
#pragma once

#include "core/store/details.h"

#include <cstdint>
#include <vector>

namespace clwb::ui
{

/// Pictures by true and predicted class.
struct Confusion
{
    size_t classes = 0;
    std::vector<int32_t> counts; ///< [classes · classes], the true class first
    std::vector<int32_t> totals; ///< [classes] pictures of each true class

    [[nodiscard]] int32_t at(size_t truth, size_t predicted) const
    {
        return counts[truth * classes + predicted];
    }
};
Confusion confusionOf(const store::PredictionItems& items, const store::Predictions& predictions);

/// [classes · classes] per cent of the true class's pictures; 0 of a class without any.
std::vector<float> confusionShares(const Confusion& confusion);
/// b − a in points, CHECK: of the same classes.
std::vector<float> confusionChange(const Confusion& a, const Confusion& b);

/// Classes in the order that they are drawn: by session, those of none first, then by number.
/// @param sessions of each class, 0: none; may be empty
std::vector<int32_t> orderBySession(size_t classes, const std::vector<int>& sessions);

} // namespace clwb::ui
