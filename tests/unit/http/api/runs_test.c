// Finished runs over HTTP: the list, values at places and times, pictures, comparison, files with
// ranges, removal.
#include <math.h>

#include "geo/crs.h"
#include "geo/tile.h"
#include "unit/http/api/twin.h"

enum { CELLS = 20, STEPS = 3, STEP_S = 300 };
#define BASE_RUN  "00000000000000000000000000000001"
#define OTHER_RUN "00000000000000000000000000000002"
#define START     "2026-07-20T20:00:00Z"

static const double cell_m = 5.0;

// Water in the western half: 0.2 m deeper at every step, `part` of it.
static void fill_slice(float v[CELLS * CELLS], double depth_m) {
    for (int i = 0; i < CELLS * CELLS; i++) v[i] = i % CELLS < CELLS / 2 ? (float)depth_m : 0.0f;
}

static void write_run(const twin *t, const char *id, double part) {
    static const ct_run_array arrays[] = {
        {"depth", NULL, "depth", "m", true},
        {"max_depth", NULL, "largest depth", "m", false},
        {"initial_depth", NULL, "depth at the start", "m", false}};
    const ct_grid shape = {.nx = CELLS,
                           .ny = CELLS,
                           .west_m = twin_east,
                           .north_m = twin_north + CELLS * cell_m,
                           .cell_m = cell_m};
    int64_t start_us;
    assert_int_equal(ct_time_parse(&start_us, START), CT_OK);
    char *folder = ct_store_file(t->store, "runs");
    ct_run_writer *w;
    float v[CELLS * CELLS];
    assert_int_equal(ct_run_writer_open(&w, folder, id), CT_OK);
    assert_int_equal(ct_run_writer_grid(w, &shape, TWIN_CRS, start_us, arrays, 3), CT_OK);
    for (int k = 0; k < STEPS; k++) {
        fill_slice(v, part * 0.2 * k);
        assert_int_equal(ct_run_writer_time(w, k * STEP_S), CT_OK);
        assert_int_equal(ct_run_writer_slice(w, "depth", v), CT_OK);
    }
    fill_slice(v, part * 0.2 * (STEPS - 1));
    assert_int_equal(ct_run_writer_slice(w, "max_depth", v), CT_OK);
    assert_int_equal(ct_run_writer_raster(w, "flood_max_depth", v, "largest depth", "m"), CT_OK);
    fill_slice(v, 0);
    assert_int_equal(ct_run_writer_slice(w, "initial_depth", v), CT_OK);
    char text[1200];
    snprintf(text, sizeof text,
             "{\"scenario\":{\"title\":{\"en\":\"Storm\",\"zh\":\"暴雨\"},\"start\":\"" START
             "\",\"duration_s\":600},"
             "\"summary\":{\"indicators\":{\"max_depth_m\":%g},\"buildings\":[{\"id\":\"bldg-0\","
             "\"name\":\"Tower\","
             "\"max_depth_m\":%g,\"arrival\":null,\"residents\":3}]},"
             "\"inside\":{\"rooms\":[{\"class\":\"parking\",\"id\":\"park-1\",\"volume_m3\":7}]},"
             "\"provenance\":{\"finished\":\"2026-07-21T00:00:00Z\"}}",
             0.4 * part, 0.4 * part);
    json_t *run;
    assert_int_equal(ct_json_parse(&run, text, strlen(text), sizeof text), CT_OK);
    if (ct_run_writer_commit(w, run) != CT_OK) fail_msg("%s", ct_err_message());
    json_decref(run);
    ct_free(folder);
}

static int runs_open(void **state) {
    if (twin_open(state) != 0) return -1;
    write_run(*state, BASE_RUN, 1.0);
    write_run(*state, OTHER_RUN, 0.5);
    return 0;
}

