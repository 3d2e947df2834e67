// Reads SpatiaLite's geometry blobs. Layout (the SpatiaLite Cookbook, "BLOB-Geometry"): 0x00, byte
// order, SRID, box as four doubles, 0x7C, class type, the coordinates, 0xFE; in multi types each
// member starts with 0x69 and its class type. Class types are those of WKB, + 1000 with heights, +
// 1000000 compressed: there all points but the first and the last of a line are float differences
// to the point before. A "tiny point" has a head of its own without box.
#include "store/sqlite/blob.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "store/sqlite/blob_marks.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "coordinates are copied as they lie");

typedef struct reader {
    const uint8_t *at, *end;
    bool swap; // big-endian blob
    ct_store__space *space;
    ct_geom g;
    int stride;
} reader;

void ct_store__space_fini(ct_store__space *space) {
    ct_free(space->xyz);
    ct_free(space->ring_end);
    ct_free(space->part_end);
    *space = (ct_store__space){0};
}

static ct_err broken(const char *what) {
    return ct_fail(CT_CORRUPT, "damaged geometry blob: %s", what);
}

static uint32_t u32_at(const uint8_t *p, bool swap) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return swap ? __builtin_bswap32(v) : v;
}

static double f64_at(const uint8_t *p, bool swap) {
    uint64_t bits;
    double v;
    memcpy(&bits, p, sizeof bits);
    if (swap) bits = __builtin_bswap64(bits);
    memcpy(&v, &bits, sizeof v);
    return v;
}

