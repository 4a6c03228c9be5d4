// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/side_scroll.h"

#include <QEvent>

#include <algorithm>

namespace clwb::ui
{

SideScroll::SideScroll(QWidget* content, QWidget* parent)
    : QScrollArea(parent)
{
    setFocusPolicy(Qt::NoFocus);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumHeight(150);
    setWidget(content);
    viewport()->setAutoFillBackground(false);
}

void SideScroll::fit()
{
    if (QWidget* content = widget())
        content->resize(std::max(viewport()->width(), content->minimumSizeHint().width()),
                        viewport()->height());
}

void SideScroll::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    fit();
}

bool SideScroll::eventFilter(QObject* object, QEvent* event)
{
    if (object == widget() && event->type() == QEvent::LayoutRequest)
        fit();
    return QScrollArea::eventFilter(object, event);
}

} // namespace clwb::ui
