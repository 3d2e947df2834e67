"""Clients that send or read slowly, or hang up half way: each is cut off in time and told why where that is possible, others
are answered meanwhile, and nothing half-sent is kept.
Environment: CIMTWIN, the program."""
import json
import socket
import struct
import threading
import time

from harness import Answer, Folder, Server, check, connect, finish, get, must, read_all, twin_hash

TIMEOUT_S = 3
OBSERVATION = b'{"device":"d-1","t":"2026-07-20T20:00:00Z","v":1}'


class Dribbler(threading.Thread):
    """Sends `head`, then one byte of `rest` at a time, until it is answered or cut off."""

    def __init__(self, port, head, rest, pause=0.3):
        super().__init__(daemon=True)
        self.port, self.head, self.rest, self.pause = port, head, rest, pause
        self.answer, self.took = None, None

    def run(self):
        begun, data = time.monotonic(), b""
        with connect(self.port) as sock:
            sock.settimeout(self.pause)
            try:
                sock.sendall(self.head)
                for byte in self.rest:
                    sock.sendall(bytes([byte]))
                    try:
                        part = sock.recv(65536)
                        data += part
                        break
                    except socket.timeout:
                        pass
                sock.settimeout(20)
                data += read_all(sock)
            except OSError:
                pass
        self.took, self.answer = time.monotonic() - begun, Answer(data)


def others_are_answered(port, threads):
    slowest = 0.0
    while any(thread.is_alive() for thread in threads):
        begun = time.monotonic()
        answer = get(port, "/health")
        took = time.monotonic() - begun
        slowest = max(slowest, took)
        check(answer.status == 200, f"meanwhile another gets {answer.status}")
        time.sleep(0.2)
    return slowest


def dribble(port):
    host = f"Host: 127.0.0.1:{port}\r\n"
    post = f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\n"
    heads = [Dribbler(port, f"GET /health HTTP/1.1\r\n{host}".encode(), b"X-Slow: " + b"a" * 500) for _ in range(60)]
    lines = [Dribbler(port, b"", b"GET /" + b"a" * 500) for _ in range(20)]
    bodies = [Dribbler(port, f"{post}Content-Length: 10000\r\n\r\n".encode(), b"[" + b" " * 500) for _ in range(10)]
    chunks = [Dribbler(port, f"{post}Transfer-Encoding: chunked\r\n\r\n".encode(), b"1\r\n[\r\n" + b"1\r\n \r\n" * 100) for _ in range(10)]
    everyone = heads + lines + bodies + chunks
    for thread in everyone:
        thread.start()
    slowest = others_are_answered(port, everyone)
    for what, threads, part in (("head", heads, "head"), ("request line", lines, "head"), ("body", bodies, "body"), ("chunks", chunks, "body")):
        longest = max(thread.took for thread in threads)
        check(longest < TIMEOUT_S + 15, f"a slow {what} is cut off after {longest:.1f} s")
        told = [thread for thread in threads if thread.answer.status == 408 and part in thread.answer.detail()]
        check(len(told) == len(threads), f"of {len(threads)} with a slow {what} {len(told)} are told so; one got {threads[0].answer.raw[:300]!r}")
    # Slow, but not too slow.
    fine = Dribbler(port, f"{post}Connection: close\r\nContent-Length: {len(OBSERVATION)}\r\n\r\n".encode(), OBSERVATION, 0.01)
    fine.run()
    check(fine.answer.status == 204, f"a body in {len(OBSERVATION)} pieces: {fine.answer.raw[:300]!r}")
    return slowest


def silence(port):
    """Connections on which nothing more comes are closed after the time of silence."""
    texts = (b"", b"GET /hea", b"GET /health HTTP/1.1\r\nHost: a\r\n", b"POST /live/observations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n[")
    socks = [connect(port, TIMEOUT_S + 15) for _ in texts]
    begun = time.monotonic()
    for sock, text in zip(socks, texts):
        sock.sendall(text)
    for sock, text in zip(socks, texts):
        read_all(sock)
        took = time.monotonic() - begun
        check(TIMEOUT_S - 1 < took < TIMEOUT_S + 14, f"silence after {text!r} lasts {took:.1f} s")
        sock.close()


