// Any bytes as an observation's payload, and as the end of an MQTT topic with a payload on the next
// line: refused with a message, or rows that are sound; what was there before stays.
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "live/live.h"

static void check_row(const ct_observation *row) {
    FUZZ_MUST(row->device && ct_id_ok(row->device));
    FUZZ_MUST(isfinite(row->value) && row->quality >= 0 && row->quality <= 2);
    FUZZ_MUST(!row->property || (*row->property && strlen(row->property) <= 64));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char first[] = "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"device\":\"first\"}";
    ct_arena *arena = ct_arena_new(4096, 64U << 20);
    ct_observation *rows = NULL;
    size_t n = 0;
    FUZZ_MUST(arena);
    FUZZ_MUST(ct_live_parse(&rows, &n, arena, NULL, first, strlen(first)) == CT_OK);
    // A topic ends with the device's name, whatever the publisher put there.
    const uint8_t *line_end = size ? memchr(data, '\n', size) : NULL;
    const size_t topic = line_end ? (size_t)(line_end - data) : 0;
    const char *name = line_end ? ct_arena_strndup(arena, (const char *)data, topic) : NULL;
    const char *devices[] = {"wl-1", NULL, name};
    for (size_t i = 0; i < (name ? 3 : 2); i++) {
        const size_t before = n, skip = i == 2 ? topic + 1 : 0;
        if (ct_live_parse(&rows, &n, arena, devices[i], (const char *)data + skip, size - skip) !=
            CT_OK) {
            FUZZ_MUST(n == before && strlen(ct_err_message()) > 0);
            continue;
        }
        for (size_t k = before; k < n; k++) {
            check_row(&rows[k]);
            if (devices[i]) FUZZ_MUST(strcmp(rows[k].device, devices[i]) == 0);
        }
    }
    FUZZ_MUST(strcmp(rows[0].device, "first") == 0 && rows[0].value == 1);
    ct_arena_free(arena);
    return 0;
}
