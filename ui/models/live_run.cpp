// SPDX-License-Identifier: GPL-3.0-or-later
// How events become curves, matrix rows, loss series and log lines.
#include "ui/models/live_run.h"

#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"

#include <QCoreApplication>
#include <QTime>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr size_t kLogLines = 2000;

struct LiveRunText
{
    Q_DECLARE_TR_FUNCTIONS(LiveRun)
};

std::string textOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

LiveChanges& LiveChanges::operator|=(const LiveChanges& other)
{
    header |= other.header;
    metrics |= other.metrics;
    losses |= other.losses;
    log |= other.log;
    return *this;
}

void LiveRun::begin(const QString& newTitle)
{
    *this = LiveRun();
    title = newTitle;
    label = newTitle.section(u" · "_s, 0, 0);
    phase = Phase::Preparing;
    addLog(LogLine::Kind::Info, LiveRunText::tr("Preparing %1").arg(newTitle));
}

void LiveRun::addLog(LogLine::Kind kind_, const QString& text)
{
    log.push_back({kind_, QTime::currentTime().toString(u"HH:mm:ss"_s), text});
    if (log.size() > kLogLines)
        log.pop_front();
}

LiveChanges LiveRun::apply(const run::Event& event)
{
    if (const auto* started = std::get_if<run::RunStarted>(&event))
        return onStarted(*started);
    if (const auto* step = std::get_if<run::StepDone>(&event))
        return onStep(*step);
    if (const auto* broken = std::get_if<run::StepBroken>(&event))
        return addLosses(broken->step, broken->losses);
    if (const auto* evaluated = std::get_if<run::Evaluated>(&event))
        return onEvaluated(*evaluated);
    if (const auto* progressed = std::get_if<run::Progress>(&event))
        return onProgress(*progressed);
    if (const auto* finished = std::get_if<run::Finished>(&event))
        return onFinished(*finished);
    if (const auto* session = std::get_if<run::SessionStarted>(&event)) {
        const bool known =
            std::any_of(sessionStarts.begin(), sessionStarts.end(),
                        [&](const auto& s) { return s.session == session->session; });
        if (!known)
            sessionStarts.push_back({session->session, static_cast<double>(lastStep + 1)});
        addLog(LogLine::Kind::Info, LiveRunText::tr("Session %1: %2 classes, %3 training images")
                                        .arg(session->session)
                                        .arg(session->classes.size())
                                        .arg(countText(session->items)));
        return {.header = true, .losses = true, .log = true};
    }
    if (const auto* warning = std::get_if<run::Warning>(&event))
        addLog(LogLine::Kind::Warning, toQt(warning->text));
    else if (const auto* skipped = std::get_if<run::StepSkipped>(&event))
        addLog(
            LogLine::Kind::Warning,
            LiveRunText::tr("Step %1 left out: %2").arg(skipped->step).arg(toQt(skipped->reason)));
    else if (const auto* merged = std::get_if<run::Merged>(&event))
        addLog(LogLine::Kind::Info, LiveRunText::tr("Session %1 merged with α = %2")
                                        .arg(merged->session)
                                        .arg(numberText(merged->alpha, 2)));
    else if (const auto* saved = std::get_if<run::CheckpointSaved>(&event))
        addLog(LogLine::Kind::Info,
               LiveRunText::tr("Checkpoint at step %1").arg(countText(saved->step)));
    return {.log = true};
}

LiveChanges LiveRun::addEarlier(const LiveRun& stored)
{
    for (const auto& [metric, earlier] : stored.curves) {
        std::vector<CurvePoint>& points = curves[metric];
        const double first = points.empty() ? INFINITY : points.front().session;
        const auto end = std::find_if(earlier.begin(), earlier.end(), [&](const CurvePoint& point) {
            return point.session >= first;
        });
        points.insert(points.begin(), earlier.begin(), end);
    }
    for (const auto& [name, earlier] : stored.losses) {
        LossSeries& series = losses[name];
        const double first = series.steps.empty() ? INFINITY : series.steps.front();
        const auto count = std::lower_bound(earlier.steps.begin(), earlier.steps.end(), first) -
                           earlier.steps.begin();
        series.steps.insert(series.steps.begin(), earlier.steps.begin(),
                            earlier.steps.begin() + count);
        series.values.insert(series.values.begin(), earlier.values.begin(),
                             earlier.values.begin() + count);
    }
    const double firstTimed = stepTimes.empty() ? INFINITY : stepTimes.front().step;
    const auto timedEnd =
        std::find_if(stored.stepTimes.begin(), stored.stepTimes.end(),
                     [&](const StepStamp& stamp) { return stamp.step >= firstTimed; });
    stepTimes.insert(stepTimes.begin(), stored.stepTimes.begin(), timedEnd);
    accuracies.insert(stored.accuracies.begin(), stored.accuracies.end()); // those missing
    records.insert(stored.records.begin(), stored.records.end());
    for (const SessionStart& start : stored.sessionStarts) {
        const bool isKnown =
            std::any_of(sessionStarts.begin(), sessionStarts.end(),
                        [&](const SessionStart& known) { return known.session == start.session; });
        if (!isKnown)
            sessionStarts.push_back(start);
    }
    std::sort(sessionStarts.begin(), sessionStarts.end(),
              [](const auto& a, const auto& b) { return a.session < b.session; });
    // An epoch that went on here began there.
    const double firstSeen = epochStarts.empty() ? INFINITY : epochStarts.front().step;
    std::vector<EpochStart> starts;
    for (const EpochStart& start : stored.epochStarts) {
        if (start.step < firstSeen)
            starts.push_back(start);
    }
    const bool isSame = !starts.empty() && !epochStarts.empty() &&
                        starts.back().session == epochStarts.front().session &&
                        starts.back().epoch == epochStarts.front().epoch;
    starts.insert(starts.end(), epochStarts.begin() + (isSame ? 1 : 0), epochStarts.end());
    epochStarts = std::move(starts);
    return {.header = true, .metrics = true, .losses = true};
}

