"""Many connections that do nothing: the server keeps them while there is room, shuts the longest waiting ones when there is
none, tells a client that there is no room where all are at work, and answers a new client within a second all the time.
Environment: CIMTWIN, the program."""
import json
import re
import resource
import select
import socket
import time

from harness import Answer, Folder, Server, check, connect, finish, get, must, read_all

IN_TIME_S = 1.0
MANY = 10_000


def timed(port, what):
    """A new client's request, which must be answered in time. On a busy machine one hiccup in three is not the server's."""
    took = []
    for _ in range(3):
        begun = time.monotonic()
        answer = get(port, "/health")
        took.append(time.monotonic() - begun)
        check(answer.status == 200, f"{what}: a new client gets {answer.status} {answer.raw[:300]!r}")
    middle = sorted(took)[1]
    check(middle < IN_TIME_S, f"{what}: a new client waits {middle:.2f} s")
    return middle


def figure(port, name):
    return float(re.search(rf"^{name} (\S+)$", get(port, "/metrics").body.decode(), re.M)[1])


def gone(socks):
    """How many of the connections the server has closed."""
    poll, count = select.poll(), 0
    for sock in socks:
        poll.register(sock, select.POLLIN | select.POLLRDHUP)
    for _ in poll.poll(0):
        count += 1
    return count


def wait_until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            check(False, f"after {seconds} s not yet: {what}")
            return
        time.sleep(0.05)


def open_idle(port, count, every=None):
    socks = []
    for i in range(count):
        socks.append(connect(port))
        if every:
            every(i)
    return socks


def stream(port):
    """A client that follows the events; its first bytes have come."""
    sock = connect(port)
    sock.sendall(f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    data = b""
    while b"\n\n" not in data.partition(b"\r\n\r\n")[2]:
        part = sock.recv(65536)
        if not part:
            break
        data += part
    return sock, Answer(data)


def ten_thousand():
    """As many as an operator's limit of files lets both sides open, 10,000 as a rule; all of them stay."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(MANY, hard - 200, (hard // 4 * 3 - 16) * 8 // 9 - 50)
    # The server is started with the usual soft limit and has to raise it.
    with Server("town.ct", "--timeout", "300", before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))) as server:
        timed(server.port, "before")
        before = server.memory_bytes()
        begun = time.monotonic()
        idle = open_idle(server.port, count)
        took = time.monotonic() - begun
        wait_until(lambda: figure(server.port, "cimtwin_http_connections") >= count, f"{count} connections")
        held = server.memory_bytes() - before
        slowest = timed(server.port, f"{count} idle connections")
        event = stream(server.port)[0]
        check(gone(idle) == 0, f"{gone(idle)} of {count} idle connections were closed although there was room")
        check(held / count < 24_000, f"an idle connection takes {held / count:.0f} bytes")
        # Each of them still works.
        for sock in idle[::1000]:
            sock.sendall(f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
            check(Answer(read_all(sock)).status == 200, "an idle connection does not work any more")
        print(f"{count} idle connections in {took:.1f} s, {held / count:.0f} bytes each, a new client waits {slowest * 1e3:.0f} ms", flush=True)
    # Stopped with all of them connected; whatever the server said before, it has let go.
    check(event.recv(65536) is not None, "the stream ended")
    wait_until(lambda: gone(idle) == len(idle), "every connection closed after the stop")
    for sock in [event, *idle]:
        sock.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def ask_again(sock, port):
    sock.sendall(f"GET /conformance HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    data = b""
    while b'"conformsTo"' not in data or not data.rstrip().endswith(b"}"):
        part = sock.recv(65536)
        if not part:
            return False
        data += part
    return data.startswith(b"HTTP/1.1 200")


def more_than_there_is_room():
    with Server("town.ct", "--max-connections", "200", "--timeout", "300") as server:
        port = server.port
        busy, (event, _) = connect(port), stream(port)
        alive = []

        def at_work(i):
            if i % 20 == 0:
                alive.append(ask_again(busy, port))

        idle = open_idle(port, 1000, at_work)
        timed(port, "1,000 clients for 200 places")
        check(all(alive), "a client at work was cut off before idle ones")
        check(gone([event]) == 0, "a stream was cut off for idle clients")
        wait_until(lambda: figure(port, "cimtwin_http_connections") <= 241, "no more than 200 connections and a few on their way")
        check(figure(port, "cimtwin_http_connections_shed_total") >= 700, "few were shut")
        check(gone(idle[:700]) == 700, "some of the oldest are still there")
        check(gone(idle[-50:]) == 0, "some of the newest were shut")
        for sock in (busy, event, *idle):
            sock.close()
        wait_until(lambda: figure(port, "cimtwin_http_connections") <= 2, "all gone")


def all_at_work():
    with Server("town.ct", "--max-connections", "32") as server:
        streams = [stream(server.port)[0] for _ in range(32)]
        begun = time.monotonic()
        answer = get(server.port, "/health")
        took = time.monotonic() - begun
        check(answer.status == 503 and "32 clients" in answer.detail(), f"without room: {answer.raw[:500]!r}")
        check(answer.headers.get("retry-after") == "1" and answer.headers.get("connection") == "close", f"without room: {answer.headers}")
        check(took < 5, f"the refusal took {took:.2f} s")
        for sock in streams[:8]:
            sock.close()
        # A stream learns that its client has gone when something is written: after the first event the other side says so,
        # with the next one the place is free.
        changes = iter(range(1000))

        def room_again():
            name = f"gate-{next(changes)}"
            gate = {"type": "Feature", "properties": {"id": name, "name": name}, "geometry": {"type": "Point", "coordinates": [114.05, 30.52]}}
            with open("gates.geojson", "w", encoding="utf-8") as file:
                json.dump({"type": "FeatureCollection", "features": [gate]}, file)
            must("import", "town.ct", "gates.geojson")
            return get(server.port, "/health").status == 200

        wait_until(room_again, "room again")
        for sock in streams[8:]:
            sock.close()


def main():
    with Folder():
        must("new", "town.ct", "--crs", "EPSG:4547", "--title", "Town")
        for part in (ten_thousand, more_than_there_is_room, all_at_work):
            begun = time.monotonic()
            part()
            print(f"{part.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
    finish("idle connections")


main()
