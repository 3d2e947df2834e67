"""Verdicts of the IFC validation rules against those that buildingSMART's test files name.

Each file is copied under a name that tells nothing, imported with --dry-run --json, and the verdict on its rule compared:
a file called pass or na must not fail (some pass files never reach the check), one called fail must. At least 95 % of the
rules must agree on all of their files. Usage: ifc_rules_test.py CIMTWIN
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

GOAL = 0.95
WORDS = {"pass": "pass", "fail": "fail", "na": "not applicable"}


def main():
    program = sys.argv[1]
    here = pathlib.Path(__file__).resolve().parents[2]
    data = pathlib.Path(os.environ.get("CIMTWIN_TEST_DATA") or here / ".." / "shared" / "data")
    files = sorted((data / "bim" / "ifc" / "gherkin-rules").rglob("*.ifc"))
    if not files:
        print(f"SKIP: no rule files in {data} (CIMTWIN_TEST_DATA)")
        return 77
    wrong, seen, unknown, exact = collections.defaultdict(list), collections.Counter(), set(), 0
    with tempfile.TemporaryDirectory() as folder:
        twin, copy = f"{folder}/t.ct", f"{folder}/model.ifc"
        subprocess.run([program, "new", twin, "--crs", "EPSG:32632"], check=True, capture_output=True)
        for file in files:
            expected, code = file.name.split("-")[0], file.parent.name.upper()
            shutil.copyfile(file, copy)
            done = subprocess.run([program, "import", twin, copy, "--dry-run", "--json", "--at", "500000,5000000"],
                                  capture_output=True, text=True, timeout=60)
            verdicts = json.loads(done.stdout).get("rules") if done.stdout else None
            if verdicts is None:
                wrong[code].append(f"{file.name}: no verdicts: {done.stderr.strip()}")
                seen[code] += 1
                continue
            if code not in verdicts:
                unknown.add(code)
                continue
            seen[code] += 1
            got = verdicts[code]
            exact += got == WORDS[expected]
            if (got == "fail") != (expected == "fail"):
                wrong[code].append(f"{file.name}: {got}")
    for code in sorted(wrong):
        for line in wrong[code]:
            print(f"{code}: {line}")
    right = sum(1 for code in seen if code not in wrong)
    n_wrong = sum(len(lines) for lines in wrong.values())
    print(f"{len(seen)} rules on {sum(seen.values())} files: {right} rules agree on all of theirs; {n_wrong} files differ, "
          f"{exact} have the very word; not checked: {' '.join(sorted(unknown))}")
    return 0 if right >= GOAL * len(seen) else 1


sys.exit(main())
