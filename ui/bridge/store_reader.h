// SPDX-License-Identifier: GPL-3.0-or-later
// A project connection on a thread of its own; the window asks and is answered later.
#pragma once

#include "core/store/project.h"
#include "ui/bridge/thread_owner.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <chrono>
#include <functional>
#include <memory>

namespace clwb::ui
{

/// Thread: used from the GUI thread; queries run one after another on the reader's thread.
/// While another program holds the file a query is tried again until it is let go.
/// Late answers: callers keep a counter, capture its value and drop answers that are not the
/// newest. Answers for a destroyed context are dropped here.
class StoreReader : public QObject, private ThreadOwner
{
    Q_OBJECT

public:
    /// The file is opened by the first query; its errors are that query's answer.
    StoreReader(std::filesystem::path file, store::OpenMode mode, QObject* parent = nullptr);
    /// Waits for the query in progress. Queued questions are dropped, queued changes are made:
    /// what was typed last is not lost with the window. Where the disk does not answer the wait has
    /// an end; what goes on then has nothing but the values that it was given.
    ~StoreReader() override;
    /// How long the end waits for a question; for changes, four times as long.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

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
        post([context = QPointer<QObject>(context), query = std::move(query),
              answer = std::move(answer)](Desk& desk, Result<store::Project>& project) mutable {
            auto result = project ? query(*project) : T(Failure(project.error()));
            if (mustWait(desk, result ? nullptr : &result.error()))
                return false;
            auto shared = std::make_shared<T>(std::move(result));
            deliver(desk, [context, answer = std::move(answer), shared](StoreReader&) mutable {
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
    struct Desk; ///< what the thread works with, and keeps when this object is gone
    /// False: the file is locked, to be tried again.
    using Task = std::function<bool(Desk&, Result<store::Project>&)>;
    void post(Task task);
    /// On the reader's thread, after each try: whether there shall be another one.
    static bool mustWait(Desk& desk, const Error* error);
    /// On the reader's thread: to be done in the GUI thread, unless the reader is gone then.
    static void deliver(Desk& desk, std::function<void(StoreReader&)> answer);
    void tellThreadToEnd() override;

    std::filesystem::path m_file;
    store::OpenMode m_mode;
    bool m_isReleased = false; ///< GUI thread only
    std::chrono::milliseconds m_patience{5000};
    std::shared_ptr<Desk> m_desk;
    QThread* m_thread = nullptr; ///< outlives this object when it does not end
    QObject* m_worker = nullptr; ///< lives on m_thread
};

} // namespace clwb::ui
