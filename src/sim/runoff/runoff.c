// Planes as nonlinear reservoirs.
#include "sim/runoff/runoff.h"

#include <math.h>

#include "base/mem.h"
#include "sim/core/sum.h"

enum { BARE, STORING, PERVIOUS, PLANES };

typedef struct plane {
    double share; // of the area
    double alpha; // q = alpha (d - storage)^(5/3), m and s
    double storage_m;
    double depth_m;
    double run_on_ms; // onto it during the next step, from the other planes
    double out_ms;    // mean runoff of the step
} plane;

typedef struct area {
    ct_runoff_area what;
    plane planes[PLANES];
    ct_soil_state soil;
    double run_on_m3s; // from other areas, during the next step
    double next_m3s;   // what the others give during this one
} area;

struct ct_runoff {
    area *areas;
    size_t count;
    double *flow, *mean; // m3/s
    double next_s;       // the length of the step that gave it
    uint64_t pieces;
    ct_sum rain, evaporated, infiltrated, left; // m3
};

// ---- opening -----------------------------------------------------------------------------------

static ct_err within(const char *name, double value, double low, double high) {
    if (value >= low && value <= high) return CT_OK;
    return ct_fail(CT_RANGE, "%s: %g is not within %g and %g", name, value, low, high);
}

static ct_err check_soil(const ct_soil *s) {
    if ((unsigned)s->kind >= CT_SOIL_KINDS) return ct_fail(CT_ARG, "soil: unknown kind");
    if (s->kind == CT_SOIL_GREEN_AMPT) {
        CT_TRY(within("suction_m", s->suction_m, 0, 100));
        CT_TRY(within("conductivity_ms", s->conductivity_ms, 1e-15, 10));
        return within("deficit", s->deficit, 0, 1);
    }
    CT_TRY(within("dry_s", s->dry_s, 1, 1e12));
    if (s->kind == CT_SOIL_CURVE_NUMBER) return within("retention_m", s->retention_m, 1e-9, 1e3);
    CT_TRY(within("last_ms", s->last_ms, 0, 10));
    CT_TRY(within("first_ms", s->first_ms, s->last_ms, 10));
    return within("decay_s", s->decay_s, 0, 100);
}

static ct_err check(const ct_runoff_area *a, size_t index, size_t count) {
    if (a->area_m2 != 0) CT_TRY(within("area_m2", a->area_m2, 1e-3, 1e12));
    CT_TRY(within("width_m", a->width_m, 0, 1e9));
    CT_TRY(within("slope", a->slope, 0, 100));
    CT_TRY(within("impervious", a->impervious, 0, 1));
    CT_TRY(within("no_storage", a->no_storage, 0, 1));
    if (a->impervious > 0) CT_TRY(within("manning_impervious", a->manning_impervious, 1e-4, 10));
    if (a->impervious < 1) CT_TRY(within("manning_pervious", a->manning_pervious, 1e-4, 10));
    CT_TRY(within("storage_impervious_m", a->storage_impervious_m, 0, 100));
    CT_TRY(within("storage_pervious_m", a->storage_pervious_m, 0, 100));
    CT_TRY(within("routed", a->routed, 0, 1));
    if ((unsigned)a->route >= CT_RUNOFF_ROUTES) return ct_fail(CT_ARG, "route: unknown");
    if (a->to != CT_RUNOFF_NONE && (a->to >= count || a->to == index))
        return ct_fail(CT_ARG, "to: %u is no other area", a->to);
    return a->impervious < 1 ? check_soil(&a->soil) : CT_OK;
}

static void prepare(area *a, const ct_runoff_area *in) {
    a->what = *in;
    ct_soil_begin(&a->soil, &in->soil);
    if (in->area_m2 <= 0) return;
    const double speed = in->width_m / in->area_m2 * sqrt(in->slope);
    const double paved = in->impervious, soil = 1 - in->impervious;
    a->planes[BARE].share = paved * in->no_storage;
    a->planes[STORING].share = paved * (1 - in->no_storage);
    a->planes[PERVIOUS].share = soil;
    if (paved > 0)
        a->planes[BARE].alpha = a->planes[STORING].alpha = speed / (paved * in->manning_impervious);
    if (soil > 0) a->planes[PERVIOUS].alpha = speed / (soil * in->manning_pervious);
    a->planes[STORING].storage_m = in->storage_impervious_m;
    a->planes[PERVIOUS].storage_m = in->storage_pervious_m;
}

