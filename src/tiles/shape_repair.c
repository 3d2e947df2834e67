// Polygons that do not survive rounding: clipped by robust overlay and rounded by snapping (Hobby
// 1999, Computational Geometry 13(4):199-214), both GEOS's, from the source anew.
#include <string.h>

#include "geo/geos.h"
#include "tiles/shape.h"

// Appends a ring, its edges split where they bow, in tile units, closed.
static ct_err project_ring(ct_tiles__points *all, ct_tiles__shape *s, const ct_geom *g,
                           uint32_t first, uint32_t end, const ct_tiles__view *view) {
    CT_TRY(ct_tiles__take_points(&s->ring, g, first, end - 1));
    CT_TRY(ct_tiles__split_edges(&s->ring, &s->spare, true, view->straight_m));
    CT_TRY(ct_tiles__view_apply(view, s->ring.xy, s->ring.n));
    CT_TRY(ct_tiles__points_reserve(all, all->n + s->ring.n + 1));
    memcpy(all->xy + 2 * all->n, s->ring.xy, 2 * s->ring.n * sizeof *s->ring.xy);
    memcpy(all->xy + 2 * (all->n + s->ring.n), s->ring.xy, 2 * sizeof *s->ring.xy);
    all->n += s->ring.n + 1;
    return CT_OK;
}

// `out` borrows from s->cut.
static ct_err project(ct_geom *out, ct_tiles__shape *s, const ct_geom *g,
                      const ct_tiles__view *view) {
    ct_tiles__points *all = &s->cut.points;
    uint32_t *ring_end = ct_arena_alloc(s->arena, g->n_rings * sizeof *ring_end), first = 0;
    if (!ring_end) return CT_NOMEM;
    all->n = 0;
    for (uint32_t r = 0; r < g->n_rings; r++) {
        CT_TRY(project_ring(all, s, g, first, g->ring_end[r], view));
        first = g->ring_end[r];
        ring_end[r] = (uint32_t)all->n;
    }
    *out = *g;
    out->has_z = false;
    out->xyz = all->xy;
    out->n_points = (uint32_t)all->n;
    out->ring_end = ring_end;
    return CT_OK;
}

// Only what lies around the tile is projected: the passage is made for places there.
static ct_err clip_and_snap(ct_geom *out, ct_tiles__shape *s, const ct_geom *g,
                            const ct_tiles__view *view) {
    ct_geom near, drawn, part = {0};
    CT_TRY(ct_geos_clip(&near, s->arena, g, &view->safe));
    if (near.type != CT_GEOM_NONE) {
        CT_TRY(project(&drawn, s, &near, view));
        CT_TRY(ct_geos_clip(&part, s->arena, &drawn, &ct_tiles__frame));
    }
    if (part.type == CT_GEOM_NONE) {
        *out = part;
        return CT_OK;
    }
    return ct_geos_snap(out, s->arena, &part, 1);
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
    ct_err err = clip_and_snap(&made, s, g, view);
    if (err == CT_GEOM) { // the source itself is not valid
        ct_geom valid;
        err = ct_geos_make_valid(&valid, s->arena, g);
        if (err == CT_OK) err = clip_and_snap(&made, s, &valid, view);
    }
    if (err == CT_GEOM) return CT_OK; // nothing that could be drawn
    CT_TRY(err);
    if (made.type != CT_GEOM_POLYGON && made.type != CT_GEOM_MULTIPOLYGON) return CT_OK;
    return add_all(s, &made);
}
