// What files of each format tell of themselves, and what is kept of it.
#include "harness.h"

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

static ct_err import_text(const char *name, const char *text, size_t length) {
    ct_ingest_options o = options_for();
    o.source_crs = TWIN;
    const char *path = in_folder(name);
    must(ct_file_write(path, text, length));
    return import(path, &o);
}

// The record of the last import, whole.
static const char *record(void) {
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, 1 << 20);
    ct_jsonw_init(&w, &text);
    ct_ingest_write_source(&w, report, 0);
    assert_int_equal(ct_buf_status(&text), CT_OK);
    const char *copy = ct_arena_strndup(arena, text.data, text.len);
    ct_buf_fini(&text);
    assert_non_null(copy);
    return copy;
}

#define CITY(version, metadata)                                                                    \
    "{\"type\":\"CityJSON\",\"version\":\"" version                                                \
    "\",\"transform\":{\"scale\":[1,1,1],\"translate\":[0,0,0]},\"metadata\":" metadata            \
    ",\"CityObjects\":{},\"vertices\":[]}"

static void cityjson_tells_by_its_metadata(void **state) {
    (void)state;
    static const char text[] =
        CITY("2.0", "{\"title\":\"Old town\",\"identifier\":\"o-1\",\"referenceDate\":"
                    "\"2024-05-06\",\"pointOfContact\":{\"contactName\":\"A. Mapper\","
                    "\"emailAddress\":\"a@example.org\",\"organization\":\"Town\"}}");
    must(import_text("a.city.json", text, strlen(text)));
    assert_string_equal(told(CT_SOURCE_TITLE), "Old town");
    assert_string_equal(told(CT_SOURCE_IDENTIFIER), "o-1");
    assert_string_equal(told(CT_SOURCE_DATE), "2024-05-06");
    assert_string_equal(told(CT_SOURCE_CREATOR), "A. Mapper");
    assert_string_equal(told(CT_SOURCE_PUBLISHER), "Town");
    assert_non_null(strstr(record(), "\"format\":\"CityJSON 2.0\""));
    assert_non_null(strstr(record(), "\"original\":{\"identifier\":\"o-1\""));
    assert_non_null(strstr(record(), "a@example.org"));
}

static void odd_metadata_of_cityjson_does_no_harm(void **state) {
    (void)state;
    static const char *const k_odd[] = {"{\"title\":{},\"pointOfContact\":[1]}", "{}"};
    for (int i = 0; i < 2; i++) {
        char text[300];
        const int n = snprintf(text, sizeof text, CITY("1.1", "%s"), k_odd[i]);
        must(import_text("b.city.json", text, (size_t)n));
        assert_string_equal(told(CT_SOURCE_TITLE), "");
        assert_non_null(strstr(record(), "\"format\":\"CityJSON 1.1\""));
    }
    // Too much of it: the terms alone.
    char *text = ct_calloc(1, CT_SOURCE_ORIGINAL_MOST + 400);
    char *more = ct_calloc(1, CT_SOURCE_ORIGINAL_MOST + 1);
    memset(more, 'x', CT_SOURCE_ORIGINAL_MOST);
    const int n = snprintf(text, CT_SOURCE_ORIGINAL_MOST + 400,
                           CITY("2.0", "{\"title\":\"T\",\"more\":\"%s\"}"), more);
    must(import_text("c.city.json", text, (size_t)n));
    assert_string_equal(told(CT_SOURCE_TITLE), "T");
    assert_null(strstr(record(), "original"));
    found("metadata", CT_SEVERITY_INFO, "c.city.json", "20000 bytes");
    ct_free(more);
    ct_free(text);
}

static void gml_tells_by_name_and_description(void **state) {
    (void)state;
    static const char city[] =
        "<CityModel xmlns=\"http://www.opengis.net/citygml/2.0\" "
        "xmlns:gml=\"http://www.opengis.net/gml\"><gml:description>Made for a test"
        "</gml:description><gml:name> Old\n town </gml:name></CityModel>";
    must(import_text("a.gml", city, strlen(city)));
    assert_string_equal(told(CT_SOURCE_TITLE), "Old town");
    assert_string_equal(told(CT_SOURCE_DESCRIPTION), "Made for a test");
    assert_non_null(strstr(record(), "\"format\":\"CityGML 2.0\""));
    static const char indoor[] =
        "<IndoorFeatures xmlns=\"http://www.opengis.net/indoorgml/1.0/core\" "
        "xmlns:gml=\"http://www.opengis.net/gml/3.2\"><gml:name>Station</gml:name>"
        "</IndoorFeatures>";
    must(import_text("b.gml", indoor, strlen(indoor)));
    assert_string_equal(told(CT_SOURCE_TITLE), "Station");
    assert_non_null(strstr(record(), "\"format\":\"IndoorGML 1.0\""));
}

