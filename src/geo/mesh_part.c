// Edges taken apart: the triangles about each are paired, and what is paired keeps common points.
#include "geo/mesh_part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "geo/mesh_edges.h"

#define NONE UINT32_MAX

enum { MAX_ABOUT = 64 }; // triangles about one edge; more of them stay together

typedef struct about { // a triangle about an edge
    double angle;
    uint32_t side; // of the list of edges
    bool up;       // runs from the lower point to the higher one
} about;

// At one angle those first behind which the inside ends.
static int by_angle(const void *left, const void *right) {
    const about *a = left, *b = right;
    if (a->angle != b->angle) return a->angle < b->angle ? -1 : 1;
    if (a->up != b->up) return a->up ? -1 : 1;
    return a->side < b->side ? -1 : a->side > b->side;
}

typedef struct parter {
    ct_mesh *mesh;
    ct_geo__edges edges;
    uint32_t *set; // by corner: another one that has the same point, or itself
    bool *crowded; // by point: an end of an edge of many triangles
} parter;

static uint32_t find(parter *p, uint32_t corner) {
    while (p->set[corner] != corner) corner = p->set[corner] = p->set[p->set[corner]];
    return corner;
}

// The lower one stands for both.
static void join(parter *p, uint32_t a, uint32_t b) {
    a = find(p, a);
    b = find(p, b);
    p->set[a < b ? b : a] = a < b ? a : b;
}

static uint32_t corner_of(const parter *p, uint32_t side, uint32_t point) {
    const uint32_t first = p->edges.sides[side].corner / 3 * 3;
    for (uint32_t k = 0; k < 3; k++)
        if (p->mesh->triangles[first + k] == point) return first + k;
    return first;
}

static void pair(parter *p, uint32_t a, uint32_t b) {
    const ct_geo__side *s = &p->edges.sides[a];
    join(p, corner_of(p, a, s->low), corner_of(p, b, s->low));
    join(p, corner_of(p, a, s->high), corner_of(p, b, s->high));
}

// Where the triangle of a side lies about its edge, from some direction on.
static double angle_of(const parter *p, uint32_t side, double frame[3][3]) {
    const ct_geo__side *s = &p->edges.sides[side];
    const uint32_t *c = p->mesh->triangles + s->corner / 3 * (size_t)3;
    uint32_t third = c[0];
    for (int k = 0; k < 3; k++)
        if (c[k] != s->low && c[k] != s->high) third = c[k];
    const double *o = p->mesh->xyz + 3 * (size_t)s->low, *q = p->mesh->xyz + 3 * (size_t)third;
    double x = 0, y = 0;
    for (int k = 0; k < 3; k++) {
        x += (q[k] - o[k]) * frame[0][k];
        y += (q[k] - o[k]) * frame[1][k];
    }
    return atan2(y, x);
}

// x and y perpendicular to the edge, so that x, y and the edge are right-handed.
static bool frame_of(double frame[3][3], const parter *p, const ct_geo__side *s) {
    const double *a = p->mesh->xyz + 3 * (size_t)s->low, *b = p->mesh->xyz + 3 * (size_t)s->high;
    double e[3], length = 0;
    for (int k = 0; k < 3; k++) {
        e[k] = b[k] - a[k];
        length += e[k] * e[k];
    }
    if (!(length > 0)) return false;
    int least = 0;
    for (int k = 1; k < 3; k++)
        if (fabs(e[k]) < fabs(e[least])) least = k;
    const double axis[3] = {least == 0, least == 1, least == 2};
    for (int k = 0; k < 3; k++) {
        frame[2][k] = e[k] / sqrt(length);
        frame[0][k] = e[(k + 1) % 3] * axis[(k + 2) % 3] - e[(k + 2) % 3] * axis[(k + 1) % 3];
    }
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        frame[1][k] = (frame[2][i] * frame[0][j] - frame[2][j] * frame[0][i]);
    }
    return true;
}

