#!/usr/bin/env bash
# The command line from an empty folder on: a twin is made, filled, asked, simulated, compared, checked and backed up; and
# each kind of error ends with its exit code and one line on stderr.
#   $CIMTWIN: the program
set -u
model=$(cd "$(dirname "$0")/../data/ingest" && pwd)/house.ifc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

# expect CODE WHAT COMMAND...: runs `cimtwin COMMAND...` into out and err, and looks at the exit code.
expect() {
    local code=$1 what=$2 got=0
    shift 2
    "$CIMTWIN" "$@" >out 2>err || got=$?
    [ "$got" = "$code" ] || fail "$what: exit code $got, not $code: $(head -c 300 err)"
}

# refuse CODE COMMAND PATTERN ARGUMENTS...: the error is one line "cimtwin: COMMAND: ..." (a hint may follow a wrong use).
# An import tells its findings before it.
refuse() {
    local code=$1 command=$2 pattern=$3
    shift 3
    expect "$code" "$command $*" "$command" "$@"
    [ "$(grep -c "^cimtwin: $command: " err)" = 1 ] || fail "$command $*: no error line: $(head -c 300 err)"
    [ "$command" != import ] && grep -v '^Try: cimtwin ' err | grep -qv "^cimtwin: $command: " && fail "$command $*: more than one line: $(head -c 300 err)"
    grep -q "$pattern" err || fail "$command $*: \"$pattern\" is not in: $(head -c 300 err)"
    [ -s out ] && fail "$command $*: an error, and words on stdout"
}

# holds WHAT EXPRESSION: a Python expression over the JSON `d` in out.
holds() {
    python3 -c 'import json, sys
d = json.load(open("out"))
sys.exit(0 if eval(sys.argv[1]) else 1)' "$2" || fail "$1: not so: $2: $(head -c 300 out)"
}

# ---- what comes in: ground that falls to the east, 60 by 60 cells of 2 m, and three features
python3 - <<'END'
rows = 60
with open("ground.asc", "w") as f:
    f.write("ncols 60\nnrows 60\nxllcorner 500000\nyllcorner 3380000\ncellsize 2\nNODATA_value -9999\n")
    for r in range(rows):
        f.write(" ".join("%.2f" % (12 - 0.03 * c) for c in range(60)) + "\n")
import json
lon0, lat0, dlon, dlat = 114.0, 30.54021484, 0.00125052872 / 120, 0.0010824306 / 120
def at(x, y): return [lon0 + x * dlon, lat0 + y * dlat]
def box(x0, y0, x1, y1): return {"type": "Polygon", "coordinates": [[at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)]]}
def features(*list): return {"type": "FeatureCollection", "features": [
    {"type": "Feature", "id": i, "geometry": g, "properties": p} for i, g, p in list]}
json.dump(features(("home", box(60, 50, 70, 60), {"name": "Home", "residents": 30, "use": "residential", "storeys_above": 6}),
                   ("school", box(90, 20, 110, 40), {"name": 'The "Old", School', "residents": 0, "use": "school", "storeys_above": 3})),
          open("houses.geojson", "w"))
json.dump(features(("street", {"type": "LineString", "coordinates": [at(5, 80), at(115, 80)]}, {"width_m": 8})), open("streets.geojson", "w"))
json.dump(features(("broken", {"type": "Polygon", "coordinates": [[at(1, 1), at(2, 2)]]}, {})), open("broken.geojson", "w"))
storm = {"title": {"en": "Storm", "zh": "暴雨"}, "start": "2026-07-20T20:00:00Z", "duration_s": 600, "output_step_s": 120, "cell_m": 2,
         "rain": [{"from_s": 0, "to_s": 300, "intensity_mm_h": 400}]}
json.dump(storm, open("storm.json", "w"))
wall = {"op": "add", "class": "barrier", "id": "wall-1", "properties": {"height_m": 2},
        "geometry": {"type": "LineString", "coordinates": [at(55, 40), at(55, 70)]}}
