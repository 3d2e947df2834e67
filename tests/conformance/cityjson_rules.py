"""The rules of CityJSON 2.0 (OGC 20-072r5) and its schema, as far as a file that `cimtwin export` makes can break them. Only
Python's own library."""
import json
import re

# 2nd-level objects: they have parents.
SECOND = {"BuildingPart", "BuildingStorey", "BuildingUnit", "BuildingRoom", "BuildingInstallation",
          "BuildingConstructiveElement", "BuildingFurniture", "BridgePart", "TunnelPart"}
ANY = {"MultiPoint", "MultiLineString", "MultiSurface", "CompositeSurface", "Solid", "MultiSolid", "CompositeSolid"}
SHELL = {"Solid", "CompositeSolid", "MultiSurface", "CompositeSurface"}
FLAT = {"MultiSurface", "CompositeSurface", "MultiLineString"}
GEOMETRIES = {
    "Building": {"Solid", "CompositeSolid", "MultiSurface"}, "BuildingPart": {"Solid", "CompositeSolid", "MultiSurface"},
    "Bridge": {"Solid", "CompositeSolid", "MultiSurface"}, "BridgePart": {"Solid", "CompositeSolid", "MultiSurface"},
    "Tunnel": SHELL, "TunnelPart": SHELL, "OtherConstruction": {"Solid", "CompositeSolid", "MultiSurface"},
    "BuildingStorey": SHELL, "BuildingUnit": SHELL, "BuildingRoom": SHELL,
    "BuildingInstallation": ANY, "BuildingConstructiveElement": ANY, "BuildingFurniture": ANY,
    "Road": FLAT, "Railway": FLAT, "Waterway": FLAT, "TransportSquare": FLAT, "LandUse": FLAT - {"MultiLineString"},
    "PlantCover": {"MultiSurface", "MultiSolid"}, "WaterBody": SHELL | {"MultiLineString"}, "TINRelief": {"CompositeSurface"},
    "SolitaryVegetationObject": ANY, "CityFurniture": ANY, "GenericCityObject": ANY}
SURFACES = {"RoofSurface", "GroundSurface", "WallSurface", "ClosureSurface", "OuterCeilingSurface", "OuterFloorSurface",
            "Window", "Door", "InteriorWallSurface", "CeilingSurface", "FloorSurface", "WaterSurface", "WaterGroundSurface",
            "WaterClosureSurface", "TrafficArea", "AuxiliaryTrafficArea", "TransportationHole", "TransportationMarking"}
DEPTH = {"MultiPoint": 0, "MultiLineString": 1, "MultiSurface": 2, "CompositeSurface": 2, "Solid": 3}


