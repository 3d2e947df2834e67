#!/usr/bin/env bash
# The installed tree stands alone: the program finds its own data and page, every header compiles by itself as C and C++,
# and a program of somebody else's builds with the library and works.
#   install_test.sh BUILD_FOLDER
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
failures=0
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

tree="$work/a tree"
cmake --install "$build" --prefix "$tree" >"$work/installed"
cd "$work"

# ---- the program. Its data are changed here, so that it cannot be those of the sources that it reads.
catalogue=$tree/share/cimtwin/catalogue/built.json
grep -q '"Building"' "$catalogue" || fail "no title \"Building\" in the installed catalogue"
sed -i 's/"Building"/"Installed building"/' "$catalogue"
program=$tree/bin/cimtwin
"$program" version >/dev/null
"$program" new town.ct --crs EPSG:4547 --title Town
"$program" info town.ct >/dev/null
"$program" check town.ct >/dev/null
"$program" serve town.ct --listen 127.0.0.1:0 >out 2>log &
server=$!
for _ in $(seq 300); do
    [ -s out ] && break
    kill -0 "$server" || { cat log >&2; exit 1; }
    sleep 0.05
done
url=$(sed -n 's/^cimtwin: serving Town at \(http.*\)\/$/\1/p' out)
curl -fsS "$url/collections/buildings?f=json" >collection || fail "the collection is not served"
grep -q 'Installed building' collection || fail "the program does not read the installed catalogue: $(head -c 300 collection)"
if [ -d "$build/console" ]; then
    curl -fsS "$url/console/" >page || fail "the page is not served"
    script=$(grep -o 'page-[0-9a-f]*\.js' page | head -1) || fail "the page has no script: $(head -c 300 page)"
    curl -fsS "$url/console/$script" | cmp - "$tree/share/cimtwin/console/$script" || fail "the page's script is not the installed one"
fi
kill "$server"
code=0
wait "$server" || code=$?
server=""
[ $code = 0 ] || fail "the server ended with $code: $(tail -3 log)"

# ---- the headers
strict=(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Werror -fsyntax-only)
headers=0
while IFS= read -r header; do
    headers=$((headers + 1))
    name=${header#"$tree/include/"}
    printf '#include <%s>\n#include <%s>\nint main(void) { return 0; }\n' "$name" "$name" >alone.c
    cp alone.c alone.cpp
    for compiler in gcc clang-14; do
        ! command -v $compiler >/dev/null || $compiler -std=c17 -Wstrict-prototypes "${strict[@]}" -I"$tree/include" alone.c || fail "$compiler: $name"
    done
    for compiler in g++ clang++-14; do
        ! command -v $compiler >/dev/null || $compiler -std=c++17 "${strict[@]}" -I"$tree/include" alone.cpp || fail "$compiler: $name"
    done
done < <(find "$tree/include" -name '*.h')
[ $headers -ge 2 ] || fail "$headers headers are installed"

# ---- the library
PKG_CONFIG_PATH=$(dirname "$(find "$tree" -name cimtwin.pc)")
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion cimtwin)" = "$("$program" version --json | sed 's/.*"cimtwin":"\([^"]*\)".*/\1/')" ] ||
    fail "cimtwin.pc has another version than the program"
eval "flags=($(pkg-config --cflags --libs --static cimtwin))"
# shellcheck disable=SC2154 # set by eval
gcc -std=c17 -Wall -Wextra -Wpedantic -Werror "$here/consumer.c" -o consumer "${flags[@]}" || fail "the consumer does not build"
./consumer || fail "the consumer ends with $?"

echo "install: $headers headers, $(wc -l <"$work/installed") lines of files, $failures failures"
exit $((failures > 0))
