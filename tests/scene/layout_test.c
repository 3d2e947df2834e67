// Planning rules: floor-area ratio, building density and green ratio of every compound within the
// range of GB 50180-2018 (table 4.0.2, climate zones III to V), distances between buildings, and
// clear streets and waters.
//
// Limits used: multi-storey I (4 to 6 storeys) 1.3 to 1.6, density 32 %, green 30 %; high-rise I
// (10 to 18) 2.2 to 2.8, 22 %, 35 %; high-rise II (19 to 26, and here up to 33: built before
// 2018) 2.9 to 3.1, 22 %, 35 %. Distances: parallel slabs 1.1 times the height of the one in front
// (local rule for climate zone III), gables and towers by GB 50016: 6 m between low buildings, 9 m
// beside one high building, 13 m between two.
#include <math.h>
#include <string.h>

#include "scene_file.h"

typedef struct compound {
    char block[16];
    double plot_m2, floors_m2, footprints_m2, greens_m2;
    int homes, tallest;
} compound;

static bool starts(const char *text, const char *prefix, const char *block) {
    size_t n = strlen(prefix), m = strlen(block);
    return strncmp(text, prefix, n) == 0 && strncmp(text + n, block, m) == 0 && text[n + m] == '-';
}

// The plot is the ground inside the fence, which stands half a metre inside the red lines.
static double plot_of(OGRGeometryH fence) {
    OGRGeometryH hull = OGR_G_ConvexHull(fence);
    double area = sf_area(hull);
    OGRGeometryH edge = OGR_G_GetGeometryRef(hull, 0);
    area += 0.5 * OGR_G_Length(edge) + 1;
    OGR_G_DestroyGeometry(hull);
    return area;
}

static compound measure(OGRFeatureH fence, const sf_layer *buildings, const sf_layer *greens) {
    compound c = {.plot_m2 = plot_of(sf_geom(fence))};
    snprintf(c.block, sizeof c.block, "%s", sf_text(fence, "id") + strlen("fence-"));
    for (size_t i = 0; i < buildings->count; i++) {
        OGRFeatureH b = buildings->items[i];
        if (!starts(sf_text(b, "id"), "bldg-", c.block)) continue;
        double footprint = sf_area(sf_geom(b)), above = sf_number(b, "storeys_above");
        assert_near(sf_number(b, "floor_area_m2"),
                    footprint * (above + sf_number(b, "storeys_below")), 2);
        c.footprints_m2 += footprint;
        c.floors_m2 += footprint * above;
        c.homes += strcmp(sf_text(b, "use"), "residential") == 0;
        c.tallest = (int)fmax(c.tallest, above);
    }
    for (size_t i = 0; i < greens->count; i++)
        if (starts(sf_text(greens->items[i], "id"), "green-", c.block))
            c.greens_m2 += sf_area(sf_geom(greens->items[i]));
    return c;
}

static void check_compound(const compound *c) {
    static const struct {
        int storeys;
        double far_low, far_high, density, green;
    } rules[] = {{6, 1.3, 1.6, 0.32, 0.30}, {18, 2.2, 2.8, 0.22, 0.35}, {33, 2.9, 3.1, 0.22, 0.35}};
    int rule = c->tallest <= 6 ? 0 : c->tallest <= 18 ? 1 : 2;
    double far = c->floors_m2 / c->plot_m2, density = c->footprints_m2 / c->plot_m2,
           green = c->greens_m2 / c->plot_m2;
    if (far < rules[rule].far_low || far > rules[rule].far_high)
        fail_msg("block %s: floor-area ratio %.3f", c->block, far);
    if (density > rules[rule].density)
        fail_msg("block %s: building density %.3f", c->block, density);
    if (green < rules[rule].green) fail_msg("block %s: green ratio %.3f", c->block, green);
    if (c->plot_m2 < 20000 || c->plot_m2 > 42000)
        fail_msg("block %s: %.0f m2", c->block, c->plot_m2);
}

