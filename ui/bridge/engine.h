// SPDX-License-Identifier: GPL-3.0-or-later
// What the window needs from the engine, as functions: the program wires the real ones in, tests
// wire scripted ones.
#pragma once

#include "core/base/json.h"
#include "core/run/resume_point.h"
#include "core/run/runner.h"
#include "core/run/search_runner.h"
#include "core/store/run_places.h"
#include "ui/bridge/live_retrieval.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace clwb::ui
{

/// Where the demo's study lies once it is made, and its model.
struct DemoFiles
{
    std::filesystem::path study;
    std::filesystem::path model;
};

/// All functions block and are called from worker threads only.
struct Engine
{
    std::function<Result<run::RunSummary>(const run::RunRequest&, const run::EventSink&)> execute;
    /// Of a run that goes on: what comes after that many sessions.
    std::function<Result<run::Estimate>(const spec::RunSpec&, int doneSessions)> estimate;
    std::function<Result<std::optional<run::ResumePoint>>(const std::filesystem::path& runFolder)>
        findResumePoint;
    std::optional<DemoFiles> demo; ///< nothing: no demo is installed
    /// Renders the demo world unless it is there already. `stop` ends it early.
    std::function<Result<void>(const StopToken& stop)> prepareDemo;
    Json environment = Json::object(); ///< build and machine, stored with every run
    std::string patch = {};            ///< of the program, as in run::StoredRunSetting
    /// Continues a stopped run in a process of its own that outlives this one. Empty: not offered.
    /// Thread: any; returns once the process has begun.
    std::function<Result<void>(const std::filesystem::path& project, int64_t runId)>
        continueDetached{};
    std::filesystem::path commandLine{}; ///< the program clwb; empty: none is known
    /// Ranks a set's pictures for a text, or its captions for a picture, with two models. Empty:
    /// not offered. `stop` ends it early; its answer is then dropped.
    std::function<RetrieveAnswer(const RetrieveRequest&, const StopToken& stop)> retrieve{};
    /// Whether new runs of a project can write their files. A disk that is away may take its time.
    std::function<Result<void>(const std::filesystem::path& project)> checkRunFolders =
        store::checkRunFolders;
    std::function<Result<void>(const std::filesystem::path& folder)> checkFolderForWriting =
        store::checkFolderForWriting;
};

/// Where a branch leaves another run.
struct BranchPlace
{
    int64_t runId = 0;
    int session = 0; ///< finished sessions that are kept
};

/// What the orders of one sweep or search share.
struct SweepOrder
{
    run::SweepDefinition definition;
    spec::OnFailure onFailure = spec::OnFailure::Continue;
    run::FailedTrials failed = run::FailedTrials::Leave;
    std::optional<spec::Search> search; ///< performed as a whole, in one order
};

/// A run that waits for the worker: a new one, one to continue, or a branch of another.
struct RunOrder
{
    QString title; ///< "VR-LwF-WM · MST · seed 0"
    /// On the training thread, because it may read files or render the demo. Unused when
    /// continuing.
    std::function<Result<spec::RunSpec>(const StopToken&)> makeSpec;
    std::optional<int64_t> continueRun;
    std::optional<BranchPlace> branch = {};
    /// A trial of a sweep, or a search; its runs are found and continued by the sweep's own memory.
    std::shared_ptr<const SweepOrder> sweep = {};
    int trial = 0;
    std::filesystem::path project;       ///< the file that was open when the order was given
    std::optional<spec::RunSpec> spec{}; ///< of a new run, where it is known before it begins
    uint64_t number = 0;                 ///< given by the queue; stays when the order moves in it
};

} // namespace clwb::ui
