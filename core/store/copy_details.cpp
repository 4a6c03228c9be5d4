// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/copy_details.h"

#include "core/store/detail_blob.h"
#include "core/store/detail_rows.h"
#include "core/store/details_private.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace clwb::store
{
namespace
{

constexpr size_t kThumbnailsAtOnce = 500;
constexpr int64_t kMaxSetsOfSession = 100; // far above all that is in use

/// Whatever keeps the source from being read is the source's damage: the metrics can come alone.
Failure sourceDamage(Error error)
{
    error.code = ErrorCode::Corrupt;
    return Failure(std::move(error));
}

/// Undoes what was written since begin() unless released; inside the caller's transaction.
class CopySavepoint
{
public:
    explicit CopySavepoint(Database& database)
        : m_database(database)
    {}
    CopySavepoint(const CopySavepoint&) = delete;
    CopySavepoint& operator=(const CopySavepoint&) = delete;
    ~CopySavepoint()
    {
        // SQLite may have rolled back the whole transaction already: then both do nothing.
        if (m_isOpen)
            static_cast<void>(
                m_database.execute("ROLLBACK TO copied_details; RELEASE copied_details"));
    }
    Result<void> begin()
    {
        CLWB_TRY(m_database.execute("SAVEPOINT copied_details"));
        m_isOpen = true;
        return {};
    }
    Result<void> release()
    {
        CLWB_TRY(m_database.execute("RELEASE copied_details"));
        m_isOpen = false;
        return {};
    }

private:
    Database& m_database;
    bool m_isOpen = false;
};

using Positions = std::unordered_map<int64_t, int32_t>;

Positions positionsOf(const std::vector<int64_t>& ids)
{
    Positions positions;
    for (size_t at = 0; at < ids.size(); ++at)
        positions.emplace(ids[at], static_cast<int32_t>(at));
    return positions;
}

/// What one query answers, back in places of the list.
Result<void> addQuery(const std::vector<RankedCandidate>& candidates, const Positions& positions,
                      const Project& from, metrics::DirectionDetails& direction)
{
    std::vector<metrics::TrueCandidate> truths;
    for (size_t at = 0; at < candidates.size(); ++at) {
        const RankedCandidate& each = candidates[at];
        const auto place = positions.find(each.candidateId);
        if (place == positions.end())
            return detailDamage(from, "a candidate is not in its retrieval set");
        const auto score = static_cast<float>(each.score);
        if (each.rank == static_cast<int64_t>(at) && at < size_t{metrics::kTopCandidates})
            direction.top.push_back({place->second, score});
        if (each.isRelevant)
            truths.push_back({place->second, static_cast<int32_t>(each.rank), score});
    }
    std::sort(truths.begin(), truths.end(),
              [](const auto& a, const auto& b) { return a.position < b.position; });
    direction.truths.insert(direction.truths.end(), truths.begin(), truths.end());
    direction.topBegin.push_back(static_cast<uint32_t>(direction.top.size()));
    direction.truthBegin.push_back(static_cast<uint32_t>(direction.truths.size()));
    return {};
}

} // namespace

Result<EvaluatedModels> evaluatedModels(Database& database, int64_t runId)
{
    CLWB_ASSIGN(Statement rows,
                database.prepare("SELECT session, clwb_unpack(record) FROM evaluation "
                                 "WHERE run_id = ? AND epoch = 0 AND split = 'test'"));
    rows.bindAll(runId);
    EvaluatedModels models;
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            return models;
        const auto record = parseJson(rows.text(1), "evaluation record");
        const Json model =
            record && record->is_object() ? record->value("model_sha256", Json()) : Json();
        if (model.is_string())
            models[static_cast<int>(rows.integer(0))] = model.get<std::string>();
    }
}

Result<const DetailCopier::List*> DetailCopier::list(int64_t listId)
{
    if (const auto known = m_lists.find(listId); known != m_lists.end())
        return &known->second;
    const auto [rows, text] = std::pair(m_rowsLeft, m_textLeft);
    Result<List> list = readList(listId);
    if (!list) { // it may be asked for again, by each run
        m_rowsLeft = rows;
        m_textLeft = text;
        return Failure(list.error());
    }
    return &m_lists.emplace(listId, std::move(*list)).first->second;
}

