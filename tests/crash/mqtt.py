"""MQTT as the devices and the wire see it: a broker, a publisher with a log of what was acknowledged, and a link between
broker and server that notes each message that the server has acknowledged and can hold messages back.
"""
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from datetime import datetime, timezone

import things
from crash import Wrong, good, must
from server import Server, count_rows, stored_rows

WINDOW = 2000  # of a publisher: messages on their way to the broker
T0_US = 1_784_577_600_000_000  # 2026-07-20T20:00:00Z
CONNACK, PUBLISH, PUBACK, SUBACK = 2, 3, 4, 9


def needs_broker():
    """Ends the test as skipped where there is no mosquitto."""
    if not shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin"):
        print("skipped: mosquitto is not installed (package mosquitto)")
        sys.exit(77)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def number(n):
    """MQTT's variable length."""
    out = bytearray()
    while True:
        out.append(n % 128 | (128 if n > 127 else 0))
        n //= 128
        if not n:
            return bytes(out)


def text(s):
    raw = s.encode()
    return len(raw).to_bytes(2, "big") + raw


def read_number(data, at):
    value = shift = 0
    while at < len(data):
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 128:
            return value, at
    return None, at


def reading(topic, payload):
    """((device, time in us), value) of a message."""
    said = json.loads(payload)
    at = datetime.strptime(said["t"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    since = at - datetime(1970, 1, 1, tzinfo=timezone.utc)
    time_us = (since.days * 86400 + since.seconds) * 1000000 + since.microseconds
    return (topic.rsplit("/", 1)[1], time_us), said["v"]


class Packets:
    """Whole packets out of a stream: (type, flags, body, raw)."""

    def __init__(self):
        self.rest = b""

    def feed(self, data):
        self.rest += data
        at = 0
        while len(self.rest) - at >= 2:
            length, begin = read_number(self.rest, at + 1)
            if length is None or len(self.rest) < begin + length:
                break
            first, end = self.rest[at], begin + length
            yield first >> 4, first & 15, self.rest[begin:end], self.rest[at:end]
            at = end
        self.rest = self.rest[at:]


class Message:
    """Message n: its device, time and value follow from n."""

    def __init__(self, n, devices):
        self.device, self.time_us, self.value = f"d-{n % devices}", T0_US + n * 1000, float(n)

    def key(self):
        return self.device, self.time_us

    def payload(self):
        at = datetime.fromtimestamp(self.time_us // 1000000, timezone.utc)
        return f'{{"t":"{at:%Y-%m-%dT%H:%M:%S}.{self.time_us % 1000000:06d}Z","v":{self.value}}}'


class Broker:
    """A real mosquitto, which saves what it has once a second.

    It acknowledges before it saves, whatever it is told: with autosave_on_changes too (which takes seconds for a
    thousand messages). So a killed broker loses what it acknowledged since the last save and had not passed on.
    """

    SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools/broker")

    def __init__(self, folder):
        self.folder, self.port, self.pid = folder, free_port(), 0
        self.start()

    def start(self):
        done = subprocess.run([self.SCRIPT, "start", self.folder, str(self.port)], stdout=subprocess.PIPE,
                              text=True, timeout=60, check=False)
        must(done.returncode == 0, "the broker did not start")
        self.pid = int(done.stdout)

    def kill(self):
        os.kill(self.pid, 9)
        self.wait()

    def wait(self):
        while os.path.exists(f"/proc/{self.pid}") and self.alive():
            time.sleep(0.005)

    def alive(self):  # a zombie is not
        try:
            with open(f"/proc/{self.pid}/stat", encoding="utf-8") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    def stop(self):
        subprocess.run([self.SCRIPT, "stop", self.folder], timeout=60, check=False)


class Publisher:
    """Publishes messages with QoS 1 and knows which of them the broker has acknowledged, and when."""

    def __init__(self, port, topic, devices):
        self.port, self.topic, self.devices = port, topic, devices
        self.sent = 0  # messages given out so far: 0 .. sent - 1
        self.acknowledged = {}  # n -> time of its acknowledgement
        self.waiting = []  # to be sent: n
        self.on_way = {}  # packet id -> n
        self.next_id = 0
        self.socket = None
        self.connect()

    def connect(self):
        until = time.monotonic() + 30
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
                body = text("MQTT") + bytes([4, 2]) + (600).to_bytes(2, "big") + text(f"devices-{os.getpid()}")
                self.socket.sendall(b"\x10" + number(len(body)) + body)
                self.packets = Packets()
                while True:
                    data = self.socket.recv(65536)
                    if not data:
                        raise OSError("closed")
                    if any(kind == CONNACK for kind, _, _, _ in self.packets.feed(data)):
                        return
            except OSError as error:
                if time.monotonic() > until:
                    raise Wrong(f"the broker takes no connection: {error}") from None
                time.sleep(0.02)

    def reconnect(self, again_s=0.0):
        """As a device does: all without an acknowledgement is sent again, and what was acknowledged within the last
        `again_s` seconds."""
        lost = time.monotonic()
        self.socket.close()
        self.connect()
        again = {n for n, at in self.acknowledged.items() if at >= lost - again_s}
        self.waiting = sorted(again | set(self.on_way.values()) | set(self.waiting))
        self.on_way = {}
        return len(again)

    def give(self, count):
        self.waiting += range(self.sent, self.sent + count)
        self.sent += count

    def send_some(self):
        out = bytearray()
        while self.waiting and len(self.on_way) < WINDOW and len(out) < 32768:
            n = self.waiting.pop(0)
            while True:
                self.next_id = self.next_id % 65535 + 1
                if self.next_id not in self.on_way:
                    break
            self.on_way[self.next_id] = n
            message = Message(n, self.devices)
            body = text(self.topic + message.device) + self.next_id.to_bytes(2, "big") + message.payload().encode()
            out += b"\x32" + number(len(body)) + body
        if out:
            self.socket.sendall(out)

    def work(self, wait_s=0.05):
        """Sends some, hears some; OSError where the broker is gone."""
        self.send_some()
        ready, _, _ = select.select([self.socket], [], [], wait_s if not self.waiting or len(self.on_way) >= WINDOW else 0)
        if not ready:
            return
        data = self.socket.recv(1 << 18)
        if not data:
            raise OSError("closed")
        now = time.monotonic()
        for kind, _, body, _ in self.packets.feed(data):
            if kind == PUBACK:
                self.acknowledged[self.on_way.pop(int.from_bytes(body[:2], "big"))] = now

    def finish(self):
        """Until all given is acknowledged."""
        until = time.monotonic() + 120
        while self.waiting or self.on_way:
            must(time.monotonic() < until, "the broker does not acknowledge")
            self.work()

    def close(self):
        self.socket.close()


class Link(threading.Thread):
    """Between server and broker, on a port of its own. `limit`: messages let through to the server per connection.

    A broker sends those again first that it has no acknowledgement of.
    """

    def __init__(self, broker_port):
        super().__init__(daemon=True)
        self.broker_port, self.limit = broker_port, None
        self.acknowledged = []  # (topic, payload) in the order of the server's acknowledgements
        self.subscriptions = 0  # of the server, that the broker has confirmed
        self.idle = threading.Event()  # nobody is connected, and all they said is noted
        self.idle.set()
        self.wrong = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                server, _ = self.listener.accept()
            except OSError:
                return
            self.idle.clear()
            try:
                with server, socket.create_connection(("127.0.0.1", self.broker_port), timeout=5) as broker:
                    self.carry(server, broker)
            except OSError:
                pass
            except KeyError as mid:
                self.wrong = f"the server acknowledges {mid}, which it was not given"
            self.idle.set()

    def carry(self, server, broker):
        down, up, mids, through, held = Packets(), Packets(), {}, 0, deque()
        while True:
            ready, _, _ = select.select([server, broker], [], [], 0.02)
            if broker in ready:
                data = broker.recv(1 << 18)
                if not data:
                    break
                for kind, _, body, raw in down.feed(data):
                    if kind == PUBLISH:
                        held.append((body, raw))
                    else:
                        server.sendall(raw)
                        self.subscriptions += kind == SUBACK
            out = bytearray()
            while held and (self.limit is None or through < self.limit) and len(out) < 1 << 18:
                body, raw = held.popleft()
                out += raw
                through += 1
                mid, message = self.parse(body)
                mids[mid] = message
            if out:
                server.sendall(out)
            if server in ready:
                data = server.recv(1 << 18)
                if not data:
                    break
                for kind, _, body, _ in up.feed(data):
                    if kind == PUBACK:
                        self.acknowledged.append(mids.pop(int.from_bytes(body[:2], "big")))
                broker.sendall(data)

    def pairs(self):
        """(device, time) -> value of all that the server has acknowledged so far."""
        must(self.wrong is None, self.wrong)
        return dict(reading(*message) for message in list(self.acknowledged))

    @staticmethod
    def parse(body):
        length = int.from_bytes(body[:2], "big")
        properties, begin = read_number(body, length + 4)
        return int.from_bytes(body[length + 2:length + 4], "big"), (body[2:length + 2].decode(), body[begin + properties:])

    def close(self):
        self.listener.close()


class Scene:
    """A twin with devices, a broker, a server that the link connects with it, and the devices' publisher."""

    TOPIC = "cimtwin/t/obs/"
    DEVICES = 40

    def __init__(self, base):
        self.twin = os.path.join(base, "t.ct")
        good(["new", "t.ct", "--crs", things.CRS], base)
        things.devices(base, "devices.geojson", self.DEVICES)
        good(["import", "t.ct", "devices.geojson"], base)
        self.broker = Broker(os.path.join(base, "broker"))
        self.link = Link(self.broker.port)
        server = self.serve()  # from now on the broker keeps its place
        self.wait(lambda: self.link.subscriptions == 1, "the server does not subscribe")
        server.stop()
        self.publisher = Publisher(self.broker.port, self.TOPIC, self.DEVICES)

    def serve(self, env=None):
        return Server(self.twin, ["--mqtt", f"mqtt://127.0.0.1:{self.link.port}"], env)

    @staticmethod
    def wait(done, otherwise, work=lambda: time.sleep(0.01)):
        until = time.monotonic() + 120
        while not done():
            must(time.monotonic() < until, otherwise)
            work()

    def look(self):
        """What is stored, once it is seen that nothing acknowledged is missing or other, and nothing is made up."""
        acknowledged = self.link.pairs()  # first: the server goes on
        stored = stored_rows(self.twin)
        missing = [key for key, value in acknowledged.items() if stored.get(key) != value]
        must(not missing, f"{len(missing)} acknowledged by the server are not stored, the first {missing[:3]}")
        strange = [key for key, value in stored.items() if self.message(value).key() != key or value >= self.publisher.sent]
        must(not strange, f"{len(strange)} rows are nobody's, the first {strange[:3]}")
        return acknowledged, stored

    def message(self, value):
        return Message(int(value), self.DEVICES)

    def drain(self):
        """All that was published gets into the store; row by row the same as the publisher's log."""
        self.link.limit = None
        server = self.serve()
        self.wait(lambda: count_rows(self.twin) >= self.publisher.sent, "the messages do not arrive",
                  lambda: time.sleep(0.1))
        self.wait(lambda: len(self.link.pairs()) >= self.publisher.sent, "the server does not acknowledge all",
                  lambda: time.sleep(0.1))
        server.stop()
        must(self.link.idle.wait(60), "the link is not closed")
        acknowledged, stored = self.look()
        log = {m.key(): m.value for m in (self.message(n) for n in self.publisher.acknowledged)}
        must(len(log) == self.publisher.sent, "not all was acknowledged to the devices")
        must(stored == log, f"{len(stored)} stored, {len(log)} acknowledged to the devices: other rows")
        must(acknowledged == stored, "what the server acknowledged is not what it stored")
        must("no problems" in good(["check", "t.ct"], os.path.dirname(self.twin)), "check is not clean")
        return len(stored)

    def close(self):
        self.publisher.close()
        self.link.close()
        self.broker.stop()
