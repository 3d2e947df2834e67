// The files of a scene, through GDAL.
#include "write.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#define NO_DATA (-9999.0)

static ct_err gdal_failed(const char *path, const char *what) {
    const char *reason = CPLGetLastErrorMsg();
    return ct_fail(CT_IO, "%s: %s: %s", path, what, reason && *reason ? reason : "no reason given");
}

static OGRSpatialReferenceH make_srs(int epsg) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    if (srs && OSRImportFromEPSG(srs, epsg) != OGRERR_NONE) {
        OSRDestroySpatialReference(srs);
        return NULL;
    }
    if (srs) OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    return srs;
}

static OGRwkbGeometryType layer_type(const ct_class *cls) {
    return cls->geometry == CT_GEOM_NONE ? wkbNone
           : cls->has_z                  ? OGR_GT_SetZ((OGRwkbGeometryType)cls->geometry)
                                         : (OGRwkbGeometryType)cls->geometry;
}

static bool add_field(OGRLayerH layer, const char *name, OGRFieldType type,
                      OGRFieldSubType subtype) {
    OGRFieldDefnH field = OGR_Fld_Create(name, type);
    OGR_Fld_SetSubType(field, subtype);
    bool ok = OGR_L_CreateField(layer, field, TRUE) == OGRERR_NONE;
    OGR_Fld_Destroy(field);
    return ok;
}

static bool add_fields(OGRLayerH layer, const ct_class *cls) {
    bool ok = add_field(layer, "id", OFTString, OFSTNone);
    for (size_t i = 0; ok && i < cls->n_attrs; i++) {
        OGRFieldType type = OFTString;
        OGRFieldSubType subtype = OFSTNone;
        switch (cls->attrs[i].type) {
        case CT_ATTR_INTEGER: type = OFTInteger64; break;
        case CT_ATTR_REAL: type = OFTReal; break;
        case CT_ATTR_BOOLEAN:
            type = OFTInteger;
            subtype = OFSTBoolean;
            break;
        case CT_ATTR_TEXT:
        case CT_ATTR_DATETIME: break;
        }
        ok = add_field(layer, cls->attrs[i].name, type, subtype);
    }
    return ok;
}

static void set_value(OGRFeatureH to, int field, const ct_value *value) {
    switch (value->kind) {
    case CT_VALUE_NULL: break;
    case CT_VALUE_INTEGER: OGR_F_SetFieldInteger64(to, field, value->as.integer); break;
    case CT_VALUE_REAL: OGR_F_SetFieldDouble(to, field, value->as.real); break;
    case CT_VALUE_TEXT: OGR_F_SetFieldString(to, field, value->as.text); break;
    case CT_VALUE_BOOLEAN: OGR_F_SetFieldInteger(to, field, value->as.boolean); break;
    }
}

static bool set_geometry(OGRFeatureH to, const ct_geom *g, ct_buf *wkb) {
    if (g->type == CT_GEOM_NONE) return true;
    OGRGeometryH geometry = NULL;
    ct_buf_reset(wkb);
    ct_geom_to_wkb(wkb, g);
    if (ct_buf_status(wkb) != CT_OK ||
        OGR_G_CreateFromWkb(wkb->data, NULL, &geometry, (int)wkb->len) != OGRERR_NONE)
        return false;
    return OGR_F_SetGeometryDirectly(to, geometry) == OGRERR_NONE;
}

static bool write_layer(GDALDatasetH file, const sc_layer *from, OGRSpatialReferenceH srs,
                        ct_buf *wkb) {
    char *options[] = {(char[]){"GEOMETRY_NAME=geom"}, NULL};
    bool has_geometry = from->cls->geometry != CT_GEOM_NONE;
    OGRLayerH layer = GDALDatasetCreateLayer(file, from->cls->collection, has_geometry ? srs : NULL,
                                             layer_type(from->cls), has_geometry ? options : NULL);
    bool ok = layer && add_fields(layer, from->cls);
    for (size_t i = 0; ok && i < from->count; i++) {
        const ct_feature *f = &from->items[i];
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        OGR_F_SetFieldString(feature, 0, f->id);
        for (size_t k = 0; k < f->cls->n_attrs; k++) set_value(feature, (int)k + 1, &f->values[k]);
        ok = set_geometry(feature, &f->geom, wkb) &&
             OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
        OGR_F_Destroy(feature);
    }
    return ok;
}

