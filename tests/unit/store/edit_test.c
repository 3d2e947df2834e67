// Change sets, the log of changes, and programs that know nothing of us writing into the same file.
#include "fixture.h"

#include "base/proc.h"

static ct_changeset *edits_of(const fixture *f, const char *text) {
    json_t *json = NULL;
    ct_changeset *set = NULL;
    ok(ct_json_parse(&json, text, strlen(text), 1 << 20));
    const ct_err err = ct_changeset_parse(&set, f->catalogue, json, "EPSG:4547");
    if (err != CT_OK) fail_msg("%s", ct_err_message());
    json_decref(json);
    return set;
}

// The log after a version as text: "add b-1 [0 0 5 5];".
typedef struct log_text {
    char text[2048];
    int64_t last;
} log_text;

static ct_err list_change(void *context, const ct_change *change) {
    static const char *const names[] = {"add", "set", "remove"};
    log_text *l = context;
    const size_t used = strlen(l->text);
    int n = snprintf(l->text + used, sizeof l->text - used, "%s %s %s", names[change->op],
                     change->cls->name, change->id);
    if (change->has_bbox) {
        (void)snprintf(l->text + used + n, sizeof l->text - used - (size_t)n, " [%g %g %g %g];",
                       change->bbox.min_x, change->bbox.min_y, change->bbox.max_x,
                       change->bbox.max_y);
    } else {
        (void)snprintf(l->text + used + n, sizeof l->text - used - (size_t)n, ";");
    }
    assert_true(change->version > l->last);
    l->last = change->version;
    return CT_OK;
}

static log_text changes_after(fixture *f, int64_t version) {
    log_text l = {.last = version};
    ct_reader *r = NULL;
    ok(ct_store_reader(&r, f->store));
    ok(ct_reader_changes(r, version, list_change, &l));
    if (l.last > version) assert_int_equal(l.last, ct_reader_version(r));
    ct_reader_release(r);
    return l;
}

static int64_t version_of(fixture *f, const char *cls) {
    ct_reader *r = NULL;
    int64_t version = -1;
    ok(ct_store_reader(&r, f->store));
    if (cls) {
        ok(ct_reader_class_version(&version, r, class_of(f, cls)));
    } else {
        version = ct_reader_version(r);
    }
    ct_reader_release(r);
    return version;
}

static void test_log_of_a_writer(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    int64_t version = 0;
    ct_feature b = square(f, "b-1", 0, 0, 5), c = square(f, "c-1", 100, 0, 5),
               hydrant = point(f, "hydrant", "h", 3, 4);
    assert_int_equal(version_of(f, NULL), 0);
    ok(ct_store_writer(&w, f->store, "first"));
    ok(ct_writer_add(w, &b, NULL));
    ok(ct_writer_add(w, &c, NULL));
    ok(ct_writer_add(w, &hydrant, NULL));
    ok(ct_writer_commit(w, &version));
    assert_int_equal(version, 3);
    assert_string_equal(
        changes_after(f, 0).text,
        "add building b-1 [0 0 5 5];add building c-1 [100 0 105 5];add hydrant h [3 4 3 4];");
    assert_int_equal(version_of(f, "building"), 2);
    assert_int_equal(version_of(f, "hydrant"), 3);
    assert_int_equal(version_of(f, "road"), 0);

    b = square(f, "b-1", 20, 0, 5); // moved away: where it was and where it is, not what is between
    c.geom = (ct_geom){0};
    ok(ct_store_writer(&w, f->store, "second"));
    ok(ct_writer_replace(w, &b));
    ok(ct_writer_replace(w, &c));
    ok(ct_writer_remove(w, "h"));
    ok(ct_writer_commit(w, &version));
    assert_string_equal(
        changes_after(f, 3).text,
        "set building b-1 [0 0 5 5];set building b-1 [20 0 25 5];set building c-1 [100 0 105 5];"
        "remove hydrant h [3 4 3 4];");
    b = square(f, "b-1", 23, 1, 5); // moved a little: one box around both
    ok(ct_store_writer(&w, f->store, "third"));
    ok(ct_writer_replace(w, &b));
    ok(ct_writer_commit(w, &version));
    assert_string_equal(changes_after(f, 7).text, "set building b-1 [20 0 28 6];");
    ok(ct_store_writer(&w, f->store, "nothing"));
    ok(ct_writer_commit(w, &version));
    assert_int_equal(version, 8);
    foreign_sql(f->path, "SELECT CASE WHEN (SELECT "
                         "group_concat(first_version||'-'||last_version||reason) FROM ct_commits)"
                         "='1-3first,4-7second,8-8third' THEN 1 ELSE load_extension('no') END");
}

