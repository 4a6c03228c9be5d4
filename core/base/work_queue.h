// SPDX-License-Identifier: GPL-3.0-or-later
// Bounded blocking queue with close(); used between loader threads and by the store writer.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace clwb
{

/// Many producers, many consumers. After close() pushes are refused and pops drain what is left.
template<class T>
class WorkQueue
{
public:
    explicit WorkQueue(size_t capacity)
        : m_capacity(capacity)
    {}

    /// Waits while full; false when closed.
    bool push(T value)
    {
        std::unique_lock lock(m_mutex);
        m_notFull.wait(lock, [this] { return m_closed || m_items.size() < m_capacity; });
        if (m_closed)
            return false;
        m_items.push_back(std::move(value));
        m_notEmpty.notify_one();
        return true;
    }

    /// Waits while empty; nothing when closed and drained.
    std::optional<T> pop()
    {
        std::unique_lock lock(m_mutex);
        m_notEmpty.wait(lock, [this] { return m_closed || !m_items.empty(); });
        if (m_items.empty())
            return std::nullopt;
        std::optional<T> value(std::move(m_items.front()));
        m_items.pop_front();
        m_notFull.notify_one();
        return value;
    }

    /// Waits at most `patience` while empty; nothing when nothing came or closed and drained.
    std::optional<T> popFor(std::chrono::milliseconds patience)
    {
        std::unique_lock lock(m_mutex);
        m_notEmpty.wait_for(lock, patience, [this] { return m_closed || !m_items.empty(); });
        if (m_items.empty())
            return std::nullopt;
        std::optional<T> value(std::move(m_items.front()));
        m_items.pop_front();
        m_notFull.notify_one();
        return value;
    }

    /// True once closed and empty.
    [[nodiscard]] bool isDrained()
    {
        const std::lock_guard lock(m_mutex);
        return m_closed && m_items.empty();
    }

    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        m_notEmpty.notify_all();
        m_notFull.notify_all();
    }

private:
    std::mutex m_mutex; // guards m_items and m_closed
    std::condition_variable m_notEmpty;
    std::condition_variable m_notFull;
    std::deque<T> m_items;
    size_t m_capacity;
    bool m_closed = false;
};

} // namespace clwb
