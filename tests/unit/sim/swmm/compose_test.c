// Project files from arrays: what is read of them is what they were made of.
#include "inp.h"

#include <math.h>
#include <stdio.h>

#include "sim/swmm/compose.h"

#define TEXT                                                                                       \
    "[OPTIONS]\nFLOW_UNITS CFS\nSTART_DATE 2/28/2024\nSTART_TIME 22:30\nEND_DATE 2/29/2024\n"      \
    "END_TIME 4:30\nREPORT_STEP 0:05\nROUTING_STEP 7.5\nALLOW_PONDING YES\n"                       \
    "[JUNCTIONS]\n\"J 1\" 33.3 9.1 0.1 0 70\nJ2 31.7 8.7\nJ3 31.1 12\nJ4 30 11\n"                  \
    "[OUTFALLS]\nO1 29.9 FREE NO\nO2 28 FIXED 29.3 YES\nO3 28 TIMESERIES level\nO4 28 NORMAL\n"    \
    "[STORAGE]\nS1 20.1 19.9 1 TABULAR area\nS2 20.3 19.7 2 FUNCTIONAL 13.7 0.7 101\n"             \
    "[CONDUITS]\nC1 \"J 1\" J2 333 0.013 0.1 0.3 0.7\nC2 J2 J3 101 0.014\nC3 J3 J4 99 0.03\n"      \
    "C4 J4 O1 77 0.02\nC5 J2 O2 88 0.02\nC6 S1 O3 100 0.01\nC7 S2 O4 100 0.015\n"                  \
    "[PUMPS]\nP1 S1 J2 lift ON 3 1\nP2 S2 J3 * OFF\n[ORIFICES]\nR1 S1 J4 SIDE 1.1 0.61 YES\n"      \
    "R2 S1 J4 BOTTOM 0 0.6\n[WEIRS]\nW1 S2 J4 TRANSVERSE 11.3 3.33 NO 1\n"                         \
    "W2 S2 J4 TRAPEZOIDAL 12 3.1 NO 0 2.3\nW3 S2 J4 SIDEFLOW 12 3.1\n"                             \
    "[OUTLETS]\nL1 S1 J4 0.3 TABULAR/HEAD rate YES\nL2 S2 J4 0 FUNCTIONAL/DEPTH 3 0.7\n"           \
    "[XSECTIONS]\nC1 CIRCULAR 2.1\nC2 TRAPEZOIDAL 3 4 1.5 2.5 1\nC3 IRREGULAR ditch\n"             \
    "C4 CUSTOM 3 arch 0 0 2\nC5 POWER 3 4 1.7\nC6 FILLED_CIRCULAR 3 0.4\nC7 GOTHIC 3.3\n"          \
    "R1 RECT_CLOSED 1 0.7\nR2 CIRCULAR 0.9\nW1 RECT_OPEN 2 5\nW2 TRAPEZOIDAL 2 5 1.3 1.3\n"        \
    "W3 RECT_OPEN 2 5\n[TRANSECTS]\nNC 0.06 0.08 0.03\nX1 ditch 4 10 20 0 0 0 1 1 0\n"             \
    "GR 33 0 31 10 31 20 33 30\n[LOSSES]\nC1 0.3 0.7 0.1 YES\n"                                    \
    "[INFLOWS]\n\"J 1\" FLOW q FLOW 1 3 0.2\nS2 FLOW \"\" FLOW 1 1 2.7\n"                          \
    "[CURVES]\narea STORAGE 0 101 3 207\nlift PUMP3 0 9 30 3\nrate RATING 0 0 3 7\n"               \
    "arch SHAPE 0 0.5 0.5 1.1 1 0.3\n[TIMESERIES]\nlevel 0:30 29.1 3 30.7\nq 0:10 0 0:40 7 1:30 "  \
    "1\n"                                                                                          \
    "[COORDINATES]\nJ2 3.3 4.7\n"

static ct_drains *run(const ct_swmm_network *net) {
    ct_drains *d;
    if (ct_swmm_network_open(&d, net) != CT_OK) fail_msg("%s", ct_err_message());
    if (ct_drains_advance(d, 7200) != CT_OK) fail_msg("%s", ct_err_message());
    return d;
}

