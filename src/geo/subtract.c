// The difference of a polygon and openings, by the simplest way that is exact.
//
// Rectangles along the axes: their coordinates cut the polygon into cells, and what stays is the
// outline of the cells that no opening covers. Openings that stay clear of the polygon's edges and
// of one another: holes. All else: GEOS.
#include "geo/subtract.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geom_private.h"
#include "geo/geos.h"
#include "geo/outline.h"

enum { MAX_CELLS = 1 << 16 };

// ---- rectangles

// The box of a polygon of one ring that is a rectangle along the axes, in multiples of the step.
static bool box_of_part(int64_t box[4], const ct_geom *g, uint32_t part, double step) {
    const uint32_t ring = ct_geo__part_begin(g, part), begin = ct_geo__ring_begin(g, ring);
    if (g->part_end[part] != ring + 1 || g->ring_end[ring] != begin + 5) return false;
    int64_t p[5][2];
    for (uint32_t i = 0; i < 5; i++)
        for (int k = 0; k < 2; k++) {
            const double v = ct_geo__point(g, begin + i)[k] / step;
            if (!(fabs(v) < 1e15)) return false;
            p[i][k] = llround(v);
        }
    const int first = p[0][0] == p[1][0] ? 0 : 1; // the coordinate that the first edge keeps
    for (int i = 0; i < 4; i++) {
        const int k = (first + i) % 2;
        if (p[i][k] != p[i + 1][k]) return false;
    }
    for (int k = 0; k < 2; k++) {
        box[k] = p[0][k] < p[2][k] ? p[0][k] : p[2][k];
        box[2 + k] = p[0][k] < p[2][k] ? p[2][k] : p[0][k];
    }
    return true;
}

static int by_value(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

// The different values within low and high, in order; their number.
static size_t lines_of(int64_t *out, const int64_t (*boxes)[4], size_t n, int k) {
    const int64_t low = boxes[0][k], high = boxes[0][k + 2];
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < n; i++)
        for (int end = k; end < 4; end += 2)
            if (boxes[i][end] >= low && boxes[i][end] <= high) out[count++] = boxes[i][end];
    qsort(out, count, sizeof *out, by_value);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || out[i] != out[kept - 1]) out[kept++] = out[i];
    return kept;
}

typedef struct cells { // x lines and y lines, and which of the cells between them are left
    int64_t *x, *y;
    size_t nx, ny;
    uint8_t *left; // (nx - 1) * (ny - 1)
} cells;

static bool is_left(const cells *c, size_t i, size_t j) { // counted from 1; 0 and the end: outside
    return i > 0 && j > 0 && i < c->nx && j < c->ny && c->left[(j - 1) * (c->nx - 1) + i - 1];
}

static void take_out(cells *c, const int64_t box[4]) {
    for (size_t j = 0; j + 1 < c->ny; j++)
        if (c->y[j] >= box[1] && c->y[j + 1] <= box[3])
            for (size_t i = 0; i + 1 < c->nx; i++)
                if (c->x[i] >= box[0] && c->x[i + 1] <= box[2]) c->left[j * (c->nx - 1) + i] = 0;
}

// The edges between cells that are left and those that are not, over points of the lines' grid.
static ct_err put_edges(ct_outline *outline, const cells *c) {
    const uint32_t nx = (uint32_t)c->nx;
    for (uint32_t j = 0; j < c->ny; j++)
        for (uint32_t i = 0; i < c->nx; i++) {
            const uint32_t at = j * nx + i;
            const bool here = is_left(c, i + 1, j + 1);
            if (here != is_left(c, i + 1, j))
                CT_TRY(ct_outline_edge(outline, here ? at : at + 1, here ? at + 1 : at));
            if (here != is_left(c, i, j + 1))
                CT_TRY(ct_outline_edge(outline, here ? at + nx : at, here ? at : at + nx));
        }
    return CT_OK;
}

// Whether the middle one of three points of the grid lies on the straight line between the others.
static bool is_straight(uint32_t a, uint32_t b, uint32_t c, uint32_t nx) {
    return (a % nx == b % nx && b % nx == c % nx) || (a / nx == b / nx && b / nx == c / nx);
}

