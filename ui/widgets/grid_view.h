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

Q_SIGNALS:
    /// A cell with runs behind it was clicked, or Return pressed on it.
    void linkActivated(const QModelIndex& index);

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void fitColumns();
    GridModel* m_model;
};

} // namespace clwb::ui
