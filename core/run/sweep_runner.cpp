// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/sweep_runner.h"

#include "core/base/sha256.h"
#include "core/spec/study.h"
#include "core/weights/model_files.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

std::string nameOf(int number)
{
    return "trial " + std::to_string(number);
}

bool isWanted(const std::vector<int>& numbers, int number)
{
    return numbers.empty() || std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// Faults of the project or its disk would meet every further trial, too.
bool endsTheSweep(const Error& error)
{
    return error.code == ErrorCode::DiskFull || error.code == ErrorCode::Locked ||
           error.code == ErrorCode::Corrupt;
}

/// What a trial is, but for its data and its name.
std::string identityOf(const spec::RunSpec& spec)
{
    return spec::configurationHash(spec) + " " + std::to_string(spec.seed) + " " + spec.device +
           " " + std::to_string(spec.threads);
}

/// A run that ended before, as executeNewRun() would have reported it.
Result<StoredRun> storedBefore(const store::Project& project, int64_t runId)
{
    CLWB_ASSIGN(const store::RunRow row, project.run(runId));
    StoredRun run{runId, row.folder, row.status, 0, {}, std::nullopt};
    CLWB_ASSIGN(run.steps, store::lastStep(project, runId));
    std::error_code ignored;
    if (row.kind == "original")
        run.model = row.model;
    else if (fs::exists(run.folder / "model", ignored))
        run.model = run.folder / "model";
    if (row.status == "failed")
        run.error = Error{ErrorCode::RunFailed, row.message, {}};
    return run;
}

} // namespace

SweepDefinition definitionOf(const spec::Sweep& sweep)
{
    SweepDefinition definition;
    definition.name = sweep.name;
    definition.document = sweep.document;
    for (const spec::Trial& trial : sweep.trials)
        definition.trials.push_back({trial, "trial"});
    return definition;
}

Result<SweepRunner> SweepRunner::create(SweepSetting setting, SweepDefinition definition)
{
    SweepRunner runner;
    runner.m_setting = std::move(setting);
    runner.m_definition = std::move(definition);
    std::string identity = runner.m_definition.kind + "\n" + runner.m_definition.further + "\n";
    for (const RoleTrial& what : runner.m_definition.trials) {
        const spec::Trial& trial = what.trial;
        CLWB_TRY(runner.identify(trial));
        const DataIdentity& data = runner.m_data.at({trial.spec.study, trial.spec.model});
        identity += std::to_string(trial.number) + " " + what.role + " " + identityOf(trial.spec) +
                    " " + data.studySha256 + " " + data.modelSha256 + "\n";
    }
    runner.m_hash = sha256Hex(identity);
    std::error_code ignored;
    if (fs::exists(runner.m_setting.project, ignored)) {
        CLWB_ASSIGN(const store::Project project,
                    store::Project::open(runner.m_setting.project, store::OpenMode::ReadOnly));
        CLWB_TRY(runner.find(project));
    }
    return runner;
}

Result<void> SweepRunner::identify(const spec::Trial& trial)
{
    const DataKey key{trial.spec.study, trial.spec.model};
    if (m_data.contains(key))
        return {};
    const auto study = spec::readStudy(trial.spec.study);
    if (!study)
        return Failure(Error(study.error()).in(nameOf(trial.number)));
    const auto known = std::find_if(m_data.begin(), m_data.end(), [&](const auto& entry) {
        return entry.first.second == trial.spec.model;
    });
    std::string modelSha256;
    if (known != m_data.end()) {
        modelSha256 = known->second.modelSha256;
    } else {
        const auto model = weights::readModel(trial.spec.model);
        if (!model)
            return Failure(Error(model.error()).in(nameOf(trial.number)));
        modelSha256 = model->modelSha256;
    }
    m_data.emplace(key, DataIdentity{study->sha256, std::move(modelSha256)});
    return {};
}

/// The sweep to continue: the youngest of the same trials. A new pass is begun only when the last
/// one was complete or shared its runs with others.
Result<void> SweepRunner::find(const store::Project& project)
{
    CLWB_ASSIGN(const auto row, store::findSweep(project, m_hash));
    const bool again = m_setting.reuse == Reuse::Nothing;
    m_reuses = !again;
    if (!row || (again && (row->reuses || row->done == row->trials)))
        return {};
    m_sweepId = row->sweepId;
    m_reuses = row->reuses;
    CLWB_ASSIGN(const auto trials, store::trialsOf(project, *m_sweepId));
    for (const store::TrialRow& trial : trials) {
        const auto known =
            std::any_of(m_definition.trials.begin(), m_definition.trials.end(),
                        [&](const RoleTrial& what) { return what.trial.number == trial.number; });
        if (known)
            continue;
        spec::Trial added{trial.number, trial.varied, {}};
        CLWB_ASSIGN(added.spec, spec::runSpecFromJson(trial.spec));
        CLWB_TRY(identify(added));
        m_definition.trials.push_back({std::move(added), trial.role});
    }
    return {};
}

