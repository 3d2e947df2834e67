// All other elements: stairs, ramps and lifts, devices and equipment against fire, and what a
// building is built of.
#include <math.h>
#include <string.h>
#include <strings.h>

#include "ingest/ifc/material.h"
#include "ingest/ifc/reader.h"

// ---- transitions --------------------------------------------------------------------------------

typedef struct steps {
    double risers, riser_m, tread_m;
} steps;

static double number_of(const ct_ifc__reader *r, const ct_ifc__item *i, uint32_t slot,
                        const char *attribute, const char *property, double factor) {
    double value;
    if (ct_ifc__number(&value, &r->m, slot, attribute)) return value * factor;
    if (!i) return NAN;
    return ct_ifc__property_number(&i->p, NULL, property, NAN);
}

// Of the flights that the stair is made of; all their risers together.
static void add_flights(steps *out, const ct_ifc__reader *r, uint32_t stair) {
    const ct_ifc__slots parts = ct_ifc__linked(&r->m.rel.parts, stair);
    const double m = r->units.length_m;
    for (size_t p = 0; p < parts.n; p++) {
        const uint32_t at = parts.at[p];
        if (!ct_ifc__is(&r->m, at, CT_IFC__STAIR_FLIGHT)) continue;
        double n = number_of(r, NULL, at, "NumberOfRisers", "", 1);
        if (isnan(n)) n = number_of(r, NULL, at, "NumberOfRiser", "", 1);
        if (!isnan(n)) out->risers = isnan(out->risers) ? n : out->risers + n;
        if (isnan(out->riser_m)) out->riser_m = number_of(r, NULL, at, "RiserHeight", "", m);
        if (isnan(out->tread_m)) out->tread_m = number_of(r, NULL, at, "TreadLength", "", m);
    }
}

static void take_steps(ct_ifc__reader *r, ct_ifc__item *i) {
    const double m = r->units.length_m;
    steps s = {NAN, number_of(r, i, i->slot, "RiserHeight", "RiserHeight", m),
               number_of(r, i, i->slot, "TreadLength", "TreadLength", m)};
    s.risers = number_of(r, i, i->slot, "NumberOfRisers", "NumberOfRiser", 1);
    if (isnan(s.risers)) s.risers = number_of(r, i, i->slot, "NumberOfRiser", "NumberOfRisers", 1);
    steps of_flights = {NAN, s.riser_m, s.tread_m};
    add_flights(&of_flights, r, i->slot);
    ct_ifc__set_number(r, i, "risers", isnan(s.risers) ? of_flights.risers : s.risers);
    ct_ifc__set_number(r, i, "riser_m", of_flights.riser_m);
    ct_ifc__set_number(r, i, "tread_m", of_flights.tread_m);
}

static ct_err emit_transition(ct_ifc__reader *r, uint32_t slot, const char *kind) {
    ct_ifc__item i;
    bool wanted;
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, "transition"));
    if (!wanted) return CT_OK;
    const ct_ifc__storey *storey = ct_ifc__storey_of(r, i.home.storey);
    CT_TRY(ct_ifc__set_text(r, &i, "kind", kind));
    CT_TRY(ct_ifc__set_ref(r, &i, "building", i.home.building));
    CT_TRY(ct_ifc__set_ref(r, &i, "from_storey", i.home.storey));
    if (storey) CT_TRY(ct_ifc__set_ref(r, &i, "to_storey", storey->above));
    if (strcmp(kind, "stair") == 0) take_steps(r, &i);
    CT_TRY(ct_ifc__set_body(r, &i));
    CT_TRY(ct_ifc__set_fire_rating(r, &i));
    ct_ifc__set_bool(&i, "is_exit", ct_ifc__property_bool(&i.p, NULL, "FireExit"));
    ct_ifc__set_bool(&i, "accessible", ct_ifc__property_bool(&i.p, NULL, "HandicapAccessible"));
    return ct_ifc__deliver(r, &i);
}

// The kind of a transition; NULL for what is none. A flight is one only where it is no part of a
// stair.
static ct_err transition_kind(const char **out, ct_ifc__reader *r, uint32_t slot) {
    const ct_ifc__model *m = &r->m;
    const bool part = ct_ifc__first(&m->rel.whole, slot) != CT_STEP__NONE;
    const char *predefined;
    *out = NULL;
    if (ct_ifc__is(m, slot, CT_IFC__STAIR) || (!part && ct_ifc__is(m, slot, CT_IFC__STAIR_FLIGHT)))
        *out = "stair";
    if (ct_ifc__is(m, slot, CT_IFC__RAMP) || (!part && ct_ifc__is(m, slot, CT_IFC__RAMP_FLIGHT)))
        *out = "ramp";
    if (!ct_ifc__is(m, slot, CT_IFC__TRANSPORT)) return CT_OK;
    CT_TRY(ct_ifc__word(&predefined, r->job->arena, m, slot, "OperationType"));
    if (!predefined) CT_TRY(ct_ifc__predefined(&predefined, r, slot));
    if (!predefined) return CT_OK;
    if (strcmp(predefined, "ELEVATOR") == 0) *out = "lift";
    if (strcmp(predefined, "ESCALATOR") == 0 || strcmp(predefined, "MOVINGWALKWAY") == 0)
        *out = "escalator";
    return CT_OK;
}