LiveChanges LiveRun::onStarted(const run::RunStarted& event)
{
    if (event.firstStep == 0) { // of a search the next run; of a repeated one everything anew
        curves.clear();
        accuracies.clear();
        losses.clear();
        sessionStarts.clear();
        epochStarts.clear();
        stepTimes.clear();
        records.clear();
    } else {
        forgetAfter(event.firstStep);
    }
    const Json& spec = event.resolvedSpec;
    kind = toQt(textOf(spec, "kind"));
    method = toQt(textOf(spec, "method"));
    option = toQt(textOf(spec, "option"));
    setting = toQt(textOf(spec, "setting"));
    study = toQt(textOf(spec, "study"));
    label = toQt(spec::displayLabel(fromQt(kind), fromQt(method), fromQt(option)));
    const auto schedule = spec.find("schedule");
    if (schedule != spec.end() && schedule->is_object())
        epochs = schedule->value("epochs", 0);
    sessions = event.sessions;
    lastStep = event.firstStep;
    phase = Phase::Training;
    addLog(LogLine::Kind::Info,
           event.firstStep > 0 ? LiveRunText::tr("Continuing at step %1 of %2")
                                     .arg(countText(event.firstStep), countText(event.totalSteps))
                               : LiveRunText::tr("Started: %1 steps in %2 sessions")
                                     .arg(countText(event.totalSteps))
                                     .arg(event.sessions));
    return {.header = true, .metrics = true, .losses = true, .log = true};
}

void LiveRun::forgetAfter(int64_t step)
{
    const auto last = static_cast<double>(step);
    for (auto& [name, series] : losses) {
        const auto kept =
            std::upper_bound(series.steps.begin(), series.steps.end(), last) - series.steps.begin();
        series.steps.resize(static_cast<size_t>(kept));
        series.values.resize(static_cast<size_t>(kept));
    }
    std::erase_if(epochStarts, [&](const EpochStart& start) { return start.step > last; });
    std::erase_if(sessionStarts, [&](const SessionStart& start) { return start.step > last + 1; });
    std::erase_if(stepTimes, [&](const StepStamp& stamp) { return stamp.step > last; });
}

LiveChanges LiveRun::addLosses(int64_t step, const std::map<std::string, double>& terms)
{
    for (const auto& [name, value] : terms) {
        if (name == "total")
            continue;
        LossSeries& series = losses[name];
        series.steps.push_back(static_cast<double>(step));
        series.values.push_back(value);
    }
    return {.losses = true};
}

void LiveRun::noteEpoch(int session, int epoch, int64_t step)
{
    if (epochStarts.empty() || epochStarts.back().session != session ||
        epochStarts.back().epoch != epoch)
        epochStarts.push_back({session, epoch, static_cast<double>(step)});
}

LiveChanges LiveRun::onStep(const run::StepDone& event)
{
    const LiveChanges changes = addLosses(event.step, event.losses);
    noteEpoch(event.session, event.epoch, event.step);
    if (event.time.beganMs > 0)
        stepTimes.push_back({static_cast<double>(event.step), event.time});
    thin(event.step);
    lr = event.lr;
    gradientNorm = event.gradientNorm;
    lastStep = event.step;
    return changes;
}

void LiveRun::addPoint(const std::string& metric, double session, double value)
{
    std::vector<CurvePoint>& points = curves[metric];
    const auto place =
        std::lower_bound(points.begin(), points.end(), session - 1e-9,
                         [](const CurvePoint& point, double x) { return point.session < x; });
    if (place != points.end() && std::abs(place->session - session) < 1e-9)
        place->value = value; // a continued run repeats the evaluation it had not saved
    else
        points.insert(place, {session, value});
}

