// SPDX-License-Identifier: GPL-3.0-or-later
// Passes the events of a run on to the project file.
#pragma once

#include "core/metrics/evaluation_record.h"
#include "core/run/events.h"
#include "core/store/run_writer.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::run
{

/// An EventSink for the store. The writer must outlive it. Thread: training thread only.
class StoreObserver
{
public:
    /// @param earlier       records stored before a resume; Bwt needs the accuracies of all
    /// sessions
    /// @param earlierSeconds time that the run took before a resume
    explicit StoreObserver(store::RunWriter& writer,
                           const std::vector<metrics::EvaluationRecord>& earlier = {},
                           double earlierSeconds = 0);

    void operator()(const Event& event);
    /// A record of another run that counts as this one's.
    /// @param sourceUid the other run, where its details count too; empty: they do not
    void take(const metrics::EvaluationRecord& record, const std::string& sourceUid);

private:
    using PerSession = std::vector<std::optional<double>>;

    void handle(const RunStarted& event);
    void handle(const SessionStarted&) {}
    void handle(const StepDone& event);
    void handle(const StepSkipped& event);
    void handle(const StepBroken& event);
    void handle(const Merged&) {}
    void handle(const Evaluated& event);
    void handle(const Progress&) {}
    void handle(const CheckpointSaved& event);
    void handle(const Warning& event);
    void handle(const Finished& event);

    void remember(const metrics::EvaluationRecord& record);
    [[nodiscard]] std::optional<double> bwtAfter(const metrics::EvaluationRecord& record) const;

    store::RunWriter& m_writer;
    std::map<std::string, std::map<int, PerSession>> m_accuracies; ///< split → after session
    double m_earlierSeconds;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace clwb::run
