// SPDX-License-Identifier: GPL-3.0-or-later
// Posting of queries and answers.
#include "ui/bridge/store_reader.h"

namespace clwb::ui
{

StoreReader::StoreReader(std::filesystem::path file, store::OpenMode mode, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file))
    , m_mode(mode)
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
            if (!m_project || !*m_project)
                m_project.emplace(store::Project::open(m_file, m_mode));
            (*shared)(*m_project);
        },
        Qt::QueuedConnection);
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
