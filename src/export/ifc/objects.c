// Features into objects of IFC4, by class.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "export/ifc/ifc.h"

static const double k_nowhere[3] = {0, 0, 0};

const char *const ct_ifcx__classes[] = {"site",   "building",       "storey",     "space",
                                        "zone",   "opening",        "transition", "element",
                                        "device", "fire_equipment", NULL};

static const char *text(const ct_feature *f, const char *attr) {
    return ct_feature_text(f, attr, NULL);
}

// The thing that an attribute names; SIZE_MAX: none.
static ct_err named(size_t *out, ct_ifcx *x, const ct_feature *f, const char *attr) {
    const char *id = text(f, attr);
    *out = SIZE_MAX;
    return id && *id ? ct_ifcx__thing_of(out, x, id) : CT_OK;
}

typedef struct object { // on its way
    size_t thing;
    const char *guid;
    ct_step_id shape;
} object;

static ct_err start(object *o, ct_ifcx *x, const ct_feature *f) {
    *o = (object){0};
    CT_TRY(ct_ifcx__thing_of(&o->thing, x, f->id));
    if (x->things[o->thing].entity) return ct_fail(CT_EXISTS, "a feature came twice");
    return ct_ifcx__guid(&o->guid, x, f->source_id, "%s", f->id);
}

static const char *place_name(const ct_feature *f) {
    return ct_feature_text(f, "name", text(f, "name_zh"));
}

// ---- spatial structure --------------------------------------------------------------------------

static ct_err put_site(ct_ifcx *x, const ct_feature *f) {
    object o;
    CT_TRY(start(&o, x, f));
    const double at[] = {0, 0, ct_feature_number(f, "elevation_m", 0)};
    ct_ifcx__put_place(x, o.thing, SIZE_MAX, at, NULL);
    CT_TRY(ct_ifcx__shape(&o.shape, x, f, &x->things[o.thing], false));
    ct_ifcx__thing *t = &x->things[o.thing];
    t->spatial = true;
    t->entity = ct_stepw_put(x->w, "IFCSITE", "srs$$rrse$$$$$", o.guid, x->owner, place_name(f),
                             t->place, o.shape, text(f, "long_name"), "ELEMENT");
    if (x->first_site == SIZE_MAX) x->first_site = o.thing;
    CT_TRY(ct_ifcx__link_to(x, CT_IFCX__AGGREGATES, x->project, t->entity));
    return ct_ifcx__sets(x, f, "IFCSITE", t->entity, o.guid);
}

static ct_err put_building(ct_ifcx *x, const ct_feature *f) {
    object o;
    CT_TRY(start(&o, x, f));
    const double at[] = {0, 0, ct_feature_number(f, "ground_floor_m", 0)};
    ct_ifcx__put_place(x, o.thing, x->first_site, at, NULL);
    CT_TRY(ct_ifcx__shape(&o.shape, x, f, &x->things[o.thing], false));
    ct_ifcx__thing *t = &x->things[o.thing];
    t->spatial = true;
    t->entity = ct_stepw_put(x->w, "IFCBUILDING", "srs$$rrse$f$", o.guid, x->owner, place_name(f),
                             t->place, o.shape, text(f, "long_name"), "ELEMENT",
                             ct_feature_number(f, "base_m", (double)NAN));
    if (x->first_site == SIZE_MAX)
        CT_TRY(ct_ifcx__link_to(x, CT_IFCX__AGGREGATES, x->project, t->entity));
    else
        CT_TRY(ct_ifcx__link_things(x, CT_IFCX__AGGREGATES, x->first_site, t->entity));
    return ct_ifcx__sets(x, f, "IFCBUILDING", t->entity, o.guid);
}

static ct_err hang(ct_ifcx *x, size_t parent, ct_step_id entity) {
    return parent == SIZE_MAX ? ct_ifcx__link_to(x, CT_IFCX__AGGREGATES, x->project, entity)
                              : ct_ifcx__link_things(x, CT_IFCX__AGGREGATES, parent, entity);
}

