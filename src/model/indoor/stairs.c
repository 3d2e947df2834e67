// Stairs, ramps, escalators and lifts: their flights put together into climbs from storey to
// storey, with the rooms at foot and head.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indoor/private.h"

#define LEVEL_M    0.4 // an end so near to a storey's floor is on it
#define REACH_M    1.2 // rooms are looked for so far around an end
#define PROBE_M    0.2 // over the floor
#define RAMP_SLOPE 6   // run over rise from which a flight without treads is a ramp
static const double k_beyond_m[] = {0.15, 0.4, 0.8};

const char *ct_indoor_stair_kind_name(ct_indoor_stair_kind kind) {
    static const char *const names[] = {"stair", "ramp", "escalator", "lift"};
    return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : "";
}

ct_indoor_stair *ct_indoor__add_stair(ct_indoor__work *w) {
    ct_indoor *out = w->out;
    if (out->n_stairs == w->stair_room) {
        const uint32_t room = w->stair_room ? 2 * w->stair_room : 16;
        ct_indoor_stair *grown = ct_arena_calloc(w->arena, room, sizeof *grown);
        if (!grown) return NULL;
        if (out->n_stairs) memcpy(grown, out->stairs, out->n_stairs * sizeof *grown);
        out->stairs = grown;
        w->stair_room = room;
    }
    ct_indoor_stair *s = &out->stairs[out->n_stairs++];
    *s = (ct_indoor_stair){.space = {CT_INDOOR_NONE, CT_INDOOR_NONE},
                           .storey = {CT_INDOOR_NONE, CT_INDOOR_NONE}};
    return s;
}

// ---- flights of a feature -----------------------------------------------------------------------

typedef struct flights {
    ct_indoor__flight *at;
    size_t n, room;
} flights;

static int by_foot(const void *a, const void *b) {
    const ct_indoor__flight *p = a, *q = b;
    for (int k = 2; k >= 0; k--)
        if (p->foot[k] < q->foot[k] || p->foot[k] > q->foot[k])
            return p->foot[k] < q->foot[k] ? -1 : 1;
    return 0;
}

static ct_err add_flight(flights *out, ct_indoor__work *w, const ct_body *body) {
    bool has;
    ct_indoor__flight f;
    if (!body) return CT_OK;
    ct_arena_reset(w->moment);
    CT_TRY(ct_indoor__flight_of(&f, &has, w->moment, body));
    if (!has) return CT_OK;
    if (out->n == out->room) return CT_OK; // room was made for every part
    out->at[out->n++] = f;
    return CT_OK;
}

static bool is_flight(const ct_feature *f) {
    const char *kind = ct_feature_text(f, "kind", "");
    return strcmp(kind, "stair") == 0 || strcmp(kind, "ramp") == 0;
}

// A line as the source draws it is one flight.
static void add_lines(flights *out, const ct_geom *g) {
    if (out->n || !g->has_z) return;
    for (uint32_t r = 0; r < g->n_rings && out->n < out->room; r++) {
        const double *a = g->xyz + 3 * (size_t)(r ? g->ring_end[r - 1] : 0);
        const double *b = g->xyz + 3 * (size_t)(g->ring_end[r] - 1);
        const bool up = a[2] <= b[2];
        ct_indoor__flight f = {0};
        memcpy(f.foot, up ? a : b, sizeof f.foot);
        memcpy(f.head, up ? b : a, sizeof f.head);
        if (f.head[2] > f.foot[2]) out->at[out->n++] = f;
    }
}

static ct_err flights_of(flights *out, ct_indoor__work *w, const ct_feature *f) {
    *out = (flights){.room = w->elements.n + f->geom.n_rings + (size_t)1};
    out->at = ct_arena_calloc(w->scratch, out->room, sizeof *out->at);
    if (!out->at) return CT_NOMEM;
    for (uint32_t i = 0; i < w->elements.n; i++) {
        const ct_feature *part = w->elements.at[i];
        if (is_flight(part) && strcmp(ct_feature_text(part, "part_of", ""), f->id) == 0)
            CT_TRY(add_flight(out, w, part->body));
    }
    if (!out->n) CT_TRY(add_flight(out, w, f->body));
    add_lines(out, &f->geom);
    qsort(out->at, out->n, sizeof *out->at, by_foot);
    return CT_OK;
}

