// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/elided_combo.h"

#include <QAbstractItemView>
#include <QScreen>
#include <QStylePainter>

#include <algorithm>

namespace clwb::ui
{

ElidedCombo::ElidedCombo(QWidget* parent)
    : QComboBox(parent)
{
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(this, &QComboBox::currentTextChanged, this, &QWidget::setToolTip);
}

void ElidedCombo::showPopup()
{
    constexpr int kFrame = 32;
    const int widest = screen() ? screen()->availableGeometry().width() : 1024;
    view()->setMinimumWidth(std::min(view()->sizeHintForColumn(0) + kFrame, widest));
    QComboBox::showPopup();
}

int ElidedCombo::wholeWidth() const
{
    constexpr int kAnyWidth = 1000;
    constexpr int kLabelMargins = 4; // styles keep some pixels within the field
    ensurePolished();
    QStyleOptionComboBox option;
    initStyleOption(&option);
    option.rect = QRect(0, 0, kAnyWidth, sizeHint().height());
    const QRect field =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    const int text = fontMetrics().horizontalAdvance(currentText());
    return std::max(text + kAnyWidth - field.width() + kLabelMargins, minimumSizeHint().width());
}

void ElidedCombo::paintEvent(QPaintEvent* /*event*/)
{
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    const QRect field =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    option.currentText = fontMetrics().elidedText(currentText(), Qt::ElideRight, field.width());
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

} // namespace clwb::ui
