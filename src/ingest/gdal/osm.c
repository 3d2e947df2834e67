// OpenStreetMap files: tags become classes and attributes by the rules of data/ingest/osm.json. The
// driver hands over points, lines and areas mixed, in the order in which it can resolve them.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/gdal/gdal.h"
#include "ingest/rules.h"

enum { MAX_LAYERS = 8 };

typedef struct layer_plan {
    OGRLayerH layer;
    const char *kind; // of OpenStreetMap's elements: node, way, relation
    int id_field, way_field;
    int *tag_fields; // by number of the tag in the rules; -1 = not among the layer's fields
} layer_plan;

typedef struct osm {
    ct_ingest__job *job;
    ct_ingest__rules *rules;
    ct_ingest__crs crs;
    size_t n_layers;
    layer_plan layers[MAX_LAYERS];
    size_t n_unmatched;
} osm;

typedef struct element { // one thing at work
    const layer_plan *plan;
    OGRFeatureH feature;
} element;

typedef struct complaint { // where a tag cannot be understood
    ct_ingest__job *job;
    const char *where;
} complaint;

static const char *tag_of(const void *context, size_t tag) {
    const element *e = context;
    int index = e->plan->tag_fields[tag];
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(e->feature, index)) return NULL;
    return OGR_F_GetFieldAsString(e->feature, index);
}

static void bad_tag(void *context, const char *text) {
    const complaint *c = context;
    ct_diagnostics_add(c->job->diagnostics,
                       c->job->options.strict ? CT_SEVERITY_ERROR : CT_SEVERITY_WARNING,
                       "tag-value", c->where, "%s", text);
}

static ct_err plan_layer(osm *o, OGRLayerH layer) {
    const char *name = OGR_L_GetName(layer);
    if (strcmp(name, "other_relations") == 0 || o->n_layers == MAX_LAYERS) return CT_OK;
    layer_plan *p = &o->layers[o->n_layers];
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    size_t n_tags = ct_ingest__rules_tags(o->rules);
    p->tag_fields = ct_calloc(n_tags, sizeof *p->tag_fields);
    if (!p->tag_fields) return CT_NOMEM;
    o->n_layers++;
    for (size_t t = 0; t < n_tags; t++)
        p->tag_fields[t] = OGR_FD_GetFieldIndex(definition, ct_ingest__rules_tag(o->rules, t));
    p->layer = layer;
    p->kind = strcmp(name, "points") == 0  ? "node"
              : strcmp(name, "lines") == 0 ? "way"
                                           : "relation";
    p->id_field = OGR_FD_GetFieldIndex(definition, "osm_id");
    p->way_field = OGR_FD_GetFieldIndex(definition, "osm_way_id"); // closed ways among the areas
    return CT_OK;
}

static const layer_plan *find_plan(const osm *o, OGRLayerH layer) {
    for (size_t i = 0; i < o->n_layers; i++)
        if (o->layers[i].layer == layer) return &o->layers[i];
    return NULL;
}

// "way/123": numbers are unique among nodes, ways and relations only.
static const char *source_of(ct_arena *arena, const element *e) {
    const layer_plan *p = e->plan;
    bool closed_way = p->way_field >= 0 && OGR_F_IsFieldSetAndNotNull(e->feature, p->way_field);
    int field = closed_way ? p->way_field : p->id_field;
    return ct_arena_printf(arena, "%s/%s", closed_way ? "way" : p->kind,
                           field >= 0 ? OGR_F_GetFieldAsString(e->feature, field) : "");
}

static ct_err set_ids(ct_feature *f, ct_arena *arena, const char *source) {
    const char *id =
        ct_arena_printf(arena, "%s-%c%s", f->cls->name, source[0], strchr(source, '/') + 1);
    return id ? ct_ingest__set_ids(f, arena, id, source) : CT_NOMEM;
}

static ct_geom_type flat_type(OGRGeometryH geometry) {
    if (!geometry) return CT_GEOM_NONE;
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    return type >= wkbPoint && type <= wkbMultiPolygon ? (ct_geom_type)type : CT_GEOM_NONE;
}

