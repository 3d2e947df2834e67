// Sun at the homes: on the Great Cold day (20 January) each stair's homes on the ground floor have
// at least two hours between 8 and 16 true solar time on one face (GB 50180-2018, table 4.0.9:
// large cities, climate zone III); the kindergarten's south front at least three hours on the
// winter solstice (JGJ 39).
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "scene_file.h"

#define DEGREE      0.017453292519943295
#define MAX_CORNERS 80
#define STEPS_H     12 // samples an hour
#define SILL_M      0.9

typedef struct block { // a building as a shadow caster
    sf_point at[MAX_CORNERS];
    int n;
    double base_m, top_m;
} block;

typedef struct town {
    sf_layer buildings;
    block *blocks;
    double latitude;
} town;

static town load(void) {
    town t = {.buildings = sf_read(&sf_current, "buildings", NULL, NULL), .latitude = 30.55};
    t.blocks = ct_calloc(t.buildings.count, sizeof *t.blocks);
    assert_non_null(t.blocks);
    for (size_t i = 0; i < t.buildings.count; i++) {
        OGRFeatureH f = t.buildings.items[i];
        t.blocks[i].n = sf_corners(sf_geom(f), t.blocks[i].at, MAX_CORNERS);
        t.blocks[i].base_m = sf_number(f, "base_m");
        t.blocks[i].top_m = t.blocks[i].base_m + sf_number(f, "height_m");
    }
    return t;
}

static void unload(town *t) {
    sf_free(&t->buildings);
    ct_free(t->blocks);
}

// Nearest place where the ray from `at` in direction (dx, dy) enters the outline; INFINITY if it
// does not.
static double hit(const block *b, sf_point at, double dx, double dy) {
    double nearest = INFINITY;
    for (int k = 0; k < b->n; k++) {
        sf_point p = b->at[k], q = b->at[(k + 1) % b->n];
        double ex = q.x - p.x, ey = q.y - p.y, cross = dx * ey - dy * ex;
        if (fabs(cross) < 1e-12) continue;
        double along = ((p.x - at.x) * ey - (p.y - at.y) * ex) / cross,
               share = ((p.x - at.x) * dy - (p.y - at.y) * dx) / cross;
        if (along > 1e-6 && share >= 0 && share <= 1) nearest = fmin(nearest, along);
    }
    return nearest;
}

static bool lit(const town *t, sf_point at, double z, double azimuth, double altitude) {
    double dx = sin(azimuth), dy = cos(azimuth), rise = tan(altitude);
    for (size_t i = 0; i < t->buildings.count; i++) {
        const block *b = &t->blocks[i];
        double reach = (b->top_m - z) / rise;
        if (reach <= 0 || hypot(b->at[0].x - at.x, b->at[0].y - at.y) > reach + 200) continue;
        if (hit(b, at, dx, dy) < reach) return false;
    }
    return true;
}

// Hours of sun at a point between two solar times of a day with this declination.
static double sun_hours(const town *t, sf_point at, double z, double declination_deg, double from_h,
                        double to_h) {
    double lat = t->latitude * DEGREE, dec = declination_deg * DEGREE;
    int steps = (int)lround((to_h - from_h) * STEPS_H), sunny = 0;
    for (int k = 0; k < steps; k++) {
        double h = from_h + (k + 0.5) / STEPS_H, turn = (h - 12) * 15 * DEGREE;
        double altitude = asin(sin(lat) * sin(dec) + cos(lat) * cos(dec) * cos(turn));
        double azimuth =
            atan2(-cos(dec) * sin(turn), sin(dec) * cos(lat) - cos(dec) * sin(lat) * cos(turn));
        if (altitude > 0.02 && lit(t, at, z, azimuth, altitude)) sunny++;
    }
    return (double)sunny / STEPS_H;
}

// From the door back through the house: where the line leaves its outline on the other side, half a
// metre on.
static sf_point behind(const block *b, sf_point door, double ox, double oy) {
    double far = 0;
    sf_point start = {door.x - ox * 0.01, door.y - oy * 0.01};
    for (int guard = 0; guard < 8; guard++) {
        double step = hit(b, (sf_point){start.x - ox * far, start.y - oy * far}, -ox, -oy);
        if (!isfinite(step)) break;
        far += step;
    }
    return (sf_point){start.x - ox * (far + 0.4), start.y - oy * (far + 0.4)};
}

