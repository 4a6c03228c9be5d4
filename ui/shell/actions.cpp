// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the window's own actions.
#include "ui/shell/actions.h"

#include "ui/shell/access_keys.h"

#include <QAction>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// File and Edit.
std::vector<ActionDef> projectActions()
{
    const auto tr = [](const char* text) { return ActionTable::tr(text); };
    return {
        {u"file.new"_s, u"file"_s, tr("&New Project…"), u"Ctrl+Shift+N"_s,
         tr("Create an empty project file")},
        {u"file.open"_s, u"file"_s, tr("&Open Project…"), u"Ctrl+O"_s,
         tr("Open another project file")},
        {u"file.saveAs"_s,
         u"file"_s,
         tr("Save Project &As…"),
         {},
         tr("Copy the project into a new file and go on there"),
         true},
        {u"file.import"_s,
         u"file"_s,
         tr("&Import Runs…"),
         {},
         tr("Add the runs of bundles, other projects, CSV tables or logs to this project"),
         true},
        {u"file.export"_s, u"file"_s, tr("&Export What Is Shown…"), u"Ctrl+E"_s,
         tr("Write the table or curves of this page into a file")},
        {u"edit.undo"_s, u"edit"_s, tr("&Undo"), u"Ctrl+Z"_s, tr("Take back the last edit")},
        {u"edit.redo"_s, u"edit"_s, tr("&Redo"), u"Ctrl+Shift+Z"_s,
         tr("Repeat the edit taken back")},
        {u"edit.copy"_s, u"edit"_s, tr("&Copy"), u"Ctrl+C"_s,
         tr("Copy what is selected, as text and as a table"), true},
        {u"edit.find"_s, u"edit"_s, tr("&Find…"), u"Ctrl+F"_s,
         tr("Type into the filter of this page; of pages without one, into that of Runs"), true},
        {u"dialog.trash"_s,
         u"edit"_s,
         tr("Tras&h…"),
         {},
         tr("Bring back deleted runs, or delete them for good"),
         true},
        {u"dialog.disk_space"_s,
         u"edit"_s,
         tr("Free Disk Space…"),
         {},
         tr("See what runs take on disk, and remove resume states that no run needs")},
        {u"dialog.settings"_s, u"edit"_s, tr("&Settings…"), u"Ctrl+,"_s,
         tr("Colours, text size, layout and folders, for all projects"), true},
    };
}

/// View and its theme.
std::vector<ActionDef> viewActions()
{
    const auto tr = [](const char* text) { return ActionTable::tr(text); };
    return {
        {u"view.zoomIn"_s, u"view"_s, tr("Zoom &In"), u"Ctrl++"_s, tr("Larger text"), true},
        {u"view.zoomOut"_s, u"view"_s, tr("Zoom &Out"), u"Ctrl+-"_s, tr("Smaller text")},
        {u"view.zoomReset"_s, u"view"_s, tr("&Reset Zoom"), u"Ctrl+0"_s, tr("Text as at first")},
        {u"view.system"_s,
         u"theme"_s,
         tr("As the &System"),
         {},
         tr("Light or dark colours as the desktop has them, also when it changes"),
         false,
         true},
        {u"view.light"_s, u"theme"_s, tr("&Light"), {}, tr("Light colours"), false, true},
        {u"view.dark"_s, u"theme"_s, tr("&Dark"), {}, tr("Dark colours"), false, true},
        {u"view.resetLayout"_s,
         u"view"_s,
         tr("Reset La&yout"),
         {},
         tr("Columns, widths, splitters and window size as at first"),
         true},
        {u"view.fullScreen"_s, u"view"_s, tr("&Full Screen"), u"F11"_s,
         tr("The window without a frame"), false, true},
    };
}

