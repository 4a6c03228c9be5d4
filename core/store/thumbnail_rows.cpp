// SPDX-License-Identifier: GPL-3.0-or-later
// Thumbnails by content, their limit, and what goes when nobody needs it.
#include "core/base/number_text.h"
#include "core/base/sha256.h"
#include "core/store/detail_rows.h"
#include "core/store/details_private.h"

#include <array>

namespace clwb::store
{
namespace
{

Result<int64_t> thumbnailBytes(Database& database)
{
    CLWB_ASSIGN(const auto bytes, database.integer("SELECT sum(length(jpeg)) FROM thumbnail"));
    return bytes.value_or(0);
}

Result<int64_t> thumbnailId(Database& database, const std::string& jpeg, int64_t& bytes)
{
    const Sha256Digest digest = sha256(jpeg);
    const std::string_view hash = bytesOf(digest);
    {
        CLWB_ASSIGN(Statement known,
                    database.prepare("SELECT thumbnail_id FROM thumbnail WHERE sha256 = ?"));
        CLWB_ASSIGN(const bool found, known.bindBlob(1, hash).step());
        if (found)
            return known.integer(0);
    }
    CLWB_ASSIGN(Statement insert,
                database.prepare("INSERT INTO thumbnail(sha256, jpeg) VALUES(?, ?)"));
    CLWB_TRY(insert.bindBlob(1, hash).bindBlob(2, jpeg).run());
    bytes += static_cast<int64_t>(jpeg.size());
    return database.lastInsertId();
}

} // namespace

Result<int64_t> thumbnailLimit(Database& database)
{
    CLWB_ASSIGN(const auto text, database.text("SELECT value FROM setting WHERE name = ?",
                                               std::string_view(kThumbnailLimitName)));
    const auto limit = text ? parseInteger(*text) : std::nullopt;
    return limit && *limit >= 0 ? int64_t{*limit} : kThumbnailLimit;
}

Result<void> writeThumbnails(Database& database, const std::vector<metrics::Thumbnail>& thumbnails)
{
    CLWB_ASSIGN(const int64_t limit, thumbnailLimit(database));
    CLWB_ASSIGN(int64_t bytes, thumbnailBytes(database));
    CLWB_ASSIGN(Statement find,
                database.prepare("SELECT image_id FROM image WHERE path = ? AND x0 = ? AND y0 = ? "
                                 "AND x1 = ? AND y1 = ? AND file_bytes = ?"));
    CLWB_ASSIGN(Statement update,
                database.prepare("UPDATE image SET width = ?2, height = ?3, thumbnail_id = "
                                 "coalesce(?4, thumbnail_id) WHERE image_id = ?1"));
    for (const metrics::Thumbnail& thumbnail : thumbnails) {
        const PixelBox& box = thumbnail.image.box;
        find.bindAll(thumbnail.image.path, box.x0, box.y0, box.x1, box.y1,
                     thumbnail.image.fileBytes);
        CLWB_ASSIGN(const bool found, find.step());
        const int64_t imageId = found ? find.integer(0) : 0;
        find.reset();
        if (!found)
            continue;
        std::optional<int64_t> id;
        const auto size = static_cast<int64_t>(thumbnail.jpeg.size());
        if (size > 0 && bytes + size <= limit) {
            CLWB_ASSIGN(id, thumbnailId(database, thumbnail.jpeg, bytes));
        }
        CLWB_TRY(update.bindAll(imageId, thumbnail.width, thumbnail.height, id).run());
    }
    return {};
}

Result<std::vector<int64_t>> missingThumbnails(Database& database, const metrics::HashedList& items)
{
    std::vector<int64_t> missing;
    CLWB_ASSIGN(const int64_t limit, thumbnailLimit(database));
    CLWB_ASSIGN(const int64_t bytes, thumbnailBytes(database));
    if (bytes >= limit)
        return missing;
    CLWB_ASSIGN(Statement list, database.prepare("SELECT list_id FROM item_list WHERE sha256 = ?"));
    CLWB_ASSIGN(const bool isKnown, list.bindBlob(1, hashBytes(items.sha256)).step());
    if (!isKnown) {
        for (size_t i = 0; i < items.list.images.size(); ++i)
            missing.push_back(static_cast<int64_t>(i));
        return missing;
    }
    CLWB_ASSIGN(Statement rows,
                database.prepare("SELECT t.position FROM item t JOIN image i USING(image_id) "
                                 "WHERE t.list_id = ? AND i.thumbnail_id IS NULL "
                                 "ORDER BY t.position"));
    rows.bindAll(list.integer(0));
    while (true) {
        CLWB_ASSIGN(const bool found, rows.step());
        if (!found)
            return missing;
        const int64_t position = rows.integer(0);
        if (position >= 0 && static_cast<size_t>(position) < items.list.images.size())
            missing.push_back(position);
    }
}

Result<void> removeUnusedDetails(Database& database)
{
    constexpr std::array kSteps{
        "DELETE FROM prediction WHERE prediction_id NOT IN "
        "(SELECT prediction_id FROM prediction_use)",
        "DELETE FROM retrieval_result WHERE result_id NOT IN "
        "(SELECT result_id FROM retrieval_use)",
        "DELETE FROM item_list WHERE list_id NOT IN (SELECT list_id FROM prediction) "
        "AND list_id NOT IN (SELECT list_id FROM retrieval_result)",
        "DELETE FROM caption WHERE NOT EXISTS "
        "(SELECT 1 FROM list_caption l WHERE l.caption_id = caption.caption_id)",
        "DELETE FROM image WHERE NOT EXISTS "
        "(SELECT 1 FROM item i WHERE i.image_id = image.image_id) AND NOT EXISTS "
        "(SELECT 1 FROM caption c WHERE c.image_id = image.image_id)",
        "DELETE FROM thumbnail WHERE NOT EXISTS "
        "(SELECT 1 FROM image i WHERE i.thumbnail_id = thumbnail.thumbnail_id)"};
    for (const char* step : kSteps)
        CLWB_TRY(database.execute(step));
    return {};
}

} // namespace clwb::store
