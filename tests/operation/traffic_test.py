"""A server with everything at once: devices over MQTT, observations and acknowledgements over HTTP, readers of every kind,
followers of events, imports and a backup by other processes, runs that are made, cancelled and removed. Then it is told to
end while all of that goes on. Every answer is a good one, and what was acknowledged is stored, once. What it is for above
all: the address and thread sanitizers.

Environment: CIMTWIN, the program; DEVSIM, the devices' simulator; BROKER, the script that starts a broker."""
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time

from served import Load, Server, add_ground, cimtwin, features, make_twin, run, square, wait_for

RUNS = 5       # asked for; every second is cancelled
POSTS = 40     # observations over HTTP, at least
IMPORTS = 3
DEVICES = 12
SPEAK_S = 8    # how long the devices speak
SLOW_S = 200   # the most that is waited for on a busy machine under a sanitizer
DAY_S = 86400
TILES = [(10, 418, 836), (14, 6695, 13380), (16, 26783, 53521), (17, 53566, 107042), (18, 107132, 214084), (18, 107132, 214085)]
JSON = {"Content-Type": "application/json"}

STORM = {"title": {"en": "Storm", "zh": "暴雨"}, "start": "2026-07-20T20:00:00Z", "duration_s": 240, "cell_m": 4, "output_step_s": 60,
         "rain": [{"from_s": 0, "to_s": 120, "intensity_mm_h": 150}]}
LONG = dict(STORM, duration_s=2592000, output_step_s=86400, cell_m=0.5)  # to be cancelled


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Broker:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "broker")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        subprocess.run([os.environ["BROKER"], "start", self.folder, str(self.port)], stdout=subprocess.DEVNULL, timeout=60, check=True)
        self.url = "mqtt://127.0.0.1:%d" % self.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([os.environ["BROKER"], "stop", self.folder], timeout=60, check=False)


class Reader:
    """Asks for one path after the other on a connection that stays, now and then with the tag of the last answer."""

    def __init__(self, server, paths, allowed=()):
        self.server, self.paths, self.allowed = server, paths, {200, 204, 304, *allowed}
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.tags = {}

    def __call__(self, n):
        paths = self.paths() if callable(self.paths) else self.paths
        path = paths[n % len(paths)]
        headers = {"Accept-Encoding": "gzip"} if n % 2 else {}
        if n % 3 == 0 and path in self.tags:
            headers["If-None-Match"] = self.tags[path]
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status in self.allowed, "%s: %d: %s" % (path, answer.status, body[:300])
        if answer.headers["ETag"]:
            self.tags[path] = answer.headers["ETag"]
        time.sleep(0.004)  # others want to get on as well


def fixed_paths():
    paths = ["/", "/api", "/conformance", "/collections", "/twin", "/health", "/metrics", "/runs", "/scenarios", "/live/devices",
             "/live/devices/gauge-1", "/live/devices/gauge-2/history?limit=50", "/live/alarms", "/live/alarms?open=true",
             "/collections/buildings", "/collections/buildings/queryables", "/collections/buildings/items?limit=1000",
             "/collections/buildings/items?f=html", "/collections/buildings/items/b-3", "/collections/devices/items",
             "/collections/buildings/items?bbox=114,30.54,114.001,30.542&limit=5"]
    tiles = []
    for place in TILES:
        tiles += ["/tiles/WebMercatorQuad/%d/%d/%d" % place, "/collections/buildings/tiles/WebMercatorQuad/%d/%d/%d" % place,
                  "/collections/terrains/map/tiles/WebMercatorQuad/%d/%d/%d" % place]
    return paths, tiles


def run_paths(ids):
    """Of finished runs, which may be removed meanwhile."""
    paths = ["/runs"]
    for run_id in ids:
        base = "/runs/" + run_id
        paths += [base, base + "/buildings", base + "/files", base + "/files/run.json", base + "/compare?with=" + ids[0],
                  base + "/maps/depth/series?lon=114.0003&lat=30.5407", base + "/maps/max_depth/point?lon=114.0003&lat=30.5407",
                  base + "/maps/max_depth/legend"]
        paths += [base + "/maps/%s/tiles/WebMercatorQuad/%d/%d/%d" % (layer, *place)
                  for layer in ("max_depth", "max_speed", "arrival") for place in TILES[2:]]
    return paths


class Follower(threading.Thread):
    """Hears events until the server ends; counts their kinds."""

    def __init__(self, port):
        super().__init__()
        self.kinds = {}
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.sock.sendall(b"GET /live/events HTTP/1.1\r\nHost: here\r\n\r\n")
        self.start()

    def run(self):
        with self.sock, self.sock.makefile("rb") as lines:
            try:
                for line in lines:
                    if line.startswith(b"event: "):
                        kind = line[7:].strip().decode()
                        self.kinds[kind] = self.kinds.get(kind, 0) + 1
            except OSError:
                pass


def make_runs(server, finished):
    """One after the other; the second, fourth, ... is cancelled on its way, the first finished one removed at the end."""
    for k in range(RUNS):
        document = dict(LONG if k % 2 else STORM, seed=k)
        status, _, body = server.ask("/runs", "POST", json.dumps(document), JSON)
        assert status == 201, body
        path = "/runs/" + json.loads(body)["id"]
        wanted = "running" if k % 2 else "done"
        state = wait_for("run %d is %s" % (k, wanted), lambda: (
            lambda r: r if r["status"] in (wanted, "failed") else None)(server.json(path)), SLOW_S)
        moved = re.fullmatch(r"the twin was changed since the request; the run is ([0-9a-f]{32})", state.get("message") or "")
        assert state["status"] == wanted or moved, state  # an import came between
        if k % 2 and not moved:
            assert server.ask(path, "DELETE")[0] == 200
        else:
            finished.append(moved[1] if moved else state["id"])
    assert server.ask("/runs/" + finished[-1], "DELETE")[0] == 204


