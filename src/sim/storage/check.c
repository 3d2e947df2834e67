// The parameters, field by field. Messages name the first that is wrong.
#include <inttypes.h>
#include <math.h>

#include "sim/storage/state.h"

static ct_err number(const char *name, double value, double low, double high) {
    if (value >= low && value <= high) return CT_OK;
    return ct_fail(CT_RANGE, "storage: %s: %g is not within %g and %g", name, value, low, high);
}

static ct_err choice(const char *name, int value, int count) {
    if (value >= 0 && value < count) return CT_OK;
    return ct_fail(CT_RANGE, "storage: %s: %d is none of the list's", name, value);
}

static ct_err curve(const char *name, const ct_storage_curve *c, double low, double high) {
    if (c->count > 1000000)
        return ct_fail(CT_LIMIT, "storage: %s: %zu points, at most 1000000", name, c->count);
    if (c->count > 0 && (!c->x || !c->y))
        return ct_fail(CT_ARG, "storage: %s: %zu points, but no arrays", name, c->count);
    for (size_t i = 0; i < c->count; i++) {
        if (!isfinite(c->x[i]) || (i > 0 && c->x[i] <= c->x[i - 1]))
            return ct_fail(CT_RANGE, "storage: %s: x %g at point %zu does not ascend", name,
                           c->x[i], i);
        if (!(c->y[i] >= low && c->y[i] <= high))
            return ct_fail(CT_RANGE, "storage: %s: y %g at point %zu is not within %g and %g", name,
                           c->y[i], i, low, high);
    }
    return CT_OK;
}

static ct_err area(const ct_storage_params *p, size_t i) {
    const ct_storage_area *a = &p->areas[i];
    if (a->area.count == 0) return ct_fail(CT_ARG, "storage: area: none");
    CT_TRY(curve("area", &a->area, 1e-3, 1e9));
    CT_TRY(number("area, its lowest level", a->area.x[0], -1e5, 1e5));
    CT_TRY(number("area, its highest level", a->area.x[a->area.count - 1], -1e5, 1e5));
    CT_TRY(number("depth_m", a->depth_m, 0, 1e4));
    return curve("inflow", &a->inflow, -1e6, 1e6);
}

static ct_err outside(const ct_storage_params *p, size_t i) {
    return curve("level", &p->outsides[i].level, -1e5, 1e5);
}

static ct_err end(const ct_storage_params *p, const char *name, const ct_storage_end *e) {
    static const char *const kinds[] = {"area", "place", "outside"};
    const size_t counts[] = {p->area_count, p->place_count, p->outside_count};
    CT_TRY(choice(name, (int)e->kind, CT_STORAGE_END_KINDS));
    if (e->index < counts[e->kind]) return CT_OK;
    return ct_fail(CT_ARG, "storage: %s: no %s %" PRIu32 ", there are %zu", name, kinds[e->kind],
                   e->index, counts[e->kind]);
}

static ct_err culvert(const ct_storage_connection *c) {
    if (c->width_m != 0) CT_TRY(number("width_m", c->width_m, 1e-3, 1e4));
    CT_TRY(number("height_m", c->height_m, 1e-3, 100));
    CT_TRY(choice("inlet", (int)c->inlet, CT_STORAGE_INLETS));
    if ((c->inlet >= CT_STORAGE_BOX_FLARED) != (c->width_m > 0))
        return ct_fail(CT_ARG, "storage: inlet: a box's goes with a width, a pipe's with none");
    CT_TRY(number("invert_to_m", c->invert_to_m, -1e5, 1e5));
    CT_TRY(number("length_m", c->length_m, 0.1, 1e5));
    CT_TRY(number("manning", c->manning, 1e-3, 1));
    CT_TRY(number("loss_entry", c->loss_entry, 0, 100));
    CT_TRY(number("loss_exit", c->loss_exit, 0, 100));
    if (!(c->loss_entry + c->loss_exit > 0))
        return ct_fail(CT_RANGE, "storage: loss_entry, loss_exit: both 0");
    return number("barrels", c->barrels, 1, 1000);
}