static float f32_at(const uint8_t *p, bool swap) {
    const uint32_t bits = u32_at(p, swap);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static ct_err take_u32(reader *r, uint32_t *out) {
    if (r->end - r->at < 4) return broken("it ends too early");
    *out = u32_at(r->at, r->swap);
    r->at += 4;
    return CT_OK;
}

// Room for `count` elements of `size` bytes; the capacity at least doubles.
static ct_err grow(void **block, size_t *cap, size_t count, size_t size) {
    if (count <= *cap) return CT_OK;
    const size_t wanted = count > 2 * *cap ? count : 2 * *cap;
    size_t bytes = 0;
    if (!ct_mul_ok(wanted, size, &bytes)) return ct_fail(CT_LIMIT, "geometry of %zu points", count);
    void *bigger = ct_realloc(*block, bytes);
    if (!bigger) return CT_NOMEM;
    *block = bigger;
    *cap = wanted;
    return CT_OK;
}

static void inflate_points(reader *r, double *to, uint32_t n) {
    const uint8_t *p = r->at;
    const int k = r->stride;
    for (uint32_t i = 0; i < n; ++i) {
        for (int c = 0; c < k; ++c) {
            if (i == 0 || i == n - 1) {
                to[c] = f64_at(p, r->swap);
                p += 8;
            } else {
                to[c] = to[c - k] + (double)f32_at(p, r->swap);
                p += 4;
            }
        }
        to += k;
    }
    r->at = p;
}

// One run of points: a line, a ring or a single point; ends a ring of the geometry.
static ct_err take_points(reader *r, uint32_t n, bool compressed) {
    const size_t k = (size_t)r->stride;
    const size_t each = compressed && n > 2 ? k * 4 : k * 8;
    size_t bytes = 0;
    if (n == 0 || !ct_mul_ok(n, each, &bytes)) return broken("a line without points");
    if (compressed && n > 2) bytes += k * 8; // two full points instead of two short ones
    if ((size_t)(r->end - r->at) < bytes) return broken("it ends within its points");
    const size_t before = r->g.n_points;
    if (before + n > UINT32_MAX) return ct_fail(CT_LIMIT, "geometry of more than 2^32 points");
    ct_store__space *s = r->space;
    CT_TRY(grow((void **)&s->xyz, &s->cap_xyz, (before + n) * k, sizeof(double)));
    CT_TRY(grow((void **)&s->ring_end, &s->cap_rings, (size_t)r->g.n_rings + 1, sizeof(uint32_t)));
    double *to = s->xyz + before * k;
    if (compressed) {
        inflate_points(r, to, n);
    } else {
        memcpy(to, r->at, bytes);
        if (r->swap) {
            for (size_t i = 0; i < n * k; ++i) to[i] = f64_at(r->at + 8 * i, true);
        }
        r->at += bytes;
    }
    r->g.n_points += n;
    s->ring_end[r->g.n_rings++] = r->g.n_points;
    return CT_OK;
}

static ct_err end_part(reader *r) {
    ct_store__space *s = r->space;
    CT_TRY(grow((void **)&s->part_end, &s->cap_parts, (size_t)r->g.n_parts + 1, sizeof(uint32_t)));
    s->part_end[r->g.n_parts++] = r->g.n_rings;
    return CT_OK;
}

static ct_err take_body(reader *r, uint32_t basic, bool compressed) {
    uint32_t n = 0;
    if (basic == CT_GEOM_POINT) return take_points(r, 1, false);
    CT_TRY(take_u32(r, &n));
    if (basic == CT_GEOM_LINESTRING) return take_points(r, n, compressed);
    if (n == 0) return broken("a polygon without rings");
    for (uint32_t i = 0; i < n; ++i) {
        uint32_t points = 0;
        CT_TRY(take_u32(r, &points));
        CT_TRY(take_points(r, points, compressed));
    }
    return end_part(r);
}

static ct_err split_type(uint32_t code, uint32_t *basic, bool *has_z, bool *compressed) {
    *compressed = code >= 1000000;
    code %= 1000000;
    *basic = code % 1000;
    *has_z = code / 1000 == 1;
    if (code / 1000 > 1)
        return ct_fail(CT_UNSUPPORTED, "geometry with measures (class type %u)", code);
    if (*basic < CT_GEOM_POINT || *basic > CT_GEOM_MULTIPOLYGON) {
        return ct_fail(CT_UNSUPPORTED, "geometry of class type %u", code);
    }
    return CT_OK;
}

static ct_err take_members(reader *r, uint32_t multi) {
    uint32_t n = 0;
    CT_TRY(take_u32(r, &n));
    if (n == 0) return broken("it has no members");
    for (uint32_t i = 0; i < n; ++i) {
        uint32_t code = 0, basic = 0;
        bool has_z = false, compressed = false;
        if (r->at >= r->end || *r->at++ != MARK_MEMBER) return broken("no mark before a member");
        CT_TRY(take_u32(r, &code));
        CT_TRY(split_type(code, &basic, &has_z, &compressed));
        if (basic != multi - 3 || has_z != r->g.has_z) return broken("a member of another type");
        CT_TRY(take_body(r, basic, compressed));
    }
    return multi == CT_GEOM_MULTIPOLYGON ? CT_OK : end_part(r);
}

static ct_err take_geometry(reader *r) {
    uint32_t code = 0, basic = 0;
    bool compressed = false;
    CT_TRY(take_u32(r, &code));
    CT_TRY(split_type(code, &basic, &r->g.has_z, &compressed));
    r->stride = r->g.has_z ? 3 : 2;
    r->g.type = (ct_geom_type)basic;
    if (basic >= CT_GEOM_MULTIPOINT) return take_members(r, basic);
    CT_TRY(take_body(r, basic, compressed));
    return basic == CT_GEOM_POLYGON ? CT_OK : end_part(r);
}

// A tiny point: 0x00, 0x80 or 0x81, SRID, one byte for the dimensions (1 plane, 2 with height),
// coordinates, 0xFE.
static ct_err take_tiny_point(reader *r, const uint8_t *bytes) {
    if (bytes[6] != 1 && bytes[6] != 2) return ct_fail(CT_UNSUPPORTED, "point with measures");
    r->at = bytes + 7;
    r->g.has_z = bytes[6] == 2;
    r->g.type = CT_GEOM_POINT;
    r->stride = r->g.has_z ? 3 : 2;
    CT_TRY(take_points(r, 1, false));
    return end_part(r);
}

ct_err ct_store__blob_read(ct_geom *out, ct_store__space *space, const void *blob, size_t length) {
    const uint8_t *bytes = blob;
    if (length < 24 || bytes[0] != MARK_START || bytes[length - 1] != MARK_END) {
        return broken("its first or last byte is wrong");
    }
    reader r = {.end = bytes + length - 1, .space = space};
    if (bytes[1] == TINY_BIG || bytes[1] == TINY_LITTLE) {
        r.swap = bytes[1] == TINY_BIG;
        CT_TRY(take_tiny_point(&r, bytes));
    } else {
        if (length < HEAD_BYTES + 5 || bytes[1] > 1 || bytes[HEAD_BYTES - 1] != MARK_BOX_END) {
            return broken("its head is wrong");
        }
        r.swap = bytes[1] == 0;
        r.at = bytes + HEAD_BYTES;
        CT_TRY(take_geometry(&r));
    }
    if (r.at != r.end) return broken("bytes are left over");
    r.g.xyz = space->xyz;
    r.g.ring_end = space->ring_end;
    r.g.part_end = space->part_end;
    *out = r.g;
    return CT_OK;
}

bool ct_store__blob_box(ct_bbox *out, const void *blob, size_t length) {
    const uint8_t *bytes = blob;
    if (!bytes || length < 24 || bytes[0] != MARK_START) return false;
    if (bytes[1] == TINY_BIG || bytes[1] == TINY_LITTLE) {
        const bool swap = bytes[1] == TINY_BIG;
        const double x = f64_at(bytes + 7, swap), y = f64_at(bytes + 15, swap);
        *out = (ct_bbox){x, y, x, y};
        return true;
    }
    if (length < HEAD_BYTES + 5 || bytes[1] > 1 || bytes[HEAD_BYTES - 1] != MARK_BOX_END)
        return false;
    const bool swap = bytes[1] == 0;
    *out = (ct_bbox){f64_at(bytes + 6, swap), f64_at(bytes + 14, swap), f64_at(bytes + 22, swap),
                     f64_at(bytes + 30, swap)};
    return true;
}
