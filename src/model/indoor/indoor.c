// The derivation as a whole: its steps in their order.
#include "model/indoor/indoor.h"

#include "base/mem.h"
#include "model/indoor/private.h"

enum { BLOCK = 256 << 10 };

static ct_err derive(ct_indoor__work *w, const ct_feature *features, size_t n) {
    CT_TRY(ct_indoor__take(w, features, n));
    CT_TRY(ct_indoor__storeys(w));
    CT_TRY(ct_indoor__walls(w));
    CT_TRY(ct_indoor__spaces(w));
    if (!w->spaces.n) CT_TRY(ct_indoor__rooms(w));
    CT_TRY(ct_indoor__space_index(w));
    CT_TRY(ct_indoor__openings(w));
    CT_TRY(ct_indoor__gaps(w));
    CT_TRY(ct_indoor__stairs(w));
    CT_TRY(ct_indoor__exits(w));
    CT_TRY(ct_indoor__compartments(w));
    CT_TRY(ct_indoor__vents(w));
    CT_TRY(ct_indoor__ways_out(w));
    return ct_indoor__check(w);
}

static ct_indoor *make(const char *building) {
    ct_arena *arena = ct_arena_new(BLOCK, 0);
    ct_indoor *out = arena ? ct_arena_calloc(arena, 1, sizeof *out) : NULL;
    if (out) out->building = ct_arena_strdup(arena, building);
    if (!out || !out->building) {
        ct_arena_free(arena);
        return NULL;
    }
    out->arena = arena;
    return out;
}

ct_err ct_indoor_derive(ct_indoor **out, const char *building, const ct_feature *features, size_t n,
                        const ct_indoor_defaults *defaults) {
    ct_indoor__work w = {.defaults = defaults, .out = make(building)};
    w.scratch = ct_arena_new(BLOCK, 0);
    w.moment = ct_arena_new(BLOCK, 0);
    ct_err err = w.out && w.scratch && w.moment ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        w.arena = w.out->arena;
        err = derive(&w, features, n);
    }
    ct_strmap_free(w.storey_at);
    ct_strmap_free(w.space_at);
    ct_strmap_free(w.element_at);
    ct_arena_free(w.scratch);
    ct_arena_free(w.moment);
    if (err == CT_OK)
        *out = w.out;
    else
        ct_indoor_free(w.out);
    return err;
}

void ct_indoor_free(ct_indoor *indoor) {
    if (indoor) ct_arena_free(indoor->arena);
}
