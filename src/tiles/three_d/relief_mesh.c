// The mesh of a tile of the ground. Its corners sit at cell centres; the diagonal of each square
// runs from north-west to south-east.
#include "tiles/three_d/relief_mesh.h"

#include <math.h>

#include "base/mem.h"
#include "geo/crs.h"
#include "tiles/three_d/glb.h"
#include "tiles/three_d/solids.h"

enum { STEPS = CT_TILES__RELIEF_STEPS, SIDE = STEPS + 1 };
#define COLOUR  0xff6c847cU // alpha, blue, green, red
#define SKIRT_M 0.1         // beyond the errors
#define LEAST_M 0.001

typedef struct range { // cells of a tile: columns c0 .. c1, rows r0 .. r1, every `step`-th a corner
    uint32_t c0, r0, c1, r1, step;
    uint32_t nc, nr; // corners a row and a column
} range;

static range range_of(const ct_tiles__relief *r, uint32_t level, uint32_t x, uint32_t y) {
    range a = {.step = 1U << (r->n_levels - 1 - level)};
    const uint64_t span = (uint64_t)STEPS * a.step;
    a.c0 = (uint32_t)(x * span);
    a.r0 = (uint32_t)(y * span);
    a.c1 = a.c0 + span < r->grid->nx ? (uint32_t)(a.c0 + span) : r->grid->nx - 1;
    a.r1 = a.r0 + span < r->grid->ny ? (uint32_t)(a.r0 + span) : r->grid->ny - 1;
    a.nc = (a.c1 - a.c0 + a.step - 1) / a.step + 1;
    a.nr = (a.r1 - a.r0 + a.step - 1) / a.step + 1;
    return a;
}

static uint32_t column_of(const range *a, uint32_t i) {
    return a->c0 + i * a->step < a->c1 ? a->c0 + i * a->step : a->c1;
}

static uint32_t row_of(const range *a, uint32_t i) {
    return a->r0 + i * a->step < a->r1 ? a->r0 + i * a->step : a->r1;
}

static float height(const ct_grid *g, uint32_t row, uint32_t column) {
    return g->v[(size_t)row * g->nx + column];
}

void ct_tiles__relief_range(ct_tiles__patch *out, const ct_tiles__relief *r, uint32_t level,
                            uint32_t x, uint32_t y) {
    const range a = range_of(r, level, x, y);
    for (uint32_t row = a.r0; row <= a.r1; row++)
        for (uint32_t column = a.c0; column <= a.c1; column++) {
            const float h = height(r->grid, row, column);
            if (isnan(h)) continue;
            out->low_m = fminf(out->low_m, h);
            out->high_m = fmaxf(out->high_m, h);
        }
}

// ---- error
// -------------------------------------------------------------------------------------------- On
// the square's triangles; u from west to east, v from north to south, 0 to 1.
static float on_triangles(const float h[4], float u, float v) {
    const float nw = h[0], ne = h[1], sw = h[2], se = h[3];
    if (u >= v) return nw + u * (ne - nw) + v * (se - ne);
    return nw + v * (sw - nw) + u * (se - sw);
}

static float square_error(const ct_grid *g, const uint32_t c[2], const uint32_t r[2], float gap) {
    const float h[4] = {height(g, r[0], c[0]), height(g, r[0], c[1]), height(g, r[1], c[0]),
                        height(g, r[1], c[1])};
    const bool open = isnan(h[0]) || isnan(h[1]) || isnan(h[2]) || isnan(h[3]);
    float worst = 0;
    for (uint32_t row = r[0]; row <= r[1]; row++)
        for (uint32_t column = c[0]; column <= c[1]; column++) {
            const float truth = height(g, row, column);
            if (isnan(truth)) continue;
            if (open) return gap;
            const float u = (float)(column - c[0]) / (float)(c[1] - c[0]);
            const float v = (float)(row - r[0]) / (float)(r[1] - r[0]);
            worst = fmaxf(worst, fabsf(truth - on_triangles(h, u, v)));
        }
    return worst;
}

float ct_tiles__relief_error_m(const ct_tiles__relief *r, uint32_t level, uint32_t x, uint32_t y) {
    const range a = range_of(r, level, x, y);
    ct_tiles__patch all = {INFINITY, -INFINITY, 0};
    float worst = 0;
    ct_tiles__relief_range(&all, r, level, x, y);
    for (uint32_t j = 0; j + 1 < a.nr; j++)
        for (uint32_t i = 0; i + 1 < a.nc; i++) {
            const uint32_t columns[2] = {column_of(&a, i), column_of(&a, i + 1)};
            const uint32_t rows[2] = {row_of(&a, j), row_of(&a, j + 1)};
            worst = fmaxf(worst, square_error(r->grid, columns, rows, all.high_m - all.low_m));
        }
    return worst;
}

