// Every allocation of an export failing once: no crash, no block left, and of files the old one or
// the new one as a whole.
#include "exported.h"

// With the n-th allocation failing; false when there was none such.
static bool fail_nth(long n) {
    const long live = ct_mem_live();
    ct_mem_fail_at(n, false);
    const ct_err err = export_once();
    const bool failed = ct_mem_failed();
    ct_mem_fail_at(0, false);
    if (ct_mem_live() != live) fail_msg("%s: allocation %ld: blocks are left", name, n);
    if (err != CT_OK && (!failed || err != CT_NOMEM || !*ct_err_message()))
        fail_msg("%s: allocation %ld: %s: %s", name, n, ct_err_name(err), ct_err_message());
    expect_whole(err == CT_OK);
    put_old(name);
    return failed;
}

static void sweep(const char *file) {
    long n = 1;
    begin(file);
    while (fail_nth(n)) n++;
    print_message("%-12s %ld allocations failed\n", file, n - 1);
    assert_true(n > 20);
    end();
}

static void documents(void **state) {
    (void)state;
    sweep("a.city.json");
}

static void sequences(void **state) {
    (void)state;
    sweep("a.city.jsonl");
}

static void indoor_models(void **state) {
    (void)state;
    sweep("a.indoor.gml");
}

static void building_models(void **state) {
    (void)state;
    sweep("a.ifc");
}

static void geopackages(void **state) {
    (void)state;
    sweep("a.gpkg");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),     cmocka_unit_test(sequences),
        cmocka_unit_test(indoor_models), cmocka_unit_test(building_models),
        cmocka_unit_test(geopackages),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