static ct_err put_storey(ct_ifcx *x, const ct_feature *f) {
    object o;
    size_t building;
    CT_TRY(start(&o, x, f));
    CT_TRY(named(&building, x, f, "building"));
    const double zero = building == SIZE_MAX ? 0 : x->things[building].at[2];
    const double at[] = {0, 0, ct_feature_number(f, "elevation_m", zero)};
    ct_ifcx__put_place(x, o.thing, building, at, NULL);
    ct_ifcx__thing *t = &x->things[o.thing];
    t->spatial = true;
    t->entity =
        ct_stepw_put(x->w, "IFCBUILDINGSTOREY", "srs$$r$sef", o.guid, x->owner, place_name(f),
                     t->place, text(f, "long_name"), "ELEMENT", at[2] - zero);
    CT_TRY(hang(x, building, t->entity));
    return ct_ifcx__sets(x, f, "IFCBUILDINGSTOREY", t->entity, o.guid);
}

static const char *inside_or_out(const ct_feature *f) {
    const ct_value *v = ct_feature_get(f, "is_external");
    if (!v || v->kind != CT_VALUE_BOOLEAN) return "SPACE";
    return v->as.boolean ? "EXTERNAL" : "INTERNAL";
}

static ct_err put_space(ct_ifcx *x, const ct_feature *f) {
    object o;
    size_t storey, zone;
    CT_TRY(start(&o, x, f));
    CT_TRY(named(&storey, x, f, "storey"));
    const double *floor = storey == SIZE_MAX ? k_nowhere : x->things[storey].at;
    double at[] = {floor[0], floor[1], ct_feature_number(f, "elevation_m", floor[2])};
    const ct_affine *frame = ct_ifcx__own_frame(f);
    if (frame) {
        double from[3] = {frame->m[3], frame->m[7], frame->m[11]};
        ct_ifcx__local(from, x, from);
        memcpy(at, from, 2 * sizeof *at);
    }
    ct_ifcx__put_place(x, o.thing, storey, at, frame);
    CT_TRY(ct_ifcx__shape(&o.shape, x, f, &x->things[o.thing], true));
    ct_ifcx__thing *t = &x->things[o.thing];
    t->spatial = true;
    t->entity = ct_stepw_put(x->w, "IFCSPACE", "srs$srrsee$", o.guid, x->owner, place_name(f),
                             text(f, "use"), t->place, o.shape, text(f, "long_name"), "ELEMENT",
                             inside_or_out(f));
    const ct_step_id entity = t->entity;
    CT_TRY(hang(x, storey, entity));
    CT_TRY(named(&zone, x, f, "zone"));
    if (zone != SIZE_MAX) CT_TRY(ct_ifcx__link_things(x, CT_IFCX__MEMBER, zone, entity));
    return ct_ifcx__sets(x, f, "IFCSPACE", entity, o.guid);
}

static ct_err put_zone(ct_ifcx *x, const ct_feature *f) {
    object o;
    const char *kind = ct_feature_text(f, "kind", "other");
    const char *entity = strcmp(kind, "group") == 0    ? "IFCZONE"
                         : strcmp(kind, "system") == 0 ? "IFCSYSTEM"
                                                       : "IFCSPATIALZONE";
    CT_TRY(start(&o, x, f));
    ct_ifcx__thing *t = &x->things[o.thing];
    if (strcmp(entity, "IFCZONE") == 0)
        t->entity = ct_stepw_put(x->w, entity, "srs$$$", o.guid, x->owner, place_name(f));
    else if (strcmp(entity, "IFCSYSTEM") == 0)
        t->entity = ct_stepw_put(x->w, entity, "srs$$", o.guid, x->owner, place_name(f));
    else
        t->entity =
            ct_stepw_put(x->w, entity, "srs$s$$$e", o.guid, x->owner, place_name(f), kind,
                         strcmp(kind, "fire_compartment") == 0 ? "FIRESAFETY" : "USERDEFINED");
    t->group = true;
    return ct_ifcx__sets(x, f, entity, t->entity, o.guid);
}

// ---- elements -----------------------------------------------------------------------------------

