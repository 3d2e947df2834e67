// Ears cut from a ring: a convex corner goes when no other point that is not convex lies in its
// triangle; these points stand in a grid.
//
// A ring that crosses itself may have no such corner. Then the demands fall step by step, so that
// the ring always comes to its end: points on the triangle's border are let be, then the corner of
// the smallest area goes, whatever lies in it.
#include "geo/triangulate_private.h"

typedef enum demand { NOTHING_TOUCHES, NOTHING_INSIDE, SMALLEST } demand;

enum {
    MAX_RELAPSES = 64,
    MAX_CELLS = 1 << 20,
    MAX_SEARCHED = 4096 // corners of a ring in which the smallest is looked for
};

static uint32_t cell_of(const ct_triangulator *t, int k, double v) {
    const uint32_t n = k ? t->ny : t->nx;
    const double f = (v - t->low[k]) * t->scale[k];
    return f > 0 ? (f < n ? (uint32_t)f : n - 1) : 0;
}

static bool is_flat_or_reflex(const ct_triangulator *t, uint32_t v) {
    return ct_geo__turn(t, t->nodes[v].prev, v, t->nodes[v].next) <= 0;
}

// Also counts the ring's nodes.
static ct_err make_grid(uint32_t *n_nodes, ct_triangulator *t, uint32_t start) {
    ct_geo__node *n = t->nodes;
    double high[2] = {n[start].at[0], n[start].at[1]};
    t->low[0] = high[0];
    t->low[1] = high[1];
    uint32_t blockers = 0, v = start;
    *n_nodes = 0;
    do {
        for (int k = 0; k < 2; k++) {
            t->low[k] = fmin(t->low[k], n[v].at[k]);
            high[k] = fmax(high[k], n[v].at[k]);
        }
        n[v].blocks = is_flat_or_reflex(t, v);
        blockers += n[v].blocks;
        ++*n_nodes;
        v = n[v].next;
    } while (v != start);
    // About one blocker a cell, cells about square.
    const double w = high[0] - t->low[0], h = high[1] - t->low[1];
    const double cells = fmin(blockers, MAX_CELLS), ratio = w > 0 && h > 0 ? w / h : 1;
    t->nx = (uint32_t)fmin(fmax(sqrt(cells * ratio), 1), fmax(cells, 1));
    t->ny = (uint32_t)fmin(fmax(cells / t->nx, 1), fmax(cells, 1));
    t->scale[0] = w > 0 ? t->nx / w : 0;
    t->scale[1] = h > 0 ? t->ny / h : 0;
    CT_TRY(ct_grow(&t->cells, &t->cells_room, (size_t)t->nx * t->ny, sizeof *t->cells));
    for (size_t i = 0; i < (size_t)t->nx * t->ny; i++) t->cells[i] = CT_GEO__NONE;
    do {
        if (n[v].blocks) {
            uint32_t *cell =
                &t->cells[cell_of(t, 0, n[v].at[0]) + t->nx * cell_of(t, 1, n[v].at[1])];
            n[v].cell_next = *cell;
            *cell = v;
        }
        v = n[v].next;
    } while (v != start);
    return CT_OK;
}

// Whether an edge leaves node v, which stands in the ear's corner k, into the ear.
static bool leads_in(const ct_triangulator *t, const uint32_t ear[3], int k, uint32_t v) {
    const uint32_t at = ear[k], after = ear[(k + 1) % 3], before = ear[(k + 2) % 3];
    const uint32_t ends[2] = {t->nodes[v].prev, t->nodes[v].next};
    for (int i = 0; i < 2; i++)
        if (ct_geo__turn(t, at, after, ends[i]) > 0 && ct_geo__turn(t, before, at, ends[i]) > 0)
            return true;
    return false;
}

