// What the nodes and links of a project file become, in which units; what is told of wrong ones.
#include "inp.h"

#include <math.h>
#include <stdio.h>

#define TIMES "[OPTIONS]\nFLOW_UNITS CMS\nSTART_DATE 2/28/2020\nEND_DATE 2/29/2020\n"
#define TWO   "[JUNCTIONS]\nJ1 10 3\nJ2 9.5 2\n[OUTFALLS]\nO1 9 FREE\n"
#define PIPES "[CONDUITS]\nC1 J1 J2 100 0.013 0.1 0.2\nC2 J2 O1 50 0.013\n"
#define ROUND "[XSECTIONS]\nC1 CIRCULAR 0.6\nC2 CIRCULAR 0.7 0 0 0 2\n"

static void a_small_network(void **state) {
    (void)state;
    inp f = inp_good(TIMES TWO PIPES ROUND "[LOSSES]\nC1 0.5 0.7 0.1 YES\n"
                                           "[COORDINATES]\nj2 5 6\n[VERTICES]\nC1 1 2\nC1 3 4\n");
    const ct_swmm_network *n = f.net;
    assert_int_equal(n->drains.node_count, 3);
    assert_string_equal(n->nodes[1].name, "J2");
    assert_near(n->nodes[1].place.y, 6, 0);
    assert_true(isnan(n->nodes[0].place.x));
    const ct_drains_conduit *c = &n->drains.conduits[0];
    assert_int_equal(c->from, 0);
    assert_int_equal(c->to, 1);
    assert_near(c->length_m, 100, 0);
    assert_near(c->offset_from_m, 0.1, 0);
    assert_near(c->offset_to_m, 0.2, 0);
    assert_near(c->loss_entry + c->loss_exit + c->loss_average, 1.3, 1e-15);
    assert_true(c->flap);
    assert_int_equal(n->drains.conduits[1].barrels, 2);
    assert_near(n->drains.nodes[0].rim_m, 13, 0);
    assert_near(n->drains.nodes[0].area_m2, 1.16742, 1e-5);
    assert_near(n->options.duration_s, 86400, 0);
    assert_int_equal(n->links[CT_SWMM_CONDUIT][0].vertex_count, 2);
    assert_near(n->links[CT_SWMM_CONDUIT][0].vertices[1].x, 3, 0);
    ct_swmm_link_kind kind;
    uint32_t index;
    assert_true(ct_swmm_find_link(&kind, &index, n, "c2"));
    assert_int_equal(index, 1);
    ct_drains *drains;
    assert_int_equal(ct_swmm_network_open(&drains, n), CT_OK);
    ct_drains_close(drains);
    inp_free(&f);
}

static void units(void **state) {
    (void)state;
    static const double flows[] = {0.028316846592, 6.30901964e-5,     0.0438126363888889, 1,
                                   1e-3,           0.0115740740740741};
    for (int i = 0; i < CT_SWMM_FLOW_UNITS; i++) {
        const ct_swmm_units u = ct_swmm_units_of((ct_swmm_flow_units)i);
        char text[400];
        assert_near(u.flow_m3s / flows[i], 1, 1e-9);
        assert_int_equal(u.metric, i >= CT_SWMM_CMS);
        (void)snprintf(text, sizeof text,
                       "[OPTIONS]\nFLOW_UNITS %s\nEND_TIME 6\nMIN_SURFAREA 2\n" TWO
                       "[INFLOWS]\nJ1 FLOW \"\" FLOW 1 1 3\n",
                       ct_swmm_flow_units_name((ct_swmm_flow_units)i));
        inp f = inp_good(text);
        const double m = u.metric ? 1 : 0.3048;
        assert_near(f.net->drains.nodes[1].invert_m, 9.5 * m, 1e-12);
        assert_near(f.net->drains.nodes[0].area_m2, 2 * m * m, 1e-12);
        assert_near(f.net->drains.nodes[0].inflow.y[0], 3 * u.flow_m3s, 1e-12);
        assert_near(f.net->options.duration_s, 21600, 0);
        inp_free(&f);
    }
}

