// Plane measures: area, length and centroid. Sums are taken relative to a nearby point, since
// projected coordinates of some millions of metres would eat the small differences otherwise.
#include <math.h>

#include "geo/geom_private.h"

double ct_geo__ring_area_m2(const ct_geom *g, uint32_t ring) {
    const uint32_t begin = ct_geo__ring_begin(g, ring), end = g->ring_end[ring];
    if (end - begin < 4) return 0;
    const double *origin = ct_geo__point(g, begin);
    double twice = 0;
    for (uint32_t i = begin; i + 1 < end; i++) {
        const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
        twice += (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1]);
    }
    return twice / 2;
}

double ct_geom_area_m2(const ct_geom *g) {
    if (!ct_geo__is_polygonal(g->type)) return 0;
    double sum = 0;
    for (uint32_t part = 0; part < g->n_parts; part++) {
        const uint32_t first = ct_geo__part_begin(g, part);
        for (uint32_t ring = first; ring < g->part_end[part]; ring++) {
            const double area = fabs(ct_geo__ring_area_m2(g, ring));
            sum += ring == first ? area : -area;
        }
    }
    return sum;
}

double ct_geom_length_m(const ct_geom *g) {
    double sum = 0;
    for (uint32_t ring = 0; ring < g->n_rings; ring++)
        for (uint32_t i = ct_geo__ring_begin(g, ring); i + 1 < g->ring_end[ring]; i++) {
            const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
            sum += hypot(b[0] - a[0], b[1] - a[1]);
        }
    return sum;
}

// Weighted sums relative to an origin; the centroid is (x, y) / weight.
typedef struct moments {
    double x, y, weight;
} moments;

static void add_ring_area(moments *m, const ct_geom *g, uint32_t ring, const double *origin,
                          bool hole) {
    moments own = {0, 0, 0};
    for (uint32_t i = ct_geo__ring_begin(g, ring); i + 1 < g->ring_end[ring]; i++) {
        const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
        const double ax = a[0] - origin[0], ay = a[1] - origin[1];
        const double bx = b[0] - origin[0], by = b[1] - origin[1];
        const double cross = ax * by - bx * ay;
        own.weight += cross / 2;
        own.x += (ax + bx) * cross / 6;
        own.y += (ay + by) * cross / 6;
    }
    const double sign = (own.weight < 0) == hole ? 1 : -1; // whatever way round the ring runs
    m->weight += sign * own.weight;
    m->x += sign * own.x;
    m->y += sign * own.y;
}

static moments area_moments(const ct_geom *g, const double *origin) {
    moments m = {0, 0, 0};
    for (uint32_t part = 0; part < g->n_parts; part++) {
        const uint32_t first = ct_geo__part_begin(g, part);
        for (uint32_t ring = first; ring < g->part_end[part]; ring++)
            add_ring_area(&m, g, ring, origin, ring != first);
    }
    return m;
}

static moments length_moments(const ct_geom *g, const double *origin) {
    moments m = {0, 0, 0};
    for (uint32_t ring = 0; ring < g->n_rings; ring++)
        for (uint32_t i = ct_geo__ring_begin(g, ring); i + 1 < g->ring_end[ring]; i++) {
            const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
            const double length = hypot(b[0] - a[0], b[1] - a[1]);
            m.weight += length;
            m.x += length * ((a[0] - origin[0]) + (b[0] - origin[0])) / 2;
            m.y += length * ((a[1] - origin[1]) + (b[1] - origin[1])) / 2;
        }
    return m;
}

static moments point_moments(const ct_geom *g, const double *origin) {
    moments m = {0, 0, (double)g->n_points};
    for (uint32_t i = 0; i < g->n_points; i++) {
        m.x += ct_geo__point(g, i)[0] - origin[0];
        m.y += ct_geo__point(g, i)[1] - origin[1];
    }
    return m;
}

bool ct_geom_centroid(double *x, double *y, const ct_geom *g) {
    if (g->n_points == 0) return false;
    const double *origin = g->xyz;
    moments m = {0, 0, 0};
    // A polygon without area weighs by its edges, a line without length by its points.
    if (ct_geo__is_polygonal(g->type)) m = area_moments(g, origin);
    if (!(m.weight > 0) && !ct_geo__is_puntal(g->type)) m = length_moments(g, origin);
    if (!(m.weight > 0)) m = point_moments(g, origin);
    *x = origin[0] + m.x / m.weight;
    *y = origin[1] + m.y / m.weight;
    return true;
}
