// [SUBCATCHMENTS], [SUBAREAS] and [INFILTRATION]: what they give to the nodes over the whole run,
// computed before the network runs, as the network gives nothing back to them.
#include "sim/runoff/runoff.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/core/sum.h"
#include "sim/swmm/rain.h"

#define MAX_POINTS  50000000u // of all hydrographs together
#define RAMP_S      0.01      // between the means of two steps
#define MAX_WORK    4e9       // pieces of steps of all planes: some minutes
#define SAME_TIME_S 1e-6      // what lies closer together in time is one

typedef struct hydrograph {
    uint32_t node; // the place in this list is that of the nodes that get runoff
    size_t count, room;
    double *t, *q;
    double now;    // while a step's flows are gathered: its mean
    double before; // that of the step before
} hydrograph;

typedef struct work {
    ct_swmm__reader *r;
    ct_swmm__rain rain;
    ct_swmm__evaporation evaporation;
    ct_soil_kind soil; // where a line does not name its own
    ct_strmap *map;    // of subcatchments
    ct_runoff_area *areas;
    uint32_t *outlets; // hydrographs; NONE = another area or nowhere
    bool *sloped, *soiled;
    hydrograph *hydrographs;
    size_t hydrograph_count;
    uint32_t *of_node; // hydrograph of each node
    size_t points;
    ct_sum to_nodes; // m3
    ct_runoff *runoff;
    double *falls; // of each gage
} work;

static ct_err fail(const work *w, const ct_swmm_line *line, ct_err err, const char *what) {
    return ct_swmm_fail(w->r->document, line, err, "%s: %s", line->words[0], what);
}

// ---- subcatchments -----------------------------------------------------------------------------

static ct_err take_subcatchment(work *w, const ct_swmm_line *line) {
    size_t gage, other;
    double area, impervious, width, slope;
    ct_swmm_network *net = w->r->net;
    const double unit = w->r->units.length_m, rounding = 1; // %
    CT_TRY(ct_swmm__need(w->r, line, 7));
    if (ct_swmm__name_get(&other, w->map, line->words[0]))
        return fail(w, line, CT_EXISTS, "there is a subcatchment of this name already");
    const size_t index = net->subcatchment_count++;
    CT_TRY(ct_swmm__name_put(w->r, w->map, line->words[0], index));
    CT_TRY(ct_swmm__number(&area, w->r, line, 3, "area"));
    CT_TRY(ct_swmm__number(&impervious, w->r, line, 4, "impervious share"));
    CT_TRY(ct_swmm__number(&width, w->r, line, 5, "width"));
    CT_TRY(ct_swmm__number(&slope, w->r, line, 6, "slope"));
    if (impervious > 100 && impervious <= 100 + rounding) {
        ct_swmm__find(w->r, line, "swmm-runoff", "%s: %g %% of it is impervious: 100 %% is taken",
                      line->words[0], impervious);
        impervious = 100;
    }
    if (area == 0 || width == 0)
        ct_swmm__find(w->r, line, "swmm-runoff", "%s: without %s no rain runs off it",
                      line->words[0], area == 0 ? "an area" : "a width");
    net->subcatchments[index] = (ct_swmm_subcatchment){.name = line->words[0],
                                                       .line = ct_swmm__index(w->r, line),
                                                       .area_m2 = area * w->r->units.land_m2,
                                                       .peak_at_s = (double)NAN};
    ct_runoff_area *a = &w->areas[index];
    *a = (ct_runoff_area){.area_m2 = area * w->r->units.land_m2,
                          .width_m = width * unit,
                          .slope = slope / 100,
                          .impervious = impervious / 100,
                          .gage = CT_RUNOFF_NONE,
                          .to = CT_RUNOFF_NONE};
    if (!ct_swmm__has(line, 1)) return CT_OK;
    if (!ct_swmm__name_get(&gage, w->rain.gage_map, line->words[1])) {
        return ct_swmm_fail(w->r->document, line, CT_PARSE, "%s: there is no rain gage \"%.60s\"",
                            line->words[0], line->words[1]);
    }
    a->gage = (uint32_t)gage;
    return CT_OK;
}

