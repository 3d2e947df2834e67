// Placements: ISO 16739-1, IfcGeometricConstraintResource and IfcAxis2Placement3D.
#include "ingest/ifc/placement.h"

#include "base/mem.h"
#include "ingest/ifc/shape/along.h"

enum { MAX_CHAIN = 256 };

typedef enum state { UNKNOWN, OPEN, DONE } state;

typedef struct entry {
    state state;
    ct_affine affine;
} entry;

struct ct_ifc__places {
    ct_ifc__model *m;
    const ct_ifc__units *units;
    double length_m;
    ct_ifc__along *along; // of places that are no local ones; NULL until one comes
    ct_err err;           // CT_NOMEM once a place could not be made
    uint32_t *index;      // of a slot: entry + 1; 0 = none yet
    entry *entries;
    size_t n, capacity;
};

static bool is_placement(const ct_ifc__model *m, ct_ifc__entity e) {
    static const ct_ifc__known kinds[] = {CT_IFC__LOCAL_PLACEMENT, CT_IFC__LINEAR_PLACEMENT,
                                          CT_IFC__GRID_PLACEMENT};
    for (size_t i = 0; i < 3; i++)
        if (ct_ifc__is_a(m->schema, e, m->known[kinds[i]])) return true;
    return false;
}

static bool is_understood(const ct_ifc__model *m, uint32_t slot) {
    return slot != CT_STEP__NONE && is_placement(m, m->entities[ct_step__type(m->step, slot)]);
}

ct_err ct_ifc__places_new(ct_ifc__places **out, ct_ifc__model *m, const ct_ifc__units *units) {
    ct_ifc__places *p = ct_calloc(1, sizeof *p);
    if (!p) return CT_NOMEM;
    p->m = m;
    p->units = units;
    p->length_m = units->length_m;
    p->index = ct_calloc((size_t)ct_step__count(m->step) + 1, sizeof *p->index);
    for (uint32_t t = 0; t < ct_step__n_types(m->step); t++)
        if (is_placement(m, m->entities[t])) p->capacity += m->type_start[t + 1] - m->type_start[t];
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
    ct_ifc__along_free(places->along);
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
    if (!p->index[slot]) p->index[slot] = (uint32_t)++p->n; // never more than placements
    return &p->entries[p->index[slot] - 1];
}

// Of a placement along a curve or at a crossing.
static ct_err other_frame(ct_affine *out, ct_ifc__places *p, uint32_t placement) {
    if (!p->along) CT_TRY(ct_ifc__along_new(&p->along, p->m, p->units));
    if (ct_ifc__is(p->m, placement, CT_IFC__GRID_PLACEMENT))
        return ct_ifc__crossing_frame(out, p->along, placement);
    return ct_ifc__along_frame(out, p->along, ct_ifc__ref(p->m, placement, "RelativePlacement"));
}

static ct_affine own_frame(ct_ifc__places *p, uint32_t placement) {
    ct_affine own;
    if (ct_ifc__is(p->m, placement, CT_IFC__LOCAL_PLACEMENT))
        return ct_ifc__axes(p->m, ct_ifc__ref(p->m, placement, "RelativePlacement"), p->length_m);
    const ct_err err = other_frame(&own, p, placement);
    if (err == CT_OK && ct_affine_is_finite(&own)) return own;
    if (err == CT_NOMEM) p->err = err;
    const uint32_t told = ct_ifc__ref(p->m, placement, "CartesianPosition");
    if (told == CT_STEP__NONE && err)
        ct_ifc__note(p->m, CT_SEVERITY_WARNING, "ifc-placement", placement, "%s; it counts as none",
                     ct_err_message());
    return ct_ifc__axes(p->m, told, p->length_m);
}

static bool holds(const ct_ifc__model *m, uint32_t grid, const char *attribute, uint32_t axis) {
    const ct_step__value list = ct_ifc__get(m, grid, attribute);
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    while (ct_step__next(&v, &c))
        if (ct_step__ref(m->step, &v) == axis) return true;
    return false;
}

// The placement of the grid whose axes cross at a placement.
static uint32_t grid_place(const ct_ifc__places *p, uint32_t placement) {
    static const char *const lists[] = {"UAxes", "VAxes", "WAxes"};
    const ct_ifc__model *m = p->m;
    const ct_step__value axes =
        ct_ifc__get(m, ct_ifc__ref(m, placement, "PlacementLocation"), "IntersectingAxes");
    ct_step__cursor c = ct_step__list(&axes);
    ct_step__value v;
    if (!ct_step__next(&v, &c)) return CT_STEP__NONE;
    const uint32_t axis = ct_step__ref(m->step, &v);
    for (uint32_t t = 0; axis != CT_STEP__NONE && t < ct_step__n_types(m->step); t++) {
        if (!ct_ifc__is_a(m->schema, m->entities[t], m->known[CT_IFC__GRID])) continue;
        for (uint32_t i = m->type_start[t]; i < m->type_start[t + 1]; i++)
            for (size_t k = 0; k < 3; k++)
                if (holds(m, m->order[i], lists[k], axis))
                    return ct_ifc__ref(m, m->order[i], "ObjectPlacement");
    }
    return CT_STEP__NONE;
}

// What a placement is relative to.
static uint32_t outer_of(const ct_ifc__places *p, uint32_t placement) {
    if (!ct_ifc__is(p->m, placement, CT_IFC__GRID_PLACEMENT))
        return ct_ifc__ref(p->m, placement, "PlacementRelTo");
    return grid_place(p, placement);
}

// Resolves a chain of placements that none before it resolved, from the outermost inward.
static void resolve(ct_ifc__places *p, const uint32_t *chain, size_t n, ct_affine outer) {
    while (n-- > 0) {
        const ct_affine own = own_frame(p, chain[n]);
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
        if (!is_understood(places->m, at)) {
            ct_ifc__note(places->m, CT_SEVERITY_WARNING, "ifc-placement", at,
                         "an %s is not understood; it counts as none",
                         ct_ifc__class(places->m, at));
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
        at = outer_of(places, at);
    }
    resolve(places, chain, n, outer);
    if (!is_understood(places->m, placement)) return ct_affine_identity;
    return entry_of(places, placement)->affine;
}

ct_affine ct_ifc__place_of(ct_ifc__places *places, uint32_t product) {
    return ct_ifc__place(places, ct_ifc__ref(places->m, product, "ObjectPlacement"));
}

ct_err ct_ifc__places_status(const ct_ifc__places *places) {
    return places->err;
}