/// Run, Tools and Help.
std::vector<ActionDef> workActions()
{
    const auto tr = [](const char* text) { return ActionTable::tr(text); };
    return {
        {u"run.new"_s, u"run"_s, tr("&New Run…"), u"Ctrl+N"_s, tr("Fill in a new run")},
        {u"run.demo"_s,
         u"run"_s,
         tr("Run the &Demo"),
         {},
         tr("Train fine-tuning and VR-LwF on the demo study")},
        {u"dialog.queue"_s, u"run"_s, tr("&Queue…"), u"Ctrl+Shift+Q"_s,
         tr("The runs that wait: order, remove, hold back")},
        {u"run.clearQueue"_s,
         u"run"_s,
         tr("&Empty the Queue"),
         {},
         tr("Drop the runs that wait; the running one goes on")},
        {u"dialog.palette"_s, u"tools"_s, tr("&Command Palette…"), u"Ctrl+K"_s,
         tr("Find any action or run by its name")},
        {u"tools.dataFolder"_s,
         u"tools"_s,
         tr("Open &Data Folder"),
         {},
         tr("Show the folder with your projects in the file manager")},
        {u"help.page"_s, u"help"_s, tr("About This &Page"), u"F1"_s,
         tr("What this page shows and how to use it")},
        {u"dialog.shortcuts"_s, u"help"_s, tr("&Keyboard Shortcuts"), u"Ctrl+?"_s,
         tr("All actions and their keys")},
        {u"dialog.about"_s,
         u"help"_s,
         tr("&About CLIP Workbench"),
         {},
         tr("Version and licences"),
         true},
    };
}

} // namespace

std::vector<ActionDef> shellActions()
{
    std::vector<ActionDef> all = projectActions();
    for (const auto& further : {viewActions(), workActions()})
        all.insert(all.end(), further.begin(), further.end());
    return all;
}

ActionDef quitAction()
{
    return {u"file.quit"_s,
            u"file"_s,
            ActionTable::tr("&Quit"),
            u"Ctrl+Q"_s,
            ActionTable::tr("Close the window"),
            true};
}

ActionTable::ActionTable(QMainWindow* window)
    : QObject(window)
    , m_window(window)
{
    const std::pair<QString, QString> menus[] = {
        {u"file"_s, tr("&File")}, {u"edit"_s, tr("&Edit")},   {u"view"_s, tr("&View")},
        {u"run"_s, tr("&Run")},   {u"tools"_s, tr("&Tools")}, {u"help"_s, tr("&Help")}};
    for (const auto& [id, title] : menus) {
        QMenu* menu = window->menuBar()->addMenu(title);
        menu->setObjectName(u"menu."_s + id);
        menu->setAccessibleName(QString(title).remove(u'&'));
        menu->setToolTipsVisible(true); // they say why an entry is off
        m_menus.insert(id, menu);
    }
    auto* theme = new QMenu(tr("&Theme"), window); // enters its menu with its first action
    theme->setObjectName(u"menu.theme"_s);
    theme->setAccessibleName(tr("Theme"));
    theme->setToolTipsVisible(true);
    m_menus.insert(u"theme"_s, theme);
}

void ActionTable::add(const std::vector<ActionDef>& definitions)
{
    for (const ActionDef& definition : definitions) {
        auto* action = new QAction(definition.text, m_window);
        action->setObjectName(definition.id);
        action->setShortcut(
            QKeySequence::fromString(definition.shortcut, QKeySequence::PortableText));
        action->setStatusTip(definition.tip);
        m_tips.insert(definition.id, definition.tip);
        action->setCheckable(definition.isCheckable);
        m_actions.insert(definition.id, action);
        m_order << definition.id;
        if (QMenu* menu = m_menus.value(definition.menu)) {
            if (definition.hasSeparator)
                menu->addSeparator();
            if (menu == m_menus.value(u"theme"_s) && menu->isEmpty()) {
                m_menus.value(u"view"_s)->addSeparator();
                m_menus.value(u"view"_s)->addMenu(menu);
            }
            menu->addAction(action);
        } else {
            m_window->addAction(action);
        }
        connect(action, &QAction::triggered, this,
                [this, id = definition.id] { Q_EMIT triggered(id); });
    }
}

void ActionTable::giveAccessKeys()
{
    for (QMenu* menu : std::as_const(m_menus))
        ui::giveAccessKeys(*menu);
}

QList<QAction*> ActionTable::all() const
{
    QList<QAction*> actions;
    for (const QString& id : m_order)
        actions << m_actions.value(id);
    return actions;
}

} // namespace clwb::ui
