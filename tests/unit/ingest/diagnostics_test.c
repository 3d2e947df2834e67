// The list of findings: counts, room for errors, once only, JSON.
#include "ingest/diagnostics.h"

#include <string.h>

#include "base/mem.h"
#include "cmk.h"

static void findings_are_kept_in_order_and_counted(void **state) {
    (void)state;
    ct_diagnostics *d = ct_diagnostics_new(100);
    assert_non_null(d);
    ct_diagnostics_add(d, CT_SEVERITY_INFO, "unused-field", "a:b", "field \"%s\"", "x");
    ct_diagnostics_add(d, CT_SEVERITY_ERROR, "geometry", "a:b:feature 3", "broken");
    ct_diagnostics_add_once(d, CT_SEVERITY_INFO, "unused-field", "a:b", "field \"%s\"", "x");
    ct_diagnostics_add_once(d, CT_SEVERITY_INFO, "unused-field", "a:b", "field \"%s\"", "y");
    assert_int_equal(ct_diagnostics_kept(d), 3);
    assert_int_equal(ct_diagnostics_count(d, CT_SEVERITY_INFO), 2);
    assert_int_equal(ct_diagnostics_count(d, CT_SEVERITY_ERROR), 1);
    assert_int_equal(ct_diagnostics_count(d, CT_SEVERITY_WARNING), 0);
    assert_string_equal(ct_diagnostics_at(d, 0)->text, "field \"x\"");
    assert_string_equal(ct_diagnostics_at(d, 1)->where, "a:b:feature 3");
    assert_null(ct_diagnostics_at(d, 3));
    assert_int_equal(ct_diagnostics_status(d), CT_OK);

    ct_buf buf;
    ct_jsonw w;
    ct_buf_init(&buf, 4096);
    ct_jsonw_init(&w, &buf);
    ct_diagnostics_write_json(&w, d);
    assert_int_equal(ct_buf_status(&buf), CT_OK);
    static const char first[] =
        "[{\"severity\":\"info\",\"rule\":\"unused-field\",\"where\":\"a:b\","
        "\"text\":\"field \\\"x\\\"\"},{\"severity\":\"error\",";
    assert_memory_equal(buf.data, first, sizeof first - 1);
    ct_buf_fini(&buf);
    ct_diagnostics_free(d);
}

static void warnings_do_not_crowd_errors_out(void **state) {
    (void)state;
    ct_diagnostics *d = ct_diagnostics_new(10);
    for (int i = 0; i < 20; i++) ct_diagnostics_add(d, CT_SEVERITY_WARNING, "w", "x", "%d", i);
    assert_int_equal(ct_diagnostics_kept(d), 5);
    for (int i = 0; i < 20; i++) ct_diagnostics_add(d, CT_SEVERITY_ERROR, "e", "x", "%d", i);
    assert_int_equal(ct_diagnostics_kept(d), 10);
    assert_int_equal(ct_diagnostics_at(d, 5)->severity, CT_SEVERITY_ERROR);
    assert_int_equal(ct_diagnostics_count(d, CT_SEVERITY_WARNING), 20);
    assert_int_equal(ct_diagnostics_count(d, CT_SEVERITY_ERROR), 20);
    ct_diagnostics_free(d);
    ct_diagnostics_free(NULL);
}

static void running_out_of_memory_is_told(void **state) {
    (void)state;
    ct_diagnostics *d = ct_diagnostics_new(10);
    ct_mem_fail_at(1, true);
    ct_diagnostics_add(d, CT_SEVERITY_ERROR, "e", "x", "text");
    ct_mem_fail_at(0, false);
    assert_int_equal(ct_diagnostics_status(d), CT_NOMEM);
    assert_int_equal(ct_diagnostics_count(d, CT_SEVERITY_ERROR), 1);
    assert_int_equal(ct_diagnostics_kept(d), 0);
    ct_diagnostics_free(d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_kept_in_order_and_counted),
        cmocka_unit_test(warnings_do_not_crowd_errors_out),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
