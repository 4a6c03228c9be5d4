// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the banner; long details fold into a second line that can be selected and copied.
#include "ui/widgets/banner.h"

#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

Banner::Banner(const QString& objectName, QWidget* parent)
    : Card(parent)
{
    nameWidget(this, objectName, tr("Message"));
    body()->setContentsMargins(14, 8, 8, 8);
    body()->setSpacing(2);
    m_line = new QHBoxLayout;
    m_text = makeLabel({}, this);
    m_text->setWordWrap(true);
    m_line->addWidget(m_text, 1);
    m_offer = makeButton(objectName + u".offer"_s, {}, this);
    m_offer->setAccessibleName(tr("What the message offers"));
    m_line->addWidget(m_offer);
    m_offer->hide();
    connect(m_offer, &QPushButton::clicked, this, [this] {
        hide();
        if (const auto act = std::exchange(m_act, {}))
            act();
    });
    QPushButton* close = makeLink(objectName + u".close"_s, tr("Dismiss"), this);
    m_line->addWidget(close);
    body()->addLayout(m_line);
    m_details = makeMuted({}, this);
    m_details->setWordWrap(true);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    body()->addWidget(m_details);
    connect(close, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT closed();
    });
    hide();
}

void Banner::showMessage(Tone tone, const QString& text, const QString& details)
{
    m_tone = tone;
    m_act = {};
    m_offer->hide();
    m_text->setText(text);
    m_details->setText(details);
    m_details->setVisible(!details.isEmpty());
    setAccessibleDescription(details.isEmpty() ? text : text + u"\n"_s + details);
    update();
    show();
}

void Banner::offer(const QString& text, std::function<void()> act)
{
    m_act = std::move(act);
    m_offer->setText(text);
    m_offer->setAccessibleName(text);
    m_offer->show();
}

QString Banner::message() const
{
    return m_text->text();
}

QPushButton* Banner::addAction(const QString& objectName, const QString& text, bool primary)
{
    QPushButton* button =
        primary ? makePrimary(objectName, text, this) : makeButton(objectName, text, this);
    m_line->insertWidget(m_line->count() - 1, button);
    return button;
}

void Banner::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_tone == Tone::Problem ? mixed(theme.card, theme.bad, 0.14)
                                             : theme.accentSoft);
    painter.drawRoundedRect(QRectF(rect()), 8, 8);
}

} // namespace clwb::ui