static void elevations_as_offsets(void **state) {
    (void)state;
    inp f =
        inp_good(TIMES "LINK_OFFSETS ELEVATION\n" TWO
                       "[CONDUITS]\nC1 J1 J2 100 0.013 10.5 9.75\nC2 J2 O1 50 0.013 * 8\n" ROUND);
    assert_near(f.net->drains.conduits[0].offset_from_m, 0.5, 1e-12);
    assert_near(f.net->drains.conduits[0].offset_to_m, 0.25, 1e-12);
    assert_near(f.net->drains.conduits[1].offset_from_m, 0, 0);
    assert_near(f.net->drains.conduits[1].offset_to_m, 0, 0);
    assert_true(inp_found(&f, "swmm-offset", "line 13, [CONDUITS]"));
    inp_free(&f);
}

static void rims(void **state) {
    (void)state;
    inp f = inp_good(TIMES "ALLOW_PONDING YES\n[JUNCTIONS]\nJ1 10 3 0.5 1\nJ2 9.5 0.2 0 0 50\n"
                           "[OUTFALLS]\nO1 9 FREE\n" PIPES ROUND);
    assert_near(f.net->drains.nodes[0].rim_m, 14, 0);
    assert_near(f.net->drains.nodes[0].depth_m, 0.5, 0);
    assert_int_equal(f.net->drains.nodes[0].top, CT_DRAINS_OPEN);
    assert_near(f.net->drains.nodes[1].rim_m, 10.3, 1e-12); // the crown of C1, 0.2 up
    assert_int_equal(f.net->drains.nodes[1].top, CT_DRAINS_PONDED);
    assert_near(f.net->drains.nodes[1].ponded_area_m2, 50, 0);
    assert_true(inp_found(&f, "swmm-crown", "[JUNCTIONS]"));
    inp_free(&f);
}

// They have no crown, hold little, and pass on what comes, over any fall.
static void dummies(void **state) {
    (void)state;
    inp f = inp_good(TIMES "[JUNCTIONS]\nJ1 60 2\nJ2 60 0\nJ3 10 0\n[OUTFALLS]\nO1 9.5 FREE\n"
                           "[CONDUITS]\nC1 J1 J2 400 0.013\nC2 J2 J3 300 0.013\nC3 J3 O1 50 0.013\n"
                           "[XSECTIONS]\nC1 DUMMY 0\nC2 DUMMY 0\nC3 CIRCULAR 1.5\n"
                           "[INFLOWS]\nJ1 FLOW \"\" FLOW 1 1 2\n");
    const ct_drains_node *n = f.net->drains.nodes;
    assert_near(n[0].rim_m, 62, 0);
    assert_true(n[1].rim_m > 61);     // none was given: room for what flows
    assert_near(n[2].rim_m, 11.5, 0); // the pipe's crown
    assert_true(inp_found(&f, "swmm-dummy", "[XSECTIONS]"));
    ct_drains *drains;
    assert_int_equal(ct_swmm_network_open(&drains, f.net), CT_OK);
    for (int i = 1; i <= 60; i++)
        if (ct_drains_advance(drains, 5 * i) != CT_OK) fail_msg("%s", ct_err_message());
    ct_drains_ledger l;
    ct_drains_ledger_get(drains, &l);
    assert_near(l.flooded_m3, 0, 0);
    assert_near(ct_drains_get(drains, CT_DRAINS_FLOW, NULL)[1], 2, 0.01);
    assert_true(l.node_m3 + l.conduit_m3 < 2 * 1.2 * 1.5 + 2 * 7 + 50 * 1.77);
    ct_drains_close(drains);
    inp_free(&f);
}

// Told once each, as what is good to know.
static void what_is_computed_otherwise(void **state) {
    (void)state;
    inp f =
        inp_good(TIMES "SURCHARGE_METHOD EXTRAN\nINFILTRATION MODIFIED_GREEN_AMPT\n" TWO PIPES ROUND
                       "[EVENTS]\n2/28/2020 1:00 2/28/2020 2:00\n"
                       "2/28/2020 3:00 2/28/2020 4:00\n");
    assert_true(inp_found(&f, "swmm-option", "line 5, [OPTIONS]"));
    assert_false(inp_found(&f, "swmm-option", "line 6, [OPTIONS]")); // nothing seeps away
    assert_true(inp_found(&f, "swmm-events", "[EVENTS]"));
    assert_int_equal(ct_diagnostics_count(f.findings, CT_SEVERITY_INFO), 2);
    assert_int_equal(ct_diagnostics_count(f.findings, CT_SEVERITY_WARNING), 0);
    inp_free(&f);
    f = inp_good(TIMES "INFILTRATION MODIFIED_GREEN_AMPT\n" TWO PIPES ROUND
                       "[RAINGAGES]\nG INTENSITY 1:00 1 TIMESERIES s\n[TIMESERIES]\ns 0 1 1 0\n"
                       "[SUBCATCHMENTS]\nS G J1 1 50 100 1 0\n[SUBAREAS]\nS 0.01 0.1 1 5 0\n"
                       "[INFILTRATION]\nS 100 10 0.3\n");
    assert_true(inp_found(&f, "swmm-option", "line 5, [OPTIONS]"));
    inp_free(&f);
}

