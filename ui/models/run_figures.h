// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of the run list, worked out once for all rows: what is shown, sorted and marked.
#pragma once

#include "core/store/best_metrics.h"
#include "core/store/project.h"

#include <QString>

#include <map>
#include <optional>
#include <vector>

namespace clwb::ui
{

/// Which value of a metric a column shows.
struct MetricValue
{
    enum class Of {
        Last,   ///< of the last evaluation
        Best,   ///< the largest after any session
        Final,  ///< after all planned sessions; runs that have not come so far have none
        Session ///< after a given one
    };
    Of of = Of::Last;
    int session = 0; ///< of Of::Session

    bool operator==(const MetricValue&) const = default;
    static const MetricValue Last, Best, Final;
    static MetricValue after(int session) { return {Of::Session, session}; }
    /// "best", "session 3": as it is remembered.
    [[nodiscard]] QString id() const;
    /// Last where it is none of these.
    static MetricValue fromId(const QString& id);
    /// "UT-Acc best", "UT-Acc s3": the title of a column.
    [[nodiscard]] QString titleOf(const QString& column) const;
    /// Which value a column shows, in a sentence; empty for the last.
    [[nodiscard]] QString explanation() const;
    /// "last", "best over sessions", "session 3": where the number leaves the window.
    [[nodiscard]] QString name() const;
};
inline constexpr MetricValue MetricValue::Last{};
inline constexpr MetricValue MetricValue::Best{MetricValue::Of::Best};
inline constexpr MetricValue MetricValue::Final{MetricValue::Of::Final};

/// Whether the run was evaluated after all sessions that it has.
bool hasFinalEvaluation(const store::RunRow& run);

class RunFigures
{
public:
    /// `runs` is the list's own and outlives this.
    explicit RunFigures(const std::vector<store::RunRow>& runs);
    /// The runs are others now.
    void reset() { m_keys.clear(); }
    void setBest(store::BestMetrics best);
    /// Values after the sessions that columns show.
    void setSessions(store::SessionMetrics values);
    /// Bytes of run folders, as far as known.
    void setDisk(std::map<int64_t, uint64_t> bytes);
    void setShown(int column, MetricValue value);
    [[nodiscard]] MetricValue shown(int column) const;
    /// Of the columns that show another value than the last.
    [[nodiscard]] const std::map<int, MetricValue>& choices() const { return m_choices; }

    /// By row: of number columns the number, of others the place of the text among all texts; NaN
    /// where there is none.
    [[nodiscard]] const std::vector<double>& keys(int column) const;
    /// The number of a Metric or Number column as shown.
    [[nodiscard]] std::optional<double> number(const store::RunRow& run, int column) const;
    /// Best: the session after which it was reached.
    [[nodiscard]] std::optional<int> sessionOfBest(const store::RunRow& run, int column) const;
    /// The best of the run, where the column shows it.
    [[nodiscard]] const store::BestValue* shownBest(const store::RunRow& run, int column) const;
    /// After which session the shown value was measured.
    [[nodiscard]] int sessionOf(const store::RunRow& run, int column) const;

private:
    [[nodiscard]] std::optional<double> metric(const store::RunRow& run, int column) const;
    [[nodiscard]] std::vector<double> numberKeys(int column) const;
    [[nodiscard]] std::vector<double> textKeys(int column) const;

    const std::vector<store::RunRow>& m_runs;
    store::BestMetrics m_best;
    std::map<int64_t, uint64_t> m_disk;
    store::SessionMetrics m_sessions;
    std::map<int, MetricValue> m_choices;
    mutable std::vector<std::vector<double>> m_keys; ///< by column, made on demand
};

} // namespace clwb::ui
