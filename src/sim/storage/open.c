// Making and unmaking a storage engine: copies of the parameters, their hash, scratch.
#include <math.h>

#include "base/mem.h"
#include "sim/storage/state.h"

void ct_storage_params_init(ct_storage_params *params) {
    *params = (ct_storage_params){0};
}

// ---- the parameters' hash -----------------------------------------------------------------------
static void chain(ct_storage *s, const double *values, size_t n) {
    ct_hash_chain(&s->identity, values, n * sizeof *values);
}

static ct_err copy_curve(ct_storage *s, ct_curve *out, const ct_storage_curve *in) {
    const double count = (double)in->count;
    chain(s, &count, 1);
    if (in->count > 0) {
        chain(s, in->x, in->count);
        chain(s, in->y, in->count);
    }
    return ct_curve_copy(out, in->x, in->y, in->count);
}

static void chain_connection(ct_storage *s, const ct_storage_connection *c) {
    const double values[] = {(double)c->kind,
                             (double)c->from.kind,
                             c->from.index,
                             (double)c->to.kind,
                             c->to.index,
                             c->flap,
                             c->sill_m,
                             c->width_m,
                             c->height_m,
                             c->area_m2,
                             c->leak_m2,
                             c->weir_coefficient,
                             c->orifice_coefficient,
                             (double)c->inlet,
                             c->invert_to_m,
                             c->length_m,
                             c->manning,
                             c->loss_entry,
                             c->loss_exit,
                             c->barrels,
                             c->on_m,
                             c->off_m,
                             c->outlet_m};
    chain(s, values, sizeof values / sizeof *values);
}

// ---- copies -------------------------------------------------------------------------------------
static ct_err copy_area(ct_storage *s, size_t i, const ct_storage_area *in) {
    ct_storage__area *a = &s->areas[i];
    CT_TRY(copy_curve(s, &a->area, &in->area));
    CT_TRY(copy_curve(s, &a->inflow, &in->inflow));
    chain(s, &in->depth_m, 1);
    a->volume_m3 = ct_calloc(a->area.count, sizeof *a->volume_m3);
    if (!a->volume_m3) return CT_NOMEM;
    const double *x = a->area.x, *y = a->area.y;
    for (size_t k = 1; k < a->area.count; k++)
        a->volume_m3[k] = a->volume_m3[k - 1] + 0.5 * (y[k - 1] + y[k]) * (x[k] - x[k - 1]);
    a->floor_m = x[0];
    a->depth_m = in->depth_m;
    return CT_OK;
}

static int32_t body_of(const ct_storage *s, const ct_storage_end *end) {
    if (end->kind == CT_STORAGE_AREA) return (int32_t)end->index;
    if (end->kind == CT_STORAGE_PLACE) return (int32_t)(s->area_count + end->index);
    return -1 - (int32_t)end->index;
}

static ct_err copy_connection(ct_storage *s, size_t i, const ct_storage_connection *in) {
    ct_storage__connection *c = &s->connections[i];
    const double contraction = in->kind == CT_STORAGE_GATE ? 0.61 : 0.6;
    chain_connection(s, in);
    CT_TRY(copy_curve(s, &c->curve, &in->curve));
    CT_TRY(copy_curve(s, &c->setting, &in->setting));
    CT_TRY(copy_curve(s, &c->crest, &in->crest));
    c->what = *in;
    c->what.curve = c->what.setting = c->what.crest = (ct_storage_curve){0};
    if (in->weir_coefficient == 0) c->what.weir_coefficient = 1.70;
    if (in->orifice_coefficient == 0) c->what.orifice_coefficient = contraction;
    c->a = body_of(s, &in->from);
    c->b = body_of(s, &in->to);
    return in->kind == CT_STORAGE_CULVERT ? ct_storage__culvert_new(&c->culvert, in) : CT_OK;
}