static void compounds_keep_the_ratios(void **state) {
    (void)state;
    sf_layer fences = sf_read(&sf_current, "barriers", NULL, NULL),
             greens = sf_read(&sf_current, "greens", NULL, NULL);
    sf_layer buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    int compounds = 0, homes = 0;
    for (size_t i = 0; i < fences.count; i++) {
        const char *id = sf_text(fences.items[i], "id");
        if (strncmp(id, "fence-", 6) != 0 || strchr(id + 6, '-')) continue;
        compound c = measure(fences.items[i], &buildings, &greens);
        if (c.homes == 0) continue; // school, health centre
        check_compound(&c);
        compounds++;
        homes += c.homes;
    }
    assert_int_equal(compounds, 7 * sf_current.communities);
    assert_in_range(homes, 38 * sf_current.communities, 50 * sf_current.communities);
    sf_free(&fences);
    sf_free(&greens);
    sf_free(&buildings);
}

static void storeys_and_uses_are_as_promised(void **state) {
    (void)state;
    static const char *const uses[] = {"school", "kindergarten", "clinic", "market",
                                       "office", "commercial",   "public"};
    sf_layer all = sf_read(&sf_current, "buildings", NULL, NULL);
    int low = 0, middle = 0, high = 0;
    for (size_t u = 0; u < sizeof uses / sizeof uses[0]; u++) {
        sf_layer some = sf_read(&sf_current, "buildings", "use", uses[u]);
        if (some.count < (size_t)sf_current.communities) fail_msg("no %s", uses[u]);
        sf_free(&some);
    }
    for (size_t i = 0; i < all.count; i++) {
        OGRFeatureH b = all.items[i];
        if (strcmp(sf_text(b, "use"), "residential") != 0) continue;
        double n = sf_number(b, "storeys_above"),
               step = sf_number(b, "ground_floor_m") - sf_number(b, "base_m");
        low += n == 6;
        middle += n >= 11 && n <= 18;
        high += n >= 24 && n <= 33;
        assert_true(n == 6 || (n >= 11 && n <= 18) || (n >= 24 && n <= 33));
        assert_true(sf_number(b, "height_m") > 2.7 * n && sf_number(b, "height_m") < 3.2 * n);
        assert_true(step > 0.1 && step < 0.8);
        assert_true(sf_number(b, "units") >= 2 * n);
    }
    assert_true(low >= 16 * sf_current.communities && middle >= 10 * sf_current.communities &&
                high >= 8 * sf_current.communities);
    sf_free(&all);
}

// South faces of parallel slabs: gap northwards at least 1.1 times the height of the building in
// front.
static void check_pair(OGRFeatureH a, OGRFeatureH b) {
    OGREnvelope p = sf_envelope(sf_geom(a)), q = sf_envelope(sf_geom(b));
    double gap = OGR_G_Distance(sf_geom(a), sf_geom(b)), ha = sf_number(a, "height_m"),
           hb = sf_number(b, "height_m");
    double least = ha > 27 && hb > 27 ? 13 : ha > 27 || hb > 27 ? 9 : 6;
    if (gap < least - 0.01) fail_msg("%s stands %.2f m from its neighbour", sf_text(a, "id"), gap);
    bool homes = strcmp(sf_text(a, "use"), "residential") == 0 &&
                 strcmp(sf_text(b, "use"), "residential") == 0;
    bool slabs = homes && p.MaxX - p.MinX > 40 && q.MaxX - q.MinX > 40 && ha < 60 && hb < 60;
    double shared = fmin(p.MaxX, q.MaxX) - fmax(p.MinX, q.MinX);
    if (!slabs || shared < 5) return;
    double front = p.MinY < q.MinY ? ha : hb;
    if (gap < 1.1 * front)
        fail_msg("%s: %.1f m between slabs, %.1f m in front", sf_text(a, "id"), gap, front);
}

static void buildings_keep_their_distance(void **state) {
    (void)state;
    sf_layer all = sf_read(&sf_current, "buildings", NULL, NULL);
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = i + 1; k < all.count; k++) {
            assert_false(sf_overlap(sf_geom(all.items[i]), sf_geom(all.items[k]), 0));
            check_pair(all.items[i], all.items[k]);
        }
    sf_free(&all);
}