// ---- climbs -------------------------------------------------------------------------------------

// The storey whose floor is at the height; CT_INDOOR_NONE between floors.
static uint32_t storey_level(const ct_indoor__work *w, double z_m) {
    uint32_t best = CT_INDOOR_NONE;
    for (uint32_t i = 0; i < w->out->n_storeys; i++) {
        const double off = fabs(w->out->storeys[i].z_m - z_m);
        if (off > LEVEL_M) continue;
        if (best == CT_INDOOR_NONE || off < fabs(w->out->storeys[best].z_m - z_m)) best = i;
    }
    return best;
}

static ct_err space_at_end(uint32_t *out, ct_indoor__work *w, const double end[3],
                           const double towards[2]) {
    const double z = end[2] + PROBE_M;
    for (size_t i = 0; i < sizeof k_beyond_m / sizeof *k_beyond_m; i++) {
        const double at[2] = {end[0] + k_beyond_m[i] * towards[0],
                              end[1] + k_beyond_m[i] * towards[1]};
        CT_TRY(ct_indoor__space_at(out, w, at, z));
        if (*out != CT_INDOOR_NONE) return CT_OK;
    }
    CT_TRY(ct_indoor__space_at(out, w, end, z));
    return *out != CT_INDOOR_NONE ? CT_OK : ct_indoor__space_near(out, w, end, z, REACH_M);
}

static void direction(double out[2], const double from[3], const double to[3]) {
    const double d = hypot(to[0] - from[0], to[1] - from[1]);
    for (int k = 0; k < 2; k++) out[k] = d > 0 ? (to[k] - from[k]) / d : 0;
}

static ct_err take_line(ct_indoor_stair *s, ct_indoor__work *w, const ct_indoor__flight *f,
                        size_t n) {
    uint32_t points = 0, end, one = 1;
    double *xyz = ct_arena_calloc(w->moment, 2 * n, 3 * sizeof *xyz);
    if (!xyz) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        memcpy(xyz + 3 * (size_t)points++, f[i].foot, sizeof f->foot);
        memcpy(xyz + 3 * (size_t)points++, f[i].head, sizeof f->head);
    }
    for (uint32_t i = 1; i < points; i++) {
        const double *a = xyz + 3 * (size_t)(i - 1), *b = a + 3;
        const double d[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
        s->length_m += sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    }
    end = points;
    const ct_geom line = {.type = CT_GEOM_LINESTRING,
                          .has_z = true,
                          .n_points = points,
                          .n_rings = 1,
                          .n_parts = 1,
                          .xyz = xyz,
                          .ring_end = &end,
                          .part_end = &one};
    return ct_geom_copy(&s->line, w->arena, &line);
}

static void take_steps(ct_indoor_stair *s, const ct_indoor__flight *f, size_t n) {
    double width = INFINITY;
    for (size_t i = 0; i < n; i++) {
        s->risers += f[i].risers;
        if (f[i].width_m > 0) width = fmin(width, f[i].width_m);
        if (!(s->riser_m > 0)) s->riser_m = f[i].riser_m;
        if (!(s->tread_m > 0)) s->tread_m = f[i].tread_m;
    }
    if (isfinite(width)) s->width_m = width;
}

// The last riser is often the edge of the floor above, which is no part of the flight.
static void reach_floor(const ct_indoor__work *w, ct_indoor__flight *last) {
    const uint32_t storey = storey_level(w, last->head[2]);
    if (storey == CT_INDOOR_NONE || last->risers <= 0) return;
    const double left = w->out->storeys[storey].z_m - last->head[2];
    if (fabs(left - last->riser_m) > last->riser_m / 2) return;
    last->head[2] += left;
    last->risers++;
}

