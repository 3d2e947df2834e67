#!/usr/bin/env python3
"""A series of values in a city model: after the import they are the device's history in the twin's store, and the server
serves the last one; a second twin of a file that is refused has none. Environment: CIMTWIN, the program."""
import os
import shutil
import sqlite3

from harness import Folder, Server, check, finish, get, must, run

RING = "500000 5400000 {z} 500010 5400000 {z} 500010 5400008 {z} 500000 5400008 {z} 500000 5400000 {z}"
GML = """<CityModel xmlns="http://www.opengis.net/citygml/3.0" xmlns:gml="http://www.opengis.net/gml"
 xmlns:b="http://www.opengis.net/citygml/building/3.0"><gml:boundedBy><gml:Envelope
 srsName="EPSG:25832"/></gml:boundedBy><cityObjectMember><b:Building gml:id="B1">
<lod1MultiSurface><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>%s
</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></lod1MultiSurface>
<dynamizer><Dynamizer gml:id="D1"><attributeRef>a/b:power</attributeRef><dynamicData><GenericTimeseries><uom>kW</uom>
<timeValuePair><TimeValuePair><timestamp>2020-01-01T00:00:00Z</timestamp><doubleValue>1.5</doubleValue></TimeValuePair>
</timeValuePair><timeValuePair><TimeValuePair><timestamp>2020-02-01T00:00:00Z</timestamp><doubleValue>2.5</doubleValue>
</TimeValuePair></timeValuePair></GenericTimeseries></dynamicData></Dynamizer></dynamizer></b:Building>%s
</cityObjectMember></CityModel>"""


def rows(twin):
    path = twin + ".d/obs.sqlite"
    if not os.path.exists(path):
        return []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute("SELECT device, property, time, value FROM observations ORDER BY time").fetchall()


def main():
    with Folder() as folder:
        twin, model = os.path.join(folder, "a.ct"), os.path.join(folder, "a.gml")
        must("new", twin, "--crs", "EPSG:25832", "--title", "a")
        with open(model, "w", encoding="utf-8") as f:
            f.write(GML % (RING.format(z=100), "<broken"))
        check(run("import", twin, model)[0] == 3, "a broken file was taken")
        check(rows(twin) == [], "a refused file left observations")
        with open(model, "w", encoding="utf-8") as f:
            f.write(GML % (RING.format(z=100), ""))
        must("import", twin, model, "--dry-run")
        check(rows(twin) == [], "a dry run left observations")
        told = must("import", twin, model)
        got = [(r[0], r[1], r[2][:10], r[3]) for r in rows(twin)]
        expected = [("device-D1", "power", "2020-01-01", 1.5), ("device-D1", "power", "2020-02-01", 2.5)]
        check(got == expected, f"observations {got}, the file has {expected}")
        check("observations-there" not in told, f"values that are new are told to be there: {told}")
        old = os.path.join(folder, "b.ct")  # a twin that has values of such a device, of long ago
        must("new", old, "--crs", "EPSG:25832", "--title", "b")
        shutil.copy(twin + ".d/obs.sqlite", old + ".d/obs.sqlite")
        with sqlite3.connect(old + ".d/obs.sqlite") as db:
            db.execute("DELETE FROM obs WHERE value>2")
        told = must("import", old, model)
        check("1 of them are of a time at which the device has a value already" in told, f"one value was there: {told}")
        check(len(rows(old)) == 2, f"observations beside one that was there: {rows(old)}")
        with Server(twin) as server:
            device = get(server.port, "/live/devices/device-D1").json()
            check("2.5" in str(device), f"the last value is not served: {device}")
            check("kW" in str(device), f"the unit is not served: {device}")
    finish("a series of a city model is the history of its device")


main()
