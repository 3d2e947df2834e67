// A tree of city objects as features: classes, references, measures of their shapes; the storeys
// and buildings that the catalogue asks for and the file lacks are made up, and that is told.
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ingest/city/city.h"

enum { MATERIAL_MOST_POINTS = 20000000 };

ct_err ct_city__init(ct_city__reader *r, ct_ingest__job *job) {
    enum { BLOCK = 256 << 10, MOST = 1 << 30 };
    *r = (ct_city__reader){.job = job, .deliver = ct_city__deliver};
    r->arena = ct_arena_new(BLOCK, MOST);
    r->family = ct_arena_new(BLOCK, MOST);
    r->builder = ct_mesh_builder_new(CT_MESH_WELD_M, MATERIAL_MOST_POINTS);
    r->outline = ct_outline_new();
    if (r->arena && r->family && r->builder && r->outline) return CT_OK;
    ct_city__fini(r);
    return CT_NOMEM;
}

void ct_city__fini(ct_city__reader *r) {
    ct_mesh_builder_free(r->builder);
    ct_outline_free(r->outline);
    ct_ingest__named_crs_close(r->crs);
    ct_arena_free(r->family);
    ct_arena_free(r->arena);
    *r = (ct_city__reader){0};
}

// ---- tally --------------------------------------------------------------------------------------

struct ct_city__tally {
    const char *rule, *text, *name;
    size_t n;
    struct ct_city__tally *next;
};

ct_err ct_city__count(ct_city__reader *r, const char *rule, const char *text, const char *name) {
    enum { MOST_NAMES = 200 };
    ct_city__tally **at = &r->tally;
    size_t names = 0;
    for (; *at; at = &(*at)->next, names++) {
        if (strcmp((*at)->rule, rule) != 0 || strcmp((*at)->name, name) != 0) continue;
        (*at)->n++;
        return CT_OK;
    }
    if (names >= MOST_NAMES) return CT_OK;
    ct_city__tally *t = ct_arena_calloc(r->arena, 1, sizeof *t);
    const char *kept = ct_arena_strdup(r->arena, name);
    if (!t || !kept) return CT_NOMEM;
    *t = (ct_city__tally){.rule = rule, .text = text, .name = kept, .n = 1};
    *at = t;
    return CT_OK;
}

void ct_city__finish(ct_city__reader *r) {
    for (const ct_city__tally *t = r->tally; t; t = t->next)
        ct_diagnostics_add(r->job->diagnostics,
                           strncmp(t->rule, "made-", 5) == 0 ? CT_SEVERITY_INFO
                                                             : CT_SEVERITY_WARNING,
                           t->rule, r->job->file, t->text, t->n, t->name);
}

// ---- classes and ids ----------------------------------------------------------------------------

// As ct_ingest__set_ids makes it; of texts that are too long a hash.
static ct_err feature_id(const char **out, ct_arena *arena, const ct_class *cls, const char *id) {
    char encoded[CT_ID_MAX], hex[33];
    const char *text = ct_arena_printf(arena, "%s-%s", cls->name, id);
    if (!text) return CT_NOMEM;
    if (ct_id_encode(encoded, text) != CT_OK) {
        ct_hash_hex(hex, ct_hash_bytes(id, strlen(id)));
        *out = ct_arena_printf(arena, "%s-%s", cls->name, hex);
    } else {
        *out = ct_arena_strdup(arena, encoded);
    }
    return *out ? CT_OK : CT_NOMEM;
}

static bool has_faces(const ct_city__object *o) {
    for (size_t i = 0; i < o->n_shapes; i++)
        if (o->shapes[i].n_faces || o->shapes[i].pattern) return true;
    return false;
}

static bool has_lines(const ct_city__object *o) {
    for (size_t i = 0; i < o->n_shapes; i++)
        if (o->shapes[i].kind == CT_CITY__LINES && o->shapes[i].role == CT_CITY__BODY) return true;
    return false;
}

static const char *text_of(const ct_city__object *o, const char *name) {
    for (size_t i = 0; i < o->n_attributes; i++)
        if (strcmp(o->attributes[i].name, name) == 0 && !*o->attributes[i].set &&
            o->attributes[i].value.kind == CT_VALUE_TEXT)
            return o->attributes[i].value.as.text;
    return "";
}

