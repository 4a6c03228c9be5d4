// SPDX-License-Identifier: GPL-3.0-or-later
// A project connection on a thread of its own; the window asks and is answered later.
#pragma once

#include "core/store/project.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>
#include <optional>

namespace clwb::ui
{

/// Thread: used from the GUI thread; queries run one after another on the reader's thread.
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

    /// `Query`: Result<T>(store::Project&) on the reader's thread. `Answer`: void(Result<T>) here.
    template<class Query, class Answer>
    void ask(QObject* context, Query query, Answer answer)
    {
        using T = std::invoke_result_t<Query, store::Project&>;
        post([this, context = QPointer<QObject>(context), query = std::move(query),
              answer = std::move(answer)](Result<store::Project>& project) mutable {
            auto result = project ? query(*project) : T(Failure(project.error()));
            auto shared = std::make_shared<T>(std::move(result));
            deliver([context, answer = std::move(answer), shared]() mutable {
                if (context)
                    answer(std::move(*shared));
            });
        });
    }

Q_SIGNALS:
    void released();

private:
    using Task = std::function<void(Result<store::Project>&)>;
    void post(Task task);
    void deliver(std::function<void()> answer);
    void endAfterChanges();

    std::filesystem::path m_file;
    store::OpenMode m_mode;
    std::optional<Result<store::Project>> m_project; ///< touched by the reader's thread only
    bool m_isReleased = false;                       ///< GUI thread only
    QThread m_thread;
    QObject* m_worker = nullptr; ///< lives on m_thread
};

} // namespace clwb::ui
