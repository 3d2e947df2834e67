// Cells against each other and against the graph, as val3dity checks them: cells of one layer do
// not overlap (701), and a transition joins cells that share a face (704). In the twin's metres.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/mesh_boolean.h"
#include "geo/mesh_repair.h"
#include "ingest/indoorgml/indoorgml.h"

#define NEAR_M     0.01  // faces that lie nearer are one
#define OVERLAP_M3 0.001 // what cells share by rounding is less
#define SHARED_M2  1e-4  // of a face that two cells share
#define PARALLEL   0.999 // cosine of the angle between faces that may be one

typedef struct solid { // of a cell
    const ct_city__object *cell;
    const char *layer; // "" where the document tells none
    ct_mesh mesh;      // about the building's origin
    ct_box3 box;
    bool whole; // closed
} solid;

typedef struct check {
    ct_city__reader *r;
    solid *solids;
    size_t n;
    ct_strmap *by_id; // of cells, into `solids`
    double origin[3];
    uint64_t work;  // left for booleans
    size_t n_looks; // at pairs, so far
    size_t n_overlaps, n_unseen;
} check;

// ---- meshes -------------------------------------------------------------------------------------

static ct_err add_faces(check *c, const ct_city__shape *s) {
    ct_arena *arena = c->r->job->arena;
    for (uint32_t f = 0, ring = 0; f < s->n_faces; ring = s->face_end[f++]) {
        const uint32_t begin = ring ? s->ring_end[ring - 1] : 0, n_rings = s->face_end[f] - ring;
        const uint32_t n = s->ring_end[s->face_end[f] - 1] - begin;
        uint32_t *ends = ct_arena_calloc(arena, n_rings, sizeof *ends);
        double *xyz = ct_arena_calloc(arena, (size_t)n + 1, 3 * sizeof *xyz);
        if (!ends || !xyz) return CT_NOMEM;
        for (uint32_t k = 0; k < n_rings; k++) ends[k] = s->ring_end[ring + k] - begin;
        for (size_t i = 0; i < 3 * (size_t)n; i++)
            xyz[i] = s->xyz[3 * (size_t)begin + i] - c->origin[i % 3];
        CT_TRY(ct_mesh_builder_polygon(c->r->builder, xyz, ends, n_rings, 0));
    }
    return CT_OK;
}

static const char *layer_of(const ct_city__object *o) {
    for (size_t i = 0; i < o->n_attributes; i++)
        if (strcmp(o->attributes[i].name, "layer") == 0 &&
            strcmp(o->attributes[i].set, "state") == 0)
            return o->attributes[i].value.as.text;
    return "";
}

// All solids of the cell as one mesh; nothing where it has none.
static ct_err make_solid(check *c, const ct_city__object *cell) {
    solid *s = &c->solids[c->n];
    ct_mesh_topology topology;
    bool any = false;
    ct_arena_reset(c->r->job->arena);
    ct_mesh_builder_reset(c->r->builder);
    for (size_t i = 0; i < cell->n_shapes; i++) {
        if (cell->shapes[i].kind != CT_CITY__SOLID || cell->shapes[i].pattern) continue;
        CT_TRY(add_faces(c, &cell->shapes[i]));
        any = true;
    }
    if (!any) return CT_OK;
    *s = (solid){.cell = cell, .layer = layer_of(cell)};
    CT_TRY(ct_mesh_builder_finish(&s->mesh, NULL, c->r->family, c->r->builder));
    if (!ct_mesh_box(&s->box, &s->mesh)) return CT_OK;
    CT_TRY(ct_mesh_repair(&topology, c->r->job->arena, &s->mesh));
    s->whole = topology.watertight;
    c->n++;
    return CT_OK;
}

static int by_west(const void *a, const void *b) {
    const solid *s = a, *t = b;
    if (s->box.min[0] < t->box.min[0] || s->box.min[0] > t->box.min[0])
        return s->box.min[0] < t->box.min[0] ? -1 : 1;
    return strcmp(s->cell->id, t->cell->id);
}

// ---- 701 ----------------------------------------------------------------------------------------

static bool boxes_overlap(const ct_box3 *a, const ct_box3 *b) {
    for (int k = 0; k < 3; k++)
        if (fmin(a->max[k], b->max[k]) - fmax(a->min[k], b->min[k]) <= NEAR_M) return false;
    return true;
}