ct_err ct_runoff_open(ct_runoff **out, const ct_runoff_area *areas, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const ct_err err = check(&areas[i], i, count);
        if (err != CT_OK) return ct_context(err, "areas[%zu]", i);
    }
    ct_runoff *r = ct_calloc(1, sizeof *r);
    if (!r) return CT_NOMEM;
    r->count = count;
    r->areas = ct_calloc(count, sizeof *r->areas);
    r->flow = ct_calloc(count, sizeof *r->flow);
    r->mean = ct_calloc(count, sizeof *r->mean);
    if (!r->areas || !r->flow || !r->mean) {
        ct_runoff_close(r);
        return CT_NOMEM;
    }
    for (size_t i = 0; i < count; i++) prepare(&r->areas[i], &areas[i]);
    *out = r;
    return CT_OK;
}

void ct_runoff_close(ct_runoff *runoff) {
    if (!runoff) return;
    ct_free(runoff->areas);
    ct_free(runoff->flow);
    ct_free(runoff->mean);
    ct_free(runoff);
}

// ---- a step ------------------------------------------------------------------------------------

static double outflow(const plane *p, double depth) {
    const double over = depth - p->storage_m;
    return over > 0 ? p->alpha * pow(over, 5.0 / 3) : 0;
}

// The depth after dt of a constant supply (less losses); what left is the rest of the balance.
static double reservoir(ct_runoff *r, const plane *p, double supply, double dt) {
    const double deepest = p->depth_m + fmax(0, supply) * dt;
    const double over = fmax(0, deepest - p->storage_m);
    const double pace = p->alpha * 5 / 3 * cbrt(over * over); // of the fastest change
    const int pieces = (int)fmin(10000, ceil(fmax(1, 5 * pace * dt)));
    const double h = dt / pieces;
    r->pieces += (uint64_t)pieces;
    double d = p->depth_m;
    for (int k = 0; k < pieces; k++) {
        const double k1 = supply - outflow(p, d);
        const double k2 = supply - outflow(p, d + h / 2 * k1);
        const double k3 = supply - outflow(p, d + h / 2 * k2);
        const double k4 = supply - outflow(p, d + h * k3);
        d = fmax(0, d + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4));
    }
    return fmin(d, fmax(0, p->depth_m + supply * dt));
}

static void step_plane(ct_runoff *r, area *a, int index, double rain, double onto,
                       double evaporation, double dt) {
    plane *p = &a->planes[index];
    const double runs_on = onto + p->run_on_ms, comes = rain + runs_on;
    const double m2 = p->share * a->what.area_m2;
    const double evaporates = fmin(evaporation, comes + p->depth_m / dt);
    double goes_in = 0;
    if (m2 <= 0) return;
    if (index == PERVIOUS)
        goes_in =
            ct_soil_step(&a->soil, &a->what.soil, rain - evaporates, p->depth_m + runs_on * dt, dt);
    const double supply = comes - evaporates - goes_in;
    const double depth = reservoir(r, p, supply, dt);
    const bool runs = p->alpha > 0 && fmax(p->depth_m, depth) > p->storage_m;
    p->out_ms = runs ? fmax(0, supply + (p->depth_m - depth) / dt) : 0; // no trickle of rounding
    p->depth_m = depth;
    ct_sum_add(&r->evaporated, evaporates * m2 * dt);
    ct_sum_add(&r->infiltrated, goes_in * m2 * dt);
}

