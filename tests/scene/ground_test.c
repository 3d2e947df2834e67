// The terrain: CRS, cells, levels of river, dike and underpass, level ground under buildings, and
// agreement of the features' heights with it.
#include <gdal.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "base/mem.h"
#include "scene_file.h"

typedef struct raster {
    int nx, ny;
    double geo[6];
    float *v;
} raster;

static raster load(void) {
    char *path = ct_sprintf("%s/terrain.tif", sf_current.folder);
    GDALDatasetH file = GDALOpen(path, GA_ReadOnly);
    if (!file) fail_msg("cannot open %s", path);
    ct_free(path);
    raster r = {.nx = GDALGetRasterXSize(file), .ny = GDALGetRasterYSize(file)};
    GDALRasterBandH band = GDALGetRasterBand(file, 1);
    int has_no_data = 0;
    double no_data = GDALGetRasterNoDataValue(band, &has_no_data);
    assert_true(has_no_data && no_data == -9999);
    assert_int_equal(GDALGetRasterDataType(band), GDT_Float32);
    assert_int_equal(GDALGetGeoTransform(file, r.geo), CE_None);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(GDALGetProjectionRef(file));
    assert_string_equal(OSRGetAuthorityCode(srs, NULL), "4547");
    OSRDestroySpatialReference(srs);
    r.v = ct_calloc((size_t)r.nx * (size_t)r.ny, sizeof *r.v);
    assert_non_null(r.v);
    assert_int_equal(
        GDALRasterIO(band, GF_Read, 0, 0, r.nx, r.ny, r.v, r.nx, r.ny, GDT_Float32, 0, 0), CE_None);
    GDALClose(file);
    return r;
}

static double at(const raster *r, double x, double y) {
    int column = (int)floor((x - r->geo[0]) / r->geo[1]),
        row = (int)floor((y - r->geo[3]) / r->geo[5]);
    assert_true(column >= 0 && column < r->nx && row >= 0 && row < r->ny);
    return (double)r->v[(size_t)row * (size_t)r->nx + (size_t)column];
}

static void the_raster_covers_the_site(void **state) {
    (void)state;
    raster r = load();
    sf_layer sites = sf_read(&sf_current, "sites", NULL, NULL);
    for (size_t i = 0; i < sites.count; i++) {
        OGREnvelope e = sf_envelope(sf_geom(sites.items[i]));
        assert_true(e.MinX >= r.geo[0] && e.MaxX <= r.geo[0] + r.nx * r.geo[1]);
        assert_true(e.MaxY <= r.geo[3] && e.MinY >= r.geo[3] + r.ny * r.geo[5]);
        assert_true(e.MaxX - e.MinX > 900 && e.MaxX - e.MinX < 1100);
        assert_true(e.MaxY - e.MinY > 900 && e.MaxY - e.MinY < 1100);
    }
    for (size_t k = 0; k < (size_t)r.nx * (size_t)r.ny; k++)
        if (!(r.v[k] > 10 && r.v[k] < 40)) fail_msg("cell %zu holds %g", k, (double)r.v[k]);
    sf_free(&sites);
    ct_free(r.v);
}

// The ground falls 1 to 4 m from the north to the foot of the dike.
static void the_ground_falls_to_the_river(void **state) {
    (void)state;
    raster r = load();
    double north = 0, south = 0, x0 = r.geo[0] + 40, x1 = r.geo[0] + r.nx * r.geo[1] - 40;
    double y1 = r.geo[3] - 30, y0 = r.geo[3] + r.ny * r.geo[5] + 20 + 200;
    int n = 0;
    for (double x = x0; x < x1; x += 7, n++) {
        north += at(&r, x, y1);
        south += at(&r, x, y0);
    }
    double fall = (north - south) / n;
    if (fall < 1 || fall > 4) fail_msg("the ground falls %.2f m", fall);
    ct_free(r.v);
}

static void water_lies_in_beds(void **state) {
    (void)state;
    raster r = load();
    sf_layer waters = sf_read(&sf_current, "waters", NULL, NULL);
    for (size_t i = 0; i < waters.count; i++) {
        OGRGeometryH g = sf_geom(waters.items[i]);
        OGREnvelope e = sf_envelope(g);
        double level = sf_number(waters.items[i], "level_m"), deepest = 0;
        bool river = strcmp(sf_text(waters.items[i], "kind"), "river") == 0;
        for (double x = e.MinX + 3; x < e.MaxX - 3; x += 5)
            for (double y = e.MinY + 0.5; y < e.MaxY; y += 2) {
                if (!sf_inside(g, x, y, 2)) continue;
                double depth = level - at(&r, x, y);
                if (depth < -0.02)
                    fail_msg("%s: ground %.2f m above the water", sf_text(waters.items[i], "id"),
                             -depth);
                deepest = fmax(deepest, depth);
            }
        if (deepest < (river ? 3 : 0.4) || deepest > 5)
            fail_msg("%s is %.2f m deep", sf_text(waters.items[i], "id"), deepest);
    }
    sf_free(&waters);
    ct_free(r.v);
}

