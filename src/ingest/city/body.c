// Bodies: the shapes of an object as meshes, checked by the rules of val3dity (whose numbers the
// findings name), a part for each shape and material.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/mesh_repair.h"
#include "ingest/city/city.h"

#define FLAT_M 0.01  // a face's points lie so near to its plane (val3dity's default)
#define SAME_M 0.001 // points of a ring that are nearer are one (val3dity's default)

typedef struct faults {
    uint32_t few, same, crossing, bent; // faces
    uint32_t open, crowded, turned;     // edges, edges, faces
    double worst_bent_m;
} faults;

static void plane_of(double normal[3], double middle[3], const double *xyz, uint32_t n) {
    double sum[3] = {0}, around[3] = {0};
    for (uint32_t i = 0; i < n; i++) {
        const double *p = xyz + 3 * (size_t)i, *q = xyz + 3 * (size_t)((i + 1) % n);
        for (int k = 0; k < 3; k++) {
            const int a = (k + 1) % 3, b = (k + 2) % 3;
            around[k] += (p[a] - q[a]) * (p[b] + q[b]);
            sum[k] += p[k];
        }
    }
    const double length =
        sqrt(around[0] * around[0] + around[1] * around[1] + around[2] * around[2]);
    for (int k = 0; k < 3; k++) {
        normal[k] = length > 0 ? around[k] / length : 0;
        middle[k] = sum[k] / n;
    }
}

static bool is_near(const double *p, const double *q) {
    const double d[3] = {fabs(p[0] - q[0]), fabs(p[1] - q[1]), fabs(p[2] - q[2])};
    if (d[0] >= SAME_M || d[1] >= SAME_M || d[2] >= SAME_M) return false; // most are far apart
    return hypot(hypot(d[0], d[1]), d[2]) < SAME_M;
}

// `xyz` near the origin.
static void look_at_face(faults *f, const double *xyz, const uint32_t *ring_end, uint32_t n_rings) {
    double normal[3], middle[3], worst = 0;
    uint32_t begin = 0;
    bool same = false;
    if (ring_end[0] < 3) return;
    plane_of(normal, middle, xyz, ring_end[0]);
    for (uint32_t r = 0; r < n_rings; begin = ring_end[r++]) {
        for (uint32_t i = begin; i < ring_end[r]; i++) {
            const double *p = xyz + 3 * (size_t)i;
            const double *q = xyz + 3 * (size_t)(i + 1 < ring_end[r] ? i + 1 : begin);
            const double off =
                fabs((p[0] - middle[0]) * normal[0] + (p[1] - middle[1]) * normal[1] +
                     (p[2] - middle[2]) * normal[2]);
            if (off > worst) worst = off;
            same |= p != q && is_near(p, q);
        }
    }
    if (same) f->same++;
    if (worst > FLAT_M) f->bent++;
    if (worst > f->worst_bent_m) f->worst_bent_m = worst;
}

static void tell(const ct_city__reader *r, const char *where, int code, uint32_t n,
                 const char *text) {
    if (n)
        ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "invalid-geometry", where,
                           "val3dity %d: %u %s", code, n, text);
}

static void tell_faults(const ct_city__reader *r, const char *where, const faults *f) {
    char bent[96];
    if (f->bent)
        snprintf(bent, sizeof bent, "faces are not flat, by up to %.3f m", f->worst_bent_m);
    tell(r, where, 101, f->few, "faces of fewer than 3 points or without area, left out");
    tell(r, where, 102, f->same, "faces with a point twice in a row");
    tell(r, where, 104, f->crossing, "faces whose rings cross or touch");
    tell(r, where, 203, f->bent, bent);
    tell(r, where, 302, f->open, "edges of a solid have one face only: it is not closed");
    tell(r, where, 303, f->crowded, "edges of a solid have more than two faces");
    tell(r, where, 307, f->turned, "faces of solids looked the wrong way and were turned");
}

// The face's rings with their ends counted from its first point.
static ct_err face_of(const double **xyz, uint32_t **ends, uint32_t *n_rings, ct_arena *arena,
                      const ct_city__shape *s, uint32_t face, const double origin[3]) {
    const uint32_t first_ring = face ? s->face_end[face - 1] : 0;
    const uint32_t first = first_ring ? s->ring_end[first_ring - 1] : 0;
    const uint32_t n = s->ring_end[s->face_end[face] - 1] - first;
    *n_rings = s->face_end[face] - first_ring;
    *ends = ct_arena_alloc(arena, *n_rings * sizeof **ends);
    double *at = ct_arena_alloc(arena, ((size_t)n + 1) * 3 * sizeof *at);
    if (!*ends || !at) return CT_NOMEM;
    for (uint32_t r = 0; r < *n_rings; r++) (*ends)[r] = s->ring_end[first_ring + r] - first;
    for (size_t i = 0; i < 3 * (size_t)n; i++)
        at[i] = s->xyz[3 * (size_t)first + i] - origin[i % 3];
    *xyz = at;
    return CT_OK;
}

// The shape's faces of one material (NULL: of all). `f` NULL: they are not looked at.
static ct_err make_mesh(ct_mesh *out, faults *f, ct_city__reader *r, ct_arena *arena,
                        const ct_city__shape *s, const uint32_t *material, const double origin[3]) {
    ct_mesh_counts counts;
    ct_mesh_builder_reset(r->builder);
    for (uint32_t i = 0; i < s->n_faces; i++) {
        const double *xyz;
        uint32_t *ends, n_rings;
        if (material && s->material[i] != *material) continue;
        CT_TRY(face_of(&xyz, &ends, &n_rings, r->job->arena, s, i, origin));
        if (f) look_at_face(f, xyz, ends, n_rings);
        CT_TRY(ct_mesh_builder_polygon(r->builder, xyz, ends, n_rings, s->tag[i]));
    }
    CT_TRY(ct_mesh_builder_finish(out, &counts, arena, r->builder));
    if (f) f->crossing += counts.crossing;
    return CT_OK;
}

