// Payloads of observations: what is taken, and how what is not is named.
#include "fixture.h"

typedef struct parsed {
    ct_arena *arena;
    ct_observation *rows;
    size_t n;
} parsed;

static ct_err parse(parsed *p, const char *device, const char *json) {
    return ct_live_parse(&p->rows, &p->n, p->arena, device, json, strlen(json));
}

static int setup(void **state) {
    parsed *p = calloc(1, sizeof *p);
    p->arena = ct_arena_new(1 << 16, (size_t)64 << 20);
    *state = p;
    return p->arena ? 0 : -1;
}

static int teardown(void **state) {
    parsed *p = *state;
    ct_arena_free(p->arena);
    free(p);
    return 0;
}

static void test_one(void **state) {
    parsed *p = *state;
    ok(parse(p, "wl-1", "{\"t\":\"2026-07-20T20:00:01.250Z\",\"v\":0.42}"));
    assert_int_equal(p->n, 1);
    assert_string_equal(p->rows[0].device, "wl-1");
    assert_null(p->rows[0].property);
    assert_int_equal(p->rows[0].time_us, T0 + 1250000);
    assert_true(p->rows[0].value == 0.42);
    assert_int_equal(p->rows[0].quality, 0);
    ok(parse(p, NULL,
             "{\"device\":\"wl-2\",\"t\":\"2026-07-21T04:00:02+08:00\",\"v\":-3,"
             "\"property\":\"battery_v\",\"q\":2}"));
    assert_int_equal(p->n, 2);
    assert_string_equal(p->rows[0].device, "wl-1"); // appended, not replaced
    assert_string_equal(p->rows[1].device, "wl-2");
    assert_string_equal(p->rows[1].property, "battery_v");
    assert_int_equal(p->rows[1].time_us, S(2));
    assert_int_equal(p->rows[1].quality, 2);
    ok(parse(p, "wl-1", "{\"device\":\"wl-1\",\"t\":\"2026-07-20T20:00:01Z\",\"v\":1}"));
    ok(parse(p, "wl-1", "[]"));
    assert_int_equal(p->n, 3);
}

static void test_many_payloads(void **state) {
    parsed *p = *state;
    char json[96], time[32];
    for (int i = 0; i < 20000; i++) { // one row each: the room grows, it is not copied each time
        ct_time_format(time, S(i));
        (void)snprintf(json, sizeof json, "{\"t\":\"%s\",\"v\":%d}", time, i);
        ok(parse(p, "wl-1", json));
        if (i % 100 == 0) fails(parse(p, "wl-1", "[{\"t\":\"2026-07-20\",\"v\":1},{}]"), "PARSE");
    }
    assert_int_equal(p->n, 20000);
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(p->rows[i].time_us, S(i));
        assert_true(p->rows[i].value == i);
        assert_string_equal(p->rows[i].device, "wl-1");
    }
}

static void test_what_is_named(void **state) {
    static const struct {
        const char *device, *json, *error, *message;
    } cases[] = {
        {"d", "", "PARSE", "line 1"},
        {"d", "{\"t\":", "PARSE", "line 1"},
        {"d", "3", "PARSE", "an object or an array"},
        {"d", "[3]", "PARSE", "[0]: not a JSON object"},
        {"d", "{\"v\":1}", "PARSE", "observation: field \"t\" is missing"},
        {"d", "{\"t\":5,\"v\":1}", "PARSE", "observation.t: must be a string"},
        {"d", "{\"t\":\"noon\",\"v\":1}", "PARSE", "observation.t: "},
        {"d", "{\"t\":\"2026-02-30T00:00:00Z\",\"v\":1}", "PARSE", "observation.t: "},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\"}", "PARSE", "observation: field \"v\" is missing"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":\"1\"}", "PARSE", "observation.v"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":null}", "PARSE", "observation.v"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1e13}", "RANGE", "observation.v"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"q\":3}", "RANGE", "observation.q"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"q\":0.5}", "PARSE", "observation.q"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"x\":0}", "PARSE", "unknown field \"x\""},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"v\":2}", "PARSE", "line 1"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"property\":\"\"}", "RANGE",
         "observation.property"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"property\":7}", "PARSE",
         "observation.property"},
        {"d", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"device\":\"e\"}", "PARSE",
         "observation.device: \"e\" in the name of \"d\""},
        {"a/b", "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1}", "PARSE", "\"a/b\" is not an id"},
        {NULL, "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1}", "PARSE", "observation.device"},
        {NULL, "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"device\":\"a b\"}", "PARSE", "not an id"},
        {"d", "[{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1},{\"t\":\"2026-07-20T20:00:01Z\"}]",
         "PARSE", "[1]: field \"v\" is missing"},
    };
    parsed *p = *state;
    ok(parse(p, "wl-1", "{\"t\":\"2026-07-20T20:00:01Z\",\"v\":1}"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fails(parse(p, cases[i].device, cases[i].json), cases[i].error);
        assert_has(ct_err_message(), cases[i].message);
        assert_int_equal(p->n, 1);
    }
    char longer[200];
    (void)snprintf(longer, sizeof longer,
                   "{\"t\":\"2026-07-20T20:00:00Z\",\"v\":1,\"property\":\"%065d\"}", 0);
    fails(parse(p, "d", longer), "RANGE");
    assert_string_equal(p->rows[0].device, "wl-1");
}

static void put_rows(ct_buf *json, int n) {
    ct_buf_reset(json);
    for (int i = 0; i < n; i++)
        ct_buf_printf(json, "%c{\"t\":\"2026-07-20\",\"v\":1}", i ? ',' : '[');
    ct_buf_putc(json, ']');
    ok(ct_buf_status(json));
}

static void test_limits(void **state) {
    parsed *p = *state;
    ct_buf json;
    ct_buf_init(&json, (size_t)64 << 20);
    put_rows(&json, 100001);
    fails(parse(p, "d", json.data), "LIMIT");
    assert_has(ct_err_message(), "100001 observations");
    put_rows(&json, 100000);
    ok(parse(p, "d", json.data));
    assert_int_equal(p->n, 100000);
    ct_buf_reset(&json);
    char *room = ct_buf_reserve(&json, (16 << 20) + 2);
    assert_non_null(room);
    memset(room, ' ', (16 << 20) + 1);
    room[(16 << 20) + 1] = 0;
    fails(parse(p, "d", room), "LIMIT");
    ct_buf_fini(&json);
    // an arena that is full is no fault of the payload
    parsed small = {.arena = ct_arena_new(256, 512)};
    fails(parse(&small, "d", "{\"t\":\"2026-07-20T20:00:01Z\",\"v\":1}"), "NOMEM");
    ct_arena_free(small.arena);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_one),
        T(test_many_payloads),
        T(test_what_is_named),
        T(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
