// What was found as features: tags by the rules of data/ingest/osm_indoor.json, shapes with bodies,
// references; every tag stays as a property of the set "osm".
#include <stdio.h>
#include <string.h>

#include "geo/geos.h"
#include "geo/mesh_prism.h"
#include "ingest/osm_indoor/inside.h"

enum { LOD_INDOOR = 4 };

static const ct_material k_plain = {.name = "", .rgba = {0.8F, 0.8F, 0.8F, 1}};

typedef struct item { // one feature at work
    ct_osm__inside *in;
    const ct_osm__element *e; // whose tags; NULL: none
    ct_feature f;
    char where[CT_INGEST__WHERE_BYTES];
    const ct_ingest__rules *rules;
} item;

// ---- tags ---------------------------------------------------------------------------------------

static const char *tag_of(const void *context, size_t tag) {
    const item *i = context;
    return ct_osm__get(i->e, ct_ingest__rules_tag(i->rules, tag));
}

static void bad_tag(void *context, const char *text) {
    const item *i = context;
    ct_diagnostics_add(i->in->job->diagnostics,
                       i->in->job->options.strict ? CT_SEVERITY_ERROR : CT_SEVERITY_WARNING,
                       "tag-value", i->where, "%s", text);
}

static ct_err keep_tags(item *i) {
    ct_property *kept = ct_arena_calloc(i->in->job->arena, i->e->n_tags + (size_t)1, sizeof *kept);
    if (!kept) return CT_NOMEM;
    for (uint32_t k = 0; k < i->e->n_tags; k++) {
        const ct_osm__tag *tag = &i->e->tags[k];
        kept[k] = (ct_property){.set = "osm",
                                .name = tag->key,
                                .value = {.kind = CT_VALUE_TEXT, .as.text = tag->value},
                                .unit = ""};
    }
    i->f.properties = kept;
    i->f.n_properties = i->e->n_tags;
    return CT_OK;
}

static ct_err apply_rules(item *i, const ct_ingest__rules *rules) {
    const ct_ingest__tags tags = {.get = tag_of, .context = i};
    i->rules = rules;
    const ct_ingest__rule *rule =
        ct_ingest__rules_match(rules, &tags, i->f.cls->geometry, i->f.cls);
    if (!rule) return CT_OK;
    return ct_ingest__rule_apply(rule, &tags, &i->f, i->in->job->arena, bad_tag, i);
}

static ct_err begin(item *i, ct_osm__inside *in, const char *cls, const ct_osm__element *e,
                    const char *id, const char *source) {
    const ct_class *c = ct_catalogue_by_name(in->job->options.catalogue, cls);
    *i = (item){.in = in, .e = e};
    if (!c) return ct_fail(CT_UNSUPPORTED, "the catalogue has no class \"%s\"", cls);
    CT_TRY(ct_ingest__tick(in->job, 0.9));
    ct_arena_reset(in->job->arena);
    CT_TRY(ct_feature_new(&i->f, in->job->arena, c));
    i->f.id = id;
    i->f.source_id = source;
    if (e && e->line > 0)
        snprintf(i->where, sizeof i->where, "%.120s:%ld:%.90s", in->job->file, e->line, source);
    else
        snprintf(i->where, sizeof i->where, "%.150s:%.90s", in->job->file, source);
    if (!e) return CT_OK;
    if (strcmp(cls, "building") == 0) return apply_rules(i, in->outdoor); // as outdoors
    CT_TRY(apply_rules(i, in->indoor));
    return keep_tags(i);
}

static ct_err finish(item *i) {
    return ct_ingest__deliver(i->in->job, &i->f, i->where);
}

// ---- values -------------------------------------------------------------------------------------

static bool is_null(const ct_feature *f, const char *attr) {
    const ct_value *v = ct_feature_get(f, attr);
    return v && v->kind == CT_VALUE_NULL;
}

// Within the catalogue's limits, or not at all.
static void set_number(ct_feature *f, const char *attr, double value) {
    const int at = ct_class_attr(f->cls, attr);
    ct_value v;
    if (at < 0 || f->values[at].kind != CT_VALUE_NULL || !isfinite(value)) return;
    const ct_attr *a = &f->cls->attrs[at];
    if ((a->has_min && value < a->min) || (a->has_max && value > a->max)) return;
    if (ct_value_from_number(&v, a, value) == CT_OK) f->values[at] = v;
}

