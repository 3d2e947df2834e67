// Any bytes as SpatiaLite's geometry blob (other programs write them into the twin): refused, or a
// sound geometry that is written and read back equal to the bit, whose box is that of its points.
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "store/sqlite/blob.h"

static void check_sound(const ct_geom *g) {
    uint32_t at = 0;
    for (uint32_t ring = 0; ring < g->n_rings; ring++) {
        FUZZ_MUST(g->ring_end[ring] >= at);
        at = g->ring_end[ring];
    }
    FUZZ_MUST(at == g->n_points);
    at = 0;
    for (uint32_t part = 0; part < g->n_parts; part++) {
        FUZZ_MUST(g->part_end[part] >= at);
        at = g->part_end[part];
    }
    FUZZ_MUST(at == g->n_rings);
}

static void check_round_trip(const ct_geom *g) {
    ct_buf blob;
    ct_buf_init(&blob, 64U << 20);
    ct_store__blob_write(&blob, g, 4547);
    FUZZ_MUST(ct_buf_status(&blob) == CT_OK);
    ct_store__space space = {0};
    ct_geom again;
    FUZZ_MUST(ct_store__blob_read(&again, &space, blob.data, blob.len) == CT_OK);
    FUZZ_MUST(again.type == g->type && again.has_z == g->has_z && again.n_points == g->n_points &&
              again.n_rings == g->n_rings && again.n_parts == g->n_parts);
    FUZZ_MUST(memcmp(again.xyz, g->xyz,
                     (size_t)g->n_points * (size_t)ct_geom_stride(g) * sizeof(double)) == 0);
    ct_bbox head, points;
    FUZZ_MUST(ct_store__blob_box(&head, blob.data, blob.len));
    FUZZ_MUST(ct_geom_bbox(&points, g));
    FUZZ_MUST(memcmp(&head, &points, sizeof head) == 0 || isnan(head.min_x) || isnan(head.min_y) ||
              (head.min_x == points.min_x && head.min_y == points.min_y &&
               head.max_x == points.max_x && head.max_y == points.max_y));
    ct_store__space_fini(&space);
    ct_buf_fini(&blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ct_store__space space = {0};
    ct_geom g;
    ct_bbox box;
    (void)ct_store__blob_box(&box, data, size);
    if (ct_store__blob_read(&g, &space, data, size) == CT_OK) {
        check_sound(&g);
        if (g.n_points) check_round_trip(&g);
        (void)ct_geom_area_m2(&g);
        (void)ct_geom_length_m(&g);
    } else {
        FUZZ_MUST(strlen(ct_err_message()) > 0);
    }
    ct_store__space_fini(&space);
    return 0;
}
