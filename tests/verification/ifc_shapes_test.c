// Shapes of real IFC files: volumes beside those that the programs which wrote the files have put
// into them as quantities, the rooms of a house by hand, and no product that cannot be made.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmk.h"
#include "ingest/ifc/placement.h"
#include "ingest/ifc/shape/shapes.h"
#include "ingest/ifc/source.h"

enum { SKIPPED = 77 };

static const char *data; // the folder of the test data

typedef struct expectation {
    const char *path;
    size_t n_bodies;            // products with a body, openings and spaces too
    size_t n_findings;          // of products
    const char *classes;        // of which volumes are compared
    size_t n_compared, n_right; // within 1 %
} expectation;

// The quantities of the last file leave out fillets and take tubes for polygons: see section_told.
static const expectation k_expected[] = {
    {"schependomlaan/ROOT-kalkzandsteen.ifc", 135, 0, "IfcWall", 134, 134},
    {"schependomlaan/ROOT-houten kozijnen.ifc", 233, 0, "IfcWall", 51, 51},
    {"schependomlaan/ROOT-kapconstructie_dakkapellen_platdak.ifc", 141, 0, "IfcSlab,IfcWall", 140,
     140},
    {"schependomlaan/ROOT-kanaalplaatvloer.ifc", 50, 0, "IfcSlab", 49, 49},
    {"schependomlaan/ROOT-Vebo.ifc", 130, 0, "IfcBeam,IfcCovering", 129, 129},
    {"schependomlaan/ROOT-staal.ifc", 78, 0, "IfcBeam,IfcColumn,IfcMember", 77, 77},
    {"schependomlaan/ROOT-traphekken.ifc", 14, 0, "IfcRailing", 13, 13},
    {"schependomlaan/ROOT-prefab_trappen.ifc", 10, 0, "IfcStair", 9, 9},
    {"schependomlaan/LINDEN - Kozijnen.ifc", 1438, 0, "IfcBeam,IfcColumn,IfcPlate", 1108, 1108},
    {"web-ifc/ISSUE_021_Mini Project.ifc", 2636, 0, "IfcBeam,IfcColumn,IfcMember,IfcSlab", 2227,
     2227},
};

static void must(ct_err err) {
    if (err != CT_OK) fail_msg("%s: %s", ct_err_name(err), ct_err_message());
}

// ---- a file with its shapes

typedef struct reading {
    ct_ifc__source source;
    ct_ifc__model m;
    ct_ifc__units units;
    ct_ifc__places *places;
    ct_arena *arena;
    ct_diagnostics *found;
    ct_ifc__product *products;
    size_t n;
    ct_ifc__shapes *shapes;
} reading;

static void open_reading(reading *out, const char *path) {
    *out = (reading){.arena = ct_arena_new(1 << 16, 0), .found = ct_diagnostics_new(1000)};
    must(ct_ifc__source_open(&out->source, path));
    must(ct_ifc__open(&out->m, out->source.bytes, out->source.n, path, false, out->found));
    must(ct_ifc__units_read(&out->units, &out->m, out->arena));
    must(ct_ifc__places_new(&out->places, &out->m, &out->units));
    ct_ifc__slots all;
    must(ct_ifc__all_known(&all, out->arena, &out->m, CT_IFC__PRODUCT));
    out->products = ct_arena_calloc(out->arena, all.n + 1, sizeof *out->products);
    assert_non_null(out->products);
    for (size_t i = 0; i < all.n; i++)
        out->products[out->n++] =
            (ct_ifc__product){.slot = all.at[i],
                              .want = CT_IFC__WANT_BODY,
                              .place = ct_ifc__place_of(out->places, all.at[i])};
    const ct_ifc__shaping what = {.m = &out->m,
                                  .units = &out->units,
                                  .to_twin = &ct_affine_identity,
                                  .products = out->products,
                                  .n = out->n};
    must(ct_ifc__shapes_make(&out->shapes, &what));
}

static void close_reading(reading *r) {
    ct_ifc__shapes_free(r->shapes);
    ct_ifc__places_free(r->places);
    ct_ifc__close(&r->m);
    ct_ifc__source_close(&r->source);
    ct_diagnostics_free(r->found);
    ct_arena_free(r->arena);
}