static void outfalls(void **state) {
    (void)state;
    inp f =
        inp_good(TIMES "START_TIME 06:00\n"
                       "[JUNCTIONS]\nJ 5\n[OUTFALLS]\nA 1 FREE\nB 1 NORMAL YES\nC 1 FIXED 2.5 NO\n"
                       "D 1 TIDAL tide YES\nE 1 TIMESERIES level\n"
                       "[CURVES]\ntide TIDAL 0 1\ntide 12 3\ntide 24 1\n"
                       "[TIMESERIES]\nlevel 0:30 1.5 1 2\nlevel 2/28/2020 8:00 2.5\n");
    const ct_drains_node *n = f.net->drains.nodes;
    assert_int_equal(n[1].outfall, CT_DRAINS_FREE);
    assert_int_equal(n[2].outfall, CT_DRAINS_NORMAL);
    assert_true(n[2].flap);
    assert_near(n[3].level.y[0], 2.5, 0);
    assert_near(n[4].level.x[0], -6 * 3600, 0);
    assert_near(n[4].level.x[1], 6 * 3600, 0);
    assert_near(n[4].level.y[1], 3, 0);
    assert_near(n[4].level.x[2], 18 * 3600, 0);
    assert_int_equal(n[5].level.count, 3);
    assert_near(n[5].level.x[0], 1800, 0);
    assert_near(n[5].level.x[1], 3600, 0);
    assert_near(n[5].level.x[2], 7200, 0);
    inp_free(&f);
}

static double at(const ct_drains_curve *c, double x) {
    for (size_t i = 0; i + 1 < c->count; i++) {
        if (!(c->x[i] <= x && x < c->x[i + 1])) continue;
        const double share = (x - c->x[i]) / (c->x[i + 1] - c->x[i]);
        return c->y[i] * (1 - share) + c->y[i + 1] * share;
    }
    return (double)NAN;
}

static void a_tide_holds_to_midnight(void **state) {
    (void)state;
    inp f = inp_good(TIMES "START_TIME 6:00\n[JUNCTIONS]\nJ 5\n[OUTFALLS]\nA 1 TIDAL tide\n"
                           "[CURVES]\ntide TIDAL 4 1 8 3 20 2\n");
    const ct_drains_curve *level = &f.net->drains.nodes[1].level;
    assert_near(at(level, 0), 2, 1e-12);         // 6:00
    assert_near(at(level, 16 * 3600), 2, 1e-12); // 22:00
    assert_near(at(level, 64700), 2, 1e-12);     // 23:58
    assert_near(at(level, 18 * 3600), 1, 1e-12); // midnight
    assert_near(at(level, 20 * 3600), 1, 1e-12); // 2:00
    assert_near(at(level, 24 * 3600), 2, 1e-12); // 6:00 of the next day
    inp_free(&f);
    inp_bad("[OPTIONS]\nFLOW_UNITS CMS\nSTART_DATE 1/1/2000\nEND_DATE 1/1/9000\n[JUNCTIONS]\nJ 5\n"
            "[OUTFALLS]\nA 1 TIDAL tide\n[CURVES]\ntide TIDAL 4 1 8 3 20 2\n",
            CT_LIMIT, "town.inp line 8, [OUTFALLS]: A: curve tide has more than 1000000 points");
}