static void ifc_tells_by_header_and_project(void **state) {
    (void)state;
    const ct_ingest_options o = options_for();
    must(import(DATA("house.ifc"), &o));
    assert_string_equal(told(CT_SOURCE_TITLE), "Riverside");
    assert_string_equal(told(CT_SOURCE_DESCRIPTION), "ViewDefinition [DesignTransferView]");
    assert_string_equal(told(CT_SOURCE_DATE), "2026-01-01T00:00:00");
    assert_string_equal(told(CT_SOURCE_CREATOR), "a");
    assert_string_equal(told(CT_SOURCE_PUBLISHER), "b");
    assert_string_equal(told(CT_SOURCE_SOFTWARE), "d");
    assert_string_equal(told(CT_SOURCE_RIGHTS), "");
    assert_non_null(strstr(record(), "\"format\":\"IFC4\""));
    assert_non_null(strstr(record(), "\"storey\":"));
}

static void openstreetmap_tells_its_owners(void **state) {
    (void)state;
    static const char api[] =
        "<osm version=\"0.6\" generator=\"CGImap\" copyright=\"OpenStreetMap and contributors\" "
        "license=\"http://opendatacommons.org/licenses/odbl/1-0/\">"
        "<node id=\"1\" lat=\"30.5\" lon=\"114\"><tag k=\"emergency\" v=\"fire_hydrant\"/></node>"
        "</osm>";
    must(import_text("a.osm", api, strlen(api)));
    assert_int_equal(n_kept, 1);
    assert_string_equal(
        told(CT_SOURCE_RIGHTS),
        "OpenStreetMap and contributors, http://opendatacommons.org/licenses/odbl/1-0/");
    assert_string_equal(told(CT_SOURCE_SOFTWARE), "CGImap");
    static const char overpass[] =
        "<osm version=\"0.6\" generator=\"Overpass API\"><note>The data is made available under "
        "ODbL.</note><meta osm_base=\"2026-01-02T03:04:05Z\"/>"
        "<node id=\"1\" lat=\"30.5\" lon=\"114\"><tag k=\"note\" v=\"no\"/></node></osm>";
    must(import_text("b.osm", overpass, strlen(overpass)));
    assert_string_equal(told(CT_SOURCE_RIGHTS), "The data is made available under ODbL.");
    assert_string_equal(told(CT_SOURCE_DATE), "2026-01-02T03:04:05Z");
}

// A file of a header block alone, its bytes as they are (field 1 of the blob).
static void binary_openstreetmap_tells_by_its_header(void **state) {
    (void)state;
    static const char block[] = "\x22\x0eOsmSchema-V0.6"
                                "\x82\x01\x04tool"
                                "\x8a\x01\x04maps"
                                "\x80\x02\x80\x94\xeb\xdc\x03"; // 1,000,000,000 s
    char file[200], *at = file;
    const size_t n = sizeof block - 1;
    static const char head[] = "\x0a\x09OSMHeader\x18";
    *at++ = 0, *at++ = 0, *at++ = 0, *at++ = (char)sizeof head; // with the length's one byte
    memcpy(at, head, sizeof head - 1);
    at += sizeof head - 1;
    *at++ = (char)(n + 2);
    *at++ = 0x0a;
    *at++ = (char)n;
    memcpy(at, block, n);
    at += n;
    (void)!import_text("a.osm.pbf", file,
                       (size_t)(at - file)); // whether nothing is an error or not
    assert_string_equal(told(CT_SOURCE_SOFTWARE), "tool");
    assert_string_equal(told(CT_SOURCE_PUBLISHER), "maps");
    assert_string_equal(told(CT_SOURCE_DATE), "2001-09-09T01:46:40Z");
}

