// What the body of a flight shows: its treads as level faces one over the other, or, of a ramp, its
// lower and upper edge.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indoor/private.h"

#define LEVEL       0.98 // of a tread's normal upwards
#define TREAD_M2    0.04 // less is no tread
#define SAME_M      0.04 // treads nearer in height are one
#define EDGE_M      0.05 // points so near to the lowest or highest are of that edge
#define RISER_MAX_M 0.35
enum { MOST_TREADS = 1024 };

typedef struct tread {
    double z, x, y, area; // x, y: of the middle
} tread;

static int by_z(const void *a, const void *b) {
    const tread *p = a, *q = b;
    if (p->z < q->z || p->z > q->z) return p->z < q->z ? -1 : 1;
    if (p->x < q->x || p->x > q->x) return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

static void add_face(tread *t, const ct_mesh *m, uint32_t face) {
    double up = 0;
    *t = (tread){0};
    for (uint32_t k = face ? m->face_end[face - 1] : 0; k < m->face_end[face]; k++) {
        const uint32_t *c = m->triangles + 3 * (size_t)k;
        const double *a = m->xyz + 3 * (size_t)c[0], *b = m->xyz + 3 * (size_t)c[1],
                     *d = m->xyz + 3 * (size_t)c[2];
        const double u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
        const double v[3] = {d[0] - a[0], d[1] - a[1], d[2] - a[2]};
        const double n[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                             u[0] * v[1] - u[1] * v[0]};
        const double area = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) / 2;
        up += n[2] / 2;
        t->area += area;
        t->x += area * (a[0] + b[0] + d[0]) / 3;
        t->y += area * (a[1] + b[1] + d[1]) / 3;
        t->z += area * (a[2] + b[2] + d[2]) / 3;
    }
    if (up < LEVEL * t->area) t->area = 0; // it does not look up
}

static ct_err take_treads(tread *treads, size_t *n, ct_arena *moment, const ct_body *body) {
    *n = 0;
    for (size_t p = 0; p < body->n_parts; p++) {
        ct_mesh m;
        bool finest;
        CT_TRY(ct_indoor__part(&finest, &m, moment, body, p));
        for (uint32_t f = 0; finest && f < m.n_faces && *n < MOST_TREADS; f++) {
            tread t;
            add_face(&t, &m, f);
            if (t.area < TREAD_M2) continue;
            treads[(*n)++] = (tread){t.z / t.area, t.x / t.area, t.y / t.area, t.area};
        }
    }
    qsort(treads, *n, sizeof *treads, by_z);
    return CT_OK;
}

// Faces of one height become one tread.
static size_t join_levels(tread *t, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        tread *last = kept ? &t[kept - 1] : NULL;
        if (!last || t[i].z - last->z > SAME_M) {
            t[kept++] = t[i];
            continue;
        }
        const double area = last->area + t[i].area;
        last->x = (last->x * last->area + t[i].x * t[i].area) / area;
        last->y = (last->y * last->area + t[i].y * t[i].area) / area;
        last->z = (last->z * last->area + t[i].z * t[i].area) / area;
        last->area = area;
    }
    return kept;
}

// The run of levels that climb by steps of one height; what lies apart is a landing of another
// storey or an ornament.
static size_t longest_run(size_t *first, const tread *t, size_t n) {
    size_t best = 0, begin = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && t[i].z - t[i - 1].z <= RISER_MAX_M) continue;
        if (i - begin > best) {
            best = i - begin;
            *first = begin;
        }
        begin = i;
    }
    return best;
}

static double lowest_z(const ct_indoor__plan *plan) {
    return plan->z[0];
}

// By treads: each is as deep as its middle is from the next one's. The lowest riser stands before
// the first tread; the head is at the last one's far edge, where it is a landing's height.
static bool by_treads(ct_indoor__flight *out, const tread *t, size_t n,
                      const ct_indoor__plan *plan) {
    if (n < 3) return false;
    const double rise = (t[n - 1].z - t[0].z) / (double)(n - 1);
    const double run = hypot(t[n - 1].x - t[0].x, t[n - 1].y - t[0].y) / (double)(n - 1);
    if (!(run > 0) || !(rise > 0)) return false;
    const double first[2] = {t[1].x - t[0].x, t[1].y - t[0].y};
    const double last[2] = {t[n - 1].x - t[n - 2].x, t[n - 1].y - t[n - 2].y};
    const double below = t[0].z - lowest_z(plan);
    // A body that reaches down by about a riser stands on the floor; a hung one hangs by less.
    out->risers = (int)n - (below < rise / 2 ? 1 : 0);
    out->riser_m = rise;
    out->tread_m = hypot(t[1].x - t[0].x, t[1].y - t[0].y);
    for (int k = 0; k < 2; k++) {
        const double a = k ? t[0].y : t[0].x, b = k ? t[n - 1].y : t[n - 1].x;
        out->foot[k] = a - first[k] / 2;
        out->head[k] = b + last[k] / 2;
    }
    out->foot[2] = t[0].z - (below < rise / 2 ? 0 : rise);
    out->head[2] = t[n - 1].z;
    out->width_m = t[n / 2].area / fmax(out->tread_m, 0.1);
    out->width_m = fmin(out->width_m, 2 * fmax(plan->half[0], plan->half[1]));
    return true;
}

// Of a ramp, or a stair whose treads are not level faces: the middles of its lowest and highest
// points.
static ct_err by_ends(ct_indoor__flight *out, bool *has, ct_arena *moment, const ct_body *body,
                      const ct_indoor__plan *plan) {
    double sum[2][2] = {{0}};
    size_t n[2] = {0};
    *has = false;
    if (!plan->has || plan->z[1] - plan->z[0] < EDGE_M) return CT_OK;
    for (size_t p = 0; p < body->n_parts; p++) {
        ct_mesh m;
        bool finest;
        CT_TRY(ct_indoor__part(&finest, &m, moment, body, p));
        for (uint32_t i = 0; finest && i < m.n_points; i++) {
            const double *at = m.xyz + 3 * (size_t)i;
            const int end = at[2] <= plan->z[0] + EDGE_M   ? 0
                            : at[2] >= plan->z[1] - EDGE_M ? 1
                                                           : -1;
            if (end < 0) continue;
            sum[end][0] += at[0];
            sum[end][1] += at[1];
            n[end]++;
        }
    }
    if (!n[0] || !n[1]) return CT_OK;
    for (int k = 0; k < 2; k++) {
        out->foot[k] = sum[0][k] / (double)n[0];
        out->head[k] = sum[1][k] / (double)n[1];
    }
    out->foot[2] = plan->z[0];
    out->head[2] = plan->z[1];
    out->width_m = 2 * plan->half[1];
    *has = true;
    return CT_OK;
}

ct_err ct_indoor__flight_of(ct_indoor__flight *out, bool *has, ct_arena *moment,
                            const ct_body *body) {
    ct_indoor__plan plan;
    size_t n, first = 0;
    tread *treads = ct_arena_calloc(moment, MOST_TREADS, sizeof *treads);
    *out = (ct_indoor__flight){0};
    if (!treads) return CT_NOMEM;
    CT_TRY(ct_indoor__plan_of(&plan, moment, body));
    CT_TRY(take_treads(treads, &n, moment, body));
    n = longest_run(&first, treads, join_levels(treads, n));
    *has = by_treads(out, treads + first, n, &plan);
    return *has ? CT_OK : by_ends(out, has, moment, body, &plan);
}