// What planes give each other; returns what leaves the area, mean and at the step's end, m3/s.
static void share_out(area *a, double *mean, double *now) {
    const bool soil = a->what.route == CT_RUNOFF_TO_PERVIOUS && a->planes[PERVIOUS].share > 0;
    const bool roof = a->what.route == CT_RUNOFF_TO_IMPERVIOUS && a->planes[STORING].share > 0;
    double given[2] = {0, 0}; // to STORING, to PERVIOUS, m3/s
    *mean = *now = 0;
    for (int i = 0; i < PLANES; i++) {
        plane *p = &a->planes[i];
        const double m2 = p->share * a->what.area_m2;
        const bool gives = i == PERVIOUS ? roof : soil;
        const double kept = gives ? a->what.routed : 0;
        given[i == PERVIOUS ? 0 : 1] += kept * p->out_ms * m2;
        *mean += (1 - kept) * p->out_ms * m2;
        *now += (1 - kept) * outflow(p, p->depth_m) * m2;
        p->run_on_ms = 0;
    }
    if (roof)
        a->planes[STORING].run_on_ms = given[0] / (a->planes[STORING].share * a->what.area_m2);
    if (soil)
        a->planes[PERVIOUS].run_on_ms = given[1] / (a->planes[PERVIOUS].share * a->what.area_m2);
}

// What waits was given during a step of another length: its volume counts.
static void rescale_run_on(ct_runoff *r, double dt) {
    if (r->next_s > 0 && r->next_s != dt) {
        const double factor = r->next_s / dt;
        for (size_t i = 0; i < r->count; i++) {
            r->areas[i].run_on_m3s *= factor;
            for (int k = 0; k < PLANES; k++) r->areas[i].planes[k].run_on_ms *= factor;
        }
    }
    r->next_s = dt;
}

void ct_runoff_step(ct_runoff *r, double dt_s, const double *rain_ms, double evaporation_ms) {
    rescale_run_on(r, dt_s);
    for (size_t i = 0; i < r->count; i++) r->areas[i].next_m3s = 0;
    for (size_t i = 0; i < r->count; i++) {
        area *a = &r->areas[i];
        const double falls = a->what.gage == CT_RUNOFF_NONE ? 0 : rain_ms[a->what.gage];
        if (a->what.area_m2 > 0) {
            const double onto = a->run_on_m3s / a->what.area_m2;
            for (int k = 0; k < PLANES; k++) step_plane(r, a, k, falls, onto, evaporation_ms, dt_s);
            share_out(a, &r->mean[i], &r->flow[i]);
        } else {
            r->mean[i] = r->flow[i] = a->run_on_m3s;
        }
        ct_sum_add(&r->rain, falls * a->what.area_m2 * dt_s);
        if (a->what.to == CT_RUNOFF_NONE)
            ct_sum_add(&r->left, r->mean[i] * dt_s);
        else
            r->areas[a->what.to].next_m3s += r->mean[i];
    }
    for (size_t i = 0; i < r->count; i++) r->areas[i].run_on_m3s = r->areas[i].next_m3s;
}

// ------------------------------------------------------------------------------------------------

const double *ct_runoff_flow(const ct_runoff *runoff) {
    return runoff->flow;
}

const double *ct_runoff_mean(const ct_runoff *runoff) {
    return runoff->mean;
}

uint64_t ct_runoff_pieces(const ct_runoff *runoff) {
    return runoff->pieces;
}

double ct_runoff_wet_m(const ct_runoff *runoff) {
    double wet = 0;
    for (size_t i = 0; i < runoff->count; i++)
        for (int k = 0; k < PLANES; k++) {
            const plane *p = &runoff->areas[i].planes[k];
            if (p->share > 0) wet = fmax(wet, p->depth_m - p->storage_m);
        }
    return wet;
}

void ct_runoff_ledger_get(const ct_runoff *runoff, ct_runoff_ledger *out) {
    *out = (ct_runoff_ledger){.rain_m3 = ct_sum_value(&runoff->rain),
                              .evaporated_m3 = ct_sum_value(&runoff->evaporated),
                              .infiltrated_m3 = ct_sum_value(&runoff->infiltrated),
                              .left_m3 = ct_sum_value(&runoff->left)};
    for (size_t i = 0; i < runoff->count; i++) {
        const area *a = &runoff->areas[i];
        out->stored_m3 += a->run_on_m3s * runoff->next_s;
        for (int k = 0; k < PLANES; k++)
            out->stored_m3 += (a->planes[k].depth_m + a->planes[k].run_on_ms * runoff->next_s) *
                              a->planes[k].share * a->what.area_m2;
    }
    out->error_m3 =
        out->rain_m3 - out->evaporated_m3 - out->infiltrated_m3 - out->left_m3 - out->stored_m3;
}
