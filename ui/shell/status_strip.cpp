// SPDX-License-Identifier: GPL-3.0-or-later
// Facts and painting of the status line.
#include "ui/shell/status_strip.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_owner.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/parts_label.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kBarWidth = 160;
constexpr int kLightWidth = 22; // with the space after it
constexpr int kTextGap = 16;
constexpr int kBarGap = 14;

constexpr QStringView kRateSeparator = u"   ";
constexpr QStringView kRightSeparator = u" · ";

void fillRunning(const LiveRun& live, StatusFacts& facts)
{
    const run::Progress& at = live.progress;
    if (at.sessions > 0 && at.session > 0)
        facts.position = StatusStrip::tr("session %1 of %2").arg(at.session).arg(at.sessions);
    if (at.phase == run::Progress::Phase::Training && at.epochs > 0)
        facts.position += u" · "_s + StatusStrip::tr("epoch %1 of %2").arg(at.epoch).arg(at.epochs);
    else if (at.phase == run::Progress::Phase::Evaluating)
        facts.position += u" · "_s + StatusStrip::tr("evaluating");
    if (facts.position.isEmpty())
        facts.position = StatusStrip::tr("preparing");
    facts.fraction = std::clamp(at.fraction, 0.0, 1.0);
    QStringList rate{StatusStrip::tr("%1 %").arg(std::floor(facts.fraction * 100))};
    if (const QString left = timeLeftText(at); !left.isEmpty())
        rate << left;
    if (at.imagesPerSecond > 0)
        rate << StatusStrip::tr("%1 img/s").arg(countText(std::llround(at.imagesPerSecond)));
    facts.rate = rate.join(kRateSeparator);
}

/// "CPU 93 %", "1.2 GB", of a graphics card "GPU 98 %"; the disk when it gets short.
QStringList loadTexts(const std::optional<run::MachineLoad>& load)
{
    constexpr uint64_t kLittleDisk = uint64_t{2} << 30; // a paper-sized run writes about that much
    QStringList texts;
    if (!load)
        return texts;
    if (load->freeDiskBytes && *load->freeDiskBytes < kLittleDisk)
        texts << StatusStrip::tr("disk: %1 free").arg(bytesText(*load->freeDiskBytes));
    if (load->gpu)
        texts << StatusStrip::tr("GPU %1 % %2")
                     .arg(std::lround(load->gpu->percent))
                     .arg(bytesText(load->gpu->usedBytes));
    texts << StatusStrip::tr("CPU %1 %").arg(std::lround(load->cpuPercent), 2);
    texts << bytesText(load->residentBytes);
    return texts;
}

QString loadTip(const std::optional<run::MachineLoad>& load)
{
    QStringList lines{StatusStrip::tr("Open Live")};
    if (!load)
        return lines.front();
    lines << StatusStrip::tr("Processor: %1 % of all cores, by this program")
                 .arg(std::lround(load->cpuPercent));
    lines << StatusStrip::tr("Memory: %1").arg(bytesText(load->residentBytes));
    if (load->gpu)
        lines << StatusStrip::tr("Graphics card: %1 % busy, %2 of %3 used")
                     .arg(std::lround(load->gpu->percent))
                     .arg(bytesText(load->gpu->usedBytes), bytesText(load->gpu->totalBytes));
    if (load->freeDiskBytes)
        lines
            << StatusStrip::tr("Disk of the project: %1 free").arg(bytesText(*load->freeDiskBytes));
    return lines.join(u'\n');
}

} // namespace

StatusFacts statusOf(const AppState& state)
{
    StatusFacts facts;
    const LiveRun& live = state.live();
    const RunQueue::State now = state.queue().state();
    facts.what = now == RunQueue::State::Idle ? StatusStrip::tr("Idle")
                                              : QString(live.label + u' ' + live.setting).trimmed();
    switch (now) {
    case RunQueue::State::Idle:
        if (state.isWaitingForLock() || state.isOpening()) {
            facts.light = StatusFacts::Light::Amber;
            facts.position =
                state.isWaitingForLock()
                    ? StatusStrip::tr("another program holds the project locked: waiting…")
                    : StatusStrip::tr("opening the project…");
        } else if (live.phase == LiveRun::Phase::Ended && live.status == "failed"_L1) {
            facts.light = StatusFacts::Light::Red;
            facts.position = StatusStrip::tr("%1 failed").arg(live.title);
        } else if (const QString others = elsewhereText(state.runs()); !others.isEmpty()) {
            facts.what = StatusStrip::tr("Idle here");
            facts.position = others;
        } else if (live.phase == LiveRun::Phase::Ended) {
            facts.position = StatusStrip::tr("last: %1, %2").arg(live.title, live.status);
        }
        break;
    case RunQueue::State::Running:
        facts.light = StatusFacts::Light::Green;
        fillRunning(live, facts);
        break;
    case RunQueue::State::Pausing:
    case RunQueue::State::Stopping:
        facts.light = StatusFacts::Light::Amber;
        fillRunning(live, facts);
        if (now == RunQueue::State::Stopping && state.queue().stopPoint() == StopPoint::Now)
            facts.position = StatusStrip::tr("stopping…");
        else if (now == RunQueue::State::Pausing || state.queue().stopPoint() == StopPoint::Batch)
            facts.position = StatusStrip::tr("saving a checkpoint…");
        break;
    case RunQueue::State::Paused:
        facts.light = StatusFacts::Light::Amber;
        fillRunning(live, facts);
        facts.position = StatusStrip::tr("paused");
        facts.rate.clear();
        break;
    }
    QStringList right;
    if (state.hasProject())
        right << countedText(static_cast<int64_t>(state.runs().size()), StatusStrip::tr("%1 run"),
                             StatusStrip::tr("%1 runs"));
    if (!state.queue().waiting().empty())
        right << StatusStrip::tr("%n queued", nullptr,
                                 static_cast<int>(state.queue().waiting().size()));
    if (state.queue().isHeld())
        right << StatusStrip::tr("queue held");
    if (!state.readOnlyReason().isEmpty())
        right << StatusStrip::tr("read-only");
    right << loadTexts(state.machine().load());
    facts.right = right.join(kRightSeparator);
    return facts;
}

