// SPDX-License-Identifier: GPL-3.0-or-later
// The row of exclusive buttons.
#include "ui/widgets/segments.h"

#include "ui/widgets/building.h"
#include "ui/widgets/flow_layout.h"

#include <QButtonGroup>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

Segments::Segments(const QString& objectName, const QString& title, const QList<Choice>& choices,
                   QWidget* parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
{
    nameWidget(this, objectName, title);
    auto* layout = new FlowLayout(this);
    layout->setSpacing(6);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    for (const Choice& choice : choices) {
        QPushButton* button = makeButton(objectName + u"."_s + choice.id, choice.text, this);
        button->setAccessibleName(u"%1: %2"_s.arg(title, choice.text));
        button->setCheckable(true);
        button->setProperty("segment", true);
        button->setProperty("choice", choice.id);
        button->setToolTip(choice.tip);
        m_group->addButton(button);
        layout->addWidget(button);
    }
    if (!m_group->buttons().isEmpty())
        m_group->buttons().front()->setChecked(true);
    connect(m_group, &QButtonGroup::buttonClicked, this, [this](QAbstractButton* button) {
        Q_EMIT currentChanged(button->property("choice").toString());
    });
}

QString Segments::current() const
{
    const QAbstractButton* checked = m_group->checkedButton();
    return checked ? checked->property("choice").toString() : QString();
}

void Segments::setCurrent(const QString& id)
{
    if (QAbstractButton* button = buttonOf(id))
        button->setChecked(true);
}

void Segments::setChoiceEnabled(const QString& id, bool enabled)
{
    if (QAbstractButton* button = buttonOf(id))
        button->setEnabled(enabled);
}

void Segments::setChoiceText(const QString& id, const QString& text)
{
    QAbstractButton* button = buttonOf(id);
    if (!button || button->text() == text)
        return;
    button->setText(text);
    button->setAccessibleName(u"%1: %2"_s.arg(accessibleName(), text));
    updateGeometry();
}

QAbstractButton* Segments::buttonOf(const QString& id) const
{
    for (QAbstractButton* button : m_group->buttons()) {
        if (button->property("choice").toString() == id)
            return button;
    }
    return nullptr;
}

} // namespace clwb::ui
