// Rules about the spatial structure: who hangs under whom, and how often.
#include <string.h>

#include "ingest/ifc/rules/check.h"

static uint32_t whole_of(const ct_ifc__check *c, uint32_t slot) {
    return ct_ifc__first(&c->m->rel.whole, slot);
}

static bool is_contained(const ct_ifc__check *c, uint32_t slot) {
    return ct_ifc__linked(&c->m->rel.structure, slot).n > 0;
}

// A mark for each instance that a relation's list names.
static ct_err mark(uint8_t **out, ct_ifc__check *c, const char *relation, const char *attribute) {
    ct_ifc__slots all;
    uint8_t *marks = ct_arena_calloc(c->arena, (size_t)ct_step__count(c->m->step) + 1, 1);
    if (!marks) return CT_NOMEM;
    CT_TRY(ct_ifc__all(&all, c->arena, c->m, ct_ifc__entity_named(c->m->schema, relation)));
    for (size_t i = 0; i < all.n; i++) {
        ct_ifc__refs refs = ct_ifc__refs_of(c, all.at[i], attribute);
        for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);)
            if (marks[at] < UINT8_MAX) marks[at]++;
    }
    *out = marks;
    return CT_OK;
}

// ---- SPS001 -------------------------------------------------------------------------------------

static bool has_view(ct_ifc__check *c, const char *view) {
    ct_step__cursor cursor = ct_step__header(c->m->step, CT_STEP__DESCRIPTION);
    ct_step__value list, v;
    if (!ct_step__next(&list, &cursor)) return false;
    cursor = ct_step__list(&list);
    while (ct_step__next(&v, &cursor)) {
        const size_t n = strlen(view);
        for (const char *at = v.at; v.end - at >= (ptrdiff_t)n; at++)
            if (memcmp(at, view, n) == 0) return true;
    }
    return false;
}

static bool hangs_under(const ct_ifc__check *c, uint32_t slot, const char *entity) {
    for (int i = 0; i < 64 && slot != CT_STEP__NONE; i++) {
        slot = whole_of(c, slot);
        if (ct_ifc__isa(c, slot, entity)) return true;
    }
    return false;
}

static ct_err sps001(ct_ifc__check *c) {
    ct_ifc__slots sites, buildings;
    if (!has_view(c, "CoordinationView_V2.0")) return CT_OK;
    c->judged = true;
    CT_TRY(ct_ifc__all_known(&sites, c->arena, c->m, CT_IFC__SITE));
    CT_TRY(ct_ifc__all_known(&buildings, c->arena, c->m, CT_IFC__BUILDING));
    if (sites.n > 1) ct_ifc__fails(c, sites.at[1], "there are %zu sites", sites.n);
    if (!buildings.n) ct_ifc__fails(c, CT_STEP__NONE, "there is no building");
    for (size_t i = 0; i < buildings.n; i++) {
        const char *above = sites.n ? "IfcSite" : "IfcProject";
        if (whole_of(c, buildings.at[i]) == CT_STEP__NONE) continue;
        if (!hangs_under(c, buildings.at[i], above))
            ct_ifc__fails(c, buildings.at[i], "it does not hang under an %s", above);
    }
    return CT_OK;
}

// ---- SPS002 -------------------------------------------------------------------------------------

typedef struct place { // who may be the whole of a class
    const char *child, *parents[12];
} place;

static const place k_tree[] = {
    {"IfcSite", {"IfcProject", "IfcSite"}},
    {"IfcBuilding", {"IfcProject", "IfcSite", "IfcBuilding"}},
    {"IfcBridge", {"IfcProject", "IfcSite", "IfcBridge"}},
    {"IfcRoad", {"IfcProject", "IfcSite", "IfcRoad"}},
    {"IfcRailway", {"IfcProject", "IfcSite", "IfcRailway"}},
    {"IfcMarineFacility", {"IfcProject", "IfcSite", "IfcMarineFacility"}},
    {"IfcFacility", {"IfcProject", "IfcSite", "IfcFacility"}},
    {"IfcExternalSpatialElement", {"IfcProject", "IfcSite", "IfcExternalSpatialElement"}},
    {"IfcBuildingStorey", {"IfcBuilding", "IfcBuildingStorey"}},
    {"IfcBridgePart", {"IfcBridge", "IfcBridgePart"}},
    {"IfcRoadPart", {"IfcRoad", "IfcRoadPart"}},
    {"IfcRailwayPart", {"IfcRailway", "IfcRailwayPart"}},
    {"IfcMarinePart", {"IfcMarineFacility", "IfcMarinePart"}},
    {"IfcFacilityPartCommon", {"IfcFacility", "IfcFacilityPartCommon"}},
    {"IfcSpace",
     {"IfcProject", "IfcSite", "IfcBuilding", "IfcBuildingStorey", "IfcSpace", "IfcFacility",
      "IfcFacilityPart"}},
};

