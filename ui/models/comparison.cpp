// SPDX-License-Identifier: GPL-3.0-or-later
// Grouping of runs and their means over seeds.
#include "ui/models/comparison.h"

#include "core/report/configurations.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"
#include "ui/shell/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ComparisonText
{
    Q_DECLARE_TR_FUNCTIONS(Comparison)
};

std::optional<double> valueOf(const std::map<std::string, double>& values, const std::string& name)
{
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional<double>(found->second);
}

/// Values of a run after each evaluated session; of reported rows only the last ones are known.
std::map<int, const std::map<std::string, double>*> seriesOf(const report::ReportRun& run)
{
    std::map<int, const std::map<std::string, double>*> series;
    for (const auto& [session, values] : run.series)
        series[session] = &values;
    if (series.empty() && !run.metrics.empty())
        series[run.setting == "OST" ? 1 : 8] = &run.metrics;
    return series;
}

} // namespace

Estimate estimateOf(const std::vector<double>& values)
{
    Estimate estimate;
    double sum = 0;
    for (const double value : values) {
        if (std::isfinite(value)) {
            sum += value;
            ++estimate.count;
        }
    }
    if (estimate.count == 0)
        return estimate;
    estimate.mean = sum / estimate.count;
    double squares = 0;
    for (const double value : values) {
        if (std::isfinite(value))
            squares += (value - estimate.mean) * (value - estimate.mean);
    }
    estimate.std = estimate.count > 1 ? std::sqrt(squares / (estimate.count - 1)) : 0;
    return estimate;
}

std::vector<int64_t> ComparedEntry::runIds() const
{
    std::vector<int64_t> ids;
    for (const report::ReportRun& run : runs)
        ids.push_back(run.runId);
    return ids;
}

QString ComparedEntry::sourceText() const
{
    QStringList parts;
    if (runs.size() == 1 && !isReported)
        parts << runNumber(runs.front().runId);
    if (!setting.isEmpty())
        parts << setting;
    if (isReported)
        parts << ComparisonText::tr("reported");
    else if (runs.size() > 1)
        parts << ComparisonText::tr("%1 seeds").arg(runs.size());
    else if (!isOriginal() && runs.front().seed)
        parts << ComparisonText::tr("seed %1").arg(*runs.front().seed);
    if (!isFinished)
        parts << toQt(runs.front().status);
    if (!replaced.empty())
        parts << countedText(static_cast<int64_t>(replaced.size()),
                             ComparisonText::tr("%1 run not counted"),
                             ComparisonText::tr("%1 runs not counted"));
    return parts.join(u" · "_s);
}

bool Comparison::isShown(const ComparedEntry& entry) const
{
    return !hidden.contains(entry.id);
}

std::vector<const ComparedEntry*> Comparison::shown() const
{
    std::vector<const ComparedEntry*> result;
    for (const ComparedEntry& entry : entries) {
        if (isShown(entry))
            result.push_back(&entry);
    }
    return result;
}

const ComparedEntry* Comparison::find(const QString& id) const
{
    for (const ComparedEntry& entry : entries) {
        if (entry.id == id)
            return &entry;
    }
    return nullptr;
}

namespace
{

/// Each setting for itself: MST and OST have other schedules, and labels would name every
/// difference between them.
std::vector<ComparedEntry> entriesOfSetting(const std::vector<report::ReportRun>& runs)
{
    std::vector<ComparedEntry> entries;
    std::map<QString, int> looks;
    for (const report::Configuration& configuration : report::configurationsOf(runs)) {
        ComparedEntry entry;
        const report::ReportRun& first = *configuration.runs.front();
        int64_t smallest = first.runId;
        for (const report::ReportRun* run : configuration.runs) {
            entry.runs.push_back(*run);
            smallest = std::min(smallest, run->runId);
        }
        entry.replaced = configuration.replaced;
        entry.id = QString::number(smallest);
        entry.kind = toQt(first.kind);
        entry.method = toQt(first.method);
        entry.option = toQt(first.option);
        entry.setting = toQt(first.setting);
        entry.isReported = first.isReported();
        entry.isFinished = first.isFinished();
        entry.label = toQt(configuration.label);
        if (entry.isReported)
            entry.label += u' ' + ComparisonText::tr("(paper)");
        const QStringList look{entry.kind, entry.method, entry.option, entry.setting,
                               entry.isReported ? u"paper"_s : QString()};
        entry.shade = looks[look.join(u'|')]++;
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace

std::vector<ComparedEntry> entriesOf(const std::vector<report::ReportRun>& runs)
{
    std::map<std::string, std::vector<report::ReportRun>> settings; // MST before OST
    for (const report::ReportRun& run : runs)
        settings[run.setting].push_back(run);
    std::vector<ComparedEntry> entries;
    std::map<QString, int> uses;
    for (const auto& [setting, own] : settings) {
        for (ComparedEntry& entry : entriesOfSetting(own)) {
            ++uses[entry.label];
            entries.push_back(std::move(entry));
        }
    }
    for (ComparedEntry& entry : entries) {
        if (uses[entry.label] > 1)
            entry.label += u' ' + entry.setting;
    }
    return entries;
}

Estimate lastValue(const ComparedEntry& entry, const std::string& column)
{
    std::vector<double> values;
    for (const report::ReportRun& run : entry.runs)
        values.push_back(report::metricOf(run, report::metricName(run, column)).value_or(NAN));
    return estimateOf(values);
}

Estimate valueAfter(const ComparedEntry& entry, const std::string& column, int session)
{
    std::vector<double> values;
    for (const report::ReportRun& run : entry.runs) {
        const auto series = seriesOf(run);
        const auto found = series.find(session);
        if (found != series.end())
            values.push_back(
                valueOf(*found->second, report::metricName(run, column)).value_or(NAN));
    }
    return estimateOf(values);
}

report::Band bandOfMetric(const ComparedEntry& entry, const std::string& column)
{
    std::set<int> sessions;
    for (const report::ReportRun& run : entry.runs) {
        for (const auto& [session, values] : seriesOf(run))
            sessions.insert(session);
    }
    report::Band band;
    for (const int session : sessions) {
        const Estimate value = valueAfter(entry, column, session);
        band.x.push_back(session);
        band.mean.push_back(value.mean);
        band.std.push_back(value.std);
        band.min.push_back(value.mean - value.std);
        band.max.push_back(value.mean + value.std);
        band.count.push_back(value.count);
    }
    return band;
}

int sessionsOf(const Comparison& comparison)
{
    int sessions = 0;
    for (const ComparedEntry& entry : comparison.entries) {
        for (const report::ReportRun& run : entry.runs) {
            const auto series = seriesOf(run);
            if (!series.empty())
                sessions = std::max(sessions, series.rbegin()->first);
        }
    }
    return sessions;
}

QColor colourOf(const ComparedEntry& entry)
{
    return entry.ownColour.isValid() ? entry.ownColour
                                     : shadeOf(methodColour(entry.kind, entry.method), entry.shade);
}

} // namespace clwb::ui
