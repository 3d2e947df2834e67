// Property and quantity sets: those that came with the feature as they were, standard ones for
// attributes that the twin has, and the twin's own set for what IFC has no place for.
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "export/ifc/ifc.h"
#include "model/twin_set.h"

enum { MAX_OWN = 128, LABEL_CHARS = 255 };

// ---- values -------------------------------------------------------------------------------------

static const char *type_of(const ct_value *v) {
    switch (v->kind) {
    case CT_VALUE_INTEGER: return "IFCINTEGER";
    case CT_VALUE_REAL: return "IFCREAL";
    case CT_VALUE_BOOLEAN: return "IFCBOOLEAN";
    case CT_VALUE_TEXT: return strlen(v->as.text) > LABEL_CHARS ? "IFCTEXT" : "IFCLABEL";
    case CT_VALUE_NULL: break;
    }
    return NULL;
}

static void put_value(ct_stepw *w, const ct_value *v) {
    const char *type = type_of(v);
    if (!type) {
        ct_stepw_unset(w);
        return;
    }
    ct_stepw_open_list(w, type);
    switch (v->kind) {
    case CT_VALUE_INTEGER: ct_stepw_int(w, v->as.integer); break;
    case CT_VALUE_REAL: ct_stepw_real(w, v->as.real); break;
    case CT_VALUE_BOOLEAN: ct_stepw_bool(w, v->as.boolean); break;
    case CT_VALUE_TEXT: ct_stepw_text(w, v->as.text); break;
    case CT_VALUE_NULL: break;
    }
    ct_stepw_close_list(w);
}

static double number_of(const ct_value *v) {
    return v->kind == CT_VALUE_INTEGER ? (double)v->as.integer : v->as.real;
}

static bool is_number(const ct_value *v) {
    return v->kind == CT_VALUE_INTEGER || v->kind == CT_VALUE_REAL;
}

// ---- sets ---------------------------------------------------------------------------------------

static bool is_quantities(const ct_property *p, size_t n) {
    if (strncmp(p->set, "Qto_", 4) != 0 && strcmp(p->set, "BaseQuantities") != 0) return false;
    for (size_t i = 0; i < n; i++)
        if (!is_number(&p[i].value)) return false;
    return true;
}

static const char *quantity_of(const char *name) {
    if (strstr(name, "Area")) return "IFCQUANTITYAREA";
    if (strstr(name, "Volume")) return "IFCQUANTITYVOLUME";
    if (strstr(name, "Weight")) return "IFCQUANTITYWEIGHT";
    if (strstr(name, "Count") || strncmp(name, "Number", 6) == 0) return "IFCQUANTITYCOUNT";
    return "IFCQUANTITYLENGTH";
}

// Sets of one content are one instance with many owners.
static ct_err key_of(char out[48], const ct_property *p, size_t n) {
    ct_hash *h = ct_hash_new();
    char hex[33];
    if (!h) return CT_NOMEM;
    ct_hash_add_text(h, p->set);
    for (size_t i = 0; i < n; i++) {
        const ct_value *v = &p[i].value;
        ct_hash_add_text(h, p[i].name);
        ct_hash_add_text(h, v->kind == CT_VALUE_TEXT ? v->as.text : "");
        ct_hash_add(h, &v->kind, sizeof v->kind);
        if (v->kind == CT_VALUE_BOOLEAN) ct_hash_add(h, &v->as.boolean, sizeof v->as.boolean);
        if (is_number(v)) ct_hash_add(h, &v->as, sizeof v->as.real);
    }
    ct_hash_hex(hex, ct_hash_get(h));
    ct_hash_free(h);
    (void)snprintf(out, 48, "set/%s", hex);
    return CT_OK;
}

static ct_step_id put_member(ct_ifcx *x, const ct_property *p, bool quantity) {
    if (quantity)
        return ct_stepw_put(x->w, quantity_of(p->name), "s$$f$", p->name, number_of(&p->value));
    const ct_step_id id = ct_stepw_begin(x->w, "IFCPROPERTYSINGLEVALUE");
    ct_stepw_text(x->w, p->name);
    ct_stepw_unset(x->w);
    put_value(x->w, &p->value);
    ct_stepw_unset(x->w);
    ct_stepw_end(x->w);
    return id;
}