// Stairs and the like are installations by type; what they are is told by word or code
// (CityGML 2.0, annex C: 1060 and 8010 are stairs).
static const char *transition_kind(const ct_city__object *o) {
    static const struct {
        const char *word, *kind;
    } words[] = {{"escalator", "escalator"}, {"stair", "stair"}, {"treppe", "stair"},
                 {"ramp", "ramp"},           {"lift", "lift"},   {"elevator", "lift"},
                 {"aufzug", "lift"}};
    static const char *const names[] = {"function", "class", "usage", "name"};
    if (strncmp(o->type, "Building", 8) != 0 || strstr(o->type, "Furniture")) return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = text_of(o, names[i]);
        if (strcmp(text, "1060") == 0 || strcmp(text, "8010") == 0) return "stair";
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (strcasestr(text, words[k].word)) return words[k].kind;
    }
    return NULL;
}

static const ct_class *class_of(const ct_city__reader *r, const ct_city__object *o) {
    const char *name = o->kind->cls;
    if (r->job->only_class) return r->job->only_class;
    if (strcmp(name, "traffic_area") == 0 && !has_faces(o) && has_lines(o)) name = "road";
    if (strcmp(name, "element") == 0 && has_faces(o) && transition_kind(o)) name = "transition";
    return ct_catalogue_by_name(r->job->options.catalogue, name);
}

static bool is_class(const ct_city__object *o, const char *name) {
    return o && o->cls && *o->cls->name == *name && strcmp(o->cls->name, name) == 0;
}

static ct_err classify(ct_city__reader *r, ct_city__object *o) {
    bool known;
    o->kind = ct_city__type_of(o->type, &known);
    o->cls = o->own ? o->own->cls : class_of(r, o);
    if (!known && !o->own)
        CT_TRY(ct_city__count(r, "unknown-type",
                              "%zu objects are of the type %s, which is not known; they are city "
                              "objects",
                              o->type));
    if (!o->cls)
        return ct_fail(CT_UNSUPPORTED, "the catalogue has no class \"%s\", which %s becomes",
                       o->kind->cls, o->type);
    o->building = is_class(o->parent, "building") ? o->parent
                  : o->parent                     ? o->parent->building
                                                  : NULL;
    o->storey = is_class(o->parent, "storey") ? o->parent : o->parent ? o->parent->storey : NULL;
    if (!o->own) return feature_id(&o->feature_id, r->family, o->cls, o->id);
    o->feature_id = o->id;
    return CT_OK;
}

// ---- the tree -----------------------------------------------------------------------------------

static ct_city__object *next_in_tree(ct_city__object *o, const ct_city__object *root) {
    if (o->child) return o->child;
    while (o != root && !o->next) o = o->parent;
    return o == root ? NULL : o->next;
}

static ct_city__object *deepest_first(ct_city__object *o) {
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the way up ends at the root, before NULL
    while (o->child) o = o->child;
    return o;
}

// After all its children.
static ct_city__object *next_upwards(ct_city__object *o, const ct_city__object *root) {
    if (o == root) return NULL;
    return o->next ? deepest_first(o->next) : o->parent;
}

static ct_err make_object(ct_city__object **out, ct_city__reader *r, const char *type,
                          const char *id, const char *where) {
    ct_city__object *o = ct_arena_calloc(r->family, 1, sizeof *o);
    if (!o || !id) return CT_NOMEM;
    o->type = type;
    o->id = id;
    o->where = where;
    *out = o;
    return CT_OK;
}

static ct_city__object *named(ct_city__object *root, const char *cls, const char *id) {
    for (ct_city__object *o = root; o && id; o = next_in_tree(o, root))
        if (is_class(o, cls) && strcmp(o->id, id) == 0) return o;
    return NULL;
}