static void storages(void **state) {
    (void)state;
    const double pi = acos(-1);
    inp f = inp_good(TIMES
                     "[STORAGE]\nT 0 4 1 TABULAR c 0 0\nF 0 4 0 FUNCTIONAL 10 0.5 3\n"
                     "Y 0 4 0 CYLINDRICAL 6 4 0\nK 0 4 0 CONICAL 6 4 2\nP 0 4 0 PARABOLOID 6 4 2\n"
                     "Q 0 4 0 PYRAMIDAL 6 4 2 0.5\nU 0 4 0 FUNCTIONAL 0 0 100 0 0 1 2 3\n"
                     "[CURVES]\nc STORAGE 0.5 10 2 20\n");
    const ct_drains_node *n = f.net->drains.nodes;
    assert_int_equal(n[0].area.count, 3);
    assert_near(n[0].area.x[0], 0, 0);
    assert_near(n[0].area.y[0], 1e-3, 0); // grows evenly from 0 to its first depth
    assert_near(n[0].area.y[1], 10, 0);
    assert_near(n[0].area.y[2], 20, 0);
    assert_near(n[1].area_factor, 10, 0);
    assert_near(n[1].area_exponent, 0.5, 0);
    assert_near(n[1].area_base_m2, 3, 0);
    assert_near(n[2].area_base_m2, pi * 6, 1e-12);
    assert_near(n[3].area.y[256], pi / 4 * (6 + 2 * 2 * 4) * (4 + 2 * 2 * 4 * 4 / 6.0), 1e-9);
    assert_near(n[4].area_factor * 2, pi * 6, 1e-12); // at its height 6 by 4
    assert_near(n[5].area.y[256], (6 + 16.0) * (4 + 16.0), 1e-9);
    assert_near(n[5].rim_m, 4.5, 0);
    assert_true(inp_found(&f, "swmm-seepage", "[STORAGE]"));
    inp_free(&f);
}

static void structures(void **state) {
    (void)state;
    inp f = inp_good(
        "[OPTIONS]\nFLOW_UNITS CFS\nEND_TIME 1\n" TWO
        "[PUMPS]\nP1 J1 J2 * ON 2 1\nP2 J1 J2 c2 OFF\nP3 J1 J2 c3\n"
        "[ORIFICES]\nR1 J1 J2 SIDE 1 0.65 YES 0.5\nR2 J1 J2 BOTTOM 0 0.6\n"
        "[WEIRS]\nW1 J1 J2 TRANSVERSE 1 3.33 NO 2\nW2 J1 J2 V-NOTCH 1 2.4\n"
        "W3 J1 J2 SIDEFLOW 1 3\nW4 J1 J2 TRAPEZOIDAL 1 3 NO 0 2\n"
        "[OUTLETS]\nL1 J1 J2 1 FUNCTIONAL/DEPTH 10 0.5 YES\nL2 J1 J2 0 TABULAR/HEAD c5\n"
        "[XSECTIONS]\nR1 RECT_CLOSED 1 2\nR2 CIRCULAR 1\nW1 RECT_OPEN 2 5\nW2 TRIANGULAR 2 4\n"
        "W3 RECT_OPEN 2 5\nW4 TRAPEZOIDAL 2 5 1 3\n"
        "[CURVES]\nc2 PUMP1 10 1 20 2\nc3 PUMP3 0 9\nc3 10 3\nc5 RATING 0 0 2 8\n");
    const double ft = 0.3048, cfs = ft * ft * ft;
    const ct_drains_params *p = &f.net->drains;
    assert_int_equal(p->pumps[0].kind, CT_DRAINS_PUMP_IDEAL);
    assert_near(p->pumps[0].on_m, 2 * ft, 1e-15);
    assert_int_equal(p->pumps[1].kind, CT_DRAINS_PUMP_VOLUME);
    assert_true(p->pumps[1].stopped);
    assert_near(p->pumps[1].curve.x[1], 20 * cfs, 1e-12);
    assert_near(p->pumps[1].curve.y[1], 2 * cfs, 1e-12);
    assert_int_equal(p->pumps[2].kind, CT_DRAINS_PUMP_LIFT);
    assert_near(p->pumps[2].curve.x[1], 10 * ft, 1e-12);
    assert_true(p->orifices[0].rectangular && p->orifices[0].flap && !p->orifices[0].bottom);
    assert_near(p->orifices[0].width_m, 2 * ft, 1e-12);
    assert_near(f.net->links[CT_SWMM_ORIFICE][0].close_s, 1800, 0);
    assert_true(p->orifices[1].bottom && !p->orifices[1].rectangular);
    // a foot of head over a foot of crest gives so many cubic feet
    assert_near(p->weirs[0].coefficient * ft * pow(ft, 1.5), 3.33 * cfs, 1e-12);
    assert_int_equal(p->weirs[0].contractions, 2);
    assert_near(p->weirs[1].slope, 1, 0);
    assert_near(p->weirs[1].coefficient * pow(ft, 2.5), 2.4 * cfs, 1e-12);
    assert_near(p->weirs[2].coefficient * ft * pow(ft, 5.0 / 3), 3 * cfs, 1e-12);
    assert_near(p->weirs[3].slope, 2, 0);
    assert_near(p->weirs[3].coefficient_end * pow(ft, 2.5), 2 * cfs, 1e-12);
    assert_near(p->outlets[0].factor * pow(ft, 0.5), 10 * cfs, 1e-12);
    assert_true(p->outlets[0].flap && !p->outlets[0].by_head && p->outlets[1].by_head);
    assert_near(p->outlets[1].curve.y[1], 8 * cfs, 1e-12);
    ct_drains *drains;
    if (ct_swmm_network_open(&drains, f.net) != CT_OK) fail_msg("%s", ct_err_message());
    ct_drains_close(drains);
    inp_free(&f);
}