static void the_dike_stands_at_its_crest(void **state) {
    (void)state;
    raster r = load();
    sf_layer dikes = sf_read(&sf_current, "barriers", "kind", "dike");
    assert_int_equal(dikes.count, sf_current.communities);
    for (size_t i = 0; i < dikes.count; i++) {
        double crest = sf_number(dikes.items[i], "crest_m");
        for (int k = 0; k < OGR_G_GetGeometryCount(sf_geom(dikes.items[i])); k++) {
            OGRGeometryH line = OGR_G_GetGeometryRef(sf_geom(dikes.items[i]), k);
            int n = OGR_G_GetPointCount(line);
            for (int p = 1; p + 1 < n; p++)
                assert_near(at(&r, OGR_G_GetX(line, p), OGR_G_GetY(line, p)), crest, 0.01);
            assert_true(OGR_G_Length(line) > 50);
        }
    }
    sf_free(&dikes);
    ct_free(r.v);
}

static void buildings_stand_on_level_ground(void **state) {
    (void)state;
    raster r = load();
    sf_layer buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    for (size_t i = 0; i < buildings.count; i++) {
        OGRGeometryH g = sf_geom(buildings.items[i]);
        OGREnvelope e = sf_envelope(g);
        int inside = 0;
        for (double x = e.MinX + 0.5; x < e.MaxX; x += 2)
            for (double y = e.MinY + 0.5; y < e.MaxY; y += 2) {
                if (!sf_inside(g, x, y, r.geo[1])) continue;
                inside++;
                assert_near(at(&r, x, y), sf_number(buildings.items[i], "base_m"), 0.002);
            }
        assert_true(inside > 0);
    }
    sf_free(&buildings);
    ct_free(r.v);
}

// The underpass dives at least 4 m under the arterial, the garage ramps 3 m and more, with the
// crest that the parking feature tells.
static void cuts_are_as_deep_as_they_should_be(void **state) {
    (void)state;
    raster r = load();
    sf_layer under = sf_read(&sf_current, "roads", "kind", "underpass"),
             ramps = sf_read(&sf_current, "transitions", "kind", "ramp");
    for (size_t i = 0; i < under.count; i++) {
        OGRGeometryH line = OGR_G_GetGeometryRef(sf_geom(under.items[i]), 0);
        double low = INFINITY, end = at(&r, OGR_G_GetX(line, 0), OGR_G_GetY(line, 0));
        for (int k = 0; k < OGR_G_GetPointCount(line); k++)
            low = fmin(low, at(&r, OGR_G_GetX(line, k), OGR_G_GetY(line, k)));
        assert_true(end - low > 4 && end - low < 6);
    }
    for (size_t i = 0; i < ramps.count; i++) {
        OGRGeometryH line = OGR_G_GetGeometryRef(sf_geom(ramps.items[i]), 0);
        double top = OGR_G_GetZ(line, 0), foot = OGR_G_GetZ(line, 1), length = OGR_G_Length(line);
        double tx = OGR_G_GetX(line, 1) - 2 * (OGR_G_GetX(line, 1) - OGR_G_GetX(line, 0)) / length;
        double ty = OGR_G_GetY(line, 1) - 2 * (OGR_G_GetY(line, 1) - OGR_G_GetY(line, 0)) / length;
        assert_near(at(&r, tx, ty), foot, 0.05);
        assert_true(top - foot > 3 && (top - foot) / length < 0.15); // JGJ 100: 15 % at most
    }
    sf_free(&under);
    sf_free(&ramps);
    ct_free(r.v);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_raster_covers_the_site),
        cmocka_unit_test(the_ground_falls_to_the_river),
        cmocka_unit_test(water_lies_in_beds),
        cmocka_unit_test(the_dike_stands_at_its_crest),
        cmocka_unit_test(buildings_stand_on_level_ground),
        cmocka_unit_test(cuts_are_as_deep_as_they_should_be),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_ground");
}
