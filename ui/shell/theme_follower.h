// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the window's colours as the user has chosen them, or as the desktop has them now.
#pragma once

#include "ui/shell/theme.h"

#include <QObject>
#include <QPalette>

class QWidget;

namespace clwb::ui
{

class ThemeFollower : public QObject
{
    Q_OBJECT

public:
    /// @param platformPalette the desktop's, from before any of ours was set
    /// @param window hears of changes; owns the follower
    ThemeFollower(const QPalette& platformPalette, QWidget* window);
    void choose(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    void onPaletteChanged();

    QPalette m_platformPalette;
    ThemeChoice m_choice = ThemeChoice::System;
    const Theme* m_applied = nullptr;
    bool m_isTold = false; ///< that the palette has changed
};

} // namespace clwb::ui
