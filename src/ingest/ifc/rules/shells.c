// Rules about shells: edges that are used twice, once each way; faces that hang together. Vertices
// are equal where their coordinates are.
#include <string.h>

#include "ingest/ifc/rules/points.h"

typedef struct shell { // the vertices and directed edges met so far
    ct_arena *arena;
    double (*vertices)[3];
    uint32_t *parent; // of union and find
    uint64_t *edges;  // first << 32 | second
    uint32_t *vertex_table;
    size_t n_vertices, n_edges, room, n_table;
} shell;

static ct_err open_shell(shell *s, ct_arena *arena, size_t n_points) {
    *s = (shell){.arena = arena, .room = n_points, .n_table = 16};
    while (s->n_table < 2 * n_points + 2) s->n_table *= 2;
    s->vertices = ct_arena_alloc(arena, (n_points + 1) * sizeof *s->vertices);
    s->parent = ct_arena_alloc(arena, (n_points + 1) * sizeof *s->parent);
    s->edges = ct_arena_alloc(arena, (n_points + 1) * sizeof *s->edges);
    s->vertex_table = ct_arena_calloc(arena, s->n_table, sizeof *s->vertex_table);
    return s->vertices && s->parent && s->edges && s->vertex_table ? CT_OK : CT_NOMEM;
}

static uint64_t mixed(uint64_t h, uint64_t bits) {
    h = (h ^ bits) * 0x9e3779b97f4a7c15ULL;
    return h ^ h >> 29;
}

static uint64_t hash_of_point(const double q[3]) {
    uint64_t h = 14695981039346656037ULL, bits[3];
    memcpy(bits, q, sizeof bits);
    for (int i = 0; i < 3; i++) h = mixed(h, bits[i]);
    return h;
}

static uint32_t vertex_of(shell *s, const double p[3]) {
    const double q[3] = {p[0] + 0.0, p[1] + 0.0, p[2] + 0.0}; // -0 becomes 0
    for (uint64_t i = hash_of_point(q);; i++) {
        uint32_t *slot = &s->vertex_table[i & (s->n_table - 1)];
        if (!*slot) {
            memcpy(s->vertices[s->n_vertices], q, sizeof q);
            s->parent[s->n_vertices] = (uint32_t)s->n_vertices;
            *slot = (uint32_t)++s->n_vertices;
        } else if (!ct_same_point(s->vertices[*slot - 1], q)) {
            continue;
        }
        return *slot - 1;
    }
}

static uint32_t root_of(shell *s, uint32_t v) {
    while (s->parent[v] != v) {
        s->parent[v] = s->parent[s->parent[v]];
        v = s->parent[v];
    }
    return v;
}

static void join(shell *s, uint32_t a, uint32_t b) {
    s->parent[root_of(s, a)] = root_of(s, b);
}

// The edges of a loop; all its vertices become one piece, with `*piece` where that is set.
static void add_loop(shell *s, const ct_ifc__points *p, bool backwards, uint32_t *piece) {
    for (size_t i = 0; i < p->n && s->n_edges < s->room; i++) {
        const uint32_t a = vertex_of(s, p->at[i]), b = vertex_of(s, p->at[(i + 1) % p->n]);
        s->edges[s->n_edges++] = backwards ? (uint64_t)b << 32 | a : (uint64_t)a << 32 | b;
        join(s, a, b);
        if (*piece == CT_STEP__NONE) *piece = a;
        join(s, a, *piece);
    }
}

// ---- watertight ---------------------------------------------------------------------------------

