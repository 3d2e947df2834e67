// The check that every feature passes before it is stored: values against the catalogue, geometry
// against the class.
#include <math.h>
#include <string.h>

#include "model/value.h"

static ct_geom_type multi_of(ct_geom_type type) {
    switch (type) {
    case CT_GEOM_POINT: return CT_GEOM_MULTIPOINT;
    case CT_GEOM_LINESTRING: return CT_GEOM_MULTILINESTRING;
    case CT_GEOM_POLYGON: return CT_GEOM_MULTIPOLYGON;
    case CT_GEOM_NONE:
    case CT_GEOM_MULTIPOINT:
    case CT_GEOM_MULTILINESTRING:
    case CT_GEOM_MULTIPOLYGON: return type;
    }
    return type;
}

static bool is_single(const ct_geom *g) {
    bool polygon = g->type == CT_GEOM_MULTIPOLYGON || g->type == CT_GEOM_POLYGON;
    return (polygon ? g->n_parts : g->n_rings) == 1;
}

// Widens to the class's multi type, or narrows a multi geometry of one item to the class's single
// type: both have the same layout, only the name of the type changes.
static ct_err fit_type(ct_geom *g, const ct_class *cls) {
    if (cls->geometry == CT_GEOM_NONE)
        return ct_fail(CT_GEOM, "geometry: class %s has none", cls->name);
    if (g->type == cls->geometry) return CT_OK;
    bool widens = multi_of(g->type) == cls->geometry;
    bool narrows = multi_of(cls->geometry) == g->type && is_single(g);
    if (!widens && !narrows)
        return ct_fail(CT_GEOM, "geometry: class %s has %s, found %s", cls->name,
                       ct_geom_type_name(cls->geometry), ct_geom_type_name(g->type));
    g->type = cls->geometry;
    return CT_OK;
}

static ct_err check_finite(const ct_geom *g) {
    size_t stride = (size_t)ct_geom_stride(g);
    for (size_t i = 0; i < g->n_points * stride; i++)
        if (!isfinite(g->xyz[i]))
            return ct_fail(CT_GEOM, "geometry: point %zu: %c is not a finite number", i / stride,
                           "xyz"[i % stride]);
    return CT_OK;
}

static bool same_place(const double *a, const double *b) {
    return a[0] == b[0] && a[1] == b[1];
}

static ct_err check_ring(const ct_geom *g, uint32_t ring) {
    uint32_t begin = ring ? g->ring_end[ring - 1] : 0, end = g->ring_end[ring];
    size_t stride = (size_t)ct_geom_stride(g);
    switch (g->type) {
    case CT_GEOM_POLYGON:
    case CT_GEOM_MULTIPOLYGON:
        if (end - begin < 4)
            return ct_fail(CT_GEOM, "geometry: ring %u has only %u points", ring, end - begin);
        if (!same_place(&g->xyz[begin * stride], &g->xyz[(end - 1) * stride]))
            return ct_fail(CT_GEOM, "geometry: ring %u is not closed", ring);
        return CT_OK;
    case CT_GEOM_LINESTRING:
    case CT_GEOM_MULTILINESTRING:
        if (end - begin < 2) return ct_fail(CT_GEOM, "geometry: line %u has only one point", ring);
        return CT_OK;
    case CT_GEOM_NONE:
    case CT_GEOM_POINT:
    case CT_GEOM_MULTIPOINT: return CT_OK;
    }
    return CT_OK;
}

// Copies the coordinates with heights of 0 added, or dropped.
static ct_err fit_heights(ct_geom *g, ct_arena *arena, bool has_z) {
    if (g->has_z == has_z) return CT_OK;
    size_t from = g->has_z ? 3 : 2, to = has_z ? 3 : 2;
    double *xyz = ct_arena_calloc(arena, g->n_points, to * sizeof *xyz);
    if (!xyz) return CT_NOMEM;
    for (size_t i = 0; i < g->n_points; i++)
        memcpy(&xyz[i * to], &g->xyz[i * from], 2 * sizeof *xyz);
    g->xyz = xyz;
    g->has_z = has_z;
    return CT_OK;
}

static ct_err check_geometry(ct_feature *f, ct_arena *arena) {
    ct_geom *g = &f->geom;
    if (g->type == CT_GEOM_NONE) return CT_OK;
    CT_TRY(fit_type(g, f->cls));
    if (g->n_points == 0) return ct_fail(CT_GEOM, "geometry: it is empty");
    CT_TRY(check_finite(g));
    for (uint32_t ring = 0; ring < g->n_rings; ring++) CT_TRY(check_ring(g, ring));
    return fit_heights(g, arena, f->cls->has_z);
}

ct_err ct_feature_check(ct_feature *f, ct_arena *arena) {
    if (f->id && !ct_id_ok(f->id))
        return ct_fail(CT_PARSE, "id: \"%.140s\" is not 1 to %d of A-Z a-z 0-9 . _ ~ -", f->id,
                       CT_ID_MAX - 1);
    for (size_t i = 0; i < f->cls->n_attrs; i++)
        CT_TRY(ct_model__check_value(&f->values[i], arena, &f->cls->attrs[i]));
    return check_geometry(f, arena);
}
