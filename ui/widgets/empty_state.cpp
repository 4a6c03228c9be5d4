// SPDX-License-Identifier: GPL-3.0-or-later
// Centred title, sentence and buttons.
#include "ui/widgets/empty_state.h"

#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace clwb::ui
{

EmptyState::EmptyState(const QString& objectName, const QString& title, const QString& text,
                       QWidget* parent)
    : QWidget(parent)
{
    nameWidget(this, objectName, title);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addStretch(2);
    m_title = makeTitle(title, this);
    m_title->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_title);
    m_text = makeMuted(text, this);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    layout->addWidget(m_text);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(8);
    m_buttons->addStretch(1);
    m_buttons->addStretch(1);
    layout->addSpacing(6);
    layout->addLayout(m_buttons);
    layout->addStretch(3);
}

QPushButton* EmptyState::addAction(const QString& objectName, const QString& text, bool primary)
{
    QPushButton* button =
        primary ? makePrimary(objectName, text, this) : makeButton(objectName, text, this);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

void EmptyState::setText(const QString& title, const QString& text)
{
    m_title->setText(title);
    m_text->setText(text);
    setAccessibleName(title);
}

} // namespace clwb::ui