Result<metrics::PredictionDetails> DetailCopier::readPredictions(const PredictionEntry& entry)
{
    CLWB_ASSIGN(const List* const list, this->list(entry.listId));
    CLWB_ASSIGN(Predictions stored, predictions(m_from, entry.runId, entry.session, entry.part));
    metrics::PredictionDetails details;
    details.items = list->items;
    details.top = stored.top;
    details.classes = std::move(stored.classes);
    details.probabilities = std::move(stored.probabilities);
    details.truthRanks = std::move(stored.truthRanks);
    details.truthProbabilities = std::move(stored.truthProbabilities);
    if (!metrics::isConsistent(details))
        return detailDamage(m_from, "the predictions of run " + std::to_string(entry.runId) +
                                        " are damaged");
    return details;
}

Result<void> DetailCopier::checkQueries(const RetrievalEntry& entry, const List& list) const
{
    // Before any is read: each is that of its place in the list, so that together they name no
    // more text than the list, and they rank no more than the best and the true ones.
    for (const Direction direction : {Direction::TextToImage, Direction::ImageToText}) {
        const bool isText = direction == Direction::TextToImage;
        const std::string table = isText ? "list_caption" : "item";
        const std::string column = isText ? "caption_id" : "image_id";
        CLWB_ASSIGN(Statement row,
                    m_from.database().prepare(
                        "SELECT count(*), count(p.position), max(length(q.candidates)), "
                        "total(length(q.beyond)) FROM retrieval_use u "
                        "JOIN retrieval_result s USING(result_id) "
                        "JOIN retrieval_query q USING(result_id) LEFT JOIN " +
                        table + " p ON p.list_id = s.list_id AND p.position = q.position AND p." +
                        column +
                        " = q.query_id WHERE u.run_id = ? AND u.session = ? AND s.list_id = ? "
                        "AND q.direction = ?"));
        row.bindAll(entry.runId, entry.session, entry.listId, isText ? 0 : 1);
        CLWB_TRY(row.step());
        const auto wanted =
            static_cast<int64_t>(isText ? list.captions.size() : list.images.size());
        const auto truths = static_cast<double>(list.captions.size());
        // Numbers of up to 20 digits with a comma: one a candidate, two a true one.
        if (row.integer(0) != wanted || row.integer(1) != wanted ||
            row.integer(2) > 2 + 21 * metrics::kTopCandidates ||
            row.number(3) > 2.0 * static_cast<double>(wanted) + 42.0 * truths)
            return detailDamage(m_from, "the queries of run " + std::to_string(entry.runId) +
                                            " in the set '" + entry.setName + "' are damaged");
    }
    return {};
}

Result<metrics::RetrievalDetails> DetailCopier::readRetrieval(const RetrievalEntry& entry)
{
    CLWB_ASSIGN(const List* const list, this->list(entry.listId));
    CLWB_TRY(checkQueries(entry, *list));
    metrics::RetrievalDetails details;
    details.items = list->items;
    const Positions images = positionsOf(list->images);
    const Positions captions = positionsOf(list->captions);
    for (const Direction direction : {Direction::TextToImage, Direction::ImageToText}) {
        const bool isText = direction == Direction::TextToImage;
        CLWB_ASSIGN(const auto all,
                    queries(m_from, entry.runId, entry.session, entry.setName, direction));
        for (const RetrievalQuery& query : all) {
            CLWB_ASSIGN(const auto ranked, candidates(m_from, entry.runId, entry.session,
                                                      entry.setName, direction, query.position));
            CLWB_TRY(addQuery(ranked, isText ? images : captions, m_from,
                              isText ? details.textToImage : details.imageToText));
        }
    }
    if (!metrics::isConsistent(details))
        return detailDamage(m_from, "the ranks of run " + std::to_string(entry.runId) +
                                        " in the set '" + entry.setName + "' are damaged");
    return details;
}

