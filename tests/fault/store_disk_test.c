// A disk that fails under the store: every write, sync, truncate, read, open, delete and mapping of
// each operation fails in turn, the disk is full from each write on, goes away at each call. Each
// time the operation says so, the twin is what it was before, and the next try succeeds.
#include "fault.h"
#include "store_growth.h"

#include "vfs_shim.h"

typedef struct operation {
    const char *name;
    ct_err (*run)(world *w);
    bool changes;                       // the twin's dump
    void (*after)(world *w, bool done); // what must hold besides; NULL = nothing
    long dense; // up to this one each call fails; further ones a third apart
    bool slow;  // only each call at twice the last number fails, few of them are tried again
} operation;

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
    const long step = fault_step();
    for (int fault = 0; fault < SHIM_FAULTS; ++fault) {
        long n = 1, tries = 0, weathered = 0;
        while (try_once(w, op, (shim_fault)fault, n, &weathered)) {
            ++tries;
            n += step * (next_call(op, (shim_fault)fault, n) - n);
            if (n > 100000) fail_msg("%s, %s: has no end", op->name, shim_name((shim_fault)fault));
        }
        print_message("%-12s %-14s %4ld faults up to call %ld, %ld weathered\n", op->name,
                      shim_name((shim_fault)fault), tries, n - 1, weathered);
    }
}

#define SWEEP(name, ...)                                                                           \
    static void name(void **state) {                                                               \
        const operation op = {__VA_ARGS__};                                                        \
        sweep(*state, &op);                                                                        \
    }
SWEEP(test_commit, "commit", run_commit, true, NULL, 1000, false)
SWEEP(test_bulk, "bulk", run_bulk, true, NULL, 60, true)
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

static void test_grow(void **state) {
    growth_make(*state);
    sweep(*state, &(operation){"grow", run_grow, false, after_grow, 20, false});
}

// The try after a failure must meet the disk: what it says decides whether values are taken again.
static void test_try(void **state) {
    const world *w = *state;
    for (int i = 0; i < 3; ++i) {
        shim_fail_at(SHIM_WRITE, 1);
        assert_int_equal(ct_obs_try(w->obs), CT_IO);
        shim_fail_at(SHIM_WRITE, 0);
        assert_int_equal(ct_obs_try(w->obs), CT_OK);
    }
}

int main(int argc, char **argv) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_commit),
        T(test_bulk),
        T(test_edits),
        T(test_append),
        T(test_alarm),
        T(test_backup),
        T(test_check),
        T(test_open),
        T(test_open_alone),
        T(test_create),
        T(test_observations_made),
        T(test_grow),
        T(test_try),
    };
    shim_install();
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
