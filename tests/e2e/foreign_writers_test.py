"""Programs that write into the twin's file while the server runs: Python's sqlite3 with SpatiaLite, the shell of SQLite, and
this program's own import. What they commit is in items, tiles and events within a second; the tiles that show it change
their entity tag, all others keep theirs and answer 304; what they roll back changes nothing.
Environment: CIMTWIN, the program."""
import json
import math
import shutil
import socket
import sqlite3
import subprocess
import threading
import time

from harness import Folder, Server, check, connect, finish, get, must, request, skip

SEEN_S = 1.0
ZOOMS = range(10, 18)
COLLECTIONS = ("buildings", "roads")
WEST, SOUTH, STEP, SIDE = 114.05, 30.52, 0.0012, 15  # a grid of houses over about 2 km
BUFFER, DOUBT = 0.02, 0.06  # parts of a tile: what it draws beside itself, and where both answers are right


def square(x, y, size=0.0004):
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def house(identity, x, y, **properties):
    return {"type": "Feature", "properties": {"id": identity, "height_m": 9, **properties}, "geometry": {"type": "Polygon", "coordinates": [square(x, y)]}}


def write(name, features):
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)
    return name


# ---- tiles ----

def tile_at(zoom, lon, lat):
    """Column and row as fractions."""
    n = 1 << zoom
    return (lon + 180) / 360 * n, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n


def grid():
    """Every tile over the town, and a ring around it."""
    east, north = WEST + SIDE * STEP, SOUTH + SIDE * STEP
    for zoom in ZOOMS:
        x0, y1 = tile_at(zoom, WEST, SOUTH)
        x1, y0 = tile_at(zoom, east, north)
        for row in range(math.floor(y0) - 1, math.floor(y1) + 2):
            for col in range(math.floor(x0) - 1, math.floor(x1) + 2):
                yield zoom, row, col


def touched(tile, boxes, margin):
    """Whether the tile with a margin (a part of its side) meets one of the boxes of longitude and latitude."""
    zoom, row, col = tile
    for west, south, east, north in boxes:
        x0, y1 = tile_at(zoom, west, south)
        x1, y0 = tile_at(zoom, east, north)
        if x1 > col - margin and x0 < col + 1 + margin and y1 > row - margin and y0 < row + 1 + margin:
            return True
    return False


class Client:
    """Requests one after the other over one connection."""

    def __init__(self, port):
        self.port, self.sock, self.rest = port, connect(port), b""

    def get(self, target, etag=None):
        condition = f"If-None-Match: {etag}\r\n" if etag else ""
        self.sock.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{condition}\r\n".encode())
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.read()
        head, _, body = self.rest.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:])
        fields = {name.lower(): value for name, value in fields.items()}
        length = 0 if head[9:12] in (b"304", b"204") else int(fields["content-length"])
        while len(body) < length:
            body += self.read()
        self.rest = body[length:]
        return int(head[9:12]), fields.get("etag"), body[:length]

    def read(self):
        part = self.sock.recv(1 << 16)
        if not part:
            raise SystemExit("the server closed the connection")
        return part


def address(collection, tile):
    return f"/collections/{collection}/tiles/WebMercatorQuad/{tile[0]}/{tile[1]}/{tile[2]}"


def tags(client):
    """The entity tag and the body of every tile."""
    out = {}
    for collection in COLLECTIONS:
        for tile in grid():
            status, etag, body = client.get(address(collection, tile))
            check(status in (200, 204) and etag, f"{address(collection, tile)}: {status}, {etag}")
            out[collection, tile] = etag, body
    return out


def compare(client, before, boxes, what):
    """Asks for every tile with the tag it had: those that show a box must be new, those far from all must answer 304."""
    changed = kept = 0
    for (collection, tile), (etag, _) in before.items():
        status, new, body = client.get(address(collection, tile), etag)
        must_change = collection == "buildings" and touched(tile, boxes, 0)
        may_change = collection == "buildings" and touched(tile, boxes, BUFFER + DOUBT)
        if status == 304:
            kept += 1
            check(not must_change, f"{what}: {address(collection, tile)} shows the change and answers 304")
        else:
            changed += 1
            check(may_change, f"{what}: {address(collection, tile)} is far from the change and answers {status}")
            check(new != etag, f"{what}: {address(collection, tile)} answers {status} with the old tag")
            before[collection, tile] = new, body
    return changed, kept


