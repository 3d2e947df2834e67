// A point well inside polygons.
#include <math.h>
#include <stdlib.h>

#include "geo/geom_private.h"

static int ascending(const void *a, const void *b) {
    const double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

// The length of the longest run inside along the horizontal through y, and its middle; 0 where
// there is none, or the line is cut too often.
static double widest_at(double *x, const ct_geom *g, double y) {
    enum { MOST = 512 };
    double cuts[MOST], best = 0;
    size_t n = 0;
    for (uint32_t ring = 0; ring < g->n_rings; ring++)
        for (uint32_t i = ct_geo__ring_begin(g, ring); i + 1 < g->ring_end[ring]; i++) {
            const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
            if ((a[1] > y) == (b[1] > y)) continue;
            if (n == MOST) return 0;
            cuts[n++] = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
        }
    qsort(cuts, n, sizeof *cuts, ascending);
    for (size_t i = 0; i + 1 < n; i += 2)
        if (cuts[i + 1] - cuts[i] > best) {
            best = cuts[i + 1] - cuts[i];
            *x = (cuts[i] + cuts[i + 1]) / 2;
        }
    return best;
}

bool ct_geom_inside_point(double out[2], const ct_geom *g) {
    ct_bbox box;
    double x, y, best = 0;
    if (!ct_geo__is_polygonal(g->type) || !ct_geom_bbox(&box, g)) return false;
    if (ct_geom_centroid(&x, &y, g) && ct_geom_contains_point(g, x, y)) {
        out[0] = x;
        out[1] = y;
        return true;
    }
    for (int k = 1; k < 8; k++) {
        const double at = box.min_y + (box.max_y - box.min_y) * (k / 8.0 + 0.001);
        const double width = widest_at(&x, g, at);
        if (width <= best) continue;
        best = width;
        out[0] = x;
        out[1] = at;
    }
    return best > 0;
}
