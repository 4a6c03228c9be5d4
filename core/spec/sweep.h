// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps and searches as values: a file becomes a list of trials in a stable order.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/spec/run_spec.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clwb::spec
{

/// What the command line or a form adds to the file.
struct SweepOverrides
{
    std::vector<std::string> sets; ///< `--set` items of every trial, as for resolveRunSpec()
    std::string preset;            ///< paper, demo or study; "": the file's
};

/// One run of a sweep.
struct Trial
{
    int number = 0;               ///< from 1: its place in the file's order
    Json varied = Json::object(); ///< what tells it apart: dotted key → value, in the file's order
    RunSpec spec;
};

enum class OnFailure { Continue, Stop };

struct Sweep
{
    std::string name;
    OnFailure onFailure = OnFailure::Continue;
    /// By number. Combinations that come to the same run as an earlier one are left out, so that
    /// numbers may be missing.
    std::vector<Trial> trials;
    std::vector<std::string> notes; ///< settings dropped, trials left out
    Json document;                  ///< as read
};

/// Reads a sweep (interfaces.md §3) and resolves its trials. Besides the keys there: `name`,
/// `preset` (paper, demo, or study: what the study carries) and `seeds` (each trial once a seed).
/// Grid: the last key varies fastest. Random: trial i's value of a key depends on (seed, key, i)
/// alone, from log_uniform, uniform (six significant digits), integer (both ends included) or
/// choice. List: dotted keys or objects like in spec.json.
/// @param folder against which paths of the document are relative; those of a base file are
///               relative to that file
/// Errors: Usage, everything that is wrong at once, trials by their number.
Result<Sweep> resolveSweep(const Json& document, const std::filesystem::path& folder,
                           const SweepOverrides& overrides = {});
/// The same from a file, whose name is the sweep's unless it says another.
Result<Sweep> readSweep(const std::filesystem::path& file, const SweepOverrides& overrides = {});

/// The paper's choice of a parameter by A-Acc on the validation split (algorithms.md §7).
struct Search
{
    std::string name;
    std::string parameter; ///< dotted key
    std::vector<double> values;
    bool refine = false; ///< then also the best value times and divided by √3
    RunSpec base;        ///< the winner's, but for the parameter; `evaluate.test` holds
    std::vector<std::string> notes;
    Json document;

    /// Whether one training serves every candidate: α of IMM in OST (§5.6).
    [[nodiscard]] bool needsOneTraining() const;
};

/// Reads a search. Without `parameter` it is the method's α or β, without `values` the grid of
/// algorithms.md §7. Errors: as resolveSweep().
Result<Search> resolveSearch(const Json& document, const std::filesystem::path& folder,
                             const SweepOverrides& overrides = {});
Result<Search> readSearch(const std::filesystem::path& file, const SweepOverrides& overrides = {});

/// A candidate: trained on the training split and evaluated on the validation split alone.
Trial candidateOf(const Search& search, double value, int number);
/// With needsOneTraining(): FT, whose end IMM would merge with every α.
Trial trainingOf(const Search& search, int number);
/// The chosen run as `clwb run` would make it, test split included.
Trial winnerOf(const Search& search, double value, int number);
/// Values of the refinement around the best: those in range that were not candidates yet.
std::vector<double> refinedValues(const Search& search, double best);

} // namespace clwb::spec
