// Rules about representations: their names, kinds and mapped items. What they hold is the matter
// of loops.c and shells.c.
#include <string.h>

#include "ingest/ifc/rules/check.h"

enum { MAX_REPRESENTATIONS = 256 }; // of one product that are compared with each other

static const char k_identifier[] = "RepresentationIdentifier", k_type[] = "RepresentationType";

// ---- BBX001, GEM004 -----------------------------------------------------------------------------

static ct_err box_if_box(ct_ifc__check *c, uint32_t product) {
    ct_ifc__refs refs = ct_ifc__representations(c, product);
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) {
        const bool name = ct_ifc__text_is(c, at, k_identifier, "Box");
        const bool type = ct_ifc__text_is(c, at, k_type, "BoundingBox");
        c->judged |= name || type;
        if (name != type)
            ct_ifc__fails(c, at, "of the identifier Box and the type BoundingBox one stands alone");
    }
    return CT_OK;
}

static ct_err bbx001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProduct", box_if_box);
}

static bool is_shape_type(ct_ifc__check *c, uint32_t slot) {
    static const char *const all[] = {"Curve2D",
                                      "GeometricSet",
                                      "GeometricCurveSet",
                                      "Annotation2D",
                                      "SurfaceModel",
                                      "SolidModel",
                                      "SweptSolid",
                                      "AdvancedSweptSolid",
                                      "Brep",
                                      "CSG",
                                      "Clipping",
                                      "BoundingBox",
                                      "SectionedSpine",
                                      "MappedRepresentation",
                                      NULL};
    static const char *const from_4[] = {
        "Point",        "PointCloud",   "Curve",       "Curve3D", "Surface",
        "Surface2D",    "Surface3D",    "FillArea",    "Text",    "AdvancedSurface",
        "Tessellation", "AdvancedBrep", "LightSource", NULL};
    static const char *const from_4x3[] = {"SectionedSurface", "Segment", NULL};
    return ct_ifc__text_in(c, slot, k_type, all) ||
           (c->m->version != CT_IFC__2X3 && ct_ifc__text_in(c, slot, k_type, from_4)) ||
           (c->m->version == CT_IFC__4X3 && ct_ifc__text_in(c, slot, k_type, from_4x3));
}

static ct_err names_and_types(ct_ifc__check *c, uint32_t product) {
    static const char *const topology[] = {"Vertex", "Edge",      "Path", "Face",
                                           "Shell",  "Undefined", NULL};
    const ct_ifc__version version = c->m->version;
    ct_ifc__refs refs = ct_ifc__representations(c, product);
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) {
        c->judged = true;
        if (version != CT_IFC__2X3 &&
            !ct_ifc__text_in(c, at, k_identifier,
                             version == CT_IFC__4X3 ? ct_ifc__identifiers_4x3
                                                    : ct_ifc__identifiers_4))
            ct_ifc__fails(c, at, "RepresentationIdentifier is no name of the standard");
        if (ct_ifc__isa(c, at, "IfcShapeRepresentation") && !is_shape_type(c, at))
            ct_ifc__fails(c, at, "RepresentationType is none of the standard");
        if (ct_ifc__isa(c, at, "IfcTopologyRepresentation") &&
            !ct_ifc__text_in(c, at, k_type, topology))
            ct_ifc__fails(c, at, "RepresentationType is none of a topology");
    }
    return CT_OK;
}

static ct_err gem004(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProduct", names_and_types);
}

// ---- GEM002, GEM003, GEM005 ---------------------------------------------------------------------

static uint32_t representation_named(ct_ifc__check *c, uint32_t product, const char *name) {
    ct_ifc__refs refs = ct_ifc__representations(c, product);
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);)
        if (ct_ifc__text_is(c, at, k_identifier, name)) return at;
    return CT_STEP__NONE;
}

static ct_err judge_space(ct_ifc__check *c, uint32_t slot) {
    static const char *const types[] = {"SweptSolid", "Clipping", "Brep", "Tessellation", NULL};
    const uint32_t body = representation_named(c, slot, "Body");
    c->judged = true;
    if (body == CT_STEP__NONE)
        ct_ifc__fails(c, slot, "the space has no body");
    else if (!ct_ifc__text_in(c, body, k_type, types))
        ct_ifc__fails(c, body,
                      "the body of a space is none of SweptSolid, Clipping, Brep, "
                      "Tessellation");
    else if (ct_ifc__text_is(c, body, k_type, "Brep") &&
             representation_named(c, slot, "FootPrint") == CT_STEP__NONE)
        ct_ifc__fails(c, slot, "the body is a Brep, and there is no FootPrint");
    return CT_OK;
}

