// Live devices, runs and events over HTTP: observations in, alarms, acknowledging, history, the
// stream; what is refused.
#include "unit/http/api/twin.h"

static answer post(const twin *t, const char *target, const char *body) {
    return request(t->port, "POST", target, "Content-Type: application/json\r\n", body);
}

static void expect_post(const twin *t, const char *target, const char *body, int status) {
    answer a = post(t, target, body);
    if (a.status != status)
        fail_msg("POST %s %s: %d %s", target, body, a.status, a.length ? a.body : "");
    answer_free(&a);
}

static void observations_become_values_and_alarms(void **state) {
    twin *t = *state;
    int fd = client_connect(t->port);
    const char *follow = "GET /live/events HTTP/1.1\r\nHost: a\r\n\r\n";
    ct_buf in;
    ct_buf_init(&in, 1 << 20);
    client_send(fd, follow, strlen(follow));
    assert_true(client_read_until(fd, &in, "event: hello"));
    expect_post(t, "/live/observations",
                "[{\"device\":\"gauge-1\",\"t\":\"2026-07-20T20:00:00Z\",\"v\":0.5},"
                "{\"device\":\"gauge-1\",\"t\":\"2026-07-20T20:01:00Z\",\"v\":1.75}]",
                204);
    json_t *device = get_json(t, "/live/devices/gauge-1", 200);
    assert_true(json_number_value(json_object_get(device, "value")) == 1.75);
    json_decref(device);
    json_t *devices = get_json(t, "/live/devices", 200);
    assert_int_equal(json_array_size(json_object_get(devices, "devices")), 1);
    json_decref(devices);
    json_t *history =
        get_json(t, "/live/devices/gauge-1/history?from=2026-07-20T20:00:30Z&limit=10", 200);
    assert_int_equal(json_array_size(json_object_get(history, "observations")), 1);
    json_decref(history);
    json_t *alarms = get_json(t, "/live/alarms?open=true", 200);
    const json_t *alarm = json_array_get(json_object_get(alarms, "alarms"), 0);
    assert_string_equal(text_of(alarm, "device"), "gauge-1");
    char target[128];
    snprintf(target, sizeof target, "/live/alarms/%lld/acknowledge",
             (long long)json_integer_value(json_object_get(alarm, "id")));
    json_decref(alarms);
    expect_post(t, target, "{\"by\":\"\"}", 400);
    expect_post(t, target, "{\"by\":\"Li\",\"x\":1}", 400);
    expect_post(t, target, "{\"by\":\"Li\"}", 204);
    alarms = get_json(t, "/live/alarms", 200);
    alarm = json_array_get(json_object_get(alarms, "alarms"), 0);
    assert_string_equal(text_of(alarm, "acknowledged_by"), "Li");
    assert_string_equal(text_of(alarm, "state"), "acknowledged");
    json_decref(alarms);
    ct_api_tick(t->api);
    assert_true(client_read_until(fd, &in, "event: observation"));
    assert_true(client_read_until(fd, &in, "event: alarm"));
    close(fd);
    ct_buf_fini(&in);
}

static void broken_observations_are_refused(void **state) {
    const twin *t = *state;
    expect_post(t, "/live/observations", "", 400);
    expect_post(t, "/live/observations", "[{", 400);
    expect_post(t, "/live/observations", "[{\"device\":\"gauge-1\",\"v\":1}]", 400);
    expect_post(t, "/live/observations",
                "[{\"device\":\"none\",\"t\":\"2026-07-20T20:00:00Z\",\"v\":1}]", 400);
    answer a = request(t->port, "POST", "/live/observations", "", "[]");
    assert_int_equal(a.status, 415);
    answer_free(&a);
    expect_post(t, "/live/alarms/999999/acknowledge", "{\"by\":\"Li\"}", 404);
    expect_post(t, "/live/alarms/x/acknowledge", "{\"by\":\"Li\"}", 404);
    expect_status(t, "/live/devices/none", 404);
    expect_status(t, "/live/devices/none/history", 404);
    expect_status(t, "/live/devices/gauge-1/history?from=yesterday", 400);
    expect_status(t, "/live/devices/gauge-1/history?limit=0", 400);
    expect_status(t, "/live/alarms?open=perhaps", 400);
}

