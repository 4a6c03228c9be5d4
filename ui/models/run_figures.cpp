// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_figures.h"

#include "ui/models/run_columns.h"

#include <QCollator>
#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct MetricValueText
{
    Q_DECLARE_TR_FUNCTIONS(MetricValue)
};

} // namespace

QString MetricValue::id() const
{
    switch (of) {
    case Of::Best:
        return u"best"_s;
    case Of::Final:
        return u"final"_s;
    case Of::Session:
        return u"session %1"_s.arg(session);
    case Of::Last:
        break;
    }
    return u"last"_s;
}

MetricValue MetricValue::fromId(const QString& id)
{
    if (id == "best"_L1)
        return Best;
    if (id == "final"_L1)
        return Final;
    bool isNumber = false;
    const int session = id.section(u' ', 1).toInt(&isNumber);
    return id.startsWith("session "_L1) && isNumber && session >= 0 ? after(session) : Last;
}

QString MetricValue::titleOf(const QString& column) const
{
    switch (of) {
    case Of::Best:
        return MetricValueText::tr("%1 best").arg(column);
    case Of::Final:
        return MetricValueText::tr("%1 final").arg(column);
    case Of::Session:
        return MetricValueText::tr("%1 s%2", "metric, after session").arg(column).arg(session);
    case Of::Last:
        break;
    }
    return column;
}

QString MetricValue::explanation() const
{
    switch (of) {
    case Of::Best:
        return MetricValueText::tr("The largest value after any session, and after which it was.");
    case Of::Final:
        return MetricValueText::tr("After all sessions; runs that have not come so far have none.");
    case Of::Session:
        return session == 0 ? MetricValueText::tr("Before training.")
                            : MetricValueText::tr("After session %1.").arg(session);
    case Of::Last:
        break;
    }
    return {};
}

QString MetricValue::name() const
{
    switch (of) {
    case Of::Best:
        return MetricValueText::tr("best over sessions");
    case Of::Final:
        return MetricValueText::tr("final");
    case Of::Session:
        return MetricValueText::tr("session %1").arg(session);
    case Of::Last:
        break;
    }
    return MetricValueText::tr("last");
}

bool hasFinalEvaluation(const store::RunRow& run)
{
    return run.kind == "original" || run.status == "reported" || run.lastSession >= run.sessions;
}

RunFigures::RunFigures(const std::vector<store::RunRow>& runs)
    : m_runs(runs)
{}

void RunFigures::setBest(store::BestMetrics best)
{
    m_best = std::move(best);
    reset();
}

void RunFigures::setSessions(store::SessionMetrics values)
{
    m_sessions = std::move(values);
    reset();
}

void RunFigures::setDisk(std::map<int64_t, uint64_t> bytes)
{
    m_disk = std::move(bytes);
    reset();
}

void RunFigures::setShown(int column, MetricValue value)
{
    if (value == MetricValue::Last)
        m_choices.erase(column);
    else
        m_choices[column] = value;
    reset();
}

MetricValue RunFigures::shown(int column) const
{
    const auto chosen = m_choices.find(column);
    return chosen == m_choices.end() ? MetricValue::Last : chosen->second;
}

const store::BestValue* RunFigures::shownBest(const store::RunRow& run, int column) const
{
    if (shown(column) != MetricValue::Best)
        return nullptr;
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
    return metric(run, column);
}

std::optional<double> RunFigures::metric(const store::RunRow& run, int column) const
{
    const RunColumn& shownColumn = runColumns()[static_cast<size_t>(column)];
    const MetricValue value = shown(column);
    switch (value.of) {
    case MetricValue::Of::Best: {
        const store::BestValue* best = shownBest(run, column);
        return best ? std::optional(best->value) : std::nullopt;
    }
    case MetricValue::Of::Session: {
        const auto values = m_sessions.find(run.runId);
        if (values == m_sessions.end())
            return std::nullopt;
        const auto found = values->second.find({value.session, shownColumn.metric(run)});
        return found == values->second.end() ? std::nullopt : std::optional(found->second);
    }
    case MetricValue::Of::Final:
        return hasFinalEvaluation(run) ? shownColumn.number(run) : std::nullopt;
    case MetricValue::Of::Last:
        break;
    }
    return shownColumn.number(run);
}

std::optional<int> RunFigures::sessionOfBest(const store::RunRow& run, int column) const
{
    const store::BestValue* best = shownBest(run, column);
    return best ? std::optional<int>(best->session) : std::nullopt;
}

int RunFigures::sessionOf(const store::RunRow& run, int column) const
{
    const MetricValue value = shown(column);
    if (value.of == MetricValue::Of::Session)
        return value.session;
    return sessionOfBest(run, column).value_or(std::max(0, run.lastSession));
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
