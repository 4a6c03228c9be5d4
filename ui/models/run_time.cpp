// SPDX-License-Identifier: GPL-3.0-or-later
// Time of a run: what was worked, and when it will be over.
#include "ui/bridge/qt_text.h"
#include "ui/models/live_run.h"

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

QString timeLeftText(const run::Progress& progress)
{
    if (progress.fraction >= 1) // only closing is left
        return {};
    if (!progress.secondsLeft)
        return QCoreApplication::translate("LiveRun", "estimating…");
    const QDateTime now = QDateTime::currentDateTime();
    const QDateTime end = now.addSecs(std::llround(*progress.secondsLeft));
    const QString day = end.date() == now.date() ? u"HH:mm"_s : u"ddd HH:mm"_s;
    return QCoreApplication::translate("LiveRun", "%1 left, ends %2")
        .arg(durationText(*progress.secondsLeft), QLocale().toString(end, day));
}

} // namespace clwb::ui
