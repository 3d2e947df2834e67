// Care of the observations: what expires and what stays, and a log that stays short though somebody
// always reads.
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "cmk.h"
#include "store/obs.h"
#include "store/sqlite/obs_internal.h"
#include "unit/store/obs_fixture.h"

static int64_t count_of(ct_obs *obs) {
    int64_t n = -1;
    ok(ct_obs_count(obs, &n));
    return n;
}

static void print_problem(void *context, const char *line) {
    (void)context;
    print_error("%s\n", line);
}

static void assert_sound(ct_obs *obs) {
    int problems = -1;
    ok(ct_obs_check(obs, print_problem, NULL, &problems));
    assert_int_equal(problems, 0);
}

// ---- age ----------------------------------------------------------------------------------------

enum { SERIES = 40, TIMES = 50 };

// Series i has values at 10, 20, ... 10 TIMES; the last one has old values alone.
static void fill(ct_obs *obs) {
    static char names[SERIES][16];
    ct_observation *rows = calloc((size_t)SERIES * TIMES, sizeof *rows);
    for (int s = 0; s < SERIES; s++) {
        (void)snprintf(names[s], sizeof names[s], "dev-%02d", s);
        for (int t = 0; t < TIMES; t++)
            rows[s * TIMES + t] =
                (ct_observation){names[s], "p", s == SERIES - 1 ? t + 1 : 10 * (t + 1), s + 0.5, 0};
    }
    ok(ct_obs_append(obs, rows, (size_t)SERIES * TIMES, NULL, 0));
    free(rows);
}

typedef struct history {
    int n;
    int64_t oldest_us, newest_us;
} history;

static ct_err look(void *context, const ct_observation *row) {
    history *h = context;
    if (h->n++ == 0) h->newest_us = row->time_us;
    h->oldest_us = row->time_us;
    return CT_OK;
}

static history history_of(ct_obs *obs, const char *device) {
    history h = {0};
    ok(ct_obs_history(obs, device, "p", INT64_MIN, INT64_MAX, 10000, look, &h));
    return h;
}

static int64_t expire_in_steps(ct_obs *obs, int64_t before_us, int64_t step, int *steps) {
    int64_t place = 0, total = 0, deleted = 0;
    bool all = false;
    for (*steps = 0; !all; ++*steps) {
        ok(ct_obs_expire(obs, before_us, step, &place, &deleted, &all));
        assert_in_range(deleted, 0, step);
        total += deleted;
        assert_true(*steps < 10000);
    }
    return total;
}

static void test_what_expires(void **state) {
    fixture *f = *state;
    int steps = 0;
    fill(f->obs);
    // 10 to 250 are older than 251; of the last series all but the newest
    const int64_t expected = (SERIES - 1) * 25 + TIMES - 1;
    assert_int_equal(expire_in_steps(f->obs, 251, 7, &steps), expected);
    assert_true(steps > expected / 7);
    assert_int_equal(count_of(f->obs), SERIES * TIMES - expected);
    for (int s = 0; s < SERIES - 1; s++) {
        char name[16];
        (void)snprintf(name, sizeof name, "dev-%02d", s);
        const history h = history_of(f->obs, name);
        assert_int_equal(h.n, 25);
        assert_int_equal(h.oldest_us, 260);
        assert_int_equal(h.newest_us, 500);
    }
    const history old = history_of(f->obs, "dev-39");
    assert_int_equal(old.n, 1);
    assert_int_equal(old.newest_us, TIMES);
    assert_sound(f->obs);
    assert_int_equal(expire_in_steps(f->obs, 251, 7, &steps), 0); // nothing more
    assert_int_equal(steps, 1);
    // a value as old as the limit stays; what comes late is kept until the next time
    assert_int_equal(expire_in_steps(f->obs, 260, 1000000, &steps), 0);
    const ct_observation late = {"dev-00", "p", 5, 1, 0};
    ok(ct_obs_append(f->obs, &late, 1, NULL, 0));
    assert_int_equal(expire_in_steps(f->obs, 251, 1000000, &steps), 1);
    assert_sound(f->obs);
    ct_obs_close(f->obs); // another process finds it so
    ok(ct_obs_open(&f->obs, f->path));
    assert_sound(f->obs);
    assert_int_equal(history_of(f->obs, "dev-00").n, 25);
}

