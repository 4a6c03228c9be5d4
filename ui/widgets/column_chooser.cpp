// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/column_chooser.h"

#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kLinePadding = 8;
constexpr int kPinned = 1;
constexpr int kBest = 2;
constexpr int kColumnRole = Qt::UserRole;
constexpr int kMetricRole = Qt::UserRole + 1;

} // namespace

ColumnChooser::ColumnChooser(QWidget* parent)
    : QDialog(parent)
{
    setObjectName(u"runs.columnChooser"_s);
    setWindowTitle(tr("Columns"));
    resize(460, 600);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 16, 18, 16);
    layout->setSpacing(10);
    m_search = new QLineEdit(this);
    nameWidget(m_search, u"columns.search"_s, tr("Search the columns"));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setClearButtonEnabled(true);
    layout->addWidget(m_search);
    m_list = new QTreeWidget(this);
    nameWidget(m_list, u"columns.list"_s, tr("Columns in their order"));
    m_list->setHeaderLabels({tr("Column"), tr("Pinned left"), tr("Best over sessions")});
    m_list->header()->setAccessibleName(tr("What is chosen of a column"));
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (const int column : {kPinned, kBest})
        m_list->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setAllColumnsShowFocus(true);
    layout->addWidget(m_list, 1);
    auto* buttons = new QHBoxLayout;
    QPushButton* up = makeButton(u"columns.up"_s, tr("Move &Up"), this);
    QPushButton* down = makeButton(u"columns.down"_s, tr("Move &Down"), this);
    QPushButton* reset = makeButton(u"columns.reset"_s, tr("&Reset"), this);
    QPushButton* close = makePrimary(u"columns.close"_s, tr("Close"), this);
    m_value = makeButton(u"columns.value"_s, tr("&Value…"), this);
    for (QPushButton* button : {up, down, m_value, reset})
        buttons->addWidget(button);
    buttons->addStretch(1);
    buttons->addWidget(close);
    layout->addLayout(buttons);
    for (QPushButton* button : {up, down, m_value, reset, close})
        button->setAutoDefault(false);
    connect(m_search, &QLineEdit::textChanged, this, &ColumnChooser::applySearch);
    connect(up, &QPushButton::clicked, this, [this] { moveCurrent(-1); });
    connect(down, &QPushButton::clicked, this, [this] { moveCurrent(1); });
    connect(reset, &QPushButton::clicked, this, &ColumnChooser::resetAsked);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ColumnChooser::updateValueButton);
    connect(m_value, &QPushButton::clicked, this, [this] {
        if (const QTreeWidgetItem* item = m_list->currentItem())
            Q_EMIT valueMenuAsked(item->data(0, kColumnRole).toInt(),
                                  m_value->mapToGlobal(QPoint(0, m_value->height())));
    });
    updateValueButton();
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_list, &QTreeWidget::itemChanged, this, [this] {
        if (!m_isFilling)
            Q_EMIT changed();
    });
    connect(
        m_list->model(), &QAbstractItemModel::rowsRemoved, this,
        [this] { // a drag inserts the line at its new place, then removes the old one
            if (!m_isFilling)
                Q_EMIT changed();
        },
        Qt::QueuedConnection);
}

void ColumnChooser::setLines(const QList<Line>& lines)
{
    m_isFilling = true;
    const QTreeWidgetItem* before = m_list->currentItem();
    const QVariant current = before ? before->data(0, kColumnRole) : QVariant();
    m_list->clear();
    for (const Line& line : lines) {
        auto* item = new QTreeWidgetItem(m_list, {line.title});
        item->setToolTip(0, line.tip);
        item->setSizeHint(0, {0, m_list->fontMetrics().height() + kLinePadding});
        // Not droppable: lines go between others, never into them.
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable |
                       Qt::ItemIsDragEnabled);
        item->setData(0, kColumnRole, line.column);
        item->setData(0, kMetricRole, line.isMetric);
        item->setCheckState(0, line.isShown ? Qt::Checked : Qt::Unchecked);
        item->setCheckState(kPinned, line.isPinned ? Qt::Checked : Qt::Unchecked);
        if (line.isMetric)
            item->setCheckState(kBest, line.isBest ? Qt::Checked : Qt::Unchecked);
    }
    m_list->setCurrentItem(m_list->topLevelItem(0));
    for (int at = 0; at < m_list->topLevelItemCount(); ++at) {
        if (m_list->topLevelItem(at)->data(0, kColumnRole) == current)
            m_list->setCurrentItem(m_list->topLevelItem(at));
    }
    m_isFilling = false;
    applySearch(m_search->text());
}

QList<ColumnChooser::Line> ColumnChooser::lines() const
{
    QList<Line> lines;
    for (int at = 0; at < m_list->topLevelItemCount(); ++at) {
        const QTreeWidgetItem* item = m_list->topLevelItem(at);
        Line line;
        line.column = item->data(0, kColumnRole).toInt();
        line.title = item->text(0);
        line.tip = item->toolTip(0);
        line.isShown = item->checkState(0) == Qt::Checked;
        line.isMetric = item->data(0, kMetricRole).toBool();
        line.isPinned = item->checkState(kPinned) == Qt::Checked;
        line.isBest = line.isMetric && item->checkState(kBest) == Qt::Checked;
        lines << line;
    }
    return lines;
}

void ColumnChooser::applySearch(const QString& text)
{
    for (int at = 0; at < m_list->topLevelItemCount(); ++at) {
        QTreeWidgetItem* item = m_list->topLevelItem(at);
        item->setHidden(!item->text(0).contains(text, Qt::CaseInsensitive) &&
                        !item->toolTip(0).contains(text, Qt::CaseInsensitive));
    }
}

void ColumnChooser::updateValueButton()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    const bool isMetric = item && item->data(0, kMetricRole).toBool();
    m_value->setEnabled(isMetric);
    m_value->setToolTip(isMetric ? tr("Last, best or final value, or after a session")
                                 : tr("Choose a measure in the list: only those have several"));
}

void ColumnChooser::moveCurrent(int by)
{
    const int from = m_list->indexOfTopLevelItem(m_list->currentItem());
    const int to = from + by;
    if (from < 0 || to < 0 || to >= m_list->topLevelItemCount())
        return;
    m_isFilling = true;
    QTreeWidgetItem* item = m_list->takeTopLevelItem(from);
    m_list->insertTopLevelItem(to, item);
    m_list->setCurrentItem(item);
    m_isFilling = false;
    Q_EMIT changed();
}

} // namespace clwb::ui
