// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/parameter_table.h"

#include "core/spec/param.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"

#include <QCoreApplication>

#include <map>
#include <set>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ParameterText
{
    Q_DECLARE_TR_FUNCTIONS(ParameterTable)
};

constexpr char kEnvironment[] = "environment.";
constexpr char kDataParts[] = "data_manifest.parts.";

/// What says where and how a run was made, not what was run.
bool isAside(const std::string& key)
{
    static const std::set<std::string> keys{"name",    "seed",        "schema", "threads",
                                            "device",  "checkpoints", "tags",   "notes",
                                            "foreign", "on_nan",      "out"};
    // Of how it was evaluated only the classes that competed change what numbers mean.
    return keys.contains(key) || key.starts_with("branched_from.") ||
           key.starts_with("weight_path.") ||
           (key.starts_with("evaluate.") && key != "evaluate.label_space") ||
           // The sums depend on what was evaluated; the parts that runs share can be compared.
           (key.starts_with("data_manifest.") && !key.starts_with(kDataParts));
}

using Values = std::map<std::string, std::string>;

Values valuesOf(const ComparedEntry& entry)
{
    const report::ReportRun& run = entry.runs.front();
    Values values;
    for (const auto& [key, text] : run.params) {
        const std::string value = report::paramText(run, key);
        if (!isAside(key) && !value.empty())
            values[key] = value;
    }
    // The columns of the run list; of reported rows they are all there is.
    for (const auto& [key, text] : {std::pair<const char*, const std::string&>{"kind", run.kind},
                                    {"method", run.method},
                                    {"option", run.option},
                                    {"setting", run.setting}}) {
        if (!text.empty())
            values[key] = text;
    }
    if (run.branchedFrom)
        values["branch"] = report::branchText(*run.branchedFrom);
    // The same data and weights are the same wherever they lie.
    for (const char* file : {"study", "model"}) {
        if (values.contains(std::string(file) + "_sha256"))
            values.erase(file);
    }
    return values;
}

std::map<std::string, std::set<std::string>> distinctValues(const std::vector<Values>& all)
{
    std::map<std::string, std::set<std::string>> distinct;
    for (const Values& values : all) {
        for (const auto& [key, text] : values)
            distinct[key].insert(text);
    }
    for (auto& [key, texts] : distinct) {
        // Of reported rows nobody knows the environment: that is no difference. Nor are data that
        // a run did not read.
        if (key.starts_with(kEnvironment) || key.starts_with(kDataParts))
            continue;
        for (const Values& values : all) {
            if (!values.contains(key))
                texts.insert("");
        }
    }
    return distinct;
}

std::vector<Values> allValues(const std::vector<const ComparedEntry*>& entries)
{
    std::vector<Values> all;
    for (const ComparedEntry* entry : entries)
        all.push_back(valuesOf(*entry));
    return all;
}

DataCell nameCell(const std::string& key)
{
    DataCell cell = textCell(toQt(key));
    if (key.starts_with(kDataParts)) {
        cell.text = ParameterText::tr("files of %1").arg(toQt(key.substr(sizeof kDataParts - 1)));
        cell.tip = ParameterText::tr("Names and sizes of the files that the study selects, and "
                                     "what it selects in them, as SHA-256");
    }
    // The label of the form and, as everywhere, the key of files and command line.
    if (const spec::ParamDef* param = spec::findParam(key)) {
        cell.text = toQt(std::string(param->label));
        cell.tip = toQt(key);
    }
    return cell;
}

DataCell valueCell(const Values& values, const std::string& key)
{
    const auto found = values.find(key);
    if (found == values.end())
        return {.text = u"–"_s, .tone = DataCell::Tone::Quiet};
    QString text = toQt(found->second);
    DataCell cell = textCell(text);
    if ((key.ends_with("sha256") || key.starts_with(kDataParts)) && text.size() > 12) {
        cell.text = text.left(8) + u"…"_s;
        cell.tip = text;
    }
    return cell;
}

void addMetrics(const std::vector<const ComparedEntry*>& entries, DataTable& table)
{
    for (const ComparedMetric& metric : comparedMetrics()) {
        std::vector<DataCell> row{textCell(metric.title)};
        row.front().tip = metric.definition;
        row.front().isHeading = true;
        bool isKnown = false;
        for (const ComparedEntry* entry : entries) {
            const Estimate value = lastValue(*entry, metric.column);
            row.push_back(spreadCell(value.mean, value.std, value.count));
            isKnown |= value.isKnown();
        }
        if (isKnown)
            table.rows.push_back(std::move(row));
    }
}

} // namespace

const std::vector<ComparedMetric>& comparedMetrics()
{
    static const std::vector<ComparedMetric> metrics{
        {"UT-Acc", u"UT-Acc"_s,
         ParameterText::tr(
             "Updated task, test split, per cent, after the last session. MST: mean over "
             "the sessions of the accuracy on their classes; OST: over all crops."),
         false},
        {"ZS-Acc", u"ZS-Acc"_s,
         ParameterText::tr(
             "Zero-shot accuracy on classes that are never trained, test split, per cent, "
             "after the last session."),
         false},
        {"A-Acc", u"A-Acc"_s, ParameterText::tr("Mean of UT-Acc and ZS-Acc, per cent."), false},
        {"Bwt", u"Bwt"_s,
         ParameterText::tr(
             "Backward transfer: mean change of a session's accuracy since it was learned, "
             "in points; larger is better. MST only."),
         true},
        {"TR@1", u"TR@1"_s,
         ParameterText::tr(
             "Text retrieval: images whose best caption is right, per cent, mean over "
             "folds."),
         false},
        {"IR@1", u"IR@1"_s,
         ParameterText::tr(
             "Image retrieval: captions whose best image is right, per cent, mean over "
             "folds."),
         false},
        {"TR@5", u"TR@5"_s, ParameterText::tr("As TR@1, among the best five."), false},
        {"IR@5", u"IR@5"_s, ParameterText::tr("As IR@1, among the best five."), false}};
    return metrics;
}

void addEnvironment(const Json& environment, report::ReportRun& run)
{
    if (!environment.is_object())
        return;
    for (const auto& [key, value] : environment.items()) {
        if (key != "command_line")
            run.params[kEnvironment + key] = value.dump();
    }
}

DataTable parameterTable(const std::vector<const ComparedEntry*>& entries, WhichParameters which)
{
    DataTable table;
    table.columns.push_back({.key = u"parameter"_s, .title = ParameterText::tr("parameter")});
    for (const ComparedEntry* entry : entries) {
        table.columns.push_back(
            {.key = entry->label,
             .tip = entry->sourceText() + u" · "_s + runNumbers(entry->runIds())});
    }
    addMetrics(entries, table);
    const std::vector<Values> all = allValues(entries);
    for (const auto& [key, distinct] : distinctValues(all)) {
        if (which == WhichParameters::Differing && distinct.size() < 2)
            continue;
        std::vector<DataCell> row{nameCell(key)};
        for (const Values& values : all)
            row.push_back(valueCell(values, key));
        table.rows.push_back(std::move(row));
    }
    std::vector<DataCell> runs{textCell(ParameterText::tr("runs"))};
    for (const ComparedEntry* entry : entries)
        runs.push_back(textCell(runNumbers(entry->runIds())));
    table.rows.push_back(std::move(runs));
    return table;
}

int equalParameters(const std::vector<const ComparedEntry*>& entries)
{
    int equal = 0;
    for (const auto& [key, distinct] : distinctValues(allValues(entries)))
        equal += distinct.size() < 2 ? 1 : 0;
    return equal;
}

} // namespace clwb::ui
