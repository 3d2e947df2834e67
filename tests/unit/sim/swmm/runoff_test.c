// Subcatchments of project files: rain in all its forms and units becomes runoff at nodes.
#include <math.h>
#include <stdio.h>

#include "inp.h"

#define HEAD  "[OPTIONS]\nFLOW_UNITS LPS\nSTART_DATE 7/1/2024\nEND_DATE 7/2/2024\nWET_STEP 0:01\n"
#define NODES "[STORAGE]\nW 0 99 0 FUNCTIONAL 0 0 1000\n[OUTFALLS]\nO 0 FREE\n"
// a hectare of roof, all of it bare
#define ROOF  "[SUBCATCHMENTS]\nS G W 1 100 100 1 0\n[SUBAREAS]\nS 0.015 0.1 0 0 100 OUTLET\n"
#define STORM "[TIMESERIES]\nstorm 1:00 12 1:30 24 2:00 0\n"

static double came(const inp *f) {                              // m3
    const ct_drains_curve *c = &f->net->drains.nodes[1].inflow; // W, behind the outfall
    double sum = 0;
    for (size_t i = 0; i + 1 < c->count && c->x[i] < f->net->options.duration_s; i++)
        sum += (c->x[i + 1] - c->x[i]) * (c->y[i] + c->y[i + 1]) / 2;
    return sum;
}

static void forms_of_rain(void **state) {
    (void)state;
    const struct {
        const char *gage;
        double mm;
    } cases[] = {{"G INTENSITY 0:30 1 TIMESERIES storm", 18}, // mm/h for half hours
                 {"G INTENSITY 0:15 1 TIMESERIES storm", 9},  // for the first quarter of each
                 {"G VOLUME 0:30 1 TIMESERIES storm", 36},
                 {"G CUMULATIVE 0:30 1 TIMESERIES storm", 24}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1000];
        (void)snprintf(text, sizeof text, HEAD NODES "[RAINGAGES]\n%s\n" ROOF STORM, cases[i].gage);
        inp f = inp_good(text);
        assert_near(f.net->runoff.rain_m3, cases[i].mm * 10, 1e-9);
        assert_near(f.net->runoff.error_m3, 0, 1e-9);
        assert_near(came(&f), f.net->runoff.left_m3, 1e-9);
        assert_near(f.net->runoff_to_nodes_m3, f.net->runoff.left_m3, 1e-9);
        assert_near(f.net->subcatchments[0].volume_m3, f.net->runoff.left_m3, 1e-9);
        inp_free(&f);
    }
}

static void inches_and_acres(void **state) {
    (void)state;
    inp f =
        inp_good("[OPTIONS]\nFLOW_UNITS CFS\nEND_TIME 6:00\n" NODES
                 "[RAINGAGES]\nG INTENSITY 1:00 1 TIMESERIES s\n" ROOF "[TIMESERIES]\ns 0 1 1 0\n");
    assert_near(f.net->runoff.rain_m3, 0.0254 * 4046.8564224, 1e-6);
    inp_free(&f);
}

static void rain_that_falls_elsewhere(void **state) {
    (void)state;
    ct_swmm_network *net;
    inp f = inp_good(HEAD NODES "[RAINGAGES]\nG VOLUME 0:30 1 TIMESERIES storm\n" ROOF STORM
                                "[INFLOWS]\nW FLOW \"\" FLOW 1 1 5\n");
    assert_int_equal(ct_swmm_network_new(&net, f.document, true, f.findings), CT_OK);
    assert_near(net->runoff.rain_m3, 0, 0);
    assert_near(net->drains.nodes[1].inflow.y[0], 0.005, 1e-15);
    assert_int_equal(net->subcatchment_count, 1);
    ct_swmm_network_free(net);
    inp_free(&f);
}

static void soils_and_routes(void **state) {
    (void)state;
    inp f = inp_good(
        HEAD "INFILTRATION GREEN_AMPT\n" NODES "[RAINGAGES]\nG VOLUME 0:30 1 TIMESERIES storm\n"
             "[EVAPORATION]\nCONSTANT 24\nDRY_ONLY NO\n"
             "[SUBCATCHMENTS]\nA G W 1 50 100 1 0\nB G A 1 0 100 1 0\nC G O 1 0 100 1\n"
             "[SUBAREAS]\nA 0.015 0.1 1 2 25 PERVIOUS 80\nB 0.015 0.1 1 2 0 OUTLET\n"
             "C 0.015 0.1 1 2 0\n"
             "[INFILTRATION]\nA 100 5 0.2\nB 60 6 4 7 0 HORTON\nC 80 0 7 CURVE_NUMBER\n" STORM);
    const ct_runoff_ledger *l = &f.net->runoff;
    assert_near(l->rain_m3, 1080, 1e-6);
    assert_near(l->error_m3, 0, 1e-8);
    assert_true(l->infiltrated_m3 > 200 && l->evaporated_m3 > 5 && l->left_m3 > 100);
    assert_true(inp_found(&f, "swmm-runoff", "[SUBCATCHMENTS]"));
    inp_free(&f);
}

