// A disk that fails under the store: every write, sync, truncate, read, open, delete and mapping of
// each operation fails in turn, the disk is full from each write on, goes away at each call. Each
// time the operation says so, the twin is what it was before, and the next try succeeds.
#include "../unit/store/fixture.h"

#include "base/hash.h"
#include "store/obs.h"
#include "vfs_shim.h"

typedef struct world {
    fixture *f;
    ct_obs *obs;
    char obs_path[160], copy_path[128];
    int64_t round; // makes each try's values its own
    int64_t alarm; // id of one that is open
} world;

typedef struct operation {
    const char *name;
    ct_err (*run)(world *w);
    bool changes;                       // the twin's dump
    void (*after)(world *w, bool done); // what must hold besides; NULL = nothing
    long dense; // up to this one each call fails; further ones a third apart
    bool slow;  // only each call at twice the last number fails, few of them are tried again
} operation;

// ---- the dump -----------------------------------------------------------------------------------
static void hash_rows(ct_hash *hash, sqlite3 *db, const char *sql) {
    sqlite3_stmt *rows = NULL;
    int code = SQLITE_OK;
    if (sqlite3_prepare_v2(db, sql, -1, &rows, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(rows); ++i) {
            const int type = sqlite3_column_type(rows, i), bytes = sqlite3_column_bytes(rows, i);
            const void *value = sqlite3_column_blob(rows, i);
            ct_hash_add(hash, &type, sizeof type);
            ct_hash_add(hash, &bytes, sizeof bytes);
            if (bytes > 0) ct_hash_add(hash, value, (size_t)bytes);
        }
    }
    if (code != SQLITE_DONE) fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(rows);
}

// Every row of every table, SpatiaLite's long list of CRSs left out, read past the shim.
static void hash_file(ct_hash *hash, const char *path) {
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    if (!ct_file_exists(path)) return;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    hash_rows(hash, db, "SELECT name,sql FROM sqlite_schema ORDER BY name");
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT 'SELECT * FROM \"'||name||'\"' FROM sqlite_schema "
                                        "WHERE type='table' AND rootpage>0 AND name NOT LIKE "
                                        "'spatial_ref_sys%' ORDER BY name",
                                        -1, &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW)
        hash_rows(hash, db, (const char *)sqlite3_column_text(tables, 0));
    sqlite3_finalize(tables);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static uint64_t dump(const world *w) {
    ct_hash *hash = ct_hash_new();
    assert_non_null(hash);
    hash_file(hash, w->f->path);
    hash_file(hash, w->obs_path);
    const uint64_t result = ct_hash_get(hash).low;
    ct_hash_free(hash);
    return result;
}

// ---- the sweep ----------------------------------------------------------------------------------
static void expect_told(const char *name, shim_fault fault, long n, ct_err err) {
    const char *message = ct_err_message();
    const bool named = strstr(message, ".ct") || strstr(message, "obs.sqlite");
    const bool kind = fault == SHIM_FULL ? err == CT_DISKFULL && strstr(message, "full")
                                         : err == CT_IO || err == CT_CORRUPT;
    if (!named || !kind)
        fail_msg("%s, %s %ld: %s: %s", name, shim_name(fault), n, ct_err_name(err), message);
}

// One try with the fault armed; false when it was not met any more.
static bool try_once(world *w, const operation *op, shim_fault fault, long n, long *weathered) {
    const uint64_t before = dump(w);
    ++w->round;
    shim_fail_at(fault, n);
    const ct_err err = op->run(w);
    const bool met = shim_failed();
    shim_fail_at(SHIM_WRITE, 0);
    if (!met || err == CT_OK) {
        if (err != CT_OK) fail_msg("%s, no fault: %s", op->name, ct_err_message());
        if (op->after) op->after(w, true);
        if (op->changes && dump(w) == before)
            fail_msg("%s, %s %ld: said done, is not", op->name, shim_name(fault), n);
        *weathered += met;
        return met;
    }
    expect_told(op->name, fault, n, err);
    if (op->after) op->after(w, false);
    if (dump(w) != before)
        fail_msg("%s, %s %ld: refused, yet the twin changed", op->name, shim_name(fault), n);
    if (op->slow && n != 16) return true;
    ++w->round;
    const ct_err again = op->run(w);
    if (again != CT_OK)
        fail_msg("%s after %s %ld: %s", op->name, shim_name(fault), n, ct_err_message());
    if (op->after) op->after(w, true);
    if (op->changes) assert_true(dump(w) != before);
    return true;
}

