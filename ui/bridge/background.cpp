// SPDX-License-Identifier: GPL-3.0-or-later
// The background thread.
#include "ui/bridge/background.h"

namespace clwb::ui
{

Background::Background(QObject* parent)
    : QObject(parent)
    , m_worker(new QObject)
{
    m_thread.setObjectName(QStringLiteral("background"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

Background::~Background()
{
    if (m_changes->load() > 0)
        QMetaObject::invokeMethod(
            m_worker, [this] { m_thread.quit(); }, Qt::QueuedConnection);
    else
        m_thread.quit();
    m_thread.wait();
}

void Background::post(std::function<void()> task)
{
    QMetaObject::invokeMethod(m_worker, std::move(task), Qt::QueuedConnection);
}

} // namespace clwb::ui
