# To be sourced: starts the server on $TWIN; sets `url` (no slash at its end) and stops the server at exit.
out=$(mktemp)
"$CIMTWIN" serve "$TWIN" --listen 127.0.0.1:0 "$@" >"$out" &
server=$!
trap 'kill $server 2>/dev/null; wait $server; rm -f "$out"' EXIT
for _ in $(seq 100); do
    [ -s "$out" ] && break
    kill -0 $server || exit 1
    sleep 0.1
done
url=$(sed -n 's/.* at \(http.*\)\/$/\1/p' "$out")
[ -n "$url" ] || { echo "the server did not say where it is" >&2; exit 1; }
