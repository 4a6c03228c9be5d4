// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks of axes that count: no half sessions, epochs or steps.
#pragma once

#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"

#include <algorithm>

namespace clwb::ui
{

/// Ticks at whole numbers, 1, 2 or 5 times a power of ten apart, however far one zooms in.
class WholeTicker : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override
    {
        return std::max(1.0, roundedRange(0, range.size(), tickCount()).step);
    }
};

} // namespace clwb::ui