def stored_observations(twin):
    with sqlite3.connect("file:%s.d/obs.sqlite?mode=ro" % twin, uri=True) as db:
        rows = db.execute("SELECT device, time, value FROM observations").fetchall()
    db.close()
    assert len(set(rows)) == len(rows)
    return rows


def make_busy_twin(folder):
    twin = make_twin(folder, buildings=60, devices=0)
    add_ground(twin, folder)
    path = features(os.path.join(folder, "devices.geojson"), [
        ("gauge-%d" % i, {"type": "Point", "coordinates": [114.0 + i * 1e-4, 30.5406, 20]},
         {"kind": "water_level", "property": "water_level_m", "unit": "m", "interval_s": 60, "threshold_yellow": 0.5, "threshold_red": 1})
        for i in range(DEVICES)])
    cimtwin("import", twin, path, "--as", "device")
    with open(os.path.join(folder, "storm.json"), "w", encoding="utf-8") as f:
        json.dump(STORM, f)
    cimtwin("import", twin, f.name, "--as", "scenario")
    return twin


def everything_at_once(folder):
    twin = make_busy_twin(folder)
    begun, posted, finished = time.time(), [], []

    def import_more(n):
        path = features(os.path.join(folder, "more.geojson"), [
            ("more-%d-%d" % (n, i), {"type": "Polygon", "coordinates": square(i, n % 40 + 1)}, {"name": "More"}) for i in range(30)])
        cimtwin("import", twin, path, "--as", "building")

    with Broker(folder) as broker, Server(twin, "--mqtt", broker.url, "--threads", "3", "--cache-mb", "1", "--retention", "400",
                                           "--timeout", "300") as server:
        def observe(n):
            at = utc(begun - 40 * DAY_S + n)
            rows = [{"device": "gauge-%d" % (n % DEVICES), "t": at, "v": n % 3}]
            status, _, body = server.ask("/live/observations", "POST", json.dumps(rows), JSON)
            assert status == 204, body
            posted.append((rows[0]["device"], at, n % 3))

        def acknowledge(_):
            for alarm in server.json("/live/alarms?open=true")["alarms"][:2]:
                status, _, body = server.ask("/live/alarms/%d/acknowledge" % alarm["id"], "POST", '{"by":"operator"}', JSON)
                assert status in (204, 400, 404, 409), body  # it may have been cleared meanwhile
            time.sleep(0.05)

        wait_for("the server has subscribed", lambda: server.json("/health")["checks"]["mqtt"]["status"] == "ok")
        followers = [Follower(server.port) for _ in range(3)]
        words, tiles = fixed_paths()
        loads = [Load(work) for work in (
            import_more, observe, acknowledge, Reader(server, words), Reader(server, tiles), Reader(server, tiles[::-1]),
            Reader(server, lambda: run_paths(finished), allowed=(404,)))]
        for load in loads:
            load.start()
        devices = subprocess.Popen([os.environ["DEVSIM"], twin, "--mqtt", broker.url, "--speed", "3000", "--busy", "50", "--start",
                                    utc(begun - 2 * DAY_S), "--duration", str(SPEAK_S)], stdout=subprocess.PIPE, text=True)
        make_runs(server, finished)
        backup = os.path.join(folder, "copy.ct")
        assert "no problems" in cimtwin("backup", twin, backup, "--verify").stdout
        said = devices.communicate(timeout=120)[0]
        told = re.search(r"(\d+) observations sent, (\d+) acknowledged", said)
        assert devices.returncode == 0 and told and told[1] == told[2] and int(told[1]) > DEVICES, said
        wait_for("the load has gone on", lambda: any(load.failure for load in loads) or
                 loads[0].n >= IMPORTS and loads[1].n >= POSTS and all(load.n for load in loads), SLOW_S)
        for load in loads[:3]:
            load.end()
        expected = int(told[1]) + len(posted)
        wait_for("every observation is stored", lambda: len(stored_observations(twin)) >= expected, SLOW_S)
        failures = [load.failure for load in loads if load.failure]
        assert not failures, failures
        # the readers and followers are at it while it ends
        assert server.stop() == 0, "the server ended badly: " + server.log()[-6000:]
        for load in loads[3:]:
            load.stop.set()
            load.join()
            assert load.failure is None or isinstance(load.failure, (OSError, http.client.HTTPException)), load.failure
        for follower in followers:
            follower.join()
            assert {"hello", "observation", "run", "change"} <= follower.kinds.keys(), follower.kinds
        log = server.log()
    stored = stored_observations(twin)
    assert len(stored) == expected, "%d observations were acknowledged, %d are stored" % (expected, len(stored))
    missing = set(posted) - {(device, at[:19] + "Z", value) for device, at, value in stored}
    assert not missing, sorted(missing)[:5]
    assert "Sanitizer" not in log and "runtime error" not in log, log[-6000:]
    assert "no problems" in cimtwin("check", twin).stdout
    print("%d observations over MQTT, %d over HTTP, %d imports, %d requests of readers, events %s" % (
        int(told[1]), len(posted), loads[0].n, sum(load.n for load in loads[3:]), followers[0].kinds))


if not shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin"):
    print("skipped: mosquitto is not installed (package mosquitto)")
    sys.exit(77)
run(everything_at_once)
