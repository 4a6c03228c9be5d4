// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and behaviour of a report's table.
#include "ui/widgets/grid_view.h"

#include "ui/models/grid_model.h"
#include "ui/shell/clipboard.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kMargin = 9;
constexpr int kGap = 5; ///< between a value and its spread
constexpr int kSwatch = 16;
constexpr int kRunsGap = 14; ///< between a label and the runs behind it

class GridDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QFont bold = option.font;
        bold.setBold(true);
        int width = QFontMetrics(bold).horizontalAdvance(index.data().toString()) + 2 * kMargin;
        const QString spread = index.data(GridModel::WidestSpreadRole).toString();
        if (!spread.isEmpty())
            width += option.fontMetrics.horizontalAdvance(spread) + kGap;
        if (index.column() == 0)
            width += kSwatch;
        const QString runs = index.data(GridModel::RunsRole).toString();
        if (!runs.isEmpty())
            width += option.fontMetrics.horizontalAdvance(runs) + kRunsGap;
        return {width, option.fontMetrics.height() + 11};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Theme& theme = themeOf(option.palette);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme.accentSoft);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, theme.hover);
        if (index.data(GridModel::RuleRole).toBool()) {
            painter->setPen(theme.border);
            painter->drawLine(option.rect.topLeft(), option.rect.topRight());
        }
        QRect area = option.rect.adjusted(kMargin, 0, -kMargin, 0);
        const QVariant swatch = index.data(GridModel::SwatchRole);
        if (index.column() == 0) {
            if (swatch.isValid())
                paintSwatch(*painter, area, swatch.value<QColor>());
            area.setLeft(area.left() + kSwatch);
        }
        area.setRight(area.right() - paintSpread(*painter, option, index, area) -
                      paintRuns(*painter, option, index, area));
        paintValue(*painter, option, index, area);
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(theme.accent);
            painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
        }
        painter->restore();
    }

private:
    static void paintSwatch(QPainter& painter, const QRect& area, const QColor& colour)
    {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(area.left(), area.center().y() - 4, 10, 10), 3, 3);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }

    static int paintRuns(QPainter& painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index, const QRect& area)
    {
        const QString runs = index.data(GridModel::RunsRole).toString();
        if (runs.isEmpty())
            return 0;
        painter.setPen(themeOf(option.palette).muted);
        painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, runs);
        return option.fontMetrics.horizontalAdvance(runs) + kRunsGap / 2;
    }

    /// Values of a column end at one place whether or not a spread follows.
    static int paintSpread(QPainter& painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index, const QRect& area)
    {
        const QString widest = index.data(GridModel::WidestSpreadRole).toString();
        if (widest.isEmpty())
            return 0;
        const int width = option.fontMetrics.horizontalAdvance(widest);
        painter.setPen(themeOf(option.palette).muted);
        painter.drawText(QRect(area.right() - width + 1, area.top(), width, area.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         index.data(GridModel::SpreadRole).toString());
        return width + kGap;
    }

    static void paintValue(QPainter& painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index, const QRect& area)
    {
        const Theme& theme = themeOf(option.palette);
        QFont font = option.font;
        font.setBold(index.data(Qt::FontRole).value<QFont>().bold());
        const bool isHoveredLink =
            (option.state & QStyle::State_MouseOver) && index.data(GridModel::LinkRole).toBool();
        font.setUnderline(index.data(GridModel::UnderlineRole).toBool());
        painter.setFont(font);
        painter.setPen(isHoveredLink                               ? theme.accent
                       : index.data(GridModel::QuietRole).toBool() ? theme.muted
                                                                   : theme.text);
        const QString text = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight,
                                                           area.width() + 1);
        painter.drawText(area, index.data(Qt::TextAlignmentRole).toInt() | Qt::TextSingleLine,
                         text);
    }
};

/// Two lines where columns have a common heading: the heading above all of them, titles below.
class GridHeader : public QHeaderView
{
public:
    explicit GridHeader(QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent)
    {
        setHighlightSections(false);
        setSectionsClickable(true);
        setMinimumSectionSize(36);
    }

