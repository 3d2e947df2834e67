// Runs that do not get to their end, and several processes at one run: nothing half stays, nothing
// is made twice.
#include "run_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static flood_twin g_twin;

static double slope(uint32_t row, uint32_t column) {
    (void)row;
    return 10 - 0.05 * column;
}

static int set_up(void **state) {
    (void)state;
    flood_twin_make(&g_twin, 12, 12, 1, slope);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    flood_twin_end(&g_twin);
    return 0;
}

#define SHOWER(seed)                                                                               \
    SCENARIO("\"duration_s\":200,\"seed\":" seed                                                   \
             ",\"rain\":[{\"from_s\":0,\"to_s\":100,\"intensity_mm_h\":100}]")

// ---- cancel

typedef struct canceller {
    atomic_bool flag;
    double at, last;
} canceller;

static void cancel_at(void *context, double part, const char *message) {
    canceller *c = context;
    assert_true(part >= c->last && part <= 1);
    assert_true(strlen(message) > 0);
    c->last = part;
    if (part >= c->at) atomic_store(&c->flag, true);
}

static void a_cancelled_run_leaves_nothing(void **state) {
    (void)state;
    const int before = entries_of_runs(&g_twin);
    const double at[] = {0, 0.5};
    for (int i = 0; i < 2; i++) {
        canceller c = {.at = at[i]};
        const ct_run_options options = {1, cancel_at, &c, &c.flag};
        ct_scenario *s = scenario_of(&g_twin, SHOWER("1"), NULL);
        char id[CT_RUN_ID_MAX] = "untouched";
        bool reused;
        fails(ct_scenario_run(id, &reused, g_twin.store, s, &options), "CANCELLED");
        assert_string_equal(id, "untouched");
        assert_true(c.last < 0.9);
        ct_scenario_free(s);
        assert_int_equal(entries_of_runs(&g_twin), before);
    }
}

static void what_fails_leaves_nothing(void **state) {
    (void)state;
    const int before = entries_of_runs(&g_twin);
    const ct_run_options options = {.threads = 1};
    ct_scenario *s =
        scenario_of(&g_twin, SHOWER("1"), json_pack("[{s:s,s:s}]", "op", "remove", "id", "nobody"));
    char id[CT_RUN_ID_MAX];
    bool reused;
    fails(ct_scenario_run(id, &reused, g_twin.store, s, &options), "NOTFOUND");
    message_has("\"nobody\"");
    ct_scenario_free(s);
    assert_int_equal(entries_of_runs(&g_twin), before);
}

// ---- processes

typedef struct actor {
    const char *name; // of the files by which the actors tell each other where they are
    bool die;         // in the middle of the run
} actor;

static char g_stage[160];

static void signal_to(const char *word) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", g_stage, word);
    if (ct_file_write(path, "", 0) != CT_OK) _exit(90);
}

static void wait_for(const char *word) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", g_stage, word);
    for (int i = 0; i < 2000 && !ct_file_exists(path); i++)
        ct_clock_sleep_us(ct_clock_real(), 10000);
    if (!ct_file_exists(path)) _exit(91);
}

// The first actor stops in the middle until the second one waits for it.
static void play(void *context, double part, const char *message) {
    const actor *a = context;
    if (strcmp(a->name, "second") == 0) {
        if (strcmp(message, "waiting for an equal run") == 0) signal_to("second-waits");
        return;
    }
    if (part < 0.5) return;
    signal_to("first-runs");
    wait_for("second-waits");
    if (a->die) raise(SIGKILL);
}

// In a process of its own; its exit code is 10 for a run made, 11 for one found, or a fault's.
static pid_t act(const char *name, bool die, const char *scenario) {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    flood_twin t = g_twin;
    actor a = {name, die};
    const ct_run_options options = {1, play, &a, NULL};
    char id[CT_RUN_ID_MAX];
    bool reused = false;
    if (ct_catalogue_load(&t.catalogue, NULL) != CT_OK) _exit(92);
    if (ct_store_open(&t.store, t.path, t.catalogue) != CT_OK) _exit(93);
    if (strcmp(name, "second") == 0) wait_for("first-runs");
    ct_scenario *s = scenario_of(&t, scenario, NULL);
    const ct_err err = ct_scenario_run(id, &reused, t.store, s, &options);
    ct_scenario_free(s);
    ct_store_close(t.store);
    ct_catalogue_free(t.catalogue);
    _exit(err != CT_OK ? 94 : reused ? 11 : 10);
}

