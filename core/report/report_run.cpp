// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report_run.h"

#include "core/spec/run_spec.h"

namespace clwb::report
{

std::optional<int> ReportRun::lastSession() const
{
    if (series.empty())
        return std::nullopt;
    return series.rbegin()->first;
}

std::string labelOf(const ReportRun& run)
{
    // Cited results, and models of unknown making that `clwb eval --record` stored.
    if (run.params.contains("paper.cited") || run.params.contains("foreign"))
        return run.name;
    return spec::displayLabel(run.kind, run.method, run.option);
}

std::string branchText(const BranchedFrom& branch)
{
    return "from " +
           (branch.runId == 0 ? std::string("another run") : "#" + std::to_string(branch.runId)) +
           ", session " + std::to_string(branch.session);
}

std::string replacedText(const ReplacedRun& run)
{
    return "#" + std::to_string(run.runId) + " is not counted: #" + std::to_string(run.countedRun) +
           " repeats its seed" + (run.seed ? " " + std::to_string(*run.seed) : std::string());
}

std::vector<std::string> replacedTexts(const std::vector<ReplacedRun>& runs)
{
    constexpr size_t kMost = 2;
    // "1 more" would take the place of the run itself.
    const size_t shown = runs.size() > kMost + 1 ? kMost : runs.size();
    std::vector<std::string> texts;
    for (size_t at = 0; at < shown; ++at)
        texts.push_back(replacedText(runs[at]));
    if (shown < runs.size())
        texts.push_back(std::to_string(runs.size() - shown) +
                        " more are not counted: later runs repeat their seeds");
    return texts;
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

std::string studyKeyOf(const ReportRun& run)
{
    const std::string hash = paramText(run, "study_sha256");
    return hash.empty() ? run.study : hash;
}

std::string metricName(const ReportRun& run, const std::string& column)
{
    if (column != "UT-Acc")
        return column;
    return run.setting == "OST" ? "UT-Acc (overall)" : "UT-Acc (session mean)";
}

std::optional<double> metricOf(const ReportRun& run, const std::string& name)
{
    const auto found = run.metrics.find(name);
    if (found == run.metrics.end())
        return std::nullopt;
    return found->second;
}

} // namespace clwb::report
