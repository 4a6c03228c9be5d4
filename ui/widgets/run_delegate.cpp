// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of the run list's cells.
#include "ui/widgets/run_delegate.h"

#include "ui/models/run_columns.h"
#include "ui/models/run_list_model.h"
#include "ui/shell/theme.h"

#include <QPainter>
#include <QTreeView>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kRowPadding = 11;
constexpr int kBranchGap = 7;
constexpr int kSessionGap = 5;

QColor textColour(const Theme& theme, const RunColumn& column, const QModelIndex& index)
{
    const QString status = index.data(RunListModel::StatusRole).toString();
    if (column.id == "status"_L1) {
        if (status == "running"_L1)
            return theme.good;
        if (status == "failed"_L1)
            return theme.bad;
        if (status == "interrupted"_L1 || status == "stopped"_L1)
            return theme.warning;
        return status == "reported"_L1 || status == "queued"_L1 ? theme.muted : theme.text;
    }
    const bool isQuiet = column.kind == ColumnKind::Tags || column.kind == ColumnKind::Time ||
                         column.kind == ColumnKind::Number;
    return isQuiet ? theme.muted : theme.text;
}

/// Where the run branched off stays readable; it takes at most the larger half.
int branchWidth(const QStyleOptionViewItem& option, const QRect& area, const QString& branch)
{
    return branch.isEmpty() ? 0
                            : std::min(option.fontMetrics.horizontalAdvance(branch) + kBranchGap,
                                       area.width() * 3 / 5);
}

/// Where it branched off, shorter where the name would not fit beside it.
QString branchIn(const QStyleOptionViewItem& option, const QRect& area, const QModelIndex& index)
{
    const QString whole = index.data(RunListModel::BranchRole).toString();
    const int name = option.fontMetrics.horizontalAdvance(index.data().toString());
    return name + branchWidth(option, area, whole) <= area.width()
               ? whole
               : index.data(RunListModel::BranchShortRole).toString();
}

/// "at 5", muted; returns the room it takes, equal for all rows of a column.
int paintSession(QPainter& painter, const QStyleOptionViewItem& option, const QRect& area,
                 int session)
{
    const QPen pen = painter.pen();
    const QFont font = painter.font();
    const int width = option.fontMetrics.horizontalAdvance(RunDelegate::sessionText(88));
    painter.setFont(option.font);
    painter.setPen(themeOf(option.palette).muted);
    if (session >= 0)
        painter.drawText(QRect(area.right() - width + 1, area.top(), width, area.height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         RunDelegate::sessionText(session));
    painter.setPen(pen);
    painter.setFont(font);
    return width + kSessionGap;
}

void paintStatusDot(QPainter& painter, const Theme& theme, QRect& area)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.good);
    painter.drawEllipse(QPointF(area.left() + 5, area.center().y() + 1), 4, 4);
    area.setLeft(area.left() + 14);
}

} // namespace

QString RunDelegate::sessionText(int session)
{
    return tr("at %1").arg(session);
}

