"""What a server tells of itself: /metrics, read by a strict parser of the text format, and /health in good and bad times."""
import json
import math
import os
import re
import sqlite3
import time

from served import Server, add_ground, cimtwin, make_twin, run, wait_for

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*,?)?\})? (\S+)(?: (-?[0-9]+))?" % (NAME, LABEL, LABEL))
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("", "_sum", "_count")}


def number(text):
    if text in ("+Inf", "-Inf", "NaN"):
        return float(text.replace("Inf", "inf"))
    assert re.fullmatch(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", text), "no number: %r" % text
    return float(text)


def parse(text):
    """{family: (type, help, {(sample name, labels): value})}; anything that Prometheus' format 0.0.4 does not allow fails."""
    assert text.endswith("\n") and "\r" not in text
    families, current, seen = {}, None, set()
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name, _, help_text = line[7:].partition(" ")
            assert re.fullmatch(NAME, name) and name not in families, line
            assert re.fullmatch(r"(?:[^\\]|\\\\|\\n)+", help_text), line
            current = name
            families[name] = [None, help_text, {}]
        elif line.startswith("# TYPE "):
            name, _, kind = line[7:].partition(" ")
            assert name == current and families[name][0] is None and not families[name][2], "TYPE before its HELP or after samples: " + line
            assert kind in ("counter", "gauge", "histogram", "summary", "untyped"), line
            families[name][0] = kind
        else:
            assert not line.startswith("#") and line == line.strip() and line, "line %r" % line
            found = SAMPLE.fullmatch(line)
            assert found, "no sample: %r" % line
            name, labels = found.group(1), dict(re.findall(LABEL, found.group(2) or ""))
            assert current, "a sample without HELP: " + line
            kind = families[current][0]
            assert kind and name in [current + suffix for suffix in SUFFIXES.get(kind, ("",))], "%s is not of the family %s" % (name, current)
            key = (name, tuple(sorted(labels.items())))
            assert key not in seen, "twice: %s" % line
            seen.add(key)
            families[current][2][key] = number(found.group(7))
    for name, (kind, _, samples) in families.items():
        assert kind and samples, "%s has no type or no sample" % name
        if kind == "counter":
            assert name.endswith("_total") or name == "cimtwin_store_version", name
            assert all(v >= 0 and math.isfinite(v) for v in samples.values()), samples
        if kind == "histogram":
            buckets = [(number(dict(labels)["le"]), v) for (n, labels), v in samples.items() if n == name + "_bucket"]
            assert buckets == sorted(buckets) and buckets[-1][0] == math.inf, buckets
            assert all(a <= b for (_, a), (_, b) in zip(buckets, buckets[1:])), buckets
            assert samples[(name + "_count", ())] == buckets[-1][1] and samples[(name + "_sum", ())] >= 0
    return families


def metrics(server):
    status, headers, body = server.ask("/metrics")
    assert status == 200 and headers["content-type"].replace(" ", "").startswith("text/plain;version=0.0.4"), headers
    return parse(body.decode())


def value(families, name, suffix="", **labels):
    return families[name][2][(name + suffix, tuple(sorted(labels.items())))]


def the_parser_is_strict(folder):
    good = '# HELP a_total b\n# TYPE a_total counter\na_total{x="\\"1\\""} 1\n'
    parse(good)
    for bad in (good[:-1], good.replace("counter", "count"), good + "a_total 1 2 3\n", good + 'a_total{x="\\"1\\""} 2\n', good.replace("} 1", "} one"),
                good + "b 1\n", "a 1\n", good + "\n", good.replace('x="', '1x="'), good.replace("# HELP a_total b\n", "")):
        try:
            parse(bad)
        except AssertionError:
            continue
        raise AssertionError("the parser takes %r" % bad)


STORM = {"title": {"en": "Storm", "zh": "x"}, "start": "2026-07-20T20:00:00Z", "duration_s": 60, "cell_m": 4, "output_step_s": 60,
         "rain": [{"from_s": 0, "to_s": 60, "intensity_mm_h": 100}]}


def figures_are_true(folder):
    twin = make_twin(folder)
    add_ground(twin, folder)
    with Server(twin) as server:
        before = metrics(server)
        assert before["cimtwin_build_info"][2] and list(before["cimtwin_build_info"][2].values()) == [1]
        assert json.loads(cimtwin("version", "--json").stdout)["cimtwin"] in str(before["cimtwin_build_info"][2])
        assert abs(value(before, "process_start_time_seconds") - time.time()) < 120
        with open("/proc/%d/statm" % server.process.pid, encoding="ascii") as f:
            resident = int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        assert 0.5 * resident < value(before, "process_resident_memory_bytes") < 2 * resident
        assert abs(value(before, "process_open_fds") - len(os.listdir("/proc/%d/fd" % server.process.pid))) <= 3
        rows = [{"device": d, "t": "2026-07-20T20:00:%02dZ" % i, "v": i} for i, d in enumerate(["gauge-0", "gauge-1", "nobody"])]
        assert server.ask("/live/observations", "POST", json.dumps(rows), {"Content-Type": "application/json"})[0] in (200, 204)
        for _ in range(3):
            tile = server.ask("/collections/buildings/tiles/WebMercatorQuad/14/6722/13380")
            assert tile[0] in (200, 204), tile
        server.ask("/nothing")
        status, _, body = server.ask("/runs", "POST", json.dumps(STORM), {"Content-Type": "application/json"})
        assert status == 201, body
        wait_for("the run is done", lambda: [r["status"] for r in server.json("/runs")["runs"]] == ["done"])
        # A request is counted when it is over, which its client may see first.
        after = wait_for("404 is counted", lambda: (lambda m: m if value(m, "cimtwin_http_requests_total", **{"class": "4xx"}) == 1 else None)(metrics(server)))
        assert value(after, "cimtwin_observations_received_total") == 3
        assert value(after, "cimtwin_observations_stored_total") == 2 and value(after, "cimtwin_observations_refused_total") == 1
        assert value(after, "cimtwin_commit_duration_seconds", "_count") == 1 and value(after, "cimtwin_commit_duration_seconds", "_sum") > 0
        assert value(after, "cimtwin_commit_failures_total") == 0
        assert value(after, "cimtwin_tile_cache_misses_total") >= 1 and value(after, "cimtwin_tile_cache_tiles") >= 1
        assert 0 < value(after, "cimtwin_tile_cache_bytes") <= value(after, "cimtwin_tile_cache_max_bytes")
        assert {dict(labels)["state"]: v for (_, labels), v in after["cimtwin_runs"][2].items()} == \
            {"queued": 0, "running": 0, "done": 1, "failed": 0, "cancelled": 0}
        assert value(after, "cimtwin_http_request_duration_seconds", "_count") > value(before, "cimtwin_http_request_duration_seconds", "_count")
        assert value(after, "cimtwin_http_connections") >= 1
        for name, (kind, _, samples) in before.items():  # counters never fall
            if kind in ("counter", "histogram"):
                assert all(after[name][2][key] >= v for key, v in samples.items()), name


def health(server, status=200):
    return server.json("/health", status)


def health_tells_what_is_wrong_and_since_when(folder):
    twin = make_twin(folder)
    with Server(twin, "--mqtt", "mqtt://127.0.0.1:1") as server:  # nobody listens there
        bad = wait_for("the broker is missed", lambda: (lambda h: h if h["status"] == "degraded" and "refused" in h["checks"]["mqtt"].get("message", "")
                                                        else None)(health(server)))
        assert set(bad["checks"]) == {"store", "live", "storage", "mqtt", "queue", "terrain"}, bad
        mqtt = bad["checks"]["mqtt"]
        assert mqtt["status"] == "degraded" and re.match(r"20\d\d-\d\d-\d\dT", mqtt["since"]), mqtt
        assert bad["checks"]["store"]["status"] == "ok" and bad["checks"]["terrain"]["status"] == "ok"
        assert "no elevation" in bad["checks"]["terrain"]["message"]
        time.sleep(0.01)
        assert health(server)["checks"]["mqtt"]["since"] == mqtt["since"]  # not since the last question
    add_ground(twin, folder)
    with Server(twin) as server:
        good = health(server)
        assert good["status"] == "ok" and "message" not in good["checks"]["terrain"] and good["checks"]["queue"]["waiting"] == 0, good
        folder_of = twin + ".d/terrain"
        spoiled = os.path.join(folder_of, "zz.tif")
        with open(spoiled, "wb") as f:
            f.write(b"no raster")
        terrain = wait_for("the spoiled raster is found", lambda: (lambda h: h["checks"]["terrain"] if h["status"] == "degraded" else None)(health(server)))
        assert "zz.tif" in terrain["message"] and terrain["since"] > good["checks"]["terrain"]["since"], terrain
        os.unlink(spoiled)
        wait_for("it is well again by itself", lambda: health(server)["status"] == "ok")
        # The twin cannot be read any more: no balancer should send anybody here.
        with sqlite3.connect(twin) as db:
            db.execute("DROP TABLE ct_changes")
        db.close()
        failed = health(server, 503)
        assert failed["status"] == "failed" and "ct_changes" in failed["checks"]["store"]["message"], failed
        metrics(server)  # which still tells


run(the_parser_is_strict, figures_are_true, health_tells_what_is_wrong_and_since_when)
