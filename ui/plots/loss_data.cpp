// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of what a plot cannot show, and CSV of the loss terms.
#include "core/report/csv.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/loss_plot.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct LossPlotText
{
    Q_DECLARE_TR_FUNCTIONS(LossPlot)
};

} // namespace

bool canCountEpochs(const LossData& data)
{
    return !data.epochs.empty() && data.epochsPerSession > 0;
}

bool canBeSmoothed(const LossSeries& series)
{
    constexpr size_t kFewest = 20;
    return series.values.size() >= kFewest;
}

bool canShow(const LossData& data, LossAxis axis)
{
    if (!isOfTime(axis))
        return axis == LossAxis::Step || canCountEpochs(data);
    // Of a run that an older program began the first steps have no time.
    return !data.times.empty() &&
           std::all_of(data.series.begin(), data.series.end(), [&data](const auto& entry) {
               return entry.second.steps.empty() ||
                      entry.second.steps.front() >= data.times.front().step;
           });
}

namespace
{

double placeInTime(const LossData& data, double step)
{
    auto next =
        std::upper_bound(data.times.begin(), data.times.end(), step,
                         [](double value, const StepPlace& place) { return value < place.step; });
    if (next != data.times.begin())
        --next;
    return data.axis == LossAxis::Worked ? next->worked : next->clock;
}

} // namespace

double placeOf(const LossData& data, double step)
{
    if (isOfTime(data.axis)) // each step is asked for: canShow() was, once
        return data.times.empty() ? step : placeInTime(data, step);
    if (data.axis == LossAxis::Step || !canCountEpochs(data))
        return step;
    auto next =
        std::upper_bound(data.epochs.begin(), data.epochs.end(), step,
                         [](double value, const EpochStart& start) { return value < start.step; });
    if (next != data.epochs.begin())
        --next;
    const EpochStart& start = *next;
    const auto lengthOf = [&](auto epoch) {
        if (epoch + 1 == data.epochs.end() && data.lastEpochSteps > 0)
            return data.lastEpochSteps;
        return epoch + 1 != data.epochs.end() && (epoch + 1)->session == epoch->session
                   ? (epoch + 1)->step - epoch->step
                   : 0.0;
    };
    // The last epoch of a session is as long as the one before it.
    double length = lengthOf(next);
    if (length <= 0 && next != data.epochs.begin())
        length = lengthOf(next - 1);
    if (length <= 0)
        length =
            (next + 1 != data.epochs.end() ? (next + 1)->step : data.lastStep + 1) - start.step;
    const double part = std::clamp((step - start.step + 1) / std::max(1.0, length), 0.0, 1.0);
    const double epochs = start.epoch - 1 + part;
    const double sessionsDone = start.session - 1;
    return data.axis == LossAxis::Epoch ? sessionsDone * data.epochsPerSession + epochs
                                        : sessionsDone + epochs / data.epochsPerSession;
}

bool canBeLogarithmic(const LossData& data)
{
    return std::all_of(data.series.begin(), data.series.end(), [](const auto& entry) {
        const auto& values = entry.second.values;
        return values.empty() ||
               std::any_of(values.begin(), values.end(), [](double v) { return v > 0; });
    });
}

QString omittedText(const LossData& data, bool isLogarithmic)
{
    QStringList parts;
    for (const auto& [name, series] : data.series) {
        const auto& values = series.values;
        const auto broken =
            std::count_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); });
        const auto small = std::count_if(values.begin(), values.end(),
                                         [](double v) { return std::isfinite(v) && v <= 0; });
        if (broken > 0)
            parts << LossPlotText::tr("%1 NaN or infinite (%2)").arg(broken).arg(toQt(name));
        if (isLogarithmic && small > 0)
            parts << LossPlotText::tr("%1 not shown: ≤ 0 (%2)").arg(small).arg(toQt(name));
    }
    return parts.join(u" · "_s);
}

QString lossCsv(const LossData& data)
{
    std::map<double, std::map<std::string, double>> rows;
    for (const auto& [name, series] : data.series) {
        for (size_t index = 0; index < series.steps.size(); ++index)
            rows[series.steps[index]][name] = series.values[index];
    }
    report::CsvWriter csv;
    if (data.runId)
        csv.text("run_id");
    csv.text("step");
    const bool hasTimes = canShow(data, LossAxis::Worked);
    if (hasTimes)
        csv.text("worked_s");
    for (const auto& entry : data.series)
        csv.text(entry.first);
    csv.endRow();
    for (const auto& [step, values] : rows) {
        if (data.runId)
            csv.number(static_cast<double>(*data.runId));
        csv.number(step);
        if (hasTimes) {
            const auto place = std::lower_bound(
                data.times.begin(), data.times.end(), step,
                [](const StepPlace& timed, double value) { return timed.step < value; });
            const bool isTimed = place != data.times.end() && place->step == step;
            csv.number(isTimed ? std::optional(place->worked) : std::nullopt);
        }
        for (const auto& entry : data.series) {
            const auto value = values.find(entry.first);
            csv.number(value == values.end() ? std::nullopt : std::optional(value->second));
        }
        csv.endRow();
    }
    return toQt(csv.take());
}

} // namespace clwb::ui
