// SPDX-License-Identifier: GPL-3.0-or-later
// Geometry, selection and keyboard of the picture grid; painting is in thumb_grid_paint.cpp.
#include "ui/widgets/thumb_grid.h"

#include "ui/bridge/picture_loader.h"
#include "ui/models/picture_list_model.h"
#include "ui/widgets/building.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>

namespace clwb::ui
{

ThumbGrid::ThumbGrid(PictureListModel* model, const QString& objectName,
                     const QString& accessibleName, QWidget* parent)
    : QAbstractItemView(parent)
    , m_model(model)
    , m_loader(new PictureLoader(this))
{
    nameWidget(this, objectName, accessibleName);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setModel(model);
    connect(m_loader, &PictureLoader::loaded, viewport(), qOverload<>(&QWidget::update));
    connect(this, &QAbstractItemView::doubleClicked, this, &ThumbGrid::opened);
}

void ThumbGrid::setSource(std::shared_ptr<const PictureSource> source)
{
    m_source = std::move(source);
    useSource();
}

void ThumbGrid::setPictureSide(int side)
{
    m_side = side;
    useSource();
    keepLeastSize();
    updateGeometries();
}

void ThumbGrid::setLeastColumns(int count)
{
    m_leastColumns = count;
    keepLeastSize();
}

void ThumbGrid::keepLeastSize()
{
    if (m_leastColumns > 0) {
        const int bar = std::max(style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this),
                                 verticalScrollBar()->sizeHint().width());
        setMinimumSize(m_leastColumns * cell().width() + bar + 2 * frameWidth(), cell().height());
    }
}

void ThumbGrid::useSource()
{
    m_loader->setSource(m_source, static_cast<int>(m_side * devicePixelRatioF()));
    if (isVisible())
        m_loader->warmUp();
    viewport()->update();
}

void ThumbGrid::showEvent(QShowEvent* event)
{
    QAbstractItemView::showEvent(event);
    // While the page is laid out and painted, the file is opened and the first ones are decoded.
    m_loader->warmUp();
    request();
}

void ThumbGrid::reset()
{
    m_anchor = 0;
    QAbstractItemView::reset();
    verticalScrollBar()->setValue(0);
    updateGeometries();
    if (isVisible())
        request(); // decoded while the page is painted without them
    viewport()->update();
}

int ThumbGrid::itemCount() const
{
    return model() ? model()->rowCount() : 0;
}

QSize ThumbGrid::cell() const
{
    return {m_side + 12, m_side + 20 + fontMetrics().height()};
}

int ThumbGrid::columns() const
{
    return std::max(1, viewport()->width() / cell().width());
}

QRect ThumbGrid::rectOf(int row) const
{
    const int line = row / columns();
    const int column = row % columns();
    // The room that is left goes between the columns.
    const int width = viewport()->width();
    const int left = width * column / columns();
    return {left, line * cell().height() - verticalOffset(),
            width * (column + 1) / columns() - left, cell().height()};
}

ThumbGrid::Range ThumbGrid::inSight() const
{
    const int height = cell().height();
    const int firstLine = verticalOffset() / height;
    const int lastLine = (verticalOffset() + viewport()->height() - 1) / height;
    return {std::min(itemCount(), firstLine * columns()),
            std::min(itemCount(), (lastLine + 1) * columns())};
}

QRect ThumbGrid::visualRect(const QModelIndex& index) const
{
    return index.isValid() ? rectOf(index.row()) : QRect();
}

QModelIndex ThumbGrid::indexAt(const QPoint& point) const
{
    if (!viewport()->rect().contains(point))
        return {};
    const int line = (point.y() + verticalOffset()) / cell().height();
    for (int column = 0; column < columns(); ++column) {
        const int row = line * columns() + column;
        if (row < itemCount() && rectOf(row).contains(point))
            return model()->index(row, 0);
    }
    return {};
}

int ThumbGrid::verticalOffset() const
{
    return verticalScrollBar()->value();
}

void ThumbGrid::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const QRect rect = rectOf(index.row());
    const int height = viewport()->height();
    int move = 0;
    if (hint == PositionAtCenter)
        move = rect.center().y() - height / 2;
    else if (hint == PositionAtTop || rect.top() < 0)
        move = rect.top();
    else if (hint == PositionAtBottom || rect.bottom() >= height)
        move = std::min(rect.top(), rect.bottom() + 1 - height);
    verticalScrollBar()->setValue(verticalOffset() + move);
}

void ThumbGrid::scrollContentsBy(int dx, int dy)
{
    // What has been drawn moves; only what comes into sight is painted.
    scrollDirtyRegion(dx, dy);
    viewport()->scroll(dx, dy);
}

