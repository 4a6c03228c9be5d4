#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes experiments.db, the starter project, out of nothing but the shipped model.

1 renders the demo world into FOLDER/world
2 searches beta (LwF, VR-LwF, GeoDL), alpha (IMM) and the rate of RKR's scales on the validation
  split with WM and MST; IO, TO and OST take these values, as one search a method is what a laptop
  can do. Results: FOLDER/chosen.json with every candidate
3 runs, with these values and one thread a run: Tables II to VIII of resources/studies, FT-WM and
  VR-LwF-WM with seeds 1 and 2 besides 0, Joint-FT with three seeds; into FOLDER/grid.db. Then what
  lies between the original model and FT-WM, for the slider of Compare
4 makes the starter project of the paper's numbers and these runs, checks it and puts it in place

Every step is skipped when its result is there: after a stop, a crash or a kill the same command
goes on without loss. Ctrl+C stops after the batches in hand. Needs the release build; python3 alone.

Example: JOBS=2 python3 packaging/demo/make_experiments.py build/experiments
"""
import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STUDIES = ROOT / "resources" / "studies"
MODEL = ROOT / "resources" / "mini-clip"
SEARCH_SETTING = "MST"
SEARCHES = ["vr-lwf", "lwf", "geodl", "imm", "rkr"]
TABLES = ["seeds", "table4", "references", "table3", "table5-6", "table7-8"]
LABELS = {"ft": "FT", "lwf": "LwF", "geodl": "GeoDL", "imm": "IMM", "rkr": "RKR",
          "vr-lwf": "VR-LwF", "original": "Original CLIP", "joint": "Joint-FT"}
PATH_RUN = "FT-WM, MST, seed 0"
PATH_ALPHAS = ["0", "0.25", "0.5", "0.75", "1"]
MOST_BYTES = 25_000_000
STOPPED, LOCKED = 75, 4


class Stopped(Exception):
    """A stop was asked for; what is done is kept."""


class Programs:
    """Runs clwb, several at a time, and passes a stop on to them."""

    def __init__(self, clwb, logs):
        self.clwb = clwb
        self.logs = logs
        self.running = set()
        self.stopping = False
        self.lock = threading.Lock()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)

    def stop(self, *_):
        self.stopping = True
        for process in list(self.running):
            process.send_signal(signal.SIGTERM)

    def run(self, name, arguments):
        """Runs to the end; its messages go to a log. Another program at the same run is waited for.
        @return exit status"""
        self.logs.mkdir(parents=True, exist_ok=True)
        while True:
            with open(self.logs / f"{name}.log", "ab") as log, self.lock:
                if self.stopping:
                    raise Stopped
                # A group of its own: Ctrl+C comes once, from here.
                process = subprocess.Popen([self.clwb, *arguments], stdout=log, stderr=log,
                                           start_new_session=True)
                self.running.add(process)
            status = process.wait()
            self.running.discard(process)
            if status == STOPPED or self.stopping:
                raise Stopped
            if status != LOCKED:
                return status
            time.sleep(5)

    def output(self, arguments):
        """What a short command prints."""
        done = subprocess.run([self.clwb, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"clwb {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout


def span(seconds):
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


def work_through(title, units, jobs):
    """Runs (name, function) units with `jobs` threads; a failed one does not keep others waiting."""
    print(f"{title}: {len(units)} to do, {jobs} at a time", flush=True)
    begin = time.monotonic()
    failed = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(function): name for name, function in units}
        for done, future in enumerate(concurrent.futures.as_completed(futures), 1):
            try:
                status = future.result()
            except (Stopped, concurrent.futures.CancelledError):
                for other in futures:
                    other.cancel()
                continue
            if status != 0:
                failed.append(f"{futures[future]} (status {status})")
            spent = time.monotonic() - begin
            left = spent / done * (len(units) - done)
            print(f"  {done}/{len(units)} {futures[future]}, about {span(left)} left", flush=True)
            if any(other.cancelled() for other in futures):
                break
    return failed


def command_of(folder, name):
    return ["search", str(STUDIES / f"search-{name}.json"), "--preset", "demo",
            "--set", f"study={folder / 'world' / 'study.json'}", "--set", f"model={MODEL}",
            "--set", f"setting={SEARCH_SETTING}", "--set", "threads=1", "--set", "device=cpu",
            "--db", str(folder / "search.db"), "--progress", "none"]


def search_all(programs, folder, jobs):
    """@return {method: record}"""
    (folder / "search").mkdir(exist_ok=True)
    records = {m: folder / "search" / f"{m}-{SEARCH_SETTING}.json" for m in SEARCHES}

    def search(method, out):
        return programs.run(f"search-{method}-{SEARCH_SETTING}",
                            [*command_of(folder, method), "--candidates-only", "--out", str(out)])

    units = [(f"search of {method}", lambda m=method, out=out: search(m, out))
             for method, out in records.items() if not out.exists()]
    failed = work_through("searches on the validation split", units, jobs)
    if programs.stopping:
        raise Stopped
    if failed:
        sys.exit(f"failed, see {programs.logs}: " + ", ".join(failed))
    return {key: json.loads(path.read_text(encoding="utf-8")) for key, path in records.items()}


def write_chosen(folder, records):
    """The choices with all candidates, without paths and run numbers of this machine."""
    chosen = []
    for method, record in records.items():
        if record["test_evaluated_while_choosing"]:
            sys.exit(f"the search of {method} saw the test split")
        candidates = [{key: candidate[key] for key in ("value", "A_val", "UT_val", "ZS_val")}
                      for candidate in record["candidates"]]
        chosen.append({"method": method, "setting": SEARCH_SETTING, "option": record["option"],
                       "seed": record["seed"], "parameter": record["parameter"],
                       "value": record["best"]["value"], "objective": record["objective"],
                       "candidates": candidates})
    (folder / "chosen.json").write_text(json.dumps(chosen, indent=1) + "\n", encoding="utf-8")
    return {c["method"]: {c["parameter"]: c["value"]} for c in chosen}


def flat(document, prefix=""):
    """{"params": {"M": 10}} as {"params.M": 10}; later keys win over earlier ones."""
    result = {}
    for key, value in document.items():
        if isinstance(value, dict):
            result.update(flat(value, f"{prefix}{key}."))
        else:
            result[prefix + key] = value
    return result


def entries_of(name):
    """The runs of a file of resources/studies, each with all its keys."""
    document = json.loads((STUDIES / f"{name}.json").read_text(encoding="utf-8"))
    combinations = document.get("list", [{}])
    for key, values in document.get("grid", {}).items():
        combinations = [{**one, key: value} for one in combinations for value in values]
    return [{**flat(document["base"]), **one} for one in combinations]


def grid_of(folder, chosen):
    """The sweep of all runs, each once."""
    trials = []
    for table in TABLES:
        for entry in entries_of(table):
            values = chosen.get(entry.get("method"), {})
            trial = {"seed": 0, **entry, **values}
            if trial.get("method") == "vr-lwf":
                trial = {"params.M": 10, "params.Ks": 100, **trial}
            if is_shown_in_detail(trial):
                trial["evaluate.details"] = "all"
            trial["name"] = name_of(trial)
            if trial not in trials:
                trials.append(trial)
    return {"schema": 1, "name": "demo grid", "preset": "demo",
            "base": {"study": "world/study.json", "model": str(MODEL), "threads": 1,
                     "device": "cpu", "evaluate.details": "none"},
            "mode": "list", "list": trials}


def is_shown_in_detail(trial):
    """The runs whose pictures and queries the project holds, after each session: what the original
    model, fine-tuning and VR-LwF see. All others would make the file many times larger."""
    if trial["setting"] != "MST" or trial["seed"] != 0:
        return False
    usual = {"params.M": 10, "params.Ks": 100}
    is_usual = all(trial.get(key, value) == value for key, value in usual.items())
    return trial.get("kind") == "original" or (
        trial.get("method") in ("ft", "vr-lwf") and trial.get("option") == "WM" and is_usual
        and "params.replay" not in trial)


def name_of(trial):
    parts = [LABELS[trial.get("method") or trial["kind"]], trial["setting"]]
    if "option" in trial:
        parts[0] += "-" + trial["option"]
    for key, usual in (("params.M", 10), ("params.Ks", 100)):
        if trial.get(key, usual) != usual:
            parts.append(f"{key.removeprefix('params.')} {trial[key]}")
    if "params.replay" in trial:
        parts.append(trial["params.replay"])
    if trial.get("kind") != "original":
        parts.append(f"seed {trial['seed']}")
    return ", ".join(parts)


def run_grid(programs, folder, grid, jobs):
    """@return the project with all runs of the sweep"""
    sweep = folder / "grid.json"
    database = str(folder / "grid.db")
    sweep.write_text(json.dumps(grid, indent=1) + "\n", encoding="utf-8")
    plan = json.loads(programs.output(["sweep", str(sweep), "--db", database, "--dry-run",
                                       "--progress", "none"]))
    estimate = plan["estimate"]
    print(f"grid: {estimate['trials']} runs, {estimate['done']} done, about "
          f"{span(estimate['seconds'] / jobs)} for the others", flush=True)

    def run(number):
        return programs.run(f"trial-{number}",
                            ["sweep", str(sweep), "--db", database, "--trials", str(number),
                             "--retry-failed", "--progress", "none"])

    units = [(grid["list"][trial["trial"] - 1]["name"], lambda n=trial["trial"]: run(n))
             for trial in plan["trials"] if trial["action"] != "done"]
    failed = work_through("grid", units, jobs)
    if programs.stopping:
        raise Stopped
    if failed:
        sys.exit(f"failed, see {programs.logs}: " + ", ".join(failed))
    return database


def rows_of(database, query, *values):
    """@return what a query of a project gives; only reads"""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def change(database, statement, *values):
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement, values)


def record_path(programs, database):
    """Evaluates the models between the original and PATH_RUN that the project lacks."""
    ids = dict(rows_of(database, "SELECT name, run_id FROM v_run WHERE status = 'finished'"))
    missing = [alpha for alpha in PATH_ALPHAS
               if f"{PATH_RUN} interpolated α={alpha}" not in ids]
    if missing:
        print(f"path of {PATH_RUN}: α = {', '.join(missing)}", flush=True)
        status = programs.run("path", ["interpolate", str(ids[PATH_RUN]), "--from", "original",
                                       "--alpha", ",".join(missing), "--what", "ut,zs",
                                       "--record", "--db", database, "--progress", "none"])
        if status != 0:
            sys.exit(f"the path failed with status {status}, see {programs.logs}/path.log")
    # The run has another number in the starter project.
    change(database, "UPDATE run SET notes = replace(notes, ?, ?) WHERE name LIKE ?",
           f"of run {ids[PATH_RUN]},", f"of “{PATH_RUN}”,", f"{PATH_RUN} interpolated %")


def check(file, folder, runs):
    """What a shipped project must be. @return problems"""
    problems = []
    size = file.stat().st_size
    if size > MOST_BYTES:
        problems.append(f"{size} bytes are more than {MOST_BYTES}")
    content = file.read_bytes()
    words = [str(folder), str(ROOT), str(pathlib.Path.home()), socket.gethostname()]
    for word in words:
        if len(word) > 3 and word.encode() in content:
            problems.append(f"holds {word!r}")
    connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    finished = connection.execute("SELECT count(*) FROM v_run WHERE origin <> 'paper' AND "
                                  "status = 'finished'").fetchone()[0]
    others = connection.execute("SELECT count(*) FROM v_run WHERE status NOT IN "
                                "('finished', 'reported')").fetchone()[0]
    paths = connection.execute("SELECT count(*) FROM v_param WHERE value LIKE '\"/%'").fetchone()[0]
    connection.close()
    if finished != runs or others:
        problems.append(f"holds {finished} finished runs instead of {runs}, {others} others")
    if paths:
        problems.append(f"{paths} parameters are absolute paths")
    return problems


def make_starter(programs, folder, out, database, runs):
    made = folder / "starter.db"
    made.unlink(missing_ok=True)
    programs.output(["db", "starter", str(made), "--with", str(database)])
    programs.output(["db", "check", str(made)])
    problems = check(made, folder, runs)
    if problems:
        sys.exit(f"{made} cannot be shipped: " + "; ".join(problems))
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(out.name + ".new")
    temporary.write_bytes(made.read_bytes())
    temporary.replace(out)
    print(f"{out}: {runs} runs and the paper's, {out.stat().st_size / 1e6:.1f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=ROOT / "build/experiments",
                        help="for world, projects and logs (default build/experiments)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "experiments.db",
                        help="the starter project (default experiments.db of this tree)")
    parser.add_argument("--jobs", type=int, default=int(os.environ.get("JOBS", os.cpu_count())),
                        help="runs at a time, one thread each (default $JOBS, else the cores)")
    parser.add_argument("--clwb", default=str(ROOT / "build/release/bin/clwb"))
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    programs = Programs(arguments.clwb, folder / "logs")
    begin = time.monotonic()
    try:
        if not (folder / "world" / "study.json").exists():
            print("demo world", flush=True)
            if programs.run("world", ["data", "make-demo", str(folder / "world")]) != 0:
                sys.exit(f"the demo world was not made, see {programs.logs}/world.log")
        chosen = write_chosen(folder, search_all(programs, folder, arguments.jobs))
        grid = grid_of(folder, chosen)
        database = run_grid(programs, folder, grid, arguments.jobs)
        record_path(programs, database)
        make_starter(programs, folder, arguments.out.resolve(), database,
                     len(grid["list"]) + len(PATH_ALPHAS))
    except Stopped:
        print("stopped; the same command continues", flush=True)
        sys.exit(STOPPED)
    print(f"done in {span(time.monotonic() - begin)}", flush=True)


if __name__ == "__main__":
    main()
