// SPDX-License-Identifier: GPL-3.0-or-later
// The filter of wheel events and of the focus that fields would take from them.
#include "ui/shell/wheel_guard.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QScrollBar>

namespace clwb::ui
{

namespace
{

/// The field, or nothing where the wheel changes no value.
QWidget* fieldOf(QObject* watched)
{
    if (auto* box = qobject_cast<QAbstractSpinBox*>(watched))
        return box;
    if (auto* combo = qobject_cast<QComboBox*>(watched))
        return combo;
    return qobject_cast<QScrollBar*>(watched) ? nullptr : qobject_cast<QAbstractSlider*>(watched);
}

} // namespace

WheelGuard::WheelGuard(QObject* parent)
    : QObject(parent)
{
    QApplication::instance()->installEventFilter(this);
}

bool WheelGuard::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Polish) {
        // Qt gives the focus before the event is delivered: such a field would always have it.
        if (QWidget* field = fieldOf(watched); field && field->focusPolicy() == Qt::WheelFocus)
            field->setFocusPolicy(Qt::StrongFocus);
    } else if (event->type() == QEvent::Wheel) {
        if (const QWidget* field = fieldOf(watched); field && !field->hasFocus()) {
            event->ignore(); // Qt offers it to the parents then
            return true;
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace clwb::ui