static void inflows(void **state) {
    (void)state;
    inp f = inp_good(TIMES TWO "[INFLOWS]\nJ1 FLOW q FLOW 1 2 0.1\n"
                               "[DWF]\nJ1 FLOW 0.5 hours \"\" days\n"
                               "[TIMESERIES]\nq 1 3 2 5\n"
                               "[PATTERNS]\nhours HOURLY 1 1 1 2 1 1\ndays DAILY 1 1 1 1 1 3 1\n");
    const ct_drains_curve *c = &f.net->drains.nodes[0].inflow;
    // 28 February 2020 was a Friday
    assert_near(at(c, 1800), 0.1 + 1.5, 1e-9);
    assert_near(at(c, 5400), 0.1 + 1.5 + 2 * 4, 1e-9);
    assert_near(at(c, 9000), 0.1 + 1.5, 1e-9);
    assert_near(at(c, 12600), 0.1 + 3, 1e-9);
    inp_free(&f);
}

// From Friday noon to Saturday noon.
static void patterns_of_weekends(void **state) {
    (void)state;
    inp f = inp_good(TIMES "START_TIME 12:00\nEND_TIME 12:00\n" TWO
                           "[DWF]\nJ1 FLOW 1 early weekends hours\nJ2 FLOW 1 weekends\n"
                           "[PATTERNS]\nearly HOURLY 7 7 7 7 7 7 7 7 7 7 7 7\n"
                           "early 7 7 7 7 7 7 7 7 7 7 7 7\n"
                           "hours HOURLY 2 2 2 2 2 2 2 2 2 2 2 2\nhours 3 3 3 3 3 3 3 3 3 3 3 3\n"
                           "weekends WEEKEND 5 5 5 5 5 5 5 5 5 5 5 5\n");
    const ct_drains_node *n = f.net->drains.nodes;
    assert_near(at(&n[0].inflow, 3600), 3, 1e-12); // the last of a kind
    assert_near(at(&n[0].inflow, 13 * 3600), 5, 1e-12);
    assert_near(at(&n[1].inflow, 3600), 1, 1e-12);
    assert_near(at(&n[1].inflow, 13 * 3600), 5, 1e-12);
    inp_free(&f);
}

static void the_last_inflow_of_a_node_counts(void **state) {
    (void)state;
    inp f = inp_good(TIMES TWO "[INFLOWS]\nJ1 FLOW \"\" FLOW 1 1 3\nJ2 FLOW \"\" FLOW 1 1 4\n"
                               "J1 FLOW \"\" FLOW 1 1 5\n[DWF]\nJ1 FLOW 20\nJ1 FLOW 10\n");
    assert_near(f.net->drains.nodes[0].inflow.y[0], 5 + 10, 1e-12);
    assert_near(f.net->drains.nodes[1].inflow.y[0], 4, 1e-12);
    assert_true(inp_found(&f, "swmm-inflow", "line 13, [INFLOWS]"));
    assert_true(inp_found(&f, "swmm-inflow", "line 16, [DWF]"));
    inp_free(&f);
}

