"""A broker that breaks off: what the simulator had published in the ten seconds before, acknowledged or not, comes again on
the next connection, before anything new. The broker is played by this test: it takes all and keeps nothing.
Environment: CIMTWIN, DEVSIM, the programs."""
import json
import os
import socket
import struct
import subprocess
import tempfile

DEVICES = 5


def read_exactly(link, n):
    data = b""
    while len(data) < n:
        piece = link.recv(n - len(data))
        if not piece:
            raise OSError("the simulator has gone")
        data += piece
    return data


def read_length(take):
    length, shift = 0, 0
    while True:
        byte = take()
        length |= (byte & 127) << shift
        if byte < 128:
            return length
        shift += 7


def read_packet(link):
    kind = read_exactly(link, 1)[0]
    return kind, read_exactly(link, read_length(lambda: read_exactly(link, 1)[0]))


def read_publish(body):
    """(message id, topic, payload) of one with QoS 1."""
    (length,) = struct.unpack_from(">H", body)
    rest = iter(body[4 + length:])
    properties = read_length(lambda: next(rest))
    return body[2 + length:4 + length], body[2:2 + length].decode(), bytes(rest)[properties:]


class Connection:
    def __init__(self, listener):
        self.link, _ = listener.accept()
        self.link.settimeout(60)
        kind, _ = read_packet(self.link)
        assert kind == 0x10, kind
        self.link.sendall(b"\x20\x03\x00\x00\x00")

    def take(self, n):
        """The next n observations, each acknowledged."""
        taken = []
        while len(taken) < n:
            kind, body = read_packet(self.link)
            if kind & 0xf0 == 0x30:
                identity, topic, payload = read_publish(body)
                self.link.sendall(b"\x40\x02" + identity)
                taken.append((topic, payload))
        return taken


def main():
    with tempfile.TemporaryDirectory(prefix="cimtwin-devsim-") as folder:
        twin, devices = os.path.join(folder, "t.ct"), os.path.join(folder, "devices.geojson")
        with open(devices, "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "features": [
                {"type": "Feature", "id": "d-%d" % i, "geometry": {"type": "Point", "coordinates": [114.05 + i / 1000, 30.52]},
                 "properties": {"name": "Gauge", "kind": "water_level", "property": "water_level_m", "unit": "m", "interval_s": 1}}
                for i in range(DEVICES)]}, file)
        subprocess.run([os.environ["CIMTWIN"], "new", twin, "--crs", "EPSG:4547"], check=True)
        subprocess.run([os.environ["CIMTWIN"], "import", twin, devices, "--as", "device"], check=True)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(60)
            simulator = subprocess.Popen([os.environ["DEVSIM"], twin, "--mqtt", "mqtt://127.0.0.1:%d" % listener.getsockname()[1]])
            try:
                first = Connection(listener)
                said = first.take(2 * DEVICES)
                assert len(set(said)) == len(said), "said twice without a reason"
                first.link.close()
                second = Connection(listener)
                again = second.take(2 * DEVICES)
                # One or two more may have been on their way when the connection broke.
                assert set(said) <= set(again + second.take(DEVICES)), (said, again)
                assert again[0] == said[0], "the oldest comes first"
            finally:
                simulator.terminate()
                simulator.wait(60)  # what it could not hand over at the end is not judged here
    print("devsim: %d observations taken, the connection broken, all said again" % len(said))


main()