static ct_err hangs_right(ct_ifc__check *c, uint32_t slot) {
    const uint32_t above = whole_of(c, slot);
    bool known = false;
    for (size_t i = 0; i < sizeof k_tree / sizeof *k_tree; i++) {
        if (!ct_ifc__isa(c, slot, k_tree[i].child)) continue;
        known = true;
        if (ct_ifc__is_any(c, above, k_tree[i].parents)) {
            c->judged = true;
            return CT_OK;
        }
    }
    if (!known) return CT_OK; // free classes
    if (above == CT_STEP__NONE)
        ct_ifc__fails(c, slot, "it hangs under nothing");
    else
        ct_ifc__fails(c, slot, "it hangs under an %s", ct_ifc__class(c->m, above));
    return CT_OK;
}

// An alignment that is aggregated at all, is so under the project or another alignment.
static ct_err alignment_right(ct_ifc__check *c, uint32_t slot) {
    static const char *const allowed[] = {"IfcProject", "IfcAlignment", NULL};
    const uint32_t above = whole_of(c, slot);
    if (above == CT_STEP__NONE) return CT_OK;
    c->judged = true;
    if (!ct_ifc__is_any(c, above, allowed))
        ct_ifc__fails(c, slot, "it hangs under an %s", ct_ifc__class(c->m, above));
    return CT_OK;
}

static ct_err sps002(ct_ifc__check *c) {
    CT_TRY(ct_ifc__each(c, "IfcAlignment", alignment_right));
    return ct_ifc__each(c, "IfcSpatialElement", hangs_right);
}

// ---- SPS003, SPS005 -----------------------------------------------------------------------------

static ct_err part_not_contained(ct_ifc__check *c, uint32_t slot) {
    if (whole_of(c, slot) == CT_STEP__NONE) return CT_OK;
    c->judged = true;
    if (is_contained(c, slot))
        ct_ifc__fails(c, slot, "a part of a whole is contained in the spatial structure too");
    return CT_OK;
}

static ct_err sps003(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcElement", part_not_contained);
}

static ct_err sps005(ct_ifc__check *c) {
    ct_ifc__slots all;
    uint8_t *adheres;
    CT_TRY(mark(&adheres, c, "IfcRelAdheresToElement", "RelatedSurfaceFeatures"));
    CT_TRY(ct_ifc__all_known(&all, c->arena, c->m, CT_IFC__ELEMENT));
    for (size_t i = 0; i < all.n; i++) {
        const uint32_t slot = all.at[i];
        const ct_ifc__relations *rel = &c->m->rel;
        const int ways = (ct_ifc__linked(&rel->whole, slot).n > 0) +
                         (ct_ifc__linked(&rel->nest, slot).n > 0) +
                         (ct_ifc__linked(&rel->structure, slot).n > 0) +
                         (ct_ifc__linked(&rel->host, slot).n > 0) + (adheres[slot] > 0);
        c->judged = true;
        if (ways != 1) ct_ifc__fails(c, slot, "it belongs somewhere in %d ways, not in one", ways);
    }
    return CT_OK;
}

// ---- SPS004, SPS006: things along an axis -------------------------------------------------------

static ct_err sps004(ct_ifc__check *c) {
    ct_ifc__slots all;
    uint8_t *positioned;
    CT_TRY(mark(&positioned, c, "IfcRelPositions", "RelatedProducts"));
    CT_TRY(ct_ifc__all_known(&all, c->arena, c->m, CT_IFC__PRODUCT));
    for (size_t i = 0; i < all.n; i++) {
        const bool contained = is_contained(c, all.at[i]);
        if (!contained && !positioned[all.at[i]]) continue;
        c->judged = true;
        if (contained && positioned[all.at[i]])
            ct_ifc__fails(c, all.at[i], "it is contained and positioned along an axis");
    }
    return CT_OK;
}

