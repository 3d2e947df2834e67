// Free ways between spaces that have no walls, where their edges run along each other and no wall
// is drawn. Stairs and lifts with walls but no door on a level are open to the space beside them,
// as people could not come in otherwise.
#include <string.h>

#include "ingest/osm_indoor/inside.h"

#define APART_M 0.1  // between edges that are one
#define LEAST_M 0.6  // width that people pass
#define PIECE_M 0.05 // stretches of curved edges
#define ASKEW   0.02
#define MOST_M  100.0 // of the catalogue

enum { MOST_WAYS = 64 }; // of a pair of spaces

typedef struct strip {
    double middle[2], along[2], width_m;
} strip;

// The stretch of the edge from a to b that runs along that from c to d.
static bool meet(strip *out, const double *a, const double *b, const double *c, const double *d) {
    const double length = hypot(b[0] - a[0], b[1] - a[1]);
    const double other = hypot(d[0] - c[0], d[1] - c[1]);
    if (length < PIECE_M || other < PIECE_M) return false;
    const double u[2] = {(b[0] - a[0]) / length, (b[1] - a[1]) / length};
    if (fabs(u[0] * (d[1] - c[1]) - u[1] * (d[0] - c[0])) > ASKEW * other) return false;
    const double vc = u[0] * (c[1] - a[1]) - u[1] * (c[0] - a[0]);
    const double vd = u[0] * (d[1] - a[1]) - u[1] * (d[0] - a[0]);
    if (fabs(vc + vd) / 2 > APART_M) return false;
    const double tc = u[0] * (c[0] - a[0]) + u[1] * (c[1] - a[1]);
    const double td = u[0] * (d[0] - a[0]) + u[1] * (d[1] - a[1]);
    const double from = fmax(0, fmin(tc, td)), to = fmin(length, fmax(tc, td));
    if (to - from < PIECE_M) return false;
    out->width_m = fmin(to - from, MOST_M);
    for (int k = 0; k < 2; k++) {
        out->middle[k] = a[k] + (from + to) / 2 * u[k];
        out->along[k] = u[k];
    }
    return true;
}

static ct_err is_walled(bool *out, ct_osm__inside *in, uint32_t building, double level,
                        const strip *s) {
    const double near_m = 0.2;
    const ct_box3 box = {{s->middle[0] - near_m, s->middle[1] - near_m, level},
                         {s->middle[0] + near_m, s->middle[1] + near_m, level}};
    ct_rtree_hits hits;
    *out = false;
    CT_TRY(ct_osm__spend(in, 50)); // the search for walls
    CT_TRY(ct_rtree_find(&hits, in->job->arena, in->wall_tree, &box));
    for (uint32_t i = 0; i < hits.n; i++) {
        const ct_osm__thing *t = &in->things[hits.at[i]];
        *out |= t->building == building &&
                ct_geom_distance_m(&t->geom, s->middle[0], s->middle[1]) <= near_m;
    }
    return CT_OK;
}

static ct_err add_way(ct_osm__inside *in, uint32_t a, uint32_t b, const strip *s, size_t number) {
    const ct_osm__space *p = &in->spaces[a], *q = &in->spaces[b];
    const char *suffix = number ? ct_arena_printf(in->arena, "~%zu", number + 1) : "";
    const uint32_t storey = p->low >= q->low ? p->storey : q->storey;
    ct_osm__opening o = {.kind = "opening",
                         .building = p->building,
                         .storey = storey,
                         .side = {a, b},
                         .at = {s->middle[0], s->middle[1]},
                         .along = {s->along[0], s->along[1]},
                         .width_m = s->width_m,
                         .placed = true};
    if (!suffix) return CT_NOMEM;
    o.source = ct_arena_printf(in->arena, "%s/%s%s", p->source, q->source, suffix);
    o.id = ct_arena_printf(in->arena, "opening%s%s%s", p->id + strlen("space"),
                           q->id + strlen("space"), suffix);
    if (!o.source || !o.id) return CT_NOMEM;
    CT_TRY(ct_osm__room(&in->openings, &in->opening_room, in->n_openings, sizeof o, in->arena));
    in->openings[in->n_openings++] = o;
    return CT_OK;
}

typedef struct contact { // of two spaces
    size_t n;            // ways so far
    strip longest;       // of stretches that are too short for one
    double short_sum_m;  // of these
} contact;

static ct_err add_strip(contact *c, ct_osm__inside *in, uint32_t a, uint32_t b, const strip *s) {
    const double level = fmax(in->spaces[a].low, in->spaces[b].low);
    bool walled;
    if (c->n == MOST_WAYS) return CT_OK;
    CT_TRY(is_walled(&walled, in, in->spaces[a].building, level, s));
    if (walled) return CT_OK;
    if (s->width_m >= LEAST_M) return add_way(in, a, b, s, c->n++);
    c->short_sum_m += s->width_m;
    if (s->width_m > c->longest.width_m) c->longest = *s;
    return CT_OK;
}

