// Rings that are valid beyond doubt, told without GEOS: of few points, none of whose edges meets
// another but its neighbours in their common point. All decisions are exact.
#include <math.h>

#include "geo/exact.h"
#include "geo/geos_private.h"

enum { MOST_EDGES = 64 };

static bool apart(const double *a, const double *b, const double *c, const double *d) {
    for (int k = 0; k < 2; k++) {
        const bool up = a[k] < b[k], other_up = c[k] < d[k];
        if ((up ? b[k] : a[k]) < (other_up ? c[k] : d[k])) return true;
        if ((other_up ? d[k] : c[k]) < (up ? a[k] : b[k])) return true;
    }
    return false;
}

// Whether a-b and c-d have a point in common, in their ends too. Those on one line do where their
// boxes do.
static bool meet(const double *a, const double *b, const double *c, const double *d) {
    if (apart(a, b, c, d)) return false;
    return ct_orient2d(a, b, c) * ct_orient2d(a, b, d) <= 0 &&
           ct_orient2d(c, d, a) * ct_orient2d(c, d, b) <= 0;
}

// Whether the way from a over b to c goes back on itself.
static bool turns_back(const double *a, const double *b, const double *c) {
    if (ct_orient2d(a, b, c) != 0) return false;
    for (int k = 0; k < 2; k++)
        if ((a[k] < b[k] && c[k] < b[k]) || (a[k] > b[k] && c[k] > b[k])) return true;
    return false;
}

bool ct_geo__is_simple_ring(const ct_geom *g) {
    const uint32_t n = g->n_points ? g->n_points - 1 : 0; // edges; the last point is the first
    if ((g->type != CT_GEOM_POLYGON && g->type != CT_GEOM_MULTIPOLYGON) || g->n_parts != 1 ||
        g->n_rings != 1 || n < 3 || n > MOST_EDGES)
        return false;
    const double *first = ct_geo__point(g, 0), *last = ct_geo__point(g, n);
    if (first[0] != last[0] || first[1] != last[1]) return false;
    for (uint32_t i = 0; i < n; i++) {
        const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
        const double *c = ct_geo__point(g, i + 1 < n ? i + 2 : 1);
        if (!isfinite(a[0]) || !isfinite(a[1]) || (a[0] == b[0] && a[1] == b[1]) ||
            turns_back(a, b, c))
            return false;
        for (uint32_t k = i + 2; k + (i == 0) < n; k++)
            if (meet(a, b, ct_geo__point(g, k), ct_geo__point(g, k + 1))) return false;
    }
    return true;
}
