// SPDX-License-Identifier: GPL-3.0-or-later
// Time of a run: what was worked, when its evaluations were, and when it will be over.
#include "core/store/step_rows.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/curve_axis.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

std::vector<StepPlace> placesInTime(const std::vector<StepStamp>& stamps)
{
    constexpr double kMs = 1e-3;
    std::vector<StepPlace> places;
    places.reserve(stamps.size());
    double before = 0; // of earlier parts
    for (size_t at = 0; at < stamps.size(); ++at) {
        const StepTime& time = stamps[at].time;
        const bool begins = at > 0 && stamps[at - 1].time.beganMs != time.beganMs;
        if (begins)
            before = places.back().worked;
        const double clock = kMs * static_cast<double>(time.beganMs + time.workMs);
        // The machine's clock may have been set back in between.
        places.push_back({stamps[at].step, before + kMs * static_cast<double>(time.workMs),
                          at > 0 ? std::max(clock, places.back().clock) : clock, begins});
    }
    return places;
}

double secondsWorked(const std::vector<StepStamp>& stamps)
{
    int64_t worked = 0;
    for (size_t at = 0; at < stamps.size(); ++at) {
        const bool endsPart =
            at + 1 == stamps.size() || stamps[at + 1].time.beganMs != stamps[at].time.beganMs;
        if (endsPart)
            worked += stamps[at].time.workMs;
    }
    return 1e-3 * static_cast<double>(worked);
}

