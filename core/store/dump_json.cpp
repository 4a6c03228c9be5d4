// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a bundle: a run's rows as JSON, and the validating way back.
#include "core/store/load_rows.h"
#include "core/store/run_dump.h"
#include "core/store/run_rows.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace clwb::store
{
namespace
{

constexpr int64_t kMaxInteger = std::numeric_limits<int64_t>::max();
constexpr int kMaxSession = 100000;
constexpr int kMaxEpoch = 10000000;
constexpr size_t kMaxText = 1u << 20;

constexpr std::array<std::string_view, 7> kStatuses{"queued", "running",  "stopped", "interrupted",
                                                    "failed", "finished", "reported"};

Failure damaged(const std::string& file, const std::string& problem)
{
    return fail(ErrorCode::Data, "bundle, " + file + ": " + problem,
                "the bundle is damaged or was not made by clwb: export it again");
}

template<class Read>
Result<void> readDocument(const std::string& text, const std::string& file, Read read)
{
    const auto document = parseJson(text, file);
    if (!document)
        return damaged(file, document.error().message);
    if (!document->is_object())
        return damaged(file, "expected an object");
    std::vector<std::string> problems;
    JsonReader reader(*document, "", problems);
    read(reader);
    if (!problems.empty())
        return damaged(file, problems.front());
    return {};
}

/// Calls `read` with a JsonReader for every line.
template<class Read>
Result<void> readLines(const std::string& text, const std::string& file, Read read)
{
    size_t number = 0;
    for (size_t start = 0; start < text.size();) {
        const size_t end = std::min(text.find('\n', start), text.size());
        ++number;
        if (end > start)
            CLWB_TRY(readDocument(text.substr(start, end - start),
                                  file + ", line " + std::to_string(number), read));
        start = end + 1;
    }
    return {};
}

int small(JsonReader& reader, std::string_view key, int min, int max)
{
    return static_cast<int>(reader.integer(key, std::max(min, 0), min, max));
}

void readColumn(JsonReader& reader, std::string_view key, std::string& target)
{
    target = reader.text(key, "");
    if (target.size() > kMaxText)
        reader.addError(key, "is longer than allowed");
}

/// Rows of fixed length: [session, epoch, name, value].
void readRows(JsonReader& reader, std::string_view key, size_t length,
              const std::function<bool(const Json&)>& take)
{
    const Json* rows = reader.raw(key);
    if (rows == nullptr)
        return;
    if (!rows->is_array()) {
        reader.addError(key, "expected a list");
        return;
    }
    for (const Json& row : *rows) {
        if (!row.is_array() || row.size() != length || !take(row)) {
            reader.addError(key, "holds a row of wrong form: " + row.dump().substr(0, 200));
            return;
        }
    }
}

bool isInteger(const Json& value, int64_t min, int64_t max)
{
    return value.is_number_integer() && value.get<int64_t>() >= min && value.get<int64_t>() <= max;
}

} // namespace

Json columnsToJson(const RunDump& dump)
{
    const RunColumns& run = dump.columns;
    Json warnings = Json::array();
    for (const WarningItem& warning : dump.warnings)
        warnings.push_back({{"created_utc", warning.createdUtc}, {"text", warning.text}});
    return Json{{"schema", 1},
                {"uid", run.uid},
                {"name", run.name},
                {"kind", run.kind},
                {"method", run.method},
                {"option", run.option},
                {"setting", run.setting},
                {"status", run.status},
                {"origin", run.origin},
                {"seed", run.seed ? Json(*run.seed) : Json()},
                {"created_utc", run.createdUtc},
                {"finished_utc", run.finishedUtc},
                {"seconds", run.seconds ? numberToJson(*run.seconds) : Json()},
                {"study", run.study},
                {"model", run.model},
                {"configuration_hash", run.configurationHash},
                {"study_sha256", run.studySha256},
                {"model_sha256", run.modelSha256},
                {"message", run.message},
                {"notes", run.notes},
                {"starred", run.starred},
                {"sessions", run.sessions},
                {"last_session", run.lastSession},
                {"tags", dump.tags},
                {"warnings", warnings},
                {"spec", run.spec},
                {"environment", run.environment}};
}

Json metricsToJson(const RunDump& dump)
{
    Json metrics = Json::array();
    for (const DumpedMetric& metric : dump.metrics)
        metrics.push_back(
            Json::array({metric.session, metric.epoch, metric.name, numberToJson(metric.value)}));
    Json accuracies = Json::array();
    for (const DumpedAccuracy& row : dump.accuracies)
        accuracies.push_back(Json::array({row.afterSession, row.session, row.hits, row.total}));
    return Json{{"metrics", metrics}, {"session_accuracy", accuracies}};
}

std::string stepLines(const RunDump& dump)
{
    std::string lines;
    for (const StepItem& step : dump.steps)
        lines += toJson(RunItem(step)).dump() + "\n";
    return lines;
}

std::string evaluationLines(const RunDump& dump)
{
    std::string lines;
    for (const DumpedEvaluation& evaluation : dump.evaluations) {
        const auto record = parseJson(evaluation.record, "record");
        lines += Json{{"session", evaluation.session},
                      {"epoch", evaluation.epoch},
                      {"split", evaluation.split},
                      {"record", record ? *record : Json()}}
                     .dump() +
                 "\n";
    }
    return lines;
}

std::string loadLines(const RunDump& dump)
{
    std::string lines;
    for (const LoadPoint& point : dump.load)
        lines += loadToJson(point).dump() + "\n";
    return lines;
}

Result<void> readColumns(const std::string& text, RunDump& dump)
{
    return readDocument(text, "run.json", [&dump](JsonReader& reader) {
        RunColumns& run = dump.columns;
        reader.integer("schema", 1, 1, 1);
        for (const auto& [key, target] :
             {std::pair("uid", &run.uid), std::pair("name", &run.name),
              std::pair("kind", &run.kind), std::pair("method", &run.method),
              std::pair("option", &run.option), std::pair("setting", &run.setting),
              std::pair("status", &run.status), std::pair("created_utc", &run.createdUtc),
              std::pair("finished_utc", &run.finishedUtc), std::pair("study", &run.study),
              std::pair("model", &run.model),
              std::pair("configuration_hash", &run.configurationHash),
              std::pair("study_sha256", &run.studySha256),
              std::pair("model_sha256", &run.modelSha256), std::pair("message", &run.message),
              std::pair("notes", &run.notes)})
            readColumn(reader, key, *target);
        run.origin = reader.oneOf("origin", "imported", {"local", "paper", "imported"});
        if (!isUid(run.uid))
            reader.addError("uid", "expected 32 hexadecimal digits");
        if (std::find(kStatuses.begin(), kStatuses.end(), run.status) == kStatuses.end())
            reader.addError("status", "unknown status '" + run.status + "'");
        if (const Json* seed = reader.raw("seed"); seed && seed->is_number_integer())
            run.seed = seed->get<int64_t>();
        run.seconds = numberFromJson(reader.raw("seconds"));
        run.starred = reader.boolean("starred", false);
        run.sessions = small(reader, "sessions", 0, kMaxSession);
        run.lastSession = small(reader, "last_session", -1, kMaxSession);
        dump.tags = reader.texts("tags", {});
        run.spec = reader.object("spec");
        run.environment = reader.object("environment");
        if (const Json* warnings = reader.raw("warnings"); warnings && warnings->is_array()) {
            for (const Json& warning : *warnings) {
                if (!warning.is_object())
                    continue;
                std::vector<std::string> ignored;
                JsonReader fields(warning, "warnings", ignored);
                dump.warnings.push_back({static_cast<int64_t>(dump.warnings.size()) + 1,
                                         fields.text("created_utc", ""), fields.text("text", "")});
            }
        }
    });
}

Result<void> readMetrics(const std::string& text, RunDump& dump)
{
    return readDocument(text, "metrics.json", [&dump](JsonReader& reader) {
        readRows(reader, "metrics", 4, [&dump](const Json& row) {
            const auto value = numberFromJson(&row[3]);
            if (!isInteger(row[0], 0, kMaxSession) || !isInteger(row[1], 0, kMaxEpoch) ||
                !row[2].is_string() || !value)
                return false;
            dump.metrics.push_back(
                {row[0].get<int>(), row[1].get<int>(), row[2].get<std::string>(), *value});
            return true;
        });
        readRows(reader, "session_accuracy", 4, [&dump](const Json& row) {
            if (!isInteger(row[0], 0, kMaxSession) || !isInteger(row[1], 0, kMaxSession) ||
                !isInteger(row[2], 0, kMaxInteger) || !isInteger(row[3], 0, kMaxInteger))
                return false;
            dump.accuracies.push_back({row[0].get<int>(), row[1].get<int>(), row[2].get<int64_t>(),
                                       row[3].get<int64_t>()});
            return true;
        });
    });
}

Result<void> readStepLines(const std::string& text, RunDump& dump)
{
    return readLines(text, "steps.jsonl", [&dump](JsonReader& reader) {
        StepItem item;
        item.step = reader.integer("step", 0, 0, kMaxInteger);
        item.session = small(reader, "session", 0, kMaxSession);
        item.epoch = small(reader, "epoch", 0, kMaxEpoch);
        item.lr = numberFromJson(reader.raw("lr")).value_or(0);
        for (const auto& [name, value] : reader.object("losses").items()) {
            const auto number = numberFromJson(&value);
            if (!number)
                reader.addError("losses", "'" + name + "' is not a number");
            else
                item.losses[name] = *number;
        }
        item.time = readStepTime(reader);
        dump.steps.push_back(std::move(item));
    });
}

Result<void> readEvaluationLines(const std::string& text, RunDump& dump)
{
    return readLines(text, "evaluations.jsonl", [&dump](JsonReader& reader) {
        DumpedEvaluation row;
        row.session = small(reader, "session", 0, kMaxSession);
        row.epoch = small(reader, "epoch", 0, kMaxEpoch);
        row.split = reader.oneOf("split", "test", {"test", "val"});
        const Json& record = reader.object("record");
        if (const auto valid = metrics::evaluationRecordFromJson(record); !valid)
            reader.addError("record", valid.error().message);
        row.record = record.dump();
        dump.evaluations.push_back(std::move(row));
    });
}

Result<void> readLoadLines(const std::string& text, RunDump& dump)
{
    return readLines(text, "load.jsonl", [&dump](JsonReader& reader) {
        const LoadPoint point = readLoad(reader);
        if (!dump.load.empty() && point.at <= dump.load.back().at)
            reader.addError("at", "not after the line before");
        else
            dump.load.push_back(point);
    });
}

} // namespace clwb::store
