#!/usr/bin/python3
"""The shipped data against its own JSON Schemas, by another program's validator (Debian's python3-jsonschema): classes,
stand-ins of indoor models, import rules, scenarios. Every stand-in names its source and how sure it is, and what is called
confirmed names an edition. Environment: CT_SOURCE_DIR."""
import glob
import json
import os
import re
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is missing")
    sys.exit(77)

SOURCE = os.environ["CT_SOURCE_DIR"]
FILES = {
    "indoor-building": ["data/indoor/building.json"],
    "indoor-rooms": ["data/indoor/rooms.json"],
    "catalogue": ["data/catalogue/*.json"],
    "ingest-rules": ["data/ingest/*.json"],
    "case-flood": ["tests/verification/cases/*.json"],
    "scenario": ["scenes/*/scenarios/*.json"],
}
EDITION = re.compile(r"\b(19|20)\d\d\b")


def load(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return json.load(file)


def hold(name, patterns):
    """Number of files held to the schema."""
    schema = load(f"data/schemas/{name}.schema.json")
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    paths = sorted(os.path.relpath(path, SOURCE) for pattern in patterns for path in glob.glob(os.path.join(SOURCE, pattern)))
    assert paths, f"no file for {name}"
    for path in paths:
        errors = [f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in kind(schema).iter_errors(load(path))]
        assert not errors, "\n".join(errors)
    return len(paths)


def refuses(name, path, damage):
    """The schema is no rubber stamp."""
    document = load(path)
    damage(document)
    schema = load(f"data/schemas/{name}.schema.json")
    assert not jsonschema.validators.validator_for(schema)(schema).is_valid(document), f"{name} takes everything"


def check_sources():
    """Number of values whose word was checked."""
    building, rooms = load("data/indoor/building.json"), load("data/indoor/rooms.json")
    entries = [(f"{group}.{key}", entry["source"], [entry["confidence"]])
               for group in ("doors", "stairs", "separations") for key, entry in building[group].items()]
    entries += [(use["use"], use["source"], list(use["confidence"].values())) for use in rooms["uses"] + [rooms["other"]]]
    for name, source, words in entries:
        if set(words) - {"own"}:
            assert EDITION.search(source), f"{name}: \"{source}\" names no edition"
    return sum(len(words) for _, _, words in entries)


held = {name: hold(name, patterns) for name, patterns in FILES.items()}
refuses("indoor-building", "data/indoor/building.json", lambda it: it["doors"]["width_m"].pop("source"))
refuses("indoor-building", "data/indoor/building.json", lambda it: it["doors"]["open"].update(confidence="sure"))
refuses("indoor-rooms", "data/indoor/rooms.json", lambda it: it["uses"][0].pop("confidence"))
refuses("indoor-rooms", "data/indoor/rooms.json", lambda it: it["other"].update(area_per_person_m2=-1))
print(f"files by schema: {held}; {check_sources()} stand-ins with their sources")
