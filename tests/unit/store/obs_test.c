// Observations: rows once each, last values, history, alarms, what is refused, what survives.
#include "cmk.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/obs.h"
#include "unit/store/obs_fixture.h"

// Rows as text, "device property time value quality;" each.
typedef struct listing {
    char text[2048];
    size_t n;
    size_t stop_after; // 0 = never
} listing;

static ct_err list_row(void *context, const ct_observation *row) {
    listing *l = context;
    const size_t used = strlen(l->text);
    (void)snprintf(l->text + used, sizeof l->text - used, "%s %s %lld %g %d;", row->device,
                   row->property, (long long)row->time_us, row->value, row->quality);
    return ++l->n == l->stop_after ? CT_CANCELLED : CT_OK;
}

static ct_err list_alarm(void *context, const ct_alarm *a) {
    listing *l = context;
    const size_t used = strlen(l->text);
    (void)snprintf(l->text + used, sizeof l->text - used, "%lld %s %s %d %d %s;", (long long)a->id,
                   a->device, a->rule, a->severity, (int)a->state,
                   a->acknowledged_by ? a->acknowledged_by : "-");
    ++l->n;
    return CT_OK;
}

static void assert_last(ct_obs *obs, const char *device, const char *expected) {
    listing l = {0};
    ok(ct_obs_last(obs, device, list_row, &l));
    assert_string_equal(l.text, expected);
}

static int64_t count_of(ct_obs *obs) {
    int64_t n = -1;
    ok(ct_obs_count(obs, &n));
    return n;
}

static int problems_of(ct_obs *obs);

static void test_rows_are_kept_once(void **state) {
    fixture *f = *state;
    const ct_observation rows[] = {
        {"wl-1", "water_level_m", 1000, 0.5, 0}, {"wl-2", "water_level_m", 1000, 0.25, 0},
        {"wl-1", "battery_v", 1000, 3.6, 1},     {"wl-1", "water_level_m", 2000, 0.75, 0},
        {"wl-1", "water_level_m", 1000, 9.0, 2}, // sent again with another value: the first stays
    };
    ok(ct_obs_append(f->obs, rows, 5, NULL, 0));
    assert_int_equal(count_of(f->obs), 4);
    ok(ct_obs_append(f->obs, rows, 5, NULL, 0));
    assert_int_equal(count_of(f->obs), 4);
    assert_last(
        f->obs, NULL,
        "wl-1 battery_v 1000 3.6 1;wl-1 water_level_m 2000 0.75 0;wl-2 water_level_m 1000 0.25 0;");
    assert_last(f->obs, "wl-2", "wl-2 water_level_m 1000 0.25 0;");
    assert_last(f->obs, "wl-3", "");
    ok(ct_obs_append(f->obs, NULL, 0, NULL, 0));
    assert_int_equal(problems_of(f->obs), 0);
}

// Others come in between: what came before the piece that fails is there.
static void test_many_rows_come_in_pieces(void **state) {
    enum { N = 120001 };
    fixture *f = *state;
    int64_t n_new = -1;
    ct_observation *rows = ct_calloc(N, sizeof *rows);
    assert_non_null(rows);
    for (int i = 0; i < N; ++i) rows[i] = (ct_observation){"a", "p", i, i, 0};
    rows[N - 1].value = (double)NAN;
    fails(ct_obs_append_many(f->obs, rows, N, INT64_MAX, &n_new), "RANGE");
    assert_int_equal(n_new, 100000);
    assert_int_equal(count_of(f->obs), 100000);
    ok(ct_obs_append_many(f->obs, rows, N - 1, INT64_MAX, &n_new));
    assert_int_equal(n_new, 20000); // the others were there
    assert_int_equal(count_of(f->obs), N - 1);
    ct_free(rows);
}

