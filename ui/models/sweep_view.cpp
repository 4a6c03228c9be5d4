// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sweep_view.h"

#include "core/base/number_text.h"
#include "core/spec/param.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_filter.h"
#include "ui/models/run_form.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct SweepViewText
{
    Q_DECLARE_TR_FUNCTIONS(SweepView)
};

struct MetricName
{
    const char* shortName;
    const char* title;
};
constexpr MetricName kMetrics[] = {{"ut", "UT-Acc"}, {"zs", "ZS-Acc"}, {"a", "A-Acc"},
                                   {"bwt", "Bwt"},   {"tr@1", "TR@1"}, {"ir@1", "IR@1"}};

void addRunMetrics(const store::RunRow& run, TrialView& trial)
{
    for (const MetricName& metric : kMetrics) {
        const auto stored = metricOfShortName(QString::fromLatin1(metric.shortName), run.setting);
        const auto value = stored ? run.metrics.find(*stored) : run.metrics.end();
        if (value != run.metrics.end() && std::isfinite(value->second))
            trial.metrics[metric.shortName] = value->second;
    }
}

/// What the search wrote down about a candidate's run; its metrics are those of the validation
/// split, which it was judged by.
void addCandidate(const Json& candidate, TrialView& trial)
{
    const std::pair<const char*, const char*> names[] = {
        {"A_val", "a"}, {"UT_val", "ut"}, {"ZS_val", "zs"}};
    for (const auto& [key, name] : names) {
        const auto value = candidate.find(key);
        if (value != candidate.end() && value->is_number())
            trial.metrics[name] = value->get<double>();
    }
}

const Json* partOf(const Json& record, const char* key)
{
    const auto part = record.is_object() ? record.find(key) : record.end();
    return record.is_object() && part != record.end() && !part->is_null() ? &*part : nullptr;
}

void addRecord(SweepView& sweep)
{
    const Json& record = sweep.row.result;
    const Json* best = partOf(record, "best");
    const Json* candidates = partOf(record, "candidates");
    if (!best || !candidates || !candidates->is_array())
        return;
    for (TrialView& trial : sweep.trials) {
        for (const Json& candidate : *candidates) {
            if (trial.role == "candidate"_L1 && trial.runId &&
                candidate.value("run_id", int64_t{-1}) == *trial.runId)
                addCandidate(candidate, trial);
        }
        trial.isChosen = trial.role == "candidate"_L1 && trial.runId &&
                         best->value("run_id", int64_t{-1}) == *trial.runId;
    }
    const auto text = [&](const char* key) { return toQt(record.value(key, std::string())); };
    const double value = best->value("value", NAN);
    const Json a = best->value("A_val", Json());
    sweep.record = SweepViewText::tr("Chosen: %1 = %2 by A-Acc %3 on the validation split.")
                       .arg(text("parameter"), toQt(shortestText(value)),
                            a.is_number() ? numberText(a.get<double>(), 2) : u"—"_s);
    sweep.record += u' ' + (record.value("test_evaluated_while_choosing", false)
                                ? SweepViewText::tr("The test split was evaluated while choosing!")
                                : SweepViewText::tr("The test split was not read while choosing."));
    sweep.record += u' ' + SweepViewText::tr("Rule: %1.").arg(text("rule"));
}

} // namespace

int SweepView::count(store::TrialState state) const
{
    return static_cast<int>(std::count_if(
        trials.begin(), trials.end(), [state](const auto& trial) { return trial.state == state; }));
}