static ct_err check_pair(check *c, const solid *a, const solid *b) {
    enum { MOST_TOLD = 100 };
    const ct_mesh *meshes[2] = {&a->mesh, &b->mesh};
    uint64_t used = 0;
    const ct_boolean_options options = {.max_work = c->work, .used = &used};
    ct_mesh shared;
    if (!a->whole || !b->whole || c->work == 0) {
        c->n_unseen++;
        return CT_OK;
    }
    ct_arena_reset(c->r->job->arena);
    const ct_err err = ct_mesh_boolean(&shared, NULL, c->r->job->arena, CT_BOOLEAN_INTERSECTION,
                                       meshes, 2, &options);
    c->work -= used < c->work ? used : c->work;
    if (err == CT_LIMIT || err == CT_GEOM) {
        c->n_unseen++;
        return CT_OK;
    }
    CT_TRY(err);
    const double m3 = shared.n_triangles ? ct_mesh_volume_m3(&shared) : 0;
    if (m3 <= OVERLAP_M3 || c->n_overlaps++ >= MOST_TOLD) return CT_OK;
    ct_diagnostics_add(c->r->job->diagnostics, CT_SEVERITY_WARNING, "cells-overlap", a->cell->where,
                       "val3dity 701: it shares %.3f m3 with %s", m3, b->cell->id);
    return CT_OK;
}

// With those that begin east of it, before its end.
static ct_err check_neighbours(check *c, size_t i) {
    enum { MOST_LOOKS = 20000000 };
    const solid *a = &c->solids[i];
    for (size_t k = i + 1; k < c->n && c->solids[k].box.min[0] < a->box.max[0]; k++) {
        const solid *b = &c->solids[k];
        if (c->n_looks++ >= MOST_LOOKS) {
            c->n_unseen++;
            return CT_OK;
        }
        if (boxes_overlap(&a->box, &b->box) && strcmp(a->layer, b->layer) == 0)
            CT_TRY(check_pair(c, a, b));
    }
    return CT_OK;
}

static ct_err check_overlaps(check *c) {
    for (size_t i = 0; i < c->n; i++) CT_TRY(check_neighbours(c, i));
    if (c->n_unseen)
        ct_diagnostics_add(c->r->job->diagnostics, CT_SEVERITY_INFO, "cells-unseen",
                           c->r->job->file,
                           "%zu cells or pairs of them were not checked for overlaps: their solids "
                           "are not closed, or it would have taken too long",
                           c->n_unseen);
    return CT_OK;
}

// ---- 704 ----------------------------------------------------------------------------------------

typedef struct corner {
    double x, y;
} corner;

// The polygon cut off at the left of the line; `out` has room for one more.
static int cut(corner *out, const corner *in, int n, corner from, corner to) {
    int m = 0;
    for (int i = 0; i < n; i++) {
        const corner p = in[i], q = in[(i + 1) % n];
        const double a = (to.x - from.x) * (p.y - from.y) - (to.y - from.y) * (p.x - from.x);
        const double b = (to.x - from.x) * (q.y - from.y) - (to.y - from.y) * (q.x - from.x);
        if (a >= 0) out[m++] = p;
        if ((a > 0 && b < 0) || (a < 0 && b > 0))
            out[m++] = (corner){p.x + a / (a - b) * (q.x - p.x), p.y + a / (a - b) * (q.y - p.y)};
    }
    return m;
}

static double area_of(const corner *p, int n) {
    double sum = 0;
    for (int i = 1; i + 1 < n; i++)
        sum +=
            (p[i].x - p[0].x) * (p[i + 1].y - p[0].y) - (p[i + 1].x - p[0].x) * (p[i].y - p[0].y);
    return sum / 2;
}

// What two triangles of the plane, both counter-clockwise, share.
static double shared_area(const corner a[3], const corner b[3]) {
    corner one[8], two[8];
    int n = 3;
    memcpy(one, a, 3 * sizeof *a);
    for (int i = 0; i < 3 && n; i++) {
        n = cut(two, one, n, b[i], b[(i + 1) % 3]);
        memcpy(one, two, (size_t)n * sizeof *two);
    }
    return area_of(one, n);
}

static const double *corner_of(const ct_mesh *m, size_t triangle, size_t k) {
    return m->xyz + 3 * (size_t)m->triangles[3 * triangle + k];
}

static bool normal_of(double out[3], const ct_mesh *m, size_t t) {
    const double *a = corner_of(m, t, 0), *b = corner_of(m, t, 1), *c = corner_of(m, t, 2);
    double length = 0;
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        out[k] = (b[i] - a[i]) * (c[j] - a[j]) - (b[j] - a[j]) * (c[i] - a[i]);
        length += out[k] * out[k];
    }
    length = sqrt(length);
    for (int k = 0; k < 3; k++) out[k] /= length > 0 ? length : 1;
    return length > 0;
}

