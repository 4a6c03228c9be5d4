// SPDX-License-Identifier: GPL-3.0-or-later
// Makers of labels and buttons.
#include "ui/widgets/building.h"

#include "ui/shell/theme.h"
#include "ui/widgets/parts_label.h"

#include <QHelpEvent>
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
    [[nodiscard]] virtual QColor colour() const { return themeOf(palette()).muted; }
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.setPen(colour());
        painter.drawText(contentsRect(), Qt::AlignVCenter | Qt::AlignLeft, shown());
    }
    /// What is cut off can be read in the tip, where the label has none of its own.
    bool event(QEvent* event) override
    {
        if (event->type() != QEvent::ToolTip || !toolTip().isEmpty())
            return QLabel::event(event);
        showWholeText(*static_cast<QHelpEvent*>(event), *this, shown());
        return true;
    }

private:
    [[nodiscard]] QString shown() const
    {
        constexpr qsizetype kLeast = 7; // fewer letters of a sentence say nothing
        const QString part =
            fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
        return part == text() || part.size() >= kLeast ? part : QString();
    }
};

class ElidedTitle : public ElidedLabel
{
public:
    using ElidedLabel::ElidedLabel;
    [[nodiscard]] QSize minimumSizeHint() const override
    {
        constexpr int kLeast = 120;
        const QSize whole = QLabel::minimumSizeHint();
        return {std::min(whole.width(), textScaled(*this, kLeast)), whole.height()};
    }

protected:
    [[nodiscard]] QColor colour() const override { return palette().color(foregroundRole()); }
};

void makeTitleFont(QLabel& label)
{
    QFont font = label.font();
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 1.25);
    else
        font.setPixelSize(font.pixelSize() * 5 / 4);
    font.setWeight(QFont::DemiBold);
    label.setFont(font);
}

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
    makeTitleFont(*label);
    return label;
}

QLabel* makeElidedTitle(const QString& text, QWidget* parent)
{
    auto* label = new ElidedTitle(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("elided",
                       true); // its policy does not say so: it takes no more than it needs
    makeTitleFont(*label);
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
