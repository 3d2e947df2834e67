"""A small disk that fills up: during an import, a run, observations by HTTP and by MQTT. Each time the program says that the
disk is full and leaves nothing half done; the server says so in /health and comes back by itself when there is room.
  disk_full_test.py BUILD_FOLDER TOOLS_BROKER [STEP...]
Needs the right to mount a tmpfs (77 where it is refused) and mosquitto."""
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

BUILD, BROKER, *WANTED = sys.argv[1:]  # steps by name; all if none is named
CIMTWIN = BUILD + "/cimtwin"
DISK_MB = 28  # a new twin has 8
WAIT_S = 120


def skip(reason):
    print("SKIP:", reason)
    sys.exit(77)


def check(truth, what):
    if not truth:
        raise AssertionError(what)


def run(*words, code=0):
    done = subprocess.run([CIMTWIN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=WAIT_S)
    check(done.returncode == code, f"{words}: exit code {done.returncode}, not {code}: {done.stderr[-400:]}")
    return done


def refused(*words):
    """The command fails at work and says why, in one line."""
    done = run(*words, code=1)
    errors = [line for line in done.stderr.splitlines() if line.startswith("cimtwin:")]
    check(len(errors) == 1, f"{words}: one error, not {done.stderr!r}")
    check("the disk is full" in errors[0] or "No space left on device" in errors[0], f"{words}: {errors[0]}")
    return errors[0]


class Disk:
    """A tmpfs, and the file that takes its room away."""

    def __init__(self, work):
        self.folder = work + "/disk"
        os.mkdir(self.folder)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", self.folder], capture_output=True, text=True)
        if mounted.returncode != 0:
            shutil.rmtree(work)
            skip(f"a tmpfs cannot be mounted: {mounted.stderr.strip()}")
        self.filler = self.folder + "/filler"

    def free(self):
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize

    def fill(self, leave=0):
        """Takes all room but `leave` bytes."""
        with open(self.filler, "ab", buffering=0) as file:
            while (rest := self.free() - leave) > 0:
                try:
                    file.write(b"\1" * min(rest, 1 << 20))
                except OSError:
                    break

    def empty(self):
        if os.path.exists(self.filler):
            os.remove(self.filler)

    def unmount(self):
        subprocess.run(["umount", "-l", self.folder], check=True)  # even if a failed test has something open


def dump(path):
    """Hash of every row of every table of an SQLite file."""
    digest = hashlib.sha256()
    with sqlite3.connect(path) as db:
        tables = db.execute("SELECT name FROM sqlite_schema WHERE type='table' AND rootpage>0 ORDER BY name").fetchall()
        for (name,) in tables:
            for row in db.execute(f'SELECT * FROM "{name}"'):
                digest.update(repr(row).encode())
    db.close()
    return digest.hexdigest()


def files(folder):
    """Every file and folder below, with sizes; SQLite's own companions aside."""
    found = {}
    for here, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(here, name)
            if not name.endswith(("-wal", "-shm")) and name != "filler":
                found[os.path.relpath(path, folder)] = os.path.getsize(path) if os.path.isfile(path) else -1
    return found


def write_ground(path, cells, roughness_m):
    """A valley; rough ground does not get small by compression."""
    with open(path, "w") as file:
        file.write(f"ncols {cells}\nnrows {cells}\nxllcorner 500000\nyllcorner 3380000\ncellsize 2\nNODATA_value -9999\n")
        for row in range(cells):
            file.write(" ".join(f"{20 + 0.01 * row + 0.02 * abs(60 - column) + roughness_m * (row * 7919 + column * 104729 + row * column * 31 % 997) % 1:.4f}"
                                for column in range(cells)) + "\n")


def write_buildings(path, name, n):
    features = []
    for i in range(n):
        x, y = 114.0 + 1e-4 * (i % 300), 30.5 + 1e-4 * (i // 300)
        ring = [[x, y], [x + 5e-5, y], [x + 5e-5, y + 5e-5], [x, y + 5e-5], [x, y]]
        features.append({"type": "Feature", "properties": {"id": f"{name}-{i}", "name": f"House {i} " + "x" * 200}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    with open(path, "w") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)


def write_devices(path):
    features = [{"type": "Feature", "properties": {"id": f"wl-{i}", "kind": "water_level", "property": "water_level_m", "unit": "m", "threshold_red": 1.5},
                 "geometry": {"type": "Point", "coordinates": [114.0 + 1e-4 * i, 30.53]}} for i in range(20)]
    with open(path, "w") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)


def sample(work, twin):
    write_ground(work + "/dem.asc", 150, 0)
    write_ground(work + "/rough.asc", 400, 0.37)
    write_buildings(work + "/few.geojson", "few", 100)
    write_buildings(work + "/more.geojson", "more", 100)
    write_buildings(work + "/many.geojson", "many", 40000)
    write_devices(work + "/devices.geojson")
    scenario = {"title": {"en": "Rain", "zh": "雨"}, "start": "2026-07-20T20:00:00Z", "duration_s": 1200, "cell_m": 4, "output_step_s": 60,
                "rain": [{"from_s": 0, "to_s": 1200, "intensity_mm_h": 90}]}
    with open(work + "/rain.json", "w") as file:
        json.dump(scenario, file)
    run("new", twin, "--crs", "EPSG:4547")
    run("import", twin, work + "/dem.asc", "--crs", "EPSG:4547")
    run("import", twin, work + "/devices.geojson", "--as", "device")
    run("import", twin, work + "/few.geojson", "--as", "building")
    return scenario


def in_order(twin):
    run("check", twin)


def new_on_a_full_disk(disk, twin):
    other = disk.folder + "/other.ct"
    disk.fill(leave=1 << 20)
    print("   ", refused("new", other, "--crs", "EPSG:4547"))
    check(not [name for name in os.listdir(disk.folder) if name.startswith("other")], f"left behind: {os.listdir(disk.folder)}")
    disk.empty()


def import_fills_the_disk(disk, work, twin):
    before, there = dump(twin), files(disk.folder)
    disk.fill(leave=3 << 20)
    print("   ", refused("import", twin, work + "/many.geojson", "--as", "building"))
    disk.empty()
    check(dump(twin) == before, "a refused import changed the twin")
    for leave_kb in (0, 100, 300):
        disk.fill(leave=leave_kb << 10)
        print("   ", refused("import", twin, work + "/rough.asc", "--crs", "EPSG:4547"))  # a raster, into the folder
        disk.empty()
        check(dump(twin) == before, "a refused raster changed the twin")
    check(files(disk.folder) == there, f"left behind: {set(files(disk.folder).items()) ^ set(there.items())}")
    in_order(twin)
    run("import", twin, work + "/more.geojson", "--as", "building")


def run_fills_the_disk(disk, work, twin):
    before, there = dump(twin), files(disk.folder)
    for leave_kb in (0, 8, 40, 160, 400, 700):
        disk.fill(leave=leave_kb << 10)
        print(f"    {leave_kb} kB:", refused("run", twin, work + "/rain.json"))
        disk.empty()
        check(dump(twin) == before, "a refused run changed the twin")
        check(files(disk.folder) == there, f"{leave_kb} kB: left behind: {set(files(disk.folder).items()) ^ set(there.items())}")
    in_order(twin)
    name = run("run", twin, work + "/rain.json").stdout.strip()
    size = sum(size for path, size in files(f"{twin}.d/runs/{name}").items() if size > 0)
    check(size > 800 << 10, f"the run has {size} bytes: the tries above left more room than it takes")
    shutil.rmtree(f"{twin}.d/runs/{name}")


def backup_fills_the_disk(disk, twin):
    before, there = dump(twin), files(disk.folder)
    disk.fill(leave=2 << 20)
    print("   ", refused("backup", twin, disk.folder + "/copy.ct"))
    disk.empty()
    check(files(disk.folder) == there and dump(twin) == before, "a refused backup left something")


class Server:
    def __init__(self, twin, mqtt_port):
        self.process = subprocess.Popen([CIMTWIN, "serve", twin, "--listen", "127.0.0.1:0", "--mqtt", f"mqtt://127.0.0.1:{mqtt_port}"],
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1].rstrip("/")

    def ask(self, path, body=None):
        """Status, headers and JSON of an answer."""
        request = urllib.request.Request(self.url + path, headers={"Content-Type": "application/json"}, data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, answer.headers, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, error.headers, json.loads(error.read())

    def until(self, what, truth):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            _, _, health = self.ask("/health")
            if truth(health):
                return health
            time.sleep(0.1)
        raise AssertionError(f"never {what}: {health}")

    def times(self, device):
        """The times of all stored values of a device."""
        _, _, answer = self.ask(f"/live/devices/{device}/history?limit=100000")
        return [value["t"] for value in answer["observations"]]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(WAIT_S)


def stamp(n):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1784577600 + n))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def publish(port, device, first, n):
    """n messages of QoS 1, taken by the broker."""
    for i in range(first, first + n):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t", f"cimtwin/town/obs/{device}",
                        "-m", json.dumps({"t": stamp(i), "v": 0.5})], check=True, timeout=60)