static ct_err take_climb(ct_indoor_stair *s, ct_indoor__work *w, ct_indoor__flight *f, size_t n) {
    ct_indoor__flight *last = &f[n - 1];
    double towards[2];
    ct_arena_reset(w->moment);
    reach_floor(w, last);
    CT_TRY(take_line(s, w, f, n));
    take_steps(s, f, n);
    direction(towards, f->head, f->foot);
    CT_TRY(space_at_end(&s->space[0], w, f->foot, towards));
    direction(towards, last->foot, last->head);
    CT_TRY(space_at_end(&s->space[1], w, last->head, towards));
    const double ends[2] = {f->foot[2], last->head[2]};
    for (int k = 0; k < 2; k++) {
        s->storey[k] = storey_level(w, ends[k]);
        if (s->storey[k] == CT_INDOOR_NONE) s->storey[k] = ct_indoor__storey_at(w, ends[k]);
    }
    return CT_OK;
}

// Of the flights from the first on, those of one climb: up to the next storey's floor, or to where
// they no longer join.
static size_t climb_of(const ct_indoor__work *w, const ct_indoor__flight *f, size_t n) {
    const uint32_t from = storey_level(w, f->foot[2]);
    for (size_t i = 0; i < n; i++) {
        const uint32_t to = storey_level(w, f[i].head[2]);
        if (to != CT_INDOOR_NONE && to != from) return i + 1;
        if (i + 1 < n && fabs(f[i + 1].foot[2] - f[i].head[2]) > LEVEL_M) return i + 1;
    }
    return n;
}

// ---- what attributes say ------------------------------------------------------------------------

static void take_stated(ct_indoor_stair *s, const ct_indoor__work *w, const ct_feature *f,
                        bool only_climb) {
    const ct_indoor_stairs *d = &w->defaults->stairs;
    const double width = ct_feature_number(f, "width_m", NAN);
    const double riser = ct_feature_number(f, "riser_m", NAN);
    const double tread = ct_feature_number(f, "tread_m", NAN);
    const double risers = ct_feature_number(f, "risers", NAN);
    if (width > 0) s->width_m = width;
    if (!(s->width_m > 0)) s->width_m = d->width_m;
    if (s->kind != CT_INDOOR_STAIR && s->kind != CT_INDOOR_ESCALATOR) return;
    if (riser > 0) s->riser_m = riser;
    if (tread > 0) s->tread_m = tread;
    if (risers > 0 && only_climb) s->risers = (int)risers;
    if (!(s->riser_m > 0)) s->riser_m = d->riser_m;
    if (!(s->tread_m > 0)) s->tread_m = d->tread_m;
}

static ct_indoor_stair_kind kind_of(const ct_feature *f) {
    const char *kind = ct_feature_text(f, "kind", "stair");
    for (int i = 0; i <= CT_INDOOR_LIFT; i++)
        if (strcmp(kind, ct_indoor_stair_kind_name((ct_indoor_stair_kind)i)) == 0)
            return (ct_indoor_stair_kind)i;
    return CT_INDOOR_STAIR;
}

static ct_err begin_climb(ct_indoor_stair **out, ct_indoor__work *w, const ct_feature *f,
                          unsigned number) {
    ct_indoor_stair *s = ct_indoor__add_stair(w);
    if (!s) return CT_NOMEM;
    s->feature = ct_indoor__keep(w, f->id);
    s->id = number ? ct_arena_printf(w->arena, "%s~%u", f->id, number + 1) : s->feature;
    if (!s->id || !s->feature) return CT_NOMEM;
    s->kind = kind_of(f);
    s->evacuates = s->kind != CT_INDOOR_LIFT;
    s->fire_rating_min = (int)ct_feature_number(f, "fire_rating_min", 0);
    *out = s;
    return CT_OK;
}

// ---- without a shape ----------------------------------------------------------------------------

static bool place_of(double out[2], ct_indoor__plan *plan, const ct_feature *f) {
    if (plan->has) {
        memcpy(out, plan->centre, sizeof plan->centre);
        return true;
    }
    if (!f->geom.n_points) return false;
    memcpy(out, f->geom.xyz, 2 * sizeof *out);
    return true;
}

static uint32_t storey_of(const ct_indoor__work *w, const ct_feature *f, const char *attr) {
    return ct_indoor__index(w->storey_at, ct_feature_text(f, attr, NULL));
}

