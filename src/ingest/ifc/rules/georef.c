// Rules about georeferencing: reference systems, map conversions, rigid operations.
#include <math.h>
#include <string.h>

#include "geo/crs.h"
#include "ingest/ifc/rules/check.h"

// The register's entry of "EPSG:1234". False for other texts and unknown numbers; *told: the text
// begins with EPSG:.
static ct_err epsg_of(ct_crs_entry *out, bool *told, bool *known, ct_ifc__check *c, uint32_t slot,
                      const char *attribute) {
    const char *text;
    CT_TRY(ct_ifc__text(&text, c->arena, c->m, slot, attribute));
    *told = text && strncmp(text, "EPSG:", 5) == 0;
    *known = *told && ct_crs_epsg(out, text + 5);
    return CT_OK;
}

// ---- GRF001 -------------------------------------------------------------------------------------

static uint32_t operation_of(ct_ifc__check *c, const ct_ifc__slots *operations, uint32_t context) {
    for (size_t i = 0; i < operations->n; i++)
        if (ct_ifc__ref(c->m, operations->at[i], "SourceCRS") == context) return operations->at[i];
    return CT_STEP__NONE;
}

// Equal but for their source: kind, numbers, target.
static bool same_operation(const ct_ifc__check *c, uint32_t a, uint32_t b) {
    enum { MAX = 12 };
    ct_step__value of_a[MAX], of_b[MAX];
    if (a == CT_STEP__NONE || b == CT_STEP__NONE) return a == b;
    if (ct_ifc__of(c->m, a) != ct_ifc__of(c->m, b)) return false;
    (void)ct_step__all(of_a, MAX, c->m->step, a);
    (void)ct_step__all(of_b, MAX, c->m->step, b);
    for (size_t i = 1; i < MAX; i++) {
        double x = 0, y = 0;
        const bool nx = ct_step__number(&x, &of_a[i]), ny = ct_step__number(&y, &of_b[i]);
        if (nx != ny || x != y) return false;
        if (!nx && of_a[i].kind != of_b[i].kind) return false;
        if (of_a[i].kind == CT_STEP__REF && of_a[i].id != of_b[i].id) return false;
    }
    return true;
}

static ct_err grf001(ct_ifc__check *c) {
    ct_ifc__slots contexts, operations;
    uint32_t first = CT_STEP__NONE;
    bool begun = false;
    CT_TRY(ct_ifc__all_known(&contexts, c->arena, c->m, CT_IFC__GEOMETRIC_CONTEXT));
    CT_TRY(ct_ifc__all_known(&operations, c->arena, c->m, CT_IFC__COORDINATE_OPERATION));
    for (size_t i = 0; i < contexts.n && operations.n; i++) {
        if (ct_ifc__is(c->m, contexts.at[i], CT_IFC__GEOMETRIC_SUBCONTEXT)) continue;
        const uint32_t own = operation_of(c, &operations, contexts.at[i]);
        c->judged = true;
        if (begun && !same_operation(c, first, own))
            ct_ifc__fails(c, contexts.at[i], "its coordinate operation is not that of the others");
        if (!begun) first = own;
        begun = true;
    }
    return CT_OK;
}

// ---- GRF002, GRF004, GRF006, GRF007: names of systems -------------------------------------------

static ct_err name_in_register(ct_ifc__check *c, uint32_t slot) {
    ct_crs_entry entry;
    bool told, known;
    c->judged = true;
    CT_TRY(epsg_of(&entry, &told, &known, c, slot, "Name"));
    if (!known) ct_ifc__fails(c, slot, "Name is not EPSG: and a number of its register");
    return CT_OK;
}

static ct_err grf002(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcCoordinateReferenceSystem", name_in_register);
}

static ct_err codes_exist(ct_ifc__check *c, uint32_t slot) {
    static const char *const attributes[] = {"Name", "GeodeticDatum", "VerticalDatum"};
    for (size_t i = 0; i < 3; i++) {
        ct_crs_entry entry;
        bool told, known;
        if (i == 2 && !ct_ifc__isa(c, slot, "IfcProjectedCRS")) continue;
        CT_TRY(epsg_of(&entry, &told, &known, c, slot, attributes[i]));
        c->judged |= told;
        if (told && !known) ct_ifc__fails(c, slot, "%s is not in EPSG's register", attributes[i]);
    }
    return CT_OK;
}

static ct_err grf004(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcCoordinateReferenceSystem", codes_exist);
}