// The building's storey that stands for those that the file does not tell.
static ct_err made_storey(ct_city__object **out, ct_city__reader *r, ct_city__object *building) {
    const char *id = ct_arena_printf(r->family, "%s-storey", building->id);
    if (!id) return CT_NOMEM;
    *out = named(building, "storey", id);
    if (*out) return CT_OK;
    const char *where = ct_arena_printf(r->family, "%.200s: storey made for it", building->where);
    if (!where) return CT_NOMEM;
    CT_TRY(make_object(out, r, "BuildingStorey", id, where));
    ct_city__add_child(building, *out);
    CT_TRY(classify(r, *out));
    return ct_city__count(r, "made-storey",
                          "%zu buildings have rooms on no storey: a %s was made for each",
                          "storey");
}

static ct_err house(ct_city__reader *r, ct_city__object *root, ct_city__object *o) {
    const bool room = is_class(o, "space");
    if (!o->storey) o->storey = named(root, "storey", o->storey_id);
    if (!o->storey && o->parent) o->storey = o->parent->storey; // known by now
    if (room && !o->storey && o->building) CT_TRY(made_storey(&o->storey, r, o->building));
    return CT_OK;
}

// A room or storey that is in no building gets one.
static ct_err wrap(ct_city__object **root, ct_city__reader *r) {
    ct_city__object *building, *o = *root;
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is a root
    if (o->own || r->job->only_class || (!is_class(o, "space") && !is_class(o, "storey")))
        return CT_OK;
    CT_TRY(make_object(&building, r, "Building", ct_arena_printf(r->family, "%s-building", o->id),
                       o->where));
    CT_TRY(classify(r, building));
    ct_city__add_child(building, o);
    *root = building;
    for (ct_city__object *at = o; at; at = next_in_tree(at, o)) CT_TRY(classify(r, at));
    return ct_city__count(r, "made-building",
                          "%zu rooms or storeys are in no building: a %s was made for each",
                          "building");
}

static void join_box(ct_city__object *o, const ct_city__object *child) {
    if (!child->has_box) return;
    for (int k = 0; k < 3; k++) {
        o->box.min[k] = o->has_box ? fmin(o->box.min[k], child->box.min[k]) : child->box.min[k];
        o->box.max[k] = o->has_box ? fmax(o->box.max[k], child->box.max[k]) : child->box.max[k];
    }
    o->has_box = true;
}

// A storey or unit that has no shape of its own gets that of its room.
static ct_err join(ct_city__reader *r, ct_city__object *whole, const ct_city__object *room) {
    if (!whole || whole->n_shapes) return CT_OK;
    join_box(whole, room);
    return ct_city__join_outline(r, whole, room);
}

// Devices without a shape are in the middle of what they are at.
static void place_devices(ct_city__object *root) {
    for (ct_city__object *o = root; o; o = next_in_tree(o, root)) {
        if (!is_class(o, "device") || o->has_box) continue;
        for (ct_city__object *at = root; at && o->place_id; at = next_in_tree(at, root))
            if (strcmp(at->id, o->place_id) == 0) join_box(o, at);
        if (!o->has_box && o->parent) join_box(o, o->parent);
    }
}

// Boxes and outlines from the leaves upwards; a storey's also from rooms that are its by a link.
static ct_err measure(ct_city__reader *r, ct_city__object *root) {
    for (ct_city__object *o = root; o; o = next_in_tree(o, root)) {
        ct_arena_reset(r->job->arena);
        CT_TRY(ct_city__locate(r, o));
    }
    for (ct_city__object *o = deepest_first(root); o; o = next_upwards(o, root)) {
        ct_arena_reset(r->job->arena);
        if (!o->own) CT_TRY(ct_city__outline(r, o));
        if (o->parent) join_box(o->parent, o);
    }
    for (ct_city__object *o = root; o; o = next_in_tree(o, root)) {
        if (!is_class(o, "space") || o->own) continue;
        if (o->parent != o->storey) CT_TRY(join(r, o->storey, o));
        CT_TRY(join(r, named(root, "building_unit", o->unit_id), o));
    }
    place_devices(root);
    for (ct_city__object *o = root; o; o = next_in_tree(o, root))
        if (is_class(o, "storey") && o->outline.type == CT_GEOM_NONE && o->building)
            o->outline = o->building->outline;
    return CT_OK;
}

// ---- levels -------------------------------------------------------------------------------------

