// Any bytes as WKB: refused, or a sound geometry that is written and read back equal to the bit.
#include <string.h>

#include "fuzz.h"
#include "geo/geom.h"

static void check_sound(const ct_geom *g) {
    uint32_t at = 0;
    for (uint32_t ring = 0; ring < g->n_rings; ring++) {
        FUZZ_MUST(g->ring_end[ring] > at);
        at = g->ring_end[ring];
    }
    FUZZ_MUST(at == g->n_points);
    at = 0;
    for (uint32_t part = 0; part < g->n_parts; part++) {
        FUZZ_MUST(g->part_end[part] > at);
        at = g->part_end[part];
    }
    FUZZ_MUST(at == g->n_rings);
}

static void check_round_trip(const ct_geom *g, ct_arena *arena) {
    ct_buf wkb;
    ct_buf_init(&wkb, 64U << 20);
    ct_geom_to_wkb(&wkb, g);
    FUZZ_MUST(ct_buf_status(&wkb) == CT_OK);
    ct_geom again;
    FUZZ_MUST(ct_geom_from_wkb(&again, arena, wkb.data, wkb.len, 100000) == CT_OK);
    FUZZ_MUST(again.type == g->type && again.has_z == g->has_z && again.n_points == g->n_points &&
              again.n_rings == g->n_rings && again.n_parts == g->n_parts);
    FUZZ_MUST(memcmp(again.xyz, g->xyz,
                     (size_t)g->n_points * (size_t)ct_geom_stride(g) * sizeof(double)) == 0);
    ct_buf_fini(&wkb);
}

// Nothing of this may crash or hang, whatever the numbers are.
static void measure(const ct_geom *g) {
    ct_bbox box;
    double x = 0, y = 0;
    FUZZ_MUST(ct_geom_bbox(&box, g) == (g->n_points > 0));
    (void)ct_geom_area_m2(g);
    (void)ct_geom_length_m(g);
    (void)ct_geom_centroid(&x, &y, g);
    (void)ct_geom_distance_m(g, x, y);
    if (g->n_points) FUZZ_MUST(ct_geom_intersects_box(g, &box));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ct_arena *arena = ct_arena_new(4096, 64U << 20);
    FUZZ_MUST(arena);
    ct_geom g;
    if (ct_geom_from_wkb(&g, arena, data, size, 100000) == CT_OK) {
        check_sound(&g);
        check_round_trip(&g, arena);
        measure(&g);
        ct_geom_orient(&g);
        check_sound(&g);
    }
    ct_arena_free(arena);
    return 0;
}
