// SPDX-License-Identifier: GPL-3.0-or-later
// The way from the weights before a training to those after: its evaluated points, and which
// pictures change sides between two of them.
#pragma once

#include "ui/models/comparison_choice.h"
#include "ui/models/image_outcomes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

struct AlphaPath
{
    int64_t runId = 0;             ///< whose weights
    QString part;                  ///< see PathPoint
    std::vector<PathPoint> points; ///< by rising α, two at least
};
/// Of these runs; where an α was evaluated twice the newer row counts.
std::vector<AlphaPath> alphaPaths(const std::vector<store::RunRow>& rows,
                                  const std::vector<int64_t>& runIds);

/// What became of the pictures from one point to another; nothing: one of them keeps no
/// predictions of the part, or they were asked about other pictures.
struct AlphaFlips
{
    std::optional<OutcomeCounts> ut, zs;
};
/// Reader's thread. Errors: Corrupt, Locked.
Result<AlphaFlips> readAlphaFlips(const store::Project& project, const PathPoint& from,
                                  const PathPoint& to);

} // namespace clwb::ui
