// Every allocation of the store fails once, ours and SQLite's: the operation says CT_NOMEM, the
// twin is what it was before, and the next try succeeds.
#include "fault.h"
#include "store_growth.h"

#include "sqlite_memory.h"
#include "store/sqlite/internal.h"

typedef struct operation {
    const char *name;
    ct_err (*run)(world *w);
    bool changes;                       // the twin's dump
    void (*after)(world *w, bool done); // what must hold besides; NULL = nothing
    long dense;   // up to this one each allocation fails; further ones a quarter apart
    bool foreign; // SQLite's allocations too: not where SpatiaLite works, which does not look
} operation;

static void arm(bool foreign, long n) {
    if (foreign)
        sqlite_memory_fail_at(n);
    else
        ct_mem_fail_at(n, false);
}
static bool met(bool foreign) {
    return foreign ? sqlite_memory_failed() : ct_mem_failed();
}

// One try with the n-th allocation failing; false when there was none such.
static bool try_once(world *w, const operation *op, bool foreign, long n, long *weathered) {
    const uint64_t before = dump(w);
    ++w->round;
    arm(foreign, n);
    const ct_err err = op->run(w);
    const bool failed = met(foreign);
    arm(foreign, 0);
    if (err == CT_OK) {
        if (op->after) op->after(w, true);
        if (op->changes) assert_true(dump(w) != before);
        *weathered += failed;
        return failed;
    }
    if (!failed || err != CT_NOMEM || !*ct_err_message())
        fail_msg("%s, allocation %ld: %s: %s", op->name, n, ct_err_name(err), ct_err_message());
    if (op->after) op->after(w, false);
    if (dump(w) != before) fail_msg("%s, allocation %ld: the twin changed", op->name, n);
    if (n > op->dense && n % 4) return true;
    ++w->round;
    const ct_err again = op->run(w);
    if (again != CT_OK) fail_msg("%s after allocation %ld: %s", op->name, n, ct_err_message());
    if (op->after) op->after(w, true);
    return true;
}

static void sweep(world *w, const operation *op) {
    const long step = fault_step();
    for (int foreign = 0; foreign <= (op->foreign ? 1 : 0); ++foreign) {
        long n = 1, tries = 0, weathered = 0;
        ok(op->run(w)); // what is made once and kept
        if (op->after) op->after(w, true);
        while (try_once(w, op, foreign, n, &weathered)) {
            ++tries;
            n += step * (n < op->dense ? 1 : 1 + n / 4);
            if (n > 10000000) fail_msg("%s has no end", op->name);
        }
        print_message("%-12s %s: %4ld allocations up to %ld failed, %ld done without\n", op->name,
                      foreign ? "SQLite's" : "ours", tries, n - 1, weathered);
        assert_true(foreign == 0 || tries > 0);
    }
}

// ---- reading ------------------------------------------------------------------------------------
static ct_err count_change(void *context, const ct_change *change) {
    *(int64_t *)context += change->version > 0;
    return CT_OK;
}

static ct_err read_all(world *w, ct_reader *reader, ct_arena *arena) {
    const ct_class *cls = class_of(w->f, "building");
    ct_query query;
    ct_cursor *cursor = NULL;
    const ct_feature *row = NULL;
    ct_feature one;
    int64_t n = 0, changes = 0, version = 0;
    bool has = false;
    ct_bbox box;
    char *title = NULL;
    ct_body body;
    const ct_property *properties;
    size_t n_properties;
    ct_query_init(&query, cls);
    query.has_bbox = true;
    query.bbox = (ct_bbox){499990, 3379990, 500010, 3380010};
    CT_TRY(ct_reader_count(&n, reader, &query));
    assert_int_equal(n, 1);
    CT_TRY(ct_cursor_open(&cursor, reader, &query));
    const ct_err err = ct_cursor_next(cursor, &row);
    if (err == CT_OK) assert_string_equal(row->id, "b-1");
    ct_cursor_close(cursor);
    CT_TRY(err);
    CT_TRY(ct_reader_get(&one, arena, reader, NULL, "b-1"));
    CT_TRY(ct_reader_get_fid(&one, arena, reader, cls, 1));
    CT_TRY(ct_reader_body(&body, arena, reader, cls, 1));
    CT_TRY(ct_reader_properties(&properties, &n_properties, arena, reader, cls, 1));
    assert_true(body.n_parts == 1 && n_properties == 1);
    CT_TRY(ct_reader_extent(&has, &box, reader, cls));
    CT_TRY(ct_reader_class_version(&version, reader, cls));
    CT_TRY(ct_reader_changes(reader, 0, count_change, &changes));
    CT_TRY(ct_reader_get_meta(&title, reader, "title"));
    assert_true(has && changes > 0);
    assert_string_equal(title, "Test twin");
    ct_free(title);
    return CT_OK;
}