// Where the element belongs: its whole, else space, storey, building, the site.
static ct_err home_of(size_t *out, ct_ifcx *x, const ct_feature *f) {
    static const char *const attrs[] = {"space", "storey", "from_storey", "building"};
    for (size_t i = 0; i < 4; i++) {
        if (ct_class_attr(f->cls, attrs[i]) < 0) continue;
        CT_TRY(named(out, x, f, attrs[i]));
        if (*out != SIZE_MAX && x->things[*out].entity) return CT_OK;
    }
    *out = x->first_site;
    return CT_OK;
}

// Its place: of a point there, else that of its home.
static void put_element_place(ct_ifcx *x, const ct_feature *f, size_t thing, size_t home) {
    double at[3] = {0, 0, 0};
    if (home != SIZE_MAX) memcpy(at, x->things[home].at, sizeof at);
    if (f->geom.type == CT_GEOM_POINT && f->geom.n_points == 1) {
        const double above = at[2] + ct_feature_number(f, "sill_m", 0);
        const double xyz[] = {f->geom.xyz[0], f->geom.xyz[1],
                              f->geom.has_z ? f->geom.xyz[2] : above};
        ct_ifcx__local(at, x, xyz);
    }
    ct_ifcx__put_place(x, thing, home, at, NULL);
}

static ct_err contain(ct_ifcx *x, size_t home, ct_step_id entity) {
    return home == SIZE_MAX ? CT_OK : ct_ifcx__link_things(x, CT_IFCX__CONTAINED, home, entity);
}

static const char *known(const char *word, const char *const *list) {
    for (; word && *list; list++)
        if (strcmp(word, *list) == 0) return *list;
    return NULL;
}

static const char *operation_of(const ct_feature *f, bool door) {
    static const char *const doors[] = {"SINGLE_SWING_LEFT",
                                        "SINGLE_SWING_RIGHT",
                                        "DOUBLE_DOOR_SINGLE_SWING",
                                        "DOUBLE_DOOR_SINGLE_SWING_OPPOSITE_LEFT",
                                        "DOUBLE_DOOR_SINGLE_SWING_OPPOSITE_RIGHT",
                                        "DOUBLE_SWING_LEFT",
                                        "DOUBLE_SWING_RIGHT",
                                        "DOUBLE_DOOR_DOUBLE_SWING",
                                        "SLIDING_TO_LEFT",
                                        "SLIDING_TO_RIGHT",
                                        "DOUBLE_DOOR_SLIDING",
                                        "FOLDING_TO_LEFT",
                                        "FOLDING_TO_RIGHT",
                                        "DOUBLE_DOOR_FOLDING",
                                        "REVOLVING",
                                        "ROLLINGUP",
                                        "SWING_FIXED_LEFT",
                                        "SWING_FIXED_RIGHT",
                                        NULL};
    static const char *const windows[] = {"SINGLE_PANEL",
                                          "DOUBLE_PANEL_VERTICAL",
                                          "DOUBLE_PANEL_HORIZONTAL",
                                          "TRIPLE_PANEL_VERTICAL",
                                          "TRIPLE_PANEL_BOTTOM",
                                          "TRIPLE_PANEL_TOP",
                                          "TRIPLE_PANEL_LEFT",
                                          "TRIPLE_PANEL_RIGHT",
                                          "TRIPLE_PANEL_HORIZONTAL",
                                          NULL};
    return known(text(f, "operation"), door ? doors : windows);
}

static ct_err link_spaces(ct_ifcx *x, const ct_feature *f, ct_step_id entity) {
    static const char *const sides[] = {"space_a", "space_b"};
    for (size_t i = 0; i < 2; i++) {
        size_t space;
        CT_TRY(named(&space, x, f, sides[i]));
        if (space != SIZE_MAX) CT_TRY(ct_ifcx__link_things(x, CT_IFCX__BOUNDARY, space, entity));
    }
    return CT_OK;
}

// A door or window stands in an opening of its host, which its body has already.
static ct_err put_hole(ct_ifcx *x, const ct_feature *f, const object *o, size_t host,
                       ct_step_id filling) {
    const char *hole_guid, *fills_guid;
    CT_TRY(ct_ifcx__guid(&hole_guid, x, NULL, "%s/hole", f->id));
    CT_TRY(ct_ifcx__guid(&fills_guid, x, NULL, "%s/fills", f->id));
    const ct_step_id hole = ct_stepw_put(x->w, "IFCOPENINGELEMENT", "srs$$r$$e", hole_guid,
                                         x->owner, "Opening", x->things[o->thing].place, "OPENING");
    ct_stepw_put(x->w, "IFCRELFILLSELEMENT", "sr$$rr", fills_guid, x->owner, hole, filling);
    return ct_ifcx__link_things(x, CT_IFCX__VOIDS, host, hole);
}

