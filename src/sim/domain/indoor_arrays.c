// Indoor models as arrays.
#include "sim/domain/indoor_arrays.h"

#include <math.h>
#include <string.h>

typedef struct making {
    ct_indoor_arrays *out;
    ct_arena *arena;
    const ct_indoor *in;
    int32_t *zone_of; // by space; CT_INDOOR_OUTSIDE
} making;

// An array of `n` entries into *array. False when out of memory.
static bool room(void *array, ct_arena *arena, size_t n, size_t each) {
    void *block = ct_arena_calloc(arena, n + 1, each);
    memcpy(array, &block, sizeof block);
    return block != NULL;
}
#define ROOM(array, n) room(&(array), m->arena, (n), sizeof *(array))

// ---- fire ---------------------------------------------------------------------------------------

static ct_err make_zones(making *m) {
    ct_fire_zones *z = &m->out->zones;
    const size_t n = m->in->n_spaces;
    if (!(ROOM(z->id, n) && ROOM(z->volume_m3, n) && ROOM(z->area_m2, n) && ROOM(z->height_m, n) &&
          ROOM(z->floor_z_m, n) && ROOM(z->compartment, n) && ROOM(m->zone_of, n)))
        return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const ct_indoor_space *s = &m->in->spaces[i];
        m->zone_of[i] = CT_INDOOR_OUTSIDE;
        if (s->outside) continue;
        m->zone_of[i] = (int32_t)z->n;
        z->id[z->n] = s->id;
        z->volume_m3[z->n] = s->volume_m3;
        z->area_m2[z->n] = s->area_m2;
        z->height_m[z->n] = s->height_m;
        z->floor_z_m[z->n] = s->z_m;
        z->compartment[z->n++] = (int32_t)s->compartment;
    }
    return CT_OK;
}

static int32_t zone(const making *m, uint32_t side) {
    return side < m->in->n_spaces ? m->zone_of[side] : CT_INDOOR_OUTSIDE;
}

static void add_vent(ct_fire_vents *v, const making *m, const ct_indoor_vent *from) {
    const ct_indoor_opening *o =
        from->opening < m->in->n_openings ? &m->in->openings[from->opening] : NULL;
    const size_t i = v->n++;
    const int32_t a = zone(m, from->zone[0]), b = zone(m, from->zone[1]);
    v->id[i] = o ? o->id : m->in->stairs[from->stair].id;
    v->zone_a[i] = a == CT_INDOOR_OUTSIDE ? b : a;
    v->zone_b[i] = a == CT_INDOOR_OUTSIDE ? a : b;
    v->horizontal[i] = from->horizontal;
    v->sill_z_m[i] = from->sill_z_m;
    v->soffit_z_m[i] = from->soffit_z_m;
    v->width_m[i] = from->width_m;
    v->area_m2[i] = from->area_m2;
    v->leak_m2[i] = from->leak_m2;
    v->open[i] = from->open;
    v->rating_min[i] = o ? o->fire_rating_min : 0;
    v->closes[i] = o && o->self_closing;
}

static ct_err make_vents(making *m) {
    ct_fire_vents *v = &m->out->vents;
    const size_t n = m->in->n_vents;
    if (!(ROOM(v->id, n) && ROOM(v->zone_a, n) && ROOM(v->zone_b, n) && ROOM(v->horizontal, n) &&
          ROOM(v->sill_z_m, n) && ROOM(v->soffit_z_m, n) && ROOM(v->width_m, n) &&
          ROOM(v->area_m2, n) && ROOM(v->leak_m2, n) && ROOM(v->open, n) &&
          ROOM(v->rating_min, n) && ROOM(v->closes, n)))
        return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const ct_indoor_vent *from = &m->in->vents[i];
        const bool placed = isfinite(from->sill_z_m) && isfinite(from->soffit_z_m);
        if (placed && zone(m, from->zone[0]) != zone(m, from->zone[1])) add_vent(v, m, from);
    }
    return CT_OK;
}

// ---- crowd --------------------------------------------------------------------------------------

static ct_err count_areas(making *m) {
    ct_crowd_areas *a = &m->out->areas;
    a->n = m->in->n_spaces;
    for (size_t i = 0; i < a->n; i++) {
        a->n_rings += m->in->spaces[i].walk.n_rings;
        a->n_points += m->in->spaces[i].walk.n_points;
    }
    const bool ok = ROOM(a->id, a->n) && ROOM(a->floor_z_m, a->n) && ROOM(a->occupants, a->n) &&
                    ROOM(a->outside, a->n) && ROOM(a->ring_end, a->n) &&
                    ROOM(a->point_end, a->n_rings) && ROOM(a->xy, 2 * a->n_points);
    return ok ? CT_OK : CT_NOMEM;
}

