"""What the benches of serving share: the 200,000 polygons, places in them, figures as lines of JSON."""
import math
import random

from figures import figure  # noqa: F401 (for those who import it from here)
from osgeo import gdal, ogr, osr

gdal.UseExceptions()

SIDE, STEP_M, WEST, SOUTH = 448, 50.0, 490000.0, 3370000.0  # 448 x 448 places of 50 m: about 1,800 a tile at z14


def shape(kind, x, y, a, w, h):
    if kind == 0:
        corners = [(-w, -h), (w, -h), (w, h), (-w, h)]
    elif kind == 1:
        corners = [(-w, -h), (w, -h), (w, 0), (0, 0), (0, h), (-w, h)]
    else:
        corners = [(w * math.cos(k * math.pi / 6), h * math.sin(k * math.pi / 6)) for k in range(12)]
    ring = [(x + cx * math.cos(a) - cy * math.sin(a), y + cx * math.sin(a) + cy * math.cos(a)) for cx, cy in corners]
    return ring + ring[:1]


def make_polygons(path, count):
    rng = random.Random(7)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4547)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = source.CreateLayer("buildings", srs, ogr.wkbPolygon)
    texts = ("id", "name", "name_zh", "use", "structure", "address")
    numbers = ("storeys_above", "units", "households", "residents", "year_built")
    for name in texts:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    for name in numbers:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTInteger))
    for name in ("height_m", "floor_area_m2"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
    source.StartTransaction()
    for i in range(count):
        row, column = divmod(i, SIDE)
        x, y = WEST + column * STEP_M + rng.uniform(-3, 3), SOUTH + row * STEP_M + rng.uniform(-3, 3)
        kind = 0 if rng.random() < 0.5 else 1 if rng.random() < 0.7 else 2
        ring = ogr.Geometry(ogr.wkbLinearRing)
        for point in shape(kind, x, y, rng.uniform(0, math.pi), rng.uniform(4, 8), rng.uniform(3, 7)):
            ring.AddPoint_2D(*point)
        polygon = ogr.Geometry(ogr.wkbPolygon)
        polygon.AddGeometry(ring)
        storeys = rng.randint(1, 33)
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(polygon)
        values = {"id": f"b{i}", "name": f"Building {i}", "name_zh": f"{i}号楼", "use": "residential", "structure": None,
                  "address": f"{i % 400} River Road", "storeys_above": storeys, "units": rng.randint(1, 4),
                  "households": storeys * 4, "residents": storeys * 10, "year_built": rng.randint(1980, 2025),
                  "height_m": storeys * 3.0, "floor_area_m2": storeys * 600.0}
        for name, value in values.items():
            if value is not None:
                feature.SetField(name, value)
        layer.CreateFeature(feature)
    source.CommitTransaction()
    source = None


def to_lonlat():
    a, b = osr.SpatialReference(), osr.SpatialReference()
    a.ImportFromEPSG(4547)
    b.ImportFromEPSG(4326)
    for s in (a, b):
        s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(a, b)


def tile_of(lon, lat, z):
    n = 2**z
    return int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
