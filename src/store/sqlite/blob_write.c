// Writes SpatiaLite's geometry blobs (their layout: blob.c), uncompressed and little-endian.
#include "store/sqlite/blob.h"
#include "store/sqlite/blob_marks.h"

static void put_points(ct_buf *out, const ct_geom *g, uint32_t from, uint32_t to) {
    const size_t k = (size_t)ct_geom_stride(g);
    ct_buf_put(out, g->xyz + from * k, (to - from) * k * sizeof(double));
}

static void put_ring(ct_buf *out, const ct_geom *g, uint32_t ring) {
    const uint32_t from = ring ? g->ring_end[ring - 1] : 0;
    ct_buf_put_u32le(out, g->ring_end[ring] - from);
    put_points(out, g, from, g->ring_end[ring]);
}

static void put_polygon(ct_buf *out, const ct_geom *g, uint32_t part) {
    const uint32_t from = part ? g->part_end[part - 1] : 0;
    ct_buf_put_u32le(out, g->part_end[part] - from);
    for (uint32_t ring = from; ring < g->part_end[part]; ++ring) put_ring(out, g, ring);
}

static void put_member_head(ct_buf *out, const ct_geom *g) {
    ct_buf_putc(out, (char)MARK_MEMBER);
    ct_buf_put_u32le(out, (uint32_t)g->type - 3 + (g->has_z ? 1000U : 0U));
}

static void put_body(ct_buf *out, const ct_geom *g) {
    switch (g->type) {
    case CT_GEOM_POINT: put_points(out, g, 0, 1); break;
    case CT_GEOM_LINESTRING: put_ring(out, g, 0); break;
    case CT_GEOM_POLYGON: put_polygon(out, g, 0); break;
    case CT_GEOM_MULTIPOINT:
        ct_buf_put_u32le(out, g->n_points);
        for (uint32_t i = 0; i < g->n_points; ++i) {
            put_member_head(out, g);
            put_points(out, g, i, i + 1);
        }
        break;
    case CT_GEOM_MULTILINESTRING:
        ct_buf_put_u32le(out, g->n_rings);
        for (uint32_t i = 0; i < g->n_rings; ++i) {
            put_member_head(out, g);
            put_ring(out, g, i);
        }
        break;
    case CT_GEOM_MULTIPOLYGON:
        ct_buf_put_u32le(out, g->n_parts);
        for (uint32_t i = 0; i < g->n_parts; ++i) {
            put_member_head(out, g);
            put_polygon(out, g, i);
        }
        break;
    case CT_GEOM_NONE: break;
    }
}

void ct_store__blob_write(ct_buf *out, const ct_geom *g, int srid) {
    ct_bbox box = {0};
    (void)ct_geom_bbox(&box, g); // a geometry with points always has a box
    ct_buf_putc(out, (char)MARK_START);
    ct_buf_putc(out, 1);
    ct_buf_put_u32le(out, (uint32_t)srid);
    ct_buf_put_f64le(out, box.min_x);
    ct_buf_put_f64le(out, box.min_y);
    ct_buf_put_f64le(out, box.max_x);
    ct_buf_put_f64le(out, box.max_y);
    ct_buf_putc(out, (char)MARK_BOX_END);
    ct_buf_put_u32le(out, (uint32_t)g->type + (g->has_z ? 1000U : 0U));
    put_body(out, g);
    ct_buf_putc(out, (char)MARK_END);
}
