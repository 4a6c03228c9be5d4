// SPDX-License-Identifier: GPL-3.0-or-later
// Passes the events of a run on to the project file.
#include "core/run/store_observer.h"

namespace clwb::run
{

StoreObserver::StoreObserver(store::RunWriter& writer,
                             const std::vector<metrics::EvaluationRecord>& earlier,
                             double earlierSeconds)
    : m_writer(writer)
    , m_earlierSeconds(earlierSeconds)
{
    for (const metrics::EvaluationRecord& record : earlier)
        remember(record);
}

void StoreObserver::operator()(const Event& event)
{
    std::visit([this](const auto& value) { handle(value); }, event);
}

void StoreObserver::take(const metrics::EvaluationRecord& record, const std::string& sourceUid)
{
    remember(record);
    m_writer.addTakenEvaluation(record, bwtAfter(record), sourceUid);
}

void StoreObserver::handle(const RunStarted& event)
{
    m_writer.setResolvedSpec(event.resolvedSpec, event.sessions);
}

void StoreObserver::handle(const StepDone& event)
{
    m_writer.addStep(event.step, event.session, event.epoch, event.lr, event.losses, event.time);
}

void StoreObserver::handle(const StepSkipped& event)
{
    m_writer.addWarning("session " + std::to_string(event.session) + ", epoch " +
                        std::to_string(event.epoch) + ", step " + std::to_string(event.step) +
                        ": batch of " + std::to_string(event.items.size()) +
                        " items left out: " + event.reason);
}

void StoreObserver::handle(const StepBroken& event)
{
    m_writer.addStep(event.step, event.session, event.epoch, event.lr, event.losses, event.time);
}

void StoreObserver::handle(const Evaluated& event)
{
    remember(event.record);
    m_writer.addEvaluation(event.record, bwtAfter(event.record), event.details);
}

void StoreObserver::handle(const CheckpointSaved& event)
{
    m_writer.addCheckpoint(event.folder, event.step, event.sha256);
}

void StoreObserver::handle(const Warning& event)
{
    m_writer.addWarning(event.text);
}

void StoreObserver::handle(const Finished& event)
{
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - m_start;
    m_writer.finish(event.status, event.message, m_earlierSeconds + seconds.count());
}

void StoreObserver::remember(const metrics::EvaluationRecord& record)
{
    if (record.ut && !record.epoch && record.session >= 1)
        m_accuracies[record.split][record.session] = metrics::utPerSession(*record.ut);
}

std::optional<double> StoreObserver::bwtAfter(const metrics::EvaluationRecord& record) const
{
    const auto split = m_accuracies.find(record.split);
    if (!record.ut || record.epoch || split == m_accuracies.end())
        return std::nullopt;
    std::vector<PerSession> rows;
    for (int session = 1; session <= record.session; ++session) {
        const auto row = split->second.find(session);
        // Joint training may evaluate the last session only: then Bwt is undefined.
        if (row == split->second.end())
            return std::nullopt;
        rows.push_back(row->second);
    }
    return metrics::backwardTransfer(rows);
}

} // namespace clwb::run
