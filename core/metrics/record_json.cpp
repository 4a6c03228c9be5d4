// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation records as JSON, interfaces.md §6, and back.
#include "core/metrics/recall_statistics.h"

#include <algorithm>
#include <numeric>

namespace clwb::metrics
{
namespace
{

// Sums over all cells of the largest record stay within 64 bits.
constexpr int64_t kMaxCount = int64_t{1} << 31;
constexpr int64_t kMaxSeed = int64_t{1} << 53;
constexpr size_t kMaxClasses = 100000;
constexpr int kMaxSessions = 100000;

Json orNull(std::optional<double> value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json ranksToJson(const std::vector<int64_t>& ranks)
{
    Json list = Json::array();
    for (const int64_t rank : ranks)
        list.push_back(rank < 0 ? Json(nullptr) : Json(rank));
    return list;
}

Json toJson(const UtRecord& ut)
{
    Json document{{"classes", ut.classes},
                  {"session_of_class", ut.sessionOfClass},
                  {"confusion", ut.confusion},
                  {"overall", orNull(utOverall(ut))},
                  {"session_mean", orNull(utSessionMean(ut))}};
    Json perSession = Json::array();
    for (const auto& accuracy : utPerSession(ut))
        perSession.push_back(orNull(accuracy));
    document["per_session"] = std::move(perSession);
    if (!ut.seenHits.empty())
        document["seen_hits"] = ut.seenHits;
    if (ut.labelSpace != "all")
        document["label_space"] = ut.labelSpace;
    return document;
}

void addRecalls(Json& object, const RecallSet& set)
{
    for (size_t i = 0; i < kRecallNames.size(); ++i)
        object[kRecallNames[i]] = orNull(valuesOf(set)[i]);
}

Json toJson(const RetrievalRecord& set)
{
    Json document{{"name", set.name},
                  {"folds", set.folds},
                  {"images", set.images},
                  {"captions", set.captions}};
    if (set.shuffleSeed)
        document["shuffle_seed"] = *set.shuffleSeed;
    addRecalls(document, recalls(set));
    for (const RecallSet& fold : recallsPerFold(set))
        addRecalls(document["per_fold"].emplace_back(Json::object()), fold);
    document["image_ranks"] = ranksToJson(set.imageRanks);
    document["caption_ranks"] = ranksToJson(set.captionRanks);
    const bool isUniform = std::adjacent_find(set.captionCounts.begin(), set.captionCounts.end(),
                                              std::not_equal_to<>()) == set.captionCounts.end();
    if (!isUniform)
        document["caption_counts"] = set.captionCounts;
    return document;
}

/// A list of whole numbers in [least, most]; null counts as -1 where that is allowed.
std::vector<int64_t> counts(JsonReader& reader, std::string_view key, int64_t least, int64_t most)
{
    std::vector<int64_t> values;
    const Json* list = reader.raw(key);
    if (!list || !list->is_array()) {
        reader.addError(key, "expected a list of whole numbers");
        return values;
    }
    for (const Json& item : *list) {
        const bool isNull = item.is_null() && least < 0;
        const bool isGood = item.is_number_integer() &&
                            item.get<int64_t>() >= std::max<int64_t>(least, 0) &&
                            item.get<int64_t>() <= most;
        if (!isNull && !isGood) {
            reader.addError(key, "holds " + item.dump() + ", allowed are whole numbers from " +
                                     std::to_string(std::max<int64_t>(least, 0)) + " to " +
                                     std::to_string(most));
            return {};
        }
        values.push_back(isNull ? -1 : item.get<int64_t>());
    }
    return values;
}

void expectSize(JsonReader& reader, std::string_view key, size_t got, size_t expected)
{
    if (got != expected) {
        reader.addError(key, "expected " + std::to_string(expected) + " values, got " +
                                 std::to_string(got));
    }
}

void readConfusion(JsonReader& reader, UtRecord& ut)
{
    const Json* rows = reader.raw("confusion");
    const size_t classes = ut.classes.size();
    if (!rows || !rows->is_array() || rows->size() != classes) {
        reader.addError("confusion",
                        "expected a row for each of " + std::to_string(classes) + " classes");
        return;
    }
    for (const Json& row : *rows) {
        const bool isGood = row.is_array() && row.size() == classes &&
                            std::all_of(row.begin(), row.end(), [](const Json& count) {
                                return count.is_number_integer() && count.get<int64_t>() >= 0 &&
                                       count.get<int64_t>() <= kMaxCount;
                            });
        if (!isGood) {
            reader.addError("confusion", "row " + std::to_string(ut.confusion.size()) +
                                             ": expected " + std::to_string(classes) + " counts");
            return;
        }
        ut.confusion.push_back(row.get<std::vector<int64_t>>());
    }
}

void checkHits(JsonReader& reader, std::string_view key, const std::vector<int64_t>& hits,
               const std::vector<int64_t>& totals)
{
    for (size_t i = 0; i < std::min(hits.size(), totals.size()); ++i) {
        if (hits[i] > totals[i]) {
            reader.addError(key, "class " + std::to_string(i) + " has more hits than images");
            return;
        }
    }
}

UtRecord readUt(const Json& object, std::vector<std::string>& errors)
{
    UtRecord ut;
    JsonReader reader(object, "ut", errors);
    ut.classes = reader.texts("classes", {});
    if (ut.classes.size() > kMaxClasses)
        reader.addError("classes", "holds more than 100000 classes");
    for (const int64_t session : counts(reader, "session_of_class", 1, kMaxSessions))
        ut.sessionOfClass.push_back(static_cast<int>(session));
    expectSize(reader, "session_of_class", ut.sessionOfClass.size(), ut.classes.size());
    readConfusion(reader, ut);
    if (reader.has("seen_hits")) {
        ut.seenHits = counts(reader, "seen_hits", 0, kMaxCount);
        expectSize(reader, "seen_hits", ut.seenHits.size(), ut.classes.size());
        checkHits(reader, "seen_hits", ut.seenHits, utTotals(ut));
    }
    ut.labelSpace = reader.oneOf("label_space", "all", {"all", "seen"});
    if (ut.labelSpace == "seen" && ut.seenHits.empty())
        reader.addError("seen_hits", "is missing, label_space \"seen\" needs it");
    return ut;
}

ZsRecord readZs(const Json& object, std::vector<std::string>& errors)
{
    ZsRecord zs;
    JsonReader reader(object, "zs", errors);
    zs.classes = reader.texts("classes", {});
    zs.hits = counts(reader, "hits", 0, kMaxCount);
    zs.totals = counts(reader, "totals", 0, kMaxCount);
    expectSize(reader, "hits", zs.hits.size(), zs.classes.size());
    expectSize(reader, "totals", zs.totals.size(), zs.classes.size());
    checkHits(reader, "hits", zs.hits, zs.totals);
    return zs;
}

void readCaptionCounts(JsonReader& reader, RetrievalRecord& set)
{
    const size_t images = set.imageRanks.size();
    if (reader.has("caption_counts")) {
        for (const int64_t count : counts(reader, "caption_counts", 0, 1 << 20))
            set.captionCounts.push_back(static_cast<int>(count));
        expectSize(reader, "caption_counts", set.captionCounts.size(), images);
    } else {
        const size_t each = images == 0 ? 0 : set.captionRanks.size() / images;
        set.captionCounts.assign(images, static_cast<int>(each));
    }
    const auto sum = static_cast<size_t>(
        std::accumulate(set.captionCounts.begin(), set.captionCounts.end(), int64_t{0}));
    if (sum != set.captionRanks.size()) {
        reader.addError("caption_ranks", "expected " + std::to_string(sum) + " ranks for " +
                                             std::to_string(images) + " images, got " +
                                             std::to_string(set.captionRanks.size()));
    }
}

RetrievalRecord readRetrieval(const Json& object, const std::string& path,
                              std::vector<std::string>& errors)
{
    RetrievalRecord set;
    JsonReader reader(object, path, errors);
    set.name = reader.text("name", "");
    set.folds = static_cast<int>(reader.integer("folds", 1, 1, 1000000));
    set.images = reader.integer("images", 0, 0, kMaxCount);
    set.captions = reader.integer("captions", 0, 0, kMaxCount);
    set.imageRanks = counts(reader, "image_ranks", -1, kMaxCount);
    set.captionRanks = counts(reader, "caption_ranks", -1, kMaxCount);
    expectSize(reader, "image_ranks", set.imageRanks.size(), static_cast<size_t>(set.images));
    expectSize(reader, "caption_ranks", set.captionRanks.size(), static_cast<size_t>(set.captions));
    readCaptionCounts(reader, set);
    if (reader.has("shuffle_seed"))
        set.shuffleSeed = reader.integer("shuffle_seed", 0, 0, kMaxSeed);
    return set;
}

void readParts(JsonReader& reader, EvaluationRecord& record, std::vector<std::string>& errors)
{
    if (reader.has("ut"))
        record.ut = readUt(reader.object("ut"), errors);
    if (reader.has("zs"))
        record.zs = readZs(reader.object("zs"), errors);
    record.firstRetrievalSet = reader.text("first_retrieval_set", "");
    const Json* sets = reader.raw("retrieval");
    if (!sets)
        return;
    if (!sets->is_array()) {
        reader.addError("retrieval", "expected a list of sets");
        return;
    }
    for (const Json& set : *sets) {
        const std::string path = "retrieval[" + std::to_string(record.retrieval.size()) + "]";
        record.retrieval.push_back(readRetrieval(set, path, errors));
    }
}

} // namespace

Json toJson(const EvaluationRecord& record)
{
    Json document{{"schema", 1}, {"model_sha256", record.modelSha256}, {"session", record.session}};
    if (record.epoch)
        document["epoch"] = *record.epoch;
    document["setting"] = record.setting;
    document["split"] = record.split;
    if (record.ut)
        document["ut"] = toJson(*record.ut);
    if (record.zs) {
        document["zs"] = {{"classes", record.zs->classes},
                          {"hits", record.zs->hits},
                          {"totals", record.zs->totals},
                          {"accuracy", orNull(zsAccuracy(*record.zs))}};
    }
    const bool isNamed = !record.retrieval.empty() && !record.firstRetrievalSet.empty() &&
                         record.firstRetrievalSet != record.retrieval.front().name;
    if (isNamed)
        document["first_retrieval_set"] = record.firstRetrievalSet;
    for (const RetrievalRecord& set : record.retrieval)
        document["retrieval"].push_back(toJson(set));
    if (record.ut && record.zs)
        document["a_acc"] = orNull(aAcc(record));
    return document;
}

Result<EvaluationRecord> evaluationRecordFromJson(const Json& document)
{
    EvaluationRecord record;
    std::vector<std::string> errors;
    JsonReader reader(document, "", errors);
    if (reader.integer("schema", 1, 1, 1) == 1 && !reader.has("session"))
        reader.addError("session", "is missing");
    record.modelSha256 = reader.text("model_sha256", "");
    record.session = static_cast<int>(reader.integer("session", 0, 0, kMaxSessions));
    if (reader.has("epoch"))
        record.epoch = static_cast<int>(reader.integer("epoch", 1, 1, 1000000));
    record.setting = reader.oneOf("setting", "MST", {"OST", "MST"});
    record.split = reader.oneOf("split", "test", {"test", "val"});
    readParts(reader, record, errors);
    if (!errors.empty()) {
        Error error = usageErrors("evaluation record", errors);
        error.code = ErrorCode::Data;
        return Failure(std::move(error));
    }
    return record;
}

} // namespace clwb::metrics
