// Files and folders on a disk that fails: every call of our own to open, write, sync, rename or
// make something fails in turn. The error names what and why, nothing half done stays, the next try
// succeeds.
#include "../unit/store/fixture.h"

#include "fault.h"

#include "base/stage.h"
#include "libc_shim.h"
#include "results/run_store.h"

#define RUN "0123456789abcdef0123456789abcdef"

typedef struct operation {
    const char *name;
    ct_err (*run)(fixture *f);
    void (*after)(fixture *f, bool done); // what must hold; makes ready for the next try
} operation;

// In memory where the system has such a folder: thousands of syncs of a real disk take minutes.
static char work[64];

static const char *in(const char *name) {
    static char paths[4][160];
    static int next;
    char *path = paths[next++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", work, name);
    return path;
}

static int setup(void **state) {
    (void)snprintf(work, sizeof work, "/dev/shm/ct-files-XXXXXX");
    if (!mkdtemp(work)) {
        (void)snprintf(work, sizeof work, "/tmp/ct-files-XXXXXX");
        assert_non_null(mkdtemp(work));
    }
    return fixture_setup(state);
}

static int teardown(void **state) {
    ok(ct_dir_remove(work));
    return fixture_teardown(state);
}

static bool try_once(fixture *f, const operation *op, libc_fault fault, long n) {
    libc_fail_at(fault, n);
    const ct_err err = op->run(f);
    const bool met = libc_failed();
    libc_fail_at(fault, 0);
    if (err == CT_OK) {
        op->after(f, true);
        return met; // what failed could be done without
    }
    const char *message = ct_err_message();
    const bool told = strstr(message, work) && (strstr(message, "No space left on device") ||
                                                strstr(message, "Input/output error"));
    if (!met || !told || (err != CT_DISKFULL && err != CT_IO))
        fail_msg("%s, %s %ld: %s: %s", op->name, libc_fault_name(fault), n, ct_err_name(err),
                 message);
    op->after(f, false);
    if (op->run(f) != CT_OK)
        fail_msg("%s after %s %ld: %s", op->name, libc_fault_name(fault), n, ct_err_message());
    op->after(f, true);
    return true;
}

static void sweep(fixture *f, const operation *op) {
    const long step = fault_step();
    for (int fault = 0; fault < LIBC_FAULTS; ++fault) {
        long n = 1;
        while (try_once(f, op, (libc_fault)fault, n)) n += step;
        if (n > 1)
            print_message("%-7s %-7s %3ld calls\n", op->name, libc_fault_name((libc_fault)fault),
                          n - 1);
    }
}

typedef struct names {
    char text[1024];
} names;

static ct_err add_name(void *context, const char *name, bool is_dir) {
    names *n = context;
    const size_t used = strlen(n->text);
    (void)snprintf(n->text + used, sizeof n->text - used, "%s%s ", name, is_dir ? "/" : "");
    return CT_OK;
}

static void expect_names(const char *folder, const char *expected) {
    names n = {""};
    ok(ct_dir_list(folder, add_name, &n));
    assert_string_equal(n.text, expected);
}

// ---- one file -----------------------------------------------------------------------------------
static ct_err run_write(fixture *f) {
    (void)f;
    return ct_file_write(in("a"), "new words", 9);
}

// The old words or the new ones.
static void expect_words(const char *name, bool done) {
    char *text = NULL;
    size_t length = 0;
    ok(ct_file_read(&text, &length, in(name), 100));
    if (strcmp(text, "new words") != 0 && (done || strcmp(text, "old") != 0)) fail_msg("%s", text);
    ct_free(text);
}

static void after_write(fixture *f, bool done) {
    (void)f;
    expect_words("a", done);
    expect_names(in(""), "a ");
    ok(ct_file_write(in("a"), "old", 3));
}

static ct_err run_copy(fixture *f) {
    (void)f;
    return ct_file_copy(in("from"), in("to"));
}
static void after_copy(fixture *f, bool done) {
    (void)f;
    expect_words("to", done);
    expect_names(in(""), "from to ");
    ok(ct_file_write(in("to"), "old", 3));
}

// ---- a run --------------------------------------------------------------------------------------
static ct_err put_all(ct_run_writer *w) {
    enum { N = 300 };
    static const ct_run_array arrays[] = {{"depth", NULL, "depth", "m", true},
                                          {"max_depth", NULL, "greatest depth", "m", false}};
    static float values[N * N];
    const ct_grid shape = {N, N, 500000, 3380000, 4, NULL};
    CT_TRY(ct_run_writer_grid(w, &shape, "EPSG:4547", 0, arrays, 2));
    for (int i = 0; i < 2; ++i) {
        CT_TRY(ct_run_writer_time(w, i * 60.0));
        CT_TRY(ct_run_writer_slice(w, "depth", values));
    }
    CT_TRY(ct_run_writer_slice(w, "max_depth", values));
    CT_TRY(ct_run_writer_raster(w, "flood_max_depth", values, "greatest depth", "m"));
    return ct_run_writer_file(w, "notes.csv", "a,b\n", 4);
}

static ct_err run_run(fixture *f) {
    (void)f;
    ct_run_writer *w = NULL;
    CT_TRY(ct_run_writer_open(&w, in("runs"), RUN));
    const ct_err err = put_all(w);
    if (err != CT_OK) {
        ct_run_writer_abort(w);
        return err;
    }
    json_t *document = json_object();
    const ct_err committed = ct_run_writer_commit(w, document);
    json_decref(document);
    return committed;
}

static void after_run(fixture *f, bool done) {
    (void)f;
    ct_run *run = NULL;
    if (!done) {
        if (ct_dir_exists(in("runs"))) expect_names(in("runs"), "");
        return;
    }
    expect_names(in("runs"), RUN "/ ");
    ok(ct_run_open(&run, in("runs"), RUN));
    ct_run_unref(run);
    ok(ct_run_remove(in("runs"), RUN));
}

// ---- a twin -------------------------------------------------------------------------------------
static ct_err run_create(fixture *f) {
    return ct_store_create(in("new.ct"), "EPSG:4547", "New", f->catalogue);
}
static ct_err run_backup(fixture *f) {
    return ct_store_backup(f->store, in("new.ct"), NULL, NULL);
}
// Nothing is there, or the decisive step was done before the failure: then it comes to its end.
static void after_twin(fixture *f, bool done) {
    (void)f;
    names n = {""};
    ok(ct_dir_list(in(""), add_name, &n));
    if (!done && strncmp(n.text, CT_READY, strlen(CT_READY)) == 0) {
        ok(ct_stage_finish(work, "cimtwin-new.ct"));
        done = true;
    }
    expect_names(in(""), done ? "new.ct new.ct.d/ " : "");
    ok(ct_dir_clear(in("")));
}

// ---- a folder in the place of another -----------------------------------------------------------
static void make_old(void) {
    ok(ct_dir_make(in("place")));
    ok(ct_file_write(in("place/a"), "old", 3));
}

static ct_err run_replace(fixture *f) {
    (void)f;
    ct_stage *stage = NULL;
    CT_TRY(ct_stage_open(&stage, work, "test"));
    char *folder = ct_path_join(ct_stage_path(stage), "place");
    char *file = folder ? ct_path_join(folder, "a") : NULL;
    ct_err err = file ? ct_dir_make(folder) : CT_NOMEM;
    if (err == CT_OK) err = ct_file_write(file, "new words", 9);
    ct_free(folder);
    ct_free(file);
    if (err == CT_OK) return ct_stage_replace(stage, "place");
    ct_stage_abort(stage);
    return err;
}

static void after_replace(fixture *f, bool done) {
    (void)f;
    expect_names(in(""), "place/ ");
    expect_names(in("place"), "a ");
    expect_words("place/a", done);
    make_old();
}

static void test_write(void **state) {
    fixture *f = *state;
    ok(ct_file_write(in("a"), "old", 3));
    sweep(f, &(operation){"write", run_write, after_write});
}
static void test_copy(void **state) {
    fixture *f = *state;
    ok(ct_file_write(in("from"), "new words", 9));
    ok(ct_file_write(in("to"), "old", 3));
    sweep(f, &(operation){"copy", run_copy, after_copy});
}
static void test_run(void **state) {
    sweep(*state, &(operation){"run", run_run, after_run});
}
static void test_create(void **state) {
    sweep(*state, &(operation){"create", run_create, after_twin});
}
static void test_backup(void **state) {
    fixture *f = *state;
    char *path = ct_store_file(f->store, "runs/abc");
    ok(ct_dir_make(path));
    ct_free(path);
    path = ct_store_file(f->store, "runs/abc/run.json");
    ok(ct_file_write(path, "{}", 2));
    ct_free(path);
    sweep(f, &(operation){"backup", run_backup, after_twin});
}

static void test_replace(void **state) {
    make_old();
    sweep(*state, &(operation){"replace", run_replace, after_replace});
    libc_exchanges(false);
    sweep(*state, &(operation){"replace by hand", run_replace, after_replace});
    libc_exchanges(true);
}

int main(int argc, char **argv) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_write), T(test_copy), T(test_replace), T(test_run), T(test_create), T(test_backup),
    };
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
