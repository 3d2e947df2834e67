// Polygons that do not survive rounding: clipped by robust overlay and rounded by snapping (Hobby
// 1999, Computational Geometry 13(4):199-214), both GEOS's, from the source anew.
#include "geo/geos.h"
#include "tiles/shape.h"

static ct_err project(ct_geom *out, ct_arena *arena, const ct_geom *g, const ct_tiles__view *view) {
    const size_t stride = (size_t)ct_geom_stride(g);
    double *xy = ct_arena_alloc(arena, (size_t)g->n_points * 2 * sizeof *xy);
    if (!xy) return CT_NOMEM;
    for (size_t i = 0; i < g->n_points; i++) {
        xy[2 * i] = g->xyz[i * stride];
        xy[2 * i + 1] = g->xyz[i * stride + 1];
    }
    CT_TRY(ct_tiles__view_apply(view, xy, g->n_points));
    *out = *g;
    out->has_z = false;
    out->xyz = xy;
    return CT_OK;
}

// Only what lies around the tile is projected: the passage is made for places there.
static ct_err clip_and_snap(ct_geom *out, ct_arena *arena, const ct_geom *g,
                            const ct_tiles__view *view) {
    ct_geom near, drawn, part;
    CT_TRY(ct_geos_clip(&near, arena, g, &view->safe));
    CT_TRY(project(&drawn, arena, &near, view));
    CT_TRY(ct_geos_clip(&part, arena, &drawn, &ct_tiles__frame));
    if (part.type == CT_GEOM_NONE) {
        *out = part;
        return CT_OK;
    }
    return ct_geos_snap(out, arena, &part, 1);
}

static ct_err add_all(ct_tiles__shape *s, const ct_geom *g) {
    uint32_t ring = 0, first = 0;
    for (uint32_t part = 0; part < g->n_parts; part++) {
        bool exterior = true, shell_kept = true;
        for (; ring < g->part_end[part]; ring++) {
            const uint32_t end = g->ring_end[ring];
            bool kept = false;
            if (shell_kept && end - first >= 4)
                CT_TRY(ct_tiles__shape_add_ring(s, &kept, g->xyz + 2 * (size_t)first,
                                                end - 1 - first, !exterior));
            if (exterior) shell_kept = kept;
            exterior = false;
            first = end;
        }
    }
    return CT_OK;
}

ct_err ct_tiles__shape_repair(ct_tiles__shape *s, const ct_geom *g, const ct_tiles__view *view) {
    s->n = s->n_rings = 0;
    ct_arena_reset(s->arena);
    ct_geom made;
    ct_err err = clip_and_snap(&made, s->arena, g, view);
    if (err == CT_GEOM) { // the source itself is not valid
        ct_geom valid;
        err = ct_geos_make_valid(&valid, s->arena, g);
        if (err == CT_OK) err = clip_and_snap(&made, s->arena, &valid, view);
    }
    if (err == CT_GEOM) return CT_OK; // nothing that could be drawn
    CT_TRY(err);
    if (made.type != CT_GEOM_POLYGON && made.type != CT_GEOM_MULTIPOLYGON) return CT_OK;
    return add_all(s, &made);
}
