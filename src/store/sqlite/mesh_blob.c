// Meshes as bytes. The plain form: a byte of version, then numbers of 7 bits a byte, lowest first,
// the high bit telling that more follow (LEB128); signed ones folded (0, -1, 1, -2, ...).
//
//   1 n_points n_triangles n_faces tagged
//   each point: x y z on the grid, less those of the point before
//   each corner of a triangle: its point less the corner's before
//   each face: its number of triangles
//   each face, if tagged: its tag, a byte
//
// Neighbours in space and in the lists make small numbers, which deflate then packs well.
#include "store/sqlite/mesh_blob.h"

#include <math.h>
#include <string.h>

enum { VERSION = 1, MAX_NUMBER = 10 }; // bytes of a number of 64 bits

static void put_number(ct_buf *out, uint64_t value) {
    char bytes[MAX_NUMBER];
    size_t n = 0;
    while (value >= 0x80) {
        bytes[n++] = (char)(uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[n++] = (char)(uint8_t)value;
    ct_buf_put(out, bytes, n);
}

static void put_signed(ct_buf *out, int64_t value) {
    put_number(out, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

static ct_err put_points(ct_buf *out, const ct_mesh *mesh) {
    int64_t before[3] = {0};
    for (uint32_t i = 0; i < mesh->n_points; i++)
        for (int k = 0; k < 3; k++) {
            const double v = mesh->xyz[3 * (size_t)i + k] * CT_STORE__MESH_PER_M;
            if (!(fabs(v) < 9e12))
                return ct_fail(CT_RANGE, "point %u of the mesh is too far away", i);
            const int64_t at = llrint(v);
            put_signed(out, at - before[k]);
            before[k] = at;
        }
    return CT_OK;
}

ct_err ct_store__mesh_pack(ct_buf *out, const ct_mesh *mesh) {
    CT_TRY(ct_mesh_check(mesh));
    ct_buf_putc(out, VERSION);
    put_number(out, mesh->n_points);
    put_number(out, mesh->n_triangles);
    put_number(out, mesh->n_faces);
    put_number(out, mesh->face_tag != NULL);
    CT_TRY(put_points(out, mesh));
    int64_t before = 0;
    for (size_t i = 0; i < 3 * (size_t)mesh->n_triangles; i++) {
        put_signed(out, mesh->triangles[i] - before);
        before = mesh->triangles[i];
    }
    for (uint32_t f = 0; f < mesh->n_faces; f++)
        put_number(out, mesh->face_end[f] - (f ? mesh->face_end[f - 1] : 0));
    if (mesh->face_tag) ct_buf_put(out, mesh->face_tag, mesh->n_faces);
    return ct_buf_status(out);
}

typedef struct reading {
    const uint8_t *at, *end;
    bool broken; // a number ran over the end; all that follow are 0
} reading;

static uint64_t get_number(reading *r) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        const uint8_t byte = *r->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return value;
    }
    r->broken = true;
    r->at = r->end;
    return 0;
}

static int64_t get_signed(reading *r) {
    const uint64_t folded = get_number(r);
    return (int64_t)((folded >> 1) ^ (folded & 1 ? UINT64_MAX : 0));
}

// Every point and triangle takes 3 bytes at least and every face one, so that a lying head asks
// for no more memory than a few times the blob.
static ct_err get_head(ct_mesh *mesh, bool *tagged, reading *r) {
    const uint64_t room = (uint64_t)(r->end - r->at);
    if (room == 0 || *r->at++ != VERSION)
        return ct_fail(CT_CORRUPT, "a mesh of a kind that this program does not know");
    const uint64_t points = get_number(r), triangles = get_number(r), faces = get_number(r);
    *tagged = get_number(r) != 0;
    if (r->broken || points > room / 3 || triangles > room / 3 || faces > room ||
        points > UINT32_MAX || triangles > UINT32_MAX / 3 || faces > UINT32_MAX)
        return ct_fail(CT_CORRUPT, "a mesh is damaged: its head does not fit its length");
    mesh->n_points = (uint32_t)points;
    mesh->n_triangles = (uint32_t)triangles;
    mesh->n_faces = (uint32_t)faces;
    return CT_OK;
}

static void get_lists(ct_mesh *mesh, reading *r) {
    uint64_t at[3] = {0}, corner = 0, end = 0; // unsigned: damaged numbers may wrap
    for (size_t i = 0; i < 3 * (size_t)mesh->n_points; i++) {
        at[i % 3] += (uint64_t)get_signed(r);
        mesh->xyz[i] = (double)(int64_t)at[i % 3] / CT_STORE__MESH_PER_M;
    }
    for (size_t i = 0; i < 3 * (size_t)mesh->n_triangles; i++) {
        corner += (uint64_t)get_signed(r);
        mesh->triangles[i] = corner <= UINT32_MAX ? (uint32_t)corner : UINT32_MAX;
    }
    for (uint32_t f = 0; f < mesh->n_faces; f++) {
        const uint64_t count = get_number(r);
        end = count <= mesh->n_triangles - end ? end + count : mesh->n_triangles;
        mesh->face_end[f] = (uint32_t)end;
    }
}

ct_err ct_store__mesh_unpack(ct_mesh *out, ct_arena *arena, const void *bytes, size_t length) {
    reading r = {.at = bytes, .end = (const uint8_t *)bytes + length};
    ct_mesh mesh = {0};
    bool tagged = false;
    CT_TRY(get_head(&mesh, &tagged, &r));
    mesh.xyz = ct_arena_calloc(arena, 3 * (size_t)mesh.n_points + 1, sizeof *mesh.xyz);
    mesh.triangles =
        ct_arena_calloc(arena, 3 * (size_t)mesh.n_triangles + 1, sizeof *mesh.triangles);
    mesh.face_end = ct_arena_calloc(arena, (size_t)mesh.n_faces + 1, sizeof *mesh.face_end);
    if (!mesh.xyz || !mesh.triangles || !mesh.face_end) return CT_NOMEM;
    get_lists(&mesh, &r);
    if (r.broken || (uint64_t)(r.end - r.at) != (tagged ? mesh.n_faces : 0))
        return ct_fail(CT_CORRUPT, "a mesh is damaged: it is not as long as its head says");
    if (tagged) {
        mesh.face_tag = ct_arena_alloc(arena, (size_t)mesh.n_faces + 1);
        if (!mesh.face_tag) return CT_NOMEM;
        memcpy(mesh.face_tag, r.at, mesh.n_faces);
    }
    if (ct_mesh_check(&mesh) != CT_OK)
        return ct_fail(CT_CORRUPT, "a mesh is damaged: its lists do not fit");
    *out = mesh;
    return CT_OK;
}