// Name n n storage storage no-storage-share route share
static ct_err take_subarea(work *w, const ct_swmm_line *line) {
    size_t index;
    double bare, routed, hold[2];
    if (!ct_swmm__name_get(&index, w->map, line->words[0]))
        return fail(w, line, CT_PARSE, "there is no such subcatchment");
    ct_runoff_area *a = &w->areas[index];
    CT_TRY(ct_swmm__number(&a->manning_impervious, w->r, line, 1, "impervious roughness"));
    CT_TRY(ct_swmm__number(&a->manning_pervious, w->r, line, 2, "pervious roughness"));
    CT_TRY(ct_swmm__number(&hold[0], w->r, line, 3, "impervious storage"));
    CT_TRY(ct_swmm__number(&hold[1], w->r, line, 4, "pervious storage"));
    CT_TRY(ct_swmm__number_or(&bare, w->r, line, 5, 0, "share without storage"));
    CT_TRY(ct_swmm__number_or(&routed, w->r, line, 7, 100, "share that is routed"));
    a->storage_impervious_m = hold[0] * w->r->units.rain_m;
    a->storage_pervious_m = hold[1] * w->r->units.rain_m;
    a->no_storage = bare / 100;
    a->routed = routed / 100;
    const char *route = ct_swmm__word(line, 6);
    if (ct_swmm__is(route, "IMPERVIOUS") || ct_swmm__is(route, "IMPERV"))
        a->route = CT_RUNOFF_TO_IMPERVIOUS;
    else if (ct_swmm__is(route, "PERVIOUS") || ct_swmm__is(route, "PERV"))
        a->route = CT_RUNOFF_TO_PERVIOUS;
    else if (*route && !ct_swmm__is(route, "OUTLET"))
        return fail(w, line, CT_PARSE, "it is routed to OUTLET, PERVIOUS or IMPERVIOUS");
    w->sloped[index] = true;
    return CT_OK;
}

// ---- soils -------------------------------------------------------------------------------------

static bool soil_kind(ct_soil_kind *out, const char *word) {
    static const struct {
        const char *name;
        ct_soil_kind kind;
    } kinds[] = {{"HORTON", CT_SOIL_HORTON},
                 {"MODIFIED_HORTON", CT_SOIL_MODIFIED_HORTON},
                 {"GREEN_AMPT", CT_SOIL_GREEN_AMPT},
                 {"MODIFIED_GREEN_AMPT", CT_SOIL_GREEN_AMPT},
                 {"CURVE_NUMBER", CT_SOIL_CURVE_NUMBER}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!ct_swmm__is(word, kinds[i].name)) continue;
        *out = kinds[i].kind;
        return true;
    }
    return false;
}

static ct_err read_soil_option(work *w) {
    const ct_swmm_line *line;
    w->soil = CT_SOIL_HORTON;
    for (size_t at = 0; (line = ct_swmm__next(w->r, CT_SWMM_OPTIONS, &at));) {
        if (!ct_swmm__is(line->words[0], "INFILTRATION")) continue;
        if (!soil_kind(&w->soil, ct_swmm__word(line, 1)))
            return fail(w, line, CT_PARSE, "it is no kind of infiltration");
    }
    return CT_OK;
}

// SWMM's own bounds; where the drying time is missing, what its editor proposes.
static void curve_number(ct_soil *s, const work *w, const ct_swmm_line *line, const double p[3]) {
    const double number = fmin(99, fmax(10, p[0]));
    const double days = p[2] > 0 ? p[2] : 7;
    if (number != p[0])
        ct_swmm__find(w->r, line, "swmm-soil", "%s: curve number %g is taken as %g", line->words[0],
                      p[0], number);
    if (!(p[2] > 0))
        ct_swmm__find(w->r, line, "swmm-soil", "%s: no drying time: %g days are taken",
                      line->words[0], days);
    s->retention_m = (1000 / number - 10) * 0.0254;
    s->dry_s = fmax(1, days * 86400);
}

// Of a line whose last word may name its own kind: the numbers before it.
static ct_err read_soil(ct_soil *s, const work *w, const ct_swmm_line *line) {
    double p[5] = {0, 0, 0, 0, 0};
    const double unit = w->r->units.rain_m;
    size_t count = line->count - 1;
    s->kind = w->soil;
    if (count > 0 && soil_kind(&s->kind, line->words[count])) count--;
    for (size_t i = 0; i < 5 && i < count; i++)
        CT_TRY(ct_swmm__number(&p[i], w->r, line, 1 + i, "parameter of the soil"));
    switch (s->kind) {
    case CT_SOIL_HORTON:
    case CT_SOIL_MODIFIED_HORTON:
        s->first_ms = fmax(p[0], p[1]) * unit / 3600;
        s->last_ms = p[1] * unit / 3600;
        s->decay_s = p[2] / 3600;
        s->dry_s = fmax(1, p[3] * 86400);
        if (p[4] > 0)
            ct_swmm__find(w->r, line, "swmm-soil", "%s: its volume is no limit", line->words[0]);
        break;
    case CT_SOIL_GREEN_AMPT:
        s->suction_m = p[0] * unit;
        s->conductivity_ms = p[1] * unit / 3600;
        s->deficit = p[2];
        break;
    case CT_SOIL_CURVE_NUMBER: curve_number(s, w, line, p); break;
    case CT_SOIL_KINDS: break;
    }
    return CT_OK;
}

