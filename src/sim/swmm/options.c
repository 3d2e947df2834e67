// [OPTIONS]: units, times, and how the file wants to be computed.
#include <math.h>
#include <string.h>

#include "sim/swmm/reader.h"

static const char *const k_flow_units[] = {"CFS", "GPM", "MGD", "CMS", "LPS", "MLD"};

const char *ct_swmm_flow_units_name(ct_swmm_flow_units flow_units) {
    return flow_units < CT_SWMM_FLOW_UNITS ? k_flow_units[flow_units] : "";
}

ct_swmm_units ct_swmm_units_of(ct_swmm_flow_units flow_units) {
    const double foot = 0.3048, inch = 0.0254, gallon = 231 * inch * inch * inch;
    ct_swmm_units u = {.flow_units = flow_units, .metric = flow_units >= CT_SWMM_CMS};
    switch (flow_units) {
    case CT_SWMM_CFS: u.flow_m3s = foot * foot * foot; break;
    case CT_SWMM_GPM: u.flow_m3s = gallon / 60; break;
    case CT_SWMM_MGD: u.flow_m3s = 1e6 * gallon / 86400; break;
    case CT_SWMM_CMS: u.flow_m3s = 1; break;
    case CT_SWMM_LPS: u.flow_m3s = 1e-3; break;
    case CT_SWMM_MLD: u.flow_m3s = 1e3 / 86400; break;
    case CT_SWMM_FLOW_UNITS: break;
    }
    u.length_m = u.metric ? 1 : foot;
    u.rain_m = u.metric ? 1e-3 : inch;
    u.land_m2 = u.metric ? 1e4 : 43560 * foot * foot;
    return u;
}

typedef struct times {
    int64_t start_day, end_day, report_day;
    double start_s, end_s, report_s;
    bool start, end, report;
} times;

static ct_err bad(const ct_swmm__reader *r, const ct_swmm_line *line, const char *what) {
    return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is not %s", line->words[0],
                        ct_swmm__word(line, 1), what);
}

static ct_err take_date(int64_t *out, bool *given, const ct_swmm__reader *r,
                        const ct_swmm_line *line) {
    *given = ct_swmm__read_date(out, ct_swmm__word(line, 1));
    return *given ? CT_OK : bad(r, line, "a date, month/day/year");
}

static ct_err take_time(double *out, const ct_swmm__reader *r, const ct_swmm_line *line) {
    return ct_swmm__read_time(out, ct_swmm__word(line, 1)) ? CT_OK : bad(r, line, "a time");
}

// A step: H:M:S, or for the routing step seconds.
static ct_err take_step(double *out, const ct_swmm__reader *r, const ct_swmm_line *line,
                        bool seconds, double min) {
    double value;
    const char *word = ct_swmm__word(line, 1);
    const bool plain = seconds && ct_swmm__read_number(&value, word);
    if (!plain && !ct_swmm__read_time(&value, word)) return bad(r, line, "a time");
    if (!(value >= min && value <= 1e9)) return bad(r, line, "a length of time");
    *out = value;
    return CT_OK;
}

static ct_err take_units(ct_swmm__reader *r, const ct_swmm_line *line) {
    for (int i = 0; i < CT_SWMM_FLOW_UNITS; i++) {
        if (!ct_swmm__is(ct_swmm__word(line, 1), k_flow_units[i])) continue;
        r->units = ct_swmm_units_of((ct_swmm_flow_units)i);
        return CT_OK;
    }
    return bad(r, line, "CFS, GPM, MGD, CMS, LPS or MLD");
}

static ct_err take_offsets(ct_swmm__reader *r, const ct_swmm_line *line) {
    const char *word = ct_swmm__word(line, 1);
    r->net->options.elevations = ct_swmm__is(word, "ELEVATION");
    if (r->net->options.elevations || ct_swmm__is(word, "DEPTH")) return CT_OK;
    return bad(r, line, "DEPTH or ELEVATION");
}

