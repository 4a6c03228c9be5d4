// SPDX-License-Identifier: GPL-3.0-or-later
// The wheel scrolls the page: a field under the mouse keeps its value unless it has the focus.
#pragma once

#include <QObject>

namespace clwb::ui
{

/// Watches the whole application for as long as it lives. A combo box, a number field or a slider
/// takes the wheel only once it was clicked or reached by Tab; before, the event goes to the page
/// around it, so that scrolling through a form changes no setting.
class WheelGuard : public QObject
{
    Q_OBJECT

public:
    explicit WheelGuard(QObject* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace clwb::ui
