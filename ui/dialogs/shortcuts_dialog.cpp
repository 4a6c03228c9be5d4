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
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString shortcutsText(const char* text)
{
    return QCoreApplication::translate("ShortcutsDialog", text);
}

QStandardItemModel* makeModel(QObject* parent, const QWidget* window)
{
    auto* model = new QStandardItemModel(parent);
    model->setHorizontalHeaderLabels(
        {shortcutsText("Action"), shortcutsText("Keys"), shortcutsText("What it does")});
    const auto* table = window ? window->findChild<ActionTable*>() : nullptr;
    if (!table)
        return model;
    for (const QAction* action : table->all()) {
        if (action->shortcut().isEmpty())
            continue;
        QList<QStandardItem*> row{
            new QStandardItem(QString(action->text()).remove(u'&').remove(u'…')),
            new QStandardItem(action->shortcut().toString(QKeySequence::NativeText)),
            new QStandardItem(table->tip(action->objectName()))};
        for (QStandardItem* item : row)
            item->setEditable(false);
        model->appendRow(row);
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
        auto* view = new QTreeView(this);
        nameWidget(view, u"shortcuts.list"_s, shortcutsText("Actions and keys"));
        view->setModel(proxy);
        view->setRootIsDecorated(false);
        view->setUniformRowHeights(true);
        view->header()->setAccessibleName(shortcutsText("Columns"));
        view->setColumnWidth(0, 210);
        view->setColumnWidth(1, 130);
        layout->addWidget(view, 1);
        QPushButton* close = makePrimary(u"shortcuts.close"_s, shortcutsText("Close"), this);
        layout->addWidget(close, 0, Qt::AlignRight);
        connect(search, &QLineEdit::textChanged, proxy,
                &QSortFilterProxyModel::setFilterFixedString);
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
