// From a feature's geometry to a tile's grid: clip, project, clip again, round.
#include "tiles/shape.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "tiles/tiles.h"

#define ARENA_BLOCK (64U << 10)
#define ARENA_MAX   ((size_t)512 << 20)

_Static_assert(CT_TILE_BUFFER == 64 && CT_TILE_EXTENT == 4096, "ct_tiles__frame says so too");

ct_err ct_tiles__shape_init(ct_tiles__shape *shape) {
    *shape = (ct_tiles__shape){0};
    shape->arena = ct_arena_new(ARENA_BLOCK, ARENA_MAX);
    return shape->arena ? CT_OK : CT_NOMEM;
}

void ct_tiles__shape_fini(ct_tiles__shape *shape) {
    ct_free(shape->xy);
    ct_free(shape->rings);
    ct_free(shape->edges);
    ct_tiles__points_fini(&shape->ring);
    ct_tiles__points_fini(&shape->spare);
    ct_tiles__pieces_fini(&shape->pieces);
    ct_tiles__pieces_fini(&shape->cut);
    ct_arena_free(shape->arena);
    *shape = (ct_tiles__shape){0};
}

ct_err ct_tiles__take_points(ct_tiles__points *out, const ct_geom *g, uint32_t first,
                             uint32_t end) {
    const size_t stride = (size_t)ct_geom_stride(g);
    CT_TRY(ct_tiles__points_reserve(out, end - first));
    for (uint32_t i = first; i < end; i++) {
        out->xy[2 * (size_t)(i - first)] = g->xyz[i * stride];
        out->xy[2 * (size_t)(i - first) + 1] = g->xyz[i * stride + 1];
    }
    out->n = end - first;
    return CT_OK;
}

static double size_of(const ct_bbox *box) {
    return fmax(box->max_x - box->min_x, box->max_y - box->min_y);
}

// A long ring is cut to the tile's surroundings before it is projected: the projection is made for
// places there, and the rest would be thrown away.
static ct_err add_polygon_ring(ct_tiles__shape *s, bool *kept, const ct_geom *g, uint32_t first,
                               uint32_t end, bool hole, const ct_tiles__view *view) {
    *kept = false;
    if (end - first < 4) return CT_OK;
    CT_TRY(ct_tiles__take_points(&s->ring, g, first, end - 1));
    ct_bbox box;
    if (!ct_tiles__points_box(&box, &s->ring)) return CT_OK;
    if (!ct_tiles__box_inside(&box, &view->safe))
        CT_TRY(ct_tiles__clip_ring(&s->ring, &s->spare, &view->safe));
    if (s->ring.n < 3) return CT_OK;
    if (size_of(&box) > view->straight_m)
        CT_TRY(ct_tiles__split_edges(&s->ring, &s->spare, true, view->straight_m));
    CT_TRY(ct_tiles__view_apply(view, s->ring.xy, s->ring.n));
    if (!ct_tiles__points_box(&box, &s->ring)) return CT_OK;
    if (!ct_tiles__box_inside(&box, &ct_tiles__frame))
        CT_TRY(ct_tiles__clip_ring(&s->ring, &s->spare, &ct_tiles__frame));
    return ct_tiles__shape_add_ring(s, kept, s->ring.xy, s->ring.n, hole);
}

static ct_err make_polygon(ct_tiles__shape *s, const ct_geom *g, const ct_tiles__view *view) {
    uint32_t ring = 0, first = 0;
    for (uint32_t part = 0; part < g->n_parts; part++) {
        bool exterior = true, shell_kept = false;
        for (; ring < g->part_end[part]; ring++) {
            const uint32_t end = g->ring_end[ring];
            bool kept = false;
            if (exterior || shell_kept)
                CT_TRY(add_polygon_ring(s, &kept, g, first, end, !exterior, view));
            if (exterior) shell_kept = kept;
            exterior = false;
            first = end;
        }
    }
    bool simple = !s->crossed;
    if (simple) CT_TRY(ct_tiles__shape_simple(&simple, s));
    return simple ? CT_OK : ct_tiles__shape_repair(s, g, view);
}

// A piece of a line that lies around the tile goes to s->cut, in tile units.
static ct_err draw_piece(ct_tiles__shape *s, const double *xy, size_t n,
                         const ct_tiles__view *view) {
    ct_bbox box;
    CT_TRY(ct_tiles__points_reserve(&s->ring, n));
    memcpy(s->ring.xy, xy, 2 * n * sizeof *xy);
    s->ring.n = n;
    if (!ct_tiles__points_box(&box, &s->ring)) return CT_OK;
    if (size_of(&box) > view->straight_m)
        CT_TRY(ct_tiles__split_edges(&s->ring, &s->spare, false, view->straight_m));
    CT_TRY(ct_tiles__view_apply(view, s->ring.xy, s->ring.n));
    return ct_tiles__clip_line(&s->cut, s->ring.xy, s->ring.n, &ct_tiles__frame);
}

static ct_err make_line(ct_tiles__shape *s, const ct_geom *g, const ct_tiles__view *view) {
    uint32_t first = 0;
    for (uint32_t ring = 0; ring < g->n_rings; ring++) {
        CT_TRY(ct_tiles__take_points(&s->ring, g, first, g->ring_end[ring]));
        first = g->ring_end[ring];
        s->pieces.n = s->pieces.points.n = s->cut.n = s->cut.points.n = 0;
        CT_TRY(ct_tiles__clip_line(&s->pieces, s->ring.xy, s->ring.n, &view->safe));
        size_t begin = 0;
        for (size_t i = 0; i < s->pieces.n; i++) {
            CT_TRY(draw_piece(s, s->pieces.points.xy + 2 * begin, s->pieces.end[i] - begin, view));
            begin = s->pieces.end[i];
        }
        begin = 0;
        for (size_t i = 0; i < s->cut.n; i++) {
            CT_TRY(
                ct_tiles__shape_add_line(s, s->cut.points.xy + 2 * begin, s->cut.end[i] - begin));
            begin = s->cut.end[i];
        }
    }
    return CT_OK;
}

static ct_err make_points(ct_tiles__shape *s, const ct_geom *g, const ct_tiles__view *view) {
    CT_TRY(ct_tiles__take_points(&s->ring, g, 0, g->n_points));
    size_t n = 0;
    double *xy = s->ring.xy;
    for (size_t i = 0; i < s->ring.n; i++) {
        const double x = xy[2 * i], y = xy[2 * i + 1];
        if (!(x >= view->safe.min_x && x <= view->safe.max_x && y >= view->safe.min_y &&
              y <= view->safe.max_y))
            continue;
        xy[2 * n] = x;
        xy[2 * n++ + 1] = y;
    }
    CT_TRY(ct_tiles__view_apply(view, xy, n));
    return ct_tiles__shape_add_points(s, xy, n);
}

ct_err ct_tiles__shape_make(ct_tiles__shape *s, const ct_geom *g, const ct_tiles__view *view) {
    s->n = s->n_rings = 0;
    s->crossed = false;
    switch (g->type) {
    case CT_GEOM_POLYGON:
    case CT_GEOM_MULTIPOLYGON: s->type = CT_GEOM_POLYGON; return make_polygon(s, g, view);
    case CT_GEOM_LINESTRING:
    case CT_GEOM_MULTILINESTRING: s->type = CT_GEOM_LINESTRING; return make_line(s, g, view);
    case CT_GEOM_POINT:
    case CT_GEOM_MULTIPOINT: s->type = CT_GEOM_POINT; return make_points(s, g, view);
    case CT_GEOM_NONE:
    default: s->type = CT_GEOM_NONE; return CT_OK;
    }
}
