// SPDX-License-Identifier: GPL-3.0-or-later
// Grouping, filtering and sorting of the run list.
#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_list_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Order of a group (own studies first, reported last), key and title.
struct GroupPlace
{
    int order = 0;
    QString key;
    QString title;
};

/// The name but for the seed: of "VR-LwF-WM, MST, seed 2" it is "VR-LwF-WM, MST".
std::string_view nameWithoutSeed(const std::string& name)
{
    constexpr std::string_view kSeed = "seed ";
    std::string_view rest = name;
    const size_t at = rest.rfind(kSeed);
    if (at == std::string_view::npos ||
        rest.find_first_not_of("0123456789", at + kSeed.size()) != std::string_view::npos)
        return rest;
    rest = rest.substr(0, at);
    return rest.substr(0, rest.find_last_not_of(" ,") + 1);
}

GroupPlace placeOf(const store::RunRow& run, RunGrouping grouping, const RunDetails& details,
                   const RunStudies& studies)
{
    if (grouping == RunGrouping::None)
        return {0, u"all"_s, QString()};
    if (grouping == RunGrouping::Configuration) {
        // What has no hash (reported rows, old imports) is a configuration of its own.
        const auto found = details.configurations.find(run.runId);
        const QString key = found == details.configurations.end()
                                ? u"run:"_s + QString::number(run.runId)
                                : toQt(found->second);
        return {0, u"configuration:"_s + toQt(run.origin) + u':' + key,
                toQt(spec::displayLabel(run.kind, run.method, run.option))};
    }
    if (run.status == "reported")
        return {2, u"reported"_s, RunListModel::tr("reported in the paper")};
    switch (grouping) {
    case RunGrouping::Setting:
        return {0, u"setting:"_s + toQt(run.setting), toQt(run.setting)};
    case RunGrouping::Method: {
        const QString label = toQt(spec::displayLabel(run.kind, run.method, ""));
        return {run.kind == "method" ? 0 : 1, u"method:"_s + label, label};
    }
    case RunGrouping::Option:
        return {run.option.empty() ? 1 : 0, u"option:"_s + toQt(run.option),
                run.option.empty() ? RunListModel::tr("references") : toQt(run.option)};
    case RunGrouping::None:
    case RunGrouping::Study:
    case RunGrouping::Configuration:
        break;
    }
    // What stands under one heading competes: both go by the same key.
    const QString title = studies.titleOf(run);
    return {0, u"study:"_s + toQt(studies.keyOf(run)),
            title.isEmpty() ? RunListModel::tr("without a study") : title};
}

} // namespace

std::vector<RunListModel::Group> RunListModel::makeGroups()
{
    std::map<std::pair<int, QString>, Group> groups;
    const bool areArchivedShown = m_archived == Archived::Shown || m_filter.asksForArchived();
    m_hiddenCount = 0;
    for (size_t row = 0; row < m_runs.size(); ++row) {
        if (!areArchivedShown && isArchived(m_runs[row])) {
            ++m_hiddenCount;
            continue;
        }
        const GroupPlace place = placeOf(m_runs[row], m_grouping, m_details, m_studies);
        Group& group = groups[{place.order, place.key}];
        group.key = place.key;
        group.title = place.title;
        ++group.total;
        if (m_filter.matches(m_runs[row]))
            group.rows.push_back(row);
    }
    std::vector<Group> result;
    for (auto& [key, group] : groups) {
        if (group.rows.empty())
            continue;
        sortRows(group.rows);
        if (m_grouping == RunGrouping::Configuration)
            addFigures(group);
        result.push_back(std::move(group));
    }
    if (m_grouping == RunGrouping::Configuration)
        sortConfigurations(result);
    return result;
}

void RunListModel::addFigures(Group& group) const
{
    const std::string_view name = nameWithoutSeed(m_runs[group.rows.front()].name);
    const bool isShared = std::all_of(group.rows.begin(), group.rows.end(), [&](size_t row) {
        return nameWithoutSeed(m_runs[row].name) == name;
    });
    if (isShared && !name.empty())
        group.title = toQt(std::string(name));
    // A run that has not come to its end is no sample; of a seed that was run twice the later is.
    std::map<int64_t, size_t> bySeed;
    std::vector<size_t> samples;
    for (const size_t row : group.rows) {
        const store::RunRow& run = m_runs[row];
        if (run.status != "finished" && run.status != "reported")
            continue;
        if (!run.seed) {
            samples.push_back(row);
            continue;
        }
        const auto [place, isNew] = bySeed.try_emplace(*run.seed, row);
        if (!isNew && run.runId > m_runs[place->second].runId)
            place->second = row;
    }
    for (const size_t row : group.rows) {
        const store::RunRow& run = m_runs[row];
        const auto counted = run.seed ? bySeed.find(*run.seed) : bySeed.end();
        if (run.status == "finished" && counted != bySeed.end() && counted->second != row)
            group.replaced.push_back({run.runId, m_runs[counted->second].runId, run.seed});
    }
    for (const auto& [seed, row] : bySeed)
        samples.push_back(row);
    group.figures.resize(runColumns().size());
    for (size_t column = 0; column < group.figures.size(); ++column) {
        if (runColumns()[column].kind != ColumnKind::Metric)
            continue;
        std::vector<double> values;
        for (const size_t row : samples)
            values.push_back(m_figures.keys(static_cast<int>(column))[row]);
        group.figures[column] = estimateOf(values);
    }
}

