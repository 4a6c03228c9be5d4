// SPDX-License-Identifier: GPL-3.0-or-later
// Own runs against the rows of the paper: which stands for which, and which nobody has run.
#include "core/report/paper_numbers.h"
#include "core/report/table_kinds.h"

#include <algorithm>
#include <set>

namespace clwb::report::detail
{
namespace
{

constexpr const char* kPaths = " --set study=STUDY.json --set model=MODEL";

std::string paramOr(const ReportRun& run, const std::string& key, const std::string& fallback)
{
    const std::string text = paramText(run, key);
    return text.empty() ? fallback : text;
}

/// What a row of the paper says of a run; caption replay has no M.
std::string placeOf(const ReportRun& run)
{
    std::string place = run.kind + "|" + run.method + "|" + run.option + "|" + run.setting;
    if (run.method == "vr-lwf") {
        place += isCaptionReplay(run) ? "|captions" : "|" + paramOr(run, "params.M", "10");
        place += "|" + paramOr(run, "params.Ks", "100");
    }
    return place;
}

bool isCited(const ReportRun& run)
{
    return run.params.contains("paper.cited");
}

} // namespace

bool isCaptionReplay(const ReportRun& run)
{
    return paramText(run, "params.replay") == "captions";
}

bool isAblation(const ReportRun& run)
{
    return run.method == "vr-lwf" && run.option == "WM" &&
           (isCaptionReplay(run) || paramOr(run, "params.M", "10") != "10" ||
            paramOr(run, "params.Ks", "100") != "100");
}

std::string variantOf(const ReportRun& run)
{
    if (isCaptionReplay(run))
        return "captions";
    const std::string tokens = paramOr(run, "params.M", "10");
    const std::string sentences = paramOr(run, "params.Ks", "100");
    const std::string variant = tokens == "10" ? "" : "M " + tokens;
    return sentences == "100" ? variant
                              : variant + (variant.empty() ? "" : ", ") + "Ks " + sentences;
}

const ReportRun* reportedCounterpart(const ReportRun& run)
{
    const std::string place = placeOf(run);
    for (const ReportRun& reported : paperRuns()) {
        if (!isCited(reported) && placeOf(reported) == place)
            return &reported;
    }
    return nullptr;
}

std::vector<ReportRun> missingRuns(const Runs& runs, const Predicate& fits)
{
    std::set<std::string> filled;
    for (const ReportRun* run : runs) {
        if (!run->isReported() && !run->branchedFrom) // a branch is no run from the start model
            filled.insert(placeOf(*run));
    }
    std::vector<ReportRun> missing;
    for (const ReportRun& reported : paperRuns()) {
        if (isCited(reported) || !fits(reported) || filled.contains(placeOf(reported)))
            continue;
        ReportRun run;
        run.kind = reported.kind;
        run.method = reported.method;
        run.option = reported.option;
        run.setting = reported.setting;
        run.params = reported.params;
        run.params.erase("paper.note");
        missing.push_back(std::move(run));
    }
    return missing;
}

std::optional<double> reportedMetric(const ReportRun& run, const std::string& metric)
{
    const ReportRun* counterpart = reportedCounterpart(run);
    if (!counterpart)
        return std::nullopt;
    auto value = metricOf(*counterpart, metric);
    for (const ReportRun& reported : paperRuns()) {
        if (!value && run.kind == "original" && reported.kind == "original" && !isCited(reported))
            value = metricOf(reported, metric);
    }
    return value;
}

std::string runCommand(const ReportRun& run)
{
    std::string words = "clwb run";
    words += run.kind == "method" ? " --set method=" + run.method + " --set option=" + run.option
                                  : " --set kind=" + run.kind;
    words += " --set setting=" + run.setting;
    if (isAblation(run)) {
        for (const char* key : {"params.M", "params.Ks", "params.replay"}) {
            if (const std::string value = paramText(run, key); !value.empty())
                words += std::string(" --set ") + key + "=" + value;
        }
    }
    return words + kPaths;
}

std::string sweepCommand(std::string_view study)
{
    return "clwb sweep resources/studies/" + std::string(study) + kPaths;
}

} // namespace clwb::report::detail
