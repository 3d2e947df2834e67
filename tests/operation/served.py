"""What the tests of the running server share: a small twin, a server on it, requests, and a list of checks.

CIMTWIN names the program."""
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

CIMTWIN = os.environ["CIMTWIN"]
WAIT_S = 60  # the most that a condition is waited for: a loaded machine is slow, a broken one never gets there


def cimtwin(*words, code=0, **more):
    done = subprocess.run([CIMTWIN, *map(str, words)], capture_output=True, text=True, timeout=600, **more)
    assert done.returncode == code, "cimtwin %s: exit %d, not %d: %s" % (words, done.returncode, code, done.stderr)
    return done


def wait_for(what, condition, seconds=WAIT_S):
    end = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        assert time.monotonic() < end, "waited %g s in vain for: %s" % (seconds, what)
        time.sleep(0.02)


# A square near the twin's origin, in longitude and latitude; 60 squares lie in a row.
def square(i, row=0):
    x, y, d = 114.0 + (i % 60) * 2e-5, 30.5405 + row * 3e-5, 1e-5
    return [[[x, y], [x + d, y], [x + d, y + d], [x, y + d], [x, y]]]


def features(path, items):
    """Writes (id, GeoJSON geometry, properties) as a collection."""
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "id": i, "geometry": g, "properties": p} for i, g, p in items]}, f)
    return path


def make_twin(folder, name="town.ct", buildings=20, devices=3):
    twin = os.path.join(folder, name)
    cimtwin("new", twin, "--crs", "EPSG:4547", "--title", "Test town")
    path = os.path.join(folder, "in.geojson")
    cimtwin("import", twin, features(path, [("b-%d" % i, {"type": "Polygon", "coordinates": square(i)},
                                             {"name": "House %d" % i, "use": "residential"}) for i in range(buildings)]), "--as", "building")
    cimtwin("import", twin, features(path, [("gauge-%d" % i, {"type": "Point", "coordinates": [114.0 + i * 1e-4, 30.5406, 20]},
                                             {"kind": "water_level", "property": "water_level_m", "unit": "m"}) for i in range(devices)]), "--as", "device")
    return twin


def add_ground(twin, folder):
    """Ground that falls to the east, 120 m by 120 m, so that runs can be made."""
    path = os.path.join(folder, "ground.asc")
    with open(path, "w", encoding="ascii") as f:
        f.write("ncols 60\nnrows 60\nxllcorner 500000\nyllcorner 3380000\ncellsize 2\nNODATA_value -9999\n")
        for _ in range(60):
            f.write(" ".join("%.2f" % (12 - 0.03 * c) for c in range(60)) + "\n")
    cimtwin("import", twin, path, "--crs", "EPSG:4547")


class Server:
    """`cimtwin serve` until `stop` or the end of a `with`."""

    def __init__(self, twin, *words, env=None, ready=True):
        self.log_path = tempfile.mkstemp(prefix="cimtwin-log-")[1]
        self.log_file = open(self.log_path, "wb")
        words = list(words) if "--listen" in words or "--config" in words else ["--listen", "127.0.0.1:0", *words]
        self.process = subprocess.Popen([CIMTWIN, "serve", twin, *words], stdout=subprocess.PIPE, stderr=self.log_file,
                                        env={**os.environ, **(env or {})})
        self.port = None
        if ready:
            line = self.process.stdout.readline().decode()
            if " at http" not in line:
                self.process.kill()
                self.process.wait()
                raise AssertionError("no address: %r, log: %s" % (line, self.log()))
            # Behind a public address the port is the one that was asked for.
            here = line if " at http://127.0.0.1:" in line else words[words.index("--listen") + 1]
            self.port = int(here.rsplit(":", 1)[1].strip().rstrip("/"))

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="strict", newline="\n") as f:
            return f.read()

    def ask(self, path, method="GET", body=None, headers=None):
        """(status, headers with small letters, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, path, status=200, **more):
        got, _, body = self.ask(path, **more)
        assert got == status, "%s: %d, not %d: %s" % (path, got, status, body[:300])
        return json.loads(body)

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=WAIT_S)
        self.process.stdout.close()
        self.log_file.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind:
            sys.stderr.write(self.log()[-3000:])
        code = self.stop() if self.process.poll() is None else self.process.returncode
        if not kind:
            assert code == 0, "the server ended with %d: %s" % (code, self.log()[-2000:])
        os.unlink(self.log_path)


class Load(threading.Thread):
    """Does `work` over and over until told to stop; its first failure is raised by `end`."""

    def __init__(self, work):
        super().__init__()
        self.work, self.stop, self.failure, self.n = work, threading.Event(), None, 0

    def run(self):
        while not self.stop.is_set():
            try:
                self.work(self.n)
                self.n += 1
            except Exception as why:
                self.failure = why
                return

    def end(self):
        self.stop.set()
        self.join()
        if self.failure:
            raise self.failure


def run(*tests):
    """Each (or those that the command line names) in a folder of its own; exit status 1 if one fails."""
    tests = [t for t in tests if not sys.argv[1:] or t.__name__ in sys.argv[1:]]
    failures = 0
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            try:
                test(folder)
                print("ok   %s (%.1f s)" % (test.__name__, time.monotonic() - begin), flush=True)
            except Exception:
                failures += 1
                traceback.print_exc()
                print("FAIL %s" % test.__name__, flush=True)
    print("%d passed, %d failed" % (len(tests) - failures, failures))
    sys.exit(failures > 0)