def half_closed(port):
    """Clients that close their side when they have said all, or too early."""
    host = f"Host: 127.0.0.1:{port}\r\n"
    get_health = f"GET /health HTTP/1.1\r\n{host}\r\n".encode()
    post = f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: {len(OBSERVATION)}\r\n\r\n".encode()
    for what, data, statuses in (("a whole request", get_health, [200]), ("three requests at once", get_health * 3, [200] * 3), ("a whole body", post + OBSERVATION, [204]),
                                 ("a large answer", f"GET /collections/buildings/items?limit=10000 HTTP/1.1\r\n{host}\r\n".encode(), [200]),
                                 ("half a head", get_health[:30], []), ("half a body", post + OBSERVATION[:20], []), ("nothing", b"", [])):
        with connect(port, TIMEOUT_S + 15) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            raw = read_all(sock)
        got = [int(part[:3]) for part in raw.split(b"HTTP/1.1 ")[1:]]
        check(got == statuses, f"half-closed after {what}: {got}, expected {statuses}")
        if what == "a large answer":
            check(len(raw) > 5_000_000, f"half-closed: {len(raw)} bytes of the large answer")


def hang_up(port):
    """Resets at every moment of a request."""
    request = f"GET /collections/buildings/items?limit=10000 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    for i in range(150):
        sock = connect(port)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.sendall(request[:len(request) * (i % 11) // 10])
        sock.close()


def do_not_read(server):
    """Clients that ask for much and read nothing."""
    port = server.port
    request = f"GET /collections/buildings/items?limit=10000 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    socks = []
    for _ in range(12):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(30)
        sock.connect(("127.0.0.1", port))
        sock.sendall(request)
        socks.append(sock)
    begun = time.monotonic()
    while b"cimtwin_http_connections 1\n" not in get(port, "/metrics").body:
        took = time.monotonic() - begun
        if not check(took < TIMEOUT_S + 27, "clients that do not read are still connected"):
            break
        time.sleep(0.2)
    for sock in socks:
        got = read_all(sock)
        check(got.startswith(b"HTTP/1.1 200") and len(got) < 8_000_000, f"a client that did not read got {len(got)} bytes")
        sock.close()


def many_buildings():
    features = []
    for i in range(10_000):
        x, y = 114.0 + i % 100 * 1e-3, 30.5 + i // 100 * 1e-3
        ring = [[x, y], [x + 5e-4, y], [x + 5e-4, y + 5e-4], [x, y + 5e-4], [x, y]]
        features.append({"type": "Feature", "properties": {"id": f"b-{i}", "name": f"{i} " + "long name " * 25}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return {"type": "FeatureCollection", "features": features}


def main():
    with Folder():
        must("new", "town.ct", "--crs", "EPSG:4547", "--title", "Town")
        device = {"type": "Feature", "properties": {"id": "d-1", "kind": "temperature", "property": "temperature"}, "geometry": {"type": "Point", "coordinates": [114.05, 30.52]}}
        for name, document in (("buildings", many_buildings()), ("devices", {"type": "FeatureCollection", "features": [device]})):
            with open(f"{name}.geojson", "w", encoding="utf-8") as file:
                json.dump(document, file)
            must("import", "town.ct", f"{name}.geojson")
        with Server("town.ct", "--timeout", str(TIMEOUT_S)) as server:
            slowest = dribble(server.port)
            print(f"beside 100 slow clients the slowest of the others waited {slowest * 1e3:.0f} ms", flush=True)
            before = twin_hash("town.ct")
            silence(server.port)
            hang_up(server.port)
            check(twin_hash("town.ct") == before, "half a body left something")
            half_closed(server.port)
            do_not_read(server)
            check(get(server.port, "/health").status == 200, "the server afterwards")
            grown = server.memory_bytes()
            check(grown < 1 << 30, f"the server holds {grown} bytes")
    finish("slow clients")


main()
