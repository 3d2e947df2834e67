// Rules about the header, the project, its units and contexts, and GlobalIds.
#include <math.h>
#include <string.h>
#include <strings.h>

#include "ingest/ifc/reader.h"
#include "ingest/ifc/rules/check.h"

// ---- IFC101, PJS003, PJS101, PJS002 -------------------------------------------------------------

static ct_err ifc101(ct_ifc__check *c) {
    c->judged = true;
    if (!c->m->exact)
        ct_ifc__fails(c, CT_STEP__NONE, "FILE_SCHEMA is none of IFC2X3, IFC4, IFC4X3_ADD2");
    return CT_OK;
}

static ct_err has_global_id(ct_ifc__check *c, uint32_t slot) {
    const char *id;
    c->judged = true;
    CT_TRY(ct_ifc__text(&id, c->arena, c->m, slot, "GlobalId"));
    if (!id || !ct_ifc__is_global_id(id))
        ct_ifc__fails(c, slot,
                      "the GlobalId is not 22 characters of 0-9 A-Z a-z _ $, the first 0 "
                      "to 3");
    return CT_OK;
}

static ct_err pjs003(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcRoot", has_global_id);
}

static ct_err pjs101(ct_ifc__check *c) {
    ct_ifc__slots all;
    c->judged = true;
    CT_TRY(ct_ifc__all_known(&all, c->arena, c->m, CT_IFC__PROJECT));
    if (all.n != 1)
        ct_ifc__fails(c, CT_STEP__NONE, "there are %zu projects; one is expected", all.n);
    return CT_OK;
}

static ct_err declares(ct_ifc__check *c, uint32_t slot) {
    static const char *const allowed[] = {
        "IfcActor",    "IfcControl",        "IfcGroup",
        "IfcProcess",  "IfcProjectLibrary", "IfcPropertySetTemplate",
        "IfcResource", "IfcTypeObject",     NULL};
    if (!ct_ifc__isa(c, ct_ifc__ref(c->m, slot, "RelatingContext"), "IfcProject")) return CT_OK;
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, "RelatedDefinitions");
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) {
        c->judged = true;
        if (!ct_ifc__is_any(c, at, allowed))
            ct_ifc__fails(c, slot, "the project declares an %s", ct_ifc__class(c->m, at));
    }
    return CT_OK;
}

static ct_err pjs002(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcRelDeclares", declares);
}

// ---- PJS001: conversion-based units -------------------------------------------------------------

typedef struct unit_fact {
    const char *name;
    double factor;
} unit_fact;

static const unit_fact k_units[] = {
    {"inch", 0.0254},
    {"foot", 0.3048},
    {"US survey foot", 0.30480060960122},
    {"yard", 0.9144},
    {"mile", 1609.344},
    {"square inch", 0.00064516},
    {"square foot", 0.09290304},
    {"square yard", 0.83612736},
    {"acre", 4046.873},
    {"square mile", 2589988},
    {"cubic inch", 1.638706e-5},
    {"cubic foot", 0.028316846592},
    {"cubic yard", 0.7645549},
    {"litre", 0.001},
    {"fluid ounce UK", 2.84130625e-5},
    {"fluid ounce US", 2.957353e-5},
    {"pint UK", 5.68e-4},
    {"pint US", 4.731765e-4},
    {"gallon UK", 4.546e-3},
    {"gallon US", 3.785412e-3},
    {"degree", 0.017453292519943295},
    {"ounce", 0.02834952},
    {"pound", 0.45359237},
    {"ton UK", 1016.0469088},
    {"ton US", 907.18474},
    {"lbf", 4.4482216153},
    {"kip", 4448.2216153},
    {"psi", 6894.7572932},
    {"ksi", 6894757.2932},
    {"minute", 60},
    {"hour", 3600},
    {"day", 86400},
    {"btu", 1055.056},
};

static const struct {
    const char *kind, *base;
} k_four[] = {{"LENGTHUNIT", "METRE"},
              {"AREAUNIT", "SQUARE_METRE"},
              {"VOLUMEUNIT", "CUBIC_METRE"},
              {"PLANEANGLEUNIT", "RADIAN"}};

static const unit_fact *fact_of(const char *name) {
    for (size_t i = 0; i < sizeof k_units / sizeof *k_units; i++)
        if (strcasecmp(k_units[i].name, name) == 0) return &k_units[i];
    return NULL;
}

// Which of the four kinds whose names are all in the table; -1 for others.
static int four_of(ct_ifc__check *c, uint32_t slot) {
    for (int i = 0; i < 4; i++)
        if (ct_ifc__text_is(c, slot, "UnitType", k_four[i].kind)) return i;
    return -1;
}

