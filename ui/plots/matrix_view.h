// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy after session s on the classes of session i, as rounded cells with numbers.
#pragma once

#include "ui/models/live_run.h"
#include "ui/plots/plot_export.h"

#include <QPoint>
#include <QWidget>

class QPainter;

namespace clwb::ui
{

struct MatrixData
{
    AccuracyRows rows; ///< by "after session"; row 0 is not shown
    int sessions = 0;  ///< rows of the finished matrix
    int columns = 0;   ///< sessions of the study
    enum class Scale {
        Accuracy,  ///< one colour from the smallest to the largest value
        Difference ///< two colours from 0, equally strong on both sides
    };
    Scale scale = Scale::Accuracy;
    /// Ends of the colours, for matrices side by side; nothing: of the values. Difference: ±.
    std::optional<double> low = {}, high = {};
};

/// Row by row: after_session, session_1, …; full precision, empty where not evaluated.
DataTable matrixTable(const MatrixData& data);

class MatrixView : public QWidget
{
    Q_OBJECT

public:
    explicit MatrixView(const QString& objectName, QWidget* parent = nullptr);
    void setData(MatrixData data);
    [[nodiscard]] const MatrixData& data() const { return m_data; }
    /// Where a cell is drawn; row and column from 1. Empty outside the matrix.
    [[nodiscard]] QRectF cellRect(int afterSession, int session) const;
    void setSettings(Settings* settings) { m_settings = settings; }
    [[nodiscard]] Figure figure(const QString& name);
    /// The value of a cell in words, and its number alone; rows and columns from 1.
    [[nodiscard]] QString cellText(int after, int session) const;
    [[nodiscard]] QString numberOf(int after, int session) const;
    /// "3 of 8 sessions, mean 57.20 after session 3"
    [[nodiscard]] QString summary() const;
    /// Column and row of the cell that the keyboard reads, from 1.
    [[nodiscard]] const QPoint& readCell() const { return m_cursor; }
    [[nodiscard]] QSize sizeHint() const override { return {420, 220}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 150}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override; ///< arrows read out cell by cell
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void paint(QPainter& painter, const QSize& size) const;
    void paintHeaders(QPainter& painter, const QSize& size) const;
    [[nodiscard]] QRectF cellIn(const QSize& size, int afterSession, int session) const;
    [[nodiscard]] QColor groundOf(double accuracy) const;
    [[nodiscard]] std::optional<double> value(int afterSession, int session) const;
    [[nodiscard]] int labelWidth() const;
    MatrixData m_data;
    double m_low = 0; ///< ends of the colours
    double m_high = 1;
    Settings* m_settings = nullptr;
    QPoint m_cursor{1, 1};
};

} // namespace clwb::ui
