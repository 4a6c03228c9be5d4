// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the banner: one line; details fold out below it and can be selected and copied.
#include "ui/widgets/banner.h"

#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QApplication>
#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kLifetimeMs = 15000;
constexpr int kLookAgainMs = 1000;
constexpr size_t kMostWaiting = 20;

} // namespace

Banner::Banner(const QString& objectName, QWidget* parent)
    : Card(parent)
{
    nameWidget(this, objectName, tr("Message"));
    body()->setContentsMargins(14, 4, 8, 4);
    body()->setSpacing(2);
    m_line = new QHBoxLayout;
    m_text = makeElided({}, this);
    m_text->setProperty("muted", false);
    m_line->addWidget(m_text, 1);
    m_toggle = makeLink(objectName + u".details"_s, tr("Details"), this);
    m_toggle->setCheckable(true);
    m_toggle->setAccessibleName(tr("Details of the message"));
    connect(m_toggle, &QPushButton::toggled, this, &Banner::showDetails);
    m_line->addWidget(m_toggle);
    m_offer = makeButton(objectName + u".offer"_s, {}, this);
    m_offer->setAccessibleName(tr("What the message offers"));
    m_line->addWidget(m_offer);
    m_offer->hide();
    connect(m_offer, &QPushButton::clicked, this, [this] {
        const auto act = std::exchange(m_now.act, {});
        leave();
        if (act)
            act();
    });
    m_more = makeLink(objectName + u".more"_s, {}, this);
    m_more->setAccessibleName(tr("Show the next message"));
    m_line->addWidget(m_more);
    m_more->hide();
    connect(m_more, &QPushButton::clicked, this, &Banner::showOther);
    QPushButton* close = makeLink(objectName + u".close"_s, tr("Dismiss"), this);
    m_line->addWidget(close);
    body()->addLayout(m_line);
    m_details = makeMuted({}, this);
    m_details->setWordWrap(true);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    body()->addWidget(m_details);
    connect(close, &QPushButton::clicked, this, &Banner::leave);
    m_life.setSingleShot(true);
    m_life.setInterval(kLifetimeMs);
    connect(&m_life, &QTimer::timeout, this, &Banner::fade);
    hide();
}

bool Banner::onlyInforms() const
{
    return m_now.tone == Tone::Invitation && !m_now.act;
}

void Banner::showMessage(Tone tone, const QString& text, const QString& details)
{
    m_older.clear();
    m_isTold = false;
    m_now = {tone, text, details, {}, {}};
    showNow();
}

void Banner::tell(Tone tone, const QString& text, const QString& details)
{
    const auto isSame = [&](const Message& message) { return message.text == text; };
    std::erase_if(m_older, isSame);
    if (!isHidden() && !onlyInforms() && !isSame(m_now))
        m_older.insert(m_older.begin(), std::move(m_now));
    if (m_older.size() > kMostWaiting)
        m_older.pop_back();
    m_isTold = true;
    m_now = {tone, text, details, {}, {}};
    showNow();
}

void Banner::offer(const QString& text, std::function<void()> act)
{
    m_now.offer = text;
    m_now.act = std::move(act);
    showNow();
}

void Banner::retract(const QString& text)
{
    std::erase_if(m_older, [&](const Message& message) { return message.text == text; });
    if (m_now.text == text)
        leave();
    else if (!isHidden())
        showNow();
}

void Banner::leave()
{
    if (m_older.empty()) {
        m_life.stop();
        hide();
        Q_EMIT closed();
        return;
    }
    m_now = std::move(m_older.front());
    m_older.erase(m_older.begin());
    showNow();
}

void Banner::showOther()
{
    if (m_older.empty())
        return;
    m_older.push_back(std::exchange(m_now, std::move(m_older.front())));
    m_older.erase(m_older.begin());
    showNow();
}

void Banner::showNow()
{
    const QString first = m_now.details.section(u'\n', 0, 0);
    const QString all = m_now.details.isEmpty() ? m_now.text : m_now.text + u'\n' + m_now.details;
    m_text->setText(first.isEmpty() ? m_now.text : u"%1 — %2"_s.arg(m_now.text, first));
    m_text->setToolTip(all);
    m_details->setText(all);
    m_toggle->setVisible(!m_now.details.isEmpty());
    m_toggle->setChecked(false);
    showDetails(false);
    m_offer->setText(m_now.offer);
    if (m_now.act)
        m_offer->setAccessibleName(m_now.offer);
    m_offer->setVisible(bool(m_now.act));
    m_more->setText(tr("%n more", nullptr, waiting()));
    m_more->setToolTip(tr("Other messages are still to be read: show the next one"));
    m_more->setVisible(!m_older.empty());
    setAccessibleDescription(all);
    if (m_isTold && onlyInforms() && m_actions == 0)
        m_life.start();
    else
        m_life.stop();
    update();
    show();
}

void Banner::showDetails(bool isOpen)
{
    m_details->setVisible(isOpen);
    m_toggle->setText(isOpen ? tr("Fewer Details") : tr("Details"));
}

void Banner::fade()
{
    const QWidget* focus = QApplication::focusWidget();
    const bool isLookedAt = underMouse() || (focus && isAncestorOf(focus)) ||
                            m_toggle->isChecked() || !isActiveWindow();
    if (isLookedAt)
        m_life.start(std::min(kLookAgainMs, m_life.interval()));
    else
        leave();
}

void Banner::setLifetime(int milliseconds)
{
    m_life.setInterval(milliseconds);
}

QPushButton* Banner::addAction(const QString& objectName, const QString& text, bool primary)
{
    QPushButton* button =
        primary ? makePrimary(objectName, text, this) : makeButton(objectName, text, this);
    m_line->insertWidget(m_line->count() - 1, button);
    ++m_actions;
    return button;
}

void Banner::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_now.tone == Tone::Problem ? problemGround(theme) : theme.accentSoft);
    painter.drawRoundedRect(QRectF(rect()), 8, 8);
}

} // namespace clwb::ui