static void test_last_moves_forward_only(void **state) {
    fixture *f = *state;
    ct_observation row = {"d", "p", 5000, 1.0, 0};
    ok(ct_obs_append(f->obs, &row, 1, NULL, 0));
    row = (ct_observation){"d", "p", 4000, 2.0, 0}; // late
    ok(ct_obs_append(f->obs, &row, 1, NULL, 0));
    assert_last(f->obs, NULL, "d p 5000 1 0;");
    ct_obs_close(f->obs); // what a new process knows comes from the file
    ok(ct_obs_open(&f->obs, f->path));
    row = (ct_observation){"d", "p", 4500, 3.0, 0};
    ok(ct_obs_append(f->obs, &row, 1, NULL, 0));
    assert_last(f->obs, NULL, "d p 5000 1 0;");
    row = (ct_observation){"d", "p", 6000, 4.0, 2};
    ok(ct_obs_append(f->obs, &row, 1, NULL, 0));
    assert_last(f->obs, NULL, "d p 6000 4 2;");
    assert_int_equal(count_of(f->obs), 4);
}

static void test_history(void **state) {
    fixture *f = *state;
    ct_observation rows[10];
    for (int i = 0; i < 10; ++i) rows[i] = (ct_observation){i % 2 ? "a" : "b", "p", 100 * i, i, 0};
    ok(ct_obs_append(f->obs, rows, 10, NULL, 0));
    listing l = {0};
    ok(ct_obs_history(f->obs, "a", "p", INT64_MIN, INT64_MAX, 3, list_row, &l));
    assert_string_equal(l.text, "a p 900 9 0;a p 700 7 0;a p 500 5 0;");
    l = (listing){0};
    ok(ct_obs_history(f->obs, "a", "p", 100, 500, 100, list_row, &l)); // both ends belong to it
    assert_string_equal(l.text, "a p 500 5 0;a p 300 3 0;a p 100 1 0;");
    l = (listing){0};
    ok(ct_obs_history(f->obs, "a", "other", INT64_MIN, INT64_MAX, 3, list_row, &l));
    assert_int_equal(l.n, 0);
    l = (listing){.stop_after = 2};
    fails(ct_obs_history(f->obs, "a", "p", INT64_MIN, INT64_MAX, 100, list_row, &l), "CANCELLED");
    assert_int_equal(l.n, 2);
}

static void test_bad_rows_take_the_batch_with_them(void **state) {
    fixture *f = *state;
    char longer[200];
    ct_observation rows[] = {{"good", "p", 1, 1.0, 0}, {"d", "p", 1, (double)NAN, 0}};
    fails(ct_obs_append(f->obs, rows, 2, NULL, 0), "RANGE");
    memset(longer, 'x', sizeof longer);
    longer[199] = 0;
    rows[1] = (ct_observation){longer, "p", 1, 1.0, 0};
    fails(ct_obs_append(f->obs, rows, 2, NULL, 0), "RANGE");
    rows[1] = (ct_observation){"d", NULL, 1, 1.0, 0};
    fails(ct_obs_append(f->obs, rows, 2, NULL, 0), "RANGE");
    rows[1] = (ct_observation){"d", "p", 1, 1.0, 3};
    fails(ct_obs_append(f->obs, rows, 2, NULL, 0), "RANGE");
    assert_int_equal(count_of(f->obs), 0);
    // the series that were made and taken back are made anew
    rows[1] = (ct_observation){"d", "p", 1, 1.0, 0};
    ok(ct_obs_append(f->obs, rows, 2, NULL, 0));
    assert_last(f->obs, NULL, "d p 1 1 0;good p 1 1 0;");
    assert_int_equal(problems_of(f->obs), 0);
}

