// STEP files out: texts, numbers, nesting, whole files and failures.
#include "cmk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "export/step.h"
#include "scratch.h"

#define ok(expression) assert_string_equal(ct_err_name(expression), "OK")

static const ct_stepw_header header = {
    "ReferenceView_V1.2", "IFC4", "a.ifc", "2026-01-01T00:00:00", "An O'Neil", "cimtwin", "test"};

static char folder[128];
static char *path;

static int setup(void **state) {
    (void)state;
    scratch_make(folder);
    path = ct_path_join(folder, "a.ifc");
    return path ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    ct_free(path);
    scratch_remove(folder);
    return 0;
}

static char *read_all(void) {
    char *text = NULL;
    size_t n;
    ok(ct_file_read(&text, &n, path, 1 << 20));
    return text;
}

static void check_real(double value, const char *expected) {
    char text[CT_STEPW_REAL_BYTES];
    assert_int_equal(ct_stepw_real_text(text, value), strlen(expected));
    assert_string_equal(text, expected);
    assert_true(strtod(text, NULL) == value);
}

static void reals_are_short_and_exact(void **state) {
    (void)state;
    check_real(0, "0.");
    check_real(1, "1.");
    check_real(-2.5, "-2.5");
    check_real(0.1, "0.1");
    check_real(3380600.123, "3380600.123");
    check_real(1e-5, "0.00001");
    check_real(1.5e-7, "1.5E-07");
    check_real(1e300, "1.E+300");
    check_real(1.0 / 3, "0.3333333333333333");
    check_real(0.1 + 0.2, "0.30000000000000004");
}

static void whole_file(void **state) {
    ct_stepw *w = NULL;
    const double at[] = {1, 2.5};
    (void)state;
    ok(ct_stepw_open(&w, path, &header));
    const ct_step_id point = ct_stepw_put(w, "IFCCARTESIANPOINT", "F", (size_t)2, at);
    const ct_step_id both[] = {point, point};
    assert_int_equal(point, 1);
    assert_int_equal(ct_stepw_put(w, "IFCTHING", "s$*reebi(f)LRs)R", "it's \\ 门1\xff", point, "A",
                                  (const char *)NULL, 1, -7, 0.5, "IFCLABEL", (size_t)0, both, "x",
                                  (size_t)2, both),
                     2);
    assert_int_equal(
        ct_stepw_put(w, "IFCEMPTY", "srf", (const char *)NULL, (ct_step_id)0, (double)NAN), 3);
    ok(ct_stepw_close(w, true));
    char *text = read_all();
    assert_string_equal(
        text,
        "ISO-10303-21;\nHEADER;\n"
        "FILE_DESCRIPTION(('ViewDefinition [ReferenceView_V1.2]'),'2;1');\n"
        "FILE_NAME('a.ifc','2026-01-01T00:00:00',('An O''Neil'),('cimtwin'),'test','test','');"
        "\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
        "#1=IFCCARTESIANPOINT((1.,2.5));\n"
        "#2=IFCTHING('it''s \\\\ \\X2\\95E8\\X0\\1\\X2\\FFFD\\X0\\',$,*,#1,.A.,$,.T.,-7,(0.5),"
        "IFCLABEL((),'x'),(#1,#1));\n"
        "#3=IFCEMPTY($,$,$);\nENDSEC;\nEND-ISO-10303-21;\n");
    ct_free(text);
}

static void characters_beyond_the_plane(void **state) {
    ct_stepw *w = NULL;
    (void)state;
    ok(ct_stepw_open(&w, path, &header));
    ct_stepw_put(w, "A", "ss", "\xf0\x9f\x8f\xa2", "\xe9\x97\x00");
    ok(ct_stepw_close(w, true));
    char *text = read_all();
    assert_non_null(strstr(text, "#1=A('\\X2\\D83CDFE2\\X0\\','\\X2\\FFFDFFFD\\X0\\');"));
    ct_free(text);
}

static void guids_are_of_ifc(void **state) {
    static const char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
    char a[23], b[23], c[23];
    (void)state;
    ct_ifc_guid(a, "house/1");
    ct_ifc_guid(b, "house/1");
    ct_ifc_guid(c, "house/2");
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    assert_int_equal(strlen(a), 22);
    assert_int_equal(strspn(a, alphabet), 22);
    assert_true(a[0] >= '0' && a[0] <= '3');
}

static void no_place_no_file(void **state) {
    ct_stepw *w = NULL;
    (void)state;
    assert_string_equal(ct_err_name(ct_stepw_open(&w, "/nowhere/at/all.ifc", &header)), "IO");
    assert_non_null(strstr(ct_err_message(), "/nowhere/at/all.ifc"));
    assert_null(w);
}

static void a_full_disk_is_told(void **state) {
    ct_stepw *w = NULL;
    (void)state;
    ok(ct_stepw_open(&w, "/dev/full", &header));
    for (int i = 0; i < 40000; i++) ct_stepw_put(w, "IFCTHING", "s", "some text to fill a buffer");
    assert_string_not_equal(ct_err_name(ct_stepw_close(w, true)), "OK");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_short_and_exact),
        cmocka_unit_test_setup_teardown(whole_file, setup, teardown),
        cmocka_unit_test_setup_teardown(characters_beyond_the_plane, setup, teardown),
        cmocka_unit_test(guids_are_of_ifc),
        cmocka_unit_test(no_place_no_file),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("export_step", tests, NULL, NULL);
}
