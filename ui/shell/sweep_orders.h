// SPDX-License-Identifier: GPL-3.0-or-later
// Orders for the trials of sweeps and for searches.
#pragma once

#include "ui/bridge/run_queue.h"

#include <filesystem>
#include <variant>
#include <vector>

namespace clwb::ui
{

/// A sweep or search as read from its file.
using SweepFile = std::variant<spec::Sweep, spec::Search>;
/// Stand in for what the file's base does not name.
struct SweepDefaults
{
    std::string study;
    std::string model;
};
/// Told apart by the keys that only one of them has. Errors: as readSweep(), readSearch().
Result<SweepFile> readSweepFile(const std::filesystem::path& file, const SweepDefaults& defaults);
/// Whether a document is a sweep's or a search's rather than a run's or study's.
bool isSweepDocument(const Json& document);

/// The sweep as the project holds it, without its file.
/// Errors: Usage (a search: its file is needed), Corrupt.
Result<SweepOrder> storedSweep(const store::SweepRow& row,
                               const std::vector<store::TrialRow>& trials);

/// An order a trial (of `numbers`; empty: all), or one for a whole search.
std::vector<RunOrder> sweepOrders(const Engine& engine, SweepOrder sweep,
                                  const std::vector<int>& numbers = {});
SweepOrder sweepOrderOf(const SweepFile& file);

/// Performs an order of a sweep on the training thread; a trial that needs no work ends at once.
Result<run::RunSummary> performSweepOrder(const Engine& engine, const RunOrder& order,
                                          const run::RunRequest& request,
                                          const run::EventSink& sink,
                                          const std::function<void(int64_t runId)>& rowKnown);

} // namespace clwb::ui