// Direction out of the door: the way along which the path leads, square to the wall; found by
// trying eight points.
static void outwards(const block *b, sf_point door, double *ox, double *oy) {
    double best = INFINITY;
    for (int k = 0; k < b->n; k++) { // the wall that holds the door
        sf_point p = b->at[k], q = b->at[(k + 1) % b->n];
        double length = hypot(q.x - p.x, q.y - p.y), ex = (q.x - p.x) / length,
               ey = (q.y - p.y) / length;
        double off = fabs((door.x - p.x) * ey - (door.y - p.y) * ex),
               along = (door.x - p.x) * ex + (door.y - p.y) * ey;
        if (along < -0.01 || along > length + 0.01 || off >= best) continue;
        best = off;
        *ox = ey; // corners run counter-clockwise: outside is on the right
        *oy = -ex;
    }
}

static int building_index(const town *t, const char *id) {
    for (size_t i = 0; i < t->buildings.count; i++)
        if (strcmp(sf_text(t->buildings.items[i], "id"), id) == 0) return (int)i;
    return -1;
}

static void homes_have_two_hours_of_sun(void **state) {
    (void)state;
    town t = load();
    sf_layer doors = sf_read(&sf_current, "openings", "kind", "entrance");
    int checked = 0;
    for (size_t i = 0; i < doors.count; i++) {
        int k = building_index(&t, sf_text(doors.items[i], "building"));
        assert_true(k >= 0);
        OGRFeatureH house = t.buildings.items[k];
        if (strcmp(sf_text(house, "use"), "residential") != 0) continue;
        double ox = 0, oy = 0, z = sf_number(house, "ground_floor_m") + SILL_M;
        sf_point door = sf_point_of(doors.items[i]);
        outwards(&t.blocks[k], door, &ox, &oy);
        sf_point back = behind(&t.blocks[k], door, ox, oy);
        sf_point front = {door.x + oy * 5 - ox * 0.8,
                          door.y - ox * 5 - oy * 0.8}; // beside the core, before the wall
        double best =
            fmax(sun_hours(&t, back, z, -20.1, 8, 16), sun_hours(&t, front, z, -20.1, 8, 16));
        if (best < 2) fail_msg("%s: %.2f hours of sun", sf_text(doors.items[i], "id"), best);
        checked++;
    }
    assert_true(checked >= 150 * sf_current.communities);
    sf_free(&doors);
    unload(&t);
}

static void kindergarten_has_three_hours_of_sun(void **state) {
    (void)state;
    town t = load();
    int checked = 0;
    for (size_t i = 0; i < t.buildings.count; i++) {
        if (strcmp(sf_text(t.buildings.items[i], "use"), "kindergarten") != 0) continue;
        OGREnvelope e = sf_envelope(sf_geom(t.buildings.items[i]));
        double z = sf_number(t.buildings.items[i], "ground_floor_m") + 0.6;
        for (int k = 0; k < 2; k++) { // the south fronts of both wings
            sf_point at = {k ? e.MaxX - 6 : e.MinX + 6, e.MinY - 1.5};
            double hours = sun_hours(&t, at, z, -23.44, 9, 15);
            if (hours < 3) fail_msg("kindergarten: %.2f hours of sun", hours);
        }
        checked++;
    }
    assert_int_equal(checked, sf_current.communities);
    unload(&t);
}

// The measure itself: a lone point sees the sun all day, one right north of a tower does not at
// noon.
static void shadows_fall_where_they_should(void **state) {
    (void)state;
    town t = load();
    sf_point river = {sf_envelope(sf_geom(t.buildings.items[0])).MinX,
                      sf_envelope(sf_geom(t.buildings.items[0])).MinY - 120};
    assert_near(sun_hours(&t, river, 22, -20.1, 9, 15), 6, 1e-9);
    double tallest = 0;
    size_t tower = 0;
    for (size_t i = 0; i < t.buildings.count; i++)
        if (sf_number(t.buildings.items[i], "height_m") > tallest)
            tallest = sf_number(t.buildings.items[tower = i], "height_m");
    OGREnvelope e = sf_envelope(sf_geom(t.buildings.items[tower]));
    sf_point north = {(e.MinX + e.MaxX) / 2, e.MaxY + 10};
    assert_true(sun_hours(&t, north, 25, -20.1, 11.5, 12.5) == 0);
    unload(&t);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shadows_fall_where_they_should),
        cmocka_unit_test(homes_have_two_hours_of_sun),
        cmocka_unit_test(kindergarten_has_three_hours_of_sun),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_sun");
}
