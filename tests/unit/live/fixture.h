// What the tests of live share: a small twin with devices, a clock turned by hand, a listener that
// writes down what it hears.
#ifndef TESTS_LIVE_FIXTURE_H
#define TESTS_LIVE_FIXTURE_H

#include "cmk.h"

#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "live/live.h"
#include "new_twin.h"
#include "scratch.h"

#define ok(expression)          assert_string_equal(ct_err_name(expression), "OK")
#define fails(expression, name) assert_string_equal(ct_err_name(expression), name)

#define T0    INT64_C(1784577600000000) // 2026-07-20T20:00:00Z
#define S(s)  (T0 + (int64_t)(s)*1000000)
#define HEARD (1 << 16)

typedef struct fixture {
    char folder[128], path[160];
    ct_catalogue *catalogue;
    ct_store *store;
    ct_clock *clock;
    ct_live *live;
    ct_buf text; // of the last answer
    pthread_mutex_t lock;
    char heard[HEARD]; // "type json\n" each
    size_t n_heard;
} fixture;

typedef struct device_row {
    const char *id, *kind, *property, *building;
    double yellow, red, low, interval_s; // NaN = none
} device_row;

static inline void hear(void *context, const char *type, const char *json, size_t length) {
    fixture *f = context;
    pthread_mutex_lock(&f->lock);
    const size_t used = strlen(f->heard);
    assert_int_equal(length, strlen(json));
    (void)snprintf(f->heard + used, sizeof f->heard - used, "%s %s\n", type, json);
    f->n_heard++;
    pthread_mutex_unlock(&f->lock);
}

static inline void forget(fixture *f) {
    pthread_mutex_lock(&f->lock);
    f->heard[0] = 0;
    f->n_heard = 0;
    pthread_mutex_unlock(&f->lock);
}

static inline void set_number(ct_feature *feature, const char *attr, double value) {
    if (!isnan(value)) ok(ct_feature_set_number(feature, attr, value));
}

static inline void put_device(fixture *f, const device_row *d, bool replace) {
    ct_arena *arena = ct_arena_new(4096, 0);
    ct_feature feature;
    ct_writer *w = NULL;
    ok(ct_feature_new(&feature, arena, ct_catalogue_by_name(f->catalogue, "device")));
    feature.id = d->id;
    ok(ct_feature_set_text(&feature, "kind", d->kind));
    ok(ct_feature_set_text(&feature, "property", d->property));
    ok(ct_feature_set_text(&feature, "unit", "m"));
    if (d->building) ok(ct_feature_set_text(&feature, "building", d->building));
    set_number(&feature, "threshold_yellow", d->yellow);
    set_number(&feature, "threshold_red", d->red);
    set_number(&feature, "threshold_low", d->low);
    set_number(&feature, "interval_s", d->interval_s);
    ok(ct_store_writer(&w, f->store, "test"));
    ok(replace ? ct_writer_replace(w, &feature) : ct_writer_add(w, &feature, NULL));
    ok(ct_writer_commit(w, NULL));
    ct_arena_free(arena);
}

static inline void remove_device(fixture *f, const char *id) {
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_remove(w, id));
    ok(ct_writer_commit(w, NULL));
}

static inline void open_live(fixture *f) {
    ok(ct_live_open(&f->live, f->store, f->clock));
    ct_live_listen(f->live, hear, f);
}

// The process ends and another begins.
static inline void reopen_live(fixture *f) {
    ct_live_close(f->live);
    open_live(f);
}

static inline fixture *make_twin(void) {
    static const device_row devices[] = {
        {"wl-1", "water_level", "water_level_m", NULL, 0.3, 0.6, 0.05, 60},
        {"wl-2", "water_level", "water_level_m", NULL, 0.3, 0.6, NAN, 60},
        {"smoke-1", "smoke_detector", "smoke", "bldg-1", NAN, 1, NAN, 600},
        {"temp-1", "temperature", "temperature_c", "bldg-1", NAN, NAN, NAN, 30},
        {"plain-1", "light", "power_w", NULL, NAN, NAN, NAN, NAN},
    };
    fixture *f = calloc(1, sizeof *f);
    scratch_make(f->folder);
    (void)snprintf(f->path, sizeof f->path, "%s/twin.ct", f->folder);
    pthread_mutex_init(&f->lock, NULL);
    ct_buf_init(&f->text, 1 << 24);
    ok(ct_catalogue_load(&f->catalogue, NULL));
    new_twin(f->path, "EPSG:4547", "Test twin", f->catalogue);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) put_device(f, &devices[i], false);
    return f;
}

static inline int fixture_setup(void **state) {
    fixture *f = make_twin();
    f->clock = ct_clock_virtual_new(T0);
    assert_non_null(f->clock);
    open_live(f);
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state) {
    fixture *f = *state;
    ct_live_close(f->live);
    ct_store_close(f->store);
    ct_catalogue_free(f->catalogue);
    ct_clock_free(f->clock);
    ct_buf_fini(&f->text);
    pthread_mutex_destroy(&f->lock);
    scratch_remove(f->folder);
    free(f);
    return 0;
}

static inline void take_row(fixture *f, const char *device, int64_t time_us, double value,
                            int quality) {
    const ct_observation row = {device, NULL, time_us, value, quality};
    size_t refused = 99;
    ok(ct_live_take(f->live, &row, 1, &refused));
    assert_int_equal(refused, 0);
}

static inline const char *device_text(fixture *f, const char *device) {
    ct_buf_reset(&f->text);
    ok(ct_live_write_device(&f->text, f->live, device));
    return f->text.data;
}

static inline const char *alarms_text(fixture *f, bool open_only) {
    ct_buf_reset(&f->text);
    ok(ct_live_write_alarms(&f->text, f->live,
                            open_only ? CT_LIVE_OPEN_ALARMS : CT_LIVE_ALL_ALARMS));
    return f->text.data;
}

static inline const char *history_text(fixture *f, const char *device, const char *property) {
    ct_buf_reset(&f->text);
    ok(ct_live_write_history(&f->text, f->live, device, property, INT64_MIN, INT64_MAX, 100));
    return f->text.data;
}

#define assert_has(text, part)                                                                     \
    do {                                                                                           \
        const char *ct_t_ = (text), *ct_p_ = (part);                                               \
        if (!strstr(ct_t_, ct_p_)) fail_msg("no %s in %s", ct_p_, ct_t_);                          \
    } while (0)
#define assert_lacks(text, part)                                                                   \
    do {                                                                                           \
        const char *ct_t_ = (text), *ct_p_ = (part);                                               \
        if (strstr(ct_t_, ct_p_)) fail_msg("%s in %s", ct_p_, ct_t_);                              \
    } while (0)

static inline size_t times_in(const char *text, const char *part) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part)) n++;
    return n;
}

// SQL on the file of observations, as another program.
static inline void foreign_sql(fixture *f, const char *sql) {
    sqlite3 *db = NULL;
    char *path = ct_store_file(f->store, "obs.sqlite"), *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s", message);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    ct_free(path);
}

#endif