// Whether node v keeps the ear p, i, q from being cut.
static bool is_in_the_way(const ct_triangulator *t, const uint32_t ear[3], uint32_t v,
                          demand wanted) {
    const ct_geo__node *n = t->nodes;
    for (int k = 0; k < 3; k++)
        if (ct_geo__same_place(&n[v], &n[ear[k]]))
            return v != ear[0] && v != ear[1] && v != ear[2] && leads_in(t, ear, k, v);
    const int least = wanted == NOTHING_TOUCHES ? 0 : 1;
    return ct_geo__turn(t, ear[0], ear[1], v) >= least &&
           ct_geo__turn(t, ear[1], ear[2], v) >= least &&
           ct_geo__turn(t, ear[2], ear[0], v) >= least;
}

static bool is_free(const ct_triangulator *t, const uint32_t ear[3], demand wanted, double *work) {
    const ct_geo__node *n = t->nodes;
    double low[2], high[2];
    for (int k = 0; k < 2; k++) {
        low[k] = fmin(fmin(n[ear[0]].at[k], n[ear[1]].at[k]), n[ear[2]].at[k]);
        high[k] = fmax(fmax(n[ear[0]].at[k], n[ear[1]].at[k]), n[ear[2]].at[k]);
    }
    const uint32_t x0 = cell_of(t, 0, low[0]), x1 = cell_of(t, 0, high[0]);
    const uint32_t y0 = cell_of(t, 1, low[1]), y1 = cell_of(t, 1, high[1]);
    for (uint32_t y = y0; y <= y1; y++)
        for (uint32_t x = x0; x <= x1; x++) {
            uint32_t *link = &t->cells[x + t->nx * y];
            *work += 1;
            while (*link != CT_GEO__NONE) {
                ct_geo__node *v = &t->nodes[*link];
                *work += 1;
                if (!v->blocks) {
                    *link = v->cell_next; // it became convex or was cut
                    continue;
                }
                if (v->at[0] >= low[0] && v->at[0] <= high[0] && v->at[1] >= low[1] &&
                    v->at[1] <= high[1] && is_in_the_way(t, ear, *link, wanted))
                    return false;
                link = &v->cell_next;
            }
        }
    return true;
}

// Whether the way from node v to `to` begins inside the ring's corner at v: where rings touch
// themselves, an empty triangle is not enough.
static bool begins_inside(const ct_triangulator *t, uint32_t v, uint32_t to) {
    const ct_geo__node *n = t->nodes, *at = &n[v], *prev = &n[at->prev], *next = &n[at->next];
    const int corner = ct_geo__turn(t, at->prev, v, at->next);
    const bool left_of_next = ct_geo__turn(t, v, at->next, to) >= 0;
    const bool left_of_prev = ct_geo__turn(t, at->prev, v, to) >= 0;
    if (corner > 0) return left_of_next && left_of_prev;
    if (corner < 0) return left_of_next || left_of_prev;
    const double along = (prev->at[0] - at->at[0]) * (next->at[0] - at->at[0]) +
                         (prev->at[1] - at->at[1]) * (next->at[1] - at->at[1]);
    return along < 0 && left_of_next; // not on the tip of a spike
}

static bool is_ear(const ct_triangulator *t, uint32_t v, demand wanted, double *work) {
    const uint32_t ear[3] = {t->nodes[v].prev, v, t->nodes[v].next};
    return ct_geo__turn(t, ear[0], ear[1], ear[2]) > 0 && is_free(t, ear, wanted, work) &&
           begins_inside(t, ear[0], ear[2]) && begins_inside(t, ear[2], ear[0]);
}

