// Points of the boolean: quotients of whole numbers, told apart by their spots and then exactly.
//
// A spot is the point rounded down to 2^-20 of the grid: one number for one point, however it was
// found. Most signs follow from spots alone: they are off by less than one.
#include "geo/boolean_private.h"

#include <string.h>

void ct_geo__points_fini(ct_geo__points *p) {
    ct_free(p->spot);
    ct_free(p->exact);
    ct_free(p->pool);
    ct_free(p->table);
}

// In the pool: a word with the lengths and signs of x, y, z, w, then their limbs.
static ct_err pool_put(uint32_t *at, ct_geo__points *p, const ct_wide x[3], const ct_wide *w) {
    const ct_wide *list[4] = {&x[0], &x[1], &x[2], w};
    size_t need = p->n_pool + 1;
    for (int i = 0; i < 4; i++) need += (size_t)list[i]->n;
    if (need > NONE) return ct_fail(CT_LIMIT, "the boolean of the meshes has too many points");
    CT_TRY(ct_grow(&p->pool, &p->pool_room, need, sizeof *p->pool));
    uint64_t head = 0;
    size_t next = p->n_pool + 1;
    for (int i = 0; i < 4; i++) {
        head |= (uint64_t)((uint32_t)list[i]->n << 2 | (uint32_t)(list[i]->sign + 1)) << 16 * i;
        memcpy(p->pool + next, list[i]->limb, (size_t)list[i]->n * sizeof *p->pool);
        next += (size_t)list[i]->n;
    }
    p->pool[p->n_pool] = head;
    *at = (uint32_t)p->n_pool;
    p->n_pool = need;
    return CT_OK;
}

void ct_geo__point_get(ct_wide x[3], ct_wide *w, const ct_geo__points *p, uint32_t point) {
    const uint32_t at = p->exact[point];
    if (at == NONE) {
        for (int k = 0; k < 3; k++) ct_wide_set(&x[k], ct_geo__coordinate(p, point, k));
        ct_wide_set(w, 1);
        return;
    }
    const uint64_t head = p->pool[at];
    const uint64_t *limb = p->pool + at + 1;
    for (int i = 0; i < 4; i++) {
        ct_wide *to = i < 3 ? &x[i] : w;
        const uint32_t code = (uint32_t)(head >> 16 * i & 0xffff);
        to->n = (int32_t)(code >> 2);
        to->sign = (int32_t)(code & 3) - 1;
        memcpy(to->limb, limb, (size_t)to->n * sizeof *limb);
        limb += to->n;
    }
}

// One coordinate and the divisor.
static void get_one(ct_wide *x, ct_wide *w, const ct_geo__points *p, uint32_t point, int k) {
    ct_wide all[3];
    ct_geo__point_get(all, w, p, point);
    *x = all[k];
}

int ct_geo__compare_coordinate(const ct_geo__points *p, uint32_t a, uint32_t b, int k) {
    const int64_t sa = p->spot[3 * (size_t)a + k], sb = p->spot[3 * (size_t)b + k];
    if (sa != sb) return sa < sb ? -1 : 1;
    if (a == b || (p->exact[a] == NONE && p->exact[b] == NONE)) return 0;
    ct_wide xa, wa, xb, wb, left, right;
    get_one(&xa, &wa, p, a, k);
    get_one(&xb, &wb, p, b, k);
    ct_wide_mul(&left, &xa, &wb);
    ct_wide_mul(&right, &xb, &wa);
    return ct_wide_compare(&left, &right);
}

int ct_geo__compare_points(const ct_geo__points *p, uint32_t a, uint32_t b) {
    if (a == b) return 0;
    for (int k = 0; k < 3; k++) {
        const int order = ct_geo__compare_coordinate(p, a, b, k);
        if (order) return order;
    }
    return 0;
}

static uint64_t hash_of(const int64_t spot[3]) {
    uint64_t h = 0;
    for (int k = 0; k < 3; k++) {
        h = (h ^ (uint64_t)spot[k]) * 0x9E3779B97F4A7C15U;
        h ^= h >> 32;
    }
    return h;
}

static bool is_at(const ct_geo__points *p, uint32_t point, const int64_t spot[3]) {
    return memcmp(p->spot + 3 * (size_t)point, spot, 3 * sizeof *spot) == 0;
}

static ct_err grow_table(ct_geo__points *p) {
    if (2 * p->n < p->table_size) return CT_OK;
    const uint32_t size = p->table_size ? 2 * p->table_size : 256;
    uint32_t *table = ct_alloc(size * sizeof *table);
    if (!table) return CT_NOMEM;
    for (uint32_t i = 0; i < size; i++) table[i] = NONE;
    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t slot = (uint32_t)hash_of(p->spot + 3 * (size_t)i) & (size - 1);
        while (table[slot] != NONE) slot = (slot + 1) & (size - 1);
        table[slot] = i;
    }
    ct_free(p->table);
    p->table = table;
    p->table_size = size;
    return CT_OK;
}

static ct_err append(ct_geo__points *p, const int64_t spot[3], uint32_t exact) {
    if (p->n >= NONE / 4) return ct_fail(CT_LIMIT, "the boolean of the meshes has too many points");
    CT_TRY(ct_grow(&p->spot, &p->spot_room, 3 * ((size_t)p->n + 1), sizeof *p->spot));
    CT_TRY(ct_grow(&p->exact, &p->exact_room, (size_t)p->n + 1, sizeof *p->exact));
    memcpy(p->spot + 3 * (size_t)p->n, spot, 3 * sizeof *spot);
    p->exact[p->n++] = exact;
    return CT_OK;
}