static ct_err put_opening(ct_ifcx *x, const ct_feature *f) {
    object o;
    size_t home, host;
    const char *kind = ct_feature_text(f, "kind", "door");
    const bool free = strcmp(kind, "opening") == 0, window = strcmp(kind, "window") == 0;
    const char *entity = free ? "IFCOPENINGELEMENT" : window ? "IFCWINDOW" : "IFCDOOR";
    CT_TRY(start(&o, x, f));
    CT_TRY(home_of(&home, x, f));
    CT_TRY(named(&host, x, f, "host"));
    put_element_place(x, f, o.thing, home);
    CT_TRY(ct_ifcx__shape(&o.shape, x, f, &x->things[o.thing], false));
    ct_ifcx__thing *t = &x->things[o.thing];
    if (free)
        t->entity = ct_stepw_put(x->w, entity, "srs$$rr$e", o.guid, x->owner, place_name(f),
                                 t->place, o.shape, "OPENING");
    else
        t->entity = ct_stepw_put(x->w, entity, "srs$$rr$ffee$", o.guid, x->owner, place_name(f),
                                 t->place, o.shape, ct_feature_number(f, "height_m", (double)NAN),
                                 ct_feature_number(f, "width_m", (double)NAN),
                                 window ? "WINDOW" : "DOOR", operation_of(f, !window));
    const ct_step_id id = t->entity;
    CT_TRY(link_spaces(x, f, id));
    if (free && host != SIZE_MAX)
        CT_TRY(ct_ifcx__link_things(x, CT_IFCX__VOIDS, host, id));
    else
        CT_TRY(contain(x, home, id));
    if (!free && host != SIZE_MAX) CT_TRY(put_hole(x, f, &o, host, id));
    return ct_ifcx__sets(x, f, entity, id, o.guid);
}

static ct_err put_transition(ct_ifcx *x, const ct_feature *f) {
    object o;
    size_t home;
    const char *kind = ct_feature_text(f, "kind", "stair");
    const bool stair = strcmp(kind, "stair") == 0, ramp = strcmp(kind, "ramp") == 0;
    const char *entity = stair ? "IFCSTAIR" : ramp ? "IFCRAMP" : "IFCTRANSPORTELEMENT";
    CT_TRY(start(&o, x, f));
    CT_TRY(home_of(&home, x, f));
    put_element_place(x, f, o.thing, home);
    CT_TRY(ct_ifcx__shape(&o.shape, x, f, &x->things[o.thing], false));
    ct_ifcx__thing *t = &x->things[o.thing];
    t->entity =
        ct_stepw_put(x->w, entity, "srs$$rr$e", o.guid, x->owner, place_name(f), t->place, o.shape,
                     stair || ramp                    ? "NOTDEFINED"
                     : strcmp(kind, "escalator") == 0 ? "ESCALATOR"
                                                      : "ELEVATOR");
    const ct_step_id id = t->entity;
    CT_TRY(contain(x, home, id));
    return ct_ifcx__sets(x, f, entity, id, o.guid);
}

// ---- what a building is built of ----------------------------------------------------------------

typedef struct entity_row {
    const char *source, *keyword; // as the schema writes it, and in the file
    const char *format;           // of what follows the tag
} entity_row;

