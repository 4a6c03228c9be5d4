// SPDX-License-Identifier: GPL-3.0-or-later
// Import of curves that another program logged.
#include "core/base/check.h"
#include "core/store/bundle.h"
#include "core/store/project_private.h"
#include "core/store/run_dump.h"
#include "core/store/step_buckets.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace clwb::store
{
namespace
{

/// Names under which a log may hold what the list of runs and the tables show.
constexpr std::array<std::string_view, 12> kMetrics{"UT-Acc (overall)",
                                                    "UT-Acc (session mean)",
                                                    "UT-Acc (seen)",
                                                    "ZS-Acc",
                                                    "A-Acc",
                                                    "Bwt",
                                                    "TR@1",
                                                    "TR@5",
                                                    "TR@10",
                                                    "IR@1",
                                                    "IR@5",
                                                    "IR@10"};

bool isMetric(const std::string& name)
{
    return std::find(kMetrics.begin(), kMetrics.end(), name) != kMetrics.end();
}

/// Thins one curve as compactSteps() does, while its values arrive by step.
class Thinner
{
public:
    Thinner(std::string name, std::map<int64_t, StepItem>& steps)
        : m_name(std::move(name))
        , m_steps(steps)
    {}

    void add(int64_t step, double value)
    {
        if (!std::isfinite(value))
            return put(step, value); // a mark of its own
        if (m_count > 0 && stepBucketEnd(step) != stepBucketEnd(m_lastStep))
            flush();
        m_sum += value;
        m_count += 1;
        m_lastStep = step;
    }

    void flush()
    {
        if (m_count > 0)
            put(m_lastStep, m_sum / static_cast<double>(m_count));
        m_sum = 0;
        m_count = 0;
    }

private:
    void put(int64_t step, double value)
    {
        StepItem& item = m_steps[step];
        item.step = step;
        item.session = 1;
        item.epoch = 1;
        item.losses[m_name] = value;
    }

    std::string m_name;
    std::map<int64_t, StepItem>& m_steps;
    double m_sum = 0;
    int64_t m_count = 0;
    int64_t m_lastStep = 0;
};

RunColumns columnsOf(const LoggedCurves& curves)
{
    RunColumns columns;
    columns.uid = curves.uid;
    columns.name = curves.name;
    columns.kind = "method";
    columns.status = "finished";
    columns.origin = "imported";
    columns.sessions = 1;
    columns.lastSession = 1;
    columns.spec = Json{{"kind", "method"}, {"name", curves.name}};
    return columns;
}

} // namespace

Result<ImportReport> importCurves(Project& project, const LoggedCurves& curves)
{
    CLWB_TRY(requireWritable(project));
    CLWB_CHECK(isUid(curves.uid), curves.uid);
    RunDump dump;
    dump.columns = columnsOf(curves);
    std::map<int64_t, StepItem> steps;
    std::map<std::string, Thinner> thinners;
    std::map<std::string, double> last;
    for (const auto& [step, values] : curves.values) {
        for (const auto& [name, value] : values) {
            thinners.try_emplace(name, name, steps).first->second.add(step, value);
            if (isMetric(name) && std::isfinite(value))
                last[name] = value;
        }
    }
    for (auto& [name, thinner] : thinners)
        thinner.flush();
    for (auto& [step, item] : steps)
        dump.steps.push_back(std::move(item));
    for (const auto& [name, value] : last)
        dump.metrics.push_back({1, 0, name, value});
    return insertDumps(project, {std::move(dump)});
}

} // namespace clwb::store
