// Sites, buildings, storeys, spaces, zones. What the catalogue asks for and the file lacks, a
// building of a storey or a storey of a space, is made up and told.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ingest/ifc/reader.h"

typedef ct_err (*emit_one)(ct_ifc__reader *r, uint32_t slot);

static ct_err emit_all(ct_ifc__reader *r, ct_ifc__known kind, emit_one emit) {
    ct_ifc__slots all;
    CT_TRY(ct_ifc__all_known(&all, r->arena, &r->m, kind));
    for (size_t i = 0; i < all.n; i++) CT_TRY(emit(r, all.at[i]));
    return CT_OK;
}

static double height_of(ct_ifc__reader *r, uint32_t slot) {
    if (ct_ifc__ref(&r->m, slot, "ObjectPlacement") == CT_STEP__NONE) return NAN;
    const ct_affine at = ct_ifc__place_of(r->places, slot);
    return ct_affine_multiply(&r->georef.to_twin, &at).m[11];
}

// ---- sites and buildings ------------------------------------------------------------------------

static ct_err emit_site(ct_ifc__reader *r, uint32_t slot) {
    ct_ifc__item i;
    bool wanted;
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, "site"));
    if (!wanted) return CT_OK;
    CT_TRY(ct_ifc__take_text(r, &i, "long_name", "LongName"));
    ct_ifc__set_number(r, &i, "elevation_m", height_of(r, slot));
    ct_ifc__set_number(r, &i, "area_m2", ct_ifc__property_number(&i.p, NULL, "GrossArea", NAN));
    CT_TRY(ct_ifc__set_ground(r, &i));
    CT_TRY(ct_ifc__set_body(r, &i));
    return ct_ifc__deliver(r, &i);
}

// Lines, town and country of an IfcPostalAddress in one text.
static ct_err take_address(ct_ifc__reader *r, ct_ifc__item *i, uint32_t address) {
    static const char *const parts[] = {"Town", "Region", "PostalCode", "Country"};
    char text[1024] = "";
    const ct_step__value lines = ct_ifc__get(&r->m, address, "AddressLines");
    ct_step__cursor c = ct_step__list(&lines);
    ct_step__value v;
    const char *part;
    while (ct_step__next(&v, &c)) {
        CT_TRY(ct_step__text(&part, r->job->arena, &v, &r->m.n_foreign));
        const size_t n = strlen(text);
        if (part && *part) snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "", part);
    }
    for (size_t p = 0; p < 4; p++) {
        CT_TRY(ct_ifc__text(&part, r->job->arena, &r->m, address, parts[p]));
        const size_t n = strlen(text);
        if (part) snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "", part);
    }
    return ct_ifc__set_text(r, i, "address", text);
}

static void count_storeys(ct_ifc__reader *r, ct_ifc__item *i) {
    int above = 0, below = 0;
    for (size_t s = 0; s < r->n_storeys; s++) {
        if (r->storeys[s].building != i->slot) continue;
        above += r->storeys[s].level >= 0;
        below += r->storeys[s].level < 0;
        if (r->storeys[s].level == 0)
            ct_ifc__set_number(r, i, "ground_floor_m", r->storeys[s].elevation_m);
    }
    if (!above && !below) return;
    ct_ifc__set_number(r, i, "storeys_above", above);
    ct_ifc__set_number(r, i, "storeys_below", below);
}

// The ground at the building, or where it has none, its own zero.
static double foot_of(ct_ifc__reader *r, uint32_t building) {
    double terrain;
    return ct_ifc__number(&terrain, &r->m, building, "ElevationOfTerrain")
               ? terrain * r->units.length_m
               : height_of(r, building);
}

