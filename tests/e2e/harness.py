"""What the end-to-end tests in Python share: the program called, a twin's whole state as a hash, the server started and
stopped, HTTP over plain sockets, and the count of failures. Only Python's own library is used."""
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib

CIMTWIN = os.environ.get("CIMTWIN", "cimtwin")
failures = []


def check(truth, what):
    if not truth:
        failures.append(what)
        print("FAILED:", what, flush=True)
    return bool(truth)


def skip(why):
    print("SKIP:", why)
    sys.exit(77)


def finish(what):
    """Ends the test: what was done, and how many failures there were."""
    print(f"{what}; {len(failures)} failures")
    sys.exit(1 if failures else 0)


class Folder:
    """A scratch folder that is the current one while it lasts."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="cimtwin-")
        os.chdir(self.path)
        return self.path

    def __exit__(self, *_):
        os.chdir("/")
        shutil.rmtree(self.path)


# ---- the command line ----

def run(*words, wrapper=(), seconds=60):
    """(exit code, output and error as one text, seconds taken); a code of 999 stands for one that did not end, of less
    than 0 for a crash."""
    begun = time.monotonic()
    try:
        done = subprocess.run([*wrapper, CIMTWIN, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return 999, "", seconds
    return done.returncode, done.stdout.decode(errors="replace"), time.monotonic() - begun


def must(*words):
    code, text, _ = run(*words)
    if code != 0:
        raise SystemExit(f"cimtwin {' '.join(words)}: exit {code}: {text}")
    return text


# ---- the state of a twin ----

def hash_database(digest, path, without=()):
    """Every row of every ordinary table and the schema, in a fixed order."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = [row for row in db.execute("SELECT name,sql FROM sqlite_master WHERE type='table' ORDER BY name")
                  if not (row[1] or "").upper().startswith("CREATE VIRTUAL")]
        digest.update(repr(db.execute("SELECT type,name,sql FROM sqlite_master ORDER BY type,name").fetchall()).encode())
        for name, _ in tables:
            if name in without:
                continue
            for row in sorted(map(repr, db.execute(f'SELECT * FROM "{name}"'))):
                digest.update(f"{name} {row}".encode())
    finally:
        db.close()


def twin_hash(twin, quick=False):
    """A hash over the twin's rows and its folder's files: equal before and after what was refused. `quick` leaves out the
    12,000 rows of reference systems that SpatiaLite puts into every file."""
    digest = hashlib.sha256()
    hash_database(digest, twin, ("spatial_ref_sys", "spatial_ref_sys_aux") if quick else ())
    for folder, folders, names in os.walk(twin + ".d"):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.startswith("obs.sqlite-"):  # comes and goes with whoever reads
                continue
            digest.update(path.encode())
            if name == "obs.sqlite":
                hash_database(digest, path)
            else:
                with open(path, "rb") as file:
                    digest.update(file.read())
    return digest.hexdigest()


# ---- the server ----

class Server:
    """`cimtwin serve` on a free port of 127.0.0.1 while it lasts; it must end with 0."""

    def __init__(self, twin, *words, before=None):
        self.log = tempfile.TemporaryFile()
        self.child = subprocess.Popen([CIMTWIN, "serve", twin, "--listen", "127.0.0.1:0", *words], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=self.log, preexec_fn=before)
        line = self.child.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            self.child.kill()
            raise SystemExit(f"the server does not serve: {line!r} {self.said()}")
        self.port = int(found[1])

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def memory_bytes(self):
        with open(f"/proc/{self.child.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()

    def stop(self, seconds=30):
        self.child.send_signal(signal.SIGINT)
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            code = "none: it had to be killed"
        check(code == 0, f"the server ends with {code}: {self.said()[-600:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


# ---- HTTP over plain sockets ----

class Answer:
    def __init__(self, raw):
        self.raw = raw
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        found = re.match(r"HTTP/1\.[01] (\d{3})", lines[0])
        self.status = int(found[1]) if found else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.body = unchunk(body) if "chunked" in self.headers.get("transfer-encoding", "") else body
        if self.headers.get("content-encoding") == "gzip":
            self.body = zlib.decompress(self.body, 31)

    def json(self):
        return json.loads(self.body)

    def detail(self):
        """Of a problem document; "" where the answer is none."""
        if self.headers.get("content-type") != "application/problem+json":
            return ""
        document = self.json()
        whole = {"type", "title", "status", "detail"} <= document.keys() and document["status"] == self.status
        return document["detail"] if whole else ""


def unchunk(body):
    out = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        count = int(size or b"0", 16)
        if not count:
            break
        out, body = out + body[:count], body[count + 2:]
    return out


def connect(port, seconds=20):
    return socket.create_connection(("127.0.0.1", port), timeout=seconds)


def read_all(sock):
    """What comes until the other side closes; a reset counts as the end, a silence as one too."""
    parts = []
    try:
        while part := sock.recv(1 << 16):
            parts.append(part)
    except (ConnectionResetError, socket.timeout):
        pass
    return b"".join(parts)


def send_raw(port, data, seconds=20):
    """Bytes as they are; the answer read to the end of the connection."""
    with connect(port, seconds) as sock:
        try:
            sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return Answer(read_all(sock))


def request(port, method, target, body=None, headers=(), seconds=20):
    head = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", *headers]
    data = body.encode() if isinstance(body, str) else body
    if data is not None:
        head.append(f"Content-Length: {len(data)}")
    return send_raw(port, "\r\n".join([*head, "", ""]).encode("latin-1") + (data or b""), seconds)


def get(port, target, headers=(), seconds=20):
    return request(port, "GET", target, None, headers, seconds)