// Files that SWMM takes.
static void what_is_told(void **state) {
    (void)state;
    inp f = inp_good(HEAD NODES
                     "[RAINGAGES]\nG VOLUME 0:30 1 TIMESERIES storm\n"
                     "[SUBCATCHMENTS]\nA G W 1 100.01 100 1\nB G W 0 50 100 1\nC G W 1 0 0 1\n"
                     "D G W 1 0 100 1\n"
                     "[SUBAREAS]\nA 0.015 0 0 0\nB 0.015 0.1 0 0\nC 0 0.1 0 0\nD 0 0.1 0 0\n"
                     "[INFILTRATION]\nB 5 5 0 7 0 HORTON\nC 100 0 7 CURVE_NUMBER\n"
                     "D 60 0 CURVE_NUMBER\n" STORM);
    assert_true(inp_found(&f, "swmm-runoff", "line 13, [SUBCATCHMENTS]"));
    assert_true(inp_found(&f, "swmm-runoff", "line 14, [SUBCATCHMENTS]"));
    assert_true(inp_found(&f, "swmm-runoff", "line 15, [SUBCATCHMENTS]"));
    assert_false(inp_found(&f, "swmm-runoff", "line 16, [SUBCATCHMENTS]"));
    assert_true(inp_found(&f, "swmm-soil", "line 24, [INFILTRATION]"));
    assert_true(inp_found(&f, "swmm-soil", "line 25, [INFILTRATION]"));
    assert_near(f.net->subcatchments[0].volume_m3, 360, 1);
    assert_near(f.net->subcatchments[1].volume_m3, 0, 0);
    assert_near(f.net->subcatchments[2].volume_m3, 0, 0);
    assert_near(f.net->runoff.error_m3, 0, 1e-9);
    inp_free(&f);
}

// Ten millennia in seconds are refused before they begin.
static void what_takes_too_long(void **state) {
    (void)state;
    inp_bad(
        "[OPTIONS]\nFLOW_UNITS CMS\nSTART_DATE 1/1/2024\nEND_DATE 12/31/9999\nWET_STEP 0:00:01\n"
        "DRY_STEP 0:00:01\n" NODES "[RAINGAGES]\nG VOLUME 0:30 1 TIMESERIES storm\n" ROOF STORM,
        CT_LIMIT, "town.inp line 6, [OPTIONS]: the runoff of 1 subcatchments over");
}

static void what_is_wrong(void **state) {
    (void)state;
#define GAGE "[RAINGAGES]\nG VOLUME 0:30 1 TIMESERIES storm\n"
    inp_bad(HEAD NODES GAGE STORM "[SUBCATCHMENTS]\nS H W 1 100 100 1\n", CT_PARSE,
            "no rain gage \"H\"");
    inp_bad(HEAD NODES GAGE STORM "[SUBCATCHMENTS]\nS G X 1 100 100 1\n[SUBAREAS]\nS 1 1 0 0\n",
            CT_PARSE, "S: there is no node or subcatchment \"X\"");
    inp_bad(HEAD NODES GAGE STORM "[SUBCATCHMENTS]\nS G W 1 100 100 1\n", CT_PARSE,
            "S: it is not in [SUBAREAS]");
    inp_bad(HEAD NODES GAGE STORM "[SUBCATCHMENTS]\nS G W 1 50 100 1\n[SUBAREAS]\nS 1 1 0 0\n",
            CT_PARSE, "S: it is not in [INFILTRATION]");
    inp_bad(HEAD NODES GAGE STORM "[SUBCATCHMENTS]\nS G W 1 100 -1 1\n[SUBAREAS]\nS 1 1 0 0\n",
            CT_RANGE, "[SUBCATCHMENTS]: S: width_m: -1 is not within");
    inp_bad(HEAD NODES GAGE STORM "[SUBCATCHMENTS]\nS G W 1 120 9 1\n[SUBAREAS]\nS 1 1 0 0\n",
            CT_RANGE, "[SUBCATCHMENTS]: S: impervious: 1.2 is not within");
    inp_bad(HEAD NODES "[RAINGAGES]\nG DRIZZLE 0:30 1 TIMESERIES storm\n", CT_PARSE,
            "no form of rain");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_rain),
        cmocka_unit_test(inches_and_acres),
        cmocka_unit_test(rain_that_falls_elsewhere),
        cmocka_unit_test(soils_and_routes),
        cmocka_unit_test(what_is_told),
        cmocka_unit_test(what_takes_too_long),
        cmocka_unit_test(what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