// ---- devices and equipment ----------------------------------------------------------------------

typedef struct device_kind {
    ct_ifc__known entity, type;
    const char *predefined; // NULL: any
    const char *cls, *kind, *property;
} device_kind;

// The first row that fits. In IFC2x3 the type alone tells what an element is.
static const device_kind k_devices[] = {
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "SMOKESENSOR", "device", "smoke_detector", "smoke"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "FIRESENSOR", "device", "smoke_detector", "smoke"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "HEATSENSOR", "device", "heat_detector", "temperature"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "TEMPERATURESENSOR", "device", "temperature",
     "temperature"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "CO2SENSOR", "device", "air_quality", "co2"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "COSENSOR", "device", "air_quality", "co"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "GASSENSOR", "device", "air_quality", "gas"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "MOVEMENTSENSOR", "device", "motion", "motion"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "LEVELSENSOR", "device", "water_level", "level"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "CONTACTSENSOR", "device", "door_sensor", "open"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, "LIGHTSENSOR", "device", "light", "illuminance"},
    {CT_IFC__SENSOR, CT_IFC__SENSOR_TYPE, NULL, "device", "other", "value"},
    {CT_IFC__ALARM, CT_IFC__ALARM_TYPE, "MANUALPULLBOX", "fire_equipment", "alarm_button", NULL},
    {CT_IFC__ALARM, CT_IFC__ALARM_TYPE, "BREAKGLASSBUTTON", "fire_equipment", "alarm_button", NULL},
    {CT_IFC__ALARM, CT_IFC__ALARM_TYPE, NULL, "device", "alarm", "alarm"},
    {CT_IFC__ACTUATOR, CT_IFC__ACTUATOR_TYPE, NULL, "device", "actuator", "position"},
    {CT_IFC__CONTROLLER, CT_IFC__CONTROLLER_TYPE, NULL, "device", "controller", "state"},
    {CT_IFC__FIRE_TERMINAL, CT_IFC__FIRE_TERMINAL_TYPE, "SPRINKLER", "fire_equipment", "sprinkler",
     NULL},
    {CT_IFC__FIRE_TERMINAL, CT_IFC__FIRE_TERMINAL_TYPE, "HOSEREEL", "fire_equipment", "hose_reel",
     NULL},
    {CT_IFC__FIRE_TERMINAL, CT_IFC__FIRE_TERMINAL_TYPE, "FIREHYDRANT", "fire_equipment",
     "indoor_hydrant", NULL},
    {CT_IFC__FIRE_TERMINAL, CT_IFC__FIRE_TERMINAL_TYPE, "BREECHINGINLET", "fire_equipment",
     "pump_adapter", NULL},
    {CT_IFC__FIRE_TERMINAL, CT_IFC__FIRE_TERMINAL_TYPE, NULL, "fire_equipment", "other", NULL},
};

static ct_err find_device(const device_kind **out, ct_ifc__reader *r, uint32_t slot) {
    const uint32_t type = ct_ifc__first(&r->m.rel.type, slot);
    const char *predefined = NULL;
    *out = NULL;
    if (!ct_ifc__is(&r->m, slot, CT_IFC__DISTRIBUTION)) return CT_OK;
    CT_TRY(ct_ifc__predefined(&predefined, r, slot));
    for (size_t i = 0; i < sizeof k_devices / sizeof *k_devices; i++) {
        const device_kind *d = &k_devices[i];
        if (!ct_ifc__is(&r->m, slot, d->entity) && !ct_ifc__is(&r->m, type, d->type)) continue;
        if (d->predefined && (!predefined || strcmp(predefined, d->predefined) != 0)) continue;
        *out = d;
        return CT_OK;
    }
    return CT_OK;
}

static ct_err emit_device(ct_ifc__reader *r, uint32_t slot, const device_kind *d) {
    ct_ifc__item i;
    bool wanted;
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, d->cls));
    if (!wanted) return CT_OK;
    const ct_ifc__storey *storey = ct_ifc__storey_of(r, i.home.storey);
    CT_TRY(ct_ifc__set_text(r, &i, "kind", d->kind));
    CT_TRY(ct_ifc__set_text(r, &i, "property", d->property));
    CT_TRY(ct_ifc__set_ref(r, &i, "building", i.home.building));
    CT_TRY(ct_ifc__set_ref(r, &i, "storey", i.home.storey));
    CT_TRY(ct_ifc__set_ref(r, &i, "space", i.home.space));
    if (storey) ct_ifc__set_number(r, &i, "storey_level", storey->level);
    CT_TRY(ct_ifc__set_text(r, &i, "model", ct_ifc__property_text(&i.p, NULL, "ModelReference")));
    CT_TRY(ct_ifc__set_point(r, &i));
    CT_TRY(ct_ifc__set_body(r, &i));
    return ct_ifc__deliver(r, &i);
}

