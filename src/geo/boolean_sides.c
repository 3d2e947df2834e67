// Equal pieces become regions; each region learns what lies on its two sides, and with it whether
// it is a part of the result.
//
// Neighbours over an edge that nobody else has see the same on both sides, so one ray serves a
// whole patch of them.
#include <stdlib.h>

#include "geo/boolean_private.h"

typedef struct use { // of an edge by a region
    uint32_t low, high, region;
    bool up; // it runs from low to high
} use;

typedef struct sides {
    ct_geo__kernel *k;
    uint32_t *table; // of regions, by loop
    uint32_t table_size;
    use *uses;
    size_t n_uses, uses_room;
    uint32_t *patch;     // by region: a region that stands for it
    int32_t *winding;    // by mesh, at the place asked
    uint32_t cell, from; // of the ray: its piece and its point
} sides;

static void sides_fini(sides *s) {
    ct_free(s->table);
    ct_free(s->uses);
    ct_free(s->patch);
    ct_free(s->winding);
}

// ---- regions

static uint64_t loop_hash(const uint32_t *loop, uint32_t n) {
    uint64_t sum = n; // the same wherever it begins and whichever way it runs
    for (uint32_t i = 0; i < n; i++) {
        uint64_t h = (loop[i] + UINT64_C(1)) * 0x9E3779B97F4A7C15U;
        sum += h ^ h >> 31;
    }
    return sum * 0x9E3779B97F4A7C15U;
}

// 1 if loops are equal, -1 if they are but run against each other, 0 if they differ.
static int same_loop(const uint32_t *a, const uint32_t *b, uint32_t n) {
    for (uint32_t shift = 0; shift < n; shift++) {
        if (b[shift] != a[0]) continue;
        uint32_t i = 1, j = 1;
        while (i < n && a[i] == b[(shift + i) % n]) i++;
        if (i == n) return 1;
        while (j < n && a[j] == b[(shift + n - j) % n]) j++;
        if (j == n) return -1;
    }
    return 0;
}

static void put_in_region(ct_geo__kernel *k, uint32_t cell, uint32_t region, int turned) {
    ct_geo__cell *c = &k->cells[cell];
    c->region = region;
    c->turned = (int8_t)turned;
    uint32_t last = k->regions[region].first;
    while (k->cells[last].next != NONE) last = k->cells[last].next;
    k->cells[last].next = cell;
}

static ct_err find_region(sides *s, uint32_t cell) {
    ct_geo__kernel *k = s->k;
    uint32_t n, m;
    const uint32_t *loop = ct_geo__loop(&n, k, k->cells[cell].first_loop);
    uint32_t slot = (uint32_t)(loop_hash(loop, n) >> 32) & (s->table_size - 1);
    for (; s->table[slot] != NONE; slot = (slot + 1) & (s->table_size - 1)) {
        const uint32_t first = k->regions[s->table[slot]].first;
        const uint32_t *other = ct_geo__loop(&m, k, k->cells[first].first_loop);
        const int same = m == n ? same_loop(other, loop, n) : 0;
        if (same == 0) continue;
        put_in_region(k, cell, s->table[slot], same);
        return CT_OK;
    }
    CT_TRY(ct_grow(&k->regions, &k->regions_room, k->n_regions + 1, sizeof *k->regions));
    s->table[slot] = (uint32_t)k->n_regions;
    k->cells[cell].region = (uint32_t)k->n_regions;
    k->cells[cell].turned = 1;
    k->regions[k->n_regions++] = (ct_geo__region){.first = cell, .chosen = cell};
    return CT_OK;
}

static ct_err find_regions(sides *s) {
    s->table_size = 16;
    while (s->table_size < 2 * s->k->n_cells) s->table_size *= 2;
    s->table = ct_alloc(s->table_size * sizeof *s->table);
    if (!s->table) return CT_NOMEM;
    for (uint32_t i = 0; i < s->table_size; i++) s->table[i] = NONE;
    for (uint32_t c = 0; c < s->k->n_cells; c++) CT_TRY(find_region(s, c));
    return CT_OK;
}

// ---- patches

static int by_edge(const void *left, const void *right) {
    const use *a = left, *b = right;
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    if (a->high != b->high) return a->high < b->high ? -1 : 1;
    return a->region < b->region ? -1 : a->region > b->region;
}

static ct_err put_uses(sides *s, uint32_t region) {
    const ct_geo__kernel *k = s->k;
    const ct_geo__cell *c = &k->cells[k->regions[region].first];
    for (uint32_t l = 0; l < c->n_loops; l++) {
        uint32_t n;
        const uint32_t *loop = ct_geo__loop(&n, k, c->first_loop + l);
        CT_TRY(ct_grow(&s->uses, &s->uses_room, s->n_uses + n, sizeof *s->uses));
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t a = loop[i], b = loop[i + 1 < n ? i + 1 : 0];
            s->uses[s->n_uses++] = (use){a < b ? a : b, a < b ? b : a, region, a < b};
        }
    }
    return CT_OK;
}