// On the plane that the normal is steepest to; the second's corners in reverse, as it looks back.
static double area_between(const ct_mesh *a, size_t t, const ct_mesh *b, size_t u,
                           const double normal[3]) {
    int drop = 0;
    corner one[3], two[3];
    for (int k = 1; k < 3; k++)
        if (fabs(normal[k]) > fabs(normal[drop])) drop = k;
    const int i = (drop + 1) % 3, j = (drop + 2) % 3;
    const bool back = normal[drop] < 0;
    for (size_t k = 0; k < 3; k++) {
        const double *p = corner_of(a, t, back ? 2 - k : k);
        const double *q = corner_of(b, u, back ? k : 2 - k);
        one[k] = (corner){p[i], p[j]};
        two[k] = (corner){q[i], q[j]};
    }
    return shared_area(one, two) / fabs(normal[drop]);
}

static bool triangles_meet(const ct_mesh *a, size_t t, const ct_mesh *b, size_t u,
                           const double normal[3]) {
    double other[3], dot = 0;
    if (!normal_of(other, b, u)) return false;
    for (int k = 0; k < 3; k++) dot += normal[k] * other[k];
    if (dot > -PARALLEL) return false;
    for (size_t c = 0; c < 3; c++) {
        double off = 0;
        for (int k = 0; k < 3; k++)
            off += normal[k] * (corner_of(b, u, c)[k] - corner_of(a, t, 0)[k]);
        if (fabs(off) > NEAR_M) return false;
    }
    return area_between(a, t, b, u, normal) > SHARED_M2;
}

static bool share_face(const solid *a, const solid *b) {
    double normal[3];
    for (int k = 0; k < 3; k++)
        if (fmax(a->box.min[k], b->box.min[k]) - fmin(a->box.max[k], b->box.max[k]) > NEAR_M)
            return false;
    for (size_t t = 0; t < a->mesh.n_triangles; t++) {
        if (!normal_of(normal, &a->mesh, t)) continue;
        for (size_t u = 0; u < b->mesh.n_triangles; u++)
            if (triangles_meet(&a->mesh, t, &b->mesh, u, normal)) return true;
    }
    return false;
}

static double gap_of(const solid *a, const solid *b) {
    double sum = 0;
    for (int k = 0; k < 3; k++) {
        const double gap = fmax(a->box.min[k], b->box.min[k]) - fmin(a->box.max[k], b->box.max[k]);
        if (gap > 0) sum += gap * gap;
    }
    return sqrt(sum);
}

static const solid *solid_of(const check *c, const ct_city__object *cell) {
    size_t at;
    return ct_strmap_get(&at, c->by_id, cell->id) ? &c->solids[at] : NULL;
}

static void check_transitions(const check *c, const ct_city__object *building) {
    size_t n = 0, apart = 0;
    const char *first = "";
    double widest_m = 0;
    for (const ct_city__object *o = building->child; o; o = o->next) {
        if (strcmp(o->type, "IndoorTransition") != 0 || !o->side[0] || !o->side[1]) continue;
        const solid *a = solid_of(c, o->side[0]), *b = solid_of(c, o->side[1]);
        if (!a || !b) continue;
        n++;
        if (share_face(a, b)) continue;
        if (!apart++) first = o->id;
        widest_m = fmax(widest_m, gap_of(a, b));
    }
    if (apart)
        ct_diagnostics_add(c->r->job->diagnostics, CT_SEVERITY_WARNING, "transition-apart",
                           c->r->job->file,
                           "val3dity 704: %zu of %zu transitions join cells that share no face, as "
                           "%s; the widest gap is %.2f m",
                           apart, n, first, widest_m);
}

// ---- all ----------------------------------------------------------------------------------------

static ct_err check_all(check *c, const ct_city__object *building, ct_city__object *const *cells,
                        size_t n_cells) {
    for (size_t i = 0; i < n_cells; i++) {
        const ct_err err = make_solid(c, cells[i]);
        if (err == CT_NOMEM) return err; // else it has no sound solid, which is told with its body
    }
    qsort(c->solids, c->n, sizeof *c->solids, by_west);
    for (size_t i = 0; i < c->n; i++) CT_TRY(ct_strmap_put(c->by_id, c->solids[i].cell->id, i));
    CT_TRY(check_overlaps(c));
    check_transitions(c, building);
    return CT_OK;
}

ct_err ct_indoorgml__check(ct_city__reader *r, ct_city__object *building,
                           ct_city__object *const *cells, size_t n_cells) {
    check c = {.r = r, .work = CT_BOOLEAN_WORK};
    c.solids = ct_arena_calloc(r->family, n_cells + 1, sizeof *c.solids);
    c.by_id = ct_strmap_new(n_cells);
    for (int k = 0; k < 3 && building->has_box; k++) c.origin[k] = floor(building->box.min[k]);
    const ct_err err = c.solids && c.by_id ? check_all(&c, building, cells, n_cells) : CT_NOMEM;
    ct_strmap_free(c.by_id);
    return err;
}
