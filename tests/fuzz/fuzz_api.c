// Any bytes as an HTTP request to a small twin: query parameters of features, tiles, maps, runs,
// devices. Every answer keeps the rules of request.c, and a page of features holds what it says.
#include "unit/http/api/twin.h"

#include "request.h"
#include "scratch_folder.h"

static twin *start(void) {
    static void *state;
    if (!state) FUZZ_MUST(twin_open(&state) == 0);
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
        // A run would start a program each time; scenarios have a fuzzer of their own.
        const bool starts = strcmp(request.method, "POST") == 0 && strstr(request.uri, "runs");
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
