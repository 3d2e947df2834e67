// Vector layers whose names or whose user say which class they hold: fields become the attributes
// of the same name.
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "ingest/gdal/gdal.h"
#include "ingest/geojson.h"

enum { MAX_FIELDS = 64, MAX_PLACES = 8, DBF_NAME = 10 };

typedef struct field {
    int index; // in the layer
    int attr;  // in the class
    OGRFieldType type;
} field;

typedef struct plan { // how the features of one layer are read
    const char *layer;
    const ct_class *cls;
    ct_ingest__crs crs;
    size_t n_fields;
    field fields[MAX_FIELDS];
    int id_field, source_field; // -1 = none
    bool csv;                   // whose places are in columns:
    size_t n_places;
    int places[MAX_PLACES];
    double n_features;     // as far as known, for the progress
    double begun, share;   // part of the whole import before and in this layer
    ct_ingest__sets *sets; // properties that come with the features; NULL = none
    bool own;              // ids are those of a twin, source ids those that it had
} plan;

// ---- which class --------------------------------------------------------------------------------

static const ct_class *class_named(const ct_catalogue *catalogue, const char *name, size_t length) {
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++) {
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        if ((strlen(cls->name) == length && strncasecmp(cls->name, name, length) == 0) ||
            (strlen(cls->collection) == length && strncasecmp(cls->collection, name, length) == 0))
            return cls;
    }
    return NULL;
}

// By the user's word, the layer's name, or the file's name without extension where it holds one
// layer only.
static const ct_class *class_of_layer(const ct_ingest__job *job, OGRLayerH layer, int n_layers) {
    if (job->only_class) return job->only_class;
    const char *name = OGR_L_GetName(layer);
    const ct_class *cls = class_named(job->options.catalogue, name, strlen(name));
    if (cls || n_layers > 1) return cls;
    return class_named(job->options.catalogue, job->file, strcspn(job->file, "."));
}

// ---- which attribute ----------------------------------------------------------------------------

// The attribute of the field's name, in any case of letters. Shapefiles cut names to 10 bytes:
// there a name of that length stands for the one attribute that begins with it.
static int attr_of_field(const ct_class *cls, const char *name) {
    int found = -1;
    for (size_t a = 0; a < cls->n_attrs; a++)
        if (strcasecmp(cls->attrs[a].name, name) == 0) return (int)a;
    if (strlen(name) != DBF_NAME) return -1;
    for (size_t a = 0; a < cls->n_attrs; a++) {
        if (strncasecmp(cls->attrs[a].name, name, DBF_NAME) != 0) continue;
        if (found >= 0) return -1;
        found = (int)a;
    }
    return found;
}

// Columns of CSV that GDAL makes the geometry of (gdal/open.c).
static bool is_place(const char *name) {
    static const char *const names[] = {
        "wkt", "geom",  "geometry", "the_geom", "lon",         "longitude",
        "lng", "x",     "east",     "easting",  "lat",         "latitude",
        "y",   "north", "northing", "z",        "elevation_m", NULL};
    for (const char *const *n = names; *n; n++)
        if (strcasecmp(*n, name) == 0) return true;
    return false;
}

static void plan_field(ct_ingest__job *job, plan *p, OGRFieldDefnH definition, int index,
                       const char *where) {
    const char *name = OGR_Fld_GetNameRef(definition);
    if (strcasecmp(name, "id") == 0) {
        p->id_field = index;
        return;
    }
    if (strcasecmp(name, "source_id") == 0 || strcasecmp(name, "osm_id") == 0) {
        p->source_field = index;
        return;
    }
    if (p->csv && is_place(name)) {
        if (p->n_places < MAX_PLACES) p->places[p->n_places++] = index;
        return;
    }
    int attr = attr_of_field(p->cls, name);
    if (attr >= 0 && p->n_fields < MAX_FIELDS) {
        p->fields[p->n_fields++] =
            (field){.index = index, .attr = attr, .type = OGR_Fld_GetType(definition)};
        return;
    }
    ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_INFO, "unused-field", where,
                            "class %s has no attribute for the field \"%s\"", p->cls->name, name);
}

static ct_err make_plan(plan *p, ct_ingest__job *job, OGRLayerH layer, const ct_class *cls,
                        const char *where) {
    *p = (plan){.layer = OGR_L_GetName(layer), .cls = cls, .id_field = -1, .source_field = -1};
    p->csv = ct_path_has_ending(job->path, ".csv");
    if (cls->geometry != CT_GEOM_NONE && OGR_L_GetGeomType(layer) != wkbNone)
        CT_TRY(
            ct_context(ct_ingest__crs_open(&p->crs, OGR_L_GetSpatialRef(layer), job), "%s", where));
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); i++)
        plan_field(job, p, OGR_FD_GetFieldDefn(definition, i), i, where);
    p->n_features = (double)OGR_L_GetFeatureCount(layer, TRUE);
    return CT_OK;
}

