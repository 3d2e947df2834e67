// Shells and their faces, point by point. Attributes are taken by position here, as big files are
// full of these entities; their order is the same in all schemas.
#include "ingest/ifc/shape/brep.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

typedef struct bounds { // of a face: points of the mesh in the making
    uint32_t *points, *ends;
    uint32_t n_points, n_rings;
    size_t point_room, ring_room;
} bounds;

// ---- points -------------------------------------------------------------------------------------

// Points that were met before in this mesh are known by their slot.
static ct_err point_index(uint32_t *index, ct_ifc__work *w, uint32_t slot) {
    if (slot == CT_STEP__NONE) return ct_fail(CT_PARSE, "a loop names a point that is not there");
    if (!w->point_at) {
        w->point_at = ct_calloc((size_t)ct_step__count(w->m->step) + 1, sizeof *w->point_at);
        if (!w->point_at) return CT_NOMEM;
    }
    const uint64_t known = w->point_at[slot];
    if (known >> 32 == w->mesh_number) {
        *index = (uint32_t)known;
        return CT_OK;
    }
    double p[3];
    CT_TRY(ct_ifc__point(p, w, slot));
    CT_TRY(ct_mesh_builder_point(index, w->builder, p));
    w->point_at[slot] = (uint64_t)w->mesh_number << 32 | *index;
    return CT_OK;
}

// ---- bounds -------------------------------------------------------------------------------------

static ct_err room_for(bounds *b, ct_ifc__work *w, size_t points, size_t rings) {
    if (points > b->point_room) {
        const size_t room = 2 * points;
        uint32_t *grown = ct_arena_alloc(w->arena, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (b->n_points) memcpy(grown, b->points, b->n_points * sizeof *grown);
        b->points = grown;
        b->point_room = room;
    }
    if (rings <= b->ring_room) return CT_OK;
    uint32_t *grown = ct_arena_alloc(w->arena, 2 * rings * sizeof *grown);
    if (!grown) return CT_NOMEM;
    if (b->n_rings) memcpy(grown, b->ends, b->n_rings * sizeof *grown);
    b->ends = grown;
    b->ring_room = 2 * rings;
    return CT_OK;
}

static ct_err put_loop(bounds *b, ct_ifc__work *w, uint32_t loop, bool reversed) {
    const ct_step__value list = ct_step__get(w->m->step, loop, 0); // Polygon
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    const uint32_t first = b->n_points;
    while (ct_step__next(&v, &c)) {
        uint32_t index;
        CT_TRY(point_index(&index, w, ct_step__ref(w->m->step, &v)));
        if (b->n_points > first && b->points[b->n_points - 1] == index) continue;
        CT_TRY(room_for(b, w, (size_t)b->n_points + 1, 0));
        b->points[b->n_points++] = index;
    }
    while (b->n_points > first + 1 && b->points[b->n_points - 1] == b->points[first]) b->n_points--;
    CT_TRY(ct_ifc__spend(w, 2 + (uint64_t)(b->n_points - first) * 2));
    for (uint32_t i = first, k = b->n_points; reversed && i + 1 < k; i++, k--) {
        const uint32_t t = b->points[i];
        b->points[i] = b->points[k - 1];
        b->points[k - 1] = t;
    }
    CT_TRY(room_for(b, w, 0, (size_t)b->n_rings + 1));
    b->ends[b->n_rings++] = b->n_points;
    return CT_OK;
}

static bool is_outer(const ct_ifc__work *w, uint32_t bound) {
    return strcmp(ct_step__type_name(w->m->step, ct_step__type(w->m->step, bound)),
                  "IFCFACEOUTERBOUND") == 0;
}

// Makes ring number `ring` the first one.
static void bring_forward(bounds *b, ct_ifc__work *w, uint32_t ring) {
    if (ring == 0) return;
    const uint32_t begin = b->ends[ring - 1], n = b->ends[ring] - begin;
    uint32_t *moved = ct_arena_alloc(w->arena, (size_t)n * sizeof *moved);
    if (!moved) return; // the rings stay as they are
    memcpy(moved, b->points + begin, n * sizeof *moved);
    memmove(b->points + n, b->points, begin * sizeof *b->points);
    memcpy(b->points, moved, n * sizeof *moved);
    for (uint32_t i = ring; i > 0; i--) b->ends[i] = b->ends[i - 1] + n;
    b->ends[0] = n;
}

static ct_err put_bounds(bounds *b, ct_ifc__work *w, uint32_t face, bool *simple) {
    const ct_step__value list = ct_step__get(w->m->step, face, 0); // Bounds
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    b->n_points = b->n_rings = 0;
    *simple = true;
    uint32_t outer = UINT32_MAX;
    while (ct_step__next(&v, &c)) {
        ct_step__value a[2];
        const uint32_t bound = ct_step__ref(w->m->step, &v);
        if (bound == CT_STEP__NONE)
            return ct_fail(CT_PARSE, "a face names a bound that is not there");
        (void)ct_step__all(a, 2, w->m->step, bound); // Bound, Orientation
        const uint32_t loop = ct_step__ref(w->m->step, &a[0]);
        if (ct_ifc__kind_of(w, loop) != CT_IFC__K_POLY_LOOP) {
            *simple = false;
            return CT_OK;
        }
        if (outer == UINT32_MAX && is_outer(w, bound)) outer = b->n_rings;
        CT_TRY(put_loop(b, w, loop, ct_step__logical(&a[1]) == 0));
    }
    if (b->n_points == 0) return ct_fail(CT_PARSE, "a face without points");
    if (outer != UINT32_MAX) bring_forward(b, w, outer);
    return CT_OK;
}

// ---- faces --------------------------------------------------------------------------------------

static ct_err put_face(bounds *b, ct_ifc__work *w, uint32_t face) {
    bool simple = true;
    const ct_ifc__kind kind = ct_ifc__kind_of(w, face);
    if (kind == CT_IFC__K_ADVANCED_FACE) return ct_ifc__advanced_face(w, face);
    if (kind != CT_IFC__K_FACE && kind != CT_IFC__K_FACE_SURFACE)
        return ct_ifc__unsupported(w, face);
    if (kind == CT_IFC__K_FACE_SURFACE) {
        const uint32_t surface = ct_ifc__ref(w->m, face, "FaceSurface");
        if (ct_ifc__kind_of(w, surface) != CT_IFC__K_PLANE) return ct_ifc__advanced_face(w, face);
    }
    CT_TRY(put_bounds(b, w, face, &simple));
    if (!simple) return ct_ifc__advanced_face(w, face);
    return ct_mesh_builder_face(w->builder, b->points, b->ends, b->n_rings, 0);
}

ct_err ct_ifc__shell(ct_ifc__work *w, uint32_t shell) {
    bounds b = {0};
    bool told = false;
    if (ct_ifc__kind_of(w, shell) != CT_IFC__K_FACE_SET) return ct_ifc__unsupported(w, shell);
    const ct_step__value list = ct_step__get(w->m->step, shell, 0); // CfsFaces
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    while (ct_step__next(&v, &c)) {
        const uint32_t face = ct_step__ref(w->m->step, &v);
        const ct_err err = put_face(&b, w, face);
        if (err == CT_OK) continue;
        if (err != CT_GEOM && err != CT_PARSE) return err;
        // The others may still be worth having; one of them is told.
        if (!told) CT_TRY(ct_ifc__forgive(w, err, face == CT_STEP__NONE ? shell : face, true));
        told = true;
    }
    return CT_OK;
}

static ct_err put_shells(ct_ifc__work *w, uint32_t item, const char *attribute) {
    ct_ifc__slots shells;
    CT_TRY(ct_ifc__refs(&shells, w, item, attribute));
    for (size_t i = 0; i < shells.n; i++) CT_TRY(ct_ifc__shell(w, shells.at[i]));
    return CT_OK;
}

ct_err ct_ifc__brep(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    uint32_t outer;
    CT_TRY(ct_ifc__need_ref(&outer, w, item, "Outer"));
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__shell(w, outer));
    CT_TRY(put_shells(w, item, "Voids"));
    return ct_ifc__mesh_end(out, w, NULL);
}