// The set of `n` properties that share their set's name.
static ct_err put_set(ct_ifcx *x, const ct_property *p, size_t n, ct_step_id object) {
    char key[48];
    ct_step_id set;
    const char *guid;
    if (n == 0) return CT_OK;
    CT_TRY(key_of(key, p, n));
    if (!ct_ifcx__shared(&set, x, key)) {
        const bool quantities = is_quantities(p, n);
        ct_step_id *ids = ct_arena_alloc(x->arena, n * sizeof *ids);
        if (!ids) return CT_NOMEM;
        for (size_t i = 0; i < n; i++) ids[i] = put_member(x, &p[i], quantities);
        CT_TRY(ct_ifcx__guid(&guid, x, NULL, "%s", key));
        set = quantities
                  ? ct_stepw_put(x->w, "IFCELEMENTQUANTITY", "srs$sR", guid, x->owner, p->set,
                                 "BaseQuantities", n, ids)
                  : ct_stepw_put(x->w, "IFCPROPERTYSET", "srs$R", guid, x->owner, p->set, n, ids);
        CT_TRY(ct_ifcx__share(x, key, set));
    }
    return ct_ifcx__link_to(x, CT_IFCX__SET, set, object);
}

static ct_err put_code(ct_ifcx *x, const ct_property *p, ct_step_id object) {
    char key[300];
    ct_step_id source, code;
    const char *text = p->value.kind == CT_VALUE_TEXT ? p->value.as.text : "";
    (void)snprintf(key, sizeof key, "source/%.250s", p->name);
    if (!ct_ifcx__shared(&source, x, key)) {
        source = ct_stepw_put(x->w, "IFCCLASSIFICATION", "$$$s$$$", p->name);
        CT_TRY(ct_ifcx__share(x, key, source));
    }
    (void)snprintf(key, sizeof key, "code/%.140s/%.140s", p->name, text);
    if (!ct_ifcx__shared(&code, x, key)) {
        code = ct_stepw_put(x->w, "IFCCLASSIFICATIONREFERENCE", "$s$r$$", text, source);
        CT_TRY(ct_ifcx__share(x, key, code));
    }
    return ct_ifcx__link_to(x, CT_IFCX__CODE, code, object);
}

static ct_err put_own_sets(ct_ifcx *x, const ct_feature *f, ct_step_id object) {
    for (size_t i = 0, end; i < f->n_properties; i = end) {
        const ct_property *p = &f->properties[i];
        size_t thing;
        for (end = i + 1; end < f->n_properties; end++)
            if (strcmp(f->properties[end].set, p->set) != 0) break;
        if (strcmp(p->set, "group") == 0) {
            for (size_t k = i; k < end; k++) {
                if (f->properties[k].value.kind != CT_VALUE_TEXT) continue;
                CT_TRY(ct_ifcx__thing_of(&thing, x, f->properties[k].value.as.text));
                CT_TRY(ct_ifcx__link_things(x, CT_IFCX__MEMBER, thing, object));
            }
        } else if (strcmp(p->set, "classification") == 0) {
            for (size_t k = i; k < end; k++) CT_TRY(put_code(x, &f->properties[k], object));
        } else {
            CT_TRY(put_set(x, p, end - i, object));
        }
    }
    return CT_OK;
}

// ---- attributes ---------------------------------------------------------------------------------

typedef struct standard { // where an attribute has its place in IFC; set NULL: not in a set
    const char *cls, *attr, *set, *name;
} standard;