static ct_err set_text(ct_feature *f, const char *attr, const char *text) {
    return text ? ct_feature_set_text(f, attr, text) : CT_OK;
}

// ---- shapes -------------------------------------------------------------------------------------

// The polygons at a height.
static ct_err at_height(ct_geom *out, ct_arena *arena, const ct_geom *g, double z_m) {
    const size_t stride = (size_t)ct_geom_stride(g);
    *out = *g;
    out->has_z = true;
    out->xyz = ct_arena_calloc(arena, g->n_points, 3 * sizeof *out->xyz);
    if (!out->xyz) return CT_NOMEM;
    for (uint32_t i = 0; i < g->n_points; i++) {
        memcpy(out->xyz + 3 * (size_t)i, g->xyz + stride * i, 2 * sizeof *out->xyz);
        out->xyz[3 * (size_t)i + 2] = z_m;
    }
    return CT_OK;
}

static ct_err one_part(const ct_body **out, ct_arena *arena, const ct_mesh *mesh,
                       const double origin[3]) {
    ct_body *body = ct_arena_calloc(arena, 1, sizeof *body);
    ct_body_part *part = ct_arena_calloc(arena, 1, sizeof *part);
    ct_mesh *kept = ct_arena_calloc(arena, 1, sizeof *kept);
    if (!body || !part || !kept) return CT_NOMEM;
    *kept = *mesh;
    *part = (ct_body_part){
        .mesh = kept, .place = ct_affine_identity, .material = k_plain, .lod = LOD_INDOOR};
    for (int k = 0; k < 3; k++) part->place.m[4 * k + 3] = origin[k];
    *body = (ct_body){.n_parts = 1, .parts = part};
    *out = body;
    return CT_OK;
}

// The prism over the polygons.
static ct_err prism(const ct_body **out, ct_osm__inside *in, const ct_geom *g, double z_m,
                    double height_m, const ct_prism_tags *tags) {
    ct_arena *arena = in->job->arena;
    const double origin[3] = {floor(g->xyz[0]), floor(g->xyz[1]), z_m};
    const size_t stride = (size_t)ct_geom_stride(g);
    ct_geom near = *g;
    ct_mesh mesh;
    near.has_z = false;
    near.xyz = ct_arena_calloc(arena, g->n_points, 2 * sizeof *near.xyz);
    if (!near.xyz) return CT_NOMEM;
    for (uint32_t i = 0; i < g->n_points; i++)
        for (size_t k = 0; k < 2; k++)
            near.xyz[2 * (size_t)i + k] = g->xyz[stride * i + k] - origin[k];
    const ct_prism swept = {
        .profile = &near, .place = ct_affine_identity, .along = {0, 0, height_m}};
    const ct_err err = ct_mesh_extrude(&mesh, arena, &swept, tags);
    if (err == CT_GEOM) return CT_OK; // too thin for a body
    CT_TRY(err);
    return mesh.n_triangles ? one_part(out, arena, &mesh, origin) : CT_OK;
}

// An upright rectangle in the wall, its foot's middle at the place.
static ct_err leaf(const ct_body **out, ct_arena *arena, const double at[3], const double along[2],
                   double width_m, double height_m, uint8_t tag) {
    static const uint32_t triangles[6] = {0, 1, 2, 0, 2, 3}, face_end[1] = {2};
    const double u[2] = {width_m / 2 * along[0], width_m / 2 * along[1]};
    const double corners[12] = {-u[0], -u[1], 0,        u[0],  u[1],  0,
                                u[0],  u[1],  height_m, -u[0], -u[1], height_m};
    ct_mesh mesh = {.n_points = 4, .n_triangles = 2, .n_faces = 1};
    mesh.xyz = ct_arena_alloc(arena, sizeof corners);
    mesh.triangles = ct_arena_alloc(arena, sizeof triangles);
    mesh.face_end = ct_arena_alloc(arena, sizeof face_end);
    mesh.face_tag = ct_arena_alloc(arena, 1);
    if (!mesh.xyz || !mesh.triangles || !mesh.face_end || !mesh.face_tag) return CT_NOMEM;
    memcpy(mesh.xyz, corners, sizeof corners);
    memcpy(mesh.triangles, triangles, sizeof triangles);
    memcpy(mesh.face_end, face_end, sizeof face_end);
    mesh.face_tag[0] = tag;
    return one_part(out, arena, &mesh, at);
}

// ---- buildings and storeys ----------------------------------------------------------------------

