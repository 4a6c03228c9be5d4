// SPDX-License-Identifier: GPL-3.0-or-later
// What the run on the New run page would cost, and where that is known from.
#include "core/run/earlier_runs.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/pages/new_run_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kSideWidth = 330;
constexpr int kSmallSideWidth = 290; ///< beside a form that needs the room itself
constexpr int kWideWidth = 1000;     ///< of the page, from which on there is room for everything
constexpr int kEstimateLines = 4;    // at most, in the usual width
constexpr int kRoomyHeight = 640;

/// One time where the measurements agree, the span of them where they do not.
QString spanText(double middle, double least, double most)
{
    constexpr double kAgree = 1.15;
    const QString from = durationText(least);
    const QString to = durationText(most);
    if (least <= 0 || most < kAgree * least || from == to)
        return durationText(middle);
    return from + u" – "_s + to;
}

} // namespace

void NewRunPage::makeEstimate(Card* card)
{
    card->body()->addWidget(makeHeading(tr("Estimate"), card));
    m_estimate = makeMuted({}, card);
    m_estimate->setObjectName(u"new_run.estimate"_s);
    m_estimate->setWordWrap(true);
    m_estimate->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    card->body()->addWidget(m_estimate);
    m_same = makeLink(u"new_run.same"_s, {}, card);
    nameWidget(m_same, u"new_run.same"_s, tr("Open the run of the same configuration"));
    m_same->setStyleSheet(u"QPushButton { text-align: left; padding-left: 0; }"_s);
    m_same->hide();
    card->body()->addWidget(m_same);
}

void NewRunPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const bool isWide = width() >= textScaled(*this, kWideWidth);
    const int side = isWide ? kSideWidth : kSmallSideWidth;
    m_runCard->setFixedWidth(
        std::clamp(textScaled(*this, side), side, std::max(side, width() / 2)));
    m_words->setDirection(isWide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_words->setSpacing(isWide ? 18 : 4);
    // Where there is room, Start stays where it is while the estimate is being made and when the
    // same run turns out to exist.
    const bool isRoomy = height() >= textScaled(*this, kRoomyHeight);
    m_estimate->setMinimumHeight(isRoomy ? kEstimateLines * m_estimate->fontMetrics().lineSpacing()
                                         : 0);
    QSizePolicy policy = m_same->sizePolicy();
    policy.setRetainSizeWhenHidden(isRoomy);
    m_same->setSizePolicy(policy);
}

void NewRunPage::estimate()
{
    if (!m_check.isValid() || !m_studyProblem.isEmpty() || !state().engine().estimate)
        return;
    if (state().queue().isBusy()) {
        m_estimate->setText(tr("measured when nothing trains"));
        return;
    }
    if (isForDemo() && !m_demoIsMade) {
        m_estimate->setText(tr("measured once the demo's pictures are drawn, which the first run "
                               "does before it trains"));
        return;
    }
    const int request = ++m_estimateRequest;
    m_isEstimating = true;
    m_background->ask(
        this,
        [estimate = state().engine().estimate, spec = m_check.specs.front(),
         doneSessions = m_branch ? m_branch->session : 0] { return estimate(spec, doneSessions); },
        [this, request](const Result<run::Estimate>& answer) {
            m_isEstimating = false;
            if (request == m_estimateRequest)
                showEstimate(answer);
            else if (m_check.isValid() && !m_estimateTimer.isActive())
                estimate();
        });
}

void NewRunPage::showEstimate(const Result<run::Estimate>& estimate)
{
    const bool isAboutFiles = !estimate && (estimate.error().code == ErrorCode::Usage ||
                                            estimate.error().code == ErrorCode::Data);
    m_dataProblem = isAboutFiles ? errorText(estimate.error()) : QString();
    showCheck();
    if (!estimate) {
        m_estimate->setText(isAboutFiles ? u"—"_s : errorText(estimate.error()));
        return;
    }
    if (!state().hasProject()) {
        tellEstimate(*estimate, std::nullopt);
        return;
    }
    const spec::RunSpec& spec = m_check.specs.front();
    const run::PlannedWork work{estimate->steps, estimate->evaluations, m_branch.has_value()};
    std::vector<store::RunRow> candidates = run::candidatesLike(state().runs(), spec);
    if (candidates.empty()) {
        tellEstimate(*estimate, std::nullopt);
        return;
    }
    // What they tell stays the same until there is another one.
    std::string key = run::costClass(spec) + ' ' + std::to_string(work.steps) + ' ' +
                      std::to_string(work.evaluations);
    for (const store::RunRow& row : candidates)
        key += ' ' + std::to_string(row.runId);
    if (key == m_comparedKey) {
        tellEstimate(*estimate, m_compared);
        return;
    }
    m_comparingRequest = m_estimateRequest;
    state().reader()->ask(
        this,
        [spec, work, candidates = std::move(candidates)](store::Project& project) {
            return run::timesOfEarlierRuns(project, candidates, spec, work);
        },
        [this, request = m_estimateRequest, measured = *estimate,
         key = std::move(key)](const Result<std::optional<run::EarlierTimes>>& earlier) {
            if (request != m_estimateRequest)
                return;
            m_comparingRequest.reset();
            if (earlier) {
                m_comparedKey = key;
                m_compared = *earlier;
            }
            tellEstimate(measured, earlier ? *earlier : std::nullopt);
        });
}

void NewRunPage::tellEstimate(const run::Estimate& measured,
                              const std::optional<run::EarlierTimes>& earlier)
{
    const auto runs = static_cast<int>(m_check.specs.size());
    // Trials that differ in their epochs take about as many times as long.
    double times = 0;
    for (const spec::RunSpec& spec : m_check.specs)
        times += static_cast<double>(spec.schedule.epochs) /
                 static_cast<double>(m_check.specs.front().schedule.epochs);
    // What runs really took holds more than a measurement of a few steps can.
    const QString time =
        earlier ? spanText(times * earlier->seconds, times * earlier->least, times * earlier->most)
                : spanText(times * measured.seconds, times * measured.leastSeconds,
                           times * measured.mostSeconds);
    QString text = tr("%1 · %2 disk · %3 memory")
                       .arg(time, bytesText(measured.diskBytes * static_cast<uint64_t>(runs)),
                            bytesText(measured.memoryBytes));
    if (runs > 1)
        text += u'\n' + tr("for %1 runs one after another").arg(runs);
    const QString steps = countText(measured.steps);
    const QString source = earlier ? countedText(earlier->runs, tr("from %1 earlier run like it"),
                                                 tr("from %1 earlier runs like it"))
                                   : tr("measured just now; longer while other programs work");
    m_estimate->setText(text + u'\n' +
                        (runs > 1 ? tr("%1 steps each").arg(steps) : tr("%1 steps").arg(steps)) +
                        u", "_s + source);
}

} // namespace clwb::ui
