// SPDX-License-Identifier: GPL-3.0-or-later
// Posting of queries and answers.
#include "ui/bridge/store_reader.h"

#include "core/store/sqlite.h"

namespace clwb::ui
{

namespace
{

// Short, so that the window can tell soon what it waits for.
constexpr std::chrono::milliseconds kPatience{500};
constexpr int kLastTries = 10; ///< what a change gets when the window closes: 5 s

} // namespace

StoreReader::StoreReader(std::filesystem::path file, store::OpenMode mode, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file))
    , m_mode(mode)
    , m_lastTries(kLastTries)
    , m_worker(new QObject)
{
    m_thread.setObjectName(QStringLiteral("store"));
    m_worker->moveToThread(&m_thread);
    // The connection must end on its own thread.
    connect(
        &m_thread, &QThread::finished, m_worker, [this] { m_project.reset(); },
        Qt::DirectConnection);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

StoreReader::~StoreReader()
{
    if (!m_isReleased)
        endAfterChanges();
    m_thread.wait();
}

void StoreReader::release()
{
    m_isReleased = true;
    connect(&m_thread, &QThread::finished, this, &StoreReader::released);
    endAfterChanges();
}

void StoreReader::endAfterChanges()
{
    m_isEnding = true;
    if (m_mode == store::OpenMode::ReadOnly)
        m_thread.quit();
    else
        QMetaObject::invokeMethod(
            m_worker, [this] { m_thread.quit(); }, Qt::QueuedConnection);
}

void StoreReader::post(Task task)
{
    // Copyable wrapper: invokeMethod needs a copyable functor.
    auto shared = std::make_shared<Task>(std::move(task));
    QMetaObject::invokeMethod(
        m_worker,
        [this, shared] {
            do {
                if (!m_project || !*m_project) {
                    m_project.emplace(store::Project::open(m_file, m_mode));
                    if (*m_project)
                        (*m_project)->database().setPatience(kPatience);
                }
            } while (!(*shared)(*m_project));
        },
        Qt::QueuedConnection);
}

bool StoreReader::mustWait(const Error* error)
{
    const bool isLocked = error && store::isBusy(*error);
    if (isLocked != m_isWaiting) {
        m_isWaiting = isLocked;
        deliver([this, isLocked] { Q_EMIT waitingChanged(isLocked); });
    }
    if (error && error->code == ErrorCode::Corrupt)
        deliver([this, found = *error] { Q_EMIT damageFound(found); });
    if (!isLocked || !m_isEnding)
        return isLocked;
    return m_mode != store::OpenMode::ReadOnly && --m_lastTries > 0;
}

void StoreReader::deliver(std::function<void()> answer)
{
    QMetaObject::invokeMethod(
        this,
        [this, answer = std::move(answer)] {
            if (!m_isReleased)
                answer();
        },
        Qt::QueuedConnection);
}

} // namespace clwb::ui
