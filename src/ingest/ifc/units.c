// Units of IFC: SI units with prefixes, conversion-based ones by their own factors, derived ones.
// Entities and enumerators: ISO 16739-1, IfcMeasureResource.
#include "ingest/ifc/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_DEPTH = 8, MAX_ELEMENTS = 16, MAX_PARTS = 256 };

static const double k_default_precision = 1e-5;

static bool equals(const ct_step__value *v, const char *word) {
    return ct_step__is(v, word);
}

// ---- single units -------------------------------------------------------------------------------

static double prefix_factor(const ct_step__value *v) {
    static const struct {
        const char *name;
        double factor;
    } prefixes[] = {{"EXA", 1e18},  {"PETA", 1e15},  {"TERA", 1e12},   {"GIGA", 1e9},
                    {"MEGA", 1e6},  {"KILO", 1e3},   {"HECTO", 1e2},   {"DECA", 1e1},
                    {"DECI", 1e-1}, {"CENTI", 1e-2}, {"MILLI", 1e-3},  {"MICRO", 1e-6},
                    {"NANO", 1e-9}, {"PICO", 1e-12}, {"FEMTO", 1e-15}, {"ATTO", 1e-18}};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (equals(v, prefixes[i].name)) return prefixes[i].factor;
    return 1;
}

static ct_ifc__unit si_unit(const ct_ifc__model *m, uint32_t slot) {
    const ct_step__value prefix = ct_ifc__get(m, slot, "Prefix"),
                         name = ct_ifc__get(m, slot, "Name");
    ct_ifc__unit unit = {.factor = prefix_factor(&prefix), .known = name.kind == CT_STEP__ENUM};
    // The prefix belongs to the metre: a MILLI SQUARE_METRE is a square millimetre.
    if (equals(&name, "SQUARE_METRE")) unit.factor = pow(unit.factor, 2);
    if (equals(&name, "CUBIC_METRE")) unit.factor = pow(unit.factor, 3);
    if (equals(&name, "GRAM")) unit.factor *= 1e-3;
    if (equals(&name, "DEGREE_CELSIUS")) unit.offset = 273.15;
    return unit;
}

// `left`: how many more units may be looked at for the one that was asked for.
static ct_ifc__unit unit_at(const ct_ifc__model *m, uint32_t slot, int depth, int *left);

static ct_ifc__unit conversion_unit(const ct_ifc__model *m, uint32_t slot, int depth, int *left) {
    const uint32_t measure = ct_ifc__ref(m, slot, "ConversionFactor");
    double value = 0, offset = 0;
    ct_ifc__unit base = unit_at(m, ct_ifc__ref(m, measure, "UnitComponent"), depth + 1, left);
    if (!ct_ifc__number(&value, m, measure, "ValueComponent") || value == 0) base.known = false;
    if (!base.known) return (ct_ifc__unit){.factor = 1};
    if (!ct_ifc__number(&offset, m, slot, "ConversionOffset")) offset = 0;
    return (ct_ifc__unit){base.factor * value, offset * base.factor * value + base.offset, true};
}

static ct_ifc__unit derived_unit(const ct_ifc__model *m, uint32_t slot, int depth, int *left) {
    const ct_step__value list = ct_ifc__get(m, slot, "Elements");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    ct_ifc__unit all = {.factor = 1, .known = list.kind == CT_STEP__LIST};
    for (int n = 0; ct_step__next(&v, &c); n++) {
        const uint32_t element = ct_step__ref(m->step, &v);
        double exponent = 1;
        const ct_ifc__unit one = unit_at(m, ct_ifc__ref(m, element, "Unit"), depth + 1, left);
        if (!one.known || n == MAX_ELEMENTS || !ct_ifc__number(&exponent, m, element, "Exponent"))
            return (ct_ifc__unit){.factor = 1};
        all.factor *= pow(one.factor, exponent);
    }
    if (!isfinite(all.factor) || all.factor == 0) return (ct_ifc__unit){.factor = 1};
    return all;
}

