// SPDX-License-Identifier: GPL-3.0-or-later
// Dynamic loss scaling for fp16 autocast, whose small gradients would otherwise become zero.
#pragma once

#include <cstdint>

namespace clwb::train
{

/// The loss is multiplied by scale() before the backward pass and gradients are divided by it
/// afterwards. Factors are powers of two, so that scaling by itself changes no bit. A batch whose
/// gradient overflows is left out and halves the scale; kGrowthInterval good ones double it.
class LossScaler
{
public:
    static constexpr double kFirstScale = 65536;
    static constexpr int64_t kGrowthInterval = 2000;

    LossScaler() = default;
    /// Continues where a checkpoint stood.
    LossScaler(double scale, int64_t goodSteps);

    [[nodiscard]] double scale() const { return m_scale; }
    [[nodiscard]] int64_t goodSteps() const { return m_goodSteps; }
    void succeeded();
    /// @return false when the scale is down to 1: then it was not the scale that overflowed.
    bool overflowed();

    bool operator==(const LossScaler&) const = default;

private:
    double m_scale = kFirstScale;
    int64_t m_goodSteps = 0;
};

} // namespace clwb::train
