"""A server's life: one for each twin, signals, tags that stay the same over a restart, the list of runs."""
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading

from served import CIMTWIN, Server, add_ground, cimtwin, features, make_twin, run, square, wait_for


def one_server_for_a_twin(folder):
    twin = make_twin(folder)
    with Server(twin) as first:
        second = subprocess.run([CIMTWIN, "serve", twin, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
        assert second.returncode == 1, second
        assert "process %d" % first.process.pid in second.stderr and second.stdout == "", second
        assert len(second.stderr.splitlines()) == 1, second
        cimtwin("import", twin, features(os.path.join(folder, "more.geojson"), [
            ("more", {"type": "Polygon", "coordinates": square(50)}, {})]), "--as", "building")  # others may write
        assert first.json("/collections/buildings/items/more")["id"] == "more"
        copy = os.path.join(folder, "copy.ct")
        cimtwin("backup", twin, copy)
        assert not os.path.exists(copy + ".d/server.lock")
        with Server(copy) as other:  # another twin: another server
            assert other.json("/health")["status"] == "ok"
    # However the first ends, the next may come; the file that stays behind means nothing.
    killed = Server(twin)
    killed.process.kill()
    killed.process.wait()
    assert os.path.exists(twin + ".d/server.lock")
    with Server(twin):
        pass


def tags_of(server):
    paths = ["/collections/buildings/items?f=json", "/collections/buildings/items?f=html", "/collections/buildings/items/b-3?f=json",
             "/collections?f=json", "/collections/buildings?f=json", "/twin", "/collections/buildings/queryables", "/?f=json",
             "/collections/buildings/tiles/WebMercatorQuad?f=tilejson"]
    return {path: server.ask(path)[1]["etag"] for path in paths}


def tags_stay_over_a_restart(folder):
    twin = make_twin(folder)
    with Server(twin) as server:
        before = tags_of(server)
        port = server.port
    with Server(twin, "--listen", "127.0.0.1:%d" % port) as server:
        assert tags_of(server) == before
        items = "/collections/buildings/items?f=json"
        assert server.ask(items, headers={"If-None-Match": before[items]})[0] == 304
    with Server(twin, "--listen", "127.0.0.1:%d" % port, "--public-url", "https://twin.example.org") as server:  # other links, another answer
        assert server.ask(items, headers={"If-None-Match": before[items]})[0] == 200
    # A backup that is edited anew reaches the same numbers with other features.
    for name in ("left", "right"):
        cimtwin("backup", twin, os.path.join(folder, name + ".ct"))
    tags = []
    for name in ("left", "right"):
        copy = os.path.join(folder, name + ".ct")
        path = features(os.path.join(folder, name + ".geojson"), [("new", {"type": "Polygon", "coordinates": square(40)}, {"name": name})])
        cimtwin("import", copy, path, "--as", "building")
        with Server(copy, "--listen", "127.0.0.1:%d" % port) as server:
            tags.append((server.json("/twin")["version"], server.ask(items)[1]["etag"]))
    assert tags[0][0] == tags[1][0] and tags[0][1] != tags[1][1], tags
    assert before[items] not in (tags[0][1], tags[1][1])


def signals_end_it(folder):
    twin = make_twin(folder)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        server = Server(twin)
        assert server.stop(number) == 0, "signal %d: %s" % (number, server.log())
        assert sqlite3.connect(twin).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # Started so that it outlives its terminal (nohup), it does.
    server = subprocess.Popen(["sh", "-c", 'trap "" HUP; exec "$0" serve "$1" --listen 127.0.0.1:0', CIMTWIN, twin], stdout=subprocess.PIPE)
    assert b" at http://" in server.stdout.readline()
    server.send_signal(signal.SIGHUP)
    try:
        server.wait(timeout=1)
        raise AssertionError("SIGHUP ended what was told to ignore it")
    except subprocess.TimeoutExpired:
        pass
    server.terminate()
    assert server.wait(timeout=60) == 0
    server.stdout.close()


STORM = '{"title": {"en": "Storm %d", "zh": "x"}, "start": "2026-07-20T20:00:00Z", "duration_s": %d, "cell_m": %s,' \
        ' "output_step_s": %d, "rain": [{"from_s": 0, "to_s": 60, "intensity_mm_h": %d}]}'


def a_second_signal_does_not_wait(folder):
    twin = make_twin(folder)
    add_ground(twin, folder)
    server = Server(twin)
    status, _, body = server.ask("/runs", "POST", STORM % (1, 2592000, "0.5", 86400, 50), {"Content-Type": "application/json"})
    assert status == 201, body
    wait_for("the run begins", lambda: server.json("/runs")["runs"][0]["status"] == "running")
    children = wait_for("the child is there", lambda: subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.process.pid)],
                                                                     capture_output=True, text=True).stdout.split())
    os.kill(int(children[0]), signal.SIGSTOP)  # it will not hear SIGTERM: the graceful way takes its three seconds
    server.process.send_signal(signal.SIGTERM)
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(timeout=60)
    # Both signals may have been joined to one by the kernel: then the stop was graceful.
    assert code in (0, 5), code
    server.stop()
    wait_for("the child goes with its server", lambda: not os.path.exists("/proc/%s" % children[0]) or
             open("/proc/%s/stat" % children[0]).read().split()[2] == "Z")
    with Server(twin) as again:  # the job was accepted: it begins anew
        run_id = wait_for("the job is there again", lambda: again.json("/runs")["runs"])[0]["id"]
        assert again.ask("/runs/" + run_id, "DELETE")[0] == 200