    QSize sizeHint() const override
    {
        const int lines = hasOver() ? 2 : 1;
        return {QHeaderView::sizeHint().width(), lines * (fontMetrics().height() + 4) + 10};
    }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override
    {
        const Theme& theme = themeOf(palette());
        painter->save();
        painter->fillRect(rect, theme.card);
        painter->setPen(theme.grid);
        painter->drawLine(rect.bottomLeft(), rect.bottomRight());
        const QRect text = rect.adjusted(kMargin, 4, -kMargin, -6);
        const auto read = [&](int at, int role) {
            return model()->headerData(at, Qt::Horizontal, role);
        };
        painter->setPen(theme.muted);
        QRect title = text;
        if (section == 0)
            title.setLeft(title.left() + kSwatch);
        // Numbers and their title end at one place, before the spreads.
        const QString spread = read(section, GridModel::WidestSpreadRole).toString();
        const int titleWidth =
            fontMetrics().horizontalAdvance(read(section, Qt::DisplayRole).toString());
        if (!spread.isEmpty())
            title.setRight(
                std::max(title.left() + titleWidth,
                         title.right() - fontMetrics().horizontalAdvance(spread) - kGap));
        painter->drawText(title, read(section, Qt::TextAlignmentRole).toInt(),
                          read(section, Qt::DisplayRole).toString());
        const QString over = read(section, GridModel::OverRole).toString();
        if (!over.isEmpty())
            paintOver(*painter, rect, section, over);
        painter->restore();
    }

    /// The title of the labels stays where the labels stay.
    void paintEvent(QPaintEvent* event) override
    {
        QHeaderView::paintEvent(event);
        if (offset() == 0 || count() == 0)
            return;
        QPainter painter(viewport());
        paintSection(&painter, QRect(0, 0, sectionSize(0), viewport()->height()), 0);
    }

private:
    [[nodiscard]] bool hasOver() const
    {
        for (int at = 0; at < count(); ++at) {
            if (!model()->headerData(at, Qt::Horizontal, GridModel::OverRole).toString().isEmpty())
                return true;
        }
        return false;
    }

    /// Each section paints the part of the common heading that lies over it.
    void paintOver(QPainter& painter, const QRect& rect, int section, const QString& over) const
    {
        const auto isSame = [&](int at) {
            return at >= 0 && at < count() &&
                   model()->headerData(at, Qt::Horizontal, GridModel::OverRole).toString() == over;
        };
        int first = section;
        int last = section;
        while (isSame(first - 1))
            --first;
        while (isSame(last + 1))
            ++last;
        const int left = sectionViewportPosition(first) + kMargin;
        const int right = sectionViewportPosition(last) + sectionSize(last) - kMargin;
        painter.setClipRect(rect);
        const QRect line(left, rect.top() + 4, right - left, fontMetrics().height());
        painter.setPen(themeOf(palette()).text);
        painter.drawText(line, Qt::AlignCenter, over);
        painter.setPen(themeOf(palette()).border);
        painter.drawLine(left, line.bottom() + 3, right, line.bottom() + 3);
    }
};

} // namespace

GridView::GridView(GridModel* model, const QString& objectName, const QString& accessibleName,
                   QWidget* parent)
    : QTableView(parent)
    , m_model(model)
{
    nameWidget(this, objectName, accessibleName);
    setHorizontalHeader(new GridHeader(this));
    setModel(model);
    setItemDelegate(new GridDelegate(this));
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::ContiguousSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(10);
    horizontalHeader()->setAccessibleName(tr("Columns of %1").arg(accessibleName));
    viewport()->setAttribute(Qt::WA_Hover);
    connect(model, &QAbstractItemModel::modelReset, this, &GridView::fitColumns);
}

