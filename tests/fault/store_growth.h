// A twin that meets a catalogue which has grown since it was made, opened under faults: a class
// more, and a column more that refers to it. What the two fault tests of the store share.
#ifndef TESTS_FAULT_STORE_GROWTH_H
#define TESTS_FAULT_STORE_GROWTH_H

#include "store_world.h"

#define GROWTH_TEXT(text) "{\"en\":\"" text "\",\"zh\":\"" text "\"}"
#define GROWTH_CLASS(name, collection, attributes)                                                 \
    "{\"name\":\"" name "\",\"collection\":\"" collection "\",\"title\":" GROWTH_TEXT(             \
        "T") ",\"description\":" GROWTH_TEXT("D") ",\"geometry\":\"Point\",\"grade\":3,"           \
                                                  "\"attributes\":[" attributes "]}"
#define GROWTH_ATTR(name, more)                                                                    \
    "{\"name\":\"" name "\",\"type\":\"text\",\"title\":" GROWTH_TEXT("T") ",\"description\""      \
                                                                           ":" GROWTH_TEXT("D")    \
                                                                               more "}"
#define GROWTH_FILE(classes)                                                                       \
    "{\"theme\":\"t\",\"title\":" GROWTH_TEXT("T") ",\"classes\":[" classes "]}"

static const char growth_before[] =
    GROWTH_FILE(GROWTH_CLASS("tree", "trees", GROWTH_ATTR("species", "")));
static const char growth_after[] = GROWTH_FILE(GROWTH_CLASS(
    "tree", "trees",
    GROWTH_ATTR("species", "") "," GROWTH_ATTR(
        "park", ",\"references\":\"park\"")) "," GROWTH_CLASS("park", "parks",
                                                              GROWTH_ATTR("owner", "")));

static inline void growth_load(ct_catalogue **out, const world *w, const char *text) {
    char folder[128], path[160];
    (void)snprintf(folder, sizeof folder, "%s/catalogue", w->f->folder);
    (void)snprintf(path, sizeof path, "%s/t.json", folder);
    ok(ct_dir_make(folder));
    ok(ct_file_write(path, text, strlen(text)));
    ok(ct_catalogue_load(out, folder));
}

static inline void growth_path(char path[160], const world *w) {
    (void)snprintf(path, 160, "%s/small.ct", w->f->folder);
}

static inline uint64_t growth_hash(const char *path) {
    ct_hash *hash = ct_hash_new();
    assert_non_null(hash);
    hash_file(hash, path);
    const uint64_t result = ct_hash_get(hash).low;
    ct_hash_free(hash);
    return result;
}

// The twin as it was, in the place where it is opened.
static inline void growth_put_back(const world *w) {
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char small[160], path[160];
    growth_path(small, w);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
        (void)snprintf(path, sizeof path, "%s%s", w->copy_path, ends[i]);
        ok(ct_file_remove(path));
    }
    ok(ct_file_copy(small, w->copy_path));
}

static inline void growth_make(world *w) {
    ct_catalogue *before = NULL;
    ct_store *store = NULL;
    ct_writer *writer = NULL;
    char small[160], folder[160];
    int64_t version = 0;
    growth_path(small, w);
    growth_load(&before, w, growth_before);
    ok(ct_store_create(small, "EPSG:4547", "Small twin", before));
    ok(ct_store_open(&store, small, before));
    ct_feature tree;
    ct_arena *arena = ct_arena_new(1024, 0);
    assert_non_null(arena);
    ok(ct_feature_new(&tree, arena, ct_catalogue_by_name(before, "tree")));
    ok(ct_feature_set_text(&tree, "species", "oak"));
    double xyz[] = {500000, 3380000};
    tree.geom = (ct_geom){CT_GEOM_POINT, false, 1, 0, 0, xyz, NULL, NULL};
    tree.id = "t-1";
    ok(ct_store_writer(&writer, store, "test"));
    ok(ct_writer_add(writer, &tree, NULL));
    ok(ct_writer_commit(writer, &version));
    ct_store_close(store);
    ct_arena_free(arena);
    ct_catalogue_free(before);
    growth_load(&w->grown, w, growth_after);
    w->small_hash = growth_hash(small);
    (void)snprintf(folder, sizeof folder, "%s.d", w->copy_path);
    ok(ct_dir_make(folder));
    growth_put_back(w);
}

static inline ct_err run_grow(world *w) {
    ct_store *store = NULL;
    const ct_err err = ct_store_open(&store, w->copy_path, w->grown);
    assert_int_equal(store != NULL, err == CT_OK);
    ct_store_close(store);
    return err;
}

static inline int64_t growth_count(sqlite3 *db, const char *sql) {
    sqlite3_stmt *rows = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    const int64_t n = sqlite3_column_int64(rows, 0);
    sqlite3_finalize(rows);
    return n;
}

// Grown in every part, or as it was in every part.
static inline void after_grow(world *w, bool done) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(w->copy_path, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    const int64_t grown =
        growth_count(db, "SELECT (SELECT count(*) FROM ct_classes WHERE class='park')"
                         "+(SELECT count(*) FROM pragma_table_info('trees') WHERE name='park')"
                         "+(SELECT count(*) FROM pragma_table_info('parks') WHERE name='owner')"
                         "+(SELECT count(*) FROM geometry_columns WHERE f_table_name='parks')"
                         "+(SELECT count(*) FROM trees WHERE species='oak')");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    if (done) {
        if (grown != 5) fail_msg("said done, %lld of 5 parts are there", (long long)grown);
        growth_put_back(w);
    } else if (growth_hash(w->copy_path) != w->small_hash) {
        fail_msg("refused, yet the twin changed (%lld of 5 parts are there)", (long long)grown);
    }
}

#endif
