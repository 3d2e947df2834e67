// Backup while others write, and what the check finds in a twin that was damaged on purpose.
#include "fixture.h"

#include "store/obs.h"

static void write_file(const fixture *f, const char *name, const char *text) {
    char *path = ct_store_file(f->store, name);
    ok(ct_file_write(path, text, strlen(text)));
    ct_free(path);
}

static void fill(fixture *f) {
    ct_feature all[3] = {square(f, "b-1", 500000, 3380000, 5),
                         square(f, "b-2", 500010, 3380000, 5)};
    ok(ct_feature_new(&all[2], f->arena, class_of(f, "household")));
    all[2].id = "hh-1";
    ok(ct_feature_set_text(&all[2], "building", "b-2"));
    add_all(f, all, 3);
    char *path = ct_store_file(f->store, "obs.sqlite");
    ct_obs *obs = NULL;
    ct_observation row = {"d", "p", 1, 2, 0};
    ok(ct_obs_open(&obs, path));
    ok(ct_obs_append(obs, &row, 1, NULL, 0));
    ct_obs_close(obs);
    ct_free(path);
    write_file(f, "terrain/dem.tif", "raster");
    path = ct_store_file(f->store, "runs/abc");
    ok(ct_dir_make(path));
    ct_free(path);
    write_file(f, "runs/abc/run.json", "{}");
    write_file(f, "cache/tile", "x");
}

typedef struct report_text {
    char text[4096];
} report_text;

static void list_finding(void *context, const char *line) {
    report_text *r = context;
    const size_t used = strlen(r->text);
    (void)snprintf(r->text + used, sizeof r->text - used, "%s\n", line);
}

static int check(const fixture *f, report_text *report) {
    int problems = -1;
    report->text[0] = 0;
    ok(ct_store_check(f->store, list_finding, report, &problems));
    return problems;
}

static void note_progress(void *context, double part) {
    double *last = context;
    assert_true(part >= *last && part <= 1);
    *last = part;
}

static void test_backup(void **state) {
    fixture *f = *state;
    char path[128], folder[160];
    double last = 0;
    fill(f);
    (void)snprintf(path, sizeof path, "%s/copy.ct", f->folder);
    ct_writer *w = NULL; // in the midst of a change that is not in the copy
    ct_feature b = square(f, "b-3", 500020, 3380000, 5);
    ok(ct_store_writer(&w, f->store, NULL));
    ok(ct_writer_add(w, &b, NULL));
    ok(ct_store_backup(f->store, path, note_progress, &last));
    ok(ct_writer_commit(w, NULL));
    assert_true(last == 1);
    fails(ct_store_backup(f->store, path, NULL, NULL), "EXISTS");

    fixture copy = *f;
    report_text report;
    ok(ct_store_open(&copy.store, path, f->catalogue));
    assert_int_equal(check(&copy, &report), 0);
    ct_reader *r = NULL;
    ct_query q;
    ct_query_init(&q, class_of(f, "building"));
    ok(ct_store_reader(&r, copy.store));
    assert_string_equal(ids_of(f, r, &q), "b-1 b-2");
    ct_reader_release(r);
    ct_obs *obs = NULL;
    int64_t rows = 0;
    char *file = ct_store_file(copy.store, "obs.sqlite");
    ok(ct_obs_open(&obs, file));
    ok(ct_obs_count(obs, &rows));
    assert_int_equal(rows, 1);
    ct_obs_close(obs);
    ct_free(file);
    static const char *const present[] = {"terrain/dem.tif", "runs/abc/run.json"};
    for (int i = 0; i < 2; ++i) {
        (void)snprintf(folder, sizeof folder, "%s.d/%s", path, present[i]);
        assert_true(ct_file_exists(folder));
    }
    (void)snprintf(folder, sizeof folder, "%s.d/cache/tile", path);
    assert_false(ct_file_exists(folder));
    ct_store_close(copy.store);
}

// A raster goes with its feature; one that nothing names was put there by hand, unless the note of
// an import at work says that its feature comes.
static void test_backup_of_rasters(void **state) {
    fixture *f = *state;
    char path[200];
    int lock = -1;
    fill(f);
    ct_feature terrain;
    ok(ct_feature_new(&terrain, f->arena, class_of(f, "terrain")));
    terrain.id = "t-1";
    ok(ct_feature_set_text(&terrain, "file", "named.tif"));
    add_all(f, &terrain, 1);
    write_file(f, "terrain/named.tif", "1");
    write_file(f, "terrain/put.tif", "2");
    write_file(f, "terrain/comes.tif", "3");
    (void)snprintf(path, sizeof path, "%s.d/terrain/.part-1", f->path);
    ok(ct_dir_lock(&lock, path));
    write_file(f, "terrain/.part-1/comes.tif.out", "");
    write_file(f, "terrain/.part-1/named.tif.out", "");
    const struct {
        const char *name;
        bool copied;
    } rasters[] = {
        {"put.tif", true}, {"comes.tif", false}, {"named.tif", true}, {".part-1", false}};
    (void)snprintf(path, sizeof path, "%s/rasters.ct", f->folder);
    ok(ct_store_backup(f->store, path, NULL, NULL));
    for (size_t i = 0; i < sizeof rasters / sizeof *rasters; ++i) {
        (void)snprintf(path, sizeof path, "%s/rasters.ct.d/terrain/%s", f->folder, rasters[i].name);
        if ((ct_file_exists(path) || ct_dir_exists(path)) != rasters[i].copied)
            fail_msg("%s", rasters[i].name);
    }
    ct_dir_unlock(lock);
}

