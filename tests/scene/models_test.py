#!/usr/bin/env python3
"""The models of the sample community: without a failing rule, imported into the community they refer to its features
and double none, every room is reached from outdoors, every dwelling by its own door.

  models_test.py CIMTWIN FOLDER_WITH_THE_SCENE
"""
import collections
import json
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PROGRAM, MADE = sys.argv[1], sys.argv[2]
TOWER, NURSERY = "bldg-022-01", "bldg-011-01"


def run(*args):
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        twin = cls.folder.name + "/r.ct"
        run("new", twin, "--crs", "EPSG:4547")
        run("import", twin, MADE + "/riverside.gpkg")
        with sqlite3.connect(twin) as db:
            cls.before = dict(db.execute("SELECT id, storeys_above FROM buildings"))
            cls.devices_before = {row[0] for row in db.execute("SELECT id FROM devices")}
        cls.reports = {kind: json.loads(run("import", twin, f"{MADE}/riverside-{kind}.ifc", "--json"))
                       for kind in ("tower", "kindergarten")}
        cls.db = sqlite3.connect(twin)

    @classmethod
    def tearDownClass(cls):
        cls.db.close()
        cls.folder.cleanup()

    def all(self, sql, *args):
        return self.db.execute(sql, args).fetchall()

    def test_no_rule_fails_and_nothing_is_warned_of(self):
        for kind, report in self.reports.items():
            self.assertEqual([rule for rule, verdict in report["rules"].items() if verdict == "fail"], [], kind)
            self.assertEqual([d for d in report["diagnostics"] if d["severity"] != "info"], [], kind)
            self.assertGreater(sum(v == "pass" for v in report["rules"].values()), 25, kind)

    def test_features_of_the_community_are_not_doubled(self):
        self.assertEqual(dict(self.all("SELECT id, storeys_above FROM buildings")), self.before)
        self.assertEqual(self.all("SELECT count(*) FROM sites"), [(1,)])
        for building, storeys, below in ((TOWER, 18, 2), (NURSERY, 2, 0)):
            levels = [row[0] for row in
                      self.all("SELECT level FROM storeys WHERE building=? ORDER BY level", building)]
            self.assertEqual(levels, list(range(-below, storeys + 1)))  # the last one is the roof
            self.assertEqual(self.all("SELECT count(*) FROM openings WHERE building=? AND kind='entrance'", building),
                             [(1,)])

    def test_devices_of_the_community_get_their_rooms(self):
        self.assertTrue(self.devices_before <= {row[0] for row in self.all("SELECT id FROM devices")})
        for building in (TOWER, NURSERY):
            rows = self.all("SELECT id, kind, space FROM devices WHERE building=? AND id LIKE 'dev-%'", building)
            self.assertGreater(len(rows), 3)
            self.assertEqual([row for row in rows if not row[2]], [])
        smoke = self.all("SELECT count(*) FROM devices WHERE building=? AND kind='smoke_detector'", TOWER)
        self.assertEqual(smoke, [(18,)])

    def test_every_room_is_reached_from_outdoors(self):
        for building in (TOWER, NURSERY):
            graph = collections.defaultdict(set)
            for a, b in self.all("SELECT space_a, space_b FROM openings WHERE building=? AND kind IN ('door','entrance')",
                                 building):
                graph[a or "outdoors"].add(b or "outdoors")
                graph[b or "outdoors"].add(a or "outdoors")
            rooms = self.all("SELECT p.id, p.name, s.level FROM spaces p JOIN storeys s ON s.id=p.storey "
                             "WHERE s.building=?", building)
            # stairs lead from stair to stair, storey by storey; a lift's shaft from door to door
            for use in ("stair", "lift"):
                shafts = collections.defaultdict(dict)
                for identifier, name, level in rooms:
                    if name.split(" ", 1)[1].endswith("." + use):
                        shafts[name.split(" ", 1)[1]][level] = identifier
                for levels in shafts.values():
                    for level, identifier in levels.items():
                        if level + 1 in levels:
                            graph[identifier].add(levels[level + 1])
                            graph[levels[level + 1]].add(identifier)
            seen, queue = {"outdoors"}, ["outdoors"]
            while queue:
                for there in graph[queue.pop()]:
                    if there not in seen:
                        seen.add(there)
                        queue.append(there)
            self.assertEqual([name for identifier, name, _ in rooms if identifier not in seen], [], building)

    def test_every_flat_has_its_door_to_the_corridor(self):
        flats = self.all("SELECT z.id, count(DISTINCT o.id) FROM zones z JOIN spaces p ON p.zone=z.id "
                         "JOIN openings o ON p.id IN (o.space_a, o.space_b) "
                         "JOIN spaces c ON c.id IN (o.space_a, o.space_b) AND c.name LIKE '%0.corridor' "
                         "WHERE z.name LIKE 'Flat%' GROUP BY z.id")
        self.assertEqual(len(flats), 108)
        self.assertEqual({n for _, n in flats}, {1})
        rated = self.all("SELECT count(*), min(fire_rating_min), min(width_m) FROM openings WHERE building=? "
                         "AND self_closing AND is_exit AND kind='door' AND NOT is_external", TOWER)
        self.assertEqual(rated[0][1:], (60, 1.2))

    def test_rooms_tell_their_use(self):
        uses = dict(self.all("SELECT p.use, count(*) FROM spaces p JOIN storeys s ON s.id=p.storey WHERE s.building=? "
                             "AND s.level=5 GROUP BY p.use", TOWER))
        self.assertEqual(uses, {"living": 6, "bedroom": 12, "kitchen": 6, "bathroom": 12, "balcony": 6, "storage": 2,
                                "corridor": 1, "lobby": 4, "stairwell": 2, "lift_shaft": 3, "service_shaft": 5})

    def test_areas_sum_up(self):
        for building, footprint_share in ((TOWER, 0.80), (NURSERY, 0.80)):
            area, = self.all("SELECT sum(p.area_m2) FROM spaces p JOIN storeys s ON s.id=p.storey "
                             "WHERE s.building=? AND s.level=0", building)[0]
            floor, levels = self.all("SELECT floor_area_m2, storeys_above+storeys_below FROM buildings WHERE id=?",
                                     building)[0]
            self.assertGreater(area / (floor / levels), footprint_share, building)
            self.assertLess(area / (floor / levels), 0.95, building)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