def no_duplicates(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key twice in {keys[:20]}")
    return dict(pairs)


def read(text):
    return json.loads(text, object_pairs_hook=no_duplicates)


def leaves(array, depth):
    """The rings (or points) at this depth of a boundary."""
    return [array] if depth == 0 else [leaf for item in array for leaf in leaves(item, depth - 1)]


def faces_of(geometry):
    """Its polygons, each a list of rings."""
    if geometry["type"] == "Solid":
        return [face for shell in geometry["boundaries"] for face in shell]
    return geometry["boundaries"] if geometry["type"] in ("MultiSurface", "CompositeSurface") else []


def flat_values(geometry, values):
    """Values as one list, a face each; null stands for all of a shell."""
    if geometry["type"] != "Solid":
        return values if values is not None else [None] * len(geometry["boundaries"])
    out = []
    for i, shell in enumerate(geometry["boundaries"]):
        mine = values[i] if values is not None else None
        out += mine if mine is not None else [None] * len(shell)
    return out


class Checker:
    """Collects what is wrong; `materials` of the header."""

    def __init__(self):
        self.wrong = []
        self.materials = 0

    def no(self, where, what):
        if len(self.wrong) < 20:
            self.wrong.append(f"{where}: {what}")

    def header(self, root):
        if root.get("type") != "CityJSON" or root.get("version") != "2.0":
            self.no("header", "type and version")
        transform = root.get("transform", {})
        if any(len(transform.get(k, [])) != 3 for k in ("scale", "translate")):
            self.no("header", "transform")
        if not re.match(r"^(http|https)://www.opengis.net/def/crs/", root.get("metadata", {}).get("referenceSystem", "")):
            self.no("header", "referenceSystem")
        if set(root) - {"type", "version", "transform", "metadata", "CityObjects", "vertices", "appearance"}:
            self.no("header", f"members {set(root)}")
        self.materials = len(root.get("appearance", {}).get("materials", []))
        for material in root.get("appearance", {}).get("materials", []):
            if not isinstance(material.get("name"), str) or not all(0 <= c <= 1 for c in material["diffuseColor"]):
                self.no("appearance", f"{material}")

    def values(self, where, geometry, values, most):
        got = flat_values(geometry, values)
        if len(got) != len(faces_of(geometry)):
            self.no(where, f"{len(got)} values for {len(faces_of(geometry))} faces")
        if any(v is not None and not 0 <= v < most for v in got):
            self.no(where, "a value out of range")

    def geometry(self, where, kind, geometry, n_vertices):
        if set(geometry) - {"type", "lod", "boundaries", "semantics", "material"}:
            self.no(where, f"members {set(geometry)}")
        if geometry["type"] not in GEOMETRIES[kind] or geometry["type"] not in DEPTH:
            self.no(where, f"a {geometry['type']} of a {kind}")
            return
        if not re.match(r"^[0-3](\.[0-3])?$", geometry["lod"]):
            self.no(where, f"lod {geometry['lod']}")
        area = geometry["type"] not in ("MultiPoint", "MultiLineString")
        for ring in leaves(geometry["boundaries"], DEPTH[geometry["type"]]):
            if not all(isinstance(i, int) and 0 <= i < n_vertices for i in ring):
                self.no(where, "an index of no vertex")
            if area and (len(ring) < 3 or any(a == b for a, b in zip(ring, ring[1:] + ring[:1]))):
                self.no(where, f"a ring {ring}")
        if "semantics" in geometry:
            surfaces = geometry["semantics"]["surfaces"]
            if any(s["type"] not in SURFACES for s in surfaces):
                self.no(where, f"surfaces {surfaces}")
            self.values(where, geometry, geometry["semantics"]["values"], len(surfaces))
        for theme in geometry.get("material", {}).values():
            if ("value" in theme) == ("values" in theme):
                self.no(where, "material with value and values, or neither")
            if "value" in theme and not 0 <= theme["value"] < self.materials:
                self.no(where, "a material that is not there")
            if "values" in theme:
                self.values(where, geometry, theme["values"], self.materials)

    def objects(self, objects, vertices):
        used = set()
        if not all(len(v) == 3 and all(isinstance(c, int) for c in v) for v in vertices):
            self.no("vertices", "3 whole numbers each")
        if len({tuple(v) for v in vertices}) != len(vertices):
            self.no("vertices", "one is there twice")
        for key, item in objects.items():
            if item["type"] not in GEOMETRIES:
                self.no(key, f"type {item['type']}")
                continue
            if set(item) - {"type", "attributes", "geometry", "parents", "children"}:
                self.no(key, f"members {set(item)}")
            if (item["type"] in SECOND) != ("parents" in item):
                self.no(key, f"a {item['type']} with the parents {item.get('parents')}")
            for parent in item.get("parents", []):
                if key not in objects.get(parent, {}).get("children", []):
                    self.no(key, f"its parent {parent} does not know it")
            for child in item.get("children", []):
                if key not in objects.get(child, {}).get("parents", []):
                    self.no(key, f"its child {child} does not know it")
            for geometry in item["geometry"]:
                self.geometry(key, item["type"], geometry, len(vertices))
                used.update(i for ring in leaves(geometry["boundaries"], DEPTH.get(geometry["type"], 0)) for i in ring)
        if len(used) != len(vertices):
            self.no("vertices", f"{len(vertices) - len(used)} are of nothing")


def check_document(text):
    """(findings, objects, root)"""
    root, checker = read(text), Checker()
    checker.header(root)
    checker.objects(root["CityObjects"], root["vertices"])
    return checker.wrong, root["CityObjects"], root


def check_sequence(text):
    """(findings, objects of all lines, header)"""
    lines, checker, objects = text.splitlines(), Checker(), {}
    header = read(lines[0])
    checker.header(header)
    if header["CityObjects"] or header["vertices"]:
        checker.no("header", "objects or vertices")
    for number, line in enumerate(lines[1:], 2):
        feature = read(line)
        if feature["type"] != "CityJSONFeature" or feature["id"] not in feature["CityObjects"]:
            checker.no(f"line {number}", "type or id")
        if sum("parents" not in item for item in feature["CityObjects"].values()) != 1:
            checker.no(f"line {number}", "not one root")
        checker.objects(feature["CityObjects"], feature["vertices"])
        objects.update(feature["CityObjects"])
    return checker.wrong, objects, header


def volume(geometry, points):
    """Of a solid, by its faces, each cut from its middle, so that it does not matter where bent ones begin; `points` in
    metres."""
    total, zero = 0.0, points[geometry["boundaries"][0][0][0][0]]
    for face in faces_of(geometry):
        for ring in face:
            at = [[points[i][k] - zero[k] for k in range(3)] for i in ring]
            a = [sum(p[k] for p in at) / len(at) for k in range(3)]
            for b, c in zip(at, at[1:] + at[:1]):
                total += (a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
                          a[2] * (b[0] * c[1] - b[1] * c[0])) / 6
    return total
