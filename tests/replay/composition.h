// SPDX-License-Identifier: GPL-3.0-or-later
// What a trace must consist of, before any mathematics: events, classes, batches, rates, replay.
#pragma once

#include "tests/replay/findings.h"
#include "tests/replay/settings.h"
#include "tests/replay/study_file.h"
#include "tests/replay/trace_file.h"

namespace clwb::replay
{

/// Classes and items that a session trains on.
struct SessionPlan
{
    int session = 0;
    std::vector<int64_t> classes;
    std::map<std::string, int64_t> labels; ///< item id → class index
};

/// Sessions that are trained, in order: one in OST; cumulative ones for joint training.
/// @param sessionOfClass 1-based @param items of `ut-train`
std::vector<SessionPlan> plannedSessions(const Settings& settings,
                                         const std::vector<std::string>& classes,
                                         const std::vector<int>& sessionOfClass,
                                         const std::vector<Item>& items);

/// Names that the option and method train, bytewise (interfaces.md §4 for RKR).
std::vector<std::string> plannedNames(const Settings& settings, const Tensors& start);

/// Everything of the trace that needs no weights: which events come when, that every epoch goes
/// once through its session's items, labels, learning rates, replay tokens. The plan's class names
/// are compared with the listed items'.
Result<void> checkComposition(const Trace& trace, const Settings& settings,
                              const std::vector<SessionPlan>& plan,
                              const std::vector<int>& sessionOfClass, StudyData& study,
                              Findings& findings);

} // namespace clwb::replay