namespace
{

struct TimeLeftText
{
    Q_DECLARE_TR_FUNCTIONS(LiveRun)
};

/// As exact as a time that is to come can be known.
QString aboutText(double seconds)
{
    constexpr int64_t kFewSeconds = 8;
    constexpr int64_t kMinute = 60;
    constexpr int64_t kHour = 60 * kMinute;
    const int64_t whole = std::llround(seconds);
    const auto rounded = [whole](int64_t unit) { return (whole + unit / 2) / unit * unit; };
    if (whole < kFewSeconds)
        return TimeLeftText::tr("a few seconds");
    if (rounded(5) < kMinute)
        return TimeLeftText::tr("about %1 s").arg(rounded(5));
    if (rounded(kMinute) < kHour)
        return TimeLeftText::tr("about %1 min").arg(rounded(kMinute) / kMinute);
    const int64_t minutes = rounded(5 * kMinute) / kMinute;
    if (minutes % 60 == 0)
        return TimeLeftText::tr("about %1 h").arg(minutes / 60);
    return TimeLeftText::tr("about %1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

} // namespace

QString timeLeftText(const run::Progress& progress)
{
    if (progress.fraction >= 1) // only closing is left
        return {};
    if (!progress.secondsLeft)
        return TimeLeftText::tr("estimating…");
    if (progress.isRoughly)
        return TimeLeftText::tr("first guess: %1 left").arg(aboutText(*progress.secondsLeft));
    const QDateTime now = QDateTime::currentDateTime();
    const QDateTime end = now.addSecs(std::llround(*progress.secondsLeft));
    const QString day = end.date() == now.date() ? u"HH:mm"_s : u"ddd HH:mm"_s;
    return TimeLeftText::tr("%1 left, ends %2")
        .arg(aboutText(*progress.secondsLeft), QLocale().toString(end, day));
}

namespace
{

struct CurveAxisText
{
    Q_DECLARE_TR_FUNCTIONS(CurveAxis)
};

constexpr double kSamePlace = 1e-6;

} // namespace

QString axisId(CurveAxis axis)
{
    switch (axis) {
    case CurveAxis::Epoch:
        return u"epoch"_s;
    case CurveAxis::Step:
        return u"step"_s;
    case CurveAxis::Worked:
        return u"worked_s"_s;
    case CurveAxis::Clock:
        return u"clock_s"_s;
    case CurveAxis::Session:
        break;
    }
    return u"session"_s;
}

CurveAxis axisOfId(const QString& id)
{
    const auto found = std::find_if(std::begin(kCurveAxes), std::end(kCurveAxes),
                                    [&](CurveAxis axis) { return axisId(axis) == id; });
    return found == std::end(kCurveAxes) ? CurveAxis::Session : *found;
}

QString axisPhrase(CurveAxis axis)
{
    switch (axis) {
    case CurveAxis::Epoch:
        return CurveAxisText::tr("by epoch");
    case CurveAxis::Step:
        return CurveAxisText::tr("by step");
    case CurveAxis::Worked:
        return CurveAxisText::tr("over time of work");
    case CurveAxis::Clock:
        return CurveAxisText::tr("over time of day");
    case CurveAxis::Session:
        break;
    }
    return CurveAxisText::tr("by session");
}

QString whyNotOn(CurveAxis axis)
{
    switch (axis) {
    case CurveAxis::Epoch:
        return CurveAxisText::tr("not evaluated between sessions");
    case CurveAxis::Step:
        return CurveAxisText::tr("no recorded steps");
    case CurveAxis::Worked:
    case CurveAxis::Clock:
        return CurveAxisText::tr("no recorded times");
    case CurveAxis::Session:
        break;
    }
    return {};
}

bool RunPlaces::has(CurveAxis axis) const
{
    switch (axis) {
    case CurveAxis::Epoch:
        return epochs > 0 && hasEpochValues;
    case CurveAxis::Step:
        return !ends.empty();
    case CurveAxis::Worked:
    case CurveAxis::Clock:
        return !ends.empty() && ends.front().clock.has_value();
    case CurveAxis::Session:
        break;
    }
    return true;
}

std::optional<double> RunPlaces::placeOf(CurveAxis axis, double session) const
{
    if (axis == CurveAxis::Session)
        return session;
    if (axis == CurveAxis::Epoch)
        return epochs > 0 ? std::optional(session * epochs) : std::nullopt;
    if (session < kSamePlace) { // before training
        if (!has(axis))
            return std::nullopt;
        return axis == CurveAxis::Clock ? began : 0;
    }
    auto end = std::upper_bound(ends.begin(), ends.end(), session + kSamePlace,
                                [](double value, const End& each) { return value < each.session; });
    // The last epoch of the same session: earlier ones are of another state of the model.
    if (end == ends.begin() || std::prev(end)->session <= std::ceil(session - kSamePlace) - 1)
        return std::nullopt;
    --end;
    return axis == CurveAxis::Step     ? std::optional(end->step)
           : axis == CurveAxis::Worked ? end->worked
                                       : end->clock;
}

RunPlaces placesOf(const LiveRun& run)
{
    RunPlaces places;
    places.epochs = run.epochs;
    for (const auto& [name, points] : run.curves) {
        places.hasEpochValues =
            places.hasEpochValues ||
            std::any_of(points.begin(), points.end(), [](const CurvePoint& point) {
                return std::abs(point.session - std::round(point.session)) > kSamePlace;
            });
    }
    const std::vector<StepPlace> times = placesInTime(run.stepTimes);
    for (size_t at = 0; at < run.epochStarts.size(); ++at) {
        const EpochStart& start = run.epochStarts[at];
        const bool isLast = at + 1 == run.epochStarts.size();
        RunPlaces::End end;
        end.step = isLast ? static_cast<double>(run.lastStep) : run.epochStarts[at + 1].step - 1;
        const double epochs = std::max({1, run.epochs, start.epoch});
        end.session = start.session - 1 + start.epoch / epochs;
        const auto next =
            std::upper_bound(times.begin(), times.end(), end.step,
                             [](double step, const StepPlace& place) { return step < place.step; });
        // Of a run that an older program began the first steps have no time.
        if (next != times.begin() && times.front().step <= 1) {
            end.worked = std::prev(next)->worked;
            end.clock = std::prev(next)->clock;
        }
        places.ends.push_back(end);
    }
    if (!run.stepTimes.empty())
        places.began = 1e-3 * static_cast<double>(run.stepTimes.front().time.beganMs);
    return places;
}

Result<RunPlaces> readRunPlaces(store::Project& project, int64_t runId)
{
    StoredRun stored;
    CLWB_ASSIGN(stored.row, project.run(runId));
    if (auto spec = project.resolvedSpec(runId))
        stored.spec = std::move(*spec);
    CLWB_ASSIGN(stored.metrics, project.epochMetrics(runId));
    LiveRun run = liveRunOf(stored);
    CLWB_ASSIGN(const auto rows, store::stepRows(project, runId));
    for (const store::StepRow& row : rows) {
        run.noteEpoch(row.session, row.epoch, row.step);
        run.lastStep = row.step;
        if (row.time)
            run.stepTimes.push_back({static_cast<double>(row.step), *row.time});
    }
    RunPlaces places = placesOf(run);
    places.epochValues = std::move(run.curves);
    return places;
}

} // namespace clwb::ui
