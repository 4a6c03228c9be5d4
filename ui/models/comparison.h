// SPDX-License-Identifier: GPL-3.0-or-later
// What is compared: configurations with their seeds, as values that plots and tables draw.
#pragma once

#include "core/report/report_run.h"
#include "core/report/series.h"

#include <QColor>
#include <QString>

#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace clwb::ui
{

/// Mean and sample deviation over seeds.
struct Estimate
{
    double mean = NAN; ///< NaN: no run has a value
    double std = 0;    ///< 0 for a single run
    int count = 0;
    [[nodiscard]] bool isKnown() const { return count > 0; }
};
/// Over the finite ones.
Estimate estimateOf(const std::vector<double>& values);

/// Runs that differ by seed only.
struct ComparedEntry
{
    QString id;    ///< smallest run number: for settings, as long as the seeds stay
    QString label; ///< "VR-LwF-WM", "FT-WM (paper)"
    QString kind, method, option, setting;
    bool isReported = false;
    bool isFinished = true;
    QColor ownColour;                    ///< chosen by the user; invalid: the method's
    int shade = 0;                       ///< place among entries of equal colour, style and mark
    std::vector<report::ReportRun> runs; ///< one a seed, at least one
    std::vector<report::ReplacedRun> replaced; ///< earlier ones of the same seeds: not counted

    [[nodiscard]] bool isReference() const { return kind != QLatin1StringView("method"); }
    [[nodiscard]] bool isOriginal() const { return kind == QLatin1StringView("original"); }
    [[nodiscard]] std::vector<int64_t> runIds() const;
    /// "MST · 3 seeds", "#73 · MST · seed 0", "OST · reported".
    [[nodiscard]] QString sourceText() const;
};

/// The chosen configurations and which of them are hidden; shared by all tabs.
struct Comparison
{
    std::vector<ComparedEntry> entries;
    std::set<QString> hidden; ///< ids

    [[nodiscard]] bool isShown(const ComparedEntry& entry) const;
    [[nodiscard]] std::vector<const ComparedEntry*> shown() const;
    [[nodiscard]] const ComparedEntry* find(const QString& id) const;
};
using SharedComparison = std::shared_ptr<const Comparison>;

/// MST, then OST; in each the paper's order: references, then WM, IO, TO. A label that both have
/// names the setting: "FT-WM MST".
std::vector<ComparedEntry> entriesOf(const std::vector<report::ReportRun>& runs);

/// The column's metric ("UT-Acc" depends on the setting) after the last evaluated session.
Estimate lastValue(const ComparedEntry& entry, const std::string& column);
/// The column's metric after a session.
Estimate valueAfter(const ComparedEntry& entry, const std::string& column, int session);
/// A point for every session that any seed was evaluated after; NaN in `mean` where no seed has
/// the value, so that nothing is drawn across it. Reported rows have one point.
report::Band bandOfMetric(const ComparedEntry& entry, const std::string& column);
/// Largest session of any entry.
int sessionsOf(const Comparison& comparison);

/// The user's own, or the method's; of further entries that would look the same a neighbour of it.
QColor colourOf(const ComparedEntry& entry);

} // namespace clwb::ui