// ---- one feature --------------------------------------------------------------------------------

static ct_err read_time(ct_value *out, ct_ingest__job *job, const ct_attr *attr,
                        OGRFeatureH feature, int index) {
    int year, month, day, hour, minute, zone;
    float second;
    char text[64];
    if (!OGR_F_GetFieldAsDateTimeEx(feature, index, &year, &month, &day, &hour, &minute, &second,
                                    &zone))
        return ct_fail(CT_PARSE, "%s: no time", attr->name);
    // GDAL's zones: 100 is UTC and each step a quarter of an hour; below 100 they are unknown and
    // taken as UTC.
    int offset = zone >= 100 ? (zone - 100) * 15 : 0, turn = offset < 0 ? -offset : offset;
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%06.3f%c%02d:%02d", year, month, day,
             hour, minute, (double)second, offset < 0 ? '-' : '+', turn / 60, turn % 60);
    return ct_value_from_text(out, job->arena, attr, text);
}

static ct_err read_value(ct_value *out, ct_ingest__job *job, const ct_attr *attr,
                         OGRFeatureH feature, const field *f) {
    bool number = f->type == OFTInteger || f->type == OFTInteger64 || f->type == OFTReal;
    bool numeric = attr->type == CT_ATTR_INTEGER || attr->type == CT_ATTR_REAL;
    // Nothing set: whatever another field of the same name (in other letters) gave stays.
    if (!OGR_F_IsFieldSetAndNotNull(feature, f->index)) return CT_OK;
    if (number && attr->type == CT_ATTR_BOOLEAN) {
        *out = (ct_value){.kind = CT_VALUE_BOOLEAN,
                          .as.boolean = OGR_F_GetFieldAsDouble(feature, f->index) != 0};
        return CT_OK;
    }
    if (numeric && f->type == OFTReal)
        return ct_value_from_number(out, attr, OGR_F_GetFieldAsDouble(feature, f->index));
    if (numeric && number) {
        // Checked against the attribute with all the others.
        *out = (ct_value){.kind = CT_VALUE_INTEGER,
                          .as.integer = OGR_F_GetFieldAsInteger64(feature, f->index)};
        return CT_OK;
    }
    if (attr->type == CT_ATTR_DATETIME && (f->type == OFTDateTime || f->type == OFTDate))
        return read_time(out, job, attr, feature, f->index);
    return ct_ingest__value(out, job->arena, attr, OGR_F_GetFieldAsString(feature, f->index));
}

static ct_err copy_field(const char **out, ct_ingest__job *job, OGRFeatureH feature, int index) {
    *out = NULL;
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(feature, index)) return CT_OK;
    const char *text = OGR_F_GetFieldAsString(feature, index);
    if (!*text) return CT_OK;
    *out = ct_arena_strdup(job->arena, text);
    return *out ? CT_OK : CT_NOMEM;
}

// A bare number is the source's own count, not an id for the whole twin.
static bool is_number(const char *text) {
    return text[strspn(text, "0123456789")] == '\0';
}

static ct_err read_ids(ct_feature *f, ct_ingest__job *job, const plan *p, OGRFeatureH feature) {
    const char *own = NULL, *source = NULL;
    CT_TRY(copy_field(&own, job, feature, p->id_field));
    CT_TRY(copy_field(&source, job, feature, p->source_field));
    if (own && p->own && ct_id_ok(own)) return ct_ingest__set_ids(f, job->arena, own, source);
    if (!source) source = own;
    if (!source) source = ct_arena_printf(job->arena, "%lld", (long long)OGR_F_GetFID(feature));
    if (!source) return CT_NOMEM;
    if (own && is_number(own)) own = NULL;
    return ct_ingest__set_ids(f, job->arena, own, source);
}

// A row without geometry whose columns for it hold something.
static ct_err look_at_columns(const plan *p, OGRFeatureH feature) {
    char names[128] = "";
    bool any = false;
    for (size_t i = 0; i < p->n_places; i++) {
        const char *text = OGR_F_GetFieldAsString(feature, p->places[i]);
        const size_t used = strlen(names);
        any |= text[strspn(text, " \t")] != '\0';
        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                 OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, p->places[i])));
    }
    return any ? ct_fail(CT_GEOM, "geometry: no place can be read from %s", names) : CT_OK;
}

