// Cross-sections of project files: areas and widths against formulas, through the engine's eyes.
#include "inp.h"

#include <math.h>
#include <stdio.h>

#define HEAD                                                                                       \
    "[OPTIONS]\nFLOW_UNITS CMS\nEND_TIME 1\n[JUNCTIONS]\nA 1 0\n[OUTFALLS]\nB 0 FREE\n"            \
    "[CONDUITS]\nC A B 100 0.02\n"
#define TABLES                                                                                     \
    "[TRANSECTS]\nNC 0.06 0.08 0.03\nX1 ditch 6 10 20 0 0 0 2 1\nGR 3 0 2 10 0 10 0 20 2 20\n"     \
    "GR 3 30\n[STREETS]\nroad 5 0.2 2 0.016 0.05 0.5 2 2 4 0.03\n"                                 \
    "[CURVES]\nbox SHAPE 0 2 1 2\nhalf SHAPE 0.2 1 0.8 1\n"

static const double k_pi = 3.14159265358979323846;

// The engine's view of a full section.
static ct_drains_geometry full(const char *section, double *manning, double *height) {
    char text[1000];
    ct_drains_geometry g;
    (void)snprintf(text, sizeof text, HEAD "[XSECTIONS]\nC %s\n" TABLES, section);
    inp f = inp_good(text);
    const ct_drains_conduit *c = &f.net->drains.conduits[0];
    *height = f.net->drains.nodes[0].rim_m - 1;
    *manning = c->manning;
    if (ct_drains_geometry_at(&c->section, c->manning, *height, &g) != CT_OK)
        fail_msg("%s", ct_err_message());
    inp_free(&f);
    return g;
}

// Above its banks a channel is full, as in SWMM.
static void channels_do_not_grow_above_their_banks(void **state) {
    (void)state;
    static const char *const k_open[] = {"RECT_OPEN 2 3", "TRAPEZOIDAL 2 3 1 2", "TRIANGULAR 2 3",
                                         "PARABOLIC 2 3", "POWER 2 3 2",         "IRREGULAR ditch"};
    for (size_t i = 0; i < sizeof k_open / sizeof *k_open; i++) {
        char text[1000];
        ct_drains_geometry banks, above;
        (void)snprintf(text, sizeof text, HEAD "[XSECTIONS]\nC %s\n" TABLES, k_open[i]);
        inp f = inp_good(text);
        ct_drains_conduit c = f.net->drains.conduits[0];
        const double height = f.net->drains.nodes[0].rim_m - 1;
        assert_int_equal(ct_drains_geometry_at(&c.section, c.manning, height - 1e-9, &banks),
                         CT_OK);
        assert_int_equal(ct_drains_geometry_at(&c.section, c.manning, 5, &above), CT_OK);
        assert_near(above.area_m2, banks.area_m2, 1e-6 * banks.area_m2);
        assert_near(above.radius_m, banks.radius_m, 1e-6 * banks.radius_m);
        c.section.capped = false;
        assert_int_equal(ct_drains_geometry_at(&c.section, c.manning, 5, &above), CT_OK);
        assert_true(above.area_m2 > banks.area_m2 + 1);
        inp_free(&f);
    }
}

