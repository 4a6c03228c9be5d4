// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a specification with its results in the project and its progress on the terminal.
#pragma once

#include "app/cli/progress_console.h"
#include "core/run/stored_run.h"

#include <filesystem>

namespace clwb::cli
{

enum class ResultLine { Print, Leave };

/// What a run and a resumed run need besides what is run.
struct RunSetting
{
    std::filesystem::path project;
    std::filesystem::path trace; ///< empty: none
    StopToken stop;
    ResultLine line = ResultLine::Print; ///< the JSON line of interfaces.md §1 on stdout
};

/// The JSON object that `run`, `resume` and others print for a run.
Json resultLine(const run::StoredRun& stored);

/// Runs to the end and returns the exit status: 0 or 75 (stopped with a checkpoint). A failure is
/// stored with the run, its result line says `failed`, and the error is returned; of a run that
/// could not even start nothing is stored.
/// @param folder of the run's files; empty: beside the project
Result<int> startRun(const spec::RunSpec& spec, const std::filesystem::path& folder,
                     const RunSetting& setting, ProgressConsole& console);

/// startRun() that goes on from another run's state.
Result<int> startBranch(const spec::RunSpec& spec, const std::filesystem::path& folder,
                        const run::BranchStart& start, const RunSetting& setting,
                        ProgressConsole& console);

/// Results of an earlier run must never be mixed with those of a new one.
/// Errors: Usage when the folder of --out is there and not empty.
Result<void> requireFreeFolder(const std::filesystem::path& folder);
/// Errors: Usage when the file of --trace has content or its folder is missing; "" is no trace.
Result<void> requireNewTrace(const std::filesystem::path& trace);

/// Continues a stopped, interrupted or failed run from its last checkpoint, from its beginning when
/// it has none. Errors: Usage when there is nothing to continue.
Result<int> continueRun(const store::RunRow& row, const RunSetting& setting,
                        ProgressConsole& console);

} // namespace clwb::cli