json.dump(dict(storm, edits=[wall]), open("wall.json", "w"))
json.dump(dict(storm, cell_m=4), open("coarse.json", "w"))
json.dump(dict(storm, cell_m=0.5, duration_s=2592000, output_step_s=86400), open("endless.json", "w"))
json.dump(dict(storm, rain=[{"from_s": 0, "to_s": 300, "intensity_mm_h": -5}]), open("negative.json", "w"))
json.dump(dict(storm, edits=[{"op": "remove", "id": "nobody"}]), open("nobody.json", "w"))
open("cut.json", "w").write('{"start": ')
END

# ---- a twin of a building model
expect 0 "new" new model.ct --crs EPSG:4547
expect 0 "import of a building model" import model.ct "$model" --at 500100,3400100,30,90 --json
holds "import of a building model" 'd["features"]["storey"] == 3 and d["features"]["opening"] == 2 and d["rules"]["SPS007"] == "pass"'
expect 0 "query of a door" query model.ct openings --where kind=door --crs EPSG:4547
holds "query of a door" '[round(x, 3) for x in d["features"][0]["geometry"]["coordinates"][:2]] == [500099.8, 3400101]'
refuse 2 import 'EAST,NORTH' model.ct "$model" --at 500100
refuse 3 import 'house.ifc:25: IFCSITE #21: .*used in this twin already' model.ct "$model"
expect 0 "indoor model" indoor model.ct --json
holds "indoor model" 'len(d["buildings"]) == 1 and len(d["buildings"][0]["storeys"]) == 3 and len(d["buildings"][0]["openings"]) == 2'
expect 0 "query of a door as JSON" query model.ct openings --where kind=door
door=$(/usr/bin/python3 -c 'import json; print(json.load(open("out"))["features"][0]["id"])')
printf 'id,attribute,value\n%s,clear_width_m,0.55\n%s,state,locked\n' "$door" "$door" >over.csv
printf 'id,attribute,value\n%s,clear_width_m,0.77\n%s,colour,red\nnobody,width_m,1\n' "$door" "$door" >wrong.csv
refuse 3 import 'wrong.csv:3: .*colour' model.ct over.csv wrong.csv --as overrides
expect 0 "indoor model after a wrong table" indoor model.ct --json
holds "nothing is half applied" '[o["clear_width_m"] for o in d["buildings"][0]["openings"] if o["kind"] == "door"] != [0.55]'
expect 0 "overrides" import model.ct over.csv --as overrides --json
holds "overrides" 'd["features"] == {"override": 2} and d["diagnostics"] == []'
expect 0 "indoor model after overrides" indoor model.ct --json
holds "overrides win" '[(o["clear_width_m"], o["state"]) for o in d["buildings"][0]["openings"] if o["kind"] == "door"] == [(0.55, "locked")]'
expect 0 "check of a building model" check model.ct

# ---- a twin
expect 0 "new" new t.ct --crs EPSG:4547 --title "Test place"
expect 0 "import of ground" import t.ct ground.asc --crs EPSG:4547 --json
expect 0 "dry run" import t.ct houses.geojson --as building --dry-run --json
holds "dry run" 'd["features"]["building"] == 2'
expect 0 "info" info t.ct --json
holds "a dry run writes nothing" '{c["collection"]: c["count"] for c in d["collections"]}["buildings"] == 0'
expect 0 "import of features" import t.ct houses.geojson --as building --json
holds "import" 'd["features"] == {"building": 2} and d["diagnostics"] == []'
expect 0 "import of streets" import t.ct streets.geojson --as road
grep -q '^roads  *1$' out || fail "import: no count: $(cat out)"
expect 0 "import of scenarios" import t.ct storm.json wall.json --as scenario
grep -qx 'scenarios  *2' out || fail "import of scenarios: no count: $(cat out)"
expect 0 "import of scenarios again" import t.ct storm.json wall.json --as scenario --json
holds "scenarios are counted, and replacing is told" 'd["features"] == {"scenario": 2} and [(x["severity"], x["rule"], x["where"]) for x in d["diagnostics"]] == [("info", "replaced", "storm.json"), ("info", "replaced", "wall.json")]'
head -c 9000000 /dev/zero | tr '\0' ' ' >large.json
refuse 3 import 'large.json' t.ct large.json --as scenario
expect 0 "a CRS that the file does not need" import t.ct houses.geojson --as building --dry-run --crs EPSG:4547 --json
holds "a CRS that is not used" '[x["rule"] for x in d["diagnostics"]] == ["own-crs"]'
[ -f t.ct.d/scenarios/storm.json ] || fail "the scenario is not beside the twin"
expect 0 "info" info t.ct --json
holds "info" 'd["title"] == "Test place" and d["crs"] == "EPSG:4547"'
holds "info counts" '{c["collection"]: c["count"] for c in d["collections"] if c["count"]} == {"buildings": 2, "roads": 1, "terrains": 1} or {c["collection"]: c["count"] for c in d["collections"] if c["count"]} == {"buildings": 2, "roads": 1}'
expect 0 "info of a collection" info t.ct buildings --json
holds "info of a collection" 'len(d["collections"]) == 1 and any(a["name"] == "residents" for a in d["collections"][0]["attributes"])'
expect 0 "info as text" info t.ct
grep -q '^buildings ' out || fail "info: no buildings: $(cat out)"

