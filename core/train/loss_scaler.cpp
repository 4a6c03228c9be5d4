// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loss_scaler.h"

#include "core/base/check.h"

#include <algorithm>

namespace clwb::train
{

LossScaler::LossScaler(double scale, int64_t goodSteps)
    : m_scale(scale)
    , m_goodSteps(goodSteps)
{
    CLWB_CHECK(scale >= 1 && goodSteps >= 0);
}

void LossScaler::succeeded()
{
    constexpr double kLargest = 16777216; // 2^24: beyond it fp32's own mantissa is the limit
    if (++m_goodSteps < kGrowthInterval)
        return;
    m_goodSteps = 0;
    m_scale = std::min(2 * m_scale, kLargest);
}

bool LossScaler::overflowed()
{
    m_goodSteps = 0;
    if (m_scale <= 1)
        return false;
    m_scale /= 2;
    return true;
}

} // namespace clwb::train
