// SPDX-License-Identifier: GPL-3.0-or-later
// The derived numbers of an evaluation record (algorithms.md §6) from its own counts.
#include "core/base/number_text.h"
#include "tests/replay/evaluation.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace clwb::replay
{
namespace
{

using Value = std::optional<double>;

/// Percent, undefined without items.
Value share(int64_t hits, int64_t total)
{
    return total == 0 ? Value() : 100.0 * static_cast<double>(hits) / static_cast<double>(total);
}

/// Undefined values are left out.
Value meanOf(const std::vector<Value>& values)
{
    double sum = 0;
    int count = 0;
    for (const Value& value : values) {
        sum += value.value_or(0);
        count += value ? 1 : 0;
    }
    return count == 0 ? Value() : sum / count;
}

/// Compares and reports.
class Comparer
{
public:
    Comparer(const EvalLine& line, Findings& findings)
        : m_line(line)
        , m_findings(findings)
    {}

    void compareKey(const Json& object, const std::string& key, const Value& expected)
    {
        const Json recorded = object.contains(key) ? object.at(key) : Json("absent");
        compare(recorded, key, expected);
    }

    void compare(const Json& recorded, const std::string& name, const Value& expected)
    {
        const bool isGood =
            expected ? recorded.is_number() && std::abs(recorded.get<double>() - *expected) <= 1e-9
                     : recorded.is_null();
        if (!isGood)
            m_findings.add("formulas", m_line.place() + ": " + name + " is " + recorded.dump() +
                                           ", expected " +
                                           (expected ? shortestText(*expected) : "null"));
    }

private:
    const EvalLine& m_line;
    Findings& m_findings;
};

/// @return the UT accuracy that A-Acc uses
Value checkTask(const Json& ut, const std::string& setting, const std::vector<int>& sessions,
                Comparer& comparer)
{
    const size_t classes = sessions.size();
    // With the label space `seen` the hits among fewer candidates count.
    const bool isSeen = ut.value("label_space", "all") == "seen";
    const int last = classes == 0 ? 0 : *std::max_element(sessions.begin(), sessions.end());
    std::vector<int64_t> hits(static_cast<size_t>(last) + 1, 0);
    std::vector<int64_t> totals(hits.size(), 0);
    for (size_t c = 0; c < classes; ++c) {
        const auto session = static_cast<size_t>(sessions[c]);
        const std::vector<int64_t> row = ut.at("confusion").at(c);
        hits[session] += isSeen ? ut.at("seen_hits").at(c).get<int64_t>() : row.at(c);
        for (const int64_t count : row)
            totals[session] += count;
    }
    std::vector<Value> perSession;
    int64_t allHits = 0;
    int64_t allTotals = 0;
    for (size_t s = 1; s < hits.size(); ++s) {
        perSession.push_back(share(hits[s], totals[s]));
        allHits += hits[s];
        allTotals += totals[s];
    }
    const Value overall = share(allHits, allTotals);
    comparer.compareKey(ut, "overall", overall);
    comparer.compareKey(ut, "session_mean", meanOf(perSession));
    for (size_t s = 0; s < perSession.size(); ++s)
        comparer.compare(ut.at("per_session").at(s), "per_session[" + std::to_string(s) + "]",
                         perSession[s]);
    comparer.compare(Json(ut.at("per_session").size()), "length of per_session",
                     static_cast<double>(perSession.size()));
    return setting == "OST" ? overall : meanOf(perSession);
}

Value checkZeroShot(const Json& zs, Comparer& comparer)
{
    int64_t hits = 0;
    int64_t totals = 0;
    for (size_t c = 0; c < zs.at("classes").size(); ++c) {
        hits += zs.at("hits").at(c).get<int64_t>();
        totals += zs.at("totals").at(c).get<int64_t>();
    }
    const Value accuracy = share(hits, totals);
    comparer.compareKey(zs, "accuracy", accuracy);
    return accuracy;
}

/// Share of ranks [from, to) below k; ranks that are null are left out.
Value recall(const Json& ranks, size_t from, size_t to, int64_t k)
{
    int64_t hits = 0;
    int64_t total = 0;
    for (size_t i = from; i < to; ++i) {
        if (ranks.at(i).is_null())
            continue;
        ++total;
        hits += ranks.at(i).get<int64_t>() < k ? 1 : 0;
    }
    return share(hits, total);
}

void checkRecalls(const Json& set, Comparer& comparer)
{
    const size_t images = set.at("image_ranks").size();
    const size_t captions = set.at("caption_ranks").size();
    const size_t folds = set.at("folds");
    std::vector<size_t> before{0}; // captions before each image
    for (size_t i = 0; i < images; ++i)
        before.push_back(before.back() + (set.contains("caption_counts")
                                              ? set.at("caption_counts").at(i).get<size_t>()
                                              : captions / images));
    for (const int64_t k : {1, 5, 10}) {
        std::vector<Value> toText;
        std::vector<Value> toImage;
        for (size_t j = 0; j < folds; ++j) {
            const size_t first = j * images / folds;
            const size_t last = (j + 1) * images / folds;
            toText.push_back(recall(set.at("image_ranks"), first, last, k));
            toImage.push_back(
                recall(set.at("caption_ranks"), before.at(first), before.at(last), k));
        }
        comparer.compareKey(set, "TR@" + std::to_string(k), meanOf(toText));
        comparer.compareKey(set, "IR@" + std::to_string(k), meanOf(toImage));
    }
}

} // namespace

void checkFormulas(const EvalLine& line, const std::string& setting,
                   const std::vector<std::string>& classes, const std::vector<int>& sessionOfClass,
                   Findings& findings)
{
    const Json& record = line.record;
    Comparer comparer(line, findings);
    try {
        if (record.at("schema") != 1 || record.at("setting") != setting)
            findings.add("record", line.place() + ": schema or setting differ");
        Value task;
        Value zeroShot;
        if (record.contains("ut")) {
            const Json& ut = record.at("ut");
            if (ut.at("classes") != Json(classes) ||
                ut.at("session_of_class") != Json(sessionOfClass))
                findings.add("record", line.place() + ": classes or their sessions differ");
            task = checkTask(ut, setting, sessionOfClass, comparer);
        }
        if (record.contains("zs"))
            zeroShot = checkZeroShot(record.at("zs"), comparer);
        for (const Json& set : record.value("retrieval", Json::array()))
            checkRecalls(set, comparer);
        if (task && zeroShot)
            comparer.compareKey(record, "a_acc", (*task + *zeroShot) / 2);
    } catch (const Json::exception& problem) {
        findings.add("record", line.place() + ": " + problem.what());
    }
}

} // namespace clwb::replay