static ct_err emit_building(ct_osm__inside *in, const ct_osm__building *b) {
    item i;
    int above = 0, below = 0;
    CT_TRY(begin(&i, in, "building", b->of, b->id, b->source));
    for (uint32_t k = b->first; k < b->first + b->n; k++) {
        const ct_osm__storey *s = &in->storeys[k];
        above += s->level >= 0;
        below += s->level < 0;
        if (s->level >= 0 && above == 1) set_number(&i.f, "ground_floor_m", s->z_m);
    }
    set_number(&i.f, "storeys_above", above);
    set_number(&i.f, "storeys_below", below);
    if (b->n) {
        const ct_osm__storey *top = &in->storeys[b->first + b->n - 1];
        set_number(&i.f, "height_m", top->z_m + top->height_m - b->ground_m);
    }
    CT_TRY(ct_geom_copy(&i.f.geom, in->job->arena, &b->shape));
    return finish(&i);
}

static ct_err emit_storeys(ct_osm__inside *in, const ct_osm__building *b) {
    for (uint32_t k = b->first; k < b->first + b->n; k++) {
        const ct_osm__storey *s = &in->storeys[k];
        item i;
        const char *source =
            s->of ? NULL : ct_arena_printf(in->arena, "%s/level/%g", b->source, s->level);
        if (s->of)
            CT_TRY(ct_osm__source(&source, in, s->of));
        else if (!source)
            return CT_NOMEM;
        CT_TRY(begin(&i, in, "storey", s->of, s->id, source));
        CT_TRY(set_text(&i.f, "building", b->id));
        if (is_null(&i.f, "name")) CT_TRY(set_text(&i.f, "name", s->name));
        set_number(&i.f, "level", floor(s->level));
        set_number(&i.f, "elevation_m", s->z_m);
        const int height = ct_class_attr(i.f.cls, "height_m");
        if (height >= 0) i.f.values[height].kind = CT_VALUE_NULL;
        set_number(&i.f, "height_m", s->height_m);
        if (s->entrance) CT_TRY(ct_feature_set_bool(&i.f, "is_entrance", true));
        CT_TRY(at_height(&i.f.geom, in->job->arena, s->shape.n_points ? &s->shape : &b->shape,
                         s->z_m));
        CT_TRY(finish(&i));
    }
    return CT_OK;
}

// ---- spaces -------------------------------------------------------------------------------------

static ct_err emit_space(ct_osm__inside *in, const ct_osm__space *s) {
    static const ct_prism_tags tags = {.begin = CT_SURFACE_FLOOR,
                                       .end = CT_SURFACE_CEILING,
                                       .side = CT_SURFACE_INTERIOR_WALL,
                                       .cut = CT_SURFACE_INTERIOR_WALL};
    item i;
    CT_TRY(begin(&i, in, "space", s->thing->of, s->id, s->source));
    CT_TRY(set_text(&i.f, "storey", in->storeys[s->storey].id));
    const char *ref = ct_osm__get(s->thing->of, "ref");
    if (is_null(&i.f, "name") && ref) CT_TRY(set_text(&i.f, "name", ref));
    if (s->thing->lift) CT_TRY(set_text(&i.f, "use", "lift_shaft"));
    if (s->thing->stairs) CT_TRY(set_text(&i.f, "use", "stairwell"));
    if (is_null(&i.f, "use") && s->thing->kind == CT_OSM__WALKLINE)
        CT_TRY(set_text(&i.f, "use", "corridor"));
    const double area_m2 = ct_geom_area_m2(&s->shape);
    set_number(&i.f, "area_m2", area_m2);
    set_number(&i.f, "height_m", s->height_m);
    set_number(&i.f, "volume_m3", area_m2 * s->height_m);
    set_number(&i.f, "elevation_m", s->z_m);
    CT_TRY(at_height(&i.f.geom, in->job->arena, &s->shape, s->z_m));
    CT_TRY(prism(&i.f.body, in, &s->shape, s->z_m, s->height_m, &tags));
    return finish(&i);
}

// ---- walls and columns --------------------------------------------------------------------------

static ct_err wall_shape(ct_geom *out, ct_osm__inside *in, const ct_osm__thing *t) {
    const double stated = ct_osm__length_m(t->of, "width");
    const double width = stated >= 0.01 && stated <= 5 ? stated : CT_OSM__WALL_M;
    if (t->geom.type != CT_GEOM_LINESTRING) {
        *out = t->geom;
        return CT_OK;
    }
    return ct_geos_buffer(out, in->arena, &t->geom, width / 2);
}

