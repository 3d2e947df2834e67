"""A checkpoint - the log's pages go home into the twin's file - killed in every phase: what was committed stays."""
import json
import os
import shutil

from crash import Test, environment, good, main, must, read_trace, spread
import things
from server import Server, stored_rows

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


# ---- the observations' log, which a server brings home when it stops

DEVICES, ROUNDS = 200, 20


def batch(number):
    """One value of each device."""
    return [(f"d-{i}", 1_784_577_600_000_000 + number * 1_000_000, number + i / 1000) for i in range(DEVICES)]


def observe(server, rows):
    said = [{"device": d, "t": f"2026-07-20T20:{(t // 1_000_000) % 3600 // 60:02d}:{(t // 1_000_000) % 60:02d}Z", "v": v}
            for d, t, v in rows]
    status, answer = server.ask("POST", "/live/observations", json.dumps(said))
    must(status == 204, f"observations: status {status}: {answer}")


def stop_after_observing(twin, env=None):
    """Rows that the server acknowledged, and how it ended."""
    server = Server(os.path.join(twin, "t.ct"), env=env)
    acknowledged = {}
    for number in range(ROUNDS):
        rows = batch(number)
        observe(server, rows)
        acknowledged.update({(d, t): v for d, t, v in rows})
    server.process.terminate()
    return acknowledged, server.close()


def observations(work, base):
    twin, trace = os.path.join(work, "live"), os.path.join(work, "trace")
    shutil.copytree(base, twin)
    under = os.path.join(twin, "t.ct.d", "obs.sqlite")
    stop_after_observing(twin, environment(under, trace))
    events = read_trace(trace)
    home = [i for i, e in enumerate(events) if e.path == "."]  # the file itself; its making comes first
    home = [i for i in home if i > max(j for j, e in enumerate(events) if e.path == "-wal" and e.call == "write")]
    must(len(home) > 20, "the checkpoint is too small to be killed inside")
    phases = {"checkpoint of observations: pages home": [events[i] for i in home if events[i].call == "write"],
              "checkpoint of observations: sync of the file, log away": events[home[-1]:]}
    for number, kill in enumerate(spread(phases), 1):
        shutil.rmtree(twin)
        shutil.copytree(base, twin)
        acknowledged, code = stop_after_observing(twin, environment(under, at=f"{kill.event.n}:{kill.moment}"))
        must(code == -9, f"{kill}: the server was not killed: {code}")
        must("no problems" in good(["check", "t.ct"], twin), "check is not clean")
        stored = stored_rows(os.path.join(twin, "t.ct"))
        must(stored == acknowledged, f"{kill}: {len(stored)} rows stored, {len(acknowledged)} acknowledged")
        print(f"{NAME}: kill {number} of a server: {kill.phase}: {kill.moment} {kill.event.call} {kill.place}: "
              f"{len(stored)} rows, as acknowledged; check clean", flush=True)
    must(number >= 5, "too few kills")


def body(work, base):
    good(["new", "t.ct", "--crs", things.CRS], base)
    things.buildings(base, "buildings.geojson", 500)
    test = Test(NAME, work, base, ["import", "t.ct", "buildings.geojson"], after_code=3)
    for kill in spread(phases_of(test.events)):
        test.at(kill)
    test.expect(10, "checkpoint")
    test.expect(5, "checkpoint: pages home")
    must(test.left_before == 0, "a checkpoint lost what was committed")
    things.devices(base, "devices.geojson", DEVICES)
    good(["import", "t.ct", "devices.geojson"], base)
    observations(work, base)


if __name__ == "__main__":
    main(NAME, body)
