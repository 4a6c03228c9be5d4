// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs can be compared, which of them belong together, and which are a good beginning.
#pragma once

#include "core/report/report_run.h"
#include "core/store/project.h"

#include <QString>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clwb::ui
{

/// A comparison holds at most this many runs: more lines than anyone can tell apart, and the
/// reading of them stays a matter of a second.
inline constexpr size_t kMostCompared = 200;

/// Runs of the list that differ by seed only, before anything of them is read.
struct Candidate
{
    QString name;   ///< "#73 LwF-WM, MST, seed 0"; of several runs their name without the seed
    QString detail; ///< "LwF-WM · MST · seeds 0, 1, 2 · demo · #59, #60, #61"
    std::vector<int64_t> runIds;
    const store::RunRow* first = nullptr; ///< into the rows it was made from
};

using ConfigurationHashes = std::map<int64_t, std::string>;
using BranchMap = std::map<int64_t, report::BranchedFrom>; ///< which runs are branches, of what

/// Its values are final: finished here, or reported in the paper.
bool hasEnded(const store::RunRow& row);
/// Whether the run has any value to compare.
bool isComparable(const store::RunRow& row);
/// In the order of the rows. Runs that have not come to their end stand alone.
std::vector<Candidate> candidatesOf(const std::vector<store::RunRow>& rows,
                                    const ConfigurationHashes& hashes,
                                    const BranchMap& branches = {});

/// What to show when nothing was chosen yet: one study, MST, option WM, finished, no path points;
/// one configuration a method, the one with most seeds; and the study's references. Without such
/// runs: OST, then the paper's MST rows.
std::vector<int64_t> defaultChoice(const std::vector<store::RunRow>& rows,
                                   const ConfigurationHashes& hashes);

/// The same once runs were made in this window: among the runs of the newest method's study and
/// setting, with all of `made` that belong there, whatever their option. Without such ones the
/// default.
std::vector<int64_t> choiceAround(const std::vector<store::RunRow>& rows,
                                  const ConfigurationHashes& hashes,
                                  const std::vector<int64_t>& made);

/// α and the number that the run has here of which `clwb interpolate --record` made this row; from
/// its note where an older version made it.
struct PathPoint
{
    int64_t runId = 0; ///< whose path
    double alpha = 0;
    double ut = 0;
    double zs = 0;
    int64_t recordedRun = 0; ///< the row's own number
    int session = 0;         ///< after which it counts as evaluated
    QString part = {};       ///< "session 2 from its start"; empty in rows of older versions
};
/// Points on the weight path of these runs, by run and α.
std::vector<PathPoint> pathPoints(const std::vector<store::RunRow>& rows,
                                  const std::vector<int64_t>& runIds);

} // namespace clwb::ui
