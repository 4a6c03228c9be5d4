// SPDX-License-Identifier: GPL-3.0-or-later
// Which classes are taken for which: a matrix of any size to look into, sessions outlined.
#pragma once

#include "ui/plots/plot_export.h"

#include <QImage>
#include <QPoint>
#include <QRectF>
#include <QStringList>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace clwb::ui
{

struct ConfusionData
{
    std::shared_ptr<const std::vector<float>> values; ///< [classes²] the true class first; percent
    std::vector<int32_t> order;                       ///< class at each place
    std::vector<int> sessions;                        ///< of each class, 0: none; may be empty
    QStringList names;                                ///< of each class
    bool isDifference = false;                        ///< points, of both signs
    /// What a cell holds, in words; quick.
    std::function<QString(int truth, int predicted)> describe = {};
};

/// Mouse: a click chooses a cell, on a name at the left a class; the wheel with Ctrl or a dragged
/// box zooms, the middle button moves, a double click shows everything. Keyboard: arrows (Page
/// Up/Down: ten cells, Home/End: the diagonal's ends) move the cursor, Enter chooses, + − 0 zoom.
class ConfusionView : public QWidget
{
    Q_OBJECT

public:
    explicit ConfusionView(const QString& objectName, QWidget* parent = nullptr);

    void setData(ConfusionData data);
    [[nodiscard]] const ConfusionData& data() const { return m_data; }
    /// The cell or, without a predicted class, the row that is framed; nothing: none.
    void setChosen(std::optional<int> truth, std::optional<int> predicted);
    /// Where a cell is drawn, by class; empty out of sight.
    [[nodiscard]] QRectF cellRect(int truth, int predicted) const;
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] Figure figure(const QString& name);
    [[nodiscard]] QSize sizeHint() const override { return {400, 400}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {180, 120}; }

Q_SIGNALS:
    void cellChosen(int truth, int predicted);
    void classChosen(int truth);
    void pointed(const QString& text); ///< at a cell, with the mouse or the keyboard

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] int cells() const { return static_cast<int>(m_data.order.size()); }
    [[nodiscard]] QRectF area() const { return areaIn(size()); } ///< of the cells
    [[nodiscard]] QRectF areaIn(const QSize& size) const;
    [[nodiscard]] bool hasNames(const QSize& size) const;
    [[nodiscard]] QRectF placeRect(const QRectF& area, double row, double column, double rows,
                                   double columns) const;
    [[nodiscard]] std::optional<QPoint> placeAt(const QPointF& point) const;
    [[nodiscard]] int classAt(int place) const { return m_data.order[static_cast<size_t>(place)]; }
    void paint(QPainter& painter, const QSize& size, const QImage& image) const;
    void paintHeads(QPainter& painter, const QRectF& area, const QSize& size) const;
    void paintSessions(QPainter& painter, const QRectF& area) const;
    void paintChosen(QPainter& painter, const QRectF& area) const;
    [[nodiscard]] QImage render(const QSize& pixels) const;
    void point(const QPoint& place);
    void zoom(double factor, const QPointF& centre); ///< in cells
    void showPart(const QRectF& view);
    void keepCursorInSight();
    [[nodiscard]] DataTable table() const;

    ConfusionData m_data;
    std::vector<int> m_placeOf;              ///< of each class
    float m_full = 100;                      ///< the value of the full colour
    QRectF m_view;                           ///< in cells
    QImage m_image;                          ///< of what is in sight; null: to be drawn
    std::optional<int> m_truth, m_predicted; ///< chosen
    QPoint m_cursor;                         ///< column and row, as places
    std::optional<QPointF> m_pressed, m_panned;
    QRectF m_box; ///< being dragged
    Settings* m_settings = nullptr;
};

} // namespace clwb::ui
