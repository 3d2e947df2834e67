"""The 3D tilesets of the community, served and exported: their structure, that every building, storey and room is in them,
that the server gives just what the export writes, tags, compression, and what is answered to wrong requests."""
import gzip
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

import tileset_rules
import tilesets

CIMTWIN, TWIN = os.environ["CIMTWIN"], os.environ["TWIN"]
failures = []


def expect(condition, text):
    if not condition:
        failures.append(text)
        print(text, file=sys.stderr)


def ask(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def shown(collection, condition):
    """Fids and ids of the twin's features that must be drawn."""
    text = subprocess.run([CIMTWIN, "query", TWIN, collection], check=True, capture_output=True).stdout
    return {f["id"] for f in json.loads(text)["features"] if f["geometry"] and condition(f["properties"])}


def check_complete(checker):
    found = {}
    for row in checker.features.values():
        found.setdefault(row["class"], set()).add(row["id"])
        if row["storey"]:  # where its walls are known they stand for the storey, not its outline
            found.setdefault("storey", set()).add(row["storey"])
    buildings = shown("buildings", lambda p: True)
    storeys = shown("storeys", lambda p: p.get("building") in buildings)
    spaces = shown("spaces", lambda p: p.get("storey") in storeys)
    for name, wanted in (("building", buildings), ("storey", storeys), ("space", spaces)):
        missing = wanted - found.get(name, set())
        expect(not missing, f"{name}: {len(missing)} of {len(wanted)} are not drawn, {sorted(missing)[:3]}")
    print(f"{len(buildings)} buildings, {len(storeys)} storeys, {len(spaces)} rooms of the twin looked for")
    expect(len(buildings) > 20 and len(storeys) > 20, "the community is too small for this test")


def check_same(folder, url):
    """Each exported file against the server's."""
    n = 0
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.relpath(os.path.join(place, name), folder)
            with open(os.path.join(folder, path), "rb") as file:
                wanted = file.read()
            status, headers, body = ask(f"{url}/3dtiles/{path}", **{"Accept-Encoding": "gzip"})
            if headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            kind = "model/gltf-binary" if path.endswith(".glb") else "application/json"
            expect(status == 200 and body == wanted, f"{path}: {status}, {len(body)} bytes served, {len(wanted)} exported")
            expect(headers["Content-Type"] == kind, f"{path}: is of {headers['Content-Type']}")
            n += 1
    print(f"{n} files are served as they are exported")


def check_rules(folder):
    """The rules see what is wrong: a document with groups and a schema, damaged in many ways."""
    for place, _, names in os.walk(f"{folder}/buildings"):
        paths = [os.path.join(place, name) for name in names if name.endswith("tileset.json")]
        documents = [d for d in (json.load(open(path, encoding="utf-8")) for path in paths) if d.get("groups")]
        if documents:
            break
    else:
        expect(False, "no building with groups")
        return
    text = json.dumps(documents[0])
    damages = {
        "a member of no meaning": lambda d: d["root"].update(colour="red"),
        "an empty list": lambda d: d["root"].update(children=[]),
        "a box of eleven numbers": lambda d: d["root"]["boundingVolume"]["box"].pop(),
        "a negative error": lambda d: d["root"].update(geometricError=-1),
        "no way of refinement": lambda d: d["root"].pop("refine"),
        "a group without its kind": lambda d: d["groups"][0]["properties"].pop("kind"),
        "a number for a text": lambda d: d["groups"][0]["properties"].update(kind=3),
        "an unknown property": lambda d: d["groups"][0]["properties"].update(colour="red"),
        "a class that is not there": lambda d: d["groups"][0].update({"class": "room"}),
        "a name that is no identifier": lambda d: d["schema"].update(id="of buildings"),
        "an extension unheard of": lambda d: d.update(extensions={"EXT_x": {}}),
        "a transform that is none": lambda d: d["root"].update(transform=[1] * 16),
    }
    expect(not tileset_rules.findings(documents[0]), "a sound document is found wanting")
    for name, damage in damages.items():
        document = json.loads(text)
        damage(document)
        expect(tileset_rules.findings(document), f"{name} is not found")
    print(f"{len(damages)} kinds of damage are found")


def check_answers(url):
    top = f"{url}/3dtiles/buildings/tileset.json"
    status, headers, body = ask(top, **{"Accept-Encoding": "gzip"})
    expect(headers.get("Content-Encoding") == "gzip" and gzip.decompress(body) == ask(top)[2], "no gzip")
    tag = headers["ETag"]
    expect(ask(top, **{"If-None-Match": tag, "Accept-Encoding": "gzip"})[0] == 304, "a known tag is not answered with 304")
    expect(ask(top, **{"If-None-Match": '"other"'})[0] == 200, "an unknown tag is not answered with 200")
    for path, wanted in (("buildings/nothing.json", 404), ("buildings/0/tileset.json", 404), ("buildings/tiles/1/1/1-0.glb", 404),
                         ("terrain/tiles/0/0/1.glb", 404), ("terrain/branches/0/0/0.json", 404), ("elsewhere/tileset.json", 404),
                         ("buildings/tileset.json?x=1", 400)):
        status, headers, _ = ask(f"{url}/3dtiles/{path}")
        expect(status == wanted and headers["Content-Type"] == "application/problem+json", f"{path}: {status}")
    listed = json.loads(ask(f"{url}/3dtiles")[2])
    for container in listed["collections"]:
        link = container["content"][0]
        expect(ask(link["href"])[0] == 200 and link["type"] == "application/json+3dtiles", f"{link['href']} is not there")
    landing = json.loads(ask(f"{url}/?f=json")[2])
    expect(any(link["href"] == f"{url}/3dtiles" for link in landing["links"]), "the landing page does not link to it")


def main():
    server = subprocess.Popen([CIMTWIN, "serve", TWIN, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().rsplit(" ", 1)[1].strip().rstrip("/")
    try:
        checker = tilesets.check(f"{url}/3dtiles")
        expect(not checker.findings, f"{len(checker.findings)} findings")
        expect("shell" in checker.kinds, f"parts of {sorted(checker.kinds)} only")
        print(f"{checker.documents} documents, {checker.contents} contents, {checker.triangles} triangles")
        check_complete(checker)
        check_answers(url)
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "tiles")
            subprocess.run([CIMTWIN, "export", TWIN, "--to", out, "--format", "3dtiles"], check=True, capture_output=True)
            check_same(out, url)
            check_rules(out)
            again = subprocess.run([CIMTWIN, "export", TWIN, "--to", out + "/"], capture_output=True, text=True)
            expect(again.returncode != 0 and "is there already" in again.stderr, f"a second export: {again.stderr}")
            mark = os.path.join(out, "mark")
            open(mark, "x", encoding="ascii").close()
            subprocess.run([CIMTWIN, "export", TWIN, "--to", out + "/", "--replace"], check=True, capture_output=True)
            expect(not os.path.exists(mark) and os.listdir(folder) == ["tiles"], f"a third, over it, leaves {os.listdir(folder)}")
    finally:
        server.terminate()
        server.wait()
    sys.exit(1 if failures else 0)


main()
