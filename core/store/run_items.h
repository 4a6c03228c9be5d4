// SPDX-License-Identifier: GPL-3.0-or-later
// The things a running run has written: values that cross to the writer thread, go into the
// tables, and can be parked in a spool file as JSON.
#pragma once

#include "core/base/json.h"
#include "core/base/load_point.h"
#include "core/base/step_time.h"
#include "core/metrics/evaluation_details.h"
#include "core/metrics/evaluation_record.h"
#include "core/store/resume_rows.h"
#include "core/store/sqlite.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace clwb::store
{

struct SpecItem
{
    Json spec;
    int sessions = 0; ///< 0: as they were
};

struct StepItem
{
    int64_t step = 0;
    int session = 0;
    int epoch = 0;
    double lr = 0;
    std::map<std::string, double> losses;
    std::optional<StepTime> time = {}; ///< nothing: from before schema 3, or imported
};

struct EvaluationItem
{
    metrics::EvaluationRecord record;
    std::optional<double> bwt;
    std::shared_ptr<const metrics::EvaluationDetails> details = {}; ///< null: none are kept
    std::string detailsOf =
        {}; ///< uid of the run whose details of that session are also this one's
};

struct ThumbnailItem
{
    std::vector<metrics::Thumbnail> thumbnails;
};

struct LoadItem
{
    LoadPoint load;
};

struct CheckpointItem
{
    std::string folder;
    int64_t step = 0;
    std::string sha256;
    std::string createdUtc;
};

struct WarningItem
{
    int64_t number = 0; ///< of the run, from 1: writing it twice changes nothing
    std::string createdUtc;
    std::string text;
};

struct FinishItem
{
    std::string status;
    std::string message;
    double seconds = 0;
    std::string finishedUtc;
};

/// The engine of a continued run has begun: what lies beyond its checkpoint goes.
struct CutBackItem
{
    ResumeStart start; ///< its due, keepSteps and keepSessions
};

/// It has not: the run is again what it was.
struct GiveBackItem
{
    ResumeStart start; ///< its due, status, message and finishedUtc
};

using RunItem = std::variant<SpecItem, StepItem, EvaluationItem, CheckpointItem, WarningItem,
                             FinishItem, ThumbnailItem, LoadItem, CutBackItem, GiveBackItem>;

/// Ids of metric and loss names, remembered for one connection.
class ValueNames
{
public:
    Result<int64_t> idOf(Database& database, const std::string& name);
    /// After a rollback: ids given in it are gone.
    void forget() { m_ids.clear(); }

private:
    std::unordered_map<std::string, int64_t> m_ids;
};

/// Writes one item into the tables; inside the caller's transaction. Repeating an item is harmless.
Result<void> applyItem(Database& database, ValueNames& names, int64_t runId, const RunItem& item);

Json toJson(const RunItem& item);
/// Members `began_ms` and `work_ms` of a step; nothing where they are missing.
std::optional<StepTime> readStepTime(JsonReader& reader);
/// Errors: Corrupt.
Result<RunItem> runItemFromJson(const Json& document);

} // namespace clwb::store
