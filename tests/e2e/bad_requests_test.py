"""Bad requests to the real server: each gets its status and a problem document (RFC 9457) that names what is wrong; the
server lives on, its memory stays, and the twin is afterwards what it was before.
Environment: CIMTWIN, the program."""
import json
import os
import socket
import time

from harness import Answer, Folder, Server, check, connect, finish, get, must, read_all, request, send_raw, twin_hash

cases = 0
MAX_BODY = 16 << 20
JSON_BODY = ["Content-Type: application/json"]


def expect(answer, status, texts, what):
    global cases
    cases += 1
    said = answer.detail() if status >= 400 else answer.body.decode(errors="replace")
    missing = [text for text in texts if text not in said]
    check(answer.status == status and not missing, f"{what}: {answer.status}, expected {status} and {missing or texts}: {answer.raw[:700]!r}")


def refuse(port, status, texts, target, method="GET", body=None, headers=()):
    expect(request(port, method, target, body, headers), status, texts, f"{method} {target[:120]}")


# ---- parameters ----

def parameters(port):
    items = "/collections/buildings/items"
    for target, texts in {
            f"{items}?castle=1": ['"castle"'], f"{items}?limit=1&limit=2": ['"limit"', "twice"], f"{items}?name=a&name=b": ['"name"', "twice"],
            f"{items}?=1": ["without a name"], f"{items}?limit=0": ["limit", "0"], f"{items}?limit=-5": ["limit", "-5"], f"{items}?limit=ten": ["limit", "ten"],
            f"{items}?limit=": ["limit"], f"{items}?limit=1e3": ["limit", "1e3"], f"{items}?limit=%2000": ["limit"],
            f"{items}?bbox=1,2,3": ["bbox"], f"{items}?bbox=1,2,nan,4": ["bbox", "nan"], f"{items}?bbox=1,2,inf,4": ["bbox", "inf"], f"{items}?bbox=1,2,1e999,4": ["bbox"],
            f"{items}?bbox=114,30,113,b": ["bbox", "b"], f"{items}?bbox=1,2,3,4,5,6,7": ["bbox"], f"{items}?bbox=": ["bbox"], f"{items}?bbox=0,50,10,40": ["bbox"],
            f"{items}?bbox=30,200,31,201": ["bbox"], f"{items}?datetime=yesterday": ["datetime", "yesterday"],
            f"{items}?datetime=2026-13-01T00:00:00Z": ["datetime"], f"{items}?datetime=2027-01-01T00:00:00Z/2026-01-01T00:00:00Z": ["datetime"],
            f"{items}?crs=EPSG:1": ["crs"], f"{items}?bbox-crs=nowhere": ["bbox-crs"], f"{items}?after=xyz": ["after"], f"{items}?f=castle": ["f:", "castle"],
            f"{items}?height_m=tall": ["height_m", "tall"], f"{items}?height_m=nan": ["height_m", "nan"],
            f"{items}?name=%ff": ["query", "UTF-8"], f"{items}?name=%00": ["query", "NUL"], f"{items}?name=%4": ["query", "%"], f"{items}?name=%C0%AE": ["query", "UTF-8"],
            "/?" + "&".join(f"p{i}=1" for i in range(65)): ["64 query parameters"],
            "/live/devices/d-1/history?from=NaN": ["from", "NaN"], "/live/devices/d-1/history?limit=inf": ["limit", "inf"], "/live/alarms?open=maybe": ["open", "maybe"],
            "/live/devices?castle=1": ['"castle"'], "/health?x=1": ['"x"'], "/metrics?x=1": ['"x"'], "/runs?x=1": ['"x"'], "/runs/a/compare": ['"with"', "missing"]}.items():
        refuse(port, 400, texts, target)
    # Numbers of tiles outside the set, and what is no number.
    for path in ("/collections/buildings/tiles", "/collections/terrains/map/tiles"):
        for tile, status in (("99/0/0", 404), ("2/4/0", 404), ("2/0/4", 404), ("-1/0/0", 400), ("2/0/-1", 400), ("18446744073709551616/0/0", 400), ("2/1e0/0", 400), ("0x2/0/0", 400), ("14/x/1", 400), ("14/1/nan", 400)):
            refuse(port, status, [], f"{path}/WebMercatorQuad/{tile}")
    refuse(port, 400, ['"castle"'], "/collections/buildings/tiles/WebMercatorQuad/14/6700/13380?castle=1")


