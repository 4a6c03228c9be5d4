// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/detail_rows.h"

#include "core/base/check.h"
#include "core/base/sha256.h"
#include "core/metrics/folds.h"
#include "core/store/detail_blob.h"
#include "core/store/details_private.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

namespace clwb::store
{
namespace
{

using metrics::DirectionDetails;

/// First column of the first row, with a hash bound to the first parameter.
Result<std::optional<int64_t>> idByHash(Database& database, const char* sql,
                                        const std::string& hash)
{
    CLWB_ASSIGN(Statement statement, database.prepare(sql));
    statement.bindBlob(1, hash);
    CLWB_ASSIGN(const bool found, statement.step());
    return found ? statement.optionalInteger(0) : std::nullopt;
}

/// A list in the project, with the numbers that its pictures and captions have there.
struct StoredList
{
    int64_t id = 0;
    std::vector<int64_t> images;
    std::vector<int64_t> captions;
};

Result<std::vector<int64_t>> insertImages(Database& database, const metrics::ItemList& list)
{
    CLWB_ASSIGN(Statement known,
                database.prepare("SELECT image_id FROM image WHERE path = ? AND x0 = ? AND y0 = ? "
                                 "AND x1 = ? AND y1 = ? AND file_bytes = ?"));
    CLWB_ASSIGN(Statement insert,
                database.prepare("INSERT INTO image(path, x0, y0, x1, y1, file_bytes, width, "
                                 "height) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
    std::vector<int64_t> ids;
    ids.reserve(list.images.size());
    for (const metrics::DetailImage& image : list.images) {
        const PixelBox& box = image.box;
        known.bindAll(image.path, box.x0, box.y0, box.x1, box.y1, image.fileBytes);
        CLWB_ASSIGN(const bool found, known.step());
        if (found) {
            ids.push_back(known.integer(0));
        } else {
            CLWB_TRY(insert
                         .bindAll(image.path, box.x0, box.y0, box.x1, box.y1, image.fileBytes,
                                  box.x1 - box.x0, box.y1 - box.y0)
                         .run());
            ids.push_back(database.lastInsertId());
        }
        known.reset();
    }
    return ids;
}

Result<std::vector<int64_t>> insertCaptions(Database& database, const metrics::ItemList& list,
                                            const std::vector<int64_t>& images)
{
    CLWB_ASSIGN(Statement known, database.prepare("SELECT caption_id FROM caption WHERE image_id = "
                                                  "? AND number = ? AND text = ?"));
    CLWB_ASSIGN(Statement insert,
                database.prepare("INSERT INTO caption(image_id, number, text) VALUES(?, ?, ?)"));
    std::vector<int64_t> ids;
    ids.reserve(list.captions.size());
    size_t next = 0;
    for (size_t i = 0; i < list.captionCounts.size(); ++i) { // none but of a retrieval list
        for (int number = 0; number < list.captionCounts[i]; ++number, ++next) {
            const std::string& text = list.captions[next];
            CLWB_ASSIGN(const bool found, known.bindAll(images[i], number, text).step());
            if (found) {
                ids.push_back(known.integer(0));
            } else {
                CLWB_TRY(insert.bindAll(images[i], number, text).run());
                ids.push_back(database.lastInsertId());
            }
            known.reset();
        }
    }
    return ids;
}

Result<int64_t> insertListRow(Database& database, const metrics::HashedList& items)
{
    const metrics::ItemList& list = items.list;
    CLWB_ASSIGN(
        Statement insert,
        database.prepare("INSERT INTO item_list(sha256, kind, name, folds, items, captions, "
                         "classes) VALUES(?, ?, ?, ?, ?, ?, ?)"));
    insert.bindBlob(1, hashBytes(items.sha256));
    insert.bind(2, list.kind).bind(3, list.name).bind(4, list.folds);
    insert.bind(5, static_cast<int64_t>(list.images.size()));
    insert.bind(6, static_cast<int64_t>(list.captions.size()));
    insert.bind(7, Json(list.classes).dump(-1, ' ', false, Json::error_handler_t::replace));
    CLWB_TRY(insert.run());
    return database.lastInsertId();
}

Result<StoredList> insertList(Database& database, const metrics::HashedList& items)
{
    StoredList stored;
    CLWB_ASSIGN(stored.images, insertImages(database, items.list));
    CLWB_ASSIGN(stored.captions, insertCaptions(database, items.list, stored.images));
    CLWB_ASSIGN(stored.id, insertListRow(database, items));
    CLWB_ASSIGN(Statement item, database.prepare("INSERT INTO item VALUES(?, ?, ?, ?)"));
    for (size_t i = 0; i < stored.images.size(); ++i) {
        const int label = items.list.labels.empty() ? -1 : items.list.labels[i];
        CLWB_TRY(item.bindAll(stored.id, static_cast<int64_t>(i), stored.images[i], label).run());
    }
    CLWB_ASSIGN(Statement caption, database.prepare("INSERT INTO list_caption VALUES(?, ?, ?)"));
    for (size_t i = 0; i < stored.captions.size(); ++i)
        CLWB_TRY(caption.bindAll(stored.id, static_cast<int64_t>(i), stored.captions[i]).run());
    return stored;
}

Result<std::vector<int64_t>> numbers(Database& database, const char* sql, int64_t listId)
{
    CLWB_ASSIGN(Statement rows, database.prepare(sql));
    rows.bindAll(listId);
    std::vector<int64_t> ids;
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            return ids;
        ids.push_back(rows.integer(0));
    }
}

Result<StoredList> listOf(Database& database, const metrics::HashedList& items)
{
    CLWB_ASSIGN(const auto known,
                idByHash(database, "SELECT list_id FROM item_list WHERE sha256 = ?",
                         hashBytes(items.sha256)));
    if (!known)
        return insertList(database, items);
    StoredList stored;
    stored.id = *known;
    CLWB_ASSIGN(stored.images, numbers(database,
                                       "SELECT image_id FROM item WHERE list_id = ? "
                                       "ORDER BY position",
                                       *known));
    CLWB_ASSIGN(stored.captions, numbers(database,
                                         "SELECT caption_id FROM list_caption WHERE list_id = ? "
                                         "ORDER BY position",
                                         *known));
    if (stored.images.size() != items.list.images.size() ||
        stored.captions.size() != items.list.captions.size())
        return fail(ErrorCode::Corrupt,
                    "project file " + database.file().string() + ": the pictures of a " +
                        items.list.kind + " list are damaged",
                    "run `clwb db shrink` on it: the list is written again by the next evaluation");
    return stored;
}

Result<int64_t> insertResult(Database& database, const std::string& table, int64_t listId,
                             const std::string& modelSha256, const std::string& hash,
                             const std::string* data)
{
    CLWB_ASSIGN(Statement insert,
                database.prepare("INSERT INTO " + table + "(list_id, model_sha256, sha256" +
                                 (data ? ", data) VALUES(?, ?, ?, ?)" : ") VALUES(?, ?, ?)")));
    insert.bind(1, listId).bind(2, modelSha256).bindBlob(3, hash);
    if (data)
        insert.bindBlob(4, *data);
    CLWB_TRY(insert.run());
    return database.lastInsertId();
}

Result<std::optional<int64_t>> knownResult(Database& database, const char* sql, int64_t listId,
                                           const std::string& modelSha256, const std::string& hash)
{
    CLWB_ASSIGN(Statement known, database.prepare(sql));
    known.bindBlob(1, hash).bind(2, listId).bind(3, modelSha256);
    CLWB_ASSIGN(const bool found, known.step());
    return found ? known.optionalInteger(0) : std::nullopt;
}

Result<void> writePredictions(Database& database, int64_t runId, int session,
                              const std::string& modelSha256,
                              const metrics::PredictionDetails& details)
{
    CLWB_ASSIGN(const StoredList list, listOf(database, *details.items));
    const std::string data = encodePredictions(details);
    const std::string hash(bytesOf(sha256(data)));
    CLWB_ASSIGN(auto id, knownResult(database,
                                     "SELECT prediction_id FROM prediction WHERE sha256 = ? AND "
                                     "list_id = ? AND model_sha256 = ?",
                                     list.id, modelSha256, hash));
    if (!id) {
        CLWB_ASSIGN(id, insertResult(database, "prediction", list.id, modelSha256, hash, &data));
    }
    return database.run("INSERT OR IGNORE INTO prediction_use VALUES(?, ?, ?)", runId, session,
                        *id);
}

/// One query as it goes into its row.
struct QueryRow
{
    int fold = 0;
    int64_t queryId = 0;
    std::optional<int64_t> best;
    std::string candidates = "[";
    std::string beyond = "[";
};

std::vector<QueryRow> queryRows(const DirectionDetails& direction,
                                const std::vector<int64_t>& queryIds,
                                const std::vector<int64_t>& candidateIds,
                                const std::vector<int>& folds)
{
    std::vector<QueryRow> rows(queryIds.size());
    for (size_t q = 0; q < rows.size(); ++q) {
        QueryRow& row = rows[q];
        row.fold = folds[q];
        row.queryId = queryIds[q];
        const auto packed = [&](int32_t position, float score) {
            return std::to_string(
                packCandidate(candidateIds[static_cast<size_t>(position)], score));
        };
        const uint32_t topCount = direction.topBegin[q + 1] - direction.topBegin[q];
        for (uint32_t i = direction.topBegin[q]; i < direction.topBegin[q + 1]; ++i)
            row.candidates += (row.candidates.size() > 1 ? "," : "") +
                              packed(direction.top[i].position, direction.top[i].score);
        for (uint32_t i = direction.truthBegin[q]; i < direction.truthBegin[q + 1]; ++i) {
            const metrics::TrueCandidate& truth = direction.truths[i];
            row.best = row.best ? std::min<int64_t>(*row.best, truth.rank) : truth.rank;
            if (static_cast<uint32_t>(truth.rank) >= topCount)
                row.beyond += (row.beyond.size() > 1 ? "," : "") + std::to_string(truth.rank) +
                              "," + packed(truth.position, truth.score);
        }
        row.candidates += ']';
        row.beyond += ']';
    }
    return rows;
}

Result<void> insertQueries(Database& database, int64_t resultId, int direction,
                           const std::vector<QueryRow>& rows)
{
    CLWB_ASSIGN(Statement insert,
                database.prepare("INSERT INTO retrieval_query VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
    for (size_t q = 0; q < rows.size(); ++q) {
        const QueryRow& row = rows[q];
        CLWB_TRY(insert
                     .bindAll(resultId, direction, static_cast<int64_t>(q), row.fold, row.queryId,
                              row.best, row.candidates, row.beyond)
                     .run());
    }
    return {};
}

std::string hashOf(const std::vector<QueryRow>& texts, const std::vector<QueryRow>& images)
{
    Sha256 hash;
    for (const auto* rows : {&texts, &images}) {
        for (const QueryRow& row : *rows) {
            hash.update(row.candidates);
            hash.update(row.beyond);
        }
    }
    return std::string(bytesOf(hash.finish()));
}

Result<void> writeRetrieval(Database& database, int64_t runId, int session,
                            const std::string& modelSha256,
                            const metrics::RetrievalDetails& details)
{
    CLWB_ASSIGN(const StoredList list, listOf(database, *details.items));
    const metrics::ItemList& items = details.items->list;
    std::vector<int> foldOfImage(items.images.size(), 0);
    const auto count = static_cast<int64_t>(items.images.size());
    for (int fold = 0; fold < items.folds; ++fold) {
        std::fill(foldOfImage.begin() + metrics::foldBegin(count, items.folds, fold),
                  foldOfImage.begin() + metrics::foldBegin(count, items.folds, fold + 1), fold);
    }
    std::vector<int> foldOfCaption;
    for (size_t i = 0; i < foldOfImage.size(); ++i)
        foldOfCaption.insert(foldOfCaption.end(), static_cast<size_t>(items.captionCounts[i]),
                             foldOfImage[i]);
    const auto texts = queryRows(details.textToImage, list.captions, list.images, foldOfCaption);
    const auto images = queryRows(details.imageToText, list.images, list.captions, foldOfImage);
    const std::string hash = hashOf(texts, images);
    CLWB_ASSIGN(auto id, knownResult(database,
                                     "SELECT result_id FROM retrieval_result WHERE sha256 = ? AND "
                                     "list_id = ? AND model_sha256 = ?",
                                     list.id, modelSha256, hash));
    if (!id) {
        CLWB_ASSIGN(
            id, insertResult(database, "retrieval_result", list.id, modelSha256, hash, nullptr));
        CLWB_TRY(insertQueries(database, *id, 0, texts));
        CLWB_TRY(insertQueries(database, *id, 1, images));
    }
    return database.run("INSERT OR IGNORE INTO retrieval_use VALUES(?, ?, ?)", runId, session, *id);
}

} // namespace

std::string hashBytes(const std::string& hex)
{
    if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
        return hex;
    const auto digit = [](char character) {
        return character >= 'a' ? character - 'a' + 10 : character - '0';
    };
    std::string bytes;
    for (size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
    return bytes;
}

Result<void> writeDetails(Database& database, int64_t runId, int session,
                          const std::string& modelSha256, const metrics::EvaluationDetails& details)
{
    for (const char* table : {"prediction_use", "retrieval_use"})
        CLWB_TRY(
            database.run("DELETE FROM " + std::string(table) + " WHERE run_id = ? AND session = ?",
                         runId, session));
    // Retrieval first: its pictures get the small numbers, of which many are written.
    for (const metrics::RetrievalDetails& set : details.retrieval) {
        CLWB_CHECK(metrics::isConsistent(set));
        CLWB_TRY(writeRetrieval(database, runId, session, modelSha256, set));
    }
    for (const metrics::PredictionDetails& part : details.predictions) {
        CLWB_CHECK(metrics::isConsistent(part));
        CLWB_TRY(writePredictions(database, runId, session, modelSha256, part));
    }
    return {};
}

Result<void> shareDetails(Database& database, int64_t runId, int session,
                          const std::string& sourceUid)
{
    for (const auto& [table, column] :
         {std::pair("prediction_use", "prediction_id"), std::pair("retrieval_use", "result_id")})
        CLWB_TRY(database.run("INSERT OR IGNORE INTO " + std::string(table) +
                                  " SELECT ?1, u.session, u." + column + " FROM " + table +
                                  " u JOIN run r USING(run_id) WHERE r.uid = ?3 AND "
                                  "u.session = ?2 AND r.run_id <> ?1",
                              runId, session, sourceUid));
    return {};
}

} // namespace clwb::store
