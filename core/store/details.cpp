// SPDX-License-Identifier: GPL-3.0-or-later
// The index of what is kept, predictions, pictures and thumbnails.
#include "core/store/details.h"

#include "core/base/sha256.h"
#include "core/store/detail_blob.h"
#include "core/store/details_private.h"
#include "core/store/schema.h"
#include "core/store/sqlite.h"

namespace clwb::store
{
namespace
{

constexpr int64_t kDetailsSchema = 4;
constexpr size_t kMaxThumbnailBytes = size_t{1} << 20;

template<class Function>
Result<void> eachRow(Statement& rows, Function perRow)
{
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            return {};
        perRow(rows);
    }
}

Result<std::vector<std::string>> classesOf(const Project& project, const std::string& text)
{
    const auto document = parseJson(text, "classes");
    std::vector<std::string> names;
    bool isWhole = document && document->is_array() && document->size() <= kMaxListClasses;
    if (isWhole) {
        for (const Json& name : *document) {
            isWhole = isWhole && name.is_string();
            names.push_back(name.is_string() ? name.get<std::string>() : std::string());
        }
    }
    if (!isWhole)
        return detailDamage(project, "the class names of a list are damaged");
    return names;
}

Result<void> readPredictionIndex(const Project& project, std::optional<int64_t> runId,
                                 DetailIndex& index)
{
    CLWB_ASSIGN(Statement rows,
                project.database().prepare(
                    "SELECT u.run_id, u.session, l.kind, l.list_id, l.items, p.model_sha256 "
                    "FROM prediction_use u JOIN run r USING(run_id) "
                    "JOIN prediction p USING(prediction_id) JOIN item_list l USING(list_id) "
                    "WHERE r.trashed_utc IS NULL AND (?1 IS NULL OR u.run_id = ?1) "
                    "ORDER BY u.run_id, u.session, l.kind"));
    rows.bindAll(runId);
    return eachRow(rows, [&index](const Statement& row) {
        index.predictions.push_back({row.integer(0), static_cast<int>(row.integer(1)), row.text(2),
                                     row.integer(3), row.integer(4), row.text(5)});
    });
}

Result<void> readRetrievalIndex(const Project& project, std::optional<int64_t> runId,
                                DetailIndex& index)
{
    CLWB_ASSIGN(Statement rows,
                project.database().prepare(
                    "SELECT u.run_id, u.session, l.name, l.list_id, l.folds, l.items, l.captions, "
                    "s.model_sha256 FROM retrieval_use u JOIN run r USING(run_id) "
                    "JOIN retrieval_result s USING(result_id) JOIN item_list l USING(list_id) "
                    "WHERE r.trashed_utc IS NULL AND (?1 IS NULL OR u.run_id = ?1) "
                    "ORDER BY u.run_id, u.session, l.list_id"));
    rows.bindAll(runId);
    return eachRow(rows, [&index](const Statement& row) {
        index.retrieval.push_back({row.integer(0), static_cast<int>(row.integer(1)), row.text(2),
                                   row.integer(3), static_cast<int>(row.integer(4)), row.integer(5),
                                   row.integer(6), row.text(7)});
    });
}

} // namespace

Failure detailDamage(const Project& project, const std::string& what)
{
    return fail(ErrorCode::Corrupt, "project file " + project.file().string() + ": " + what,
                "the metrics are not touched; drop the details with `clwb db shrink`, and evaluate "
                "again to have them back");
}

Result<bool> hasDetails(const Project& project)
{
    CLWB_ASSIGN(const int64_t version, schemaVersion(project.database()));
    return version >= kDetailsSchema;
}

Failure notKept(const std::string& what, int64_t runId, int session)
{
    return fail(ErrorCode::Usage,
                "run " + std::to_string(runId) + " keeps no " + what + " after session " +
                    std::to_string(session),
                "evaluate.details says what a run keeps; runs of older versions, and runs out of "
                "bundles made without details, have none");
}

Result<DetailIndex> detailIndex(const Project& project, std::optional<int64_t> runId)
{
    DetailIndex index;
    CLWB_ASSIGN(const bool exists, hasDetails(project));
    if (!exists)
        return index;
    CLWB_TRY(readPredictionIndex(project, runId, index));
    CLWB_TRY(readRetrievalIndex(project, runId, index));
    return index;
}