# ---- questions
expect 0 "query" query t.ct buildings
holds "query" 'd["type"] == "FeatureCollection" and [f["id"] for f in d["features"]] == ["home", "school"]'
holds "CRS84 needs no word" '"crs" not in d and "coordRefSys" not in d'
holds "query in CRS84" 'abs(d["features"][0]["geometry"]["coordinates"][0][0][0][0] - 114.0006) < 0.0002'
expect 0 "query in the twin's CRS" query t.ct buildings --crs EPSG:4547 --where use=school
holds "query tells its CRS" 'd["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4547"'
holds "what came without heights lies on the ground" 'all(abs(p[2] - (12.015 - 0.015 * (p[0] - 500000))) < 0.02 for p in d["features"][0]["geometry"]["coordinates"][0][0])'
holds "query by attribute" '[f["id"] for f in d["features"]] == ["school"] and min(p[0] for p in d["features"][0]["geometry"]["coordinates"][0][0]) > 500080'
expect 0 "query by two attributes" query t.ct buildings --where use=school --where storeys_above=3
holds "query by two attributes" '[f["id"] for f in d["features"]] == ["school"]'
expect 0 "query by two attributes that never meet" query t.ct buildings --where use=school --where storeys_above=6
holds "query by two attributes that never meet" 'd["features"] == []'
expect 0 "query by a value with = and &" query t.ct buildings --where 'name=a=b&use=school'
holds "query by a value with = and &" 'd["features"] == []'
expect 0 "query by box" query t.ct buildings --bbox 114.0006,30.5406,114.0008,30.5408
holds "query by box" '[f["id"] for f in d["features"]] == ["home"]'
expect 0 "query with a limit" query t.ct buildings --limit 1
holds "query with a limit" 'len(d["features"]) == 1'
expect 0 "query of nothing" query t.ct hydrants
holds "query of nothing" 'd["features"] == []'
expect 0 "query as CSV" query t.ct buildings --format csv --crs EPSG:4547
python3 - <<'END' || fail "CSV is not as it should be: $(cat out)"
import csv
rows = list(csv.DictReader(open("out", newline="", encoding="utf-8")))
assert [r["id"] for r in rows] == ["home", "school"], rows
assert rows[1]["name"] == 'The "Old", School' and rows[0]["residents"] == "30", rows
assert abs(float(rows[0]["x"]) - 500065) < 0.5 and abs(float(rows[0]["y"]) - 3380055) < 0.5, rows
END