ct_err ct_geo__point_given(uint32_t *point, ct_geo__points *p, const int64_t at[3]) {
    CT_TRY(grow_table(p));
    int64_t spot[3];
    for (int k = 0; k < 3; k++) spot[k] = at[k] * (INT64_C(1) << CT_GEO__FINE);
    uint32_t slot = (uint32_t)hash_of(spot) & (p->table_size - 1);
    for (; p->table[slot] != NONE; slot = (slot + 1) & (p->table_size - 1))
        if (is_at(p, p->table[slot], spot)) {
            *point = p->table[slot];
            return CT_OK;
        }
    CT_TRY(append(p, spot, NONE));
    p->n_given = p->n;
    *point = p->table[slot] = p->n - 1;
    return CT_OK;
}

static void make_positive(ct_wide x[3], ct_wide *w, const ct_wide from[3], const ct_wide *by) {
    for (int k = 0; k < 3; k++) {
        x[k] = from[k];
        x[k].sign *= by->sign;
    }
    *w = *by;
    w->sign = 1;
}

ct_err ct_geo__point_push(uint32_t *point, ct_geo__points *p, const ct_wide from[3],
                          const ct_wide *by) {
    ct_wide x[3], w;
    make_positive(x, &w, from, by);
    int64_t spot[3];
    for (int k = 0; k < 3; k++) spot[k] = ct_wide_quotient(&x[k], CT_GEO__FINE, &w);
    uint32_t at;
    CT_TRY(pool_put(&at, p, x, &w));
    CT_TRY(append(p, spot, at));
    *point = p->n - 1;
    return CT_OK;
}

void ct_geo__point_drop(ct_geo__points *p) {
    p->n--;
    p->n_pool = p->exact[p->n];
}

ct_err ct_geo__point_quotient(uint32_t *point, ct_geo__points *p, const ct_wide x[3],
                              const ct_wide *w) {
    CT_TRY(grow_table(p));
    uint32_t fresh;
    CT_TRY(ct_geo__point_push(&fresh, p, x, w));
    const int64_t *spot = p->spot + 3 * (size_t)fresh;
    uint32_t slot = (uint32_t)hash_of(spot) & (p->table_size - 1);
    for (; p->table[slot] != NONE; slot = (slot + 1) & (p->table_size - 1))
        if (is_at(p, p->table[slot], spot) &&
            ct_geo__compare_points(p, p->table[slot], fresh) == 0) {
            *point = p->table[slot];
            ct_geo__point_drop(p);
            return CT_OK;
        }
    *point = p->table[slot] = fresh;
    return CT_OK;
}

static int orient_exactly(const ct_geo__points *p, int ix, int iy, uint32_t a, uint32_t b,
                          uint32_t c) {
    ct_wide pa[3], pb[3], pc[3], wa, wb, wc, s, t, u, sum;
    ct_geo__point_get(pa, &wa, p, a);
    ct_geo__point_get(pb, &wb, p, b);
    ct_geo__point_get(pc, &wc, p, c);
    ct_wide_mul(&s, &pb[iy], &wc);
    ct_wide_mul(&t, &pc[iy], &wb);
    ct_wide_sub(&u, &s, &t);
    ct_wide_mul(&sum, &pa[ix], &u);
    ct_wide_mul(&s, &pb[ix], &wc);
    ct_wide_mul(&t, &pc[ix], &wb);
    ct_wide_sub(&u, &s, &t);
    ct_wide_mul(&s, &pa[iy], &u);
    ct_wide_sub(&sum, &sum, &s);
    ct_wide_mul(&s, &pb[ix], &pc[iy]);
    ct_wide_mul(&t, &pb[iy], &pc[ix]);
    ct_wide_sub(&u, &s, &t);
    ct_wide_mul(&s, &wa, &u);
    ct_wide_add(&sum, &sum, &s);
    return sum.sign;
}

int ct_geo__orient(const ct_geo__points *p, int axis, uint32_t a, uint32_t b, uint32_t c) {
    if (a == b || b == c || c == a) return 0;
    const int ix = (axis + 1) % 3, iy = (axis + 2) % 3;
    const int64_t *sa = p->spot + 3 * (size_t)a, *sb = p->spot + 3 * (size_t)b;
    const int64_t *sc = p->spot + 3 * (size_t)c;
    const int64_t ux = sb[ix] - sa[ix], uy = sb[iy] - sa[iy];
    const int64_t vx = sc[ix] - sa[ix], vy = sc[iy] - sa[iy];
    const ct_int128 det = (ct_int128)ux * vy - (ct_int128)uy * vx;
    if (p->exact[a] == NONE && p->exact[b] == NONE && p->exact[c] == NONE) return ct_geo__sign(det);
    // Each difference is off by less than one.
    const ct_int128 off = (ct_int128)(ux < 0 ? -ux : ux) + (uy < 0 ? -uy : uy) +
                          (vx < 0 ? -vx : vx) + (vy < 0 ? -vy : vy) + 2;
    if (det > off) return 1;
    if (det < -off) return -1;
    return orient_exactly(p, ix, iy, a, b, c);
}
