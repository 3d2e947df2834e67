// Rules that pass where a thing occurs and never fail.
#include "ingest/ifc/rules/check.h"

static ct_err seen(ct_ifc__check *c, uint32_t slot) {
    (void)slot;
    c->judged = true;
    return CT_OK;
}

static ct_err assembly(ct_ifc__check *c, uint32_t slot) {
    if (ct_ifc__isa(c, ct_ifc__first(&c->m->rel.whole, slot), "IfcElement")) c->judged = true;
    return CT_OK;
}

static ct_err asm000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcElement", assembly);
}

static ct_err has_axis(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__refs refs = ct_ifc__representations(c, slot);
    for (uint32_t r; ct_ifc__next_ref(&r, &refs, c);)
        c->judged |= ct_ifc__text_is(c, r, "RepresentationIdentifier", "Axis");
    return CT_OK;
}

static ct_err axg000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProduct", has_axis);
}

static ct_err has_box(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__refs refs = ct_ifc__representations(c, slot);
    for (uint32_t r; ct_ifc__next_ref(&r, &refs, c);)
        c->judged |= ct_ifc__text_is(c, r, "RepresentationType", "BoundingBox");
    return CT_OK;
}

static ct_err bbx000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProduct", has_box);
}

static ct_err blt000(ct_ifc__check *c) {
    return ct_ifc__each(c, c->m->version == CT_IFC__4X3 ? "IfcBuiltElement" : "IfcBuildingElement",
                        seen);
}

static ct_err on_grid(ct_ifc__check *c, uint32_t slot) {
    c->judged |= ct_ifc__isa(c, ct_ifc__ref(c->m, slot, "ObjectPlacement"), "IfcGridPlacement");
    return CT_OK;
}

static ct_err gdp000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProduct", on_grid);
}

static ct_err grf000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcCoordinateReferenceSystem", seen);
}

static ct_err locally(ct_ifc__check *c, uint32_t slot) {
    c->judged |= ct_ifc__isa(c, ct_ifc__ref(c->m, slot, "ObjectPlacement"), "IfcLocalPlacement");
    return CT_OK;
}

static ct_err lop000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcObject", locally);
}

static ct_err placed(ct_ifc__check *c, uint32_t slot) {
    c->judged |= ct_ifc__filled(c, slot, "ObjectPlacement");
    return CT_OK;
}

static ct_err ojp000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcObject", placed);
}

static ct_err pjs000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProject", seen);
}

static ct_err spa000(ct_ifc__check *c) {
    CT_TRY(ct_ifc__each(c, "IfcSpace", seen));
    return ct_ifc__each(c, "IfcSpatialZone", seen);
}

static ct_err vrt000(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcVirtualElement", seen);
}

const ct_ifc__rule ct_ifc__rules_presence[] = {
    {"ASM000", true, CT_IFC__IN_ALL, asm000}, {"AXG000", true, CT_IFC__IN_ALL, axg000},
    {"BBX000", true, CT_IFC__IN_ALL, bbx000}, {"BLT000", true, CT_IFC__IN_ALL, blt000},
    {"GDP000", true, CT_IFC__IN_ALL, gdp000}, {"GRF000", true, CT_IFC__IN_4_ON, grf000},
    {"LOP000", true, CT_IFC__IN_ALL, lop000}, {"OJP000", true, CT_IFC__IN_ALL, ojp000},
    {"PJS000", true, CT_IFC__IN_ALL, pjs000}, {"SPA000", true, CT_IFC__IN_ALL, spa000},
    {"VRT000", true, CT_IFC__IN_ALL, vrt000}, {NULL, false, 0, NULL},
};
