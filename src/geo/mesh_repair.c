// Shells of a mesh by union of neighbours, each with the turn that makes it agree; then outside and
// inside by volume and by containment.
#include "geo/mesh_repair.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "geo/exact.h"
#include "geo/mesh_edges.h"

#define NONE UINT32_MAX

// A triangle's place in its shell: the way to the shell's first triangle, and whether the two are
// turned against each other.
typedef struct link {
    uint32_t up;
    bool turned;
} link;

typedef struct repair {
    ct_mesh *mesh;
    ct_geo__edges edges;
    link *links;        // by triangle; the next three stand behind them in one block
    uint32_t *shell_of; // by triangle
    uint32_t *seen;     // by point: the shell that counted it last
    uint32_t *begin;    // by shell, to walk triangles shell by shell
    uint32_t *order;    // by triangle
    bool any_turned;    // some link is
    ct_mesh_topology top;
    ct_box3 *boxes; // by shell; `begin` stands behind them
} repair;

// The first triangle of t's shell; *turned: t against it. Shortens the way.
static uint32_t root_of(link *links, uint32_t t, bool *turned) {
    uint32_t root = t;
    bool all = false;
    while (links[root].up != root) {
        all ^= links[root].turned;
        root = links[root].up;
    }
    bool left = all;
    while (links[t].up != root && t != root) {
        const link next = links[t];
        links[t] = (link){root, left};
        left ^= next.turned;
        t = next.up;
    }
    *turned = all;
    return root;
}

static void join(link *links, uint32_t a, uint32_t b, bool against) {
    bool a_turned, b_turned;
    const uint32_t ra = root_of(links, a, &a_turned), rb = root_of(links, b, &b_turned);
    if (ra == rb) return; // a surface of one side shows as a wrong edge in the end
    const uint32_t low = ra < rb ? ra : rb, high = ra ^ rb ^ low;
    links[high] = (link){low, (bool)(a_turned ^ b_turned ^ against)};
}

static void join_neighbours(repair *r) {
    for (uint32_t t = 0; t < r->mesh->n_triangles; t++) r->links[t] = (link){t, false};
    for (size_t i = 0, end; i < r->edges.n; i = end) {
        end = ct_geo__edge_end(&r->edges, i);
        if (end - i != 2) continue;
        const ct_geo__side *s = r->edges.sides + i;
        const bool against = ct_geo__runs_up(r->mesh, &s[0]) == ct_geo__runs_up(r->mesh, &s[1]);
        join(r->links, s[0].corner / 3, s[1].corner / 3, against);
    }
}

// The shell of a side and, as its links would have it turned, whether it runs up.
static uint32_t linked_side(repair *r, size_t side, bool *up) {
    const ct_geo__side *s = &r->edges.sides[side];
    bool turned;
    const uint32_t root = root_of(r->links, s->corner / 3, &turned);
    *up = ct_geo__runs_up(r->mesh, s) != turned;
    return root;
}

// Whether each shell of the edge has as many triangles there that run one way as the other.
static bool is_settled(repair *r, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) {
        bool up, other_up;
        int balance = 0;
        const uint32_t shell = linked_side(r, i, &up);
        for (size_t k = first; k < end; k++)
            if (linked_side(r, k, &other_up) == shell) balance += other_up ? 1 : -1;
        if (balance != 0) return false;
    }
    return true;
}

// Where more than two triangles meet and their shells do not close there by themselves, those are
// neighbours between which the inside lies as they are wound.
static void join_crowded(repair *r) {
    for (size_t i = 0, end; i < r->edges.n; i = end) {
        uint32_t pairs[CT_GEO__MAX_PAIRS][2];
        end = ct_geo__edge_end(&r->edges, i);
        if (end - i < 3 || end - i > 2 * (size_t)CT_GEO__MAX_PAIRS || is_settled(r, i, end))
            continue;
        const uint32_t n = ct_geo__pair_about(pairs, r->mesh, &r->edges, i, end);
        for (uint32_t k = 0; k < n; k++)
            join(r->links, r->edges.sides[pairs[k][0]].corner / 3,
                 r->edges.sides[pairs[k][1]].corner / 3, false);
    }
}