static ct_err emit_building(ct_ifc__reader *r, uint32_t slot) {
    ct_ifc__item i;
    bool wanted;
    double terrain;
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, "building"));
    if (!wanted) return CT_OK;
    CT_TRY(ct_ifc__take_text(r, &i, "long_name", "LongName"));
    count_storeys(r, &i);
    if (ct_ifc__number(&terrain, &r->m, slot, "ElevationOfTerrain"))
        ct_ifc__set_number(r, &i, "base_m", terrain * r->units.length_m);
    const double rise = ct_ifc__top_of(r, slot) - foot_of(r, slot);
    if (rise > 0) ct_ifc__set_number(r, &i, "height_m", rise);
    CT_TRY(take_address(r, &i, ct_ifc__ref(&r->m, slot, "BuildingAddress")));
    CT_TRY(
        ct_ifc__set_text(r, &i, "occupancy", ct_ifc__property_text(&i.p, NULL, "OccupancyType")));
    CT_TRY(ct_ifc__set_text(r, &i, "fire_class",
                            ct_ifc__property_text(&i.p, NULL, "FireProtectionClass")));
    ct_ifc__set_bool(&i, "sprinklers", ct_ifc__property_bool(&i.p, NULL, "SprinklerProtection"));
    ct_ifc__set_number(r, &i, "floor_area_m2",
                       ct_ifc__property_number(&i.p, NULL, "GrossFloorArea", NAN));
    CT_TRY(ct_ifc__set_outline(r, &i, CT_STEP__NONE, slot, height_of(r, slot)));
    CT_TRY(ct_ifc__set_body(r, &i));
    return ct_ifc__deliver(r, &i);
}

// The project's id with a word behind: ids of what is made up.
static ct_err made_id(const char **out, ct_ifc__reader *r, const char *word) {
    ct_ifc__slots projects;
    const char *id = "ifc";
    CT_TRY(ct_ifc__all_known(&projects, r->job->arena, &r->m, CT_IFC__PROJECT));
    if (projects.n) CT_TRY(ct_ifc__id(&id, r->job->arena, r, projects.at[0]));
    *out = ct_arena_printf(r->job->arena, "%s.%s", id, word);
    return *out ? CT_OK : CT_NOMEM;
}

// Begins a feature that stands for nothing in the file.
static ct_err begin_made(ct_ifc__item *out, bool *wanted, ct_ifc__reader *r, const char *cls) {
    const ct_class *c = ct_catalogue_by_name(r->job->options.catalogue, cls);
    *out = (ct_ifc__item){.slot = CT_STEP__NONE};
    *wanted = c && (!r->job->only_class || r->job->only_class == c);
    if (!*wanted) return CT_OK;
    CT_TRY(ct_ingest__tick(r->job, 0.1));
    ct_arena_reset(r->job->arena);
    CT_TRY(ct_feature_new(&out->f, r->job->arena, c));
    snprintf(out->where, sizeof out->where, "%.120s", r->job->file);
    ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "made-up", r->job->file,
                       "the file has no %s for all that needs one; one was made up", cls);
    return made_id(&out->f.id, r, cls);
}

static ct_err make_building(ct_ifc__reader *r) {
    ct_ifc__item i;
    bool wanted;
    r->made_building = true;
    CT_TRY(begin_made(&i, &wanted, r, "building"));
    return wanted ? ct_ifc__deliver(r, &i) : CT_OK;
}

static ct_err set_building(ct_ifc__reader *r, ct_ifc__item *i, uint32_t building) {
    if (building != CT_STEP__NONE) return ct_ifc__set_ref(r, i, "building", building);
    const char *id;
    CT_TRY(made_id(&id, r, "building"));
    return ct_ifc__set_text(r, i, "building", id);
}

// ---- storeys ------------------------------------------------------------------------------------

static ct_err emit_storey(ct_ifc__reader *r, const ct_ifc__storey *s) {
    ct_ifc__item i;
    bool wanted;
    if (s->building == CT_STEP__NONE && !r->made_building) CT_TRY(make_building(r));
    CT_TRY(ct_ifc__begin(&i, &wanted, r, s->slot, "storey"));
    if (!wanted) return CT_OK;
    CT_TRY(set_building(r, &i, s->building));
    CT_TRY(ct_ifc__take_text(r, &i, "long_name", "LongName"));
    ct_ifc__set_number(r, &i, "level", s->level);
    ct_ifc__set_number(r, &i, "elevation_m", s->elevation_m);
    ct_ifc__set_number(r, &i, "height_m",
                       isnan(s->height_m) ? ct_ifc__property_number(&i.p, NULL, "GrossHeight", NAN)
                                          : s->height_m);
    if (s->entrance) ct_ifc__set_bool(&i, "is_entrance", 1);
    CT_TRY(ct_ifc__set_outline(r, &i, s->slot, CT_STEP__NONE, s->elevation_m));
    CT_TRY(ct_ifc__set_body(r, &i));
    return ct_ifc__deliver(r, &i);
}