// A unit may be made of units; those that are made of themselves end at the depth, those that are
// made of too many at the count.
static ct_ifc__unit unit_at(const ct_ifc__model *m, uint32_t slot, int depth, int *left) {
    if (slot == CT_STEP__NONE || depth == MAX_DEPTH || (*left)-- <= 0)
        return (ct_ifc__unit){.factor = 1};
    if (ct_ifc__is(m, slot, CT_IFC__SI_UNIT)) return si_unit(m, slot);
    if (ct_ifc__is(m, slot, CT_IFC__CONVERSION_UNIT)) return conversion_unit(m, slot, depth, left);
    if (ct_ifc__is(m, slot, CT_IFC__DERIVED_UNIT)) return derived_unit(m, slot, depth, left);
    return (ct_ifc__unit){.factor = 1};
}

ct_ifc__unit ct_ifc__unit_of(const ct_ifc__model *m, uint32_t slot) {
    int left = MAX_PARTS;
    return unit_at(m, slot, 0, &left);
}

// ---- the project's units ------------------------------------------------------------------------

static void add_unit(ct_ifc__units *units, ct_ifc__model *m, uint32_t slot) {
    const ct_step__value kind = ct_ifc__get(m, slot, "UnitType");
    if (kind.kind != CT_STEP__ENUM || units->n == CT_IFC__MAX_UNITS) return;
    const ct_ifc__unit unit = ct_ifc__unit_of(m, slot);
    snprintf(units->of[units->n].kind, sizeof units->of[0].kind, "%.*s",
             (int)(kind.end - kind.at < 39 ? kind.end - kind.at : 39), kind.at);
    units->of[units->n++].unit = unit;
    if (!unit.known)
        ct_ifc__note(m, CT_SEVERITY_WARNING, "ifc-unit", slot,
                     "the unit has no way to SI; values in it stay as they are");
}

static ct_err read_assignment(ct_ifc__units *out, ct_ifc__model *m, ct_arena *arena) {
    ct_ifc__slots projects;
    CT_TRY(ct_ifc__all_known(&projects, arena, m, CT_IFC__PROJECT));
    for (size_t i = 0; i < projects.n; i++) {
        const uint32_t assignment = ct_ifc__ref(m, projects.at[i], "UnitsInContext");
        const ct_step__value list = ct_ifc__get(m, assignment, "Units");
        ct_step__cursor c = ct_step__list(&list);
        ct_step__value v;
        while (ct_step__next(&v, &c)) {
            const uint32_t slot = ct_step__ref(m->step, &v);
            if (slot != CT_STEP__NONE) add_unit(out, m, slot);
        }
        if (out->n) break;
    }
    return CT_OK;
}

static double or_default(const ct_ifc__units *units, ct_ifc__model *m, const char *kind,
                         const char *name) {
    const ct_ifc__unit unit = ct_ifc__unit_of_kind(units, kind);
    if (unit.known) return unit.factor;
    ct_diagnostics_add(m->diagnostics, CT_SEVERITY_WARNING, "ifc-unit", m->file,
                       "the project tells no %s; %s are taken", kind, name);
    return 1;
}

static ct_err read_precision(ct_ifc__units *out, ct_ifc__model *m, ct_arena *arena) {
    ct_ifc__slots contexts;
    double largest = 0;
    CT_TRY(ct_ifc__all_known(&contexts, arena, m, CT_IFC__GEOMETRIC_CONTEXT));
    for (size_t i = 0; i < contexts.n; i++) {
        double precision = 0;
        if (ct_ifc__number(&precision, m, contexts.at[i], "Precision"))
            largest = fmax(largest, precision);
    }
    out->precision_m = (largest > 0 ? largest : k_default_precision) * out->length_m;
    return CT_OK;
}

ct_err ct_ifc__units_read(ct_ifc__units *out, ct_ifc__model *m, ct_arena *arena) {
    *out = (ct_ifc__units){0};
    CT_TRY(read_assignment(out, m, arena));
    out->length_m = or_default(out, m, "LENGTHUNIT", "metres");
    out->angle_rad = or_default(out, m, "PLANEANGLEUNIT", "radians");
    return read_precision(out, m, arena);
}

