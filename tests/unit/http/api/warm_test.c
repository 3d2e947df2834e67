// What a starting server makes before it is asked for: transforms, and a reading connection for
// each thread; its end waits for that.
#include "unit/http/api/twin.h"

#include <dirent.h>

#include "http/api/internal.h"

enum { THREADS = 6 };

// How many times this process has the twin's file open.
static int opened(const twin *t) {
    int n = 0;
    char link[64], target[256];
    DIR *files = opendir("/proc/self/fd");
    assert_non_null(files);
    for (const struct dirent *e; (e = readdir(files));) {
        snprintf(link, sizeof link, "/proc/self/fd/%.16s", e->d_name);
        const ssize_t length = readlink(link, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        n += strcmp(target, ct_store_path(t->store)) == 0;
    }
    closedir(files);
    return n;
}

static void threads_find_all_made(void **state) {
    const twin *t = *state;
    const ct_api_parts parts = {.store = t->store, .threads = THREADS};
    const int before = opened(t);
    ct_api *api = NULL;
    assert_in_range(before, 1, THREADS);
    assert_int_equal(ct_api_new(&api, &parts), CT_OK);
    ct_api__warm_wait(api);
    assert_in_range(opened(t), 1 + THREADS, 1 + THREADS + before); // one writes
    for (int i = 0; i < CT_API__KEPT; i++) assert_non_null(api->kept[i]);
    ct_api_free(api);
}

static void nothing_is_made_unasked(void **state) {
    const twin *t = *state;
    const ct_api_parts parts = {.store = t->store};
    ct_api *api = NULL;
    assert_int_equal(ct_api_new(&api, &parts), CT_OK);
    ct_api__warm_wait(api);
    for (int i = 0; i < CT_API__KEPT; i++) assert_null(api->kept[i]);
    ct_api_free(api);
}

// Ended while it is being made: nothing stays but the connections, which are the store's.
static void it_ends_at_once(void **state) {
    const twin *t = *state;
    const ct_api_parts parts = {.store = t->store, .threads = THREADS};
    ct_api *api = NULL;
    long live = 0;
    for (int i = 0; i < 3; i++) { // the first opens the connections
        assert_int_equal(ct_api_new(&api, &parts), CT_OK);
        ct_api_free(api);
        if (i == 1) live = ct_mem_live();
    }
    assert_int_equal(ct_mem_live(), live);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_made_unasked),
        cmocka_unit_test(threads_find_all_made),
        cmocka_unit_test(it_ends_at_once),
    };
    return cmocka_run_group_tests(tests, twin_open, twin_close);
}