Result<void> DetailCopier::copyThumbnails(Database& to, const List& list) const
{
    std::vector<metrics::Thumbnail> some;
    for (size_t at = 0; at < list.images.size(); ++at) {
        const auto place = imagePlace(m_from, list.images[at]);
        const auto jpeg = thumbnail(m_from, list.images[at]);
        if (place && jpeg && !jpeg->empty()) // a damaged one stays behind
            some.push_back({list.items->list.images[at], place->width, place->height, *jpeg});
        if (some.size() == kThumbnailsAtOnce || at + 1 == list.images.size()) {
            CLWB_TRY(writeThumbnails(to, some));
            some.clear();
        }
    }
    return {};
}

Result<DetailCopier::Sessions> DetailCopier::usesOf(int64_t fromRun,
                                                    const EvaluatedModels& models) const
{
    Sessions sessions;
    CLWB_ASSIGN(const bool exists, hasDetails(m_from));
    if (!exists)
        return sessions;
    const std::string run = "run " + std::to_string(fromRun);
    Database& database = m_from.database();
    CLWB_ASSIGN(const auto parts, database.integer("SELECT count(*) FROM prediction_use "
                                                   "WHERE run_id = ?",
                                                   fromRun));
    CLWB_ASSIGN(const auto sets, database.integer("SELECT count(*) FROM retrieval_use "
                                                  "WHERE run_id = ?",
                                                  fromRun));
    const auto evaluations = static_cast<int64_t>(models.size());
    if (parts.value_or(0) > 2 * evaluations || sets.value_or(0) > kMaxSetsOfSession * evaluations)
        return detailDamage(m_from, run + " has more details than evaluations");
    CLWB_ASSIGN(const DetailIndex index, detailIndex(m_from, fromRun));
    std::set<std::pair<int, std::string>> known; // set and part names apart
    const auto isOfEvaluation = [&](int session, const std::string& model,
                                    const std::string& part) {
        const auto evaluated = models.find(session);
        return evaluated != models.end() && evaluated->second == model &&
               known.emplace(session, part).second;
    };
    for (const RetrievalEntry& entry : index.retrieval) {
        if (!isOfEvaluation(entry.session, entry.modelSha256, "set " + entry.setName))
            return detailDamage(m_from, run + " has ranks of no evaluation after session " +
                                            std::to_string(entry.session));
        sessions[entry.session].retrieval.push_back(entry);
    }
    for (const PredictionEntry& entry : index.predictions) {
        if (!isOfEvaluation(entry.session, entry.modelSha256, entry.part))
            return detailDamage(m_from, run + " has predictions of no evaluation after session " +
                                            std::to_string(entry.session));
        sessions[entry.session].predictions.push_back(entry);
    }
    return sessions;
}

Result<metrics::EvaluationDetails> DetailCopier::readSession(const DetailIndex& uses)
{
    metrics::EvaluationDetails details;
    for (const RetrievalEntry& entry : uses.retrieval) {
        CLWB_ASSIGN(auto set, readRetrieval(entry));
        details.retrieval.push_back(std::move(set));
    }
    for (const PredictionEntry& entry : uses.predictions) {
        CLWB_ASSIGN(auto part, readPredictions(entry));
        details.predictions.push_back(std::move(part));
    }
    return details;
}

Result<bool> DetailCopier::copy(Database& to, int64_t toRun, int64_t fromRun,
                                const EvaluatedModels& models)
{
    const Result<Sessions> sessions = usesOf(fromRun, models);
    if (!sessions)
        return sourceDamage(sessions.error());
    if (sessions->empty())
        return false;
    CopySavepoint savepoint(to);
    CLWB_TRY(savepoint.begin());
    std::set<int64_t> lists;
    for (const auto& [session, uses] : *sessions) {
        const auto details = readSession(uses); // one at a time: each takes some hundred megabytes
        if (!details)
            return sourceDamage(details.error());
        CLWB_TRY(writeDetails(to, toRun, session, models.at(session), *details));
        for (const RetrievalEntry& entry : uses.retrieval)
            lists.insert(entry.listId);
        for (const PredictionEntry& entry : uses.predictions)
            lists.insert(entry.listId);
    }
    for (const int64_t id : lists) {
        if (!m_pictured.contains(id))
            CLWB_TRY(copyThumbnails(to, m_lists.at(id)));
    }
    CLWB_TRY(savepoint.release());
    m_pictured.insert(lists.begin(), lists.end());
    return true;
}

} // namespace clwb::store