// Commits and runs are told to those who follow.
static void changes_are_told(void **state) {
    twin *t = *state;
    int fd = client_connect(t->port);
    const char *follow = "GET /live/events HTTP/1.1\r\nHost: a\r\n\r\n";
    ct_buf in;
    ct_buf_init(&in, 1 << 20);
    client_send(fd, follow, strlen(follow));
    assert_true(client_read_until(fd, &in, "event: hello"));
    ct_arena *arena = ct_arena_new(4096, 0);
    ct_feature f = feature_of(t, arena, "device", "gauge-2");
    set_text(&f, "kind", "rain_gauge");
    set_text(&f, "property", "rain_mm_h");
    f.geom = point(arena, twin_east, twin_north, 20, true);
    ct_writer *writer;
    int64_t version;
    assert_int_equal(ct_store_writer(&writer, t->store, "test"), CT_OK);
    add(writer, arena, &f);
    assert_int_equal(ct_writer_commit(writer, &version), CT_OK);
    ct_arena_free(arena);
    ct_api_tick(t->api);
    assert_true(client_read_until(
        fd, &in, "event: change\ndata: {\"collections\":[\"devices\"],\"version\":"));
    json_t *device = get_json(t, "/live/devices/gauge-2", 200); // the live state knows it
    json_decref(device);
    ct_api_publish(t->api, "run", "{\"id\":\"1\"}");
    assert_true(client_read_until(fd, &in, "event: run\ndata: {\"id\":\"1\"}"));
    close(fd);
    ct_buf_fini(&in);
}

static void runs_and_scenarios(void **state) {
    const twin *t = *state;
    json_t *runs = get_json(t, "/runs", 200);
    assert_int_equal(json_array_size(json_object_get(runs, "runs")), 0);
    json_decref(runs);
    json_t *none = get_json(t, "/scenarios", 200);
    assert_int_equal(json_array_size(json_object_get(none, "scenarios")), 0);
    json_decref(none);
    char *folder = ct_store_file(t->store, "scenarios"), *path = ct_path_join(folder, "storm.json");
    const char *storm = "{\"title\":{\"en\":\"Storm\",\"zh\":\"暴雨\"},\"engine\":\"flood\"}";
    assert_int_equal(ct_dir_make(folder), CT_OK);
    assert_int_equal(ct_file_write(path, storm, strlen(storm)), CT_OK);
    char *spoiled = ct_path_join(folder, "spoiled.json"); // does not hide the others
    assert_int_equal(ct_file_write(spoiled, "{\"title\":", 9), CT_OK);
    ct_free(spoiled);
    json_t *one = get_json(t, "/scenarios", 200);
    assert_int_equal(json_array_size(json_object_get(one, "scenarios")), 1);
    const json_t *first = json_array_get(json_object_get(one, "scenarios"), 0);
    assert_string_equal(text_of(json_object_get(first, "title"), "zh"), "暴雨");
    json_decref(one);
    ct_free(folder);
    ct_free(path);
    expect_post(t, "/runs", "{}", 400);
    expect_post(t, "/runs", "not json", 400);
    expect_post(t, "/runs", "{\"engine\":\"flood\",\"duration_s\":-1}", 400);
    const char *id = "/runs/0123456789abcdef0123456789abcdef";
    static const char *const tails[] = {"", "/buildings", "/files", "/files/run.json",
                                        "/compare?with=0123456789abcdef0123456789abcdee"};
    for (size_t i = 0; i < 5; i++) {
        char target[256];
        snprintf(target, sizeof target, "%s%s", id, tails[i]);
        expect_status(t, target, 404);
    }
    expect_status(t, "/runs/0123456789abcdef0123456789abcdef/compare", 400);
    expect_status(t, "/runs/../../small.ct", 400);
    expect_status(t, "/runs/nonsense/files/run.json", 404);
    answer a = request(t->port, "DELETE", id, "", NULL);
    assert_int_equal(a.status, 404);
    answer_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observations_become_values_and_alarms),
        cmocka_unit_test(broken_observations_are_refused),
        cmocka_unit_test(changes_are_told),
        cmocka_unit_test(runs_and_scenarios),
    };
    return cmocka_run_group_tests(tests, twin_open, twin_close);
}
