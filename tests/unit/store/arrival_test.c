// Observations that come with features: brought, dropped, or left by a process that was killed
// before or after the features' transaction.
#include "fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include "store/arrival.h"

static const ct_observation rows[] = {{"gauge-1", "level", 1000, 1, 0},
                                      {"gauge-1", "level", 2000, 2, 0},
                                      {"gauge-2", "rain", 1000, 3, 1}};

static void add_device(fixture *f, const char *id) {
    ct_feature device = point(f, "device", id, 0, 0);
    const int kind = ct_class_attr(device.cls, "kind"), of = ct_class_attr(device.cls, "property");
    device.values[kind] = (ct_value){.kind = CT_VALUE_TEXT, .as.text = "other"};
    device.values[of] = (ct_value){.kind = CT_VALUE_TEXT, .as.text = "level"};
    add_all(f, &device, 1);
}

static int64_t stored(const fixture *f) {
    int64_t n = 0;
    char *path = ct_store_file(f->store, "obs.sqlite");
    assert_non_null(path);
    if (ct_file_exists(path)) {
        ct_obs *obs = NULL;
        ok(ct_obs_open(&obs, path));
        ok(ct_obs_count(obs, &n));
        ct_obs_close(obs);
    }
    ct_free(path);
    return n;
}

static ct_err count_entry(void *context, const char *name, bool is_dir) {
    (void)name;
    (void)is_dir;
    ++*(int *)context;
    return CT_OK;
}

static int waiting(const fixture *f) {
    int n = 0;
    char *folder = ct_store_file(f->store, "arriving");
    assert_non_null(folder);
    ok(ct_dir_list(folder, count_entry, &n));
    ct_free(folder);
    return n;
}

static void test_brought(void **state) {
    fixture *f = *state;
    ct_arrival *a = NULL;
    int64_t n_new = -1;
    ok(ct_arrival_open(&a, f->store, rows, 3));
    assert_int_equal(stored(f), 0);
    ok(ct_arrival_bring(a, &n_new));
    assert_int_equal(n_new, 3);
    assert_int_equal(stored(f), 3);
    assert_int_equal(waiting(f), 0);
    ok(ct_arrival_open(&a, f->store, rows, 2));
    ok(ct_arrival_bring(a, &n_new));
    assert_int_equal(n_new, 0);
}

static void test_dropped(void **state) {
    fixture *f = *state;
    ct_arrival *a = NULL;
    ok(ct_arrival_open(&a, f->store, rows, 3));
    ct_arrival_drop(a);
    ct_arrival_drop(NULL);
    const ct_observation bad[] = {
        {"d", "", 1, 1, 0}, {"d", "p", 1, (double)NAN, 0}, {"d", "p", 1, 1, 3}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
        fails(ct_arrival_open(&a, f->store, &bad[i], 1), "RANGE");
    assert_int_equal(stored(f), 0);
    assert_int_equal(waiting(f), 0);
}

// Leaves the file as a killed process does, and opens the twin again.
static void leave_and_open_again(fixture *f) {
    int status = 0;
    ct_store_close(f->store);
    f->store = NULL;
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        ct_store *store = NULL;
        ct_arrival *a = NULL;
        if (ct_store_open(&store, f->path, f->catalogue) != CT_OK) _exit(1);
        _exit(ct_arrival_open(&a, store, rows, 3) == CT_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
}

static void test_left_before_the_commit(void **state) {
    fixture *f = *state;
    leave_and_open_again(f);
    assert_int_equal(stored(f), 0);
    assert_int_equal(waiting(f), 0);
}

static void test_left_after_the_commit(void **state) {
    fixture *f = *state;
    add_device(f, "gauge-1");
    leave_and_open_again(f);
    assert_int_equal(stored(f), 2); // the other device is not there
    assert_int_equal(waiting(f), 0);
}

// As on a full disk: they come when the twin is opened next.
static void test_waiting_where_they_cannot_be_brought(void **state) {
    fixture *f = *state;
    ct_arrival *a = NULL;
    int64_t n_new = -1;
    char *path = ct_store_file(f->store, "obs.sqlite");
    assert_non_null(path);
    add_device(f, "gauge-1");
    ok(ct_arrival_open(&a, f->store, rows, 2));
    ok(ct_dir_make(path)); // in its way
    assert_int_not_equal(ct_arrival_bring(a, &n_new), CT_OK);
    assert_int_equal(n_new, 0);
    assert_int_equal(waiting(f), 1);
    ok(ct_dir_remove(path));
    ct_free(path);
    ct_store_close(f->store);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
    assert_int_equal(stored(f), 2);
    assert_int_equal(waiting(f), 0);
}

static void test_left_and_damaged(void **state) {
    fixture *f = *state;
    char *part = ct_store_file(f->store, "arriving/.part-1-1");
    char *path = ct_store_file(f->store, "arriving/.part-1-1/observations");
    // The last one tells names and rows without end.
    static const char *const texts[] = {
        "", "other", "ctObAr1\nshort",
        "ctObAr1\n\377\377\377\377\377\377\377\377\377\377\377\377\377abc"};
    assert_true(part && path);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        ok(ct_dir_make(part));
        ok(ct_file_write(path, texts[i], strlen(texts[i])));
        ct_store_close(f->store);
        ok(ct_store_open(&f->store, f->path, f->catalogue)); // told in the log
        assert_int_equal(stored(f), 0);
        assert_int_equal(waiting(f), 1);
    }
    ct_free(part);
    ct_free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_brought, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_dropped, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_left_before_the_commit, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_left_after_the_commit, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_waiting_where_they_cannot_be_brought, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_left_and_damaged, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
