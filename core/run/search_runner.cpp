// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/search_runner.h"

#include "core/base/number_text.h"
#include "core/run/interpolate.h"
#include "core/run/workspace.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

void add(SweepOutcome& all, const SweepOutcome& more)
{
    all.stopped = all.stopped || more.stopped;
    all.failed.insert(all.failed.end(), more.failed.begin(), more.failed.end());
    all.waiting.insert(all.waiting.end(), more.waiting.begin(), more.waiting.end());
}

bool isIncomplete(const SweepOutcome& outcome)
{
    return outcome.stopped || !outcome.waiting.empty();
}

/// One search from candidates to winner.
class Hunt
{
public:
    Hunt(SweepRunner& runner, const spec::Search& search, const SweepListener& listener,
         const std::function<void(const std::string&)>& note)
        : m_runner(runner)
        , m_search(search)
        , m_listener(listener)
        , m_note(note)
    {}

    Result<SearchOutcome> run(SearchEnd end)
    {
        CLWB_ASSIGN(const Json before, earlierRecord(end));
        if (!before.is_null()) {
            CLWB_ASSIGN(const SweepOutcome kept, m_runner.run({}, m_listener));
            return SearchOutcome{kept, before};
        }
        CLWB_TRY(tryValues(m_search.values));
        std::optional<size_t> best = bestCandidate(m_candidates);
        if (m_search.refine && best && !isIncomplete(m_runs)) {
            CLWB_TRY(tryValues(spec::refinedValues(m_search, m_candidates[*best].value)));
            best = bestCandidate(m_candidates);
        }
        if (isIncomplete(m_runs))
            return SearchOutcome{m_runs, searchRecord(m_search, m_candidates, {}, nullptr)};
        if (!best)
            return fail(ErrorCode::RunFailed,
                        "no candidate of search " + m_search.name +
                            " has an A-Acc on the validation split",
                        firstMessage());
        Json winner;
        if (end == SearchEnd::Winner) {
            CLWB_ASSIGN(winner, runWinner(m_candidates[*best].value));
        }
        SearchOutcome outcome{m_runs, searchRecord(m_search, m_candidates, best, winner)};
        if (!isIncomplete(m_runs))
            CLWB_TRY(m_runner.setResult(outcome.record));
        return outcome;
    }

private:
    /// The record of the same search when all its runs are finished; null otherwise.
    [[nodiscard]] Result<Json> earlierRecord(SearchEnd end) const
    {
        CLWB_ASSIGN(const Json record, m_runner.storedResult());
        if (!record.is_object() || (end == SearchEnd::Winner && record.at("winner").is_null()))
            return Json();
        CLWB_ASSIGN(const auto plan, m_runner.plan());
        const bool kept = std::all_of(plan.begin(), plan.end(), [](const PlannedTrial& planned) {
            return planned.action == TrialAction::Keep;
        });
        return kept ? record : Json();
    }

    Result<void> tryValues(const std::vector<double>& values)
    {
        if (values.empty())
            return {};
        return m_search.needsOneTraining() ? interpolate(values) : train(values);
    }

    Result<void> train(const std::vector<double>& values)
    {
        std::vector<int> numbers;
        for (const double value : values) {
            CLWB_ASSIGN(const int number,
                        m_runner.add(spec::candidateOf(m_search, value, 0), "candidate"));
            numbers.push_back(number);
        }
        CLWB_ASSIGN(const SweepOutcome outcome, m_runner.run(numbers, m_listener));
        add(m_runs, outcome);
        for (size_t i = 0; i < values.size(); ++i) {
            CLWB_ASSIGN(Candidate candidate, candidateOf(values[i], numbers[i]));
            m_candidates.push_back(std::move(candidate));
        }
        return {};
    }

