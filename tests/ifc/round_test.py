#!/usr/bin/env python3
"""IFC there and back: a model is imported, exported, imported into another twin and compared feature by feature; the
written file breaks no rule, is the same bytes again, and web-ifc counts and measures in it what the twin holds.

  round_test.py CIMTWIN IFC_COMPARE READER_FOLDER WORK_FOLDER CASE FILE [BOUND]

FILE may be missing ("data:": in the test data): the test is skipped then. So is, at the end and told, what needs npm.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys

PROGRAM, COMPARE, READER, WORK, CASE, FILE = sys.argv[1:7]
BOUND = sys.argv[7] if len(sys.argv) > 7 else "1e-6"
SKIPPED = 77
if FILE.startswith("data:"):
    here = os.path.dirname(os.path.abspath(__file__))
    FILE = os.path.join(os.environ.get("CIMTWIN_TEST_DATA", here + "/../../../shared/data"), FILE[5:])
CLASSES = {
    "IFCSPACE": "SELECT count(*) FROM spaces",
    "IFCBUILDINGSTOREY": "SELECT count(*) FROM storeys",
    "IFCDOOR": "SELECT count(*) FROM openings WHERE kind IN ('door','entrance')",
    "IFCWINDOW": "SELECT count(*) FROM openings WHERE kind='window'",
    "IFCSTAIR": "SELECT count(*) FROM transitions WHERE kind='stair'",
    "IFCSENSOR": "SELECT count(*) FROM devices WHERE kind NOT IN ('alarm','actuator','controller')",
    "IFCACTUATOR": "SELECT count(*) FROM devices WHERE kind='actuator'",
    **{name.upper(): f"SELECT count(*) FROM elements WHERE source_class='{name}'" for name in
       ("IfcSlab", "IfcStairFlight", "IfcRailing", "IfcColumn", "IfcBeam", "IfcSanitaryTerminal")},
}


def run(*args, **more):
    done = subprocess.run(args, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f"{args}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def imported(twin, file, *more):
    run(PROGRAM, "new", twin, "--crs", "EPSG:4547")
    return json.loads(run(PROGRAM, "import", twin, file, "--json", *more))


def failing(report):
    return sorted(rule for rule, verdict in report["rules"].items() if verdict == "fail")


def foreign_reader():
    """The folder with web-ifc, or None and why not."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        return None, "npm is missing"
    folder = os.path.join(WORK, "..", "reader")
    if not os.path.isdir(os.path.join(folder, "node_modules", "web-ifc")):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(READER, folder)
        done = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return None, "npm cannot fetch web-ifc: " + done.stderr[-300:]
    return folder, None


def check_foreign(folder, twin, written):
    found = json.loads(run("node", os.path.join(folder, "counts.mjs"), written, *CLASSES))
    with sqlite3.connect(twin) as db:
        for name, sql in CLASSES.items():
            expected, = db.execute(sql).fetchone()
            print(f"{name}: {found['counts'][name]}, expected {expected}")
            assert found["counts"][name] == expected, name
        volumes = dict(db.execute("SELECT source_id, volume_m3 FROM spaces WHERE volume_m3 > 0"))
    worst = 0
    for guid, volume in found["spaces"].items():
        if CASE != "foreign" and guid in volumes:  # what foreign files say of a room is their own matter
            worst = max(worst, abs(volume - volumes[guid]) / volumes[guid])
    print(f"volumes of {len(found['spaces'])} spaces by web-ifc: largest relative difference {worst:.2g}, bound 1e-4")
    assert worst <= 1e-4
    assert found["shown"] > 0


def main():
    if not os.path.isfile(FILE):
        print("skipped: there is no", FILE)
        return SKIPPED
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    first, second, written, again = (os.path.join(WORK, n) for n in ("a.ct", "b.ct", "a.ifc", "again.ifc"))
    place = ("--at", "500000,3400000,20,30") if CASE == "foreign" else ()
    before = imported(first, FILE, *place)
    run(PROGRAM, "export", first, "--to", written)
    run(PROGRAM, "export", first, "--to", again)
    with open(written, "rb") as a, open(again, "rb") as b:
        assert a.read() == b.read(), "another export, other bytes"
    after = imported(second, written)
    assert after["features"] == before["features"], (before["features"], after["features"])
    assert set(failing(after)) <= set(failing(before)), failing(after)
    if CASE != "foreign":
        assert not failing(after), failing(after)
    print(run(COMPARE, first, second, BOUND), end="")
    folder, reason = foreign_reader()
    if not folder:
        print("skipped: the foreign reader's counts:", reason)
        return SKIPPED
    check_foreign(folder, first, written)
    return 0


sys.exit(main())
