// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of the run list, worked out once for all rows: what is shown, sorted and marked.
#pragma once

#include "core/store/best_metrics.h"
#include "core/store/project.h"

#include <optional>
#include <set>
#include <vector>

namespace clwb::ui
{

/// Which value of a metric a column shows: after the last session, or the largest after any.
enum class MetricValue { Last, Best };

class RunFigures
{
public:
    /// `runs` is the list's own and outlives this.
    explicit RunFigures(const std::vector<store::RunRow>& runs);
    /// The runs are others now.
    void reset() { m_keys.clear(); }
    void setBest(store::BestMetrics best);
    /// Bytes of run folders, as far as known.
    void setDisk(std::map<int64_t, uint64_t> bytes);
    void setShown(int column, MetricValue value);
    [[nodiscard]] MetricValue shown(int column) const;
    [[nodiscard]] const std::set<int>& bestColumns() const { return m_bestColumns; }

    /// By row: of number columns the number, of others the place of the text among all texts; NaN
    /// where there is none.
    [[nodiscard]] const std::vector<double>& keys(int column) const;
    /// The number of a Metric or Number column as shown.
    [[nodiscard]] std::optional<double> number(const store::RunRow& run, int column) const;
    /// Best: the session after which it was reached.
    [[nodiscard]] std::optional<int> sessionOfBest(const store::RunRow& run, int column) const;

private:
    [[nodiscard]] const store::BestValue* bestOf(const store::RunRow& run, int column) const;
    [[nodiscard]] std::vector<double> numberKeys(int column) const;
    [[nodiscard]] std::vector<double> textKeys(int column) const;

    const std::vector<store::RunRow>& m_runs;
    store::BestMetrics m_best;
    std::map<int64_t, uint64_t> m_disk;
    std::set<int> m_bestColumns;
    mutable std::vector<std::vector<double>> m_keys; ///< by column, made on demand
};

} // namespace clwb::ui
