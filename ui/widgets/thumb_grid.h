// SPDX-License-Identifier: GPL-3.0-or-later
// A grid of pictures: only what is in sight is asked for, so a million items cost no more than ten.
#pragma once

#include "ui/bridge/picture_source.h"

#include <QAbstractItemView>
#include <QElapsedTimer>

#include <memory>
#include <optional>

namespace clwb::ui
{

class PictureListModel;
class PictureLoader;

/// Keyboard: arrows, Page Up/Down, Home/End (Shift: range, Ctrl: only the cursor), Space selects,
/// Enter opens, letters search the captions.
class ThumbGrid : public QAbstractItemView
{
    Q_OBJECT

public:
    ThumbGrid(PictureListModel* model, const QString& objectName, const QString& accessibleName,
              QWidget* parent = nullptr);

    /// Takes the place of everything that was shown; the model says which items there are.
    void setSource(std::shared_ptr<const PictureSource> source);
    /// Longest side of a picture in device-independent pixels; 128 at first.
    void setPictureSide(int side);
    /// Pictures beside each other for which there is always room, and one below the other; none at
    /// first.
    void setLeastColumns(int count);
    [[nodiscard]] PictureLoader& loader() { return *m_loader; }
    /// Every picture in sight is here, or known to be unreadable.
    [[nodiscard]] bool isComplete() const;
    /// Why an item in sight has no picture; empty when it has one or is not loaded yet.
    [[nodiscard]] QString problemOf(const QModelIndex& index) const;

    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;

public Q_SLOTS:
    void reset() override;

Q_SIGNALS:
    void opened(const QModelIndex& index); ///< Enter or a double click

protected:
    [[nodiscard]] QModelIndex moveCursor(CursorAction action,
                                         Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] int horizontalOffset() const override { return 0; }
    [[nodiscard]] int verticalOffset() const override;
    [[nodiscard]] bool isIndexHidden(const QModelIndex&) const override { return false; }
    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection& selection) const override;
    void updateGeometries() override;
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    /// Rows of the model in sight: [first, last).
    struct Range
    {
        int first = 0;
        int last = 0;
    };
    [[nodiscard]] QSize cell() const;
    [[nodiscard]] int columns() const;
    [[nodiscard]] int itemCount() const;
    [[nodiscard]] Range inSight() const;
    [[nodiscard]] QRect rectOf(int row) const; ///< in the viewport
    /// Asks for what is in sight, the upper left first, and takes back the rest.
    void request();
    void paintItem(QPainter& painter, int row);
    void paintPicture(QPainter& painter, const QRect& area, const QModelIndex& index);
    void selectTo(int row, Qt::KeyboardModifiers modifiers);
    void useSource();
    void keepLeastSize();

    PictureListModel* m_model;
    PictureLoader* m_loader;
    std::shared_ptr<const PictureSource> m_source;
    int m_side = 128;
    int m_leastColumns = 0;
    QElapsedTimer m_typed; ///< since the last letter of a search
    int m_anchor = 0;      ///< where a range of selected items begins
};

} // namespace clwb::ui
