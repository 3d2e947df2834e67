"""What the schemas of 3D Tiles 1.1 and of 3D Metadata (OGC 22-025r4) say of a document by itself: known members only, kinds and
counts of numbers, no empty lists, schemas whose names are identifiers, metadata that their class allows and that lack nothing.

    findings(document)         texts, one a finding
    schema_findings(schema)    the same of a metadata schema alone"""
import math
import re

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
MORE = {"extensions", "extras"}
TILESET = {"asset", "schema", "schemaUri", "statistics", "groups", "metadata", "geometricError", "root", "extensionsUsed",
           "extensionsRequired"} | MORE
TILE = {"boundingVolume", "viewerRequestVolume", "geometricError", "refine", "transform", "content", "contents", "metadata",
        "implicitTiling", "children"} | MORE
CONTENT = {"metadata", "boundingVolume", "uri", "group"} | MORE
CLASS = {"name", "description", "properties"} | MORE
PROPERTY = {"name", "description", "type", "componentType", "enumType", "array", "count", "normalized", "offset", "scale", "max",
            "min", "required", "noData", "default", "semantic"} | MORE
VOLUMES = {"box": 12, "sphere": 4, "region": 6}
INTEGERS = {f"{sign}INT{bits}": (0 if sign else -2 ** (bits - 1), 2 ** (bits - (not sign)) - 1)
            for sign in ("", "U") for bits in (8, 16, 32, 64)}


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def fits(value, kind):
    """Whether a value in JSON is of the property's kind."""
    if kind["type"] == "STRING":
        return isinstance(value, str)
    if kind["type"] == "BOOLEAN":
        return isinstance(value, bool)
    component = kind.get("componentType")
    if component in INTEGERS:
        low, high = INTEGERS[component]
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    return is_number(value)


class Rules:
    def __init__(self, document):
        self.found, self.document = [], document
        self.classes = {}

    def expect(self, condition, text):
        if not condition:
            self.found.append(text)

    def members(self, thing, known, where):
        self.expect(set(thing) <= known, f"{where}: {sorted(set(thing) - known)} mean nothing there")

    def schema(self, schema):
        self.expect(NAME.match(schema.get("id", "")), f"schema: \"{schema.get('id')}\" is no identifier")
        self.classes = schema.get("classes", {})
        for name, one in self.classes.items():
            self.expect(NAME.match(name), f"class \"{name}\" is no identifier")
            self.members(one, CLASS, f"class {name}")
            for key, kind in one.get("properties", {}).items():
                where = f"{name}.{key}"
                self.expect(NAME.match(key), f"property \"{where}\" is no identifier")
                self.members(kind, PROPERTY, where)
                self.expect(kind["type"] in ("SCALAR", "STRING", "BOOLEAN"), f"{where}: type {kind['type']}, which we do not write")
                numeric = kind["type"] == "SCALAR"
                self.expect(("componentType" in kind) == numeric, f"{where}: a component type is for numbers, and for all of them")
                self.expect(not numeric or kind["componentType"] in {*INTEGERS, "FLOAT32", "FLOAT64"}, f"{where}: componentType")

    def entity(self, entity, where):
        self.members(entity, {"class", "properties"} | MORE, where)
        kinds = self.classes.get(entity.get("class"), {}).get("properties")
        self.expect(kinds is not None, f"{where}: there is no class {entity.get('class')}")
        values = entity.get("properties", {})
        for key, value in values.items():
            self.expect(key in (kinds or {}) and fits(value, kinds[key]), f"{where}: {key} = {value!r} is not of its class")
        for key, kind in (kinds or {}).items():
            self.expect(not kind.get("required") or key in values, f"{where}: {key} is missing")

    def volume(self, volume, where):
        self.members(volume, set(VOLUMES) | MORE, where)
        self.expect(any(name in volume for name in VOLUMES), f"{where}: no bounding volume")
        for name, n in VOLUMES.items():
            if name in volume:
                self.expect(len(volume[name]) == n and all(map(is_number, volume[name])), f"{where}: {name} is not {n} numbers")

    def content(self, content, where):
        self.members(content, CONTENT, where)
        self.expect(content.get("uri"), f"{where}: no uri")
        groups = len(self.document.get("groups", []))
        self.expect("group" not in content or 0 <= content["group"] < groups, f"{where}: group {content.get('group')} of {groups}")
        if "boundingVolume" in content:
            self.volume(content["boundingVolume"], where)
        if "metadata" in content:
            self.entity(content["metadata"], where)

    def tile(self, tile, where):
        self.members(tile, TILE, where)
        self.expect(is_number(tile.get("geometricError")) and tile["geometricError"] >= 0, f"{where}: geometricError")
        self.expect(tile.get("refine", "ADD") in ("ADD", "REPLACE"), f"{where}: refine")
        self.volume(tile.get("boundingVolume", {}), where)
        if "transform" in tile:
            m = tile["transform"]
            self.expect(len(m) == 16 and all(map(is_number, m)) and m[3::4] == [0, 0, 0, 1], f"{where}: transform")
        if "metadata" in tile:
            self.entity(tile["metadata"], where)
        self.expect(not ("content" in tile and "contents" in tile), f"{where}: content and contents")
        for content in [tile["content"]] if "content" in tile else tile.get("contents", []):
            self.content(content, f"{where}: content")
        for key in ("children", "contents"):
            self.expect(tile.get(key, True), f"{where}: {key} is empty")
        for i, child in enumerate(tile.get("children", [])):
            self.tile(child, f"{where}/{i}")

    def check(self):
        d = self.document
        self.members(d, TILESET, "tileset")
        self.members(d.get("asset", {}), {"version", "tilesetVersion"} | MORE, "asset")
        self.expect(is_number(d.get("geometricError")) and d["geometricError"] >= 0, "geometricError")
        self.expect("refine" in d["root"], "the root says not how it is refined")
        for key in ("groups", "extensionsUsed", "extensionsRequired"):
            self.expect(d.get(key, True), f"{key} is empty")
        self.expect(set(d.get("extensions", {})) <= set(d.get("extensionsUsed", [])), "extensions that are not said to be used")
        if "schema" in d:
            self.schema(d["schema"])
        if "metadata" in d:
            self.entity(d["metadata"], "metadata")
        for i, group in enumerate(d.get("groups", [])):
            self.entity(group, f"group {i}")
        self.tile(d["root"], "root")
        return self.found


def findings(document):
    try:
        return Rules(document).check()
    except (KeyError, TypeError, AttributeError) as problem:
        return [f"not a tileset: {problem!r}"]


def schema_findings(schema):
    rules = Rules({})
    rules.schema(schema)
    return rules.found