// A straight way up at one place, between the storeys that it names or that its body reaches.
static ct_err take_shaft(ct_indoor__work *w, const ct_feature *f) {
    ct_indoor__plan plan = {0};
    double at[2] = {NAN, NAN};
    unsigned number = 0;
    ct_arena_reset(w->moment);
    if (f->body) CT_TRY(ct_indoor__plan_of(&plan, w->moment, f->body));
    const bool placed = place_of(at, &plan, f);
    uint32_t from = storey_of(w, f, "from_storey"), to = storey_of(w, f, "to_storey");
    for (uint32_t i = 0; plan.has && i < w->out->n_storeys; i++) {
        const double z = w->out->storeys[i].z_m;
        if (z < plan.z[0] - LEVEL_M || z > plan.z[1] - LEVEL_M) continue;
        if (from == CT_INDOOR_NONE || i < from) from = i;
        if (to == CT_INDOOR_NONE || i > to) to = i;
    }
    if (from > to && to != CT_INDOOR_NONE) {
        const uint32_t low = to;
        to = from;
        from = low;
    }
    if (from == CT_INDOOR_NONE || to == CT_INDOOR_NONE || from == to) to = from;
    do {
        ct_indoor_stair *s;
        CT_TRY(begin_climb(&s, w, f, number++));
        s->storey[0] = from;
        if (from < to) s->storey[1] = ++from;
        for (int k = 0; k < 2 && placed; k++) {
            if (s->storey[k] == CT_INDOOR_NONE) continue;
            const double z = w->out->storeys[s->storey[k]].z_m + PROBE_M;
            ct_arena_reset(w->moment);
            CT_TRY(ct_indoor__space_at(&s->space[k], w, at, z));
            if (s->space[k] == CT_INDOOR_NONE)
                CT_TRY(ct_indoor__space_near(&s->space[k], w, at, z, REACH_M));
        }
        if (s->storey[0] != CT_INDOOR_NONE && s->storey[1] != CT_INDOOR_NONE)
            s->length_m = w->out->storeys[s->storey[1]].z_m - w->out->storeys[s->storey[0]].z_m;
        take_stated(s, w, f, from == to && number == 1);
    } while (from < to);
    return CT_OK;
}

static ct_err take_stair(ct_indoor__work *w, const ct_feature *f) {
    flights all;
    unsigned number = 0;
    CT_TRY(flights_of(&all, w, f));
    if (!all.n || kind_of(f) == CT_INDOOR_LIFT) return take_shaft(w, f);
    for (size_t at = 0; at < all.n;) {
        ct_indoor_stair *s;
        const size_t n = climb_of(w, all.at + at, all.n - at);
        CT_TRY(begin_climb(&s, w, f, number++));
        CT_TRY(take_climb(s, w, all.at + at, n));
        take_stated(s, w, f, n == all.n);
        const double rise = all.at[at + n - 1].head[2] - all.at[at].foot[2];
        if (s->kind == CT_INDOOR_STAIR && !s->risers) {
            if (s->length_m > RAMP_SLOPE * rise)
                s->kind = CT_INDOOR_RAMP;
            else
                s->risers = (int)lround(rise / s->riser_m);
        }
        at += n;
    }
    return CT_OK;
}

// Flights that are parts of no transition are stairs of their own.
static ct_err take_lone_flights(ct_indoor__work *w) {
    ct_strmap *known = ct_strmap_new(w->transitions.n + (size_t)1);
    ct_err err = known ? CT_OK : CT_NOMEM;
    for (uint32_t i = 0; !err && i < w->transitions.n; i++)
        err = ct_strmap_put(known, w->transitions.at[i]->id, i);
    for (uint32_t i = 0; !err && i < w->elements.n; i++) {
        const ct_feature *f = w->elements.at[i];
        const char *whole = ct_feature_text(f, "part_of", NULL);
        if (is_flight(f) && f->body && ct_indoor__index(known, whole) == CT_INDOOR_NONE)
            err = take_stair(w, f);
    }
    ct_strmap_free(known);
    return err;
}

ct_err ct_indoor__stairs(ct_indoor__work *w) {
    for (uint32_t i = 0; i < w->transitions.n; i++) CT_TRY(take_stair(w, w->transitions.at[i]));
    return take_lone_flights(w);
}