// What once came too early to be believed grows old like all else.
static void test_early_rows_expire(void **state) {
    fixture *f = *state;
    int steps = 0;
    const ct_observation rows[] = {
        {"a", "p", 10, 1, 0}, {"a", "p", 90, 2, 0}, {"b", "p", 95, 3, 0}, {"b", "p", 300, 4, 0}};
    ok(ct_obs_append_believed(f->obs, rows, 4, 50, NULL, 0)); // b has no last value
    const ct_observation later = {"a", "p", 210, 5, 0};
    ok(ct_obs_append_believed(f->obs, &later, 1, 250, NULL, 0));
    assert_sound(f->obs);
    assert_int_equal(expire_in_steps(f->obs, 200, 2, &steps), 3);
    assert_int_equal(history_of(f->obs, "a").n, 1);
    assert_int_equal(history_of(f->obs, "b").n, 1);
    assert_int_equal(history_of(f->obs, "b").newest_us, 300);
    int64_t early = -1;
    ok(ct_store__get_int(&early, f->obs->main, "SELECT count(*) FROM ahead", NULL));
    assert_int_equal(early, 1);
    assert_sound(f->obs);
}

static ct_err count_alarm(void *context, const ct_alarm *alarm) {
    (void)alarm;
    ++*(int *)context;
    return CT_OK;
}

static void test_alarms_expire_when_cleared(void **state) {
    fixture *f = *state;
    int n = 0, steps = 0;
    ct_alarm alarms[] = {
        {.device = "a",
         .property = "p",
         .rule = "red",
         .severity = 1,
         .state = CT_ALARM_ACTIVE,
         .raised_us = 100},
        {.device = "a",
         .property = "p",
         .rule = "red",
         .severity = 1,
         .state = CT_ALARM_CLEARED,
         .raised_us = 100,
         .cleared_us = 120},
        {.device = "a",
         .property = "p",
         .rule = "red",
         .severity = 1,
         .state = CT_ALARM_CLEARED,
         .raised_us = 100,
         .cleared_us = 220},
    };
    ok(ct_obs_append(f->obs, NULL, 0, alarms, 3));
    (void)expire_in_steps(f->obs, 200, 100, &steps);
    ok(ct_obs_alarms(f->obs, false, 100, count_alarm, &n));
    assert_int_equal(n, 2);
    ct_alarm_state kept;
    ok(ct_obs_alarm_state(f->obs, alarms[0].id, &kept));
    fails(ct_obs_alarm_state(f->obs, alarms[1].id, &kept), "NOTFOUND");
    ok(ct_obs_alarm_state(f->obs, alarms[2].id, &kept));
}

static void test_expired_room_is_used_again(void **state) {
    fixture *f = *state;
    enum { ROUNDS = 6, N = 20000 };
    ct_observation *rows = calloc(N, sizeof *rows);
    struct stat before, after;
    int steps;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < N; i++)
            rows[i] = (ct_observation){"a", "p", (int64_t)round * N + i, i, 0};
        ok(ct_obs_append(f->obs, rows, N, NULL, 0));
        (void)expire_in_steps(f->obs, (int64_t)round * N, 5000, &steps);
        ok(ct_store__exec(f->obs->main, "PRAGMA wal_checkpoint(TRUNCATE)"));
        assert_int_equal(stat(f->path, round < 2 ? &before : &after), 0);
    }
    assert_true(after.st_size <= before.st_size + before.st_size / 10);
    assert_int_equal(count_of(f->obs), N);
    free(rows);
}

static void test_expire_fails_whole(void **state) {
    fixture *f = *state;
    int64_t place = 0, deleted = 77;
    bool all = false;
    int steps;
    fill(f->obs);
    ok(ct_store__exec(f->obs->main, "CREATE TRIGGER broken BEFORE UPDATE ON total BEGIN "
                                    "SELECT RAISE(ABORT, 'the disk is broken'); END"));
    fails(ct_obs_expire(f->obs, 251, 100, &place, &deleted, &all), "RANGE");
    assert_int_equal(place, 0);
    assert_int_equal(deleted, 77);
    assert_int_equal(count_of(f->obs), SERIES * TIMES);
    ok(ct_store__exec(f->obs->main, "DROP TRIGGER broken"));
    assert_sound(f->obs);
    assert_true(expire_in_steps(f->obs, 251, 100, &steps) > 0);
    assert_sound(f->obs);
}

// ---- the log ------------------------------------------------------------------------------------

typedef struct reader {
    const char *path;
    atomic_bool *stop;
    atomic_int *reading; // how many are within a read transaction
    atomic_int rounds;
} reader;

