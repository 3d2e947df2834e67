"""Bad files through the command line: each is refused with the right exit code and a message that names what is wrong and
where, in bounded time, and the twin is afterwards what it was before.
Environment: CIMTWIN, the program."""
import json
import os
import shutil
import sqlite3
import struct
import subprocess

from harness import CIMTWIN, Folder, check, finish, must, run, twin_hash

WRONG_USE, BAD, MISSING, FAILED = 2, 3, 4, 1
cases = 0
IN_TIME_S = 45  # the largest input takes less than two on a quiet machine


def refuse(state, code, texts, *words, wrapper=()):
    """The command must end with `code`, say every text, and leave the twin as it was."""
    global cases
    cases += 1
    got, said, took = run(*words, wrapper=wrapper, seconds=IN_TIME_S)
    missing = [text for text in texts if text not in said]
    check(got == code and not missing, f"{' '.join(words)}: exit {got}, expected {code} and {missing or texts}:\n{said[:1500]}")
    check(len(said) < 400_000, f"{' '.join(words)} says {len(said)} bytes")
    if state:
        check(twin_hash("town.ct", quick=True) == state, f"{' '.join(words)} changed the twin")
    return took


def write(name, content):
    with open(name, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return name


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(geometry, coordinates, identity="f-1", **properties):
    return {"type": "Feature", "id": identity, "properties": {"id": identity, **properties},
            "geometry": {"type": geometry, "coordinates": coordinates}}


SQUARE = [[[114.05, 30.52], [114.051, 30.52], [114.051, 30.521], [114.05, 30.521], [114.05, 30.52]]]
BOWTIE = [[[114.05, 30.52], [114.051, 30.521], [114.051, 30.52], [114.05, 30.521], [114.05, 30.52]]]
PLACE = [114.05, 30.52]


# ---- vector files ----

def geojson_texts():
    """(name, content, texts that the message must hold)"""
    sound = collection(feature("Polygon", SQUARE))
    yield "cut", sound[:len(sound) // 2], ["cut.geojson", "line 1, column"]
    yield "lines", sound.replace(",", ",\n")[:-20] + "}}", ["lines.geojson", "line 14, column"]
    yield "binary", bytes(range(256)) * 16, ["binary.geojson"]
    yield "zero", b"", ["zero.geojson", "the file is empty"]
    yield "blank", b" \n ", ["blank.geojson", "the file is empty"]
    yield "comma", sound.replace('"properties": {', '"properties": {,', 1), ["comma.geojson", "line 1, column", "name of a field"]
    yield "after", sound + " more", ["after.geojson", "line 1, column", "follows"]
    yield "elements", '{"type":"FeatureCollection",\n"features":[1,2]}', ["elements.geojson", "line 2, column 13", "feature"]
    yield "text", "no JSON at all", ["text.geojson"]
    yield "number", "42", ["number.geojson"]
    yield "other", '{"type":"Topology","objects":{}}', ["other.geojson"]
    yield "deep", "[" * 200_000, ["deep.geojson", "deeper than"]
    shape = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":%s}]}'
    deep = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":%s},"geometry":null}]}'
    yield "nested", deep % ('{"a":' * 100_000 + "1" + "}" * 100_000), ["nested.geojson", "deeper than"]
    rings = '{"type":"Polygon","coordinates":' + "[" * 1000 + "]" * 1000 + "}"
    yield "rings", shape % rings, ["rings.geojson", "deeper than"]
    yield "latin", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"caf\xe9"},"geometry":null}]}'.encode("latin-1"), ["latin.geojson", "line 1, column 84", "not UTF-8"]
    # GDAL's reader takes these words for numbers; a place they are not.
    for word, texts in (("NaN", ["line 1, column 117", "NaN"]), ("Infinity", ["line 1, column 117", "Infinity"]), ("-Infinity", ["line 1, column 118"]), ("1e400", ["feature 0", "finite"])):
        yield "number_" + word, shape % ('{"type":"Point","coordinates":[%s,30.5]}' % word), [f"number_{word}.geojson", *texts]
    # Geometries that GDAL gives as none at all.
    for name, geometry in (("flat", '{"type":"Polygon","coordinates":[[114,30],[114.1,30],[114.1,30.1],[114,30]]}'), ("kind", '{"type":"Polygone","coordinates":[[[114,30]]]}'),
                           ("nested_more", '{"type":"Polygon","coordinates":[[[[114,30],[114.1,30],[114.1,30.1],[114,30]]]]}'), ("one", '{"type":"Polygon","coordinates":[[[114],[114.1],[114]]]}'),
                           ("words", '"POINT(114 30)"'), ("null_inside", '{"type":"Polygon","coordinates":[[[114,30],[114.1,null],[114.1,30.1],[114,30]]]}')):
        yield name, shape % geometry, [f"{name}.geojson", "feature 0", "no GeoJSON geometry"]
    yield "missing", shape % '{"type":"Polygon"}', ["missing.geojson", "Polygon", "coordinates"]