// ---- quantities

static bool is_among(const char *classes, const char *name) {
    const size_t n = strlen(name);
    for (const char *at = classes; at; at = strchr(at, ',')) {
        if (*at == ',') at++;
        const size_t length = strcspn(at, ",");
        // IfcWallStandardCase counts as a wall
        if (n >= length && strncmp(at, name, length) == 0 &&
            (n == length || strcmp(name + length, "StandardCase") == 0))
            return true;
    }
    return false;
}

// The swept profile of a product's body, below what clips it; CT_STEP__NONE if there is none.
static uint32_t profile_of(const reading *r, uint32_t object) {
    const uint32_t shape = ct_ifc__ref(&r->m, object, "Representation");
    const ct_step__value shapes = ct_ifc__get(&r->m, shape, "Representations");
    ct_step__cursor c = ct_step__list(&shapes);
    ct_step__value v;
    while (ct_step__next(&v, &c)) {
        const ct_step__value items = ct_ifc__get(&r->m, ct_step__ref(r->m.step, &v), "Items");
        ct_step__cursor i = ct_step__list(&items);
        ct_step__value item;
        if (!ct_step__next(&item, &i)) continue;
        uint32_t at = ct_step__ref(r->m.step, &item);
        for (size_t k = 0; k < 40 && at != CT_STEP__NONE; k++) {
            const uint32_t profile = ct_ifc__ref(&r->m, at, "SweptArea");
            if (profile != CT_STEP__NONE) return profile;
            at = ct_ifc__ref(&r->m, at, "FirstOperand");
        }
    }
    return CT_STEP__NONE;
}

static double size_of(const reading *r, uint32_t slot, const char *attribute) {
    double value;
    return ct_ifc__number(&value, &r->m, slot, attribute) ? value : 0;
}

// By what some authors' areas of a section are too small: they leave out what is rolled into its
// corners, or take a tube for a polygon of `sides`. 1 for others.
static double section_told(const reading *r, uint32_t profile, int sides) {
    const char *cls = profile == CT_STEP__NONE ? "" : ct_ifc__class(&r->m, profile);
    const double corner = (1 - M_PI / 4) * pow(size_of(r, profile, "FilletRadius"), 2);
    if (strcmp(cls, "IfcCircleHollowProfileDef") == 0)
        return sides * sin(2 * M_PI / sides) / (2 * M_PI);
    if (strcmp(cls, "IfcIShapeProfileDef") == 0) {
        const double flange = size_of(r, profile, "FlangeThickness");
        const double web = size_of(r, profile, "WebThickness");
        const double plain = 2 * flange * size_of(r, profile, "OverallWidth") +
                             web * (size_of(r, profile, "OverallDepth") - 2 * flange);
        return plain / (plain + 4 * corner);
    }
    if (strcmp(cls, "IfcLShapeProfileDef") != 0) return 1;
    const double t = size_of(r, profile, "Thickness"), w = size_of(r, profile, "Width");
    const double edge = (1 - M_PI / 4) * pow(size_of(r, profile, "EdgeRadius"), 2);
    const double plain = t * (size_of(r, profile, "Depth") + (w > 0 ? w : 0) - t);
    return plain / (plain + corner - 2 * edge);
}

static bool is_near(const reading *r, uint32_t object, double volume_m3, double told) {
    if (fabs(volume_m3 - told) <= 0.01 * told) return true;
    const uint32_t profile = profile_of(r, object);
    for (int sides = 8; sides <= 24; sides += 4)
        if (fabs(volume_m3 * section_told(r, profile, sides) - told) <= 0.003 * told) return true;
    return false;
}

