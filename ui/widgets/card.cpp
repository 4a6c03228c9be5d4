// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and layout of a card.
#include "ui/widgets/card.h"

#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>

namespace clwb::ui
{

Card::Card(QWidget* parent)
    : QFrame(parent)
    , m_body(new QVBoxLayout(this))
{
    m_body->setContentsMargins(14, 12, 14, 12);
    m_body->setSpacing(8);
}

Card::Card(const QString& title, const QString& subtitle, QWidget* parent)
    : Card(parent)
{
    m_header = new QHBoxLayout;
    m_header->setSpacing(12);
    m_title = makeHeading(title, this);
    m_subtitle = makeElided(subtitle, this);
    m_header->addWidget(m_title);
    m_header->addWidget(m_subtitle, 1);
    m_body->addLayout(m_header);
    setAccessibleName(title);
}

void Card::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void Card::setSubtitle(const QString& subtitle, const QString& toolTip)
{
    m_subtitle->setText(subtitle);
    m_subtitle->setToolTip(toolTip.isEmpty() ? subtitle : toolTip);
}

void Card::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(themeOf(palette()).card);
    painter.drawRoundedRect(QRectF(rect()), 8, 8);
}

} // namespace clwb::ui
