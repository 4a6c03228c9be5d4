// SPDX-License-Identifier: GPL-3.0-or-later
// The resolved specification of a trace, as the replay needs it.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "tests/replay/losses.h"

#include <cstdint>
#include <string>
#include <vector>

namespace clwb::replay
{

struct OptimizerSettings
{
    bool isDecoupled = false; ///< adamw
    bool isResetPerSession = true;
    double beta1 = 0;
    double beta2 = 0;
    double eps = 0;
    double weightDecay = 0;
};

struct ScheduleSettings
{
    int epochs = 0;
    int64_t batchSize = 0;
    double lr = 0;
    int dropAfterEpoch = 0; ///< 0: never
    double dropFactor = 1;
    bool keepLastPartial = true;
};

/// Keys of interfaces.md §3. What a method does not use is absent from a resolved specification and
/// keeps the value here.
struct Settings
{
    std::string kind;
    std::string method;
    std::string option;
    std::string setting;
    ScheduleSettings schedule;
    OptimizerSettings optimizer;

    double beta = 0;
    double alpha = 0;
    std::string distillation;
    double temperature = 1;
    std::string logitScale = "frozen";
    std::string teacher;
    std::string ceClasses = "current";
    std::string previousTerm;
    std::string replayRefresh;
    std::string tokenPool;
    std::string replay;
    int64_t M = 0;
    int64_t Ks = 0;
    GeodesicSettings geodesic;
    std::string immChaining;
    std::string rkrPlacement;
    double rkrLr = 0; ///< 0: the schedule's
    std::string jointStart;
    std::string jointSessions;

    std::string evaluateAfter;
    std::vector<std::string> what;
    bool validation = false;
    std::vector<int64_t> shuffleSeeds;
    std::string modelSha256;

    [[nodiscard]] bool isOneSession() const { return setting == "OST"; }
    [[nodiscard]] bool isTraining() const { return kind != "original"; }
    [[nodiscard]] bool trainsImages() const { return option == "WM" || option == "IO"; }
    [[nodiscard]] bool trainsTexts() const { return option == "WM" || option == "TO"; }
    /// Row A3; RKR trains its scales and nothing else.
    [[nodiscard]] bool trainsLogitScale() const;
    /// Learning rate of an epoch, counted from 1 in each session (§4.3).
    [[nodiscard]] double rateOf(int epoch) const;
};

/// Errors: Usage: a key that the resolved specification must have is absent, or the run cannot be
/// replayed from its trace (another precision than fp32, random crops).
Result<Settings> readSettings(const Json& spec);

} // namespace clwb::replay
