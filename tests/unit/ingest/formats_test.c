// The vector formats of GIS users, each written by GDAL here and read back through ingest.
#include "harness.h"

#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

static OGRSpatialReferenceH srs_of(int epsg) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRImportFromEPSG(srs, epsg), OGRERR_NONE);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    return srs;
}

static GDALDatasetH create(const char *driver, const char *path) {
    GDALAllRegister();
    GDALDatasetH d = GDALCreate(GDALGetDriverByName(driver), path, 0, 0, 0, GDT_Unknown, NULL);
    assert_non_null(d);
    return d;
}

static OGRLayerH add_layer(GDALDatasetH d, const char *name, int epsg, OGRwkbGeometryType type) {
    OGRSpatialReferenceH srs = epsg ? srs_of(epsg) : NULL;
    OGRLayerH layer = GDALDatasetCreateLayer(d, name, srs, type, NULL);
    assert_non_null(layer);
    if (srs) OSRRelease(srs);
    return layer;
}

static void add_field(OGRLayerH layer, const char *name, OGRFieldType type) {
    OGRFieldDefnH field = OGR_Fld_Create(name, type);
    assert_int_equal(OGR_L_CreateField(layer, field, TRUE), OGRERR_NONE);
    OGR_Fld_Destroy(field);
}

// Values come as texts in the order of the layer's fields; NULL ends them.
static void add_feature(OGRLayerH layer, const char *wkt, const char *const *values) {
    OGRFeatureH f = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    for (int i = 0; values && values[i]; i++) OGR_F_SetFieldString(f, i, values[i]);
    if (wkt) {
        OGRGeometryH g = NULL;
        char text[512], *at = text;
        snprintf(text, sizeof text, "%s", wkt);
        assert_int_equal(OGR_G_CreateFromWkt(&at, NULL, &g), OGRERR_NONE);
        OGR_F_SetGeometryDirectly(f, g);
    }
    assert_int_equal(OGR_L_CreateFeature(layer, f), OGRERR_NONE);
    OGR_F_Destroy(f);
}

#define BLOCK                                                                                      \
    "POLYGON((500000 3374000,500030 3374000,500030 3374020,500000 3374020,500000 3374000))"

static void a_geopackage_imports_all_its_layers(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    const char *path = in_folder("town.gpkg");
    GDALDatasetH d = create("GPKG", path);
    OGRLayerH buildings = add_layer(d, "Buildings", 4547, wkbPolygon);
    add_field(buildings, "id", OFTString);
    add_field(buildings, "storeys_above", OFTInteger);
    add_field(buildings, "height_m", OFTReal);
    add_feature(buildings, BLOCK, (const char *const[]){"b-1", "6", "18.5", NULL});
    OGRLayerH gates = add_layer(d, "gate", 4326, wkbPoint);
    add_field(gates, "open", OFTInteger);
    add_feature(gates, "POINT(114.001 30.5)", (const char *const[]){"1", NULL});
    OGRLayerH nodes = add_layer(d, "drain_nodes", 4547, wkbPoint25D);
    add_field(nodes, "kind", OFTString);
    add_feature(nodes, "POINT Z(500010 3374010 21.25)", (const char *const[]){"manhole", NULL});
    OGRLayerH households = add_layer(d, "households", 0, wkbNone);
    add_field(households, "building", OFTString);
    add_field(households, "members", OFTInteger);
    add_feature(households, NULL, (const char *const[]){"b-1", "3", NULL});
    OGRLayerH events = add_layer(d, "events", 4547, wkbPoint);
    add_field(events, "start_time", OFTDateTime);
    add_field(events, "kind", OFTString);
    add_feature(events, "POINT(500010 3374010)",
                (const char *const[]){"2026/07/20 20:00:00+08", "fire", NULL});
    add_layer(d, "castles", 4547, wkbPoint);
    GDALClose(d);

    must(import(path, &o));
    assert_int_equal(n_kept, 5);
    const ct_feature *b = by_id("b-1");
    assert_near(ct_feature_number(b, "height_m", 0), 18.5, 0);
    assert_near(ct_feature_number(b, "storeys_above", 0), 6, 0);
    assert_near(b->geom.xyz[0], 500000, 0); // the twin's own CRS: not touched
    assert_near(b->geom.xyz[1], 3374000, 0);
    const ct_feature *g = by_id("gate-1");
    assert_near(g->geom.xyz[0], 500095.98, 0.05);
    assert_true(ct_feature_get(g, "open")->as.boolean);
    assert_near(by_id("drain_node-1")->geom.xyz[2], 21.25, 0);
    assert_near(ct_feature_number(by_id("household-1"), "members", 0), 3, 0);
    assert_string_equal(ct_feature_text(by_id("event-1"), "start_time", ""),
                        "2026-07-20T12:00:00Z");
    found("no-class", CT_SEVERITY_WARNING, "town.gpkg", "castles");
}