ct_ifc__unit ct_ifc__unit_of_kind(const ct_ifc__units *units, const char *kind) {
    for (size_t i = 0; i < units->n; i++)
        if (strcasecmp(units->of[i].kind, kind) == 0) return units->of[i].unit;
    // Areas and volumes have units of their own; a project that tells none means the SI units.
    return (ct_ifc__unit){.factor = 1};
}

ct_ifc__unit ct_ifc__unit_of_measure(const ct_ifc__units *units, const char *measure, size_t n) {
    static const struct {
        const char *measure, *kind;
    } k_measures[] = {
        {"IFCLENGTHMEASURE", "LENGTHUNIT"},
        {"IFCPOSITIVELENGTHMEASURE", "LENGTHUNIT"},
        {"IFCNONNEGATIVELENGTHMEASURE", "LENGTHUNIT"},
        {"IFCQUANTITYLENGTH", "LENGTHUNIT"},
        {"IFCAREAMEASURE", "AREAUNIT"},
        {"IFCQUANTITYAREA", "AREAUNIT"},
        {"IFCVOLUMEMEASURE", "VOLUMEUNIT"},
        {"IFCQUANTITYVOLUME", "VOLUMEUNIT"},
        {"IFCPLANEANGLEMEASURE", "PLANEANGLEUNIT"},
        {"IFCPOSITIVEPLANEANGLEMEASURE", "PLANEANGLEUNIT"},
        {"IFCMASSMEASURE", "MASSUNIT"},
        {"IFCQUANTITYWEIGHT", "MASSUNIT"},
        {"IFCTIMEMEASURE", "TIMEUNIT"},
        {"IFCQUANTITYTIME", "TIMEUNIT"},
        {"IFCTHERMODYNAMICTEMPERATUREMEASURE", "THERMODYNAMICTEMPERATUREUNIT"},
        {"IFCPRESSUREMEASURE", "PRESSUREUNIT"},
        {"IFCPOWERMEASURE", "POWERUNIT"},
        {"IFCENERGYMEASURE", "ENERGYUNIT"},
        {"IFCFORCEMEASURE", "FORCEUNIT"},
        {"IFCFREQUENCYMEASURE", "FREQUENCYUNIT"},
        {"IFCVOLUMETRICFLOWRATEMEASURE", "VOLUMETRICFLOWRATEUNIT"},
        {"IFCMASSFLOWRATEMEASURE", "MASSFLOWRATEUNIT"},
        {"IFCLINEARVELOCITYMEASURE", "LINEARVELOCITYUNIT"},
        {"IFCMASSDENSITYMEASURE", "MASSDENSITYUNIT"},
        {"IFCTHERMALTRANSMITTANCEMEASURE", "THERMALTRANSMITTANCEUNIT"},
        {"IFCTHERMALCONDUCTIVITYMEASURE", "THERMALCONDUCTANCEUNIT"},
        {"IFCSPECIFICHEATCAPACITYMEASURE", "SPECIFICHEATCAPACITYUNIT"},
        {"IFCELECTRICVOLTAGEMEASURE", "ELECTRICVOLTAGEUNIT"},
        {"IFCELECTRICCURRENTMEASURE", "ELECTRICCURRENTUNIT"},
        {"IFCILLUMINANCEMEASURE", "ILLUMINANCEUNIT"},
        {"IFCLUMINOUSFLUXMEASURE", "LUMINOUSFLUXUNIT"},
    };
    for (size_t i = 0; i < sizeof k_measures / sizeof *k_measures; i++)
        if (strlen(k_measures[i].measure) == n &&
            strncasecmp(k_measures[i].measure, measure, n) == 0)
            return ct_ifc__unit_of_kind(units, k_measures[i].kind);
    return (ct_ifc__unit){.factor = 1};
}
