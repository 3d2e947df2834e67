// Where two spaces of a storey lie side by side with nothing between: the stretches of their edges
// that run along each other, less what walls, doors and windows take of them.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indoor/private.h"

#define CUT_M     1.0  // height over the storey's floor at which walls are looked for
#define ASKEW     0.02 // sine of the angle between edges that still run along each other
#define BESIDE_M  0.02 // a wall so near to the line stops it
#define MOST_CUTS 512

typedef struct blocker {
    ct_geom g;
    ct_bbox box;
} blocker;

typedef struct storey_cut {
    ct_indoor__work *w;
    const ct_indoor__facing *how;
    blocker *blockers;
    uint32_t n;
    ct_rtree *tree;
    double z_m;
} storey_cut;

// ---- what stops ---------------------------------------------------------------------------------

static ct_err add_blocker(storey_cut *c, const ct_geom *g) {
    blocker *b = &c->blockers[c->n];
    if (!ct_geom_bbox(&b->box, g)) return CT_OK;
    b->g = *g;
    c->n++;
    return CT_OK;
}

static ct_err add_walls(storey_cut *c) {
    ct_indoor__work *w = c->w;
    for (uint32_t i = 0; i < w->n_walls; i++) {
        const ct_indoor__wall *wall = &w->walls[i];
        ct_geom g;
        if (wall->slab || (c->how->only_separating && !wall->separates)) continue;
        if (w->wall_boxes[i].min[2] > c->z_m || w->wall_boxes[i].max[2] < c->z_m) continue;
        CT_TRY(ct_indoor__section(&g, NULL, w->scratch, wall->f->body, c->z_m));
        CT_TRY(add_blocker(c, &g));
    }
    return CT_OK;
}

// Doors and windows are openings of their own, and join by what they are.
static ct_err add_fillings(storey_cut *c) {
    ct_indoor__work *w = c->w;
    for (uint32_t i = 0; i < w->openings.n; i++) {
        const ct_feature *f = w->openings.at[i];
        ct_indoor__plan plan;
        ct_indoor__pile pile = {0};
        if (!f->body) continue;
        CT_TRY(ct_indoor__plan_of(&plan, w->moment, f->body));
        if (!plan.has || plan.z[0] > c->z_m || plan.z[1] < c->z_m) continue;
        CT_TRY(ct_indoor__pile_box(&pile, w->scratch, &plan, BESIDE_M, 0.15));
        CT_TRY(add_blocker(c, &pile.g));
    }
    return CT_OK;
}

