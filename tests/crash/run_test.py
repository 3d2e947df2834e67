"""A run killed while it writes its results: a whole run is there or none, and run again it gives the same bytes."""
from crash import Test, good, main, must, spread
import things

NAME = "crash_run"


def phase_of(event):
    path = event.path
    if event.call == "rename" and "/.part-" not in path:
        return "result: the folder's renaming"
    if ".zarr/" in path and event.call in ("fwrite", "fclose", "create") and not path.endswith(".tmp"):
        return "result: chunks"
    if ".tif" in path and event.call != "sync":
        return "result: GeoTIFF"
    if "run.json" in path and event.call != "sync":
        return "result: run.json"
    if event.call == "sync":
        return "result: syncs"
    if ".zarr/" in path:
        return "result: metadata and folders"
    return None


def body(work, base):
    good(["new", "t.ct", "--crs", things.CRS], base)
    things.ground(base, "ground.asc", cells=120, cell_m=4.0)
    things.buildings(base, "buildings.geojson", 20)
    good(["import", "t.ct", "buildings.geojson", "ground.asc", "--crs", things.CRS], base)
    things.storm(base, "storm.json")
    test = Test(NAME, work, base, ["run", "t.ct", "storm.json", "--threads", "1"])
    must(len([p for p in test.after if p.endswith("run.json")]) == 1, "the dry pass made no run")
    phases = {}
    for event in test.events:
        phase = phase_of(event)
        if phase and event.path.startswith("t.ct.d/runs/"):
            phases.setdefault(phase, []).append(event)
    for kill in spread(phases, few=["result: metadata and folders", "result: syncs", "result: GeoTIFF", "result: run.json"]):
        test.at(kill)
    test.after_us(seed=33, count=3)
    test.expect(10, "result")
    test.expect(3, "result: chunks")
    test.expect(2, "result: GeoTIFF")


main(NAME, body)