// ---- elements -----------------------------------------------------------------------------------

static const char *element_kind(const ct_ifc__model *m, uint32_t slot) {
    static const struct {
        ct_ifc__known entity;
        const char *kind;
    } kinds[] = {
        {CT_IFC__WALL, "wall"},
        {CT_IFC__CURTAIN_WALL, "curtain_wall"},
        {CT_IFC__SLAB, "slab"},
        {CT_IFC__ROOF, "roof"},
        {CT_IFC__COLUMN, "column"},
        {CT_IFC__BEAM, "beam"},
        {CT_IFC__MEMBER, "member"},
        {CT_IFC__PLATE, "plate"},
        {CT_IFC__FOOTING, "footing"},
        {CT_IFC__PILE, "pile"},
        {CT_IFC__COVERING, "covering"},
        {CT_IFC__RAILING, "railing"},
        {CT_IFC__STAIR_FLIGHT, "stair"},
        {CT_IFC__RAMP_FLIGHT, "ramp"},
        {CT_IFC__FURNISHING, "furniture"},
        {CT_IFC__DISTRIBUTION, "service"},
        {CT_IFC__TRANSPORT, "equipment"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (ct_ifc__is(m, slot, kinds[i].entity)) return kinds[i].kind;
    return "other";
}

static ct_err take_type(ct_ifc__reader *r, ct_ifc__item *i) {
    const char *name = NULL;
    CT_TRY(
        ct_ifc__text(&name, r->job->arena, &r->m, ct_ifc__first(&r->m.rel.type, i->slot), "Name"));
    if (!name) CT_TRY(ct_ifc__text(&name, r->job->arena, &r->m, i->slot, "ObjectType"));
    if (!name) CT_TRY(ct_ifc__predefined(&name, r, i->slot));
    CT_TRY(ct_ifc__set_text(r, i, "source_type", name));
    return ct_ifc__set_text(r, i, "source_class", ct_ifc__class(&r->m, i->slot));
}

static ct_err emit_element(ct_ifc__reader *r, uint32_t slot) {
    static const char *const flags[][2] = {{"load_bearing", "LoadBearing"},
                                           {"is_external", "IsExternal"},
                                           {"compartmentation", "Compartmentation"},
                                           {"combustible", "Combustible"}};
    ct_ifc__item i;
    bool wanted;
    const char *material;
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, "element"));
    if (!wanted) return CT_OK;
    CT_TRY(ct_ifc__set_text(r, &i, "kind", element_kind(&r->m, slot)));
    CT_TRY(ct_ifc__set_ref(r, &i, "building", i.home.building));
    CT_TRY(ct_ifc__set_ref(r, &i, "storey", i.home.storey));
    CT_TRY(ct_ifc__set_ref(r, &i, "part_of", i.home.whole));
    CT_TRY(ct_ifc__set_ground(r, &i));
    CT_TRY(ct_ifc__set_body(r, &i));
    CT_TRY(take_type(r, &i));
    CT_TRY(ct_ifc__material_text(&material, r->job->arena, &r->m, &r->units, slot));
    CT_TRY(ct_ifc__set_text(r, &i, "material", material));
    CT_TRY(ct_ifc__set_fire_rating(r, &i));
    for (size_t k = 0; k < 4; k++)
        ct_ifc__set_bool(&i, flags[k][0], ct_ifc__property_bool(&i.p, NULL, flags[k][1]));
    return ct_ifc__deliver(r, &i);
}

static ct_err emit_any(ct_ifc__reader *r, uint32_t slot) {
    static const ct_ifc__known none[] = {CT_IFC__DOOR, CT_IFC__WINDOW, CT_IFC__FEATURE_ELEMENT,
                                         CT_IFC__OPENING, CT_IFC__VIRTUAL_ELEMENT};
    const device_kind *device;
    const char *kind;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (ct_ifc__is(&r->m, slot, none[i])) return CT_OK;
    CT_TRY(transition_kind(&kind, r, slot));
    if (kind) return emit_transition(r, slot, kind);
    CT_TRY(find_device(&device, r, slot));
    return device ? emit_device(r, slot, device) : emit_element(r, slot);
}

ct_err ct_ifc__emit_elements(ct_ifc__reader *r) {
    ct_ifc__slots all;
    CT_TRY(ct_ifc__all_known(&all, r->arena, &r->m, CT_IFC__ELEMENT));
    for (size_t i = 0; i < all.n; i++) CT_TRY(emit_any(r, all.at[i]));
    return CT_OK;
}
