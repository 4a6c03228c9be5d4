// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that the writer, the import and the starter project have in common.
#include "core/store/run_rows.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace clwb::store
{
namespace
{

std::string textOf(const Json& spec, const char* key)
{
    const auto value = spec.find(key);
    return value != spec.end() && value->is_string() ? value->get<std::string>() : std::string();
}

Result<void> writeParameters(Database& database, int64_t runId, const Json& spec)
{
    CLWB_TRY(database.run("DELETE FROM param WHERE run_id = ?", runId));
    CLWB_ASSIGN(Statement insert, database.prepare("INSERT INTO param VALUES(?, ?, ?)"));
    for (const auto& [key, value] : dottedTexts(spec))
        CLWB_TRY(insert.bindAll(runId, key, value).run());
    return {};
}

Result<void> writeSessionAccuracies(Database& database, int64_t runId,
                                    const metrics::EvaluationRecord& record)
{
    std::map<int, std::pair<int64_t, int64_t>> counts; // session → hits, total
    const metrics::UtRecord& ut = *record.ut;
    // In the record's label space, so that Bwt can be recounted from these rows.
    const std::vector<int64_t> ofClass = metrics::utHits(ut);
    const std::vector<int64_t> totals = metrics::utTotals(ut);
    for (size_t i = 0; i < std::min(ofClass.size(), ut.sessionOfClass.size()); ++i) {
        auto& [hits, total] = counts[ut.sessionOfClass[i]];
        hits += ofClass[i];
        total += totals[i];
    }
    CLWB_ASSIGN(Statement insert, database.prepare("INSERT OR REPLACE INTO session_accuracy "
                                                   "VALUES(?, ?, ?, ?, ?)"));
    for (const auto& [session, count] : counts)
        CLWB_TRY(insert.bindAll(runId, record.session, session, count.first, count.second).run());
    return {};
}

} // namespace

StoredNumber::StoredNumber(double number)
{
    if (std::isfinite(number))
        value = number;
    else
        kind = std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

Json numberToJson(double value)
{
    return std::isfinite(value) ? Json(value) : Json(shortestText(value));
}

std::optional<double> numberFromJson(const Json* value)
{
    if (value == nullptr)
        return std::nullopt;
    if (value->is_number())
        return value->get<double>();
    if (value->is_string()) {
        const std::string text = value->get<std::string>();
        if (text == "NaN")
            return std::numeric_limits<double>::quiet_NaN();
        if (text == "Infinity")
            return std::numeric_limits<double>::infinity();
        if (text == "-Infinity")
            return -std::numeric_limits<double>::infinity();
    }
    return std::nullopt;
}

std::string newUid()
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::random_device random;
    std::string uid;
    for (int word = 0; word < 4; ++word) {
        uint32_t bits = random();
        for (int digit = 0; digit < 8; ++digit, bits >>= 4)
            uid += kDigits[bits & 15];
    }
    return uid;
}

bool isUid(const std::string& text)
{
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

RunColumns columnsFromSpec(const Json& spec)
{
    RunColumns run;
    run.spec = spec.is_object() ? spec : Json::object();
    run.name = textOf(run.spec, "name");
    run.kind = textOf(run.spec, "kind");
    run.method = textOf(run.spec, "method");
    run.option = textOf(run.spec, "option");
    run.setting = textOf(run.spec, "setting");
    run.study = textOf(run.spec, "study");
    run.model = textOf(run.spec, "model");
    run.studySha256 = textOf(run.spec, "study_sha256");
    run.modelSha256 = textOf(run.spec, "model_sha256");
    if (run.kind == "original") {
        run.method.clear();
        run.option.clear();
    }
    if (const auto seed = run.spec.find("seed");
        seed != run.spec.end() && seed->is_number_integer())
        run.seed = seed->get<int64_t>();
    return run;
}

Result<int64_t> insertRun(Database& database, const RunColumns& run)
{
    const std::optional<std::string> finished =
        run.finishedUtc.empty() ? std::nullopt : std::optional(run.finishedUtc);
    CLWB_TRY(database.run(
        "INSERT INTO run(uid, name, kind, method, option, setting, status, seed, created_utc, "
        "finished_utc, seconds, study, model, origin, configuration_hash, study_sha256, "
        "model_sha256, spec, environment, folder, message, notes, starred, sessions, last_session) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        run.uid.empty() ? newUid() : run.uid, run.name, run.kind, run.method, run.option,
        run.setting, run.status, run.seed, run.createdUtc.empty() ? utcNowText() : run.createdUtc,
        finished, run.seconds, run.study, run.model, run.origin, run.configurationHash,
        run.studySha256, run.modelSha256, run.spec.dump(), run.environment.dump(), run.folder,
        run.message, run.notes, run.starred ? 1 : 0, run.sessions, run.lastSession));
    const int64_t runId = database.lastInsertId();
    CLWB_TRY(writeParameters(database, runId, run.spec));
    return runId;
}

Result<void> writeSpec(Database& database, int64_t runId, const Json& spec)
{
    const RunColumns run = columnsFromSpec(spec);
    CLWB_TRY(database.run("UPDATE run SET spec = ?2, study = ?3, model = ?4, study_sha256 = ?5, "
                          "model_sha256 = ?6, kind = ?7, method = ?8, option = ?9, setting = ?10, "
                          "seed = ?11 WHERE run_id = ?1",
                          runId, run.spec.dump(), run.study, run.model, run.studySha256,
                          run.modelSha256, run.kind, run.method, run.option, run.setting,
                          run.seed));
    return writeParameters(database, runId, run.spec);
}

Result<void> writeMetric(Database& database, ValueNames& names, int64_t runId, int session,
                         const metrics::MetricValue& metric)
{
    CLWB_ASSIGN(const int64_t name, names.idOf(database, metric.name));
    const StoredNumber number(metric.value);
    return database.run("INSERT OR REPLACE INTO metric VALUES(?, ?, ?, ?, ?)", runId, session, name,
                        number.value, number.kind);
}

Result<void> writeEvaluation(Database& database, ValueNames& names, int64_t runId,
                             const metrics::EvaluationRecord& record, std::optional<double> bwt)
{
    std::vector<metrics::MetricValue> values = metrics::metricValues(record);
    if (bwt)
        values.push_back({record.split == "val" ? "val Bwt" : "Bwt", *bwt});
    if (record.epoch) {
        CLWB_ASSIGN(Statement insert, database.prepare("INSERT OR REPLACE INTO epoch_metric "
                                                       "VALUES(?, ?, ?, ?, ?, ?)"));
        for (const metrics::MetricValue& metric : values) {
            CLWB_ASSIGN(const int64_t name, names.idOf(database, metric.name));
            const StoredNumber number(metric.value);
            CLWB_TRY(
                insert
                    .bindAll(runId, record.session, *record.epoch, name, number.value, number.kind)
                    .run());
        }
    } else {
        for (const metrics::MetricValue& metric : values)
            CLWB_TRY(writeMetric(database, names, runId, record.session, metric));
        if (record.ut && record.split == "test")
            CLWB_TRY(writeSessionAccuracies(database, runId, record));
        CLWB_TRY(
            database.run("UPDATE run SET last_session = max(last_session, ?2) WHERE run_id = ?1",
                         runId, record.session));
    }
    return database.run("INSERT INTO evaluation(run_id, session, epoch, split, record) "
                        "VALUES(?, ?, ?, ?, clwb_pack(?)) "
                        "ON CONFLICT(run_id, session, epoch, split) "
                        "DO UPDATE SET record = excluded.record",
                        runId, record.session, record.epoch.value_or(0), record.split,
                        metrics::toJson(record).dump());
}

} // namespace clwb::store