// No building on a carriageway, a fire lane, in the water, on a garden or a car park above ground.
static void buildings_stand_clear(void **state) {
    (void)state;
    sf_layer all = sf_read(&sf_current, "buildings", NULL, NULL),
             roads = sf_read(&sf_current, "roads", NULL, NULL);
    sf_layer waters = sf_read(&sf_current, "waters", NULL, NULL),
             greens = sf_read(&sf_current, "greens", NULL, NULL);
    sf_layer parks = sf_read(&sf_current, "parkings", "kind", "surface");
    const sf_layer *areas[] = {&waters, &greens, &parks};
    for (size_t i = 0; i < all.count; i++) {
        OGRGeometryH b = sf_geom(all.items[i]);
        for (size_t k = 0; k < roads.count; k++) {
            bool street = strcmp(sf_text(roads.items[k], "kind"), "service") != 0;
            double width =
                sf_number(roads.items[k], street && !isnan(sf_number(roads.items[k], "red_line_m"))
                                              ? "red_line_m"
                                              : "width_m");
            if (OGR_G_Distance(sf_geom(roads.items[k]), b) < width / 2 - 0.02)
                fail_msg("%s stands on %s", sf_text(all.items[i], "id"),
                         sf_text(roads.items[k], "id"));
        }
        for (size_t a = 0; a < 3; a++)
            for (size_t k = 0; k < areas[a]->count; k++)
                if (sf_overlap(b, sf_geom(areas[a]->items[k]), 0.01))
                    fail_msg("%s stands on %s", sf_text(all.items[i], "id"),
                             sf_text(areas[a]->items[k], "id"));
    }
    sf_free(&all);
    sf_free(&roads);
    sf_free(&waters);
    sf_free(&greens);
    sf_free(&parks);
}

static void lanes_and_streets_are_wide_enough(void **state) {
    (void)state;
    sf_layer roads = sf_read(&sf_current, "roads", NULL, NULL);
    int arterials = 0, underpasses = 0;
    for (size_t i = 0; i < roads.count; i++) {
        OGRFeatureH f = roads.items[i];
        const char *kind = sf_text(f, "kind");
        double red = sf_number(f, "red_line_m"), width = sf_number(f, "width_m");
        assert_true(width >= 4); // fire lanes: GB 50016, 7.1.8
        arterials += strcmp(kind, "arterial") == 0;
        underpasses += strcmp(kind, "underpass") == 0;
        if (strcmp(kind, "arterial") == 0) assert_true(red >= 40);
        if (strcmp(kind, "collector") == 0) assert_true(red >= 20 && red <= 40);
        if (strcmp(kind, "local") == 0 && !isnan(red))
            assert_true(red >= 14 && red <= 20); // GB 50180, 6.0.4
    }
    assert_int_equal(underpasses, sf_current.communities);
    assert_true(arterials == 4 * sf_current.communities);
    sf_free(&roads);
}

// A vehicle gate of each compound opens to a street that is not an arterial.
static void gates_open_to_collectors(void **state) {
    (void)state;
    sf_layer gates = sf_read(&sf_current, "gates", "kind", "vehicle"),
             roads = sf_read(&sf_current, "roads", NULL, NULL);
    for (size_t i = 0; i < gates.count; i++) {
        double best = 1e9;
        char kind[32] = "";
        for (size_t k = 0; k < roads.count; k++) {
            if (strcmp(sf_text(roads.items[k], "kind"), "service") == 0) continue;
            double d = OGR_G_Distance(sf_geom(roads.items[k]), sf_geom(gates.items[i]));
            if (d < best) {
                best = d;
                snprintf(kind, sizeof kind, "%s", sf_text(roads.items[k], "kind"));
            }
        }
        if (strcmp(kind, "arterial") == 0 || best > 25)
            fail_msg("%s: %.1f m from a street, %s", sf_text(gates.items[i], "id"), best, kind);
    }
    assert_true(gates.count >= 8u * (size_t)sf_current.communities);
    sf_free(&gates);
    sf_free(&roads);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compounds_keep_the_ratios),
        cmocka_unit_test(storeys_and_uses_are_as_promised),
        cmocka_unit_test(buildings_keep_their_distance),
        cmocka_unit_test(buildings_stand_clear),
        cmocka_unit_test(lanes_and_streets_are_wide_enough),
        cmocka_unit_test(gates_open_to_collectors),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_layout");
}
