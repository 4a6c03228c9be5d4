// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the items of a running run into the tables and turns them into JSON and back.
#include "core/store/run_items.h"

#include "core/store/detail_rows.h"
#include "core/store/load_rows.h"
#include "core/store/run_rows.h"
#include "core/store/step_buckets.h"

#include <limits>

namespace clwb::store
{
namespace
{

constexpr int64_t kMaxInteger = std::numeric_limits<int64_t>::max();

Result<void> apply(Database& database, ValueNames&, int64_t runId, const SpecItem& item)
{
    if (item.sessions > 0)
        CLWB_TRY(
            database.run("UPDATE run SET sessions = ?2 WHERE run_id = ?1", runId, item.sessions));
    return writeSpec(database, runId, item.spec);
}

Result<void> apply(Database& database, ValueNames& names, int64_t runId, const StepItem& item)
{
    std::optional<int64_t> began;
    std::optional<int64_t> work;
    if (item.time) {
        began = item.time->beganMs;
        work = item.time->workMs;
    }
    CLWB_TRY(database.run("INSERT INTO step(run_id, step, session, epoch, lr, began_ms, work_ms) "
                          "VALUES(?, ?, ?, ?, ?, ?, ?) "
                          "ON CONFLICT(run_id, step) DO UPDATE SET session = excluded.session, "
                          "epoch = excluded.epoch, lr = excluded.lr, began_ms = excluded.began_ms, "
                          "work_ms = excluded.work_ms",
                          runId, item.step, item.session, item.epoch, item.lr, began, work));
    CLWB_ASSIGN(Statement loss,
                database.prepare("INSERT OR REPLACE INTO step_loss VALUES(?, ?, ?, ?, ?)"));
    for (const auto& [name, value] : item.losses) {
        CLWB_ASSIGN(const int64_t id, names.idOf(database, name));
        const StoredNumber number(value);
        CLWB_TRY(loss.bindAll(runId, item.step, id, number.value, number.kind).run());
    }
    return {};
}

Result<void> apply(Database& database, ValueNames& names, int64_t runId, const EvaluationItem& item)
{
    CLWB_TRY(writeEvaluation(database, names, runId, item.record, item.bwt));
    if (item.record.epoch || item.record.split != "test")
        return {};
    if (!item.detailsOf.empty())
        return shareDetails(database, runId, item.record.session, item.detailsOf);
    if (!item.details)
        return {};
    return writeDetails(database, runId, item.record.session, item.record.modelSha256,
                        *item.details);
}

Result<void> apply(Database& database, ValueNames&, int64_t, const ThumbnailItem& item)
{
    return writeThumbnails(database, item.thumbnails);
}

Result<void> apply(Database& database, ValueNames&, int64_t runId, const LoadItem& item)
{
    return writeLoad(database, runId, item.load);
}

Result<void> apply(Database& database, ValueNames&, int64_t runId, const CheckpointItem& item)
{
    CLWB_TRY(database.run("INSERT OR REPLACE INTO checkpoint VALUES(?, ?, ?, ?, ?)", runId,
                          item.folder, item.step, item.sha256, item.createdUtc));
    // Two resume states are kept on disk.
    CLWB_TRY(database.run(
        "DELETE FROM checkpoint WHERE run_id = ?1 AND folder NOT IN (SELECT folder "
        "FROM checkpoint WHERE run_id = ?1 ORDER BY step DESC, length(folder) DESC, folder DESC "
        "LIMIT 2)",
        runId));
    // No resume goes back beyond the older of them, so steps before it may be thinned out.
    CLWB_ASSIGN(const auto oldest,
                database.integer("SELECT min(step) FROM checkpoint WHERE run_id = ?", runId));
    return compactSteps(database, runId, oldest.value_or(0));
}

Result<void> apply(Database& database, ValueNames&, int64_t runId, const WarningItem& item)
{
    return database.run("INSERT OR REPLACE INTO warning VALUES(?, ?, ?, ?)", runId, item.number,
                        item.createdUtc, item.text);
}

Result<void> apply(Database& database, ValueNames&, int64_t runId, const FinishItem& item)
{
    if (item.status == "finished")
        CLWB_TRY(compactSteps(database, runId, kEndOfRun));
    return database.run(
        "UPDATE run SET status = ?2, message = ?3, seconds = ?4, finished_utc = ?5, "
        "owner_host = '', owner_boot = '', owner_pid = NULL, owner_start = NULL "
        "WHERE run_id = ?1",
        runId, item.status, item.message, item.seconds, item.finishedUtc);
}

Result<void> apply(Database& database, ValueNames&, int64_t runId, const CutBackItem& item)
{
    return cutBack(database, runId, item.start);
}

Result<void> apply(Database& database, ValueNames&, int64_t runId, const GiveBackItem& item)
{
    return giveBack(database, runId, item.start);
}

Json itemJson(const SpecItem& item)
{
    return {{"item", "spec"}, {"spec", item.spec}, {"sessions", item.sessions}};
}

Json itemJson(const StepItem& item)
{
    Json losses = Json::object();
    for (const auto& [name, value] : item.losses)
        losses[name] = numberToJson(value);
    Json json{{"item", "step"},      {"step", item.step},           {"session", item.session},
              {"epoch", item.epoch}, {"lr", numberToJson(item.lr)}, {"losses", losses}};
    if (item.time) {
        json["began_ms"] = item.time->beganMs;
        json["work_ms"] = item.time->workMs;
    }
    return json;
}

Json itemJson(const EvaluationItem& item)
{
    Json json{{"item", "evaluation"},
              {"record", metrics::toJson(item.record)},
              {"bwt", item.bwt ? numberToJson(*item.bwt) : Json()}};
    if (item.details)
        json["details"] = metrics::toJson(*item.details);
    if (!item.detailsOf.empty())
        json["details_of"] = item.detailsOf;
    return json;
}

Json itemJson(const ThumbnailItem& item)
{
    Json thumbnails = Json::array();
    for (const metrics::Thumbnail& thumbnail : item.thumbnails)
        thumbnails.push_back(metrics::toJson(thumbnail));
    return {{"item", "thumbnails"}, {"thumbnails", thumbnails}};
}

Json itemJson(const LoadItem& item)
{
    Json json{{"item", "load"}};
    json.update(loadToJson(item.load));
    return json;
}

Json itemJson(const CheckpointItem& item)
{
    return {{"item", "checkpoint"},
            {"folder", item.folder},
            {"step", item.step},
            {"sha256", item.sha256},
            {"created", item.createdUtc}};
}

Json itemJson(const WarningItem& item)
{
    return {{"item", "warning"},
            {"number", item.number},
            {"created", item.createdUtc},
            {"text", item.text}};
}

Json itemJson(const FinishItem& item)
{
    return {{"item", "finish"},
            {"status", item.status},
            {"message", item.message},
            {"seconds", numberToJson(item.seconds)},
            {"finished", item.finishedUtc}};
}

Json itemJson(const CutBackItem& item)
{
    return {{"item", "cut_back"},
            {"due", item.start.due},
            {"keep_steps", item.start.keepSteps},
            {"keep_sessions", item.start.keepSessions}};
}

Json itemJson(const GiveBackItem& item)
{
    Json json{{"item", "give_back"},
              {"due", item.start.due},
              {"status", item.start.status},
              {"message", item.start.message}};
    if (item.start.finishedUtc)
        json["finished"] = *item.start.finishedUtc;
    return json;
}

} // namespace

std::optional<StepTime> readStepTime(JsonReader& reader)
{
    StepTime time;
    time.beganMs = reader.integer("began_ms", -1, -1, kMaxInteger);
    time.workMs = reader.integer("work_ms", 0, 0, kMaxInteger);
    return time.beganMs < 0 ? std::nullopt : std::optional(time);
}

namespace
{

StepItem readStep(JsonReader& reader)
{
    StepItem item;
    item.step = reader.integer("step", 0, 0, kMaxInteger);
    item.session = static_cast<int>(reader.integer("session", 0, 0, 100000));
    item.epoch = static_cast<int>(reader.integer("epoch", 0, 0, 10000000));
    item.lr = numberFromJson(reader.raw("lr")).value_or(0);
    for (const auto& [name, value] : reader.object("losses").items()) {
        if (const auto number = numberFromJson(&value))
            item.losses[name] = *number;
    }
    item.time = readStepTime(reader);
    return item;
}

Result<EvaluationItem> readEvaluation(JsonReader& reader)
{
    EvaluationItem item;
    CLWB_ASSIGN(item.record, metrics::evaluationRecordFromJson(reader.object("record")));
    item.bwt = numberFromJson(reader.raw("bwt"));
    if (const Json* details = reader.raw("details")) {
        CLWB_ASSIGN(metrics::EvaluationDetails read, metrics::evaluationDetailsFromJson(*details));
        item.details = std::make_shared<const metrics::EvaluationDetails>(std::move(read));
    }
    item.detailsOf = reader.text("details_of", "");
    return item;
}

Result<ThumbnailItem> readThumbnails(JsonReader& reader)
{
    ThumbnailItem item;
    const Json* list = reader.raw("thumbnails");
    for (const Json& each : list ? *list : Json::array()) {
        CLWB_ASSIGN(metrics::Thumbnail thumbnail, metrics::thumbnailFromJson(each));
        item.thumbnails.push_back(std::move(thumbnail));
    }
    return item;
}

CutBackItem readCutBack(JsonReader& reader)
{
    CutBackItem item;
    item.start.due = reader.text("due", "");
    item.start.keepSteps = reader.integer("keep_steps", 0, 0, kMaxInteger);
    item.start.keepSessions = static_cast<int>(reader.integer("keep_sessions", -1, -1, 100000));
    return item;
}

GiveBackItem readGiveBack(JsonReader& reader)
{
    GiveBackItem item;
    item.start.due = reader.text("due", "");
    item.start.status = reader.oneOf("status", "interrupted", {"stopped", "failed", "interrupted"});
    item.start.message = reader.text("message", "");
    if (const Json* finished = reader.raw("finished"); finished && finished->is_string())
        item.start.finishedUtc = finished->get<std::string>();
    return item;
}

Result<RunItem> readItem(JsonReader& reader)
{
    const std::string kind =
        reader.oneOf("item", "",
                     {"spec", "step", "evaluation", "checkpoint", "warning", "finish", "thumbnails",
                      "load", "cut_back", "give_back"});
    if (kind == "spec")
        return RunItem(SpecItem{reader.object("spec"),
                                static_cast<int>(reader.integer("sessions", 0, 0, 100000))});
    if (kind == "step")
        return RunItem(readStep(reader));
    if (kind == "evaluation") {
        CLWB_ASSIGN(EvaluationItem item, readEvaluation(reader));
        return RunItem(std::move(item));
    }
    if (kind == "thumbnails") {
        CLWB_ASSIGN(ThumbnailItem item, readThumbnails(reader));
        return RunItem(std::move(item));
    }
    if (kind == "load")
        return RunItem(LoadItem{readLoad(reader)});
    if (kind == "cut_back")
        return RunItem(readCutBack(reader));
    if (kind == "give_back")
        return RunItem(readGiveBack(reader));
    if (kind == "checkpoint")
        return RunItem(CheckpointItem{reader.text("folder", ""),
                                      reader.integer("step", 0, 0, kMaxInteger),
                                      reader.text("sha256", ""), reader.text("created", "")});
    if (kind == "warning")
        return RunItem(WarningItem{reader.integer("number", 1, 1, kMaxInteger),
                                   reader.text("created", ""), reader.text("text", "")});
    return RunItem(FinishItem{
        reader.oneOf("status", "interrupted", {"finished", "stopped", "failed", "interrupted"}),
        reader.text("message", ""), numberFromJson(reader.raw("seconds")).value_or(0),
        reader.text("finished", "")});
}

} // namespace

Result<int64_t> ValueNames::idOf(Database& database, const std::string& name)
{
    if (const auto known = m_ids.find(name); known != m_ids.end())
        return known->second;
    CLWB_TRY(database.run("INSERT OR IGNORE INTO value_name(name) VALUES(?)", name));
    CLWB_ASSIGN(const auto id,
                database.integer("SELECT name_id FROM value_name WHERE name = ?", name));
    m_ids[name] = id.value_or(0);
    return id.value_or(0);
}

Result<void> applyItem(Database& database, ValueNames& names, int64_t runId, const RunItem& item)
{
    return std::visit([&](const auto& value) { return apply(database, names, runId, value); },
                      item);
}

Json toJson(const RunItem& item)
{
    return std::visit([](const auto& value) { return itemJson(value); }, item);
}

Result<RunItem> runItemFromJson(const Json& document)
{
    if (!document.is_object())
        return fail(ErrorCode::Corrupt, "expected an object");
    std::vector<std::string> problems;
    JsonReader reader(document, "", problems);
    auto item = readItem(reader);
    if (item && problems.empty())
        return item;
    return fail(ErrorCode::Corrupt, item ? problems.front() : item.error().message);
}

} // namespace clwb::store
