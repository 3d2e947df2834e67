// Any bytes as an HTTP request to a small twin: query parameters of features, tiles, maps, runs,
// devices. Every answer keeps the rules of request.c, and a page of features holds what it says.
#include "unit/http/api/twin.h"

#include "request.h"
#include "results/run_store.h"
#include "scratch_folder.h"

#define RUN "0123456789abcdef0123456789abcdef"

enum { RUN_CELLS = 40 };

// A finished run on the twin's ground, so that its maps, series and comparison can be asked for.
static void add_run(const twin *t) {
    static const ct_run_array arrays[] = {{"depth", NULL, "water depth", "m", true},
                                          {"max_depth", NULL, "largest water depth", "m", false}};
    const ct_grid shape = {RUN_CELLS, RUN_CELLS, twin_east, twin_north + 400, 10, NULL};
    float values[RUN_CELLS * RUN_CELLS];
    for (int i = 0; i < RUN_CELLS * RUN_CELLS; i++) values[i] = (float)(i % 50) * 0.05F;
    json_t *document =
        json_pack("{s:s,s:{s:s,s:i,s:{s:s,s:s}},s:{s:{s:f}}}", "engine", "flood", "scenario",
                  "start", "2026-07-20T20:00:00Z", "duration_s", 600, "title", "en", "Rain", "zh",
                  "Rain", "summary", "indicators", "max_depth_m", 2.45);
    char *folder = ct_store_file(t->store, "runs");
    ct_run_writer *w = NULL;
    FUZZ_MUST(document && folder && ct_run_writer_open(&w, folder, RUN) == CT_OK);
    FUZZ_MUST(ct_run_writer_grid(w, &shape, TWIN_CRS, INT64_C(1784577600000000), arrays, 2) ==
              CT_OK);
    for (int k = 0; k < 3; k++) {
        FUZZ_MUST(ct_run_writer_time(w, 300.0 * k) == CT_OK);
        FUZZ_MUST(ct_run_writer_slice(w, "depth", values) == CT_OK);
    }
    FUZZ_MUST(ct_run_writer_slice(w, "max_depth", values) == CT_OK);
    FUZZ_MUST(ct_run_writer_commit(w, document) == CT_OK);
    json_decref(document);
    ct_free(folder);
}

static twin *start(void) {
    static void *state;
    if (!state) {
        FUZZ_MUST(twin_open(&state) == 0);
        add_run(state);
    }
    return state;
}

// Numbers of a page agree with its features; every coordinate is a number.
static void check_numbers(const json_t *value) {
    size_t i;
    json_t *member;
    if (json_is_array(value)) {
        json_array_foreach(value, i, member) check_numbers(member);
    } else {
        FUZZ_MUST(json_is_number(value));
    }
}

static void check_page(const wire_answer *a) {
    json_t *page = NULL, *feature;
    size_t i;
    FUZZ_MUST(ct_json_parse(&page, a->body, a->length, a->length) == CT_OK);
    const json_t *features = json_object_get(page, "features");
    if (features) {
        FUZZ_MUST(json_integer_value(json_object_get(page, "numberReturned")) ==
                  (json_int_t)json_array_size(features));
        json_array_foreach(features, i, feature) {
            const json_t *geometry = json_object_get(feature, "geometry");
            FUZZ_MUST(json_is_string(json_object_get(feature, "id")));
            if (json_is_object(geometry)) check_numbers(json_object_get(geometry, "coordinates"));
        }
    }
    json_decref(page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    (void)start();
    ct_arena *arena = ct_arena_new(4096, 64U << 20);
    wire_request request;
    wire_answer a;
    if (request_read(&request, arena, data, size)) {
        // A run would start a program each time (scenarios have a fuzzer of their own), and the
        // one that is there shall stay.
        const bool starts = strcmp(request.method, "GET") != 0 && strstr(request.uri, "runs");
        if (!starts) {
            request_check(&a, &request);
            const char *type = a.closed ? NULL : wire_header(&a, "Content-Type");
            if (type && a.status == 200 && a.length && strcmp(type, "application/geo+json") == 0)
                check_page(&a);
            wire_answer_fini(&a);
        }
    }
    ct_arena_free(arena);
    return 0;
}
