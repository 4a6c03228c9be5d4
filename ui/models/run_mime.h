// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are dragged inside the window, as data of a type of their own.
#pragma once

#include <cstdint>
#include <vector>

class QMimeData;

namespace clwb::ui
{

/// Numbers of runs; for other programs "#12, #14" as text. The caller owns it.
[[nodiscard]] QMimeData* newRunMimeData(const std::vector<int64_t>& runs);
/// Empty where something else is dragged, or runs of another window: numbers mean something in
/// their own project only.
[[nodiscard]] std::vector<int64_t> runsOf(const QMimeData* data);

} // namespace clwb::ui