static uint32_t patch_of(uint32_t *patch, uint32_t r) {
    while (patch[r] != r) {
        patch[r] = patch[patch[r]];
        r = patch[r];
    }
    return r;
}

// Whether one piece alone makes the region.
static bool is_plain(const ct_geo__kernel *k, uint32_t region) {
    return k->cells[k->regions[region].first].next == NONE;
}

static uint32_t mesh_of(const ct_geo__kernel *k, uint32_t region) {
    return k->triangles[k->cells[k->regions[region].first].triangle].mesh;
}

static ct_err find_patches(sides *s) {
    const size_t n = s->k->n_regions;
    s->patch = ct_alloc((n + 1) * sizeof *s->patch);
    if (!s->patch) return CT_NOMEM;
    for (uint32_t r = 0; r < n; r++) {
        s->patch[r] = r;
        CT_TRY(put_uses(s, r));
    }
    if (s->n_uses) qsort(s->uses, s->n_uses, sizeof *s->uses, by_edge);
    for (size_t i = 0, end; i < s->n_uses; i = end) {
        const use *u = &s->uses[i];
        for (end = i + 1;
             end < s->n_uses && s->uses[end].low == u->low && s->uses[end].high == u->high;)
            end++;
        if (end - i != 2 || u[0].up == u[1].up || !is_plain(s->k, u[0].region) ||
            !is_plain(s->k, u[1].region) ||
            mesh_of(s->k, u[0].region) != mesh_of(s->k, u[1].region))
            continue;
        const uint32_t a = patch_of(s->patch, u[0].region), b = patch_of(s->patch, u[1].region);
        if (a != b) s->patch[a > b ? a : b] = a > b ? b : a;
    }
    return CT_OK;
}

// ---- a point within a piece

// Counter-clockwise turn about the piece's triangle.
static int turn(const sides *s, uint32_t a, uint32_t b, uint32_t c) {
    const ct_geo__triangle *t = &s->k->triangles[s->k->cells[s->cell].triangle];
    const int side = ct_geo__orient(&s->k->points, t->axis, a, b, c);
    return t->back ? -side : side;
}

// Whether c lies further from the line a-b than d does (both on its left).
static bool is_further(const sides *s, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    const int axis = s->k->triangles[s->k->cells[s->cell].triangle].axis;
    const int ix = (axis + 1) % 3, iy = (axis + 2) % 3;
    // (b - a) x (c - d), times the positive divisors of all
    ct_wide x[4][3], w[4], u[2], v[2], left, right, product, other;
    const uint32_t point[4] = {a, b, d, c};
    for (int i = 0; i < 4; i++) ct_geo__point_get(x[i], &w[i], &s->k->points, point[i]);
    const int coordinate[2] = {ix, iy};
    for (int i = 0; i < 2; i++) {
        const int k = coordinate[i];
        ct_wide_mul(&product, &x[1][k], &w[0]);
        ct_wide_mul(&other, &x[0][k], &w[1]);
        ct_wide_sub(&u[i], &product, &other);
        ct_wide_mul(&product, &x[3][k], &w[2]);
        ct_wide_mul(&other, &x[2][k], &w[3]);
        ct_wide_sub(&v[i], &product, &other);
    }
    ct_wide_mul(&left, &u[0], &v[1]);
    ct_wide_mul(&right, &u[1], &v[0]);
    const int side = ct_wide_compare(&left, &right);
    const bool back = s->k->triangles[s->k->cells[s->cell].triangle].back;
    return (back ? -side : side) > 0;
}

static bool lies_in_corner(const sides *s, uint32_t a, uint32_t b, uint32_t c, uint32_t p) {
    return p != a && p != b && p != c && turn(s, a, b, p) >= 0 && turn(s, b, c, p) >= 0 &&
           turn(s, c, a, p) >= 0;
}

// The piece's point in its outer loop that comes first of all (x, then y, then z): a corner that is
// convex.
static uint32_t first_corner(const sides *s, const uint32_t *loop, uint32_t n) {
    uint32_t best = 0;
    const ct_geo__triangle *t = &s->k->triangles[s->k->cells[s->cell].triangle];
    for (uint32_t i = 1; i < n; i++) {
        const ct_geo__points *p = &s->k->points;
        int order = ct_geo__compare_coordinate(p, loop[i], loop[best], (t->axis + 1) % 3);
        if (order == 0)
            order = ct_geo__compare_coordinate(p, loop[i], loop[best], (t->axis + 2) % 3);
        if (order < 0) best = i;
    }
    return best;
}