Result<SweepView> readSweepView(const store::Project& project, const store::SweepRow& row)
{
    SweepView sweep;
    sweep.row = row;
    CLWB_ASSIGN(const std::vector<store::TrialRow> trials, store::trialsOf(project, row.sweepId));
    for (const store::TrialRow& stored : trials) {
        TrialView trial;
        trial.number = stored.number;
        trial.role = toQt(stored.role);
        trial.state = stored.state;
        trial.runId = stored.runId;
        trial.varied = stored.varied;
        if (stored.runId) {
            CLWB_ASSIGN(const store::RunRow run, project.run(*stored.runId));
            trial.message = toQt(run.message);
            if (stored.state == store::TrialState::Done)
                addRunMetrics(run, trial);
        }
        sweep.trials.push_back(std::move(trial));
    }
    // Trials of a list need not name the same keys: what one does not vary it has all the same.
    const std::vector<std::string> keys = variedKeys(sweep);
    for (size_t at = 0; at < trials.size(); ++at) {
        for (const std::string& key : keys) {
            const Json value = valueAt(trials[at].spec, key);
            if (!sweep.trials[at].varied.contains(key) && !value.is_null())
                sweep.trials[at].varied[key] = value;
        }
    }
    addRecord(sweep);
    return sweep;
}

std::vector<std::string> variedKeys(const SweepView& sweep)
{
    std::vector<std::string> keys;
    for (const TrialView& trial : sweep.trials) {
        for (const auto& [key, value] : trial.varied.items()) {
            if (std::find(keys.begin(), keys.end(), key) == keys.end())
                keys.push_back(key);
        }
    }
    return keys;
}

QString stateText(store::TrialState state)
{
    switch (state) {
    case store::TrialState::Pending:
        return SweepViewText::tr("to do");
    case store::TrialState::Running:
        return SweepViewText::tr("running");
    case store::TrialState::Done:
        return SweepViewText::tr("done");
    case store::TrialState::Failed:
        return SweepViewText::tr("failed");
    case store::TrialState::Stopped:
        return SweepViewText::tr("stopped");
    }
    return {};
}

QString progressText(const SweepView& sweep)
{
    QStringList parts{SweepViewText::tr("%1 of %2 done")
                          .arg(sweep.count(store::TrialState::Done))
                          .arg(sweep.trials.size())};
    const auto add = [&](store::TrialState state) {
        if (const int count = sweep.count(state); count > 0)
            parts << u"%1 %2"_s.arg(count).arg(stateText(state));
    };
    add(store::TrialState::Running);
    add(store::TrialState::Failed);
    add(store::TrialState::Stopped);
    add(store::TrialState::Pending);
    return parts.join(u" · "_s);
}

DataTable trialTable(const SweepView& sweep, const std::vector<int>& numbers)
{
    DataTable table;
    table.columns.push_back({.key = u"trial"_s, .isNumber = true});
    const std::vector<std::string> keys = variedKeys(sweep);
    for (const std::string& key : keys) {
        const spec::ParamDef* param = spec::findParam(key);
        const bool isNumber =
            std::all_of(sweep.trials.begin(), sweep.trials.end(), [&](const TrialView& trial) {
                return !trial.varied.contains(key) || trial.varied.at(key).is_number();
            });
        table.columns.push_back({.key = toQt(key),
                                 .title = param ? toQt(param->label) : toQt(key),
                                 .tip = toQt(key),
                                 .isNumber = isNumber});
    }
    if (sweep.isSearch())
        table.columns.push_back({.key = u"role"_s,
                                 .tip = SweepViewText::tr("Candidates have the metrics of the "
                                                          "validation split, the winner those of "
                                                          "the test split")});
    table.columns.push_back({.key = u"state"_s});
    std::vector<MetricName> metrics; // that any trial has
    for (const MetricName& metric : kMetrics) {
        if (std::any_of(sweep.trials.begin(), sweep.trials.end(), [&](const TrialView& trial) {
                return trial.metrics.contains(metric.shortName);
            }))
            metrics.push_back(metric);
    }
    for (const MetricName& metric : metrics)
        table.columns.push_back({.key = QString::fromLatin1(metric.title), .isNumber = true});
    table.columns.push_back({.key = u"run"_s, .isNumber = true});
    for (const TrialView& trial : sweep.trials) {
        if (std::find(numbers.begin(), numbers.end(), trial.number) == numbers.end())
            continue;
        std::vector<DataCell> row{numberCell(trial.number, 0)};
        for (const std::string& key : keys) {
            const auto value = trial.varied.find(key);
            DataCell cell = textCell(value == trial.varied.end() ? QString() : valueText(*value));
            if (value != trial.varied.end() && value->is_number())
                cell.number = value->get<double>();
            row.push_back(cell);
        }
        if (sweep.isSearch()) {
            DataCell cell = textCell(trial.isChosen ? SweepViewText::tr("chosen") : trial.role);
            cell.isHeading = trial.isChosen;
            row.push_back(cell);
        }
        DataCell state = textCell(stateText(trial.state));
        state.tip = trial.message;
        if (trial.state == store::TrialState::Failed)
            state.tone = DataCell::Tone::Bad;
        row.push_back(state);
        for (const MetricName& metric : metrics) {
            const auto value = trial.metrics.find(metric.shortName);
            row.push_back(numberCell(value == trial.metrics.end() ? std::nullopt
                                                                  : std::optional(value->second)));
        }
        DataCell run = textCell(trial.runId ? u"#%1"_s.arg(*trial.runId) : QString());
        if (trial.runId)
            run.number = static_cast<double>(*trial.runId);
        row.push_back(run);
        table.rows.push_back(std::move(row));
    }
    return table;
}