static ct_err gem002(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcSpace", judge_space);
}

static bool same_text(const ct_step__value *a, const ct_step__value *b) {
    return a->kind == CT_STEP__STRING && b->kind == CT_STEP__STRING &&
           a->end - a->at == b->end - b->at && memcmp(a->at, b->at, (size_t)(a->end - a->at)) == 0;
}

static ct_err names_once(ct_ifc__check *c, uint32_t product) {
    ct_step__value names[MAX_REPRESENTATIONS];
    ct_ifc__refs refs = ct_ifc__representations(c, product);
    size_t n = 0;
    for (uint32_t at; n < MAX_REPRESENTATIONS && ct_ifc__next_ref(&at, &refs, c); n++) {
        c->judged = true;
        names[n] = ct_ifc__get(c->m, at, k_identifier);
        for (size_t i = 0; i < n; i++) {
            if (!same_text(&names[i], &names[n])) continue;
            ct_ifc__fails(c, at, "the product has a representation of this identifier already");
            break;
        }
    }
    return CT_OK;
}

static ct_err gem003(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProduct", names_once);
}

static ct_err judge_building(ct_ifc__check *c, uint32_t slot) {
    if (ct_ifc__linked(&c->m->rel.parts, slot).n || ct_ifc__linked(&c->m->rel.contents, slot).n)
        return CT_OK;
    ct_ifc__refs refs = ct_ifc__representations(c, slot);
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) {
        c->judged = true;
        if (!ct_ifc__text_is(c, at, k_identifier, "Body"))
            ct_ifc__fails(c, at, "an empty building's representation is no body");
    }
    return CT_OK;
}

static ct_err gem005(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcBuilding", judge_building);
}

// ---- GEM011, MPD001 -----------------------------------------------------------------------------

static ct_err one_kind_of_segments(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, "Segments");
    const bool along = ct_ifc__isa(c, slot, "IfcGradientCurve") ||
                       ct_ifc__isa(c, slot, "IfcSegmentedReferenceCurve");
    ct_ifc__entity first = CT_IFC__NO_ENTITY;
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) {
        c->judged = true;
        if (first == CT_IFC__NO_ENTITY) first = ct_ifc__of(c->m, at);
        if (ct_ifc__of(c->m, at) != first || (along && !ct_ifc__isa(c, at, "IfcCurveSegment"))) {
            ct_ifc__fails(c, slot, "its segments are not all of the kind that they must be");
            return CT_OK;
        }
    }
    return CT_OK;
}

static ct_err gem011(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcCompositeCurve", one_kind_of_segments);
}

static ct_err judge_mapped(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, "Items");
    const ct_step__value own = ct_ifc__get(c->m, slot, k_identifier);
    ct_step__value type = {.kind = CT_STEP__END};
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) {
        if (!ct_ifc__isa(c, at, "IfcMappedItem")) continue;
        const uint32_t map = ct_ifc__ref(c->m, at, "MappingSource");
        const uint32_t mapped = ct_ifc__ref(c->m, map, "MappedRepresentation");
        const ct_step__value name = ct_ifc__get(c->m, mapped, k_identifier);
        const ct_step__value its_type = ct_ifc__get(c->m, mapped, k_type);
        c->judged = true;
        if (!same_text(&own, &name)) ct_ifc__fails(c, slot, "what it maps has another identifier");
        if (type.kind != CT_STEP__END && !same_text(&type, &its_type))
            ct_ifc__fails(c, slot, "what it maps is of several types");
        type = its_type;
    }
    return CT_OK;
}

static ct_err mpd001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcShapeRepresentation", judge_mapped);
}

const ct_ifc__rule ct_ifc__rules_shapes[] = {
    {"BBX001", false, CT_IFC__IN_ALL, bbx001}, {"GEM002", false, CT_IFC__IN_ALL, gem002},
    {"GEM003", false, CT_IFC__IN_ALL, gem003}, {"GEM004", false, CT_IFC__IN_ALL, gem004},
    {"GEM005", false, CT_IFC__IN_ALL, gem005}, {"GEM011", false, CT_IFC__IN_4X3, gem011},
    {"MPD001", false, CT_IFC__IN_ALL, mpd001}, {NULL, false, 0, NULL},
};
