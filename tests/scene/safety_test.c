// Hydrants, cameras and devices: numbers, spacing, places and thresholds.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scene_file.h"

// Hydrants of one street follow each other within 120 m, along the street from end to end (GB
// 50974, 7.2.5); ids are hyd-<street>-<number>, numbers running along the street.
static void hydrants_follow_within_120_m(void **state) {
    (void)state;
    sf_layer all = sf_read(&sf_current, "hydrants", NULL, NULL);
    int streets = 0;
    for (size_t i = 0; i < all.count; i++) {
        char next[64];
        const char *id = sf_text(all.items[i], "id");
        int stem = (int)(strrchr(id, '-') - id), number = (int)strtol(id + stem + 1, NULL, 10);
        snprintf(next, sizeof next, "%.*s-%02d", stem, id, number + 1);
        if (number == 1) streets++;
        sf_point a = sf_point_of(all.items[i]);
        OGRFeatureH after = sf_find(&all, next);
        if (!after) continue;
        double gap = hypot(a.x - sf_point_of(after).x, a.y - sf_point_of(after).y);
        if (gap > 120) fail_msg("%.1f m from %s to %s", gap, sf_text(all.items[i], "id"), next);
    }
    assert_int_equal(streets, 5 + 4 * sf_current.communities + 1);
    sf_free(&all);
}

static void every_building_is_within_150_m_of_a_hydrant(void **state) {
    (void)state;
    sf_layer hydrants = sf_read(&sf_current, "hydrants", NULL, NULL),
             buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    for (size_t i = 0; i < buildings.count; i++) {
        double best = INFINITY;
        for (size_t k = 0; k < hydrants.count; k++)
            best =
                fmin(best, OGR_G_Distance(sf_geom(buildings.items[i]), sf_geom(hydrants.items[k])));
        if (best > 150)
            fail_msg("%s: %.0f m to a hydrant", sf_text(buildings.items[i], "id"), best);
    }
    sf_free(&hydrants);
    sf_free(&buildings);
}

// Hydrants, lamps and trees stand beside the carriageways, not on them.
static void nothing_stands_on_the_carriageway(void **state) {
    (void)state;
    sf_layer roads = sf_read(&sf_current, "roads", NULL, NULL),
             hydrants = sf_read(&sf_current, "hydrants", NULL, NULL);
    sf_layer lamps = sf_read(&sf_current, "components", "kind", "lamp"),
             trees = sf_read(&sf_current, "components", "kind", "tree");
    const sf_layer *things[] = {&hydrants, &lamps, &trees};
    for (size_t t = 0; t < 3; t++)
        for (size_t i = 0; i < things[t]->count; i++)
            for (size_t k = 0; k < roads.count; k++) {
                OGREnvelope e = sf_envelope(sf_geom(roads.items[k]));
                sf_point p = sf_point_of(things[t]->items[i]);
                if (p.x < e.MinX - 20 || p.x > e.MaxX + 20 || p.y < e.MinY - 20 ||
                    p.y > e.MaxY + 20)
                    continue;
                double d = OGR_G_Distance(sf_geom(roads.items[k]), sf_geom(things[t]->items[i]));
                if (d < sf_number(roads.items[k], "width_m") / 2)
                    fail_msg("%s stands on %s", sf_text(things[t]->items[i], "id"),
                             sf_text(roads.items[k], "id"));
            }
    assert_true(lamps.count > 300u * (size_t)sf_current.communities);
    sf_free(&roads);
    sf_free(&hydrants);
    sf_free(&lamps);
    sf_free(&trees);
}

static void there_are_2000_devices_of_every_kind(void **state) {
    (void)state;
    static const char *const kinds[] = {"water_level",     "rain_gauge",        "smoke_detector",
                                        "door_sensor",     "temperature",       "camera_ai",
                                        "pump_controller", "electricity_meter", "air_quality",
                                        "lift_monitor",    "bike_charger",      "light"};
    size_t sum = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        sf_layer some = sf_read(&sf_current, "devices", "kind", kinds[k]);
        if (some.count < (size_t)sf_current.communities)
            fail_msg("%zu devices of kind %s", some.count, kinds[k]);
        sum += some.count;
        sf_free(&some);
    }
    assert_int_equal(sum, 2000 * sf_current.communities);
}

static void thresholds_rise(OGRFeatureH f) {
    double yellow = sf_number(f, "threshold_yellow"), red = sf_number(f, "threshold_red"),
           low = sf_number(f, "threshold_low");
    assert_true(isnan(yellow) == isnan(red));
    if (!isnan(yellow)) assert_true(yellow < red);
    if (!isnan(low) && !isnan(yellow)) assert_true(low < yellow);
    assert_true(sf_number(f, "interval_s") >= 1);
    assert_true(*sf_text(f, "property") && *sf_text(f, "unit"));
}

// Devices of a building lie in it (sheds' and doors' ones at its wall), on a storey that it has, at
// that height.
static void devices_lie_where_they_say(void **state) {
    (void)state;
    sf_layer devices = sf_read(&sf_current, "devices", NULL, NULL),
             buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    for (size_t i = 0; i < devices.count; i++) {
        OGRFeatureH f = devices.items[i];
        thresholds_rise(f);
        if (!*sf_text(f, "building")) continue;
        OGRFeatureH b = sf_find(&buildings, sf_text(f, "building"));
        assert_non_null(b);
        if (OGR_G_Distance(sf_geom(b), sf_geom(f)) > 0.5)
            fail_msg("%s lies outside its building", sf_text(f, "id"));
        double level = sf_number(f, "storey_level"), z = OGR_G_GetZ(sf_geom(f), 0);
        assert_true(level >= 0 && level < sf_number(b, "storeys_above"));
        double top = sf_number(b, "base_m") + sf_number(b, "height_m") + 3;
        if (z < sf_number(b, "base_m") || z > top) fail_msg("%s: height %.1f", sf_text(f, "id"), z);
    }
    sf_free(&devices);
    sf_free(&buildings);
}

// The places that the stories need are watched: underpass, garage ramps, river, tower lobbies.
static void the_weak_spots_are_watched(void **state) {
    (void)state;
    sf_layer ponding = sf_read(&sf_current, "devices", "property", "water_depth_m"),
             ramps = sf_read(&sf_current, "transitions", "kind", "ramp");
    sf_layer under = sf_read(&sf_current, "roads", "kind", "underpass"),
             cameras = sf_read(&sf_current, "cameras", NULL, NULL);
    const sf_layer *spots[] = {&ramps, &under};
    assert_true(ramps.count >= 3u * (size_t)sf_current.communities);
    assert_true(cameras.count >= 60u * (size_t)sf_current.communities);
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < spots[s]->count; i++) {
            double best = INFINITY;
            for (size_t k = 0; k < ponding.count; k++)
                best = fmin(best,
                            OGR_G_Distance(sf_geom(spots[s]->items[i]), sf_geom(ponding.items[k])));
            if (best > 1) fail_msg("%s is not watched", sf_text(spots[s]->items[i], "id"));
        }
    sf_free(&ponding);
    sf_free(&ramps);
    sf_free(&under);
    sf_free(&cameras);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hydrants_follow_within_120_m),
        cmocka_unit_test(every_building_is_within_150_m_of_a_hydrant),
        cmocka_unit_test(nothing_stands_on_the_carriageway),
        cmocka_unit_test(there_are_2000_devices_of_every_kind),
        cmocka_unit_test(devices_lie_where_they_say),
        cmocka_unit_test(the_weak_spots_are_watched),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_safety");
}