static void rasters_tell_by_their_tags(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    double transform[6] = {500000, 2, 0, 3374000, 0, -2};
    float heights[16 * 16] = {0};
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    const char *path = in_folder("hills.tif");
    o.terrain_folder = in_folder("terrain");
    GDALAllRegister();
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path, 16, 16, 1, GDT_Float32, NULL);
    assert_non_null(d);
    assert_int_equal(OSRImportFromEPSG(srs, 4547), OGRERR_NONE);
    GDALSetSpatialRef(d, srs);
    GDALSetGeoTransform(d, transform);
    GDALSetMetadataItem(d, "TIFFTAG_COPYRIGHT", "Survey of the province", NULL);
    GDALSetMetadataItem(d, "TIFFTAG_DATETIME", "2023:04:05 06:07:08", NULL);
    GDALSetMetadataItem(d, "TIFFTAG_DOCUMENTNAME", "Hills", NULL);
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(d, 1), GF_Write, 0, 0, 16, 16, heights, 16, 16,
                                  GDT_Float32, 0, 0),
                     CE_None);
    GDALClose(d);
    OSRRelease(srs);
    must(import(path, &o));
    assert_string_equal(told(CT_SOURCE_RIGHTS), "Survey of the province");
    assert_string_equal(told(CT_SOURCE_DATE), "2023:04:05 06:07:08");
    assert_string_equal(told(CT_SOURCE_TITLE), "Hills");
    assert_non_null(strstr(record(), "\"format\":\"GeoTIFF\""));
    ct_ingest_report_free(report);
    report = NULL;
}

static void layers_tell_by_their_metadata(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    const char *path = in_folder("town.gpkg");
    assert_int_equal(OSRImportFromEPSG(srs, 4547), OGRERR_NONE);
    for (int named = 0; named < 2; named++) {
        GDALDatasetH d = GDALCreate(GDALGetDriverByName("GPKG"), path, 0, 0, 0, GDT_Unknown, NULL);
        OGRLayerH layer = GDALDatasetCreateLayer(d, "hydrants", srs, wkbPoint, NULL);
        assert_non_null(layer);
        if (named) {
            GDALSetMetadataItem(layer, "IDENTIFIER", "Hydrants of the town", NULL);
            GDALSetMetadataItem(layer, "DESCRIPTION", "As walked in spring", NULL);
        }
        GDALClose(d);
        must(import(path, &o));
        assert_string_equal(told(CT_SOURCE_TITLE), named ? "Hydrants of the town" : "");
        assert_string_equal(told(CT_SOURCE_DESCRIPTION), named ? "As walked in spring" : "");
        assert_non_null(strstr(record(), "\"format\":\"GeoPackage\""));
        must(ct_file_remove(path));
    }
    OSRRelease(srs);
}

// Each file has its own counts.
static void files_of_one_import_are_told_apart(void **state) {
    (void)state;
    ct_ingest_options o = options_for();
    const ct_sink sink = {.put = keep};
    must(import(DATA("house.ifc"), &o));
    n_kept = 0;
    must(ct_ingest_file(DATA("block.osm"), &o, &sink, report));
    assert_int_equal(ct_ingest_source_count(report), 2);
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < 2; i++) {
        ct_buf_reset(&text);
        ct_jsonw_init(&w, &text);
        ct_ingest_write_source(&w, report, i);
        ct_buf_putc(&text, '\0');
        assert_int_equal(ct_buf_status(&text), CT_OK);
        assert_true((strstr(text.data, "\"hydrant\":1") != NULL) == (i == 1));
        assert_true((strstr(text.data, "\"storey\":") != NULL) == (i == 0));
    }
    ct_buf_fini(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cityjson_tells_by_its_metadata),
        cmocka_unit_test(odd_metadata_of_cityjson_does_no_harm),
        cmocka_unit_test(gml_tells_by_name_and_description),
        cmocka_unit_test(ifc_tells_by_header_and_project),
        cmocka_unit_test(openstreetmap_tells_its_owners),
        cmocka_unit_test(binary_openstreetmap_tells_by_its_header),
        cmocka_unit_test(rasters_tell_by_their_tags),
        cmocka_unit_test(layers_tell_by_their_metadata),
        cmocka_unit_test(files_of_one_import_are_told_apart),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
