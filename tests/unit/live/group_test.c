// Callers at the same time share a commit: all of them get their answer, one's failure is not the
// others'.
#include "fixture.h"
#include "live/live_private.h"

enum { CALLERS = 9, WAIT_S = 60 };

typedef struct caller {
    fixture *f;
    ct_observation rows[3];
    const ct_observation *many; // instead of `rows`; NULL: these
    size_t n_rows, refused;
    ct_err err;
    char message[256];
} caller;

static void *call(void *context) {
    caller *c = context;
    c->err = ct_live_take(c->f->live, c->many ? c->many : c->rows, c->n_rows, &c->refused);
    (void)snprintf(c->message, sizeof c->message, "%s", ct_err_message());
    return NULL;
}

static size_t waiting(ct_live *live) {
    size_t n = 0;
    pthread_mutex_lock(&live->queue);
    for (const ct_live__waiter *w = live->waiting; w; w = w->next) n++;
    pthread_mutex_unlock(&live->queue);
    return n;
}

static int64_t number_in_file(const fixture *f, const char *sql) {
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    char *path = ct_store_file(f->store, "obs.sqlite");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const int64_t n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    ct_free(path);
    return n;
}

// The first caller is kept waiting for the file until all the others have queued behind it.
static void call_together(fixture *f, caller *callers) {
    pthread_t threads[CALLERS];
    sqlite3 *other = NULL;
    char *path = ct_store_file(f->store, "obs.sqlite");
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    const int64_t end_us = ct_clock_mono_us(ct_clock_real()) + (int64_t)WAIT_S * 1000000;
    for (size_t i = 0; i < CALLERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call, &callers[i]), 0);
        bool in_place = false;
        while (!in_place) {
            assert_true(ct_clock_mono_us(ct_clock_real()) < end_us);
            pthread_mutex_lock(&f->live->queue);
            in_place = f->live->led;
            pthread_mutex_unlock(&f->live->queue);
            in_place = in_place && waiting(f->live) == i;
            ct_clock_sleep_us(ct_clock_real(), 1000);
        }
    }
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < CALLERS; i++) pthread_join(threads[i], NULL);
    sqlite3_close(other);
    ct_free(path);
}

// Caller i speaks for wl-1 (odd ones for wl-2) and for nobody.
static void make_callers(fixture *f, caller *callers) {
    for (int i = 0; i < CALLERS; i++)
        callers[i] =
            (caller){.f = f,
                     .rows = {{i % 2 ? "wl-2" : "wl-1", NULL, S(10 + i), 0.1 + 0.01 * i, 0},
                              {"nobody", NULL, S(10 + i), 1, 0}},
                     .n_rows = 2,
                     .refused = 99};
}

static void test_one_commit_for_all_who_wait(void **state) {
    fixture *f = *state;
    caller callers[CALLERS];
    foreign_sql(f, "CREATE TABLE appends(n); CREATE TRIGGER counted AFTER UPDATE ON total BEGIN "
                   "INSERT INTO appends VALUES(NEW.n); END");
    make_callers(f, callers);
    callers[4].rows[0].value = 0.7; // rings, in the middle of the group
    call_together(f, callers);
    for (int i = 0; i < CALLERS; i++) {
        assert_int_equal(callers[i].err, CT_OK);
        assert_int_equal(callers[i].refused, 1);
    }
    assert_int_equal(number_in_file(f, "SELECT count(*) FROM obs"), CALLERS);
    assert_int_equal(number_in_file(f, "SELECT count(*) FROM appends"), 2);
    // in the order in which they came
    assert_has(device_text(f, "wl-1"), "\"value\":0.18,");
    assert_has(device_text(f, "wl-2"), "\"value\":0.17,");
    assert_has(f->heard, "\"cleared\":\"2026-07-20T20:00:16Z\"");
    assert_has(alarms_text(f, false), "\"value\":0.7,");
}