static void put_rings(ct_geom *out, const ct_rings *rings, const double *xyz, uint32_t nx) {
    uint32_t n = 0;
    for (uint32_t r = 0, begin = 0; r < rings->n_rings; begin = rings->ring_end[r++]) {
        const uint32_t end = rings->ring_end[r], first = n;
        for (uint32_t i = begin; i < end; i++) {
            const uint32_t before = rings->points[i > begin ? i - 1 : end - 1];
            const uint32_t after = rings->points[i + 1 < end ? i + 1 : begin];
            if (is_straight(before, rings->points[i], after, nx)) continue;
            memcpy(out->xyz + 2 * (size_t)n, xyz + 3 * (size_t)rings->points[i], 2 * sizeof *xyz);
            n++;
        }
        memcpy(out->xyz + 2 * (size_t)n, out->xyz + 2 * (size_t)first, 2 * sizeof *xyz);
        out->ring_end[r] = ++n;
    }
    memcpy(out->part_end, rings->part_end, rings->n_parts * sizeof *out->part_end);
    out->n_points = n;
}

static ct_err outline_of(ct_geom *out, ct_arena *arena, ct_outline *outline, const cells *c,
                         double step) {
    double *xyz = ct_arena_alloc(arena, 3 * c->nx * c->ny * sizeof *xyz);
    if (!xyz) return CT_NOMEM;
    for (size_t i = 0; i < c->nx * c->ny; i++) {
        xyz[3 * i] = (double)c->x[i % c->nx] * step;
        xyz[3 * i + 1] = (double)c->y[i / c->nx] * step;
        xyz[3 * i + 2] = 0;
    }
    CT_TRY(put_edges(outline, c));
    ct_rings rings;
    CT_TRY(ct_outline_rings(&rings, outline, xyz, (const double[3]){0, 0, 1}));
    if (rings.n_parts == 0) {
        *out = (ct_geom){0};
        return CT_OK;
    }
    const ct_geom_type type = rings.n_parts > 1 ? CT_GEOM_MULTIPOLYGON : CT_GEOM_POLYGON;
    CT_TRY(ct_geo__alloc(out, arena, type, false, (size_t)rings.n_points + rings.n_rings,
                         rings.n_rings, rings.n_parts));
    put_rings(out, &rings, xyz, (uint32_t)c->nx);
    return CT_OK;
}

static ct_err subtract_boxes(ct_geom *out, bool *done, ct_arena *arena, const ct_geom *g,
                             const ct_geom *cut, double step) {
    const size_t n = 1 + (size_t)cut->n_parts;
    if (g->n_parts != 1 || 4 * n * n > MAX_CELLS) return CT_OK;
    int64_t(*boxes)[4] = ct_arena_alloc(arena, n * sizeof *boxes);
    int64_t *lines = ct_arena_alloc(arena, 4 * n * sizeof *lines);
    if (!boxes || !lines) return CT_NOMEM;
    if (!box_of_part(boxes[0], g, 0, step)) return CT_OK;
    for (uint32_t i = 0; i < cut->n_parts; i++)
        if (!box_of_part(boxes[i + 1], cut, i, step)) return CT_OK;
    cells c = {.x = lines, .y = lines + 2 * n};
    c.nx = lines_of(c.x, (const int64_t(*)[4])boxes, n, 0);
    c.ny = lines_of(c.y, (const int64_t(*)[4])boxes, n, 1);
    if (c.nx < 2 || c.ny < 2) return CT_OK;
    c.left = ct_arena_alloc(arena, c.nx * c.ny);
    if (!c.left) return CT_NOMEM;
    memset(c.left, 1, c.nx * c.ny);
    for (size_t i = 1; i < n; i++) take_out(&c, boxes[i]);
    ct_outline *outline = ct_outline_new();
    if (!outline) return CT_NOMEM;
    const ct_err err = outline_of(out, arena, outline, &c, step);
    ct_outline_free(outline);
    *done = err == CT_OK;
    return err;
}

