// SPDX-License-Identifier: GPL-3.0-or-later
// Painting, mouse and keyboard of the list of chosen configurations.
#include "ui/widgets/compared_list.h"

#include "ui/models/compared_list_model.h"
#include "ui/plots/plot_marks.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/check_mark.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kSample = 28; ///< width of the piece of line before the name
constexpr int kCheckGap = 8;

class ComparedDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& /*index*/) const override
    {
        const int small = QFontMetrics(smallFont(option.font)).height();
        return {120, option.fontMetrics.height() + small + 11};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Theme& theme = themeOf(option.palette);
        const bool isShown = index.data(ComparedListModel::IsShownRole).toBool();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & (QStyle::State_MouseOver | QStyle::State_HasFocus)) {
            const bool isFocused = option.state.testFlag(QStyle::State_HasFocus);
            painter->setPen(Qt::NoPen);
            painter->setBrush(isFocused ? theme.accentSoft : theme.hover);
            painter->drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 6, 6);
        }
        QRect area = option.rect.adjusted(9, 5, -6, -5);
        paintCheckMark(*painter, option.palette, area, isShown ? Qt::Checked : Qt::Unchecked);
        area.setLeft(area.left() + kCheckSize + kCheckGap);
        paintSample(*painter, area, index, theme);
        QRect text = area.adjusted(kSample + 8, 0, 0, 0);
        const QFontMetrics metrics(option.font);
        painter->setFont(option.font);
        painter->setPen(isShown ? theme.text : theme.muted);
        const QRect name(text.left(), text.top(), text.width(), metrics.height());
        const QString label =
            metrics.elidedText(index.data().toString(), Qt::ElideRight, name.width());
        painter->drawText(name, Qt::AlignLeft | Qt::AlignVCenter, label);
        const QFont small = smallFont(option.font);
        painter->setFont(small);
        painter->setPen(theme.muted);
        const QRect source(text.left(), name.bottom() + 2, text.width(),
                           QFontMetrics(small).height());
        painter->drawText(
            source, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(small).elidedText(index.data(ComparedListModel::SourceRole).toString(),
                                           Qt::ElideRight, source.width()));
        painter->restore();
    }

private:
    static void paintSample(QPainter& painter, const QRect& area, const QModelIndex& index,
                            const Theme& theme)
    {
        const auto colour = index.data(ComparedListModel::ColourRole).value<QColor>();
        const bool isShown = index.data(ComparedListModel::IsShownRole).toBool();
        const QColor shown = mixed(colour, theme.card, isShown ? 0 : 0.65);
        const double y = area.top() + area.height() / 2.0;
        const auto style =
            static_cast<Qt::PenStyle>(index.data(ComparedListModel::StyleRole).toInt());
        painter.setPen(QPen(shown, 2, style, Qt::FlatCap));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + kSample, y));
        if (index.data(ComparedListModel::IsReferenceRole).toBool())
            return; // a line without points
        paintMark(painter, QPointF(area.left() + kSample / 2.0, y),
                  markOf(index.data(ComparedListModel::SettingRole).toString()),
                  index.data(ComparedListModel::IsReportedRole).toBool(), shown, theme.card, 8);
    }
};

} // namespace

ComparedList::ComparedList(ComparedListModel* model, QWidget* parent)
    : QListView(parent)
{
    nameWidget(this, u"compare.list"_s, tr("Compared runs"));
    setModel(model);
    setItemDelegate(new ComparedDelegate(this));
    setMouseTracking(true);
    setUniformItemSizes(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
}

QString ComparedList::idAt(const QModelIndex& index) const
{
    return index.data(ComparedListModel::IdRole).toString();
}

void ComparedList::mousePressEvent(QMouseEvent* event)
{
    m_isAfterDouble = false;
    QListView::mousePressEvent(event);
}

void ComparedList::mouseReleaseEvent(QMouseEvent* event)
{
    QListView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->pos());
    // The second release of a double click is no further click.
    if (std::exchange(m_isAfterDouble, false) || event->button() != Qt::LeftButton ||
        !index.isValid() || index != currentIndex())
        return;
    if (event->modifiers().testFlag(Qt::ControlModifier))
        Q_EMIT soloed(idAt(index));
    else
        Q_EMIT toggled(idAt(index));
}

void ComparedList::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    if (event->button() != Qt::LeftButton || !index.isValid())
        return;
    m_isAfterDouble = true;
    Q_EMIT soloed(idAt(index));
}

void ComparedList::keyPressEvent(QKeyEvent* event)
{
    const QString id = idAt(currentIndex());
    if (id.isEmpty())
        return QListView::keyPressEvent(event);
    if (event->key() == Qt::Key_Space)
        Q_EMIT toggled(id);
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT soloed(id);
    else if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        Q_EMIT removed(id);
    else
        QListView::keyPressEvent(event);
}

void ComparedList::contextMenuEvent(QContextMenuEvent* event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = isByKey ? currentIndex() : indexAt(event->pos());
    if (!index.isValid())
        return;
    const QPoint at =
        isByKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos();
    Q_EMIT menuRequested(idAt(index), at);
}

} // namespace clwb::ui