static ct_err take_soil(work *w, const ct_swmm_line *line) {
    size_t index;
    if (!ct_swmm__name_get(&index, w->map, line->words[0]))
        return fail(w, line, CT_PARSE, "there is no such subcatchment");
    w->soiled[index] = true;
    return read_soil(&w->areas[index].soil, w, line);
}

// ---- outlets -----------------------------------------------------------------------------------

static ct_err find_outlet(work *w, size_t index) {
    uint32_t node;
    size_t area;
    const ct_swmm_line *line = &w->r->lines[w->r->net->subcatchments[index].line];
    const char *name = line->words[2];
    w->outlets[index] = CT_RUNOFF_NONE;
    if (!w->sloped[index]) return fail(w, line, CT_PARSE, "it is not in [SUBAREAS]");
    if (!w->soiled[index] && w->areas[index].impervious < 1)
        return fail(w, line, CT_PARSE, "it is not in [INFILTRATION]");
    if (ct_swmm_find_node(&node, w->r->net, name)) {
        if (w->r->nodes[node].kind == CT_DRAINS_OUTFALL) {
            ct_swmm__tell(w->r, line, "swmm-runoff", "%s: it leaves at outfall %.60s at once",
                          line->words[0], name);
            return CT_OK;
        }
        if (w->of_node[node] == CT_RUNOFF_NONE) {
            w->of_node[node] = (uint32_t)w->hydrograph_count;
            w->hydrographs[w->hydrograph_count++].node = node;
        }
        w->outlets[index] = w->of_node[node];
        return CT_OK;
    }
    if (!ct_swmm__name_get(&area, w->map, name)) {
        return ct_swmm_fail(w->r->document, line, CT_PARSE,
                            "%s: there is no node or subcatchment \"%.60s\"", line->words[0], name);
    }
    if (area != index) w->areas[index].to = (uint32_t)area;
    return CT_OK;
}

static ct_err each(work *w, ct_swmm_section section, ct_err (*take)(work *, const ct_swmm_line *)) {
    const ct_swmm_line *line;
    for (size_t at = 0; (line = ct_swmm__next(w->r, section, &at));) CT_TRY(take(w, line));
    return CT_OK;
}

static ct_err read_areas(work *w) {
    CT_TRY(read_soil_option(w));
    CT_TRY(ct_swmm__read_rain(&w->rain, w->r));
    CT_TRY(ct_swmm__read_evaporation(&w->evaporation, w->r));
    CT_TRY(each(w, CT_SWMM_SUBCATCHMENTS, take_subcatchment));
    CT_TRY(each(w, CT_SWMM_SUBAREAS, take_subarea));
    CT_TRY(each(w, CT_SWMM_INFILTRATION, take_soil));
    for (size_t i = 0; i < w->r->net->subcatchment_count; i++) CT_TRY(find_outlet(w, i));
    return CT_OK;
}

// ---- the run -----------------------------------------------------------------------------------

