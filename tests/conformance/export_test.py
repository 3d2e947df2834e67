"""A GeoPackage made by `cimtwin export`: GDAL counts what the twin holds, and imported into an empty twin it gives the same
features, ids, values, shapes and property sets. TWIN: the sample community."""
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from harness import CIMTWIN, Folder, check, finish, must, run, skip  # noqa: E402

try:
    from osgeo import ogr
except ImportError:
    skip("GDAL's Python bindings are missing")
ogr.UseExceptions()
TWIN = os.environ["TWIN"]


def rows(twin, table, columns):
    with sqlite3.connect(f"file:{twin}?mode=ro", uri=True) as db:
        return db.execute(f"SELECT {columns} FROM {table} ORDER BY 1,2,3,4").fetchall()


def collections(twin):
    with sqlite3.connect(f"file:{twin}?mode=ro", uri=True) as db:
        return dict(db.execute("SELECT collection, features FROM ct_classes"))


def features(twin, collection):
    """The answer of `query` in the twin's CRS, in an order that does not depend on the fids."""
    text = must("query", twin, collection, "--crs", "EPSG:4547")
    return sorted(line for line in text.replace('{"type":"Feature"', '\n{"type":"Feature"').split("\n"))


def give_properties(twin):
    """Property sets of every type, with texts that need care."""
    with sqlite3.connect(twin) as db:
        fid, = db.execute("SELECT fid FROM buildings ORDER BY fid LIMIT 1").fetchone()
        db.executemany("INSERT INTO ct_properties VALUES('building',?,?,?,?,?,?)", [
            (fid, "Pset_BuildingCommon", "OccupancyType", "text", "居住, \"flats\"\n2nd line", ""),
            (fid, "Pset_BuildingCommon", "NumberOfStoreys", "integer", 9007199254740993, ""),
            (fid, "Qto_BuildingBaseQuantities", "NetVolume", "real", 0.1 + 0.2, "m3"),
            (fid, "", "sprinklered", "boolean", 1, ""),
            (fid, "", "unknown", "null", None, "")])


def count_by_gdal(path, counts):
    data = ogr.Open(path)
    layers = {data.GetLayer(i).GetName(): data.GetLayer(i) for i in range(data.GetLayerCount())}
    check(set(layers) == {name for name, n in counts.items() if n} | {"property_sets"},
          f"a layer for each collection that has features: {sorted(layers)}")
    for name, n in counts.items():
        if n:
            check(layers[name].GetFeatureCount() == n, f"{name}: {layers[name].GetFeatureCount()}, not {n}")
    buildings = layers["buildings"]
    check(buildings.GetSpatialRef().GetAuthorityCode(None) == "4547", "the twin's CRS")
    check(buildings.GetGeometryColumn() == "geom", "the geometry's column")
    ids = [f.GetField("id") for f in buildings]
    check(len(set(ids)) == len(ids), "ids are unique")
    return sum(counts.values())


def import_again(path, counts):
    must("new", "again.ct", "--crs", "EPSG:4547")
    text = must("import", "again.ct", path)
    # what a model brought without an outline has none here: its bodies are not in the file
    told = [line for line in text.splitlines() if ("warning" in line or "unused" in line) and "(no-geometry)" not in line]
    check(not told, f"the import has nothing else to say: {told[:3]}")
    check(collections("again.ct") == counts, "the same counts")
    for name, n in counts.items():
        if n:
            check(features("again.ct", name) == features("twin.ct", name), f"{name} came back otherwise")
    columns = "(SELECT id FROM buildings b WHERE b.fid=p.fid),property_set,name,type,value,unit"
    check(rows("again.ct", "ct_properties p", columns) == rows("twin.ct", "ct_properties p", columns),
          "the same property sets")
    shutil.copytree("twin.ct.d/terrain", "again.ct.d/terrain", dirs_exist_ok=True)
    must("check", "again.ct")


def refusals():
    for words, code, says in [
            (["twin.ct", "--to", "a.xyz"], 3, "no format of export ends so; there are: .gpkg, .ifc, .city.json, .city.jsonl, .indoor.gml"),
            (["twin.ct", "--to", "nowhere/a.gpkg"], 4, "no such folder"),
            (["twin.ct", "--to", "out.gpkg"], 3, "is there already"),
            (["twin.ct", "nothing", "--to", "b.gpkg"], 4, "there is no collection"),
            (["twin.ct", "--bbox", "1,2", "--to", "b.gpkg"], 3, "bbox"),
            (["twin.ct"], 2, "--to is missing"),
            (["none.ct", "--to", "b.gpkg"], 4, "is not there")]:
        got, text, _ = run("export", *words)
        check(got == code and says in text, f"export {' '.join(words)}: exit {got}: {text}")
    left = {name for name in os.listdir(".") if name not in ("twin.ct", "twin.ct.d", "again.ct", "again.ct.d",
                                                             "out.gpkg", "part.gpkg")}
    check(not {n for n in left if not n.startswith(("twin.ct-", "again.ct-"))}, f"nothing stays behind: {left}")


with Folder():
    must("backup", TWIN, "twin.ct")
    give_properties("twin.ct")
    counted = collections("twin.ct")
    must("export", "twin.ct", "--to", "out.gpkg")
    total = count_by_gdal("out.gpkg", counted)
    import_again("out.gpkg", counted)
    must("export", "twin.ct", "storeys", "buildings", "--bbox", "114.0,30.0,115.0,31.0", "--to", "part.gpkg")
    kinds = ogr.Open("part.gpkg")
    check({kinds.GetLayer(i).GetName() for i in range(kinds.GetLayerCount())} ==
          {"buildings", "storeys", "property_sets"}, "only the named collections")
    kinds = None
    must("export", "twin.ct", "buildings", "--to", "part.gpkg", "--replace")
    refusals()
    finish(f"{total} features of {sum(1 for n in counted.values() if n)} collections there and back by {CIMTWIN}")