static ct_err sps006(ct_ifc__check *c) {
    ct_ifc__slots all;
    uint8_t *positioned, *referenced;
    CT_TRY(mark(&positioned, c, "IfcRelPositions", "RelatedProducts"));
    CT_TRY(mark(&referenced, c, "IfcRelReferencedInSpatialStructure", "RelatedElements"));
    CT_TRY(ct_ifc__all_known(&all, c->arena, c->m, CT_IFC__ELEMENT));
    for (size_t i = 0; i < all.n; i++) {
        if (!positioned[all.at[i]]) continue;
        c->judged = true;
        if (!referenced[all.at[i]])
            ct_ifc__fails(c, all.at[i], "it is positioned along an axis and in no structure");
    }
    return CT_OK;
}

// ---- SPS007 -------------------------------------------------------------------------------------

// Whether it must be contained: 1, must not: 0, is free or not judged: -1.
static int contained_by_rule(const ct_ifc__check *c, uint32_t slot) {
    const uint32_t whole = whole_of(c, slot), nest = ct_ifc__first(&c->m->rel.nest, slot);
    if (ct_ifc__isa(c, slot, "IfcGrid")) return 1;
    if (ct_ifc__isa(c, slot, "IfcAnnotation"))
        return ct_ifc__isa(c, nest, "IfcAnnotation") ? -1 : 1;
    if (ct_ifc__isa(c, slot, "IfcElement")) {
        if (ct_ifc__isa(c, whole, "IfcElement")) return 0;
        if (ct_ifc__isa(c, slot, "IfcFeatureElement")) return -1;
        return whole == CT_STEP__NONE && nest == CT_STEP__NONE ? 1 : -1;
    }
    return ct_ifc__isa(c, slot, "IfcPositioningElement") ? 0 : -1;
}

static ct_err contained_right(ct_ifc__check *c, uint32_t slot) {
    const int expected = contained_by_rule(c, slot);
    if (expected < 0) return CT_OK;
    c->judged = true;
    if (is_contained(c, slot) != (expected == 1))
        ct_ifc__fails(c, slot,
                      expected ? "it is not contained in the spatial structure"
                               : "it must not be contained in the spatial structure");
    return CT_OK;
}

static ct_err sps007(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProduct", contained_right);
}

// ---- SPS008 -------------------------------------------------------------------------------------

static ct_err without_shape(ct_ifc__check *c, uint32_t slot) {
    c->judged = true;
    if (ct_ifc__filled(c, slot, "Representation"))
        ct_ifc__fails(c, slot, "it has a representation of its own");
    return CT_OK;
}

static ct_err sps008(ct_ifc__check *c) {
    static const char *const more[] = {"IfcBridge", "IfcMarineFacility", "IfcRailway", "IfcRoad",
                                       NULL};
    CT_TRY(ct_ifc__each(c, "IfcBuildingStorey", without_shape));
    if (c->m->version != CT_IFC__2X3) CT_TRY(ct_ifc__each(c, "IfcSite", without_shape));
    for (const char *const *entity = more; *entity; entity++)
        CT_TRY(ct_ifc__each(c, *entity, without_shape));
    return CT_OK;
}

const ct_ifc__rule ct_ifc__rules_spatial[] = {
    {"SPS001", false, CT_IFC__IN_2X3, sps001},
    {"SPS002", false, CT_IFC__IN_4_ON, sps002},
    {"SPS003", false, CT_IFC__IN_ALL, sps003},
    {"SPS004", false, CT_IFC__IN_4X3, sps004},
    {"SPS005", false, CT_IFC__IN_ALL, sps005},
    {"SPS006", false, CT_IFC__IN_4X3, sps006},
    {"SPS007", false, CT_IFC__IN_ALL, sps007},
    {"SPS008", true, CT_IFC__IN_ALL, sps008},
    {NULL, false, 0, NULL},
};
