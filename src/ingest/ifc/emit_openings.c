// Doors, windows and the openings that neither fills: their sizes, sides and what Pset_DoorCommon
// and its kin say of fire and smoke.
#include <math.h>
#include <string.h>

#include "ingest/ifc/reader.h"

// A negative size is no size; nothing of the opening can then be trusted.
static void take_size(ct_ifc__reader *r, ct_ifc__item *i, const char *attr, const char *attribute) {
    double value;
    if (!ct_ifc__number(&value, &r->m, i->slot, attribute)) return;
    if (value < 0) {
        ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_ERROR, "attribute", i->where,
                           "%s is negative", attribute);
        return;
    }
    ct_ifc__set_number(r, i, attr, value * r->units.length_m);
}

// What the file does not tell of an opening comes from its shape.
static void take_shape(ct_ifc__reader *r, ct_ifc__item *i) {
    ct_ifc__measures shape;
    ct_ifc__measures_of(&shape, r, i->slot);
    const int width = ct_class_attr(i->f.cls, "width_m"),
              height = ct_class_attr(i->f.cls, "height_m");
    if (width >= 0 && i->f.values[width].kind == CT_VALUE_NULL)
        ct_ifc__set_number(r, i, "width_m", shape.width_m);
    if (height >= 0 && i->f.values[height].kind == CT_VALUE_NULL)
        ct_ifc__set_number(r, i, "height_m", shape.height_m);
}

// The first two spaces that have a boundary at the element or at the opening that it fills.
static void find_spaces(uint32_t out[2], const ct_ifc__model *m, uint32_t slot, uint32_t opening) {
    const uint32_t where[] = {slot, opening};
    size_t n = 0;
    out[0] = out[1] = CT_STEP__NONE;
    for (size_t w = 0; w < 2; w++) {
        const ct_ifc__slots rels = ct_ifc__linked(&m->rel.boundaries, where[w]);
        for (size_t i = 0; i < rels.n && n < 2; i++) {
            const uint32_t space = ct_ifc__ref(m, rels.at[i], "RelatingSpace");
            if (ct_ifc__is(m, space, CT_IFC__SPACE) && space != out[0]) out[n++] = space;
        }
    }
}

static ct_err take_sides(ct_ifc__reader *r, ct_ifc__item *i, uint32_t opening) {
    uint32_t spaces[2];
    find_spaces(spaces, &r->m, i->slot, opening);
    CT_TRY(ct_ifc__set_ref(r, i, "space_a", spaces[0]));
    CT_TRY(ct_ifc__set_ref(r, i, "space_b", spaces[1]));
    return ct_ifc__set_ref(r, i, "host", ct_ifc__first(&r->m.rel.host, opening));
}

static void take_sill(ct_ifc__reader *r, ct_ifc__item *i) {
    const ct_ifc__storey *storey = ct_ifc__storey_of(r, i->home.storey);
    if (!storey || i->f.geom.type == CT_GEOM_NONE) return;
    ct_ifc__set_number(r, i, "sill_m", i->f.geom.xyz[2] - storey->elevation_m);
}

// How a door opens: its own word, its type's, or its style's (IFC2x3).
static ct_err take_operation(ct_ifc__reader *r, ct_ifc__item *i) {
    static const char *const attributes[] = {"OperationType", "PartitioningType"};
    const uint32_t where[] = {i->slot, ct_ifc__first(&r->m.rel.type, i->slot)};
    for (size_t n = 0; n < 4; n++) {
        const char *word;
        CT_TRY(ct_ifc__word(&word, r->job->arena, &r->m, where[n / 2], attributes[n % 2]));
        if (word && strcmp(word, "NOTDEFINED") != 0)
            return ct_ifc__set_text(r, i, "operation", word);
    }
    return CT_OK;
}

static ct_err emit_opening(ct_ifc__reader *r, uint32_t slot, const char *kind, uint32_t opening) {
    ct_ifc__item i;
    bool wanted;
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, "opening"));
    if (!wanted) return CT_OK;
    CT_TRY(ct_ifc__set_text(r, &i, "kind", kind));
    CT_TRY(ct_ifc__set_ref(r, &i, "building", i.home.building));
    CT_TRY(ct_ifc__set_ref(r, &i, "storey", i.home.storey));
    CT_TRY(ct_ifc__set_point(r, &i));
    CT_TRY(ct_ifc__set_body(r, &i));
    take_sill(r, &i);
    take_size(r, &i, "width_m", "OverallWidth");
    take_size(r, &i, "height_m", "OverallHeight");
    take_shape(r, &i);
    CT_TRY(take_sides(r, &i, opening));
    CT_TRY(take_operation(r, &i));
    CT_TRY(ct_ifc__set_fire_rating(r, &i));
    ct_ifc__set_bool(&i, "is_external", ct_ifc__property_bool(&i.p, NULL, "IsExternal"));
    ct_ifc__set_bool(&i, "is_exit", ct_ifc__property_bool(&i.p, NULL, "FireExit"));
    ct_ifc__set_bool(&i, "self_closing", ct_ifc__property_bool(&i.p, NULL, "SelfClosing"));
    ct_ifc__set_bool(&i, "smoke_stop", ct_ifc__property_bool(&i.p, NULL, "SmokeStop"));
    ct_ifc__set_bool(&i, "accessible", ct_ifc__property_bool(&i.p, NULL, "HandicapAccessible"));
    return ct_ifc__deliver(r, &i);
}

static ct_err emit_free_opening(ct_ifc__reader *r, uint32_t slot) {
    const ct_step__value kind = ct_ifc__get(&r->m, slot, "PredefinedType");
    if (ct_ifc__linked(&r->m.rel.fillings, slot).n || ct_step__is(&kind, "RECESS")) return CT_OK;
    return emit_opening(r, slot, "opening", slot);
}

ct_err ct_ifc__emit_openings(ct_ifc__reader *r) {
    static const struct {
        ct_ifc__known entity;
        const char *kind;
    } kinds[] = {{CT_IFC__DOOR, "door"}, {CT_IFC__WINDOW, "window"}};
    ct_ifc__slots all;
    for (size_t k = 0; k < 2; k++) {
        CT_TRY(ct_ifc__all_known(&all, r->arena, &r->m, kinds[k].entity));
        for (size_t i = 0; i < all.n; i++)
            CT_TRY(emit_opening(r, all.at[i], kinds[k].kind,
                                ct_ifc__first(&r->m.rel.filled, all.at[i])));
    }
    CT_TRY(ct_ifc__all_known(&all, r->arena, &r->m, CT_IFC__OPENING));
    for (size_t i = 0; i < all.n; i++) CT_TRY(emit_free_opening(r, all.at[i]));
    return CT_OK;
}