static void areas(void **state) {
    (void)state;
    const double round_rise = 1.5 - sqrt(1.5 * 1.5 - 1), angle = 2 * asin(1 / 1.5);
    const double segment = 1.5 * 1.5 / 2 * (angle - sin(angle));
    const struct {
        const char *section;
        double area, height, bound; // relative
    } cases[] = {
        {"CIRCULAR 2", k_pi, 2, 1e-3},
        {"FILLED_CIRCULAR 2 1", k_pi / 2, 2, 1e-3},
        {"RECT_CLOSED 2 3", 6, 2, 1e-12},
        {"RECT_OPEN 2 3", 6, 2, 1e-12},
        {"TRAPEZOIDAL 2 3 1 2", 12, 2, 1e-12},
        {"TRIANGULAR 2 3", 3, 2, 1e-5},
        {"PARABOLIC 2 3", 4, 2, 1e-3},
        {"POWER 2 3 2", 4, 2, 1e-3},
        {"HORIZ_ELLIPSE 2 3", k_pi * 1.5, 2, 1e-3},
        {"VERT_ELLIPSE 3 2", k_pi * 1.5, 3, 1e-3},
        {"HORIZ_ELLIPSE 1 0", k_pi / 4 * 14 * 23 * 0.0254 * 0.0254, 14 * 0.0254, 1e-3},
        {"VERT_ELLIPSE 0 0 1", k_pi / 4 * 14 * 23 * 0.0254 * 0.0254, 23 * 0.0254, 1e-3},
        {"ARCH 2 3", k_pi / 4 * 6, 2, 1e-3},
        {"RECT_TRIANGULAR 2 3 0.5", 3 * 1.5 + 0.75, 2, 1e-3},
        {"RECT_ROUND 3 2 1.5", 2 * (3 - round_rise) + segment, 3, 1e-3},
        {"MODBASKETHANDLE 3 2 1.5", 2 * (3 - round_rise) + segment, 3, 1e-3},
        // published areas over the height's square
        {"EGG 2", 0.5105 * 4, 2, 2e-3},
        {"HORSESHOE 2", 0.8293 * 4, 2, 1e-3},
        {"GOTHIC 2", 0.6554 * 4, 2, 0.02},
        {"CATENARY 2", 0.70277 * 4, 2, 0.02},
        {"SEMIELLIPTICAL 2", 0.785 * 4, 2, 0.02},
        {"BASKETHANDLE 2", 0.7862 * 4, 2, 0.02},
        {"SEMICIRCULAR 2", 1.2697 * 4, 2, 0.02},
        {"CUSTOM 2 box", 2 * 2 * 2, 2, 1e-12},
        {"CUSTOM 2 half", 4, 2, 1e-12},
        {"IRREGULAR ditch", 2 * 10 * 3 + 2 * 2 * 10 * 0.5, 3, 1e-9},
        // two sides: 0.05 + 0.1 high crown, 0.05 + 0.2 + 0.08 behind the curb
        {"STREET road", 2 * ((0.33 - 0.05) * 5 - 0.02 * 12.5 + 0.5 * 0.05 / 2 + 0.08 * 2 / 2), 0.33,
         1e-3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double manning, height;
        const ct_drains_geometry g = full(cases[i].section, &manning, &height);
        if (!(fabs(height - cases[i].height) <= 1e-9 * cases[i].height))
            fail_msg("%s: height %.12g, not %.12g", cases[i].section, height, cases[i].height);
        if (!(fabs(g.area_m2 / cases[i].area - 1) <= cases[i].bound))
            fail_msg("%s: area %.9g, not %.9g", cases[i].section, g.area_m2, cases[i].area);
    }
}

static void roughness_of_profiles(void **state) {
    (void)state;
    double manning, height;
    (void)full("IRREGULAR ditch", &manning, &height);
    assert_near(manning, 0.03, 0);
    (void)full("STREET road", &manning, &height);
    assert_near(manning, 0.016, 0);
}

// The loss of a full pipe at the slope it lies on.
static void force_mains(void **state) {
    (void)state;
    double manning, height;
    const double radius = 0.125, slope = 0.01;
    (void)full("FORCE_MAIN 0.5 130", &manning, &height);
    assert_near(pow(radius, 2.0 / 3) * sqrt(slope) / manning,
                0.849 * 130 * pow(radius, 0.63) * pow(slope, 0.54), 1e-9);
}

static void what_is_wrong(void **state) {
    (void)state;
    inp_bad(HEAD "[XSECTIONS]\nC IRREGULAR none\n", CT_PARSE, "no transect \"none\"");
    inp_bad(HEAD "[XSECTIONS]\nC CIRCULAR 1\nC CIRCULAR 2\n", CT_PARSE, "a section already");
    inp_bad(HEAD "[XSECTIONS]\nC RECT_ROUND 3 2 0.5\n", CT_PARSE, "radius");
    inp_bad(HEAD "[XSECTIONS]\nC ARCH 103 0\n", CT_PARSE, "no standard arch");
    inp_bad(HEAD "[XSECTIONS]\nC CIRCULAR 1 0 0 0 1.5\n", CT_PARSE, "barrels");
    inp_bad(HEAD "[TRANSECTS]\nX1 a 2\nGR 1 2\n", CT_PARSE, "no NC line");
    inp_bad(HEAD "[TRANSECTS]\nNC 1 1 1\nX1 a 3\nGR 1 2 1 3\n", CT_PARSE,
            "transect a has 2 stations, not 3");
    inp_bad(HEAD "[TRANSECTS]\nNC 1 1 1\nX1 a 2\nGR 1 3 1 2\n", CT_RANGE, "station 2 does not");
    inp_bad(HEAD "[STREETS]\nroad 5 0.2 2 0.016 0 0 3\n", CT_RANGE, "dimensions of a street");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels_do_not_grow_above_their_banks),
        cmocka_unit_test(areas),
        cmocka_unit_test(roughness_of_profiles),
        cmocka_unit_test(force_mains),
        cmocka_unit_test(what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
