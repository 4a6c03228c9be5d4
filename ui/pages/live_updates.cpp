// SPDX-License-Identifier: GPL-3.0-or-later
// How the Live page fills its parts from the run it shows.
#include "ui/bridge/qt_text.h"
#include "ui/models/class_changes.h"
#include "ui/models/run_filter.h"
#include "ui/pages/live_page.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/matrix_view.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/axis_box.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/class_strip.h"
#include "ui/widgets/log_panel.h"
#include "ui/widgets/metric_tile.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void LivePage::scheduleUpdate(const LiveChanges& changes)
{
    m_pending |= changes;
    if (!m_update.isActive())
        m_update.start();
}

void LivePage::updateNow()
{
    m_update.stop();
    if (!isVisible()) // what is not seen is drawn when the page is shown
        return;
    const LiveChanges changes = std::exchange(m_pending, {});
    updateHeader();
    if (changes.metrics) {
        updateTiles();
        updateCurves();
        updateMatrix();
    }
    if (changes.losses)
        updateLosses();
    if (changes.log)
        updateLog();
}

QString LivePage::stoppingText() const
{
    const RunQueue& queue = state().queue();
    if (queue.state() == RunQueue::State::Pausing)
        return tr("pausing…");
    switch (queue.stopPoint()) {
    case StopPoint::Epoch:
        return tr("stops after this epoch");
    case StopPoint::Session:
        return tr("stops after this session");
    case StopPoint::Now:
        return tr("stopping without saving…");
    case StopPoint::Batch:
        break;
    }
    return tr("stopping…");
}

QString LivePage::phaseText() const
{
    if (isShowingWorker() && state().queue().state() == RunQueue::State::Paused)
        return tr("paused");
    switch (shown().phase) {
    case LiveRun::Phase::Empty:
        return {};
    case LiveRun::Phase::Preparing:
        return tr("preparing");
    case LiveRun::Phase::Training:
        return tr("training");
    case LiveRun::Phase::Evaluating:
        return tr("evaluating");
    case LiveRun::Phase::Saving:
        return tr("saving");
    case LiveRun::Phase::Stopping:
        return stoppingText();
    case LiveRun::Phase::Ended:
        break;
    }
    const QString& status = shown().status;
    if (status == "finished"_L1)
        return tr("finished");
    if (status == "failed"_L1)
        return tr("failed");
    const store::RunRow* other = shownElsewhere();
    const auto asked = other ? state().askedToStop(other->runId) : std::nullopt;
    if (status == "running"_L1)
        return asked ? askedText(*asked) : tr("training in another program");
    return status == "stopped"_L1 ? tr("stopped") : status;
}

void LivePage::updateHeader()
{
    const LiveRun& run = shown();
    const Theme& theme = themeOf(palette());
    m_title->setText(run.title);
    m_number->setText(run.runId ? u'#' + QString::number(*run.runId) : QString());
    const QString phase = phaseText();
    m_phase->setText(phase.isEmpty() ? QString() : u"● "_s + phase);
    m_phase->setAccessibleName(tr("State: %1").arg(phase));
    QPalette colours = m_phase->palette();
    const store::RunRow* other = toBeAsked();
    const bool isWarning = run.phase == LiveRun::Phase::Stopping || run.status == "stopped"_L1 ||
                           run.status == "interrupted"_L1 || phase == tr("paused") ||
                           (other && state().askedToStop(other->runId));
    colours.setColor(QPalette::WindowText, run.status == "failed"_L1     ? theme.bad
                                           : isWarning                   ? theme.warning
                                           : run.status == "finished"_L1 ? theme.muted
                                                                         : theme.good);
    m_phase->setPalette(colours);
    QStringList position;
    const run::Progress& at = run.progress;
    if (run.isActive() && at.sessions > 0) {
        position << tr("session %1 of %2").arg(at.session).arg(at.sessions);
        if (at.epochs > 0 && at.phase == run::Progress::Phase::Training)
            position << tr("epoch %1 of %2").arg(at.epoch).arg(at.epochs);
        // Where there is little room the last ones are left out.
        if (const QString left = timeLeftText(at); !left.isEmpty())
            position << left;
        if (at.batches > 0)
            position << tr("batch %1 of %2").arg(at.batch).arg(at.batches);
        if (!run.stepTimes.empty() && run.stepTimes.front().step <= 1)
            position << tr("%1 so far").arg(durationText(secondsWorked(run.stepTimes)));
    } else if (run.sessions > 0 && !run.curves.empty()) {
        position << tr("%1 of %2 sessions").arg(run.finishedSessions()).arg(run.sessions);
        if (run.lastStep > 0)
            position << tr("%1 steps").arg(countText(run.lastStep));
    }
    m_position->setText(position.join(u" · "_s));
    updateElsewhere();
    updateButtons();
    arrangeHeader();
    readLoad();
    updateFigures();
}