static const entity_row k_entities[] = {
    {"IfcWall", "IFCWALL", "$"},
    {"IfcWallStandardCase", "IFCWALL", "$"},
    {"IfcSlab", "IFCSLAB", "$"},
    {"IfcRoof", "IFCROOF", "$"},
    {"IfcColumn", "IFCCOLUMN", "$"},
    {"IfcBeam", "IFCBEAM", "$"},
    {"IfcMember", "IFCMEMBER", "$"},
    {"IfcPlate", "IFCPLATE", "$"},
    {"IfcFooting", "IFCFOOTING", "$"},
    {"IfcPile", "IFCPILE", "$$"},
    {"IfcCovering", "IFCCOVERING", "$"},
    {"IfcRailing", "IFCRAILING", "$"},
    {"IfcCurtainWall", "IFCCURTAINWALL", "$"},
    {"IfcStairFlight", "IFCSTAIRFLIGHT", "$$$$$"},
    {"IfcRampFlight", "IFCRAMPFLIGHT", "$"},
    {"IfcFurniture", "IFCFURNITURE", "$"},
    {"IfcFurnishingElement", "IFCFURNITURE", "$"},
    {"IfcSystemFurnitureElement", "IFCSYSTEMFURNITUREELEMENT", "$"},
    {"IfcSanitaryTerminal", "IFCSANITARYTERMINAL", "$"},
    {"IfcFlowMeter", "IFCFLOWMETER", "$"},
    {"IfcLightFixture", "IFCLIGHTFIXTURE", "$"},
    {"IfcOutlet", "IFCOUTLET", "$"},
    {"IfcAirTerminal", "IFCAIRTERMINAL", "$"},
    {"IfcDuctSegment", "IFCDUCTSEGMENT", "$"},
    {"IfcDuctFitting", "IFCDUCTFITTING", "$"},
    {"IfcPipeSegment", "IFCPIPESEGMENT", "$"},
    {"IfcPipeFitting", "IFCPIPEFITTING", "$"},
    {"IfcTransportElement", "IFCTRANSPORTELEMENT", "$"},
    {"IfcElementAssembly", "IFCELEMENTASSEMBLY", "$$"},
    {"IfcReinforcingBar", "IFCREINFORCINGBAR", "$$$$$$$"},
};

static const entity_row *row_of(const ct_feature *f) {
    static const entity_row proxy = {"IfcBuildingElementProxy", "IFCBUILDINGELEMENTPROXY", "$"};
    static const char *const by_kind[][2] = {
        {"wall", "IfcWall"},       {"curtain_wall", "IfcCurtainWall"},
        {"slab", "IfcSlab"},       {"roof", "IfcRoof"},
        {"column", "IfcColumn"},   {"beam", "IfcBeam"},
        {"footing", "IfcFooting"}, {"covering", "IfcCovering"},
        {"railing", "IfcRailing"}, {"furniture", "IfcFurniture"},
        {"member", "IfcMember"},   {"plate", "IfcPlate"},
        {"pile", "IfcPile"}};
    const char *source = text(f, "source_class"), *kind = ct_feature_text(f, "kind", "other");
    for (size_t i = 0; !source && i < sizeof by_kind / sizeof *by_kind; i++)
        if (strcmp(by_kind[i][0], kind) == 0) source = by_kind[i][1];
    for (size_t i = 0; source && i < sizeof k_entities / sizeof *k_entities; i++)
        if (strcmp(k_entities[i].source, source) == 0) return &k_entities[i];
    return &proxy;
}

static ct_err put_material(ct_ifcx *x, const char *name, ct_step_id element) {
    char key[300];
    ct_step_id material;
    (void)snprintf(key, sizeof key, "material/%.280s", name);
    if (!ct_ifcx__shared(&material, x, key)) {
        material = ct_stepw_put(x->w, "IFCMATERIAL", "s$$", name);
        CT_TRY(ct_ifcx__share(x, key, material));
    }
    return ct_ifcx__link_to(x, CT_IFCX__MATERIAL, material, element);
}

static ct_err put_element(ct_ifcx *x, const ct_feature *f) {
    object o;
    size_t home, whole;
    const entity_row *row = row_of(f);
    char format[32];
    CT_TRY(start(&o, x, f));
    CT_TRY(home_of(&home, x, f));
    CT_TRY(named(&whole, x, f, "part_of"));
    if (whole != SIZE_MAX && !x->things[whole].place) put_element_place(x, f, whole, home);
    put_element_place(x, f, o.thing, whole != SIZE_MAX ? whole : home);
    CT_TRY(ct_ifcx__shape(&o.shape, x, f, &x->things[o.thing], false));
    ct_ifcx__thing *t = &x->things[o.thing];
    (void)snprintf(format, sizeof format, "srs$srr$%s", row->format);
    t->entity = ct_stepw_put(x->w, row->keyword, format, o.guid, x->owner, place_name(f),
                             text(f, "source_type"), t->place, o.shape);
    const ct_step_id id = t->entity;
    if (whole != SIZE_MAX)
        CT_TRY(ct_ifcx__link_things(x, CT_IFCX__AGGREGATES, whole, id));
    else
        CT_TRY(contain(x, home, id));
    if (text(f, "material")) CT_TRY(put_material(x, text(f, "material"), id));
    return ct_ifcx__sets(x, f, row->keyword, id, o.guid);
}