// "lon=..&lat=.." of a place so many metres east and north of the grid's corner.
static void place(char out[96], double east_m, double north_m) {
    ct_transform *transform;
    double xy[2] = {twin_east + east_m, twin_north + north_m};
    assert_int_equal(ct_transform_get(&transform, TWIN_CRS, CT_CRS_CRS84), CT_OK);
    assert_int_equal(ct_transform_points(transform, xy, 1, 2), CT_OK);
    snprintf(out, 96, "lon=%.8f&lat=%.8f", xy[0], xy[1]);
}

static void runs_are_listed(void **state) {
    const twin *t = *state;
    json_t *list = get_json(t, "/runs", 200);
    assert_int_equal(json_array_size(json_object_get(list, "runs")), 2);
    json_decref(list);
    json_t *run = get_json(t, "/runs/" BASE_RUN, 200);
    assert_string_equal(text_of(run, "status"), "done");
    assert_string_equal(text_of(json_object_get(run, "title"), "zh"), "暴雨");
    const json_t *times = json_object_get(run, "times");
    assert_int_equal(json_array_size(times), STEPS);
    assert_string_equal(json_string_value(json_array_get(times, 1)), "2026-07-20T20:05:00Z");
    json_decref(run);
    json_t *buildings = get_json(t, "/runs/" BASE_RUN "/buildings", 200);
    const json_t *first = json_array_get(json_object_get(buildings, "buildings"), 0);
    assert_string_equal(text_of(first, "id"), "bldg-0");
    assert_int_equal(json_integer_value(json_object_get(first, "residents")), 3);
    json_decref(buildings);
    json_t *rooms = get_json(t, "/runs/" BASE_RUN "/rooms", 200);
    first = json_array_get(json_object_get(rooms, "rooms"), 0);
    assert_string_equal(text_of(first, "id"), "park-1");
    json_decref(rooms);
    expect_status(t,
                  "/runs/"
                  "00000000000000000000000000000000"
                  "/rooms",
                  404);
}

// The value that /point tells for the rest of the address; NAN for null.
static double point_at(const twin *t, const char *layer, const char *where, const char *rest) {
    char target[512];
    snprintf(target, sizeof target, "/runs/" BASE_RUN "/maps/%s/point?%s%s", layer, where, rest);
    json_t *answered = get_json(t, target, 200);
    const json_t *value = json_object_get(answered, "value");
    double number = json_is_number(value) ? json_number_value(value) : (double)NAN;
    assert_string_equal(text_of(answered, "unit"), "m");
    assert_int_equal(json_is_null(value), json_is_null(json_object_get(answered, "class")));
    json_decref(answered);
    return number;
}

static void values_at_places_and_times(void **state) {
    const twin *t = *state;
    char wet[96], dry[96], outside[96], target[512];
    place(wet, 22.5, 52.5);
    place(dry, 77.5, 52.5);
    place(outside, 500, 500);
    assert_true(fabs(point_at(t, "depth", wet, "&datetime=2026-07-20T20:05:00Z") - 0.2) < 1e-6);
    assert_true(fabs(point_at(t, "depth", wet, "&datetime=2026-07-20T20:09:59Z") - 0.2) <
                1e-6); // step before
    assert_true(fabs(point_at(t, "depth", wet, "&datetime=2026-07-21T00:00:00Z") - 0.4) <
                1e-6);                                                 // the last one
    assert_true(isnan(point_at(t, "depth", wet, "&datetime=" START))); // dry then
    assert_true(fabs(point_at(t, "max_depth", wet, "") - 0.4) < 1e-6);
    assert_true(isnan(point_at(t, "max_depth", dry, "")));
    assert_true(isnan(point_at(t, "max_depth", outside, "")));
    assert_true(fabs(point_at(t, "difference", wet, "&with=" OTHER_RUN) + 0.2) <
                1e-6); // with minus run
    static const struct {
        const char *rest;
        int status;
    } wrong[] = {{"depth/point?%s", 400},
                 {"depth/point?%s&datetime=2026-07-20T19:59:59Z", 404},
                 {"depth/point?%s&datetime=noon", 400},
                 {"difference/point?%s", 400},
                 {"difference/point?%s&with=00000000000000000000000000000009", 404},
                 {"nothing/point?%s", 404}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int n = snprintf(target, sizeof target, "/runs/" BASE_RUN "/maps/");
        snprintf(target + n, sizeof target - (size_t)n, wrong[i].rest, wet);
        expect_status(t, target, wrong[i].status);
    }
    snprintf(target, sizeof target, "/runs/" BASE_RUN "/maps/depth/series?%s", wet);
    json_t *series = get_json(t, target, 200);
    const json_t *values = json_object_get(series, "values");
    assert_int_equal(json_array_size(values), STEPS);
    assert_true(fabs(json_number_value(json_array_get(values, 2)) - 0.4) < 1e-6);
    assert_string_equal(json_string_value(json_array_get(json_object_get(series, "times"), 0)),
                        START);
    json_decref(series);
}

