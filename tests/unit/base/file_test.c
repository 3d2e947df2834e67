// Files, folders, paths, and where the program's data is.
#include "cmk.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "scratch.h"

static char folder[128];

static int setup(void **state) {
    (void)state;
    scratch_make(folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    scratch_remove(folder);
    return 0;
}

// A path inside the folder; four of them are valid at a time.
static const char *in(const char *name) {
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static ct_err append_name(void *context, const char *name, bool is_dir) {
    ct_buf_printf(context, "%s%s ", name, is_dir ? "/" : "");
    return CT_OK;
}

static void assert_listing(const char *path, const char *expected) {
    ct_buf names;
    ct_buf_init(&names, 10000);
    ct_buf_puts(&names, "");
    assert_int_equal(ct_dir_list(path, append_name, &names), CT_OK);
    assert_string_equal(names.data, expected);
    ct_buf_fini(&names);
}

static void assert_content(const char *path, const char *expected) {
    char *data = NULL;
    size_t length = 0;
    assert_int_equal(ct_file_read(&data, &length, path, 1 << 20), CT_OK);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(data, expected);
    ct_free(data);
}

static void write_and_read(void **state) {
    (void)state;
    assert_int_equal(ct_file_write(in("a"), "hello", 5), CT_OK);
    assert_content(in("a"), "hello");
    assert_int_equal(ct_file_write(in("a"), "", 0), CT_OK);
    assert_content(in("a"), "");
    assert_int_equal(ct_file_write(in("a"), "other words", 11), CT_OK);
    assert_content(in("a"), "other words");
    assert_listing(folder, "a "); // nothing beside it
    assert_true(ct_file_exists(in("a")));
    assert_int_equal(ct_file_size(in("a")), 11);
    assert_true(ct_file_mtime_us(in("a")) > INT64_C(1700000000000000));
    assert_false(ct_file_exists(in("b")));
    assert_int_equal(ct_file_size(in("b")), -1);
    assert_int_equal(ct_file_mtime_us(in("b")), -1);
}

static void reads_have_a_limit(void **state) {
    (void)state;
    char *data = NULL;
    size_t length = 7;
    assert_int_equal(ct_file_write(in("a"), "hello", 5), CT_OK);
    assert_int_equal(ct_file_read(&data, &length, in("a"), 4), CT_LIMIT);
    assert_int_equal(ct_file_read(&data, &length, "/dev/zero", 100000), CT_LIMIT);
    assert_int_equal(ct_file_read(&data, &length, in("none"), 4), CT_NOTFOUND);
    assert_non_null(strstr(ct_err_message(), "none"));
    assert_int_equal(ct_file_read(&data, &length, folder, 4), CT_UNSUPPORTED);
    assert_null(data);
    assert_int_equal(length, 7);
    assert_int_equal(ct_file_read(&data, NULL, in("a"), 5), CT_OK);
    ct_free(data);
    // a file that does not tell its length
    assert_int_equal(ct_file_read(&data, &length, "/proc/self/status", 1 << 20), CT_OK);
    assert_int_equal(strlen(data), length);
    assert_non_null(strstr(data, "Pid:"));
    ct_free(data);
}

static void failed_writes_leave_the_old_file(void **state) {
    (void)state;
    assert_int_equal(ct_file_write(in("a"), "old", 3), CT_OK);
    assert_int_equal(ct_file_write(in("none/a"), "x", 1), CT_NOTFOUND);
    assert_int_equal(ct_file_write(folder, "x", 1), CT_IO);
    assert_int_equal(ct_file_write("/dev/full/x", "x", 1), CT_NOTFOUND);
    // A file size limit stands in for a full disk.
    struct rlimit before, small = {.rlim_cur = 1000, .rlim_max = RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    char big[5000] = "new";
    ct_err err = ct_file_write(in("a"), big, sizeof big);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(err, CT_IO);
    assert_content(in("a"), "old");
    assert_listing(folder, "a ");
}

static void permissions_stay(void **state) {
    (void)state;
    struct stat status;
    assert_int_equal(ct_file_write(in("a"), "1", 1), CT_OK);
    assert_int_equal(chmod(in("a"), 0640), 0);
    assert_int_equal(ct_file_write(in("a"), "2", 1), CT_OK);
    assert_int_equal(stat(in("a"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void copy_rename_remove(void **state) {
    (void)state;
    size_t n = 700000;
    char *big = ct_alloc(n);
    for (size_t i = 0; i < n; i++) big[i] = (char)(i * 7);
    assert_int_equal(ct_file_write(in("a"), big, n), CT_OK);
    assert_int_equal(ct_file_copy(in("a"), in("b")), CT_OK);
    char *data = NULL;
    size_t length = 0;
    assert_int_equal(ct_file_read(&data, &length, in("b"), n), CT_OK);
    assert_int_equal(length, n);
    assert_memory_equal(data, big, n);
    ct_free(data);
    ct_free(big);
    assert_int_equal(ct_file_copy(in("none"), in("c")), CT_NOTFOUND);
    assert_int_equal(ct_file_copy(folder, in("c")), CT_IO);
    assert_int_equal(ct_file_rename(in("b"), in("c")), CT_OK);
    assert_listing(folder, "a c ");
    assert_int_equal(ct_file_rename(in("b"), in("c")), CT_NOTFOUND);
    assert_int_equal(ct_file_remove_synced(in("c")), CT_OK);
    assert_int_equal(ct_file_remove_synced(in("c")), CT_OK);
    assert_int_equal(ct_file_remove(in("c")), CT_OK);
    assert_listing(folder, "a ");
    assert_int_equal(ct_file_remove_synced(in("none/c")), CT_NOTFOUND);
}

static void folders(void **state) {
    (void)state;
    assert_int_equal(ct_dir_make(in("x/y/z")), CT_OK);
    assert_int_equal(ct_dir_make(in("x/y/z/")), CT_OK);
    assert_true(ct_dir_exists(in("x/y/z")));
    assert_false(ct_file_exists(in("x")));
    assert_int_equal(ct_file_write(in("x/f"), "f", 1), CT_OK);
    assert_int_equal(ct_file_write(in("x/B"), "f", 1), CT_OK);
    assert_int_equal(symlink("/", in("x/root")), 0);
    assert_listing(in("x"), "B f root y/ "); // byte order; a link is not a folder
    assert_int_equal(ct_dir_make(in("x/f")), CT_IO);
    assert_int_equal(ct_dir_make(in("x/f/g")), CT_IO);
    assert_int_equal(ct_dir_sync(in("x")), CT_OK);
    assert_int_equal(ct_dir_sync(in("none")), CT_NOTFOUND);
    assert_int_equal(ct_dir_list(in("none"), append_name, NULL), CT_NOTFOUND);
    assert_int_equal(ct_dir_remove(in("x/f")), CT_IO);
    assert_int_equal(ct_dir_remove(in("x")), CT_OK); // the link goes, not what it points to
    assert_true(ct_dir_exists("/tmp"));
    assert_int_equal(ct_dir_remove(in("x")), CT_OK);
    assert_listing(folder, "");
}

static void one_holder_a_folder(void **state) {
    (void)state;
    int first = -1, second = -1;
    char place[256];
    snprintf(place, sizeof place, "%s", in("taken"));
    assert_int_equal(ct_dir_lock(&first, place), CT_OK); // made on the way
    assert_true(ct_dir_exists(place));
    assert_int_equal(ct_dir_lock(&second, place), CT_BUSY);
    assert_int_equal(second, -1);
    // It stays taken under its new name, and the old name is free again.
    assert_int_equal(ct_file_rename(place, in("moved")), CT_OK);
    assert_int_equal(ct_dir_lock(&second, in("moved")), CT_BUSY);
    assert_int_equal(ct_dir_lock(&second, place), CT_OK);
    ct_dir_unlock(second);
    ct_dir_unlock(first);
    ct_dir_unlock(-1);
    assert_int_equal(ct_dir_lock(&second, in("moved")), CT_OK);
    ct_dir_unlock(second);
    assert_int_equal(ct_file_write(in("file"), "x", 1), CT_OK);
    assert_int_equal(ct_dir_lock(&second, in("file")), CT_IO);
    // A holder that is killed gives it back.
    const pid_t child = fork();
    if (child == 0) {
        int held;
        _exit(ct_dir_lock(&held, place) == CT_OK && raise(SIGKILL) == 0 ? 1 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(ct_dir_lock(&second, place), CT_OK);
    ct_dir_unlock(second);
}

static void a_cleared_folder_stays(void **state) {
    (void)state;
    assert_int_equal(ct_dir_make(in("full/deep/er")), CT_OK);
    assert_int_equal(ct_file_write(in("full/a"), "x", 1), CT_OK);
    assert_int_equal(ct_dir_clear(in("full")), CT_OK);
    assert_listing(in("full"), "");
    assert_int_equal(ct_dir_clear(in("missing")), CT_NOTFOUND);
}

static ct_err stop_at_b(void *context, const char *name, bool is_dir) {
    (void)is_dir;
    ++*(int *)context;
    return strcmp(name, "b") == 0 ? ct_fail(CT_CANCELLED, "enough") : CT_OK;
}

static void a_visit_may_stop_the_walk(void **state) {
    (void)state;
    int visits = 0;
    assert_int_equal(ct_file_write(in("c"), "", 0), CT_OK);
    assert_int_equal(ct_file_write(in("a"), "", 0), CT_OK);
    assert_int_equal(ct_file_write(in("b"), "", 0), CT_OK);
    assert_int_equal(ct_dir_list(folder, stop_at_b, &visits), CT_CANCELLED);
    assert_int_equal(visits, 2);
}

static void paths(void **state) {
    (void)state;
    char *a = ct_path_join("a/b", "c"), *b = ct_path_join("/", "c"), *c = ct_path_join("", "c");
    assert_string_equal(a, "a/b/c");
    assert_string_equal(b, "/c");
    assert_string_equal(c, "c");
    ct_free(a);
    ct_free(b);
    ct_free(c);
    assert_true(ct_path_has_ending("a/b.City.JSON", ".city.json"));
    assert_false(ct_path_has_ending("a/b.json", ".city.json"));
    assert_false(ct_path_has_ending(".gml", ".gml")); // a name that is nothing else
    assert_false(ct_path_has_ending("", ".gml"));
    assert_string_equal(ct_path_name("a/b.txt"), "b.txt");
    assert_string_equal(ct_path_name("b.txt"), "b.txt");
    assert_string_equal(ct_path_name("a/"), "");
    char *program = NULL;
    assert_int_equal(ct_program_path(&program), CT_OK);
    assert_int_equal(program[0], '/');
    assert_true(ct_file_exists(program));
    ct_free(program);
}

static void paths_inside_a_folder(void **state) {
    (void)state;
    assert_int_equal(ct_dir_make(in("house/room")), CT_OK);
    assert_int_equal(ct_dir_make(in("house2")), CT_OK);
    assert_true(ct_path_inside(in("house/new.ct"), in("house")));
    assert_true(ct_path_inside(in("house/room/new.ct"), in("house")));
    assert_true(ct_path_inside(in("house2/../house/room/new.ct"), in("house/room/..")));
    assert_false(ct_path_inside(in("house"), in("house"))); // it is itself, not in itself
    assert_false(ct_path_inside(in("house2/new.ct"), in("house")));
    assert_false(ct_path_inside(in("new.ct"), in("house")));
    assert_false(ct_path_inside(in("nowhere/new.ct"), in("house")));
    assert_false(ct_path_inside(in("house/new.ct"), in("nowhere")));
    assert_int_equal(symlink(in("house"), in("door")), 0);
    assert_true(ct_path_inside(in("door/new.ct"), in("house")));
}

static void data_is_found_in_order(void **state) {
    (void)state;
    char *path = NULL;
    unsetenv("CIMTWIN_DATA");
    assert_int_equal(ct_data_path(&path, "catalogue"), CT_OK);
    assert_string_equal(path, CT_SOURCE_DIR "/data/catalogue");
    ct_free(path);
    assert_int_equal(ct_dir_make(in("catalogue")), CT_OK);
    setenv("CIMTWIN_DATA", folder, 1);
    assert_int_equal(ct_data_path(&path, "catalogue"), CT_OK);
    assert_string_equal(path, in("catalogue"));
    ct_free(path);
    path = NULL;
    assert_int_equal(ct_data_path(&path, "no such file"), CT_NOTFOUND);
    assert_null(path);
    assert_non_null(strstr(ct_err_message(), folder));
    assert_non_null(strstr(ct_err_message(), "share/cimtwin"));
    assert_non_null(strstr(ct_err_message(), CT_SOURCE_DIR "/data"));
    unsetenv("CIMTWIN_DATA");
}

// The folder of an installed program: PREFIX/bin/cimtwin looks in PREFIX/share/cimtwin.
static void installed_data_is_beside_the_program(void **state) {
    (void)state;
    unsetenv("CIMTWIN_DATA");
    char *program = NULL, *path = NULL, name[64];
    assert_int_equal(ct_program_path(&program), CT_OK);
    program[ct_path_name(program) - program] = '\0';
    char *share = ct_sprintf("%s../share/cimtwin", program);
    snprintf(name, sizeof name, "test-%d", (int)getpid());
    char *file = ct_path_join(share, name);
    assert_int_equal(ct_dir_make(share), CT_OK);
    assert_int_equal(ct_file_write(file, "x", 1), CT_OK);
    ct_err err = ct_data_path(&path, name);
    assert_int_equal(ct_file_remove(file), CT_OK);
    assert_int_equal(err, CT_OK);
    assert_int_equal(strcmp(ct_path_name(path), name), 0);
    assert_non_null(strstr(path, "../share/cimtwin/"));
    ct_free(path);
    ct_free(file);
    ct_free(share);
    ct_free(program);
}

// The second is told who the first is; a holder that is gone holds nothing.
static void one_holder_a_file(void **state) {
    (void)state;
    char *path = ct_strdup(in("server.lock")), pid[32];
    snprintf(pid, sizeof pid, "process %d", (int)getpid());
    int first = -1, second = -1;
    assert_int_equal(ct_file_write(path, "99999999999999999999 left behind", 32), CT_OK);
    assert_int_equal(ct_file_lock(&first, path), CT_OK);
    assert_int_equal(ct_file_lock(&second, path), CT_BUSY);
    assert_int_equal(second, -1);
    assert_non_null(strstr(ct_err_message(), pid));
    ct_dir_unlock(first);
    assert_int_equal(ct_file_lock(&second, path), CT_OK);
    ct_dir_unlock(second);
    assert_int_equal(ct_file_lock(&second, in("nowhere/server.lock")), CT_NOTFOUND);
    ct_free(path);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(write_and_read),
        T(reads_have_a_limit),
        T(failed_writes_leave_the_old_file),
        T(permissions_stay),
        T(copy_rename_remove),
        T(folders),
        T(one_holder_a_folder),
        T(one_holder_a_file),
        T(a_cleared_folder_stays),
        T(a_visit_may_stop_the_walk),
        T(paths),
        T(paths_inside_a_folder),
        T(data_is_found_in_order),
        T(installed_data_is_beside_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