// ---- devices ------------------------------------------------------------------------------------

typedef struct device_row {
    const char *kind, *keyword, *predefined;
} device_row;

static const device_row *device_of(const char *kind) {
    static const device_row rows[] = {
        {"smoke_detector", "IFCSENSOR", "SMOKESENSOR"},
        {"heat_detector", "IFCSENSOR", "HEATSENSOR"},
        {"temperature", "IFCSENSOR", "TEMPERATURESENSOR"},
        {"motion", "IFCSENSOR", "MOVEMENTSENSOR"},
        {"water_level", "IFCSENSOR", "LEVELSENSOR"},
        {"door_sensor", "IFCSENSOR", "CONTACTSENSOR"},
        {"light", "IFCSENSOR", "LIGHTSENSOR"},
        {"alarm", "IFCALARM", "SIREN"},
        {"actuator", "IFCACTUATOR", "ELECTRICACTUATOR"},
        {"controller", "IFCCONTROLLER", "PROGRAMMABLE"},
        {"alarm_button", "IFCALARM", "BREAKGLASSBUTTON"},
        {"sprinkler", "IFCFIRESUPPRESSIONTERMINAL", "SPRINKLER"},
        {"hose_reel", "IFCFIRESUPPRESSIONTERMINAL", "HOSEREEL"},
        {"indoor_hydrant", "IFCFIRESUPPRESSIONTERMINAL", "FIREHYDRANT"},
        {"pump_adapter", "IFCFIRESUPPRESSIONTERMINAL", "BREECHINGINLET"},
        {"extinguisher", "IFCFIRESUPPRESSIONTERMINAL", "USERDEFINED"},
        {"fire_cabinet", "IFCFIRESUPPRESSIONTERMINAL", "USERDEFINED"},
    };
    static const device_row other = {"", "IFCSENSOR", "USERDEFINED"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].kind, kind) == 0) return &rows[i];
    return &other;
}

static ct_err put_device(ct_ifcx *x, const ct_feature *f, bool equipment) {
    object o;
    size_t home;
    const char *kind = ct_feature_text(f, "kind", "other");
    device_row row = *device_of(kind);
    if (equipment && !*row.kind) row.keyword = "IFCFIRESUPPRESSIONTERMINAL";
    CT_TRY(start(&o, x, f));
    CT_TRY(home_of(&home, x, f));
    put_element_place(x, f, o.thing, home);
    CT_TRY(ct_ifcx__shape(&o.shape, x, f, &x->things[o.thing], false));
    ct_ifcx__thing *t = &x->things[o.thing];
    t->entity = ct_stepw_put(x->w, row.keyword, "srs$srr$e", o.guid, x->owner, place_name(f), kind,
                             t->place, o.shape, row.predefined);
    const ct_step_id id = t->entity;
    CT_TRY(contain(x, home, id));
    return ct_ifcx__sets(x, f, row.keyword, id, o.guid);
}

ct_err ct_ifcx__object(ct_ifcx *x, const ct_feature *f) {
    static const struct {
        const char *cls;
        ct_err (*put)(ct_ifcx *x, const ct_feature *f);
    } puts[] = {{"site", put_site},       {"building", put_building},    {"storey", put_storey},
                {"space", put_space},     {"opening", put_opening},      {"zone", put_zone},
                {"element", put_element}, {"transition", put_transition}};
    for (size_t i = 0; i < sizeof puts / sizeof *puts; i++)
        if (strcmp(puts[i].cls, f->cls->name) == 0) return puts[i].put(x, f);
    return put_device(x, f, strcmp(f->cls->name, "device") != 0);
}