static double corner_size(const ct_triangulator *t, uint32_t v) {
    const double *a = t->nodes[t->nodes[v].prev].at, *b = t->nodes[v].at;
    const double *c = t->nodes[t->nodes[v].next].at;
    return fabs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

static uint32_t smallest(const ct_triangulator *t, uint32_t start, uint32_t n) {
    uint32_t best = start, v = start;
    double least = corner_size(t, start);
    for (uint32_t i = 1; i < n && i < MAX_SEARCHED; i++) {
        v = t->nodes[v].next;
        const double size = corner_size(t, v);
        if (size < least) {
            best = v;
            least = size;
        }
    }
    return best;
}

static void cut(ct_triangulator *t, uint32_t v) {
    ct_geo__node *n = t->nodes;
    const uint32_t prev = n[v].prev, next = n[v].next;
    uint32_t *corner = t->corners + t->n_corners;
    corner[0] = prev;
    corner[1] = v;
    corner[2] = next;
    t->n_corners += 3;
    n[prev].next = next;
    n[next].prev = prev;
    n[v].blocks = false;
    if (n[prev].blocks) n[prev].blocks = is_flat_or_reflex(t, prev);
    if (n[next].blocks) n[next].blocks = is_flat_or_reflex(t, next);
}

// How low a corner is over its longest side; INFINITY for one that is not a spike (points on
// straight lines are wanted where they are).
static double spike_height(const ct_triangulator *t, uint32_t v) {
    const double *a = t->nodes[t->nodes[v].prev].at, *b = t->nodes[v].at;
    const double *c = t->nodes[t->nodes[v].next].at;
    const double u[2] = {a[0] - b[0], a[1] - b[1]}, w[2] = {c[0] - b[0], c[1] - b[1]};
    const double longer = fmax(hypot(u[0], u[1]), hypot(w[0], w[1]));
    if (!(longer > 0)) return 0;
    if (u[0] * w[0] + u[1] * w[1] < 0) return INFINITY;
    return corner_size(t, v) / longer;
}

// Cuts spikes lower than `height`, the lowest first, whichever way they turn: what rounding has
// bent across its neighbours. Gives a node that is still in the ring.
static uint32_t cut_thin(ct_triangulator *t, uint32_t start, double height, uint32_t n) {
    while (n > 3 && n <= MAX_SEARCHED) {
        uint32_t best = start, v = start;
        double least = spike_height(t, start);
        for (uint32_t i = 1; i < n; i++) {
            v = t->nodes[v].next;
            const double h = spike_height(t, v);
            if (h < least) {
                best = v;
                least = h;
            }
        }
        if (!(least < height)) break;
        start = t->nodes[best].next;
        cut(t, best);
        n--;
    }
    return start;
}

static double extent_of(const ct_triangulator *t, uint32_t start, uint32_t *n) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    uint32_t v = start;
    *n = 0;
    do {
        for (int k = 0; k < 2; k++) {
            low[k] = fmin(low[k], t->nodes[v].at[k]);
            high[k] = fmax(high[k], t->nodes[v].at[k]);
        }
        ++*n;
        v = t->nodes[v].next;
    } while (v != start);
    return fmax(high[0] - low[0], high[1] - low[1]);
}

ct_err ct_geo__cut_ears(ct_triangulator *t, uint32_t start) {
    uint32_t n;
    const double extent = extent_of(t, start, &n);
    CT_TRY(
        ct_grow(&t->corners, &t->corners_room, t->n_corners + 3 * (size_t)n, sizeof *t->corners));
    if (t->care == THIN_FIRST) start = cut_thin(t, start, CT_GEO__THIN * extent, n);
    CT_TRY(make_grid(&n, t, start));
    demand wanted = NOTHING_TOUCHES;
    int relapses = 0;
    double work = 0;
    const double enough = 64.0 * n * sqrt(n) + 1e6; // what is dearer than this is not a polygon
    uint32_t v = start, missed = 0;
    while (n > 2) {
        if (wanted == SMALLEST) v = smallest(t, v, n);
        const uint32_t next = t->nodes[v].next;
        if (wanted == SMALLEST || is_ear(t, v, wanted, &work)) {
            cut(t, v);
            n--;
            missed = 0;
            v = t->nodes[next].next; // leaves every other corner for the next round: fatter ears
            if (wanted && work < enough && ++relapses < MAX_RELAPSES) wanted = NOTHING_TOUCHES;
            continue;
        }
        v = next;
        if (++missed < n && work < enough) continue;
        wanted = work >= enough ? SMALLEST : wanted + 1;
        missed = 0;
    }
    return CT_OK;
}
