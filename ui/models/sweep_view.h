// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep of the project as its page shows it: trials with what was varied and what came out.
#pragma once

#include "core/store/sweeps.h"
#include "ui/models/data_table.h"
#include "ui/plots/parallel_data.h"

#include <QString>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

struct TrialView
{
    int number = 0;
    QString role; ///< trial candidate training winner
    store::TrialState state = store::TrialState::Pending;
    std::optional<int64_t> runId;
    QString message; ///< why it failed
    Json varied;     ///< dotted key → value
    bool isChosen = false;
    std::map<std::string, double> metrics; ///< short names: ut zs a tr@1 ir@1 bwt; of a candidate
                                           ///< on the validation split
};

struct SweepView
{
    store::SweepRow row;
    std::vector<TrialView> trials;
    QString record; ///< what a search chose and by which rule, in sentences; empty without

    [[nodiscard]] int count(store::TrialState state) const;
    [[nodiscard]] bool isSearch() const { return row.kind == "search"; }
};

/// Reader's thread.
Result<SweepView> readSweepView(const store::Project& project, const store::SweepRow& row);

/// Dotted keys that differ between the trials, in their order.
std::vector<std::string> variedKeys(const SweepView& sweep);
/// One row for each of `numbers`, in the order of the trials.
DataTable trialTable(const SweepView& sweep, const std::vector<int>& numbers);
/// Scales that the user has chosen, by title of the axis.
using AxisScales = std::map<QString, AxisScale>;
/// An axis for each varied key and each metric that any trial has; a line a trial.
ParallelData parallelOf(const SweepView& sweep, const AxisScales& scales = {});

QString stateText(store::TrialState state);
/// "9 of 12 done · 1 failed · 2 to do".
QString progressText(const SweepView& sweep);

} // namespace clwb::ui
