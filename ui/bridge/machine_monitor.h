// SPDX-License-Identifier: GPL-3.0-or-later
// Tells once a second how busy the machine is.
#pragma once

#include "core/run/machine_load.h"
#include "ui/bridge/background.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace clwb::ui
{

class MachineMonitor : public QObject
{
    Q_OBJECT

public:
    explicit MachineMonitor(QObject* parent = nullptr);
    /// The disk that is watched.
    void setFolder(const std::filesystem::path& folder) { m_folder = folder; }
    [[nodiscard]] const std::optional<run::MachineLoad>& load() const { return m_load; }

Q_SIGNALS:
    void changed();

private:
    void ask();

    std::filesystem::path m_folder;
    std::optional<run::MachineLoad> m_load;
    bool m_isAsking = false; ///< a driver that hangs is not asked again
    QTimer m_timer;
    /// Made and used on the background thread only, which keeps it when it is left alone.
    std::shared_ptr<std::unique_ptr<run::MachineSampler>> m_sampler =
        std::make_shared<std::unique_ptr<run::MachineSampler>>();
    Background m_background;
};

} // namespace clwb::ui