static ct_err add_point(work *w, hydrograph *h, double t, double q) {
    // a level line is its two ends
    if (h->count >= 2 && q == h->q[h->count - 1] && q == h->q[h->count - 2]) {
        h->count--;
        w->points--;
    }
    if (h->count == h->room) {
        const size_t room = h->room ? 2 * h->room : 64;
        double *grown = ct_realloc(h->t, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        h->t = grown;
        grown = ct_realloc(h->q, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        h->q = grown;
        h->room = room;
    }
    if (++w->points > MAX_POINTS) {
        return ct_fail(CT_LIMIT,
                       "%s: the runoff has more than %u points in time: a longer "
                       "WET_STEP is needed",
                       ct_swmm_name(w->r->document), MAX_POINTS);
    }
    h->t[h->count] = t;
    h->q[h->count++] = q;
    return CT_OK;
}

// A step's mean from its start on: a ramp, half before and half behind, keeps both volumes.
static ct_err add_step(work *w, hydrograph *h, double from_s, double dt_s, double dt_before_s) {
    const double half = fmin(RAMP_S / 2, fmin(dt_s, dt_before_s) / 4);
    if (h->count == 0) return add_point(w, h, from_s, h->now);
    if (h->now == h->before) return CT_OK;
    CT_TRY(add_point(w, h, from_s - half, h->before));
    return add_point(w, h, from_s + half, h->now);
}

static ct_err keep_flows(work *w, double from_s, double dt_s, double dt_before_s) {
    const double *flow = ct_runoff_flow(w->runoff), *mean = ct_runoff_mean(w->runoff);
    for (size_t k = 0; k < w->hydrograph_count; k++) {
        w->hydrographs[k].before = w->hydrographs[k].now;
        w->hydrographs[k].now = 0;
    }
    for (size_t i = 0; i < w->r->net->subcatchment_count; i++) {
        ct_swmm_subcatchment *s = &w->r->net->subcatchments[i];
        s->volume_m3 += mean[i] * dt_s;
        if (flow[i] > s->peak_m3s) {
            s->peak_m3s = flow[i];
            s->peak_at_s = from_s + dt_s;
        }
        if (w->outlets[i] == CT_RUNOFF_NONE) continue;
        w->hydrographs[w->outlets[i]].now += mean[i];
        ct_sum_add(&w->to_nodes, mean[i] * dt_s);
    }
    for (size_t k = 0; k < w->hydrograph_count; k++)
        CT_TRY(add_step(w, &w->hydrographs[k], from_s, dt_s, dt_before_s));
    return CT_OK;
}

// The rates that hold from a time on; *until_s is made no later than the first that changes.
static bool look_at_rain(work *w, double time_s, double *until_s) {
    bool rains = false;
    for (size_t g = 0; g < w->rain.gage_count; g++) {
        w->falls[g] =
            w->r->net->options.ignore_rain
                ? 0
                : ct_swmm__rain_at(&w->rain.gages[g], &w->r->units, time_s + SAME_TIME_S, until_s);
        rains |= w->falls[g] > 0;
    }
    return rains;
}

// Of an option that the file may leave out.
static const ct_swmm_line *option_line(const work *w, const char *name) {
    const ct_swmm_line *line, *found = &w->r->lines[w->r->net->subcatchments[0].line];
    for (size_t at = 0; (line = ct_swmm__next(w->r, CT_SWMM_OPTIONS, &at));)
        if (ct_swmm__is(line->words[0], name)) found = line;
    return found;
}

// Refuses a run that would take too long, before it begins where that can be told.
static ct_err bound_work(const work *w, double cost, const char *step) {
    if (cost <= MAX_WORK) return CT_OK;
    return ct_swmm_fail(w->r->document, option_line(w, step), CT_LIMIT,
                        "the runoff of %zu subcatchments over %.0f days would take too many steps: "
                        "a longer %s is needed",
                        w->r->net->subcatchment_count, w->r->net->options.duration_s / 86400, step);
}

static ct_err run(work *w) {
    const ct_swmm_options *o = &w->r->net->options;
    const double each = (double)(w->r->net->subcatchment_count + w->rain.gage_count);
    const bool dry_longer = o->dry_step_s >= o->wet_step_s;
    double cost = 0;
    CT_TRY(bound_work(w, each * o->duration_s / fmax(o->wet_step_s, o->dry_step_s),
                      dry_longer ? "DRY_STEP" : "WET_STEP"));
    const double wet_m = 1e-6; // less runs off unseen
    double before_s = 0;
    for (double t = 0; t < o->duration_s;) {
        double until = o->duration_s;
        const bool rains = look_at_rain(w, t, &until);
        const bool wet = rains || ct_runoff_wet_m(w->runoff) > wet_m;
        double next = fmin(until, t + (wet ? o->wet_step_s : o->dry_step_s));
        if (until - next < SAME_TIME_S) next = until;
        if (!(next > t)) return ct_fail(CT_INTERNAL, "runoff: time stands still");
        const double goes = rains && w->evaporation.dry_only
                                ? 0
                                : ct_swmm__factor_at(w->r, &w->evaporation.pattern, t);
        ct_runoff_step(w->runoff, next - t, w->falls, goes);
        cost += each;
        CT_TRY(bound_work(w, cost + (double)ct_runoff_pieces(w->runoff), "WET_STEP"));
        CT_TRY(keep_flows(w, t, next - t, before_s));
        before_s = next - t;
        t = next;
    }
    for (size_t k = 0; k < w->hydrograph_count; k++)
        CT_TRY(add_point(w, &w->hydrographs[k], o->duration_s, w->hydrographs[k].now));
    return CT_OK;
}

// Hydrographs become series of the reader.
static ct_err hand_over(work *w) {
    ct_swmm__reader *r = w->r;
    r->runoff = ct_arena_calloc(r->arena, w->hydrograph_count + 1, sizeof *r->runoff);
    if (!r->runoff) return CT_NOMEM;
    for (size_t k = 0; k < w->hydrograph_count; k++) {
        const hydrograph *h = &w->hydrographs[k];
        double *x = ct_arena_calloc(r->arena, 2 * h->count + 1, sizeof *x);
        if (!x) return CT_NOMEM;
        memcpy(x, h->t, h->count * sizeof *x);
        memcpy(x + h->count, h->q, h->count * sizeof *x);
        r->runoff[k].node = h->node;
        r->runoff[k].table = (ct_swmm__table){.count = h->count, .x = x, .y = x + h->count};
    }
    r->runoff_count = w->hydrograph_count;
    ct_runoff_ledger_get(w->runoff, &r->net->runoff);
    r->net->runoff_to_nodes_m3 = ct_sum_value(&w->to_nodes);
    return CT_OK;
}

static ct_err open_runoff(work *w) {
    const ct_swmm_network *net = w->r->net;
    const ct_err err = ct_runoff_open(&w->runoff, w->areas, net->subcatchment_count);
    static const char before[] = "areas[";
    const char *said = ct_err_message();
    char *behind = NULL, message[400];
    if (err == CT_OK || err == CT_NOMEM || strncmp(said, before, strlen(before)) != 0) return err;
    const size_t index = strtoul(said + strlen(before), &behind, 10);
    if (strncmp(behind, "]: ", 3) != 0 || index >= net->subcatchment_count) return err;
    snprintf(message, sizeof message, "%s", behind + 3);
    return fail(w, &w->r->lines[net->subcatchments[index].line], CT_RANGE, message);
}

static ct_err make_room(work *w) {
    ct_swmm__reader *r = w->r;
    const size_t most = ct_swmm__count(r, CT_SWMM_SUBCATCHMENTS) + 1;
    const size_t gages = ct_swmm__count(r, CT_SWMM_RAINGAGES) + 1;
    r->net->subcatchments = ct_arena_calloc(r->arena, most, sizeof *r->net->subcatchments);
    w->areas = ct_arena_calloc(r->arena, most, sizeof *w->areas);
    w->outlets = ct_arena_calloc(r->arena, most, sizeof *w->outlets);
    w->sloped = ct_arena_calloc(r->arena, most, sizeof *w->sloped);
    w->soiled = ct_arena_calloc(r->arena, most, sizeof *w->soiled);
    w->hydrographs = ct_arena_calloc(r->arena, most, sizeof *w->hydrographs);
    w->falls = ct_arena_calloc(r->arena, gages, sizeof *w->falls);
    w->of_node = ct_arena_alloc(r->arena, r->net->drains.node_count * sizeof *w->of_node);
    w->map = ct_strmap_new(most);
    const bool ok = r->net->subcatchments && w->areas && w->outlets && w->sloped && w->soiled &&
                    w->hydrographs && w->falls && w->of_node && w->map;
    if (!ok) return CT_NOMEM;
    for (size_t i = 0; i < r->net->drains.node_count; i++) w->of_node[i] = CT_RUNOFF_NONE;
    return CT_OK;
}

ct_err ct_swmm__read_runoff(ct_swmm__reader *r) {
    work w = {.r = r};
    ct_err err = make_room(&w);
    if (err == CT_OK) err = read_areas(&w);
    if (err == CT_OK && r->net->subcatchment_count > 0) err = open_runoff(&w);
    // without rain all stays dry
    if (err == CT_OK && w.runoff && !r->net->options.ignore_rain) {
        err = run(&w);
        if (err == CT_OK) err = hand_over(&w);
    }
    for (size_t k = 0; k < w.hydrograph_count; k++) {
        ct_free(w.hydrographs[k].t);
        ct_free(w.hydrographs[k].q);
    }
    ct_runoff_close(w.runoff);
    ct_strmap_free(w.map);
    ct_strmap_free(w.rain.gage_map);
    return err;
}
