// A writer that is killed in the midst, and a disk that takes no more: what was acknowledged is
// there, nothing is half there.
#include "fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/obs.h"

enum { SET = 5 }; // features of one transaction

// Writes sets and observations for ever, telling the number of each after it is acknowledged.
static void child_writes(const fixture *f, int to_parent) {
    ct_store *store = NULL;
    ct_obs *obs = NULL;
    if (ct_store_open(&store, f->path, f->catalogue) != CT_OK) _exit(1);
    char *path = ct_store_file(store, "obs.sqlite");
    if (!path || ct_obs_open(&obs, path) != CT_OK) _exit(1);
    for (int32_t set = 1;; ++set) {
        ct_writer *w = NULL;
        ct_arena_reset(f->arena);
        if (ct_store_writer(&w, store, "crash") != CT_OK) _exit(1);
        for (int i = 0; i < SET; ++i) {
            const ct_feature b = square(f, NULL, 10.0 * i, 10.0 * set, 5);
            if (ct_writer_add(w, &b, NULL) != CT_OK) _exit(1);
        }
        if (ct_writer_commit(w, NULL) != CT_OK) _exit(1);
        const ct_observation rows[2] = {{"a", "p", set, set, 0}, {"b", "p", set, set, 0}};
        if (ct_obs_append(obs, rows, 2, NULL, 0) != CT_OK) _exit(1);
        if (write(to_parent, &set, sizeof set) != sizeof set) _exit(1);
    }
}

static int32_t kill_after(const fixture *f, int acknowledgements) {
    int pipe_ends[2], status = 0;
    int32_t set = 0, acknowledged = 0;
    assert_int_equal(pipe(pipe_ends), 0);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) child_writes(f, pipe_ends[1]);
    close(pipe_ends[1]);
    while (read(pipe_ends[0], &set, sizeof set) == sizeof set) {
        acknowledged = set;
        if (set == acknowledgements) assert_int_equal(kill(pid, SIGKILL), 0);
    }
    close(pipe_ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    return acknowledged;
}

static void list_finding(void *context, const char *line) {
    (void)context;
    print_message("%s\n", line);
}

static void test_acknowledged_survives_kill(void **state) {
    fixture *f = *state;
    int64_t before = 0;
    ct_store_close(f->store);
    f->store = NULL;
    for (int round = 0; round < 5; ++round) {
        const int32_t sets = kill_after(f, 7 + 3 * round);
        assert_true(sets >= 7 + 3 * round);
        ok(ct_store_open(&f->store, f->path, f->catalogue));
        ct_reader *r = NULL;
        ct_query q;
        ct_query_init(&q, class_of(f, "building"));
        ok(ct_store_reader(&r, f->store));
        const int64_t now = count_of(r, &q);
        assert_true(now >= before + (int64_t)sets * SET); // the set on its way may be in too
        assert_int_equal(now % SET, 0);
        before = now;
        ct_reader_release(r);
        int problems = -1;
        ok(ct_store_check(f->store, list_finding, NULL, &problems));
        assert_int_equal(problems, 0);
        char *path = ct_store_file(f->store, "obs.sqlite");
        ct_obs *obs = NULL;
        int64_t rows = 0;
        ok(ct_obs_open(&obs, path));
        ok(ct_obs_count(obs, &rows));
        assert_true(rows >= 2 * (int64_t)sets); // sent again in each round: not doubled
        assert_int_equal(rows % 2, 0);
        ct_obs_close(obs);
        ct_free(path);
        ct_store_close(f->store);
        f->store = NULL;
    }
}

// Nothing of this process may grow over so many bytes: a disk that takes no more. 0 = no limit.
static void limit_files(rlim_t bytes) {
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static ct_err write_many(const fixture *f) {
    ct_writer *w = NULL;
    CT_TRY(ct_store_writer(&w, f->store, "many"));
    for (int i = 0; i < 2000; ++i) {
        ct_arena_reset(f->arena);
        const ct_feature b = square(f, NULL, 10.0 * i, 0, 5);
        const ct_err err = ct_writer_add(w, &b, NULL);
        if (err != CT_OK) {
            ct_writer_rollback(w);
            return err;
        }
    }
    return ct_writer_commit(w, NULL);
}

static void test_failed_writes_leave_nothing(void **state) {
    fixture *f = *state;
    ct_obs *obs = NULL;
    char *path = ct_store_file(f->store, "obs.sqlite");
    ok(ct_obs_open(&obs, path));
    ct_free(path);
    enum { ROWS = 20000 };
    ct_observation *rows = calloc(ROWS, sizeof *rows);
    assert_non_null(rows);
    for (int i = 0; i < ROWS; ++i) rows[i] = (ct_observation){"d", "p", i, i, 0};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    limit_files(100000);
    const ct_err store_error = write_many(f), obs_error = ct_obs_append(obs, rows, ROWS, NULL, 0);
    limit_files(0);
    fails(store_error, "IO");
    fails(obs_error, "IO");

    ct_reader *r = NULL;
    ct_query q;
    int64_t n = -1;
    ct_query_init(&q, class_of(f, "building"));
    ok(ct_store_reader(&r, f->store));
    assert_int_equal(count_of(r, &q), 0);
    ct_reader_release(r);
    ok(ct_obs_count(obs, &n));
    assert_int_equal(n, 0);
    // room again: the same connections go on
    ok(write_many(f));
    ok(ct_obs_append(obs, rows, ROWS, NULL, 0));
    ok(ct_store_reader(&r, f->store));
    assert_int_equal(count_of(r, &q), 2000);
    ct_reader_release(r);
    ok(ct_obs_count(obs, &n));
    assert_int_equal(n, ROWS);
    int problems = -1;
    ok(ct_store_check(f->store, list_finding, NULL, &problems));
    assert_int_equal(problems, 0);
    ct_obs_close(obs);
    free(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_acknowledged_survives_kill, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_failed_writes_leave_nothing, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