def vector_files(state):
    for name, content, texts in geojson_texts():
        refuse(state, BAD, texts, "import", "town.ct", write(f"{name}.geojson", content), "--as", "building")
    point = ["--as", "device"]
    broken = {
        "height": (feature("Polygon", SQUARE, height_m=-3), [], ["feature 1", "height_m", "-3"]),
        "text": (feature("Polygon", SQUARE, height_m="high"), [], ["feature 1", "height_m", "high"]),
        "far": (feature("Polygon", SQUARE, height_m=1e300), [], ["feature 1", "height_m"]),
        "code": (feature("Polygon", SQUARE, use="castle"), [], ["feature 1", "use", "castle"]),
        "points": (feature("Point", PLACE), [], ["feature 1", "Polygon"]),
        "open": (feature("Polygon", [[[114.05, 30.52], [114.06, 30.52]]]), [], ["feature 1"]),
        "required": (feature("Point", PLACE), point, ["feature 1", "kind"]),
        "swapped": (feature("Polygon", [[[y, x] for x, y in SQUARE[0]]]), [], ["feature 1", "latitude", "exchanged"]),
        "strict": (feature("Polygon", BOWTIE), ["--strict"], ["feature 1", "Self-intersection"]),
    }
    for name, (one, words, texts) in broken.items():
        words = words if "--as" in words else ["--as", "building", *words]
        path = write(f"{name}.geojson", collection(feature("Polygon", SQUARE, "f-0"), {**one, "id": "f-1"}))
        refuse(state, BAD, [path, *texts], "import", "town.ct", path, *words)
    twice = collection(feature("Polygon", SQUARE, "same"), feature("Polygon", SQUARE, "same"))
    refuse(state, BAD, ["twice.geojson", "feature ", "same"], "import", "town.ct", write("twice.geojson", twice), "--as", "building")
    ids = collection(feature("Polygon", SQUARE, "kept"), {**feature("Polygon", SQUARE, "x"), "properties": {"id": "kept"}})
    refuse(state, BAD, ["taken.geojson", "kept"], "import", "town.ct", write("taken.geojson", ids), "--as", "building")


def swapped_places(state):
    """Coordinates in the wrong order, wherever the file says that they lie."""
    for name, crs, coordinates, words in (
            ("degrees", "urn:ogc:def:crs:OGC:1.3:CRS84", [30.52, 114.05], ["30.52, 114.05", "EPSG:4547", "latitude", "exchanged"]),
            ("metres", "urn:ogc:def:crs:EPSG::3857", [3570000, 12696000], ["3570000, 12696000", "exchanged"])):
        one = json.loads(collection(feature("Point", coordinates, kind="temperature", property="temperature")))
        one["crs"] = {"type": "name", "properties": {"name": crs}}
        path = write(f"swap_{name}.geojson", json.dumps(one))
        refuse(state, BAD, [path, "feature 0", *words], "import", "town.ct", path, "--as", "device")
    csv = write("swap.csv", "id,kind,property,lon,lat\nd-1,temperature,temperature,30.52,114.05\n")
    refuse(state, BAD, ["swap.csv", "feature 1", "exchanged"], "import", "town.ct", csv, "--as", "device", "--crs", "OGC:CRS84")
    grid = write("grid.csv", "id,kind,property,easting,northing\nd-1,temperature,temperature,3377900,504800\n")
    refuse(state, BAD, ["grid.csv", "feature 1", "exchanged"], "import", "town.ct", grid, "--as", "device", "--crs", "EPSG:4547")
    # A place that is far away in either order may be meant: said, but taken.
    far = write("far_away.geojson", collection(feature("Point", [2.35, 48.85], "paris", kind="temperature", property="temperature")))
    code, said, _ = run("import", "town.ct", far, "--as", "device", "--dry-run")
    check(code == 0 and "far_away.geojson" in said and "outside" in said, f"a place far away: exit {code}: {said}")