static ct_err run_read(world *w) {
    ct_reader *reader = NULL;
    ct_arena *arena = ct_arena_new(64, 0);
    ct_err err = arena ? ct_store_reader(&reader, w->f->store) : CT_NOMEM;
    if (err == CT_OK) err = read_all(w, reader, arena);
    ct_reader_release(reader);
    ct_arena_free(arena);
    return err;
}

// Which attributes are empty is learned anew each time.
static ct_err run_learn(world *w) {
    ct_reader *reader = NULL;
    ct_store__empty *empty = ct_store__empty_new(ct_catalogue_count(w->f->catalogue));
    uint64_t attrs = 0;
    ct_err err = empty ? ct_store_reader(&reader, w->f->store) : CT_NOMEM;
    if (err == CT_OK)
        err = ct_store__empty_attrs(&attrs, empty, reader->conn, class_of(w->f, "building"), 1000);
    if (err == CT_OK) assert_true(attrs != 0);
    ct_reader_release(reader);
    ct_store__empty_free(empty);
    return err;
}

static ct_err see_row(void *context, const ct_observation *row) {
    assert_non_null(row->device);
    ++*(int *)context;
    return CT_OK;
}
static ct_err see_alarm(void *context, const ct_alarm *alarm) {
    assert_non_null(alarm->device);
    ++*(int *)context;
    return CT_OK;
}

static ct_err run_look(world *w) {
    int seen = 0;
    int64_t n = 0;
    ct_alarm_state alarm;
    CT_TRY(ct_obs_last(w->obs, NULL, see_row, &seen));
    CT_TRY(ct_obs_last(w->obs, "d", see_row, &seen));
    CT_TRY(ct_obs_history(w->obs, "d", "p", 0, 10, 10, see_row, &seen));
    CT_TRY(ct_obs_alarms(w->obs, true, 10, see_alarm, &seen));
    CT_TRY(ct_obs_alarm_state(w->obs, w->alarm, &alarm));
    CT_TRY(ct_obs_count(w->obs, &n));
    assert_int_equal(n, 1);
    assert_int_equal(seen, 4);
    return CT_OK;
}

#define SWEEP(name, ...)                                                                           \
    static void name(void **state) {                                                               \
        const operation op = {__VA_ARGS__};                                                        \
        sweep(*state, &op);                                                                        \
    }
SWEEP(test_read, "read", run_read, false, NULL, 100, true)
SWEEP(test_learn, "learn", run_learn, false, NULL, 100, true)
SWEEP(test_look, "look", run_look, false, NULL, 100, true)
SWEEP(test_commit, "commit", run_commit, true, NULL, 60, false)
SWEEP(test_bulk, "bulk", run_bulk, true, NULL, 60, false)
SWEEP(test_edits, "edits", run_edits, true, NULL, 100, false)
SWEEP(test_append, "append", run_append, true, NULL, 100, true)
SWEEP(test_alarm, "alarm", run_alarm, true, NULL, 100, true)
SWEEP(test_backup, "backup", run_backup, false, forget_copy, 40, true)
SWEEP(test_check, "check", run_check, false, NULL, 20, true)
SWEEP(test_open, "open", run_open, false, NULL, 40, true)
SWEEP(test_observations_made, "obs made", run_observations_made, false, forget_observations, 40,
      true)
SWEEP(test_create, "create", run_create, false, forget_copy, 4, false)

static void test_grow(void **state) {
    growth_make(*state);
    sweep(*state, &(operation){"grow", run_grow, false, after_grow, 60, false});
}

// All that was made is given back at the end, whatever failed in between.
static long live_before;
static int setup_counted(void **state) {
    ct_geo_thread_end();
    live_before = ct_mem_live();
    return setup(state);
}
static int teardown_counted(void **state) {
    ct_mem_fail_at(0, false);
    sqlite_memory_fail_at(0);
    teardown(state);
    ct_geo_thread_end();
    if (ct_mem_live() == live_before) return 0;
    print_error("%ld blocks leaked\n", ct_mem_live() - live_before);
    return -1;
}

int main(int argc, char **argv) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup_counted, teardown_counted)
    const struct CMUnitTest tests[] = {
        T(test_read),   T(test_learn),
        T(test_look),   T(test_commit),
        T(test_bulk),   T(test_edits),
        T(test_append), T(test_alarm),
        T(test_backup), T(test_check),
        T(test_open),   T(test_grow),
        T(test_create), T(test_observations_made),
    };
    sqlite_memory_install();
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
