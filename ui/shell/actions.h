// SPDX-License-Identifier: GPL-3.0-or-later
// Every action of the window in one table, and the menus made of it.
#pragma once

#include "ui/pages/page.h"

#include <QHash>
#include <QObject>

class QAction;
class QMainWindow;
class QMenu;

namespace clwb::ui
{

/// The window's own actions; pages bring theirs in PageInfo::actions.
std::vector<ActionDef> shellActions();
/// Belongs behind those of the pages, too.
ActionDef quitAction();

class ActionTable : public QObject
{
    Q_OBJECT

public:
    explicit ActionTable(QMainWindow* window);
    /// Makes the actions and adds them to their menus, in the order of the calls.
    void add(const std::vector<ActionDef>& definitions);
    /// Once all entries are there: letters that open them, in each menu each one once.
    void giveAccessKeys();
    [[nodiscard]] QAction* action(const QString& id) const { return m_actions.value(id); }
    /// What the action does, in a sentence.
    [[nodiscard]] QString tip(const QString& id) const { return m_tips.value(id); }
    [[nodiscard]] QList<QAction*> all() const;
    [[nodiscard]] QMenu* menu(const QString& id) const { return m_menus.value(id); }

Q_SIGNALS:
    void triggered(const QString& id);

private:
    QMainWindow* m_window;
    QHash<QString, QAction*> m_actions;
    QHash<QString, QString> m_tips;
    QStringList m_order;
    QHash<QString, QMenu*> m_menus;
};

} // namespace clwb::ui