// Behind the first caller three large batches and five small ones wait: the small ones go first, in
// one commit, then the large ones, no two of which fit into one.
static void test_small_batches_pass_large_ones(void **state) {
    enum { MANY = 6000 };
    fixture *f = *state;
    caller callers[CALLERS];
    ct_observation *rows = calloc(MANY, sizeof *rows);
    assert_non_null(rows);
    for (int i = 0; i < MANY; i++) rows[i] = (ct_observation){"temp-1", NULL, S(10) + i, 20, 0};
    foreign_sql(f, "CREATE TABLE appends(n); CREATE TRIGGER counted AFTER UPDATE ON total BEGIN "
                   "INSERT INTO appends VALUES(NEW.n); END");
    make_callers(f, callers);
    for (int i = 2; i <= 6; i += 2) {
        callers[i].many = rows;
        callers[i].n_rows = MANY;
    }
    call_together(f, callers);
    for (int i = 0; i < CALLERS; i++) {
        assert_int_equal(callers[i].err, CT_OK);
        assert_int_equal(callers[i].refused, callers[i].many ? 0 : 1);
    }
    assert_int_equal(number_in_file(f, "SELECT count(*) FROM appends"), 5);
    assert_int_equal(number_in_file(f, "SELECT n FROM appends WHERE rowid=1"), 1);
    assert_int_equal(number_in_file(f, "SELECT n FROM appends WHERE rowid=2"), 6);
    assert_int_equal(number_in_file(f, "SELECT n FROM appends WHERE rowid=3"), 6 + MANY);
    free(rows);
}

static void test_one_failure_is_not_the_others(void **state) {
    fixture *f = *state;
    caller callers[CALLERS];
    foreign_sql(f, "CREATE TRIGGER bad BEFORE INSERT ON obs WHEN NEW.value=0.66 BEGIN "
                   "SELECT RAISE(ABORT, 'no such value'); END");
    make_callers(f, callers);
    callers[5].rows[0].value = 0.66;
    call_together(f, callers);
    for (int i = 0; i < CALLERS; i++) {
        if (i == 5) continue;
        assert_int_equal(callers[i].err, CT_OK);
        assert_int_equal(callers[i].refused, 1);
    }
    assert_int_not_equal(callers[5].err, CT_OK);
    assert_has(callers[5].message, "no such value");
    assert_int_equal(callers[5].refused, 99);
    assert_int_equal(number_in_file(f, "SELECT count(*) FROM obs"), CALLERS - 1);
    assert_has(device_text(f, "wl-2"), "\"value\":0.17,");
    assert_lacks(f->heard, "alarm");
}

static void test_a_failure_of_all(void **state) {
    fixture *f = *state;
    caller callers[CALLERS];
    foreign_sql(f, "CREATE TRIGGER broken BEFORE UPDATE ON total BEGIN "
                   "SELECT RAISE(ABORT, 'the disk is broken'); END");
    make_callers(f, callers);
    call_together(f, callers);
    for (int i = 0; i < CALLERS; i++) {
        assert_int_not_equal(callers[i].err, CT_OK);
        assert_has(callers[i].message, "the disk is broken");
    }
    assert_int_equal(number_in_file(f, "SELECT count(*) FROM obs"), 0);
    assert_has(device_text(f, "wl-1"), "\"value\":null");
    foreign_sql(f, "DROP TRIGGER broken");
    take_row(f, "wl-1", S(99), 0.2, 0);
    assert_has(device_text(f, "wl-1"), "\"value\":0.2,");
}

// Many at full speed: nothing is lost, doubled or mixed up.
static void *call_often(void *context) {
    caller *c = context;
    for (int i = 0; i < 200 && c->err == CT_OK; i++) {
        for (size_t r = 0; r < c->n_rows; r++) c->rows[r].time_us += 1000000;
        c->refused = 99;
        c->err = ct_live_take(c->f->live, c->rows, c->n_rows, &c->refused);
        if (c->err == CT_OK && c->refused != c->n_rows - 1) c->err = CT_INTERNAL;
    }
    return NULL;
}

static void test_many_at_full_speed(void **state) {
    fixture *f = *state;
    pthread_t threads[CALLERS];
    caller callers[CALLERS];
    ct_clock_advance(f->clock, S(20000) - T0);
    make_callers(f, callers);
    for (int i = 0; i < CALLERS; i++) { // each has times of its own
        callers[i].n_rows = (size_t)(1 + i % 3);
        for (size_t r = 0; r < callers[i].n_rows; r++) {
            callers[i].rows[r] = (ct_observation){r ? "nobody" : "temp-1", NULL, S(1000 * i), i, 0};
        }
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(callers[i].err, CT_OK);
    }
    assert_int_equal(number_in_file(f, "SELECT count(*) FROM obs"), CALLERS * 200);
    assert_int_equal(
        number_in_file(
            f, "SELECT count(*) FROM obs WHERE value<>(time_us-1784577600000000)/1000000000"),
        0);
    assert_has(device_text(f, "temp-1"), "\"value\":8,");
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_one_commit_for_all_who_wait),
        T(test_small_batches_pass_large_ones),
        T(test_one_failure_is_not_the_others),
        T(test_a_failure_of_all),
        T(test_many_at_full_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
