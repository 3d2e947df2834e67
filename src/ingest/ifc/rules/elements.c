// Rules about doors, windows, stairs and the placement of parts.
#include "ingest/ifc/rules/check.h"

// A door or window: its own word on how it opens, and that of people, beside its type.
static void judge_opening(ct_ifc__check *c, uint32_t slot, const char *type_name, const char *kind,
                          const char *user_kind) {
    if (ct_ifc__isa(c, ct_ifc__first(&c->m->rel.type, slot), type_name)) {
        c->judged = true;
        if (ct_ifc__filled(c, slot, kind))
            ct_ifc__fails(c, slot, "it has a type and an own %s too", kind);
        return;
    }
    if (!ct_ifc__filled(c, slot, user_kind)) return;
    c->judged = true;
    if (!ct_ifc__text_is(c, slot, kind, "USERDEFINED"))
        ct_ifc__fails(c, slot, "%s is filled, but %s is not USERDEFINED", user_kind, kind);
}

static ct_err judge_door(ct_ifc__check *c, uint32_t slot) {
    judge_opening(c, slot, "IfcDoorType", "OperationType", "UserDefinedOperationType");
    return CT_OK;
}

static ct_err judge_window(ct_ifc__check *c, uint32_t slot) {
    judge_opening(c, slot, "IfcWindowType", "PartitioningType", "UserDefinedPartitioningType");
    return CT_OK;
}

static ct_err blt001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcDoor", judge_door);
}

static ct_err blt002(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcWindow", judge_window);
}

static ct_err judge_stair(ct_ifc__check *c, uint32_t slot) {
    static const char *const allowed[] = {"IfcStairFlight", "IfcSlab", "IfcRailing", NULL};
    const ct_ifc__slots parts = ct_ifc__linked(&c->m->rel.parts, slot);
    c->judged = true;
    for (size_t i = 0; i < parts.n; i++)
        if (!ct_ifc__is_any(c, parts.at[i], allowed))
            ct_ifc__fails(c, slot, "an %s is a part of the stair",
                          ct_ifc__class(c->m, parts.at[i]));
    return CT_OK;
}

static ct_err blt003(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcStair", judge_stair);
}

static ct_err judge_part(ct_ifc__check *c, uint32_t slot) {
    const uint32_t whole = ct_ifc__first(&c->m->rel.whole, slot);
    if (!ct_ifc__isa(c, whole, "IfcElement")) return CT_OK;
    const uint32_t own = ct_ifc__ref(c->m, slot, "ObjectPlacement");
    c->judged = true;
    if (!ct_ifc__isa(c, own, "IfcLocalPlacement"))
        ct_ifc__fails(c, slot, "the part of a whole has no local placement");
    else if (ct_ifc__ref(c->m, own, "PlacementRelTo") !=
             ct_ifc__ref(c->m, whole, "ObjectPlacement"))
        ct_ifc__fails(c, slot, "the part is not placed relative to its whole");
    return CT_OK;
}

static ct_err ojp001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcElement", judge_part);
}

const ct_ifc__rule ct_ifc__rules_elements[] = {
    {"BLT001", false, CT_IFC__IN_ALL, blt001},
    {"BLT002", false, CT_IFC__IN_ALL, blt002},
    {"BLT003", true, CT_IFC__IN_ALL, blt003},
    {"OJP001", false, CT_IFC__IN_2X3 | CT_IFC__IN_4, ojp001},
    {NULL, false, 0, NULL},
};
