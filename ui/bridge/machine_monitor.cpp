// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/machine_monitor.h"

namespace clwb::ui
{

namespace
{

constexpr int kIntervalMs = 1000;

} // namespace

MachineMonitor::MachineMonitor(QObject* parent)
    : QObject(parent)
{
    m_timer.setInterval(kIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &MachineMonitor::ask);
    m_timer.start();
}

void MachineMonitor::ask()
{
    if (m_isAsking)
        return;
    m_isAsking = true;
    m_background.ask(
        this,
        [sampler = m_sampler, folder = m_folder] {
            if (!*sampler) // its driver library is loaded here, where that may take its time
                *sampler = std::make_unique<run::MachineSampler>();
            return (*sampler)->sample(folder);
        },
        [this](const run::MachineLoad& load) {
            m_isAsking = false;
            m_load = load;
            Q_EMIT changed();
        });
}

} // namespace clwb::ui
