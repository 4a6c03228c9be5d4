// SPDX-License-Identifier: GPL-3.0-or-later
// Makers of labels and buttons.
#include "ui/widgets/building.h"

#include "ui/shell/theme.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVariant>

#include <algorithm>

namespace clwb::ui
{

namespace
{

class ElidedLabel : public QLabel
{
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.setPen(themeOf(palette()).muted);
        painter.drawText(contentsRect(), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()));
    }
};

} // namespace

void nameWidget(QWidget* widget, const QString& objectName, const QString& accessibleName)
{
    widget->setObjectName(objectName);
    widget->setAccessibleName(accessibleName);
}

QLabel* makeLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel* makeMuted(const QString& text, QWidget* parent)
{
    QLabel* label = makeLabel(text, parent);
    label->setProperty("muted", true);
    return label;
}

int textScaled(const QWidget& widget, int pixels)
{
    constexpr int kUsualLine = 15; // px of a line of text at 9.75 pt
    return std::max(pixels, pixels * widget.fontMetrics().height() / kUsualLine);
}

QLabel* makeElided(const QString& text, QWidget* parent)
{
    auto* label = new ElidedLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("muted", true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

QLabel* makeHeading(const QString& text, QWidget* parent)
{
    QLabel* label = makeLabel(text, parent);
    label->setProperty("heading", true);
    return label;
}

QLabel* makeTitle(const QString& text, QWidget* parent)
{
    QLabel* label = makeLabel(text, parent);
    QFont font = label->font();
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 1.25);
    else
        font.setPixelSize(font.pixelSize() * 5 / 4);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

QPushButton* makeButton(const QString& objectName, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    QString spoken = text;
    nameWidget(button, objectName, spoken.remove(QLatin1Char('&')));
    button->setAutoDefault(false);
    return button;
}

QPushButton* makePrimary(const QString& objectName, const QString& text, QWidget* parent)
{
    QPushButton* button = makeButton(objectName, text, parent);
    button->setProperty("primary", true);
    return button;
}

QPushButton* makeLink(const QString& objectName, const QString& text, QWidget* parent)
{
    QPushButton* button = makeButton(objectName, text, parent);
    button->setProperty("flat", true);
    button->setCursor(Qt::PointingHandCursor);
    return button;
}

QToolButton* makeMenuButton(const QString& objectName, const QString& text, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setProperty("framed", true);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::StrongFocus);
    nameWidget(button, objectName, text);
    return button;
}

void setStyleFlag(QWidget* widget, const char* name, bool on)
{
    if (widget->property(name).toBool() == on)
        return;
    widget->setProperty(name, on);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace clwb::ui
