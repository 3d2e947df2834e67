// The mesh builder: a hash of cells welds points, ct_triangulate cuts faces.
//
// A few points are compared one by one. Cells are eight times as wide as the weld distance, so that
// a search seldom looks into more than one: only those that a box of the weld distance about the
// point reaches.
#include "geo/mesh_build.h"

#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "geo/faces.h"
#include "geo/geom.h"
#include "geo/triangulate.h"

#define NONE UINT32_MAX

enum { FEW_POINTS = 16 };

struct ct_mesh_builder {
    double weld, cells; // cells: in a metre; 0: only equals are welded
    uint32_t max_points;
    double *xyz;
    size_t xyz_room;
    uint32_t n_points;
    uint32_t *bucket_next; // by point
    size_t next_room;
    uint32_t *buckets; // heads, a power of two
    size_t buckets_room;
    uint32_t n_buckets; // in use; 0: so few points are looked at one by one
    ct_geo__faces faces;
    uint32_t *ring; // indices of ct_mesh_builder_polygon
    size_t ring_room;
    uint32_t *ends;
    size_t ends_room;
    ct_triangulator *triangulator;
    ct_mesh_counts counts;
};

ct_mesh_builder *ct_mesh_builder_new(double weld_m, uint32_t max_points) {
    ct_mesh_builder *b = ct_calloc(1, sizeof *b);
    if (!b) return NULL;
    b->weld = weld_m > 0 ? weld_m : 0;
    b->cells = b->weld > 0 ? 1 / (8 * b->weld) : 0;
    b->max_points = max_points ? max_points : NONE - 1;
    b->triangulator = ct_triangulator_new();
    if (!b->triangulator) {
        ct_free(b);
        return NULL;
    }
    return b;
}

void ct_mesh_builder_free(ct_mesh_builder *b) {
    if (!b) return;
    ct_free(b->xyz);
    ct_free(b->bucket_next);
    ct_free(b->buckets);
    ct_geo__faces_fini(&b->faces);
    ct_free(b->ring);
    ct_free(b->ends);
    ct_triangulator_free(b->triangulator);
    ct_free(b);
}

// Where a coordinate stands: the number of its cell, or its own bits where only equals are welded.
static int64_t cell_of(const ct_mesh_builder *b, double v) {
    if (b->cells > 0) {
        const double at = v * b->cells;
        const int64_t whole = (int64_t)at;
        return whole - ((double)whole > at);
    }
    const double plain = v == 0 ? 0.0 : v; // -0 is 0
    int64_t bits;
    memcpy(&bits, &plain, sizeof bits);
    return bits;
}

static uint64_t mix(uint64_t h, int64_t v) {
    h = (h ^ (uint64_t)v) * 0x9E3779B97F4A7C15U;
    return h ^ h >> 32;
}

static uint32_t bucket_of(const ct_mesh_builder *b, const int64_t cell[3]) {
    return (uint32_t)mix(mix(mix(0, cell[0]), cell[1]), cell[2]) & (b->n_buckets - 1);
}

void ct_mesh_builder_reset(ct_mesh_builder *b) {
    b->n_buckets = 0;
    b->n_points = b->faces.n_faces = 0;
    b->faces.n_corners = 0;
    b->counts = (ct_mesh_counts){0};
}

static void put_into_bucket(ct_mesh_builder *b, uint32_t point) {
    int64_t cell[3];
    for (int k = 0; k < 3; k++) cell[k] = cell_of(b, b->xyz[3 * (size_t)point + k]);
    const uint32_t bucket = bucket_of(b, cell);
    b->bucket_next[point] = b->buckets[bucket];
    b->buckets[bucket] = point;
}

// Room for one point more: none of buckets while points are few, else as many as points at least.
static ct_err grow_buckets(ct_mesh_builder *b) {
    if (b->n_points < (b->n_buckets ? b->n_buckets : FEW_POINTS)) return CT_OK;
    const uint32_t n = b->n_buckets ? 2 * b->n_buckets : 4 * FEW_POINTS;
    CT_TRY(ct_grow(&b->buckets, &b->buckets_room, n, sizeof *b->buckets));
    b->n_buckets = n;
    for (uint32_t i = 0; i < n; i++) b->buckets[i] = NONE;
    for (uint32_t i = 0; i < b->n_points; i++) put_into_bucket(b, i);
    return CT_OK;
}

static bool is_near(const ct_mesh_builder *b, uint32_t i, const double p[3]) {
    const double *q = b->xyz + 3 * (size_t)i;
    if (!(b->weld > 0)) return ct_same_point(p, q); // squares of small differences may be 0
    const double dx = p[0] - q[0], dy = p[1] - q[1], dz = p[2] - q[2];
    return dx * dx + dy * dy + dz * dz <= b->weld * b->weld;
}

static uint32_t search_all(const ct_mesh_builder *b, const double p[3]) {
    for (uint32_t i = 0; i < b->n_points; i++)
        if (is_near(b, i, p)) return i;
    return NONE;
}

// The earliest point of the cell within the weld distance of p, or `best` if that is earlier.
static uint32_t search_cell(const ct_mesh_builder *b, const int64_t cell[3], const double p[3],
                            uint32_t best) {
    for (uint32_t i = b->buckets[bucket_of(b, cell)]; i != NONE; i = b->bucket_next[i])
        if (i < best && is_near(b, i, p)) best = i;
    return best;
}

