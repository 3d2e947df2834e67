// Tessellated face sets: faces of indices into a list of points.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/brep.h"

typedef struct indexed {
    uint32_t *points; // of the mesh in the making, by the index of the file less 1
    uint32_t n;
    uint32_t *map; // PnIndex; NULL = none
    uint32_t n_map;
    uint32_t *ring; // of the face at work
    size_t ring_room;
    uint32_t n_ring;
    uint32_t *ends;
    size_t end_room;
    uint32_t n_ends;
} indexed;

static ct_err read_points(indexed *x, ct_ifc__work *w, uint32_t item) {
    uint32_t list;
    double *xyz;
    CT_TRY(ct_ifc__need_ref(&list, w, item, "Coordinates"));
    CT_TRY(ct_ifc__coordinate_list(&xyz, &x->n, w, list));
    CT_TRY(ct_ifc__spend(w, x->n));
    x->points = ct_arena_alloc(w->arena, x->n * sizeof *x->points);
    if (!x->points) return CT_NOMEM;
    for (uint32_t i = 0; i < x->n; i++)
        CT_TRY(ct_mesh_builder_point(&x->points[i], w->builder, xyz + 3 * (size_t)i));
    return CT_OK;
}

static ct_err read_map(indexed *x, ct_ifc__work *w, uint32_t item) {
    const ct_step__value list = ct_ifc__get(w->m, item, "PnIndex");
    if (list.kind != CT_STEP__LIST) return CT_OK;
    const size_t most = (size_t)(list.end - list.at) / 2 + 1; // "1," at least
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    CT_TRY(ct_ifc__spend(w, most));
    x->map = ct_arena_alloc(w->arena, most * sizeof *x->map);
    if (!x->map) return CT_NOMEM;
    while (x->n_map < most && ct_step__next(&v, &c)) {
        double index;
        if (!ct_step__number(&index, &v) || index < 1 || index > x->n)
            return ct_fail(CT_PARSE, "PnIndex names a point that is not there");
        x->map[x->n_map++] = (uint32_t)index;
    }
    return CT_OK;
}

static ct_err point_of(uint32_t *out, const indexed *x, const ct_step__value *v) {
    double index;
    if (!ct_step__number(&index, v) || index < 1 || index > (x->map ? x->n_map : x->n))
        return ct_fail(CT_PARSE, "a face names a point that is not there");
    const uint32_t at = x->map ? x->map[(uint32_t)index - 1] : (uint32_t)index;
    *out = x->points[at - 1];
    return CT_OK;
}

static ct_err put_ring(indexed *x, ct_ifc__work *w, const ct_step__value *list) {
    ct_step__cursor c = ct_step__list(list);
    ct_step__value v;
    const uint32_t first = x->n_ring;
    while (ct_step__next(&v, &c)) {
        if (x->n_ring == x->ring_room) {
            const size_t room = x->ring_room ? 2 * x->ring_room : 64;
            uint32_t *grown = ct_arena_alloc(w->arena, room * sizeof *grown);
            if (!grown) return CT_NOMEM;
            if (x->n_ring) memcpy(grown, x->ring, x->n_ring * sizeof *grown);
            x->ring = grown;
            x->ring_room = room;
        }
        CT_TRY(point_of(&x->ring[x->n_ring], x, &v));
        x->n_ring += x->n_ring == first || x->ring[x->n_ring] != x->ring[x->n_ring - 1];
    }
    while (x->n_ring > first + 1 && x->ring[x->n_ring - 1] == x->ring[first]) x->n_ring--;
    CT_TRY(ct_ifc__spend(w, 4 + 2 * (uint64_t)(x->n_ring - first)));
    if (x->n_ends == x->end_room) {
        const size_t room = x->end_room ? 2 * x->end_room : 16;
        uint32_t *grown = ct_arena_alloc(w->arena, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (x->n_ends) memcpy(grown, x->ends, x->n_ends * sizeof *grown);
        x->ends = grown;
        x->end_room = room;
    }
    x->ends[x->n_ends++] = x->n_ring;
    return CT_OK;
}

static ct_err put_triangles(indexed *x, ct_ifc__work *w, uint32_t item) {
    const ct_step__value list = ct_ifc__get(w->m, item, "CoordIndex");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    while (ct_step__next(&v, &c)) {
        x->n_ring = x->n_ends = 0;
        CT_TRY(put_ring(x, w, &v));
        if (x->n_ring == 3) CT_TRY(ct_mesh_builder_triangles(w->builder, x->ring, 1, 0));
    }
    return CT_OK;
}

static ct_err put_polygon(indexed *x, ct_ifc__work *w, uint32_t face) {
    const ct_step__value outer = ct_ifc__get(w->m, face, "CoordIndex");
    const ct_step__value inner = ct_ifc__get(w->m, face, "InnerCoordIndices");
    ct_step__cursor c = ct_step__list(&inner);
    ct_step__value v;
    x->n_ring = x->n_ends = 0;
    CT_TRY(put_ring(x, w, &outer));
    while (ct_step__next(&v, &c)) CT_TRY(put_ring(x, w, &v));
    if (x->n_ring == 0) return ct_fail(CT_PARSE, "a face without points");
    return ct_mesh_builder_face(w->builder, x->ring, x->ends, x->n_ends, 0);
}

ct_err ct_ifc__face_set(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    indexed x = {0};
    ct_ifc__mesh_begin(w);
    CT_TRY(read_points(&x, w, item));
    CT_TRY(read_map(&x, w, item));
    if (ct_ifc__kind_of(w, item) == CT_IFC__K_TRIANGULATED) {
        CT_TRY(put_triangles(&x, w, item));
    } else {
        ct_ifc__slots faces;
        CT_TRY(ct_ifc__refs(&faces, w, item, "Faces"));
        for (size_t i = 0; i < faces.n; i++) CT_TRY(put_polygon(&x, w, faces.at[i]));
    }
    return ct_ifc__mesh_end(out, w, NULL);
}