static void test_change_set(void **state) {
    fixture *f = *state;
    ct_feature b = square(f, "b-1", 0, 0, 5), got;
    int64_t version = 0;
    ok(ct_feature_set_text(&b, "name", "Old"));
    add_all(f, &b, 1);
    ct_changeset *set = edits_of(
        f, "[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"ground_floor_m\":46.1}},"
           "{\"op\":\"add\",\"class\":\"barrier\",\"id\":\"wall-1\",\"crs\":\"EPSG:4547\","
           "\"geometry\":{\"type\":"
           "\"LineString\",\"coordinates\":[[0,0],[50,20]]},\"properties\":{\"height_m\":1.5}},"
           "{\"op\":\"set\",\"id\":\"wall-1\",\"properties\":{\"height_m\":2}}]");
    ok(ct_store_apply(f->store, set, "a wall", &version));
    assert_int_equal(version, 3); // the two edits of the wall are one change
    ct_changeset_free(set);
    ct_reader *r = NULL;
    ok(ct_store_reader(&r, f->store));
    ok(ct_reader_get(&got, f->arena, r, NULL, "b-1"));
    assert_true(ct_feature_number(&got, "ground_floor_m", 0) == 46.1);
    assert_string_equal(ct_feature_text(&got, "name", ""), "Old");
    assert_int_equal(got.geom.n_points, 5);
    ok(ct_reader_get(&got, f->arena, r, class_of(f, "barrier"), "wall-1"));
    assert_true(ct_feature_number(&got, "height_m", 0) == 2);
    assert_int_equal(got.geom.type, CT_GEOM_MULTILINESTRING);
    ct_reader_release(r);
}

static void test_change_set_is_all_or_nothing(void **state) {
    fixture *f = *state;
    ct_feature b = square(f, "b-1", 0, 0, 5);
    add_all(f, &b, 1);
    ct_changeset *set =
        edits_of(f, "[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"height_m\":46.1}},"
                    "{\"op\":\"remove\",\"id\":\"b-2\"}]");
    int64_t version = -5;
    fails(ct_store_apply(f->store, set, "half", &version), "NOTFOUND");
    assert_non_null(strstr(ct_err_message(), "edit of b-2"));
    assert_int_equal(version, -5);
    ct_changeset_free(set);
    assert_int_equal(version_of(f, NULL), 1);
    assert_string_equal(changes_after(f, 1).text, "");
}

