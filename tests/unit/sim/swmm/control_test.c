// Control rules of project files: what they wait for, what they set, which of them wins.
#include <math.h>
#include <stdio.h>

#include "inp.h"

#define HEAD                                                                                       \
    "[OPTIONS]\nFLOW_UNITS LPS\nSTART_DATE 2/28/2024\nSTART_TIME 22:00\nEND_DATE 3/1/2024\n"       \
    "END_TIME 22:00\n[STORAGE]\nW 0 9 2 FUNCTIONAL 0 0 100\nV 0 9 1 FUNCTIONAL 0 0 100\n"          \
    "[OUTFALLS]\nO -1 FREE\n[PUMPS]\nP W V p OFF\n[ORIFICES]\nR W O SIDE 0 0.65 NO 0.5\n"          \
    "[WEIRS]\nX W V TRANSVERSE 5 1.7\n[OUTLETS]\nL V O 0 FUNCTIONAL/DEPTH 10 0.5\n"                \
    "[CONDUITS]\nC V O 20 0.013\n"                                                                 \
    "[XSECTIONS]\nR CIRCULAR 0.2\nX RECT_OPEN 1 1\nC CIRCULAR 0.3\n"                               \
    "[CURVES]\np PUMP2 9 50\nc CONTROL 1 0.2 3 0.6\nd CONTROL 0 0.2 0.2 0.6\n[TIMESERIES]\ns 0 "   \
    "0.1 2 0.5\n"                                                                                  \
    "[INFLOWS]\nW FLOW \"\" FLOW 1 1 7\n[CONTROLS]\n"

typedef struct plant {
    inp f;
    ct_drains *drains;
} plant;

static plant run(const char *rules, double until_s) {
    char text[3000];
    plant p;
    (void)snprintf(text, sizeof text, HEAD "%s", rules);
    p.f = inp_good(text);
    if (ct_swmm_network_open(&p.drains, p.f.net) != CT_OK) fail_msg("%s", ct_err_message());
    for (double t = 0; t < until_s; t += 10) {
        ct_swmm_control(p.f.net, p.drains, 10);
        if (ct_swmm_move(p.f.net, p.drains, 10) != CT_OK) fail_msg("%s", ct_err_message());
        if (ct_drains_advance(p.drains, t + 10) != CT_OK) fail_msg("%s", ct_err_message());
    }
    return p;
}

static void end(plant *p) {
    ct_drains_close(p->drains);
    inp_free(&p->f);
}

static double flow(const plant *p, ct_drains_array array) {
    return ct_drains_get(p->drains, array, NULL)[0];
}

// The flow of the pump after so long.
static void assert_pumps(const char *rules, double until_s, double litres) {
    plant p = run(rules, until_s);
    const double got = 1000 * flow(&p, CT_DRAINS_PUMP_FLOW);
    if (!(fabs(got - litres) < 1e-6)) fail_msg("%s: %g l/s, not %g", rules, got, litres);
    end(&p);
}

#define ON   "THEN PUMP P STATUS = ON\n"
#define HALF "THEN PUMP P SETTING = 0.5\n"

