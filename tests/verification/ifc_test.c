// Real IFC files: what they hold, counted by an independent reader of STEP files, comes in.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmk.h"
#include "geo/mesh_repair.h"
#include "ingest/ifc/model.h"
#include "ingest/ifc/source.h"
#include "ingest/ingest.h"

enum { SKIPPED = 77 };

static const char *data; // the folder of the test data
static ct_catalogue *catalogue;

// Instances in the file, and the features that come of them.
typedef struct expectation {
    const char *path, *crs;
    uint32_t entities;
    int storeys, spaces, walls, doors, windows, stairs, openings, voids, fills, boundaries;
} expectation;

static const expectation k_expected[] = {
    {"web-ifc/duplex.ifc", "EPSG:32616", 38898, 4, 21, 57, 14, 24, 2, 50, 50, 38, 265},
    {"web-ifc/Office_A_20110811.ifc", "EPSG:32618", 62930, 3, 99, 487, 102, 69, 2, 181, 181, 171,
     1334},
    {"schependomlaan/ROOT-houten kozijnen.ifc", "EPSG:28992", 125924, 4, 0, 51, 30, 67, 0, 69, 69,
     69, 0},
    {"schependomlaan/LINDEN - Kozijnen.ifc", "EPSG:28992", 29058, -1, -1, -1, -1, -1, -1, -1, -1,
     -1, -1},
    {"web-ifc/ISSUE_021_Mini Project.ifc", "EPSG:32631", 49044, -1, -1, -1, -1, -1, -1, -1, -1, -1,
     -1},
    {"web-ifc/IfcOpenHouse_IFC4.ifc", "EPSG:32631", 2885, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
    {"web-ifc/KIT-Simple-Road-Test-Web-IFC4x3_RC2.ifc", "EPSG:32632", 6500, -1, -1, -1, -1, -1, -1,
     -1, -1, -1, -1},
    {"web-ifc/ISSUE_171_IfcSurfaceCurveSweptAreaSolid.ifc", "EPSG:32631", 4327, -1, -1, -1, -1, -1,
     -1, -1, -1, -1, -1},
};

static void must(ct_err err) {
    if (err != CT_OK) fail_msg("%s: %s", ct_err_name(err), ct_err_message());
}

static void check(const char *what, size_t got, int expected) {
    if (expected >= 0 && got != (size_t)expected) fail_msg("%s: %zu, not %d", what, got, expected);
}

static void check_instances(const expectation *e, const char *path) {
    ct_ifc__source source;
    ct_ifc__model m = {0};
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_diagnostics *found = ct_diagnostics_new(100);
    must(ct_ifc__source_open(&source, path));
    must(ct_ifc__open(&m, source.bytes, source.n, e->path, false, found));
    assert_int_equal(ct_step__count(m.step), e->entities);
    const struct {
        const char *what;
        ct_ifc__known entity;
        int n;
    } kinds[] = {{"storeys", CT_IFC__STOREY, e->storeys},
                 {"spaces", CT_IFC__SPACE, e->spaces},
                 {"walls", CT_IFC__WALL, e->walls},
                 {"doors", CT_IFC__DOOR, e->doors},
                 {"windows", CT_IFC__WINDOW, e->windows},
                 {"stairs", CT_IFC__STAIR, e->stairs},
                 {"openings", CT_IFC__OPENING, e->openings},
                 {"voids", CT_IFC__REL_VOIDS, e->voids},
                 {"fills", CT_IFC__REL_FILLS, e->fills},
                 {"boundaries", CT_IFC__BOUNDARY, e->boundaries}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        ct_ifc__slots all;
        must(ct_ifc__all_known(&all, arena, &m, kinds[i].entity));
        check(kinds[i].what, all.n, kinds[i].n);
    }
    ct_ifc__close(&m);
    ct_ifc__source_close(&source);
    ct_arena_free(arena);
    ct_diagnostics_free(found);
}

static void check_features(const expectation *e, const char *path) {
    const ct_ingest_options o = {.catalogue = catalogue,
                                 .twin_crs = e->crs,
                                 .anchor = {.given = true, .east_m = 500000, .north_m = 5000000}};
    ct_ingest_report *report = ct_ingest_report_new(catalogue);
    assert_non_null(report);
    must(ct_ingest_file(path, &o, NULL, report));
    const struct {
        const char *cls;
        int n;
    } classes[] = {
        {"storey", e->storeys},
        {"space", e->spaces},
        {"transition", e->stairs},
        {"opening", e->openings < 0 ? -1 : e->doors + e->windows + e->openings - e->fills}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        check(classes[i].cls,
              (size_t)ct_ingest_count(report, ct_catalogue_by_name(catalogue, classes[i].cls)),
              classes[i].n);
    ct_ingest_report_free(report);
}

static void real_files(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof k_expected / sizeof *k_expected; i++) {
        char *path = ct_sprintf("%s/bim/ifc/%s", data, k_expected[i].path);
        assert_non_null(path);
        print_message("%s\n", k_expected[i].path);
        check_instances(&k_expected[i], path);
        check_features(&k_expected[i], path);
        ct_free(path);
    }
}

// ---- values of the duplex -----------------------------------------------------------------------

typedef struct sums {
    double volume_m3;
    size_t two_sided; // doors between two spaces
    bool place;       // of its first door, by the site's latitude and longitude
} sums;

static ct_err add(void *context, const ct_feature *f) {
    sums *s = context;
    if (strcmp(f->cls->name, "space") == 0) s->volume_m3 += ct_feature_number(f, "volume_m3", 0);
    if (strcmp(f->cls->name, "opening") != 0) return CT_OK;
    s->two_sided += *ct_feature_text(f, "space_a", "") && *ct_feature_text(f, "space_b", "");
    // 41 52 27.84 N, 87 38 21.84 W in UTM zone 16: some metres around.
    s->place |= f->geom.type == CT_GEOM_POINT && f->geom.xyz[0] > 446900 &&
                f->geom.xyz[0] < 447100 && f->geom.xyz[1] > 4635800 && f->geom.xyz[1] < 4636300;
    return CT_OK;
}

static void duplex(void **state) {
    (void)state;
    char *path = ct_sprintf("%s/bim/ifc/web-ifc/duplex.ifc", data);
    const ct_ingest_options o = {.catalogue = catalogue, .twin_crs = "EPSG:32616"};
    sums s = {0};
    const ct_sink sink = {add, &s};
    ct_ingest_report *report = ct_ingest_report_new(catalogue);
    assert_true(path && report);
    must(ct_ingest_file(path, &o, &sink, report));
    if (s.volume_m3 < 1049.31 || s.volume_m3 > 1049.33) fail_msg("volume %f m3", s.volume_m3);
    assert_true(s.two_sided >= 10);
    assert_true(s.place);
    ct_ingest_report_free(report);
    ct_free(path);
}

// ---- shapes -------------------------------------------------------------------------------------

// Boxes around all that is built, spaces left out, as web-ifc 0.0.78 has them (to the millimetre
// that it was noted with), and what all spaces hold: properties of the files, and the extrusions'
// areas.
typedef struct shapes {
    const char *path;
    ct_box3 box;
    double spaces_m3, floors_m2;
} shapes;

static const shapes k_shapes[] = {
    {"web-ifc/duplex.ifc", {{-0.242, -22.183, -1.55}, {9.041, 4.383, 6.635}}, 1049.319, 375.746},
    {"web-ifc/Office_A_20110811.ifc",
     {{-0.522, -36.345, -1.219}, {50.061, 0.497, 14.817}},
     8607.922,
     3427.624},
    {"schependomlaan/ROOT-houten kozijnen.ifc", {{-1, -1, -0.027}, {22.82, 21.454, 11.608}}, 0, 0},
    {"schependomlaan/LINDEN - Kozijnen.ifc",
     {{-0.216, 0.162, -0.102}, {22.82, 21.462, 11.61}},
     0,
     0},
    {"web-ifc/ISSUE_021_Mini Project.ifc", {{-0.142, -0.2, -9}, {37.178, 29.92, 8}}, 0, 0},
    {"web-ifc/IfcOpenHouse_IFC4.ifc", {{-10, -10, -8.13}, {10, 10, 5.78}}, 0, 0},
    {"web-ifc/KIT-Simple-Road-Test-Web-IFC4x3_RC2.ifc",
     {{-4.65, 0, 0}, {62.65, 111.65, 0.4}},
     0,
     0},
    {"web-ifc/ISSUE_171_IfcSurfaceCurveSweptAreaSolid.ifc",
     {{-6.125, -7.171, -0.2}, {3.117, 2.117, 6.4}},
     NAN,
     NAN},
};

typedef struct shape_sums {
    ct_box3 box;
    bool any;
    double spaces_m3, floors_m2, stairs_m3[2]; // A201 and B201
    ct_arena *arena;
} shape_sums;

static void add_space(shape_sums *s, const ct_feature *f) {
    static const char *const stairs[] = {"A201", "B201"};
    static const double down[3] = {0, 0, -1};
    const double volume = ct_body_volume_m3(f->body);
    s->spaces_m3 += volume;
    for (int i = 0; i < 2; i++)
        if (strcmp(ct_feature_text(f, "name", ""), stairs[i]) == 0) s->stairs_m3[i] = volume;
    for (size_t i = 0; i < f->body->n_parts; i++) {
        ct_mesh mesh;
        must(ct_mesh_copy(&mesh, s->arena, f->body->parts[i].mesh));
        ct_mesh_transform(&mesh, &f->body->parts[i].place);
        s->floors_m2 += ct_mesh_area_facing_m2(&mesh, down, 0.1);
    }
    ct_arena_reset(s->arena);
}

static ct_err add_shape(void *context, const ct_feature *f) {
    shape_sums *s = context;
    ct_box3 box;
    if (!f->body || !ct_body_box(&box, f->body)) return CT_OK;
    if (strcmp(f->cls->name, "space") == 0) {
        add_space(s, f);
        return CT_OK;
    }
    for (int k = 0; k < 3; k++) {
        s->box.min[k] = s->any ? fmin(s->box.min[k], box.min[k]) : box.min[k];
        s->box.max[k] = s->any ? fmax(s->box.max[k], box.max[k]) : box.max[k];
    }
    s->any = true;
    return CT_OK;
}

// Prints what is off and by how much it may be.
static void within(const char *what, double got, double expected, double bound) {
    const double error = fabs(got - expected);
    if (isnan(expected)) return;
    print_message("  %-24s %12.4f  expected %12.4f  error %.6f  bound %.6f\n", what, got, expected,
                  error, bound);
    if (!(error <= bound)) fail_msg("%s: %f, not %f", what, got, expected);
}

static void check_shapes(const shapes *e, const shape_sums *s) {
    static const char *const axes[] = {"west", "south", "bottom", "east", "north", "top"};
    static const double origin[3] = {500000, 5000000, 0};
    for (int k = 0; k < 3; k++) {
        // Half a millimetre of rounding in what is compared with.
        within(axes[k], s->box.min[k] - origin[k], e->box.min[k], 0.0016);
        within(axes[k + 3], s->box.max[k] - origin[k], e->box.max[k], 0.0016);
    }
    within("spaces m3", s->spaces_m3, e->spaces_m3, 1e-4 * e->spaces_m3 + 1e-9);
    within("floors m2", s->floors_m2, e->floors_m2, 1e-3 * e->floors_m2 + 1e-9);
    if (strstr(e->path, "duplex"))
        for (int i = 0; i < 2; i++) within("stairs m3", s->stairs_m3[i], 18.1155, 0.0001);
}

static void real_shapes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof k_shapes / sizeof *k_shapes; i++) {
        char *path = ct_sprintf("%s/bim/ifc/%s", data, k_shapes[i].path);
        const ct_ingest_options o = {
            .catalogue = catalogue,
            .twin_crs = "EPSG:32631",
            .anchor = {.given = true, .east_m = 500000, .north_m = 5000000}};
        shape_sums s = {.arena = ct_arena_new(1 << 16, 0)};
        const ct_sink sink = {add_shape, &s};
        ct_ingest_report *report = ct_ingest_report_new(catalogue);
        assert_true(path && report && s.arena);
        print_message("%s\n", k_shapes[i].path);
        must(ct_ingest_file(path, &o, &sink, report));
        check_shapes(&k_shapes[i], &s);
        ct_ingest_report_free(report);
        ct_arena_free(s.arena);
        ct_free(path);
    }
}

int main(void) {
    const char *told = getenv("CIMTWIN_TEST_DATA");
    data = told && *told ? told : CT_SOURCE_DIR "/../shared/data";
    char *folder = ct_sprintf("%s/bim/ifc", data);
    if (!folder || !ct_dir_exists(folder)) {
        printf("SKIP: no IFC files in %s (CIMTWIN_TEST_DATA)\n", data);
        ct_free(folder);
        return SKIPPED;
    }
    ct_free(folder);
    if (ct_catalogue_load(&catalogue, NULL) != CT_OK) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(real_files), cmocka_unit_test(duplex),
                                       cmocka_unit_test(real_shapes)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ct_catalogue_free(catalogue);
    return failed;
}
