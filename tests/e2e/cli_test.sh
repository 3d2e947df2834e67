#!/usr/bin/env bash
# The command line as people and scripts meet it: exit codes, messages, all or nothing, names in any script, a full disk.
# CIMTWIN: the program. SCENARIO: a sound scenario document.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

# expect CODE TEXT ARGUMENT...: the exit code, and a text that the output or the error holds
expect() {
    local code=$1 text=$2 got
    shift 2
    "$CIMTWIN" "$@" >out 2>err
    got=$?
    if [ "$got" -ne "$code" ] || { [ -n "$text" ] && ! cat out err | grep -qF -- "$text"; }; then
        echo "cimtwin $*: exit $got, expected $code and \"$text\":"
        cat out err
        failures=$((failures + 1))
    fi
}

# gone NAME...: none of them is there
gone() {
    for name in "$@"; do
        [ ! -e "$name" ] || { echo "$name stayed behind"; failures=$((failures + 1)); }
    done
}

twin='我的 社区.ct'
expect 2 '--crs is missing' new "$twin"
expect 3 'is not projected' new "$twin" --crs EPSG:4326
expect 3 'unknown coordinate reference system' new "$twin" --crs EPSG:999999
expect 1 'nowhere/x.ct' new nowhere/x.ct --crs EPSG:4547
gone "$twin" "$twin.d" "$twin.new" nowhere
expect 0 '' new "$twin" --crs EPSG:4547 --title '滨河 "Riverside"'
expect 3 'is there already' new "$twin" --crs EPSG:4547
expect 0 '滨河' info "$twin"
expect 4 'is not there' info other.ct
# One engine on a case of its own: what it expects decides the exit code.
case_of() { # EXPECTATIONS: a lake of 4 x 3 cells, 1 m deep
    printf '{"engine":"flood","grid":{"columns":4,"rows":3,"cell_m":10},"terrain_m":0,"depth_m":1,"duration_s":1,"expected":[%s]}' "$1" >lake.json
}
case_of '{"quantity":"depth_m","value":1,"bound":0}'
expect 0 '1 quantities, 0 out of bounds' case flood lake.json --out lake
[ -s lake/points.csv ] && [ -s lake/max_depth.tif ] || { echo "case: no files"; failures=$((failures + 1)); }
expect 0 '"ok":true' case flood lake.json --json
case_of '{"quantity":"depth_m","value":2,"bound":0.5}'
expect 1 'not what the case expects' case flood lake.json
expect 1 '"ok":false' case flood lake.json --json
case_of '{"quantity":"depth_m"}'
expect 3 'lake.json: expected[0]' case flood lake.json
expect 2 'there is no engine "smoke"' case smoke lake.json
expect 4 'none.json' case flood none.json
# A SWMM project file on the storm-drain engine.
network() { # ENDS: two nodes and a pipe between them
    printf '[OPTIONS]\nFLOW_UNITS LPS\nEND_TIME 0:10\nREPORT_STEP 0:05\n[JUNCTIONS]\nJ1 2 3\n[OUTFALLS]\nO1 1 FREE\n[CONDUITS]\nC1 %s 50 0.013\n[XSECTIONS]\nC1 CIRCULAR 0.3\n[INFLOWS]\nJ1 FLOW "" FLOW 1 1 20\n[LID_USAGE]\nS1 x\n' "$1" >pipe.inp
}
network 'J1 O1'
expect 0 'volume error' case drains pipe.inp --out pipe
[ "$(wc -l <pipe/link_flow_m3s.csv)" = 4 ] || { echo "case drains: rows"; failures=$((failures + 1)); }
expect 0 'pipe.inp line 16, [LID_USAGE]: the section is kept' case drains pipe.inp
expect 0 '"kind":"conduit","max_flow_m3s":0.0' case drains pipe.inp --json
network 'J1 O9'
expect 3 'pipe.inp line 10, [CONDUITS]: C1: there is no node "O9"' case drains pipe.inp
expect 4 'none.inp' case drains none.inp
echo 'no twin' >text.ct
expect 3 'text.ct is not a twin' info text.ct
expect 2 'unknown option' info "$twin" --nope
expect 2 'no command' nope

cat >'长椅 1.geojson' <<'JSON'
{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"g-1","properties":{"name":"东门"},"geometry":{"type":"Point","coordinates":[114.04,30.55]}},
 {"type":"Feature","id":"g-2","properties":{},"geometry":{"type":"Point","coordinates":[114.041,30.55]}}]}
JSON
# The machine's place in the world changes nothing that is read or written.
export TZ=Asia/Shanghai
expect 0 'dry run' import "$twin" '长椅 1.geojson' --as gates --dry-run
expect 0 'total' import "$twin" '长椅 1.geojson' --as gate
expect 3 '' import "$twin" '长椅 1.geojson' --as gate # the ids are used
expect 0 '[114.04,30.55]' query "$twin" gates --where name=东门
expect 2 '--where' query "$twin" gates --where name
expect 3 'bbox' query "$twin" gates --bbox 1,2
expect 0 'g-2' query "$twin" gates --bbox=-180,-90,180,90 --format csv

# Scenarios come all or none.
cp "$SCENARIO" good.json
echo '{"title":' >bad.json
expect 3 '' import "$twin" good.json bad.json --as scenario
gone "$twin.d/scenarios/good.json"
expect 0 '' import "$twin" good.json --as scenario
[ -e "$twin.d/scenarios/good.json" ] || { echo 'the scenario is not there'; failures=$((failures + 1)); }

expect 2 'lies in the folder' backup "$twin" "$twin.d/copy.ct"
expect 1 'nowhere' backup "$twin" nowhere/copy.ct
gone "$twin.d/copy.ct" "$twin.d/copy.ct.d" "$twin.d/copy.ct.part" "$twin.d/copy.ct.d.part" nowhere
expect 0 '' backup "$twin" 备份.ct
expect 3 'is there already' backup "$twin" 备份.ct
expect 0 'no problems' check 备份.ct

# What cannot be printed was not done.
for words in version "info 备份.ct" "check 备份.ct" "query 备份.ct gates"; do
    # shellcheck disable=SC2086
    "$CIMTWIN" $words >/dev/full 2>err && { echo "$words: a full disk went unnoticed"; failures=$((failures + 1)); }
done

[ "$failures" -eq 0 ] || { echo "$failures failures"; exit 1; }