static void take_routing(ct_swmm__reader *r, const ct_swmm_line *line) {
    const char *word = ct_swmm__word(line, 1);
    if (ct_swmm__is(word, "DYNWAVE") || ct_swmm__is(word, "DW")) return;
    ct_swmm__find(r, line, "swmm-routing",
                  "FLOW_ROUTING %s: it is computed as a dynamic wave, like all networks", word);
}

// Settings of SWMM's own solver, which this one has no use for, and of things that have findings of
// their own.
static bool is_silent(const char *name) {
    static const char *const names[] = {
        "INERTIAL_DAMPING", "NORMAL_FLOW_LIMITED", "VARIABLE_STEP",      "LENGTHENING_STEP",
        "MIN_SLOPE",        "MAX_TRIALS",          "HEAD_TOLERANCE",     "THREADS",
        "MINIMUM_STEP",     "SYS_FLOW_TOL",        "LAT_FLOW_TOL",       "SKIP_STEADY_STATE",
        "TEMPDIR",          "COMPATIBILITY",       "SWEEP_START",        "SWEEP_END",
        "DRY_DAYS",         "IGNORE_SNOWMELT",     "IGNORE_GROUNDWATER", "IGNORE_RDII",
        "IGNORE_QUALITY",   "SLOPE_WEIGHTING",     "SURCHARGE_DEPTH"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ct_swmm__is(name, names[i])) return true;
    return false;
}

static void take_infiltration(ct_swmm__reader *r, const ct_swmm_line *line) {
    const char *word = ct_swmm__word(line, 1);
    if (!ct_swmm__is(word, "MODIFIED_GREEN_AMPT")) return; // the others by runoff.c
    if (ct_swmm__count(r, CT_SWMM_SUBCATCHMENTS) == 0) return;
    ct_swmm__tell(r, line, "swmm-option", "INFILTRATION %s: it is computed as GREEN_AMPT", word);
}

static void take_surcharge(ct_swmm__reader *r, const ct_swmm_line *line) {
    ct_swmm__tell(r, line, "swmm-option",
                  "SURCHARGE_METHOD %.40s: full pipes are computed with a narrow slot in any case",
                  ct_swmm__word(line, 1));
}

static ct_err take_min_area(ct_swmm__reader *r, const ct_swmm_line *line) {
    double area;
    CT_TRY(ct_swmm__number(&area, r, line, 1, "area"));
    if (area > 0) r->net->options.min_area_m2 = area; // in the file's units until all are read
    return CT_OK;
}

static ct_err take_plain(ct_swmm__reader *r, const ct_swmm_line *line) {
    const char *name = line->words[0], *word = ct_swmm__word(line, 1);
    ct_swmm_options *o = &r->net->options;
    if (ct_swmm__is(name, "FLOW_UNITS")) return take_units(r, line);
    if (ct_swmm__is(name, "LINK_OFFSETS") || ct_swmm__is(name, "OFFSETS"))
        return take_offsets(r, line);
    if (ct_swmm__is(name, "ALLOW_PONDING")) return ct_swmm__yes_or(&o->ponding, r, line, 1, false);
    if (ct_swmm__is(name, "IGNORE_RAINFALL"))
        return ct_swmm__yes_or(&o->ignore_rain, r, line, 1, false);
    if (ct_swmm__is(name, "MIN_SURFAREA")) return take_min_area(r, line);
    if (ct_swmm__is(name, "FORCE_MAIN_EQUATION")) {
        o->darcy = ct_swmm__is(word, "D-W");
        return o->darcy || ct_swmm__is(word, "H-W") ? CT_OK : bad(r, line, "H-W or D-W");
    }
    if (ct_swmm__is(name, "SURCHARGE_METHOD"))
        take_surcharge(r, line);
    else if (ct_swmm__is(name, "INFILTRATION"))
        take_infiltration(r, line);
    else if (ct_swmm__is(name, "FLOW_ROUTING") || ct_swmm__is(name, "ROUTING_MODEL"))
        take_routing(r, line);
    else if (ct_swmm__is(name, "IGNORE_ROUTING") && ct_swmm__is(word, "YES"))
        ct_swmm__find(r, line, "swmm-option",
                      "IGNORE_ROUTING: the network is computed all the same");
    else if (!is_silent(name) && !ct_swmm__is(name, "IGNORE_ROUTING"))
        ct_swmm__find(r, line, "swmm-option", "unknown option %.60s", name);
    return CT_OK;
}