# ---- runs
expect 0 "run" run t.ct storm.json --json --threads 2
python3 - >base <<'END' || fail "run --json: $(cat out)"
import json
lines = [json.loads(l) for l in open("out")]
assert lines[-1]["reused"] is False and len(lines[-1]["run"]) == 32, lines
steps = [l["progress"] for l in lines[:-1]]
assert steps == sorted(steps) and all(0 <= s <= 1 for s in steps), steps
print(lines[-1]["run"])
END
base=$(cat base)
[ -f "t.ct.d/runs/$base/run.json" ] || fail "the run is not in its folder"
expect 0 "equal run" run t.ct storm.json --json --threads 1
holds "equal run" "d == {'run': '$base', 'reused': True}"
expect 0 "run as text" run t.ct wall.json
other=$(cut -d' ' -f1 out)
[ "$(grep -c % err)" -ge 3 ] && grep -q '^100% done$' err || fail "run shows no progress: $(cat err)"
expect 0 "compare" compare t.ct "$base" "$other" --json --raster difference.tif
holds "compare" "d['base'] == '$base' and d['other'] == '$other' and len(d['indicators']) == 7"
[ -s difference.tif ] || fail "compare wrote no raster"
if command -v gdalinfo >gdalinfo; then gdalinfo difference.tif | grep -q 'Size is 60, 60' || fail "GDAL sees another raster"; fi
expect 0 "compare as text" compare t.ct "$base" "$other"
grep -q 'Residents of these buildings' out || fail "compare: no table: $(cat out)"
grep -q -- '[-+]0\.000' out && fail "compare: a sign before nothing: $(cat out)"
grep '^Residents of these' out | grep -qE ' [0-9]+ +[0-9]+ +[-+]?[0-9]+$' || fail "compare: counts are not whole: $(cat out)"
expect 0 "compare of a run with itself" compare t.ct "$base" "$base"
grep -qE '^Largest depth .* 0\.000  m$' out || fail "compare of a run with itself: $(cat out)"
expect 0 "compare of paths" compare t.ct "t.ct.d/runs/$base" "$PWD/t.ct.d/runs/$other/" --json
holds "compare of paths" "d['base'] == '$base' and d['other'] == '$other'"

# ---- a run that is cancelled leaves nothing
"$CIMTWIN" run t.ct endless.json --json >out 2>err &
pid=$!
for _ in $(seq 200); do grep -q simulating out && break; sleep 0.05; done
grep -q simulating out || fail "the endless run did not begin: $(cat out err)"
before=$(find t.ct.d/runs -mindepth 1 -maxdepth 1 -name "*part*" | grep -c .)
kill -INT $pid
code=0
wait $pid || code=$?
[ $code = 5 ] || fail "cancelled: exit code $code"
[ "$(cat err)" = "cimtwin: run: the run was cancelled" ] || fail "cancelled: $(cat err)"
[ "$before" = 1 ] || fail "the endless run was nowhere"
[ "$(ls -A t.ct.d/runs | wc -l)" = 2 ] || fail "cancelled, and there is: $(ls -A t.ct.d/runs)"

# ---- care
expect 0 "check" check t.ct
grep -q 'no problems' out || fail "check: $(cat out)"
expect 0 "backup" backup t.ct copy.ct
expect 0 "check of the backup" check copy.ct
expect 0 "the backup holds the runs" compare copy.ct "$base" "$other" --json
expect 0 "the backup holds the features" query copy.ct buildings
holds "the backup" 'len(d["features"]) == 2'
expect 0 "the backup's run is the same" run copy.ct storm.json --json
holds "the backup's run" "d == {'run': '$base', 'reused': True}"
rm -r "copy.ct.d/runs/$base/flood.zarr/max_depth"
expect 3 "check of a run that lost an array" check copy.ct
grep -q "runs/$base: .*max_depth" out || fail "check: nothing is said of the array that is gone: $(cat out)"

