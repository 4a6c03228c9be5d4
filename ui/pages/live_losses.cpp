// SPDX-License-Identifier: GPL-3.0-or-later
// The losses on the Live page: smoothing, what the axes count, what could not be drawn.
#include "ui/bridge/qt_text.h"
#include "ui/pages/live_page.h"
#include "ui/plots/loss_plot.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QComboBox>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

const QString kLossSteps = u"live.lossSteps"_s;
const QString kLossEpochs = u"live.lossEpochs"_s;
const QString kLossSessions = u"live.lossSessions"_s;
const QString kLossWorked = u"live.lossWorked"_s;
const QString kLossClock = u"live.lossClock"_s;
const QString kLossLogY = u"live.lossLogY"_s;
const QString kLossLogX = u"live.lossLogX"_s;

} // namespace

void LivePage::makeLossCard(QWidget* parent)
{
    m_lossCard = new Card(tr("Loss terms"), {}, parent);
    m_smoothing = new QComboBox(m_lossCard);
    m_smoothing->setProperty("small", true);
    nameWidget(m_smoothing, u"live.smoothing"_s, tr("Smoothing of the loss curves"));
    for (const auto& [text, weight] : {std::pair{tr("raw"), 0.0},
                                       {tr("smoothed 0.6"), 0.6},
                                       {tr("smoothed 0.9"), 0.9},
                                       {tr("smoothed 0.97"), 0.97}})
        m_smoothing->addItem(text, weight);
    Settings& settings = state().settings();
    m_smoothing->setCurrentIndex(
        std::max(0, m_smoothing->findData(settings.value(u"live/smoothing"_s, 0.0))));
    connect(m_smoothing, &QComboBox::currentIndexChanged, this, [this] {
        state().settings().setValue(u"live/smoothing"_s, m_smoothing->currentData());
        updateLosses();
    });

    QToolButton* axes = makeMenuButton(u"live.lossAxes"_s, tr("Axes"), m_lossCard);
    axes->setAccessibleName(tr("Axes of the loss curves"));
    axes->setToolTip(tr("What the axis counts, and logarithmic axes (L, Shift+L in the plot)"));
    m_lossAxes = new QMenu(axes);
    auto* counted = new QActionGroup(m_lossAxes);
    const auto add = [&](const QString& id, const QString& text, bool isOn) {
        QAction* action = m_lossAxes->addAction(text);
        action->setObjectName(id);
        action->setCheckable(true);
        action->setChecked(isOn);
        connect(action, &QAction::triggered, this, [this, id] { toggleLossAxis(id); });
        return action;
    };
    const QString axis = settings.value(u"live/lossAxis"_s, kLossSteps).toString();
    for (const auto& [id, text] : {std::pair{kLossSteps, tr("Over &Steps")},
                                   {kLossEpochs, tr("Over &Epochs")},
                                   {kLossSessions, tr("Over Sessio&ns")},
                                   {kLossWorked, tr("Over Time of &Work")},
                                   {kLossClock, tr("Over Time of &Day")}})
        counted->addAction(add(id, text, id == axis));
    if (!counted->checkedAction())
        counted->actions().front()->setChecked(true);
    m_lossAxes->addSeparator();
    add(kLossLogY, tr("&Logarithmic Losses"), settings.value(u"live/lossLogY"_s, true).toBool());
    add(kLossLogX, tr("Logarithmic S&teps"), settings.value(u"live/lossLogX"_s, false).toBool());
    axes->setMenu(m_lossAxes);

    m_lossCard->header()->addWidget(axes);
    m_lossCard->header()->addWidget(m_smoothing);
    m_lossCard->body()->setSpacing(4);
    m_losses = new LossPlot(u"live.losses"_s, m_lossCard);
    m_losses->setSettings(&settings);
    m_lossCard->body()->addWidget(m_losses, 1);
    const auto toggle = [this](const QString& id) {
        return [this, id] { m_lossAxes->findChild<QAction*>(id)->trigger(); };
    };
    connect(m_losses, &LossPlot::logarithmicYToggled, this, toggle(kLossLogY));
    connect(m_losses, &LossPlot::logarithmicXToggled, this, toggle(kLossLogX));
}

void LivePage::toggleLossAxis(const QString& action)
{
    Settings& settings = state().settings();
    const bool isOn = m_lossAxes->findChild<QAction*>(action)->isChecked();
    if (action == kLossLogY)
        settings.setValue(u"live/lossLogY"_s, isOn);
    else if (action == kLossLogX)
        settings.setValue(u"live/lossLogX"_s, isOn);
    else
        settings.setValue(u"live/lossAxis"_s, action);
    updateLosses();
}

void LivePage::updateLosses()
{
    const LiveRun& run = shown();
    const auto isChosen = [this](const QString& id) {
        return m_lossAxes->findChild<QAction*>(id)->isChecked();
    };
    LossData losses;
    losses.series = run.losses;
    losses.runId = run.runId;
    losses.sessions = run.sessionStarts;
    losses.epochs = run.epochStarts;
    losses.epochsPerSession = run.epochs;
    losses.plannedSessions = run.sessions;
    if (run.phase == LiveRun::Phase::Training)
        losses.lastEpochSteps = static_cast<double>(run.progress.batches);
    losses.lastStep = static_cast<double>(run.lastStep);
    losses.smoothing = m_smoothing->currentData().toDouble();
    losses.wantsLogarithmicY = isChosen(kLossLogY);
    losses.isLogarithmicX = isChosen(kLossLogX);
    losses.times = placesInTime(run.stepTimes);
    for (const auto& [id, axis] : {std::pair{kLossEpochs, LossAxis::Epoch},
                                   {kLossSessions, LossAxis::Session},
                                   {kLossWorked, LossAxis::Worked},
                                   {kLossClock, LossAxis::Clock}}) {
        m_lossAxes->findChild<QAction*>(id)->setEnabled(canShow(losses, axis));
        if (isChosen(id) && canShow(losses, axis))
            losses.axis = axis;
    }
    m_lossAxes->findChild<QAction*>(kLossLogX)->setEnabled(losses.axis == LossAxis::Step);
    const bool isLogarithmic = losses.wantsLogarithmicY && canBeLogarithmic(losses);
    const QString omitted = omittedText(losses, isLogarithmic);
    QStringList subtitle{isLogarithmic ? tr("log axis, before weighting") : tr("before weighting")};
    if (!omitted.isEmpty())
        subtitle << omitted;
    m_lossCard->setSubtitle(subtitle.join(u" · "_s));
    const bool canSmooth =
        std::any_of(losses.series.begin(), losses.series.end(),
                    [](const auto& entry) { return canBeSmoothed(entry.second); });
    m_smoothing->setEnabled(canSmooth);
    m_smoothing->setToolTip(canSmooth ? QString() : tr("From 20 steps on"));
    m_losses->setData(std::move(losses));
}

} // namespace clwb::ui
