"""CityJSON made by `cimtwin export`: it keeps the rules of the standard, tells every feature of the twin, and gives the same
twin and the same bytes again. TWIN: the sample community. Models of other programs, where they are: counts by GDAL and
volumes by an own sum."""
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cityjson_rules import check_document, check_sequence, read, volume  # noqa: E402
from harness import Folder, check, finish, must, run  # noqa: E402

TWIN = os.environ["TWIN"]
DATA = os.path.join(os.environ.get("CIMTWIN_TEST_DATA") or
                    os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data"), "bim")


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def collections(twin):
    with sqlite3.connect(f"file:{twin}?mode=ro", uri=True) as db:
        return dict(db.execute("SELECT collection, features FROM ct_classes"))


def rows(twin, table):
    with sqlite3.connect(f"file:{twin}?mode=ro", uri=True) as db:
        names = [r[1] for r in db.execute(f"PRAGMA table_info(\"{table}\")") if r[1] not in ("fid", "geom")]
        return sorted(map(repr, db.execute(f"SELECT {','.join(names)} FROM \"{table}\"")))


def there_and_back(name, checker):
    must("export", "twin.ct", "--to", name)
    wrong, objects, header = checker(text_of(name))
    check(not wrong, f"{name}: {wrong}")
    counts = collections("twin.ct")
    check(len(objects) == sum(counts.values()), f"{name}: {len(objects)} objects, not {sum(counts.values())}")
    check(header["metadata"]["referenceSystem"].endswith("/EPSG/0/4547"), f"{name}: the twin's CRS")
    again = "again-" + name
    check(header["metadata"].get("title"), f"{name}: the twin's title")
    must("new", again + ".ct", "--crs", "EPSG:4547", "--title", header["metadata"]["title"])
    text = must("import", again + ".ct", name)
    source = json.loads(must("info", again + ".ct", "--json"))["sources"][0]
    check(source["title"] == header["metadata"]["title"] and source["file"] == name, f"{name}: the source is {source}")
    check("repaired" not in text and "axis" not in text, f"{name}: the import has nothing to say: {text[:500]}")
    check(collections(again + ".ct") == counts, f"{name}: the same counts")
    for table, n in counts.items():
        if n:
            check(rows(again + ".ct", table) == rows("twin.ct", table), f"{name}: {table} came back otherwise")
    must("export", again + ".ct", "--to", again)
    check(text_of(again) == text_of(name), f"{name}: the second export is another")
    return len(objects)


def model(name, path, crs):
    """The objects of a model, there and back as a document."""
    must("new", name + ".ct", "--crs", crs)
    must("import", name + ".ct", path)
    must("export", name + ".ct", "--to", "model.city.json", "--replace")
    wrong, objects, root = check_document(text_of("model.city.json"))
    check(not wrong, f"{path}: {wrong}")
    return objects, root


def volumes(root):
    scale, by = root.get("transform", {"scale": [1, 1, 1], "translate": [0, 0, 0]}), {}
    points = [[c * s + t for c, s, t in zip(v, scale["scale"], scale["translate"])] for v in root["vertices"]]
    for key, item in root["CityObjects"].items():
        source = item.get("attributes", {}).get("cimtwin", {}).get("sourceId", key)
        solids = [g for g in item.get("geometry", []) if g["type"] == "Solid"]
        if solids:
            by[source] = sum(volume(g, points) for g in solids)
    return by


def by_others():
    """What GDAL counts and an own sum says of models, where they are."""
    if not os.path.isdir(DATA):
        print("left out, as they are not there: models in", DATA)
        return
    try:
        from osgeo import ogr
        ogr.UseExceptions()
    except ImportError:
        ogr = None
        print("left out: GDAL's Python bindings are missing")
    potsdam = os.path.join(DATA, "citygml2/Potsdam_LoD1.gml")
    objects, _ = model("potsdam", potsdam, "EPSG:25833")
    if ogr:
        os.makedirs("gdal", exist_ok=True)
        with open("gdal/p.gml", "w", encoding="utf-8") as copy:  # GDAL writes beside what it reads
            copy.write(text_of(potsdam))
        layers = ogr.Open("gdal/p.gml")
        n = sum(layers.GetLayer(i).GetFeatureCount() for i in range(layers.GetLayerCount())
                if layers.GetLayer(i).GetName() == "Building")
        got = sum(item["type"] == "Building" for item in objects.values())
        check(got == n, f"Potsdam: {got} buildings, GDAL counts {n}")
    source = os.path.join(DATA, "cityjson/lod2_buildings_v2.city.json")
    _, root = model("hundred", source, "EPSG:25833")
    want, got = volumes(read(text_of(source))), volumes(root)
    check(set(want) == set(got), f"solids of {len(got)} objects, not {len(want)}")
    worst = max(abs(got[k] - want[k]) / abs(want[k]) for k in want)
    # Faces of the source are bent by centimetres, and their volume depends on how they are cut into triangles.
    check(worst < 1e-3, f"a volume differs by {worst:.1e} of it, more than 1e-3")


with Folder():
    must("backup", TWIN, "twin.ct")
    total = there_and_back("all.city.json", check_document)
    there_and_back("all.city.jsonl", check_sequence)
    must("export", "twin.ct", "storeys", "--to", "storeys.city.json")
    bad, alone, _ = check_document(text_of("storeys.city.json"))
    check(not bad and {item["type"] for item in alone.values()} == {"GenericCityObject"}, f"storeys alone: {bad}")
    code, said, _ = run("export", "twin.ct", "--to", "all.city.json")
    check(code == 3 and "is there already" in said, f"over what is there: exit {code}: {said}")
    check(not [n for n in os.listdir(".") if n.startswith(".part") or "spool" in n], "nothing stays behind")
    by_others()
    finish(f"{total} features as CityJSON and back")
