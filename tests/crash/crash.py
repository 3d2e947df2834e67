"""What the crash tests share: twins to work on, killing the program at a chosen call or time, and looking at what is left.

The program runs with kill_at.c loaded, which counts its writes, syncs, renamings and removals. A dry pass lists them;
then the same command is killed at chosen ones, each time on a fresh copy, and what it left must be one of two states:
as before the command, or as after it.
"""
import hashlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

CIMTWIN = os.environ["CIMTWIN"]
KILL_AT = os.environ["KILL_AT"]
WAIT_S = 60

Event = namedtuple("Event", "n call size path")
Kill = namedtuple("Kill", "phase event moment place")  # place: "3 of 17" of the phase's calls


class Wrong(Exception):
    """Something is not as it must be."""


def must(condition, text):
    if not condition:
        raise Wrong(text)


# ---- running

def environment(under=None, trace=None, at=None, call=None, lose=None):
    env = dict(os.environ)
    if under:
        env.update(LD_PRELOAD=KILL_AT, CT_KILL_UNDER=under)
        for name, value in (("CT_KILL_TRACE", trace), ("CT_KILL_AT", at), ("CT_KILL_CALL", call),
                            ("CT_KILL_LOSE", lose)):
            if value:
                env[name] = value
    return env


def run(words, cwd, env=None):
    return subprocess.run([CIMTWIN, *words], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=WAIT_S, check=False)


def good(words, cwd):
    done = run(words, cwd)
    must(done.returncode == 0, f"cimtwin {' '.join(words)}: exit code {done.returncode}: {done.stdout[-500:]}")
    return done.stdout


def read_trace(path):
    events = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            n, call, size, name = line.rstrip("\n").split(" ", 3)
            events.append(Event(int(n), call, int(size), os.path.normpath(name)))
    return events


def same_name(a, b):
    """Passing names hold the process id."""
    return re.sub(r"\d+-\d+", "N", a) == re.sub(r"\d+-\d+", "N", b)


# ---- states

IMPORTED = re.compile(r'"imported":"[^"]*"')  # of a source's record in ct_meta
VOLATILE = {"time", "timestamp", "last_insert", "last_update", "last_delete", "created", "last_verified"}


def rows_of(path):
    """All that a database says as text; virtual tables, the list of reference systems and times of day aside."""
    must(not os.path.exists(path + "-wal"), f"{path}: its log is still there")  # who closed it last takes it away
    with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as db:
        tables = db.execute("SELECT name FROM sqlite_schema WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
                            " AND name NOT LIKE 'spatial_ref_sys%'").fetchall()
        for (table,) in sorted(tables):
            columns = [c[1] for c in db.execute(f'PRAGMA table_info("{table}")') if c[1] not in VOLATILE]
            names = ",".join(f'"{c}"' for c in columns)
            for row in sorted(map(repr, db.execute(f'SELECT {names} FROM "{table}"'))):
                yield f"{table} {IMPORTED.sub('', row)}"
    db.close()


def without_provenance(data):
    """run.json tells when and how long; the rest of it is the result."""
    return re.sub(rb'"provenance": \{[^}]*\}', b"", data)


def state(folder):
    """Every file below with a hash of what it says; hidden folders too, other empty ones say nothing."""
    found = {}
    for at, folders, files in os.walk(folder):
        for name in folders:
            if name.startswith("."):
                found[os.path.relpath(os.path.join(at, name), folder) + "/"] = ""
        for name in files:
            path = os.path.join(at, name)
            if name.endswith((".ct", ".sqlite")):
                text = "\n".join(rows_of(path)).encode()
            else:
                with open(path, "rb") as file:
                    text = without_provenance(file.read())
            found[os.path.relpath(path, folder)] = hashlib.sha256(text).hexdigest()
    return found


def difference(a, b):
    return sorted(k for k in a.keys() | b.keys() if a.get(k) != b.get(k))[:8]


# ---- killing

def lost_folder(work):
    """Where power.c puts what the program removes, so that it can come back."""
    path = os.path.join(work, "lost")
    os.makedirs(path, exist_ok=True)
    return path