// Walls get no body: where some have one, rooms are taken to be open where none stands.
static ct_err emit_element(ct_osm__inside *in, const ct_osm__thing *t, double level, bool *first) {
    static const ct_prism_tags tags = {.begin = CT_SURFACE_NONE};
    const bool column = t->kind == CT_OSM__COLUMN;
    const uint32_t storey = ct_osm__storey_of(in, t->building, level);
    const char *id, *source, *suffix = *first ? "" : ct_arena_printf(in->arena, "~%g", level);
    ct_geom shape;
    item i;
    if (!suffix) return CT_NOMEM;
    if (storey == CT_OSM__NONE) return CT_OK;
    CT_TRY(ct_osm__id(&id, in, "element", t->of, suffix));
    CT_TRY(ct_osm__source(&source, in, t->of));
    CT_TRY(wall_shape(&shape, in, t));
    if (shape.type == CT_GEOM_NONE) return CT_OK;
    *first = false;
    CT_TRY(begin(&i, in, "element", t->of, id, source));
    CT_TRY(set_text(&i.f, "kind", column ? "column" : "wall"));
    CT_TRY(set_text(&i.f, "building", in->buildings[t->building].id));
    CT_TRY(set_text(&i.f, "storey", in->storeys[storey].id));
    const ct_osm__storey *s = &in->storeys[storey];
    CT_TRY(at_height(&i.f.geom, in->job->arena, &shape, s->z_m));
    if (column) CT_TRY(prism(&i.f.body, in, &shape, s->z_m, fmax(s->height_m, 0.1), &tags));
    return finish(&i);
}

static ct_err emit_elements(ct_osm__inside *in, const ct_osm__thing *t) {
    bool first = true;
    for (size_t i = 0; i < t->levels.n; i++) CT_TRY(emit_element(in, t, t->levels.at[i], &first));
    for (size_t i = 0; i < t->repeats.n; i++) {
        bool own = false;
        for (size_t k = 0; k < t->levels.n; k++)
            own |= fabs(t->levels.at[k] - t->repeats.at[i]) < 1e-6;
        if (!own) CT_TRY(emit_element(in, t, t->repeats.at[i], &first));
    }
    return CT_OK;
}

// ---- openings -----------------------------------------------------------------------------------

static uint8_t tag_of_kind(const char *kind) {
    return strcmp(kind, "window") == 0    ? CT_SURFACE_WINDOW
           : strcmp(kind, "opening") == 0 ? CT_SURFACE_CLOSURE
                                          : CT_SURFACE_DOOR;
}

static double sill_of(const ct_osm__opening *o) {
    const double window_m = 0.9;
    const double stated = o->thing ? ct_osm__length_m(o->thing->of, "min_height") : (double)NAN;
    if (stated >= 0 && stated <= 100) return stated;
    return strcmp(o->kind, "window") == 0 ? window_m : 0;
}

static ct_err set_opening_body(item *i, const ct_osm__opening *o, double z_m) {
    const double width_m = 0.9, height_m = 2.0, window_m = 1.2, way_m = 2.5;
    const bool window = strcmp(o->kind, "window") == 0;
    const double width = ct_feature_number(&i->f, "width_m", width_m);
    const double height = ct_feature_number(&i->f, "height_m",
                                            window     ? window_m
                                            : o->thing ? height_m
                                                       : way_m);
    const double at[3] = {o->at[0], o->at[1], z_m + sill_of(o)};
    if (!o->placed || !(width > 0) || !(height > 0)) return CT_OK;
    return leaf(&i->f.body, i->in->job->arena, at, o->along, width, height, tag_of_kind(o->kind));
}

static ct_err set_point(ct_geom *out, ct_arena *arena, const double at[2], double z_m) {
    CT_TRY(ct_geom_single(out, arena, CT_GEOM_POINT, true, 1));
    out->xyz[0] = at[0];
    out->xyz[1] = at[1];
    out->xyz[2] = z_m;
    return CT_OK;
}

