// SPDX-License-Identifier: GPL-3.0-or-later
// Shows a widget as high as there is room; as wide, too, unless it needs more: then it is scrolled
// sideways.
#pragma once

#include <QScrollArea>

namespace clwb::ui
{

class SideScroll : public QScrollArea
{
    Q_OBJECT

public:
    SideScroll(QWidget* content, QWidget* parent);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void fit();
};

} // namespace clwb::ui
