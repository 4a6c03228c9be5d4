// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's search (algorithms.md §7): candidates are judged by A-Acc on the validation split,
// the best one is run again and only then the test split is read.
#pragma once

#include "core/run/sweep_runner.h"
#include "core/spec/sweep.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// The candidates as a sweep; refined candidates and the winner are added to it later.
SweepDefinition definitionOf(const spec::Search& search);

/// Whether there is anything to choose by: crops and zero-shot images of the validation split.
/// Reads nothing of the test split. Errors: Usage (the study names no validation data), Data (they
/// are empty, or cannot be read), Stopped.
Result<void> checkValidationSplit(const spec::Search& search, const StopToken& stop);

/// One value and what the project holds of its run.
struct Candidate
{
    double value = 0;
    int64_t runId = 0;
    std::string status; ///< of the run; of IMM in OST the one training of all candidates
    std::string message;
    std::optional<metrics::EvaluationRecord> record; ///< validation, after the last session
    bool testEvaluated = false; ///< by the stored specification or any stored record
};

/// Index of the best A-Acc; ties go to the larger ZS-Acc, then to the earlier candidate. Candidates
/// without A-Acc (failed, undefined) never win. Nothing when there is none to choose.
std::optional<size_t> bestCandidate(const std::vector<Candidate>& candidates);

enum class SearchEnd {
    Winner,    ///< the winner is run and evaluated on the test split
    Candidates ///< only choose
};

struct SearchOutcome
{
    SweepOutcome runs; ///< what stopped, failed or is waited for
    Json record;       ///< complete unless stopped or waiting: see searchRecord()
};

/// Runs what is missing, chooses, refines, and stores the record in the project.
/// @param note hears what is done besides runs, a sentence each; may be empty
/// Errors: as SweepRunner::run(); RunFailed when no candidate can be chosen.
Result<SearchOutcome> runSearch(SweepRunner& runner, const spec::Search& search, SearchEnd end,
                                const SweepListener& listener,
                                const std::function<void(const std::string&)>& note = {});

/// The record: what was searched by which rule, every candidate with its validation metrics, run
/// and whether its run touched the test split, the best value, and the winner's run with its
/// metrics on the test split (null without one).
Json searchRecord(const spec::Search& search, const std::vector<Candidate>& candidates,
                  std::optional<size_t> best, const Json& winner);

} // namespace clwb::run
