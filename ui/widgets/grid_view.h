// SPDX-License-Identifier: GPL-3.0-or-later
// A report's table on screen: aligned numbers, marked cells, headings over columns, cells as links.
#pragma once

#include <QTableView>

namespace clwb::ui
{

class GridModel;

class GridView : public QTableView
{
    Q_OBJECT

public:
    GridView(GridModel* model, const QString& objectName, const QString& accessibleName,
             QWidget* parent = nullptr);

    /// The selected rectangle with its titles, or the whole table where at most one cell is
    /// selected, on the clipboard as text and as a table.
    void copyShown() const;

    /// Labels stay at the left while numbers scroll: there, a point is of the first column.
    [[nodiscard]] QModelIndex indexAt(const QPoint& position) const override;

Q_SIGNALS:
    /// A cell with runs behind it was clicked, or Return pressed on it.
    void linkActivated(const QModelIndex& index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void fitColumns();
    [[nodiscard]] bool isScrolled() const;
    GridModel* m_model;
};

} // namespace clwb::ui