# ---- errors: 2 wrong use
expect 2 "no command"
grep -q '^Usage: cimtwin' err || fail "no command: no help"
expect 2 "no such command" fly
grep -q '^cimtwin: there is no command "fly"' err || fail "no such command: $(cat err)"
refuse 2 new 'crs is missing' x.ct
refuse 2 new 'wrong number of arguments' --crs EPSG:4547
refuse 2 info 'unknown option --wings' t.ct --wings
refuse 2 run 'threads many: not a whole number' t.ct storm.json --threads many
refuse 2 query 'limit' t.ct buildings --limit -3
refuse 2 query 'format xml' t.ct buildings --format xml
refuse 2 query '.' t.ct buildings --where nothing
refuse 2 import 'needs CLASS' t.ct houses.geojson --as
expect 0 "coarse run" run t.ct coarse.json --json
coarse=$(python3 -c 'import json; print([json.loads(l) for l in open("out")][-1]["run"])')
refuse 2 compare 'different grids' t.ct "$base" "$coarse"
# ---- 3 bad input
refuse 3 new 'EPSG:4326' y.ct --crs EPSG:4326
refuse 3 new '.' t.ct --crs EPSG:4547
refuse 3 run 'negative.json: scenario.rain\[0\].intensity_mm_h: -5' t.ct negative.json
refuse 3 run 'cut.json: line 1' t.ct cut.json
refuse 3 import 'broken.geojson' t.ct broken.geojson --as building --strict
refuse 3 import '.' t.ct houses.geojson --as building # its ids are used
refuse 3 import 'cut.json' t.ct cut.json --as scenario
refuse 3 query '.' t.ct buildings --bbox 1,2,3
refuse 3 query '.' t.ct buildings --datetime tomorrow
printf 'no database at all, but long enough to look at it twice' >fake.ct
refuse 3 info 'fake.ct' fake.ct
# ---- 4 not found
refuse 4 info 'missing.ct' missing.ct
refuse 4 info 'there is no collection "castles"' t.ct castles
refuse 4 query 'there is no collection "castles"' t.ct castles
refuse 4 run 'missing.json' t.ct missing.json
refuse 4 run 'there is no feature "nobody"' t.ct nobody.json
refuse 4 import 'missing.geojson' t.ct missing.geojson --as building
refuse 4 compare 'there is no run' t.ct "$base" 0123456789abcdef0123456789abcdef
refuse 4 backup 'missing.ct' missing.ct z.ct
# ---- 1 failed at work
expect 0 "a twin without ground" new bare.ct --crs EPSG:4547
refuse 4 run 'no terrain raster' bare.ct storm.json
"$CIMTWIN" query t.ct buildings >/dev/full 2>err
[ $? = 1 ] || fail "a full disk: exit code"
grep -q '^cimtwin: query: the output cannot be written$' err || fail "a full disk: $(cat err)"

# ---- nothing of all this harmed the twin
expect 0 "check at the end" check t.ct
expect 0 "features at the end" query t.ct buildings
holds "features at the end" 'len(d["features"]) == 2'

# ---- heights without ground
expect 0 "a twin without ground" new flat.ct --crs EPSG:4547
expect 0 "features without heights" import flat.ct houses.geojson --as building --json
holds "that there is no ground is told" '[(x["severity"], x["rule"]) for x in d["diagnostics"]] == [("warning", "no-ground")] and "2 features" in d["diagnostics"][0]["text"]'

# ---- a file without its folder
cp t.ct moved.ct
refuse 4 serve 'moved.ct.d is not there' moved.ct --listen 127.0.0.1:0
refuse 4 compare 'there is no folder /nonexist' t.ct "$base" /nonexist
mkdir -p odd
refuse 4 compare "odd: not the folder of a run" t.ct "$base" ./odd
refuse 4 run 'nobody.json: .*there is no feature "nobody"' t.ct nobody.json

# ---- help
expect 0 "help" --help
for command in $(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out); do
    expect 0 "$command --help" "$command" --help
    grep -q "^Usage: cimtwin $command" out || fail "$command --help: no usage"
    grep -q '^Examples:' out || fail "$command --help: no examples"
    grep -q "^  cimtwin $command" out || fail "$command --help: no example"
    commands=$((${commands:-0} + 1))
done
[ "${commands:-0}" -ge 10 ] || fail "help lists ${commands:-0} commands"
expect 0 "version" version --json
holds "version" 'd["engines"]["flood"] and d["schema"] >= 1'

[ $failures = 0 ] && echo "the command line does as it says"
[ $failures = 0 ]
