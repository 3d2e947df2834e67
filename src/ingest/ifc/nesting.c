// Property sets and what they hold: properties that hold themselves, or others too deep, are told
// once, whoever has the set. The reader of properties passes over them.
#include "ingest/ifc/properties.h"
#include "ingest/ifc/reader.h"

enum { UNSEEN, OPEN, SEEN };

typedef struct level {
    uint32_t slot;
    ct_step__cursor held;
} level;

typedef struct walk {
    ct_ifc__model *m;
    uint8_t *state;
    uint8_t *height; // how many are within each other, itself too
    level *open;     // each is open once
    size_t n;
} walk;

static bool holds_others(const ct_ifc__model *m, uint32_t slot) {
    return ct_ifc__is(m, slot, CT_IFC__PROPERTY_SET) || ct_ifc__is(m, slot, CT_IFC__QUANTITY_SET) ||
           ct_ifc__is(m, slot, CT_IFC__COMPLEX_PROPERTY) ||
           ct_ifc__is(m, slot, CT_IFC__COMPLEX_QUANTITY);
}

static void open_one(walk *w, uint32_t slot) {
    const ct_step__value list = ct_ifc__get(w->m, slot, ct_ifc__held_by(w->m, slot));
    w->state[slot] = OPEN;
    w->height[slot] = 1;
    w->open[w->n++] = (level){slot, ct_step__list(&list)};
}

// A set within a set is no property.
static void look(walk *w, uint32_t holder, uint32_t slot) {
    const bool set = ct_ifc__is(w->m, slot, CT_IFC__PROPERTY_SET) ||
                     ct_ifc__is(w->m, slot, CT_IFC__QUANTITY_SET);
    if (w->state[slot] == OPEN)
        ct_ifc__note(w->m, CT_SEVERITY_WARNING, "ifc-properties", slot,
                     "it is a part of itself; that is left out");
    else if (set)
        ct_ifc__note(w->m, CT_SEVERITY_WARNING, "ifc-properties", slot,
                     "it is held by another set, which holds properties only; that is left out");
    if (w->state[slot] == UNSEEN) open_one(w, slot);
    if (w->state[slot] == SEEN && w->height[holder] <= w->height[slot] && w->height[slot] < 255)
        w->height[holder] = w->height[slot] + 1;
}

static void close_one(walk *w) {
    const uint32_t slot = w->open[--w->n].slot;
    w->state[slot] = SEEN;
    if (w->n == 0) return;
    uint8_t *outer = &w->height[w->open[w->n - 1].slot];
    if (*outer <= w->height[slot] && w->height[slot] < 255) *outer = w->height[slot] + 1;
}

static void follow(walk *w, uint32_t slot) {
    ct_step__value v;
    open_one(w, slot);
    while (w->n) {
        level *top = &w->open[w->n - 1];
        if (!ct_step__next(&v, &top->held)) {
            close_one(w);
            continue;
        }
        const uint32_t held = ct_step__ref(w->m->step, &v);
        if (held != CT_STEP__NONE && holds_others(w->m, held)) look(w, top->slot, held);
    }
}

ct_err ct_ifc__check_nesting(ct_ifc__reader *r) {
    static const ct_ifc__known kinds[] = {CT_IFC__PROPERTY_SET, CT_IFC__QUANTITY_SET,
                                          CT_IFC__COMPLEX_PROPERTY, CT_IFC__COMPLEX_QUANTITY};
    const size_t n = (size_t)ct_step__count(r->m.step) + 1;
    walk w = {.m = &r->m};
    w.state = ct_arena_calloc(r->arena, n, 1);
    w.height = ct_arena_calloc(r->arena, n, 1);
    w.open = ct_arena_alloc(r->arena, n * sizeof *w.open);
    if (!w.state || !w.height || !w.open) return CT_NOMEM;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        ct_ifc__slots all;
        CT_TRY(ct_ifc__all_known(&all, r->arena, &r->m, kinds[k]));
        for (size_t i = 0; i < all.n; i++) {
            if (w.state[all.at[i]] == UNSEEN) follow(&w, all.at[i]);
            if (k < 2 && w.height[all.at[i]] > CT_IFC__PROPERTY_DEPTH + 1)
                ct_ifc__note(&r->m, CT_SEVERITY_WARNING, "ifc-properties", all.at[i],
                             "more than %d properties within each other; the inner ones are left "
                             "out",
                             CT_IFC__PROPERTY_DEPTH);
        }
    }
    return CT_OK;
}
