// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sweep_orders.h"

#include "core/base/file.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/orders.h"

#include <QCoreApplication>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct SweepOrdersText
{
    Q_DECLARE_TR_FUNCTIONS(SweepOrders)
};

bool isSearchDocument(const Json& document)
{
    const char* const ofSweeps[] = {"mode", "grid", "list", "random"};
    return document.is_object() && document.contains("base") &&
           std::none_of(std::begin(ofSweeps), std::end(ofSweeps),
                        [&](const char* key) { return document.contains(key); });
}

run::SweepSetting settingOf(const Engine& engine, const RunOrder& order,
                            const run::RunRequest& request)
{
    run::SweepSetting setting;
    setting.project = order.project;
    setting.failed = order.sweep->failed;
    setting.onFailure = order.sweep->onFailure;
    setting.stop = request.stop;
    setting.environment = engine.environment;
    setting.patch = engine.patch;
    return setting;
}

Result<run::RunSummary> summaryOf(const run::SweepOutcome& outcome,
                                  const std::optional<run::StoredRun>& last)
{
    run::RunSummary summary;
    summary.status = outcome.stopped ? "stopped" : "finished";
    if (last) {
        summary.steps = last->steps;
        summary.model = last->model;
    }
    if (!outcome.failed.empty() && !outcome.stopped)
        return Failure(outcome.failed.front().error);
    return summary;
}

} // namespace

bool isSweepDocument(const Json& document)
{
    return isSearchDocument(document) || (document.is_object() && document.contains("base"));
}

Result<SweepFile> readSweepFile(const std::filesystem::path& file, const SweepDefaults& defaults)
{
    CLWB_ASSIGN(const Json document, readJsonFile(file));
    spec::SweepOverrides overrides;
    const auto base = document.is_object() ? document.find("base") : document.end();
    if (document.is_object() && base != document.end() && base->is_object()) {
        const auto addMissing = [&](const char* key, const std::string& value) {
            if (!base->contains(key) && !value.empty())
                overrides.sets.push_back(std::string(key) + "=" + Json(value).dump());
        };
        addMissing("study", defaults.study);
        addMissing("model", defaults.model);
    }
    if (isSearchDocument(document)) {
        CLWB_ASSIGN(spec::Search search, spec::readSearch(file, overrides));
        return SweepFile(std::move(search));
    }
    CLWB_ASSIGN(spec::Sweep sweep, spec::readSweep(file, overrides));
    return SweepFile(std::move(sweep));
}

SweepOrder sweepOrderOf(const SweepFile& file)
{
    if (const auto* search = std::get_if<spec::Search>(&file))
        return {run::definitionOf(*search), spec::OnFailure::Continue, run::FailedTrials::Leave,
                *search};
    const auto& sweep = std::get<spec::Sweep>(file);
    return {run::definitionOf(sweep), sweep.onFailure, run::FailedTrials::Leave, std::nullopt};
}

Result<SweepOrder> storedSweep(const store::SweepRow& row,
                               const std::vector<store::TrialRow>& trials)
{
    if (row.kind == "search")
        return fail(ErrorCode::Usage, "the search \"" + row.name + "\" goes on from its file",
                    "Open the file again; what is finished is kept.");
    SweepOrder order;
    order.definition.kind = row.kind;
    order.definition.name = row.name;
    order.definition.document = row.document;
    const auto onFailure = row.document.find("on_failure");
    if (onFailure != row.document.end() && *onFailure == "stop")
        order.onFailure = spec::OnFailure::Stop;
    for (const store::TrialRow& trial : trials) {
        run::RoleTrial what{{trial.number, trial.varied, {}}, trial.role};
        CLWB_ASSIGN(what.trial.spec, spec::runSpecFromJson(trial.spec));
        order.definition.trials.push_back(std::move(what));
    }
    return order;
}

std::vector<RunOrder> sweepOrders(const Engine& engine, SweepOrder sweep,
                                  const std::vector<int>& numbers)
{
    const auto shared = std::make_shared<const SweepOrder>(std::move(sweep));
    const QString name = toQt(shared->definition.name);
    std::vector<RunOrder> orders;
    const auto add = [&](const QString& title, const spec::RunSpec& spec, int trial) {
        RunOrder order = newOrder(engine, spec); // renders the demo where the study is the demo's
        order.title = title;
        order.spec.reset(); // the project remembers the sweep, the settings need not
        order.sweep = shared;
        order.trial = trial;
        orders.push_back(std::move(order));
    };
    if (shared->search) {
        add(SweepOrdersText::tr("search %1").arg(name), shared->search->base, 0);
        return orders;
    }
    for (const run::RoleTrial& what : shared->definition.trials) {
        const spec::Trial& trial = what.trial;
        if (numbers.empty() ||
            std::find(numbers.begin(), numbers.end(), trial.number) != numbers.end())
            add(SweepOrdersText::tr("%1 · trial %2").arg(name).arg(trial.number), trial.spec,
                trial.number);
    }
    return orders;
}

Result<run::RunSummary> performSweepOrder(const Engine& engine, const RunOrder& order,
                                          const run::RunRequest& request,
                                          const run::EventSink& sink,
                                          const std::function<void(int64_t runId)>& rowKnown)
{
    CLWB_TRY(order.makeSpec(request.stop)); // the demo's pictures
    CLWB_ASSIGN(run::SweepRunner runner, run::SweepRunner::create(settingOf(engine, order, request),
                                                                  order.sweep->definition));
    std::optional<run::StoredRun> last;
    run::SweepListener listener;
    listener.runKnown = rowKnown;
    listener.started = [&](const run::PlannedTrial& planned) {
        if (planned.runId)
            rowKnown(*planned.runId);
    };
    listener.event = [&sink](const run::Event& event) {
        if (!std::holds_alternative<run::Finished>(event)) // the order ends once
            sink(event);
    };
    listener.ended = [&last](const run::EndedTrial& ended) -> Result<void> {
        last = ended.run;
        return {};
    };
    if (!order.sweep->search) {
        CLWB_ASSIGN(const run::SweepOutcome outcome, runner.run({order.trial}, listener));
        return summaryOf(outcome, last);
    }
    CLWB_TRY(run::checkValidationSplit(*order.sweep->search, request.stop));
    CLWB_ASSIGN(const run::SearchOutcome outcome,
                run::runSearch(runner, *order.sweep->search, run::SearchEnd::Winner, listener));
    return summaryOf(outcome.runs, last);
}

} // namespace clwb::ui
