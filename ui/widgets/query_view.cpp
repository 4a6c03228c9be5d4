// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/query_view.h"

#include "ui/bridge/picture_loader.h"
#include "ui/models/query_list_model.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/ranked_paint.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <vector>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kQueryThumbSide = 40;

class QueryDelegate : public QStyledItemDelegate
{
public:
    QueryDelegate(QueryListModel* model, PictureLoader* pictures, QWidget* parent)
        : QStyledItemDelegate(parent)
        , m_model(model)
        , m_pictures(pictures)
    {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& /*index*/) const override
    {
        const int line = option.fontMetrics.height() + 11;
        return {40, m_model->arePictures() ? std::max(line, kQueryThumbSide + 6) : line};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Theme& theme = themeOf(option.palette);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme.accentSoft);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, theme.hover);
        if (!m_model->arePictures() || index.column() != 0) {
            QStyleOptionViewItem plain = option; // keeps the colour of the change
            plain.state &= ~(QStyle::State_Selected | QStyle::State_MouseOver);
            QStyledItemDelegate::paint(painter, plain, index);
            return;
        }
        painter->save();
        const LoadedPicture* loaded =
            m_pictures->find(index.data(QueryListModel::ImageIdRole).toLongLong());
        const QRect thumb(option.rect.left() + 4, option.rect.center().y() - kQueryThumbSide / 2,
                          kQueryThumbSide, kQueryThumbSide);
        // There is no room for the reason; the candidates' side tells it.
        paintWholePicture(*painter, thumb, option.palette, option.font,
                          loaded ? loaded->image : QImage(),
                          loaded && !loaded->problem.isEmpty() ? u"×"_s : QString(), false);
        painter->setFont(option.font);
        painter->setPen(theme.text);
        const QRect text = option.rect.adjusted(kQueryThumbSide + 12, 0, -4, 0);
        painter->drawText(
            text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, text.width()));
        painter->restore();
    }

private:
    QueryListModel* m_model;
    PictureLoader* m_pictures;
};

} // namespace

QueryView::QueryView(QueryListModel* model, PictureLoader* pictures, const QString& objectName,
                     const QString& accessibleName, QWidget* parent)
    : QTreeView(parent)
    , m_model(model)
    , m_pictures(pictures)
{
    nameWidget(this, objectName, accessibleName);
    setItemDelegate(new QueryDelegate(model, pictures, this));
    setModel(model);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumHeight(60);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(QHeaderView::Fixed);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setMinimumSectionSize(30);
    setSortingEnabled(true);
    sortByColumn(static_cast<int>(QueryColumn::Change), Qt::DescendingOrder);
    fitColumns();
    connect(pictures, &PictureLoader::loaded, viewport(), qOverload<>(&QWidget::update));
    connect(this, &QAbstractItemView::doubleClicked, this,
            [this](const QModelIndex& index) { Q_EMIT opened(index.row()); });
}

int QueryView::currentRow() const
{
    return currentIndex().isValid() ? currentIndex().row() : -1;
}

void QueryView::setCurrentRow(int row)
{
    const QModelIndex index = m_model->index(row, 0);
    setCurrentIndex(index);
    if (index.isValid())
        scrollTo(index);
}

void QueryView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (current.isValid() && (current.row() != previous.row() || !previous.isValid()))
        Q_EMIT currentRowChanged(current.row());
}

void QueryView::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && currentIndex().isValid()) {
        Q_EMIT opened(currentRow());
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

void QueryView::paintEvent(QPaintEvent* event)
{
    if (m_model->arePictures())
        wantShown();
    QTreeView::paintEvent(event);
}

/// Rows that were scrolled past need no thumbnail any more.
void QueryView::wantShown()
{
    const int first = std::max(0, indexAt(viewport()->rect().topLeft()).row());
    const int height = std::max(1, rowHeight(m_model->index(first, 0)));
    const int last = std::min(m_model->rowCount(), first + viewport()->height() / height + 2);
    std::vector<int64_t> wanted;
    for (int row = first; row < last; ++row)
        wanted.push_back(m_model->at(row).imageId);
    m_pictures->want(wanted);
}

void QueryView::changeEvent(QEvent* event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

void QueryView::fitColumns()
{
    constexpr int kCellMargin = 16;
    constexpr int kSortArrow = 12;
    const int rank = fontMetrics().horizontalAdvance(u"8888"_s) + kCellMargin;
    header()->resizeSection(static_cast<int>(QueryColumn::RankA), rank);
    header()->resizeSection(static_cast<int>(QueryColumn::RankB), rank);
    const int change =
        std::max(fontMetrics().horizontalAdvance(u"▼ 8888"_s),
                 fontMetrics().horizontalAdvance(
                     m_model->headerData(3, Qt::Horizontal, Qt::DisplayRole).toString()) +
                     kSortArrow);
    header()->resizeSection(static_cast<int>(QueryColumn::Change), change + kCellMargin);
}

} // namespace clwb::ui