static void test_alarms(void **state) {
    fixture *f = *state;
    ct_observation row = {"wl-1", "water_level_m", 1000, 0.5, 0};
    ct_alarm alarms[2] = {{.device = "wl-1",
                           .property = "water_level_m",
                           .rule = "red",
                           .severity = 1,
                           .raised_us = 1000,
                           .value = 0.5},
                          {.device = "wl-2",
                           .property = "water_level_m",
                           .rule = "yellow",
                           .severity = 3,
                           .raised_us = 900,
                           .value = 0.2}};
    ok(ct_obs_append(f->obs, &row, 1, alarms, 2));
    assert_int_equal(alarms[0].id, 1);
    assert_int_equal(alarms[1].id, 2);
    alarms[1].state = CT_ALARM_CLEARED;
    alarms[1].cleared_us = 2000;
    alarms[0].state = CT_ALARM_ACKNOWLEDGED;
    alarms[0].acknowledged_by = "li";
    ok(ct_obs_append(f->obs, NULL, 0, alarms, 2));
    listing l = {0};
    ok(ct_obs_alarms(f->obs, false, 10, list_alarm, &l));
    assert_string_equal(l.text, "1 wl-1 red 1 1 li;2 wl-2 yellow 3 2 -;");
    l = (listing){0};
    ok(ct_obs_alarms(f->obs, true, 10, list_alarm, &l));
    assert_string_equal(l.text, "1 wl-1 red 1 1 li;");
    ct_alarm_state state_now = CT_ALARM_ACTIVE;
    ok(ct_obs_alarm_state(f->obs, 2, &state_now));
    assert_int_equal(state_now, CT_ALARM_CLEARED);
    ok(ct_obs_alarm_state(f->obs, 1, &state_now));
    assert_int_equal(state_now, CT_ALARM_ACKNOWLEDGED);
    fails(ct_obs_alarm_state(f->obs, 3, &state_now), "NOTFOUND");
    assert_int_equal(state_now, CT_ALARM_ACKNOWLEDGED);
    ct_alarm nobody[2] = {{.device = "x", .property = "p", .rule = "r"},
                          {.id = 77, .device = "x", .property = "p", .rule = "r"}};
    fails(ct_obs_append(f->obs, NULL, 0, nobody, 2), "NOTFOUND");
    assert_int_equal(nobody[0].id, 0); // neither was stored
    l = (listing){0};
    ok(ct_obs_alarms(f->obs, false, 10, list_alarm, &l));
    assert_int_equal(l.n, 2);
}

static void test_many_series(void **state) {
    fixture *f = *state;
    enum { N = 5000 };
    ct_observation *rows = calloc(N, sizeof *rows);
    char(*names)[16] = calloc(N, sizeof *names);
    for (int i = 0; i < N; ++i) {
        (void)snprintf(names[i], sizeof names[i], "dev-%d", i);
        rows[i] = (ct_observation){names[i], "p", 10, i, 0};
    }
    ok(ct_obs_append(f->obs, rows, N, NULL, 0));
    for (int i = 0; i < N; ++i) rows[i].time_us = 20;
    ok(ct_obs_append(f->obs, rows, N, NULL, 0));
    assert_int_equal(count_of(f->obs), 2 * N);
    assert_last(f->obs, "dev-4321", "dev-4321 p 20 4321 0;");
    free(rows);
    free(names);
}

static void ignore_line(void *context, const char *line) {
    (void)context;
    (void)line;
}

static int problems_of(ct_obs *obs) {
    int n = -1;
    ok(ct_obs_check(obs, ignore_line, NULL, &n));
    return n;
}

static void raw_sql(const char *path, const char *sql) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

// Rows later than what is believed are history, never the last value.
static void test_last_within_belief(void **state) {
    fixture *f = *state;
    const ct_observation rows[] = {
        {"d", "p", 9000, 9.0, 0}, {"d", "p", 1000, 1.0, 0}, {"e", "p", 8000, 8.0, 0}};
    ok(ct_obs_append_believed(f->obs, rows, 3, 5000, NULL, 0));
    assert_last(f->obs, NULL, "d p 1000 1 0;");
    assert_int_equal(count_of(f->obs), 3);
    assert_int_equal(problems_of(f->obs), 0);
    ct_obs_close(f->obs);
    ok(ct_obs_open(&f->obs, f->path));
    ct_observation row = {"d", "p", 2000, 2.0, 0};
    ok(ct_obs_append_believed(f->obs, &row, 1, 5000, NULL, 0));
    assert_last(f->obs, "d", "d p 2000 2 0;");
    // sent again when its time has come
    ok(ct_obs_append_believed(f->obs, rows, 1, 9500, NULL, 0));
    assert_last(f->obs, "d", "d p 9000 9 0;");
    assert_int_equal(problems_of(f->obs), 0);
    // a last value that is not believed any more gives way, here and in another process
    row = (ct_observation){"d", "p", 3000, 3.0, 0};
    ok(ct_obs_append_believed(f->obs, &row, 1, 5000, NULL, 0));
    assert_last(f->obs, "d", "d p 3000 3 0;");
    row = (ct_observation){"f", "p", 9000, 9.0, 0};
    ok(ct_obs_append(f->obs, &row, 1, NULL, 0));
    row.time_us = 4000;
    ok(ct_obs_append_believed(f->obs, &row, 1, 5000, NULL, 0));
    assert_last(f->obs, "f", "f p 4000 9 0;");
    assert_int_equal(count_of(f->obs), 7);
    assert_int_equal(problems_of(f->obs), 0);
    raw_sql(f->path, "UPDATE last SET time_us=3500 WHERE time_us=4000"); // no such row
    assert_int_equal(problems_of(f->obs), 1);
    raw_sql(f->path, "DELETE FROM last");
    assert_int_equal(problems_of(f->obs), 2); // e has none that is believed
}

