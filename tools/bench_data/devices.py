"""What the benches of observations share: a twin of devices, its server on one core, readers that ask meanwhile."""
import http.client
import json
import multiprocessing
import os
import re
import signal
import subprocess
import time

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("CT_BUILD", f"{HERE}/build/release"))
CIMTWIN = f"{BUILD}/cimtwin"
TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
DEVICES = 2000


def make_twin(twin, more=()):
    """dev-0 to dev-1999, which ring above 89, and `more` devices, which ring above 1."""
    features = [{"type": "Feature", "id": name, "geometry": {"type": "Point", "coordinates": [114.05, 30.52]},
                 "properties": {"id": name, "kind": "water_level", "property": "water_level_m", "threshold_red": red}}
                for name, red in [(f"dev-{i}", 89) for i in range(DEVICES)] + [(name, 1) for name in more]]
    source = f"{os.path.dirname(twin)}/devices.geojson"
    with open(source, "w", encoding="ascii") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)
    subprocess.run([CIMTWIN, "new", twin, "--crs", "EPSG:4547"], check=True)
    subprocess.run([CIMTWIN, "import", twin, source, "--as", "device"], check=True, stdout=subprocess.DEVNULL)


class Server:
    def __init__(self, twin, *words):
        self.process = subprocess.Popen([CIMTWIN, "serve", twin, "--listen", "127.0.0.1:0", *words],
                                        stdout=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: os.sched_setaffinity(0, CORES[:1]))
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])

    def cpu_s(self):
        fields = open(f"/proc/{self.process.pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self):
        text = open(f"/proc/{self.process.pid}/status", encoding="ascii").read()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        if self.process.wait(60) != 0:
            raise SystemExit("the server did not end well")


def read(port, stop, waits):
    """Histories and last values in turn, a hundred a second; each wait in ms."""
    client, i = http.client.HTTPConnection("127.0.0.1", port, timeout=120), 0
    while not stop.is_set():
        device = f"dev-{i * 37 % DEVICES}"
        begun = time.monotonic()
        client.request("GET", f"/live/devices/{device}/history?limit=100" if i % 2 else f"/live/devices/{device}")
        if client.getresponse().read()[:1] != b"{":
            break
        waits.append(1000 * (time.monotonic() - begun))
        i += 1
        time.sleep(max(0.0, 0.01 - (time.monotonic() - begun)))


def read_meanwhile(port, stop, pipe):
    waits = []
    read(port, stop, waits)
    pipe.send(waits)


def share_of(waits, share):
    return sorted(waits)[int(share * (len(waits) - 1))]


class Readers:
    """Two of them in a process of their own each, so that the clients' work does not count as theirs."""

    def __init__(self, port):
        self.stop, self.parts = multiprocessing.Event(), []
        for _ in range(2):
            mine, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(target=read_meanwhile, args=(port, self.stop, theirs))
            process.start()
            self.parts.append((process, mine))

    def end(self):
        """The 99th of 100 waits and the median in ms."""
        self.stop.set()
        waits = [w for _, pipe in self.parts for w in pipe.recv()]
        for process, _ in self.parts:
            process.join()
        return share_of(waits, 0.99), share_of(waits, 0.5)
