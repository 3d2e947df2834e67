// Every allocation of the module fails once: the call says CT_NOMEM, touches no output and leaves
// no block behind.
#include "../unit/geo/geo_fixture.h"

#include "base/mem.h"
#include "geo/crs.h"
#include "geo/geos.h"
#include "geo/grid.h"

static const char holed[] =
    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0,1],[10,0,2],[10,10,3],[0,10,4],[0,0,1]],"
    "[[2,2,1],[2,4,1],[4,4,1],[4,2,1],[2,2,1]]]}";

// What the operations work on, made while memory lasts.
typedef struct scene {
    ct_arena *arena;
    ct_geom geom;
    json_t *json;
    ct_buf wkb;
    ct_grid grid;
} scene;

static ct_err with_arena(const scene *s,
                         ct_err (*run)(ct_geom *out, ct_arena *arena, const scene *s)) {
    ct_arena *arena = ct_arena_new(16, 0);
    if (!arena) return CT_NOMEM;
    const ct_geom before = {.n_points = 99};
    ct_geom out = before;
    const ct_err err = run(&out, arena, s);
    if (err) assert_memory_equal(&out, &before, sizeof out);
    ct_arena_free(arena);
    return err;
}

static ct_err copy(ct_geom *out, ct_arena *arena, const scene *s) {
    return ct_geom_copy(out, arena, &s->geom);
}
static ct_err wkb(ct_geom *out, ct_arena *arena, const scene *s) {
    return ct_geom_from_wkb(out, arena, s->wkb.data, s->wkb.len, 1000);
}
static ct_err geojson(ct_geom *out, ct_arena *arena, const scene *s) {
    return ct_geom_from_geojson(out, arena, s->json, 1000);
}
static ct_err make_valid(ct_geom *out, ct_arena *arena, const scene *s) {
    return ct_geos_make_valid(out, arena, &s->geom);
}
static ct_err snap(ct_geom *out, ct_arena *arena, const scene *s) {
    return ct_geos_snap(out, arena, &s->geom, 0.5);
}
static ct_err clip(ct_geom *out, ct_arena *arena, const scene *s) {
    return ct_geos_clip(out, arena, &s->geom, &(ct_bbox){1, 1, 7, 7});
}
static ct_err buffer(ct_geom *out, ct_arena *arena, const scene *s) {
    return ct_geos_buffer(out, arena, &s->geom, 3);
}

static ct_err run_copy(const scene *s) {
    return with_arena(s, copy);
}
static ct_err run_wkb(const scene *s) {
    return with_arena(s, wkb);
}
static ct_err run_geojson(const scene *s) {
    return with_arena(s, geojson);
}
static ct_err run_make_valid(const scene *s) {
    return with_arena(s, make_valid);
}
static ct_err run_snap(const scene *s) {
    return with_arena(s, snap);
}
static ct_err run_clip(const scene *s) {
    return with_arena(s, clip);
}
static ct_err run_buffer(const scene *s) {
    return with_arena(s, buffer);
}
static ct_err run_check(const scene *s) {
    return ct_geos_check(&s->geom);
}

static ct_err run_describe(const scene *s) {
    (void)s;
    ct_crs_info info;
    return ct_crs_describe(&info, "EPSG:4547");
}
static ct_err run_wkt(const scene *s) {
    (void)s;
    char *text = NULL;
    const ct_err err = ct_crs_wkt(&text, "EPSG:4547", false);
    assert_int_equal(text == NULL, err != CT_OK);
    ct_free(text);
    return err;
}
static ct_err run_transform(const scene *s) {
    (void)s;
    ct_transform *t = NULL;
    const ct_err err = ct_transform_get(&t, "EPSG:4547", "OGC:CRS84");
    assert_int_equal(t == NULL, err != CT_OK);
    return err;
}

static ct_err run_write(const scene *s) {
    ct_buf out;
    ct_buf_init(&out, 1U << 16);
    ct_geom_to_wkb(&out, &s->geom);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_geom_write_geojson(&w, &s->geom, 3, false);
    const ct_err err = ct_buf_status(&out);
    ct_buf_fini(&out);
    return err;
}

static void count(void *context, uint32_t row, uint32_t column) {
    (void)row;
    (void)column;
    ++*(long *)context;
}
static ct_err run_rasterise(const scene *s) {
    long n = 0;
    const ct_err err = ct_grid_visit_polygon(&s->grid, &s->geom, count, &n);
    assert_int_equal(n, err ? 0 : 96);
    return err;
}
static ct_err run_resample(const scene *s) {
    const ct_grid before = {.nx = 99};
    ct_grid out = before;
    const ct_err err = ct_grid_resample(&out, &s->grid, 5, 5, 0, 10, 2);
    if (err)
        assert_memory_equal(&out, &before, sizeof out);
    else
        ct_grid_free(&out);
    return err;
}

static void fail_each(const char *name, ct_err (*run)(const scene *s), const scene *s,
                      bool persistent) {
    long n = 0;
    for (bool done = false; !done;) {
        ct_geo_thread_end(); // the thread's own state is part of the story
        const long live = ct_mem_live();
        ct_mem_fail_at(++n, persistent);
        const ct_err err = run(s);
        done = !ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (err != (done ? CT_OK : CT_NOMEM))
            fail_msg("%s, allocation %ld: %s: %s", name, n, ct_err_name(err), ct_err_message());
        ct_geo_thread_end();
        if (ct_mem_live() != live) fail_msg("%s, allocation %ld: blocks left", name, n);
        assert_true(n < 1000);
    }
    assert_true(n > 1);
}

static void every_allocation_fails_once(void **state) {
    (void)state;
    scene s = {.arena = ct_arena_new(4096, 0)};
    assert_non_null(s.arena);
    s.json = json_of(holed);
    assert_ok(ct_geom_from_geojson(&s.geom, s.arena, s.json, 1000));
    ct_buf_init(&s.wkb, 1U << 16);
    ct_geom_to_wkb(&s.wkb, &s.geom);
    assert_ok(ct_grid_new(&s.grid, 10, 10, 0, 10, 1, 0));
    static const struct {
        const char *name;
        ct_err (*run)(const scene *s);
    } list[] = {
        {"copy", run_copy},           {"wkb", run_wkb},          {"geojson", run_geojson},
        {"write", run_write},         {"check", run_check},      {"make valid", run_make_valid},
        {"snap", run_snap},           {"clip", run_clip},        {"buffer", run_buffer},
        {"describe", run_describe},   {"wkt", run_wkt},          {"transform", run_transform},
        {"rasterise", run_rasterise}, {"resample", run_resample}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        fail_each(list[i].name, list[i].run, &s, false);
        fail_each(list[i].name, list[i].run, &s, true);
    }
    ct_grid_free(&s.grid);
    ct_buf_fini(&s.wkb);
    json_decref(s.json);
    ct_arena_free(s.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