// ---- place
// --------------------------------------------------------------------------------------------
static double skirt_m(const ct_tiles__relief *r, uint32_t level, uint32_t x, uint32_t y) {
    const ct_tiles__patch *p = &r->patches[level][(size_t)y * r->nx[level] + x];
    return (double)(r->patches[0][0].error_m + p->error_m) + SKIRT_M;
}

static void box_twin(ct_box3 *out, const ct_tiles__relief *r, uint32_t level, uint32_t x,
                     uint32_t y) {
    const range a = range_of(r, level, x, y);
    const ct_tiles__patch *p = &r->patches[level][(size_t)y * r->nx[level] + x];
    *out = (ct_box3){
        {ct_grid_x(r->grid, a.c0), ct_grid_y(r->grid, a.r1),
         (double)p->low_m - skirt_m(r, level, x, y) - LEAST_M},
        {ct_grid_x(r->grid, a.c1), ct_grid_y(r->grid, a.r0), (double)p->high_m + LEAST_M}};
}

ct_err ct_tiles__relief_frame(ct_tiles__relief *r) {
    ct_box3 box;
    box_twin(&box, r, 0, 0, 0);
    return ct_tiles__frame_of(&r->frame, r->crs, &box);
}

ct_err ct_tiles__relief_box(ct_box3 *out, const ct_tiles__relief *r, uint32_t level, uint32_t x,
                            uint32_t y) {
    ct_box3 box;
    box_twin(&box, r, level, x, y);
    return ct_tiles__box_in(out, &r->frame, r->crs, &box);
}

// ---- triangles
// ----------------------------------------------------------------------------------------
typedef struct patch_mesh {
    const ct_tiles__relief *relief;
    range a;
    double *top, *foot; // corners in the frame, with and without the skirt's depth
    float *normals;
    bool *known;
    ct_tiles__glb *glb;
} patch_mesh;

// The slope over a step to either side, as far as there is ground (rows run to the south).
static void normal_at(float out[3], const ct_grid *g, uint32_t row, uint32_t column,
                      uint32_t step) {
    const float h = height(g, row, column);
    float slope[2] = {0, 0};
    for (int axis = 0; axis < 2; axis++) {
        const uint32_t at = axis ? row : column, end = axis ? g->ny - 1 : g->nx - 1;
        const uint32_t low = at >= step ? at - step : 0, high = end - at > step ? at + step : end;
        const float a = axis ? height(g, low, column) : height(g, row, low);
        const float b = axis ? height(g, high, column) : height(g, row, high);
        const float from = isnan(a) ? h : a, to = isnan(b) ? h : b;
        const float run =
            (float)((double)((isnan(b) ? at : high) - (isnan(a) ? at : low)) * g->cell_m);
        slope[axis] = run > 0 ? (to - from) / run : 0;
    }
    const float length = sqrtf(slope[0] * slope[0] + slope[1] * slope[1] + 1);
    out[0] = -slope[0] / length;
    out[1] = slope[1] / length; // north is against the rows
    out[2] = 1 / length;
}

static ct_err place_corners(patch_mesh *m, double depth_m) {
    const ct_grid *g = m->relief->grid;
    ct_transform *t;
    size_t n = 0;
    for (uint32_t j = 0; j < m->a.nr; j++)
        for (uint32_t i = 0; i < m->a.nc; i++, n++) {
            const uint32_t row = row_of(&m->a, j), column = column_of(&m->a, i);
            const float h = height(g, row, column);
            m->known[n] = !isnan(h);
            m->top[3 * n] = ct_grid_x(g, column);
            m->top[3 * n + 1] = ct_grid_y(g, row);
            m->top[3 * n + 2] = m->known[n] ? (double)h : 0;
            normal_at(m->normals + 3 * n, g, row, column, m->a.step);
        }
    CT_TRY(ct_transform_get(&t, m->relief->crs, CT_CRS_CRS84));
    CT_TRY(ct_transform_points(t, m->top, n, 3));
    for (size_t k = 0; k < n; k++) {
        double *p = m->top + 3 * k, *q = m->foot + 3 * k;
        ct_ecef_of(q, p[0], p[1], p[2] - depth_m);
        ct_ecef_of(p, p[0], p[1], p[2]);
        ct_enu_from_ecef(p, &m->relief->frame, p);
        ct_enu_from_ecef(q, &m->relief->frame, q);
    }
    return CT_OK;
}