// A failed read makes SQLite forget all it keeps, so that there are ever more of them.
static long next_call(const operation *op, shim_fault fault, long n) {
    if (op->slow) return 2 * n;
    if (fault == SHIM_READ) return n < 8 ? n + 1 : n + n / 2;
    return n < op->dense ? n + 1 : n + 1 + n / 3;
}

static void sweep(world *w, const operation *op) {
    for (int fault = 0; fault < SHIM_FAULTS; ++fault) {
        long n = 1, tries = 0, weathered = 0;
        while (try_once(w, op, (shim_fault)fault, n, &weathered)) {
            ++tries;
            n = next_call(op, (shim_fault)fault, n);
            if (n > 100000) fail_msg("%s, %s: has no end", op->name, shim_name((shim_fault)fault));
        }
        print_message("%-12s %-14s %4ld faults up to call %ld, %ld weathered\n", op->name,
                      shim_name((shim_fault)fault), tries, n - 1, weathered);
    }
}

// ---- operations ---------------------------------------------------------------------------------
static ct_err run_commit(world *w) {
    ct_writer *writer = NULL;
    CT_TRY(ct_store_writer(&writer, w->f->store, "import"));
    for (int i = 0; i < 6; ++i) {
        ct_arena_reset(w->f->arena);
        const ct_feature b = square(w->f, NULL, 10.0 * i, 10.0 * (double)(w->round % 1000), 5);
        const ct_err err = ct_writer_add(writer, &b, NULL);
        if (err != CT_OK) {
            ct_writer_rollback(writer);
            return err;
        }
    }
    return ct_writer_commit(writer, NULL);
}

static ct_err run_edits(world *w) {
    char text[512];
    (void)snprintf(text, sizeof text,
                   "[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"height_m\":%lld}},"
                   "{\"op\":\"add\",\"class\":\"hydrant\",\"id\":\"h-%lld\",\"geometry\":{\"type\":"
                   "\"Point\",\"coordinates\":[114.0,30.54]}}]",
                   (long long)(w->round % 300 + 1), (long long)w->round);
    json_t *json = NULL;
    ct_changeset *set = NULL;
    ok(ct_json_parse(&json, text, strlen(text), sizeof text));
    ok(ct_changeset_parse(&set, w->f->catalogue, json, "EPSG:4547"));
    const ct_err err = ct_store_apply(w->f->store, set, "edits", NULL);
    ct_changeset_free(set);
    json_decref(json);
    return err;
}

static ct_err run_append(world *w) {
    enum { ROWS = 30 };
    ct_observation rows[ROWS];
    char device[32];
    (void)snprintf(device, sizeof device, "d-%lld", (long long)w->round); // a new series each time
    for (int i = 0; i < ROWS; ++i)
        rows[i] = (ct_observation){i % 2 ? "d" : device, "p", w->round * 100 + i, i, 0};
    ct_alarm alarm = {
        .device = "d", .property = "p", .rule = "red", .severity = 1, .raised_us = w->round};
    const ct_err err = ct_obs_append(w->obs, rows, ROWS, &alarm, 1);
    assert_int_equal(alarm.id != 0, err == CT_OK);
    return err;
}

static ct_err run_alarm(world *w) {
    ct_alarm alarm = {.id = w->alarm,
                      .device = "d",
                      .property = "p",
                      .rule = "red",
                      .severity = 1,
                      .state = CT_ALARM_ACKNOWLEDGED,
                      .raised_us = 1,
                      .acknowledged_us = w->round,
                      .acknowledged_by = "operator"};
    return ct_obs_append(w->obs, NULL, 0, &alarm, 1);
}

static ct_err run_backup(world *w) {
    return ct_store_backup(w->f->store, w->copy_path, NULL, NULL);
}

static void forget_copy(world *w, bool done) {
    static const char *const ends[] = {"", ".d", ".part", ".d.part", ".new", ".part.new"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s%s", w->copy_path, ends[i]);
        const bool there = ct_file_exists(path) || ct_dir_exists(path);
        if (there != (done && i < 2)) fail_msg("%s: there is %s", path, there ? "one" : "none");
    }
    if (!done) return;
    char folder[160];
    (void)snprintf(folder, sizeof folder, "%s.d", w->copy_path);
    ok(ct_file_remove(w->copy_path));
    ok(ct_dir_remove(folder));
}

static void list_finding(void *context, const char *line) {
    (void)context;
    print_message("%s\n", line);
}

