#!/usr/bin/env python3
"""OpenStreetMap's binary form beside its XML: the samples, written as .osm.pbf by this test (plain nodes or dense ones,
compressed or not), give the very features that the .osm gives, inside and outside. Files that
are cut off or wrong are refused or come without the inside, and never crash. Environment: CIMTWIN, the program."""
import os
import random
import sqlite3
import struct
import xml.etree.ElementTree as tree
import zlib

from harness import Folder, check, finish, must, run

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data/ingest")
COLLECTIONS = ("buildings", "storeys", "spaces", "transitions", "openings", "elements", "roads", "paths", "greens",
               "waters", "parkings", "barriers", "gates")


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7f | 0x80])
        n >>= 7
    return out + bytes([n])


def zigzag(n):
    return n << 1 if n >= 0 else (-n << 1) - 1


def number(field, n):
    return varint(field << 3) + varint(n)


def piece(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def packed(field, numbers):
    """A list; one that is empty is left out, as writers do."""
    return piece(field, b"".join(map(varint, numbers))) if numbers else b""


def steps(values):
    return [zigzag(b - a) for a, b in zip([0, *values], values)]


def blob(kind, data, compress):
    body = number(2, len(data)) + piece(3, zlib.compress(data)) if compress else piece(1, data)
    head = piece(1, kind) + number(3, len(body))
    return struct.pack(">I", len(head)) + head + body


class Block:
    """A group of elements with the texts that they use."""

    def __init__(self):
        self.texts, self.group = [b""], b""

    def text(self, s):
        s = s.encode()
        if s not in self.texts:
            self.texts.append(s)
        return self.texts.index(s)

    def tags(self, e):
        return [(self.text(t.get("k")), self.text(t.get("v"))) for t in e.findall("tag")]

    def common(self, e, identity):
        tags = self.tags(e)
        return number(1, identity) + packed(2, [k for k, _ in tags]) + packed(3, [v for _, v in tags])

    def bytes(self):
        texts = piece(1, b"".join(piece(1, t) for t in self.texts))
        return texts + number(17, 1) + piece(2, self.group)  # places in nanodegrees


def degrees(text):
    """In nanodegrees; samples tell no more decimals."""
    units = round(float(text) * 1e9)
    assert units / 1e9 == float(text), text
    return units


def is_there(e):
    return e.get("action") != "delete" and e.get("visible") != "false"


def write(path, source, dense, compress):
    root = tree.parse(source).getroot()
    of = {kind: [e for e in root.findall(kind) if is_there(e)] for kind in ("node", "way", "relation")}
    nodes, ways, relations = Block(), Block(), Block()
    at = [(int(e.get("id")), degrees(e.get("lat")), degrees(e.get("lon"))) for e in of["node"]]
    if dense:
        told = []
        for e in of["node"]:
            told += [i for pair in nodes.tags(e) for i in pair] + [0]
        nodes.group = piece(2, packed(1, steps([i for i, _, _ in at])) + packed(8, steps([y for _, y, _ in at]))
                            + packed(9, steps([x for _, _, x in at])) + packed(10, told))
    else:
        for e, (i, lat, lon) in zip(of["node"], at):
            nodes.group += piece(1, nodes.common(e, zigzag(i)) + number(8, zigzag(lat)) + number(9, zigzag(lon)))
    for e in of["way"]:
        ways.group += piece(3, ways.common(e, int(e.get("id")))
                            + packed(8, steps([int(n.get("ref")) for n in e.findall("nd")])))
    for e in of["relation"]:
        members = e.findall("member")
        relations.group += piece(4, relations.common(e, int(e.get("id")))
                                 + packed(8, [relations.text(m.get("role")) for m in members])
                                 + packed(9, steps([int(m.get("ref")) for m in members]))
                                 + packed(10, [("node", "way", "relation").index(m.get("type")) for m in members]))
    with open(path, "wb") as f:
        f.write(blob(b"OSMHeader", piece(4, b"OsmSchema-V0.6") + piece(4, b"DenseNodes"), compress))
        for block in (nodes, ways, relations):
            f.write(blob(b"OSMData", block.bytes(), compress))


def plain(value):
    """Points outdoors are GDAL's, which multiplies where the XML's decimals are read: to a micrometre."""
    if isinstance(value, bytes) and len(value) == 60:
        return [round(x, 6) for x in struct.unpack_from("<2d", value, 43)]
    return value


def features(path):
    twin = "t.ct"
    must("new", twin, "--crs", "EPSG:4547", "--title", "t")
    must("import", twin, path)
    out = {}
    with sqlite3.connect(f"file:{twin}?mode=ro", uri=True) as db:
        for name in COLLECTIONS:
            out[name] = sorted(repr([*map(plain, row)]) for row in db.execute(f"SELECT * FROM {name}"))
    for name in os.listdir("."):
        if name.startswith(twin):
            must_remove(name)
    return out


def must_remove(name):
    if os.path.isdir(name):
        for inner in os.listdir(name):
            must_remove(os.path.join(name, inner))
        os.rmdir(name)
    else:
        os.remove(name)


def compare(name, expected, dense, compress):
    path = "a.osm.pbf"
    write(path, os.path.join(DATA, name), dense, compress)
    got = features(path)
    for collection in expected:
        check(got.get(collection) == expected[collection],
              f"{name} (dense {dense}, compressed {compress}): {collection} differ: "
              f"{len(got.get(collection, []))} against {len(expected[collection])}")
    return sum(map(len, got.values()))


def spoil():
    """Cut off and changed at places by chance, always the same ones."""
    with open("a.osm.pbf", "rb") as f:
        whole = f.read()
    chance = random.Random(1)
    must("new", "b.ct", "--crs", "EPSG:4547", "--title", "b")
    for i in range(30):
        data = bytearray(whole)
        if i % 2:
            del data[chance.randrange(len(data)):]
        else:
            for _ in range(1 + i // 5):
                data[chance.randrange(len(data))] = chance.randrange(256)
        with open("b.osm.pbf", "wb") as f:
            f.write(data)
        code, text, _ = run("import", "b.ct", "b.osm.pbf", "--dry-run")
        check(code in (0, 1, 3), f"a spoiled file, number {i}: exit {code}: {text[-200:]}")


def refused(group, expected):
    """A file of the group is refused by the reader of what is inside buildings, which says why."""
    texts = piece(1, piece(1, b"") + piece(1, b"indoor") + piece(1, b"room"))
    with open("c.osm.pbf", "wb") as f:
        f.write(blob(b"OSMHeader", piece(4, b"OsmSchema-V0.6") + piece(4, b"DenseNodes"), False))
        f.write(blob(b"OSMData", texts + piece(2, group), False))
    code, text, _ = run("import", "b.ct", "c.osm.pbf", "--dry-run")
    check(code == 3 and expected in text, f"not refused with \"{expected}\": exit {code}: {text[-200:]}")


def bad_infos():
    """What is told of an element's version breaks off, with good fields behind it."""
    place = number(8, zigzag(10)) + number(9, zigzag(10))
    refused(piece(1, number(1, zigzag(1)) + piece(4, b"\xff") + place), "c.osm.pbf: block 2: it cannot be read")
    lists = packed(1, [zigzag(1)]) + packed(8, [zigzag(10)]) + packed(9, [zigzag(10)])
    refused(piece(2, piece(5, b"\xff") + lists), "c.osm.pbf: block 2: its nodes cannot be read")
    refused(piece(2, piece(5, piece(6, b"\xff")) + lists), "node/1: whether it is there cannot be read")
    refused(piece(2, lists + piece(10, b"\xff")), "node/1: its tags cannot be read")


def main():
    with Folder():
        n = 0
        for name in ("two_storeys.osm", "block.osm"):
            expected = features(os.path.join(DATA, name))
            check(any(expected.values()), f"{name} brings nothing")
            for dense in (True, False):
                n += compare(name, expected, dense, compress=dense)
        write("a.osm.pbf", os.path.join(DATA, "two_storeys.osm"), dense=True, compress=False)
        spoil()
        bad_infos()
    finish(f"{n} features of .osm.pbf are those of .osm")


main()
