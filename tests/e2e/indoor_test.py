#!/usr/bin/env python3
"""`cimtwin indoor` on real models, against what their files state of themselves, read here without cimtwin.
  CIMTWIN: the program; CIMTWIN_TEST_DATA: the folder of test data; argument: the model.

pnu, fjk   IndoorGML: the derived openings join exactly the cells that the file's transitions connect.
lod4       CityGML LOD4 "Example Building": one room, a door outside and two windows, each drawn as a face of the outer
           and of the inner wall (counted in the file: Door East, Window South 1 and 2, twice each).
duplex, office  IFC: every door joins rooms that have a space boundary at it or at the hole that it fills, read off the
           file's IfcRelSpaceBoundary; and the tables below, looked over by hand against names and places of the rooms.
           Their ways from room to room are those of the IndoorGML that they are exported to.
           Of the duplex also with its spaces taken out: rooms of walls and slabs, as large as those of the file.
"""
import json
import math
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

PROGRAM = os.environ["CIMTWIN"]
DATA = os.environ.get("CIMTWIN_TEST_DATA") or os.path.join(os.path.dirname(__file__), "../../../shared/data")
FILES = {
    "pnu": "bim/indoorgml/v103-PNU-bldg201_3d.gml",
    "fjk": "bim/indoorgml/FJK-Haus_IndoorGML_withEXR-corrected_1_0_3.gml",
    "lod4": "bim/citygml2/Building_LOD4-EPSG25832.gml",
    "duplex": "bim/ifc/web-ifc/duplex.ifc",
    "office": "bim/ifc/web-ifc/Office_A_20110811.ifc",
}
OPTIONS = {"pnu": ["--crs", "EPSG:4547"], "fjk": ["--crs", "EPSG:25832"], "lod4": [], "duplex": ["--at", "500000,3000000,0"],
           "office": ["--at", "500000,3000000,0"]}
# Rooms, doors, exits by the room that they lead out of, stairs by the rooms at foot and head with their risers, rooms
# without a way out: the duplex's roof, whose hatches have no stair or ladder, and the office's lift shaft, which has no door.
TABLES = {
    "duplex": {"rooms": 21, "doors": 14,
               "exits": ["A101 Foyer", "A102 Living Room", "B101 Foyer", "B102 Living Room"],
               "stairs": [("A101 Foyer", "A201 Hallway", 16), ("B101 Foyer", "B201 Hallway", 16)],
               "no way out": ["R301 Roof"],
               "doors of": {"A201 Hallway": ["A202 Bedroom 1", "A203 Bedroom 2", "A204 Bathroom 2"],
                            "A205 Utility": ["A204 Bathroom 2"], "B101 Foyer": ["B104 Bathroom 1", "outdoors"]}},
    "office": {"rooms": 99, "doors": 102,
               "exits": ["101 ENTRY", "108 ELEC RM", "118 MECH RM", "140 OPEN OFFICE", "S101 STAIR", "S102 STAIR"],
               "stairs": [("S101 STAIR", "S201 STAIR", 24), ("S102 STAIR", "S202 STAIR", 24)],
               "no way out": ["124 ELEV"],
               "doors of": {}},
}
errors = []


def check(what, got, expected):
    if got != expected:
        errors.append(f"{what}: {got!r}, expected {expected!r}")