static ct_err run_check(world *w) {
    int problems = -1;
    const ct_err err = ct_store_check(w->f->store, list_finding, NULL, &problems);
    assert_int_equal(problems, err == CT_OK ? 0 : -1);
    return err;
}

// Reads a page of features and an answer of observations on connections of their own.
static ct_err run_open(world *w) {
    ct_store *store = NULL;
    ct_reader *reader = NULL;
    const ct_err err = ct_store_open(&store, w->f->path, w->f->catalogue);
    assert_int_equal(store != NULL, err == CT_OK);
    CT_TRY(err);
    ct_err read = ct_store_reader(&reader, store);
    if (read == CT_OK) {
        int64_t n = 0;
        ct_query q;
        ct_query_init(&q, class_of(w->f, "building"));
        read = ct_reader_count(&n, reader, &q);
        if (read == CT_OK) assert_true(n > 0);
        ct_reader_release(reader);
    }
    ct_store_close(store);
    return read;
}

static ct_err run_open_alone(world *w) { // nobody else has it open: the log is begun and ended
    ct_store_close(w->f->store);
    w->f->store = NULL;
    const ct_err err = run_open(w);
    return err;
}

static void open_again(world *w, bool done) {
    (void)done;
    shim_fail_at(SHIM_WRITE, 0);
    if (!w->f->store) ok(ct_store_open(&w->f->store, w->f->path, w->f->catalogue));
}

static ct_err run_observations_made(world *w) {
    ct_obs *obs = NULL;
    const ct_err err = ct_obs_open(&obs, w->copy_path);
    assert_int_equal(obs != NULL, err == CT_OK);
    ct_obs_close(obs);
    return err;
}

static void forget_observations(world *w, bool done) {
    if (!done) return;
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s%s", w->copy_path, ends[i]);
        ok(ct_file_remove(path));
    }
}

static ct_err run_create(world *w) {
    return ct_store_create(w->copy_path, "EPSG:4547", "Another", w->f->catalogue);
}

// ---- set-up -------------------------------------------------------------------------------------
static int setup(void **state) {
    world *w = calloc(1, sizeof *w);
    void *inner = NULL;
    assert_non_null(w);
    fixture_setup(&inner);
    w->f = inner;
    const ct_feature b = square(w->f, "b-1", 500000, 3380000, 5);
    add_all(w->f, &b, 1);
    (void)snprintf(w->obs_path, sizeof w->obs_path, "%s.d/obs.sqlite", w->f->path);
    (void)snprintf(w->copy_path, sizeof w->copy_path, "%s/copy.ct", w->f->folder);
    ok(ct_obs_open(&w->obs, w->obs_path));
    const ct_observation row = {"d", "p", 1, 1, 0};
    ct_alarm alarm = {.device = "d", .property = "p", .rule = "red", .severity = 1, .raised_us = 1};
    ok(ct_obs_append(w->obs, &row, 1, &alarm, 1));
    w->alarm = alarm.id;
    *state = w;
    return 0;
}

static int teardown(void **state) {
    world *w = *state;
    void *inner = w->f;
    shim_fail_at(SHIM_WRITE, 0);
    ct_obs_close(w->obs);
    fixture_teardown(&inner);
    free(w);
    return 0;
}

#define SWEEP(name, ...)                                                                           \
    static void name(void **state) {                                                               \
        const operation op = {__VA_ARGS__};                                                        \
        sweep(*state, &op);                                                                        \
    }
SWEEP(test_commit, "commit", run_commit, true, NULL, 1000, false)
SWEEP(test_edits, "edits", run_edits, true, NULL, 1000, false)
SWEEP(test_append, "append", run_append, true, NULL, 1000, false)
SWEEP(test_alarm, "alarm", run_alarm, true, NULL, 1000, false)
SWEEP(test_backup, "backup", run_backup, false, forget_copy, 2, false)
SWEEP(test_check, "check", run_check, false, NULL, 5, false)
SWEEP(test_open, "open", run_open, false, NULL, 20, false)
SWEEP(test_open_alone, "open alone", run_open_alone, false, open_again, 20, false)
SWEEP(test_observations_made, "obs made", run_observations_made, false, forget_observations, 20,
      false)
SWEEP(test_create, "create", run_create, false, forget_copy, 0, true)

int main(int argc, char **argv) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_commit), T(test_edits),
        T(test_append), T(test_alarm),
        T(test_backup), T(test_check),
        T(test_open),   T(test_open_alone),
        T(test_create), T(test_observations_made),
    };
    shim_install();
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
