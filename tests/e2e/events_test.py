"""Server-sent events with a thousand clients: each gets every event in order, also over a reconnection with Last-Event-ID;
one that does not read costs the others nothing; the server stops cleanly with all of them connected and, started again,
tells those who come back to load anew. Environment: CIMTWIN, the program."""
import json
import os
import re
import resource
import select
import sys
import threading
import time

from harness import Folder, Server, check, connect, finish, get, must, request, skip

CLIENTS = 1000
LEAVERS = 300       # go in the middle and come back
ALARMS = 60         # events that are waited for
# the most that the server may grow by; a sanitizer keeps a copy of its own of all memory
GROWN_BYTES = float(os.environ.get("GROWN_BYTES", "64e6"))
PATIENCE_S = 90     # on a busy machine
T0 = time.time() - 3600


class Client:
    """One follower: takes the chunks apart, then the events; keeps numbers and a running check of their order."""

    def __init__(self, port, last_id=None):
        self.last_id = last_id
        self.ids, self.data = [], {}
        self.hellos = self.resets = 0
        self.ended = False
        self.open(port)

    def open(self, port):
        self.raw, self.text, self.head = b"", b"", True
        self.ended = False
        self.sock = connect(port, 60)
        place = f"Last-Event-ID: {self.last_id}\r\n" if self.last_id else ""
        self.sock.sendall(f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{place}\r\n".encode())
        self.sock.setblocking(False)

    def read(self):
        try:
            part = self.sock.recv(1 << 18)
        except BlockingIOError:
            return
        except ConnectionResetError:
            part = b""
        if not part:
            self.ended = True
            return
        self.raw += part
        if self.head:
            head, blank, rest = self.raw.partition(b"\r\n\r\n")
            if not blank:
                return
            check(head.startswith(b"HTTP/1.1 200"), f"a follower gets {head[:60]!r}")
            self.head, self.raw = False, rest
        while (size := self.raw.find(b"\r\n")) >= 0:
            length = int(self.raw[:size], 16)
            if len(self.raw) < size + 4 + length:
                break
            self.text += self.raw[size + 2:size + 2 + length]
            self.raw = self.raw[size + 4 + length:]
        *events, self.text = self.text.split(b"\n\n")
        for event in events:
            self.take(event.decode())

    def take(self, event):
        fields = dict(line.split(": ", 1) for line in event.split("\n") if ": " in line)
        kind = fields.get("event")
        if "id" in fields:
            self.last_id = fields["id"]
        if kind == "hello":
            self.hellos += 1
            self.hello = json.loads(fields["data"])
            self.first = int(fields["id"]) if not self.ids else self.first
        elif kind == "reset":
            self.resets += 1
        elif kind:
            self.ids.append(int(fields["id"]))
            self.data[int(fields["id"])] = (kind, fields["data"])

    def close(self):
        self.sock.close()


def read_until(clients, done, what, seconds=PATIENCE_S):
    """Reads all of them until `done` holds for each."""
    poll, by_fd = select.epoll(), {c.sock.fileno(): c for c in clients}
    for fd in by_fd:
        poll.register(fd, select.EPOLLIN)
    waiting, end = {c for c in clients if not done(c)}, time.monotonic() + seconds
    while waiting and time.monotonic() < end:
        for fd, _ in poll.poll(0.5):
            c = by_fd[fd]
            c.read()
            if c.ended:
                poll.unregister(fd)
            if c.ended or done(c):
                waiting.discard(c)
    poll.close()
    late = [c for c in clients if not done(c)]
    check(not late, f"{what}: {len(late)} of {len(clients)} clients wait in vain")


def make_twin():
    must("new", "t.ct", "--crs", "EPSG:4547")
    point = {"type": "Point", "coordinates": [114.05, 30.52]}
    features = [{"type": "Feature", "id": f"wl-{i}", "geometry": point,
                 "properties": {"id": f"wl-{i}", "kind": "water_level", "property": "water_level_m", "threshold_red": 1.0}}
                for i in range(20)]
    with open("devices.geojson", "w", encoding="ascii") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)
    must("import", "t.ct", "devices.geojson", "--as", "device")


class Publisher:
    """Each value either raises or clears an alarm: one event of its own each, beside the joined observations."""

    def __init__(self, port):
        self.port, self.n = port, 0

    def say(self):
        value = 2.5 if self.n // 20 % 2 == 0 else 0.1
        t = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(T0 + self.n))
        body = json.dumps([{"device": f"wl-{self.n % 20}", "t": t, "v": value}])
        answer = request(self.port, "POST", "/live/observations", body, ["Content-Type: application/json"], 60)
        check(answer.status == 204, f"an observation gets {answer.status} {answer.body[:200]!r}")
        self.n += 1