static const double *corner(const ct_mesh *m, uint32_t t, int k) {
    return m->xyz + 3 * (size_t)m->triangles[3 * (size_t)t + k];
}

static double cross_of(double n[3], const ct_mesh *m, uint32_t t) {
    const double *a = corner(m, t, 0), *b = corner(m, t, 1), *c = corner(m, t, 2);
    const double u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    const double v[3] = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    for (int k = 0; k < 3; k++)
        n[k] = u[(k + 1) % 3] * v[(k + 2) % 3] - u[(k + 2) % 3] * v[(k + 1) % 3];
    return sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
}

static void grow_box(ct_box3 *box, const double *p) {
    for (int k = 0; k < 3; k++) {
        if (p[k] < box->min[k]) box->min[k] = p[k];
        if (p[k] > box->max[k]) box->max[k] = p[k];
    }
}

// Numbers the shells, in the order of their first triangles.
static ct_err number_shells(repair *r, ct_arena *arena) {
    uint32_t n = 0;
    for (uint32_t t = 0; t < r->mesh->n_triangles; t++) {
        bool turned;
        const uint32_t root = root_of(r->links, t, &turned);
        r->shell_of[t] = root == t ? n++ : r->shell_of[root];
        r->any_turned |= turned;
    }
    r->top.n_shells = n;
    r->top.shells = ct_arena_calloc(arena, n ? n : 1, sizeof *r->top.shells);
    r->boxes = ct_alloc(n * sizeof *r->boxes + ((size_t)n + 1) * sizeof *r->begin);
    if (!r->top.shells || !r->boxes) return CT_NOMEM;
    r->begin = (uint32_t *)(r->boxes + n);
    for (uint32_t s = 0; s < n; s++)
        r->boxes[s] = (ct_box3){{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};
    for (uint32_t t = 0; t < r->mesh->n_triangles; t++)
        for (int k = 0; k < 3; k++) grow_box(&r->boxes[r->shell_of[t]], corner(r->mesh, t, k));
    return CT_OK;
}

// As the links would have the triangles turned, or as they are.
static bool runs_up(repair *r, size_t side, bool as_linked) {
    bool up = ct_geo__runs_up(r->mesh, &r->edges.sides[side]);
    if (as_linked) (void)linked_side(r, side, &up);
    return up;
}

// An edge, for each of its shells once.
static void count_edge(repair *r, size_t first, size_t end, bool as_linked) {
    const size_t n = end - first;
    for (size_t i = first; i < end; i++) {
        const uint32_t s = r->shell_of[r->edges.sides[i].corner / 3];
        bool counted = false;
        for (size_t k = first; k < i && !counted; k++)
            counted = r->shell_of[r->edges.sides[k].corner / 3] == s;
        if (counted) continue;
        long balance = 0;
        for (size_t k = i; k < end; k++)
            if (r->shell_of[r->edges.sides[k].corner / 3] == s)
                balance += runs_up(r, k, as_linked) ? 1 : -1;
        ct_mesh_shell *shell = &r->top.shells[s];
        if (balance != 0) shell->closed = false;
        shell->euler--;
        shell->n_open_edges += n == 1;
        shell->n_crowded_edges += n > 2;
    }
}

// Most edges: of two triangles of one shell.
static bool count_pair(repair *r, size_t first, bool as_linked) {
    const uint32_t s = r->shell_of[r->edges.sides[first].corner / 3];
    if (r->shell_of[r->edges.sides[first + 1].corner / 3] != s) return false;
    ct_mesh_shell *shell = &r->top.shells[s];
    shell->euler--;
    if (runs_up(r, first, as_linked) == runs_up(r, first + 1, as_linked)) {
        r->top.n_wrong_edges++;
        shell->closed = false;
    }
    return true;
}

enum { MANY = 256 }; // triangles about one edge that are not looked at one by one

static void count_edges(repair *r, bool as_linked) {
    ct_mesh_topology *top = &r->top;
    for (uint32_t s = 0; s < top->n_shells; s++) top->shells[s].closed = true;
    for (size_t i = 0, end; i < r->edges.n; i = end) {
        end = ct_geo__edge_end(&r->edges, i);
        const size_t n = end - i;
        top->n_edges++;
        if (n == 2 && count_pair(r, i, as_linked)) continue;
        top->n_open_edges += n == 1;
        top->n_crowded_edges += n > 2;
        top->n_wrong_edges += n == 2 && runs_up(r, i, as_linked) == runs_up(r, i + 1, as_linked);
        if (n <= MANY)
            count_edge(r, i, end, as_linked);
        else
            for (size_t k = i; k < end; k++)
                r->top.shells[r->shell_of[r->edges.sides[k].corner / 3]].closed = false;
    }
    top->watertight =
        top->n_edges > 0 && !top->n_open_edges && !top->n_crowded_edges && !top->n_wrong_edges;
    top->closed = top->n_edges > 0;
    for (uint32_t s = 0; s < top->n_shells; s++) top->closed &= top->shells[s].closed;
}

// Points are counted for each shell that has them: triangles are walked shell by shell.
static void count_points(repair *r) {
    const uint32_t n = r->mesh->n_triangles, n_shells = r->top.n_shells;
    for (uint32_t s = 0; s <= n_shells; s++) r->begin[s] = 0;
    for (uint32_t t = 0; t < n; t++) r->begin[r->shell_of[t] + 1]++;
    for (uint32_t s = 0; s < n_shells; s++) r->begin[s + 1] += r->begin[s];
    for (uint32_t t = 0; t < n; t++) r->order[r->begin[r->shell_of[t]]++] = t;
    for (uint32_t i = 0; i < r->mesh->n_points; i++) r->seen[i] = NONE;
    for (uint32_t i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) {
            const uint32_t p = r->mesh->triangles[3 * (size_t)r->order[i] + k];
            const uint32_t s = r->shell_of[r->order[i]];
            r->top.shells[s].euler += r->seen[p] != s;
            r->seen[p] = s;
        }
}

// Sizes and volumes as the links would have the triangles turned (or as they are), about the middle
// of each shell; `area` (by shell, may be NULL): of what must be turned less of what must not.
static void measure(repair *r, bool as_linked, double *area) {
    for (uint32_t s = 0; s < r->top.n_shells; s++) r->top.shells[s].volume_m3 = 0;
    for (uint32_t t = 0; t < r->mesh->n_triangles; t++) {
        const uint32_t s = r->shell_of[t];
        bool turned = false;
        if (as_linked) (void)root_of(r->links, t, &turned);
        double n[3], sum = 0;
        const double size = cross_of(n, r->mesh, t);
        const double *a = corner(r->mesh, t, 0);
        for (int k = 0; k < 3; k++)
            sum += n[k] * (a[k] - (r->boxes[s].min[k] + r->boxes[s].max[k]) / 2);
        r->top.shells[s].volume_m3 += (turned ? -sum : sum) / 6;
        if (area) area[s] += (turned ? size : -size) / 2;
    }
}

// Of a ray upwards from p: 1 if it meets the triangle, 0 if not, -1 if p lies in the triangle. The
// ray stands an infinitely small step aside (first in y, then in x), so that it meets no edge.
static int meets_ray(const ct_mesh *m, uint32_t t, const double p[3]) {
    const double *q[3] = {corner(m, t, 0), corner(m, t, 1), corner(m, t, 2)};
    for (int k = 0; k < 2; k++) // most triangles lie elsewhere
        if ((q[0][k] < p[k] && q[1][k] < p[k] && q[2][k] < p[k]) ||
            (q[0][k] > p[k] && q[1][k] > p[k] && q[2][k] > p[k]))
            return 0;
    int inside[3];
    for (int k = 0; k < 3; k++) {
        const double *a = q[k], *b = q[(k + 1) % 3];
        const int side = ct_orient2d(a, b, p);
        inside[k] = side           ? side
                    : b[0] != a[0] ? (b[0] > a[0] ? 1 : -1)
                                   : (b[1] < a[1]   ? 1
                                      : b[1] > a[1] ? -1
                                                    : 0);
    }
    if (inside[0] == 0 || inside[0] != inside[1] || inside[1] != inside[2]) return 0;
    const int above = ct_orient3d(q[0], q[1], q[2], p);
    if (above == 0) return -1;
    return above * inside[0] < 0; // p below the triangle
}

// Whether triangle t's middle lies in shell `outer`: 1 yes, 0 no, -1 on it.
static int lies_in(const repair *r, uint32_t t, uint32_t outer) {
    double p[3];
    for (int k = 0; k < 3; k++)
        p[k] = (corner(r->mesh, t, 0)[k] + corner(r->mesh, t, 1)[k] + corner(r->mesh, t, 2)[k]) / 3;
    int in = 0;
    for (uint32_t u = 0; u < r->mesh->n_triangles; u++) {
        if (r->shell_of[u] != outer) continue;
        const int met = meets_ray(r->mesh, u, p);
        if (met < 0) return -1;
        in ^= met;
    }
    return in;
}

static bool box_within(const ct_box3 *in, const ct_box3 *out) {
    for (int k = 0; k < 3; k++)
        if (in->min[k] < out->min[k] || in->max[k] > out->max[k]) return false;
    return true;
}

#define MAX_WORK 2e8 // steps of find_depths

enum { SAMPLES = 5 }; // triangles asked where the first ones lie on the other shell

static bool is_inside(const repair *r, uint32_t shell, uint32_t outer) {
    int asked = 0;
    for (uint32_t t = 0; t < r->mesh->n_triangles && asked < SAMPLES; t++) {
        if (r->shell_of[t] != shell) continue;
        const int where = lies_in(r, t, outer);
        if (where >= 0) return where > 0;
        asked++;
    }
    return false;
}

// What is dearer than the budget is left at depth 0: a shell of its own. `closed`: room for a
// number a shell.
static void find_depths(repair *r, uint32_t *closed) {
    double work = 0;
    uint32_t n = 0;
    for (uint32_t s = 0; s < r->top.n_shells; s++)
        if (r->top.shells[s].closed) closed[n++] = s;
    for (uint32_t s = 0; s < r->top.n_shells; s++)
        for (uint32_t i = 0; i < n && work < MAX_WORK; i++) {
            const uint32_t outer = closed[i];
            work += 1;
            if (outer == s || !box_within(&r->boxes[s], &r->boxes[outer])) continue;
            work += 2.0 * r->mesh->n_triangles;
            if (is_inside(r, s, outer)) r->top.shells[s].depth++;
        }
}

// Whether all of a shell has to be turned once its triangles agree.
static bool must_turn(const repair *r, uint32_t s, double turned_area) {
    const ct_mesh_shell *shell = &r->top.shells[s];
    const bool whole = shell->closed;
    double size = 1;
    for (int k = 0; k < 3; k++) size *= r->boxes[s].max[k] - r->boxes[s].min[k];
    // A quarter of the box tells that an open shell bulges; less, and most of its area decides.
    if (!whole && !(fabs(shell->volume_m3) > size / 4)) return turned_area > 0;
    return (shell->volume_m3 < 0) != (whole && shell->depth % 2 == 1);
}

static void turn_triangles(repair *r, const bool *turn_shell) {
    uint32_t t = 0;
    for (uint32_t face = 0; face < r->mesh->n_faces; face++) {
        bool any = false;
        for (; t < r->mesh->face_end[face]; t++) {
            bool turned;
            (void)root_of(r->links, t, &turned);
            if (turned == turn_shell[r->shell_of[t]]) continue;
            uint32_t *c = r->mesh->triangles + 3 * (size_t)t;
            const uint32_t kept = c[1];
            c[1] = c[2];
            c[2] = kept;
            any = true;
        }
        r->top.n_turned += any;
    }
}

static void finish_counts(repair *r) {
    for (uint32_t t = 0; t < r->mesh->n_triangles; t++) {
        ct_mesh_shell *shell = &r->top.shells[r->shell_of[t]];
        shell->n_triangles++;
        shell->euler++;
    }
    for (uint32_t s = 0; s < r->top.n_shells; s++) {
        ct_mesh_shell *shell = &r->top.shells[s];
        shell->genus = shell->closed && !shell->n_crowded_edges ? 1 - shell->euler / 2 : -1;
    }
}

static void repair_fini(repair *r) {
    ct_geo__edges_fini(&r->edges);
    ct_free(r->links);
    ct_free(r->boxes);
}

static ct_err repair_init(repair *r, ct_arena *arena, ct_mesh *mesh) {
    *r = (repair){.mesh = mesh};
    const size_t n = mesh->n_triangles;
    const size_t each = sizeof *r->links + sizeof *r->shell_of + sizeof *r->order;
    r->links = ct_alloc(n * each + ((size_t)mesh->n_points + 1) * sizeof *r->seen);
    if (!r->links) return CT_NOMEM;
    r->shell_of = (uint32_t *)(r->links + n);
    r->order = r->shell_of + n;
    r->seen = r->order + n;
    CT_TRY(ct_geo__edges_init(&r->edges, mesh));
    join_neighbours(r);
    join_crowded(r);
    return number_shells(r, arena);
}

// Counts edges for find_depths and must_turn. *counted: nothing was turned, so that edges and
// volumes stand; else they are to be counted after the turns.
static ct_err turn_shells(bool *counted, repair *r) {
    const size_t n = r->top.n_shells;
    double *area = ct_calloc(n + 1, sizeof *area + sizeof(uint32_t) + sizeof(bool));
    if (!area) return CT_NOMEM;
    uint32_t *closed = (uint32_t *)(area + n);
    bool *turn = (bool *)(closed + n);
    count_edges(r, r->any_turned);
    measure(r, r->any_turned, area);
    find_depths(r, closed);
    for (uint32_t s = 0; s < n; s++) turn[s] = must_turn(r, s, area[s]);
    turn_triangles(r, turn);
    ct_free(area);
    *counted = !r->any_turned && r->top.n_turned == 0;
    if (*counted) return CT_OK;
    const ct_mesh_topology before = r->top;
    r->top = (ct_mesh_topology){
        .n_shells = before.n_shells, .shells = before.shells, .n_turned = before.n_turned};
    for (uint32_t s = 0; s < n; s++)
        r->top.shells[s] = (ct_mesh_shell){.depth = before.shells[s].depth};
    return CT_OK;
}

ct_err ct_mesh_topology_of(ct_mesh_topology *out, ct_arena *arena, const ct_mesh *mesh) {
    repair r;
    ct_mesh own = *mesh; // nothing is turned
    ct_err err = repair_init(&r, arena, &own);
    if (!err) {
        count_edges(&r, false);
        count_points(&r);
        finish_counts(&r);
        measure(&r, false, NULL);
        *out = r.top;
    }
    repair_fini(&r);
    return err;
}

ct_err ct_mesh_repair(ct_mesh_topology *out, ct_arena *arena, ct_mesh *mesh) {
    repair r;
    ct_err err = repair_init(&r, arena, mesh);
    bool counted = false;
    if (!err) err = turn_shells(&counted, &r);
    if (!err && out) {
        if (!counted) {
            count_edges(&r, false);
            measure(&r, false, NULL);
        }
        count_points(&r);
        finish_counts(&r);
        *out = r.top;
    }
    repair_fini(&r);
    return err;
}

double ct_mesh_area_facing_m2(const ct_mesh *mesh, const double direction[3], double angle_rad) {
    const double least = cos(angle_rad);
    double sum = 0;
    for (uint32_t t = 0; t < mesh->n_triangles; t++) {
        double n[3];
        const double size = cross_of(n, mesh, t);
        if (n[0] * direction[0] + n[1] * direction[1] + n[2] * direction[2] >= least * size)
            sum += size / 2;
    }
    return sum;
}
