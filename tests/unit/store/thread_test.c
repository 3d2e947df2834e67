// Readers, writers and appenders at once: every reader sees whole commits only. Run with the thread
// sanitizer too.
#include "fixture.h"

#include <pthread.h>

#include "store/obs.h"

enum { WRITERS = 3, SETS = 12, READERS = 3 };

typedef struct shared {
    fixture *f;
    ct_obs *obs;
    int number;     // of the thread
    int32_t *ended; // writers that are done
    int64_t versions[SETS];
} shared;

// A set of two events at the same place.
static ct_changeset *pair_of(const fixture *f, int writer, int set) {
    static const char edit[] =
        "{\"op\":\"add\",\"class\":\"event\",\"id\":\"p-%d-%d-%c\",\"crs\":\"EPSG:4547\","
        "\"geometry\":{\"type\":\"Point\",\"coordinates\":[%d,%d]},"
        "\"properties\":{\"start_time\":\"2026-07-20T20:00:00Z\"}}";
    char one[256], two[256], text[600];
    json_t *json = NULL;
    ct_changeset *edits = NULL;
    (void)snprintf(one, sizeof one, edit, writer, set, 'a', writer, set);
    (void)snprintf(two, sizeof two, edit, writer, set, 'b', writer, set);
    (void)snprintf(text, sizeof text, "[%s,%s]", one, two);
    ok(ct_json_parse(&json, text, strlen(text), 1 << 16));
    ok(ct_changeset_parse(&edits, f->catalogue, json, "EPSG:4547"));
    json_decref(json);
    return edits;
}

static void *write_sets(void *context) {
    shared *s = context;
    for (int i = 0; i < SETS; ++i) {
        ct_changeset *set = pair_of(s->f, s->number, i);
        ok(ct_store_apply(s->f->store, set, "pair", &s->versions[i]));
        ct_changeset_free(set);
        const ct_observation rows[2] = {{"a", "p", 1000 * s->number + i, 1, 0},
                                        {"b", "p", 1000 * s->number + i, 1, 0}};
        ok(ct_obs_append(s->obs, rows, 2, NULL, 0));
    }
    __atomic_fetch_add(s->ended, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static ct_err count_row(void *context, const ct_observation *row) {
    (void)row;
    ++*(int64_t *)context;
    return CT_OK;
}

static void *read_pairs(void *context) {
    shared *s = context;
    ct_query q;
    ct_query_init(&q, class_of(s->f, "event"));
    q.has_bbox = true;
    q.bbox = (ct_bbox){-1, -1, 100, 100};
    while (__atomic_load_n(s->ended, __ATOMIC_SEQ_CST) < WRITERS) {
        ct_reader *r = NULL;
        ct_cursor *c = NULL;
        const ct_feature *row = NULL;
        int64_t n = 0, last = 0;
        ok(ct_store_reader(&r, s->f->store));
        ok(ct_cursor_open(&c, r, &q));
        while (ct_cursor_next(c, &row) == CT_OK) ++n;
        ct_cursor_close(c);
        assert_int_equal(n % 2, 0);
        assert_int_equal(n, count_of(r, &q));
        assert_int_equal(n, ct_reader_version(r)); // each addition is one change
        ct_reader_release(r);
        ok(ct_obs_last(s->obs, NULL, count_row, &last));
        assert_true(last == 0 || last == 2);
    }
    return NULL;
}

static void test_all_at_once(void **state) {
    fixture *f = *state;
    shared parts[WRITERS + READERS];
    pthread_t threads[WRITERS + READERS];
    int32_t ended = 0;
    ct_obs *obs = NULL;
    char *path = ct_store_file(f->store, "obs.sqlite");
    ok(ct_obs_open(&obs, path));
    ct_free(path);
    for (int i = 0; i < WRITERS + READERS; ++i) {
        parts[i] = (shared){.f = f, .obs = obs, .number = i, .ended = &ended};
        assert_int_equal(
            pthread_create(&threads[i], NULL, i < WRITERS ? write_sets : read_pairs, &parts[i]), 0);
    }
    for (int i = 0; i < WRITERS + READERS; ++i) assert_int_equal(pthread_join(threads[i], NULL), 0);
    // every set got a version of its own, in the order of its thread
    bool seen[2 * WRITERS * SETS + 1] = {false};
    for (int i = 0; i < WRITERS; ++i) {
        for (int k = 0; k < SETS; ++k) {
            const int64_t v = parts[i].versions[k];
            assert_true(v >= 2 && v <= 2 * WRITERS * SETS && v % 2 == 0 && !seen[v]);
            assert_true(k == 0 || v > parts[i].versions[k - 1]);
            seen[v] = true;
        }
    }
    int64_t rows = 0;
    ok(ct_obs_count(obs, &rows));
    assert_int_equal(rows, 2 * WRITERS * SETS);
    ct_obs_close(obs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_at_once, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
