// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL of schema version 2: sweeps and searches with their trials.
#pragma once

namespace clwb::store
{

// A trial's state is that of its run; without one (or with one in the trash) it is still to come.
// reuses: whether runs that the project had before may stand for trials. varied, spec, document and
// result are JSON.
inline constexpr char kSweepsVersion2[] = R"sql(
CREATE TABLE sweep(
    sweep_id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK(kind IN ('sweep', 'search')),
    name TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    hash TEXT NOT NULL,
    reuses INTEGER NOT NULL CHECK(reuses IN (0, 1)),
    document TEXT NOT NULL,
    result TEXT NOT NULL DEFAULT 'null'
) STRICT;
CREATE INDEX sweep_by_hash ON sweep(hash);

CREATE TABLE sweep_trial(
    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
    number INTEGER NOT NULL,
    role TEXT NOT NULL CHECK(role IN ('trial', 'candidate', 'training', 'winner')),
    varied TEXT NOT NULL,
    spec TEXT NOT NULL,
    run_id INTEGER REFERENCES run ON DELETE SET NULL,
    PRIMARY KEY(sweep_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_trial_by_run ON sweep_trial(run_id);

CREATE VIEW v_trial(sweep_id, trial, role, state, run_id, varied) AS
    SELECT t.sweep_id, t.number, t.role,
           CASE WHEN r.status IS NULL OR r.status = 'queued' THEN 'pending'
                WHEN r.status IN ('running', 'failed') THEN r.status
                WHEN r.status IN ('finished', 'reported') THEN 'done'
                ELSE 'stopped' END,
           r.run_id, t.varied
    FROM sweep_trial t LEFT JOIN run r ON r.run_id = t.run_id AND r.trashed_utc IS NULL;
CREATE VIEW v_sweep(sweep_id, uid, kind, name, created_utc, trials, pending, running, done, failed,
                    stopped, result) AS
    SELECT s.sweep_id, s.uid, s.kind, s.name, s.created_utc, count(t.trial),
           coalesce(sum(t.state = 'pending'), 0), coalesce(sum(t.state = 'running'), 0),
           coalesce(sum(t.state = 'done'), 0), coalesce(sum(t.state = 'failed'), 0),
           coalesce(sum(t.state = 'stopped'), 0), s.result
    FROM sweep s LEFT JOIN v_trial t ON t.sweep_id = s.sweep_id GROUP BY s.sweep_id;
)sql";

} // namespace clwb::store
