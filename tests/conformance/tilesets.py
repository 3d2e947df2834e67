"""The structure of 3D tilesets (OGC 22-025r4), file by file: what a tileset must have, geometric errors that do not
grow downwards, boxes that hold content and children, members and metadata by their schemas (tileset_rules.py), contents that
are glTF with feature ids and a table of features.

    tilesets.py FOLDER|URL        every *tileset.json that is named there: buildings/ and terrain/

Prints counts and findings; exit status 1 where there are any."""
import gzip
import json
import math
import os
import struct
import sys
import urllib.error
import urllib.request

import tileset_rules

SLACK_M = 0.002  # the documents' last decimals
IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def times(a, b):
    """Product of two 4 x 4 matrices, by columns."""
    return [sum(a[4 * k + r] * b[4 * c + k] for k in range(4)) for c in range(4) for r in range(4)]


def moved(m, p):
    return [m[r] * p[0] + m[4 + r] * p[1] + m[8 + r] * p[2] + m[12 + r] for r in range(3)]


def inverse_of_rigid(m):
    turned = [m[0], m[4], m[8], 0, m[1], m[5], m[9], 0, m[2], m[6], m[10], 0]
    back = moved(turned + [0, 0, 0, 1], m[12:15])
    return turned + [-back[0], -back[1], -back[2], 1]


def corners(low, high):
    return [[(high if i & 1 << k else low)[k] for k in range(3)] for i in range(8)]


class Box:
    """Of a bounding volume, in the tileset's own frame."""

    def __init__(self, numbers, transform):
        self.centre = moved(transform, numbers[:3])
        zero = moved(transform, [0, 0, 0])
        self.axes = [[a - b for a, b in zip(moved(transform, numbers[3 + 3 * i:6 + 3 * i]), zero)] for i in range(3)]

    def corners(self):
        return [[self.centre[k] + sum((1 if i & 1 << a else -1) * self.axes[a][k] for a in range(3)) for k in range(3)]
                for i in range(8)]

    def outside_m(self, point):
        """How far the point stands out; 0 inside."""
        worst = 0
        for axis in self.axes:
            length = math.sqrt(sum(v * v for v in axis))
            along = abs(sum((p - c) * v for p, c, v in zip(point, self.centre, axis))) / length if length else 0
            worst = max(worst, along - length)
        return worst


