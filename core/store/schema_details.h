// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL of schema version 4: what evaluations decided, item by item, and thumbnails.
#pragma once

namespace clwb::store
{

// Version 1 had tables for this that no program ever filled; they made every picture of a file one
// row and every query four numbers in JSON. They are replaced. The reasons for the new shape:
// - image: a crop is a picture of its own, so the box belongs to the key. The path is relative to
//   the study, so that a project can move; the size of the file tells two data folders of equal
//   names apart. width and height are 0 until a thumbnail was made of it.
// - thumbnail: by content, so that equal pictures and further runs cost nothing. A number is the
//   key, because 75 000 pictures would otherwise repeat 32 bytes; a broken picture has none (NULL).
// - item_list, item, list_caption: what a part asks, once for each content hash of the data, not
//   for each run. items and captions are counts, against which blobs and pages are checked.
// - prediction: one blob a part and model (see detail_blob.h): rows would cost 15 times as much.
//   Equal content is stored once, so runs from one start model share session 0.
// - retrieval_query: one row a query. direction: 0 text_to_image, 1 image_to_text. candidates: a
//   JSON array in the order of ranks; an entry is id · 1000000 + round(score · 100000) + 100000,
//   one integer, because plain SQL must be able to take it apart (json_each) and 600 000 pairs in
//   brackets would cost twice as much. beyond: [rank, entry, rank, entry, …], true ones behind the
//   best 20. best: rank of the best true one, so that a list of queries needs no parsing; NULL: has
//   none.
// - evaluation.record: packed, see packed_text.h. A record names the rank of every query: a quarter
//   of the space, which was nine tenths of a project without details.
// - setting: choices that belong to the project, not to a run.
// Views may not call json_extract(): connections that do not trust schemas refuse it.
inline constexpr char kDetailsVersion4[] = R"sql(
CREATE TABLE packed_evaluation(
    evaluation_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    session INTEGER NOT NULL,
    epoch INTEGER NOT NULL DEFAULT 0,
    split TEXT NOT NULL,
    record BLOB NOT NULL,
    UNIQUE(run_id, session, epoch, split)
) STRICT;
INSERT INTO packed_evaluation
    SELECT evaluation_id, run_id, session, epoch, split, clwb_pack(record) FROM evaluation;
DROP TABLE evaluation;
ALTER TABLE packed_evaluation RENAME TO evaluation;

DROP VIEW v_image;
DROP VIEW v_caption;
DROP VIEW v_retrieval;
DROP TABLE retrieval_query;
DROP TABLE retrieval_use;
DROP TABLE retrieval_result;
DROP TABLE caption;
DROP TABLE image;

CREATE TABLE setting(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE thumbnail(
    thumbnail_id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    jpeg BLOB NOT NULL
) STRICT;

CREATE TABLE image(
    image_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    x0 INTEGER NOT NULL,
    y0 INTEGER NOT NULL,
    x1 INTEGER NOT NULL,
    y1 INTEGER NOT NULL,
    file_bytes INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    thumbnail_id INTEGER REFERENCES thumbnail,
    UNIQUE(path, x0, y0, x1, y1, file_bytes)
) STRICT;
CREATE INDEX image_by_thumbnail ON image(thumbnail_id);

CREATE TABLE caption(
    caption_id INTEGER PRIMARY KEY,
    image_id INTEGER NOT NULL REFERENCES image,
    number INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX caption_by_image ON caption(image_id, number);

CREATE TABLE item_list(
    list_id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK(kind IN ('ut', 'zs', 'retrieval')),
    name TEXT NOT NULL,
    folds INTEGER NOT NULL,
    items INTEGER NOT NULL,
    captions INTEGER NOT NULL,
    classes TEXT NOT NULL
) STRICT;

CREATE TABLE item(
    list_id INTEGER NOT NULL REFERENCES item_list ON DELETE CASCADE,
    position INTEGER NOT NULL,
    image_id INTEGER NOT NULL REFERENCES image,
    label INTEGER NOT NULL,
    PRIMARY KEY(list_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_by_image ON item(image_id);

CREATE TABLE list_caption(
    list_id INTEGER NOT NULL REFERENCES item_list ON DELETE CASCADE,
    position INTEGER NOT NULL,
    caption_id INTEGER NOT NULL REFERENCES caption,
    PRIMARY KEY(list_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_caption_by_caption ON list_caption(caption_id);

CREATE TABLE prediction(
    prediction_id INTEGER PRIMARY KEY,
    list_id INTEGER NOT NULL REFERENCES item_list,
    model_sha256 TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    data BLOB NOT NULL,
    UNIQUE(list_id, model_sha256, sha256)
) STRICT;

CREATE TABLE prediction_use(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    session INTEGER NOT NULL,
    prediction_id INTEGER NOT NULL REFERENCES prediction,
    PRIMARY KEY(run_id, session, prediction_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX prediction_use_by_prediction ON prediction_use(prediction_id);

CREATE TABLE retrieval_result(
    result_id INTEGER PRIMARY KEY,
    list_id INTEGER NOT NULL REFERENCES item_list,
    model_sha256 TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    UNIQUE(list_id, model_sha256, sha256)
) STRICT;

CREATE TABLE retrieval_use(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    session INTEGER NOT NULL,
    result_id INTEGER NOT NULL REFERENCES retrieval_result,
    PRIMARY KEY(run_id, session, result_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX retrieval_use_by_result ON retrieval_use(result_id);

CREATE TABLE retrieval_query(
    result_id INTEGER NOT NULL REFERENCES retrieval_result ON DELETE CASCADE,
    direction INTEGER NOT NULL CHECK(direction IN (0, 1)),
    position INTEGER NOT NULL,
    fold INTEGER NOT NULL,
    query_id INTEGER NOT NULL,
    best INTEGER,
    candidates TEXT NOT NULL,
    beyond TEXT NOT NULL,
    PRIMARY KEY(result_id, direction, position)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_image(image_id, path, width, height, thumbnail) AS
    SELECT i.image_id, i.path, i.width, i.height, t.jpeg
    FROM image i LEFT JOIN thumbnail t USING(thumbnail_id);
CREATE VIEW v_caption(caption_id, image_id, text) AS
    SELECT caption_id, image_id, text FROM caption;
CREATE VIEW v_retrieval(run_id, session, set_name, fold, direction, query_id, rank, candidate_id,
                        score, relevant) AS
    SELECT u.run_id, u.session, l.name, q.fold,
           CASE q.direction WHEN 0 THEN 'text_to_image' ELSE 'image_to_text' END,
           q.query_id, c.key, c.value / 1000000, (c.value % 1000000 - 100000) / 100000.0,
           EXISTS(SELECT 1 FROM caption t
                  WHERE t.caption_id = iif(q.direction = 0, q.query_id, c.value / 1000000)
                    AND t.image_id = iif(q.direction = 0, c.value / 1000000, q.query_id))
    FROM retrieval_use u JOIN run r USING(run_id) JOIN retrieval_result s USING(result_id)
        JOIN item_list l USING(list_id) JOIN retrieval_query q USING(result_id)
        JOIN json_each(q.candidates) c
    WHERE r.trashed_utc IS NULL
    UNION ALL
    SELECT u.run_id, u.session, l.name, q.fold,
           CASE q.direction WHEN 0 THEN 'text_to_image' ELSE 'image_to_text' END,
           q.query_id, b.value, e.value / 1000000, (e.value % 1000000 - 100000) / 100000.0,
           EXISTS(SELECT 1 FROM caption t
                  WHERE t.caption_id = iif(q.direction = 0, q.query_id, e.value / 1000000)
                    AND t.image_id = iif(q.direction = 0, e.value / 1000000, q.query_id))
    FROM retrieval_use u JOIN run r USING(run_id) JOIN retrieval_result s USING(result_id)
        JOIN item_list l USING(list_id) JOIN retrieval_query q USING(result_id)
        JOIN json_each(q.beyond) b ON b.key % 2 = 0
        JOIN json_each(q.beyond) e ON e.key = b.key + 1
    WHERE r.trashed_utc IS NULL;
)sql";

} // namespace clwb::store
