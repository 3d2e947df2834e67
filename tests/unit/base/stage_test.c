// Stages: all takes its place or nothing, whoever has to bring it to its end.
#include "base/stage.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "scratch.h"

static char g_folder[128];

static int set_up(void **state) {
    (void)state;
    scratch_make(g_folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    scratch_remove(g_folder);
    return 0;
}

// One of the last four is borrowed at a time.
static char *in(const char *folder, const char *name) {
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    const int n = snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    assert_in_range(n, 1, sizeof paths[0] - 1);
    return path;
}

static void put(const char *folder, const char *name, const char *text) {
    assert_int_equal(ct_file_write(in(folder, name), text, strlen(text)), CT_OK);
}

static void assert_holds(const char *name, const char *expected) {
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(ct_file_read(&text, &length, in(g_folder, name), 100), CT_OK);
    assert_string_equal(text, expected);
    ct_free(text);
}

static ct_err count(void *context, const char *name, bool is_dir) {
    (void)name;
    (void)is_dir;
    ++*(int *)context;
    return CT_OK;
}

static int entries(void) {
    int n = 0;
    assert_int_equal(ct_dir_list(g_folder, count, &n), CT_OK);
    return n;
}

static void fill(const ct_stage *stage) {
    put(ct_stage_path(stage), "a", "new a");
    put(ct_stage_path(stage), "b", "new b");
    assert_int_equal(ct_dir_make(in(ct_stage_path(stage), "a.d")), CT_OK);
    put(ct_stage_path(stage), "a.d/inside", "deep");
}

static void commit_puts_all_in_place(void **state) {
    (void)state;
    ct_stage *stage = NULL;
    put(g_folder, "a", "old a");
    assert_int_equal(ct_stage_open(&stage, g_folder, "x"), CT_OK);
    fill(stage);
    assert_holds("a", "old a");
    assert_int_equal(ct_stage_commit(stage), CT_OK);
    assert_holds("a", "new a");
    assert_holds("b", "new b");
    assert_holds("a.d/inside", "deep");
    assert_int_equal(entries(), 3);
}

static void abort_leaves_nothing(void **state) {
    (void)state;
    ct_stage *stage = NULL;
    assert_int_equal(ct_stage_open(&stage, g_folder, NULL), CT_OK);
    fill(stage);
    ct_stage_abort(stage);
    ct_stage_abort(NULL);
    assert_int_equal(entries(), 0);
}

static void a_stage_is_its_makers(void **state) {
    (void)state;
    ct_stage *stage = NULL, *second = NULL, *own = NULL;
    assert_int_equal(ct_stage_open(&stage, g_folder, "x"), CT_OK);
    fill(stage);
    assert_int_equal(ct_stage_open(&second, g_folder, "x"), CT_BUSY);
    assert_int_equal(ct_stage_open(&own, g_folder, NULL), CT_OK);
    ct_stage_abort(own);
    assert_int_equal(ct_stage_sweep(g_folder, "", NULL, NULL), CT_OK);
    assert_int_equal(ct_stage_commit(stage), CT_OK);
    assert_int_equal(entries(), 3);
}

// A process that is killed with the stage under the name it has then.
static void killed_with(const char *name) {
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        ct_stage *stage = NULL;
        if (ct_stage_open(&stage, g_folder, "x") != CT_OK) _exit(1);
        fill(stage);
        const char *part = ct_stage_path(stage);
        if (strcmp(name, ".part-x") != 0 && rename(part, in(g_folder, name)) != 0) _exit(1);
        (void)raise(SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_true(ct_dir_exists(in(g_folder, name)));
}

static ct_err note(void *context, const char *path) {
    (void)snprintf(context, 256, "%s", path);
    return CT_OK;
}

static void a_killed_one_goes(void **state) {
    (void)state;
    char seen[256] = "";
    killed_with(".part-x");
    assert_int_equal(ct_stage_sweep(g_folder, "y", note, seen), CT_OK); // another's label
    assert_string_equal(seen, "");
    assert_int_equal(ct_stage_sweep(g_folder, "x", note, seen), CT_OK);
    assert_string_equal(seen, in(g_folder, ".part-x"));
    assert_int_equal(entries(), 0);
}

static void a_killed_one_that_was_ready_is_finished(void **state) {
    (void)state;
    ct_stage *stage = NULL;
    killed_with(".ready-x");
    assert_int_equal(ct_stage_sweep(g_folder, "", NULL, NULL), CT_OK);
    assert_int_equal(entries(), 3);
    put(g_folder, "b", "other b");
    assert_int_equal(ct_dir_remove(in(g_folder, "a.d")), CT_OK);
    killed_with(".ready-x");
    assert_int_equal(ct_stage_open(&stage, g_folder, "x"), CT_OK); // finishes that one first
    assert_holds("b", "new b");
    ct_stage_abort(stage);
    assert_int_equal(entries(), 3);
}

static void files_of_killed_writers_go(void **state) {
    (void)state;
    put(g_folder, "a.json.123-4.tmp", "half");
    put(g_folder, "a.json", "whole");
    put(g_folder, "other.tmp", "not ours");
    put(g_folder, "b-4.tmp", "not ours");
    put(g_folder, ".1-2.tmp", "not ours");
    assert_int_equal(ct_file_sweep(g_folder), CT_OK);
    assert_false(ct_file_exists(in(g_folder, "a.json.123-4.tmp")));
    assert_int_equal(entries(), 4);
}

static void tile_folder(ct_stage **stage, const char *file, const char *text) {
    assert_int_equal(ct_stage_open(stage, g_folder, "own"), CT_OK);
    assert_int_equal(ct_dir_make(in(ct_stage_path(*stage), "tiles")), CT_OK);
    put(ct_stage_path(*stage), file, text);
}

static void a_folder_takes_the_place_of_another(void **state) {
    ct_stage *stage = NULL;
    (void)state;
    tile_folder(&stage, "tiles/a", "first"); // there is none yet
    assert_int_equal(ct_stage_replace(stage, "tiles"), CT_OK);
    assert_holds("tiles/a", "first");
    tile_folder(&stage, "tiles/b", "second");
    assert_int_equal(ct_stage_replace(stage, "tiles"), CT_OK);
    assert_holds("tiles/b", "second");
    assert_false(ct_file_exists(in(g_folder, "tiles/a")));
    assert_int_equal(entries(), 1);
    tile_folder(&stage, "tiles/c", "third");
    ct_stage_abort(stage);
    assert_holds("tiles/b", "second");
    assert_int_equal(entries(), 1);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(commit_puts_all_in_place),
        T(abort_leaves_nothing),
        T(a_folder_takes_the_place_of_another),
        T(a_stage_is_its_makers),
        T(a_killed_one_goes),
        T(a_killed_one_that_was_ready_is_finished),
        T(files_of_killed_writers_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
