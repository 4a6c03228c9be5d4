// SPDX-License-Identifier: GPL-3.0-or-later
// Posting of queries and answers.
#include "ui/bridge/store_reader.h"

#include "core/store/sqlite.h"
#include "ui/bridge/background.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

namespace clwb::ui
{

namespace
{

// Short, so that the window can tell soon what it waits for.
constexpr std::chrono::milliseconds kPatience{500};
constexpr int kReaderChangeFactor = 4; ///< a change is worth a longer wait at the end
constexpr int kLastTries = 10;         ///< what a change gets when the window closes: 5 s

} // namespace

struct StoreReader::Desk
{
    const std::filesystem::path file;
    const store::OpenMode mode;
    std::atomic<bool> isEnding{false};
    std::mutex mutex;
    StoreReader* receiver = nullptr; ///< of the answers; changed under the mutex, by the GUI thread

    // Touched by the reader's thread only.
    std::optional<Result<store::Project>> project = {};
    bool isWaiting = false;     ///< as told
    int lastTries = kLastTries; ///< left when it ends
};

StoreReader::StoreReader(std::filesystem::path file, store::OpenMode mode, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file))
    , m_mode(mode)
    , m_desk(new Desk{m_file, mode, {}, {}, this})
    , m_thread(new QThread)
    , m_worker(new QObject)
{
    m_thread->setObjectName(QStringLiteral("store"));
    m_worker->moveToThread(m_thread);
    // The connection must end on its own thread.
    connect(
        m_thread, &QThread::finished, m_worker, [desk = m_desk] { desk->project.reset(); },
        Qt::DirectConnection);
    connect(m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread->start();
}

StoreReader::~StoreReader()
{
    {
        const std::lock_guard lock(m_desk->mutex);
        m_desk->receiver = nullptr;
    }
    askToEnd();
    endThread(m_thread,
              leftOf(m_mode == store::OpenMode::ReadOnly ? m_patience
                                                         : kReaderChangeFactor * m_patience));
}

void StoreReader::release()
{
    m_isReleased = true;
    connect(m_thread, &QThread::finished, this, &StoreReader::released);
    askToEnd();
}

void StoreReader::tellThreadToEnd()
{
    m_desk->isEnding = true;
    if (m_mode == store::OpenMode::ReadOnly)
        m_thread->quit();
    else
        QMetaObject::invokeMethod(
            m_worker, [thread = m_thread] { thread->quit(); }, Qt::QueuedConnection);
}

void StoreReader::post(Task task)
{
    // Copyable wrapper: invokeMethod needs a copyable functor.
    auto shared = std::make_shared<Task>(std::move(task));
    QMetaObject::invokeMethod(
        m_worker,
        [desk = m_desk, shared] {
            auto& project = desk->project;
            do {
                if (!project || !*project) {
                    project.emplace(store::Project::open(desk->file, desk->mode));
                    if (*project)
                        (*project)->database().setPatience(kPatience);
                }
            } while (!(*shared)(*desk, *project));
        },
        Qt::QueuedConnection);
}

bool StoreReader::mustWait(Desk& desk, const Error* error)
{
    const bool isLocked = error && store::isBusy(*error);
    if (isLocked != desk.isWaiting) {
        desk.isWaiting = isLocked;
        deliver(desk, [isLocked](StoreReader& reader) { Q_EMIT reader.waitingChanged(isLocked); });
    }
    if (error && error->code == ErrorCode::Corrupt)
        deliver(desk, [found = *error](StoreReader& reader) { Q_EMIT reader.damageFound(found); });
    if (!isLocked || !desk.isEnding)
        return isLocked;
    return desk.mode != store::OpenMode::ReadOnly && --desk.lastTries > 0;
}

void StoreReader::deliver(Desk& desk, std::function<void(StoreReader&)> answer)
{
    const std::lock_guard lock(desk.mutex);
    if (!desk.receiver)
        return;
    QMetaObject::invokeMethod(
        desk.receiver,
        [reader = desk.receiver, answer = std::move(answer)] {
            if (!reader->m_isReleased)
                answer(*reader);
        },
        Qt::QueuedConnection);
}

} // namespace clwb::ui
