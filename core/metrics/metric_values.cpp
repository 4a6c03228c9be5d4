// SPDX-License-Identifier: GPL-3.0-or-later
// The names under which a record's numbers stand in the project file (view v_metric).
#include "core/metrics/evaluation_record.h"

namespace clwb::metrics
{
namespace
{

class ValueList
{
public:
    explicit ValueList(std::string prefix)
        : m_prefix(std::move(prefix))
    {}

    void add(const std::string& name, std::optional<double> value)
    {
        if (value)
            list.push_back({m_prefix + name, *value});
    }

    std::vector<MetricValue> list;

private:
    std::string m_prefix;
};

void addRecalls(ValueList& values, const std::string& prefix, const RetrievalRecord& record)
{
    const RecallSet set = recalls(record);
    values.add(prefix + "TR@1", set.tr1);
    values.add(prefix + "TR@5", set.tr5);
    values.add(prefix + "TR@10", set.tr10);
    values.add(prefix + "IR@1", set.ir1);
    values.add(prefix + "IR@5", set.ir5);
    values.add(prefix + "IR@10", set.ir10);
}

} // namespace

std::vector<MetricValue> metricValues(const EvaluationRecord& record)
{
    ValueList values(record.split == "val" ? "val " : "");
    if (record.ut) {
        values.add("UT-Acc (overall)", utOverall(*record.ut));
        values.add("UT-Acc (session mean)", utSessionMean(*record.ut));
        values.add("UT-Acc (seen)", utSeen(*record.ut, record.session, record.setting));
    }
    if (record.zs)
        values.add("ZS-Acc", zsAccuracy(*record.zs));
    for (const RetrievalRecord& set : record.retrieval) {
        // A shuffle may come first when retrieval itself was not asked for.
        const std::string& first = record.firstRetrievalSet.empty() ? record.retrieval.front().name
                                                                    : record.firstRetrievalSet;
        std::string prefix = set.name == first ? "" : set.name + " ";
        if (set.shuffleSeed)
            prefix += "shuffled " + std::to_string(*set.shuffleSeed) + " ";
        addRecalls(values, prefix, set);
    }
    values.add("A-Acc", aAcc(record));
    return std::move(values.list);
}

} // namespace clwb::metrics