Result<PredictionItems> predictionItems(const Project& project, int64_t listId)
{
    CLWB_ASSIGN(const bool exists, hasDetails(project));
    Database& database = project.database();
    PredictionItems items;
    int64_t count = -1;
    if (exists) {
        CLWB_ASSIGN(Statement list, database.prepare("SELECT items, classes FROM item_list "
                                                     "WHERE list_id = ?"));
        CLWB_ASSIGN(const bool found, list.bindAll(listId).step());
        if (found) {
            count = list.integer(0);
            CLWB_ASSIGN(items.classes, classesOf(project, list.text(1)));
        }
    }
    if (count < 0)
        return fail(ErrorCode::Usage,
                    "there is no list " + std::to_string(listId) + " of pictures");
    CLWB_ASSIGN(Statement rows, database.prepare("SELECT image_id, label FROM item "
                                                 "WHERE list_id = ? ORDER BY position"));
    rows.bindAll(listId);
    bool isWhole = true;
    const auto classes = static_cast<int64_t>(items.classes.size());
    CLWB_TRY(eachRow(rows, [&](const Statement& row) {
        const int64_t label = row.integer(1);
        isWhole = isWhole && label >= 0 && label < classes;
        items.images.push_back(row.integer(0));
        items.labels.push_back(static_cast<int32_t>(label));
    }));
    if (!isWhole || static_cast<int64_t>(items.images.size()) != count)
        return detailDamage(project,
                            "the pictures of list " + std::to_string(listId) + " are damaged");
    return items;
}

Result<Predictions> predictions(const Project& project, int64_t runId, int session,
                                const std::string& part)
{
    CLWB_ASSIGN(const bool exists, hasDetails(project));
    if (!exists)
        return notKept(part + " predictions", runId, session);
    CLWB_ASSIGN(Statement row, project.database().prepare(
                                   "SELECT l.list_id, l.items, l.classes, p.sha256, p.data "
                                   "FROM prediction_use u JOIN prediction p USING(prediction_id) "
                                   "JOIN item_list l USING(list_id) "
                                   "WHERE u.run_id = ? AND u.session = ? AND l.kind = ?"));
    CLWB_ASSIGN(const bool found, row.bindAll(runId, session, part).step());
    if (!found)
        return notKept(part + " predictions", runId, session);
    CLWB_ASSIGN(const auto classes, classesOf(project, row.text(2)));
    const std::string data = row.text(4);
    const Sha256Digest digest = sha256(data);
    Result<PackedPredictions> packed = fail(ErrorCode::Corrupt, "changed since they were written");
    if (row.text(3) == bytesOf(digest))
        packed = decodePredictions(data, row.integer(1), static_cast<int64_t>(classes.size()));
    if (!packed)
        return detailDamage(project, "the " + part + " predictions of run " +
                                         std::to_string(runId) + " after session " +
                                         std::to_string(session) + " are damaged (" +
                                         packed.error().message + ")");
    return Predictions{row.integer(0),
                       packed->top,
                       std::move(packed->classes),
                       std::move(packed->probabilities),
                       std::move(packed->truthRanks),
                       std::move(packed->truthProbabilities)};
}

Result<ImagePlace> imagePlace(const Project& project, int64_t imageId)
{
    CLWB_ASSIGN(const bool exists, hasDetails(project));
    if (exists) {
        CLWB_ASSIGN(Statement row,
                    project.database().prepare("SELECT path, x0, y0, x1, y1, width, height "
                                               "FROM image WHERE image_id = ?"));
        CLWB_ASSIGN(const bool found, row.bindAll(imageId).step());
        const auto number = [&row](int column) { return static_cast<int>(row.integer(column)); };
        if (found)
            return ImagePlace{
                row.text(0), {number(1), number(2), number(3), number(4)}, number(5), number(6)};
    }
    return fail(ErrorCode::Usage, "there is no picture " + std::to_string(imageId));
}

Result<std::string> thumbnail(const Project& project, int64_t imageId)
{
    CLWB_ASSIGN(const bool exists, hasDetails(project));
    if (!exists)
        return fail(ErrorCode::Usage, "there is no picture " + std::to_string(imageId));
    CLWB_ASSIGN(Statement row,
                project.database().prepare("SELECT t.sha256, t.jpeg, length(t.jpeg) FROM image i "
                                           "LEFT JOIN thumbnail t USING(thumbnail_id) "
                                           "WHERE i.image_id = ?"));
    CLWB_ASSIGN(const bool found, row.bindAll(imageId).step());
    if (!found)
        return fail(ErrorCode::Usage, "there is no picture " + std::to_string(imageId));
    if (row.isNull(1))
        return std::string();
    const std::string jpeg =
        static_cast<size_t>(row.integer(2)) <= kMaxThumbnailBytes ? row.text(1) : std::string();
    const Sha256Digest digest = sha256(jpeg);
    if (row.text(0) != bytesOf(digest))
        return detailDamage(project,
                            "the thumbnail of picture " + std::to_string(imageId) + " is damaged");
    return jpeg;
}

Result<std::vector<std::string>> captionsOf(const Project& project, int64_t imageId)
{
    std::vector<std::string> texts;
    CLWB_ASSIGN(const bool exists, hasDetails(project));
    if (!exists)
        return texts;
    CLWB_ASSIGN(Statement rows, project.database().prepare("SELECT text FROM caption WHERE "
                                                           "image_id = ? ORDER BY number, "
                                                           "caption_id"));
    rows.bindAll(imageId);
    CLWB_TRY(eachRow(rows, [&texts](const Statement& row) { texts.push_back(row.text(0)); }));
    return texts;
}

} // namespace clwb::store
