// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL of schema version 1: tables, then the stable views of interfaces.md section 7.
#pragma once

namespace clwb::store
{

// Times are UTC texts; `heartbeat` and `owner_start` are numbers for comparison only.
// folder: NULL no folder, '' run-<id> in the project's files folder, a relative path is one in that
// folder, an absolute one (`--out`) lies elsewhere.
inline constexpr char kTablesVersion1[] = R"sql(
CREATE TABLE run(
    run_id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    method TEXT NOT NULL,
    option TEXT NOT NULL,
    setting TEXT NOT NULL,
    status TEXT NOT NULL CHECK(status IN ('queued', 'running', 'stopped', 'interrupted', 'failed',
                                          'finished', 'reported')),
    seed INTEGER,
    created_utc TEXT NOT NULL,
    finished_utc TEXT,
    seconds REAL,
    study TEXT NOT NULL,
    model TEXT NOT NULL,
    origin TEXT NOT NULL CHECK(origin IN ('local', 'paper', 'imported')),
    configuration_hash TEXT NOT NULL DEFAULT '',
    study_sha256 TEXT NOT NULL DEFAULT '',
    model_sha256 TEXT NOT NULL DEFAULT '',
    spec TEXT NOT NULL DEFAULT '{}',
    environment TEXT NOT NULL DEFAULT '{}',
    folder TEXT,
    message TEXT NOT NULL DEFAULT '',
    sessions INTEGER NOT NULL DEFAULT 0,
    last_session INTEGER NOT NULL DEFAULT -1,
    compacted_step INTEGER NOT NULL DEFAULT 0,
    owner_host TEXT NOT NULL DEFAULT '',
    owner_boot TEXT NOT NULL DEFAULT '',
    owner_pid INTEGER,
    owner_start INTEGER,
    heartbeat INTEGER,
    notes TEXT NOT NULL DEFAULT '',
    starred INTEGER NOT NULL DEFAULT 0,
    trashed_utc TEXT
) STRICT;
CREATE INDEX run_by_configuration ON run(configuration_hash, seed);

CREATE TABLE tag(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY(run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE param(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY(run_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE value_name(
    name_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE metric(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    session INTEGER NOT NULL,
    name_id INTEGER NOT NULL REFERENCES value_name,
    value REAL,
    value_kind TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(run_id, session, name_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE epoch_metric(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    session INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    name_id INTEGER NOT NULL REFERENCES value_name,
    value REAL,
    value_kind TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(run_id, session, epoch, name_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_accuracy(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    after_session INTEGER NOT NULL,
    session INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY(run_id, after_session, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation(
    evaluation_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    session INTEGER NOT NULL,
    epoch INTEGER NOT NULL DEFAULT 0,
    split TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE(run_id, session, epoch, split)
) STRICT;

CREATE TABLE step(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    step INTEGER NOT NULL,
    session INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    lr REAL,
    PRIMARY KEY(run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE step_loss(
    run_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    name_id INTEGER NOT NULL REFERENCES value_name,
    value REAL,
    value_kind TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(run_id, step, name_id),
    FOREIGN KEY(run_id, step) REFERENCES step ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    folder TEXT NOT NULL,
    step INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    PRIMARY KEY(run_id, folder)
) STRICT, WITHOUT ROWID;

CREATE TABLE warning(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    number INTEGER NOT NULL,
    created_utc TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY(run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE image(
    image_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    thumbnail BLOB
) STRICT;

CREATE TABLE caption(
    caption_id INTEGER PRIMARY KEY,
    image_id INTEGER NOT NULL REFERENCES image ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX caption_by_image ON caption(image_id);

CREATE TABLE retrieval_result(
    result_id INTEGER PRIMARY KEY,
    model_sha256 TEXT NOT NULL,
    set_name TEXT NOT NULL,
    set_hash TEXT NOT NULL,
    UNIQUE(model_sha256, set_name, set_hash)
) STRICT;

CREATE TABLE retrieval_use(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    session INTEGER NOT NULL,
    result_id INTEGER NOT NULL REFERENCES retrieval_result,
    PRIMARY KEY(run_id, session, result_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE retrieval_query(
    result_id INTEGER NOT NULL REFERENCES retrieval_result ON DELETE CASCADE,
    fold INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK(direction IN ('text_to_image', 'image_to_text')),
    query_id INTEGER NOT NULL,
    candidates TEXT NOT NULL,
    PRIMARY KEY(result_id, fold, direction, query_id)
) STRICT, WITHOUT ROWID;
)sql";

// Trashed runs are invisible in every view. candidates: [[rank, candidate_id, score, relevant], …].
// Views may not call json_extract(): connections that do not trust schemas refuse it.
inline constexpr char kViewsVersion1[] = R"sql(
CREATE VIEW v_run(run_id, uid, name, kind, method, option, setting, status, seed, created_utc,
                  finished_utc, seconds, study, model, origin) AS
    SELECT run_id, uid, name, kind, method, option, setting, status, seed, created_utc,
           finished_utc, seconds, study, model, origin
    FROM run WHERE trashed_utc IS NULL;
CREATE VIEW v_param(run_id, key, value) AS
    SELECT p.run_id, p.key, p.value
    FROM param p JOIN run r USING(run_id) WHERE r.trashed_utc IS NULL;
CREATE VIEW v_metric(run_id, session, name, value, value_kind) AS
    SELECT m.run_id, m.session, n.name, m.value, m.value_kind
    FROM metric m JOIN value_name n USING(name_id) JOIN run r USING(run_id)
    WHERE r.trashed_utc IS NULL;
CREATE VIEW v_session_accuracy(run_id, after_session, session, hits, total) AS
    SELECT a.run_id, a.after_session, a.session, a.hits, a.total
    FROM session_accuracy a JOIN run r USING(run_id) WHERE r.trashed_utc IS NULL;
CREATE VIEW v_epoch_metric(run_id, session, epoch, name, value, value_kind) AS
    SELECT m.run_id, m.session, m.epoch, n.name, m.value, m.value_kind
    FROM epoch_metric m JOIN value_name n USING(name_id) JOIN run r USING(run_id)
    WHERE r.trashed_utc IS NULL;
CREATE VIEW v_step(run_id, step, session, epoch, loss_name, value, lr, value_kind) AS
    SELECT s.run_id, s.step, s.session, s.epoch, n.name, l.value, s.lr, l.value_kind
    FROM step s JOIN step_loss l USING(run_id, step) JOIN value_name n USING(name_id)
        JOIN run r USING(run_id)
    WHERE r.trashed_utc IS NULL;
CREATE VIEW v_image(image_id, path, width, height, thumbnail) AS
    SELECT image_id, path, width, height, thumbnail FROM image;
CREATE VIEW v_caption(caption_id, image_id, text) AS
    SELECT caption_id, image_id, text FROM caption;
CREATE VIEW v_retrieval(run_id, session, set_name, fold, direction, query_id, rank, candidate_id,
                        score, relevant) AS
    SELECT u.run_id, u.session, t.set_name, q.fold, q.direction, q.query_id,
           (SELECT value FROM json_each(c.value) WHERE key = 0),
           (SELECT value FROM json_each(c.value) WHERE key = 1),
           (SELECT value FROM json_each(c.value) WHERE key = 2),
           (SELECT value FROM json_each(c.value) WHERE key = 3)
    FROM retrieval_use u JOIN retrieval_result t USING(result_id)
        JOIN retrieval_query q USING(result_id) JOIN run r USING(run_id)
        JOIN json_each(q.candidates) c
    WHERE r.trashed_utc IS NULL;
)sql";

} // namespace clwb::store