    /// IMM in OST: FT's end, merged with every α on the validation split.
    Result<void> interpolate(const std::vector<double>& values)
    {
        CLWB_ASSIGN(const int number, m_runner.add(spec::trainingOf(m_search, 0), "training"));
        if (m_candidates.empty()) {
            CLWB_ASSIGN(const SweepOutcome outcome, m_runner.run({number}, m_listener));
            add(m_runs, outcome);
        }
        CLWB_ASSIGN(Candidate trained, candidateOf(0, number));
        const size_t first = m_candidates.size();
        for (const double value : values) {
            m_candidates.push_back(trained);
            m_candidates.back().value = value;
            m_candidates.back().record.reset();
        }
        if (trained.status != "finished")
            return {};
        say("evaluating " + std::to_string(values.size()) + " values of " + m_search.parameter +
            " between the original and the trained model, without training");
        const Result<void> evaluated = evaluateBetween(values, trained, first);
        if (!evaluated && evaluated.error().code == ErrorCode::Stopped) {
            m_runs.stopped = true;
            return {};
        }
        return evaluated;
    }

    Result<void> evaluateBetween(const std::vector<double>& values, const Candidate& trained,
                                 size_t first)
    {
        const spec::RunSpec& base = m_search.base;
        CLWB_ASSIGN(const store::Project project,
                    store::Project::open(m_runner.setting().project, store::OpenMode::ReadOnly));
        CLWB_ASSIGN(const store::RunRow row, project.run(trained.runId));
        PathRequest request;
        request.before = base.model;
        request.after = fs::path(row.folder) / "model";
        request.alphas = values;
        request.evaluate.study = base.study;
        request.evaluate.what = {"ut", "zs"};
        request.evaluate.split = "val";
        request.evaluate.setting = base.setting;
        request.evaluate.finishedSessions = 1;
        request.evaluate.batchSize = base.schedule.batchSize;
        request.evaluate.threads = base.threads;
        request.evaluate.device = base.device;
        request.evaluate.precision = base.precision;
        request.evaluate.stop = m_runner.setting().stop;
        request.evaluated = [&](double, const metrics::EvaluationRecord& record,
                                const auto& /*details*/) -> Result<void> {
            m_candidates[first++].record = record;
            return {};
        };
        const auto warnings = evaluatePath(request);
        if (!warnings)
            return Failure(warnings.error());
        return {};
    }

    /// What the project holds of a trial's run.
    Result<Candidate> candidateOf(double value, int number) const
    {
        Candidate candidate;
        candidate.value = value;
        CLWB_ASSIGN(const auto plan, m_runner.plan());
        const auto planned = std::find_if(plan.begin(), plan.end(), [&](const PlannedTrial& p) {
            return p.what.trial.number == number;
        });
        if (planned == plan.end() || !planned->runId)
            return candidate;
        candidate.runId = *planned->runId;
        CLWB_ASSIGN(const store::Project project,
                    store::Project::open(m_runner.setting().project, store::OpenMode::ReadOnly));
        CLWB_ASSIGN(const store::RunRow row, project.run(candidate.runId));
        candidate.status = row.status;
        candidate.message = row.message;
        CLWB_ASSIGN(const Json document, project.resolvedSpec(candidate.runId));
        CLWB_ASSIGN(const spec::RunSpec spec, spec::runSpecFromJson(document));
        candidate.testEvaluated = spec.evaluate.test;
        CLWB_ASSIGN(const auto records, project.evaluations(candidate.runId));
        for (const metrics::EvaluationRecord& record : records) {
            candidate.testEvaluated = candidate.testEvaluated || record.split != "val";
            // Records come by session; the last one stands.
            if (record.split == "val" && !record.epoch && row.status == "finished")
                candidate.record = record;
        }
        return candidate;
    }