def other_formats(state):
    for name, content, words, texts in (
            ("lines.csv", 'id,kind,property,lon,lat\nd-1,temperature,temperature,east,30.5\n', ["--as", "device", "--crs", "OGC:CRS84"], ["lines.csv", "feature 1", "no place can be read from lon, lat"]),
            ("nan.csv", 'id,kind,property,lon,lat\nd-1,temperature,temperature,nan,30.5\n', ["--as", "device", "--crs", "OGC:CRS84"], ["nan.csv", "feature 1"]),
            ("inf.csv", 'id,kind,property,lon,lat\nd-1,temperature,temperature,114.05,inf\n', ["--as", "device", "--crs", "OGC:CRS84"], ["inf.csv", "feature 1"]),
            ("wkt.csv", 'id,kind,property,wkt\nd-1,temperature,temperature,"POINT (114.05"\n', ["--as", "device", "--crs", "OGC:CRS84"], ["wkt.csv", "feature 1"]),
            ("nocrs.csv", "id,kind,property,lon,lat\nd-1,temperature,temperature,114.05,30.52\n", ["--as", "device"], ["nocrs.csv", "--crs"]),
            ("cut.osm", '<?xml version="1.0"?>\n<osm version="0.6">\n<node id="1" lat="30.5" lon="114.0"/>\n<way id=', [], ["cut.osm", "line 4"]),
            ("noise.osm.pbf", os.urandom(4096), [], ["noise.osm.pbf"]),
            ("noise.gpkg", b"SQLite format 3\0" + os.urandom(4096), ["--as", "building"], ["noise.gpkg"]),
            ("noise.shp", os.urandom(500), ["--as", "building"], ["noise.shp"]),
            ("noise.fgb", b"fgb\x03fgb\x00" + os.urandom(500), ["--as", "building"], ["noise.fgb"]),
            ("notes.txt", "words", [], ["notes.txt"]),
            ("buildings.vrt", '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>', [], ["buildings.vrt"])):
        refuse(state, BAD, texts, "import", "town.ct", write(name, content), *words)
    refuse(state, WRONG_USE, ["no class", "castle"], "import", "town.ct", write("ok.geojson", collection(feature("Polygon", SQUARE))), "--as", "castle")
    refuse(state, MISSING, ["nowhere.geojson"], "import", "town.ct", "nowhere.geojson")


def huge_files(state):
    points = ",".join(f"[114.05,{30.52 + i * 1e-9:.9f}]" for i in range(1_000_001))
    line = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[%s]}}]}'
    refuse(state, BAD, ["points.geojson", "feature 0", "1000000 points"], "import", "town.ct", write("points.geojson", line % points), "--as", "road")
    many = collection(*(feature("Polygon", SQUARE, f"f-{i}", height_m=-1) for i in range(3000)))
    refuse(state, BAD, ["many.geojson", "999 more errors"], "import", "town.ct", write("many.geojson", many), "--as", "building")
    long = collection(feature("Polygon", SQUARE, name="x" * 8_000_000))
    refuse(state, BAD, ["long.geojson", "feature 0", "name"], "import", "town.ct", write("long.geojson", long), "--as", "building")


# ---- rasters ----

def ascii_grid(rows, nodata="-9999"):
    body = "\n".join(" ".join(row) for row in rows)
    return f"ncols {len(rows[0])}\nnrows {len(rows)}\nxllcorner 504000\nyllcorner 3377000\ncellsize 10\nNODATA_value {nodata}\n{body}\n"


