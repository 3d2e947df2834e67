// Plane predicates: inside, distance, overlap with a box.
#include <math.h>

#include "geo/geom_private.h"

static bool part_contains(const ct_geom *g, uint32_t part, double x, double y) {
    bool inside = false;
    for (uint32_t ring = ct_geo__part_begin(g, part); ring < g->part_end[part]; ring++)
        for (uint32_t i = ct_geo__ring_begin(g, ring); i + 1 < g->ring_end[ring]; i++) {
            const double *a = ct_geo__point(g, i), *b = ct_geo__point(g, i + 1);
            if (ct_geo__edge_spans(a, b, y) && x < ct_geo__edge_x(a, b, y)) inside = !inside;
        }
    return inside;
}

bool ct_geom_contains_point(const ct_geom *g, double x, double y) {
    if (!ct_geo__is_polygonal(g->type)) return false;
    for (uint32_t part = 0; part < g->n_parts; part++)
        if (part_contains(g, part, x, y)) return true;
    return false;
}

static double segment_distance_m(const double *a, const double *b, double x, double y) {
    const double dx = b[0] - a[0], dy = b[1] - a[1];
    const double length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((x - a[0]) * dx + (y - a[1]) * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypot(x - (a[0] + t * dx), y - (a[1] + t * dy));
}

double ct_geom_distance_m(const ct_geom *g, double x, double y) {
    if (ct_geom_contains_point(g, x, y)) return 0;
    double nearest = HUGE_VAL;
    for (uint32_t ring = 0; ring < g->n_rings; ring++) {
        const uint32_t begin = ct_geo__ring_begin(g, ring), end = g->ring_end[ring];
        const uint32_t last =
            end - begin > 1 ? end - 1 : end; // a lone point is an edge of length 0
        for (uint32_t i = begin; i < last; i++) {
            const uint32_t next = i + 1 < end ? i + 1 : i;
            nearest = fmin(nearest,
                           segment_distance_m(ct_geo__point(g, i), ct_geo__point(g, next), x, y));
        }
    }
    return nearest;
}

// Which side of the line a-b the point is on: > 0 left, < 0 right.
static double side_of(const double *a, const double *b, double x, double y) {
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
}

// Separating axes: the box's two, and the segment's normal.
static bool segment_meets_box(const double *a, const double *b, const ct_bbox *box) {
    if (fmax(a[0], b[0]) < box->min_x || fmin(a[0], b[0]) > box->max_x ||
        fmax(a[1], b[1]) < box->min_y || fmin(a[1], b[1]) > box->max_y)
        return false;
    const double s[4] = {
        side_of(a, b, box->min_x, box->min_y), side_of(a, b, box->max_x, box->min_y),
        side_of(a, b, box->max_x, box->max_y), side_of(a, b, box->min_x, box->max_y)};
    const bool all_left = s[0] > 0 && s[1] > 0 && s[2] > 0 && s[3] > 0;
    const bool all_right = s[0] < 0 && s[1] < 0 && s[2] < 0 && s[3] < 0;
    return !all_left && !all_right;
}

bool ct_geom_intersects_box(const ct_geom *g, const ct_bbox *box) {
    ct_bbox own;
    if (!ct_geom_bbox(&own, g) || !ct_bbox_intersects(&own, box)) return false;
    for (uint32_t ring = 0; ring < g->n_rings; ring++) {
        const uint32_t begin = ct_geo__ring_begin(g, ring), end = g->ring_end[ring];
        const uint32_t last = end - begin > 1 ? end - 1 : end;
        for (uint32_t i = begin; i < last; i++) {
            const uint32_t next = i + 1 < end ? i + 1 : i;
            if (segment_meets_box(ct_geo__point(g, i), ct_geo__point(g, next), box)) return true;
        }
    }
    // No edge meets the box: it lies inside the polygon or outside as a whole.
    return ct_geom_contains_point(g, (box->min_x + box->max_x) / 2, (box->min_y + box->max_y) / 2);
}
