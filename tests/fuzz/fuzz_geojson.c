// Any bytes as a GeoJSON geometry: refused with a message, or written and read back with the same
// shape.
#include <string.h>

#include "fuzz.h"
#include "geo/geom.h"

static void check_round_trip(const ct_geom *g, ct_arena *arena) {
    ct_buf text;
    ct_buf_init(&text, 64U << 20);
    ct_jsonw w;
    ct_jsonw_init(&w, &text);
    ct_geom_write_geojson(&w, g, 7, false);
    FUZZ_MUST(ct_buf_status(&text) == CT_OK);
    json_t *object = NULL;
    FUZZ_MUST(ct_json_parse(&object, text.data, text.len, text.len) == CT_OK);
    ct_geom again;
    FUZZ_MUST(ct_geom_from_geojson(&again, arena, object, 100000) == CT_OK);
    FUZZ_MUST(again.type == g->type && again.n_points == g->n_points &&
              again.n_rings == g->n_rings && again.n_parts == g->n_parts);
    FUZZ_MUST(again.has_z == g->has_z);
    json_decref(object);
    ct_buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *object = NULL;
    if (ct_json_parse(&object, (const char *)data, size, 1U << 20) != CT_OK) return 0;
    ct_arena *arena = ct_arena_new(4096, 64U << 20);
    FUZZ_MUST(arena);
    ct_geom g;
    if (ct_geom_from_geojson(&g, arena, object, 100000) == CT_OK)
        check_round_trip(&g, arena);
    else
        FUZZ_MUST(strlen(ct_err_message()) > 0);
    ct_arena_free(arena);
    json_decref(object);
    return 0;
}