static void test_check_finds(void **state) {
    fixture *f = *state;
    const ct_observation rows[] = {{"a", "p", 1, 1, 0}, {"a", "p", 2, 1, 0}, {"b", "p", 2, 1, 0}};
    ok(ct_obs_append(f->obs, rows, 3, NULL, 0));
    assert_int_equal(problems_of(f->obs), 0);
    raw_sql(f->path, "DELETE FROM obs WHERE series=1 AND time_us=2"); // the last value and the
                                                                      // total are wrong now
    assert_int_equal(problems_of(f->obs), 2);
    raw_sql(
        f->path,
        "INSERT INTO obs VALUES(99,1,1,0); UPDATE last SET time_us=1 WHERE series=1"); // an unknown
                                                                                       // series
    assert_int_equal(problems_of(f->obs), 1);
}

static void test_backup_while_open(void **state) {
    fixture *f = *state;
    char path[128];
    ct_obs *copy = NULL;
    ct_observation row = {"a", "p", 1, 1.5, 0};
    (void)snprintf(path, sizeof path, "%s/copy.sqlite", f->folder);
    ok(ct_obs_append(f->obs, &row, 1, NULL, 0));
    ok(ct_obs_backup(f->obs, path));
    row.time_us = 2;
    ok(ct_obs_append(f->obs, &row, 1, NULL, 0));
    ok(ct_obs_open(&copy, path));
    assert_last(copy, NULL, "a p 1 1.5 0;");
    assert_int_equal(count_of(copy), 1);
    assert_int_equal(problems_of(copy), 0);
    ct_obs_close(copy);
}

static void test_open_refuses_strangers(void **state) {
    fixture *f = *state;
    char path[128];
    ct_obs *obs = NULL;
    (void)snprintf(path, sizeof path, "%s/other.sqlite", f->folder);
    raw_sql(path, "CREATE TABLE t(a)");
    fails(ct_obs_open(&obs, path), "CORRUPT");
    ct_obs_close(f->obs);
    f->obs = NULL;
    raw_sql(f->path, "PRAGMA user_version=9");
    fails(ct_obs_open(&obs, f->path), "UNSUPPORTED");
    fails(ct_obs_open(&obs, "/nowhere/obs.sqlite"), "IO");
    assert_null(obs);
}

static void test_out_of_memory(void **state) {
    fixture *f = *state;
    const ct_observation rows[] = {{"a", "p", 1, 1, 0}, {"b", "p", 1, 1, 0}};
    long n = 1;
    for (;; ++n) {
        ct_mem_fail_at(n, false);
        const ct_err err = ct_obs_append(f->obs, rows, 2, NULL, 0);
        const bool failed = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (!failed) {
            ok(err);
            break;
        }
        fails(err, "NOMEM");
        assert_int_equal(count_of(f->obs), 0);
    }
    assert_true(n > 3);
    assert_int_equal(count_of(f->obs), 2);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_rows_are_kept_once),
        T(test_many_rows_come_in_pieces),
        T(test_last_moves_forward_only),
        T(test_last_within_belief),
        T(test_history),
        T(test_bad_rows_take_the_batch_with_them),
        T(test_alarms),
        T(test_many_series),
        T(test_check_finds),
        T(test_backup_while_open),
        T(test_open_refuses_strangers),
        T(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
