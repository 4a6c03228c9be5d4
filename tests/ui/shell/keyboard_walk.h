// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold of a window for those who have a keyboard only, or hear it. Each checker returns
// what is wrong, a line each.
#pragma once

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QGroupBox>
#include <QLabel>
#include <QMap>
#include <QMenu>
#include <QMenuBar>
#include <QShortcut>
#include <QTabBar>
#include <QTest>

namespace clwb::test
{

using namespace Qt::StringLiterals;

inline QString nameOf(const QWidget* widget)
{
    return widget->objectName().isEmpty() ? QString::fromLatin1(widget->metaObject()->className())
                                          : widget->objectName();
}

/// Widgets of this window, those of other windows that it owns excepted.
inline QList<QWidget*> visibleWidgets(const QWidget& root)
{
    QList<QWidget*> widgets;
    for (QWidget* widget : root.findChildren<QWidget*>()) {
        if (widget->isVisible() && widget->window() == root.window())
            widgets << widget;
    }
    return widgets;
}

/// Where Tab stops. A part of a composite (a spin box' line edit, a list's viewport) has a proxy.
inline bool takesTab(const QWidget* widget)
{
    return widget->isVisible() && widget->isEnabled() && !widget->focusProxy() &&
           (widget->focusPolicy() & Qt::TabFocus);
}

/// A screen reader has something to say of each widget that takes the focus: its name, that of the
/// label whose buddy it is, or its text.
inline QStringList unnamedWidgets(const QWidget& root)
{
    QStringList problems;
    for (QWidget* widget : visibleWidgets(root)) {
        if (widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
            continue;
        QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
        if (!spoken || spoken->text(QAccessible::Name).trimmed().isEmpty())
            problems << nameOf(widget) + u" has no accessible name"_s;
    }
    return problems;
}

/// The widgets that `key` visits from `start`, `start` first, until it comes back.
inline QList<QWidget*> tabWay(QWidget* start, Qt::Key key, QStringList& problems)
{
    constexpr int kMostSteps = 400;
    start->setFocus(Qt::TabFocusReason);
    QList<QWidget*> way;
    if (QApplication::focusWidget() != start) {
        problems << nameOf(start) + u" does not take the focus"_s;
        return way;
    }
    way << start;
    for (int step = 0; step < kMostSteps; ++step) {
        QTest::keyClick(QApplication::focusWidget(), key);
        QWidget* now = QApplication::focusWidget();
        if (!now) {
            problems << u"the focus is lost after "_s + nameOf(way.last());
            return way;
        }
        if (now == start)
            return way;
        if (way.contains(now)) {
            problems << (way.last() == now ? nameOf(now) + u" does not let Tab go on"_s
                                           : u"Tab goes round from %1 to %2, past the start"_s.arg(
                                                 nameOf(way.last()), nameOf(now)));
            return way;
        }
        way << now;
    }
    problems << u"Tab never comes back"_s;
    return way;
}

/// Tab visits each widget that can be used, and Shift+Tab the same ones backwards.
inline QStringList tabProblems(const QWidget& root, QWidget* start, QList<QWidget*>& way)
{
    QStringList problems;
    // What takes the focus may open and enable more: a first way, then the one that counts.
    QStringList ofFirst;
    tabWay(start, Qt::Key_Tab, ofFirst);
    QList<QWidget*> wanted = visibleWidgets(root);
    wanted.removeIf([](const QWidget* widget) { return !takesTab(widget); });
    way = tabWay(start, Qt::Key_Tab, problems);
    if (!problems.isEmpty())
        return problems; // the rest of the way is unknown
    for (QWidget* widget : std::as_const(wanted)) {
        if (takesTab(widget) && !way.contains(widget))
            problems << u"Tab does not reach "_s + nameOf(widget);
    }
    QList<QWidget*> back = tabWay(start, Qt::Key_Backtab, problems);
    std::reverse(back.begin() + (back.isEmpty() ? 0 : 1), back.end());
    if (problems.isEmpty() && back != way) {
        for (qsizetype at = 0; at < way.size(); ++at) {
            if (back.value(at) != way[at])
                return problems << u"Shift+Tab does not come to %1 where Tab does"_s.arg(
                           nameOf(way[at]));
        }
        problems << u"Shift+Tab visits more than Tab"_s;
    }
    return problems;
}

/// The children of each container are visited together: no way leads out of one and in again.
inline QStringList splitContainers(const QWidget& root, const QList<QWidget*>& way)
{
    QStringList problems;
    for (const QWidget* container : visibleWidgets(root)) {
        int entries = 0;
        QWidget* entry = nullptr;
        const auto holds = [&](const QWidget* widget) {
            return widget == container || container->isAncestorOf(widget);
        };
        for (qsizetype at = 0; at < way.size(); ++at) {
            const QWidget* before = way[at > 0 ? at - 1 : way.size() - 1];
            if (holds(way[at]) && !holds(before)) {
                ++entries;
                entry = way[at];
            }
        }
        if (entries > 1)
            problems << u"%1 is left and entered again, at %2"_s.arg(nameOf(container),
                                                                     nameOf(entry));
    }
    return problems;
}

/// No step of the way goes back up in its column, or to the left in its line.
inline QStringList backwardSteps(const QWidget& root, const QList<QWidget*>& way)
{
    QStringList problems;
    const auto place = [&](const QWidget* widget) {
        return QRect(widget->mapTo(&root, QPoint()), widget->size());
    };
    for (qsizetype at = 1; at < way.size(); ++at) {
        if (!root.isAncestorOf(way[at - 1]) || !root.isAncestorOf(way[at]))
            continue;
        const QRect from = place(way[at - 1]);
        const QRect to = place(way[at]);
        const bool isAbove = to.bottom() < from.top() && to.left() < from.right();
        const int common = std::min(from.bottom(), to.bottom()) - std::max(from.top(), to.top());
        const bool isSameLine = 2 * common > std::min(from.height(), to.height());
        if (isAbove || (isSameLine && to.right() < from.left()))
            problems << u"Tab goes back from %1 to %2"_s.arg(nameOf(way[at - 1]), nameOf(way[at]));
    }
    return problems;
}

inline void addMnemonic(const QString& text, QMap<QString, QStringList>& uses)
{
    if (const QKeySequence key = QKeySequence::mnemonic(text); !key.isEmpty())
        uses[key.toString()] << text;
}

inline QStringList sharedKeys(const QMap<QString, QStringList>& uses, const QString& where)
{
    QStringList problems;
    for (auto use = uses.cbegin(); use != uses.cend(); ++use) {
        if (use->size() > 1)
            problems << u"%1: %2 is shared by %3"_s.arg(where, use.key(), use->join(u", "_s));
    }
    return problems;
}

/// No two visible buttons, labels, boxes or tabs of a window, or menus of its bar, share an access
/// key.
inline QStringList sharedMnemonics(const QWidget& root)
{
    QMap<QString, QStringList> uses;
    for (const QWidget* widget : visibleWidgets(root)) {
        if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
            addMnemonic(button->text(), uses);
        else if (const auto* box = qobject_cast<const QGroupBox*>(widget))
            addMnemonic(box->title(), uses);
        else if (const auto* label = qobject_cast<const QLabel*>(widget); label && label->buddy())
            addMnemonic(label->text(), uses);
        else if (const auto* bar = qobject_cast<const QMenuBar*>(widget))
            for (const QAction* action : bar->actions())
                addMnemonic(action->isVisible() ? action->text() : QString(), uses);
        else if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
            for (int at = 0; at < tabs->count(); ++at)
                addMnemonic(tabs->tabText(at), uses);
    }
    return sharedKeys(uses, nameOf(&root));
}

/// No two entries of a menu share a letter.
inline QStringList sharedMenuMnemonics(const QWidget& root)
{
    QStringList problems;
    for (const QMenu* menu : root.findChildren<QMenu*>()) {
        QMap<QString, QStringList> uses;
        for (const QAction* action : menu->actions())
            addMnemonic(action->isVisible() ? action->text() : QString(), uses);
        problems << sharedKeys(uses, nameOf(menu));
    }
    return problems;
}

/// No two actions that are in force at once have the same keys.
inline QStringList sharedShortcuts(const QWidget& root)
{
    struct Use
    {
        QString name;
        const QWidget* within; ///< where it is in force; null: in the whole window
    };
    QMap<QString, QList<Use>> uses;
    const auto add = [&](const QKeySequence& keys, Qt::ShortcutContext context, const QString& name,
                         const QObject* owner) {
        const bool isWide = context == Qt::WindowShortcut || context == Qt::ApplicationShortcut;
        const auto* within = isWide ? nullptr : qobject_cast<const QWidget*>(owner);
        if (!keys.isEmpty())
            uses[keys.toString(QKeySequence::PortableText)] << Use{name, within};
    };
    for (const QAction* action : root.findChildren<QAction*>()) {
        for (const QKeySequence& keys : action->shortcuts())
            add(keys, action->shortcutContext(), action->text(), action->parent());
    }
    for (const QShortcut* shortcut : root.findChildren<QShortcut*>())
        add(shortcut->key(), shortcut->context(),
            u"a shortcut of "_s + shortcut->parent()->objectName(), shortcut->parent());
    QStringList problems;
    for (auto use = uses.cbegin(); use != uses.cend(); ++use) {
        for (qsizetype a = 0; a < use->size(); ++a) {
            for (qsizetype b = a + 1; b < use->size(); ++b) {
                const QWidget* one = use->at(a).within;
                const QWidget* other = use->at(b).within;
                if (!one || !other || one == other || one->isAncestorOf(other) ||
                    other->isAncestorOf(one))
                    problems << u"%1 is shared by %2 and %3"_s.arg(use.key(), use->at(a).name,
                                                                   use->at(b).name);
            }
        }
    }
    return problems;
}

} // namespace clwb::test