// Whether one of the object's volumes, net or gross, is near; *any whether there are some.
static bool agrees(const reading *r, uint32_t object, double volume_m3, bool *any) {
    const ct_ifc__slots sets = ct_ifc__linked(&r->m.rel.sets, object);
    bool near = false;
    for (size_t i = 0; i < sets.n; i++) {
        const ct_step__value list = ct_ifc__get(&r->m, sets.at[i], "Quantities");
        ct_step__cursor c = ct_step__list(&list);
        ct_step__value v;
        while (ct_step__next(&v, &c)) {
            double told;
            const uint32_t quantity = ct_step__ref(r->m.step, &v);
            const ct_step__value name = ct_ifc__get(&r->m, quantity, "Name");
            if (!ct_ifc__number(&told, &r->m, quantity, "VolumeValue")) continue;
            const size_t n = (size_t)(name.end - name.at);
            if (n < 6 || memcmp(name.end - 6, "Volume", 6) != 0 || !(told > 0)) continue;
            *any = true;
            near |= is_near(r, object, volume_m3, told);
        }
    }
    return near;
}

static void check_file(const expectation *e, const char *path) {
    reading r;
    size_t bodies = 0, findings = 0, compared = 0, right = 0;
    open_reading(&r, path);
    for (size_t i = 0; i < r.n; i++) {
        const ct_ifc__shape *shape = ct_ifc__shape_at(r.shapes, i);
        const uint32_t slot = r.products[i].slot;
        const char *cls = ct_ifc__class(&r.m, slot);
        bool any = false;
        must(shape->err);
        bodies += shape->n_parts > 0;
        findings += shape->n_findings;
        for (size_t k = 0; k < shape->n_findings; k++)
            fprintf(stderr, "%s: #%llu %s: %s\n", e->path,
                    (unsigned long long)ct_step__id(r.m.step, slot), cls, shape->findings[k].text);
        if (!shape->n_parts || !is_among(e->classes, cls)) continue;
        const bool near = agrees(&r, slot, shape->volume_m3, &any);
        compared += any;
        right += near;
        if (any && !near)
            fprintf(stderr, "%s: #%llu %s has %.6g m3\n", e->path,
                    (unsigned long long)ct_step__id(r.m.step, slot), cls, shape->volume_m3);
    }
    printf("%-60s %5zu bodies, %zu findings, %4zu of %4zu volumes within 1 %%\n", e->path, bodies,
           findings, right, compared);
    close_reading(&r);
    assert_int_equal(bodies, e->n_bodies);
    assert_int_equal(findings, e->n_findings);
    assert_int_equal(compared, e->n_compared);
    assert_int_equal(right, e->n_right);
}

static void volumes_as_their_authors_have_them(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof k_expected / sizeof *k_expected; i++) {
        char *path = ct_sprintf("%s/bim/ifc/%s", data, k_expected[i].path);
        assert_non_null(path);
        if (ct_file_exists(path))
            check_file(&k_expected[i], path);
        else
            printf("skipped: no %s\n", path);
        ct_free(path);
    }
}

// Two stairwells whose surfaces look in and out as it comes: by their corners 18.11546 m3.
static void rooms_of_a_house(void **state) {
    (void)state;
    char *path = ct_sprintf("%s/bim/ifc/web-ifc/duplex.ifc", data);
    assert_non_null(path);
    reading r;
    size_t spaces = 0, stairwells = 0;
    if (ct_file_exists(path)) {
        open_reading(&r, path);
        for (size_t i = 0; i < r.n; i++) {
            if (strcmp(ct_ifc__class(&r.m, r.products[i].slot), "IfcSpace") != 0) continue;
            const ct_ifc__shape *shape = ct_ifc__shape_at(r.shapes, i);
            assert_true(shape->volume_m3 > 1);
            spaces++;
            stairwells += fabs(shape->volume_m3 - 18.11546) < 1e-4;
        }
        close_reading(&r);
        assert_int_equal(spaces, 21);
        assert_int_equal(stairwells, 2);
    } else {
        printf("skipped: no %s\n", path);
    }
    ct_free(path);
}

int main(void) {
    const char *told = getenv("CIMTWIN_TEST_DATA");
    data = told && *told ? told : CT_SOURCE_DIR "/../shared/data";
    char *folder = ct_sprintf("%s/bim/ifc", data);
    const bool there = folder && ct_dir_exists(folder);
    if (!there) printf("SKIP: no IFC files in %s (CIMTWIN_TEST_DATA)\n", data);
    ct_free(folder);
    if (!there) return SKIPPED;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(volumes_as_their_authors_have_them),
        cmocka_unit_test(rooms_of_a_house),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