static ct_err make_storey(ct_ifc__reader *r) {
    ct_ifc__item i;
    bool wanted;
    r->made_storey = true;
    if (r->building == CT_STEP__NONE && !r->made_building) CT_TRY(make_building(r));
    CT_TRY(begin_made(&i, &wanted, r, "storey"));
    if (!wanted) return CT_OK;
    CT_TRY(set_building(r, &i, r->building));
    ct_ifc__set_number(r, &i, "level", 0);
    return ct_ifc__deliver(r, &i);
}

// ---- zones --------------------------------------------------------------------------------------

static ct_err emit_zone(ct_ifc__reader *r, uint32_t slot, const char *kind) {
    ct_ifc__item i;
    bool wanted;
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, "zone"));
    if (!wanted) return CT_OK;
    CT_TRY(ct_ifc__set_text(r, &i, "kind", kind));
    CT_TRY(ct_ifc__set_body(r, &i));
    return ct_ifc__deliver(r, &i);
}

static ct_err emit_group(ct_ifc__reader *r, uint32_t slot) {
    // The kinds of groups that hold things of a building; loads, assets and tasks are none.
    if (ct_ifc__is(&r->m, slot, CT_IFC__ZONE)) return emit_zone(r, slot, "group");
    if (ct_ifc__is(&r->m, slot, CT_IFC__SYSTEM)) return emit_zone(r, slot, "system");
    if (ct_ifc__of(&r->m, slot) == r->m.known[CT_IFC__GROUP]) return emit_zone(r, slot, "group");
    return CT_OK;
}

static ct_err emit_spatial_zone(ct_ifc__reader *r, uint32_t slot) {
    const char *predefined;
    CT_TRY(ct_ifc__predefined(&predefined, r, slot));
    return emit_zone(r, slot,
                     predefined && strcmp(predefined, "FIRESAFETY") == 0 ? "fire_compartment"
                                                                         : "other");
}

static ct_err emit_facility(ct_ifc__reader *r, uint32_t slot) {
    return ct_ifc__is(&r->m, slot, CT_IFC__BUILDING) ? CT_OK : emit_zone(r, slot, "facility");
}

static ct_err emit_facility_part(ct_ifc__reader *r, uint32_t slot) {
    return emit_zone(r, slot, "facility_part");
}

// ---- spaces -------------------------------------------------------------------------------------

static double first_number(const ct_ifc__properties *p, const char *const *names) {
    for (; *names; names++) {
        const double x = ct_ifc__property_number(p, NULL, *names, NAN);
        if (!isnan(x)) return x;
    }
    return NAN;
}

static double or_else(double value, double otherwise) {
    return isnan(value) ? otherwise : value;
}

// What the file says comes before what the shape shows.
static void take_sizes(ct_ifc__reader *r, ct_ifc__item *i) {
    static const char *const areas[] = {"NetFloorArea", "GrossFloorArea",  "NetPlannedArea",
                                        "Area",         "GSA Space Areas", NULL};
    static const char *const heights[] = {"FinishCeilingHeight", "Height",           "ClearHeight",
                                          "NominalHeight",       "Unbounded Height", NULL};
    static const char *const volumes[] = {"NetVolume", "GrossVolume", "Volume", NULL};
    ct_ifc__measures shape;
    ct_ifc__measures_of(&shape, r, i->slot);
    ct_ifc__set_number(r, i, "area_m2", or_else(first_number(&i->p, areas), shape.area_m2));
    ct_ifc__set_number(r, i, "height_m",
                       or_else(first_number(&i->p, heights), shape.top_m - shape.bottom_m));
    ct_ifc__set_number(r, i, "volume_m3", or_else(first_number(&i->p, volumes), shape.volume_m3));
}

static int is_outside(const ct_ifc__reader *r, const ct_ifc__item *i) {
    const ct_step__value old = ct_ifc__get(&r->m, i->slot, "InteriorOrExteriorSpace");
    const ct_step__value kind = ct_ifc__get(&r->m, i->slot, "PredefinedType");
    if (ct_step__is(&old, "EXTERNAL") || ct_step__is(&kind, "EXTERNAL")) return 1;
    if (ct_step__is(&old, "INTERNAL") || ct_step__is(&kind, "INTERNAL")) return 0;
    return ct_ifc__property_bool(&i->p, NULL, "IsExternal");
}