// The middle of points; from 2 or 3 of them.
static ct_err push_middle(sides *s, const uint32_t *point, int n) {
    ct_wide x[3], w, sum[3], all, product, other;
    ct_geo__point_get(sum, &all, &s->k->points, point[0]);
    for (int i = 1; i < n; i++) {
        ct_geo__point_get(x, &w, &s->k->points, point[i]);
        for (int k = 0; k < 3; k++) {
            ct_wide_mul(&product, &sum[k], &w);
            ct_wide_mul(&other, &x[k], &all);
            ct_wide_add(&sum[k], &product, &other);
        }
        ct_wide_mul(&product, &all, &w);
        all = product;
    }
    ct_wide count;
    ct_wide_set(&count, n);
    ct_wide_mul(&product, &all, &count);
    return ct_geo__point_push(&s->from, &s->k->points, sum, &product);
}

// Pushes a point within the piece: in a convex corner, the middle between it and the point that
// reaches furthest into it, or of its triangle if it is empty.
static ct_err push_inner(sides *s) {
    const ct_geo__kernel *k = s->k;
    const ct_geo__cell *cell = &k->cells[s->cell];
    uint32_t n;
    const uint32_t *outer = ct_geo__loop(&n, k, cell->first_loop);
    const uint32_t at = first_corner(s, outer, n);
    const uint32_t b = outer[at], a = outer[at ? at - 1 : n - 1],
                   c = outer[at + 1 < n ? at + 1 : 0];
    uint32_t deepest = NONE;
    for (uint32_t l = 0; l < cell->n_loops; l++) {
        uint32_t m;
        const uint32_t *loop = ct_geo__loop(&m, k, cell->first_loop + l);
        for (uint32_t i = 0; i < m; i++)
            if (lies_in_corner(s, a, b, c, loop[i]) &&
                (deepest == NONE || is_further(s, c, a, loop[i], deepest)))
                deepest = loop[i];
    }
    if (deepest != NONE) return push_middle(s, (const uint32_t[2]){b, deepest}, 2);
    return push_middle(s, (const uint32_t[3]){a, b, c}, 3);
}

// ---- rays

static int over_plane(const sides *s, const ct_geo__plane *plane, uint32_t point) {
    ct_wide x[3], w, v, sum, product;
    ct_geo__point_get(x, &w, &s->k->points, point);
    ct_wide_set(&v, -plane->offset);
    ct_wide_mul(&sum, &v, &w);
    for (int k = 0; k < 3; k++) {
        ct_wide_set(&v, plane->normal[k]);
        ct_wide_mul(&product, &v, &x[k]);
        ct_wide_add(&sum, &sum, &product);
    }
    return sum.sign;
}

// The ray stands an infinitely small step aside, in y and far less in x of the plane that it
// leaves: which side of the edge it is on where the point is in its line.
static int side_aside(const ct_geo__points *p, int axis, uint32_t a, uint32_t b) {
    const int x = (axis + 1) % 3, y = (axis + 2) % 3;
    const int64_t dx = ct_geo__coordinate(p, b, x) - ct_geo__coordinate(p, a, x);
    const int64_t dy = ct_geo__coordinate(p, b, y) - ct_geo__coordinate(p, a, y);
    if (dx) return dx > 0 ? 1 : -1;
    return dy < 0 ? 1 : dy > 0 ? -1 : 0;
}

// And over which side of a plane, moving so within the plane `own`; 0: the planes are the same.
static int over_aside(const ct_geo__plane *plane, const ct_geo__plane *own, int axis) {
    for (int step = 2; step >= 1; step--) { // y, then x
        const int k = (axis + step) % 3;
        ct_wide p, q, r, t, difference;
        ct_wide_set(&p, plane->normal[k]);
        ct_wide_set(&q, own->normal[axis]);
        ct_wide_mul(&r, &p, &q);
        ct_wide_set(&p, plane->normal[axis]);
        ct_wide_set(&q, own->normal[k]);
        ct_wide_mul(&t, &p, &q);
        ct_wide_sub(&difference, &r, &t);
        if (difference.sign) return difference.sign * ct_geo__sign(own->normal[axis]);
    }
    return 0;
}

