// SPDX-License-Identifier: GPL-3.0-or-later
// A project connection on a thread of its own; the window asks and is answered later.
#pragma once

#include "core/store/project.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

namespace clwb::ui
{

/// Thread: used from the GUI thread; queries run one after another on the reader's thread.
/// While another program holds the file a query is tried again until it is let go.
/// Late answers: callers keep a counter, capture its value and drop answers that are not the
/// newest. Answers for a destroyed context are dropped here.
class StoreReader : public QObject
{
    Q_OBJECT

public:
    /// The file is opened by the first query; its errors are that query's answer.
    StoreReader(std::filesystem::path file, store::OpenMode mode, QObject* parent = nullptr);
    /// Waits for the query in progress. Queued questions are dropped, queued changes are made:
    /// what was typed last is not lost with the window.
    ~StoreReader() override;

    /// Ends in the background as the destructor would; answers are dropped from now on. The reader
    /// may be destroyed without a wait once `released` was emitted.
    void release();

    [[nodiscard]] const std::filesystem::path& file() const { return m_file; }

    /// `Query`: Result<T>(store::Project&) on the reader's thread, asked again while the file is
    /// locked. `Answer`: void(Result<T>) here.
    template<class Query, class Answer>
    void ask(QObject* context, Query query, Answer answer)
    {
        using T = std::invoke_result_t<Query, store::Project&>;
        post([this, context = QPointer<QObject>(context), query = std::move(query),
              answer = std::move(answer)](Result<store::Project>& project) mutable {
            auto result = project ? query(*project) : T(Failure(project.error()));
            if (mustWait(result ? nullptr : &result.error()))
                return false;
            auto shared = std::make_shared<T>(std::move(result));
            deliver([context, answer = std::move(answer), shared]() mutable {
                if (context)
                    answer(std::move(*shared));
            });
            return true;
        });
    }

Q_SIGNALS:
    void released();
    /// Another program holds the file (false: no more).
    void waitingChanged(bool isWaiting);
    /// A query has met damage in the file; its answer tells the same.
    void damageFound(const clwb::Error& error);

private:
    /// False: the file is locked, to be tried again.
    using Task = std::function<bool(Result<store::Project>&)>;
    void post(Task task);
    /// On the reader's thread, after each try: whether there shall be another one.
    bool mustWait(const Error* error);
    void deliver(std::function<void()> answer);
    void endAfterChanges();

    std::filesystem::path m_file;
    store::OpenMode m_mode;
    std::optional<Result<store::Project>> m_project; ///< touched by the reader's thread only
    bool m_isReleased = false;                       ///< GUI thread only
    bool m_isWaiting = false;                        ///< as told; reader's thread only
    int m_lastTries;                                 ///< left when it ends; reader's thread only
    std::atomic<bool> m_isEnding{false};
    QThread m_thread;
    QObject* m_worker = nullptr; ///< lives on m_thread
};

} // namespace clwb::ui