# ---- what is not there, or not so ----

def resources(port):
    for target, texts in {"/castle": ["/castle"], "/collections/castles": ["castles"], "/collections/castles/items": ["castles"], "/collections/buildings/items/404": ["404"],
                          "/live/devices/d-404": ["d-404"], "/live/devices/d-404/history": ["d-404"], "/runs/0123": ["0123"], "/runs/0123/files": ["0123"],
                          "/console/none.js": ["none.js"], "/collections//items": []}.items():
        refuse(port, 404, texts, target)
    for method, target, allowed in (("POST", "/collections", "GET"), ("PUT", "/runs", "GET, HEAD, POST"), ("DELETE", "/health", "GET"), ("BREW", "/", "GET"),
                                    ("CONNECT", "/", "GET"), ("TRACE", "/", "GET"), ("PATCH", "/collections/buildings/items/1", "GET"), ("GET", "/live/observations", "POST")):
        answer = request(port, method, target)
        expect(answer, 405, [allowed], f"{method} {target}")
        check(allowed in answer.headers.get("allow", ""), f"{method} {target}: Allow: {answer.headers.get('allow')}")
    for target, accept in (("/collections/buildings/items", "image/png"), ("/", "application/pdf"), ("/collections", "text/html;q=0, application/json;q=0"), ("/collections/buildings", "nonsense")):
        refuse(port, 406, [accept.split(",")[0]], target, headers=[f"Accept: {accept}"])
    for kind in ("text/plain", "application/jsonx", "multipart/form-data; boundary=x", ""):
        refuse(port, 415, ["application/json"], "/live/observations", "POST", "[]", [f"Content-Type: {kind}"] if kind else [])
    refuse(port, 403, ["origin"], "/live/observations", "POST", "[]", [*JSON_BODY, "Origin: http://evil.example"])


# ---- path tricks ----

def paths(port):
    secret = os.path.abspath("town.ct")
    for target in ("/console/../town.ct", "/console/..%2ftown.ct", "/console/%2e%2e/town.ct", "/console/%2E%2E%2Ftown.ct", "/console/%252e%252e/town.ct", "/console/..%5ctown.ct", "/console/....//town.ct",
                   "/console/%c0%ae%c0%ae/town.ct", "/console/%e0%80%ae%e0%80%ae/town.ct", "/console/%uff0e%uff0e/town.ct", "/console/index.html%00.js", "/console/%00", "/console/.", "/console/./index.html",
                   "/console//etc/passwd", f"/console/{secret}", "/console/%2fetc%2fpasswd", "/runs/../town.ct/files/x", "/runs/%2e%2e/files/town.ct", "/runs/..%2f..%2ftown.ct/files/x", "/runs/x/files/..%2f..%2f..%2ftown.ct",
                   "/runs/x/files/%2e%2e/%2e%2e/town.ct", "/runs/%00/files/x", "/collections/%2e%2e/items", "/collections/buildings%00/items", "/collections/buildings%2fitems", "/%", "/%1", "/%zz", "/%ff", "/\xff"):
        answer = get(port, target)
        expect(answer, answer.status if answer.status in (400, 404) else 400, [], f"GET {target}")
        check(b"SQLite format" not in answer.raw and b"root:" not in answer.raw, f"GET {target} gives a file away")
    refuse(port, 400, ["24 segments"], "/a" * 30)
    # Absolute and other forms of the target (RFC 9112, 3.2): the absolute one names this very server.
    absolute = get(port, f"http://127.0.0.1:{port}/health")
    expect(absolute, 200, ['"status"'], "absolute-form")
    for target in ("http://", "http://a b/health", "http://<x>/", "http:///health", "ftp://127.0.0.1/health", "file:///etc/passwd", "//evil.example/health", "health", "*", "127.0.0.1:80", "?x=1", "\\health"):
        answer = get(port, target)
        check(answer.status in (400, 404) and answer.detail() and b"root:" not in answer.raw, f"GET {target}: {answer.raw[:300]!r}")