static void what_is_wrong(void **state) {
    (void)state;
    inp_bad(TIMES "[CURVES]\n", CT_PARSE, "town.inp: no [JUNCTIONS]");
    inp_bad(TIMES TWO PIPES, CT_PARSE, "town.inp line 11, [CONDUITS]: C1: it has no section");
    inp_bad(TIMES TWO "[CONDUITS]\nC1 J1 J9 100 0.013\n", CT_PARSE,
            "town.inp line 11, [CONDUITS]: C1: there is no node \"J9\"");
    inp_bad(TIMES TWO "[CONDUITS]\nC1 J1 J1 100 0.013\n", CT_RANGE, "begins and ends at node J1");
    inp_bad(TIMES TWO "[STORAGE]\nj1 0 1 0 FUNCTIONAL 1 1 1\n", CT_EXISTS,
            "line 11, [STORAGE]: there is a node j1 already, on line 6");
    inp_bad(TIMES TWO PIPES "[PUMPS]\nc2 J1 J2 *\n", CT_EXISTS,
            "line 14, [PUMPS]: there is a conduit c2 already, on line 12");
    inp_bad(TIMES TWO PIPES "[XSECTIONS]\nC1 SQUARE 1\n", CT_PARSE, "\"SQUARE\" is no shape");
    inp_bad(TIMES TWO PIPES "[XSECTIONS]\nC9 CIRCULAR 1\n", CT_PARSE, "no link \"C9\"");
    inp_bad(TIMES TWO "[CONDUITS]\nC1 J1 J2 far 0.013\n", CT_PARSE,
            "C1: the length \"far\" is not a number");
    inp_bad("[OPTIONS]\nFLOW_UNITS LITRES\n" TWO, CT_PARSE, "line 2, [OPTIONS]: FLOW_UNITS");
    inp_bad("[OPTIONS]\nSTART_DATE 2/30/2020\n" TWO, CT_PARSE, "not a date");
    inp_bad(TWO, CT_RANGE, "END_DATE and END_TIME");
    inp_bad(TIMES TWO "[PUMPS]\nP J1 J2 c\n[CURVES]\nc STORAGE 0 1\n", CT_PARSE,
            "curve c is of the type STORAGE");
    inp_bad(TIMES TWO "[CURVES]\nc STORAGE 0 1 2 3 1 1\n", CT_RANGE, "1 does not ascend");
    inp_bad(TIMES TWO "[INFLOWS]\nJ1 FLOW q\n", CT_PARSE, "no time series \"q\"");
    inp_bad(TIMES TWO "[TIMESERIES]\nq FILE nowhere.dat\n", CT_NOTFOUND, "time series q: ");
    inp_bad(TIMES TWO "[TIMESERIES]\nq 1:99 3\n", CT_PARSE, "not a time and a value");
}

static void what_the_engine_refuses_has_a_line(void **state) {
    (void)state;
    inp f = inp_good(TIMES TWO "[CONDUITS]\nC1 J1 J2 100 7\nC2 J2 O1 50 0.013\n" ROUND);
    ct_drains *drains = NULL;
    assert_int_equal(ct_swmm_network_open(&drains, f.net), CT_RANGE);
    assert_string_equal(ct_err_message(), "town.inp line 11, [CONDUITS]: C1: manning: 7 is not "
                                          "within 0 and 1");
    inp_free(&f);
}

static void what_is_told(void **state) {
    (void)state;
    inp f =
        inp_good(TIMES "FLOW_ROUTING KINWAVE\nNONSENSE 3\n"
                       "[JUNCTIONS]\nJ1 9 3\nJ2 9.5 2\n[OUTFALLS]\nO1 9 FREE NO S1\n" PIPES ROUND
                       "[LID_USAGE]\nS1 x 1 1\n[GADGETS]\na b\n");
    assert_true(inp_found(&f, "swmm-routing", "line 5"));
    assert_true(inp_found(&f, "swmm-option", "line 6"));
    assert_true(inp_found(&f, "swmm-uphill", "[CONDUITS]"));
    assert_true(inp_found(&f, "swmm-route-to", "[OUTFALLS]"));
    assert_true(inp_found(&f, "swmm-section", "[LID_USAGE]"));
    assert_true(inp_found(&f, "swmm-section", "town.inp line 20"));
    inp_free(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_network),
        cmocka_unit_test(units),
        cmocka_unit_test(elevations_as_offsets),
        cmocka_unit_test(rims),
        cmocka_unit_test(dummies),
        cmocka_unit_test(what_is_computed_otherwise),
        cmocka_unit_test(outfalls),
        cmocka_unit_test(a_tide_holds_to_midnight),
        cmocka_unit_test(storages),
        cmocka_unit_test(structures),
        cmocka_unit_test(inflows),
        cmocka_unit_test(patterns_of_weekends),
        cmocka_unit_test(the_last_inflow_of_a_node_counts),
        cmocka_unit_test(what_is_wrong),
        cmocka_unit_test(what_the_engine_refuses_has_a_line),
        cmocka_unit_test(what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
