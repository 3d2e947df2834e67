// Geometries as such: type names, boxes, copies, ring orientation.
#include "geo/geom.h"

#include <string.h>
#include <strings.h>

#include "geo/geom_private.h"

static const char *const type_names[] = {"",           "Point",           "LineString",  "Polygon",
                                         "MultiPoint", "MultiLineString", "MultiPolygon"};

const char *ct_geom_type_name(ct_geom_type type) {
    return (unsigned)type <= CT_GEOM_MULTIPOLYGON ? type_names[type] : "";
}

ct_geom_type ct_geom_type_of_name(const char *name) {
    for (int t = CT_GEOM_POINT; t <= CT_GEOM_MULTIPOLYGON; t++)
        if (strcasecmp(name, type_names[t]) == 0) return (ct_geom_type)t;
    return CT_GEOM_NONE;
}

bool ct_geom_bbox(ct_bbox *out, const ct_geom *g) {
    if (g->n_points == 0) return false;
    const double *p = g->xyz;
    ct_bbox box = {p[0], p[1], p[0], p[1]};
    const size_t stride = (size_t)ct_geom_stride(g);
    for (uint32_t i = 1; i < g->n_points; i++) {
        p += stride;
        if (p[0] < box.min_x) box.min_x = p[0];
        if (p[0] > box.max_x) box.max_x = p[0];
        if (p[1] < box.min_y) box.min_y = p[1];
        if (p[1] > box.max_y) box.max_y = p[1];
    }
    *out = box;
    return true;
}

void ct_bbox_add(ct_bbox *box, const ct_bbox *other) {
    if (other->min_x < box->min_x) box->min_x = other->min_x;
    if (other->min_y < box->min_y) box->min_y = other->min_y;
    if (other->max_x > box->max_x) box->max_x = other->max_x;
    if (other->max_y > box->max_y) box->max_y = other->max_y;
}

ct_err ct_geo__alloc(ct_geom *out, ct_arena *arena, ct_geom_type type, bool has_z, size_t n_points,
                     size_t n_rings, size_t n_parts) {
    if (n_points > UINT32_MAX || n_rings > UINT32_MAX || n_parts > UINT32_MAX)
        return ct_fail(CT_LIMIT, "geometry: more than %u points", UINT32_MAX);
    const size_t points_bytes = n_points * (has_z ? 3 : 2) * sizeof(double);
    const size_t ends = n_rings + n_parts;
    char *block = ct_arena_alloc(arena, points_bytes + ends * sizeof(uint32_t) + 1);
    if (!block) return CT_NOMEM;
    uint32_t *index = (uint32_t *)(void *)(block + points_bytes);
    *out = (ct_geom){.type = type,
                     .has_z = has_z,
                     .n_points = (uint32_t)n_points,
                     .n_rings = (uint32_t)n_rings,
                     .n_parts = (uint32_t)n_parts,
                     .xyz = (double *)(void *)block,
                     .ring_end = index,
                     .part_end = index + n_rings};
    return CT_OK;
}

ct_err ct_geom_single(ct_geom *out, ct_arena *arena, ct_geom_type type, bool has_z, uint32_t n) {
    CT_TRY(ct_geo__alloc(out, arena, type, has_z, n, 1, 1));
    out->ring_end[0] = n;
    out->part_end[0] = 1;
    return CT_OK;
}

ct_err ct_geom_copy(ct_geom *out, ct_arena *arena, const ct_geom *g) {
    ct_geom copy;
    CT_TRY(ct_geo__alloc(&copy, arena, g->type, g->has_z, g->n_points, g->n_rings, g->n_parts));
    if (g->n_points)
        memcpy(copy.xyz, g->xyz, (size_t)g->n_points * (size_t)ct_geom_stride(g) * sizeof(double));
    if (g->n_rings) memcpy(copy.ring_end, g->ring_end, g->n_rings * sizeof(uint32_t));
    if (g->n_parts) memcpy(copy.part_end, g->part_end, g->n_parts * sizeof(uint32_t));
    *out = copy;
    return CT_OK;
}

static void reverse_ring(ct_geom *g, uint32_t begin, uint32_t end) {
    const size_t stride = (size_t)ct_geom_stride(g);
    while (begin + 1 < end) {
        end--;
        double *a = g->xyz + begin * stride, *b = g->xyz + end * stride;
        for (size_t k = 0; k < stride; k++) {
            const double swap = a[k];
            a[k] = b[k];
            b[k] = swap;
        }
        begin++;
    }
}

void ct_geom_orient(ct_geom *g) {
    if (!ct_geo__is_polygonal(g->type)) return;
    for (uint32_t part = 0; part < g->n_parts; part++) {
        const uint32_t first = ct_geo__part_begin(g, part);
        for (uint32_t ring = first; ring < g->part_end[part]; ring++) {
            const double area = ct_geo__ring_area_m2(g, ring);
            if (ring == first ? area < 0 : area > 0)
                reverse_ring(g, ct_geo__ring_begin(g, ring), g->ring_end[ring]);
        }
    }
}