static void a_shapefile_brings_its_short_names_and_chinese(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    const char *path = in_folder("buildings.shp");
    GDALDatasetH d = create("ESRI Shapefile", path);
    OGRSpatialReferenceH srs =
        srs_of(4490); // CGCS2000, geographic: latitude first by its authority
    char **options = CSLSetNameValue(NULL, "ENCODING", "GB18030");
    OGRLayerH layer = GDALDatasetCreateLayer(d, "buildings", srs, wkbPolygon, options);
    CSLDestroy(options);
    OSRRelease(srs);
    add_field(layer, "storeys_ab", OFTInteger); // storeys_above, as dBASE cuts it
    add_field(layer, "name_zh", OFTString);
    add_field(layer, "use", OFTString);
    add_feature(layer, "POLYGON((114 30.5,114.0003 30.5,114.0003 30.5002,114 30.5002,114 30.5))",
                (const char *const[]){"18", "江岸一号楼", "住宅", NULL});
    GDALClose(d);
    must(import(path, &o));
    const ct_feature *f = by_id("building-0");
    assert_near(ct_feature_number(f, "storeys_above", 0), 18, 0);
    assert_string_equal(ct_feature_text(f, "name_zh", ""), "江岸一号楼");
    assert_string_equal(ct_feature_text(f, "use", ""), "residential");
    assert_near(ct_geom_area_m2(&f->geom), 28.8 * 22.18, 1.0);
    // without the .prj nobody knows where it is, unless the user says so
    must(ct_file_remove(in_folder("buildings.prj")));
    failed_with(import(path, &o), CT_CRS, "--crs");
    o.source_crs = "EPSG:4490";
    must(import(path, &o));
    assert_near(ct_geom_area_m2(&by_id("building-0")->geom), 28.8 * 22.18, 1.0);
}

static void a_prj_without_a_code_is_understood(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    const char *path = in_folder("hydrants.shp");
    GDALDatasetH d = create("ESRI Shapefile", path);
    // The twin's own projection with another false easting: no authority knows it.
    static const char wkt[] =
        "PROJCS[\"local\",GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_"
        "2000\","
        "SPHEROID[\"CGCS2000\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\","
        "0.0174532925199433]],PROJECTION[\"Gauss_Kruger\"],PARAMETER[\"False_Easting\",1000.0],"
        "PARAMETER[\"False_Northing\",-3000000.0],PARAMETER[\"Central_Meridian\",114.0],"
        "PARAMETER[\"Scale_Factor\",1.0],PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]"
        "]";
    char text[sizeof wkt], *at = text;
    memcpy(text, wkt, sizeof wkt);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRImportFromWkt(srs, &at), OGRERR_NONE);
    OGRLayerH layer = GDALDatasetCreateLayer(d, "hydrants", srs, wkbPoint25D, NULL);
    OSRRelease(srs);
    add_feature(layer, "POINT Z(1010 374020 7)", NULL);
    GDALClose(d);
    must(import(path, &o));
    assert_near(kept[0].geom.xyz[0], 500010, 1e-4);
    assert_near(kept[0].geom.xyz[1], 3374020, 1e-4);
}