def observations_fill_the_disk(disk, twin, port, scenario):
    server = Server(twin, port)
    acknowledged, refused_rows, next_row = [], [], 0
    try:
        server.until("ok", lambda health: health["status"] == "ok")
        publish(port, "wl-1", 0, 3)
        disk.fill(leave=2200 << 10)
        while not refused_rows:  # until the disk is full
            rows = [{"device": "wl-0", "t": stamp(next_row + i), "v": 0.25} for i in range(4000)]
            next_row += len(rows)
            status, headers, problem = server.ask("/live/observations", rows)
            if status == 204:
                acknowledged += [row["t"] for row in rows]
                check(next_row < 10 ** 6, "the disk never fills")
                continue
            check(status == 507, f"status {status}: {problem}")
            check(int(headers["Retry-After"]) > 0, "Retry-After")
            check("disk is full" in problem["detail"], problem)
            refused_rows += [row["t"] for row in rows]
        check(len(acknowledged) > 0, "nothing was taken before the disk was full")
        health = server.until("degraded", lambda health: health["status"] == "degraded")
        check(health["reasons"] == ["disk-full"], health)
        check("disk is full" in health["checks"]["storage"]["message"], health)
        disk.fill()
        publish(port, "wl-1", 3, 20)  # the broker takes them, the server cannot
        server.until("left the broker", lambda health: health["checks"]["mqtt"]["status"] == "degraded")
        check(server.ask("/live/observations", [{"device": "wl-2", "t": stamp(0), "v": 1}])[0] == 507, "507")
        check(server.ask("/twin")[0] == 200 and server.ask("/collections/buildings/items?limit=5")[0] == 200, "reading goes on")
        status, _, answer = server.ask("/runs", scenario)
        if status in (200, 201, 202):  # taken: then it fails and says why
            end = time.monotonic() + WAIT_S
            while (state := server.ask(f"/runs/{answer['id']}")[2])["status"] in ("queued", "running") and time.monotonic() < end:
                time.sleep(0.1)
            check(state["status"] == "failed" and "full" in json.dumps(state), state)
        else:
            check(status == 507, f"{status} {answer}")
        disk.empty()
        server.until("ok again", lambda health: health["status"] == "ok" and health["reasons"] == [])
        end = time.monotonic() + WAIT_S
        while len(server.times("wl-1")) < 23 and time.monotonic() < end:
            time.sleep(0.1)
        check(sorted(server.times("wl-1")) == [stamp(i) for i in range(23)], f"by MQTT: {server.times('wl-1')}")
        stored = []
        for first in range(0, next_row, 50000):
            _, _, answer = server.ask(f"/live/devices/wl-0/history?limit=100000&from={stamp(first)}&to={stamp(first + 49999)}")
            stored += [value["t"] for value in answer["observations"]]
        check(sorted(stored) == acknowledged, f"{len(stored)} stored, {len(acknowledged)} acknowledged")
        status, _, _ = server.ask("/live/observations", [{"device": "wl-2", "t": stamp(0), "v": 1}])
        check(status == 204 and len(server.times("wl-2")) == 1, "values are taken again")
    finally:
        status = server.stop()
    check(status == 0, f"the server ended with {status}")
    in_order(twin)


def main():
    for program in ("mosquitto", "mosquitto_pub"):
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            skip(program + " is missing")
    work = tempfile.mkdtemp(prefix="cimtwin-disk-")
    disk = Disk(work)
    port = free_port()
    try:
        subprocess.run([BROKER, "start", work + "/broker", str(port)], check=True, stdout=subprocess.DEVNULL)
        twin = disk.folder + "/town.ct"
        scenario = sample(work, twin)
        for name, step in (("a new twin", lambda: new_on_a_full_disk(disk, twin)), ("an import", lambda: import_fills_the_disk(disk, work, twin)),
                           ("a run", lambda: run_fills_the_disk(disk, work, twin)), ("a backup", lambda: backup_fills_the_disk(disk, twin)),
                           ("observations", lambda: observations_fill_the_disk(disk, twin, port, scenario))):
            began = time.monotonic()
            if WANTED and name not in WANTED:
                continue
            step()
            print(f"ok   {name} ({time.monotonic() - began:.1f} s)", flush=True)
    finally:
        subprocess.run([BROKER, "stop", work + "/broker"], check=False)
        disk.unmount()
        shutil.rmtree(work)


main()