def alarms_of(client):
    return sum(1 for kind, _ in client.data.values() if kind == "alarm")


def follow(server):
    clients = [Client(server.port) for _ in range(CLIENTS)]
    silent, hasty = clients[0], Client(server.port)  # one never reads, one goes before the first event
    readers = clients[1:]
    read_until(readers + [hasty], lambda c: c.hellos, "the greeting")
    hasty.close()
    begun_bytes = server.memory_bytes()
    publisher = Publisher(server.port)
    leavers, stayers = readers[:LEAVERS], readers[LEAVERS:]
    for _ in range(ALARMS // 3):
        publisher.say()
    read_until(readers, lambda c: alarms_of(c) >= 3, "the first events")
    for c in leavers:
        c.close()
    for _ in range(ALARMS // 3):
        publisher.say()
    for c in [*leavers, hasty]:
        c.open(server.port)
    thread = threading.Thread(target=lambda: [publisher.say() for _ in range(ALARMS - 2 * (ALARMS // 3))])
    thread.start()  # while they come back
    everybody = readers + [hasty]
    read_until(everybody, lambda c: alarms_of(c) >= ALARMS, "every alarm")
    thread.join()
    judge(stayers, leavers, hasty)
    grown = server.memory_bytes() - begun_bytes
    check(grown < GROWN_BYTES, f"the server's memory grew by {grown / 1e6:.0f} MB")
    print(f"{len(stayers[0].ids)} events to {len(everybody)} clients; resident {begun_bytes / 1e6:.0f} MB, "
          f"grown by {grown / 1e6:.0f} MB")
    return everybody, silent


def judge(stayers, leavers, hasty):
    reference = stayers[0]
    last = min(c.ids[-1] for c in [*stayers, *leavers, hasty])
    expected = {n: reference.data[n] for n in reference.ids if n <= last}
    wrong = 0
    for c in [*stayers, *leavers, hasty]:
        got = [n for n in c.ids if n <= last]
        in_order = got == list(range(c.first + 1, last + 1))  # numbers without a gap, none twice
        same = all(c.data[n] == expected[n] for n in got)
        wrong += not (in_order and same and c.resets == 0)
    check(wrong == 0, f"{wrong} clients got something else than all events in order")
    check(all(c.hellos == 2 for c in [*leavers, hasty]), "who came back is greeted again")
    check(len({c.first for c in [*stayers, *leavers, hasty]}) == 1, "all began at the same place")


def stop_with_all(server, clients, silent):
    begun = time.monotonic()
    server.stop(60)
    took = time.monotonic() - begun
    read_until(clients, lambda c: c.ended, "the end of the stream", 30)
    check(took < 20, f"the stop with {len(clients)} followers takes {took:.1f} s")
    log = server.said()
    bad = [line for line in log.splitlines() if re.search(r"^(error|warning)|abort|panic|fatal", line, re.I)]
    check(not bad, f"the log says {bad[:5]}")
    silent.close()
    print(f"stopped with {len(clients)} followers in {took:.2f} s")


def after_a_restart(old):
    with Server("t.ct") as server:
        back = old[:200]
        for c in back:
            c.close()
            c.open(server.port)
        fresh = Client(server.port)
        read_until(back + [fresh], lambda c: c.hellos >= (1 if c is fresh else 2), "the greeting after a restart")
        check(all(c.resets == 1 for c in back), "after a restart who comes back is told to load anew")
        check(fresh.resets == 0, "a new client is not")
        publisher, before = Publisher(server.port), [alarms_of(c) for c in back]
        publisher.n = ALARMS
        publisher.say()
        wanted = dict(zip(back, before))
        read_until(back + [fresh], lambda c: alarms_of(c) > wanted.get(c, 0), "events after a restart")
        check(all(c.ids == sorted(set(c.ids)) for c in back), "numbers grow over a restart")
        answer = get(server.port, "/health")
        check(answer.status == 200, f"health: {answer.status}")
        for c in back + [fresh]:
            c.close()


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < 2 * CLIENTS:
        skip(f"only {hard} open files are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Folder():
        make_twin()
        server = Server("t.ct")
        clients, silent = follow(server)
        stop_with_all(server, clients, silent)
        for c in clients:
            c.hellos = 1
        after_a_restart(clients)
        for c in clients:
            c.close()
    finish(f"{CLIENTS} followers")


if __name__ == "__main__":
    sys.exit(main())
