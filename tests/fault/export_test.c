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

static void files(void **state) {
    sweep(*state);
}

int main(void) {
    static char *const names[] = {"a.city.json", "a.city.jsonl", "a.indoor.gml", "a.ifc", "a.gpkg"};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(files, names[0]), cmocka_unit_test_prestate(files, names[1]),
        cmocka_unit_test_prestate(files, names[2]), cmocka_unit_test_prestate(files, names[3]),
        cmocka_unit_test_prestate(files, names[4]),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
