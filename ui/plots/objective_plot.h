// SPDX-License-Identifier: GPL-3.0-or-later
// A metric of a sweep's trials by one of its settings: a point a trial.
#pragma once

#include "ui/plots/objective_data.h"
#include "ui/plots/plot_export.h"

#include <QWidget>

class QCPAxis;
class QKeyEvent;
class QCustomPlot;

namespace clwb::ui
{

class ObjectivePlot : public QWidget
{
    Q_OBJECT

public:
    explicit ObjectivePlot(const QString& objectName, QWidget* parent = nullptr);
    void setData(ObjectiveData data);
    [[nodiscard]] const ObjectiveData& data() const { return m_data; }
    /// Rings a trial's point; 0: none.
    void highlight(int number);
    [[nodiscard]] int highlighted() const { return m_highlighted; }
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] Figure figure();
    [[nodiscard]] QCustomPlot* plot() const { return m_plot; }
    [[nodiscard]] QSize sizeHint() const override { return {640, 260}; }

Q_SIGNALS:
    void pointed(int number);   ///< clicked or reached by the keyboard
    void activated(int number); ///< double click or Enter
    /// Keys L and Shift+L.
    void logarithmicYToggled();
    void logarithmicXToggled();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void rebuild();
    void fitSettingAxis();
    void fitMetricAxis();
    void addPoints();
    void showReadOut(const QPoint& position);
    void point(const ObjectivePoint& at);
    bool pressKey(const QKeyEvent& event);
    [[nodiscard]] QPointF pixelOf(const ObjectivePoint& point) const;
    [[nodiscard]] const ObjectivePoint* pointNear(const QPoint& position) const;

    QCustomPlot* m_plot = nullptr;
    ObjectiveData m_data;
    int m_highlighted = 0;
    Settings* m_settings = nullptr;
};

} // namespace clwb::ui