static void pictures(void **state) {
    const twin *t = *state;
    ct_transform *transform;
    double xy[2] = {twin_east + 22.5, twin_north + 52.5};
    assert_int_equal(ct_transform_get(&transform, TWIN_CRS, CT_CRS_MERCATOR), CT_OK);
    assert_int_equal(ct_transform_points(transform, xy, 1, 2), CT_OK);
    ct_bbox box = {xy[0], xy[1], xy[0], xy[1]};
    uint32_t x, y, x1, y1;
    ct_tile_range(17, &box, &x, &y, &x1, &y1);
    static const char *const layers[] = {"max_depth/%s", "depth/%s?datetime=2026-07-20T20:10:00Z",
                                         ("difference/%s?with=" OTHER_RUN)};
    for (size_t i = 0; i < 3; i++) {
        char tile[64], target[256], etag[1024], header[1100], type[1024];
        snprintf(tile, sizeof tile, "tiles/WebMercatorQuad/17/%u/%u", y, x);
        int n = snprintf(target, sizeof target, "/runs/" BASE_RUN "/maps/");
        snprintf(target + n, sizeof target - (size_t)n, layers[i], tile);
        answer a = get(t->port, target);
        assert_int_equal(a.status, 200);
        assert_string_equal(answer_header(&a, "Content-Type", type), "image/png");
        assert_memory_equal(a.body, "\x89PNG\r\n\x1a\n", 8);
        snprintf(header, sizeof header, "If-None-Match: %s\r\n", answer_header(&a, "ETag", etag));
        answer_free(&a);
        a = request(t->port, "GET", target, header, NULL);
        assert_int_equal(a.status, 304);
        answer_free(&a);
    }
}

static void files_of_a_run(void **state) {
    const twin *t = *state;
    json_t *list = get_json(t, "/runs/" BASE_RUN "/files", 200);
    size_t i;
    json_t *file;
    bool raster = false, zarr = false, chunk = false;
    json_array_foreach(json_object_get(list, "files"), i, file) {
        const char *name = text_of(file, "name"), *href = text_of(file, "href");
        const bool folder = strcmp(text_of(file, "kind"), "folder") == 0;
        raster |= strcmp(name, "flood_max_depth.tif") == 0;
        zarr |= strcmp(name, "flood.zarr") == 0 && folder;
        chunk |= strcmp(name, "flood.zarr/max_depth/0.0") == 0;
        if (folder) { // it cannot be fetched: no address; what lies in it is listed
            assert_string_equal(href, "");
            continue;
        }
        answer a = get(t->port, path_of(t, href));
        assert_int_equal(a.status, 200);
        assert_int_equal(a.length, json_integer_value(json_object_get(file, "bytes")));
        answer_free(&a);
    }
    assert_true(raster && zarr && chunk);
    json_decref(list);
    answer a = request(t->port, "GET", "/runs/" BASE_RUN "/files/flood_max_depth.tif",
                       "Range: bytes=0-3\r\n", NULL);
    assert_int_equal(a.status, 206);
    assert_int_equal(a.length, 4);
    assert_memory_equal(a.body, "II*\0", 4);
    answer_free(&a);
    json_t *attributes = get_json(t, "/runs/" BASE_RUN "/files/flood.zarr/.zattrs", 200);
    json_decref(attributes);
    expect_status(t, "/runs/" BASE_RUN "/files/flood.zarr", 404); // a folder
    expect_status(t, "/runs/" BASE_RUN "/files/../../../small.ct", 400);
    expect_status(t, "/runs/" BASE_RUN "/files/%2e%2e/%2e%2e/%2e%2e/small.ct", 400);
}

