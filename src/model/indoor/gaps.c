// Free ways between spaces that touch with no wall between, as in open plans.
#include <math.h>
#include <string.h>

#include "model/indoor/private.h"

#define TOUCH_M 0.05
#define LEAST_M 0.6 // width that people pass

// Where no door has a body, its hole in the wall shows as a gap: it is the door's.
static bool is_a_door(const ct_indoor__work *w, const ct_indoor__strip *s, double width) {
    const double slack_m = 0.3;
    for (uint32_t i = 0; i < w->out->n_openings; i++) {
        const ct_indoor_opening *o = &w->out->openings[i];
        const bool same = (o->side[0] == s->space[0] && o->side[1] == s->space[1]) ||
                          (o->side[0] == s->space[1] && o->side[1] == s->space[0]);
        if (same && o->passable && o->kind != CT_INDOOR_GAP && fabs(o->width_m - width) < slack_m)
            return true;
    }
    return false;
}

static const char *id_of(ct_indoor__work *w, const ct_indoor__strip *s) {
    const char *a = w->out->spaces[s->space[0]].id, *b = w->out->spaces[s->space[1]].id;
    unsigned before = 0;
    for (uint32_t i = 0; i < w->out->n_openings; i++) {
        const ct_indoor_opening *o = &w->out->openings[i];
        before +=
            o->kind == CT_INDOOR_GAP && o->side[0] == s->space[0] && o->side[1] == s->space[1];
    }
    return before ? ct_arena_printf(w->arena, "%s~%s~%u", a, b, before + 1)
                  : ct_arena_printf(w->arena, "%s~%s", a, b);
}

static ct_err add_gap(void *context, const ct_indoor__strip *s) {
    ct_indoor__work *w = context;
    const ct_indoor_space *a = &w->out->spaces[s->space[0]], *b = &w->out->spaces[s->space[1]];
    const double width = hypot(s->ends[2] - s->ends[0], s->ends[3] - s->ends[1]);
    if (is_a_door(w, s, width)) return CT_OK;
    const char *id = id_of(w, s);
    ct_indoor_opening *o = ct_indoor__add_opening(w);
    if (!id || !o) return CT_NOMEM;
    o->id = id;
    o->kind = CT_INDOOR_GAP;
    memcpy(o->side, s->space, sizeof o->side);
    memcpy(o->ends, s->ends, sizeof o->ends);
    o->storey = a->storey;
    o->sill_z_m = fmax(a->z_m, b->z_m);
    o->soffit_z_m = fmax(o->sill_z_m, fmin(a->z_m + a->height_m, b->z_m + b->height_m));
    o->width_m = o->clear_width_m = width;
    o->passable = true;
    return CT_OK;
}

// Where the source states the connections, there are no others.
ct_err ct_indoor__gaps(ct_indoor__work *w) {
    const ct_indoor__facing how = {
        .reach_m = TOUCH_M, .least_m = LEAST_M, .visit = add_gap, .context = w};
    return w->connections.n ? CT_OK : ct_indoor__face(w, &how);
}
