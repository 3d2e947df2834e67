// The JSON writer: nesting, escapes, numbers that read back the same.
#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/rng.h"

static ct_buf buf;
static ct_jsonw w;

static int setup(void **state) {
    (void)state;
    ct_buf_init(&buf, 1 << 22);
    ct_jsonw_init(&w, &buf);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    ct_buf_fini(&buf);
    return 0;
}

static void nesting_and_commas(void **state) {
    (void)state;
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "type", "Feature");
    ct_jsonw_kv_int(&w, "fid", -42);
    ct_jsonw_key(&w, "list");
    ct_jsonw_array(&w);
    ct_jsonw_array(&w);
    ct_jsonw_end_array(&w);
    ct_jsonw_object(&w);
    ct_jsonw_end_object(&w);
    ct_jsonw_null(&w);
    ct_jsonw_raw(&w, "{\"a\":1}", 7);
    ct_jsonw_end_array(&w);
    ct_jsonw_kv_bool(&w, "on", true);
    ct_jsonw_kv_bool(&w, "off", false);
    ct_jsonw_kv_double(&w, "x", 0.5);
    ct_jsonw_kv_string(&w, "none", NULL);
    ct_jsonw_end_object(&w);
    assert_string_equal(buf.data,
                        "{\"type\":\"Feature\",\"fid\":-42,\"list\":[[],{},null,{\"a\":1}],"
                        "\"on\":true,\"off\":false,\"x\":0.5,\"none\":null}");
}

static void deepest_nesting(void **state) {
    (void)state;
    for (int i = 0; i < 62; i++) ct_jsonw_array(&w);
    ct_jsonw_int(&w, 1);
    ct_jsonw_int(&w, 2);
    for (int i = 0; i < 62; i++) ct_jsonw_end_array(&w);
    json_t *value;
    assert_int_equal(ct_json_parse(&value, buf.data, buf.len, 1 << 20), CT_OK);
    json_decref(value);
    assert_non_null(strstr(buf.data, "[1,2]"));
}

static void strings_are_escaped(void **state) {
    (void)state;
    ct_jsonw_array(&w);
    ct_jsonw_string(&w, "a\"b\\c\n\t\r\b\f\x01\x1f/");
    ct_jsonw_string(&w, "\xE6\xB2\xB3\xE8\xBE\xB9 \xF0\x9F\x94\xA5"); // Chinese and an emoji stay
    ct_jsonw_string_n(&w, "a\0b", 3);
    ct_jsonw_string_n(&w, "abc", 0);
    ct_jsonw_end_array(&w);
    assert_string_equal(buf.data,
                        "[\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f/\","
                        "\"\xE6\xB2\xB3\xE8\xBE\xB9 \xF0\x9F\x94\xA5\",\"a\\u0000b\",\"\"]");
}

// Strings are looked at eight bytes at a time: every ASCII byte at every place of strings of every
// length up to three words gives what looking at it singly gives.
static void every_byte_at_every_place(void **state) {
    (void)state;
    for (size_t n = 1; n <= 24; n++)
        for (size_t at = 0; at < n; at++)
            for (unsigned c = 0; c < 0x80; c++) {
                char text[24], expected[64], escape[8];
                memset(text, 'x', sizeof text);
                text[at] = (char)c;
                const char *known = c == '"'    ? "\\\""
                                    : c == '\\' ? "\\\\"
                                    : c == '\b' ? "\\b"
                                    : c == '\f' ? "\\f"
                                    : c == '\n' ? "\\n"
                                    : c == '\r' ? "\\r"
                                    : c == '\t' ? "\\t"
                                                : NULL;
                snprintf(escape, sizeof escape, c < 0x20 ? "\\u%04x" : "%c", c);
                snprintf(expected, sizeof expected, "\"%.*s%s%.*s\"", (int)at, text,
                         known ? known : escape, (int)(n - at - 1), "xxxxxxxxxxxxxxxxxxxxxxxx");
                ct_buf_reset(&buf);
                ct_jsonw_init(&w, &buf);
                ct_jsonw_string_n(&w, text, n);
                assert_string_equal(buf.data, expected);
            }
    // Neighbours of what is escaped, and text that is not ASCII, in one word.
    ct_buf_reset(&buf);
    ct_jsonw_init(&w, &buf);
    ct_jsonw_string(&w, " !#[]~\x7f \xE6\xB2\xB3!\x1f !#[]\"");
    assert_string_equal(buf.data, "\" !#[]~\x7f \xE6\xB2\xB3!\\u001f !#[]\\\"\"");
}

