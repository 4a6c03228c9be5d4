// SPDX-License-Identifier: GPL-3.0-or-later
// Tables II to VIII and the data of Fig. 5: results by method and option, ablations, word shuffle,
// retrieval on further sets.
#include "core/base/number_text.h"
#include "core/report/table_kinds.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace clwb::report::detail
{
namespace
{

const std::vector<std::string> kRecalls{"TR@1", "TR@5", "TR@10", "IR@1", "IR@5", "IR@10"};

/// The runs of a table, and in the paper's layout empty ones for rows that nobody has run.
class Choice
{
public:
    /// @param fits which runs have a place in the table, the paper's included
    Choice(const std::vector<ReportRun>& runs, const TableOptions& options, const Predicate& fits)
    {
        const bool isBeside = options.reported == Reported::Beside;
        for (const ReportRun* run : sortedRuns(runs)) {
            if (fits(*run) && !(isBeside && run->isReported()))
                m_runs.push_back(run);
        }
        const bool hasOwn = std::any_of(m_runs.begin(), m_runs.end(),
                                        [](const ReportRun* run) { return !run->isReported(); });
        if (options.layout == Layout::Raw || !options.isComplete || !(hasOwn || isBeside))
            return;
        m_missing = missingRuns(m_runs, fits);
        for (const ReportRun& run : m_missing)
            m_runs.push_back(&run);
    }
    Choice(const Choice&) = delete;
    Choice& operator=(const Choice&) = delete;

    [[nodiscard]] const Runs& runs() const { return m_runs; }

private:
    Runs m_runs;
    std::vector<ReportRun> m_missing; ///< m_runs points into it
};

/// Values of a metric over the runs of a line and the prefixes that it joins.
std::vector<double> valuesOf(const Line& line, const std::string& column)
{
    std::vector<double> values;
    for (const ReportRun* run : line.group.runs) {
        for (const std::string& prefix : line.prefixes) {
            if (const auto value = metricOf(*run, prefix + metricName(*run, column)))
                values.push_back(*value);
        }
    }
    return values;
}

/// The paper's number for a line; its shuffle has no seed.
std::optional<double> reportedValue(const Line& line, const std::string& column)
{
    const ReportRun& run = line.group.first();
    const std::string& prefix = line.prefixes.front();
    const bool isShuffled = prefix.starts_with("shuffled ");
    if (!prefix.empty() && !isShuffled)
        return std::nullopt;
    return reportedMetric(run, (isShuffled ? "shuffled " : "") + metricName(run, column));
}

void addMetricColumns(Grid& grid, const std::vector<std::string>& metrics,
                      const TableOptions& options)
{
    const bool isRaw = options.layout == Layout::Raw;
    for (const std::string& metric : metrics) {
        Column column{metric, metric, Role::Metric, isHigherBetter(metric)};
        if (options.reported == Reported::Rows) {
            grid.columns.push_back(std::move(column));
            continue;
        }
        column.title = "own";
        Column reported{metric + " (paper)", "paper", Role::Reported};
        Column difference{metric + " (difference)", "Δ", Role::Difference};
        for (Column* part : {&column, &reported, &difference}) {
            part->over = isRaw ? "" : metric;
            grid.columns.push_back(std::move(*part));
        }
    }
}

/// Runs of a setting that Table III or IV is about.
bool isOfSetting(const ReportRun& run, const std::string& setting)
{
    // The paper's own ablations stand in tables of their own, not among its main results.
    return run.setting == setting && !run.metrics.empty() && !(run.isReported() && isAblation(run));
}

/// What the paper's layout leaves out: own ablations where the run that they vary is there too,
/// and runs that have not learned anything yet.
bool isBesideTheTable(const ReportRun& run, const std::vector<ReportRun>& runs)
{
    if (run.isReported() || run.kind == "original")
        return false;
    if (run.lastSession() == 0)
        return true;
    return isAblation(run) && std::any_of(runs.begin(), runs.end(), [&](const ReportRun& other) {
               return other.method == run.method && other.option == run.option &&
                      other.setting == run.setting && other.study == run.study &&
                      !other.isReported() && !other.metrics.empty() && !isAblation(other);
           });
}

/// Tables III and IV.
Grid methodTable(const std::vector<ReportRun>& runs, const std::string& setting,
                 const std::vector<std::string>& metrics, const TableOptions& options)
{
    const bool isRaw = options.layout == Layout::Raw;
    const Choice choice(runs, options, [&](const ReportRun& run) {
        return isOfSetting(run, setting) && (isRaw || !isBesideTheTable(run, runs));
    });
    std::vector<Column> lead{idColumn(options.layout)};
    if (isRaw) {
        lead.push_back({"method", "Method", Role::Text});
        lead.push_back({"option", "Option", Role::Text});
    }
    std::vector<Line> lines;
    for (RunGroup& group : groupsOf(choice.runs(), options.layout)) {
        // An ablation without the run that it varies must not pass for it.
        if (!isRaw && isAblation(group.first()) &&
            group.label == labelOf(group.first()) + branchPhrase(group))
            group.label += " (" + variantOf(group.first()) + ")";
        Line line{group, {idCell(group, options.layout)}};
        if (isRaw) {
            line.lead.push_back(textCell(group.first().method));
            line.lead.push_back(textCell(group.first().option));
        }
        lines.push_back(std::move(line));
    }
    return resultGrid(std::move(lead), metrics, lines, options);
}

/// M or Ks of a run; caption replay has no M.
Cell ablationCell(const ReportRun& run, const std::string& param)
{
    if (param == "params.M" && isCaptionReplay(run))
        return textCell("captions");
    return numberCell(parseDouble(paramText(run, param)));
}

/// Tables V to VIII: a table a setting in the paper, a section here.
Grid ablationTable(const std::vector<ReportRun>& runs, const std::string& key,
                   const Predicate& fits, const TableOptions& options)
{
    const bool isRaw = options.layout == Layout::Raw;
    const std::string param = "params." + key;
    const Choice choice(runs, options, [&](const ReportRun& run) {
        return run.method == "vr-lwf" && run.option == "WM" && !run.metrics.empty() && fits(run) &&
               (isRaw || run.lastSession() != 0);
    });
    std::vector<RunGroup> groups = groupsOf(choice.runs(), options.layout);
    const auto order = [&](const RunGroup& group) {
        return std::tuple(group.first().setting == "MST", group.first().isReported(),
                          ablationCell(group.first(), param).value.value_or(1e9));
    };
    if (!isRaw)
        std::stable_sort(groups.begin(), groups.end(),
                         [&](const auto& a, const auto& b) { return order(a) < order(b); });
    std::set<std::string> known;
    std::vector<Line> lines;
    for (const RunGroup& group : groups) {
        const ReportRun& first = group.first();
        const Cell varied = ablationCell(first, param);
        Line line{group, {numberCell(static_cast<double>(first.runId)), varied}};
        line.section = first.setting + (first.isReported() ? " reported" : "");
        if (!isRaw) {
            std::string name = first.setting + branchPhrase(group);
            if (!first.isFinished())
                name += " (" + first.status + ")";
            // Runs that differ in something else too.
            if (!known
                     .insert(line.section + name + varied.text +
                             shortestText(varied.value.value_or(0)))
                     .second)
                name += " " + numbersOf(group);
            line.lead[0] = textCell(std::move(name));
        }
        lines.push_back(std::move(line));
    }
    const Column id = isRaw ? idColumn(Layout::Raw) : Column{"setting", "Setting", Role::Text};
    Grid grid = resultGrid({id, {key, key, Role::Number}},
                           {"UT-Acc", "Bwt", "ZS-Acc", "TR@1", "IR@1", "A-Acc"}, lines, options);
    for (Row& row : grid.rows)
        row.group.clear(); // one option only
    return grid;
}

/// Metric names of a run that end in TR@1, without it: "", "shuffled 0 ", "Flickr30k ".
std::set<std::string> retrievalPrefixes(const RunGroup& group)
{
    constexpr std::string_view kRecall = "TR@1";
    std::set<std::string> prefixes;
    for (const ReportRun* run : group.runs) {
        for (const auto& [name, value] : run->metrics) {
            if (name.ends_with(kRecall) && !name.starts_with("val "))
                prefixes.insert(name.substr(0, name.size() - kRecall.size()));
        }
    }
    return prefixes;
}

bool isShuffle(const std::string& prefix)
{
    return prefix.find("shuffled ") != std::string::npos;
}

/// Rows of one model in Table II.
std::vector<Line> shuffleLines(const RunGroup& group, Layout layout)
{
    const bool isRaw = layout == Layout::Raw;
    std::set<std::string> prefixes = retrievalPrefixes(group);
    std::erase_if(prefixes, [](const std::string& prefix) {
        return !prefix.empty() && !prefix.starts_with("shuffled ");
    });
    std::vector<std::string> shuffles(prefixes.lower_bound("shuffled "), prefixes.end());
    // Plain retrieval alone says nothing about word order, but cited models have no more.
    if (shuffles.empty() && !group.first().params.contains("paper.cited"))
        return {};
    std::vector<Line> lines;
    const auto add = [&](std::vector<std::string> joined, bool shuffled) {
        const std::string& prefix = joined.front();
        Line line{group, {idCell(group, layout), textCell(shuffled ? "true" : "false")}};
        if (isRaw)
            line.lead.push_back(numberCell(shuffled && prefix.size() > 10
                                               ? parseDouble(prefix.substr(9, prefix.size() - 10))
                                               : std::nullopt));
        line.prefixes = std::move(joined);
        lines.push_back(std::move(line));
    };
    if (prefixes.contains(""))
        add({""}, false);
    if (!isRaw && !shuffles.empty())
        add(shuffles, true);
    for (const std::string& prefix : isRaw ? shuffles : std::vector<std::string>())
        add({prefix}, true);
    return lines;
}

/// Rows of one model in Fig. 5: the first retrieval set, then the further ones.
std::vector<Line> transferLines(const RunGroup& group, Layout layout)
{
    const ReportRun& first = group.first();
    std::set<std::string> sets = retrievalPrefixes(group);
    std::erase_if(sets, isShuffle);
    if (sets.empty() || sets.rbegin()->empty())
        return {}; // no further set
    std::vector<Line> lines;
    for (const std::string& prefix : sets) {
        const std::string firstName = first.retrievalSet.empty() ? "first set" : first.retrievalSet;
        const std::string name = prefix.empty() ? firstName : prefix.substr(0, prefix.size() - 1);
        Line line{group, {idCell(group, layout)}};
        if (layout == Layout::Raw) {
            line.lead.push_back(textCell(first.method));
            line.lead.push_back(textCell(first.option));
        }
        line.lead.push_back(textCell(first.setting));
        line.lead.push_back(textCell(name));
        line.prefixes = {prefix};
        line.contest = name;
        lines.push_back(std::move(line));
    }
    return lines;
}

/// The lines of all runs that have any.
std::vector<Line> linesOf(const std::vector<ReportRun>& runs, const TableOptions& options,
                          std::vector<Line> (*make)(const RunGroup& group, Layout layout))
{
    Runs chosen = sortedRuns(runs);
    // Only runs that are shown need labels that tell them apart.
    std::erase_if(chosen, [&](const ReportRun* run) {
        return (options.reported == Reported::Beside && run->isReported()) ||
               make({"", {run}}, options.layout).empty();
    });
    std::vector<Line> lines;
    for (const RunGroup& group : groupsOf(chosen, options.layout)) {
        for (Line& line : make(group, options.layout))
            lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace

Grid resultGrid(std::vector<Column> lead, const std::vector<std::string>& metrics,
                const std::vector<Line>& lines, const TableOptions& options)
{
    Grid grid;
    grid.columns = std::move(lead);
    addMetricColumns(grid, metrics, options);
    std::vector<RunGroup> groups;
    for (const Line& line : lines) {
        Row row = rowOf(line.group);
        row.section = line.section;
        row.contest += "|" + line.contest;
        row.cells = line.lead;
        for (const std::string& metric : metrics) {
            Cell own = joinedCell(valuesOf(line, metric));
            own.isBlank = line.group.isMissing();
            const auto value = own.value;
            row.cells.push_back(std::move(own));
            if (options.reported == Reported::Rows)
                continue;
            const auto reported = reportedValue(line, metric);
            row.cells.push_back(numberCell(reported));
            row.cells.push_back(
                numberCell(value && reported ? std::optional(*value - *reported) : std::nullopt));
            row.cells.back().isBlank = line.group.isMissing();
        }
        grid.rows.push_back(std::move(row));
        groups.push_back(line.group);
    }
    if (options.layout == Layout::Paper)
        addSourceColumn(grid);
    addNotes(grid, groups, options);
    return grid;
}

Grid ostTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    return methodTable(runs, "OST", {"UT-Acc", "ZS-Acc", "TR@1", "TR@5", "IR@1", "IR@5", "A-Acc"},
                       options);
}

Grid mstTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    return methodTable(
        runs, "MST", {"UT-Acc", "Bwt", "ZS-Acc", "TR@1", "TR@5", "IR@1", "IR@5", "A-Acc"}, options);
}

Grid tokensTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    const auto fits = [](const ReportRun& run) { return paramText(run, "params.Ks") == "100"; };
    return ablationTable(runs, "M", fits, options);
}

Grid sentencesTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    const auto fits = [](const ReportRun& run) {
        return paramText(run, "params.M") == "10" && !isCaptionReplay(run);
    };
    return ablationTable(runs, "Ks", fits, options);
}

Grid shuffleTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    std::vector<Column> lead{idColumn(options.layout), {"shuffled", "Shuffled", Role::Text}};
    if (options.layout == Layout::Raw)
        lead.push_back({"seed", "Seed", Role::Number});
    else
        lead.front().title = "Model";
    return resultGrid(std::move(lead), kRecalls, linesOf(runs, options, shuffleLines), options);
}

Grid transferTable(const std::vector<ReportRun>& runs, const TableOptions& options)
{
    std::vector<Column> lead{idColumn(options.layout)};
    if (options.layout == Layout::Raw) {
        lead.push_back({"method", "Method", Role::Text});
        lead.push_back({"option", "Option", Role::Text});
    }
    lead.push_back({"setting", "Setting", Role::Text});
    lead.push_back({"set", "Set", Role::Text});
    return resultGrid(std::move(lead), kRecalls, linesOf(runs, options, transferLines), options);
}

} // namespace clwb::report::detail