def run(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def derive(folder, name, path):
    twin = os.path.join(folder, "t.ct")
    run("new", twin, "--crs", "EPSG:4547" if name in ("pnu", "duplex") else "EPSG:25832")
    run("import", twin, path, *OPTIONS[name])
    document = json.loads(run("indoor", twin, "--json"))
    check("buildings", len(document["buildings"]), 1)
    return document["buildings"][0]


def pairs(openings):
    return sorted(tuple(sorted(str(s) for s in o["spaces"])) for o in openings)


def indoorgml(path, model):
    core, link = "{http://www.opengis.net/indoorgml/1.0/core}", "{http://www.w3.org/1999/xlink}href"
    root = tree.parse(path).getroot()
    ident = "{http://www.opengis.net/gml/3.2}id"
    cell_of = {}
    for state in root.iter(core + "State"):
        duality = state.find(core + "duality")
        if duality is not None:
            cell_of[state.get(ident)] = duality.get(link).lstrip("#")
    stated = []
    for transition in root.iter(core + "Transition"):
        ends = [cell_of.get(c.get(link).lstrip("#")) for c in transition.findall(core + "connects")]
        if len(ends) == 2 and all(ends) and ends[0] != ends[1]:
            stated.append(tuple(sorted("space-" + e for e in ends)))
    check("the file connects cells", len(stated) > 0, True)
    check("the graph", pairs(model["openings"]), sorted(stated))
    check("cells", len(model["spaces"]), sum(len(m) for m in root.iter(core + "cellSpaceMember")))


def exported(twin, folder, model):
    """The model's ways from room to room are the transitions of its IndoorGML, though no feature tells them."""
    path = os.path.join(folder, "out.indoor.gml")
    run("export", twin, "--to", path)
    core, link = "{http://www.opengis.net/indoorgml/1.0/core}", "{http://www.w3.org/1999/xlink}href"
    ident, name = "{http://www.opengis.net/gml/3.2}id", "{http://www.opengis.net/gml/3.2}name"
    root = tree.parse(path).getroot()
    names = {"state-" + c.get(ident): c.findtext(name) for c in root.iter(core + "CellSpace")}
    got = {tuple(sorted(names[e.get(link).lstrip("#")] for e in t.findall(core + "connects"))) for t in root.iter(core + "Transition")}
    rooms = {s["id"]: s["name"].split()[0] for s in model["spaces"]}  # less the long name
    ways = [o["spaces"] for o in model["openings"] if o["passable"]] + [t["spaces"] for t in model["transitions"]]
    check("transitions", got, {tuple(sorted(rooms[s] for s in w)) for w in ways if all(s in rooms for s in w) and w[0] != w[1]})
    check("there are some", len(got) > 10, True)


def lod4(model):
    kinds = sorted(o["kind"] for o in model["openings"])
    check("openings", kinds, ["door", "window", "window"])
    check("exits", sum(o["exit"] for o in model["openings"]), 1)
    check("rooms", len(model["spaces"]), 1)
    check("findings", model["findings"], [])
    check("vents", len(model["vents"]), 3)


def boundaries(path):
    """By GlobalId of a door: those of the spaces with a boundary at it or at the hole that it fills."""
    with open(path, encoding="latin-1") as file:
        text = file.read()
    guid = {n: g for n, g in re.findall(r"^#(\d+)=\s*IFC(?:DOOR|SPACE)\('([^']+)'", text, re.M)}
    fills = {d: o for o, d in re.findall(r"=\s*IFCRELFILLSELEMENT\('[^']+',#\d+,[^,]*,[^,]*,#(\d+),#(\d+)\)", text)}
    at = {}
    for space, element in re.findall(r"=\s*IFCRELSPACEBOUNDARY\('[^']+',#\d+,[^,]*,[^,]*,#(\d+),#(\d+),", text):
        at.setdefault(element, set()).add(guid[space])
    return {guid[d]: at.get(d, set()) | at.get(fills.get(d), set()) for d in re.findall(r"^#(\d+)=\s*IFCDOOR\(", text, re.M)}


def ifc(name, path, model):
    table = TABLES[name]
    names = {s["id"]: s["name"] for s in model["spaces"]}
    names["outdoors"] = "outdoors"
    doors = [o for o in model["openings"] if o["kind"] == "door"]
    check("rooms", len(model["spaces"]), table["rooms"])
    check("doors", len(doors), table["doors"])
    check("exits", sorted(names[s] for o in doors if o["exit"] for s in o["spaces"] if s != "outdoors"), table["exits"])
    check("stairs", sorted((*(names[s] for s in t["spaces"]), t["risers"]) for t in model["transitions"]), table["stairs"])
    check("no way out", sorted(s["name"] for s in model["spaces"] if s["way_out_m"] is None), table["no way out"])
    for room, others in table["doors of"].items():
        check(f"doors of {room}", sorted(names[s] for o in doors for s in o["spaces"] if room in [names[x] for x in o["spaces"]]
                                         and names[s] != room), others)
    decode = {o["id"]: re.sub("~([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), o["id"]) for o in doors + model["spaces"]}
    stated, compared = boundaries(path), 0
    for o in doors:
        rooms = {decode[s] for s in o["spaces"] if s and s != "outdoors"}
        if not stated[decode[o["id"]]]:
            continue
        compared += 1
        if not rooms <= stated[decode[o["id"]]]:
            errors.append(f"door {o['id']}: between {rooms}, the file has boundaries with {stated[decode[o['id']]]}")
    check("most doors have boundaries", compared > len(doors) / 2, True)


def without_spaces(twin, told):
    """The same house with its spaces taken out: the rooms of the upper storey come back from walls and slabs alone."""
    with sqlite3.connect(twin) as twin_file:
        twin_file.enable_load_extension(True)
        twin_file.load_extension("mod_spatialite")
        twin_file.execute("DELETE FROM spaces")
    made = json.loads(run("indoor", twin, "--json"))["buildings"][0]
    upper = next(s["id"] for s in told["storeys"] if s["name"] == "Level 2")
    rooms = [s for s in told["spaces"] if s["storey"] == upper]
    found = [s for s in made["spaces"] if s["storey"] == upper]
    check("made rooms of the upper storey", [(s["derived"], s["outside"]) for s in found], [(True, False)] * len(rooms))
    for room in rooms:
        near = min(found, key=lambda s: math.dist(s["at"], room["at"]))
        if abs(near["area_m2"] - room["area_m2"]) > 0.15:
            errors.append(f"{room['name']}: {room['area_m2']} m2 told, {near['area_m2']} m2 made")
    check("made rooms without a way out", [s["id"] for s in made["spaces"] if s["way_out_m"] is None and not s["outside"]], [])


def main():
    name = sys.argv[1]
    path = os.path.join(DATA, FILES[name])
    if not os.path.exists(path):
        print(f"skipped: there is no {path}")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        model = derive(folder, name, path)
        if name in TABLES:
            exported(os.path.join(folder, "t.ct"), folder, model)
        if name == "duplex":
            without_spaces(os.path.join(folder, "t.ct"), model)
    if name in ("pnu", "fjk"):
        indoorgml(path, model)
    elif name == "lod4":
        lod4(model)
    else:
        ifc(name, path, model)
    if errors:
        sys.exit("\n".join(errors))
    print(f"{name}: {len(model['spaces'])} spaces, {len(model['openings'])} openings as stated")


main()