static ct_err put(patch_mesh *m, const double *const p[3], const size_t n[3]) {
    double corners[9];
    float normals[9];
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 3; i++) {
            corners[3 * c + i] = p[c][i];
            normals[3 * c + i] = m->normals[3 * n[c] + (size_t)i];
        }
    return ct_tiles__glb_triangle(m->glb, corners, normals, true, COLOUR);
}

static ct_err put_top(patch_mesh *m, size_t a, size_t b, size_t c) {
    const double *const p[3] = {m->top + 3 * a, m->top + 3 * b, m->top + 3 * c};
    return put(m, p, (const size_t[3]){a, b, c});
}

// Along an edge from a to b, with the tile on its left: seen from outside it is counter-clockwise.
static ct_err put_skirt(patch_mesh *m, size_t a, size_t b) {
    if (!m->known[a] || !m->known[b]) return CT_OK;
    const double *const first[3] = {m->foot + 3 * a, m->foot + 3 * b, m->top + 3 * b};
    const double *const second[3] = {m->foot + 3 * a, m->top + 3 * b, m->top + 3 * a};
    CT_TRY(put(m, first, (const size_t[3]){a, b, b}));
    return put(m, second, (const size_t[3]){a, b, a});
}

static ct_err put_squares(patch_mesh *m) {
    for (size_t j = 0; j + 1 < m->a.nr; j++)
        for (size_t i = 0; i + 1 < m->a.nc; i++) {
            const size_t nw = j * m->a.nc + i, ne = nw + 1, sw = nw + m->a.nc, se = sw + 1;
            if (!m->known[nw] || !m->known[ne] || !m->known[sw] || !m->known[se]) continue;
            CT_TRY(put_top(m, nw, sw, se));
            CT_TRY(put_top(m, nw, se, ne));
        }
    return CT_OK;
}

static ct_err put_skirts(patch_mesh *m) {
    const size_t nc = m->a.nc, nr = m->a.nr;
    for (size_t i = 0; i + 1 < nc; i++) {
        CT_TRY(put_skirt(m, (nr - 1) * nc + i, (nr - 1) * nc + i + 1)); // south, to the east
        CT_TRY(put_skirt(m, i + 1, i));                                 // north, to the west
    }
    for (size_t j = 0; j + 1 < nr; j++) {
        CT_TRY(put_skirt(m, (j + 1) * nc + nc - 1, j * nc + nc - 1)); // east, to the north
        CT_TRY(put_skirt(m, j * nc, (j + 1) * nc));                   // west, to the south
    }
    return CT_OK;
}

static ct_err draw(ct_buf *out, patch_mesh *m, double depth_m, bool compress, size_t *triangles) {
    static const ct_tiles__glb_feature ground = {0, "ground", "terrain", "", ""};
    const size_t n = (size_t)SIDE * SIDE;
    m->top = ct_alloc(3 * n * sizeof *m->top);
    m->foot = ct_alloc(3 * n * sizeof *m->foot);
    m->normals = ct_alloc(3 * n * sizeof *m->normals);
    m->known = ct_alloc(n * sizeof *m->known);
    m->glb = ct_tiles__glb_new();
    if (!m->top || !m->foot || !m->normals || !m->known || !m->glb) return CT_NOMEM;
    CT_TRY(place_corners(m, depth_m));
    CT_TRY(ct_tiles__glb_feature_begin(m->glb, &ground));
    CT_TRY(put_squares(m));
    CT_TRY(put_skirts(m));
    if (triangles) *triangles = ct_tiles__glb_triangles(m->glb);
    return ct_tiles__glb_write(out, m->glb, compress);
}

ct_err ct_tiles__relief_draw(ct_buf *out, const ct_tiles__relief *r, uint32_t level, uint32_t x,
                             uint32_t y, bool compress, size_t *triangles) {
    patch_mesh m = {.relief = r, .a = range_of(r, level, x, y)};
    const ct_err err = draw(out, &m, skirt_m(r, level, x, y), compress, triangles);
    ct_free(m.top);
    ct_free(m.foot);
    ct_free(m.normals);
    ct_free(m.known);
    ct_tiles__glb_free(m.glb);
    return err;
}
