"""A disk that is read-only: mounted so, become so under the server, become so by an error of the file system. Commands read
where SQLite can, else say in one line which twin it is and that its disk is read-only; nothing is written, nothing crashes;
the server takes no values, says why, goes on answering, and comes back by itself.
The first step needs the shim READ_ONLY alone; the others root, who may mount a tmpfs (77 where not) and an ext4 image."""
import glob
import json
import os
import shutil
import signal
import subprocess
import time

from harness import Folder, Server, check, finish, get, must, request, run, skip, twin_hash

READ_ONLY = os.environ["READ_ONLY"]  # the shim
WAIT_S = 120
KEPT = ("info", "query", "check", "export", "backup")
SCENARIO = {"title": {"en": "Rain", "zh": "雨"}, "start": "2026-07-20T20:00:00Z", "duration_s": 1200, "cell_m": 4, "output_step_s": 60,
            "rain": [{"from_s": 0, "to_s": 1200, "intensity_mm_h": 90}]}


def write_sample(folder):
    """Ground, a house, devices and a scenario."""
    with open(f"{folder}/dem.asc", "w", encoding="ascii") as file:
        file.write("ncols 150\nnrows 150\nxllcorner 500000\nyllcorner 3380000\ncellsize 2\nNODATA_value -9999\n")
        for row in range(150):
            file.write(" ".join(f"{20 + 0.01 * row + 0.02 * abs(60 - column):.2f}" for column in range(150)) + "\n")
    ring = [[114.0001, 30.5301], [114.0002, 30.5301], [114.0002, 30.5302], [114.0001, 30.5302], [114.0001, 30.5301]]
    for name, features in (
            ("house", [{"type": "Feature", "properties": {"id": "house"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]),
            ("devices", [{"type": "Feature", "properties": {"id": "wl", "kind": "water_level", "property": "water_level_m", "unit": "m"},
                          "geometry": {"type": "Point", "coordinates": [114.0001, 30.53]}}])):
        with open(f"{folder}/{name}.geojson", "w", encoding="ascii") as file:
            json.dump({"type": "FeatureCollection", "features": features}, file)
    with open(f"{folder}/rain.json", "w", encoding="utf-8") as file:
        json.dump(SCENARIO, file)


def make_twin(twin, samples):
    must("new", twin, "--crs", "EPSG:4547")
    must("import", twin, f"{samples}/dem.asc", "--crs", "EPSG:4547")
    must("import", twin, f"{samples}/devices.geojson", "--as", "device")


def commands(twin, samples):
    """Each with words that succeed where the disk can be written; what they make elsewhere is in `samples`."""
    return {"info": [twin], "query": [twin, "devices"], "check": [twin], "export": [twin, "--to", f"{samples}/out.gpkg"],
            "backup": [twin, f"{samples}/copy.ct"], "import": [twin, f"{samples}/house.geojson", "--as", "building"],
            "run": [twin, f"{samples}/rain.json"], "serve": [twin, "--listen", "127.0.0.1:0"]}


def refused(path, *words):
    """Exit code 1 and one line that names the file and the reason."""
    code, text, _ = run(*words)
    lines = [line for line in text.splitlines() if line.startswith("cimtwin:")]
    if check(code == 1 and len(lines) == 1, f"{words}: {code} {text[-400:]}"):
        check(os.path.basename(path) in lines[0] and "read-only" in lines[0].lower(), f"{words}: {lines[0]}")
        print("   ", lines[0])


def made(samples):
    return glob.glob(f"{samples}/out.gpkg*") + glob.glob(f"{samples}/copy.ct*") + glob.glob(f"{samples}/.*")


def reads_but_writes_not(twin, samples):
    """Of a twin whose log and its index are there."""
    for name, words in commands(twin, samples).items():
        if name in KEPT:
            code, text, _ = run(name, *words)
            check(code == 0, f"{name}: {code} {text[-400:]}")
        else:
            refused(twin, name, *words)
    code, text, _ = run("check", f"{samples}/copy.ct")
    check(code == 0, f"the backup: {text}")
    for path in made(samples):
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


# ---- under the server ----

def observe(server, n):
    body = json.dumps([{"device": "wl", "t": f"2026-07-20T20:00:{n:02}Z", "v": 0.25}])
    return request(server.port, "POST", "/live/observations", body, ["Content-Type: application/json"])


def submit(server, scenario):
    return request(server.port, "POST", "/runs", json.dumps(scenario), ["Content-Type: application/json"])


def until(what, look):
    """The first true answer."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if answer := look():
            return answer
        time.sleep(0.1)
    raise SystemExit(f"never {what}")


def health(server, status):
    def look():
        document = get(server.port, "/health").json()
        return document if document["status"] == status else None
    return until(status, look)


def times(server):
    return [value["t"][-3:-1] for value in get(server.port, "/live/devices/wl/history?limit=100").json()["observations"]]


def run_state(server, answer, *wanted):
    def look():
        state = get(server.port, f"/runs/{answer.json()['id']}").json()
        return state if state["status"] in wanted else None
    return until(wanted, look)


def serves_on(server):
    """Nothing can be written: what is refused, and how; what goes on."""
    for _ in range(2):
        answer = observe(server, 50)
        check(answer.status == 503 and int(answer.headers.get("retry-after", 0)) > 0, f"observation: {answer.raw[:400]}")
        check("read-only" in answer.detail(), answer.detail())
        state = health(server, "degraded")
        check(state["reasons"] == ["disk-read-only"] and "read-only" in state["checks"]["storage"]["message"], state)
        time.sleep(2.5)  # it tries again in the meantime, in vain
    answer = submit(server, {**SCENARIO, "duration_s": 600})
    check(answer.status == 503 and "read-only" in answer.detail(), f"run: {answer.raw[:400]}")
    for target in ("/twin", "/collections/devices/items", "/live/devices/wl/history?limit=10", "/runs", "/metrics"):
        check(get(server.port, target).status == 200, target)
    check("50" not in times(server), "what was refused was stored")


def becomes_read_only(samples):
    """And can be written again, while the server has all files open."""
    twin, flag = f"{samples}/served/town.ct", f"{samples}/read-only"
    os.mkdir(f"{samples}/served")
    make_twin(twin, samples)
    os.environ.update(LD_PRELOAD=READ_ONLY, CT_READ_ONLY_UNDER=f"{samples}/served", CT_READ_ONLY_WHILE=flag)
    with Server(twin) as server:
        for name in ("LD_PRELOAD", "CT_READ_ONLY_UNDER", "CT_READ_ONLY_WHILE"):
            os.environ.pop(name)
        check(observe(server, 1).status == 204, "before")
        health(server, "ok")
        running = submit(server, {**SCENARIO, "duration_s": 86400, "cell_m": 2})
        run_state(server, running, "running")
        open(flag, "w", encoding="ascii").close()
        state = run_state(server, running, "failed", "done")
        check(state["status"] == "failed" and "read-only" in state["message"].lower(), state)
        serves_on(server)
        os.remove(flag)
        check(health(server, "ok")["reasons"] == [], "reasons")
        check(observe(server, 2).status == 204 and sorted(times(server)) == ["01", "02"], times(server))
        again = submit(server, {**SCENARIO, "duration_s": 600})
        check(again.status == 201, again.raw[:400])
        check(run_state(server, again, "done", "failed")["status"] == "done", "a run afterwards")
        check(server.said().count("takes observations again") == 1, f"it came back once: {server.said()}")
    must("check", twin)


# ---- mounted so ----

class Disk:
    """A mounted file system; `why` it could not be."""

    def __init__(self, folder, *words):
        self.folder = folder
        os.mkdir(folder)
        done = subprocess.run(["mount", *words, folder], capture_output=True, text=True, check=False)
        self.why = done.stderr.strip() if done.returncode else ""

    def remount(self, how):
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)

    def unmount(self):
        subprocess.run(["umount", "-l", self.folder], check=not self.why, stderr=subprocess.DEVNULL)


def mounted_read_only(disk, samples):
    closed, left, other = f"{disk.folder}/town.ct", f"{disk.folder}/left.ct", f"{samples}/other.ct"
    for twin in (closed, left, other):
        make_twin(twin, samples)
    shutil.copy(f"{samples}/house.geojson", f"{disk.folder}/house.geojson")
    server = Server(left)
    check(observe(server, 1).status == 204, "before")
    server.child.send_signal(signal.SIGKILL)
    server.child.wait()
    disk.remount("ro")
    before = twin_hash(other, quick=True)
    for name, words in commands(closed, samples).items():
        refused(closed, name, *words)
    check(not made(samples), f"left behind: {made(samples)}")
    refused(f"{disk.folder}/new.ct", "new", f"{disk.folder}/new.ct", "--crs", "EPSG:4547")
    refused(f"{disk.folder}/copy.ct", "backup", other, f"{disk.folder}/copy.ct")
    refused(f"{disk.folder}/out.gpkg", "export", other, "--to", f"{disk.folder}/out.gpkg")
    check(twin_hash(other, quick=True) == before, "a refused command changed the other twin")
    reads_but_writes_not(left, samples)
    must("import", other, f"{disk.folder}/house.geojson", "--as", "building")
    for twin in (closed, left):  # what the error advises
        os.mkdir(f"{samples}/elsewhere")
        for path in glob.glob(f"{twin}*"):
            (shutil.copytree if os.path.isdir(path) else shutil.copy)(path, f"{samples}/elsewhere/{os.path.basename(path)}")
        must("check", f"{samples}/elsewhere/{os.path.basename(twin)}")
        shutil.rmtree(f"{samples}/elsewhere")
    disk.remount("rw")
    for twin in (closed, left):
        must("import", twin, f"{samples}/house.geojson", "--as", "building")
        must("check", twin)


def error_of_the_disk(samples):
    """The kernel itself makes a file system read-only, with the server's files open; it stays so until it is unmounted."""
    image = f"{samples}/image"
    with open(image, "wb") as file:
        file.truncate(128 << 20)
    if not shutil.which("mkfs.ext4", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        return "mkfs.ext4 is missing"
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
    disk = Disk(f"{samples}/ext4", "-o", "loop,errors=remount-ro", image)
    if disk.why:
        return disk.why
    try:
        device = subprocess.run(["findmnt", "-n", "-o", "SOURCE", disk.folder], capture_output=True, text=True, check=True).stdout.strip()
        trigger = f"/sys/fs/ext4/{os.path.basename(device)}/trigger_fs_error"
        if not os.access(trigger, os.W_OK):
            return f"{trigger} cannot be written"
        twin = f"{disk.folder}/town.ct"
        make_twin(twin, samples)
        with Server(twin) as server:
            check(observe(server, 1).status == 204, "before")
            os.sync()
            with open(trigger, "w", encoding="ascii") as file:
                file.write("test")
            serves_on(server)
            check("takes observations again" not in server.said(), server.said())
        reads_but_writes_not(twin, samples)
    finally:
        disk.unmount()
    back = Disk(f"{samples}/again", "-o", "loop", image)
    try:
        must("check", f"{back.folder}/town.ct")
    finally:
        back.unmount()
    return ""


def main():
    with Folder() as samples:
        write_sample(samples)
        becomes_read_only(samples)
        disk = Disk(f"{samples}/disk", "-t", "tmpfs", "-o", "size=64m", "tmpfs")
        if disk.why:
            skip(f"the disk that becomes read-only passed; no tmpfs can be mounted for the rest: {disk.why}")
        try:
            mounted_read_only(disk, samples)
        finally:
            disk.unmount()
        why = error_of_the_disk(samples)
        if why:
            print("an error of the disk: not tried:", why)
    finish("read-only disks")


if __name__ == "__main__":
    main()