Result<std::vector<PlannedTrial>> SweepRunner::plan() const
{
    std::vector<PlannedTrial> plan;
    std::error_code ignored;
    if (!fs::exists(m_setting.project, ignored)) {
        for (const RoleTrial& what : m_definition.trials)
            plan.push_back({what, TrialAction::Start, std::nullopt});
        return plan;
    }
    CLWB_ASSIGN(const store::Project project,
                store::Project::open(m_setting.project, store::OpenMode::ReadOnly));
    std::vector<store::TrialRow> rows;
    if (m_sweepId) {
        CLWB_ASSIGN(rows, store::trialsOf(project, *m_sweepId));
    }
    for (const RoleTrial& what : m_definition.trials) {
        CLWB_ASSIGN(PlannedTrial planned, decide(project, what, rows));
        plan.push_back(std::move(planned));
    }
    return plan;
}

Result<PlannedTrial> SweepRunner::decide(const store::Project& project, const RoleTrial& what,
                                         const std::vector<store::TrialRow>& rows) const
{
    PlannedTrial planned{what, TrialAction::Start, std::nullopt};
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const store::TrialRow& trial) {
        return trial.number == what.trial.number;
    });
    if (row != rows.end())
        planned.runId = row->runId;
    const store::TrialState state = row == rows.end() ? store::TrialState::Pending : row->state;
    switch (state) {
    case store::TrialState::Done:
        planned.action = TrialAction::Keep;
        return planned;
    case store::TrialState::Running:
        planned.action = TrialAction::Wait;
        return planned;
    case store::TrialState::Stopped:
        planned.action = TrialAction::Continue;
        return planned;
    case store::TrialState::Failed:
        planned.action =
            m_setting.failed == FailedTrials::Retry ? TrialAction::Continue : TrialAction::Leave;
        return planned;
    case store::TrialState::Pending:
        break;
    }
    if (planned.runId) {
        // Queued by another program.
        planned.action = TrialAction::Wait;
        return planned;
    }
    if (m_reuses) {
        const spec::RunSpec& spec = what.trial.spec;
        const DataIdentity& data = m_data.at({spec.study, spec.model});
        CLWB_ASSIGN(planned.runId,
                    store::findFinishedRun(project, {spec::configurationHash(spec), spec.seed,
                                                     data.studySha256, data.modelSha256}));
        if (planned.runId)
            planned.action = TrialAction::Reuse;
    }
    return planned;
}

fs::path SweepRunner::folderOf(int number) const
{
    return m_setting.folder.empty() ? fs::path()
                                    : m_setting.folder / ("trial-" + std::to_string(number));
}

/// Results of an earlier run must never be mixed with those of a new one.
Result<void> SweepRunner::checkFolders(const std::vector<int>& numbers) const
{
    if (m_setting.folder.empty())
        return {};
    CLWB_ASSIGN(const auto trials, plan());
    for (const PlannedTrial& planned : trials) {
        const int number = planned.what.trial.number;
        const fs::path folder = folderOf(number);
        std::error_code problem;
        if (planned.action != TrialAction::Start || !isWanted(numbers, number) ||
            !fs::exists(folder, problem))
            continue;
        if (!fs::is_directory(folder, problem) || !fs::is_empty(folder, problem))
            return fail(ErrorCode::Usage,
                        "the folder of " + nameOf(number) +
                            " exists and is not empty: " + folder.string(),
                        "Name another --out, or the project (--db) that holds this sweep's runs.");
    }
    return {};
}

/// Stores the sweep unless it is in the project, and tells runs of dead programs apart.
Result<void> SweepRunner::open()
{
    CLWB_ASSIGN(store::Project project,
                store::Project::open(m_setting.project, store::OpenMode::CreateIfMissing));
    CLWB_TRY(project.markInterrupted());
    // Another program may have stored it since create().
    if (!m_sweepId)
        CLWB_TRY(find(project));
    if (m_sweepId)
        return {};
    store::NewSweep sweep{m_definition.kind, m_definition.name, m_hash, m_reuses,
                          m_definition.document};
    std::vector<store::NewTrial> trials;
    for (const RoleTrial& what : m_definition.trials)
        trials.push_back(
            {what.trial.number, what.role, what.trial.varied, spec::toJson(what.trial.spec)});
    CLWB_ASSIGN(m_sweepId, store::addSweep(project, sweep, trials));
    return {};
}

