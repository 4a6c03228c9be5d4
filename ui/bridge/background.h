// SPDX-License-Identifier: GPL-3.0-or-later
// One thread for slow questions that belong to no project: estimates, reading of study files.
#pragma once

#include "ui/bridge/thread_owner.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace clwb::ui
{

/// Waits for a thread that was told to end, and deletes it. One that hangs is left alone: if its
/// work ever ends, what is left of it goes then. GUI thread.
void endThread(QThread* thread, std::chrono::milliseconds patience);

/// Thread: asked from the GUI thread; questions are worked on one after another.
/// Late answers: as in StoreReader, callers compare a counter of their own.
class Background : public QObject, private ThreadOwner
{
    Q_OBJECT

public:
    explicit Background(QObject* parent = nullptr);
    /// Waits for the question being worked on and for changes, but not for ever: a disk may be
    /// away. What goes on without this object has nothing but the values that it was given.
    ~Background() override;
    /// How long the end waits for a question; for changes, four times as long.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

    /// Likewise, for what must be done even when this object ends first: it then waits.
    template<class Change, class Answer>
    void change(QObject* context, Change work, Answer answer)
    {
        m_changes->fetch_add(1);
        ask(
            context,
            [changes = m_changes, work = std::move(work)]() mutable {
                auto result = work();
                changes->fetch_sub(1);
                return result;
            },
            std::move(answer));
    }

    template<class Question, class Answer>
    void ask(QObject* context, Question question, Answer answer)
    {
        post(taskOf(context, std::move(question), std::move(answer)));
    }

    /// For what may not be answered for hours, such as a look at a disk that is away: worked on in
    /// a thread of its own that nobody waits for, not even when the window or the program ends. So
    /// the question holds copies of all that it needs. A few at a time; further ones wait.
    /// Thread: GUI, where the answer comes too, unless `context` is gone.
    template<class Question, class Answer>
    static void askAlone(QObject* context, Question question, Answer answer)
    {
        runAlone(context, taskOf(context, std::move(question), std::move(answer)));
    }

private:
    void tellThreadToEnd() override;
    /// Gives what is to be done with the answer in the GUI thread.
    using Task = std::function<std::function<void()>()>;

    template<class Question, class Answer>
    static Task taskOf(QObject* context, Question question, Answer answer)
    {
        using T = std::invoke_result_t<Question>;
        return [asker = QPointer<QObject>(context), question = std::move(question),
                answer = std::move(answer)]() mutable -> std::function<void()> {
            auto result = std::make_shared<T>(question());
            return [asker, answer = std::move(answer), result]() mutable {
                if (asker)
                    answer(std::move(*result));
            };
        };
    }

    struct Desk; ///< what the thread shares with this object, and keeps when that is gone
    void post(Task task);
    static void runAlone(const QPointer<QObject>& asker, Task task);

    std::shared_ptr<Desk> m_desk;
    std::chrono::milliseconds m_patience{5000};
    std::shared_ptr<std::atomic<int>> m_changes = std::make_shared<std::atomic<int>>(0);
    bool m_endsAfterChanges = false; ///< as it was asked to end
    QThread* m_thread = nullptr;     ///< outlives this object when it does not end
    QObject* m_worker = nullptr;     ///< lives on m_thread
};

} // namespace clwb::ui
