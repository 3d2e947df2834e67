"""Every vector tile of zooms 12 to 18 over the community, decoded by GDAL: geometries are valid, polygons lie within one
tile unit of their source, and no feature that is large enough to be seen is missing."""
import json
import math
import os
import subprocess
import sys
import tempfile
import urllib.request

try:
    from osgeo import gdal, ogr
except ImportError:
    print("skipped: python3-gdal is missing")
    sys.exit(77)
gdal.UseExceptions()
ogr.UseExceptions()

CIMTWIN, TWIN = os.environ["CIMTWIN"], os.environ["TWIN"]
HALF = 20037508.342789244
ZOOMS = range(12, 19)
EXTENT, BUFFER = 4096, 64


def start_server():
    server = subprocess.Popen([CIMTWIN, "serve", TWIN, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    return server, line.rsplit(" ", 1)[1].strip().rstrip("/")


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.status, answer.read()


def source_features(collection):
    """Text id -> geometry in Web Mercator, from the command line, not from the tile code's own path."""
    text = subprocess.run([CIMTWIN, "query", TWIN, collection, "--crs", "EPSG:3857"], check=True, capture_output=True).stdout
    found = {}
    for feature in json.loads(text)["features"]:
        if feature["geometry"]:
            geometry = ogr.CreateGeometryFromJson(json.dumps(feature["geometry"]))
            geometry.FlattenTo2D()
            found[feature["id"]] = geometry
    return found


def box(x0, y0, x1, y1):
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)):
        ring.AddPoint_2D(x, y)
    polygon = ogr.Geometry(ogr.wkbPolygon)
    polygon.AddGeometry(ring)
    return polygon


class Checker:
    def __init__(self):
        self.tiles = self.features = self.polygons = 0
        self.problems = []

    def problem(self, text):
        if len(self.problems) < 20:
            print(text, file=sys.stderr)
        self.problems.append(text)

    def check_polygon(self, where, got, source, tile_box, unit):
        self.polygons += 1
        if not got.IsValid():
            self.problem(f"{where}: the polygon is not valid: {got.ExportToWkt()[:200]}")
            return
        clipped = source.Intersection(tile_box)
        reach = unit * 1.0001
        if not got.Difference(clipped.Buffer(reach, 16)).IsEmpty() and got.Difference(clipped.Buffer(reach, 16)).Area() > 1e-6 * unit * unit:
            self.problem(f"{where}: the polygon reaches over one unit beyond its source")
        rest = clipped.Difference(got.Buffer(reach, 16))
        # A part thinner than a unit may vanish: only what a disc of one unit fits in must be there.
        if not rest.IsEmpty() and not rest.Buffer(-reach, 4).IsEmpty():
            self.problem(f"{where}: a part of the source that is over one unit wide is missing")

    def check_tile(self, collection, z, x, y, data, sources):
        self.tiles += 1
        size = 2 * HALF / 2**z
        unit = size / EXTENT
        x0, y1 = -HALF + x * size, HALF - y * size
        margin = BUFFER * unit
        tile_box = box(x0 - margin, y1 - size - margin, x0 + size + margin, y1 + margin)
        core = box(x0, y1 - size, x0 + size, y1)
        seen = set()
        if data:
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/{y}.mvt"
                with open(path, "wb") as file:
                    file.write(data)
                dataset = gdal.OpenEx(path, gdal.OF_VECTOR, open_options=[f"X={x}", f"Y={y}", f"Z={z}", "CLIP=NO"])
                if dataset.GetLayerCount() != 1 or dataset.GetLayer(0).GetName() != collection:
                    self.problem(f"{collection} {z}/{x}/{y}: layers are not just {collection}")
                    return
                for feature in dataset.GetLayer(0):
                    self.features += 1
                    name = feature.GetField("id")
                    where = f"{collection} {z}/{x}/{y} {name}"
                    if name not in sources:
                        self.problem(f"{where}: no such feature in the twin")
                        continue
                    if name in seen:
                        self.problem(f"{where}: twice in the tile")
                    seen.add(name)
                    geometry = feature.GetGeometryRef()
                    if geometry.GetDimension() == 2:
                        self.check_polygon(where, geometry, sources[name], tile_box, unit)
                    elif not geometry.Within(tile_box.Buffer(unit)) or geometry.Distance(sources[name]) > unit:
                        self.problem(f"{where}: lies elsewhere than its source")
        for name, source in sources.items():
            if name in seen or not source.Intersects(core):
                continue
            part = source.Intersection(core)
            # a wall from above is long and thin: what no disc of one unit fits in may vanish
            visible = not part.Buffer(-unit, 4).IsEmpty() if part.GetDimension() == 2 else part.Length() > 4 * unit or part.GetDimension() == 0
            if visible and z >= MIN_ZOOM[collection]:
                self.problem(f"{collection} {z}/{x}/{y}: {name} is missing")


MIN_ZOOM = {}


def main():
    server, url = start_server()
    checker = Checker()
    try:
        collections = [c["id"] for c in json.loads(get(f"{url}/collections?f=json")[1])["collections"]]
        for collection in collections:
            sources = source_features(collection)
            if not sources:
                continue
            info = json.loads(get(f"{url}/collections/{collection}/tiles/WebMercatorQuad?f=tilejson")[1])
            MIN_ZOOM[collection] = info["minzoom"]
            envelopes = [g.GetEnvelope() for g in sources.values()]
            west, east = min(e[0] for e in envelopes), max(e[1] for e in envelopes)
            south, north = min(e[2] for e in envelopes), max(e[3] for e in envelopes)
            for z in ZOOMS:
                size = 2 * HALF / 2**z
                for x in range(math.floor((west + HALF) / size), math.floor((east + HALF) / size) + 1):
                    for y in range(math.floor((HALF - north) / size), math.floor((HALF - south) / size) + 1):
                        status, data = get(f"{url}/collections/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}")
                        checker.check_tile(collection, z, x, y, data if status == 200 else b"", sources)
    finally:
        server.terminate()
        server.wait()
    print(f"{checker.tiles} tiles, {checker.features} features, {checker.polygons} polygons, {len(checker.problems)} problems")
    sys.exit(1 if checker.problems or checker.polygons < 1000 else 0)


main()