static ct_err take_one(ct_swmm__reader *r, times *t, const ct_swmm_line *line) {
    const char *name = line->words[0];
    ct_swmm_options *o = &r->net->options;
    if (ct_swmm__is(name, "START_DATE")) return take_date(&t->start_day, &t->start, r, line);
    if (ct_swmm__is(name, "END_DATE")) return take_date(&t->end_day, &t->end, r, line);
    if (ct_swmm__is(name, "REPORT_START_DATE"))
        return take_date(&t->report_day, &t->report, r, line);
    if (ct_swmm__is(name, "START_TIME")) return take_time(&t->start_s, r, line);
    if (ct_swmm__is(name, "END_TIME")) return take_time(&t->end_s, r, line);
    if (ct_swmm__is(name, "REPORT_START_TIME")) return take_time(&t->report_s, r, line);
    if (ct_swmm__is(name, "REPORT_STEP")) return take_step(&o->report_step_s, r, line, false, 1);
    if (ct_swmm__is(name, "ROUTING_STEP"))
        return take_step(&o->routing_step_s, r, line, true, 1e-3);
    if (ct_swmm__is(name, "WET_STEP")) return take_step(&o->wet_step_s, r, line, false, 1);
    if (ct_swmm__is(name, "DRY_STEP")) return take_step(&o->dry_step_s, r, line, false, 1);
    if (ct_swmm__is(name, "RULE_STEP")) return take_step(&o->rule_step_s, r, line, false, 0);
    return take_plain(r, line);
}

static ct_err settle_times(ct_swmm__reader *r, times *t) {
    ct_swmm_options *o = &r->net->options;
    if (!t->start) t->start_day = 12418; // SWMM's own: 1 January 2004
    if (!t->end) t->end_day = t->start_day;
    if (!t->report) t->report_day = t->start_day;
    o->start_s = t->start_day * 86400 + (int64_t)t->start_s;
    o->duration_s = (double)(t->end_day - t->start_day) * 86400 + t->end_s - t->start_s;
    o->report_from_s = (double)(t->report_day - t->start_day) * 86400 + t->report_s - t->start_s;
    if (!t->report && t->report_s == 0) o->report_from_s = 0;
    o->report_from_s = fmax(0, o->report_from_s);
    if (o->duration_s > 0) return CT_OK;
    return ct_fail(CT_RANGE, "%s: [OPTIONS]: END_DATE and END_TIME are not after the start",
                   ct_swmm_name(r->document));
}

ct_err ct_swmm__read_options(ct_swmm__reader *r) {
    ct_swmm_options *o = &r->net->options;
    times t = {0};
    *o = (ct_swmm_options){.report_step_s = 900,
                           .routing_step_s = 20,
                           .wet_step_s = 300,
                           .dry_step_s = 3600,
                           .min_area_m2 = 0};
    r->units = ct_swmm_units_of(CT_SWMM_CFS);
    for (size_t at = 0;;) {
        const ct_swmm_line *line = ct_swmm__next(r, CT_SWMM_OPTIONS, &at);
        if (!line) break;
        if (line->count > 1) CT_TRY(take_one(r, &t, line));
    }
    size_t first = 0;
    const ct_swmm_line *event = ct_swmm__next(r, CT_SWMM_EVENTS, &first);
    if (event)
        ct_swmm__tell(r, event, "swmm-events", "all the time is computed, not the events alone");
    o->units = r->units;
    const double foot = 0.3048, square = r->units.length_m * r->units.length_m;
    o->min_area_m2 = o->min_area_m2 > 0 ? o->min_area_m2 * square : 12.566 * foot * foot;
    return settle_times(r, &t);
}