# ---- writers ----

def foreign(path="town.ct"):
    """A connection as another program has it."""
    db = sqlite3.connect(path, isolation_level=None, timeout=10)
    db.enable_load_extension(True)
    db.load_extension("mod_spatialite")
    return db


def by_python(*statements):
    db = foreign()
    db.execute("BEGIN IMMEDIATE")
    for statement in statements:
        db.execute(statement)
    db.execute("COMMIT")
    db.close()


def by_shell(statement):
    done = subprocess.run(["sqlite3", "town.ct", ".timeout 10000", ".load mod_spatialite", statement], capture_output=True, text=True, check=False)
    check(done.returncode == 0 and not done.stderr, f"sqlite3: {done.stderr}")


def by_import(features):
    must("import", "town.ct", write("more.geojson", features), "--as", "building")


def last_change():
    """When the newest row of the log was written, just before its commit (seconds since 1970)."""
    with sqlite3.connect("file:town.ct?mode=ro", uri=True) as db:
        return (db.execute("SELECT julianday(time) FROM ct_changes ORDER BY version DESC LIMIT 1").fetchone()[0] - 2440587.5) * 86400


# ---- what a reader sees ----

class Events(threading.Thread):
    """Follows the events and keeps when a change of the buildings was told."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.sock, self.told, self.ready = connect(port, 120), [], threading.Event()
        self.sock.sendall(f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())

    def run(self):
        data = b""
        while True:
            try:
                part = self.sock.recv(65536)
            except (OSError, socket.timeout):
                return
            if not part:
                return
            now, data = time.time(), data + part
            self.ready.set()
            while b"\n\n" in data:
                event, _, data = data.partition(b"\n\n")
                if b"event: change" in event and b'"buildings"' in event:
                    self.told.append(now)


def wait_for(condition, what, seconds=20):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            check(False, f"after {seconds} s not yet: {what}")
            return time.time()
        time.sleep(0.01)
    return time.time()


def item(client, identity):
    """The feature of that id as the server tells it, or None."""
    status, _, body = client.get(f"/collections/buildings/items/{identity}")
    return json.loads(body) if status == 200 else None


def main():
    if not shutil.which("sqlite3"):
        skip("no sqlite3 (install the package sqlite3)")
    probe = sqlite3.connect(":memory:")
    try:
        probe.enable_load_extension(True)
        probe.load_extension("mod_spatialite")
    except (AttributeError, sqlite3.OperationalError) as error:
        skip(f"no mod_spatialite (install the package libsqlite3-mod-spatialite): {error}")
    with Folder():
        story()
    finish("foreign writers")


def story():
    must("new", "town.ct", "--crs", "EPSG:4547", "--title", "Town")
    houses = [house(f"h-{i}-{k}", WEST + i * STEP, SOUTH + k * STEP) for i in range(SIDE) for k in range(SIDE)]
    must("import", "town.ct", write("houses.geojson", houses), "--as", "building")
    road = {"type": "Feature", "properties": {"id": "r-1", "kind": "local"}, "geometry": {"type": "LineString", "coordinates": [[WEST, SOUTH], [WEST + SIDE * STEP, SOUTH + SIDE * STEP]]}}
    must("import", "town.ct", write("roads.geojson", [road]), "--as", "road")
    place = "CastToXYZ(ST_Transform(GeomFromText('MULTIPOLYGON(((%s)))',4326),(SELECT srid FROM geometry_columns WHERE f_table_name='buildings')))"

    def wkt(x, y):
        return place % ",".join(f"{a} {b}" for a, b in square(x, y))

    def box(x, y):
        return x, y, x + 0.0004, y + 0.0004

    def cell(i, k):
        return WEST + i * STEP, SOUTH + k * STEP

    x, y = WEST + 6.5 * STEP, SOUTH + 9.5 * STEP  # between four houses
    height = "SELECT height_m FROM buildings WHERE id='%s'"
    with Server("town.ct") as server:
        client, events = Client(server.port), Events(server.port)
        events.start()
        events.ready.wait(10)
        before = tags(client)
        delays = []
        edits = (
            ("an attribute by Python", lambda: by_python("UPDATE buildings SET height_m=33 WHERE id='h-3-4'"), [box(*cell(3, 4))], "h-3-4", lambda f: f and f["properties"]["height_m"] == 33),
            ("an attribute by the shell", lambda: by_shell("UPDATE buildings SET height_m=44 WHERE id='h-12-1'"), [box(*cell(12, 1))], "h-12-1", lambda f: f and f["properties"]["height_m"] == 44),
            ("a move by Python", lambda: by_python(f"UPDATE buildings SET geom={wkt(x, y)} WHERE id='h-1-1'"), [box(*cell(1, 1)), box(x, y)], "h-1-1", lambda f: f and abs(f["geometry"]["coordinates"][0][0][0][0] - x) < 5e-4),
            ("a new one by the shell", lambda: by_shell(f"INSERT INTO buildings(id,height_m,geom) VALUES('new-1',12,{wkt(x + STEP, y)})"), [box(x + STEP, y)], "new-1", lambda f: f and f["properties"]["height_m"] == 12),
            ("two edits in one commit", lambda: by_python("UPDATE buildings SET height_m=5 WHERE id='h-0-0'", "DELETE FROM buildings WHERE id='h-14-14'"), [box(*cell(0, 0)), box(*cell(14, 14))], "h-14-14", lambda f: f is None),
            ("a removal by the shell", lambda: by_shell("DELETE FROM buildings WHERE id='new-1'"), [box(x + STEP, y)], "new-1", lambda f: f is None),
            ("an import", lambda: by_import([house("late-1", x, y - 3 * STEP), house("late-2", x + 2 * STEP, y)]), [box(x, y - 3 * STEP), box(x + 2 * STEP, y)], "late-2", lambda f: f is not None),
        )
        for what, work, boxes, identity, seen in edits:
            told = len(events.told)
            probe = ("buildings", (16, *reversed([math.floor(v) for v in tile_at(16, boxes[-1][0], boxes[-1][1])])))
            work()
            committed = last_change()
            in_items = wait_for(lambda: seen(item(client, identity)), f"{what} in the items") - committed
            in_tiles = wait_for(lambda: client.get(address(*probe), before[probe][0])[0] == 200, f"{what} in a tile") - committed
            in_events = wait_for(lambda: len(events.told) > told, f"{what} in the events")
            in_events = (events.told[told] if len(events.told) > told else in_events) - committed
            changed, kept = compare(client, before, boxes, what)
            check(changed >= len(ZOOMS) and kept > changed, f"{what}: {changed} tiles changed, {kept} kept")
            delays.append((in_items, in_tiles, in_events))
            print(f"{what}: items {in_items * 1e3:.0f}, tile {in_tiles * 1e3:.0f}, event {in_events * 1e3:.0f} ms; {changed} tiles changed, {kept} kept", flush=True)
        # A single hiccup of a busy machine is not the system's.
        for name, values in zip(("items", "tiles", "events"), zip(*delays)):
            middle = sorted(values)[len(values) // 2]
            check(middle < SEEN_S, f"foreign edits are in {name} after {middle:.2f} s")
        # What is rolled back, or refused, changes nothing.
        db = foreign()
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE buildings SET height_m=99")
        db.execute("ROLLBACK")
        try:
            db.execute("INSERT INTO buildings(id,height_m) VALUES('h-3-4',1)")
            check(False, "an id could be used twice")
        except sqlite3.IntegrityError as error:
            check("used in this twin" in str(error), f"an id used twice: {error}")
        db.close()
        changed, kept = compare(client, before, [], "nothing")
        check(changed == 0 and kept == len(before), f"nothing was changed, and {changed} tiles were")
        # A writer that holds the lock keeps no reader from reading.
        db = foreign()
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE buildings SET height_m=99 WHERE id='h-3-4'")
        begun = time.monotonic()
        check(item(client, "h-3-4")["properties"]["height_m"] == 33, "what is not committed is told")
        check(time.monotonic() - begun < 1, "a reader waits for a foreign writer")
        db.execute("ROLLBACK")
        db.close()
    check("no problems" in must("check", "town.ct"), "the twin has problems")
    with sqlite3.connect("file:town.ct?mode=ro", uri=True) as db:
        check(db.execute(height % "h-3-4").fetchone()[0] == 33, "the edit is not in the file")


main()