static ct_err copy_all(ct_storage *s, const ct_storage_params *p) {
    const double counts[] = {(double)p->area_count, (double)p->connection_count,
                             (double)p->outside_count, (double)p->place_count, p->start_s};
    chain(s, counts, sizeof counts / sizeof *counts);
    s->areas = ct_calloc(p->area_count, sizeof *s->areas);
    s->connections = ct_calloc(p->connection_count, sizeof *s->connections);
    s->outsides = ct_calloc(p->outside_count, sizeof *s->outsides);
    if (!s->areas || !s->connections || !s->outsides) return CT_NOMEM;
    s->area_count = p->area_count;
    s->connection_count = p->connection_count;
    s->outside_count = p->outside_count;
    s->place_count = p->place_count;
    s->bodies = p->area_count + p->place_count;
    for (size_t i = 0; i < p->area_count; i++) CT_TRY(copy_area(s, i, &p->areas[i]));
    for (size_t i = 0; i < p->outside_count; i++)
        CT_TRY(copy_curve(s, &s->outsides[i], &p->outsides[i].level));
    for (size_t i = 0; i < p->connection_count; i++)
        CT_TRY(copy_connection(s, i, &p->connections[i]));
    return CT_OK;
}

static ct_err new_scratch(ct_storage *s) {
    const struct {
        double **array;
        size_t count;
    } list[] = {{&s->outside_now, s->outside_count},
                {&s->setting_now, s->connection_count},
                {&s->crest_now, s->connection_count},
                {&s->rate, s->area_count},
                {&s->took, s->area_count},
                {&s->floor, s->bodies},
                {&s->try_level, s->bodies},
                {&s->last_level, s->bodies},
                {&s->residual, s->bodies},
                {&s->last_residual, s->bodies},
                {&s->slope, s->bodies},
                {&s->in_m3, s->bodies},
                {&s->out_m3, s->bodies},
                {&s->share, s->bodies}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        *list[i].array = ct_calloc(list[i].count, sizeof **list[i].array);
        if (!*list[i].array) return CT_NOMEM;
    }
    s->flux = ct_calloc(s->connection_count, sizeof *s->flux);
    return s->flux ? CT_OK : CT_NOMEM;
}

// Connections to the outside join nothing.
static ct_err new_matrix(ct_storage *s) {
    int32_t(*ends)[2] = ct_calloc(s->connection_count, sizeof *ends);
    if (!ends) return CT_NOMEM;
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage__connection *c = &s->connections[i];
        ends[i][0] = c->a >= 0 ? c->a : c->b;
        ends[i][1] = c->a >= 0 ? c->b : -1;
        if (ends[i][0] < 0) ends[i][0] = 0; // from outside to outside
    }
    const ct_err err = ct_sparse_new(&s->sparse, s->bodies, ends, s->connection_count);
    ct_free(ends);
    return ct_context(err, "storage");
}

ct_err ct_storage_open(ct_storage **out, const ct_storage_params *params) {
    CT_TRY(ct_storage__check(params));
    ct_storage *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    s->step_s = params->step_s > 0 ? params->step_s : 1;
    ct_err err = copy_all(s, params);
    if (err == CT_OK) err = ct_storage__live_new(s, params->start_s);
    if (err == CT_OK) err = new_scratch(s);
    if (err == CT_OK) err = new_matrix(s);
    if (err != CT_OK) {
        ct_storage_close(s);
        return err;
    }
    ct_storage__live_start(s);
    *out = s;
    return CT_OK;
}

void ct_storage_close(ct_storage *storage) {
    ct_storage *s = storage;
    if (!s) return;
    for (size_t i = 0; i < s->area_count; i++) {
        ct_curve_free(&s->areas[i].area);
        ct_curve_free(&s->areas[i].inflow);
        ct_free(s->areas[i].volume_m3);
    }
    for (size_t i = 0; i < s->outside_count; i++) ct_curve_free(&s->outsides[i]);
    for (size_t i = 0; i < s->connection_count; i++) {
        ct_storage__connection *c = &s->connections[i];
        ct_curve_free(&c->curve);
        ct_curve_free(&c->setting);
        ct_curve_free(&c->crest);
        ct_free(c->culvert);
    }
    void *blocks[] = {s->areas,       s->connections, s->outsides,     s->live.block,
                      s->outside_now, s->setting_now, s->crest_now,    s->floor,
                      s->rate,        s->took,        s->try_level,    s->residual,
                      s->slope,       s->flux,        s->in_m3,        s->out_m3,
                      s->share,       s->last_level,  s->last_residual};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) ct_free(blocks[i]);
    ct_sparse_free(&s->sparse);
    ct_free(s);
}
