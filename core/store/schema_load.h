// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL of schema version 5: what the machine was busy with while a run went on.
#pragma once

namespace clwb::store
{

// One row for about ten seconds of a run (see LoadRecorder), so that a finished run still tells how
// much of the machine it needed. The reasons for the shape:
// - a row of its own for each time, not a blob: other programs read it, a spool repeats it, and a
//   kill loses ten seconds. 60 000 rows (a week) take 1.7 MB, with a graphics card 2.2 MB, because
//   the numbers are small: at in seconds since 1970, cpu and gpu in tenths of a per cent, the
//   others in MiB.
// - by time, not by step: evaluations have no steps, and a resumed run that repeats steps was at
//   work in both times. So a resume deletes nothing here.
// - gpu, gpu_memory, gpu_total: NULL where no card can be asked; disk: where no disk can be.
inline constexpr char kLoadVersion5[] = R"sql(
CREATE TABLE load(
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    at INTEGER NOT NULL,
    cpu INTEGER NOT NULL,
    memory INTEGER NOT NULL,
    disk INTEGER,
    gpu INTEGER,
    gpu_memory INTEGER,
    gpu_total INTEGER,
    PRIMARY KEY(run_id, at)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_load(run_id, utc, cpu_percent, memory_bytes, disk_free_bytes, gpu_percent,
                   gpu_memory_bytes, gpu_total_bytes) AS
    SELECT l.run_id, strftime('%Y-%m-%dT%H:%M:%SZ', l.at, 'unixepoch'), l.cpu / 10.0,
           l.memory * 1048576, l.disk * 1048576, l.gpu / 10.0, l.gpu_memory * 1048576,
           l.gpu_total * 1048576
    FROM load l JOIN run r USING(run_id) WHERE r.trashed_utc IS NULL;
)sql";

} // namespace clwb::store