// How often each edge is used, by a table of both directions.
static ct_err is_watertight(bool *out, const shell *s) {
    typedef struct use {
        uint64_t edge; // of the lower vertex first, +1
        uint32_t forth, back;
    } use;
    size_t n_table = 16;
    while (n_table < 2 * s->n_edges + 2) n_table *= 2;
    use *table = ct_arena_calloc(s->arena, n_table, sizeof *table);
    if (!table) return CT_NOMEM;
    for (size_t i = 0; i < s->n_edges; i++) {
        const uint64_t e = s->edges[i], a = e >> 32, b = e & UINT32_MAX;
        const uint64_t key = (a < b ? e : b << 32 | a) + 1;
        for (uint64_t h = mixed(0, key);; h++) {
            use *u = &table[h & (n_table - 1)];
            if (u->edge && u->edge != key) continue;
            u->edge = key;
            if (a < b)
                u->forth++;
            else
                u->back++;
            break;
        }
    }
    *out = true;
    for (size_t i = 0; i < n_table; i++)
        if (table[i].edge && (table[i].forth != 1 || table[i].back != 1)) *out = false;
    return CT_OK;
}

static ct_err judge_tight(ct_ifc__check *c, uint32_t slot, const shell *s) {
    bool tight;
    c->judged = true;
    CT_TRY(is_watertight(&tight, s));
    if (!tight) ct_ifc__fails(c, slot, "an edge of the closed shell is not used once each way");
    return CT_OK;
}

// ---- shells of faces ----------------------------------------------------------------------------

static size_t count_points(ct_ifc__check *c, uint32_t faces_of) {
    ct_ifc__refs faces = ct_ifc__refs_of(c, faces_of, "CfsFaces");
    size_t n = 0;
    for (uint32_t face; ct_ifc__next_ref(&face, &faces, c);) {
        ct_ifc__refs bounds = ct_ifc__refs_of(c, face, "Bounds");
        for (uint32_t bound; ct_ifc__next_ref(&bound, &bounds, c);) {
            ct_ifc__refs points = ct_ifc__refs_of(c, ct_ifc__ref(c->m, bound, "Bound"), "Polygon");
            if (n > CT_IFC__MAX_POINTS) return n;
            for (uint32_t p; ct_ifc__next_ref(&p, &points, c);) n++;
        }
    }
    return n;
}

// All polyloops of the faces. *out_of_loops: a face has a bound of another kind, or there are too
// many.
static ct_err read_faces(shell *s, ct_ifc__check *c, uint32_t slot, bool *out_of_loops) {
    ct_ifc__refs faces = ct_ifc__refs_of(c, slot, "CfsFaces");
    const size_t n = count_points(c, slot);
    *out_of_loops = n > CT_IFC__MAX_POINTS; // nobody waits for such
    CT_TRY(open_shell(s, c->scratch, *out_of_loops ? 0 : n));
    if (*out_of_loops) return CT_OK;
    for (uint32_t face; ct_ifc__next_ref(&face, &faces, c);) {
        ct_ifc__refs bounds = ct_ifc__refs_of(c, face, "Bounds");
        uint32_t piece = CT_STEP__NONE;
        for (uint32_t bound; ct_ifc__next_ref(&bound, &bounds, c);) {
            const uint32_t loop = ct_ifc__ref(c->m, bound, "Bound");
            const ct_step__value same = ct_ifc__get(c->m, bound, "Orientation");
            ct_ifc__points p;
            if (!ct_ifc__isa(c, loop, "IfcPolyLoop")) {
                *out_of_loops = true;
                continue;
            }
            CT_TRY(ct_ifc__points_of(&p, c, loop, "Polygon"));
            add_loop(s, &p, ct_step__logical(&same) == 0, &piece);
        }
    }
    return CT_OK;
}

static ct_err judge_brep(ct_ifc__check *c, uint32_t slot) {
    shell s;
    bool other;
    const uint32_t outer = ct_ifc__ref(c->m, slot, "Outer");
    if (!ct_ifc__isa(c, outer, "IfcClosedShell")) return CT_OK;
    CT_TRY(read_faces(&s, c, outer, &other));
    return other ? CT_OK : judge_tight(c, outer, &s);
}

