// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that the writer, the import and the starter project have in common.
#pragma once

#include "core/base/json.h"
#include "core/metrics/evaluation_record.h"
#include "core/store/run_items.h"
#include "core/store/sqlite.h"

#include <optional>
#include <string>

namespace clwb::store
{

/// The columns of a run that are given when its row is made.
struct RunColumns
{
    std::string uid; ///< empty: a new one
    std::string name, kind, method, option, setting, status, origin, study, model;
    std::optional<int64_t> seed;
    std::string createdUtc; ///< empty: now
    std::string finishedUtc;
    std::optional<double> seconds;
    std::string configurationHash, studySha256, modelSha256;
    Json spec = Json::object();
    Json environment = Json::object();
    std::optional<std::string> folder; ///< nothing: no folder; "": beside the project
    std::string message, notes;
    bool starred = false;
    int sessions = 0;
    int lastSession = -1;
};

/// Whether a text from outside can be a run's uid: 32 hexadecimal digits.
bool isUid(const std::string& text);

/// Fills name, kind, method, option, setting, seed, study, model and hashes from a resolved spec.
RunColumns columnsFromSpec(const Json& spec);

/// Inserts a run and its parameters; returns its number. Inside the caller's transaction.
Result<int64_t> insertRun(Database& database, const RunColumns& run);

/// Replaces spec, parameters and what is derived from them.
Result<void> writeSpec(Database& database, int64_t runId, const Json& spec);

/// Metrics, per-session accuracies and the record itself.
/// @param bwt stored as "Bwt" (split val: "val Bwt")
Result<void> writeEvaluation(Database& database, ValueNames& names, int64_t runId,
                             const metrics::EvaluationRecord& record, std::optional<double> bwt);
/// One value of v_metric.
Result<void> writeMetric(Database& database, ValueNames& names, int64_t runId, int session,
                         const metrics::MetricValue& metric);

/// A double as the tables hold it: NaN and infinities become NULL and a kind.
struct StoredNumber
{
    explicit StoredNumber(double number);
    std::optional<double> value;
    std::string kind; ///< "", nan, inf, -inf
};

/// Numbers in our JSON: NaN and infinities as the texts "NaN", "Infinity", "-Infinity".
Json numberToJson(double value);
std::optional<double> numberFromJson(const Json* value);

/// 32 random hexadecimal digits.
std::string newUid();

} // namespace clwb::store
