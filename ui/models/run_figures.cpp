// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_figures.h"

#include "ui/models/run_columns.h"

#include <QCollator>
#include <QHash>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

RunFigures::RunFigures(const std::vector<store::RunRow>& runs)
    : m_runs(runs)
{}

void RunFigures::setBest(store::BestMetrics best)
{
    m_best = std::move(best);
    reset();
}

void RunFigures::setDisk(std::map<int64_t, uint64_t> bytes)
{
    m_disk = std::move(bytes);
    reset();
}

void RunFigures::setShown(int column, MetricValue value)
{
    if (value == MetricValue::Best)
        m_bestColumns.insert(column);
    else
        m_bestColumns.erase(column);
    reset();
}

MetricValue RunFigures::shown(int column) const
{
    return m_bestColumns.contains(column) ? MetricValue::Best : MetricValue::Last;
}

const store::BestValue* RunFigures::bestOf(const store::RunRow& run, int column) const
{
    const auto metrics = m_best.find(run.runId);
    if (metrics == m_best.end())
        return nullptr;
    const auto found = metrics->second.find(runColumns()[static_cast<size_t>(column)].metric(run));
    return found == metrics->second.end() ? nullptr : &found->second;
}

std::optional<double> RunFigures::number(const store::RunRow& run, int column) const
{
    static const int s_disk = columnOf(QStringLiteral("disk"));
    if (column == s_disk) {
        const auto bytes = m_disk.find(run.runId);
        return bytes == m_disk.end() ? std::nullopt
                                     : std::optional<double>(static_cast<double>(bytes->second));
    }
    if (shown(column) == MetricValue::Last)
        return runColumns()[static_cast<size_t>(column)].number(run);
    if (const store::BestValue* best = bestOf(run, column))
        return best->value;
    return std::nullopt;
}

std::optional<int> RunFigures::sessionOfBest(const store::RunRow& run, int column) const
{
    const store::BestValue* best =
        shown(column) == MetricValue::Best ? bestOf(run, column) : nullptr;
    return best ? std::optional<int>(best->session) : std::nullopt;
}

const std::vector<double>& RunFigures::keys(int column) const
{
    m_keys.resize(runColumns().size());
    std::vector<double>& keys = m_keys[static_cast<size_t>(column)];
    if (keys.size() != m_runs.size())
        keys = runColumns()[static_cast<size_t>(column)].number ? numberKeys(column)
                                                                : textKeys(column);
    return keys;
}

std::vector<double> RunFigures::numberKeys(int column) const
{
    std::vector<double> keys;
    keys.reserve(m_runs.size());
    for (const store::RunRow& run : m_runs)
        keys.push_back(number(run, column).value_or(NAN));
    return keys;
}

std::vector<double> RunFigures::textKeys(int column) const
{
    const RunColumn& shown = runColumns()[static_cast<size_t>(column)];
    QStringList texts;
    texts.reserve(static_cast<qsizetype>(m_runs.size()));
    for (const store::RunRow& run : m_runs)
        texts << shown.value(run).toString();
    QStringList distinct = texts;
    distinct.sort();
    distinct.removeDuplicates();
    if (shown.kind != ColumnKind::Time) { // times are already in order
        QCollator collator;
        collator.setNumericMode(true);
        collator.setCaseSensitivity(Qt::CaseInsensitive);
        std::vector<std::pair<QCollatorSortKey, QString>> sorted;
        for (const QString& text : distinct)
            sorted.emplace_back(collator.sortKey(text), text);
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        std::transform(sorted.begin(), sorted.end(), distinct.begin(),
                       [](const auto& one) { return one.second; });
    }
    QHash<QString, double> places;
    for (qsizetype at = 0; at < distinct.size(); ++at)
        places.insert(distinct[at], distinct[at].isEmpty() ? NAN : static_cast<double>(at));
    std::vector<double> keys;
    keys.reserve(m_runs.size());
    for (const QString& text : texts)
        keys.push_back(places.value(text));
    return keys;
}

} // namespace clwb::ui