static ct_err along_edge(contact *c, ct_osm__inside *in, uint32_t a, uint32_t b, const double *from,
                         const double *to) {
    const ct_geom *q = &in->spaces[b].shape;
    CT_TRY(ct_osm__spend(in, q->n_points));
    for (uint32_t s = 0; s < q->n_rings; s++)
        for (uint32_t f = s ? q->ring_end[s - 1] : 0; f + 1 < q->ring_end[s]; f++) {
            const double *at = q->xyz + 2 * (size_t)f;
            strip way;
            if (meet(&way, from, to, at, at + 2)) CT_TRY(add_strip(c, in, a, b, &way));
        }
    return CT_OK;
}

// All stretches along which the two lie side by side; a curved edge is one way.
static ct_err add_ways(size_t *n, ct_osm__inside *in, uint32_t a, uint32_t b) {
    const ct_geom *p = &in->spaces[a].shape;
    const ct_box3 box = ct_osm__box(&in->spaces[b].shape, 0, 0, APART_M);
    contact c = {.n = 0};
    for (uint32_t r = 0; r < p->n_rings; r++)
        for (uint32_t e = r ? p->ring_end[r - 1] : 0; e + 1 < p->ring_end[r]; e++) {
            const double *from = p->xyz + 2 * (size_t)e, *to = from + 2;
            if (fmax(from[0], to[0]) < box.min[0] || fmin(from[0], to[0]) > box.max[0] ||
                fmax(from[1], to[1]) < box.min[1] || fmin(from[1], to[1]) > box.max[1])
                continue;
            CT_TRY(along_edge(&c, in, a, b, from, to));
        }
    if (c.n == 0 && c.short_sum_m >= LEAST_M) {
        c.longest.width_m = fmin(c.short_sum_m, MOST_M);
        CT_TRY(add_way(in, a, b, &c.longest, c.n++));
    }
    *n = c.n;
    return CT_OK;
}

// ---- which spaces are open ----------------------------------------------------------------------

static bool is_shaft(const ct_osm__space *s) {
    return s->thing->stairs || s->thing->lift;
}

static bool is_open(const ct_osm__space *s) {
    return !s->thing->walls;
}

static bool are_beside(const ct_osm__space *a, const ct_osm__space *b) {
    return a->building == b->building && a->low <= b->high + 1e-6 && b->low <= a->high + 1e-6;
}

static bool is_shut(const ct_osm__space *s) {
    return is_shaft(s) && !is_open(s) && !s->doors;
}

// 1: without walls, both; then of shafts without a door: 2: to an open space, 3: to open stairs.
static int pass_of(const ct_osm__space *a, const ct_osm__space *b) {
    if (is_open(a) && is_open(b)) return 1;
    if (is_shut(b) && is_open(a)) return is_shaft(a) ? 3 : 2;
    if (is_shut(a) && is_open(b)) return is_shaft(b) ? 3 : 2;
    return 0;
}

static ct_err open_all(ct_osm__inside *in, bool *opened, int pass) {
    for (uint32_t i = 0; i < in->n_spaces; i++) {
        const ct_osm__space *s = &in->spaces[i];
        const ct_box3 box = ct_osm__box(&s->shape, s->low, s->high, APART_M);
        ct_rtree_hits hits;
        if (!is_open(s) && !is_shaft(s)) continue;
        ct_arena_reset(in->job->arena);
        CT_TRY(ct_rtree_find(&hits, in->job->arena, in->space_tree, &box));
        for (uint32_t k = 0; k < hits.n; k++) {
            const uint32_t other = hits.at[k];
            size_t n = 0;
            if (other <= i || !are_beside(s, &in->spaces[other])) continue;
            if (pass_of(s, &in->spaces[other]) != pass) continue;
            CT_TRY(ct_osm__spend(in, s->shape.n_points));
            CT_TRY(add_ways(&n, in, i, other));
            if (pass == 1 || !n) continue;
            opened[is_shut(s) ? i : other] = true;
            in->n_openless++;
        }
    }
    return CT_OK;
}

ct_err ct_osm__free_ways(ct_osm__inside *in) {
    bool *opened = ct_arena_calloc(in->arena, in->n_spaces + 1, sizeof *opened);
    if (!opened) return CT_NOMEM;
    for (int pass = 1; pass <= 3; pass++) {
        CT_TRY(open_all(in, opened, pass));
        for (size_t i = 0; i < in->n_spaces; i++) in->spaces[i].doors |= opened[i];
    }
    return CT_OK;
}
