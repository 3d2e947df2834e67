"""Things to bring into a twin: ground, buildings, devices, a storm."""
import json
import math
import os

CRS = "EPSG:4547"
WEST, SOUTH = 500000.0, 3380000.0


def ground(folder, name, cells=60, cell_m=2.0, shift_m=0.0):
    """An ESRI ASCII raster: a slope to the east with bumps."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(f"ncols {cells}\nnrows {cells}\nxllcorner {WEST + shift_m}\nyllcorner {SOUTH}\ncellsize {cell_m}\nNODATA_value -9999\n")
        for row in range(cells):
            file.write(" ".join(f"{12 - 0.03 * column + 0.2 * math.sin(row / 3) * math.sin(column / 4):.3f}"
                                for column in range(cells)) + "\n")
    return name


def square(x, y, size):
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return {"type": "Polygon", "coordinates": [[[WEST + a, SOUTH + b] for a, b in corners]]}


def collection(folder, name, features):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}},
                   "features": [{"type": "Feature", "id": i, "geometry": g, "properties": p} for i, g, p in features]}, file)
    return name


def buildings(folder, name, count, prefix="b", size=6.0):
    side = math.ceil(math.sqrt(count))
    return collection(folder, name, [
        (f"{prefix}-{i}", square(10 * (i % side), 10 * (i // side), size),
         {"name": f"House {i}", "residents": i % 40, "use": "residential", "storeys_above": 1 + i % 9})
        for i in range(count)])


def devices(folder, name, count, prefix="d"):
    side = math.ceil(math.sqrt(count))
    return collection(folder, name, [
        (f"{prefix}-{i}", {"type": "Point", "coordinates": [WEST + 2 * (i % side), SOUTH + 2 * (i // side)]},
         {"name": f"Gauge {i}", "kind": "water_level", "property": "water_level_m", "unit": "m", "interval_s": 60})
        for i in range(count)])


def series(folder, name, count):
    """A city model: a building with a device and so many values over time."""
    pairs = "".join("<timeValuePair><TimeValuePair><timestamp>2020-01-01T00:%02d:%02dZ</timestamp><doubleValue>%d</doubleValue>"
                    "</TimeValuePair></timeValuePair>" % (i // 60, i % 60, i) for i in range(count))
    ring = " ".join(f"{WEST + x} {SOUTH + y} 10" for x, y in ((0, 0), (9, 0), (9, 9), (0, 9), (0, 0)))
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write('<CityModel xmlns="http://www.opengis.net/citygml/3.0" xmlns:gml="http://www.opengis.net/gml" '
                   'xmlns:b="http://www.opengis.net/citygml/building/3.0"><gml:boundedBy><gml:Envelope srsName="' + CRS +
                   '"/></gml:boundedBy><cityObjectMember><b:Building gml:id="B1"><lod1MultiSurface><gml:MultiSurface>'
                   '<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>' + ring +
                   '</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface>'
                   '</lod1MultiSurface><dynamizer><Dynamizer gml:id="D1"><attributeRef>a/b:power</attributeRef><dynamicData>'
                   '<GenericTimeseries>' + pairs + '</GenericTimeseries></dynamicData></Dynamizer></dynamizer></b:Building>'
                   '</cityObjectMember></CityModel>')
    return name


def storm(folder, name, intensity=120):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump({"title": {"en": "Storm", "zh": "暴雨"}, "start": "2026-07-20T20:00:00Z", "duration_s": 300,
                   "output_step_s": 100, "cell_m": 4, "rain": [{"from_s": 0, "to_s": 200, "intensity_mm_h": intensity}]},
                  file, ensure_ascii=False)
    return name
