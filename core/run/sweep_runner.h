// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the trials of a sweep or search one after another, with the project as its memory: the same
// trials given again are continued, not repeated.
#pragma once

#include "core/run/stored_run.h"
#include "core/spec/sweep.h"
#include "core/store/sweeps.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clwb::run
{

enum class Reuse {
    Runs,   ///< a finished run of equal configuration, seed, data and model stands for a trial
    Nothing ///< `--again`: a new pass, whose runs are all its own
};
enum class FailedTrials { Leave, Retry };

struct SweepSetting
{
    std::filesystem::path project;
    std::filesystem::path folder; ///< run folders are folder/trial-N; empty: beside the project
    Reuse reuse = Reuse::Runs;
    FailedTrials failed = FailedTrials::Leave;
    spec::OnFailure onFailure = spec::OnFailure::Continue;
    StopToken stop;
    Json environment = Json::object();
    std::string patch = {}; ///< as in StoredRunSetting
};

struct RoleTrial
{
    spec::Trial trial;
    std::string role = "trial"; ///< as in store::NewTrial
};

/// What is run, and what makes it the same sweep when it comes again.
struct SweepDefinition
{
    std::string kind = "sweep";
    std::string name;
    Json document;
    std::vector<RoleTrial> trials;
    std::string further; ///< of a search: whatever else decides its outcome
};
SweepDefinition definitionOf(const spec::Sweep& sweep);

enum class TrialAction {
    Keep,     ///< its run is finished
    Reuse,    ///< a finished run of the project stands for it
    Continue, ///< its run was stopped or interrupted, or is retried
    Start,
    Leave, ///< its run failed
    Wait   ///< another program is at it
};

struct PlannedTrial
{
    RoleTrial what;
    TrialAction action = TrialAction::Start;
    std::optional<int64_t> runId; ///< none for Start
};

/// A trial that needs no work any more, or whose run has just ended.
struct EndedTrial
{
    const PlannedTrial& planned;
    const StoredRun& run;
};

struct SweepListener
{
    std::function<void(const PlannedTrial&)> started;     ///< before a run
    EventSink event;                                      ///< of that run
    std::function<void(int64_t runId)> runKnown = {};     ///< as soon as the run has a number
    std::function<Result<void>(const EndedTrial&)> ended; ///< every trial, by number
};

struct FailedTrial
{
    int number = 0;
    int64_t runId = 0;
    Error error;
};

struct SweepOutcome
{
    bool stopped = false;            ///< by the token; the same command goes on
    std::vector<FailedTrial> failed; ///< now or, when they were left, earlier
    std::vector<int> waiting;        ///< trials at which other programs are
};

/// Thread: one. The project is opened for each piece of work and not held in between.
class SweepRunner
{
public:
    /// Reads what identifies the data and models, and what the project has of these trials.
    /// Changes nothing. Errors: Usage, Data (naming the first trial whose study or model cannot be
    /// read), Corrupt, Locked.
    static Result<SweepRunner> create(SweepSetting setting, SweepDefinition definition);

    /// What is to do for each trial as the project stands now; by number.
    [[nodiscard]] Result<std::vector<PlannedTrial>> plan() const;

    /// Brings trials to their end, in this order. The first call stores the sweep.
    /// One trial's failure does not stop the others unless the setting says so; a full disk or a
    /// project that cannot be written does, as an error.
    /// @param numbers which trials; empty: all
    Result<SweepOutcome> run(const std::vector<int>& numbers, const SweepListener& listener);

    /// A trial that earlier ones led to; the same one when it is asked for again. @return its
    /// number
    Result<int> add(spec::Trial trial, const std::string& role);
    Result<void> setResult(const Json& result);
    /// Of a search that came to its end before; null otherwise.
    [[nodiscard]] Result<Json> storedResult() const;
    [[nodiscard]] const SweepSetting& setting() const { return m_setting; }
    [[nodiscard]] const std::string& name() const { return m_definition.name; }

private:
    struct DataIdentity
    {
        std::string studySha256;
        std::string modelSha256;
    };
    using DataKey = std::pair<std::filesystem::path, std::filesystem::path>;

    SweepRunner() = default;
    Result<void> identify(const spec::Trial& trial);
    Result<void> find(const store::Project& project);
    Result<void> open();
    [[nodiscard]] Result<PlannedTrial> decide(const store::Project& project, const RoleTrial& what,
                                              const std::vector<store::TrialRow>& rows) const;
    [[nodiscard]] std::filesystem::path folderOf(int number) const;
    Result<void> checkFolders(const std::vector<int>& numbers) const;
    Result<StoredRun> perform(const PlannedTrial& planned, const SweepListener& listener);
    Result<void> settle(const PlannedTrial& planned, const StoredRun& run, SweepOutcome& outcome);

    SweepSetting m_setting;
    SweepDefinition m_definition;
    std::map<DataKey, DataIdentity> m_data;
    std::string m_hash;
    std::optional<int64_t> m_sweepId; ///< once it is in the project
    bool m_reuses = true;
};

} // namespace clwb::run
