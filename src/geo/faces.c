// Lists of faces.
#include "geo/faces.h"

#include <string.h>

#include "base/grow.h"

void ct_geo__faces_fini(ct_geo__faces *f) {
    ct_free(f->corners);
    ct_free(f->face_end);
    ct_free(f->face_tag);
}

ct_err ct_geo__faces_triangle(ct_geo__faces *f, uint32_t a, uint32_t b, uint32_t c) {
    if (a == b || b == c || c == a) return CT_OK;
    CT_TRY(ct_grow(&f->corners, &f->corners_room, f->n_corners + 3, sizeof *f->corners));
    f->corners[f->n_corners++] = a;
    f->corners[f->n_corners++] = b;
    f->corners[f->n_corners++] = c;
    return CT_OK;
}

ct_err ct_geo__faces_end(ct_geo__faces *f, uint8_t tag) {
    if (f->n_corners > UINT32_MAX) return ct_fail(CT_LIMIT, "a mesh of too many triangles");
    const uint32_t end = (uint32_t)(f->n_corners / 3);
    if (end == (f->n_faces ? f->face_end[f->n_faces - 1] : 0)) return CT_OK;
    const size_t n = (size_t)f->n_faces + 1;
    CT_TRY(ct_grow(&f->face_end, &f->end_room, n, sizeof *f->face_end));
    CT_TRY(ct_grow(&f->face_tag, &f->tag_room, n, sizeof *f->face_tag));
    f->face_end[f->n_faces] = end;
    f->face_tag[f->n_faces++] = tag;
    return CT_OK;
}

static ct_err copy_points(ct_mesh *mesh, ct_arena *arena, const ct_geo__faces *f, const double *xyz,
                          uint32_t *renamed) {
    uint32_t n = 0;
    for (size_t i = 0; i < f->n_corners; i++) {
        uint32_t *name = &renamed[f->corners[i]];
        if (*name == UINT32_MAX) *name = n++;
        mesh->triangles[i] = *name;
    }
    mesh->n_points = n;
    mesh->xyz = ct_arena_alloc(arena, (3 * (size_t)n + 1) * sizeof *mesh->xyz);
    if (!mesh->xyz) return CT_NOMEM;
    for (size_t i = 0; i < f->n_corners; i++)
        memcpy(mesh->xyz + 3 * (size_t)mesh->triangles[i], xyz + 3 * (size_t)f->corners[i],
               3 * sizeof *xyz);
    return CT_OK;
}

ct_err ct_geo__faces_mesh(ct_mesh *out, ct_arena *arena, const ct_geo__faces *f, const double *xyz,
                          uint32_t n_points) {
    ct_mesh mesh = {.n_triangles = (uint32_t)(f->n_corners / 3), .n_faces = f->n_faces};
    mesh.triangles = ct_arena_alloc(arena, (f->n_corners + 1) * sizeof *mesh.triangles);
    mesh.face_end = ct_arena_alloc(arena, ((size_t)f->n_faces + 1) * sizeof *mesh.face_end);
    mesh.face_tag = ct_arena_alloc(arena, (size_t)f->n_faces + 1);
    if (!mesh.triangles || !mesh.face_end || !mesh.face_tag) return CT_NOMEM;
    if (f->n_faces) {
        memcpy(mesh.face_end, f->face_end, f->n_faces * sizeof *mesh.face_end);
        memcpy(mesh.face_tag, f->face_tag, f->n_faces);
    }
    uint32_t *renamed = ct_alloc(((size_t)n_points + 1) * sizeof *renamed);
    if (!renamed) return CT_NOMEM;
    for (uint32_t i = 0; i < n_points; i++) renamed[i] = UINT32_MAX;
    const ct_err err = copy_points(&mesh, arena, f, xyz, renamed);
    ct_free(renamed);
    if (!err) *out = mesh;
    return err;
}
