"""A backup made while imports, observations and a run go on, restored elsewhere: the same features by hash, every
observation that was acknowledged before it began, the finished runs and the terrain to the byte - each raster whose feature
it has, and no other -, and a clean check."""
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time

from served import CIMTWIN, Load, Server, add_ground, cimtwin, features, make_twin, run, square, wait_for


def dump_hash(path):
    """Of every row and every table of the file as SQL, by SQLite's own program."""
    hash_ = hashlib.sha256()
    with subprocess.Popen(["sqlite3", "-readonly", path, ".dump"], stdout=subprocess.PIPE) as dump:
        while piece := dump.stdout.read(1 << 20):
            hash_.update(piece)
    assert dump.returncode == 0
    return hash_.hexdigest()


def version_of(path):
    with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as db:
        return db.execute("SELECT max(version) FROM ct_changes").fetchone()[0]


def tree_hashes(folder):
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


STORM = {"title": {"en": "Storm", "zh": "x"}, "start": "2026-07-20T20:00:00Z", "duration_s": 120, "cell_m": 4, "output_step_s": 60,
         "rain": [{"from_s": 0, "to_s": 60, "intensity_mm_h": 100}]}


def backups_under_load(folder):
    twin = make_twin(folder)
    add_ground(twin, folder)
    storm = os.path.join(folder, "storm.json")
    with open(storm, "w", encoding="utf-8") as f:
        json.dump(STORM, f)
    cimtwin("import", twin, storm, "--as", "scenario")
    finished = cimtwin("run", twin, storm).stdout.split()[0]
    states = {version_of(twin): dump_hash(twin)}  # the one writer of features notes each state that it leaves behind
    acknowledged = []

    def write_features(n):
        path = features(os.path.join(folder, "load.geojson"), [
            ("load-%d-%d" % (n, i), {"type": "Polygon", "coordinates": square(i, n + 1)}, {"name": "Load %d" % n}) for i in range(40)])
        cimtwin("import", twin, path, "--as", "building")
        states[version_of(twin)] = dump_hash(twin)
        ground = os.path.join(folder, "ground-%d.asc" % n)
        shutil.copy(os.path.join(folder, "ground.asc"), ground)
        cimtwin("import", twin, ground, "--crs", "EPSG:4547")
        states[version_of(twin)] = dump_hash(twin)

    with Server(twin) as server:
        def observe(n):
            rows = [{"device": "gauge-%d" % (n % 3), "t": "2026-07-20T%02d:%02d:%02dZ" % (n // 3600, n // 60 % 60, n % 60), "v": n + i / 10}
                    for i in range(1)]
            status, _, body = server.ask("/live/observations", "POST", json.dumps(rows), {"Content-Type": "application/json"})
            assert status == 204, body
            acknowledged.append(("gauge-%d" % (n % 3), rows[0]["t"], rows[0]["v"]))

        longer = dict(STORM, duration_s=2592000, output_step_s=86400, cell_m=0.5)
        status, _, body = server.ask("/runs", "POST", json.dumps(longer), {"Content-Type": "application/json"})
        assert status == 201, body
        wait_for("a run goes on", lambda: any(r["status"] == "running" for r in server.json("/runs")["runs"]))
        loads = [Load(write_features), Load(observe)]
        for load in loads:
            load.start()
        backups = []
        for k in range(3):
            before = loads[0].n, loads[1].n
            wait_for("the load goes on", lambda: loads[0].failure or loads[1].failure or
                     (loads[0].n > before[0] and loads[1].n > before[1] + 10))
            known = list(acknowledged)
            path = os.path.join(folder, "backup-%d.ct" % k)
            words = cimtwin("backup", twin, path, "--verify").stdout
            told = re.fullmatch(re.escape(path) + r": no problems, change (\d+)\n", words)
            assert told, words
            backups.append((path, int(told.group(1)), known))
        running = [r["id"] for r in server.json("/runs")["runs"] if r["status"] == "running"]
        assert running, "the run ended too early"
        for load in loads:
            load.end()
        assert loads[0].n >= 3 and loads[1].n > 30, (loads[0].n, loads[1].n)
        server.ask("/runs/" + running[0], "DELETE")
    assert len({version for _, version, _ in backups}) == 3, "the backups are of different states"
    source_run, source_ground = tree_hashes(twin + ".d/runs/" + finished), tree_hashes(twin + ".d/terrain")
    assert source_run and source_ground
    for path, version, known in backups:
        # Restored as the documents say: backed up to its place.
        place = os.path.join(folder, "restored", os.path.basename(path))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        cimtwin("backup", path, place)
        assert "no problems" in cimtwin("check", place).stdout
        assert version_of(place) == version
        assert dump_hash(place) == states[version], "the restored features are not those of change %d" % version
        assert tree_hashes(place + ".d/runs/" + finished) == source_run
        with sqlite3.connect("file:%s?mode=ro" % place, uri=True) as db:
            named = {file for file, in db.execute("SELECT file FROM terrains")}
        assert tree_hashes(place + ".d/terrain") == {name: source_ground[name] for name in named}, "rasters without feature"
        assert os.listdir(place + ".d/runs") == [finished], "half a run came along"
        with sqlite3.connect("file:%s.d/obs.sqlite?mode=ro" % place, uri=True) as db:
            stored = {(d, t[:19] + "Z", v) for d, t, v in db.execute("SELECT device, time, value FROM observations")}
        assert set(known) <= stored, "acknowledged before the backup, and not in it: %s" % sorted(set(known) - stored)[:3]
        assert stored <= set(acknowledged), "observations that nobody made"
        with Server(place) as again:  # and it serves
            assert again.json("/health")["status"] == "ok"
            assert again.json("/twin")["version"] == version
            assert [r["id"] for r in again.json("/runs")["runs"] if r["status"] == "done"] == [finished]


def a_spoiled_backup_is_found(folder):
    twin, copy = make_twin(folder, buildings=200), os.path.join(folder, "copy.ct")
    cimtwin("backup", twin, copy, "--verify")
    with sqlite3.connect(copy) as db:
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name='buildings'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with open(copy, "r+b") as f:
        f.seek((root - 1) * size + size // 2)
        f.write(b"\xff" * (size // 2))
    assert subprocess.run([CIMTWIN, "check", copy], capture_output=True).returncode == 3
    cimtwin("backup", twin, copy, code=3)  # what is there is never written over


run(backups_under_load, a_spoiled_backup_is_found)