static void test_foreign_program_edits(void **state) {
    fixture *f = *state;
    char message[256];
    ct_feature b = square(f, "b-1", 0, 0, 5), got;
    add_all(f, &b, 1);
    ct_reader *r = NULL;
    foreign_sql(
        f->path,
        "UPDATE buildings SET name='by QGIS' WHERE id='b-1';"
        "INSERT INTO hydrants(geom) VALUES(MakePoint(7,8,4547));" // no id: the table gives one
        "INSERT INTO gates(id,geom) VALUES(NULL,NULL);"
        "UPDATE buildings SET id='b-9' WHERE id='b-1';"
        "DELETE FROM gates");
    const char *log = changes_after(f, 1).text;
    assert_non_null(strstr(log, "set building b-1 [0 0 5 5];add hydrant hydrant-"));
    assert_non_null(strstr(log, " [7 8 7 8];add gate gate-"));
    assert_non_null(
        strstr(log, "remove building b-1 [0 0 5 5];add building b-9 [0 0 5 5];remove gate gate-"));
    assert_int_equal(version_of(f, "hydrant"), 3);
    ok(ct_store_reader(&r, f->store));
    ok(ct_reader_get(&got, f->arena, r, NULL, "b-9"));
    assert_string_equal(ct_feature_text(&got, "name", ""), "by QGIS");
    fails(ct_reader_get(&got, f->arena, r, NULL, "b-1"), "NOTFOUND");
    ct_query q;
    ct_query_init(&q, class_of(f, "hydrant"));
    q.has_bbox = true;
    q.bbox = (ct_bbox){6, 7, 8, 9};
    assert_int_equal(count_of(r, &q), 1); // in the spatial index too
    ct_query_init(&q, class_of(f, "gate"));
    assert_int_equal(count_of(r, &q), 0);
    ct_reader_release(r);

    // what would harm the twin is refused to foreigners as well
    assert_int_not_equal(
        foreign_try(f->path, "INSERT INTO hydrants(id,geom) VALUES('b-9',NULL)", message),
        SQLITE_OK);
    assert_non_null(strstr(message, "used in this twin already"));
    assert_int_not_equal(foreign_try(f->path, "UPDATE hydrants SET id='b-9'", message), SQLITE_OK);
    assert_int_not_equal(foreign_try(f->path, "UPDATE hydrants SET id='a b'", message), SQLITE_OK);
    assert_int_not_equal(
        foreign_try(f->path, "UPDATE hydrants SET geom=MakePoint(1,2,4326)", message), SQLITE_OK);
    static const char *const refused[] = {
        "INSERT OR REPLACE INTO hydrants(fid,id) VALUES(1,'other')", // no trigger sees the old go
        "INSERT OR REPLACE INTO hydrants(fid,id) SELECT fid,id FROM hydrants",
        "INSERT INTO hydrants(id) VALUES('two'); UPDATE OR REPLACE hydrants SET fid=1 WHERE fid=2",
        "INSERT INTO hydrants(fid,id) VALUES(0,'zero')",
        "INSERT INTO hydrants(fid,id) VALUES(-5,'below')",
        "UPDATE hydrants SET fid=-1",
        "INSERT INTO hydrants(id) VALUES(x'6162')",
        "INSERT INTO hydrants(id) VALUES('a'||char(0)||'/b')",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (foreign_try(f->path, refused[i], message) == SQLITE_OK) fail_msg("%s", refused[i]);
    int problems = -1;
    ok(ct_store_check(f->store, NULL, NULL, &problems)); // nothing to report, so nothing is called
    assert_int_equal(problems, 0);
}

// A writer of another program holds the file: ours waits its turn, readers do not wait.
static void test_foreign_writer_makes_busy(void **state) {
    fixture *f = *state;
    sqlite3 *db = NULL;
    ct_writer *w = NULL;
    ct_reader *r = NULL;
    ok(ct_store_writer(&w, f->store, NULL)); // loads the extension while nobody is in the way
    ct_writer_rollback(w);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    ok(ct_store_reader(&r, f->store));
    ct_reader_release(r);
    fails(ct_store_writer(&w, f->store, NULL), "BUSY"); // after 10 s
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    ok(ct_store_writer(&w, f->store, NULL));
    ct_writer_rollback(w);
    sqlite3_close(db);
}

static void test_gis_opens_the_file(void **state) {
    fixture *f = *state;
    ct_feature all[2] = {square(f, "b-1", 500000, 3380000, 5),
                         square(f, "b-2", 500010, 3380000, 5)};
    ok(ct_feature_set_text(&all[1], "name", "Tower"));
    add_all(f, all, 2);
    ct_proc *proc = NULL;
    char *line = NULL;
    size_t layers = 0, expected = 0;
    for (size_t i = 0; i < ct_catalogue_count(f->catalogue); ++i) {
        expected += ct_catalogue_at(f->catalogue, i)->geometry != CT_GEOM_NONE;
    }
    char *list[] = {"ogrinfo", "-ro", "-q", f->path, NULL};
    if (ct_proc_start(&proc, list, false) != CT_OK) {
        print_message("no ogrinfo (package gdal-bin): skipped\n");
        skip();
    }
    while (ct_proc_read_line(proc, &line) == CT_OK) ++layers;
    const int code = ct_proc_wait(proc);
    ct_proc_free(proc);
    if (code == 127) {
        print_message("no ogrinfo (package gdal-bin): skipped\n");
        skip();
    }
    assert_int_equal(code, 0);
    assert_int_equal(layers, expected);
    char *layer[] = {"ogrinfo", "-ro", f->path, "buildings", "-where", "name='Tower'", NULL};
    bool crs = false, geometry = false, id = false, count = false, fid = false;
    ok(ct_proc_start(&proc, layer, false));
    while (ct_proc_read_line(proc, &line) == CT_OK) {
        crs = crs || strstr(line, "ID[\"EPSG\",4547]");
        geometry = geometry || strcmp(line, "Geometry: 3D Multi Polygon") == 0;
        count = count || strcmp(line, "Feature Count: 1") == 0;
        fid = fid || strcmp(line, "FID Column = fid") == 0;
        id = id || strstr(line, "id (String) = b-2");
    }
    assert_int_equal(ct_proc_wait(proc), 0);
    ct_proc_free(proc);
    assert_true(crs && geometry && count && fid && id);
}

// A catalogue that has grown since the twin was made: the missing column comes with the next
// opening.
static void test_catalogue_grows(void **state) {
    fixture *f = *state;
    ct_feature b = square(f, "b-1", 0, 0, 5), got;
    add_all(f, &b, 1);
    foreign_sql(f->path, "ALTER TABLE buildings DROP COLUMN year_built");
    ct_store_close(f->store);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
    ok(ct_feature_set_number(&b, "year_built", 1998));
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, NULL));
    ok(ct_writer_replace(w, &b));
    ok(ct_writer_commit(w, NULL));
    ct_reader *r = NULL;
    ok(ct_store_reader(&r, f->store));
    ok(ct_reader_get(&got, f->arena, r, NULL, "b-1"));
    assert_true(ct_feature_number(&got, "year_built", 0) == 1998);
    ct_reader_release(r);
    foreign_sql(f->path, "UPDATE ct_classes SET geometry='Point' WHERE class='building'");
    ct_store_close(f->store);
    f->store = NULL;
    fails(ct_store_open(&f->store, f->path, f->catalogue), "UNSUPPORTED");
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_log_of_a_writer),
        T(test_change_set),
        T(test_change_set_is_all_or_nothing),
        T(test_foreign_program_edits),
        T(test_foreign_writer_makes_busy),
        T(test_gis_opens_the_file),
        T(test_catalogue_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
