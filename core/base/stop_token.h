// SPDX-License-Identifier: GPL-3.0-or-later
// A shared stop request: set from a signal handler, a window or a test; polled once per batch.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

namespace clwb
{

/// Where a run may end that is asked to; a later one is reached later.
enum class StopPoint {
    Now,    ///< after the batch in progress, without saving: it goes on from the last checkpoint
    Batch,  ///< after the batch in progress
    Epoch,  ///< when the epoch is done
    Session ///< when the session is done and evaluated
};

class StopToken
{
public:
    StopToken() = default;
    /// True once a stop was asked for at the next batch; a default-made token never stops.
    [[nodiscard]] bool stopRequested() const { return stopRequestedAt(StopPoint::Batch); }
    /// Whether a run that has reached such a point shall end there.
    [[nodiscard]] bool stopRequestedAt(StopPoint point) const
    {
        return std::any_of(m_points.begin(), m_points.end(), [point](const auto& asked) {
            return asked->load(std::memory_order_relaxed) <= static_cast<int>(point);
        });
    }
    /// A token that sees the requests that either sees; the nearer point holds.
    [[nodiscard]] StopToken with(const StopToken& other) const
    {
        StopToken both = *this;
        both.m_points.insert(both.m_points.end(), other.m_points.begin(), other.m_points.end());
        return both;
    }

private:
    friend class StopSource;
    explicit StopToken(std::shared_ptr<std::atomic<int>> point)
        : m_points{std::move(point)}
    {}
    std::vector<std::shared_ptr<std::atomic<int>>> m_points;
};

class StopSource
{
public:
    /// The last request holds. Async-signal-safe: one relaxed atomic store.
    void requestStop(StopPoint point = StopPoint::Batch) const
    {
        m_point->store(static_cast<int>(point), std::memory_order_relaxed);
    }
    [[nodiscard]] StopToken token() const { return StopToken(m_point); }

private:
    static constexpr int kNone = static_cast<int>(StopPoint::Session) + 1;
    std::shared_ptr<std::atomic<int>> m_point = std::make_shared<std::atomic<int>>(kNone);
};

} // namespace clwb
