// SPDX-License-Identifier: GPL-3.0-or-later
// All actions of the window with their keys, searchable.
#include "ui/dialogs/dialog.h"
#include "ui/shell/actions.h"
#include "ui/widgets/building.h"

#include <QAction>
#include <QBoxLayout>
#include <QCoreApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>

#include <map>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString shortcutsText(const char* text)
{
    return QCoreApplication::translate("ShortcutsDialog", text);
}

/// The title of the menu that an action is in, as a heading.
QString menuOf(const QAction& action)
{
    for (QObject* place : action.associatedObjects()) {
        if (const auto* menu = qobject_cast<QMenu*>(place))
            return menu->title().remove(u'&');
    }
    return shortcutsText("In Other Places");
}

QStandardItemModel* makeModel(QObject* parent, const QWidget* window)
{
    auto* model = new QStandardItemModel(parent);
    model->setHorizontalHeaderLabels(
        {shortcutsText("Action"), shortcutsText("Keys"), shortcutsText("What it does")});
    const auto* table = window ? window->findChild<ActionTable*>() : nullptr;
    if (!table)
        return model;
    std::map<QString, QStandardItem*> groups;
    for (const QAction* action : table->all()) {
        if (action->shortcut().isEmpty())
            continue;
        QStandardItem*& group = groups[menuOf(*action)];
        if (!group) { // in the order of the menus
            group = new QStandardItem(menuOf(*action));
            QFont font = group->font();
            font.setBold(true);
            group->setFont(font);
            group->setFlags(Qt::ItemIsEnabled);
            model->appendRow(group);
        }
        QList<QStandardItem*> row{
            new QStandardItem(QString(action->text()).remove(u'&').remove(u'…')),
            new QStandardItem(action->shortcut().toString(QKeySequence::NativeText)),
            new QStandardItem(table->tip(action->objectName()))};
        for (QStandardItem* item : row)
            item->setEditable(false);
        group->appendRow(row);
    }
    return model;
}

class ShortcutsDialog : public QDialog
{
public:
    explicit ShortcutsDialog(QWidget* parent)
        : QDialog(parent)
    {
        setObjectName(u"dialog.shortcuts"_s);
        setWindowTitle(shortcutsText("Keyboard Shortcuts"));
        resize(720, 560);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(18, 16, 18, 16);
        layout->setSpacing(10);
        auto* search = new QLineEdit(this);
        nameWidget(search, u"shortcuts.search"_s, shortcutsText("Search actions"));
        search->setPlaceholderText(shortcutsText("Search actions"));
        search->setClearButtonEnabled(true);
        layout->addWidget(search);
        auto* proxy = new QSortFilterProxyModel(this);
        proxy->setSourceModel(makeModel(this, parent));
        proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
        proxy->setFilterKeyColumn(-1);
        proxy->setRecursiveFilteringEnabled(true);
        proxy->setAutoAcceptChildRows(true); // a menu's name finds all that is in it
        auto* view = new QTreeView(this);
        nameWidget(view, u"shortcuts.list"_s, shortcutsText("Actions and keys"));
        view->setModel(proxy);
        view->setRootIsDecorated(false);
        view->setItemsExpandable(false);
        view->setIndentation(12);
        view->setUniformRowHeights(true);
        view->expandAll(); // with the heights known: rows of none are never drawn
        view->header()->setAccessibleName(shortcutsText("Columns"));
        view->setColumnWidth(0, 210);
        view->setColumnWidth(1, 130);
        layout->addWidget(view, 1);
        QPushButton* close = makePrimary(u"shortcuts.close"_s, shortcutsText("Close"), this);
        layout->addWidget(close, 0, Qt::AlignRight);
        connect(search, &QLineEdit::textChanged, view, [proxy, view](const QString& words) {
            proxy->setFilterFixedString(words);
            view->expandAll(); // groups come back folded
        });
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
    }
};

} // namespace

DialogInfo describe_shortcuts_dialog();
DialogInfo describe_shortcuts_dialog()
{
    return {u"shortcuts"_s, 80,
            [](AppState&, QWidget* parent) -> QDialog* { return new ShortcutsDialog(parent); }};
}

} // namespace clwb::ui
