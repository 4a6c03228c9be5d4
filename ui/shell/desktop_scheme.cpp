// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/desktop_scheme.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr uint kPrefersDark = 1;
constexpr uint kPrefersLight = 2; // 0: no preference

QString portalService()
{
    return u"org.freedesktop.portal.Desktop"_s;
}
QString portalPath()
{
    return u"/org/freedesktop/portal/desktop"_s;
}
QString settingsInterface()
{
    return u"org.freedesktop.portal.Settings"_s;
}
QString appearanceSpace()
{
    return u"org.freedesktop.appearance"_s;
}
QString schemeKey()
{
    return u"color-scheme"_s;
}

} // namespace

DesktopScheme::DesktopScheme(QDBusConnection bus, QObject* parent)
    : QObject(parent)
    , m_bus(std::move(bus))
{
    if (!m_bus.isConnected())
        return;
    m_bus.connect(portalService(), portalPath(), settingsInterface(), u"SettingChanged"_s, this,
                  SLOT(onSettingChanged(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(portalService(), portalPath(),
                                                           settingsInterface(), u"Read"_s);
    question << appearanceSpace() << schemeKey();
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid())
            take(reply.value().variant());
        watcher->deleteLater();
    });
}

void DesktopScheme::onSettingChanged(const QString& space, const QString& key,
                                     const QDBusVariant& value)
{
    if (space == appearanceSpace() && key == schemeKey())
        take(value.variant());
}

void DesktopScheme::take(const QVariant& value)
{
    // Read() of older portals has one variant around the other.
    const QVariant inner =
        value.canConvert<QDBusVariant>() ? value.value<QDBusVariant>().variant() : value;
    bool isNumber = false;
    const uint number = inner.toUInt(&isNumber);
    std::optional<bool> isDark;
    if (isNumber && (number == kPrefersDark || number == kPrefersLight))
        isDark = number == kPrefersDark;
    if (isDark != std::exchange(m_isDark, isDark))
        Q_EMIT changed();
}

} // namespace clwb::ui