// "*": the common set of the entity. Without a set: told by the object itself or by a relation.
static const standard k_standard[] = {
    {NULL, "name", NULL, NULL},
    {NULL, "building", NULL, NULL},
    {NULL, "storey", NULL, NULL},
    {NULL, "is_external", "*", "IsExternal"},
    {NULL, "fire_rating", "*", "FireRating"},
    {"site", "long_name", NULL, NULL},
    {"site", "elevation_m", NULL, NULL},
    {"building", "long_name", NULL, NULL},
    {"building", "base_m", NULL, NULL},
    {"building", "occupancy", "Pset_BuildingCommon", "OccupancyType"},
    {"building", "sprinklers", "Pset_BuildingCommon", "SprinklerProtection"},
    {"building", "fire_class", "Pset_BuildingCommon", "FireProtectionClass"},
    {"storey", "long_name", NULL, NULL},
    {"storey", "elevation_m", NULL, NULL},
    {"storey", "is_entrance", "Pset_BuildingStoreyCommon", "EntranceLevel"},
    {"space", "long_name", NULL, NULL},
    {"space", "elevation_m", NULL, NULL},
    {"space", "zone", NULL, NULL},
    {"space", "area_m2", "Qto_SpaceBaseQuantities", "NetFloorArea"},
    {"space", "height_m", "Qto_SpaceBaseQuantities", "Height"},
    {"space", "volume_m3", "Qto_SpaceBaseQuantities", "NetVolume"},
    {"space", "occupancy", "Pset_SpaceOccupancyRequirements", "OccupancyType"},
    {"space", "occupants", "Pset_SpaceOccupancyRequirements", "OccupancyNumber"},
    {"space", "fire_risk", "Pset_SpaceFireSafetyRequirements", "FireRiskFactor"},
    {"space", "sprinklers", "Pset_SpaceFireSafetyRequirements", "SprinklerProtection"},
    {"space", "is_exit", "Pset_SpaceFireSafetyRequirements", "FireExit"},
    {"opening", "width_m", NULL, NULL},
    {"opening", "height_m", NULL, NULL},
    {"opening", "host", NULL, NULL},
    {"opening", "space_a", NULL, NULL},
    {"opening", "space_b", NULL, NULL},
    {"opening", "is_exit", "*", "FireExit"},
    {"opening", "self_closing", "*", "SelfClosing"},
    {"opening", "smoke_stop", "*", "SmokeStop"},
    {"opening", "accessible", "*", "HandicapAccessible"},
    {"transition", "from_storey", NULL, NULL},
    {"transition", "is_exit", "*", "FireExit"},
    {"transition", "accessible", "*", "HandicapAccessible"},
    {"transition", "risers", "*", "NumberOfRiser"},
    {"transition", "riser_m", "*", "RiserHeight"},
    {"transition", "tread_m", "*", "TreadLength"},
    {"element", "part_of", NULL, NULL},
    {"element", "source_type", NULL, NULL},
    {"element", "material", NULL, NULL},
    {"element", "load_bearing", "*", "LoadBearing"},
    {"element", "compartmentation", "*", "Compartmentation"},
    {"element", "combustible", "*", "Combustible"},
    {"device", "space", NULL, NULL},
    {"device", "model", "Pset_ManufacturerTypeInformation", "ModelReference"},
    {"fire_equipment", "space", NULL, NULL},
};

static const standard *standard_of(const ct_feature *f, const char *attr, const char *entity) {
    const bool size = strcmp(attr, "width_m") == 0 || strcmp(attr, "height_m") == 0;
    if (size && strcmp(entity, "IFCOPENINGELEMENT") == 0) return NULL; // it has no such attributes
    for (size_t i = 0; i < sizeof k_standard / sizeof *k_standard; i++)
        if (strcmp(k_standard[i].attr, attr) == 0 &&
            (!k_standard[i].cls || strcmp(k_standard[i].cls, f->cls->name) == 0))
            return &k_standard[i];
    return NULL;
}

