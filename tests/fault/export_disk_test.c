// Exports onto a disk that fails: every call of our own to open, write, sync or rename fails in
// turn, and of a GeoPackage every call of SQLite's. The message names the file and the reason, and
// of files the old one is there or the new one as a whole.
#include "exported.h"

#include <sqlite3.h>

#include "libc_shim.h"
#include "vfs_shim.h"

static void expect_told(ct_err err, bool met, const char *fault, long n) {
    const char *message = ct_err_message();
    const bool kind = err == CT_DISKFULL || err == CT_IO;
    if (!met || !kind || !strstr(message, folder))
        fail_msg("%s: %s %ld: %s: %s", name, fault, n, ct_err_name(err), message);
}

static bool fail_call(libc_fault fault, long n) {
    libc_fail_at(fault, n);
    const ct_err err = export_once();
    const bool met = libc_failed();
    libc_fail_at(fault, 0);
    if (err != CT_OK) {
        const char *message = ct_err_message();
        expect_told(err, met, libc_fault_name(fault), n);
        if (!strstr(message, "No space left on device") && !strstr(message, "Input/output error"))
            fail_msg("%s: %s %ld: no reason in \"%s\"", name, libc_fault_name(fault), n, message);
    }
    expect_whole(err == CT_OK);
    put_old(name);
    return met;
}

static void sweep(const char *file) {
    long tried = 0;
    begin(file);
    for (int fault = 0; fault < LIBC_FAULTS; fault++) {
        long n = 1;
        while (fail_call((libc_fault)fault, n)) n++;
        tried += n - 1;
    }
    print_message("%-12s %ld calls failed\n", file, tried);
    assert_true(tried > 5);
    end();
}

// What says that it is whole has all rows.
static void expect_all_rows(void) {
    static const char sql[] =
        "SELECT (SELECT count(*) FROM buildings)||(SELECT count(*) FROM storeys)||(SELECT count(*) "
        "FROM spaces)||(SELECT count(*) FROM elements)||(SELECT count(*) FROM openings)||(SELECT "
        "count(*) FROM connections)||(SELECT count(*) FROM devices)||(SELECT count(*) FROM "
        "rtree_devices_geom)||(SELECT count(*) FROM property_sets)||(SELECT count(*) FROM "
        "gpkg_contents)||(SELECT * FROM pragma_integrity_check)";
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "1121111128ok");
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static bool fail_sqlite(shim_fault fault, long n) {
    shim_fail_at(fault, n);
    const ct_err err = export_once();
    const bool met = shim_failed();
    shim_fail_at(fault, 0);
    if (err == CT_OK)
        expect_all_rows();
    else
        expect_told(err, met, shim_name(fault), n);
    expect_whole(err == CT_OK);
    put_old(name);
    return met;
}

static void files(void **state) {
    sweep(*state);
}

static void geopackages(void **state) {
    static const shim_fault faults[] = {SHIM_WRITE, SHIM_FULL, SHIM_SYNC, SHIM_OPEN, SHIM_GONE};
    long tried = 0;
    (void)state;
    begin("a.gpkg");
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        long n = 1;
        for (; fail_sqlite(faults[i], n); n += n < 20 ? 1 : 1 + n / 4) tried++;
        print_message("a.gpkg %-10s up to %ld\n", shim_name(faults[i]), n - 1);
    }
    assert_true(tried > 20);
    end();
}

int main(void) {
    static char *const names[] = {"a.city.json", "a.city.jsonl", "a.indoor.gml", "a.ifc", "a.gpkg"};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(files, names[0]), cmocka_unit_test_prestate(files, names[1]),
        cmocka_unit_test_prestate(files, names[2]), cmocka_unit_test_prestate(files, names[3]),
        cmocka_unit_test_prestate(files, names[4]), cmocka_unit_test(geopackages),
    };
    shim_install();
    return cmocka_run_group_tests(tests, setup, teardown);
}