def tiff(values, width, height, tags=()):
    """A GeoTIFF of 32-bit reals without compression: what a program writes that knows of no reference system."""
    data = struct.pack(f"<{width * height}f", *values)
    entries = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, 1, 32), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
               (277, 3, 1, 1), (278, 3, 1, height), (279, 4, 1, len(data)), (339, 3, 1, 3)]
    tail, extra = 8 + len(data), b""
    base = tail + 2 + 12 * (len(entries) + len(tags)) + 4
    for tag, numbers in tags:
        entries.append((tag, 12, len(numbers), base + len(extra)))
        extra += struct.pack(f"<{len(numbers)}d", *numbers)
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries)) + bytes(4)
    return struct.pack("<2sHI", b"II", 42, tail) + data + table + extra


PLACED = ((33550, (10.0, 10.0, 0.0)), (33922, (0.0, 0.0, 0.0, 504000.0, 3378000.0, 0.0)))


def rasters(state):
    here = ["--crs", "EPSG:4547"]
    level = [["20"] * 40] * 40
    nan, infinite = float("nan"), float("inf")
    for name, content, words, texts in (
            ("nocrs.asc", ascii_grid(level), [], ["nocrs.asc", "coordinate reference system", "--crs"]),
            ("nocrs.tif", tiff([20.0] * 1600, 40, 40, PLACED), [], ["nocrs.tif", "coordinate reference system", "--crs"]),
            ("noplace.tif", tiff([20.0] * 1600, 40, 40), here, ["noplace.tif", "where it lies"]),
            ("nodata.asc", ascii_grid([["-9999"] * 40] * 40), here, ["nodata.asc", "no cell", "height"]),
            ("nan.tif", tiff([nan] * 1600, 40, 40, PLACED), here, ["nan.tif", "no cell", "height"]),
            ("inf.tif", tiff([infinite, -infinite] * 800, 40, 40, PLACED), here, ["inf.tif", "no cell", "height"]),
            ("odd.tif", tiff([1e30] * 1600, 40, 40, PLACED), here, ["odd.tif", "no cell", "height"]),
            ("cut.tif", tiff([20.0] * 1600, 40, 40, PLACED)[:3000], here, ["cut.tif"]),
            ("cut.asc", ascii_grid(level)[:2000], here, ["cut.asc"]),
            ("wide.asc", "ncols 2000000000\nnrows 2000000000\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n", here, ["wide.asc"]),
            ("flat.asc", ascii_grid(level).replace("cellsize 10", "cellsize 0"), here, ["flat.asc"]),
            ("nancell.asc", ascii_grid(level).replace("cellsize 10", "cellsize nan"), here, ["nancell.asc"]),
            ("empty.tif", b"", here, ["empty.tif", "empty"])):
        refuse(state, BAD, texts, "import", "town.ct", write(name, content), *words)
    refuse(state, WRONG_USE, ["level.asc", "raster", "building"], "import", "town.ct", write("level.asc", ascii_grid(level)), "--as", "building", *here)
    # Some cells without a height are no reason to refuse the others.
    some = tiff([nan, infinite, 1e30] + [20.0] * 1597, 40, 40, PLACED)
    code, said, _ = run("import", "town.ct", write("some.tif", some), *here, "--dry-run")
    check(code == 0 and "some.tif" in said and "1 cell" in said, f"a raster with holes: exit {code}: {said}")
    check(twin_hash("town.ct", quick=True) == state, "the dry run of a raster left something behind")


# ---- scenarios ----

SCENARIO = {"start": "2026-07-20T20:00:00Z", "duration_s": 60, "cell_m": 10}


def scenario(**changes):
    return json.dumps({**SCENARIO, **changes})


def wall(**changes):
    edit = {"op": "add", "class": "barrier", "id": "wall-1", "properties": {"kind": "wall", "height_m": 1.5},
            "geometry": {"type": "LineString", "coordinates": [[114.05, 30.52], [114.051, 30.52]]}}
    edit.update(changes)
    return scenario(edits=[edit])


