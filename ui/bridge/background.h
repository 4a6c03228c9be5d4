// SPDX-License-Identifier: GPL-3.0-or-later
// One thread for slow questions that belong to no project: estimates, reading of study files.
#pragma once

#include <QObject>
#include <QPointer>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace clwb::ui
{

/// Thread: asked from the GUI thread; questions are worked on one after another.
/// Late answers: as in StoreReader, callers compare a counter of their own.
class Background : public QObject
{
    Q_OBJECT

public:
    explicit Background(QObject* parent = nullptr);
    ~Background() override; ///< waits for the question being worked on and for changes

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
        using T = std::invoke_result_t<Question>;
        post([this, context = QPointer<QObject>(context), question = std::move(question),
              answer = std::move(answer)]() mutable {
            auto result = std::make_shared<T>(question());
            QMetaObject::invokeMethod(
                this,
                [context, answer = std::move(answer), result]() mutable {
                    if (context)
                        answer(std::move(*result));
                },
                Qt::QueuedConnection);
        });
    }

    /// For what may not be answered for hours, such as a look at a disk that is away: worked on in
    /// a thread of its own that nobody waits for, not even when the window or the program ends. So
    /// the question holds copies of all that it needs. A few at a time; further ones wait.
    /// Thread: GUI, where the answer comes too, unless `context` is gone.
    template<class Question, class Answer>
    static void askAlone(QObject* context, Question question, Answer answer)
    {
        using T = std::invoke_result_t<Question>;
        const QPointer<QObject> asker(context);
        runAlone(asker,
                 [asker, question = std::move(question),
                  answer = std::move(answer)]() mutable -> std::function<void()> {
                     auto result = std::make_shared<T>(question());
                     return [asker, answer, result]() mutable {
                         if (asker)
                             answer(std::move(*result));
                     };
                 });
    }

private:
    void post(std::function<void()> task);
    /// Gives what is to be done with the answer in the GUI thread.
    using AloneTask = std::function<std::function<void()>()>;
    static void runAlone(const QPointer<QObject>& asker, AloneTask task);
    QThread m_thread;
    std::shared_ptr<std::atomic<int>> m_changes = std::make_shared<std::atomic<int>>(0);
    QObject* m_worker = nullptr; ///< lives on m_thread
};

} // namespace clwb::ui
