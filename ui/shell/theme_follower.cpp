// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/theme_follower.h"

#include <QApplication>
#include <QEvent>
#include <QWidget>

namespace clwb::ui
{

ThemeFollower::ThemeFollower(const QPalette& platformPalette, QWidget* window)
    : QObject(window)
    , m_platformPalette(platformPalette)
{
    window->installEventFilter(this);
}

void ThemeFollower::choose(ThemeChoice choice)
{
    m_choice = choice;
    apply();
}

void ThemeFollower::apply()
{
    bool isDark = m_choice == ThemeChoice::Dark;
    if (m_choice == ThemeChoice::System)
        isDark = isDarkPalette(m_platformPalette);
    m_applied = isDark ? &darkTheme() : &lightTheme();
    applyTheme(*qApp, *m_applied);
}

bool ThemeFollower::eventFilter(QObject* watched, QEvent* event)
{
    const bool isAbout =
        event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ThemeChange;
    if (isAbout && m_applied && !std::exchange(m_isTold, true)) {
        // Not in the middle of the change, which tells widget after widget.
        QMetaObject::invokeMethod(this, &ThemeFollower::onPaletteChanged, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

void ThemeFollower::onPaletteChanged()
{
    m_isTold = false;
    // Our own change is told, too: answering that would never end.
    if (QApplication::palette().color(QPalette::Window) == m_applied->window)
        return;
    m_platformPalette = QApplication::palette(); // a desktop's plugin has set it over ours
    apply();
}

} // namespace clwb::ui