ParallelData parallelOf(const SweepView& sweep, const AxisScales& scales)
{
    ParallelData data;
    for (const std::string& key : variedKeys(sweep)) {
        const spec::ParamDef* param = spec::findParam(key);
        ParallelAxis axis{param ? toQt(param->label) : toQt(key), param && param->logarithmic, {}};
        const bool isNumeric =
            std::all_of(sweep.trials.begin(), sweep.trials.end(), [&](const TrialView& trial) {
                return !trial.varied.contains(key) || trial.varied.at(key).is_number();
            });
        if (!isNumeric) {
            for (const TrialView& trial : sweep.trials) {
                const QString text =
                    trial.varied.contains(key) ? valueText(trial.varied.at(key)) : QString();
                if (!text.isEmpty() && !axis.categories.contains(text))
                    axis.categories << text;
            }
        }
        data.axes.push_back(axis);
    }
    data.settings = data.axes.size();
    std::vector<const char*> metrics;
    for (const MetricName& metric : kMetrics) {
        if (std::any_of(sweep.trials.begin(), sweep.trials.end(), [&](const TrialView& trial) {
                return trial.metrics.contains(metric.shortName);
            })) {
            if (std::string_view(metric.shortName) == "a")
                data.objective = data.axes.size();
            data.axes.push_back({QString::fromLatin1(metric.title), false, {}});
            metrics.push_back(metric.shortName);
        }
    }
    const std::vector<std::string> keys = variedKeys(sweep);
    for (const TrialView& trial : sweep.trials) {
        ParallelLine line{trial.number,
                          trial.runId,
                          {},
                          trial.isChosen,
                          trial.state == store::TrialState::Done && !trial.metrics.empty(),
                          trial.state == store::TrialState::Failed};
        for (size_t at = 0; at < data.settings; ++at) {
            const auto value = trial.varied.find(keys[at]);
            if (value == trial.varied.end())
                line.values.emplace_back();
            else if (!data.axes[at].categories.isEmpty())
                line.values.emplace_back(data.axes[at].categories.indexOf(valueText(*value)));
            else
                line.values.emplace_back(value->get<double>());
        }
        for (const char* metric : metrics) {
            const auto value = trial.metrics.find(metric);
            line.values.push_back(value == trial.metrics.end() ? std::nullopt
                                                               : std::optional(value->second));
        }
        if (trial.role != "winner"_L1) // whose metrics are of another split
            data.lines.push_back(std::move(line));
    }
    for (ParallelAxis& axis : data.axes) {
        if (const auto chosen = scales.find(axis.title); chosen != scales.end())
            axis.scale = chosen->second;
    }
    fitAxes(data);
    return data;
}

} // namespace clwb::ui