static ct_err emit_opening(ct_osm__inside *in, const ct_osm__opening *o) {
    static const char *const sides[] = {"space_a", "space_b"};
    const double z_m = in->storeys[o->storey].z_m;
    item i;
    CT_TRY(begin(&i, in, "opening", o->thing ? o->thing->of : NULL, o->id, o->source));
    CT_TRY(set_text(&i.f, "kind", o->kind));
    CT_TRY(set_text(&i.f, "building", in->buildings[o->building].id));
    CT_TRY(set_text(&i.f, "storey", in->storeys[o->storey].id));
    for (int k = 0; k < 2; k++)
        if (o->side[k] != CT_OSM__NONE) CT_TRY(set_text(&i.f, sides[k], in->spaces[o->side[k]].id));
    set_number(&i.f, "width_m", o->width_m);
    if (!o->thing) set_number(&i.f, "clear_width_m", o->width_m);
    if (sill_of(o) > 0) set_number(&i.f, "sill_m", sill_of(o));
    CT_TRY(ct_feature_set_bool(&i.f, "is_external", o->external));
    CT_TRY(set_opening_body(&i, o, z_m));
    CT_TRY(set_point(&i.f.geom, in->job->arena, o->at, z_m + sill_of(o)));
    return finish(&i);
}

// ---- transitions --------------------------------------------------------------------------------

static ct_err emit_climb(ct_osm__inside *in, const ct_osm__climb *c) {
    item i;
    CT_TRY(begin(&i, in, "transition", c->thing->of, c->id, c->source));
    CT_TRY(set_text(&i.f, "kind", c->kind));
    CT_TRY(set_text(&i.f, "building", in->buildings[c->building].id));
    CT_TRY(set_text(&i.f, "from_storey", in->storeys[c->storey[0]].id));
    CT_TRY(set_text(&i.f, "to_storey", in->storeys[c->storey[1]].id));
    // Steps that were counted are of one height.
    const double rise_m = in->storeys[c->storey[1]].z_m - in->storeys[c->storey[0]].z_m;
    const double risers = ct_feature_number(&i.f, "risers", 0);
    if (risers > 0) set_number(&i.f, "riser_m", rise_m / risers);
    CT_TRY(ct_geom_copy(&i.f.geom, in->job->arena, &c->line));
    return finish(&i);
}

// ---- all ----------------------------------------------------------------------------------------

static ct_err take_one(ct_osm__inside *in, const ct_osm__element *e) {
    const char *source;
    if (!e) return CT_OK;
    CT_TRY(ct_osm__source(&source, in, e));
    return ct_strmap_put(in->taken, source, 1);
}

ct_err ct_osm__take(ct_osm__inside *in) {
    for (size_t i = 0; i < in->n_buildings; i++)
        if (in->buildings[i].inhabited) CT_TRY(take_one(in, in->buildings[i].of));
    for (size_t i = 0; i < in->n_things; i++) {
        const ct_osm__thing *t = &in->things[i];
        const bool whole = t->kind == CT_OSM__SPACE || t->kind == CT_OSM__LEVEL ||
                           t->kind == CT_OSM__WALL || t->kind == CT_OSM__COLUMN ||
                           t->kind == CT_OSM__WALKLINE;
        if (whole && t->building != CT_OSM__NONE && t->levels.n) CT_TRY(take_one(in, t->of));
    }
    for (size_t i = 0; i < in->n_openings; i++)
        if (in->openings[i].thing) CT_TRY(take_one(in, in->openings[i].thing->of));
    for (size_t i = 0; i < in->n_climbs; i++) CT_TRY(take_one(in, in->climbs[i].thing->of));
    return CT_OK;
}

ct_err ct_osm__emit(ct_osm__inside *in) {
    for (size_t i = 0; i < in->n_buildings; i++) {
        if (!in->buildings[i].inhabited) continue;
        CT_TRY(emit_building(in, &in->buildings[i]));
        CT_TRY(emit_storeys(in, &in->buildings[i]));
    }
    for (size_t i = 0; i < in->n_spaces; i++) CT_TRY(emit_space(in, &in->spaces[i]));
    for (size_t i = 0; i < in->n_things; i++) {
        const ct_osm__thing *t = &in->things[i];
        const bool element = t->kind == CT_OSM__WALL || t->kind == CT_OSM__COLUMN;
        if (element && t->building != CT_OSM__NONE) CT_TRY(emit_elements(in, t));
    }
    for (size_t i = 0; i < in->n_openings; i++) CT_TRY(emit_opening(in, &in->openings[i]));
    for (size_t i = 0; i < in->n_climbs; i++) CT_TRY(emit_climb(in, &in->climbs[i]));
    return CT_OK;
}