QSize RunDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    return {40, option.fontMetrics.height() + kRowPadding};
}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const
{
    const Theme& theme = themeOf(option.palette);
    painter->save();
    const bool isGroup = index.data(RunListModel::IsGroupRole).toBool();
    if (isGroup && !index.siblingAtColumn(0).data(RunListModel::HasFiguresRole).toBool()) {
        paintGroup(*painter, option, index);
        painter->restore();
        return;
    }
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme.accentSoft);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, theme.hover);
    if (isGroup && index.column() == columnOf(u"name"_s)) {
        paintGroupTitle(*painter, option, option.rect.adjusted(5, 0, -5, 0),
                        index.siblingAtColumn(0));
        painter->restore();
        return;
    }
    const RunColumn& column = runColumns()[static_cast<size_t>(index.column())];
    if (column.kind == ColumnKind::Swatch) {
        if (isGroup)
            paintArrow(*painter, option, index);
        else
            paintSwatch(*painter, option, index);
        painter->restore();
        return;
    }
    const bool isNumber = column.kind == ColumnKind::Metric || column.kind == ColumnKind::Number;
    // Numbers end where the title of their column ends.
    QRect area = option.rect.adjusted(5, 0, isNumber ? -13 : -5, 0);
    if (column.id == "status"_L1 && index.data(RunListModel::StatusRole).toString() == "running"_L1)
        paintStatusDot(*painter, theme, area);
    QFont font = option.font;
    const QVariant marked = index.data(Qt::FontRole);
    if (marked.isValid())
        font.setBold(marked.value<QFont>().bold());
    font.setUnderline(index.data(RunListModel::UnderlineRole).toBool());
    if (column.id == "name"_L1 && (option.state & QStyle::State_Selected))
        font.setBold(true);
    painter->setFont(font);
    const bool isAside = index.data(RunListModel::ArchivedRole).toBool() ||
                         index.data(RunListModel::HiddenRole).toBool();
    painter->setPen(isAside ? theme.muted : textColour(theme, column, index));
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    const QVariant session = index.data(RunListModel::SessionRole);
    if (session.isValid()) // values of a column end at one place, their sessions follow
        area.setRight(area.right() - paintSession(*painter, option, area, session.toInt()));
    const QString branch = column.id == "name"_L1 ? branchIn(option, area, index) : QString();
    const QString text = QFontMetrics(font).elidedText(
        index.data().toString(), Qt::ElideRight, area.width() - branchWidth(option, area, branch));
    painter->drawText(area, static_cast<int>(alignment) | Qt::TextSingleLine, text);
    if (!branch.isEmpty()) {
        area.setLeft(area.left() + QFontMetrics(font).horizontalAdvance(text) + kBranchGap);
        painter->setFont(option.font);
        painter->setPen(theme.muted);
        painter->drawText(
            area, static_cast<int>(alignment) | Qt::TextSingleLine,
            option.fontMetrics.elidedText(branch, Qt::ElideRight, std::max(0, area.width())));
    }
    painter->restore();
}

void RunDelegate::paintSwatch(QPainter& painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF centre(option.rect.left() + 17, option.rect.center().y() + 1);
    const auto colour = index.data(RunListModel::ColourRole).value<QColor>();
    if (index.data(RunListModel::StarRole).toBool()) {
        QFont font = option.font;
        painter.setPen(colour);
        painter.setFont(font);
        painter.drawText(QRectF(centre.x() - 12, option.rect.top(), 24, option.rect.height()),
                         Qt::AlignCenter, u"★"_s);
        return;
    }
    const QRectF square(centre.x() - 5, centre.y() - 5, 10, 10);
    if (index.data(RunListModel::HiddenRole).toBool()) { // an outline: the run is in no plot
        painter.setPen(QPen(colour, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(square.adjusted(1, 1, -1, -1), 3, 3);
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(square, 3, 3);
}

void RunDelegate::paintGroup(QPainter& painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index)
{
    const QString title = index.data(RunListModel::GroupTitleRole).toString();
    if (title.isEmpty())
        return;
    const Theme& theme = themeOf(option.palette);
    if (option.state & QStyle::State_HasFocus)
        painter.fillRect(option.rect, theme.hover);
    paintArrow(painter, option, index);
    paintGroupTitle(painter, option, option.rect.adjusted(26, 0, 0, 0), index);
}

void RunDelegate::paintArrow(QPainter& painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const auto* view = qobject_cast<const QTreeView*>(option.widget);
    const bool isOpen = !view || view->isExpanded(index);
    const double middle = option.rect.center().y() + 1;
    const double left = option.rect.left() + 12;
    painter.setPen(Qt::NoPen);
    painter.setBrush(themeOf(option.palette).text);
    painter.drawPolygon(
        isOpen ? QPolygonF{{left, middle - 2}, {left + 8, middle - 2}, {left + 4, middle + 3.5}}
               : QPolygonF{{left + 1, middle - 4}, {left + 6.5, middle}, {left + 1, middle + 4}});
}

void RunDelegate::paintGroupTitle(QPainter& painter, const QStyleOptionViewItem& option,
                                  const QRect& area, const QModelIndex& index)
{
    const Theme& theme = themeOf(option.palette);
    QFont bold = option.font;
    bold.setBold(true);
    const QString count = index.data(RunListModel::GroupCountRole).toString();
    const int room = area.width() - option.fontMetrics.horizontalAdvance(count) - 7;
    const QString title = QFontMetrics(bold).elidedText(
        index.data(RunListModel::GroupTitleRole).toString(), Qt::ElideRight, std::max(0, room));
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(area, Qt::AlignVCenter | Qt::TextSingleLine, title);
    painter.setFont(option.font);
    painter.setPen(theme.muted);
    painter.drawText(area.adjusted(QFontMetrics(bold).horizontalAdvance(title) + 7, 0, 0, 0),
                     Qt::AlignVCenter | Qt::TextSingleLine, count);
}

} // namespace clwb::ui
