#!/usr/bin/env python3
"""The API's document against the OpenAPI Initiative's own JSON Schema of OpenAPI 3.0 (Debian: openapi-specification,
python3-jsonschema); its references lead somewhere, its path parameters are those of the paths, and what it says of the
statuses of some requests is what the server answers.
  URL: the server (set by openapi_test.sh)"""
import json
import os
import re
import sys
import urllib.error
import urllib.request

SCHEMA = "/usr/share/openapi-specification/schemas/v3.0/schema.json"
try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is missing")
    sys.exit(77)
if not os.path.exists(SCHEMA):
    print("skipped: the package openapi-specification is missing")
    sys.exit(77)

url = os.environ["URL"]


def status(path, method="GET", body=None, **headers):
    request = urllib.request.Request(url + path, method=method, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers.get_content_type()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.headers.get_content_type()


document = json.load(urllib.request.urlopen(url + "/api?f=json", timeout=60))
errors = []
with open(SCHEMA, encoding="utf-8") as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)(schema)
for error in validator.iter_errors(document):
    errors.append("/".join(map(str, error.absolute_path)) + ": " + error.message[:300])


def walk(value):
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            target = document
            for key in reference.removeprefix("#/").split("/"):
                target = target.get(key, {})
            if not target:
                errors.append(f"{reference} leads nowhere")
        for part in value.values():
            walk(part)
    elif isinstance(value, list):
        for part in value:
            walk(part)


walk(document)
names = set()
for path, item in document["paths"].items():
    for method, operation in item.items():
        declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        if declared != set(re.findall(r"{(\w+)}", path)):
            errors.append(f"{method} {path}: path parameters {declared}")
        if operation["operationId"] in names:
            errors.append(f"{operation['operationId']} twice")
        names.add(operation["operationId"])

JSON = {"Content-Type": "application/json"}
asked = [("/collections/{collectionId}/items", "get", "/collections/buildings/items?f=html", {}),
         ("/collections/{collectionId}/items", "get", "/collections/buildings/items", {"Accept": "image/png"}),
         ("/collections/{collectionId}/items", "get", "/collections/buildings/items?nothing=1", {}),
         ("/collections/{collectionId}", "get", "/collections/nothing", {}),
         ("/collections/{collectionId}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}", "get",
          "/collections/buildings/tiles/WebMercatorQuad/18/1/1", {}),
         ("/twin", "get", "/twin", {}),
         ("/runs", "post", "/runs", {"body": b"{}", **JSON}),
         ("/runs", "post", "/runs", {"body": b"{}", "Content-Type": "text/plain"}),
         ("/runs", "post", "/runs", {"body": b"{}", "Origin": "http://elsewhere.example", **JSON}),
         ("/runs/{runId}", "delete", "/runs/nothing", {}),
         ("/live/alarms/{alarmId}/acknowledge", "post", "/live/alarms/999999/acknowledge", {"body": b'{"by":"x"}', **JSON})]
seen = set()
for path, method, target, options in asked:
    code, kind = status(target, method.upper(), **options)
    seen.add(code)
    response = document["paths"][path][method]["responses"].get(str(code))
    if response is None:
        errors.append(f"{method} {target}: {code} is not in the document")
        continue
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    if code != 204 and kind not in response.get("content", {}):
        errors.append(f"{method} {target}: {code} is of {kind}, which is not in the document")
if not {200, 204, 400, 403, 404, 406, 415} <= seen:
    errors.append(f"the requests met {sorted(seen)} only")

for error in errors:
    print(error, file=sys.stderr)
print(f"{len(names)} operations, {len(document['components']['schemas'])} schemas, {len(errors)} errors")
sys.exit(1 if errors or len(names) < 25 else 0)
