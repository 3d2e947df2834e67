#!/usr/bin/env python3
"""The inside of a house from OpenStreetMap (tests/data/ingest/two_storeys.osm): the graph that the server serves of it, held
against the file, read here without cimtwin: each door joins the rooms whose rings have its node, every room has a way
out, stairs and the lift link the storeys, exits are where entrance=* stands. What is outdoors comes as without it, and a
file that is refused leaves nothing behind. Environment: CIMTWIN, the program."""
import json
import os
import re
import xml.etree.ElementTree as tree

from harness import Folder, Server, check, finish, get, must, run, twin_hash

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data/ingest/two_storeys.osm")


def tags(element):
    return {t.get("k"): t.get("v") for t in element.findall("tag")}


def levels(text):
    """Of the sample's forms: "0", "0;1", "0-1"."""
    if text is None:
        return set()
    return set(range(int(text[0]), int(text[2]) + 1)) if "-" in text else {int(x) for x in text.split(";")}


def read_file():
    """Rooms and doors by level: {(way or relation, level): nodes of its rings}, {(node, level): (tags, rooms at it)}."""
    root = tree.parse(FILE).getroot()
    refs = {w.get("id"): [n.get("ref") for n in w.findall("nd")] for w in root.findall("way")}
    rooms, doors = {}, {}
    for element in [*root.findall("way"), *root.findall("relation")]:
        t = tags(element)
        if t.get("indoor") not in ("room", "area", "corridor"):
            continue
        nodes = refs.get(element.get("id")) if element.tag == "way" else \
            [n for m in element.findall("member") for n in refs[m.get("ref")]]
        for level in levels(t["level"]) | levels(t.get("repeat_on")):
            rooms[(element.tag[0] + element.get("id"), level)] = nodes
    for node in root.findall("node"):
        t = tags(node)
        if "door" not in t and "entrance" not in t:
            continue
        at = [key for key, nodes in rooms.items() if node.get("id") in nodes]
        told = levels(t.get("level")) | levels(t.get("repeat_on"))
        for level in told or {key[1] for key in at}:
            doors[(node.get("id"), level)] = (t, {key for key in at if key[1] == level})
    return rooms, doors


def of_file(identity):
    """"space-w201~1": w201."""
    return identity.split("-", 1)[1].split("~")[0]


def hold_against(model, rooms, doors):
    storeys = {s["id"]: s["level"] for s in model["storeys"]}
    key = {s["id"]: (of_file(s["id"]), storeys[s["storey"]]) for s in model["spaces"]}
    check(sorted(key.values()) == sorted(rooms), f"rooms: {sorted(key.values())}, the file has {sorted(rooms)}")
    key["outdoors"] = "outdoors"
    check([s["id"] for s in model["spaces"] if s["way_out_m"] is None] == [], "every room has a way out")
    check(model["findings"] == [], f"findings: {model['findings']}")
    found = {}
    for o in model["openings"]:
        name = of_file(o["id"])
        if o["kind"] in ("door", "opening") and re.fullmatch("n[0-9]+", name):
            found[(name[1:], storeys[o["storey"]])] = o
    inside = {d: value for d, value in doors.items() if value[1]}
    check(sorted(found) == sorted(inside), f"doors: {sorted(found)}, the file has {sorted(inside)}")
    for door, (t, at) in inside.items():
        joined = {key[s] for s in found[door]["spaces"]}
        check(joined - {"outdoors"} == at, f"door {door} joins {joined}, the file {at}")
        check(("outdoors" in joined) == ("entrance" in t) == found[door]["exit"], f"door {door} is an exit: {found[door]}")
    climbs = sorted((t["kind"], *[key[s] for s in t["spaces"]]) for t in model["transitions"])
    check(climbs == [("lift", ("w222", 0), ("w222", 1)), ("stair", ("w220", 0), ("w220", 1)),
                     ("stair", ("w221", 0), ("w221", 1))], f"climbs: {climbs}")


def main():
    with Folder():
        must("new", "t.ct", "--crs", "EPSG:4547")
        report = json.loads(must("import", "t.ct", FILE, "--json"))
        rooms, doors = read_file()
        check(report["features"]["space"] == len(rooms), f"spaces: {report['features']}")
        check(report["features"]["road"] == 1 and report["features"]["building"] == 2, f"outdoors: {report['features']}")
        check("no problems" in must("check", "t.ct"), "the twin is sound")
        with Server("t.ct") as server:
            model = get(server.port, "/indoor/building-w100").json()
            hold_against(model, rooms, doors)
            sources = get(server.port, "/collections/spaces/items/space-r300?f=json").json()
            check(sources["properties"]["use"] == "lobby", f"the multipolygon's room: {sources['properties']}")
        before = twin_hash("t.ct", quick=True)
        with open(FILE, encoding="utf-8") as file:
            text = file.read()
        with open("cut.osm", "w", encoding="utf-8") as file:
            file.write(text[:len(text) * 2 // 3])
        code, said, _ = run("import", "t.ct", "cut.osm")
        check(code == 3 and "cut.osm: line" in said, f"a file cut short: exit {code}: {said}")
        check(twin_hash("t.ct", quick=True) == before, "a file that is refused leaves nothing behind")
    finish(f"{len(rooms)} rooms and {len(doors)} doors held against the file")


main()