// Reads without end, and lets go only while another one reads.
static void *read_always(void *context) {
    reader *r = context;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(r->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    while (!atomic_load(r->stop)) {
        assert_int_equal(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM last", NULL, NULL, NULL),
                         SQLITE_OK);
        atomic_fetch_add(r->reading, 1);
        ct_clock_sleep_us(ct_clock_real(), 5000);
        while (atomic_load(r->reading) < 2 && !atomic_load(r->stop))
            ct_clock_sleep_us(ct_clock_real(), 500);
        atomic_fetch_sub(r->reading, 1);
        assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
        atomic_fetch_add(&r->rounds, 1);
    }
    sqlite3_close(db);
    return NULL;
}

static void test_the_log_stays_short(void **state) {
    fixture *f = *state;
    enum { READERS = 3, N = 2000, COMMITS = 100, PAGE = 4096 + 24 };
    pthread_t threads[READERS];
    reader readers[READERS];
    atomic_bool stop = false;
    atomic_int reading = 0;
    ct_observation *rows = calloc(N, sizeof *rows);
    char(*names)[16] = calloc(N, sizeof *names), log[112];
    struct stat s;
    off_t largest = 0, written = 0;
    (void)snprintf(log, sizeof log, "%s-wal", f->path);
    f->obs->log_home_pages = 200;
    f->obs->log_max_pages = f->obs->log_next_pages = 800;
    for (int i = 0; i < READERS; i++) {
        readers[i] = (reader){.path = f->path, .stop = &stop, .reading = &reading};
        assert_int_equal(pthread_create(&threads[i], NULL, read_always, &readers[i]), 0);
    }
    int largest_commit = 0;
    for (int c = 0, before = 0; c < COMMITS; c++) {
        for (int i = 0; i < N; i++) {
            (void)snprintf(names[i], sizeof names[i], "dev-%d", i);
            rows[i] = (ct_observation){names[i], "p", c, i, 0};
        }
        ok(ct_obs_append(f->obs, rows, N, NULL, 0));
        const int pages = f->obs->log_pages;
        const int commit = pages > before ? pages - before : pages;
        if (commit > largest_commit) largest_commit = commit;
        written += (off_t)commit * PAGE;
        before = pages;
        assert_int_equal(stat(log, &s), 0);
        if (s.st_size > largest) largest = s.st_size;
    }
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(atomic_load(&readers[i].rounds) > 0);
    }
    const off_t bound = (off_t)(800 + 2 * largest_commit) * PAGE;
    print_message("log: at most %lld kB, of %lld kB written\n", (long long)largest / 1000,
                  (long long)written / 1000);
    assert_true(largest <= bound);
    assert_true(written > 3 * bound);
    assert_int_equal(count_of(f->obs), (int64_t)N * COMMITS);
    assert_sound(f->obs);
    free(rows);
    free(names);
}

// A reader that does not end holds the log, but not the appends; once it is gone the log is short
// again.
static void test_a_long_reader(void **state) {
    fixture *f = *state;
    enum { N = 8000 };
    ct_observation *rows = calloc(N, sizeof *rows);
    sqlite3 *db = NULL;
    f->obs->log_home_pages = 20;
    f->obs->log_max_pages = f->obs->log_next_pages = 40;
    const ct_observation first = {"a", "p", 1, 1, 0};
    ok(ct_obs_append(f->obs, &first, 1, NULL, 0));
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM obs", NULL, NULL, NULL),
                     SQLITE_OK);
    int64_t time_us = 2;
    const int64_t begin_us = ct_clock_mono_us(ct_clock_real());
    for (int c = 0; c < 20; c++) {
        for (int i = 0; i < N; i++) rows[i] = (ct_observation){"a", "p", time_us++, i, 0};
        ok(ct_obs_append(f->obs, rows, N, NULL, 0));
    }
    assert_true(ct_clock_mono_us(ct_clock_real()) - begin_us < 60 * INT64_C(1000000));
    assert_true(f->obs->log_pages > 400); // it could not start anew
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    for (int c = 0; c < 4; c++) {
        for (int i = 0; i < N; i++) rows[i] = (ct_observation){"a", "p", time_us++, i, 0};
        ok(ct_obs_append(f->obs, rows, N, NULL, 0));
    }
    assert_true(f->obs->log_pages < 200);
    assert_int_equal(count_of(f->obs), 1 + 24 * N);
    assert_sound(f->obs);
    free(rows);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_what_expires),
        T(test_early_rows_expire),
        T(test_alarms_expire_when_cleared),
        T(test_expired_room_is_used_again),
        T(test_expire_fails_whole),
        T(test_the_log_stays_short),
        T(test_a_long_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
