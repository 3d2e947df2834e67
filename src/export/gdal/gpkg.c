// GeoPackage by GDAL: a layer for each collection that has features, with ids, attributes and
// geometry in the twin's CRS; and the table "property_sets". What is written here is read again by
// ingest/gdal as it was, but for times, of which the format keeps milliseconds: the mark "cimtwin"
// in the file's metadata tells it that ids are those of a twin.
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "export/format.h"
#include "geo/crs.h"

// Fields before the attributes.
enum { FIELD_ID, FIELD_SOURCE, FIELDS_OWN };

// Fields of property_sets.
enum { SET_FEATURE, SET_SET, SET_NAME, SET_TYPE, SET_VALUE, SET_UNIT, SET_FIELDS };
static const char *const set_fields[SET_FIELDS] = {"feature", "property_set", "name",
                                                   "type",    "value",        "unit"};

typedef struct gpkg {
    char *path;
    GDALDatasetH dataset;
    OGRSpatialReferenceH srs;
    const ct_class *cls;
    OGRLayerH layer; // of the class at work; NULL until its first feature
    OGRLayerH sets;  // NULL until the first property
    ct_buf wkb;
    ct_buf text;
} gpkg;

static pthread_once_t g_once = PTHREAD_ONCE_INIT;

// GDAL tells of failed writes by a message only, also where the call says that it went well; the
// first one counts.
static ct_err said(const gpkg *g, bool ok) {
    const bool failed = CPLGetLastErrorType() >= CE_Failure;
    if (ok && !failed) return CT_OK;
    const char *text = CPLGetLastErrorMsg();
    return ct_fail(CT_IO, "%s: %s", g->path, failed && *text ? text : "GDAL gave no reason");
}

static void quiet(void) {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
}

// ---- the file -----------------------------------------------------------------------------------
static ct_err make_srs(gpkg *g, const char *code) {
    char *wkt = NULL;
    CT_TRY(ct_crs_wkt(&wkt, code, false));
    char *at = wkt;
    g->srs = OSRNewSpatialReference(NULL);
    const bool ok = g->srs && OSRImportFromWkt(g->srs, &at) == OGRERR_NONE;
    ct_free(wkt);
    if (!ok) return ct_fail(CT_CRS, "%s: GDAL cannot read its definition", code);
    OSRSetAxisMappingStrategy(g->srs, OAMS_TRADITIONAL_GIS_ORDER);
    return CT_OK;
}

static ct_err open_dataset(gpkg *g) {
    GDALDriverH driver = GDALGetDriverByName("GPKG");
    if (!driver) return ct_fail(CT_UNSUPPORTED, "this GDAL writes no GeoPackage");
    g->dataset = GDALCreate(driver, g->path, 0, 0, 0, GDT_Unknown, NULL);
    if (!g->dataset) return said(g, false);
    CT_TRY(said(g, GDALSetMetadataItem(g->dataset, "cimtwin", CT_VERSION, NULL) == CE_None));
    return said(g, GDALDatasetStartTransaction(g->dataset, FALSE) == OGRERR_NONE);
}

static ct_err end_gpkg(void *state, bool whole) {
    gpkg *g = state;
    ct_err err = CT_OK;
    quiet();
    if (g->dataset) {
        if (whole)
            err = said(g, GDALDatasetCommitTransaction(g->dataset) == OGRERR_NONE);
        else
            (void)GDALDatasetRollbackTransaction(g->dataset);
        GDALClose(g->dataset);
        if (err == CT_OK && whole) err = said(g, true);
    }
    CPLPopErrorHandler();
    if (g->srs) OSRRelease(g->srs);
    ct_buf_fini(&g->wkb);
    ct_buf_fini(&g->text);
    ct_free(g->path);
    ct_free(g);
    return err;
}

static ct_err begin_gpkg(void **state, const char *path, const ct_export_options *options) {
    pthread_once(&g_once, GDALAllRegister);
    gpkg *g = ct_calloc(1, sizeof *g);
    if (!g) return CT_NOMEM;
    ct_buf_init(&g->wkb, 1U << 30);
    ct_buf_init(&g->text, 1U << 20);
    *state = g;
    g->path = ct_strdup(path);
    if (!g->path) return CT_NOMEM;
    quiet();
    ct_err err = make_srs(g, options->twin_crs);
    if (err == CT_OK) err = open_dataset(g);
    CPLPopErrorHandler();
    return err;
}