void ThumbGrid::updateGeometries()
{
    const int lines = (itemCount() + columns() - 1) / columns();
    // 10^6 items in one column are 1.6·10^8 pixels: far inside an int.
    verticalScrollBar()->setRange(0, std::max(0, lines * cell().height() - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(cell().height() / 4);
    QAbstractItemView::updateGeometries();
}

void ThumbGrid::resizeEvent(QResizeEvent* event)
{
    // What was at the upper left stays in sight however many columns there are now.
    const int before = event->oldSize().width() > 0
                           ? std::max(1, event->oldSize().width() / cell().width()) *
                                 (verticalOffset() / cell().height())
                           : 0;
    QAbstractItemView::resizeEvent(event);
    updateGeometries();
    if (event->oldSize().width() != event->size().width() && verticalOffset() > 0)
        verticalScrollBar()->setValue(before / columns() * cell().height());
    viewport()->update();
}

void ThumbGrid::changeEvent(QEvent* event)
{
    QAbstractItemView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        keepLeastSize();
        updateGeometries();
    }
}

void ThumbGrid::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command)
{
    // A dragged rectangle takes every item it touches; runs of neighbours are one range.
    const QRect area = rect.normalized();
    const int height = cell().height();
    const int firstLine = std::max(0, area.top() + verticalOffset()) / height;
    const int lastLine = std::max(0, area.bottom() + verticalOffset()) / height;
    QItemSelection selection;
    for (int line = firstLine; line <= lastLine && line * columns() < itemCount(); ++line) {
        int first = -1;
        int last = -1;
        for (int column = 0; column < columns(); ++column) {
            const int row = line * columns() + column;
            if (row >= itemCount() || !rectOf(row).intersects(area))
                continue;
            first = first < 0 ? row : first;
            last = row;
        }
        if (first >= 0)
            selection.select(model()->index(first, 0), model()->index(last, 0));
    }
    selectionModel()->select(selection, command);
}

QRegion ThumbGrid::visualRegionForSelection(const QItemSelection& selection) const
{
    const Range range = inSight();
    QRegion region;
    for (const QItemSelectionRange& part : selection) {
        const int last = std::min(part.bottom(), range.last - 1);
        for (int row = std::max(part.top(), range.first); row <= last; ++row)
            region += rectOf(row);
    }
    return region;
}

QModelIndex ThumbGrid::moveCursor(CursorAction action, Qt::KeyboardModifiers /*modifiers*/)
{
    const int count = itemCount();
    if (count == 0)
        return {};
    if (!currentIndex().isValid())
        return model()->index(0, 0);
    const int row = currentIndex().row();
    const int page = std::max(1, viewport()->height() / cell().height()) * columns();
    // Up and down keep the column: at the edge the cursor stays.
    const auto jump = [&](int by) {
        const int target = row + by;
        if (by > 0)
            return target < count ? target : row + (count - 1 - row) / columns() * columns();
        return target >= 0 ? target : row % columns();
    };
    const auto at = [this](int target) { return model()->index(target, 0); };
    switch (action) {
    case MoveLeft:
    case MovePrevious:
        return at(std::max(0, row - 1));
    case MoveRight:
    case MoveNext:
        return at(std::min(count - 1, row + 1));
    case MoveUp:
        return at(jump(-columns()));
    case MoveDown:
        return at(jump(columns()));
    case MovePageUp:
        return at(jump(-page));
    case MovePageDown:
        return at(jump(page));
    case MoveHome:
        return at(0);
    case MoveEnd:
        return at(count - 1);
    }
    return currentIndex();
}

void ThumbGrid::selectTo(int row, Qt::KeyboardModifiers modifiers)
{
    const QModelIndex index = model()->index(row, 0);
    if (modifiers & Qt::ShiftModifier) {
        const int anchor = std::clamp(m_anchor, 0, itemCount() - 1);
        const QItemSelection range(model()->index(std::min(anchor, row), 0),
                                   model()->index(std::max(anchor, row), 0));
        selectionModel()->select(range, modifiers & Qt::ControlModifier
                                            ? QItemSelectionModel::Select
                                            : QItemSelectionModel::ClearAndSelect);
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    } else if (modifiers & Qt::ControlModifier) {
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    } else {
        m_anchor = row;
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    }
    scrollTo(index);
    viewport()->update();
}

void ThumbGrid::keyPressEvent(QKeyEvent* event)
{
    static constexpr std::pair<int, CursorAction> kMoves[] = {
        {Qt::Key_Left, MoveLeft}, {Qt::Key_Right, MoveRight},   {Qt::Key_Up, MoveUp},
        {Qt::Key_Down, MoveDown}, {Qt::Key_PageUp, MovePageUp}, {Qt::Key_PageDown, MovePageDown},
        {Qt::Key_Home, MoveHome}, {Qt::Key_End, MoveEnd}};
    const QModelIndex current = currentIndex();
    for (const auto& [key, action] : kMoves) {
        if (event->key() != key)
            continue;
        if (const QModelIndex target = moveCursor(action, event->modifiers()); target.isValid())
            selectTo(target.row(), event->modifiers());
        event->accept();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && current.isValid()) {
        Q_EMIT opened(current);
        event->accept();
        return;
    }
    // A space inside what is being typed belongs to the search.
    const bool isTyping =
        m_typed.isValid() && m_typed.elapsed() < QApplication::keyboardInputInterval();
    if (event->key() == Qt::Key_Space && isTyping) {
        m_typed.restart();
        keyboardSearch(QStringLiteral(" "));
        event->accept();
        return;
    }
    if (event->key() == Qt::Key_Space && current.isValid()) {
        m_anchor = current.row();
        selectionModel()->select(current, QItemSelectionModel::Toggle);
        event->accept();
        return;
    }
    if (!event->text().isEmpty() && event->text().at(0).isPrint())
        m_typed.restart();
    QAbstractItemView::keyPressEvent(event);
}

void ThumbGrid::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.isValid() && event->button() == Qt::LeftButton) {
        if (event->modifiers() & Qt::ShiftModifier) {
            setFocus(Qt::MouseFocusReason);
            selectTo(index.row(), event->modifiers());
            return;
        }
        m_anchor = index.row();
    }
    QAbstractItemView::mousePressEvent(event);
}

} // namespace clwb::ui