static ct_err judge_unit(ct_ifc__check *c, uint32_t slot) {
    static const double tolerance = 1e-6;
    const char *name;
    const uint32_t measure = ct_ifc__ref(c->m, slot, "ConversionFactor");
    const uint32_t base = ct_ifc__ref(c->m, measure, "UnitComponent");
    const int four = four_of(c, slot);
    const ct_ifc__unit unit = ct_ifc__unit_of(c->m, slot);
    CT_TRY(ct_ifc__text(&name, c->arena, c->m, slot, "Name"));
    const unit_fact *fact = name ? fact_of(name) : NULL;
    c->judged = true;
    if (four >= 0 && !fact)
        ct_ifc__fails(c, slot, "\"%s\" is no name of a unit of the standard", name ? name : "");
    if (!ct_ifc__isa(c, base, "IfcSIUnit")) {
        ct_ifc__fails(c, slot, "the conversion factor is not in an SI unit");
        return CT_OK;
    }
    if (four >= 0 && !ct_ifc__text_is(c, base, "Name", k_four[four].base))
        ct_ifc__fails(c, slot, "the conversion factor is not in %s", k_four[four].base);
    if (fact && fabs(unit.factor / fact->factor - 1) > tolerance)
        ct_ifc__fails(c, slot, "a %s is %.10g in SI, not %.10g", fact->name, fact->factor,
                      unit.factor);
    return CT_OK;
}

static ct_err units_of(ct_ifc__check *c, uint32_t project) {
    ct_ifc__refs refs = ct_ifc__refs_of(c, ct_ifc__ref(c->m, project, "UnitsInContext"), "Units");
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);)
        if (ct_ifc__isa(c, at, "IfcConversionBasedUnit")) CT_TRY(judge_unit(c, at));
    return CT_OK;
}

static ct_err pjs001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProject", units_of);
}

// ---- GEM051, GEM052: contexts -------------------------------------------------------------------

static ct_err contexts_of(ct_ifc__check *c, uint32_t project) {
    static const char *const types[] = {"Model", "Plan", "NotDefined", NULL};
    ct_ifc__refs refs = ct_ifc__refs_of(c, project, "RepresentationContexts");
    size_t n = 0;
    c->judged = true;
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c); n++) {
        if (!ct_ifc__isa(c, at, "IfcGeometricRepresentationContext"))
            ct_ifc__fails(c, at, "a context of the project is no geometric one");
        else if (!ct_ifc__text_in(c, at, "ContextType", types))
            ct_ifc__fails(c, at, "ContextType is none of Model, Plan, NotDefined");
    }
    if (!n) ct_ifc__fails(c, project, "there is no representation context");
    return CT_OK;
}

static ct_err gem051(ct_ifc__check *c) {
    return ct_ifc__each(c, c->m->version == CT_IFC__2X3 ? "IfcProject" : "IfcContext", contexts_of);
}

static ct_err gem052(ct_ifc__check *c) {
    ct_ifc__slots all;
    const char *const *names =
        c->m->version == CT_IFC__4X3 ? ct_ifc__identifiers_4x3 : ct_ifc__identifiers_4;
    CT_TRY(ct_ifc__all_known(&all, c->arena, c->m, CT_IFC__GEOMETRIC_CONTEXT));
    uint8_t *parent = ct_arena_calloc(c->arena, (size_t)ct_step__count(c->m->step) + 1, 1);
    if (!parent) return CT_NOMEM;
    for (size_t i = 0; i < all.n; i++) {
        if (!ct_ifc__is(c->m, all.at[i], CT_IFC__GEOMETRIC_SUBCONTEXT)) continue;
        const uint32_t up = ct_ifc__ref(c->m, all.at[i], "ParentContext");
        if (up != CT_STEP__NONE) parent[up] = 1;
        c->judged = true;
        if (!ct_ifc__text_in(c, all.at[i], "ContextIdentifier", names))
            ct_ifc__fails(c, all.at[i], "ContextIdentifier is no name of the standard");
    }
    for (size_t i = 0; i < all.n; i++) {
        if (ct_ifc__is(c->m, all.at[i], CT_IFC__GEOMETRIC_SUBCONTEXT)) continue;
        c->judged = true;
        if (!parent[all.at[i]]) ct_ifc__fails(c, all.at[i], "the context has no subcontext");
    }
    return CT_OK;
}

const ct_ifc__rule ct_ifc__rules_project[] = {
    {"IFC101", false, CT_IFC__IN_ALL, ifc101},  {"PJS001", false, CT_IFC__IN_ALL, pjs001},
    {"PJS002", false, CT_IFC__IN_4_ON, pjs002}, {"PJS003", false, CT_IFC__IN_ALL, pjs003},
    {"PJS101", true, CT_IFC__IN_ALL, pjs101},   {"GEM051", true, CT_IFC__IN_ALL, gem051},
    {"GEM052", true, CT_IFC__IN_4_ON, gem052},  {NULL, false, 0, NULL},
};
