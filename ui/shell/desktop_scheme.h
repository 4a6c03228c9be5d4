// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the desktop asks for dark or light colours, as its portal tells (freedesktop.org,
// org.freedesktop.appearance color-scheme).
#pragma once

#include <QDBusConnection>
#include <QObject>

#include <optional>

class QDBusVariant;

namespace clwb::ui
{

class DesktopScheme : public QObject
{
    Q_OBJECT

public:
    /// Asks in the background and listens for changes. Without a bus or portal nothing is told.
    explicit DesktopScheme(QDBusConnection bus, QObject* parent = nullptr);
    /// Nothing: not told yet, or no preference.
    [[nodiscard]] std::optional<bool> isDark() const { return m_isDark; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void onSettingChanged(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void take(const QVariant& value);

    QDBusConnection m_bus;
    std::optional<bool> m_isDark;
};

} // namespace clwb::ui