static void invalid_utf8_is_replaced(void **state) {
    (void)state;
#define R "\xEF\xBF\xBD"
    ct_jsonw_array(&w);
    ct_jsonw_string(&w, "a\xFFz");
    ct_jsonw_string(&w, "\xC0\xAF");     // over-long
    ct_jsonw_string(&w, "\xED\xA0\x80"); // a surrogate
    ct_jsonw_string(&w, "\xE6\xB2");     // cut off
    ct_jsonw_end_array(&w);
    assert_string_equal(buf.data, "[\"a" R "z\",\"" R R "\",\"" R R R "\",\"" R R "\"]");
}

static const char *written(double value) {
    ct_buf_reset(&buf);
    ct_jsonw_init(&w, &buf);
    ct_jsonw_double(&w, value);
    return buf.data;
}

static void doubles_are_shortest(void **state) {
    (void)state;
    assert_string_equal(written(0.0), "0");
    assert_string_equal(written(-0.0), "-0.0");
    assert_string_equal(written(1.0), "1");
    assert_string_equal(written(-17.25), "-17.25");
    assert_string_equal(written(0.1), "0.1");
    assert_string_equal(written(0.1 + 0.2), "0.30000000000000004");
    assert_string_equal(written(1.0 / 3.0), "0.3333333333333333");
    assert_string_equal(written(114.123456789), "114.123456789");
    assert_string_equal(written(1e20), "1e+20");
    assert_string_equal(written(1e-7), "1e-07");
    assert_string_equal(written(123456789012345680.0), "1.2345678901234568e+17");
    assert_string_equal(written(9007199254740993.0), "9007199254740992");
    assert_string_equal(written(5e-324), "5e-324");
    assert_string_equal(written(1.7976931348623157e308), "1.7976931348623157e+308");
    assert_string_equal(written((double)NAN), "null");
    assert_string_equal(written((double)INFINITY), "null");
    assert_string_equal(written((double)-INFINITY), "null");
}

static void doubles_read_back(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 200000; i++) {
        uint64_t bits = ct_rng_u64(1, i, 0, 0);
        double value;
        if (i % 2) // any bit pattern, or a number of everyday size with some decimals
            memcpy(&value, &bits, sizeof value);
        else
            value = (double)(int64_t)(bits >> 20) / pow(10, i % 13);
        if (!isfinite(value)) continue;
        const char *text = written(value);
        double back = strtod(text, NULL);
        assert_memory_equal(&back, &value, sizeof value);
        char other[40]; // no longer than what printf needs to read back
        for (int p = 1; p <= 17; p++) {
            snprintf(other, sizeof other, "%.*g", p, value);
            if (strtod(other, NULL) == value) break;
        }
        size_t digits = 0, least = 0;
        for (const char *c = text; *c && *c != 'e'; c++) digits += *c >= '0' && *c <= '9';
        for (const char *c = other; *c && *c != 'e'; c++) least += *c >= '0' && *c <= '9';
        if (!strchr(other, 'e') && !strchr(text, 'e')) assert_in_range(digits, 1, least);
    }
}

static const char *fixed(double value, int decimals) {
    ct_buf_reset(&buf);
    ct_jsonw_init(&w, &buf);
    ct_jsonw_fixed(&w, value, decimals);
    return buf.data;
}