static ct_material material_of(const ct_city__reader *r, uint32_t index) {
    if (index < r->n_materials) return r->materials[index];
    return (ct_material){.name = "", .rgba = {0.8F, 0.8F, 0.8F, 1}};
}

typedef struct parts {
    ct_body_part *at;
    size_t n, room;
} parts;

static ct_err add_part(parts *p, ct_arena *arena, const ct_mesh *mesh, const ct_affine *place,
                       ct_material material, uint8_t lod) {
    if (mesh->n_faces == 0) return CT_OK;
    if (p->n == p->room) {
        const size_t room = p->room ? 2 * p->room : 8;
        ct_body_part *grown = ct_arena_calloc(arena, room, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (p->n) memcpy(grown, p->at, p->n * sizeof *grown);
        p->at = grown;
        p->room = room;
    }
    ct_mesh *kept = ct_arena_alloc(arena, sizeof *kept);
    if (!kept) return CT_NOMEM;
    *kept = *mesh;
    p->at[p->n++] = (ct_body_part){.mesh = kept, .place = *place, .material = material, .lod = lod};
    return CT_OK;
}

static bool one_material(const ct_city__shape *s) {
    for (uint32_t i = 1; i < s->n_faces; i++)
        if (s->material[i] != s->material[0]) return false;
    return true;
}

static ct_err add_shape(parts *p, double *volume_m3, faults *f, ct_city__reader *r, ct_arena *arena,
                        const ct_city__shape *s, const double origin[3]) {
    ct_mesh mesh;
    ct_affine place = ct_affine_identity;
    for (int k = 0; k < 3; k++) place.m[4 * k + 3] = origin[k];
    CT_TRY(make_mesh(&mesh, f, r, arena, s, NULL, origin));
    *volume_m3 = NAN;
    f->few += s->n_faces - mesh.n_faces;
    if (s->kind == CT_CITY__SOLID && mesh.n_faces) {
        ct_mesh_topology topology;
        CT_TRY(ct_mesh_repair(&topology, r->job->arena, &mesh));
        f->open += topology.n_open_edges;
        f->crowded += topology.n_crowded_edges;
        f->turned += topology.n_turned;
        if (topology.watertight) *volume_m3 = ct_mesh_volume_m3(&mesh);
    }
    if (s->n_faces == 0 || one_material(s))
        return add_part(p, arena, &mesh, &place,
                        material_of(r, s->n_faces ? s->material[0] : CT_CITY__NONE), s->lod);
    bool *done = ct_arena_calloc(r->job->arena, r->n_materials + 1, sizeof *done);
    if (!done) return CT_NOMEM;
    for (uint32_t i = 0; i < s->n_faces; i++) {
        const size_t m = s->material[i] < r->n_materials ? s->material[i] : r->n_materials;
        if (done[m]) continue;
        done[m] = true;
        CT_TRY(make_mesh(&mesh, NULL, r, arena, s, &s->material[i], origin));
        CT_TRY(add_part(p, arena, &mesh, &place, material_of(r, s->material[i]), s->lod));
    }
    return CT_OK;
}

static ct_err make_pattern(ct_city__reader *r, ct_city__pattern *pattern, const char *where) {
    static const double origin[3];
    parts p = {0};
    faults f = {0};
    double volume_m3;
    for (size_t i = 0; i < pattern->n_shapes; i++)
        CT_TRY(add_shape(&p, &volume_m3, &f, r, r->arena, &pattern->shapes[i], origin));
    tell_faults(r, where, &f);
    pattern->body = (ct_body){.n_parts = p.n, .parts = p.at};
    pattern->made = true;
    return CT_OK;
}

static ct_err add_pattern(parts *p, ct_city__reader *r, const ct_city__shape *s,
                          const char *where) {
    if (!s->pattern->made) CT_TRY(make_pattern(r, s->pattern, where));
    for (size_t i = 0; i < s->pattern->body.n_parts; i++) {
        const ct_body_part *of = &s->pattern->body.parts[i];
        const ct_affine place = ct_affine_multiply(&s->matrix, &of->place);
        const size_t before = p->n;
        CT_TRY(add_part(p, r->job->arena, of->mesh, &place, of->material, of->lod));
        if (p->n > before) p->at[before].mesh = of->mesh; // one mesh for all its places
    }
    return CT_OK;
}

ct_err ct_city__body(const ct_body **out, double *volume_m3, ct_city__reader *r,
                     const ct_city__object *o) {
    double origin[3] = {0};
    parts p = {0};
    faults f = {0};
    int best = -1;
    *volume_m3 = NAN;
    for (int k = 0; k < 3 && o->has_box; k++) origin[k] = floor(o->box.min[k]);
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        double volume = NAN;
        if (s->pattern) {
            CT_TRY(add_pattern(&p, r, s, o->where));
            continue;
        }
        if (s->n_faces == 0 || s->role == CT_CITY__OWN) continue;
        CT_TRY(add_shape(&p, &volume, &f, r, r->job->arena, s, origin));
        if (s->kind != CT_CITY__SOLID || s->lod < best) continue;
        *volume_m3 = s->lod > best ? volume : *volume_m3 + volume;
        best = s->lod;
    }
    tell_faults(r, o->where, &f);
    *out = NULL;
    if (p.n == 0) return CT_OK;
    ct_body *body = ct_arena_alloc(r->job->arena, sizeof *body);
    if (!body) return CT_NOMEM;
    *body = (ct_body){.n_parts = p.n, .parts = p.at};
    *out = body;
    return CT_OK;
}