StatusFacts fittingFacts(StatusFacts facts, const QFontMetrics& metrics, int width)
{
    const auto widthOf = [&](const QString& text) {
        return text.isEmpty() ? 0 : metrics.horizontalAdvance(text) + kTextGap;
    };
    const int before = (facts.light == StatusFacts::Light::Off ? 0 : kLightWidth) +
                       widthOf(facts.what) + widthOf(facts.position) +
                       (facts.fraction < 0 ? 0 : kBarWidth + kBarGap);
    facts.right =
        fittingParts(facts.right, kRightSeparator, metrics, width - before - widthOf(facts.rate));
    const int right = metrics.horizontalAdvance(facts.right);
    facts.rate =
        fittingParts(facts.rate, kRateSeparator, metrics, width - before - right - kTextGap);
    return facts;
}

StatusStrip::StatusStrip(AppState& state, QWidget* parent)
    : QAbstractButton(parent)
    , m_state(state)
{
    nameWidget(this, u"status"_s, tr("What the worker does"));
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setToolTip(tr("Open Live"));
    setFixedHeight(30);
    connect(this, &QAbstractButton::clicked, this, [this] {
        // The right end tells what waits.
        const bool isAtRight = std::exchange(m_pressedAt, {}).x() > width() / 2;
        if (isAtRight && !m_state.queue().waiting().empty())
            m_state.requestAction(u"dialog.queue"_s);
        else
            m_state.requestPage(u"live"_s);
    });
    connect(&state, &AppState::liveChanged, this, &StatusStrip::updateFacts);
    connect(&state, &AppState::runsChanged, this, &StatusStrip::updateFacts);
    connect(&state, &AppState::projectChanged, this, &StatusStrip::updateFacts);
    connect(&state, &AppState::fileStateChanged, this, &StatusStrip::updateFacts);
    connect(&state, &AppState::openingChanged, this, &StatusStrip::updateFacts);
    connect(&state.queue(), &RunQueue::changed, this, &StatusStrip::updateFacts);
    connect(&state.machine(), &MachineMonitor::changed, this, &StatusStrip::updateFacts);
    updateFacts();
}

void StatusStrip::mousePressEvent(QMouseEvent* event)
{
    m_pressedAt = event->pos();
    QAbstractButton::mousePressEvent(event);
}

void StatusStrip::keyPressEvent(QKeyEvent* event)
{
    m_pressedAt = {};
    QAbstractButton::keyPressEvent(event);
}

void StatusStrip::showTip(const QString& tip)
{
    m_tip = tip;
    describe();
}

void StatusStrip::updateFacts()
{
    m_facts = statusOf(m_state);
    // What a narrow window has no room for is read here.
    const QString load = loadTip(m_state.machine().load());
    setToolTip(m_facts.rate.isEmpty() ? load : load + u'\n' + m_facts.rate);
    describe();
}

void StatusStrip::describe()
{
    const QStringList facts{m_facts.what, m_facts.position, m_facts.rate, m_facts.right};
    setAccessibleDescription(m_tip.isEmpty() ? facts.join(u", "_s) : m_tip);
    update();
}

void StatusStrip::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme.card);
    painter.fillRect(QRect(0, 0, width(), 1), theme.grid);
    if (hasFocus())
        painter.fillRect(QRect(0, 0, width(), 2), theme.accent);
    painter.setFont(font());
    painter.setPen(theme.muted);
    const QRect line(14, 1, width() - 28, height() - 1);
    const StatusFacts facts = fittingFacts(m_facts, fontMetrics(), line.width());
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, facts.right);
    if (!m_tip.isEmpty()) {
        painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, m_tip);
        return;
    }
    int left = line.left();
    if (facts.light != StatusFacts::Light::Off) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(facts.light == StatusFacts::Light::Green   ? theme.good
                         : facts.light == StatusFacts::Light::Amber ? theme.warning
                                                                    : theme.bad);
        painter.drawEllipse(QPointF(left + 5, line.center().y() + 1), 4.5, 4.5);
        left += kLightWidth;
    }
    const auto write = [&](const QString& text, int gap) {
        if (text.isEmpty())
            return;
        painter.setPen(theme.muted);
        painter.drawText(QRect(left, 1, line.right() - left, height() - 1), Qt::AlignVCenter, text);
        left += fontMetrics().horizontalAdvance(text) + gap;
    };
    write(facts.what, kTextGap);
    write(facts.position, kTextGap);
    if (facts.fraction >= 0) {
        painter.setPen(Qt::NoPen);
        const QRectF bar(left, height() / 2.0 - 2.5, kBarWidth, 6);
        painter.setBrush(theme.grid);
        painter.drawRoundedRect(bar, 3, 3);
        painter.setBrush(theme.accent);
        painter.drawRoundedRect(
            QRectF(bar.topLeft(), QSizeF(std::max(6.0, bar.width() * facts.fraction), 6)), 3, 3);
        left += kBarWidth + kBarGap;
    }
    write(facts.rate, kTextGap);
}

} // namespace clwb::ui