static void fixed_rounds_and_drops_zeros(void **state) {
    (void)state;
    assert_string_equal(fixed(113.5, 7), "113.5");
    assert_string_equal(fixed(-113.12345674, 7), "-113.1234567");
    assert_string_equal(fixed(-113.12345676, 7), "-113.1234568");
    assert_string_equal(fixed(0.0004, 3), "0");
    assert_string_equal(fixed(-0.0004, 3), "0"); // no negative zero
    assert_string_equal(fixed(-0.05, 2), "-0.05");
    assert_string_equal(fixed(0.000000001, 9), "0.000000001");
    assert_string_equal(fixed(99.9996, 3), "100");
    assert_string_equal(fixed(1234.5678, 0), "1235");
    assert_string_equal(fixed(100.0, 2), "100");
    assert_string_equal(fixed(7.0, 12), "7"); // 9 decimals at most
    assert_string_equal(fixed(7.6, -1), "8");
    assert_string_equal(fixed(1e300, 3), "1e+300");
    assert_string_equal(fixed((double)NAN, 3), "null");
    assert_string_equal(fixed((double)INFINITY, 3), "null");
}

static void fixed_agrees_with_printf(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        double value = ct_rng_range(-1e6, 1e6, 5, i, 0, 0);
        int decimals = (int)(i % 8);
        double step = pow(10, -decimals);
        double back = strtod(fixed(value, decimals), NULL);
        assert_true(fabs(back - value) <= 0.5 * step + 4e-16 * fabs(value));
        const char *point = strchr(buf.data, '.');
        if (point) {
            assert_in_range(strlen(point + 1), 1, decimals);
            assert_int_not_equal(buf.data[buf.len - 1], '0');
        }
    }
}

static void integers(void **state) {
    (void)state;
    ct_jsonw_array(&w);
    ct_jsonw_int(&w, 0);
    ct_jsonw_int(&w, 7);
    ct_jsonw_int(&w, 1000);
    ct_jsonw_int(&w, INT64_MAX);
    ct_jsonw_int(&w, INT64_MIN);
    ct_jsonw_end_array(&w);
    assert_string_equal(buf.data, "[0,7,1000,9223372036854775807,-9223372036854775808]");
}

static void integers_around_powers_of_ten(void **state) {
    (void)state;
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10)
        for (int64_t value = power - 1; value <= power + 1; value++) {
            char expected[32];
            snprintf(expected, sizeof expected, "%lld", -(long long)value);
            ct_buf_reset(&buf);
            ct_jsonw_init(&w, &buf);
            ct_jsonw_int(&w, -value);
            assert_string_equal(buf.data, expected);
        }
}

static void fixed_at_writes_what_fixed_writes(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        const double value = ct_rng_range(-2e7, 2e7, 6, i, 0, 0) * (i % 3 ? 1 : 1e-7);
        char text[CT_JSONW_FIXED_BYTES + 1];
        char *end = ct_jsonw_fixed_at(text, value, (int)(i % 9));
        assert_non_null(end);
        *end = '\0';
        assert_string_equal(text, fixed(value, (int)(i % 9)));
    }
    char text[CT_JSONW_FIXED_BYTES];
    assert_null(ct_jsonw_fixed_at(text, (double)NAN, 3));
    assert_null(ct_jsonw_fixed_at(text, -(double)INFINITY, 3));
    assert_null(ct_jsonw_fixed_at(text, 1e300, 3));
}

static void full_buffer_is_told_at_the_end(void **state) {
    (void)state;
    ct_buf small;
    ct_jsonw writer;
    ct_buf_init(&small, 20);
    ct_jsonw_init(&writer, &small);
    ct_jsonw_array(&writer);
    for (int i = 0; i < 100; i++) ct_jsonw_int(&writer, i);
    ct_jsonw_end_array(&writer);
    assert_int_equal(ct_buf_status(&small), CT_LIMIT);
    ct_buf_fini(&small);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(nesting_and_commas),
        T(deepest_nesting),
        T(strings_are_escaped),
        T(every_byte_at_every_place),
        T(invalid_utf8_is_replaced),
        T(doubles_are_shortest),
        T(doubles_read_back),
        T(fixed_rounds_and_drops_zeros),
        T(fixed_agrees_with_printf),
        T(integers),
        T(integers_around_powers_of_ten),
        T(fixed_at_writes_what_fixed_writes),
        T(full_buffer_is_told_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