static double number_of(const ct_city__object *o, const char *name) {
    for (size_t i = 0; i < o->n_attributes; i++) {
        const ct_property *p = &o->attributes[i];
        if (strcmp(p->name, name) != 0) continue;
        if (p->value.kind == CT_VALUE_INTEGER) return (double)p->value.as.integer;
        if (p->value.kind == CT_VALUE_REAL) return p->value.as.real;
    }
    return NAN;
}

static double floor_of(const ct_city__object *storey) {
    return storey->has_box ? storey->box.min[2] : 0;
}

// By the order of the floors: 0 is the first that is not clearly below the building's ground.
static void set_levels(ct_city__object *root) {
    for (ct_city__object *o = root; o; o = next_in_tree(o, root)) {
        if (!is_class(o, "storey")) continue;
        const ct_city__object *b = o->building;
        const double own = number_of(o, "sortKey");
        if (isfinite(own) && fabs(own) <= 300) { // the catalogue's limit
            o->level = (int)floor(own);
            continue;
        }
        const double half_below_m = 1.5;
        const double ground = b && b->has_box && has_faces(b) ? b->box.min[2] - half_below_m : -1e9;
        for (const ct_city__object *s = root; s; s = next_in_tree((ct_city__object *)s, root)) {
            if (s == o || !is_class(s, "storey") || s->building != b) continue;
            const double z = floor_of(s);
            if (z < floor_of(o) && z >= ground) o->level++;
            if (z > floor_of(o) && z < ground) o->level--;
        }
        if (floor_of(o) < ground) o->level--;
    }
}

// ---- one feature --------------------------------------------------------------------------------

static void set_number(ct_feature *f, const char *attr, double value) {
    const int at = ct_class_attr(f->cls, attr);
    if (at < 0 || f->values[at].kind != CT_VALUE_NULL || !isfinite(value)) return;
    const ct_attr *a = &f->cls->attrs[at];
    if ((a->has_min && value < a->min) || (a->has_max && value > a->max)) return;
    ct_value v;
    if (ct_value_from_number(&v, a, value) == CT_OK) f->values[at] = v;
}

static void set_text(ct_feature *f, const char *attr, const char *text) {
    const int at = ct_class_attr(f->cls, attr);
    if (at < 0 || f->values[at].kind != CT_VALUE_NULL || !text) return;
    f->values[at] = (ct_value){.kind = CT_VALUE_TEXT, .as.text = text};
}

static void set_references(ct_feature *f, const ct_city__object *o) {
    const ct_city__object *whole = o->parent;
    if (o->building) set_text(f, "building", o->building->feature_id);
    if (o->storey) set_text(f, "storey", o->storey->feature_id);
    if (o->side[0]) set_text(f, "space_a", o->side[0]->feature_id);
    if (o->side[1]) set_text(f, "space_b", o->side[1]->feature_id);
    if (whole && whole->cls == o->cls) set_text(f, "part_of", whole->feature_id);
}

static void set_kind(ct_feature *f, const ct_city__object *o) {
    const char *kind = o->kind->kind;
    if (is_class(o, "transition")) kind = transition_kind(o);
    if (is_class(o, "city_object")) kind = o->type;
    if (is_class(o, "road")) kind = NULL;
    set_text(f, "kind", kind);
}

static void set_measures(ct_feature *f, const ct_city__object *o, double volume_m3) {
    const ct_box3 *b = &o->box;
    if (is_class(o, "storey")) set_number(f, "level", o->level);
    if (is_class(o, "device") && o->storey) set_number(f, "storey_level", o->storey->level);
    if (!o->has_box) return;
    const double dx = b->max[0] - b->min[0], dy = b->max[1] - b->min[1], dz = b->max[2] - b->min[2];
    set_number(f, "base_m", b->min[2]);
    set_number(f, "elevation_m", b->min[2]);
    if (dz > 0) set_number(f, "height_m", dz);
    if (is_class(o, "opening")) set_number(f, "width_m", hypot(dx, dy));
    const double area_m2 = ct_geom_area_m2(&o->outline);
    if (area_m2 > 0) set_number(f, "area_m2", area_m2);
    set_number(f, "volume_m3", volume_m3);
}

