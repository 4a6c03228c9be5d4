// SPDX-License-Identifier: GPL-3.0-or-later
// What repair does with details: whole lists and results are kept, parts of one would mislead.
#pragma once

namespace clwb::store
{

inline constexpr char kDropBrokenDetails[] = R"sql(
UPDATE image SET thumbnail_id = NULL WHERE thumbnail_id NOT IN
    (SELECT thumbnail_id FROM thumbnail);
DELETE FROM caption WHERE image_id NOT IN (SELECT image_id FROM image);
DELETE FROM item WHERE image_id NOT IN (SELECT image_id FROM image)
    OR list_id NOT IN (SELECT list_id FROM item_list);
DELETE FROM list_caption WHERE caption_id NOT IN (SELECT caption_id FROM caption)
    OR list_id NOT IN (SELECT list_id FROM item_list);
DELETE FROM item_list WHERE
    items <> (SELECT count(*) FROM item i WHERE i.list_id = item_list.list_id) OR
    captions <> (SELECT count(*) FROM list_caption c WHERE c.list_id = item_list.list_id);
DELETE FROM item WHERE list_id NOT IN (SELECT list_id FROM item_list);
DELETE FROM list_caption WHERE list_id NOT IN (SELECT list_id FROM item_list);
DELETE FROM prediction WHERE list_id NOT IN (SELECT list_id FROM item_list);
DELETE FROM prediction_use WHERE run_id NOT IN (SELECT run_id FROM run)
    OR prediction_id NOT IN (SELECT prediction_id FROM prediction);
DELETE FROM retrieval_result WHERE list_id NOT IN (SELECT list_id FROM item_list) OR
    (SELECT items + captions FROM item_list l WHERE l.list_id = retrieval_result.list_id) <>
    (SELECT count(*) FROM retrieval_query q WHERE q.result_id = retrieval_result.result_id);
DELETE FROM retrieval_query WHERE result_id NOT IN (SELECT result_id FROM retrieval_result);
DELETE FROM retrieval_use WHERE run_id NOT IN (SELECT run_id FROM run)
    OR result_id NOT IN (SELECT result_id FROM retrieval_result);
)sql";

} // namespace clwb::store
