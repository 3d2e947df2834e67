"""An import of features and a raster, one of a device with its values over time, and one of two scenarios, killed in every
phase: all of it is there, or nothing."""
from crash import Test, good, main, must, spread
import things

NAME = "crash_import"


def phases_of(events):
    """The calls up to the commit, by what they do."""
    home = next(i for i, e in enumerate(events) if e.path == "t.ct")  # the checkpoint begins
    phases = {}
    for event in events[:home]:
        if event.path.endswith("t.ct-wal"):
            phase = f"commit: {'sync of the log' if event.call == 'sync' else 'pages into the log'}"
        elif ".out" in event.path or (event.call == "rename" and event.path.endswith("ground.tif")):
            phase = "commit: raster into its place"
        elif event.call == "sync":
            phase = "commit: sync of the raster"
        else:
            phase = "raster in the making"
        phases.setdefault(phase, []).append(event)
    return phases


def features_and_raster(work, base):
    test = Test(NAME, work, base, ["import", "t.ct", "buildings.geojson", "ground.asc", "--crs", things.CRS],
                after_code=3)
    phases = phases_of(test.events)
    must(len(phases["commit: pages into the log"]) > 100, "the commit is too small to be killed inside")
    for kill in spread(phases, few=["raster in the making", "commit: sync of the raster"]):
        test.at(kill)
    test.after_us(seed=31, count=3)
    test.expect(10, "commit")
    test.expect(5, "commit: pages into the log")
    test.expect(4, "commit: raster")


def values(work, base):
    """Before the features' commit nothing is there, after it all: the next start brings what waits."""
    test = Test(NAME, work, base, ["import", "t.ct", "series.gml"], after_code=3)
    phases = {}
    for event in test.events:
        if "arriving" in event.path:
            phase = "values: in their own file"
        elif "obs.sqlite" in event.path:
            phase = "values: to the others"
        elif event.path.endswith("t.ct-wal"):
            phase = "values: commit of the features"
        else:
            continue
        phases.setdefault(phase, []).append(event)
    for kill in spread(phases, few=["values: commit of the features"]):
        test.at(kill)
    test.expect(4, "values: in their own file")
    test.expect(5, "values: to the others")
    test.expect(2, "values: commit of the features")
    must(0 < test.left_before < test.number, "no kill left the state of before, or none that of after")


def scenarios(work, base):
    test = Test(NAME, work, base, ["import", "t.ct", "storm.json", "drizzle.json", "--as", "scenario"])
    staged = [e for e in test.events if "scenarios" in e.path]
    ready = next(i for i, e in enumerate(staged) if e.call == "rename" and ".ready-" in e.path)
    for kill in spread({"scenarios: in the stage": staged[:ready], "scenarios: into their places": staged[ready:]},
                       few=["scenarios: in the stage"]):
        test.at(kill)
    test.expect(5, "scenarios")


def body(work, base):
    good(["new", "t.ct", "--crs", things.CRS], base)
    things.ground(base, "ground.asc")
    things.buildings(base, "buildings.geojson", 600)
    things.series(base, "series.gml", 500)
    things.storm(base, "storm.json")
    things.storm(base, "drizzle.json", 5)
    features_and_raster(work, base)
    values(work, base)
    scenarios(work, base)


main(NAME, body)