Result<StoredRun> SweepRunner::perform(const PlannedTrial& planned, const SweepListener& listener)
{
    const int number = planned.what.trial.number;
    const store::TrialPlace place{*m_sweepId, number, std::nullopt};
    StoredRunSetting setting;
    setting.project = m_setting.project;
    setting.stop = m_setting.stop;
    setting.environment = m_setting.environment;
    setting.patch = m_setting.patch;
    setting.listener = listener.event;
    setting.onRunId = listener.runKnown;
    if (planned.action == TrialAction::Start) {
        if (listener.started)
            listener.started(planned);
        return executeNewRun(planned.what.trial.spec, folderOf(number), setting, place);
    }
    CLWB_ASSIGN(store::Project project,
                store::Project::open(m_setting.project, store::OpenMode::ReadWrite));
    if (planned.action == TrialAction::Reuse)
        CLWB_TRY(store::linkTrial(project, place, *planned.runId));
    if (planned.action != TrialAction::Continue)
        return storedBefore(project, *planned.runId);
    if (listener.started)
        listener.started(planned);
    CLWB_ASSIGN(const store::RunRow row, project.run(*planned.runId));
    return executeAgain(row, setting);
}

/// Books how a trial ended. Errors: those that end the sweep.
Result<void> SweepRunner::settle(const PlannedTrial& planned, const StoredRun& run,
                                 SweepOutcome& outcome)
{
    outcome.stopped = outcome.stopped || run.status == "stopped";
    if (!run.error)
        return {};
    const int number = planned.what.trial.number;
    if (planned.action != TrialAction::Leave && endsTheSweep(*run.error))
        return Failure(Error(*run.error).in(nameOf(number)));
    outcome.failed.push_back({number, run.runId, *run.error});
    return {};
}

Result<SweepOutcome> SweepRunner::run(const std::vector<int>& numbers,
                                      const SweepListener& listener)
{
    CLWB_TRY(checkFolders(numbers));
    CLWB_TRY(open());
    SweepOutcome outcome;
    for (size_t i = 0; i < m_definition.trials.size() && !outcome.stopped; ++i) {
        const RoleTrial what = m_definition.trials[i];
        if (!isWanted(numbers, what.trial.number))
            continue;
        PlannedTrial planned;
        {
            // Again just before its turn: meanwhile others may have run it.
            CLWB_ASSIGN(const store::Project project,
                        store::Project::open(m_setting.project, store::OpenMode::ReadOnly));
            CLWB_ASSIGN(const auto rows, store::trialsOf(project, *m_sweepId));
            CLWB_ASSIGN(planned, decide(project, what, rows));
        }
        if (planned.action == TrialAction::Wait) {
            outcome.waiting.push_back(what.trial.number);
            continue;
        }
        const bool isWork =
            planned.action == TrialAction::Start || planned.action == TrialAction::Continue;
        if (isWork && m_setting.stop.stopRequested()) {
            outcome.stopped = true;
            break;
        }
        CLWB_ASSIGN(const StoredRun run, perform(planned, listener));
        if (listener.ended)
            CLWB_TRY(listener.ended({planned, run}));
        CLWB_TRY(settle(planned, run, outcome));
        if (!outcome.failed.empty() && m_setting.onFailure == spec::OnFailure::Stop)
            break;
    }
    return outcome;
}

Result<int> SweepRunner::add(spec::Trial trial, const std::string& role)
{
    CLWB_TRY(open());
    const std::string identity = identityOf(trial.spec);
    int free = 1;
    for (const RoleTrial& what : m_definition.trials) {
        if (what.role == role && identityOf(what.trial.spec) == identity)
            return what.trial.number;
        free = std::max(free, what.trial.number + 1);
    }
    trial.number = free;
    CLWB_TRY(identify(trial));
    CLWB_ASSIGN(store::Project project,
                store::Project::open(m_setting.project, store::OpenMode::ReadWrite));
    CLWB_TRY(
        store::addTrial(project, *m_sweepId, {free, role, trial.varied, spec::toJson(trial.spec)}));
    m_definition.trials.push_back({std::move(trial), role});
    return free;
}

Result<void> SweepRunner::setResult(const Json& result)
{
    CLWB_TRY(open());
    CLWB_ASSIGN(store::Project project,
                store::Project::open(m_setting.project, store::OpenMode::ReadWrite));
    return store::setSweepResult(project, *m_sweepId, result);
}

Result<Json> SweepRunner::storedResult() const
{
    if (!m_sweepId)
        return Json();
    CLWB_ASSIGN(const store::Project project,
                store::Project::open(m_setting.project, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const auto rows, store::sweeps(project));
    for (const store::SweepRow& row : rows) {
        if (row.sweepId == *m_sweepId)
            return row.result;
    }
    return Json();
}

} // namespace clwb::run
