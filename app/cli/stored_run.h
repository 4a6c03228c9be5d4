// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a specification with its results in the project and its progress on the terminal.
#pragma once

#include "app/cli/progress_console.h"
#include "core/run/runner.h"
#include "core/store/run_writer.h"

#include <vector>

namespace clwb::cli
{

struct StoredRun
{
    run::RunRequest request; ///< folder is that of the writer
    std::vector<metrics::EvaluationRecord> earlier; ///< of a resumed run
    double earlierSeconds = 0;
};

/// Runs to the end, prints the result line of interfaces.md §1 on stdout and returns the exit
/// status: 0 or 75 (stopped with a checkpoint). A failure is stored with the run, its result line
/// says `failed`, and the error is returned.
Result<int> executeStored(StoredRun stored, store::RunWriter& writer, ProgressConsole& console);

} // namespace clwb::cli
