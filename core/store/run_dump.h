// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the project holds about one run, as a value: read from one project, put into another.
#pragma once

#include "core/base/json.h"
#include "core/store/bundle.h"
#include "core/store/run_rows.h"

#include <cstdint>
#include <string>
#include <vector>

namespace clwb::store
{

struct DumpedMetric
{
    int session = 0;
    int epoch = 0; ///< 0: after the session
    std::string name;
    double value = 0;
};

struct DumpedAccuracy
{
    int afterSession = 0;
    int session = 0;
    int64_t hits = 0;
    int64_t total = 0;
};

struct DumpedEvaluation
{
    int session = 0;
    int epoch = 0;
    std::string split;
    std::string record; ///< JSON text
};

struct RunDump
{
    RunColumns columns;
    std::vector<std::string> tags;
    std::vector<DumpedMetric> metrics;
    std::vector<DumpedAccuracy> accuracies;
    std::vector<StepItem> steps; ///< as stored: means beyond 20 000
    std::vector<DumpedEvaluation> evaluations;
    std::vector<WarningItem> warnings;
    std::vector<LoadPoint> load;
};

/// Errors: Usage (no such run), Corrupt, Locked.
Result<RunDump> readDump(Database& database, int64_t runId);

/// Inserts the run under a new number. Inside the caller's transaction.
Result<int64_t> insertDump(Database& database, ValueNames& names, const RunDump& dump);
/// Inserts runs that bring no files, in one transaction; those whose uid is known are skipped.
Result<ImportReport> insertDumps(Project& project, const std::vector<RunDump>& dumps);

// The files of a bundle. The readers validate: a bundle may come from anywhere.
Json columnsToJson(const RunDump& dump);
Json metricsToJson(const RunDump& dump);
std::string stepLines(const RunDump& dump);
std::string evaluationLines(const RunDump& dump);
std::string loadLines(const RunDump& dump);

/// Errors: Data, with the name of the file inside the bundle.
Result<void> readColumns(const std::string& text, RunDump& dump);
Result<void> readMetrics(const std::string& text, RunDump& dump);
Result<void> readStepLines(const std::string& text, RunDump& dump);
Result<void> readEvaluationLines(const std::string& text, RunDump& dump);
Result<void> readLoadLines(const std::string& text, RunDump& dump);

} // namespace clwb::store