static void what_rules_wait_for(void **state) {
    (void)state;
    static const struct {
        const char *rule;
        bool met;
    } cases[] = {
        {"IF NODE W DEPTH > 1.5\n", true},
        {"IF NODE W DEPTH >= 2.5\n", false},
        {"IF NODE W HEAD < 2.5\n", true},
        {"IF NODE W VOLUME > 190\n", true},
        {"IF NODE W VOLUME > 210\n", false},
        {"IF NODE W INFLOW > 6.9\nAND NODE W INFLOW < 7.1\n", true},
        {"IF NODE W DEPTH > NODE V DEPTH\n", true},
        {"IF NODE W DEPTH < NODE V DEPTH\n", false},
        {"IF LINK C FLOW > 10\n", true},
        {"IF CONDUIT C DEPTH > 0.01\n", true},
        {"IF ORIFICE R SETTING = 1\n", true},
        {"IF ORIFICE R STATUS = CLOSED\n", false},
        {"IF SIMULATION TIME > 0:01\n", true},
        {"IF SIMULATION TIME > 0:03\n", false},
        {"IF SIMULATION CLOCKTIME > 22:01\n", true},
        {"IF SIMULATION CLOCKTIME < 22:00\n", false},
        {"IF SIMULATION DATE = 2/28/2024\n", true},
        {"IF SIMULATION DATE > 2/28/2024\n", false},
        {"IF SIMULATION DAY = 4\n", true}, // a Wednesday
        {"IF SIMULATION MONTH = 2\n", true},
        {"IF SIMULATION DAYOFYEAR = 59\n", true},
        {"IF NODE W DEPTH > 5\nOR SIMULATION TIME > 0\n", true},
        {"IF NODE W DEPTH > 1\nAND SIMULATION TIME > 9\n", false},
        // OR binds more than AND
        {"IF NODE W DEPTH > 5\nAND NODE W DEPTH > 6\nOR NODE W DEPTH > 1\n", false},
        {"IF NODE W DEPTH > 1\nAND NODE W DEPTH > 6\nOR NODE W DEPTH > 1\n", true},
        {"IF NODE W DEPTH > 1\nOR NODE W DEPTH > 6\nAND NODE W DEPTH > 5\n", false},
        {"IF NODE W DEPTH <> 5\n", true},
        {"IF ORIFICE R TIMEOPEN > 0:01\n", true},
        {"IF ORIFICE R TIMECLOSED < 1\n", false}, // it is open
        {"IF ORIFICE R TIMECLOSED <> 1\n", false},
        {"IF PUMP P TIMECLOSED > 0:01\n", true},
        {"IF PUMP P TIMEOPEN < 1\n", false},
        {"IF ORIFICE R TIMEOPEN = 0:01:04\n", true}, // between two looks
        {"IF PUMP P TIMECLOSED = 0:01:04\n", true},
        {"IF PUMP P TIMECLOSED = 0:03\n", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        (void)snprintf(text, sizeof text, "RULE a\n%s" ON, cases[i].rule);
        assert_pumps(text, 120, cases[i].met ? 50 : 0);
    }
}

static void otherwise_and_priority(void **state) {
    (void)state;
    assert_pumps("RULE a\nIF NODE W DEPTH > 5\n" ON "ELSE PUMP P SETTING = 0.2\n", 60, 10);
    assert_pumps("RULE a\nIF NODE W DEPTH > 1\n" ON "RULE b\nIF NODE W DEPTH > 1\n" HALF, 60, 50);
    assert_pumps("RULE a\nIF NODE W DEPTH > 1\n" ON "PRIORITY 1\n"
                 "RULE b\nIF NODE W DEPTH > 1\n" HALF "PRIORITY 2\n",
                 60, 25);
    // what was set stays
    assert_pumps("RULE a\nIF SIMULATION TIME < 0:01\n" ON, 300, 50);
    assert_pumps("RULE a\nIF SIMULATION TIME = 0:01\n" ON, 300, 50);
}

static void the_night_of_a_leap_day(void **state) {
    (void)state;
    assert_pumps("RULE a\nIF SIMULATION DATE = 2/29/2024\nAND SIMULATION DAYOFYEAR = 60\n"
                 "AND SIMULATION CLOCKTIME < 1\n" ON,
                 7260, 50);
}

// Closing takes half an hour: after 10 minutes a third is done.
static void gates_take_their_time(void **state) {
    (void)state;
    plant p = run("RULE a\nIF SIMULATION TIME >= 0\nTHEN ORIFICE R SETTING = 0\n"
                  "AND CONDUIT C STATUS = CLOSED\nAND OUTLET L SETTING = 0\n"
                  "RULE b\nIF ORIFICE R SETTING < 0.667\nTHEN PUMP P STATUS = ON\n",
                  610);
    assert_near(flow(&p, CT_DRAINS_PUMP_FLOW), 0.05, 1e-9);
    assert_near(flow(&p, CT_DRAINS_FLOW), 0, 1e-9);
    assert_near(flow(&p, CT_DRAINS_OUTLET_FLOW), 0, 0);
    assert_true(flow(&p, CT_DRAINS_ORIFICE_FLOW) > 0.02);
    end(&p);
    p = run("RULE a\nIF SIMULATION TIME >= 0\nTHEN ORIFICE R SETTING = 0\n", 1900);
    assert_near(flow(&p, CT_DRAINS_ORIFICE_FLOW), 0, 1e-9);
    end(&p);
}

static void modulated(void **state) {
    (void)state;
    // a depth of 2 on the curve gives 0.4
    plant p = run("RULE a\nIF NODE W DEPTH > 0\nTHEN PUMP P SETTING = CURVE c\n", 10);
    assert_near(flow(&p, CT_DRAINS_PUMP_FLOW), 0.4 * 0.05, 1e-4);
    end(&p);
    p = run("RULE a\nIF SIMULATION TIME > 0\nTHEN PUMP P SETTING = TIMESERIES s\n", 3610);
    assert_near(flow(&p, CT_DRAINS_PUMP_FLOW), 0.3 * 0.05, 1e-4);
    end(&p);
    // times go to curves in hours that something is open, in days else
    p = run("RULE a\nIF ORIFICE R TIMEOPEN >= 0\nTHEN PUMP P SETTING = CURVE d\n", 370);
    assert_near(flow(&p, CT_DRAINS_PUMP_FLOW), 0.4 * 0.05, 1e-9);
    end(&p);
    p = run("RULE a\nIF SIMULATION TIME >= 0\nTHEN PUMP P SETTING = CURVE d\n", 440);
    assert_near(flow(&p, CT_DRAINS_PUMP_FLOW), (0.2 + 0.4 * 430 / 17280) * 0.05, 1e-9);
    end(&p);
    // the valve of L holds the level of V
    p = run("RULE a\nIF SIMULATION TIME >= 0\nTHEN PUMP P SETTING = 0.2\nAND CONDUIT C STATUS = "
            "CLOSED\n"
            "RULE b\nIF NODE V DEPTH <> 1.1\nTHEN OUTLET L SETTING = PID -20 10 0\n",
            172800);
    assert_near(ct_drains_get(p.drains, CT_DRAINS_DEPTH, NULL)[2], 1.1, 0.03);
    end(&p);
}

// W's inflow is 7 l/s throughout, half of what is wanted: an error of 0.5 that does not move.
static void a_controller_that_is_stuck(void **state) {
    (void)state;
    static const struct {
        const char *gains;
        double litres; // after three looks
    } cases[] = {{"0.2 0 0", 3 * 0.2 * 0.5 * 50},
                 {"1 0 0", 3 * 0.5 * 50}, // a pump runs faster than at its curve's speed
                 {"-1 0 0", 0},
                 {"0.0001 0 0", 0}}; // less than a change
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        (void)snprintf(text, sizeof text,
                       "RULE a\nIF NODE W INFLOW <> 14\nTHEN PUMP P SETTING = PID %s\n",
                       cases[i].gains);
        assert_pumps(text, 30, cases[i].litres);
    }
}