// ---- layers -------------------------------------------------------------------------------------
static OGRwkbGeometryType wkb_type(const ct_class *cls) {
    if (cls->geometry == CT_GEOM_NONE) return wkbNone;
    const OGRwkbGeometryType flat = (OGRwkbGeometryType)cls->geometry;
    return cls->has_z ? wkbSetZ(flat) : flat;
}

static OGRFieldType field_type(ct_attr_type type) {
    switch (type) {
    case CT_ATTR_INTEGER: return OFTInteger64;
    case CT_ATTR_REAL: return OFTReal;
    case CT_ATTR_BOOLEAN: return OFTInteger;
    case CT_ATTR_DATETIME: return OFTDateTime;
    case CT_ATTR_TEXT: break;
    }
    return OFTString;
}

static bool add_field(OGRLayerH layer, const char *name, OGRFieldType type, OGRFieldSubType sub,
                      bool unique) {
    OGRFieldDefnH field = OGR_Fld_Create(name, type);
    if (!field) return false;
    OGR_Fld_SetSubType(field, sub);
    if (unique) {
        OGR_Fld_SetUnique(field, TRUE);
        OGR_Fld_SetNullable(field, FALSE);
    }
    const bool ok = OGR_L_CreateField(layer, field, TRUE) == OGRERR_NONE;
    OGR_Fld_Destroy(field);
    return ok;
}

static bool add_fields(OGRLayerH layer, const ct_class *cls) {
    bool ok = add_field(layer, "id", OFTString, OFSTNone, true) &&
              add_field(layer, "source_id", OFTString, OFSTNone, false);
    for (size_t i = 0; ok && i < cls->n_attrs; i++)
        ok = add_field(layer, cls->attrs[i].name, field_type(cls->attrs[i].type),
                       cls->attrs[i].type == CT_ATTR_BOOLEAN ? OFSTBoolean : OFSTNone, false);
    return ok;
}

static ct_err make_layer(gpkg *g) {
    const ct_class *cls = g->cls;
    char **options = CSLSetNameValue(NULL, "FID", "fid");
    options = CSLSetNameValue(options, "GEOMETRY_NAME", "geom");
    options = CSLSetNameValue(options, "IDENTIFIER", cls->title_en);
    options = CSLSetNameValue(options, "DESCRIPTION", cls->description_en);
    g->layer = GDALDatasetCreateLayer(g->dataset, cls->collection,
                                      cls->geometry == CT_GEOM_NONE ? NULL : g->srs, wkb_type(cls),
                                      options);
    CSLDestroy(options);
    return said(g, g->layer && add_fields(g->layer, cls));
}

static ct_err make_sets(gpkg *g) {
    g->sets = GDALDatasetCreateLayer(g->dataset, "property_sets", NULL, wkbNone, NULL);
    bool ok = g->sets != NULL;
    for (int i = 0; ok && i < SET_FIELDS; i++)
        ok = add_field(g->sets, set_fields[i], OFTString, OFSTNone, false);
    return said(g, ok);
}

static ct_err begin_class(void *state, const ct_class *cls) {
    gpkg *g = state;
    g->cls = cls;
    g->layer = NULL;
    return CT_OK;
}

// ---- features -----------------------------------------------------------------------------------
static void set_value(OGRFeatureH row, int field, const ct_value *value) {
    switch (value->kind) {
    case CT_VALUE_NULL: OGR_F_SetFieldNull(row, field); break;
    case CT_VALUE_INTEGER: OGR_F_SetFieldInteger64(row, field, value->as.integer); break;
    case CT_VALUE_REAL: OGR_F_SetFieldDouble(row, field, value->as.real); break;
    case CT_VALUE_BOOLEAN: OGR_F_SetFieldInteger(row, field, value->as.boolean); break;
    case CT_VALUE_TEXT: OGR_F_SetFieldString(row, field, value->as.text); break;
    }
}