static void assert_same(const char *what, const double *a, const double *b, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= 4e-16 * fabs(a[i])))
            fail_msg("%s[%zu]: %.17g, not %.17g", what, i, b[i], a[i]);
}

static void assert_same_curve(const char *what, const ct_drains_curve *a,
                              const ct_drains_curve *b) {
    assert_int_equal(a->count, b->count);
    assert_same(what, a->x, b->x, a->count);
    assert_same(what, a->y, b->y, a->count);
}

static void what_comes_back(void **state) {
    (void)state;
    inp f = inp_good(TEXT);
    const char *nodes[16], *conduits[16];
    ct_swmm_place places[16];
    for (size_t i = 0; i < f.net->drains.node_count; i++) {
        nodes[i] = f.net->nodes[i].name;
        places[i] = f.net->nodes[i].place;
    }
    for (size_t i = 0; i < f.net->drains.conduit_count; i++)
        conduits[i] = f.net->links[CT_SWMM_CONDUIT][i].name;
    const ct_swmm_naming naming = {
        .nodes = nodes, .links = {conduits}, .places = places, .title = "Again"};
    ct_swmm_document *d;
    ct_swmm_network *net = NULL;
    ct_diagnostics *findings = ct_diagnostics_new(10);
    if (ct_swmm_compose(&d, "again.inp", &f.net->drains, &f.net->options, &naming, findings) !=
            CT_OK ||
        ct_swmm_network_new(&net, d, false, NULL) != CT_OK)
        fail_msg("%s", ct_err_message());
    const ct_diagnostic *told = ct_diagnostics_at(findings, 0);
    if (told) fail_msg("%s: %s", told->where, told->text);
    assert_int_equal(net->options.start_s, f.net->options.start_s);
    assert_near(net->options.duration_s, 6 * 3600, 0);
    assert_near(net->options.routing_step_s, 7.5, 0);
    assert_near(net->nodes[1].place.y, 4.7, 0);
    const ct_drains_params *p = &f.net->drains, *q = &net->drains;
    assert_int_equal(p->node_count, q->node_count);
    for (size_t i = 0; i < p->node_count; i++) {
        assert_string_equal(net->nodes[i].name, nodes[i]);
        assert_same("invert", &p->nodes[i].invert_m, &q->nodes[i].invert_m, 1);
        assert_same("rim", &p->nodes[i].rim_m, &q->nodes[i].rim_m, 1);
        assert_same("area", &p->nodes[i].area_m2, &q->nodes[i].area_m2, 1);
        assert_same("opening", &p->nodes[i].opening_m, &q->nodes[i].opening_m, 1);
        assert_int_equal(p->nodes[i].top, q->nodes[i].top);
        assert_same_curve("area", &p->nodes[i].area, &q->nodes[i].area);
    }
    for (size_t i = 0; i < p->conduit_count; i++) {
        const ct_drains_conduit *a = &p->conduits[i], *b = &q->conduits[i];
        assert_int_equal(a->barrels, b->barrels);
        assert_int_equal(a->section.shape, b->section.shape);
        assert_same("height", &a->section.height_m, &b->section.height_m, 1);
        assert_same("slope", &a->section.slope_right, &b->section.slope_right, 1);
        assert_same("manning", &a->manning, &b->manning, 1);
        assert_same("flow", &a->flow_m3s, &b->flow_m3s, 1);
        assert_same_curve("table", &a->section.table, &b->section.table);
    }
    // all the rest shows in what they do: the same in everything
    ct_drains *one = run(f.net), *other = run(net);
    for (int k = 0; k <= CT_DRAINS_OUTLET_FLOW; k++) {
        size_t count;
        const double *a = ct_drains_get(one, (ct_drains_array)k, &count);
        const double *b = ct_drains_get(other, (ct_drains_array)k, NULL);
        for (size_t i = 0; i < count; i++)
            if (!(fabs(a[i] - b[i]) <= 1e-9 * (1 + fabs(a[i]))))
                fail_msg("array %d[%zu]: %.17g, not %.17g", k, i, b[i], a[i]);
    }
    ct_drains_close(one);
    ct_drains_close(other);
    ct_swmm_network_free(net);
    ct_swmm_free(d);
    ct_diagnostics_free(findings);
    inp_free(&f);
}