def scenarios(state):
    rain = {"from_s": 0, "to_s": 10, "intensity_mm_h": 5}
    line = {"type": "LineString", "coordinates": [[114.05, 30.52], [114.051, 30.52]]}
    documents = {
        "rain": (scenario(rain=[rain, {**rain, "from_s": 10, "to_s": 20, "intensity_mm_h": -5}]), ["rain[1]", "intensity_mm_h", "-5"]),
        "backwards": (scenario(rain=[{**rain, "to_s": -1}]), ["rain[0]", "to_s"]),
        "depth": (scenario(boundaries={"river_stage_m": -5000}), ["river_stage_m", "-5000"]),
        "friction": (scenario(manning={"road": -0.1}), ["manning", "road", "-0.1"]),
        "height": (wall(properties={"kind": "wall", "height_m": -2}), ["edits[0]", "height_m", "-2"]),
        "class": (wall(**{"class": "castle"}), ["edits[0]", "castle"]),
        "op": (wall(op="explode"), ["edits[0]", "explode"]),
        "attribute": (wall(properties={"kind": "wall", "colour": "red"}), ["edits[0]", "colour"]),
        "shape": (wall(geometry={"type": "Point", "coordinates": PLACE}), ["edits[0]", "barrier"]),
        "swap": (wall(geometry={**line, "coordinates": [[30.52, 114.05], [30.52, 114.051]]}), ["edits[0]", "latitude", "exchanged"]),
        "unknown": (scenario(depth_m=3), ["depth_m"]),
        "duration": (scenario(duration_s=-60), ["duration_s", "-60"]),
        "time": (scenario(start="yesterday"), ["start", "yesterday"]),
        "type": (scenario(cell_m="4"), ["cell_m", "number"]),
        "nan": (scenario(cell_m=0).replace('"cell_m": 0', '"cell_m": NaN'), ["line 1", "NaN"]),
        "infinite": (scenario(cell_m=0).replace('"cell_m": 0', '"cell_m": 1e999'), ["line 1", "overflow"]),
        "twice": ('{"cell_m": 4,\n "cell_m": 5}', ["line 2", "duplicate"]),
        "deep": ("[" * 100_000, ["line 1", "deeper than"]),
        "cut": ('{"title":\n', ["line 2"]),
        "latin": (b'{"title": "caf\xe9"}', ["line 1"]),
        "empty": ("", ["line 1"]),
        "array": ("[]", ["object"]),
        "large": ('{"title": "' + "x" * (17 << 20) + '"}', ["longer than"]),
    }
    for name, (document, texts) in documents.items():
        path = write(f"{name}.json", document)
        refuse(state, BAD, [path, *texts], "import", "town.ct", path, "--as", "scenario")
        if name in ("rain", "depth", "height", "swap", "nan", "large"):  # the same reader
            refuse(state, BAD, [path, *texts], "run", "town.ct", path)
    for name, op in (("remove", {"op": "remove", "id": "bldg-404"}), ("set", {"op": "set", "id": "bldg-404", "properties": {"height_m": 3}})):
        path = write(f"unknown_{name}.json", scenario(edits=[op]))
        refuse(state, MISSING, ["edits", "bldg-404"], "run", "town.ct", path)
    refuse(state, BAD, ["folder"], "run", "town.ct", "a_folder")
    refuse(state, MISSING, ["nowhere.json"], "run", "town.ct", "nowhere.json")


# ---- twins ----

def sqlite_file(name, *statements):
    db = sqlite3.connect(name)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()
    return name