// The inside begins behind a triangle that runs down and ends at the next one that runs up: they
// are brackets round it, and matched as such.
static void pair_about(parter *p, about *list, uint32_t n) {
    qsort(list, n, sizeof *list, by_angle);
    uint32_t first = 0;
    int depth = 0, least = 0;
    for (uint32_t i = 0; i < n; i++) {
        depth += list[i].up ? -1 : 1;
        if (depth >= least) continue;
        least = depth;
        first = i + 1;
    }
    uint32_t open[MAX_ABOUT], n_open = 0;
    for (uint32_t i = 0; i < n; i++) {
        const about *one = &list[(first + i) % n];
        if (!one->up)
            open[n_open++] = one->side;
        else if (n_open)
            pair(p, open[--n_open], one->side);
    }
}

static void pair_all(parter *p, bool *any) {
    for (size_t i = 0, end; i < p->edges.n; i = end) {
        end = ct_geo__edge_end(&p->edges, i);
        const uint32_t n = (uint32_t)(end - i), first = (uint32_t)i;
        about list[MAX_ABOUT];
        double frame[3][3];
        int balance = 0;
        if (n > 2 && n <= MAX_ABOUT && frame_of(frame, p, &p->edges.sides[i]))
            for (uint32_t k = 0; k < n; k++) {
                const bool up = ct_geo__runs_up(p->mesh, &p->edges.sides[first + k]);
                list[k] = (about){angle_of(p, first + k, frame), first + k, up};
                balance += up ? 1 : -1;
            }
        else
            balance = 1;
        if (balance == 0) {
            pair_about(p, list, n);
            p->crowded[p->edges.sides[i].low] = p->crowded[p->edges.sides[i].high] = *any = true;
            continue;
        }
        for (uint32_t k = 1; k < n; k++) pair(p, first, first + k);
    }
}

// New points for all sets of a crowded point but the first.
static ct_err double_points(parter *p, ct_arena *arena) {
    ct_mesh *m = p->mesh;
    const uint32_t n_corners = 3 * m->n_triangles;
    uint32_t *owner = ct_alloc(((size_t)m->n_points + 1) * sizeof *owner);
    uint32_t *name = ct_alloc(((size_t)n_corners + 1) * sizeof *name);
    uint32_t n = m->n_points;
    ct_err err = owner && name ? CT_OK : CT_NOMEM;
    for (uint32_t i = 0; i < m->n_points && !err; i++) owner[i] = NONE;
    for (uint32_t c = 0; c < n_corners && !err; c++) { // a set's lowest corner comes first
        const uint32_t point = m->triangles[c], set = find(p, c);
        name[c] = set == c ? point : name[set];
        if (set != c || !p->crowded[point]) continue;
        if (owner[point] == NONE)
            owner[point] = c;
        else
            name[c] = n++;
    }
    double *xyz = err ? NULL : ct_arena_alloc(arena, (3 * (size_t)n + 1) * sizeof *xyz);
    if (!err && !xyz) err = CT_NOMEM;
    if (!err) {
        memcpy(xyz, m->xyz, 3 * (size_t)m->n_points * sizeof *xyz);
        for (uint32_t c = 0; c < n_corners; c++) {
            const double *from = m->xyz + 3 * (size_t)m->triangles[c];
            memcpy(xyz + 3 * (size_t)name[c], from, 3 * sizeof *xyz);
        }
        memcpy(m->triangles, name, n_corners * sizeof *name);
        m->xyz = xyz;
        m->n_points = n;
    }
    ct_free(owner);
    ct_free(name);
    return err;
}

ct_err ct_mesh_part_edges(ct_mesh *mesh, ct_arena *arena) {
    parter p = {.mesh = mesh};
    CT_TRY(ct_geo__edges_init(&p.edges, mesh));
    const size_t n_corners = 3 * (size_t)mesh->n_triangles;
    p.set = ct_alloc((n_corners + 1) * sizeof *p.set);
    p.crowded = ct_calloc((size_t)mesh->n_points + 1, sizeof *p.crowded);
    ct_err err = p.set && p.crowded ? CT_OK : CT_NOMEM;
    bool any = false;
    for (uint32_t c = 0; c < n_corners && !err; c++) p.set[c] = c;
    if (!err) pair_all(&p, &any);
    if (!err && any) err = double_points(&p, arena);
    ct_geo__edges_fini(&p.edges);
    ct_free(p.set);
    ct_free(p.crowded);
    return err;
}