def spread(phases, few=()):
    """Of each phase (name -> events) the first call, three in the middle the last; in those named in `few` only one early and the last."""
    kills, moments = [], ("before", "half", "after")
    for phase, events in phases.items():
        last = len(events) - 1
        places = sorted({last // 3, last} if phase in few else {0, last // 4, last // 2, 3 * last // 4, last})
        for i, place in enumerate(places):
            event = events[place]
            moment = moments[(i + len(kills)) % len(moments)]
            if moment == "half" and not event.size:
                moment = "after"
            kills.append(Kill(phase, event, moment, f"{place + 1} of {len(events)}"))
    return kills


class Test:
    """One command, killed in many places. `base`: a folder with all it needs; `words`: the command."""

    lose = False  # what was not synced, at each kill at a call

    def __init__(self, name, work, base, words, after_code=0):
        self.name, self.work, self.base, self.words = name, work, base, words
        self.after_code = after_code  # of the command where it has been carried out already
        self.counts = {}
        self.finished_seen = False
        self.left_before = 0  # kills that left the state of before
        self.number = 0
        self.lost = lost_folder(work) if self.lose else None
        self.before = state(base)
        fresh, trace = self.fresh(), os.path.join(work, "trace")
        if os.path.exists(trace):  # of the test before
            os.unlink(trace)
        done = run(words, fresh, environment(fresh + "/", trace, lose=self.lost))
        must(done.returncode == 0, f"dry pass: exit code {done.returncode}: {done.stdout[-500:]}")
        self.events = [e for e in read_trace(trace) if not e.path.endswith("-shm")]
        self.after = state(fresh)
        must(self.before != self.after, "the command changes nothing")

    def fresh(self):
        path = os.path.join(self.work, "twin")
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.base, path)
        return path

    def at(self, kill):
        """Killed at a call."""
        fresh, trace = self.fresh(), os.path.join(self.work, "trace")
        if os.path.exists(trace):
            os.unlink(trace)
        done = run(self.words, fresh, environment(fresh + "/", trace, f"{kill.event.n}:{kill.moment}", lose=self.lost))
        must(done.returncode == -signal.SIGKILL, f"call {kill.event}: not killed: {done.returncode} {done.stdout[-300:]}")
        hit = read_trace(trace)[-1]
        must((hit.n, hit.call) == (kill.event.n, kill.event.call) and same_name(hit.path, kill.event.path),
             f"{hit} is not {kill.event}")
        self.look(fresh, kill.phase, f"{kill.moment} {hit.call} {kill.place}, {hit.path}")

    def after_us(self, seed, count):
        """Killed from outside, at random times within what the command takes."""
        dice = random.Random(seed)
        began = time.monotonic()
        good(self.words, self.fresh())
        takes_s = time.monotonic() - began
        for _ in range(count):
            fresh, wait_s = self.fresh(), dice.uniform(0.2, 1.0) * takes_s
            with subprocess.Popen([CIMTWIN, *self.words], cwd=fresh, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
                time.sleep(wait_s)
                program.kill()
            self.look(fresh, "at any time", f"after {wait_s * 1000:.0f} ms")

    def look(self, twin, phase, where):
        self.number += 1
        self.counts[phase] = self.counts.get(phase, 0) + 1
        try:
            outcome = self.judge(twin)
        except Wrong as wrong:
            raise Wrong(f"{phase}: {where}: {wrong}") from None
        print(f"{self.name}: kill {self.number}: {phase}: {where}: {outcome}", flush=True)

    def judge(self, twin):
        must("no problems" in good(["check", "t.ct"], twin), "check is not clean")
        left = self.left(twin)
        must(left in (self.before, self.after),
             f"neither as before ({difference(left, self.before)}) nor as after ({difference(left, self.after)})")
        was_done = left == self.after
        self.left_before += not was_done
        if was_done and self.finished_seen:  # the same again would be found
            return "state as after, check clean"
        self.finished_seen |= was_done
        again = run(self.words, twin)
        must(again.returncode == (self.after_code if was_done else 0),
             f"second try: exit code {again.returncode}: {again.stdout[-300:]}")
        end = state(twin)
        must(end == self.after, f"second try: other than at once: {difference(end, self.after)}")
        must("no problems" in good(["check", "t.ct"], twin), "check is not clean after the second try")
        return f"state as {'after' if was_done else 'before'}, check clean, second try {'refused' if was_done and self.after_code else 'done'}"

    def left(self, twin):
        """What the killed command left, as the next start finds it; another kind of command may know more."""
        return state(twin)

    def expect(self, least, phases):
        hit = sum(n for phase, n in self.counts.items() if phase.startswith(phases))
        must(hit >= least, f"only {hit} kills in {phases}, {least} wanted")


def main(name, body):
    try:
        with tempfile.TemporaryDirectory(prefix="cimtwin-crash-") as work:
            os.mkdir(os.path.join(work, "base"))
            body(work, os.path.join(work, "base"))
    except Wrong as wrong:
        print(f"{name}: FAILED: {wrong}")
        sys.exit(1)
