// Measures and care of meshes.
#include "geo/mesh.h"

#include <math.h>
#include <string.h>

bool ct_mesh_box(ct_box3 *out, const ct_mesh *mesh) {
    if (mesh->n_points == 0) return false;
    ct_box3 box;
    memcpy(box.min, mesh->xyz, sizeof box.min);
    memcpy(box.max, mesh->xyz, sizeof box.max);
    for (uint32_t i = 1; i < mesh->n_points; i++)
        for (int k = 0; k < 3; k++) {
            const double v = mesh->xyz[3 * (size_t)i + k];
            box.min[k] = fmin(box.min[k], v);
            box.max[k] = fmax(box.max[k], v);
        }
    *out = box;
    return true;
}

static const double *corner(const ct_mesh *mesh, uint32_t triangle, int which) {
    return mesh->xyz + 3 * (size_t)mesh->triangles[3 * (size_t)triangle + which];
}

// Twice the triangle's area as a vector.
static void cross_of(double out[3], const double *a, const double *b, const double *c) {
    const double u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    const double v[3] = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    out[0] = u[1] * v[2] - u[2] * v[1];
    out[1] = u[2] * v[0] - u[0] * v[2];
    out[2] = u[0] * v[1] - u[1] * v[0];
}

double ct_mesh_area_m2(const ct_mesh *mesh) {
    double sum = 0;
    for (uint32_t t = 0; t < mesh->n_triangles; t++) {
        double n[3];
        cross_of(n, corner(mesh, t, 0), corner(mesh, t, 1), corner(mesh, t, 2));
        sum += sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) / 2;
    }
    return sum;
}

double ct_mesh_volume_m3(const ct_mesh *mesh) {
    ct_box3 box;
    if (!ct_mesh_box(&box, mesh)) return 0;
    double middle[3], sum = 0;
    for (int k = 0; k < 3; k++) middle[k] = (box.min[k] + box.max[k]) / 2;
    for (uint32_t t = 0; t < mesh->n_triangles; t++) {
        const double *a = corner(mesh, t, 0);
        double n[3];
        cross_of(n, a, corner(mesh, t, 1), corner(mesh, t, 2));
        for (int k = 0; k < 3; k++) sum += (a[k] - middle[k]) * n[k];
    }
    return sum / 6;
}

void ct_mesh_transform(ct_mesh *mesh, const ct_affine *a) {
    for (uint32_t i = 0; i < mesh->n_points; i++)
        ct_affine_point(mesh->xyz + 3 * (size_t)i, a, mesh->xyz + 3 * (size_t)i);
    if (ct_affine_determinant(a) >= 0) return;
    for (uint32_t t = 0; t < mesh->n_triangles; t++) {
        uint32_t *corners = mesh->triangles + 3 * (size_t)t;
        const uint32_t kept = corners[1];
        corners[1] = corners[2];
        corners[2] = kept;
    }
}

static void *copy_of(ct_arena *arena, const void *from, size_t bytes) {
    void *to = ct_arena_alloc(arena, bytes ? bytes : 1);
    if (to && bytes) memcpy(to, from, bytes);
    return to;
}

ct_err ct_mesh_copy(ct_mesh *out, ct_arena *arena, const ct_mesh *mesh) {
    ct_mesh copy = *mesh;
    copy.xyz = copy_of(arena, mesh->xyz, 3 * (size_t)mesh->n_points * sizeof *mesh->xyz);
    copy.triangles =
        copy_of(arena, mesh->triangles, 3 * (size_t)mesh->n_triangles * sizeof *mesh->triangles);
    copy.face_end = copy_of(arena, mesh->face_end, mesh->n_faces * sizeof *mesh->face_end);
    if (mesh->face_tag) copy.face_tag = copy_of(arena, mesh->face_tag, mesh->n_faces);
    if (!copy.xyz || !copy.triangles || !copy.face_end || (mesh->face_tag && !copy.face_tag))
        return CT_NOMEM;
    *out = copy;
    return CT_OK;
}

ct_err ct_mesh_check(const ct_mesh *mesh) {
    for (uint32_t i = 0; i < mesh->n_points; i++)
        for (int k = 0; k < 3; k++)
            if (!isfinite(mesh->xyz[3 * (size_t)i + k]))
                return ct_fail(CT_GEOM, "point %u of the mesh is not finite", i);
    for (uint32_t t = 0; t < mesh->n_triangles; t++)
        for (int k = 0; k < 3; k++)
            if (mesh->triangles[3 * (size_t)t + k] >= mesh->n_points)
                return ct_fail(CT_GEOM, "triangle %u of the mesh names a point that is not there",
                               t);
    uint32_t end = 0;
    for (uint32_t f = 0; f < mesh->n_faces; f++) {
        if (mesh->face_end[f] < end)
            return ct_fail(CT_GEOM, "face %u of the mesh ends before it begins", f);
        end = mesh->face_end[f];
    }
    if (end != mesh->n_triangles)
        return ct_fail(CT_GEOM, "the mesh has %u triangles, its faces end at %u", mesh->n_triangles,
                       end);
    return CT_OK;
}
