// What the fault tests of the store share: a twin with observations, a hash of all that is in it,
// and the operations that are made to fail.
#ifndef TESTS_FAULT_STORE_WORLD_H
#define TESTS_FAULT_STORE_WORLD_H

#include "../unit/store/fixture.h"

#include "base/hash.h"
#include "base/stage.h"
#include "store/obs.h"

typedef struct world {
    fixture *f;
    ct_obs *obs;
    char obs_path[160], copy_path[128];
    int64_t round;       // makes each try's values its own
    int64_t alarm;       // id of one that is open
    ct_catalogue *grown; // with the hash of a twin that lacks some of it: see store_growth.h
    uint64_t small_hash;
    sqlite3 *looks[2]; // at the twin and at its observations, past the shim; NULL = not open
} world;

// ---- the dump -----------------------------------------------------------------------------------
static inline void hash_rows(ct_hash *hash, sqlite3 *db, const char *sql) {
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

static inline sqlite3 *look_at(const char *path) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    return db;
}

// Every row of every table, SpatiaLite's long list of CRSs left out.
static inline void hash_tables(ct_hash *hash, sqlite3 *db) {
    sqlite3_stmt *tables = NULL;
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
}

static inline void hash_file(ct_hash *hash, const char *path) {
    if (!ct_file_exists(path)) return;
    sqlite3 *db = look_at(path);
    hash_tables(hash, db);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

// The connections stay open from one dump to the next: to read a twin's schema takes longer than
// to read the rows.
static inline uint64_t dump(world *w) {
    const char *const paths[2] = {w->f->path, w->obs_path};
    ct_hash *hash = ct_hash_new();
    assert_non_null(hash);
    for (int i = 0; i < 2; ++i) {
        if (!w->looks[i] && ct_file_exists(paths[i])) w->looks[i] = look_at(paths[i]);
        if (w->looks[i]) hash_tables(hash, w->looks[i]);
    }
    const uint64_t result = ct_hash_get(hash).low;
    ct_hash_free(hash);
    return result;
}

static inline void look_away(world *w) {
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(sqlite3_close(w->looks[i]), SQLITE_OK);
        w->looks[i] = NULL;
    }
}

// ---- operations ---------------------------------------------------------------------------------
// A triangle of its own for each round, and a property.
static inline void give_body(ct_feature *b, const world *w) {
    static const uint32_t corners[3] = {0, 1, 2}, end = 1;
    const double xyz[9] = {(double)w->round, 0, 0, 1, 0, 0, 0, 1, 0};
    const ct_mesh flat = {3,
                          1,
                          1,
                          (double *)(uintptr_t)xyz,
                          (uint32_t *)(uintptr_t)corners,
                          (uint32_t *)(uintptr_t)&end,
                          NULL};
    ct_mesh *mesh = ct_arena_alloc(w->f->arena, sizeof *mesh);
    ct_body_part *part = ct_arena_alloc(w->f->arena, sizeof *part);
    ct_body *body = ct_arena_alloc(w->f->arena, sizeof *body);
    ct_property *property = ct_arena_alloc(w->f->arena, sizeof *property);
    if (!mesh || !part || !body || !property) return;
    if (ct_mesh_copy(mesh, w->f->arena, &flat) != CT_OK) return;
    *part = (ct_body_part){mesh, ct_affine_identity, {"", {1, 1, 1, 1}}, 4};
    *body = (ct_body){1, part};
    *property = (ct_property){"", "round", {CT_VALUE_INTEGER, {.integer = w->round}}, ""};
    b->body = body;
    b->properties = property;
    b->n_properties = 1;
}

static inline ct_err run_commit(world *w) {
    ct_writer *writer = NULL;
    CT_TRY(ct_store_writer(&writer, w->f->store, "import"));
    for (int i = 0; i < 6; ++i) {
        ct_arena_reset(w->f->arena);
        ct_feature b = square(w->f, NULL, 10.0 * i, 10.0 * (double)(w->round % 1000), 5);
        if (i == 0) give_body(&b, w);
        const ct_err err = ct_writer_add(writer, &b, NULL);
        if (err != CT_OK) {
            ct_writer_rollback(writer);
            return err;
        }
    }
    return ct_writer_commit(writer, NULL);
}

// So many that they go in past the triggers (store/sqlite/bulk.h).
static inline ct_err run_bulk(world *w) {
    enum { MANY = 90 };
    ct_writer *writer = NULL;
    CT_TRY(ct_store_writer(&writer, w->f->store, "import"));
    for (int i = 0; i < MANY; ++i) {
        ct_arena_reset(w->f->arena);
        ct_feature b = square(w->f, NULL, 10.0 * i, 10.0 * (double)(w->round % 1000), 5);
        if (i == MANY - 4) give_body(&b, w);
        const ct_err err = ct_writer_add(writer, &b, NULL);
        if (err != CT_OK) {
            ct_writer_rollback(writer);
            return err;
        }
    }
    return ct_writer_commit(writer, NULL);
}

