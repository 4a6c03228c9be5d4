// SPDX-License-Identifier: GPL-3.0-or-later
// Many-producer box of event values; the consumer takes everything at once.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace clwb
{

/// Bounded only through `merge`: when it returns true the new event was folded into the last one.
template<class Event>
class Mailbox
{
public:
    using Merge = std::function<bool(Event& last, const Event& next)>;

    /// @param capacity from this many waiting events on, `merge` is tried before appending
    explicit Mailbox(size_t capacity = 4096, Merge merge = {})
        : m_capacity(capacity)
        , m_merge(std::move(merge))
    {}

    void push(Event event)
    {
        const std::lock_guard lock(m_mutex);
        if (m_merge && m_events.size() >= m_capacity && m_merge(m_events.back(), event))
            return;
        m_events.push_back(std::move(event));
    }

    /// Everything since the last call, in order.
    std::vector<Event> takeAll()
    {
        std::vector<Event> taken;
        const std::lock_guard lock(m_mutex);
        taken.swap(m_events);
        return taken;
    }

private:
    std::mutex m_mutex; // guards m_events
    std::vector<Event> m_events;
    size_t m_capacity;
    Merge m_merge;
};

} // namespace clwb