def runs_are_listed_without_opening_them(folder):
    twin = make_twin(folder)
    add_ground(twin, folder)
    ids = []
    for i in range(12):  # more than the eight that are kept open
        path = os.path.join(folder, "storm.json")
        with open(path, "w", encoding="utf-8") as f:
            f.write(STORM % (i, 60, "4", 60, 50 + i))
        ids.append(cimtwin("run", twin, path).stdout.split()[0])
    with Server(twin) as server:
        first = server.json("/runs")["runs"]
        assert [r["id"] for r in first] == ids[::-1], first
        assert [r["title"]["en"] for r in first] == ["Storm %d" % i for i in range(11, -1, -1)]
        assert all(r["status"] == "done" and len(r["times"]) == 2 and "indicators" in r for r in first), first[0]
        # What the list needs is kept: the files may be gone from under it.
        os.rename("%s.d/runs/%s/flood.zarr" % (twin, ids[3]), os.path.join(folder, "away"))
        trace = "%s.d/runs/%s/run.json" % (twin, ids[5])
        opened = os.stat(trace)
        with open(trace, "r+", encoding="utf-8") as f:  # spoiled, but with its old time: a list that read it again would miss it
            f.write("spoiled")
        os.utime(trace, ns=(opened.st_atime_ns, opened.st_mtime_ns))
        assert server.json("/runs")["runs"] == first
        assert server.ask("/runs/" + ids[0], "DELETE")[0] == 204
        assert [r["id"] for r in server.json("/runs")["runs"]] == ids[:0:-1]
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(server.json("/runs")["runs"])) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert len(answers) == 8 and all(a == answers[0] for a in answers)


def options_come_from_a_file(folder):
    twin = make_twin(folder)
    path = os.path.join(folder, "serve.json")

    def write(**options):
        with open(path, "w", encoding="utf-8") as f:
            json.dump(options, f)

    write(listen="127.0.0.1:0", threads=2, cache_mb=8, log_format="json", log_level="debug", verbose=False)
    with Server(twin, "--config", path) as server:
        assert server.ask("/health")[0] == 200
        wait_for("its log is JSON", lambda: (log := server.log()) and all(json.loads(line) for line in log.splitlines()))
    with Server(twin, "--config", path, "--log-format", "text") as server:  # the command line goes before the file
        assert server.ask("/health")[0] == 200
        wait_for("its log is text", lambda: server.log().startswith("info 20"))

    def refused(code, *texts):
        done = cimtwin("serve", twin, "--config", path, code=code)
        assert done.stdout == "" and len(done.stderr.splitlines()) <= 2, done
        for text in (path, *texts) if code == 3 else texts:
            assert text in done.stderr, (text, done.stderr)

    for options, texts in (({"prot": 1}, ['"prot"']), ({"config": path}, ['"config"']), ({"log-level": "info"}, ['"log-level"']),
                           ({"threads": "4"}, ["threads", "whole number"]), ({"listen": 8080}, ["listen", "text"]),
                           ({"verbose": "yes"}, ["verbose", "true or false"]), ({"threads": 1.5}, ["threads"])):
        write(**options)
        refused(3, *texts)
    for key, value in (("threads", 100000), ("max_connections", 0), ("listen", "here:x"), ("log_level", "loud"), ("log_format", "xml"),
                       ("mqtt", "http://here"), ("console", "/nowhere/at/all")):
        write(**{key: value})
        refused(3, key + ": ", str(value))
    write(cache_mb=8)
    done = cimtwin("serve", twin, "--config", path, "--threads", "many", code=2)  # not the file's fault
    assert path not in done.stderr and "--threads many" in done.stderr, done
    with open(path, "w", encoding="utf-8") as f:
        f.write('{"threads": 1, "threads": 2}')
    refused(3, "threads")
    with open(path, "w", encoding="utf-8") as f:
        f.write("[]")
    refused(3, "object")
    os.unlink(path)
    refused(4)