static int end_of(pid_t pid) {
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Two at one run; how each of them ended. The twin is closed meanwhile: a store does not live on in
// a forked process.
static void both_at(const char *scenario, bool die, int *first, int *second) {
    snprintf(g_stage, sizeof g_stage, "%s/stage", g_twin.folder);
    ok(ct_dir_make(g_stage));
    ok(ct_dir_clear(g_stage));
    ct_store_close(g_twin.store);
    const pid_t a = act("first", die, scenario), b = act("second", false, scenario);
    *first = end_of(a);
    *second = end_of(b);
    ok(ct_store_open(&g_twin.store, g_twin.path, g_twin.catalogue));
}

static void check_whole(const char *scenario) {
    char id[CT_RUN_ID_MAX];
    assert_true(run_it(id, &g_twin, scenario, NULL, 1));
    ct_run *run = open_it(&g_twin, id);
    assert_near(value_at(run, "depth", 0, 6, 6), 0, 0);
    assert_true(value_at(run, "max_depth", -1, 6, 6) > 0);
    ct_run_unref(run);
}

static void two_at_one_run(void **state) {
    (void)state;
    const int before = entries_of_runs(&g_twin);
    int first, second;
    both_at(SHOWER("2"), false, &first, &second);
    assert_int_equal(first, 10);
    assert_int_equal(second, 11); // it waited and found the first one's
    assert_int_equal(entries_of_runs(&g_twin), before + 1);
    check_whole(SHOWER("2"));
}

static void a_killed_one_is_taken_over(void **state) {
    (void)state;
    const int before = entries_of_runs(&g_twin);
    int first, second;
    both_at(SHOWER("3"), true, &first, &second);
    assert_int_equal(first, 128 + SIGKILL);
    assert_int_equal(second, 10);
    assert_int_equal(entries_of_runs(&g_twin), before + 1);
    check_whole(SHOWER("3"));
}

static void raise_in_the_middle(void *context, double part, const char *message) {
    (void)context;
    (void)message;
    if (part > 0.5) raise(SIGKILL);
}

static void a_killed_run_is_no_run(void **state) {
    (void)state;
    const int before = entries_of_runs(&g_twin);
    ct_store_close(g_twin.store);
    const pid_t pid = fork();
    if (pid == 0) {
        flood_twin t = g_twin;
        const ct_run_options options = {1, raise_in_the_middle, NULL, NULL};
        char id[CT_RUN_ID_MAX];
        bool reused;
        if (ct_store_open(&t.store, t.path, t.catalogue) != CT_OK) _exit(93);
        ct_scenario *s = scenario_of(&t, SHOWER("4"), NULL);
        _exit(ct_scenario_run(id, &reused, t.store, s, &options) == CT_OK ? 10 : 94);
    }
    assert_int_equal(end_of(pid), 128 + SIGKILL);
    ok(ct_store_open(&g_twin.store, g_twin.path, g_twin.catalogue));
    assert_int_equal(entries_of_runs(&g_twin), before); // who opens the twin removes the part
    char id[CT_RUN_ID_MAX];
    assert_false(run_it(id, &g_twin, SHOWER("4"), NULL, 1));
    assert_int_equal(entries_of_runs(&g_twin), before + 1); // the run
    check_whole(SHOWER("4"));
}

// ---- memory

typedef struct trial {
    ct_scenario *scenario;
    int before;
} trial;

static ct_err run_once(void *context) {
    const trial *t = context;
    const ct_run_options options = {.threads = 1};
    char id[CT_RUN_ID_MAX];
    bool reused;
    return ct_scenario_run(id, &reused, g_twin.store, t->scenario, &options);
}

// Every 23rd allocation fails once, and nothing stays; one that was survived leaves a whole run.
static void failed_allocations_leave_nothing(void **state) {
    (void)state;
    trial t = {scenario_of(&g_twin,
                           "{\"start\":\"2026-07-20\",\"cell_m\":2,\"duration_s\":20,\"seed\":5}",
                           NULL),
               entries_of_runs(&g_twin)};
    char *folder = ct_store_file(g_twin.store, "runs"), id[CT_RUN_ID_MAX];
    ct_reader *reader;
    ok(ct_store_reader(&reader, g_twin.store));
    ok(ct_scenario_run_id(id, t.scenario, reader, g_twin.store));
    ct_reader_release(reader);
    ok(run_once(&t)); // whatever is made once and kept
    long failed = 0;
    for (long n = 1;; n += 23) {
        const ct_err removed = ct_run_remove(folder, id);
        assert_true(removed == CT_OK || removed == CT_NOTFOUND);
        const long live = ct_mem_live();
        ct_mem_fail_at(n, false);
        const ct_err err = run_once(&t);
        const bool met = ct_mem_failed();
        ct_mem_fail_at(0, false);
        assert_int_equal(ct_mem_live(), live);
        assert_int_equal(entries_of_runs(&g_twin), t.before + (err == CT_OK));
        if (!met) {
            ok(err);
            break;
        }
        if (err != CT_NOMEM) fail_msg("allocation %ld: %s", n, ct_err_name(err));
        failed++;
    }
    assert_true(failed > 10);
    ct_scenario_free(t.scenario);
    ct_free(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancelled_run_leaves_nothing),
        cmocka_unit_test(what_fails_leaves_nothing),
        cmocka_unit_test(two_at_one_run),
        cmocka_unit_test(a_killed_one_is_taken_over),
        cmocka_unit_test(a_killed_run_is_no_run),
        cmocka_unit_test(failed_allocations_leave_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