LiveChanges LiveRun::onEvaluated(const run::Evaluated& event)
{
    const metrics::EvaluationRecord& record = event.record;
    double place = record.session;
    if (record.epoch)
        place += static_cast<double>(*record.epoch) / std::max({1, epochs, *record.epoch});
    for (const metrics::MetricValue& metric : metrics::metricValues(record))
        addPoint(metric.name, place, metric.value);
    if (record.epoch || record.split != "test")
        return {.metrics = true};

    if (record.ut) {
        accuracies[record.session] = metrics::utPerSession(*record.ut);
        std::vector<std::vector<std::optional<double>>> rows;
        for (int session = 1; session <= record.session && accuracies.contains(session); ++session)
            rows.push_back(accuracies[session]);
        if (setting == "MST"_L1 && static_cast<int>(rows.size()) == record.session) {
            if (const auto bwt = metrics::backwardTransfer(rows))
                addPoint("Bwt", record.session, *bwt);
        }
    }
    records[record.session] = record;
    const auto ut = valueAt(mainUtMetric(), record.session);
    const auto zs = valueAt("ZS-Acc", record.session);
    addLog(LogLine::Kind::Info, LiveRunText::tr("Evaluated after session %1: UT %2, ZS %3")
                                    .arg(record.session)
                                    .arg(numberText(ut.value_or(NAN), 2))
                                    .arg(numberText(zs.value_or(NAN), 2)));
    return {.header = true, .metrics = true, .log = true};
}

LiveChanges LiveRun::onProgress(const run::Progress& event)
{
    progress = event;
    if (event.sessions > 0)
        sessions = event.sessions;
    if (event.epochs > 0)
        epochs = event.epochs;
    if (phase == Phase::Stopping)
        return {.header = true};
    switch (event.phase) {
    case run::Progress::Phase::Loading:
        phase = Phase::Preparing;
        break;
    case run::Progress::Phase::Training:
        phase = Phase::Training;
        break;
    case run::Progress::Phase::Evaluating:
        phase = Phase::Evaluating;
        break;
    case run::Progress::Phase::Saving:
        phase = Phase::Saving;
        break;
    }
    return {.header = true};
}

LiveChanges LiveRun::onFinished(const run::Finished& event)
{
    phase = Phase::Ended;
    status = toQt(event.status);
    const bool failed = event.status == "failed";
    if (event.status == "finished")
        progress.fraction = 1;
    addLog(failed ? LogLine::Kind::Failure : LogLine::Kind::Info,
           failed ? LiveRunText::tr("Failed: %1").arg(toQt(event.message))
                  : LiveRunText::tr("%1 after %2 steps")
                        .arg(event.status == "finished" ? LiveRunText::tr("Finished")
                                                        : LiveRunText::tr("Stopped"))
                        .arg(countText(event.steps)));
    return {.header = true, .metrics = true, .losses = true, .log = true};
}

std::vector<double> LiveRun::history(const std::string& metric) const
{
    std::vector<double> values;
    const auto found = curves.find(metric);
    if (found == curves.end())
        return values;
    for (const CurvePoint& point : found->second) {
        const double whole = std::round(point.session);
        if (std::abs(whole - point.session) > 1e-9)
            continue;
        const auto index = static_cast<size_t>(whole);
        if (values.size() <= index)
            values.resize(index + 1, NAN);
        values[index] = point.value;
    }
    return values;
}

std::optional<double> LiveRun::valueAt(const std::string& metric, int session) const
{
    const std::vector<double> values = history(metric);
    const auto index = static_cast<size_t>(std::max(0, session));
    if (index >= values.size() || std::isnan(values[index]))
        return std::nullopt;
    return values[index];
}

int LiveRun::finishedSessions() const
{
    if (status == "finished"_L1)
        return sessions;
    return records.empty() ? 0 : records.rbegin()->first;
}

std::string LiveRun::mainUtMetric() const
{
    return setting == "OST"_L1 ? "UT-Acc (overall)" : "UT-Acc (session mean)";
}

Result<StoredRun> readStoredRun(store::Project& project, int64_t runId, StoredParts parts)
{
    StoredRun stored;
    CLWB_ASSIGN(stored.row, project.run(runId));
    if (auto spec = project.resolvedSpec(runId))
        stored.spec = std::move(*spec);
    CLWB_ASSIGN(stored.metrics, project.metrics(runId));
    CLWB_ASSIGN(const auto epochs, project.epochMetrics(runId));
    stored.metrics.insert(stored.metrics.end(), epochs.begin(), epochs.end());
    CLWB_ASSIGN(stored.warnings, project.warnings(runId));
    if (parts == StoredParts::Curves)
        return stored;
    CLWB_ASSIGN(stored.accuracies, project.sessionAccuracies(runId));
    CLWB_ASSIGN(stored.steps, project.steps(runId));
    CLWB_ASSIGN(stored.records, project.evaluations(runId));
    return stored;
}

} // namespace clwb::ui
