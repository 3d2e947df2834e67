// Any bytes as a STEP file: refused with a message, or an index whose every instance is found by
// its id and read to its last parameter.
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "ingest/ifc/step/step.h"

enum { MAX_DEPTH = 32 };

static void check_value(const ct_step *step, ct_arena *arena, const ct_step__value *v) {
    double number = 0;
    const char *text = NULL;
    char where[256];
    FUZZ_MUST(ct_step__text(&text, arena, v, NULL) == CT_OK);
    if (text) FUZZ_MUST(ct_utf8_valid(text, strlen(text)));
    if (ct_step__number(&number, v)) FUZZ_MUST(isfinite(number));
    if (v->kind == CT_STEP__REF) {
        const uint32_t slot = ct_step__ref(step, v);
        FUZZ_MUST(slot == CT_STEP__NONE || ct_step__id(step, slot) == v->id);
    }
    (void)snprintf(where, sizeof where, "%d%d%d", ct_step__logical(v), ct_step__is(v, "FLOOR"),
                   ct_step__named(v, "IFCLABEL"));
}

// All values at any depth, those of the innermost list first.
static void check_values(const ct_step *step, ct_arena *arena, ct_step__cursor first) {
    ct_step__cursor open[MAX_DEPTH] = {first};
    ct_step__value v;
    for (int depth = 0; depth >= 0;) {
        if (!ct_step__next(&v, &open[depth])) {
            depth--;
            continue;
        }
        check_value(step, arena, &v);
        if ((v.kind == CT_STEP__LIST || v.kind == CT_STEP__TYPED) && depth + 1 < MAX_DEPTH)
            open[++depth] = ct_step__list(&v);
    }
}

static void check(ct_step *step, ct_arena *arena) {
    char where[256];
    for (uint32_t i = 0; i < ct_step__count(step); i++) {
        const uint32_t found = ct_step__find(step, ct_step__id(step, i));
        FUZZ_MUST(found <= i && ct_step__id(step, found) == ct_step__id(step, i));
        FUZZ_MUST(ct_step__type(step, i) < ct_step__n_types(step));
        ct_step__where(where, sizeof where, step, i);
        check_values(step, arena, ct_step__parameters(step, i));
        ct_arena_reset(arena);
    }
    for (int r = CT_STEP__DESCRIPTION; r <= CT_STEP__SCHEMA; r++)
        check_values(step, arena, ct_step__header(step, (ct_step__record)r));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ct_diagnostics *found = ct_diagnostics_new(20);
    ct_arena *arena = ct_arena_new(4096, 64U << 20);
    ct_step *step = NULL;
    char *bytes = malloc(size ? size : 1); // where it ends, reading ends
    FUZZ_MUST(found && arena && bytes);
    memcpy(bytes, data, size);
    if (ct_step__open(&step, bytes, size, "f.ifc", found) == CT_OK)
        check(step, arena);
    else
        FUZZ_MUST(!step && strlen(ct_err_message()) > 0);
    ct_step__close(step);
    ct_arena_free(arena);
    ct_diagnostics_free(found);
    free(bytes);
    return 0;
}
