// SPDX-License-Identifier: GPL-3.0-or-later
// A run's events as words for a terminal, a log file or another program. Pure functions.
#pragma once

#include "core/run/events.h"

#include <string>

namespace clwb::cli
{

/// "1 h 04 min", "3 min 20 s", "8 s".
std::string durationText(double seconds);
/// "session 3/8  epoch 2/10  step 120/456  412 images/s  3 min 20 s left".
std::string progressText(const run::Progress& progress);
/// A text with a bar in front, at most `columns` wide. @param fraction 0…1
std::string barText(double fraction, const std::string& text, int columns);
std::string barText(const run::Progress& progress, int columns);
/// "session 3: UT 43.1 %, ZS 33.9 %, TR@1 25.0, IR@1 24.1, A-Acc 38.5".
std::string evaluationText(const metrics::EvaluationRecord& record);
/// One JSON object on one line, `type` first; "" for events that are not shown this way (steps).
std::string jsonText(const run::Event& event);

} // namespace clwb::cli