    /// The winner's own run: the same training again, bit for bit, with everything the base asks to
    /// be evaluated and kept. A finished run of that configuration stands for it.
    Result<Json> runWinner(double value)
    {
        CLWB_ASSIGN(const int number, m_runner.add(spec::winnerOf(m_search, value, 0), "winner"));
        say("best: " + m_search.parameter + "=" + shortestText(value) +
            "; now its run with the test split");
        CLWB_ASSIGN(const SweepOutcome outcome, m_runner.run({number}, m_listener));
        add(m_runs, outcome);
        CLWB_ASSIGN(const Candidate winner, candidateOf(value, number));
        CLWB_ASSIGN(const store::Project project,
                    store::Project::open(m_runner.setting().project, store::OpenMode::ReadOnly));
        Json json{{"value", value},
                  {"run_id", winner.runId},
                  {"status", winner.status},
                  {"test", nullptr}};
        if (winner.status != "finished")
            return json;
        CLWB_ASSIGN(const store::RunRow row, project.run(winner.runId));
        json["test"] = Json::object();
        for (const auto& [name, metric] : row.metrics) {
            if (!name.starts_with("val "))
                json["test"][name] = metric;
        }
        return json;
    }

    [[nodiscard]] std::string firstMessage() const
    {
        for (const Candidate& candidate : m_candidates) {
            if (!candidate.message.empty())
                return "run " + std::to_string(candidate.runId) + ": " + candidate.message;
        }
        return {};
    }

    void say(const std::string& text) const
    {
        if (m_note)
            m_note(text);
    }

    SweepRunner& m_runner;
    const spec::Search& m_search;
    const SweepListener& m_listener;
    const std::function<void(const std::string&)>& m_note;
    SweepOutcome m_runs;
    std::vector<Candidate> m_candidates;
};

} // namespace

SweepDefinition definitionOf(const spec::Search& search)
{
    SweepDefinition definition;
    definition.kind = "search";
    definition.name = search.name;
    definition.document = search.document;
    if (search.needsOneTraining()) {
        definition.trials.push_back({spec::trainingOf(search, 1), "training"});
    } else {
        for (size_t i = 0; i < search.values.size(); ++i)
            definition.trials.push_back(
                {spec::candidateOf(search, search.values[i], static_cast<int>(i) + 1),
                 "candidate"});
    }
    definition.further =
        Json{{"parameter", search.parameter},
             {"values", search.values},
             {"refine", search.refine},
             {"winner", spec::configurationHash(spec::winnerOf(search, search.values[0], 1).spec)}}
            .dump();
    return definition;
}

Result<void> checkValidationSplit(const spec::Search& search, const StopToken& stop)
{
    const std::string where = "search " + search.name + ": ";
    const std::string hint =
        "A choice made without validation data would be made on the test split.";
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(search.base.study));
    const bool hasTask =
        study.updatedTask && (study.updatedTask->kind == "coco" || !study.updatedTask->val.empty());
    for (const auto& [isThere, key] :
         {std::pair{hasTask, "updated_task.val"},
          std::pair{study.zeroShotValidation.has_value(), "zero_shot_validation"}}) {
        if (!isThere)
            return fail(ErrorCode::Usage, where + "study " + study.file.string() + " has no " + key,
                        hint);
    }
    spec::RunSpec spec = spec::candidateOf(search, search.values[0], 1).spec;
    spec.kind = "original"; // without the training split
    CLWB_ASSIGN(const data::StudyData data, data::loadStudyData(study, needsOf(spec), stop));
    for (const auto& [count, what] :
         {std::pair{data.utVal.size(), "crops of the updated task"},
          std::pair{data.zeroShotValidation.items.size(), "zero-shot images"}}) {
        if (count == 0)
            return fail(ErrorCode::Data,
                        where + "the validation split of study " + study.file.string() +
                            " has no " + what,
                        hint);
    }
    return {};
}

Result<SearchOutcome> runSearch(SweepRunner& runner, const spec::Search& search, SearchEnd end,
                                const SweepListener& listener,
                                const std::function<void(const std::string&)>& note)
{
    return Hunt(runner, search, listener, note).run(end);
}

} // namespace clwb::run