static ct_err index_blockers(storey_cut *c) {
    ct_box3 *boxes = ct_arena_calloc(c->w->scratch, c->n + (size_t)1, sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (uint32_t i = 0; i < c->n; i++) {
        const ct_bbox *b = &c->blockers[i].box;
        boxes[i] = (ct_box3){{b->min_x, b->min_y, 0}, {b->max_x, b->max_y, 0}};
    }
    return ct_rtree_make(&c->tree, c->w->scratch, boxes, c->n);
}

// ---- a line less what stops it ------------------------------------------------------------------

typedef struct cuts {
    double at[MOST_CUTS]; // pairs: from, to along the line
    size_t n;
} cuts;

static int ascending(const void *a, const void *b) {
    const double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

// Where the line from a to b lies in the polygons, in metres from a.
static void cut_by(cuts *out, const ct_geom *g, const double a[2], const double u[2],
                   double length) {
    double at[MOST_CUTS];
    size_t n = 0;
    for (uint32_t r = 0; r < g->n_rings; r++)
        for (uint32_t i = (r ? g->ring_end[r - 1] : 0); i + 1 < g->ring_end[r]; i++) {
            const double *p = g->xyz + 2 * (size_t)i, *q = p + 2;
            const double dp = u[0] * (p[1] - a[1]) - u[1] * (p[0] - a[0]);
            const double dq = u[0] * (q[1] - a[1]) - u[1] * (q[0] - a[0]);
            if ((dp > 0) == (dq > 0) || n == MOST_CUTS) continue;
            const double k = dp / (dp - dq);
            const double x = p[0] + k * (q[0] - p[0]), y = p[1] + k * (q[1] - p[1]);
            at[n++] = (x - a[0]) * u[0] + (y - a[1]) * u[1];
        }
    qsort(at, n, sizeof *at, ascending);
    for (size_t i = 0; i + 1 < n && out->n + 2 <= MOST_CUTS; i += 2) {
        if (at[i + 1] <= 0 || at[i] >= length) continue;
        out->at[out->n++] = at[i];
        out->at[out->n++] = at[i + 1];
    }
}

static int by_from(const void *a, const void *b) {
    const double p = ((const double *)a)[0], q = ((const double *)b)[0];
    return p < q ? -1 : p > q;
}

static ct_err tell(const storey_cut *c, ct_indoor__strip *s, const double line[4], double from,
                   double to) {
    const double length = hypot(line[2] - line[0], line[3] - line[1]);
    if (to - from < c->how->least_m) return CT_OK;
    for (int k = 0; k < 2; k++) {
        s->ends[k] = line[k] + (line[2 + k] - line[k]) * from / length;
        s->ends[2 + k] = line[k] + (line[2 + k] - line[k]) * to / length;
    }
    return c->how->visit(c->how->context, s);
}

static ct_err tell_free(const storey_cut *c, ct_indoor__strip *s, const double line[4]) {
    const double length = hypot(line[2] - line[0], line[3] - line[1]);
    const double u[2] = {(line[2] - line[0]) / length, (line[3] - line[1]) / length};
    const ct_box3 box = {{fmin(line[0], line[2]) - BESIDE_M, fmin(line[1], line[3]) - BESIDE_M, 0},
                         {fmax(line[0], line[2]) + BESIDE_M, fmax(line[1], line[3]) + BESIDE_M, 0}};
    ct_rtree_hits hits;
    cuts taken = {.n = 0};
    double from = 0;
    CT_TRY(ct_rtree_find(&hits, c->w->moment, c->tree, &box));
    for (uint32_t i = 0; i < hits.n; i++)
        for (int side = -1; side <= 1; side++) {
            const double a[2] = {line[0] - side * BESIDE_M * u[1],
                                 line[1] + side * BESIDE_M * u[0]};
            cut_by(&taken, &c->blockers[hits.at[i]].g, a, u, length);
        }
    qsort(taken.at, taken.n / 2, 2 * sizeof *taken.at, by_from);
    for (size_t i = 0; i < taken.n; i += 2) {
        if (taken.at[i] > from) CT_TRY(tell(c, s, line, from, taken.at[i]));
        from = fmax(from, taken.at[i + 1]);
    }
    return from < length ? tell(c, s, line, from, length) : CT_OK;
}

// ---- edges along edges --------------------------------------------------------------------------

// The line midway between the stretches of two edges that run along each other.
static bool midway(double line[4], const double *a, const double *b, const double *c,
                   const double *d, const ct_indoor__facing *how) {
    const double length = hypot(b[0] - a[0], b[1] - a[1]);
    const double other = hypot(d[0] - c[0], d[1] - c[1]);
    if (length < how->least_m || other < how->least_m) return false;
    const double u[2] = {(b[0] - a[0]) / length, (b[1] - a[1]) / length};
    const double turn = (u[0] * (d[1] - c[1]) - u[1] * (d[0] - c[0])) / other;
    if (fabs(turn) > ASKEW) return false;
    const double vc = u[0] * (c[1] - a[1]) - u[1] * (c[0] - a[0]);
    const double vd = u[0] * (d[1] - a[1]) - u[1] * (d[0] - a[0]);
    const double v = (vc + vd) / 2;
    if (fabs(v) > how->reach_m) return false;
    const double tc = u[0] * (c[0] - a[0]) + u[1] * (c[1] - a[1]);
    const double td = u[0] * (d[0] - a[0]) + u[1] * (d[1] - a[1]);
    const double from = fmax(0, fmin(tc, td)), to = fmin(length, fmax(tc, td));
    if (to - from < how->least_m) return false;
    const double t[2] = {from, to};
    for (int k = 0; k < 2; k++) {
        line[2 * k] = a[0] + t[k] * u[0] - v / 2 * u[1];
        line[2 * k + 1] = a[1] + t[k] * u[1] + v / 2 * u[0];
    }
    return true;
}

static ct_err face_pair(storey_cut *c, uint32_t i, uint32_t k) {
    const ct_geom *p = &c->w->out->spaces[i].floor, *q = &c->w->out->spaces[k].floor;
    ct_indoor__strip strip = {.space = {i, k}, .cut_z_m = c->z_m};
    double line[4];
    for (uint32_t r = 0; r < p->n_rings; r++)
        for (uint32_t e = (r ? p->ring_end[r - 1] : 0); e + 1 < p->ring_end[r]; e++)
            for (uint32_t s = 0; s < q->n_rings; s++)
                for (uint32_t f = (s ? q->ring_end[s - 1] : 0); f + 1 < q->ring_end[s]; f++) {
                    const double *a = p->xyz + 2 * (size_t)e, *b = q->xyz + 2 * (size_t)f;
                    if (midway(line, a, a + 2, b, b + 2, c->how))
                        CT_TRY(tell_free(c, &strip, line));
                }
    return CT_OK;
}

static ct_err face_storey(ct_indoor__work *w, const ct_indoor__facing *how, uint32_t storey) {
    storey_cut c = {.w = w, .how = how, .z_m = w->out->storeys[storey].z_m + CUT_M};
    c.blockers =
        ct_arena_calloc(w->scratch, w->n_walls + w->openings.n + (size_t)1, sizeof *c.blockers);
    if (!c.blockers) return CT_NOMEM;
    CT_TRY(add_walls(&c));
    CT_TRY(add_fillings(&c));
    CT_TRY(index_blockers(&c));
    for (uint32_t i = 0; i < w->out->n_spaces; i++) {
        const ct_indoor_space *s = &w->out->spaces[i];
        ct_bbox b;
        ct_rtree_hits hits;
        if (s->storey != storey || !ct_geom_bbox(&b, &s->floor)) continue;
        ct_arena_reset(w->moment);
        const ct_box3 near = {
            {b.min_x - how->reach_m, b.min_y - how->reach_m, s->z_m},
            {b.max_x + how->reach_m, b.max_y + how->reach_m, s->z_m + s->height_m}};
        CT_TRY(ct_rtree_find(&hits, w->moment, w->space_tree, &near));
        for (uint32_t k = 0; k < hits.n; k++)
            if (hits.at[k] > i && w->out->spaces[hits.at[k]].storey == storey)
                CT_TRY(face_pair(&c, i, hits.at[k]));
    }
    return CT_OK;
}

ct_err ct_indoor__face(ct_indoor__work *w, const ct_indoor__facing *how) {
    bool any = false;
    for (uint32_t i = 0; i < w->n_walls; i++) any |= !w->walls[i].slab;
    for (uint32_t i = 0; any && i < w->out->n_storeys; i++) CT_TRY(face_storey(w, how, i));
    return CT_OK;
}