static void comparison_and_removal(void **state) {
    const twin *t = *state;
    json_t *compared = get_json(t, "/runs/" BASE_RUN "/compare?with=" OTHER_RUN, 200);
    assert_string_equal(text_of(compared, "base"), BASE_RUN);
    assert_string_equal(text_of(compared, "other"), OTHER_RUN);
    json_decref(compared);
    // Who means to cancel does not remove what has ended meanwhile.
    answer a = request(t->port, "DELETE", "/runs/" OTHER_RUN "?cancel=true", "", NULL);
    assert_int_equal(a.status, 409);
    answer_free(&a);
    a = request(t->port, "DELETE", "/runs/" OTHER_RUN "?cancel=yes", "", NULL);
    assert_int_equal(a.status, 400);
    answer_free(&a);
    expect_status(t, "/runs/" OTHER_RUN, 200);
    a = request(t->port, "DELETE", "/runs/" OTHER_RUN, "", NULL);
    assert_int_equal(a.status, 204);
    answer_free(&a);
    expect_status(t, "/runs/" OTHER_RUN, 404);
    expect_status(t, "/runs/" BASE_RUN "/compare?with=" OTHER_RUN, 404);
    a = request(t->port, "DELETE", "/runs/" OTHER_RUN, "", NULL);
    assert_int_equal(a.status, 404);
    answer_free(&a);
}

// More than fit one page: each once, by the next links; a spoiled one hides no other.
static void scenarios_come_in_pages(void **state) {
    const twin *t = *state;
    char *folder = ct_store_file(t->store, "scenarios");
    assert_int_equal(ct_dir_make(folder), CT_OK);
    for (int i = 0; i < 250; i++) {
        char path[256], text[64];
        snprintf(path, sizeof path, "%s/s%03d.json", folder, i);
        snprintf(text, sizeof text, i == 100 ? "{\"number\":" : "{\"number\":%d}", i);
        assert_int_equal(ct_file_write(path, text, strlen(text)), CT_OK);
    }
    char target[256] = "/scenarios?limit=60";
    int met = 0, last = -1, pages = 0;
    for (bool more = true; more; pages++) {
        json_t *page = get_json(t, target, 200), *scenario;
        size_t i;
        json_array_foreach(json_object_get(page, "scenarios"), i, scenario) {
            const int number = (int)json_integer_value(json_object_get(scenario, "number"));
            assert_true(number > last);
            last = number;
            met++;
        }
        assert_int_equal(json_integer_value(json_object_get(page, "numberMatched")), 250);
        const char *next = link_of(page, "next", NULL);
        more = next != NULL;
        if (more) snprintf(target, sizeof target, "%s", path_of(t, next));
        json_decref(page);
    }
    assert_int_equal(met, 249);
    assert_int_equal(pages, 5);
    json_t *page = get_json(t, "/scenarios", 200);
    assert_int_equal(json_array_size(json_object_get(page, "scenarios")), 199);
    json_decref(page);
    expect_status(t, "/scenarios?limit=0", 400);
    expect_status(t, "/scenarios?offset=-1", 400);
    assert_int_equal(ct_dir_remove(folder), CT_OK);
    ct_free(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_listed),
        cmocka_unit_test(values_at_places_and_times),
        cmocka_unit_test(pictures),
        cmocka_unit_test(files_of_a_run),
        cmocka_unit_test(scenarios_come_in_pages),
        cmocka_unit_test(comparison_and_removal),
    };
    return cmocka_run_group_tests(tests, runs_open, twin_close);
}
