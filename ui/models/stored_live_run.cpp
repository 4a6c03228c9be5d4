// SPDX-License-Identifier: GPL-3.0-or-later
// A stored run as a live run that has ended.
#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/live_run.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

void addCurves(const StoredRun& stored, LiveRun& live)
{
    for (const store::MetricPoint& point : stored.metrics) {
        double place = point.session;
        if (point.epoch)
            place += static_cast<double>(*point.epoch) / std::max({1, live.epochs, *point.epoch});
        live.curves[point.name].push_back({place, point.value});
    }
    for (auto& [name, points] : live.curves) {
        std::stable_sort(points.begin(), points.end(),
                         [](const auto& a, const auto& b) { return a.session < b.session; });
        // The last epoch of a session is its end, which was evaluated too and came first.
        points.erase(std::unique(points.begin(), points.end(),
                                 [](const auto& a, const auto& b) {
                                     return std::abs(a.session - b.session) < 1e-9;
                                 }),
                     points.end());
    }
}

void addAccuracies(const StoredRun& stored, LiveRun& live)
{
    for (const store::SessionAccuracy& entry : stored.accuracies) {
        auto& row = live.accuracies[entry.afterSession];
        const auto index = static_cast<size_t>(std::max(1, entry.session) - 1);
        if (row.size() <= index)
            row.resize(index + 1);
        if (entry.total > 0)
            row[index] = 100.0 * static_cast<double>(entry.hits) / static_cast<double>(entry.total);
    }
}

void addSteps(const StoredRun& stored, LiveRun& live)
{
    for (const store::StepPoint& point : stored.steps) {
        if (live.sessionStarts.empty() || live.sessionStarts.back().session != point.session)
            live.sessionStarts.push_back({point.session, static_cast<double>(point.step)});
        live.noteEpoch(point.session, point.epoch, point.step);
        live.lastStep = std::max(live.lastStep, point.step);
        live.lr = point.lr;
        const auto step = static_cast<double>(point.step);
        if (point.time && (live.stepTimes.empty() || live.stepTimes.back().step != step))
            live.stepTimes.push_back({step, *point.time});
        if (point.lossName == "total")
            continue;
        double value = point.value.value_or(NAN);
        if (point.valueKind == "inf")
            value = INFINITY;
        else if (point.valueKind == "-inf")
            value = -INFINITY;
        LossSeries& series = live.losses[point.lossName];
        series.steps.push_back(static_cast<double>(point.step));
        series.values.push_back(value);
    }
}

} // namespace

LiveRun liveRunOf(const StoredRun& stored)
{
    LiveRun live;
    const store::RunRow& row = stored.row;
    live.runId = row.runId;
    live.kind = toQt(row.kind);
    live.method = toQt(row.method);
    live.option = toQt(row.option);
    live.setting = toQt(row.setting);
    live.study = toQt(row.study);
    live.label = toQt(spec::displayLabel(row.kind, row.method, row.option));
    live.title = live.label;
    if (!row.setting.empty())
        live.title += u" · "_s + live.setting;
    if (row.seed)
        live.title += u" · "_s + QCoreApplication::translate("LiveRun", "seed %1").arg(*row.seed);
    live.phase = LiveRun::Phase::Ended;
    live.status = toQt(row.status);
    live.sessions = row.sessions;
    const auto schedule = stored.spec.find("schedule");
    if (schedule != stored.spec.end() && schedule->is_object())
        live.epochs = schedule->value("epochs", 0);
    addCurves(stored, live);
    addAccuracies(stored, live);
    addSteps(stored, live);
    for (const metrics::EvaluationRecord& record : stored.records) {
        if (!record.epoch && record.split == "test")
            live.records[record.session] = record;
    }
    live.progress.sessions = row.sessions;
    live.progress.session = std::max(0, row.lastSession);
    if (row.status == "finished")
        live.progress.fraction = 1;
    else if (row.sessions > 0)
        live.progress.fraction = static_cast<double>(std::max(0, row.lastSession)) / row.sessions;
    // When they were told is not stored, so the lines have no time.
    for (const std::string& warning : stored.warnings)
        live.log.push_back({LogLine::Kind::Warning, {}, toQt(warning)});
    if (!row.message.empty())
        live.log.push_back({row.status == "failed" ? LogLine::Kind::Failure : LogLine::Kind::Info,
                            {},
                            toQt(row.message)});
    return live;
}

} // namespace clwb::ui
