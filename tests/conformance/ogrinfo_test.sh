#!/usr/bin/env bash
# GDAL's OGC API Features client lists every collection of the server and downloads each with its exact count.
set -eu
command -v ogrinfo >/dev/null || { echo "skipped: ogrinfo (gdal-bin) is missing"; exit 77; }
. "$(dirname "$0")/serve.sh"

want=$("$CIMTWIN" info "$TWIN" --json | python3 -c '
import json, sys
for c in json.load(sys.stdin)["collections"]: print(c["collection"], c["count"])')
listed=$(ogrinfo -ro -q "OAPIF:$url" | sed -n 's/^[0-9]*: \([a-z_]*\).*/\1/p' | sort)
[ "$listed" = "$(echo "$want" | cut -d' ' -f1 | sort)" ] || {
    echo "ogrinfo lists other collections than the twin has:" >&2
    diff <(echo "$listed") <(echo "$want" | cut -d' ' -f1 | sort) >&2
    exit 1
}
bad=0 collections=0 features=0
while read -r name count; do
    target=$(mktemp -u --suffix=.csv)
    ogr2ogr -f CSV -lco GEOMETRY=AS_WKT "$target" "OAPIF:$url" "$name" -oo PAGE_SIZE=1000
    got=$(python3 -c 'import csv, sys
csv.field_size_limit(1 << 30)
print(max(0, sum(1 for _ in csv.reader(open(sys.argv[1], newline=""))) - 1) if __import__("os").path.exists(sys.argv[1]) else 0)' "$target")
    rm -f "$target"
    [ "$got" = "$count" ] || { echo "$name: ogr2ogr got $got features, the twin has $count" >&2; bad=1; }
    collections=$((collections + 1)) features=$((features + got))
done <<<"$want"
echo "ogr2ogr downloaded $features features of $collections collections"
[ $bad = 0 ] && [ $features -gt 1000 ]