static void test_backup_leaves_nothing_on_failure(void **state) {
    fixture *f = *state;
    char path[160];
    (void)snprintf(path, sizeof path, "%s/nowhere/copy.ct", f->folder);
    assert_int_not_equal(ct_store_backup(f->store, path, NULL, NULL), CT_OK);
    (void)snprintf(path, sizeof path, "%s/nowhere", f->folder);
    assert_false(ct_dir_exists(path));
    // A copy inside of what is copied would have no end.
    (void)snprintf(path, sizeof path, "%s.d/runs/../copy.ct", f->path);
    fails(ct_store_backup(f->store, path, NULL, NULL), "ARG");
    assert_non_null(strstr(ct_err_message(), "lies in the folder"));
}

static void test_check_finds(void **state) {
    fixture *f = *state;
    report_text report;
    fill(f);
    if (check(f, &report) != 0) fail_msg("%s", report.text);

    // a reference into nothing
    foreign_sql(f->path, "UPDATE households SET building='b-77'");
    assert_int_equal(check(f, &report), 1);
    assert_string_equal(report.text, "households: hh-1: building: there is no building \"b-77\"\n");
    foreign_sql(f->path, "UPDATE households SET building='b-1'");

    // a value that the catalogue does not allow
    foreign_sql(f->path, "UPDATE buildings SET use='castle' WHERE id='b-1'");
    assert_int_equal(check(f, &report), 1);
    assert_non_null(strstr(report.text, "buildings: b-1: use"));
    foreign_sql(f->path, "UPDATE buildings SET use=NULL");

    // the spatial index without a box, with one too many, with another
    foreign_sql(f->path, "DELETE FROM idx_buildings_geom WHERE pkid=1");
    assert_int_equal(check(f, &report), 1);
    assert_string_equal(report.text, "buildings: b-1 is not in the spatial index\n");
    foreign_sql(f->path, "INSERT INTO idx_buildings_geom VALUES(1,1,2,1,2)");
    assert_int_equal(check(f, &report), 1);
    assert_non_null(strstr(report.text, "b-1: its box in the spatial index is another"));
    foreign_sql(
        f->path,
        "UPDATE buildings SET geom=geom; INSERT INTO idx_buildings_geom VALUES(99,1,2,1,2)");
    assert_int_equal(check(f, &report), 1);
    assert_non_null(strstr(report.text, "1 boxes without a geometry"));
    foreign_sql(f->path, "DELETE FROM idx_buildings_geom WHERE pkid=99");

    // ids and counts
    foreign_sql(
        f->path,
        "DELETE FROM ct_ids WHERE id='b-2'; INSERT INTO ct_ids VALUES('ghost','building',77);"
        "UPDATE ct_classes SET features=9 WHERE class='building'");
    assert_int_equal(check(f, &report), 3);
    assert_non_null(strstr(report.text, "b-2 is not in the table of ids"));
    assert_non_null(strstr(report.text, "the id ghost has no feature"));
    assert_non_null(strstr(report.text, "9 features are noted, 2 are there"));
}

static void test_check_finds_damaged_geometry(void **state) {
    fixture *f = *state;
    report_text report;
    fill(f);
    foreign_sql(f->path, "DROP TRIGGER ggu_buildings_geom; DROP TRIGGER giu_buildings_geom;"
                         "UPDATE buildings SET geom=substr(geom,1,60)||x'FE' WHERE id='b-1'");
    assert_int_equal(check(f, &report), 1);
    assert_non_null(strstr(report.text, "damaged geometry blob"));
}

static void test_check_finds_in_the_folder(void **state) {
    fixture *f = *state;
    report_text report;
    fill(f);
    foreign_sql(
        f->path,
        "INSERT INTO terrains(id,file) VALUES('t-1','dem.tif'),('t-2','gone.tif'),('t-3','../x')");
    char *path = ct_store_file(f->store, "runs/abc/run.json");
    ok(ct_file_remove(path));
    ct_free(path);
    write_file(f, "obs.sqlite", "this is no database, whatever its name says");
    assert_int_equal(check(f, &report), 4);
    assert_non_null(strstr(report.text, "t-2: "));
    assert_non_null(strstr(report.text, "t-3: \"../x\" is no file name"));
    assert_non_null(strstr(report.text, "runs/abc: there is no run.json"));
    assert_non_null(strstr(report.text, "obs.sqlite"));
}

// Bytes overwritten in the middle of the file: found by SQLite's own check or by ours, never a
// crash.
static void test_check_finds_overwritten_pages(void **state) {
    fixture *f = *state;
    report_text report;
    fill(f);
    int64_t root = 0;
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT rootpage FROM sqlite_schema WHERE name='ct_ids'",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    root = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    ct_store_close(f->store);
    FILE *file = fopen(f->path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)(root - 1) * 4096, SEEK_SET), 0);
    for (int i = 0; i < 4096; ++i) fputc(0x5A, file);
    fclose(file);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
    assert_true(check(f, &report) > 0);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_backup),
        T(test_backup_of_rasters),
        T(test_backup_leaves_nothing_on_failure),
        T(test_check_finds),
        T(test_check_finds_damaged_geometry),
        T(test_check_finds_in_the_folder),
        T(test_check_finds_overwritten_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