static ct_err set_point(ct_geom *out, ct_arena *arena, const ct_city__object *o) {
    if (!o->has_box) return CT_OK;
    CT_TRY(ct_geom_single(out, arena, CT_GEOM_POINT, true, 1));
    for (int k = 0; k < 2; k++) out->xyz[k] = (o->box.min[k] + o->box.max[k]) / 2;
    out->xyz[2] = o->box.min[2];
    return CT_OK;
}

// From the middle of its lowest points to that of its highest.
static void ends_of(double out[6], const ct_city__object *o) {
    const double near_m = 0.05;
    double n[2] = {0};
    memset(out, 0, 6 * sizeof *out);
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        for (uint32_t k = 0; !s->pattern && k < s->n_points; k++) {
            const double *p = s->xyz + 3 * (size_t)k;
            const int end = p[2] <= o->box.min[2] + near_m   ? 0
                            : p[2] >= o->box.max[2] - near_m ? 1
                                                             : -1;
            if (end < 0) continue;
            for (int c = 0; c < 3; c++) out[3 * end + c] += p[c];
            n[end]++;
        }
    }
    for (int i = 0; i < 6; i++) out[i] /= n[i / 3];
}

static ct_err set_lines(ct_geom *out, ct_arena *arena, const ct_city__object *o) {
    uint32_t points = 2, rings = 1;
    for (size_t i = 0; i < o->n_shapes; i++) {
        if (o->shapes[i].kind != CT_CITY__LINES || o->shapes[i].role != CT_CITY__BODY) continue;
        points += o->shapes[i].n_points;
        rings += o->shapes[i].n_rings;
    }
    ct_geom g = {.type = CT_GEOM_MULTILINESTRING, .has_z = true};
    g.xyz = ct_arena_calloc(arena, points, 3 * sizeof *g.xyz);
    g.ring_end = ct_arena_calloc(arena, rings, sizeof *g.ring_end);
    g.part_end = ct_arena_calloc(arena, 1, sizeof *g.part_end);
    if (!g.xyz || !g.ring_end || !g.part_end) return CT_NOMEM;
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        if (s->kind != CT_CITY__LINES || s->role != CT_CITY__BODY) continue;
        memcpy(g.xyz + 3 * (size_t)g.n_points, s->xyz, 3 * sizeof *g.xyz * s->n_points);
        for (uint32_t k = 0; k < s->n_rings; k++)
            g.ring_end[g.n_rings++] = g.n_points + s->ring_end[k];
        g.n_points += s->n_points;
    }
    if (g.n_rings == 0) {
        ends_of(g.xyz, o);
        if (!isfinite(g.xyz[0]) || !isfinite(g.xyz[3])) return CT_OK;
        g.n_points = g.ring_end[g.n_rings++] = 2;
    }
    g.part_end[g.n_parts++] = g.n_rings;
    *out = g;
    return CT_OK;
}

// The outline, at the height of the foot where the class has heights.
static ct_err set_outline(ct_geom *out, ct_arena *arena, const ct_feature *f,
                          const ct_city__object *o) {
    CT_TRY(ct_geom_copy(out, arena, &o->outline));
    if (out->type == CT_GEOM_NONE || !f->cls->has_z || !o->has_box) return CT_OK;
    double *xyz = ct_arena_calloc(arena, out->n_points, 3 * sizeof *xyz);
    if (!xyz) return CT_NOMEM;
    const double z = ct_feature_number(f, "base_m", o->box.min[2]);
    const int stride = ct_geom_stride(out);
    for (uint32_t i = 0; i < out->n_points; i++) {
        memcpy(xyz + 3 * (size_t)i, out->xyz + (size_t)stride * i, 2 * sizeof *xyz);
        xyz[3 * (size_t)i + 2] = z;
    }
    out->xyz = xyz;
    out->has_z = true;
    return CT_OK;
}

static ct_err set_geometry(ct_feature *f, ct_arena *arena, const ct_city__object *o) {
    switch (f->cls->geometry) {
    case CT_GEOM_POINT:
    case CT_GEOM_MULTIPOINT: return set_point(&f->geom, arena, o);
    case CT_GEOM_LINESTRING:
    case CT_GEOM_MULTILINESTRING: return o->has_box ? set_lines(&f->geom, arena, o) : CT_OK;
    case CT_GEOM_POLYGON:
    case CT_GEOM_MULTIPOLYGON: return set_outline(&f->geom, arena, f, o);
    case CT_GEOM_NONE: return CT_OK;
    }
    return CT_OK;
}