static ct_err grf006(ct_ifc__check *c) {
    ct_ifc__slots systems, texts;
    const ct_ifc__entity text = ct_ifc__entity_named(c->m->schema, "IfcWellKnownText");
    CT_TRY(ct_ifc__all_known(&systems, c->arena, c->m, CT_IFC__CRS));
    CT_TRY(ct_ifc__all(&texts, c->arena, c->m, text));
    for (size_t i = 0; i < systems.n; i++) {
        ct_crs_entry entry;
        bool told, known, has_text = false;
        for (size_t t = 0; t < texts.n; t++)
            has_text |=
                ct_ifc__ref(c->m, texts.at[t], "CoordinateReferenceSystem") == systems.at[i];
        CT_TRY(epsg_of(&entry, &told, &known, c, systems.at[i], "Name"));
        if (told && !has_text) continue;
        c->judged = true;
        if (!has_text || !ct_ifc__text_is(c, systems.at[i], "Name", "WKT"))
            ct_ifc__fails(c, systems.at[i], "without EPSG: it needs the name WKT and a text");
    }
    return CT_OK;
}

static ct_err heights_of(ct_ifc__check *c, uint32_t slot) {
    ct_crs_entry entry;
    bool told, known;
    CT_TRY(epsg_of(&entry, &told, &known, c, slot, "VerticalDatum"));
    if (!known || entry.deprecated) return CT_OK;
    c->judged = true;
    if (!entry.vertical && !entry.compound)
        ct_ifc__fails(c, slot, "VerticalDatum is no vertical or compound system");
    return CT_OK;
}

static ct_err grf007(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcProjectedCRS", heights_of);
}

// ---- GRF003 -------------------------------------------------------------------------------------

static ct_err grf003(ct_ifc__check *c) {
    const bool old = c->m->version == CT_IFC__4;
    ct_ifc__slots facilities, systems;
    const ct_ifc__entity crs = ct_ifc__entity_named(
        c->m->schema, old ? "IfcProjectedCRS" : "IfcCoordinateReferenceSystem");
    CT_TRY(
        ct_ifc__all_known(&facilities, c->arena, c->m, old ? CT_IFC__BUILDING : CT_IFC__FACILITY));
    CT_TRY(ct_ifc__all(&systems, c->arena, c->m, crs));
    if (facilities.n && !systems.n)
        ct_ifc__fails(c, facilities.at[0], "the model tells no reference system");
    return CT_OK;
}

// ---- GRF005, GRF008: operations -----------------------------------------------------------------

static ct_err scale_fits(ct_ifc__check *c, uint32_t slot) {
    static const double tolerance = 1e-9;
    ct_crs_entry entry = {0};
    bool told, known;
    double scale = 1;
    c->judged = true;
    CT_TRY(epsg_of(&entry, &told, &known, c, ct_ifc__ref(c->m, slot, "TargetCRS"), "Name"));
    if (!known || entry.unit_m <= 0) {
        ct_ifc__fails(c, slot, "the target system has no single unit");
        return CT_OK;
    }
    if (!ct_ifc__number(&scale, c->m, slot, "Scale")) scale = 1;
    const double ratio = entry.unit_m / c->units->length_m;
    if (fabs(scale - ratio) > tolerance * fabs(ratio))
        ct_ifc__fails(c, slot, "Scale is %.10g; the units of system and project ask for %.10g",
                      scale, ratio);
    return CT_OK;
}

static ct_err grf005(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcMapConversion", scale_fits);
}

static ct_err rigid_coordinates(ct_ifc__check *c, uint32_t slot) {
    static const char *const attributes[] = {"FirstCoordinate", "SecondCoordinate"};
    for (size_t i = 0; i < 2; i++) {
        const ct_step__value v = ct_ifc__get(c->m, slot, attributes[i]);
        c->judged = true;
        if (!ct_step__named(&v, "IFCLENGTHMEASURE") && !ct_step__named(&v, "IFCPLANEANGLEMEASURE"))
            ct_ifc__fails(c, slot, "%s is neither a length nor an angle", attributes[i]);
    }
    return CT_OK;
}

static ct_err grf008(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcRigidOperation", rigid_coordinates);
}

const ct_ifc__rule ct_ifc__rules_georef[] = {
    {"GRF001", false, CT_IFC__IN_4X3, grf001},
    {"GRF002", true, CT_IFC__IN_4X3, grf002},
    {"GRF003", true, CT_IFC__IN_4_ON, grf003},
    {"GRF004", false, CT_IFC__IN_4_ON, grf004},
    {"GRF005", true, CT_IFC__IN_4_ON, grf005},
    {"GRF006", false, CT_IFC__IN_4X3, grf006},
    {"GRF007", false, CT_IFC__IN_4_ON, grf007},
    {"GRF008", false, CT_IFC__IN_4X3, grf008},
    {NULL, false, 0, NULL},
};
