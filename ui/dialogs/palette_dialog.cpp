// SPDX-License-Identifier: GPL-3.0-or-later
// The command palette: any action or run, found by typing.
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/models/palette_entries.h"
#include "ui/models/run_columns.h"
#include "ui/models/run_name.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QAction>
#include <QBoxLayout>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr size_t kMostShown = 60;
constexpr int kMostRecent = 8;
enum ItemRole { IdRole = Qt::UserRole + 1, DetailRole, KeysRole };

QString paletteWords(const char* text)
{
    return QCoreApplication::translate("PaletteDialog", text);
}

std::vector<PaletteEntry> entriesOf(const AppState& state, const ActionTable* actions)
{
    std::vector<PaletteEntry> entries;
    if (actions) {
        for (const QAction* action : actions->all()) {
            if (action->objectName() == "dialog.palette"_L1)
                continue;
            entries.push_back(
                {action->objectName(), QString(action->text()).remove(u'&'), action->statusTip(),
                 action->shortcut().toString(QKeySequence::NativeText), action->isEnabled()});
        }
    }
    for (auto run = state.runs().rbegin(); run != state.runs().rend(); ++run) {
        entries.push_back({u"run:%1"_s.arg(run->runId),
                           paletteWords("Run %1").arg(runTitle(*run)),
                           u"%1 · %2"_s.arg(toQt(run->setting), statusText(*run)),
                           {},
                           true});
    }
    return entries;
}

class EntryDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const override
    {
        return {100, option.fontMetrics.height() + 12};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Theme& theme = themeOf(option.palette);
        const bool isEnabled = index.flags().testFlag(Qt::ItemIsEnabled);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme.accentSoft);
        QRect area = option.rect.adjusted(10, 0, -10, 0);
        const QString keys = index.data(KeysRole).toString();
        painter->setPen(theme.muted);
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, keys);
        if (!keys.isEmpty())
            area.setRight(area.right() - option.fontMetrics.horizontalAdvance(keys) - 16);
        const QString text =
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, area.width());
        painter->setPen(isEnabled ? theme.text : theme.muted);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, text);
        area.setLeft(area.left() + option.fontMetrics.horizontalAdvance(text) + 14);
        painter->setPen(theme.muted);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data(DetailRole).toString(),
                                                        Qt::ElideRight, area.width()));
        painter->restore();
    }
};

class PaletteDialog : public QDialog
{
public:
    PaletteDialog(AppState& state, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
    {
        setObjectName(u"dialog.palette"_s);
        setWindowTitle(paletteWords("Command Palette"));
        resize(680, 420);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(10, 10, 10, 10);
        layout->setSpacing(8);
        m_search = new QLineEdit(this);
        nameWidget(m_search, u"palette.search"_s, paletteWords("Action or run"));
        m_search->setPlaceholderText(paletteWords("Type the name of an action or a run"));
        m_search->installEventFilter(this); // arrows move in the list while one types
        layout->addWidget(m_search);
        m_view = new QListView(this);
        nameWidget(m_view, u"palette.list"_s, paletteWords("What fits"));
        m_view->setModel(&m_model);
        m_view->setItemDelegate(new EntryDelegate(this));
        m_view->setUniformItemSizes(true);
        m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
        layout->addWidget(m_view, 1);
        m_nothing = makeMuted(paletteWords("Nothing is called so."), this);
        layout->addWidget(m_nothing);
        m_entries = entriesOf(state, parent ? parent->findChild<ActionTable*>() : nullptr);
        connect(m_search, &QLineEdit::textChanged, this, [this] { showMatches(); });
        connect(m_search, &QLineEdit::returnPressed, this,
                [this] { choose(m_view->currentIndex()); });
        connect(m_view, &QListView::clicked, this,
                [this](const QModelIndex& index) { choose(index); });
        showMatches();
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (watched == m_search && event->type() == QEvent::KeyPress) {
            const auto* key = static_cast<QKeyEvent*>(event);
            const int step = key->key() == Qt::Key_Down       ? 1
                             : key->key() == Qt::Key_Up       ? -1
                             : key->key() == Qt::Key_PageDown ? 10
                             : key->key() == Qt::Key_PageUp   ? -10
                                                              : 0;
            if (step != 0 && m_model.rowCount() > 0) {
                const int row =
                    std::clamp(m_view->currentIndex().row() + step, 0, m_model.rowCount() - 1);
                m_view->setCurrentIndex(m_model.index(row, 0));
                return true;
            }
        }
        return QDialog::eventFilter(watched, event);
    }

private:
    void showMatches()
    {
        m_model.clear();
        const QStringList recent = m_state.settings().value(u"palette/recent"_s).toStringList();
        for (const PaletteEntry& entry :
             paletteMatches(m_entries, m_search->text(), recent, kMostShown)) {
            auto* item = new QStandardItem(entry.text);
            item->setData(entry.id, IdRole);
            item->setData(entry.detail, DetailRole);
            item->setData(entry.keys, KeysRole);
            item->setData(u"%1, %2"_s.arg(entry.text, entry.detail), Qt::AccessibleTextRole);
            item->setEnabled(entry.isEnabled);
            m_model.appendRow(item);
        }
        m_view->setCurrentIndex(m_model.index(0, 0));
        m_nothing->setVisible(m_model.rowCount() == 0);
    }

    void choose(const QModelIndex& index)
    {
        if (!index.isValid() || !index.flags().testFlag(Qt::ItemIsEnabled))
            return;
        const QString id = index.data(IdRole).toString();
        QStringList recent = m_state.settings().value(u"palette/recent"_s).toStringList();
        recent.removeAll(id);
        recent.prepend(id);
        m_state.settings().setValue(u"palette/recent"_s, recent.mid(0, kMostRecent));
        accept(); // first: an action may open a dialog of its own
        if (id.startsWith("run:"_L1))
            m_state.requestPage(u"runs"_s, Json{{"run", id.mid(4).toLongLong()}});
        else
            m_state.requestAction(id);
    }

    AppState& m_state;
    std::vector<PaletteEntry> m_entries;
    QStandardItemModel m_model;
    QLineEdit* m_search = nullptr;
    QListView* m_view = nullptr;
    QLabel* m_nothing = nullptr;
};

} // namespace

DialogInfo describe_palette_dialog();
DialogInfo describe_palette_dialog()
{
    return {u"palette"_s, 70, [](AppState& state, QWidget* parent) -> QDialog* {
                return new PaletteDialog(state, parent);
            }};
}

} // namespace clwb::ui