// ---- holes

static void box_of_ring(ct_bbox *box, const ct_geom *g, uint32_t ring, double margin) {
    *box = (ct_bbox){INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (uint32_t i = ct_geo__ring_begin(g, ring); i < g->ring_end[ring]; i++) {
        const double *p = ct_geo__point(g, i);
        box->min_x = fmin(box->min_x, p[0] - margin);
        box->min_y = fmin(box->min_y, p[1] - margin);
        box->max_x = fmax(box->max_x, p[0] + margin);
        box->max_y = fmax(box->max_y, p[1] + margin);
    }
}

// Whether a segment has a point in the box (Liang and Barsky).
static bool enters(const ct_bbox *box, const double *a, const double *b) {
    double from = 0, to = 1;
    const double low[2] = {box->min_x, box->min_y}, high[2] = {box->max_x, box->max_y};
    for (int k = 0; k < 2; k++) {
        const double d = b[k] - a[k];
        if (d == 0) {
            if (a[k] < low[k] || a[k] > high[k]) return false;
            continue;
        }
        const double s = (low[k] - a[k]) / d, t = (high[k] - a[k]) / d;
        from = fmax(from, fmin(s, t));
        to = fmin(to, fmax(s, t));
        if (from > to) return false;
    }
    return true;
}

bool ct_geo__covers_box(const ct_geom *g, const ct_bbox *box) {
    for (uint32_t r = 0; r < g->n_rings; r++)
        for (uint32_t i = ct_geo__ring_begin(g, r); i + 1 < g->ring_end[r]; i++)
            if (enters(box, ct_geo__point(g, i), ct_geo__point(g, i + 1))) return false;
    return ct_geom_contains_point(g, (box->min_x + box->max_x) / 2, (box->min_y + box->max_y) / 2);
}

static ct_err with_holes(ct_geom *out, ct_arena *arena, const ct_geom *g, const ct_geom *cut) {
    CT_TRY(ct_geo__alloc(out, arena, CT_GEOM_POLYGON, false, (size_t)g->n_points + cut->n_points,
                         (size_t)g->n_rings + cut->n_rings, 1));
    memcpy(out->xyz, g->xyz, 2 * (size_t)g->n_points * sizeof *out->xyz);
    memcpy(out->xyz + 2 * (size_t)g->n_points, cut->xyz,
           2 * (size_t)cut->n_points * sizeof *out->xyz);
    memcpy(out->ring_end, g->ring_end, g->n_rings * sizeof *out->ring_end);
    for (uint32_t r = 0; r < cut->n_rings; r++)
        out->ring_end[g->n_rings + r] = g->n_points + cut->ring_end[r];
    out->part_end[0] = out->n_rings;
    return CT_OK;
}

static ct_err subtract_holes(ct_geom *out, bool *done, ct_arena *arena, const ct_geom *g,
                             const ct_geom *cut, double step) {
    if (g->n_parts != 1 || g->has_z || cut->has_z || cut->n_rings != cut->n_parts ||
        cut->n_rings > 256)
        return CT_OK;
    ct_bbox *boxes = ct_arena_alloc(arena, cut->n_rings * sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (uint32_t r = 0; r < cut->n_rings; r++) {
        box_of_ring(&boxes[r], cut, r, step);
        for (uint32_t other = 0; other < r; other++)
            if (ct_bbox_intersects(&boxes[r], &boxes[other])) return CT_OK;
        if (!ct_geo__covers_box(g, &boxes[r])) return CT_OK;
    }
    *done = true;
    return with_holes(out, arena, g, cut);
}

ct_err ct_geo__subtract(ct_geom *out, ct_arena *arena, const ct_geom *g, const ct_geom *cut,
                        double step) {
    bool done = false;
    if (step > 0 && isfinite(step) && cut->n_parts) {
        CT_TRY(subtract_boxes(out, &done, arena, g, cut, step));
        if (!done) CT_TRY(subtract_holes(out, &done, arena, g, cut, step));
    }
    return done ? CT_OK : ct_geos_subtract(out, arena, g, cut, step);
}