double RunListModel::groupKey(const Group& group, int column) const
{
    const Estimate& figure = group.figures[static_cast<size_t>(column)];
    if (runColumns()[static_cast<size_t>(column)].kind == ColumnKind::Metric)
        return figure.isKnown() ? figure.mean : NAN;
    return m_figures.keys(column)[group.rows.front()];
}

namespace
{

/// -1, 0, 1; missing values last whatever the order.
int compareKeys(double a, double b, Qt::SortOrder order)
{
    if (std::isnan(a) || std::isnan(b))
        return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
    const int ascending = static_cast<int>(a > b) - static_cast<int>(a < b);
    return order == Qt::AscendingOrder ? ascending : -ascending;
}

/// Newest first; reported rows keep the order of the paper.
bool isEarlierLine(const store::RunRow& a, const store::RunRow& b)
{
    if ((a.status == "reported") != (b.status == "reported"))
        return b.status == "reported";
    return a.status == "reported" ? a.runId < b.runId : a.runId > b.runId;
}

} // namespace

void RunListModel::sortRows(std::vector<size_t>& rows) const
{
    std::vector<std::pair<const std::vector<double>*, Qt::SortOrder>> keys;
    for (const auto& [column, order] : m_sorts)
        keys.emplace_back(&m_figures.keys(column), order);
    std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
        for (const auto& [values, order] : keys) {
            if (const int compared = compareKeys((*values)[a], (*values)[b], order); compared != 0)
                return compared < 0;
        }
        return isEarlierLine(m_runs[a], m_runs[b]);
    });
}

void RunListModel::sortConfigurations(std::vector<Group>& groups) const
{
    std::sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
        for (const auto& [column, order] : m_sorts) {
            const int compared = compareKeys(groupKey(a, column), groupKey(b, column), order);
            if (compared != 0)
                return compared < 0;
        }
        return isEarlierLine(m_runs[a.rows.front()], m_runs[b.rows.front()]);
    });
}

QString RunListModel::replacedLines(const Group& group)
{
    QString lines;
    for (const std::string& replaced : report::replacedTexts(group.replaced))
        lines += u'\n' + toQt(replaced);
    return lines;
}

QVariant RunListModel::groupCell(const Group& group, int at, int role) const
{
    const RunColumn& column = runColumns()[static_cast<size_t>(at)];
    const Estimate& figure = group.figures[static_cast<size_t>(at)];
    const store::RunRow& first = m_runs[group.rows.front()];
    const bool isMetric = column.kind == ColumnKind::Metric;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        if (isMetric) {
            const QString mean = numberCellText(
                column, figure.isKnown() ? std::optional(figure.mean) : std::nullopt);
            return figure.count < 2 ? mean
                                    : mean + u" ± "_s + numberText(figure.std, column.decimals);
        }
        if (column.id == "name"_L1)
            return group.title;
        // What all its runs have in common.
        return column.id == "method"_L1 || column.id == "option"_L1 || column.id == "setting"_L1
                   ? cellText(column, first)
                   : QString();
    case Qt::ToolTipRole:
        if (column.id == "name"_L1 && !group.replaced.empty())
            return QString(group.title + replacedLines(group));
        if (!isMetric || !figure.isKnown())
            return {};
        return QString(tr("%1\nMean ± sample standard deviation over seeds, n = %2")
                           .arg(headerData(at, Qt::Horizontal, Qt::ToolTipRole).toString())
                           .arg(figure.count) +
                       replacedLines(group));
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (isMetric ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
    case UnderlineRole:
        return markData(markedRun(group), at, role);
    case ColourRole:
        return colourOfRun(m_looks, first);
    case HiddenRole:
        return m_looks && std::all_of(group.rows.begin(), group.rows.end(), [this](size_t row) {
                   return m_looks->isHidden(m_runs[row].runId);
               });
    default:
        return {};
    }
}

} // namespace clwb::ui
