// Geometries to GEOS and back, through whole coordinate sequences.
#include "base/mem.h"
#include "geo/geos_private.h"

static GEOSCoordSequence *sequence_of(GEOSContextHandle_t geos, const ct_geom *g, uint32_t ring) {
    const uint32_t begin = ct_geo__ring_begin(g, ring);
    return GEOSCoordSeq_copyFromBuffer_r(geos, ct_geo__point(g, begin), g->ring_end[ring] - begin,
                                         g->has_z, 0);
}

static void destroy_all(GEOSContextHandle_t geos, GEOSGeometry **list, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) GEOSGeom_destroy_r(geos, list[i]);
}

// A point, line or ring of `type` (GEOS_...) each for the rings [first, end); false with none left
// over on failure.
static bool simple_members(GEOSContextHandle_t geos, GEOSGeometry **out, const ct_geom *g,
                           uint32_t first, uint32_t end, int type) {
    for (uint32_t ring = first; ring < end; ring++) {
        GEOSCoordSequence *s = sequence_of(geos, g, ring);
        GEOSGeometry *made = NULL;
        if (s && type == GEOS_POINT)
            made = GEOSGeom_createPoint_r(geos, s);
        else if (s && type == GEOS_LINESTRING)
            made = GEOSGeom_createLineString_r(geos, s);
        else if (s)
            made = GEOSGeom_createLinearRing_r(geos, s);
        if (!made) {
            destroy_all(geos, out, ring - first);
            return false;
        }
        out[ring - first] = made;
    }
    return true;
}

static bool polygon_members(GEOSContextHandle_t geos, GEOSGeometry **out, const ct_geom *g,
                            GEOSGeometry **rings) {
    for (uint32_t part = 0; part < g->n_parts; part++) {
        const uint32_t first = ct_geo__part_begin(g, part), n = g->part_end[part] - first;
        GEOSGeometry *made = NULL;
        if (simple_members(geos, rings, g, first, first + n, GEOS_LINEARRING))
            made = GEOSGeom_createPolygon_r(geos, rings[0], n > 1 ? rings + 1 : NULL, n - 1);
        if (!made) {
            destroy_all(geos, out, part);
            return false;
        }
        out[part] = made;
    }
    return true;
}

ct_err ct_geo__to_geos(GEOSGeometry **out, GEOSContextHandle_t geos, const ct_geom *g) {
    const bool polygonal = ct_geo__is_polygonal(g->type);
    const uint32_t n = polygonal ? g->n_parts : g->n_rings;
    GEOSGeometry *made = NULL;
    GEOSGeometry **members = ct_alloc(((size_t)n + g->n_rings) * sizeof(GEOSGeometry *));
    if (!members) return CT_NOMEM;
    const int simple = ct_geo__is_puntal(g->type) ? GEOS_POINT : GEOS_LINESTRING;
    const bool ok = polygonal ? polygon_members(geos, members, g, members + n)
                              : simple_members(geos, members, g, 0, n, simple);
    if (ok && ct_geo__is_multi(g->type)) {
        const int type = polygonal              ? GEOS_MULTIPOLYGON
                         : simple == GEOS_POINT ? GEOS_MULTIPOINT
                                                : GEOS_MULTILINESTRING;
        made = GEOSGeom_createCollection_r(geos, type, members, n);
    } else if (ok) {
        made = members[0];
    }
    ct_free(members);
    if (!made) return CT_GEOM;
    *out = made;
    return CT_OK;
}

// The way back: one walk that counts, one that fills.
typedef struct collector {
    GEOSContextHandle_t geos;
    int dimension; // of the members wanted: 0, 1, 2
    bool has_z;
    size_t n_points, n_rings, n_parts;
    ct_geom *fill; // NULL in the first walk
} collector;

static bool collect_ring(collector *c, const GEOSGeometry *ring) {
    const GEOSCoordSequence *s = GEOSGeom_getCoordSeq_r(c->geos, ring);
    unsigned n = 0;
    if (!s || !GEOSCoordSeq_getSize_r(c->geos, s, &n)) return false;
    if (c->fill) {
        double *to = c->fill->xyz + c->n_points * (size_t)ct_geom_stride(c->fill);
        if (!GEOSCoordSeq_copyToBuffer_r(c->geos, s, to, c->has_z, 0)) return false;
        c->fill->ring_end[c->n_rings] = (uint32_t)(c->n_points + n);
    }
    c->n_points += n;
    c->n_rings++;
    return true;
}

static bool collect_polygon(collector *c, const GEOSGeometry *polygon) {
    const int holes = GEOSGetNumInteriorRings_r(c->geos, polygon);
    const GEOSGeometry *shell = GEOSGetExteriorRing_r(c->geos, polygon);
    if (holes < 0 || !shell || !collect_ring(c, shell)) return false;
    for (int i = 0; i < holes; i++) {
        const GEOSGeometry *hole = GEOSGetInteriorRingN_r(c->geos, polygon, i);
        if (!hole || !collect_ring(c, hole)) return false;
    }
    if (c->fill) c->fill->part_end[c->n_parts] = (uint32_t)c->n_rings;
    c->n_parts++;
    return true;
}

static bool collect(collector *c, const GEOSGeometry *g) {
    if (GEOSisEmpty_r(c->geos, g)) return true;
    switch (GEOSGeomTypeId_r(c->geos, g)) {
    case GEOS_POINT: return c->dimension != 0 || collect_ring(c, g);
    case GEOS_LINESTRING:
    case GEOS_LINEARRING: return c->dimension != 1 || collect_ring(c, g);
    case GEOS_POLYGON: return c->dimension != 2 || collect_polygon(c, g);
    case GEOS_MULTIPOINT:
    case GEOS_MULTILINESTRING:
    case GEOS_MULTIPOLYGON:
    case GEOS_GEOMETRYCOLLECTION:
        for (int i = 0; i < GEOSGetNumGeometries_r(c->geos, g); i++)
            if (!collect(c, GEOSGetGeometryN_r(c->geos, g, i))) return false;
        return true;
    default: return false;
    }
}

ct_err ct_geo__from_geos(ct_geom *out, ct_arena *arena, GEOSContextHandle_t geos,
                         const GEOSGeometry *in, ct_geom_type like, bool has_z) {
    const bool polygonal = ct_geo__is_polygonal(like);
    collector c = {.geos = geos, .has_z = has_z};
    c.dimension = polygonal ? 2 : ct_geo__is_linear(like) ? 1 : 0;
    if (!collect(&c, in)) return ct_fail(CT_GEOM, "a result that cannot be read back");
    if (c.n_points == 0) {
        *out = (ct_geom){0};
        return CT_OK;
    }
    const size_t members = polygonal ? c.n_parts : c.n_rings;
    ct_geom_type type = like;
    if (!ct_geo__is_multi(like) && members > 1) type = (ct_geom_type)(like + 3);
    ct_geom g;
    CT_TRY(ct_geo__alloc(&g, arena, type, has_z, c.n_points, c.n_rings, polygonal ? c.n_parts : 1));
    c.n_points = c.n_rings = c.n_parts = 0;
    c.fill = &g;
    if (!collect(&c, in)) return ct_fail(CT_GEOM, "a result that cannot be read back");
    if (!polygonal) g.part_end[0] = g.n_rings;
    *out = g;
    return CT_OK;
}
