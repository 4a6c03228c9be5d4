// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report_run.h"

#include "core/spec/run_spec.h"

namespace clwb::report
{

std::string labelOf(const ReportRun& run)
{
    if (run.params.contains("paper.cited"))
        return run.name;
    return spec::displayLabel(run.kind, run.method, run.option);
}

std::string paramText(const ReportRun& run, const std::string& key)
{
    const auto found = run.params.find(key);
    if (found == run.params.end())
        return {};
    const std::string& text = found->second;
    const bool isQuoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return isQuoted ? text.substr(1, text.size() - 2) : text;
}

std::optional<double> metricOf(const ReportRun& run, const std::string& name)
{
    const auto found = run.metrics.find(name);
    if (found == run.metrics.end())
        return std::nullopt;
    return found->second;
}

} // namespace clwb::report