static ct_err judge_connected(ct_ifc__check *c, uint32_t slot) {
    shell s;
    bool other;
    CT_TRY(read_faces(&s, c, slot, &other));
    if (other) return CT_OK;
    c->judged = true;
    for (size_t i = 1; i < s.n_vertices; i++) {
        if (root_of(&s, (uint32_t)i) == root_of(&s, 0)) continue;
        ct_ifc__fails(c, slot, "its faces do not hang together");
        return CT_OK;
    }
    return CT_OK;
}

static ct_err brp002(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcConnectedFaceSet", judge_connected);
}

// ---- face sets ----------------------------------------------------------------------------------

static size_t count_numbers(const ct_step__value *list) {
    size_t n = 0;
    for (const char *at = list->at; at && at < list->end; at++) n += *at == ',';
    return n + 1;
}

static ct_err add_indices(shell *s, ct_ifc__check *c, const ct_ifc__points *list,
                          const ct_step__value *indices) {
    ct_ifc__points p;
    uint32_t piece = CT_STEP__NONE;
    CT_TRY(ct_ifc__points_picked(&p, c, list, indices));
    add_loop(s, &p, false, &piece);
    return CT_OK;
}

static bool is_closed(const ct_ifc__check *c, uint32_t slot) {
    const ct_step__value closed = ct_ifc__get(c->m, slot, "Closed");
    return ct_step__logical(&closed) == 1;
}

static ct_err judge_triangles(ct_ifc__check *c, uint32_t slot) {
    shell s;
    ct_ifc__points list;
    const ct_step__value all = ct_ifc__get(c->m, slot, "CoordIndex");
    ct_step__cursor cursor = ct_step__list(&all);
    ct_step__value v;
    if (!is_closed(c, slot)) return CT_OK;
    CT_TRY(ct_ifc__point_list(&list, c, ct_ifc__ref(c->m, slot, "Coordinates")));
    CT_TRY(open_shell(&s, c->scratch, count_numbers(&all)));
    while (ct_step__next(&v, &cursor)) CT_TRY(add_indices(&s, c, &list, &v));
    return judge_tight(c, slot, &s);
}

static ct_err judge_polygons(ct_ifc__check *c, uint32_t slot) {
    shell s;
    ct_ifc__points list;
    size_t n = 0;
    if (!is_closed(c, slot)) return CT_OK;
    CT_TRY(ct_ifc__point_list(&list, c, ct_ifc__ref(c->m, slot, "Coordinates")));
    ct_ifc__refs faces = ct_ifc__refs_of(c, slot, "Faces");
    for (uint32_t face; ct_ifc__next_ref(&face, &faces, c);) {
        const ct_step__value outer = ct_ifc__get(c->m, face, "CoordIndex");
        const ct_step__value inner = ct_ifc__get(c->m, face, "InnerCoordIndices");
        n += count_numbers(&outer) + count_numbers(&inner);
    }
    CT_TRY(open_shell(&s, c->scratch, n));
    faces = ct_ifc__refs_of(c, slot, "Faces");
    for (uint32_t face; ct_ifc__next_ref(&face, &faces, c);) {
        const ct_step__value outer = ct_ifc__get(c->m, face, "CoordIndex");
        const ct_step__value inner = ct_ifc__get(c->m, face, "InnerCoordIndices");
        ct_step__cursor cursor = ct_step__list(&inner);
        ct_step__value v;
        CT_TRY(add_indices(&s, c, &list, &outer));
        while (ct_step__next(&v, &cursor)) CT_TRY(add_indices(&s, c, &list, &v));
    }
    return judge_tight(c, slot, &s);
}

static ct_err gem001(ct_ifc__check *c) {
    CT_TRY(ct_ifc__each(c, "IfcFacetedBrep", judge_brep));
    CT_TRY(ct_ifc__each(c, "IfcTriangulatedFaceSet", judge_triangles));
    return ct_ifc__each(c, "IfcPolygonalFaceSet", judge_polygons);
}

const ct_ifc__rule ct_ifc__rules_shells[] = {
    {"GEM001", false, CT_IFC__IN_ALL, gem001},
    {"BRP002", false, CT_IFC__IN_ALL, brp002},
    {NULL, false, 0, NULL},
};