// Whether another reader has it.
static ct_err look_if_taken(bool *taken, ct_ingest__job *job, const element *e) {
    size_t unused;
    *taken = false;
    if (!job->taken) return CT_OK;
    ct_arena_reset(job->arena);
    const char *source = source_of(job->arena, e);
    if (!source) return CT_NOMEM;
    *taken = ct_strmap_get(&unused, job->taken, source);
    return CT_OK;
}

static ct_err import_element(osm *o, const element *e) {
    ct_ingest__job *job = o->job;
    char where[CT_INGEST__WHERE_BYTES];
    ct_feature f = {0};
    const ct_ingest__tags tags = {.get = tag_of, .context = e};
    OGRGeometryH geometry = OGR_F_GetGeometryRef(e->feature);
    bool taken;
    CT_TRY(look_if_taken(&taken, job, e));
    if (taken) return CT_OK;
    const ct_ingest__rule *rule =
        ct_ingest__rules_match(o->rules, &tags, flat_type(geometry), job->only_class);
    if (!rule) {
        o->n_unmatched++;
        return CT_OK;
    }
    ct_arena_reset(job->arena);
    const char *source = source_of(job->arena, e);
    if (!source) return CT_NOMEM;
    snprintf(where, sizeof where, "%s:%s", job->file, source);
    CT_TRY(ct_feature_new(&f, job->arena, ct_ingest__rule_class(rule)));
    CT_TRY(set_ids(&f, job->arena, source));
    complaint c = {.job = job, .where = where};
    CT_TRY(ct_ingest__rule_apply(rule, &tags, &f, job->arena, bad_tag, &c));
    ct_err err = ct_ingest__geometry(&f.geom, job, &o->crs, geometry);
    if (err != CT_OK) return ct_ingest__note(job, err, where);
    return ct_ingest__deliver(job, &f, where);
}

static ct_err import_all(osm *o, GDALDatasetH dataset) {
    ct_err err = CT_OK;
    OGRLayerH layer = NULL;
    OGRFeatureH feature;
    double part = 0;
    GDALDatasetResetReading(dataset);
    while (err == CT_OK && !ct_ingest__hopeless(o->job) &&
           (feature = GDALDatasetGetNextFeature(dataset, &layer, &part, NULL, NULL))) {
        const element e = {.plan = find_plan(o, layer), .feature = feature};
        err = ct_ingest__tick(o->job, part);
        if (err == CT_OK && e.plan) err = import_element(o, &e);
        OGR_F_Destroy(feature);
    }
    return err;
}

static ct_err load_rules(osm *o) {
    char *path = NULL;
    CT_TRY(ct_data_path(&path, "ingest/osm.json"));
    ct_err err = ct_ingest__rules_load(&o->rules, o->job->options.catalogue, path);
    ct_free(path);
    return err;
}

ct_err ct_ingest__osm(ct_ingest__job *job, GDALDatasetH dataset) {
    osm o = {.job = job};
    ct_err err = load_rules(&o);
    for (int i = 0; err == CT_OK && i < GDALDatasetGetLayerCount(dataset); i++)
        err = plan_layer(&o, GDALDatasetGetLayer(dataset, i));
    if (err == CT_OK && o.n_layers)
        err = ct_ingest__crs_open(&o.crs, OGR_L_GetSpatialRef(o.layers[0].layer), job);
    if (err == CT_OK) err = import_all(&o, dataset);
    if (o.n_unmatched)
        ct_diagnostics_add(job->diagnostics, CT_SEVERITY_INFO, "no-rule", job->file,
                           "%zu things have tags that no rule maps to a class", o.n_unmatched);
    ct_ingest__crs_close(&o.crs);
    for (size_t i = 0; i < o.n_layers; i++) ct_free(o.layers[i].tag_fields);
    ct_ingest__rules_free(o.rules);
    return err;
}
