#!/usr/bin/env python3
"""The flood of Merewether 2007 (Newcastle, NSW): a steady inflow on a disc, houses as blocks, roads smoother than
gardens; levels at the points that were observed; where the model is dry its level is the ground's. Usage: merewether_test.py CIMTWIN [--scheme S] [--precision P] [--cell M]

The data are read from CIMTWIN_TEST_DATA (default: ../shared/data beside the repository); exit 77 where they are missing.
Prints one line a point and the median of what they miss, with its bound."""
import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import zipfile

BOUND_M = 0.25
STEADY_S = 1200


def ring(path):
    """A closed ring from a table of x, y."""
    with open(path, encoding="utf-8") as file:
        corners = [[float(row[0]), float(row[1])] for row in csv.reader(file) if len(row) >= 2]
    return {"type": "Polygon", "coordinates": [corners + corners[:1]]}


def observed(path):
    with open(path, encoding="utf-8") as file:
        rows = list(csv.reader(file, skipinitialspace=True))[1:]
    return [{"name": row[2], "x_m": float(row[0]), "y_m": float(row[1]), "level_m": float(row[4])} for row in rows]


class Ground:
    """The terrain's heights: an Esri ASCII grid."""

    def __init__(self, path):
        lines = path.read_text(encoding="ascii").splitlines()
        head = dict(line.lower().split() for line in lines[:6])
        self.west, self.south, self.cell = (float(head[key]) for key in ("xllcorner", "yllcorner", "cellsize"))
        self.rows = [[float(value) for value in line.split()] for line in lines[6:]]

    def at(self, x_m, y_m):
        column, up = int((x_m - self.west) / self.cell), int((y_m - self.south) / self.cell)
        return self.rows[len(self.rows) - 1 - up][column]


def case_of(data, points, options):
    houses = sorted((data / "houses").glob("*.csv"))
    cell_m = options.cell
    return {
        "engine": "flood",
        "grid": {"columns": int(320 // cell_m), "rows": int(414 // cell_m), "cell_m": cell_m, "west_m": 382251,
                 "south_m": 6354266},
        "title": "Merewether 2007",
        "source": "levels of the final report of Australian Rainfall and Runoff, project 15",
        "scheme": options.scheme,
        "precision": options.precision,
        "terrain_m": {"raster": "topography1.asc", "nodata": 100},
        "manning": [0.04, {"area": ring(data / "Road" / "RoadPolygon.csv"), "value": 0.02}],
        "blocked": [0] + [{"area": ring(house), "value": 1} for house in houses],
        "sources": [{"name": "inflow", "x_m": 382265, "y_m": 6354280, "radius_m": 10, "discharge_m3s": 19.7}],
        "boundaries": [{"side": side, "kind": "open"} for side in ("west", "east", "north", "south")],
        "duration_s": STEADY_S,
        "output_step_s": 60,
        "points": [{key: point[key] for key in ("name", "x_m", "y_m")} for point in points],
        "expected": [
            {"quantity": "source_in_m3", "value": 19.7 * STEADY_S, "relative": True, "bound": 1e-6},
            {"quantity": "volume_error", "at_most": 1e-6},
        ],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cimtwin")
    parser.add_argument("--scheme", default="second_order")
    parser.add_argument("--precision", default="single")
    parser.add_argument("--cell", type=float, default=2)
    options = parser.parse_args()
    here = pathlib.Path(__file__).resolve().parents[2]
    root = pathlib.Path(os.environ.get("CIMTWIN_TEST_DATA") or here / ".." / "shared" / "data")
    data = root / "flood" / "anuga" / "merewether"
    if not (data / "topography1.zip").exists():
        print(f"SKIP: no Merewether data in {root} (CIMTWIN_TEST_DATA)")
        return 77
    points = observed(data / "Observations" / "ObservationPoints.csv")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(data / "topography1.zip") as archive:
            archive.extract("topography1.asc", folder)
        ground = Ground(pathlib.Path(folder) / "topography1.asc")
        case = pathlib.Path(folder) / "case.json"
        case.write_text(json.dumps(case_of(data, points, options)), encoding="utf-8")
        done = subprocess.run([options.cimtwin, "case", "flood", str(case), "--json"], capture_output=True, text=True,
                              check=False)
    if done.returncode:
        print(done.stdout[-2000:], done.stderr, file=sys.stderr)
        return 1
    levels_of = {point["name"]: point["level_m"] for point in json.loads(done.stdout)["points"]}
    misses, drift = [], 0.0
    for point in points:
        dry = ground.at(point["x_m"], point["y_m"])
        before, level = (dry if value is None else value for value in (levels_of[point["name"]][k] for k in (-3, -1)))
        misses.append(abs(level - point["level_m"]))
        drift = max(drift, abs(level - before))
        print(f"point {point['name']}: level {level:.3f} m, observed {point['level_m']:.2f} m, error {misses[-1]:.3f} m"
              f"{'' if levels_of[point['name']][-1] is not None else ' (dry)'}")
    median = statistics.median(misses)
    print(f"median error {median:.3f} m, bound {BOUND_M} m; drift in the last two minutes {drift:.4f} m, bound 0.02 m")
    return 0 if median < BOUND_M and drift < 0.02 else 1


if __name__ == "__main__":
    sys.exit(main())
