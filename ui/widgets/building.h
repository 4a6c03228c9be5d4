// SPDX-License-Identifier: GPL-3.0-or-later
// Small makers of labelled widgets, so that pages read as a description of what they show.
#pragma once

#include <QString>

class QAbstractButton;
class QLabel;
class QPushButton;
class QToolButton;
class QWidget;

namespace clwb::ui
{

/// Sets object name and accessible name, by which people, screen readers and tests find a widget.
void nameWidget(QWidget* widget, const QString& objectName, const QString& accessibleName);

/// Pixels that suit the widget's font, from those that suit the usual one.
int textScaled(const QWidget& widget, int pixels);

/// Plain text, never interpreted as rich text.
QLabel* makeLabel(const QString& text, QWidget* parent = nullptr);
QLabel* makeMuted(const QString& text, QWidget* parent = nullptr);
/// Muted text that takes the room there is and ends in "…" where it is too long; its width never
/// asks for any. The tip then holds it whole.
QLabel* makeElided(const QString& text, QWidget* parent = nullptr);
QLabel* makeHeading(const QString& text, QWidget* parent = nullptr);
/// The page's title, larger.
QLabel* makeTitle(const QString& text, QWidget* parent = nullptr);
/// The title of something that has a name of the user's own: as wide as it, "…" where there is not
/// the room, the whole name then in the tip.
QLabel* makeElidedTitle(const QString& text, QWidget* parent = nullptr);

QPushButton* makeButton(const QString& objectName, const QString& text, QWidget* parent = nullptr);
QPushButton* makePrimary(const QString& objectName, const QString& text, QWidget* parent = nullptr);
/// Text in the accent colour without a frame.
QPushButton* makeLink(const QString& objectName, const QString& text, QWidget* parent = nullptr);
/// A framed button that opens a menu.
QToolButton* makeMenuButton(const QString& objectName, const QString& text,
                            QWidget* parent = nullptr);

/// Sets a property that the style sheet reads, and restyles the widget when it changed.
void setStyleFlag(QWidget* widget, const char* name, bool on);

} // namespace clwb::ui