static uint32_t search(const ct_mesh_builder *b, const double p[3]) {
    if (b->n_buckets == 0) return search_all(b, p);
    int64_t low[3], high[3];
    for (int k = 0; k < 3; k++) {
        low[k] = cell_of(b, p[k] - b->weld);
        high[k] = cell_of(b, p[k] + b->weld);
    }
    if (low[0] == high[0] && low[1] == high[1] && low[2] == high[2]) // as for most points
        return search_cell(b, low, p, NONE);
    uint32_t best = NONE;
    for (int corner = 0; corner < 8; corner++) {
        int64_t cell[3];
        bool again = false; // the same cell as that of an earlier corner
        for (int k = 0; k < 3; k++) {
            const bool up = corner >> k & 1;
            cell[k] = up ? high[k] : low[k];
            again |= up && high[k] == low[k];
        }
        if (!again) best = search_cell(b, cell, p, best);
    }
    return best;
}

ct_err ct_mesh_builder_point(uint32_t *index, ct_mesh_builder *b, const double p[3]) {
    for (int k = 0; k < 3; k++) {
        if (!isfinite(p[k])) return ct_fail(CT_GEOM, "a coordinate is not finite");
        if (b->weld > 0 && fabs(p[k]) > 0x1p50 * b->weld)
            return ct_fail(CT_GEOM, "coordinate %g is too far out to weld points %g m apart", p[k],
                           b->weld);
    }
    const uint32_t found = search(b, p);
    if (found != NONE) {
        b->counts.welded++;
        *index = found;
        return CT_OK;
    }
    if (b->n_points >= b->max_points)
        return ct_fail(CT_LIMIT, "a mesh of more than %u points", b->max_points);
    CT_TRY(ct_grow(&b->xyz, &b->xyz_room, 3 * ((size_t)b->n_points + 1), sizeof *b->xyz));
    CT_TRY(
        ct_grow(&b->bucket_next, &b->next_room, (size_t)b->n_points + 1, sizeof *b->bucket_next));
    CT_TRY(grow_buckets(b));
    memcpy(b->xyz + 3 * (size_t)b->n_points, p, 3 * sizeof *p);
    if (b->n_buckets) put_into_bucket(b, b->n_points);
    *index = b->n_points++;
    return CT_OK;
}

ct_err ct_mesh_builder_triangles(ct_mesh_builder *b, const uint32_t *corners, uint32_t n,
                                 uint8_t tag) {
    const size_t before = b->faces.n_corners;
    const uint32_t faces = b->faces.n_faces;
    ct_err err = CT_OK;
    for (uint32_t i = 0; i < n && !err; i++)
        err = ct_geo__faces_triangle(&b->faces, corners[3 * (size_t)i], corners[3 * (size_t)i + 1],
                                     corners[3 * (size_t)i + 2]);
    if (!err) err = ct_geo__faces_end(&b->faces, tag);
    if (err) {
        b->faces.n_corners = before;
        return err;
    }
    if (b->faces.n_faces == faces)
        b->counts.degenerate++;
    else
        b->counts.faces++;
    return CT_OK;
}

ct_err ct_mesh_builder_face(ct_mesh_builder *b, const uint32_t *points, const uint32_t *ring_end,
                            uint32_t n_rings, uint8_t tag) {
    ct_triangles triangles;
    CT_TRY(ct_triangulate(&triangles, b->triangulator, b->xyz, points, ring_end, n_rings));
    CT_TRY(ct_mesh_builder_triangles(b, triangles.corners, triangles.n, tag));
    b->counts.crossing += !triangles.sound;
    return CT_OK;
}

ct_err ct_mesh_builder_polygon(ct_mesh_builder *b, const double *xyz, const uint32_t *ring_end,
                               uint32_t n_rings, uint8_t tag) {
    if (n_rings == 0) {
        b->counts.degenerate++;
        return CT_OK;
    }
    CT_TRY(ct_grow(&b->ring, &b->ring_room, ring_end[n_rings - 1], sizeof *b->ring));
    CT_TRY(ct_grow(&b->ends, &b->ends_room, n_rings, sizeof *b->ends));
    uint32_t n = 0;
    for (uint32_t r = 0; r < n_rings; r++) {
        const uint32_t first = n;
        for (uint32_t i = r ? ring_end[r - 1] : 0; i < ring_end[r]; i++)
            CT_TRY(ct_mesh_builder_point(&b->ring[n++], b, xyz + 3 * (size_t)i));
        while (n > first + 1 && b->ring[n - 1] == b->ring[first]) n--;
        b->ends[r] = n;
    }
    return ct_mesh_builder_face(b, b->ring, b->ends, n_rings, tag);
}

ct_err ct_mesh_builder_finish(ct_mesh *out, ct_mesh_counts *counts, ct_arena *arena,
                              const ct_mesh_builder *b) {
    CT_TRY(ct_geo__faces_mesh(out, arena, &b->faces, b->xyz, b->n_points));
    if (counts) *counts = b->counts;
    return CT_OK;
}
