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