# ---- the wire ----

def wire(port):
    host = f"Host: 127.0.0.1:{port}\r\nConnection: close\r\n"
    for what, data, statuses in (
            ("no host", b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", (400,)), ("two hosts", f"GET /health HTTP/1.1\r\n{host}Host: other\r\n\r\n".encode(), (400,)),
            ("a host that is none", b"GET /collections?f=json HTTP/1.1\r\nHost: a\"b<c>\r\nConnection: close\r\n\r\n", (400,)),
            ("no version", f"GET /health\r\n{host}\r\n".encode(), (0, 400, 505)), ("a version to come", f"GET /health HTTP/3.7\r\n{host}\r\n".encode(), (0, 400, 505)), ("noise", os.urandom(300) + b"\r\n\r\n", (0, 400)),
            ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n", (0, 400)), ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (0, 400, 405, 505)),
            ("two lengths", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n[]".encode(), (400,)),
            ("length and chunks", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(), (400,)),
            ("a negative length", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: -1\r\n\r\n".encode(), (400,)),
            ("a length of words", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: many\r\n\r\n".encode(), (400,)),
            ("a length beyond numbers", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 99999999999999999999999\r\n\r\n".encode(), (400, 413)),
            ("chunks that are none", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n".encode(), (0, 400)),
            ("a chunk beyond numbers", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n[]".encode(), (0, 400, 413)),
            ("a blank before the colon", f"GET /health HTTP/1.1\r\n{host}X-A : 1\r\n\r\n".encode(), (200, 400)),
            ("an unknown encoding", f"POST /live/observations HTTP/1.1\r\n{host}Content-Type: application/json\r\nTransfer-Encoding: gzip\r\n\r\n[]".encode(), (400, 411, 501))):
        answer = send_raw(port, data, 10)
        expect(answer, answer.status if answer.status in statuses else statuses[-1], [], what)
    # Limits of the address and the head.
    expect(get(port, "/" + "a" * 9000), 414, ["8192"], "a long path")
    expect(get(port, "/collections/buildings/items?name=" + "a" * 9000), 414, ["8192"], "a long query")
    expect(get(port, "/health", [f"X-{i}: 1" for i in range(100)]), 431, ["64"], "many header fields")
    query = "/collections?f=json&f=" + "a" * 7900
    expect(get(port, query, ["X-Long: " + "a" * 4000]), 400, ['"f"'], "a head of almost 12 kB")
    full = [f"X-{i:02}: " + "a" * 180 for i in range(60)]
    expect(get(port, "/health", full), 200, [], "60 header fields, almost 12 kB")
    for size in [*range(12_000, 19_000, 97), 24_000]:
        answer = get(port, "/health", ["X-Long: " + "a" * size])
        expect(answer, 200 if size < 12_200 else 431, [], f"a header field of {size} bytes")
    for n in range(65, 180, 5):
        expect(get(port, "/health", [f"X-{i:03}: " + "a" * 100 for i in range(n)]), 431, [], f"{n} header fields")
    for size in (60_000, 400_000):
        answer = get(port, "/health", ["X-Long: " + "a" * size])
        expect(answer, 431, [], f"a header field of {size} bytes")
        answer = get(port, "/" + "a" * size)
        expect(answer, 414, [], f"an address of {size} bytes")
    expect(get(port, "/health", ["Cookie: " + "a" * 7000]), 200, [], "a long header field")


# ---- bodies ----

OBSERVATION = '{"device":"d-1","t":"2026-07-20T20:00:00Z","v":%s}'


def bodies(port):
    for body, texts in {
            "": ["line 1"], "[": ["line 1"], '[{"device":"d-1"\n"t":1}]': ["line 2"], "5": ["object"], "[1]": ["[0]"], '{"device":"d-1"}': ['"t"'], '{"t":"2026-07-20T20:00:00Z","v":1}': ["device"],
            "[" + OBSERVATION % "1" + "," + OBSERVATION % '"high"' + "]": ["[1]", "v", "number"], OBSERVATION % "NaN": ["line 1", "NaN"], OBSERVATION % "Infinity": ["line 1"], OBSERVATION % "1e999": ["line 1", "overflow"],
            OBSERVATION % "1e300": ["v", "1e+300"], OBSERVATION % "null": ["v", "number"], OBSERVATION % '1,"v":2': ["duplicate", '"v"'], OBSERVATION % '1,"q":7': ["q", "7"], OBSERVATION % '1,"q":0.5': ["q", "whole"],
            OBSERVATION % '1,"castle":1': ["castle"], (OBSERVATION % "1").replace("2026-07", "2026-77"): ["t"], (OBSERVATION % "1").replace("d-1", "../d"): ["device", "../d"], (OBSERVATION % "1").replace("d-1", "d-404"): ["unknown"],
            "[" * 70 + "]" * 70: ["deeper than 64"], "[" * 1_000_000: ["deeper than 64"], '{"a":' * 500_000: ["deeper than 64"], '{"device":"\\ud800"}': ["line 1"], "[" + ",".join([OBSERVATION % "1"] * 100_001) + "]": ["100001", "100000"]}.items():
        refuse(port, 413 if "deeper" in texts[0] or "100001" in texts[0] else 400, texts, "/live/observations", "POST", body, JSON_BODY)
    refuse(port, 400, ["line 1"], "/live/observations", "POST", b'[{"device":"\xff"}]', JSON_BODY)
    base = {"start": "2026-07-20T20:00:00Z", "duration_s": 60, "cell_m": 10}
    rain = {"from_s": 0, "to_s": 10, "intensity_mm_h": 5}
    wall = {"op": "add", "class": "barrier", "id": "w", "properties": {"kind": "wall", "height_m": 1.5}, "geometry": {"type": "LineString", "coordinates": [[114.05, 30.52], [114.051, 30.52]]}}
    for change, texts in (({"rain": [{**rain, "intensity_mm_h": -5}]}, ["rain[0]", "intensity_mm_h", "-5"]), ({"boundaries": {"river_stage_m": -5000}}, ["river_stage_m", "-5000"]),
                          ({"depth_m": 1}, ["depth_m"]), ({"duration_s": -1}, ["duration_s"]), ({"edits": [{**wall, "class": "castle"}]}, ["edits[0]", "castle"]),
                          ({"edits": [{**wall, "properties": {"kind": "wall", "height_m": -2}}]}, ["edits[0]", "height_m", "-2"]), ({"edits": [{"op": "remove", "id": "b-404"}]}, ["edits", "b-404"]),
                          ({"edits": [{**wall, "geometry": {"type": "LineString", "coordinates": [[30.52, 114.05], [30.52, 114.051]]}}]}, ["edits[0]", "exchanged"]), ({"engine": "magic"}, ["engine", "magic"])):
        refuse(port, 400, texts, "/runs", "POST", json.dumps({**base, **change}), JSON_BODY)
    refuse(port, 400, ["line 1", "NaN"], "/runs", "POST", json.dumps({**base, "cell_m": float("nan")}), JSON_BODY)
    refuse(port, 404, [], "/live/alarms/x/acknowledge", "POST", '{"by":"me"}', JSON_BODY)
    refuse(port, 404, [], "/live/alarms/99999999999999999999/acknowledge", "POST", '{"by":"me"}', JSON_BODY)
    refuse(port, 404, [], "/live/alarms/77/acknowledge", "POST", '{"by":"me"}', JSON_BODY)
    refuse(port, 400, ["by"], "/live/alarms/77/acknowledge", "POST", '{"by":7}', JSON_BODY)


def chunks(total, size=1 << 16):
    piece = b"%x\r\n" % size + b"x" * size + b"\r\n"
    for _ in range(total // size):
        yield piece
    yield b"0\r\n\r\n"


def send_until_answered(port, head, pieces, seconds=30):
    """(bytes sent, the answer): a client that sends on until it is answered, as many do, and reads then."""
    sent = 0
    with connect(port, seconds) as sock:
        try:
            sock.sendall(head)
            for piece in pieces:
                sock.setblocking(False)
                try:
                    if sock.recv(1, socket.MSG_PEEK):
                        break
                except BlockingIOError:
                    pass
                sock.settimeout(seconds)
                sock.sendall(piece)
                sent += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        sock.settimeout(seconds)
        return sent, Answer(read_all(sock))


def large_bodies(server):
    port = server.port
    head = f"POST /live/observations HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    before = server.memory_bytes()
    # Declared: refused before the body is read, whether the client waits for a word first or sends at once.
    waiting = send_raw(port, f"{head}Expect: 100-continue\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n".encode(), 10)
    expect(waiting, 413, [str(MAX_BODY)], "a long body declared, waiting for 100")
    sent, answer = send_until_answered(port, f"{head}Content-Length: {8 * MAX_BODY}\r\n\r\n".encode(), [b"x" * 65536] * (8 * MAX_BODY // 65536))
    expect(answer, 413, [str(MAX_BODY)], "a long body declared")
    check(sent < 4 * MAX_BODY, f"{sent} bytes of a refused body were taken")
    whole = request(port, "POST", "/live/observations", b"x" * (MAX_BODY + 100), JSON_BODY)
    expect(whole, 413, [str(MAX_BODY)], "a long body declared and sent to its end")
    # In chunks: told as soon as the limit is passed.
    sent, answer = send_until_answered(port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), chunks(20 * MAX_BODY))
    expect(answer, 413, [str(MAX_BODY)], "a long body in chunks")
    check(sent < 4 * MAX_BODY, f"{sent} bytes of a refused body were taken")
    answer = send_raw(port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + b"".join(chunks(MAX_BODY + (1 << 20))))
    expect(answer, 413, [str(MAX_BODY)], "a long body in chunks sent to its end")
    tiny = b"1\r\nx\r\n" * 300_000 + b"0\r\n\r\n"
    expect(send_raw(port, f"{head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + tiny), 400, ["line 1"], "300,000 chunks of a byte")
    grown = server.memory_bytes() - before
    check(grown < 8 * MAX_BODY, f"memory grew by {grown} bytes")


def main():
    with Folder():
        must("new", "town.ct", "--crs", "EPSG:4547", "--title", "Town")
        square = [[[114.05, 30.52], [114.051, 30.52], [114.051, 30.521], [114.05, 30.521], [114.05, 30.52]]]
        for name, geometry, properties in (("buildings", {"type": "Polygon", "coordinates": square}, {"id": "b-1", "name": "Hall"}),
                                           ("devices", {"type": "Point", "coordinates": [114.05, 30.52]}, {"id": "d-1", "kind": "temperature", "property": "temperature"})):
            with open(f"{name}.geojson", "w", encoding="utf-8") as file:
                json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": properties, "geometry": geometry}]}, file)
            must("import", "town.ct", f"{name}.geojson")
        os.mkdir("page")
        with open("page/index.html", "w", encoding="utf-8") as file:
            file.write("<!doctype html><title>page</title>")
        with Server("town.ct", "--console", "page") as server:
            state = twin_hash("town.ct")
            for part in (parameters, resources, paths, wire, bodies):
                begun = time.monotonic()
                part(server.port)
                print(f"{part.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
            large_bodies(server)
            expect(get(server.port, "/health"), 200, ['"ok"'], "the server afterwards")
            check(twin_hash("town.ct") == state, "the twin changed")
        check(twin_hash("town.ct") == state, "the twin changed at the stop")
    finish(f"{cases} bad requests")


main()
