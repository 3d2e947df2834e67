// Real IFC files: what they hold, counted by an independent reader of STEP files, comes in.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmk.h"
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(real_files), cmocka_unit_test(duplex)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ct_catalogue_free(catalogue);
    return failed;
}
