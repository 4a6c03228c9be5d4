// SPDX-License-Identifier: GPL-3.0-or-later
// A shared stop request: set from a signal handler, a window or a test; polled once per batch.
#pragma once

#include <atomic>
#include <memory>

namespace clwb
{

class StopToken
{
public:
    StopToken() = default;
    /// True once a stop was asked for; a default-made token never stops.
    [[nodiscard]] bool stopRequested() const
    {
        return m_flag && m_flag->load(std::memory_order_relaxed);
    }

private:
    friend class StopSource;
    explicit StopToken(std::shared_ptr<std::atomic<bool>> flag)
        : m_flag(std::move(flag))
    {}
    std::shared_ptr<std::atomic<bool>> m_flag;
};

class StopSource
{
public:
    /// Async-signal-safe: one relaxed atomic store.
    void requestStop() const { m_flag->store(true, std::memory_order_relaxed); }
    [[nodiscard]] StopToken token() const { return StopToken(m_flag); }

private:
    std::shared_ptr<std::atomic<bool>> m_flag = std::make_shared<std::atomic<bool>>(false);
};

} // namespace clwb
