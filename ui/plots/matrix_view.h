// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy after session s on the classes of session i, as rounded cells with numbers.
#pragma once

#include "ui/models/live_run.h"

#include <QPoint>
#include <QWidget>

namespace clwb::ui
{

struct MatrixData
{
    AccuracyRows rows; ///< by "after session"; row 0 is not shown
    int sessions = 0;  ///< rows of the finished matrix
    int columns = 0;   ///< sessions of the study
};

class MatrixView : public QWidget
{
    Q_OBJECT

public:
    explicit MatrixView(const QString& objectName, QWidget* parent = nullptr);
    void setData(MatrixData data);
    [[nodiscard]] const MatrixData& data() const { return m_data; }
    /// Where a cell is drawn; row and column from 1. Empty outside the matrix.
    [[nodiscard]] QRectF cellRect(int afterSession, int session) const;
    [[nodiscard]] QSize sizeHint() const override { return {420, 220}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 150}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override; ///< arrows read out cell by cell
    bool event(QEvent* event) override;

private:
    [[nodiscard]] std::optional<double> value(int afterSession, int session) const;
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] QString cellText(int after, int session) const;
    MatrixData m_data;
    QPoint m_cursor{1, 1}; ///< column and row of the cell that the keyboard reads
};

} // namespace clwb::ui