def damaged_twins():
    """Files that are given where a twin is wanted."""
    shutil.copy("town.ct", "newer.ct")
    sqlite_file("newer.ct", "PRAGMA user_version=99")
    shutil.copy("town.ct", "bare.ct")
    with open("town.ct", "rb") as file:
        whole = file.read()
    os.makedirs("folder.ct", exist_ok=True)
    yield BAD, "newer.ct", ["newer.ct", "schema version 99"]
    yield BAD, sqlite_file("plain.ct", "CREATE TABLE t(a)"), ["plain.ct", "not a twin"]
    yield BAD, sqlite_file("package.gpkg", "PRAGMA application_id=1196444487", "PRAGMA user_version=10300"), ["package.gpkg", "not a twin"]
    yield BAD, write("zero.ct", b""), ["zero.ct", "not a twin"]
    yield BAD, write("noise.ct", os.urandom(40_000)), ["noise.ct", "not a twin"]
    yield BAD, "folder.ct", ["folder.ct", "folder"]
    yield MISSING, "none.ct", ["none.ct", "not there"]
    for part in (50, 100, 1000, 4096, len(whole) // 2, len(whole) - 4096):
        yield BAD, write(f"cut_{part}.ct", whole[:part]), [f"cut_{part}.ct"]


def twins():
    for code, path, texts in damaged_twins():
        before = os.path.isfile(path) and open(path, "rb").read()
        commands = [["info", path], ["check", path], ["import", path, "sound.geojson", "--as", "building"], ["backup", path, "copy.ct"],
                    ["run", path, "sound.json"], ["query", path, "buildings"], ["serve", path, "--listen", "127.0.0.1:0"]]
        for words in commands if path in ("newer.ct", "folder.ct", "zero.ct") else commands[:4]:
            refuse(None, code, texts, *words)
            check(not os.path.exists("copy.ct") and not os.path.exists("copy.ct.part"), f"{' '.join(words)} left half a copy")
        after = os.path.isfile(path) and open(path, "rb").read()
        check(before == after, f"{path} was changed")
        check(not os.path.exists(path + ".d"), f"{path}.d was made")
    refuse(None, BAD, ["folder.ct", "there already"], "new", "folder.ct", "--crs", "EPSG:4547")
    refuse(None, BAD, ["a_folder", "folder"], "import", "town.ct", "a_folder", "--as", "building")


def without_rights(state):
    """A user who may not read: root would be let through, so root's right to is taken away."""
    drop = ()
    if os.geteuid() == 0:
        drop = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        if not shutil.which("setpriv") or subprocess.run([*drop, CIMTWIN, "version"], capture_output=True, check=False).returncode != 0:
            print("not tried: files without permission (setpriv is missing or not allowed)")
            return
    shutil.copy("town.ct", "closed.ct")
    for name in ("closed.ct", write("closed.geojson", collection(feature("Polygon", SQUARE))), write("closed.json", scenario()), write("closed.tif", b"II")):
        os.chmod(name, 0)
    for words in (["info", "closed.ct"], ["import", "closed.ct", "sound.geojson", "--as", "building"], ["import", "town.ct", "closed.geojson", "--as", "building"],
                  ["import", "town.ct", "closed.tif"], ["import", "town.ct", "closed.json", "--as", "scenario"], ["run", "town.ct", "closed.json"]):
        refuse(state, FAILED, ["closed", "ermission denied"], *words, wrapper=drop)
    os.chmod("closed.ct", 0o444)
    refuse(state, FAILED, ["closed.ct"], "import", "closed.ct", "sound.geojson", "--as", "building", wrapper=drop)


def main():
    with Folder():
        must("new", "town.ct", "--crs", "EPSG:4547", "--title", "Town")
        os.mkdir("a_folder")
        write("sound.geojson", collection(feature("Polygon", SQUARE, "new-1")))
        write("sound.json", scenario())
        must("import", "town.ct", write("kept.geojson", collection(feature("Polygon", SQUARE, "kept", name="Hall"))), "--as", "building")
        must("import", "town.ct", write("ground.asc", ascii_grid([["20"] * 200] * 200)), "--crs", "EPSG:4547")
        whole, state = twin_hash("town.ct"), twin_hash("town.ct", quick=True)
        vector_files(state)
        swapped_places(state)
        other_formats(state)
        rasters(state)
        scenarios(state)
        huge_files(state)
        twins()
        without_rights(state)
        check(twin_hash("town.ct") == whole, "the twin changed")
        check("no problems" in must("check", "town.ct"), "the twin has problems")
    finish(f"{cases} bad files")


main()