void GridView::fitColumns()
{
    // The first rows tell the width; thousands of rows are not measured.
    horizontalHeader()->setResizeContentsPrecision(200);
    resizeColumnsToContents();
    const int titleMargin = 2 * kMargin + 2;
    for (int at = 0; at < m_model->columnCount(); ++at) {
        const QString title = m_model->headerData(at, Qt::Horizontal, Qt::DisplayRole).toString();
        const int needed =
            fontMetrics().horizontalAdvance(title) + titleMargin + (at == 0 ? kSwatch : 0);
        constexpr int kWidest = 420;
        setColumnWidth(at, std::clamp(columnWidth(at), needed, std::max(needed, kWidest)));
    }
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 11);
    updateGeometries();
}

bool GridView::isScrolled() const
{
    return horizontalHeader()->offset() > 0;
}

QModelIndex GridView::indexAt(const QPoint& position) const
{
    const QModelIndex index = QTableView::indexAt(position);
    return isScrolled() && position.x() < columnWidth(0) ? index.siblingAtColumn(0) : index;
}

void GridView::scrollContentsBy(int dx, int dy)
{
    QTableView::scrollContentsBy(dx, dy);
    if (dx == 0)
        return;
    viewport()->update(); // what was painted over must not scroll along
    horizontalHeader()->viewport()->update();
}

void GridView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (!isScrolled())
        return;
    QPainter painter(viewport());
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QStyle::State state = option.state;
    const int last = rowAt(viewport()->height() - 1);
    for (int row = std::max(0, rowAt(0)); row <= (last < 0 ? m_model->rowCount() - 1 : last);
         ++row) {
        const QModelIndex index = m_model->index(row, 0);
        option.rect = QRect(0, rowViewportPosition(row), columnWidth(0), rowHeight(row));
        option.state = state;
        option.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
        painter.fillRect(option.rect, palette().base());
        itemDelegate()->paint(&painter, option, index);
    }
    painter.setPen(themeOf(palette()).border);
    painter.drawLine(columnWidth(0) - 1, 0, columnWidth(0) - 1, viewport()->height());
}

void GridView::mouseMoveEvent(QMouseEvent* event)
{
    QTableView::mouseMoveEvent(event);
    const QModelIndex index = indexAt(event->position().toPoint());
    viewport()->setCursor(index.data(GridModel::LinkRole).toBool() ? Qt::PointingHandCursor
                                                                   : Qt::ArrowCursor);
}

void GridView::mouseReleaseEvent(QMouseEvent* event)
{
    QTableView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->position().toPoint());
    // A rectangle drawn with the mouse is a selection, not a click.
    const bool isClick = event->button() == Qt::LeftButton &&
                         event->modifiers() == Qt::NoModifier &&
                         selectionModel()->selectedIndexes().size() == 1;
    if (isClick && index == currentIndex() && index.data(GridModel::LinkRole).toBool())
        Q_EMIT linkActivated(index);
}

void GridView::keyPressEvent(QKeyEvent* event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReturn && currentIndex().data(GridModel::LinkRole).toBool()) {
        Q_EMIT linkActivated(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

void GridView::copyShown() const
{
    QRect area(0, 0, m_model->columnCount(), m_model->rowCount());
    const QItemSelection selected = selectionModel()->selection();
    if (selected.size() == 1 && selected.front().indexes().size() > 1) {
        const QItemSelectionRange& range = selected.front();
        area = QRect(QPoint(range.left(), range.top()), QPoint(range.right(), range.bottom()));
    }
    QStringList titles;
    for (int column = area.left(); column <= area.right(); ++column)
        titles << m_model->headerData(column, Qt::Horizontal, Qt::AccessibleTextRole).toString();
    QList<QStringList> rows;
    for (int row = area.top(); row <= area.bottom(); ++row) {
        QStringList cells;
        for (int column = area.left(); column <= area.right(); ++column)
            cells << m_model->index(row, column).data(Qt::AccessibleTextRole).toString();
        rows << cells;
    }
    copyTable(titles, rows);
}

} // namespace clwb::ui