void LivePage::arrangeHeader()
{
    constexpr int kPosition = 280; // "session 3 of 8 · epoch 4 of 10 · 31 s left", now and later
    constexpr int kAround = 80;    // margins and spaces
    constexpr int kPhase = 110;    // "● evaluating", so that no phase breaks the line
    const int needed = m_title->sizeHint().width() + m_number->sizeHint().width() +
                       std::max(m_phase->sizeHint().width(), textScaled(*this, kPhase)) +
                       textScaled(*this, kPosition) + m_headerButtons->sizeHint().width() + kAround;
    m_header->setDirection(needed <= width() ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_title->setMaximumWidth(std::max(1, width() / 2)); // where the run is must be read, too
}

void LivePage::updateButtons()
{
    const RunQueue::State now = state().queue().state();
    // Beside a run that another program trains they are for that one, which knows no pause.
    const store::RunRow* other = shownElsewhere();
    const bool hasWork = now != RunQueue::State::Idle && !other;
    m_pause->setVisible(hasWork);
    m_stop->setVisible(hasWork || other);
    m_stop->setToolTip(other ? tr("Ask the other program to end the run at its next batch, with a "
                                  "checkpoint that can be continued")
                             : tr("End at the next batch with a checkpoint that can be continued"));
    // The keyboard stays here while the button waits for the trainer: its neighbour stops the run.
    if (m_pause->hasFocus() && !isActionEnabled(u"live.pause"_s) && hasWork) {
        m_isPauseFocused = true;
        setFocus();
    }
    m_pause->setText(now == RunQueue::State::Paused ? tr("Continue") : tr("Pause"));
    m_pause->setAccessibleName(m_pause->text());
    m_pause->setEnabled(isActionEnabled(u"live.pause"_s));
    if (m_isPauseFocused && m_pause->isEnabled()) {
        m_isPauseFocused = false;
        if (hasFocus())
            m_pause->setFocus();
    }
    m_stop->setEnabled(isActionEnabled(u"live.stop"_s));
    m_stop->setText(isSaving(other) ? tr("Stop Now…") : tr("Stop and Save"));
    m_stopLater->setVisible(hasWork || other);
    m_stopLater->setEnabled(isActionEnabled(u"live.stopEpoch"_s) ||
                            isActionEnabled(u"live.stopNow"_s));
    const store::RunRow* stopped = continuable();
    m_continue->setVisible(stopped != nullptr);
    m_continue->setEnabled(state().readOnlyReason().isEmpty());
    m_continue->setToolTip(state().readOnlyReason().isEmpty()
                               ? tr("Go on exactly where this run stopped")
                               : state().whyNoRuns());
    m_lost->setVisible(shown().runId && shown().status == "finished"_L1 &&
                       m_loadOf == shown().runId && m_hasRanks);
    m_openInRuns->setEnabled(shown().runId.has_value());
    m_compare->setEnabled(state().hasProject());
}

void LivePage::updateTiles()
{
    const LiveRun& run = shown();
    const int places = run.sessions + 1;
    for (const auto& [name, tile] : m_tiles) {
        const auto metric = metricOfShortName(toQt(name), fromQt(run.setting));
        const std::vector<double> history = run.history(metric.value_or(name));
        std::optional<double> original;
        if (name != "bwt" && !history.empty() && std::isfinite(history.front()))
            original = history.front();
        tile->setHistory(history, original, places);
        tile->setColour(state().looks().colourOf(run.runId.value_or(-1), run.kind, run.method));
    }
    m_tiles["bwt"]->setVisible(run.setting != "OST"_L1);
}

CurveData LivePage::curveData(const std::string& metric, const QString& name, CurveAxis axis,
                              QStringList& notShown) const
{
    const LiveRun& run = shown();
    CurveData curve{name, u"%"_s, std::max(1, run.sessions), {}, {}};
    curve.marksBroken = true;
    curve.axis = axis;
    const RunPlaces own = axis == CurveAxis::Session ? RunPlaces() : placesOf(run);
    const auto add = [&](const LiveRun& source, bool isMain) {
        const auto points = source.curves.find(metric);
        if (points == source.curves.end() || points->second.empty())
            return;
        QString label = source.label;
        if (!isMain && source.runId)
            label += u" #"_s + QString::number(*source.runId);
        curve.series.push_back(
            {label, state().looks().colourOf(source.runId.value_or(-1), source.kind, source.method),
             optionStyle(source.option), points->second, isMain,
             source.runId ? QString::number(*source.runId) : QString()});
        CurveSeries& series = curve.series.back();
        series.isHidden = m_hidden.contains(series.id);
        if (axis == CurveAxis::Session)
            return;
        const auto found = m_places.find(source.runId.value_or(-1));
        const RunPlaces* places = isMain                    ? &own
                                  : found == m_places.end() ? nullptr
                                                            : &found->second;
        const size_t missing = putOnAxis(series, [&](double session) {
            return places ? places->placeOf(axis, session) : std::nullopt;
        });
        if (missing > 0 && series.points.empty())
            notShown << series.label;
        else if (missing > 0)
            notShown << tr("%1 of %2 values of %3")
                            .arg(missing)
                            .arg(missing + series.points.size())
                            .arg(series.label);
        if (series.points.empty())
            curve.series.pop_back();
    };
    for (const auto& [id, comparison] : m_comparisons)
        add(comparison, false);
    add(run, true);
    // The original model's own run, or else this run's value before training.
    std::optional<double> original = run.valueAt(metric, 0);
    std::optional<double> joint;
    for (const store::RunRow& row : state().runs()) {
        const auto value = row.metrics.find(metric);
        if (toQt(row.study) != run.study || row.study.empty() || value == row.metrics.end() ||
            row.status == "reported" || row.runId == run.runId || row.isPathPoint())
            continue;
        if (row.kind == "original" && !original)
            original = value->second;
        else if (row.kind == "joint" && row.status == "finished" &&
                 toQt(row.setting) == run.setting)
            joint = value->second;
    }
    if (original)
        curve.references.push_back({tr("original CLIP"), *original});
    if (joint)
        curve.references.push_back({tr("joint"), *joint});
    return curve;
}

void LivePage::toggleCurve(const QString& id)
{
    toggleLine(m_hidden, id);
    updateCurves();
}

void LivePage::isolateCurve(const QString& id)
{
    std::vector<QString> drawn;
    for (const CurveSeries& series : m_ut->data().series)
        drawn.push_back(series.id);
    isolateLine(m_hidden, drawn, id);
    updateCurves();
}

void LivePage::updateCurves()
{
    const LiveRun& run = shown();
    const bool isMultiple = run.setting != "OST"_L1;
    const RunPlaces places = placesOf(run);
    for (const CurveAxis each : kCurveAxes)
        offerAxis(*m_curveAxis, each, places.has(each));
    const CurveAxis wanted = axisOfBox(*m_curveAxis);
    const CurveAxis axis = places.has(wanted) ? wanted : CurveAxis::Session;
    QStringList notShown;
    QStringList notShownZs;
    m_ut->setData(curveData(run.mainUtMetric(), tr("UT-Acc"), axis, notShown));
    m_zs->setData(curveData("ZS-Acc", tr("ZS-Acc"), axis, notShownZs));
    m_utCard->setTitle(tr("UT-Acc %1").arg(axisPhrase(axis)));
    m_zsCard->setTitle(tr("ZS-Acc %1").arg(axisPhrase(axis)));
    QString told;
    if (axis != wanted)
        told = tr("shown by session, %1 · ").arg(whyNotOn(wanted));
    else if (!notShown.isEmpty())
        told = tr("%1 not shown, %2: %3 · ")
                   .arg(QString::number(notShown.size()), whyNotOn(axis), notShown.join(u", "_s));
    QString ut = isMultiple ? tr("session mean") : tr("over all crops");
    QString zs;
    if (!run.records.empty()) {
        const metrics::EvaluationRecord& record = run.records.rbegin()->second;
        if (record.ut)
            ut += tr(", %1 classes").arg(record.ut->classes.size());
        if (record.zs)
            zs = tr("%1 classes, ").arg(record.zs->classes.size());
    }
    m_utCard->setSubtitle(told + ut + tr(", test split"));
    m_zsCard->setSubtitle(zs + tr("test split"));
}

void LivePage::updateMatrix()
{
    const LiveRun& run = shown();
    size_t columns = 0;
    for (const auto& entry : run.accuracies)
        columns = std::max(columns, entry.second.size());
    m_matrix->setData({run.accuracies, std::max(1, run.sessions),
                       columns > 0 ? static_cast<int>(columns) : std::max(1, run.sessions)});
    QStringList subtitle{tr("accuracy by session, %")};
    const int last = run.finishedSessions();
    for (const auto& [metric, text] :
         {std::pair<std::string, QString>{run.mainUtMetric(), tr("mean %1")},
          {"Bwt", tr("Bwt %1")}}) {
        if (const auto value = run.valueAt(metric, last); value && std::isfinite(*value))
            subtitle << text.arg(numberText(*value, 2));
    }
    m_matrixCard->setSubtitle(subtitle.join(u" · "_s));
    m_classes->setRun(run.runId, {}, run.records);
}

void LivePage::updateLog()
{
    m_log->setLines(shown().log);
    m_log->setVisible(!shown().log.empty()); // of a stored run only warnings are kept
}

} // namespace clwb::ui
