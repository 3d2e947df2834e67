// Placements: ISO 16739-1, IfcGeometricConstraintResource and IfcAxis2Placement3D.
#include "ingest/ifc/placement.h"

#include "base/mem.h"

enum { MAX_CHAIN = 256 };

typedef enum state { UNKNOWN, OPEN, DONE } state;

typedef struct entry {
    state state;
    ct_affine affine;
} entry;

struct ct_ifc__places {
    ct_ifc__model *m;
    double length_m;
    uint32_t *index; // of a slot: entry + 1; 0 = none yet
    entry *entries;
    size_t n, capacity;
};

ct_err ct_ifc__places_new(ct_ifc__places **out, ct_ifc__model *m, const ct_ifc__units *units) {
    ct_ifc__places *p = ct_calloc(1, sizeof *p);
    if (!p) return CT_NOMEM;
    p->m = m;
    p->length_m = units->length_m;
    p->index = ct_calloc((size_t)ct_step__count(m->step) + 1, sizeof *p->index);
    for (uint32_t t = 0; t < ct_step__n_types(m->step); t++)
        if (ct_ifc__is_a(m->schema, m->entities[t], m->known[CT_IFC__LOCAL_PLACEMENT]))
            p->capacity += m->type_start[t + 1] - m->type_start[t];
    p->entries = ct_calloc(p->capacity + 1, sizeof *p->entries);
    if (!p->index || !p->entries) {
        ct_ifc__places_free(p);
        return CT_NOMEM;
    }
    *out = p;
    return CT_OK;
}

void ct_ifc__places_free(ct_ifc__places *places) {
    if (!places) return;
    ct_free(places->index);
    ct_free(places->entries);
    ct_free(places);
}

bool ct_ifc__triple(double out[3], const ct_ifc__model *m, uint32_t slot, double factor) {
    if (slot == CT_STEP__NONE) return false;
    const ct_step__value list = ct_step__get(m->step, slot, 0); // Coordinates, DirectionRatios
    double x[3] = {0};
    if (ct_ifc__numbers(x, 3, &list) == 0) return false;
    for (int i = 0; i < 3; i++) out[i] = factor * x[i];
    return true;
}

ct_affine ct_ifc__axes(const ct_ifc__model *m, uint32_t slot, double length_m) {
    double origin[3] = {0}, axis[3], ref[3];
    if (!ct_ifc__is(m, slot, CT_IFC__PLACEMENT)) return ct_affine_identity;
    (void)ct_ifc__triple(origin, m, ct_ifc__ref(m, slot, "Location"), length_m);
    const bool has_axis = ct_ifc__triple(axis, m, ct_ifc__ref(m, slot, "Axis"), 1);
    const bool has_ref = ct_ifc__triple(ref, m, ct_ifc__ref(m, slot, "RefDirection"), 1);
    return ct_affine_frame(origin, has_axis ? axis : NULL, has_ref ? ref : NULL);
}

static entry *entry_of(ct_ifc__places *p, uint32_t slot) {
    if (!p->index[slot]) p->index[slot] = (uint32_t)++p->n; // never more than local placements
    return &p->entries[p->index[slot] - 1];
}

// Resolves a chain of placements that none before it resolved, from the outermost inward.
static void resolve(ct_ifc__places *p, const uint32_t *chain, size_t n, ct_affine outer) {
    while (n-- > 0) {
        const ct_affine own =
            ct_ifc__axes(p->m, ct_ifc__ref(p->m, chain[n], "RelativePlacement"), p->length_m);
        entry *e = entry_of(p, chain[n]);
        e->affine = ct_affine_multiply(&outer, &own);
        if (!ct_affine_is_finite(&e->affine)) e->affine = ct_affine_identity;
        e->state = DONE;
        outer = e->affine;
    }
}

ct_affine ct_ifc__place(ct_ifc__places *places, uint32_t placement) {
    uint32_t chain[MAX_CHAIN];
    size_t n = 0;
    ct_affine outer = ct_affine_identity;
    for (uint32_t at = placement; at != CT_STEP__NONE;) {
        if (!ct_ifc__is(places->m, at, CT_IFC__LOCAL_PLACEMENT)) {
            ct_ifc__note(places->m, CT_SEVERITY_WARNING, "ifc-placement", at,
                         "only local placements are understood; it counts as none");
            break;
        }
        entry *e = entry_of(places, at);
        if (e->state == DONE) {
            outer = e->affine;
            break;
        }
        if (e->state == OPEN || n == MAX_CHAIN) {
            ct_ifc__note(places->m, CT_SEVERITY_ERROR, "ifc-placement", at,
                         e->state == OPEN ? "the placement is relative to itself"
                                          : "more than 256 placements within each other");
            break;
        }
        e->state = OPEN;
        chain[n++] = at;
        at = ct_ifc__ref(places->m, at, "PlacementRelTo");
    }
    resolve(places, chain, n, outer);
    if (!ct_ifc__is(places->m, placement, CT_IFC__LOCAL_PLACEMENT)) return ct_affine_identity;
    return entry_of(places, placement)->affine;
}

ct_affine ct_ifc__place_of(ct_ifc__places *places, uint32_t product) {
    return ct_ifc__place(places, ct_ifc__ref(places->m, product, "ObjectPlacement"));
}