static ct_err read_feature(ct_feature *f, ct_ingest__job *job, const plan *p, OGRFeatureH feature,
                           const char *where) {
    CT_TRY(ct_feature_new(f, job->arena, p->cls));
    CT_TRY(read_ids(f, job, p, feature));
    CT_TRY(ct_ingest__sets_give(f, job->arena, p->sets));
    for (size_t i = 0; i < p->n_fields; i++) {
        const field *at = &p->fields[i];
        CT_TRY(read_value(&f->values[at->attr], job, &p->cls->attrs[at->attr], feature, at));
    }
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    // GDAL takes what it does not understand for no geometry.
    if (!geometry) CT_TRY(look_at_columns(p, feature));
    if (!geometry && ct_ingest__geojson_has_shape(&job->shapes, job->n_features - 1))
        return ct_fail(CT_GEOM, "geometry: no GeoJSON geometry: an unknown type, or coordinates "
                                "that are not nested as the type asks");
    if (p->cls->geometry == CT_GEOM_NONE) {
        if (geometry)
            ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_INFO, "unused-geometry", where,
                                    "class %s has no geometry", p->cls->name);
        return CT_OK;
    }
    return ct_ingest__geometry(&f->geom, job, &p->crs, geometry);
}

static ct_err import_feature(ct_ingest__job *job, const plan *p, OGRFeatureH feature) {
    char where[CT_INGEST__WHERE_BYTES];
    ct_feature f = {0};
    ct_arena_reset(job->arena);
    snprintf(where, sizeof where, "%s:%s:feature %lld", job->file, p->layer,
             (long long)OGR_F_GetFID(feature));
    ct_err err = read_feature(&f, job, p, feature, where);
    if (err != CT_OK) return ct_ingest__note(job, err, where);
    return ct_ingest__deliver(job, &f, where);
}

static ct_err import_layer(ct_ingest__job *job, const plan *p, OGRLayerH layer) {
    ct_err err = CT_OK;
    double done = 0, all = p->n_features > 0 ? p->n_features : 1;
    OGRFeatureH feature;
    OGR_L_ResetReading(layer);
    while (err == CT_OK && !ct_ingest__hopeless(job) && (feature = OGR_L_GetNextFeature(layer))) {
        err = ct_ingest__tick(job, p->begun + p->share * done++ / all);
        if (err == CT_OK) err = import_feature(job, p, feature);
        OGR_F_Destroy(feature);
    }
    return err;
}

// ---- all layers ---------------------------------------------------------------------------------

static void skip_layer(ct_ingest__job *job, OGRLayerH layer) {
    const char *name = OGR_L_GetName(layer);
    // QGIS keeps its drawing styles in a table of GeoPackages; nobody expects that to be imported.
    if (strcmp(name, "layer_styles") == 0 || ct_ingest__is_sets(layer)) return;
    ct_diagnostics_add(job->diagnostics, CT_SEVERITY_WARNING, "no-class", job->file,
                       "the layer \"%s\" is named like no class or collection and was left out",
                       name);
}

static ct_err import_layers(int *used, ct_ingest__job *job, GDALDatasetH dataset,
                            ct_ingest__sets *sets) {
    const bool own = GDALGetMetadataItem(dataset, "cimtwin", NULL) != NULL;
    const int n = GDALDatasetGetLayerCount(dataset);
    for (int i = 0; i < n; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        const ct_class *cls = ct_ingest__is_sets(layer) ? NULL : class_of_layer(job, layer, n);
        if (!cls) {
            skip_layer(job, layer);
            continue;
        }
        plan p;
        char where[CT_INGEST__WHERE_BYTES];
        snprintf(where, sizeof where, "%s:%s", job->file, OGR_L_GetName(layer));
        CT_TRY(make_plan(&p, job, layer, cls, where));
        p.begun = (double)i / n;
        p.share = 1.0 / n;
        p.sets = sets;
        p.own = own;
        const ct_err err = import_layer(job, &p, layer);
        ct_ingest__crs_close(&p.crs);
        CT_TRY(err);
        ++*used;
    }
    return CT_OK;
}

ct_err ct_ingest__vector(ct_ingest__job *job, GDALDatasetH dataset) {
    ct_ingest__sets *sets = NULL;
    int used = 0;
    OGRLayerH table = GDALDatasetGetLayerByName(dataset, "property_sets");
    ct_err err = CT_OK;
    if (table && ct_ingest__is_sets(table)) err = ct_ingest__sets_read(&sets, job, table);
    if (err == CT_OK) err = import_layers(&used, job, dataset, sets);
    if (err == CT_OK) ct_ingest__sets_tell(job, sets);
    ct_ingest__sets_free(sets);
    if (err == CT_OK && !used)
        err = ct_fail(CT_PARSE,
                      "%s: no layer is named like a class or collection; say which class "
                      "it is with --as",
                      job->file);
    return err;
}