static ct_err fill_package(const sc_world *world, const char *path) {
    GDALDatasetH file = NULL;
    ct_buf wkb;
    ct_buf_init(&wkb, 1 << 24);
    OGRSpatialReferenceH srs = make_srs(world->params->epsg);
    GDALDriverH driver = GDALGetDriverByName("GPKG");
    bool ok = srs && driver && (file = GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL));
    ok = ok && GDALDatasetStartTransaction(file, FALSE) == OGRERR_NONE;
    for (size_t i = 0; ok && i < world->n_layers; i++)
        if (world->layers[i].count) ok = write_layer(file, &world->layers[i], srs, &wkb);
    ok = ok && GDALDatasetCommitTransaction(file) == OGRERR_NONE;
    ct_err err = ok ? CT_OK : gdal_failed(path, "features not written");
    CPLErrorReset();
    if (file) GDALClose(file);
    if (err == CT_OK && CPLGetLastErrorType() >= CE_Failure) err = gdal_failed(path, "not closed");
    if (srs) OSRDestroySpatialReference(srs);
    ct_buf_fini(&wkb);
    return err;
}

ct_err sc_write_features(const sc_world *world, const char *path) {
    char *beside = ct_sprintf("%s.part.gpkg", path);
    if (!beside) return CT_NOMEM;
    // the package notes when it was changed: a fixed moment, for equal bytes
    CPLSetConfigOption("OGR_CURRENT_DATE", "2026-01-01T00:00:00Z");
    ct_err err = ct_file_remove(beside);
    if (err == CT_OK) err = fill_package(world, beside);
    if (err == CT_OK) err = ct_file_rename(beside, path);
    if (err != CT_OK) remove(beside);
    ct_free(beside);
    return err;
}

static ct_err fill_raster(const sc_world *world, const ct_grid *grid, const char *path) {
    char *options[] = {(char[]){"COMPRESS=DEFLATE"}, (char[]){"PREDICTOR=3"}, (char[]){"TILED=YES"},
                       NULL};
    GDALDatasetH file = NULL;
    char *wkt = NULL;
    OGRSpatialReferenceH srs = make_srs(world->params->epsg);
    GDALDriverH driver = GDALGetDriverByName("GTiff");
    bool ok =
        srs && driver && OSRExportToWkt(srs, &wkt) == OGRERR_NONE &&
        (file = GDALCreate(driver, path, (int)grid->nx, (int)grid->ny, 1, GDT_Float32, options));
    if (ok) {
        double transform[6] = {grid->west_m, grid->cell_m, 0, grid->north_m, 0, -grid->cell_m};
        GDALRasterBandH band = GDALGetRasterBand(file, 1);
        ok = GDALSetGeoTransform(file, transform) == CE_None &&
             GDALSetProjection(file, wkt) == CE_None &&
             GDALSetRasterNoDataValue(band, NO_DATA) == CE_None &&
             GDALSetRasterUnitType(band, "m") == CE_None &&
             GDALRasterIO(band, GF_Write, 0, 0, (int)grid->nx, (int)grid->ny, grid->v,
                          (int)grid->nx, (int)grid->ny, GDT_Float32, 0, 0) == CE_None;
    }
    ct_err err = ok ? CT_OK : gdal_failed(path, "ground not written");
    CPLErrorReset();
    if (file) GDALClose(file);
    if (err == CT_OK && CPLGetLastErrorType() >= CE_Failure) err = gdal_failed(path, "not closed");
    CPLFree(wkt);
    if (srs) OSRDestroySpatialReference(srs);
    return err;
}

ct_err sc_write_ground(const sc_world *world, const ct_grid *ground, const char *path) {
    char *beside = ct_sprintf("%s.part.tif", path);
    if (!beside) return CT_NOMEM;
    ct_err err = fill_raster(world, ground, beside);
    if (err == CT_OK) err = ct_file_rename(beside, path);
    if (err != CT_OK) remove(beside);
    ct_free(beside);
    return err;
}