static ct_err cross_ray(void *context, uint32_t triangle) {
    sides *s = context;
    ct_geo__kernel *k = s->k;
    CT_TRY(ct_geo__worked(k, 1));
    const ct_geo__triangle *own = &k->triangles[k->cells[s->cell].triangle];
    const ct_geo__triangle *t = &k->triangles[triangle];
    const ct_geo__plane *plane = &k->planes[triangle];
    const int axis = own->axis, facing = ct_geo__sign(plane->normal[axis]);
    if (facing == 0) return CT_OK;
    for (int i = 0; i < 3; i++) {
        const uint32_t a = t->point[i], b = t->point[(i + 1) % 3];
        int side = ct_geo__orient(&k->points, axis, a, b, s->from);
        if (side == 0) side = side_aside(&k->points, axis, a, b);
        if (side != facing) return CT_OK;
    }
    int over = over_plane(s, plane, s->from);
    if (over == 0) over = over_aside(plane, &k->planes[k->cells[s->cell].triangle], axis);
    if (over * facing < 0) s->winding[t->mesh] += facing;
    return CT_OK;
}

// How often each mesh winds round the place just beyond the piece's inner point along the axis.
static ct_err cast(sides *s) {
    ct_geo__kernel *k = s->k;
    const int axis = k->triangles[k->cells[s->cell].triangle].axis;
    for (uint32_t m = 0; m < k->n_meshes; m++) s->winding[m] = 0;
    CT_TRY(push_inner(s));
    int64_t low[3], high[3];
    for (int i = 0; i < 3; i++) {
        low[i] = ct_geo__coordinate(&k->points, s->from, i);
        high[i] = i == axis ? INT64_MAX : low[i] + 1;
    }
    const ct_err err = ct_geo__tree_search(&k->tree, k->n_triangles, low, high, cross_ray, s);
    ct_geo__point_drop(&k->points);
    return err;
}

static bool is_in(const sides *s) {
    const ct_geo__kernel *k = s->k;
    const bool first = s->winding[0] > 0;
    switch (k->operation) {
    case CT_BOOLEAN_UNION:
        for (uint32_t m = 0; m < k->n_meshes; m++)
            if (s->winding[m] > 0) return true;
        return false;
    case CT_BOOLEAN_INTERSECTION:
        for (uint32_t m = 0; m < k->n_meshes; m++)
            if (s->winding[m] <= 0) return false;
        return true;
    case CT_BOOLEAN_DIFFERENCE: break;
    }
    for (uint32_t m = 1; m < k->n_meshes; m++)
        if (s->winding[m] > 0) return false;
    return first;
}

// Passing a region's pieces from front to back: into what they bound.
static void pass(sides *s, uint32_t region, int sign) {
    for (uint32_t c = s->k->regions[region].first; c != NONE; c = s->k->cells[c].next)
        s->winding[s->k->triangles[s->k->cells[c].triangle].mesh] += sign * s->k->cells[c].turned;
}

static ct_err judge(sides *s, uint32_t region) {
    ct_geo__kernel *k = s->k;
    s->cell = k->regions[region].first;
    CT_TRY(cast(s));
    // Beyond along the axis is the front, unless the triangle looks the other way.
    const bool back_first = k->triangles[k->cells[s->cell].triangle].back;
    if (back_first) pass(s, region, -1);
    const bool front = is_in(s);
    pass(s, region, 1);
    const bool back = is_in(s);
    k->regions[region].kept = front == back ? 0 : back ? 1 : -1;
    return CT_OK;
}

// The piece whose mesh and face the region takes: one that looks as it will, of the first mesh.
static void choose_piece(ct_geo__kernel *k, ct_geo__region *r) {
    uint32_t best = NONE;
    for (uint32_t c = r->first; c != NONE; c = k->cells[c].next) {
        if (best == NONE) {
            best = c;
            continue;
        }
        const bool fits = k->cells[c].turned == r->kept, had = k->cells[best].turned == r->kept;
        const uint32_t mesh = k->triangles[k->cells[c].triangle].mesh;
        const uint32_t best_mesh = k->triangles[k->cells[best].triangle].mesh;
        if (fits != had ? fits : mesh < best_mesh) best = c;
    }
    r->chosen = best;
}

static ct_err choose(sides *s) {
    CT_TRY(find_regions(s));
    CT_TRY(find_patches(s));
    s->winding = ct_alloc(s->k->n_meshes * sizeof *s->winding);
    if (!s->winding) return CT_NOMEM;
    for (uint32_t r = 0; r < s->k->n_regions; r++) {
        const uint32_t patch = patch_of(s->patch, r);
        if (patch == r)
            CT_TRY(judge(s, r));
        else
            s->k->regions[r].kept = s->k->regions[patch].kept;
        choose_piece(s->k, &s->k->regions[r]);
    }
    return CT_OK;
}

ct_err ct_geo__choose_regions(ct_geo__kernel *k) {
    sides s = {.k = k};
    const ct_err err = choose(&s);
    sides_fini(&s);
    return err;
}
