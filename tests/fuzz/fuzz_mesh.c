// Any bytes as a mesh of a twin's file: refused, or a sound mesh that is written and read back
// equal.
#include <string.h>

#include "fuzz.h"
#include "store/sqlite/mesh_blob.h"

static void check_round_trip(const ct_mesh *mesh, ct_arena *arena) {
    ct_buf packed;
    ct_mesh again = {0};
    ct_buf_init(&packed, 64U << 20);
    const ct_err err = ct_store__mesh_pack(&packed, mesh);
    FUZZ_MUST(err == CT_OK || err == CT_RANGE); // points may lie beyond what is written
    if (err == CT_OK) {
        FUZZ_MUST(ct_store__mesh_unpack(&again, arena, packed.data, packed.len) == CT_OK);
        FUZZ_MUST(again.n_points == mesh->n_points && again.n_triangles == mesh->n_triangles &&
                  again.n_faces == mesh->n_faces);
        FUZZ_MUST(memcmp(again.xyz, mesh->xyz, 3 * sizeof *mesh->xyz * mesh->n_points) == 0);
        FUZZ_MUST(memcmp(again.triangles, mesh->triangles,
                         3 * sizeof *mesh->triangles * mesh->n_triangles) == 0);
        FUZZ_MUST(memcmp(again.face_end, mesh->face_end, sizeof *mesh->face_end * mesh->n_faces) ==
                  0);
        FUZZ_MUST((again.face_tag != NULL) == (mesh->face_tag != NULL));
        if (mesh->face_tag) FUZZ_MUST(memcmp(again.face_tag, mesh->face_tag, mesh->n_faces) == 0);
    }
    ct_buf_fini(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ct_arena *arena = ct_arena_new(1U << 12, 64U << 20);
    ct_mesh mesh = {0};
    FUZZ_MUST(arena);
    if (ct_store__mesh_unpack(&mesh, arena, data, size) == CT_OK) {
        FUZZ_MUST(ct_mesh_check(&mesh) == CT_OK);
        check_round_trip(&mesh, arena);
    }
    ct_arena_free(arena);
    return 0;
}
