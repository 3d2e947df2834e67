// Well-known binary in and out (ISO 19125-1 / OGC 06-103r4 section 8, with EWKB's height and SRID
// flags understood on reading). Read in two walks over the bytes: the first checks and counts, the
// second fills exact storage.
#include <math.h>
#include <string.h>

#include "geo/geom_private.h"

#define EWKB_Z    0x80000000U
#define EWKB_M    0x40000000U
#define EWKB_SRID 0x20000000U

typedef struct reader {
    const uint8_t *start, *at, *end;
    size_t max_points;
    bool swap;  // the geometry being read has the other byte order
    bool has_z; // of the outermost geometry; members must agree
    size_t n_points, n_rings, n_parts;
    ct_geom *fill; // NULL in the first walk
} reader;

static size_t where(const reader *r) {
    return (size_t)(r->at - r->start);
}
static size_t left(const reader *r) {
    return (size_t)(r->end - r->at);
}

static uint32_t take_u32(reader *r) {
    uint32_t value;
    memcpy(&value, r->at, sizeof value);
    r->at += sizeof value;
    return r->swap ? __builtin_bswap32(value) : value;
}

static double peek_f64(const reader *r, size_t index) {
    uint64_t bits;
    memcpy(&bits, r->at + index * sizeof bits, sizeof bits);
    if (r->swap) bits = __builtin_bswap64(bits);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static ct_err need(const reader *r, size_t bytes) {
    if (bytes <= left(r)) return CT_OK;
    return ct_fail(CT_PARSE, "WKB byte %zu: cut short, %zu bytes wanted and %zu left", where(r),
                   bytes, left(r));
}

static ct_err take_count(uint32_t *count, reader *r, size_t bytes_each, const char *what) {
    CT_TRY(need(r, 4));
    const size_t at = where(r);
    const uint32_t n = take_u32(r);
    if (n > left(r) / bytes_each)
        return ct_fail(CT_PARSE, "WKB byte %zu: %u %s do not fit the %zu bytes left", at, n, what,
                       left(r));
    *count = n;
    return CT_OK;
}

// Byte order, type code and SRID of one geometry.
static ct_err take_header(ct_geom_type *type, bool *has_z, reader *r) {
    CT_TRY(need(r, 5));
    const size_t at = where(r);
    const uint8_t order = *r->at++;
    if (order > 1)
        return ct_fail(CT_PARSE, "WKB byte %zu: byte order %u is neither 0 nor 1", at, order);
    const bool host_little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    r->swap = (order == 1) != host_little;
    const uint32_t code = take_u32(r);
    uint32_t base = code & 0x1fffffffU;
    const uint32_t iso = base / 1000; // 0 plane, 1 with z, 2 with m, 3 with both
    base %= 1000;
    if (iso > 3 || base < 1 || base > 17)
        return ct_fail(CT_PARSE, "WKB byte %zu: unknown geometry type %u", at + 1, code);
    if (iso >= 2 || (code & EWKB_M))
        return ct_fail(CT_UNSUPPORTED, "WKB byte %zu: measured (M) coordinates", at + 1);
    if (base > CT_GEOM_MULTIPOLYGON)
        return ct_fail(
            CT_UNSUPPORTED,
            "WKB byte %zu: geometry type %u (collections, curves and surfaces are not taken)",
            at + 1, base);
    if (code & EWKB_SRID) {
        CT_TRY(need(r, 4));
        r->at += 4;
    }
    *type = (ct_geom_type)base;
    *has_z = iso == 1 || (code & EWKB_Z);
    return CT_OK;
}

static ct_err take_points(reader *r, uint32_t n) {
    const size_t stride = r->has_z ? 3 : 2, bytes = n * stride * sizeof(double);
    CT_TRY(need(r, bytes));
    if (n > r->max_points - r->n_points)
        return ct_fail(CT_LIMIT, "WKB byte %zu: more than %zu points", where(r), r->max_points);
    if (r->fill) {
        double *to = r->fill->xyz + r->n_points * stride;
        for (size_t i = 0; i < n * stride; i++) to[i] = peek_f64(r, i);
    } else {
        for (size_t i = 0; i < n * stride; i++)
            if (!isfinite(peek_f64(r, i)))
                return ct_fail(CT_PARSE, "WKB byte %zu: coordinate is not a finite number",
                               where(r) + i * sizeof(double));
    }
    r->at += bytes;
    r->n_points += n;
    return CT_OK;
}

static void end_ring(reader *r) {
    if (r->fill) r->fill->ring_end[r->n_rings] = (uint32_t)r->n_points;
    r->n_rings++;
}

static void end_part(reader *r) {
    if (r->fill) r->fill->part_end[r->n_parts] = (uint32_t)r->n_rings;
    r->n_parts++;
}

// A point of NaNs is ISO's empty point: it leaves nothing.
static ct_err take_point(reader *r) {
    const size_t bytes = (r->has_z ? 3 : 2) * sizeof(double);
    CT_TRY(need(r, bytes));
    if (isnan(peek_f64(r, 0)) && isnan(peek_f64(r, 1))) {
        r->at += bytes;
        return CT_OK;
    }
    CT_TRY(take_points(r, 1));
    end_ring(r);
    return CT_OK;
}

static ct_err take_line(reader *r) {
    uint32_t n = 0;
    CT_TRY(take_count(&n, r, (r->has_z ? 3 : 2) * sizeof(double), "points"));
    if (n == 0) return CT_OK;
    if (n < 2) return ct_fail(CT_GEOM, "WKB byte %zu: a line of one point", where(r));
    CT_TRY(take_points(r, n));
    end_ring(r);
    return CT_OK;
}

static ct_err take_polygon(reader *r) {
    const size_t stride = r->has_z ? 3 : 2;
    uint32_t rings = 0;
    CT_TRY(take_count(&rings, r, 4, "rings"));
    for (uint32_t i = 0; i < rings; i++) {
        uint32_t n = 0;
        CT_TRY(take_count(&n, r, stride * sizeof(double), "points"));
        if (n < 4)
            return ct_fail(CT_GEOM, "WKB byte %zu: a ring of %u points; it needs 4", where(r), n);
        const size_t last = (size_t)(n - 1) * stride;
        if (peek_f64(r, 0) != peek_f64(r, last) || peek_f64(r, 1) != peek_f64(r, last + 1))
            return ct_fail(CT_GEOM, "WKB byte %zu: ring is not closed", where(r));
        CT_TRY(take_points(r, n));
        end_ring(r);
    }
    if (rings) end_part(r);
    return CT_OK;
}

static ct_err take_single(reader *r, ct_geom_type type) {
    if (type == CT_GEOM_POINT) return take_point(r);
    return type == CT_GEOM_LINESTRING ? take_line(r) : take_polygon(r);
}

static ct_err take_geometry(ct_geom_type *type, reader *r) {
    CT_TRY(take_header(type, &r->has_z, r));
    if (!ct_geo__is_multi(*type)) {
        CT_TRY(take_single(r, *type));
    } else {
        uint32_t members = 0;
        CT_TRY(take_count(&members, r, 9, "members"));
        for (uint32_t i = 0; i < members; i++) {
            const size_t at = where(r);
            ct_geom_type member = CT_GEOM_NONE;
            bool has_z = false;
            CT_TRY(take_header(&member, &has_z, r));
            if (member != ct_geo__single_of(*type) || has_z != r->has_z)
                return ct_fail(CT_PARSE, "WKB byte %zu: a %s%s inside a %s%s", at,
                               ct_geom_type_name(member), has_z ? " Z" : "",
                               ct_geom_type_name(*type), r->has_z ? " Z" : "");
            CT_TRY(take_single(r, member));
        }
    }
    if (!ct_geo__is_polygonal(*type) && r->n_rings) end_part(r);
    return CT_OK;
}

ct_err ct_geom_from_wkb(ct_geom *out, ct_arena *arena, const void *wkb, size_t length,
                        size_t max_points) {
    reader r = {.start = wkb, .max_points = max_points < UINT32_MAX ? max_points : UINT32_MAX};
    r.at = r.start;
    r.end = r.start + length;
    ct_geom_type type = CT_GEOM_NONE;
    CT_TRY(take_geometry(&type, &r));
    if (r.at != r.end)
        return ct_fail(CT_PARSE, "WKB byte %zu: %zu bytes after the geometry", where(&r), left(&r));
    ct_geom g;
    CT_TRY(ct_geo__alloc(&g, arena, type, r.has_z, r.n_points, r.n_rings, r.n_parts));
    r.at = r.start;
    r.n_points = r.n_rings = r.n_parts = 0;
    r.fill = &g;
    CT_TRY(take_geometry(&type, &r));
    *out = g;
    return CT_OK;
}

static void put_header(ct_buf *out, const ct_geom *g, ct_geom_type type) {
    ct_buf_putc(out, 1);
    ct_buf_put_u32le(out, (uint32_t)type + (g->has_z ? 1000U : 0U));
}

static void put_points(ct_buf *out, const ct_geom *g, uint32_t begin, uint32_t end) {
    const size_t stride = (size_t)ct_geom_stride(g);
    for (size_t i = begin * stride; i < end * stride; i++) ct_buf_put_f64le(out, g->xyz[i]);
}

static void put_polygon(ct_buf *out, const ct_geom *g, uint32_t part) {
    const uint32_t first = ct_geo__part_begin(g, part);
    ct_buf_put_u32le(out, g->part_end[part] - first);
    for (uint32_t ring = first; ring < g->part_end[part]; ring++) {
        const uint32_t begin = ct_geo__ring_begin(g, ring);
        ct_buf_put_u32le(out, g->ring_end[ring] - begin);
        put_points(out, g, begin, g->ring_end[ring]);
    }
}

static void put_empty(ct_buf *out, const ct_geom *g) {
    if (g->type == CT_GEOM_POINT)
        for (int i = 0; i < ct_geom_stride(g); i++) ct_buf_put_f64le(out, (double)NAN);
    else
        ct_buf_put_u32le(out, 0);
}

void ct_geom_to_wkb(ct_buf *out, const ct_geom *g) {
    if (g->type == CT_GEOM_NONE) return;
    put_header(out, g, g->type);
    if (g->n_points == 0) {
        put_empty(out, g);
        return;
    }
    const ct_geom_type single = ct_geo__single_of(g->type);
    const bool multi = single != g->type, polygonal = single == CT_GEOM_POLYGON;
    const uint32_t members = polygonal ? g->n_parts : g->n_rings;
    if (multi) ct_buf_put_u32le(out, members);
    for (uint32_t i = 0; i < members; i++) {
        if (multi) put_header(out, g, single);
        if (polygonal) {
            put_polygon(out, g, i);
            continue;
        }
        const uint32_t begin = ct_geo__ring_begin(g, i);
        if (single == CT_GEOM_LINESTRING) ct_buf_put_u32le(out, g->ring_end[i] - begin);
        put_points(out, g, begin, g->ring_end[i]);
    }
}
