// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/matrix_access.h"

#include "ui/plots/matrix_view.h"

#include <QPointer>

namespace clwb::ui
{

namespace
{

/// Rows and columns from 0.
class MatrixCell : public QAccessibleInterface, public QAccessibleTableCellInterface
{
public:
    MatrixCell(MatrixView* view, int row, int column)
        : m_view(view)
        , m_row(row)
        , m_column(column)
    {}

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::TableCellInterface
                   ? static_cast<QAccessibleTableCellInterface*>(this)
                   : nullptr;
    }
    [[nodiscard]] bool isValid() const override
    {
        return m_view && m_row < m_view->data().sessions && m_column < m_view->data().columns;
    }
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* parent() const override
    {
        return QAccessible::queryAccessibleInterface(m_view);
    }
    [[nodiscard]] QAccessibleInterface* child(int) const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        if (kind == QAccessible::Name)
            return m_view->cellText(m_row + 1, m_column + 1);
        return kind == QAccessible::Value ? m_view->numberOf(m_row + 1, m_column + 1) : QString();
    }
    void setText(QAccessible::Text, const QString&) override {}
    [[nodiscard]] QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect cell = m_view->cellRect(m_row + 1, m_column + 1).toAlignedRect();
        return {m_view->mapToGlobal(cell.topLeft()), cell.size()};
    }
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::Cell; }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state;
        state.readOnly = true;
        state.focusable = true;
        state.invalid = !isValid();
        state.invisible = !isValid() || !m_view->isVisible();
        state.focused = isValid() && m_view->hasFocus() &&
                        m_view->readCell() == QPoint(m_column + 1, m_row + 1);
        return state;
    }

    [[nodiscard]] int columnExtent() const override { return 1; }
    [[nodiscard]] int rowExtent() const override { return 1; }
    [[nodiscard]] QList<QAccessibleInterface*> columnHeaderCells() const override { return {}; }
    [[nodiscard]] QList<QAccessibleInterface*> rowHeaderCells() const override { return {}; }
    [[nodiscard]] int columnIndex() const override { return m_column; }
    [[nodiscard]] int rowIndex() const override { return m_row; }
    [[nodiscard]] bool isSelected() const override { return false; }
    [[nodiscard]] QAccessibleInterface* table() const override { return parent(); }

private:
    QPointer<MatrixView> m_view;
    int m_row;
    int m_column;
};

} // namespace

MatrixAccess::MatrixAccess(MatrixView* view)
    : QAccessibleWidget(view, QAccessible::Table)
{}

MatrixAccess::~MatrixAccess()
{
    for (const QAccessible::Id id : std::as_const(m_cells))
        QAccessible::deleteAccessibleInterface(id);
}

MatrixView* MatrixAccess::view() const
{
    return static_cast<MatrixView*>(widget());
}

void* MatrixAccess::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::TableInterface ? static_cast<QAccessibleTableInterface*>(this)
                                               : QAccessibleWidget::interface_cast(type);
}

QString MatrixAccess::text(QAccessible::Text kind) const
{
    return kind == QAccessible::Value ? view()->summary() : QAccessibleWidget::text(kind);
}

int MatrixAccess::childCount() const
{
    return rowCount() * columnCount();
}

QAccessibleInterface* MatrixAccess::child(int index) const
{
    return columnCount() > 0 ? cellAt(index / columnCount(), index % columnCount()) : nullptr;
}

QAccessibleInterface* MatrixAccess::childAt(int x, int y) const
{
    const QPoint place = view()->mapFromGlobal(QPoint(x, y));
    for (int row = 0; row < rowCount(); ++row) {
        for (int column = 0; column < columnCount(); ++column) {
            if (view()->cellRect(row + 1, column + 1).contains(place))
                return cellAt(row, column);
        }
    }
    return nullptr;
}

int MatrixAccess::indexOfChild(const QAccessibleInterface* child) const
{
    auto* cell = child ? const_cast<QAccessibleInterface*>(child)->tableCellInterface() : nullptr;
    return cell ? cell->rowIndex() * columnCount() + cell->columnIndex() : -1;
}

QAccessibleInterface* MatrixAccess::focusChild() const
{
    return view()->hasFocus() ? cellAt(view()->readCell().y() - 1, view()->readCell().x() - 1)
                              : nullptr;
}

QAccessibleInterface* MatrixAccess::cellAt(int row, int column) const
{
    if (row < 0 || column < 0 || row >= rowCount() || column >= columnCount())
        return nullptr;
    const qint64 key = (qint64(row) << 32) + column;
    if (const auto known = m_cells.constFind(key); known != m_cells.constEnd())
        return QAccessible::accessibleInterface(*known);
    auto* cell = new MatrixCell(view(), row, column);
    m_cells.insert(key, QAccessible::registerAccessibleInterface(cell));
    return cell;
}

int MatrixAccess::rowCount() const
{
    return view()->data().sessions;
}

int MatrixAccess::columnCount() const
{
    return view()->data().columns;
}

QString MatrixAccess::rowDescription(int row) const
{
    return MatrixView::tr("after session %1").arg(row + 1);
}

QString MatrixAccess::columnDescription(int column) const
{
    return MatrixView::tr("session %1").arg(column + 1);
}

void MatrixAccess::modelChange(QAccessibleTableModelChangeEvent* /*event*/)
{
    // Cells look their values up each time.
}

} // namespace clwb::ui