// The use, where the object's type is a code of ours or the title of one.
static ct_err take_use(ct_ifc__reader *r, ct_ifc__item *i) {
    const int a = ct_class_attr(i->f.cls, "use");
    const char *type;
    ct_value value;
    CT_TRY(ct_ifc__text(&type, r->job->arena, &r->m, i->slot, "ObjectType"));
    if (a < 0 || !type) return CT_OK;
    const ct_err err = ct_ingest__value(&value, r->job->arena, &i->f.cls->attrs[a], type);
    if (err == CT_OK) i->f.values[a] = value;
    return err == CT_NOMEM ? err : CT_OK; // other words are no uses
}

static ct_err take_occupancy(ct_ifc__reader *r, ct_ifc__item *i) {
    const ct_step__value kind = ct_ifc__get(&r->m, i->slot, "PredefinedType");
    CT_TRY(take_use(r, i));
    if (ct_step__is(&kind, "PARKING")) CT_TRY(ct_ifc__set_text(r, i, "use", "parking"));
    CT_TRY(
        ct_ifc__set_text(r, i, "occupancy", ct_ifc__property_text(&i->p, NULL, "OccupancyType")));
    CT_TRY(
        ct_ifc__set_text(r, i, "fire_risk", ct_ifc__property_text(&i->p, NULL, "FireRiskFactor")));
    ct_ifc__set_number(r, i, "occupants",
                       ct_ifc__property_number(&i->p, NULL, "OccupancyNumber", NAN));
    ct_ifc__set_bool(i, "sprinklers", ct_ifc__property_bool(&i->p, NULL, "SprinklerProtection"));
    ct_ifc__set_bool(i, "is_exit", ct_ifc__property_bool(&i->p, NULL, "FireExit"));
    return CT_OK;
}

static ct_err take_zone(ct_ifc__reader *r, ct_ifc__item *i) {
    const ct_ifc__slots groups = ct_ifc__linked(&r->m.rel.groups, i->slot);
    for (size_t g = 0; g < groups.n; g++)
        if (ct_ifc__is(&r->m, groups.at[g], CT_IFC__ZONE))
            return ct_ifc__set_ref(r, i, "zone", groups.at[g]);
    return CT_OK;
}

static ct_err emit_space(ct_ifc__reader *r, uint32_t slot) {
    ct_ifc__item i;
    bool wanted;
    const uint32_t storey = ct_ifc__home_of(r, slot).storey;
    if (storey == CT_STEP__NONE && !r->made_storey) CT_TRY(make_storey(r));
    CT_TRY(ct_ifc__begin(&i, &wanted, r, slot, "space"));
    if (!wanted) return CT_OK;
    const char *made;
    CT_TRY(made_id(&made, r, "storey"));
    if (storey == CT_STEP__NONE) CT_TRY(ct_ifc__set_text(r, &i, "storey", made));
    CT_TRY(ct_ifc__set_ref(r, &i, "storey", storey));
    CT_TRY(ct_ifc__take_text(r, &i, "long_name", "LongName"));
    ct_ifc__set_number(r, &i, "elevation_m", height_of(r, slot));
    ct_ifc__set_bool(&i, "is_external", is_outside(r, &i));
    take_sizes(r, &i);
    CT_TRY(ct_ifc__set_ground(r, &i));
    CT_TRY(ct_ifc__set_body(r, &i));
    CT_TRY(take_occupancy(r, &i));
    CT_TRY(take_zone(r, &i));
    return ct_ifc__deliver(r, &i);
}

ct_err ct_ifc__emit_structure(ct_ifc__reader *r) {
    CT_TRY(emit_all(r, CT_IFC__SITE, emit_site));
    CT_TRY(emit_all(r, CT_IFC__BUILDING, emit_building));
    for (size_t i = 0; i < r->n_storeys; i++) CT_TRY(emit_storey(r, &r->storeys[i]));
    CT_TRY(emit_all(r, CT_IFC__GROUP, emit_group));
    CT_TRY(emit_all(r, CT_IFC__SPATIAL_ZONE, emit_spatial_zone));
    CT_TRY(emit_all(r, CT_IFC__FACILITY, emit_facility));
    CT_TRY(emit_all(r, CT_IFC__FACILITY_PART, emit_facility_part));
    return emit_all(r, CT_IFC__SPACE, emit_space);
}
