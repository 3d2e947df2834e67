"""`cimtwin serve` as a process of the test, and the rows that a twin's observations hold."""
import http.client
import json
import os
import re
import sqlite3
import subprocess

from crash import CIMTWIN, Wrong, environment, must


class Server:
    """Answers once made. `env`: of crash.environment, to be killed at a call."""

    def __init__(self, twin, words=(), env=None):
        self.log = open(os.path.join(os.path.dirname(twin), "server.log"), "a", encoding="utf-8")
        self.process = subprocess.Popen([CIMTWIN, "serve", twin, "--listen", "127.0.0.1:0", "--threads", "2", *words],
                                        env=env or environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        self.port = int(found.group(1)) if found else 0
        if not found:
            self.close()  # it may have been killed on its way

    def ask(self, method, path, body=None):
        """Status and JSON; OSError or HTTPException where the server died."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def kill(self):
        self.process.kill()
        return self.close()

    def stop(self):
        self.process.terminate()
        must(self.close() in (0, 5), "the server did not end well")

    def close(self):
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Wrong("the server does not end") from None
        finally:
            self.process.stdout.close()
            self.log.close()


def stored_rows(twin):
    """(device, time in us) -> value of all that is stored; fails on doubled rows or a wrong total."""
    path = os.path.join(twin + ".d", "obs.sqlite")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT device, time_us, value FROM obs JOIN series USING(series)").fetchall()
        (total,) = db.execute("SELECT n FROM total").fetchone()
        (ok,) = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    must(ok == "ok", f"observations: {ok}")
    must(total == len(rows), f"the total says {total}, there are {len(rows)} rows")
    found = {(device, time): value for device, time, value in rows}
    must(len(found) == len(rows), "rows are doubled")
    return found


def count_rows(twin):
    with sqlite3.connect(f"file:{twin}.d/obs.sqlite?mode=ro", uri=True) as db:
        (total,) = db.execute("SELECT n FROM total").fetchone()
    db.close()
    return total