static ct_err make_areas(making *m) {
    ct_crowd_areas *a = &m->out->areas;
    size_t ring = 0, point = 0;
    CT_TRY(count_areas(m));
    for (size_t i = 0; i < a->n; i++) {
        const ct_indoor_space *s = &m->in->spaces[i];
        ct_geom g;
        CT_TRY(ct_geom_copy(&g, m->arena, &s->walk));
        ct_geom_orient(&g);
        a->id[i] = s->id;
        a->floor_z_m[i] = s->z_m;
        a->occupants[i] = s->occupants;
        a->outside[i] = s->outside;
        for (uint32_t r = 0; r < g.n_rings; r++)
            a->point_end[ring++] = (uint32_t)point + g.ring_end[r];
        for (uint32_t p = 0; p < 2 * g.n_points; p++)
            a->xy[2 * point + p] = g.xyz[p] - m->out->origin[p % 2];
        point += g.n_points;
        a->ring_end[i] = (uint32_t)ring;
    }
    return CT_OK;
}

static int32_t area(uint32_t side) {
    return side == CT_INDOOR_OUTDOORS ? CT_INDOOR_OUTSIDE : (int32_t)side;
}

static ct_err make_doors(making *m) {
    ct_crowd_doors *d = &m->out->doors;
    const size_t n = m->in->n_openings;
    if (!(ROOM(d->id, n) && ROOM(d->area_a, n) && ROOM(d->area_b, n) && ROOM(d->ends, 4 * n) &&
          ROOM(d->clear_width_m, n) && ROOM(d->exit, n) && ROOM(d->locked, n) &&
          ROOM(d->closed, n)))
        return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const ct_indoor_opening *o = &m->in->openings[i];
        const bool known = o->side[0] != CT_INDOOR_NONE && o->side[1] != CT_INDOOR_NONE;
        if (!o->passable || !known || o->side[0] == o->side[1]) continue;
        const size_t k = d->n++;
        d->id[k] = o->id;
        d->area_a[k] = area(o->side[0]);
        d->area_b[k] = area(o->side[1]);
        for (int c = 0; c < 4; c++) d->ends[4 * k + c] = o->ends[c] - m->out->origin[c % 2];
        d->clear_width_m[k] = o->clear_width_m;
        d->exit[k] = o->exit;
        d->locked[k] = o->state == CT_INDOOR_LOCKED;
        d->closed[k] = o->state != CT_INDOOR_OPEN;
    }
    return CT_OK;
}

static void take_end(double out[3], const making *m, const ct_geom *line, bool head) {
    for (int c = 0; c < 3; c++) {
        const double *at = line->xyz;
        if (line->n_points && head) at += 3 * (size_t)(line->n_points - 1);
        out[c] = line->n_points ? at[c] - (c < 2 ? m->out->origin[c] : 0) : (double)NAN;
    }
}

static ct_err make_stairs(making *m) {
    ct_crowd_stairs *s = &m->out->stairs;
    const size_t n = m->in->n_stairs;
    if (!(ROOM(s->id, n) && ROOM(s->area_foot, n) && ROOM(s->area_head, n) && ROOM(s->kind, n) &&
          ROOM(s->evacuates, n) && ROOM(s->foot, 3 * n) && ROOM(s->head, 3 * n) &&
          ROOM(s->width_m, n) && ROOM(s->length_m, n) && ROOM(s->riser_m, n) &&
          ROOM(s->tread_m, n) && ROOM(s->risers, n)))
        return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const ct_indoor_stair *from = &m->in->stairs[i];
        if (from->space[0] == CT_INDOOR_NONE || from->space[1] == CT_INDOOR_NONE) continue;
        const size_t k = s->n++;
        s->id[k] = from->id;
        s->area_foot[k] = area(from->space[0]);
        s->area_head[k] = area(from->space[1]);
        s->kind[k] = (uint8_t)from->kind;
        s->evacuates[k] = from->evacuates;
        take_end(s->foot + 3 * k, m, &from->line, false);
        take_end(s->head + 3 * k, m, &from->line, true);
        s->width_m[k] = from->width_m;
        s->length_m[k] = from->length_m;
        s->riser_m[k] = from->riser_m;
        s->tread_m[k] = from->tread_m;
        s->risers[k] = from->risers;
    }
    return CT_OK;
}

ct_err ct_indoor_arrays_make(ct_indoor_arrays *out, ct_arena *arena, const ct_indoor *indoor,
                             const double origin[2]) {
    ct_indoor_arrays made = {.origin = {origin[0], origin[1]}};
    making m = {.out = &made, .arena = arena, .in = indoor};
    CT_TRY(make_zones(&m));
    CT_TRY(make_vents(&m));
    CT_TRY(make_areas(&m));
    CT_TRY(make_doors(&m));
    CT_TRY(make_stairs(&m));
    *out = made;
    return CT_OK;
}
