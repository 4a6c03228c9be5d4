// SPDX-License-Identifier: GPL-3.0-or-later
// What a search leaves behind: every candidate, the choice, and the evidence for both.
#include "core/run/search_runner.h"

#include <algorithm>

namespace clwb::run
{
namespace
{

Json optional(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

/// UT-Acc as the setting judges it.
std::optional<double> utOf(const metrics::EvaluationRecord& record)
{
    if (!record.ut)
        return std::nullopt;
    return record.setting == "MST" ? metrics::utSessionMean(*record.ut)
                                   : metrics::utOverall(*record.ut);
}

std::optional<double> zsOf(const metrics::EvaluationRecord& record)
{
    return record.zs ? metrics::zsAccuracy(*record.zs) : std::nullopt;
}

Json candidateJson(const Candidate& candidate)
{
    Json json{{"value", candidate.value},
              {"A_val", nullptr},
              {"UT_val", nullptr},
              {"ZS_val", nullptr},
              {"run_id", candidate.runId},
              {"status", candidate.status},
              {"test_evaluated", candidate.testEvaluated}};
    if (candidate.record) {
        json["A_val"] = optional(metrics::aAcc(*candidate.record));
        json["UT_val"] = optional(utOf(*candidate.record));
        json["ZS_val"] = optional(zsOf(*candidate.record));
        json["session"] = candidate.record->session;
        json["model_sha256"] = candidate.record->modelSha256;
    }
    if (!candidate.message.empty())
        json["message"] = candidate.message;
    return json;
}

} // namespace

std::optional<size_t> bestCandidate(const std::vector<Candidate>& candidates)
{
    std::optional<size_t> best;
    std::pair<double, double> bestScore;
    for (size_t i = 0; i < candidates.size(); ++i) {
        if (!candidates[i].record)
            continue;
        const auto a = metrics::aAcc(*candidates[i].record);
        const auto zs = zsOf(*candidates[i].record);
        if (!a || !zs)
            continue;
        const std::pair score{*a, *zs};
        if (!best || score > bestScore) {
            best = i;
            bestScore = score;
        }
    }
    return best;
}

Json searchRecord(const spec::Search& search, const std::vector<Candidate>& candidates,
                  std::optional<size_t> best, const Json& winner)
{
    const spec::RunSpec& base = search.base;
    Json list = Json::array();
    for (const Candidate& candidate : candidates)
        list.push_back(candidateJson(candidate));
    const bool touched = std::any_of(candidates.begin(), candidates.end(),
                                     [](const Candidate& c) { return c.testEvaluated; });
    return Json{{"schema", 1},
                {"type", "search"},
                {"name", search.name},
                {"method", base.method},
                {"option", base.option},
                {"setting", base.setting},
                {"seed", base.seed},
                {"study", base.study.string()},
                {"model", base.model.string()},
                {"parameter", search.parameter},
                {"objective", "A_val = (UT_val + ZS_val)/2 after the last session"},
                {"rule",
                 "the paper's: it sees validation data of every session before it chooses; ties go "
                 "to the larger ZS_val"},
                {"split", "val"},
                {"one_training", search.needsOneTraining()},
                {"refine", search.refine},
                {"test_evaluated_while_choosing", touched},
                {"candidates", std::move(list)},
                {"best", best ? candidateJson(candidates[*best]) : Json(nullptr)},
                {"winner", winner}};
}

} // namespace clwb::run
