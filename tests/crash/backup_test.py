"""A backup killed in every phase: the copy is whole or not there, the twin itself is as it was, and a second try succeeds."""
import os
import sqlite3

from crash import Test, difference, good, main, must, run, spread, state
import things
from server import Server

NAME = "crash_backup"


def phase_of(event):
    path = event.path
    if not path.startswith("copy.ct") and "cimtwin-copy.ct" not in path:
        return None
    if event.call == "rename" and "/" not in path:
        return "backup: renamings"
    if event.call == "sync":
        return "backup: syncs"
    if path.endswith(("copy.ct.new", "copy.ct.new-journal", "copy.ct.new-wal")):
        return "backup: pages of the twin"
    if "obs.sqlite" in path:
        return "backup: pages of the observations"
    if event.call in ("rmdir", "unlink"):
        return "backup: tidying up"
    return "backup: files of the folder"


def observations(base, count):
    """Some that a server has taken before."""
    Server(os.path.join(base, "t.ct")).stop()
    os.remove(os.path.join(base, "t.ct.d", "server.lock"))  # says which process serves this file: no backup holds it
    with sqlite3.connect(os.path.join(base, "t.ct.d", "obs.sqlite")) as db:
        db.executemany("INSERT INTO series VALUES(?,?,'water_level_m')", [(i + 1, f"d-{i}") for i in range(10)])
        db.executemany("INSERT INTO obs VALUES(?,?,?,0)",
                       [(1 + i % 10, 1_780_000_000_000_000 + i, i / 7) for i in range(count)])
        db.execute("UPDATE total SET n=?", (count,))
        db.executemany("INSERT INTO last VALUES(?,?,?,0)",
                       [(1 + i % 10, 1_780_000_000_000_000 + i, i / 7) for i in range(count - 10, count)])
        must(db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the observations are not in order")
    db.close()


class Backup(Test):
    def left(self, twin):
        """A copy that is all but renamed is brought to its end by who opens it; other parts go with the next backup."""
        opened = run(["check", "copy.ct"], twin)
        must(opened.returncode == (0 if os.path.exists(os.path.join(twin, "copy.ct")) else 4),
             f"check of the copy: exit code {opened.returncode}: {opened.stdout[-300:]}")
        return {path: value for path, value in state(twin).items() if not path.startswith(".part-cimtwin-copy.ct/")}


def body(work, base):
    good(["new", "t.ct", "--crs", things.CRS], base)
    things.ground(base, "ground.asc")
    things.buildings(base, "buildings.geojson", 50)
    things.devices(base, "devices.geojson", 10)
    good(["import", "t.ct", "buildings.geojson", "devices.geojson", "ground.asc", "--crs", things.CRS], base)
    things.storm(base, "storm.json")
    good(["run", "t.ct", "storm.json"], base)
    observations(base, 5000)
    test = Backup(NAME, work, base, ["backup", "t.ct", "copy.ct"], after_code=3)
    twin = {path: value for path, value in test.before.items() if path.startswith("t.ct")}
    copy = {path.replace("copy.ct", "t.ct", 1): value for path, value in test.after.items() if path.startswith("copy.ct")}
    must(copy == twin, f"the copy of the dry pass is not the twin: {difference(copy, twin)}")
    phases = {}
    for event in test.events:
        phase = phase_of(event)
        if phase:
            phases.setdefault(phase, []).append(event)
    for kill in spread(phases, few=["backup: syncs", "backup: files of the folder", "backup: tidying up", "backup: pages of the observations"]):
        test.at(kill)
    test.after_us(seed=34, count=3)
    test.expect(12, "backup")
    test.expect(3, "backup: renamings")


main(NAME, body)