class Source:
    """Files of a folder or a server."""

    def __init__(self, root):
        self.root = root.rstrip("/")
        self.remote = root.startswith("http:")

    def read(self, path):
        if not self.remote:
            with open(f"{self.root}/{path}", "rb") as file:
                return file.read()
        request = urllib.request.Request(f"{self.root}/{path}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            data = answer.read()
            return gzip.decompress(data) if answer.headers.get("Content-Encoding") == "gzip" else data


def glb_parts(data):
    magic, version, length = struct.unpack_from("<4sII", data)
    assert magic == b"glTF" and version == 2 and length == len(data), "not a whole GLB"
    size, kind = struct.unpack_from("<I4s", data, 12)
    assert kind == b"JSON" and size % 4 == 0, "the first chunk is not JSON"
    document = json.loads(data[20:20 + size])
    rest = data[20 + size:]
    binary = b""
    if rest:
        size, kind = struct.unpack_from("<I4s", rest)
        assert kind == b"BIN\0" and size == len(rest) - 8, "the second chunk is not binary"
        binary = rest[8:]
    return document, binary


def table_rows(document, binary, table):
    """The rows of a property table as dictionaries."""
    def view(index):
        v = document["bufferViews"][index]
        assert v["buffer"] == 0 and v.get("byteOffset", 0) % 8 == 0, "a column does not begin on 8"
        return binary[v.get("byteOffset", 0):v.get("byteOffset", 0) + v["byteLength"]]
    columns = {}
    n = table["count"]
    classes = document["extensions"]["EXT_structural_metadata"]["schema"]["classes"]
    for name, where in table["properties"].items():
        kind = classes[table["class"]]["properties"][name]
        if kind["type"] == "STRING":
            offsets = struct.unpack(f"<{n + 1}I", view(where["stringOffsets"]))
            text = view(where["values"])
            columns[name] = [text[offsets[i]:offsets[i + 1]].decode() for i in range(n)]
        else:
            assert kind["componentType"] == "INT64", "a number that is none of ours"
            columns[name] = list(struct.unpack(f"<{n}q", view(where["values"])))
    return [{name: values[i] for name, values in columns.items()} for i in range(n)]


class Checker:
    def __init__(self, source):
        self.source = source
        self.documents = self.contents = self.tiles = self.triangles = self.bytes = 0
        self.features = {}  # (class, fid) -> row
        self.kinds = set()
        self.findings = []
        self.seen = set()

    def finding(self, text):
        self.findings.append(text)
        if len(self.findings) <= 20:
            print(text, file=sys.stderr)

    # ---- documents
    def document(self, path, transform=None, above=None, error=math.inf):
        self.documents += 1
        try:
            tileset = json.loads(self.source.read(path))
        except (OSError, ValueError, urllib.error.URLError) as problem:
            self.finding(f"{path}: {problem}")
            return
        for text in tileset_rules.findings(tileset):
            self.finding(f"{path}: {text}")
        if tileset.get("asset", {}).get("version") != "1.1":
            self.finding(f"{path}: not 3D Tiles 1.1")
        if tileset["geometricError"] < tileset["root"]["geometricError"]:
            self.finding(f"{path}: its error is less than its root's")
        self.tile(path, tileset, tileset["root"], transform or IDENTITY, above, min(error, tileset["geometricError"]))

    def tile(self, path, tileset, tile, transform, above, error):
        self.tiles += 1
        where = f"{path} {tile.get('content', {}).get('uri', '')}"
        if "transform" in tile:
            transform = times(transform, tile["transform"])
        if "sphere" in tile["boundingVolume"]:  # a tileset without contents
            if "content" in tile or "children" in tile:
                self.finding(f"{where}: a sphere around something")
            return
        box = Box(tile["boundingVolume"]["box"], transform)
        if tile["geometricError"] > error:
            self.finding(f"{where}: error {tile['geometricError']} grows from {error}")
        if above:
            out = max(above.outside_m(p) for p in box.corners())
            if out > SLACK_M:
                self.finding(f"{where}: its box stands {out:.4f} m out of its parent's")
        if "content" in tile:
            self.content(path, tileset, tile, transform, box)
        for child in tile.get("children", []):
            self.tile(path, tileset, child, transform, box, tile["geometricError"])
        if not tile.get("children") and "content" not in tile:
            self.finding(f"{where}: a leaf without content")

    def content(self, path, tileset, tile, transform, box):
        uri = tile["content"]["uri"]
        target = os.path.normpath(os.path.join(os.path.dirname(path), uri))
        group = tile["content"].get("group")
        if group is not None:
            self.kinds.add(tileset["groups"][group]["properties"]["kind"])
        if target in self.seen:
            self.finding(f"{target}: named twice")
        self.seen.add(target)
        if target.endswith(".json"):
            if tile.get("children"):
                self.finding(f"{target}: a document beside children")
            self.document(target, transform, box, tile["geometricError"])
            return
        if not tile.get("children") and tile["geometricError"] != 0:
            self.finding(f"{target}: a leaf's error is {tile['geometricError']}")
        self.contents += 1
        try:
            data = self.source.read(target)
            self.bytes += len(data)
            self.glb(target, data, transform, box)
        except (AssertionError, KeyError, OSError, ValueError, struct.error) as problem:
            self.finding(f"{target}: {problem!r}")

    # ---- contents
    def glb(self, target, data, transform, box):
        document, binary = glb_parts(data)
        self.gltf = document
        if "meshes" not in document:
            return
        node = document["nodes"][0]
        s, t = node["scale"], node["translation"]
        assert s[0] == s[1] == s[2], "a scale that turns normals"
        metadata = document["extensions"]["EXT_structural_metadata"]
        for text in tileset_rules.schema_findings(metadata["schema"]):
            self.finding(f"{target}: {text}")
        tables = metadata["propertyTables"]
        rows = [table_rows(document, binary, table) for table in tables]
        for table in rows:
            for row in table:
                self.features[row["class"], row["fid"]] = row
        for primitive in document["meshes"][0]["primitives"]:
            place = document["accessors"][primitive["attributes"]["POSITION"]]
            low, high = ([v * s[0] + o for v, o in zip(place[k], t)] for k in ("min", "max"))
            for p in corners(low, high):
                out = box.outside_m(moved(transform, [p[0], -p[2], p[1]]))  # y is up in glTF
                if out > SLACK_M:
                    self.finding(f"{target}: stands {out:.4f} m out of its box")
                    break
            indices = document["accessors"][primitive["indices"]]
            assert indices["count"] % 3 == 0 and indices["count"] > 0, "no whole triangles"
            self.triangles += indices["count"] // 3
            ids = primitive["extensions"]["EXT_mesh_features"]["featureIds"][0]
            assert ids["featureCount"] == tables[ids["propertyTable"]]["count"], "ids and table differ"
            id_accessor = document["accessors"][primitive["attributes"]["_FEATURE_ID_0"]]
            assert id_accessor["componentType"] == 5123 and id_accessor["count"] == place["count"], "ids of another kind"


def check(root, names=("buildings", "terrain")):
    checker = Checker(Source(root))
    for name in names:
        checker.document(f"{name}/tileset.json")
    return checker


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if "--help" in sys.argv else 2)
    checker = check(sys.argv[1])
    print(f"{checker.documents} documents, {checker.tiles} tiles, {checker.contents} contents, {checker.triangles} triangles, "
          f"{checker.bytes / max(1, checker.triangles):.2f} bytes a triangle, {len(checker.features)} features, "
          f"{len(checker.findings)} findings")
    sys.exit(1 if checker.findings else 0)


if __name__ == "__main__":
    main()
