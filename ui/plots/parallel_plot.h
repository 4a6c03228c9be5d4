// SPDX-License-Identifier: GPL-3.0-or-later
// Parallel coordinates of a sweep: an axis a parameter and metric, a line a trial, brushes by drag.
#pragma once

#include "ui/plots/parallel_data.h"
#include "ui/plots/plot_export.h"

#include <QWidget>

#include <set>

class QCPItemLine;
class QCPItemRect;
class QCPItemText;
class QCustomPlot;

namespace clwb::ui
{

class ParallelPlot : public QWidget
{
    Q_OBJECT

public:
    explicit ParallelPlot(const QString& objectName, QWidget* parent = nullptr);
    /// Drops brushes of axes that are no more.
    void setData(ParallelData data);
    [[nodiscard]] const ParallelData& data() const { return m_data; }
    /// Share of the best lines that stay, 0…1.
    void setShare(double share);
    [[nodiscard]] const Brushes& brushes() const { return m_brushes; }
    void setBrush(size_t axis, double low, double high); ///< positions 0…1
    void clearBrushes();
    [[nodiscard]] std::vector<int> kept() const { return keptTrials(m_data, m_brushes, m_share); }
    /// Draws a trial's line on top; 0: none.
    void highlight(int number);
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] Figure figure();
    [[nodiscard]] QCustomPlot* plot() const { return m_plot; }
    [[nodiscard]] QSize sizeHint() const override { return {640, 260}; }

Q_SIGNALS:
    void keptChanged();
    void pointed(int number); ///< line under the mouse; 0: none
    void activated(int number);
    void scaleToggled(size_t axis); ///< key L: between linear and logarithmic

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void rebuild();
    void addLines();
    void addAxis(size_t at);
    void showBrushes();
    void restyle();
    void press(const QPoint& position);
    void move(const QPoint& position, Qt::MouseButtons buttons);
    void release(const QPoint& position);
    bool pressKey(int key);
    /// While the plot has the focus, the axis that the keys brush is thick.
    void showKeyAxis();
    void changeBrushes();
    [[nodiscard]] std::optional<size_t> axisNear(const QPoint& position) const;
    [[nodiscard]] int lineNear(const QPoint& position) const;
    /// A trial's number and its value on every axis; empty for 0.
    [[nodiscard]] QString readOut(int number) const;
    [[nodiscard]] double positionAt(int pixel) const;

    QCustomPlot* m_plot = nullptr;
    ParallelData m_data;
    Brushes m_brushes;
    double m_share = 1;
    int m_highlighted = 0;
    std::vector<QCPItemRect*> m_brushItems;
    std::vector<size_t> m_lineOfGraph; ///< graphs are the complete lines, in their order
    std::optional<size_t> m_brushing;  ///< axis on which the mouse drags
    QPoint m_pressed;
    size_t m_keyAxis = 0; ///< of the keyboard
    std::vector<QCPItemLine*> m_axisLines;
    Settings* m_settings = nullptr;
};

} // namespace clwb::ui
