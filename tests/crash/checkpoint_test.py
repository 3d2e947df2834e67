"""A checkpoint - the log's pages go home into the twin's file - killed in every phase: what was committed stays."""
from crash import Test, good, main, must, spread
import things

NAME = "crash_checkpoint"


def phases_of(events):
    """The import commits, then closes the twin, which brings the log home."""
    home = [i for i, e in enumerate(events) if e.path == "t.ct"]
    must(len(home) > 60, "the checkpoint is too small to be killed inside")
    must(events[home[0] - 1].call == "sync" and events[home[0] - 1].path == "t.ct-wal", "the log is not synced before")
    must(events[home[-1]].call == "sync", "the file is not synced after")
    away = events[home[-1] + 1:]
    must([e.call for e in away if e.path == "t.ct-wal"] == ["unlink"], "the log goes otherwise than by one removal")
    return {"checkpoint: sync of the log": [events[home[0] - 1]],
            "checkpoint: pages home": [events[i] for i in home if events[i].call == "write"],
            "checkpoint: sync of the file": [events[i] for i in home if events[i].call != "write"],
            "checkpoint: log away": away}


def body(work, base):
    good(["new", "t.ct", "--crs", things.CRS], base)
    things.buildings(base, "buildings.geojson", 500)
    test = Test(NAME, work, base, ["import", "t.ct", "buildings.geojson"], after_code=3)
    for kill in spread(phases_of(test.events)):
        test.at(kill)
    test.expect(10, "checkpoint")
    test.expect(5, "checkpoint: pages home")
    must(test.left_before == 0, "a checkpoint lost what was committed")


main(NAME, body)
