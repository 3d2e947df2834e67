"""The Monai valley experiment (Okushiri tsunami 1993 at 1:400) on the flood engine.

Bathymetry, wave and gauges: CRIEPI. The measured wave enters from a reservoir whose total head is that of the wave, its
level and u2/2g, with u of a wave that runs one way. Peaks of the three gauges, as they were read, and the run-up of
9 cm must come within 10 %. Usage: monai_test.py CIMTWIN; the data: CIMTWIN_TEST_DATA.
"""
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

G, STILL_M, END_S = 9.81, 0.13535, 22.5
GAUGES = [("ch5", 1.196), ("ch7", 1.696), ("ch9", 2.196)]
RUN_UP_M, SHARE, RMSE_CM = 0.09, 0.10, 0.45


def numbers(path):
    rows = [line.split() for line in path.read_text().splitlines()[1:]]
    return [[float(cell) for cell in row] for row in rows if row]


def head(level_m):
    u = 2 * (math.sqrt(G * (STILL_M + level_m)) - math.sqrt(G * STILL_M))
    return level_m + u * u / (2 * G)


def case_of(raster, wave):
    return {"engine": "flood", "title": "Monai valley", "terrain_m": {"raster": raster}, "level_m": 0, "manning": 0.01,
            "boundaries": [{"side": "west", "kind": "level", "level_m": [[t, head(level)] for t, level in wave]}],
            "duration_s": END_S, "output_step_s": 0.05,
            "points": [{"name": name, "x_m": 4.521, "y_m": y} for name, y in GAUGES],
            "expected": [{"quantity": "max_level_m", "value": RUN_UP_M, "bound": SHARE, "relative": True},
                         {"quantity": "volume_error", "at_most": 1e-7}]}


def at(rows, column, time_s):
    """Linear between rows in order of time."""
    for a, b in zip(rows, rows[1:]):
        if a[0] <= time_s <= b[0]:
            return a[column] + (b[column] - a[column]) * (time_s - a[0]) / (b[0] - a[0])
    raise ValueError(f"no measurement at {time_s} s")


class Lines:
    def __init__(self):
        self.missed = 0
        print(f"{'quantity':34} {'expected':>10} {'got':>10} {'error':>10} {'bound':>10}")

    def put(self, quantity, expected, got, error, bound):
        ok = error <= bound
        self.missed += not ok
        print(f"{quantity:34} {expected:10.4g} {got:10.4g} {error:10.4g} {bound:10.4g}  {'ok' if ok else 'MISS'}")


def main():
    program = sys.argv[1]
    here = pathlib.Path(__file__).resolve().parents[2]
    data = pathlib.Path(os.environ.get("CIMTWIN_TEST_DATA") or here / ".." / "shared" / "data") / "flood/anuga/okushiri"
    files = [data / name for name in ("Benchmark_2_Bathymetry.asc", "Benchmark_2_input.txt", "output_ch5-7-9.txt")]
    if not all(file.is_file() for file in files):
        print(f"SKIP: no Monai data in {data} (CIMTWIN_TEST_DATA)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "case.json"
        path.write_text(json.dumps(case_of(str(files[0].resolve()), numbers(files[1]))))
        done = subprocess.run([program, "case", "flood", str(path), "--json"], capture_output=True, text=True)
        if not done.stdout:
            print(done.stderr)
            return 1
    run, measured, lines = json.loads(done.stdout), numbers(files[2]), Lines()
    for k, point in enumerate(run["points"]):
        got = [100 * level for level in point["level_m"]]
        want = [at(measured, k + 1, t) for t in run["time_s"]]
        lines.put(f"{point['name']}: peak, cm", max(want), max(got), abs(max(got) / max(want) - 1), SHARE)
        rmse = math.sqrt(sum((a - b) ** 2 for a, b in zip(got, want)) / len(want))
        lines.put(f"{point['name']}: root mean square, cm", 0, rmse, rmse, RMSE_CM)
    run_up, volume = run["checks"]
    lines.put("run-up, m", RUN_UP_M, run_up["got"], abs(run_up["got"] / RUN_UP_M - 1), SHARE)
    lines.put("volume error", 0, volume["got"], volume["got"], 1e-7)
    return 1 if lines.missed else 0


if __name__ == "__main__":
    sys.exit(main())
