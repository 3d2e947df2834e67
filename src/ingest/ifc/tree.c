// Where objects belong: up the relations to their whole, space, storey, building and site; and the
// storeys of each building in their order.
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "ingest/ifc/reader.h"

enum { MAX_STEPS = 64 }; // up the tree; also what ends a circle

static const double k_ground_m = 0.5; // a floor so far above the building's zero is the ground's

// The next one up. A door belongs to where it is contained, else to the wall that it is in.
static uint32_t parent_of(const ct_ifc__relations *rel, uint32_t slot) {
    const ct_ifc__links *const ways[] = {&rel->whole, &rel->structure, &rel->nest, &rel->filled,
                                         &rel->host};
    uint32_t parent = CT_STEP__NONE;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const uint32_t up = ct_ifc__first(ways[i], slot);
        if (up == slot) return slot; // a circle, whatever else it belongs to
        if (parent == CT_STEP__NONE) parent = up;
    }
    return parent;
}

ct_err ct_ifc__check_tree(ct_ifc__reader *r) {
    const uint32_t n = ct_step__count(r->m.step);
    uint32_t *seen_from = ct_calloc((size_t)n + 1, sizeof *seen_from); // + 1
    if (!seen_from) return CT_NOMEM;
    for (uint32_t slot = 0; slot < n; slot++) {
        uint32_t at = slot;
        for (; at != CT_STEP__NONE && !seen_from[at]; at = parent_of(&r->m.rel, at))
            seen_from[at] = slot + 1;
        if (at != CT_STEP__NONE && seen_from[at] == slot + 1)
            ct_ifc__note(&r->m, CT_SEVERITY_ERROR, "ifc-structure", at, "it is a part of itself");
    }
    ct_free(seen_from);
    return CT_OK;
}

static void meet(ct_ifc__home *home, const ct_ifc__model *m, uint32_t at) {
    const struct {
        uint32_t *where;
        ct_ifc__known kind;
    } kinds[] = {{&home->space, CT_IFC__SPACE},
                 {&home->storey, CT_IFC__STOREY},
                 {&home->building, CT_IFC__BUILDING},
                 {&home->site, CT_IFC__SITE}};
    for (size_t i = 0; i < 4; i++)
        if (*kinds[i].where == CT_STEP__NONE && ct_ifc__is(m, at, kinds[i].kind))
            *kinds[i].where = at;
}

ct_ifc__home ct_ifc__home_of(const ct_ifc__reader *r, uint32_t slot) {
    ct_ifc__home home = {CT_STEP__NONE, CT_STEP__NONE, CT_STEP__NONE, CT_STEP__NONE, CT_STEP__NONE};
    const uint32_t whole = ct_ifc__first(&r->m.rel.whole, slot);
    if (ct_ifc__is(&r->m, whole, CT_IFC__ELEMENT)) home.whole = whole;
    uint32_t at = parent_of(&r->m.rel, slot);
    for (int i = 0; at != CT_STEP__NONE && i < MAX_STEPS; i++) {
        meet(&home, &r->m, at);
        at = parent_of(&r->m.rel, at);
    }
    if (home.building == CT_STEP__NONE) home.building = r->building;
    return home;
}

// ---- storeys ------------------------------------------------------------------------------------

static int by_building_and_height(const void *a, const void *b) {
    const ct_ifc__storey *s = a, *t = b;
    if (s->building != t->building) return s->building < t->building ? -1 : 1;
    if (s->elevation_m != t->elevation_m) return s->elevation_m < t->elevation_m ? -1 : 1;
    return s->slot < t->slot ? -1 : s->slot > t->slot;
}

static ct_err read_storey(ct_ifc__storey *out, ct_ifc__reader *r, uint32_t slot) {
    ct_ifc__properties p;
    double elevation = 0;
    *out = (ct_ifc__storey){.slot = slot, .above = CT_STEP__NONE, .height_m = NAN};
    out->building = ct_ifc__home_of(r, slot).building;
    if (ct_ifc__ref(&r->m, slot, "ObjectPlacement") != CT_STEP__NONE) {
        const ct_affine at = ct_ifc__place_of(r->places, slot);
        const ct_affine placed = ct_affine_multiply(&r->georef.to_twin, &at);
        out->elevation_m = placed.m[11];
    } else if (ct_ifc__number(&elevation, &r->m, slot, "Elevation")) {
        out->elevation_m = elevation * r->units.length_m + r->georef.height_m;
    }
    CT_TRY(ct_ifc__properties_read(&p, r->job->arena, &r->m, &r->units, slot));
    out->entrance = ct_ifc__property_bool(&p, NULL, "EntranceLevel") == 1;
    return CT_OK;
}

// Height of the building's zero, from which elevations of storeys count.
static double zero_of(ct_ifc__reader *r, uint32_t building) {
    if (building == CT_STEP__NONE) return r->georef.height_m;
    const ct_affine at = ct_ifc__place_of(r->places, building);
    return ct_affine_multiply(&r->georef.to_twin, &at).m[11];
}

// The ground floor: the entrance level, else the highest one at or below the building's zero.
static size_t ground_of(ct_ifc__reader *r, const ct_ifc__storey *s, size_t n) {
    const double zero = zero_of(r, s->building);
    size_t ground = 0;
    for (size_t i = 0; i < n; i++)
        if (s[i].entrance) return i;
    for (size_t i = 0; i < n; i++)
        if (s[i].elevation_m <= zero + k_ground_m) ground = i;
    return ground;
}

static void order_storeys(ct_ifc__reader *r, ct_ifc__storey *s, size_t n) {
    const size_t ground = ground_of(r, s, n);
    for (size_t i = 0; i < n; i++) {
        s[i].level = (int)i - (int)ground;
        if (i + 1 == n) continue;
        s[i].above = s[i + 1].slot;
        s[i].height_m = s[i + 1].elevation_m - s[i].elevation_m;
    }
}

ct_err ct_ifc__read_storeys(ct_ifc__reader *r) {
    ct_ifc__slots slots;
    CT_TRY(ct_ifc__all_known(&slots, r->arena, &r->m, CT_IFC__STOREY));
    r->storeys = ct_arena_calloc(r->arena, slots.n + 1, sizeof *r->storeys);
    r->storey_at =
        ct_arena_calloc(r->arena, (size_t)ct_step__count(r->m.step) + 1, sizeof *r->storey_at);
    if (!r->storeys || !r->storey_at) return CT_NOMEM;
    for (size_t i = 0; i < slots.n; i++) {
        ct_arena_reset(r->job->arena);
        CT_TRY(read_storey(&r->storeys[i], r, slots.at[i]));
    }
    r->n_storeys = slots.n;
    qsort(r->storeys, slots.n, sizeof *r->storeys, by_building_and_height);
    for (size_t begin = 0, end; begin < slots.n; begin = end) {
        for (end = begin; end < slots.n && r->storeys[end].building == r->storeys[begin].building;)
            end++;
        order_storeys(r, r->storeys + begin, end - begin);
    }
    for (size_t i = 0; i < slots.n; i++) r->storey_at[r->storeys[i].slot] = (uint32_t)i + 1;
    return CT_OK;
}

const ct_ifc__storey *ct_ifc__storey_of(const ct_ifc__reader *r, uint32_t slot) {
    if (slot == CT_STEP__NONE || !r->storey_at[slot]) return NULL;
    return &r->storeys[r->storey_at[slot] - 1];
}
