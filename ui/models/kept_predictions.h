// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs keep predictions, after which sessions, and which two models to show first.
#pragma once

#include "core/store/details.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// A model that the pages compare: a run's, after a session (0: before training).
struct PredictionPoint
{
    int64_t run = 0;
    int session = 0;
    bool operator==(const PredictionPoint&) const = default;
};
struct PredictionPair
{
    PredictionPoint a, b;
    bool operator==(const PredictionPair&) const = default;
};

struct KeptRun
{
    int64_t run = 0;
    std::map<int, int64_t> lists; ///< list of pictures by session
    bool operator==(const KeptRun&) const = default;
};
/// By run number. @param part ut | zs
std::vector<KeptRun> keptRuns(const std::vector<store::PredictionEntry>& index,
                              const std::string& part);
/// Null: it keeps nothing.
const KeptRun* findKept(const std::vector<KeptRun>& kept, int64_t run);

/// The last run that keeps more than one session: its first session against its last one. Nothing
/// where no run keeps anything.
std::optional<PredictionPair> firstPair(const std::vector<KeptRun>& kept);
/// The point itself, or what the run keeps next before it (else: first); nothing where the run
/// keeps nothing.
std::optional<PredictionPoint> nearestKept(const std::vector<KeptRun>& kept,
                                           const PredictionPoint& point);

} // namespace clwb::ui
