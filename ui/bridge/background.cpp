// SPDX-License-Identifier: GPL-3.0-or-later
// The background thread.
#include "ui/bridge/background.h"

#include <QCoreApplication>

#include <deque>
#include <mutex>
#include <thread>

namespace clwb::ui
{

namespace
{

constexpr int kAloneAtOnce = 4;  // threads that may hang for ever
constexpr int kChangeFactor = 4; // a change is worth a longer wait at the end

struct WaitingAlone
{
    QPointer<QObject> asker;
    std::function<std::function<void()>()> task;
};

/// What the threads that nobody waits for share with the GUI thread; each of them keeps it alive.
struct AloneDesk
{
    std::mutex mutex;
    QObject* receiver = nullptr; ///< of the answers; changed under the mutex, by the GUI thread
    int working = 0;             ///< GUI thread only, as is `waiting`
    std::deque<WaitingAlone> waiting;
};

const std::shared_ptr<AloneDesk>& aloneDesk()
{
    static const auto desk = std::make_shared<AloneDesk>();
    return desk;
}

/// With the application: answers that come later are dropped.
void closeAloneDesk()
{
    AloneDesk& desk = *aloneDesk();
    desk.waiting.clear();
    desk.working = 0;
    const std::lock_guard lock(desk.mutex);
    delete std::exchange(desk.receiver, nullptr);
}

void beginWaitingAlone(const std::shared_ptr<AloneDesk>& desk)
{
    while (desk->working < kAloneAtOnce && !desk->waiting.empty()) {
        const WaitingAlone next = std::move(desk->waiting.front());
        desk->waiting.pop_front();
        if (!next.asker)
            continue;
        ++desk->working;
        std::thread([desk, task = next.task] {
            const std::function<void()> answer = task();
            const std::lock_guard lock(desk->mutex);
            if (!desk->receiver)
                return;
            QMetaObject::invokeMethod(
                desk->receiver,
                [desk, answer] {
                    --desk->working;
                    beginWaitingAlone(desk);
                    answer();
                },
                Qt::QueuedConnection);
        }).detach();
    }
}

} // namespace

struct Background::Desk
{
    std::mutex mutex;
    QObject* receiver = nullptr; ///< of the answers; changed under the mutex, by the GUI thread
};

Background::Background(QObject* parent)
    : QObject(parent)
    , m_desk(std::make_shared<Desk>())
    , m_thread(new QThread)
    , m_worker(new QObject)
{
    m_desk->receiver = this;
    m_thread->setObjectName(QStringLiteral("background"));
    m_worker->moveToThread(m_thread);
    connect(m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread->start();
}

void endThread(QThread* thread, std::chrono::milliseconds patience)
{
    QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    if (thread->wait(static_cast<unsigned long>(patience.count())))
        delete thread;
}

Background::~Background()
{
    {
        const std::lock_guard lock(m_desk->mutex);
        m_desk->receiver = nullptr;
    }
    askToEnd();
    endThread(m_thread, leftOf(m_endsAfterChanges ? kChangeFactor * m_patience : m_patience));
}

void Background::tellThreadToEnd()
{
    m_endsAfterChanges = m_changes->load() > 0;
    if (m_endsAfterChanges)
        QMetaObject::invokeMethod(
            m_worker, [thread = m_thread] { thread->quit(); }, Qt::QueuedConnection);
    else
        m_thread->quit();
}

void Background::post(Task task)
{
    QMetaObject::invokeMethod(
        m_worker,
        [desk = m_desk, task = std::move(task)] {
            std::function<void()> answer = task();
            const std::lock_guard lock(desk->mutex);
            if (desk->receiver)
                QMetaObject::invokeMethod(desk->receiver, std::move(answer), Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void Background::runAlone(const QPointer<QObject>& asker, Task task)
{
    const std::shared_ptr<AloneDesk>& desk = aloneDesk();
    if (!desk->receiver) {
        const std::lock_guard lock(desk->mutex);
        desk->receiver = new QObject;
        qAddPostRoutine(closeAloneDesk);
    }
    desk->waiting.push_back({asker, std::move(task)});
    beginWaitingAlone(desk);
}

} // namespace clwb::ui
