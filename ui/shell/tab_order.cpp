// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tab_order.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QGridLayout>
#include <QScrollArea>
#include <QSet>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QWidget>

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace clwb::ui
{
namespace
{

constexpr int kListShare = 4; ///< a list that takes a quarter of its page is what the page is about

/// The way so far and everything that was looked at.
struct Reading
{
    QList<QWidget*> order;
    QSet<const QWidget*> seen;
};

void addWidget(QWidget* widget, Reading& reading);

/// Items of a layout as they are read: those of a grid by line and column, the others as added.
std::vector<QLayoutItem*> itemsOf(const QLayout& layout)
{
    std::vector<std::tuple<int, int, QLayoutItem*>> places;
    const auto* grid = qobject_cast<const QGridLayout*>(&layout);
    for (int at = 0; at < layout.count(); ++at) {
        int row = 0;
        int column = at;
        int rows = 0;
        int columns = 0;
        if (grid)
            grid->getItemPosition(at, &row, &column, &rows, &columns);
        places.emplace_back(row, column, layout.itemAt(at));
    }
    if (grid)
        std::stable_sort(places.begin(), places.end(), [](const auto& one, const auto& other) {
            return std::tie(std::get<0>(one), std::get<1>(one)) <
                   std::tie(std::get<0>(other), std::get<1>(other));
        });
    std::vector<QLayoutItem*> items;
    items.reserve(places.size());
    for (const auto& place : places)
        items.push_back(std::get<2>(place));
    return items;
}

void addLayout(const QLayout& layout, Reading& reading)
{
    for (QLayoutItem* item : itemsOf(layout)) {
        if (const QLayout* inner = item->layout())
            addLayout(*inner, reading);
        else if (QWidget* widget = item->widget())
            addWidget(widget, reading);
    }
}

void addChildren(QWidget* widget, Reading& reading)
{
    if (const auto* area = qobject_cast<const QScrollArea*>(widget)) {
        addWidget(area->widget(), reading);
    } else if (const auto* splitter = qobject_cast<const QSplitter*>(widget)) {
        for (int at = 0; at < splitter->count(); ++at)
            addWidget(splitter->widget(at), reading);
    } else if (const auto* tabs = qobject_cast<const QTabWidget*>(widget)) {
        addWidget(tabs->tabBar(), reading);
        for (int at = 0; at < tabs->count(); ++at)
            addWidget(tabs->widget(at), reading);
    } else if (const QLayout* layout = widget->layout()) {
        addLayout(*layout, reading);
        for (QObject* child : widget->children()) {
            // What lies over the layout or beside it comes after it.
            addWidget(qobject_cast<QWidget*>(child), reading);
        }
    } else {
        for (QObject* child : widget->children())
            addWidget(qobject_cast<QWidget*>(child), reading);
    }
}

void addWidget(QWidget* widget, Reading& reading)
{
    if (!widget || widget->isWindow() || reading.seen.contains(widget))
        return;
    reading.seen << widget;
    const QWidget* proxy = widget->focusProxy();
    if (proxy && widget->isAncestorOf(proxy)) {
        // Tab stops at what hands its focus to a part of it, and comes to that part so.
        reading.order << widget;
        reading.seen << proxy;
    } else if (!proxy && (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus) {
        reading.order << widget;
    }
    addChildren(widget, reading);
}

} // namespace

QList<QWidget*> readingOrder(const QList<QWidget*>& parts)
{
    Reading reading;
    for (QWidget* part : parts)
        addWidget(part, reading);
    return reading.order;
}

QWidget* mainFieldOf(QWidget& page)
{
    const auto area = [](const QWidget& widget) {
        return int64_t{widget.width()} * widget.height();
    };
    QWidget* field = nullptr;
    QWidget* first = nullptr;
    for (QWidget* widget : readingOrder({&page})) {
        if (!widget->isVisible() || !widget->isEnabled())
            continue;
        if (qobject_cast<QAbstractItemView*>(widget) && kListShare * area(*widget) >= area(page))
            return widget;
        if (!field && !qobject_cast<QAbstractButton*>(widget))
            field = widget;
        if (!first)
            first = widget;
    }
    return field ? field : first;
}

void setReadingOrder(const QList<QWidget*>& parts)
{
    const QList<QWidget*> order = readingOrder(parts);
    for (qsizetype at = 1; at < order.size(); ++at)
        QWidget::setTabOrder(order[at - 1], order[at]);
}

} // namespace clwb::ui
