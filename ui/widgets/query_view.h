// SPDX-License-Identifier: GPL-3.0-or-later
// The query list: captions in lines, or pictures with a small thumbnail; sorted by its header.
#pragma once

#include <QTreeView>

namespace clwb::ui
{

class PictureLoader;
class QueryListModel;

class QueryView : public QTreeView
{
    Q_OBJECT

public:
    /// @param pictures loads thumbnails for this view alone; outlives it
    QueryView(QueryListModel* model, PictureLoader* pictures, const QString& objectName,
              const QString& accessibleName, QWidget* parent = nullptr);
    [[nodiscard]] int currentRow() const; ///< -1: none
    void setCurrentRow(int row);

Q_SIGNALS:
    void currentRowChanged(int row);
    void opened(int row); ///< Enter or a double click

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void changeEvent(QEvent* event) override;

private:
    void fitColumns();
    void wantShown();

    QueryListModel* m_model;
    PictureLoader* m_pictures;
};

} // namespace clwb::ui