// Each set of faces as a part, if all are closed.
static ct_err set_by_set(ct_ifc__solid *out, bool *all_closed, ct_ifc__work *w,
                         const ct_ifc__slots *sets) {
    *all_closed = true;
    for (size_t i = 0; i < sets->n && *all_closed; i++) {
        const size_t first = out->n;
        ct_ifc__mesh_begin(w);
        CT_TRY(ct_ifc__shell(w, sets->at[i]));
        CT_TRY(ct_ifc__mesh_end(out, w, NULL));
        for (size_t k = first; k < out->n; k++) *all_closed &= out->parts[k].closed;
    }
    return CT_OK;
}

ct_err ct_ifc__surface_model(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    const bool shells = ct_ifc__kind_of(w, item) == CT_IFC__K_SHELL_BASED;
    const char *attribute = shells ? "SbsmBoundary" : "FbsmFaces";
    const size_t first = out->n, n_findings = w->n_findings;
    const uint64_t triangles_left = w->triangles_left;
    ct_ifc__slots sets;
    CT_TRY(ct_ifc__refs(&sets, w, item, attribute));
    if (sets.n > 1) { // else they may close one another
        bool all_closed = false;
        const ct_err err = set_by_set(out, &all_closed, w, &sets);
        if (err != CT_OK && !ct_ifc__is_of_item(err)) return err;
        if (err == CT_OK && all_closed) return CT_OK;
        out->n = first;
        w->n_findings = n_findings;
        w->triangles_left = triangles_left;
    }
    ct_ifc__mesh_begin(w);
    CT_TRY(put_shells(w, item, attribute));
    return ct_ifc__mesh_end(out, w, NULL);
}