static void a_flatgeobuf_arrives(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    const char *path = in_folder("roads.fgb");
    GDALDatasetH d = create("FlatGeobuf", path);
    OGRLayerH layer = add_layer(d, "roads", 3857, wkbLineString);
    add_field(layer, "kind", OFTString);
    add_field(layer, "lanes", OFTInteger64);
    // 114 E, 30.5 N in Web Mercator
    add_feature(layer, "LINESTRING(12690421.950 3568973.018,12690521.950 3568973.018)",
                (const char *const[]){"local", "2", NULL});
    GDALClose(d);
    must(import(path, &o));
    assert_int_equal(n_kept, 1);
    assert_near(kept[0].geom.xyz[0], 500000, 0.01);
    assert_near(ct_geom_length_m(&kept[0].geom), 86.3, 0.5); // 100 m of Mercator, times cos 30.5
    assert_near(ct_feature_number(&kept[0], "lanes", 0), 2, 0);
}

static const char *written(const char *name, const char *text) {
    const char *path = in_folder(name);
    must(ct_file_write(path, text, strlen(text)));
    return path;
}

static void tables_of_places_arrive(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    o.source_crs = "OGC:CRS84";
    must(import(written("gates.csv", "id,lon,lat,kind,width_m,open\n"
                                     "gate-1,114.0,30.5,vehicle,6.5,yes\n"
                                     "gate-2,114.001,30.5,pedestrian, ,no\n"),
                &o));
    assert_int_equal(n_kept, 2);
    const ct_feature *g = by_id("gate-1");
    assert_near(g->geom.xyz[0], 500000, 1e-3);
    assert_near(ct_feature_number(g, "width_m", 0), 6.5, 0);
    assert_true(ct_feature_get(g, "open")->as.boolean);
    assert_int_equal(ct_feature_get(by_id("gate-2"), "width_m")->kind, CT_VALUE_NULL);

    o.source_crs = TWIN;
    must(import(written("greens.csv", "kind;WKT\nlawn;\"" BLOCK "\"\n"), &o));
    assert_near(ct_geom_area_m2(&kept[0].geom), 600, 1e-9);
    failed_with(
        import(written("gates.csv", "id,lon,lat,width_m\ngate-1,500000,3374000,wide\n"), &o),
        CT_PARSE, "gates.csv:gates:feature 1: width_m: \"wide\" is no number");
    o.source_crs = NULL;
    failed_with(import(in_folder("greens.csv"), &o), CT_CRS, "--crs");
}

static void bad_geometries_are_errors(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    const char *path = in_folder("paths.gpkg");
    GDALDatasetH d = create("GPKG", path);
    OGRLayerH layer = add_layer(d, "paths", 4547, wkbLineString);
    OGRFeatureH f = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGRGeometryH line = OGR_G_CreateGeometry(wkbLineString);
    OGR_G_AddPoint_2D(line, 500000, 3374000);
    OGR_G_AddPoint_2D(line, (double)NAN, 3374000);
    OGR_F_SetGeometryDirectly(f, line);
    assert_int_equal(OGR_L_CreateFeature(layer, f), OGRERR_NONE);
    OGR_F_Destroy(f);
    GDALClose(d);
    failed_with(import(path, &o), CT_PARSE, "paths.gpkg:paths:feature 1: geometry");
    found("geometry", CT_SEVERITY_ERROR, "feature 1", "finite");

    // an arc becomes a line, a measure is dropped
    path = in_folder("barriers.gpkg");
    d = create("GPKG", path);
    layer = add_layer(d, "barriers", 4547, wkbUnknown);
    add_feature(layer, "CIRCULARSTRING(500000 3374000,500010 3374010,500020 3374000)", NULL);
    add_feature(layer, "LINESTRING ZM(500000 3374000 5 1,500010 3374000 5 2)", NULL);
    GDALClose(d);
    must(import(path, &o));
    assert_near(ct_geom_length_m(&kept[0].geom), 10 * 3.14159, 0.1);
    assert_near(ct_geom_length_m(&kept[1].geom), 10, 0);
    assert_false(kept[1].geom.has_z);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_geopackage_imports_all_its_layers),
        cmocka_unit_test(a_shapefile_brings_its_short_names_and_chinese),
        cmocka_unit_test(a_prj_without_a_code_is_understood),
        cmocka_unit_test(a_flatgeobuf_arrives),
        cmocka_unit_test(tables_of_places_arrive),
        cmocka_unit_test(bad_geometries_are_errors),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
