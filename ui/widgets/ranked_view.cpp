// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ranked_view.h"

#include "ui/bridge/picture_loader.h"
#include "ui/models/query_list_model.h"
#include "ui/models/ranked_model.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/ranked_paint.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolTip>

namespace clwb::ui
{

namespace
{

constexpr int kTileSide = 104;
constexpr int kTileMargin = 5;

class RankedDelegate : public QStyledItemDelegate
{
public:
    RankedDelegate(RankedListModel* model, PictureLoader* pictures, QWidget* parent)
        : QStyledItemDelegate(parent)
        , m_model(model)
        , m_pictures(pictures)
    {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& /*index*/) const override
    {
        if (m_model->areCaptions())
            return {200, option.fontMetrics.height() + 12};
        const int side = textScaled(*option.widget, kTileSide);
        return {side + 2 * kTileMargin, side + rankedLineHeight(option.font) + 2 * kTileMargin};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Theme& theme = themeOf(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool isSelected = option.state & QStyle::State_Selected;
        const bool isFocus = isSelected && option.state & QStyle::State_HasFocus;
        if (isSelected || option.state & QStyle::State_MouseOver) {
            painter->setPen(isFocus ? QPen(theme.accent, 1) : QPen(Qt::NoPen));
            painter->setBrush(isSelected ? theme.accentSoft : theme.hover);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        }
        RankedItem item;
        item.rank = index.data(RankedListModel::RankRole).toLongLong();
        item.score = index.data(RankedListModel::ScoreRole).toDouble();
        item.share = index.data(RankedListModel::ShareRole).toDouble();
        item.isRelevant = index.data(RankedListModel::RelevantRole).toBool();
        item.text = index.data().toString();
        if (m_model->areCaptions()) {
            paintRankedCaption(*painter, option.rect.adjusted(2, 1, -6, -1), option.palette,
                               option.font, item);
        } else {
            if (const LoadedPicture* loaded =
                    m_pictures->find(index.data(RankedListModel::ImageIdRole).toLongLong())) {
                item.image = loaded->image;
                item.problem = loaded->problem;
            }
            paintRankedPicture(
                *painter,
                option.rect.adjusted(kTileMargin, kTileMargin, -kTileMargin, -kTileMargin),
                option.palette, option.font, item);
        }
        painter->restore();
    }

private:
    RankedListModel* m_model;
    PictureLoader* m_pictures;
};

} // namespace

RankedView::RankedView(RankedListModel* model, PictureLoader* pictures, const QString& objectName,
                       const QString& accessibleName, QWidget* parent)
    : QListView(parent)
    , m_model(model)
    , m_pictures(pictures)
{
    nameWidget(this, objectName, accessibleName);
    setItemDelegate(new RankedDelegate(model, pictures, this));
    setModel(model);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setUniformItemSizes(true);
    setMovement(Static);
    setResizeMode(Adjust);
    setMouseTracking(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setMinimumHeight(60);
    connect(model, &QAbstractItemModel::modelReset, this, &RankedView::applyKind);
    connect(pictures, &PictureLoader::loaded, viewport(), qOverload<>(&QWidget::update));
    connect(this, &QAbstractItemView::doubleClicked, this, &RankedView::opened);
    applyKind();
}

void RankedView::applyKind()
{
    const bool areCaptions = m_model->areCaptions();
    const ViewMode mode = areCaptions ? ListMode : IconMode;
    if (viewMode() != mode || isWrapping() == areCaptions) {
        setViewMode(mode);
        setFlow(areCaptions ? TopToBottom : LeftToRight);
        setWrapping(!areCaptions);
        setMovement(Static);
        setResizeMode(Adjust);
    }
    scrollToTop();
}

QString RankedView::problemOf(const QModelIndex& index) const
{
    if (m_model->areCaptions())
        return {};
    const LoadedPicture* loaded =
        m_pictures->find(index.data(RankedListModel::ImageIdRole).toLongLong());
    return loaded ? loaded->problem : QString();
}

void RankedView::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex());
        event->accept();
        return;
    }
    QListView::keyPressEvent(event);
}

void RankedView::changeEvent(QEvent* event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        scheduleDelayedItemsLayout(); // tiles follow the size of the text
}

bool RankedView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QListView::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QModelIndex index = indexAt(help->pos());
    if (!index.isValid())
        return QListView::viewportEvent(event);
    const QString problem = problemOf(index);
    QToolTip::showText(help->globalPos(),
                       index.data(Qt::ToolTipRole).toString() + plainTip(problem), viewport());
    return true;
}

} // namespace clwb::ui
