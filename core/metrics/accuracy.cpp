// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracies of the updated task and of zero-shot classification, and what they make together.
#include "core/base/check.h"
#include "core/metrics/evaluation_record.h"

#include <algorithm>
#include <numeric>

namespace clwb::metrics
{
namespace
{

std::optional<double> percent(int64_t hits, int64_t total)
{
    if (total <= 0)
        return std::nullopt;
    return 100.0 * static_cast<double>(hits) / static_cast<double>(total);
}

struct Counts
{
    int64_t hits = 0;
    int64_t total = 0;
};

/// Counts of each session's classes, session 1 first.
std::vector<Counts> countsOfSessions(const UtRecord& record)
{
    const std::vector<int64_t> hits = utHits(record);
    const std::vector<int64_t> totals = utTotals(record);
    std::vector<Counts> counts(static_cast<size_t>(sessionCount(record)));
    for (size_t i = 0; i < totals.size(); ++i) {
        Counts& session = counts.at(static_cast<size_t>(record.sessionOfClass.at(i) - 1));
        session.hits += hits[i];
        session.total += totals[i];
    }
    return counts;
}

/// Micro accuracy over the classes of the first `sessions` sessions.
std::optional<double> accuracyUpTo(const UtRecord& record, int sessions)
{
    const std::vector<Counts> counts = countsOfSessions(record);
    Counts sum;
    for (size_t i = 0; i < std::min(counts.size(), static_cast<size_t>(sessions)); ++i) {
        sum.hits += counts[i].hits;
        sum.total += counts[i].total;
    }
    return percent(sum.hits, sum.total);
}

/// Mean of the defined values.
class Mean
{
public:
    void add(std::optional<double> value)
    {
        if (value) {
            m_sum += *value;
            ++m_count;
        }
    }
    [[nodiscard]] std::optional<double> value() const
    {
        if (m_count == 0)
            return std::nullopt;
        return m_sum / static_cast<double>(m_count);
    }

private:
    double m_sum = 0;
    int64_t m_count = 0;
};

} // namespace

std::vector<int64_t> utTotals(const UtRecord& record)
{
    std::vector<int64_t> totals;
    for (const std::vector<int64_t>& row : record.confusion)
        totals.push_back(std::accumulate(row.begin(), row.end(), int64_t{0}));
    return totals;
}

std::vector<int64_t> utHits(const UtRecord& record)
{
    if (record.labelSpace == "seen") {
        CLWB_CHECK(record.seenHits.size() == record.confusion.size());
        return record.seenHits;
    }
    std::vector<int64_t> hits;
    for (size_t i = 0; i < record.confusion.size(); ++i)
        hits.push_back(record.confusion[i].at(i));
    return hits;
}

int sessionCount(const UtRecord& record)
{
    const auto last = std::max_element(record.sessionOfClass.begin(), record.sessionOfClass.end());
    return last == record.sessionOfClass.end() ? 0 : *last;
}

std::optional<double> utOverall(const UtRecord& record)
{
    return accuracyUpTo(record, sessionCount(record));
}

std::vector<std::optional<double>> utPerSession(const UtRecord& record)
{
    std::vector<std::optional<double>> accuracies;
    for (const Counts& session : countsOfSessions(record))
        accuracies.push_back(percent(session.hits, session.total));
    return accuracies;
}

std::optional<double> utSessionMean(const UtRecord& record)
{
    Mean mean;
    for (const auto& accuracy : utPerSession(record))
        mean.add(accuracy);
    return mean.value();
}

std::optional<double> utSeen(const UtRecord& record, int finishedSessions,
                             const std::string& setting)
{
    if (finishedSessions <= 0)
        return std::nullopt;
    const int last = setting == "OST" ? sessionCount(record) : finishedSessions;
    return accuracyUpTo(record, last);
}

std::optional<double> zsAccuracy(const ZsRecord& record)
{
    return percent(std::accumulate(record.hits.begin(), record.hits.end(), int64_t{0}),
                   std::accumulate(record.totals.begin(), record.totals.end(), int64_t{0}));
}

std::optional<double> aAcc(const EvaluationRecord& record)
{
    if (!record.ut || !record.zs)
        return std::nullopt;
    const auto ut = record.setting == "OST" ? utOverall(*record.ut) : utSessionMean(*record.ut);
    const auto zs = zsAccuracy(*record.zs);
    if (!ut || !zs)
        return std::nullopt;
    return (*ut + *zs) / 2;
}

std::optional<double>
backwardTransfer(const std::vector<std::vector<std::optional<double>>>& perSession)
{
    Mean mean;
    const size_t sessions = perSession.size();
    for (size_t i = 0; i + 1 < sessions; ++i) {
        CLWB_CHECK(perSession[i].size() > i && perSession.back().size() > i, "session ", i + 1);
        const auto learned = perSession[i][i];
        const auto kept = perSession.back()[i];
        if (learned && kept)
            mean.add(*kept - *learned);
    }
    return mean.value();
}

std::optional<double>
justLearnedMean(const std::vector<std::vector<std::optional<double>>>& perSession)
{
    Mean mean;
    for (size_t i = 0; i < perSession.size(); ++i) {
        CLWB_CHECK(perSession[i].size() > i, "session ", i + 1);
        mean.add(perSession[i][i]);
    }
    return mean.value();
}

} // namespace clwb::metrics