// It goes on from what was set before this look, and remembers its errors where others win.
static void a_controller_beside_other_rules(void **state) {
    (void)state;
    assert_pumps("RULE a\nIF NODE W DEPTH > 0\nTHEN PUMP P SETTING = 0.1\n"
                 "RULE b\nIF NODE W INFLOW <> 14\nTHEN PUMP P SETTING = PID 0.2 0 0\nPRIORITY 1\n",
                 30, 3 * 0.1 * 50);
    // the time's error sinks by 10 s of an hour from look to look
    assert_pumps("RULE a\nIF SIMULATION TIME < 0:00:15\nTHEN PUMP P SETTING = 0.1\nPRIORITY 2\n"
                 "RULE b\nIF SIMULATION TIME <> 1:00\nTHEN PUMP P SETTING = PID 0.2 0 0\n",
                 30, (0.1 - 0.2 * 10 / 3600) * 50);
}

static void what_is_left_out_is_told(void **state) {
    (void)state;
    plant p = run("RULE a\nIF GAGE G 6-HR_DEPTH > 1\n" ON "RULE b\nIF NODE W FULLDEPTH > 0\n" ON
                  "VARIABLE x = NODE W DEPTH\nRULE c\nIF x > 0\n" ON,
                  60);
    assert_near(flow(&p, CT_DRAINS_PUMP_FLOW), 0, 0);
    assert_int_equal(ct_diagnostics_count(p.f.findings, CT_SEVERITY_WARNING), 3);
    assert_true(inp_found(&p.f, "swmm-rule", "[CONTROLS]"));
    end(&p);
}

static void what_is_wrong(void **state) {
    (void)state;
    inp_bad(HEAD "IF NODE W DEPTH > 1\n", CT_PARSE, "a clause before the first RULE");
    inp_bad(HEAD "RULE a\nIF NODE Q DEPTH > 1\n", CT_PARSE, "rule a: there is no node \"Q\"");
    inp_bad(HEAD "RULE a\nIF NODE W DEPTH over 1\n", CT_PARSE, "a relation is missing");
    inp_bad(HEAD "RULE a\nIF NODE W DEPTH > deep\n", CT_PARSE, "\"deep\" is no value");
    inp_bad(HEAD "RULE a\nIF NODE W DEPTH > 1\nTHEN PUMP R STATUS = ON\n", CT_PARSE,
            "there is no pump \"R\"");
    inp_bad(HEAD "RULE a\nIF NODE W DEPTH > 1\nTHEN PUMP P STATUS = MAYBE\n", CT_PARSE, "a status");
    inp_bad(HEAD "RULE a\nIF NODE W DEPTH > 1\nTHEN WEIR X SETTING = 2\n", CT_RANGE,
            "setting of 2");
    inp_bad(HEAD "RULE a\nTHEN PUMP P STATUS = ON\n", CT_PARSE, "\"THEN\" does not belong here");
    inp_bad(HEAD "RULE a\nIF SIMULATION WEATHER = 1\n", CT_PARSE, "SIMULATION has TIME");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rules_wait_for),
        cmocka_unit_test(otherwise_and_priority),
        cmocka_unit_test(the_night_of_a_leap_day),
        cmocka_unit_test(gates_take_their_time),
        cmocka_unit_test(modulated),
        cmocka_unit_test(a_controller_that_is_stuck),
        cmocka_unit_test(a_controller_beside_other_rules),
        cmocka_unit_test(what_is_left_out_is_told),
        cmocka_unit_test(what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
