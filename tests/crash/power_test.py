"""The power goes, as far as it can be played: at the kill, all that was written to files and not synced since is taken back,
and so is each making, renaming and removal in a folder that was not synced since. So whoever renames, commits or says
"done" before the disk has it is found out.
"""
import json
import os
import shutil

from checkpoint_test import DEVICES, batch, observe
from crash import Kill, Test, environment, good, lost_folder, main, must, run, state
import things
from server import Server, stored_rows

NAME = "crash_power"


class Power(Test):
    lose = True

    def left(self, twin):
        """A backup that is all but renamed is brought to its end by who opens it; other parts go with the next one."""
        if self.words[0] == "backup":
            run(["check", "copy.ct"], twin)
        return {path: value for path, value in state(twin).items() if not path.startswith(".part-cimtwin-")}

    def all(self, counts):
        """Kills at so many of each kind of call, before it and after it in turn; at the end all must be there."""
        for call, most in counts.items():
            events = [e for e in self.events if e.call == call]
            step = max(1, len(events) // most)
            for i, event in enumerate(events[step // 2::step][:most]):
                self.at(Kill(f"{self.words[0]}, {call}", event, ("before", "after")[i % 2], f"{i * step + step // 2 + 1} of {len(events)}"))
        before = self.left_before
        end = self.events[-1]
        must(end.call == "exit", "the end is not seen")
        self.at(Kill(f"{self.words[0]}, done", end, "before", "1 of 1"))
        must(self.left_before == before, "said to be done, and not on disk")


class New(Power):
    def judge(self, twin):
        """No two new twins are equal: this one is there and in order, or it is not there and can be made."""
        opened, there = run(["check", "t.ct"], twin), os.path.exists(os.path.join(twin, "t.ct"))
        must(opened.returncode == (0 if there else 4), f"check: exit code {opened.returncode}: {opened.stdout[-300:]}")
        self.left_before += not there
        again = run(self.words, twin)
        must(again.returncode == (3 if there else 0), f"second try: exit code {again.returncode}: {again.stdout[-300:]}")
        return f"{'there' if there else 'not there'}, second try {'refused' if there else 'done'}"


def observations(work, base):
    """Each batch that the server has acknowledged is on disk, though the power goes with the next one."""
    for round_number, (call, n) in enumerate([("write", 60), ("sync", 6), ("write", 150), ("sync", 9), ("write", 333)], 1):
        twin = os.path.join(work, "live")
        shutil.rmtree(twin, ignore_errors=True)
        shutil.copytree(base, twin)
        env = environment(os.path.join(twin, "t.ct.d", "obs.sqlite-wal"), at=f"{n}:before", call=call, lose=lost_folder(work))
        server = Server(os.path.join(twin, "t.ct"), env=env)
        acknowledged = {}
        try:
            for number in range(200):
                rows = batch(number)
                observe(server, rows)
                acknowledged.update({(d, t): v for d, t, v in rows})
        except (OSError, EOFError, ValueError, ConnectionError):
            pass
        must(server.close() == -9, "the server was not killed")
        must("no problems" in good(["check", "t.ct"], twin), "check is not clean")
        stored = stored_rows(os.path.join(twin, "t.ct"))
        missing = [k for k, v in acknowledged.items() if stored.get(k) != v]
        must(not missing, f"before {call} {n}: {len(missing)} of {len(acknowledged)} acknowledged rows are missing")
        must(len(stored) - len(acknowledged) in (0, DEVICES), "half a batch")
        print(f"{NAME}: loss {round_number} of a server: before {call} {n} of obs.sqlite-wal: {len(acknowledged)} rows "
              f"acknowledged, {len(stored)} stored; check clean", flush=True)


def jobs(work, base):
    """What a server has said of runs - taken on, cancelled, removed - holds, though the power goes as it stops."""
    twin = os.path.join(work, "jobs")
    shutil.copytree(base, twin)
    ended = good(["run", "t.ct", "storm.json"], twin).split()[-1]
    with open(os.path.join(twin, "storm.json"), encoding="utf-8") as file:
        storm = json.load(file)
    storm.update(duration_s=86400, cell_m=1, output_step_s=3600)
    server = Server(os.path.join(twin, "t.ct"),
                    env=environment(twin + "/", at="1:before", call="exit", lose=lost_folder(work)))
    taken = []
    for intensity in (10, 20, 30, 40):  # while the first is at work the others wait
        storm["rain"][0]["intensity_mm_h"] = intensity
        status, run_of = server.ask("POST", "/runs", json.dumps(storm))
        must(status == 201, f"a run asked for: status {status}: {run_of}")
        taken.append(run_of["id"])
    for run_id, meant in ((taken[-1], 200), (ended, 204)):
        status, said = server.ask("DELETE", f"/runs/{run_id}")
        must(status == meant, f"run {run_id} removed: status {status}: {said}")
    server.process.terminate()
    must(server.close() == -9, "the server was not killed at its end")
    server = Server(os.path.join(twin, "t.ct"))
    for run_id in taken[:-1]:
        must(server.ask("GET", f"/runs/{run_id}")[0] == 200, f"run {run_id} was taken on and is not there")
    for run_id in (taken[-1], ended):
        must(server.ask("GET", f"/runs/{run_id}")[0] == 404, f"run {run_id} was removed and is there again")
    server.stop()
    print(f"{NAME}: a server's runs: 3 taken on are there, 1 cancelled and 1 removed are not", flush=True)


def body(work, base):
    New(NAME, work, base, ["new", "t.ct", "--crs", things.CRS], after_code=3).all({"write": 1, "sync": 2, "rename": 3})
    good(["new", "t.ct", "--crs", things.CRS], base)
    things.ground(base, "ground.asc")
    things.buildings(base, "buildings.geojson", 100)
    things.devices(base, "devices.geojson", DEVICES)
    things.storm(base, "storm.json")
    Power(NAME, work, base, ["import", "t.ct", "buildings.geojson", "ground.asc", "--crs", things.CRS],
          after_code=3).all({"write": 3, "sync": 4, "rename": 3, "create": 2, "unlink": 2, "rmdir": 1})
    Power(NAME, work, base, ["import", "t.ct", "storm.json", "--as", "scenario"]).all({"sync": 2, "rename": 3})
    good(["import", "t.ct", "devices.geojson", "ground.asc", "--crs", things.CRS], base)
    Power(NAME, work, base, ["run", "t.ct", "storm.json"]).all({"sync": 2, "rename": 2, "mkdir": 2, "create": 2})
    Power(NAME, work, base, ["backup", "t.ct", "copy.ct"], after_code=3).all({"sync": 3, "rename": 5, "mkdir": 1, "rmdir": 1})
    observations(work, base)
    jobs(work, base)


main(NAME, body)
