// SPDX-License-Identifier: GPL-3.0-or-later
// The undo command, and edits on values.
#include "ui/shell/queue_edits.h"

#include "core/base/check.h"
#include "ui/shell/app_state.h"

#include <QUndoCommand>

namespace clwb::ui
{

namespace
{

class QueueEdit : public QUndoCommand
{
public:
    QueueEdit(RunQueue& queue, const QString& text, std::deque<RunOrder> after)
        : QUndoCommand(text)
        , m_queue(queue)
        , m_before(queue.waiting())
        , m_after(std::move(after))
    {}
    void redo() override { m_queue.rearrange(m_before, m_after); }
    void undo() override { m_queue.rearrange(m_after, m_before); }

private:
    RunQueue& m_queue;
    std::deque<RunOrder> m_before;
    std::deque<RunOrder> m_after;
};

} // namespace

void editQueue(AppState& state, const QString& text, std::deque<RunOrder> after)
{
    state.undoStack().push(new QueueEdit(state.queue(), text, std::move(after)));
}

std::deque<RunOrder> moved(std::deque<RunOrder> orders, int from, int to)
{
    const auto size = static_cast<int>(orders.size());
    CLWB_CHECK(from >= 0 && from < size && to >= 0 && to < size, "no such place in the queue");
    RunOrder order = orders[static_cast<size_t>(from)];
    orders.erase(orders.begin() + from);
    orders.insert(orders.begin() + to, std::move(order));
    return orders;
}

std::deque<RunOrder> without(std::deque<RunOrder> orders, int at)
{
    CLWB_CHECK(at >= 0 && at < static_cast<int>(orders.size()), "no such place in the queue");
    orders.erase(orders.begin() + at);
    return orders;
}

} // namespace clwb::ui