// "Pset_DoorCommon" of "IFCDOOR"; the names in the schema's own letters are few.
static const char *common_set(const char *entity) {
    static const char *const sets[][2] = {{"IFCDOOR", "Pset_DoorCommon"},
                                          {"IFCWINDOW", "Pset_WindowCommon"},
                                          {"IFCWALL", "Pset_WallCommon"},
                                          {"IFCSLAB", "Pset_SlabCommon"},
                                          {"IFCROOF", "Pset_RoofCommon"},
                                          {"IFCCOLUMN", "Pset_ColumnCommon"},
                                          {"IFCBEAM", "Pset_BeamCommon"},
                                          {"IFCCOVERING", "Pset_CoveringCommon"},
                                          {"IFCSTAIR", "Pset_StairCommon"},
                                          {"IFCRAMP", "Pset_RampCommon"},
                                          {"IFCSPACE", "Pset_SpaceCommon"},
                                          {"IFCMEMBER", "Pset_MemberCommon"},
                                          {"IFCPLATE", "Pset_PlateCommon"},
                                          {"IFCRAILING", "Pset_RailingCommon"},
                                          {"IFCCURTAINWALL", "Pset_CurtainWallCommon"}};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (strcmp(sets[i][0], entity) == 0) return sets[i][1];
    return NULL;
}

static bool has_set(const ct_feature *f, const char *set) {
    for (size_t i = 0; i < f->n_properties; i++)
        if (strcmp(f->properties[i].set, set) == 0) return true;
    return false;
}

static bool same_value(const ct_value *a, const ct_value *b) {
    if (is_number(a) && is_number(b)) return number_of(a) == number_of(b);
    if (a->kind != b->kind) return false;
    return a->kind == CT_VALUE_TEXT ? strcmp(a->as.text, b->as.text) == 0
                                    : a->kind == CT_VALUE_BOOLEAN && a->as.boolean == b->as.boolean;
}

// Whether a property of the feature says the same: the attribute came from there.
static bool has_property(const ct_feature *f, const char *name, const ct_value *value) {
    for (size_t i = 0; i < f->n_properties; i++)
        if (strcasecmp(f->properties[i].name, name) == 0 &&
            same_value(&f->properties[i].value, value))
            return true;
    return false;
}

typedef struct own {
    ct_property at[MAX_OWN];
    size_t n;
} own;

static void add(own *o, const char *set, const char *name, const ct_value *value) {
    if (o->n < MAX_OWN) o->at[o->n++] = (ct_property){set, name, *value, ""};
}

// By set, in the order in which they were added.
static ct_err put_sorted(ct_ifcx *x, const own *o, ct_step_id object) {
    ct_property *list = ct_arena_alloc(x->arena, (o->n + 1) * sizeof *list);
    bool done[MAX_OWN] = {false};
    if (!list) return CT_NOMEM;
    for (size_t i = 0; i < o->n; i++) {
        size_t n = 0;
        for (size_t k = i; k < o->n; k++) {
            if (done[k] || strcmp(o->at[k].set, o->at[i].set) != 0) continue;
            done[k] = true;
            list[n++] = o->at[k];
        }
        CT_TRY(put_set(x, list, n, object));
    }
    return CT_OK;
}

ct_err ct_ifcx__sets(ct_ifcx *x, const ct_feature *f, const char *entity, ct_step_id object,
                     const char *guid) {
    char encoded[CT_ID_MAX];
    own o = {.n = 0};
    const ct_value id = {.kind = CT_VALUE_TEXT, .as.text = f->id};
    CT_TRY(put_own_sets(x, f, object));
    CT_TRY(ct_id_encode(encoded, guid));
    if (strcmp(encoded, f->id) != 0) add(&o, CT_TWIN_SET, CT_TWIN_SET_ID, &id);
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        const char *attr = f->cls->attrs[i].name;
        const ct_value *v = &f->values[i];
        if (v->kind == CT_VALUE_NULL) continue;
        const standard *s = standard_of(f, attr, entity);
        const char *set = s && s->set && *s->set == '*' ? common_set(entity) : s ? s->set : NULL;
        if (s && !s->set) continue;
        if (s && has_property(f, s->name, v)) continue;
        if (set && !has_set(f, set))
            add(&o, set, s->name, v);
        else
            add(&o, CT_TWIN_SET, attr, v);
    }
    return put_sorted(x, &o, object);
}