static ct_err make_feature(ct_feature *f, ct_city__reader *r, ct_city__object *o) {
    double volume_m3;
    if (o->own) return ct_city__own_feature(f, r, o);
    CT_TRY(ct_feature_new(f, r->job->arena, o->cls));
    f->source_id = o->id;
    f->id = o->feature_id;
    CT_TRY(ct_city__attributes(f, r, o));
    CT_TRY(ct_city__body(&f->body, &volume_m3, r, o));
    set_references(f, o);
    set_kind(f, o);
    set_measures(f, o, volume_m3);
    return set_geometry(f, r->job->arena, o);
}

// Whether the error is the object's alone.
static bool is_finding(ct_err err) {
    return err == CT_PARSE || err == CT_RANGE || err == CT_GEOM || err == CT_LIMIT ||
           err == CT_CRS || err == CT_UNSUPPORTED;
}

ct_err ct_city__note(const ct_city__reader *r, ct_err err, const char *where) {
    if (!is_finding(err)) return err;
    ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_ERROR,
                       err == CT_PARSE || err == CT_RANGE ? "attribute" : "geometry", where, "%s",
                       ct_err_message());
    return CT_OK;
}

// After its device, unless that was a finding.
static ct_err observe(ct_city__reader *r, const ct_city__object *o) {
    const ct_ingest_options *options = &r->job->options;
    if (!options->observe || !r->job->sink) return CT_OK;
    if (ct_diagnostics_count(r->job->diagnostics, CT_SEVERITY_ERROR)) return CT_OK;
    for (size_t i = 0; i < o->n_observations; i++) {
        const ct_city__observation *at = &o->observations[i];
        CT_TRY(options->observe(
            options->observe_context,
            &(ct_ingest_observation){o->feature_id, o->observed, at->time_us, at->value}));
    }
    return CT_OK;
}

static ct_err deliver_one(ct_city__reader *r, ct_city__object *o) {
    ct_feature f = {0};
    ct_arena_reset(r->job->arena);
    if (++r->job->n_features > r->job->options.max_features)
        return ct_fail(CT_LIMIT, "%s: more than %zu features", r->job->file,
                       r->job->options.max_features);
    const ct_err err = make_feature(&f, r, o);
    if (err != CT_OK) return ct_city__note(r, err, o->where);
    r->job->nearly_valid = o->own != NULL;
    CT_TRY(ct_ingest__deliver(r->job, &f, o->where));
    return observe(r, o);
}

static ct_err prepare(ct_city__object **root, ct_city__reader *r) {
    for (ct_city__object *o = *root; o; o = next_in_tree(o, *root)) CT_TRY(classify(r, o));
    CT_TRY(wrap(root, r));
    for (ct_city__object *o = *root; o; o = next_in_tree(o, *root)) {
        if (o->own) continue;
        CT_TRY(ct_city__openings(r, o));
        CT_TRY(house(r, *root, o));
    }
    for (ct_city__object *o = *root; o; o = next_in_tree(o, *root))
        if (!o->feature_id) CT_TRY(classify(r, o));
    CT_TRY(measure(r, *root));
    set_levels(*root);
    return CT_OK;
}

ct_err ct_city__deliver(ct_city__reader *r, ct_city__object *root) {
    if (!ct_ingest__progress(r->job, r->part))
        return ct_fail(CT_CANCELLED, "%s: cancelled", r->job->file);
    if (ct_diagnostics_count(r->job->diagnostics, CT_SEVERITY_ERROR) >= CT_INGEST__MAX_ERRORS)
        return CT_OK;
    // Without a way to the twin nothing can be imported.
    for (const ct_city__object *o = root; o && !r->crs;
         o = next_in_tree((ct_city__object *)o, root))
        CT_TRY(ct_city__open_crs(r, o));
    const ct_err err = prepare(&root, r);
    if (err != CT_OK) return ct_city__note(r, err, root->where);
    for (ct_city__object *o = root; o; o = next_in_tree(o, root)) CT_TRY(deliver_one(r, o));
    return CT_OK;
}
