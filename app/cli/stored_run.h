// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a specification with its results in the project and its progress on the terminal.
#pragma once

#include "app/cli/progress_console.h"
#include "core/base/stop_token.h"
#include "core/spec/run_spec.h"
#include "core/store/project.h"

#include <cstdint>
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

/// Runs to the end and returns the exit status: 0 or 75 (stopped with a checkpoint). A failure is
/// stored with the run, its result line says `failed`, and the error is returned.
/// @param folder of the run's files; empty: beside the project
Result<int> startRun(const spec::RunSpec& spec, const std::filesystem::path& folder,
                     const RunSetting& setting, ProgressConsole& console);

/// Continues a stopped, interrupted or failed run from its last checkpoint, from its beginning when
/// it has none. Errors: Usage when there is nothing to continue.
Result<int> continueRun(const store::RunRow& row, const RunSetting& setting,
                        ProgressConsole& console);

} // namespace clwb::cli