static ct_err pump(const ct_storage_connection *c) {
    if (c->curve.count == 0) return ct_fail(CT_ARG, "storage: curve: none");
    CT_TRY(curve("curve", &c->curve, 0, 1e6));
    for (size_t i = 1; i < c->curve.count; i++) {
        if (c->curve.y[i] > c->curve.y[i - 1])
            return ct_fail(CT_RANGE, "storage: curve: y %g at point %zu rises", c->curve.y[i], i);
    }
    CT_TRY(number("outlet_m", c->outlet_m, -1e5, 1e5));
    CT_TRY(number("on_m", c->on_m, -1e5, 1e5));
    return number("off_m", c->off_m, -1e5, c->on_m);
}

// Openings, orifices, shafts and gates.
static ct_err hole(const ct_storage_connection *c) {
    CT_TRY(number("width_m", c->width_m, 1e-3, 1e4));
    if (c->kind == CT_STORAGE_SHAFT) return number("area_m2", c->area_m2, 1e-4, 1e6);
    if (c->kind != CT_STORAGE_OPENING) return number("height_m", c->height_m, 1e-3, 100);
    if (c->height_m != 0) CT_TRY(number("height_m", c->height_m, 1e-3, 100));
    CT_TRY(number("leak_m2", c->leak_m2, 0, 100));
    return curve("crest", &c->crest, -1e5, 1e5);
}

static ct_err connection(const ct_storage_params *p, size_t i) {
    const ct_storage_connection *c = &p->connections[i];
    CT_TRY(choice("kind", (int)c->kind, CT_STORAGE_KINDS));
    CT_TRY(end(p, "from", &c->from));
    CT_TRY(end(p, "to", &c->to));
    if (c->from.kind == c->to.kind && c->from.index == c->to.index)
        return ct_fail(CT_ARG, "storage: from, to: the same");
    const bool pumps = c->kind == CT_STORAGE_PUMP;
    CT_TRY(curve("setting", &c->setting, 0, pumps ? 10 : 1));
    if (pumps) return pump(c);
    CT_TRY(number("sill_m", c->sill_m, -1e5, 1e5));
    CT_TRY(number("weir_coefficient", c->weir_coefficient, 0, 10));
    CT_TRY(number("orifice_coefficient", c->orifice_coefficient, 0, 1));
    return c->kind == CT_STORAGE_CULVERT ? culvert(c) : hole(c);
}

typedef ct_err check_one(const ct_storage_params *p, size_t i);

static ct_err each(const ct_storage_params *p, const char *name, const void *array, size_t count,
                   check_one *check) {
    if (count > CT_STORAGE_MAX)
        return ct_fail(CT_LIMIT, "storage: %s: %zu, at most %u", name, count, CT_STORAGE_MAX);
    if (count > 0 && !array) return ct_fail(CT_ARG, "storage: %s: %zu, but no array", name, count);
    for (size_t i = 0; i < count; i++) {
        const ct_err err = check(p, i);
        if (err != CT_OK) return ct_context(err, "%s[%zu]", name, i);
    }
    return CT_OK;
}

ct_err ct_storage__check(const ct_storage_params *p) {
    if (p->area_count + p->place_count == 0)
        return ct_fail(CT_ARG, "storage: neither areas nor places");
    if (p->place_count > CT_STORAGE_MAX)
        return ct_fail(CT_LIMIT, "storage: places: %zu, at most %u", p->place_count,
                       CT_STORAGE_MAX);
    if (!isfinite(p->start_s)) return ct_fail(CT_RANGE, "storage: start_s: %g", p->start_s);
    if (p->step_s != 0) CT_TRY(number("step_s", p->step_s, 1e-3, 1e5));
    CT_TRY(each(p, "areas", p->areas, p->area_count, area));
    CT_TRY(each(p, "outsides", p->outsides, p->outside_count, outside));
    return each(p, "connections", p->connections, p->connection_count, connection);
}