static inline ct_err run_edits(world *w) {
    char text[512];
    (void)snprintf(text, sizeof text,
                   "[{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"height_m\":%lld}},"
                   "{\"op\":\"add\",\"class\":\"hydrant\",\"id\":\"h-%lld\",\"geometry\":{\"type\":"
                   "\"Point\",\"coordinates\":[114.0,30.54]}}]",
                   (long long)(w->round % 300 + 1), (long long)w->round);
    json_t *json = NULL;
    ct_changeset *set = NULL;
    ct_err err = ct_json_parse(&json, text, strlen(text), sizeof text);
    if (err == CT_OK) err = ct_changeset_parse(&set, w->f->catalogue, json, "EPSG:4547");
    if (err == CT_OK) err = ct_store_apply(w->f->store, set, "edits", NULL);
    ct_changeset_free(set);
    json_decref(json);
    return err;
}

static inline ct_err run_append(world *w) {
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

static inline ct_err run_alarm(world *w) {
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

static inline ct_err run_backup(world *w) {
    return ct_store_backup(w->f->store, w->copy_path, NULL, NULL);
}

static inline ct_err expect_no_stage(void *context, const char *name, bool is_dir) {
    (void)context;
    (void)is_dir;
    if (strncmp(name, CT_PART, strlen(CT_PART)) == 0 ||
        strncmp(name, CT_READY, strlen(CT_READY)) == 0)
        fail_msg("%s stays behind", name);
    return CT_OK;
}

static inline void forget_copy(world *w, bool done) {
    char ready[160];
    (void)snprintf(ready, sizeof ready, "%s/" CT_READY "cimtwin-copy.ct", w->f->folder);
    if (!done && ct_dir_exists(ready)) { // it failed after the decisive step: it comes to its end
        ok(ct_stage_finish(w->f->folder, "cimtwin-copy.ct"));
        done = true;
    }
    static const char *const ends[] = {"", ".d"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s%s", w->copy_path, ends[i]);
        const bool there = ct_file_exists(path) || ct_dir_exists(path);
        if (there != done) fail_msg("%s: there is %s", path, there ? "one" : "none");
    }
    if (!done) return; // an empty stage may wait for the next one that comes by
    ok(ct_dir_list(w->f->folder, expect_no_stage, NULL));
    char folder[160];
    (void)snprintf(folder, sizeof folder, "%s.d", w->copy_path);
    ok(ct_file_remove(w->copy_path));
    ok(ct_dir_remove(folder));
}

static inline void list_finding(void *context, const char *line) {
    (void)context;
    print_message("%s\n", line);
}

static inline ct_err run_check(world *w) {
    int problems = -1;
    const ct_err err = ct_store_check(w->f->store, list_finding, NULL, &problems);
    assert_int_equal(problems, err == CT_OK ? 0 : -1);
    return err;
}

// Reads a page of features and an answer of observations on connections of their own.
static inline ct_err run_open(world *w) {
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

static inline ct_err
run_open_alone(world *w) { // nobody else has it open: the log is begun and ended
    look_away(w);
    ct_store_close(w->f->store);
    w->f->store = NULL;
    const ct_err err = run_open(w);
    return err;
}

static inline void open_again(world *w, bool done) {
    (void)done;
    if (!w->f->store) ok(ct_store_open(&w->f->store, w->f->path, w->f->catalogue));
}

static inline ct_err run_observations_made(world *w) {
    ct_obs *obs = NULL;
    const ct_err err = ct_obs_open(&obs, w->copy_path);
    assert_int_equal(obs != NULL, err == CT_OK);
    ct_obs_close(obs);
    return err;
}

static inline void forget_observations(world *w, bool done) {
    if (!done) return;
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s%s", w->copy_path, ends[i]);
        ok(ct_file_remove(path));
    }
}

static inline ct_err run_create(world *w) {
    return ct_store_create(w->copy_path, "EPSG:4547", "Another", w->f->catalogue);
}

// ---- set-up -------------------------------------------------------------------------------------
static inline int setup(void **state) {
    world *w = calloc(1, sizeof *w);
    void *inner = NULL;
    assert_non_null(w);
    fixture_setup(&inner);
    w->f = inner;
    ct_feature b = square(w->f, "b-1", 500000, 3380000, 5);
    give_body(&b, w);
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

static inline int teardown(void **state) {
    world *w = *state;
    void *inner = w->f;
    look_away(w);
    ct_obs_close(w->obs);
    ct_catalogue_free(w->grown);
    fixture_teardown(&inner);
    free(w);
    return 0;
}

#endif