static ct_err set_geometry(gpkg *g, OGRFeatureH row, const ct_feature *f) {
    OGRGeometryH geometry = NULL;
    if (f->geom.type == CT_GEOM_NONE) return CT_OK;
    ct_buf_reset(&g->wkb);
    ct_geom_to_wkb(&g->wkb, &f->geom);
    CT_TRY(ct_buf_status(&g->wkb));
    if (OGR_G_CreateFromWkb(g->wkb.data, NULL, &geometry, (int)g->wkb.len) != OGRERR_NONE)
        return ct_fail(CT_GEOM, "GDAL cannot read the geometry");
    return OGR_F_SetGeometryDirectly(row, geometry) == OGRERR_NONE
               ? CT_OK
               : ct_fail(CT_GEOM, "GDAL does not take the geometry");
}

static ct_err write_row(gpkg *g, const ct_feature *f) {
    OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(g->layer));
    if (!row) return CT_NOMEM;
    if (f->fid > 0) OGR_F_SetFID(row, f->fid);
    OGR_F_SetFieldString(row, FIELD_ID, f->id);
    if (f->source_id) OGR_F_SetFieldString(row, FIELD_SOURCE, f->source_id);
    for (size_t i = 0; i < f->cls->n_attrs; i++) set_value(row, FIELDS_OWN + (int)i, &f->values[i]);
    ct_err err = set_geometry(g, row, f);
    if (err == CT_OK) err = said(g, OGR_L_CreateFeature(g->layer, row) == OGRERR_NONE);
    OGR_F_Destroy(row);
    return err;
}

// Every value as text, which its type tells how to read: numbers with all their digits.
static ct_err value_text(const char **out, const char **type, gpkg *g, const ct_value *value) {
    ct_buf_reset(&g->text);
    *type = "null";
    switch (value->kind) {
    case CT_VALUE_NULL: break;
    case CT_VALUE_INTEGER:
        *type = "integer";
        ct_buf_printf(&g->text, "%lld", (long long)value->as.integer);
        break;
    case CT_VALUE_REAL:
        *type = "real";
        ct_buf_printf(&g->text, "%.17g", value->as.real);
        break;
    case CT_VALUE_BOOLEAN:
        *type = "boolean";
        ct_buf_puts(&g->text, value->as.boolean ? "true" : "false");
        break;
    case CT_VALUE_TEXT:
        *type = "text";
        ct_buf_puts(&g->text, value->as.text);
        break;
    }
    CT_TRY(ct_buf_status(&g->text));
    *out = g->text.data ? g->text.data : "";
    return CT_OK;
}

static ct_err write_property(gpkg *g, const char *id, const ct_property *p) {
    const char *text = "", *type = "";
    CT_TRY(value_text(&text, &type, g, &p->value));
    OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(g->sets));
    if (!row) return CT_NOMEM;
    OGR_F_SetFieldString(row, SET_FEATURE, id);
    OGR_F_SetFieldString(row, SET_SET, p->set);
    OGR_F_SetFieldString(row, SET_NAME, p->name);
    OGR_F_SetFieldString(row, SET_TYPE, type);
    OGR_F_SetFieldString(row, SET_VALUE, text);
    OGR_F_SetFieldString(row, SET_UNIT, p->unit);
    const ct_err err = said(g, OGR_L_CreateFeature(g->sets, row) == OGRERR_NONE);
    OGR_F_Destroy(row);
    return err;
}

static ct_err write_all(gpkg *g, const ct_feature *f) {
    if (!g->layer) CT_TRY(make_layer(g));
    CT_TRY(write_row(g, f));
    if (f->n_properties && !g->sets) CT_TRY(make_sets(g));
    for (size_t i = 0; i < f->n_properties; i++)
        CT_TRY(write_property(g, f->id, &f->properties[i]));
    return CT_OK;
}

static ct_err put_feature(void *state, const ct_feature *feature) {
    quiet();
    const ct_err err = write_all(state, feature);
    CPLPopErrorHandler();
    return err;
}

const ct_export__format ct_export__gpkg = {
    .extension = ".gpkg",
    .takes_properties = true,
    .begin = begin_gpkg,
    .begin_class = begin_class,
    .put = put_feature,
    .end = end_gpkg,
};