static void what_the_format_has_not(void **state) {
    (void)state;
    ct_drains_node nodes[2] = {{.rim_m = 2, .top = CT_DRAINS_SEALED, .area_m2 = 1.5},
                               {.kind = CT_DRAINS_OUTFALL}};
    const ct_drains_orifice gate = {
        .from = 0, .to = 1, .height_m = 0.5, .coefficient = 0.6, .opening = 0.5};
    const ct_drains_conduit channel = {
        .to = 1,
        .length_m = 10,
        .manning = 0.03,
        .barrels = 1,
        .section = {.shape = CT_DRAINS_RECT_OPEN, .height_m = 1, .width_m = 2}};
    const ct_drains_params p = {.nodes = nodes,
                                .node_count = 2,
                                .conduits = &channel,
                                .conduit_count = 1,
                                .orifices = &gate,
                                .orifice_count = 1};
    const ct_swmm_options o = {.duration_s = 3600,
                               .report_step_s = 60,
                               .routing_step_s = 5,
                               .wet_step_s = 60,
                               .dry_step_s = 60};
    ct_diagnostics *findings = ct_diagnostics_new(10);
    ct_swmm_document *d;
    assert_int_equal(ct_swmm_compose(&d, "made.inp", &p, &o, NULL, findings), CT_OK);
    assert_int_equal(ct_diagnostics_count(findings, CT_SEVERITY_WARNING), 3);
    assert_string_equal(ct_diagnostics_at(findings, 0)->text, "N1: the format has no cover");
    assert_string_equal(ct_diagnostics_at(findings, 1)->text,
                        "R1: the format has no initial opening");
    ct_swmm_free(d);
    assert_string_equal(ct_diagnostics_at(findings, 2)->text,
                        "C1: the format has no channel that grows above its banks");
    ct_diagnostics_free(findings);
}

// What would be read as something else is refused.
static void names_that_no_file_holds(void **state) {
    (void)state;
    static const ct_drains_node nodes[3] = {
        {.rim_m = 2, .area_m2 = 1.2}, {.rim_m = 2, .area_m2 = 1.2}, {.kind = CT_DRAINS_OUTFALL}};
    static const ct_drains_weir weirs[1] = {{.to = 2, .height_m = 1, .length_m = 1}};
    static const ct_drains_outlet outlets[1] = {{.from = 1, .to = 2, .factor = 1, .exponent = 1}};
    const ct_drains_params p = {.nodes = nodes,
                                .node_count = 3,
                                .weirs = weirs,
                                .weir_count = 1,
                                .outlets = outlets,
                                .outlet_count = 1};
    const ct_swmm_options o = {.duration_s = 3600,
                               .report_step_s = 60,
                               .routing_step_s = 5,
                               .wet_step_s = 60,
                               .dry_step_s = 60};
    static const struct {
        const char *nodes[3], *weir, *outlet, *title;
        const char *message; // NULL: it is fine
    } cases[] = {
        {{"a", "b", "c"}, "a", "b", "Of [Rome]", NULL},
        {{"a\"b", "b", "c"}, "a", "b", "", "no name"},
        {{"a", "b", "A"}, "a", "b", "", "\"A\" is the name of two"},
        {{"a", "b", "b"}, "a", "b", "", "\"b\" is the name of two"},
        {{"a", "b", "c"}, "gate", "Gate", "", "\"Gate\" is the name of two"},
        {{"a", "b", "c"}, "a", "b", "[JUNCTIONS]", "the title begins with ["},
        {{"a", "b", "c"}, "a", "b", " [JUNCTIONS]", "the title begins with ["},
        {{"a", "b", "c"}, "a", "b", "a\nb", "more than one line"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ct_swmm_naming naming = {
            .nodes = cases[i].nodes,
            .links = {[CT_SWMM_WEIR] = &cases[i].weir, [CT_SWMM_OUTLET] = &cases[i].outlet},
            .title = cases[i].title};
        ct_swmm_document *d = NULL;
        const ct_err err = ct_swmm_compose(&d, "made.inp", &p, &o, &naming, NULL);
        assert_int_equal(err, cases[i].message ? CT_ARG : CT_OK);
        if (err == CT_OK)
            ct_swmm_free(d);
        else
            assert_non_null(strstr(ct_err_message(), cases[i].message));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_back),
        cmocka_unit_test(what_the_format_has_not),
        cmocka_unit_test(names_that_no_file_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
