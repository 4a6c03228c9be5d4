// SPDX-License-Identifier: GPL-3.0-or-later
// Which columns a list has, in which order, and which value its metrics show: one line a column,
// found by search, moved by drag or keys.
#pragma once

#include <QDialog>
#include <QList>

class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace clwb::ui
{

class ColumnChooser : public QDialog
{
    Q_OBJECT

public:
    struct Line
    {
        int column = 0;
        QString title;
        QString tip;
        bool isShown = true;
        bool isMetric = false;
        bool isPinned = false; ///< stays at the left while the others scroll
        bool isBest = false;   ///< metrics: the best value instead of the last
    };
    explicit ColumnChooser(QWidget* parent);
    /// In the order they stand in.
    void setLines(const QList<Line>& lines);
    [[nodiscard]] QList<Line> lines() const;

Q_SIGNALS:
    void changed(); ///< by the user: take over lines()
    void resetAsked();
    /// Which value of a metric is shown: a menu at this place of the screen.
    void valueMenuAsked(int column, const QPoint& place);

private:
    void applySearch(const QString& text);
    void moveCurrent(int by);
    void updateValueButton();

    QLineEdit* m_search = nullptr;
    QTreeWidget* m_list = nullptr;
    QPushButton* m_value = nullptr;
    bool m_isFilling = false;
};

} // namespace clwb::ui
