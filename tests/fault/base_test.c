// Every allocation of base fails once: nothing leaks, nothing crashes, the error is CT_NOMEM.
#include "cmk.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/pool.h"
#include "base/proc.h"
#include "fault.h"
#include "scratch.h"

static ct_err fill_arena(void *context) {
    (void)context;
    ct_arena *arena = ct_arena_new(1024, 0);
    if (!arena) return CT_NOMEM;
    ct_err err = CT_OK;
    for (int i = 0; i < 100 && err == CT_OK; i++)
        if (!ct_arena_printf(arena, "text number %d", i)) err = CT_NOMEM;
    if (err == CT_OK && !ct_arena_calloc(arena, 10, 1000)) err = CT_NOMEM;
    ct_arena_free(arena);
    return err;
}

static ct_err write_and_read_json(void *context) {
    (void)context;
    ct_buf buf;
    ct_jsonw w;
    json_t *value = NULL;
    char *canonical = NULL;
    ct_buf_init(&buf, 1 << 20);
    ct_jsonw_init(&w, &buf);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "numbers");
    ct_jsonw_array(&w);
    for (int i = 0; i < 200; i++) ct_jsonw_double(&w, i / 7.0);
    ct_jsonw_end_array(&w);
    ct_jsonw_kv_string(&w, "name", "riverside");
    ct_jsonw_end_object(&w);
    ct_err err = ct_buf_status(&buf);
    if (err == CT_OK) err = ct_json_parse(&value, buf.data, buf.len, 1 << 20);
    if (err == CT_OK && !(canonical = ct_json_canonical(value))) err = CT_NOMEM;
    ct_free(canonical);
    json_decref(value);
    ct_buf_fini(&buf);
    return err;
}

static ct_err move_files(void *context) {
    const char *folder = context;
    char a[256], b[256], deep[256];
    snprintf(a, sizeof a, "%s/a", folder);
    snprintf(b, sizeof b, "%s/b", folder);
    snprintf(deep, sizeof deep, "%s/deep/er", folder);
    char *data = NULL;
    size_t length = 0;
    ct_err err = ct_file_write(a, "hello", 5);
    if (err == CT_OK) err = ct_file_copy(a, b);
    if (err == CT_OK) err = ct_file_read(&data, &length, b, 100);
    ct_free(data);
    if (err == CT_OK) err = ct_dir_make(deep);
    if (err == CT_OK) err = ct_dir_sync(folder);
    snprintf(deep, sizeof deep, "%s/deep", folder);
    if (err == CT_OK) err = ct_dir_remove(deep);
    if (err == CT_OK) err = ct_data_path(&data, "catalogue");
    if (err == CT_OK) ct_free(data);
    return err;
}

static int count_entries;
static ct_err count_entry(void *context, const char *name, bool is_dir) {
    (void)context;
    (void)is_dir;
    assert_true(strcmp(name, "a") == 0 || strcmp(name, "b") == 0);
    count_entries++;
    return CT_OK;
}

static ct_err compress_both_ways(void *context) {
    (void)context;
    static const char text[5000] = "a text of mostly zeros";
    ct_buf packed, plain;
    ct_buf_init(&packed, 1 << 20);
    ct_buf_init(&plain, 1 << 20);
    ct_err err = ct_gzip(&packed, text, sizeof text, 6);
    if (err == CT_OK) err = ct_gunzip(&plain, packed.data, packed.len, 1 << 20);
    if (err == CT_OK) assert_memory_equal(plain.data, text, sizeof text);
    ct_buf_reset(&packed);
    ct_buf_reset(&plain);
    if (err == CT_OK) err = ct_zlib(&packed, text, sizeof text, 6);
    if (err == CT_OK) err = ct_unzlib(&plain, packed.data, packed.len, 1 << 20);
    ct_buf_fini(&packed);
    ct_buf_fini(&plain);
    return err;
}

static ct_err run_child(void *context) {
    (void)context;
    ct_proc *child = NULL;
    char *line = NULL;
    CT_TRY(ct_proc_start(&child, (char *[]){"echo", "hello", NULL}, false));
    ct_err err = ct_proc_read_line(child, &line);
    if (err == CT_OK) assert_string_equal(line, "hello");
    ct_proc_free(child);
    return err;
}

static ct_err make_things(void *context) {
    (void)context;
    ct_hash *hash = ct_hash_new();
    ct_clock *clock = hash ? ct_clock_virtual_new(0) : NULL;
    ct_pool *pool = clock ? ct_pool_new(2) : NULL;
    char *text = pool ? ct_sprintf("%d", 12) : NULL;
    char *copy = text ? ct_strdup(text) : NULL;
    ct_err err = copy ? CT_OK : CT_NOMEM;
    ct_free(copy);
    ct_free(text);
    ct_pool_free(pool);
    ct_clock_free(clock);
    ct_hash_free(hash);
    return err;
}

static void test_arena(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(fill_arena, NULL), 4, 100);
}

static void test_json(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(write_and_read_json, NULL), 100, 10000);
}

static void test_files(void **state) {
    (void)state;
    char folder[128];
    scratch_make(folder);
    assert_in_range(fault_every_allocation(move_files, folder), 10, 1000);
    // No half-written file stayed behind on any of the failures.
    assert_int_equal(ct_dir_list(folder, count_entry, NULL), CT_OK);
    assert_int_equal(count_entries, 2);
    scratch_remove(folder);
}

static void test_gzip(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(compress_both_ways, NULL), 2, 100);
}

static void test_proc(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(run_child, NULL), 2, 100);
}

static void test_things(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(make_things, NULL), 5, 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena), cmocka_unit_test(test_json), cmocka_unit_test(test_files),
        cmocka_unit_test(test_gzip),  cmocka_unit_test(test_proc), cmocka_unit_test(test_things),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