def the_schema_has_every_option(folder):
    help_text = cimtwin("serve", "--help").stdout
    options = set(re.findall(r"^  --([a-z-]+)", help_text, re.M)) - {"config"}
    with open(os.path.join(os.environ["CT_SOURCE_DIR"], "data/schemas/serve.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    assert schema["additionalProperties"] is False
    assert {k.replace("_", "-") for k in schema["properties"] if k != "$schema"} == options, options
    twin = make_twin(folder)
    for key, rule in schema["properties"].items():  # what the schema takes for numbers and switches, the program does
        if rule.get("type") not in ("integer", "boolean"):
            continue
        value = max(8, rule["minimum"]) if rule["type"] == "integer" else True
        path = os.path.join(folder, "one.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"listen": "127.0.0.1:0", key: value}, f)
        with Server(twin, "--config", path):
            pass
        if rule["type"] == "integer":
            with open(path, "w", encoding="utf-8") as f:
                json.dump({key: rule["maximum"] + 1}, f)
            cimtwin("serve", twin, "--config", path, code=3)


def the_service_manager_is_told(folder):
    twin = make_twin(folder)
    for abstract in (False, True):
        path = os.path.join(folder, "notify")
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.settimeout(60)
        manager.bind("\0cimtwin-test-%d" % os.getpid() if abstract else path)
        name = "@cimtwin-test-%d" % os.getpid() if abstract else path
        with Server(twin, env={"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "300000"}) as server:
            first = manager.recv(4096).decode()
            assert first.startswith("READY=1\n") and str(server.port) in first, first
            for _ in range(3):
                assert manager.recv(4096) == b"WATCHDOG=1"
            server.process.send_signal(signal.SIGTERM)
            words = b"WATCHDOG=1"
            while words == b"WATCHDOG=1":
                words = manager.recv(4096)
            assert words.startswith(b"STOPPING=1"), words
            assert server.process.wait(timeout=60) == 0
        manager.close()
    # Nothing is said before it answers, and to nobody's watchdog.
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(os.path.join(folder, "other"))
    manager.settimeout(60)
    env = {"NOTIFY_SOCKET": os.path.join(folder, "other"), "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}
    with Server(twin, env=env) as server:
        assert manager.recv(4096).startswith(b"READY=1")
        failed = subprocess.run([CIMTWIN, "serve", twin, "--listen", "127.0.0.1:0"], env={**os.environ, **env}, capture_output=True)
        assert failed.returncode == 1
    assert manager.recv(4096).startswith(b"STOPPING=1")
    manager.close()


def every_request_has_its_line(folder):
    twin = make_twin(folder)
    with Server(twin, "--log-format", "json", "--log-requests", "info") as server:
        assert server.ask("/health", headers={"X-Request-Id": "mine-1"})[0] == 200
        status, headers, body = server.ask("/nothing%0A%22here?a=%00", headers={"X-Request-Id": "not mine"})
        assert status == 400
        made = headers["x-request-id"]
        assert made != "not mine" and re.fullmatch("[0-9a-f]{8}-[0-9a-f]+", made), made
        assert server.ask("/collections/nothing", "HEAD")[0] == 404
        # Raw bytes, as no client of good manners sends them.
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(b'GET /\x1b[2J\xff"},{"level":"error HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
            while raw.recv(4096):
                pass
        n = 60

        def load(k):
            for i in range(n):
                server.ask("/collections/buildings/items/b-%d?f=json&k=%d" % (i % 20, k))

        threads = [threading.Thread(target=load, args=(k,)) for k in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        lines = wait_for("every request is logged", lambda: len(server.log().splitlines()) >= 4 * n + 5 and
                         [json.loads(line) for line in server.log().splitlines()])
    asked = [line for line in lines if line["message"] == "request"]
    assert len(asked) == 4 * n + 4, len(asked)
    first = next(line for line in asked if line["path"] == "/health")
    assert (first["method"], first["status"], first["request_id"], first["level"]) == ("GET", 200, "mine-1", "info"), first
    assert first["bytes"] > 50 and 0 < first["duration_us"] < 60e6 and re.match(r"20..-..-..T..:..:..", first["time"]), first
    bad = next(line for line in asked if line["path"] == "/nothing%0A%22here")
    assert bad["query"] == "a=%00" and bad["request_id"] == made and bad["status"] == 400, bad
    head = next(line for line in asked if line["method"] == "HEAD")
    assert (head["path"], head["status"], head["bytes"]) == ("/collections/nothing", 404, 0), head
    assert sum("\x1b" in line["path"] for line in asked) == 1
    ids = {line["request_id"] for line in asked}
    assert len(ids) == len(asked)
    assert all(set(line) >= {"method", "path", "status", "bytes", "duration_us", "request_id", "time", "level"} for line in asked)
    with Server(twin) as server:  # by default requests are not logged
        server.ask("/health")
        server.ask("/nothing")
    log = open(server.log_path).read() if os.path.exists(server.log_path) else ""
    assert "request" not in log


run(options_come_from_a_file, the_schema_has_every_option, the_service_manager_is_told, every_request_has_its_line,
    one_server_for_a_twin, tags_stay_over_a_restart, signals_end_it, a_second_signal_does_not_wait, runs_are_listed_without_opening_them)
