// JSON on a tape: the values of a text, walks over them, limits, errors by line and column,
// failed allocations.
#include "cmk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/tape.h"

static ct_tape *tape;

static int open_tape(void **state) {
    (void)state;
    tape = ct_tape_new();
    return tape ? 0 : -1;
}

static int close_tape(void **state) {
    (void)state;
    ct_tape_free(tape);
    return 0;
}

static const ct_tape_value *parsed(const char *text) {
    const ct_tape_value *root = NULL;
    if (ct_tape_parse(&root, tape, text, strlen(text), 1 << 20) != CT_OK)
        fail_msg("%s: %s", text, ct_err_message());
    return root;
}

static void refused(const char *text, const char *part) {
    const ct_tape_value *root = NULL;
    assert_int_equal(ct_tape_parse(&root, tape, text, strlen(text), 1 << 20), CT_PARSE);
    assert_null(root);
    if (!strstr(ct_err_message(), part)) fail_msg("%s: %s", text, ct_err_message());
}

static void values_of_all_kinds(void **state) {
    (void)state;
    const ct_tape_value *v = parsed(" [ null,true , false,-12,0,2.5,\"text\",[],{},[1,[2]] ]\r\n");
    assert_int_equal(v->kind, CT_TAPE_ARRAY);
    assert_int_equal(v->n, 10);
    assert_int_equal(v->span, 14);
    ct_tape_walk w = ct_tape_begin(v, CT_TAPE_ARRAY);
    static const ct_tape_kind kinds[] = {
        CT_TAPE_NULL, CT_TAPE_TRUE,   CT_TAPE_FALSE, CT_TAPE_INTEGER, CT_TAPE_INTEGER,
        CT_TAPE_REAL, CT_TAPE_STRING, CT_TAPE_ARRAY, CT_TAPE_OBJECT,  CT_TAPE_ARRAY};
    const ct_tape_value *all[10];
    for (size_t i = 0; i < 10; i++) {
        all[i] = ct_tape_next(&w);
        assert_int_equal(all[i]->kind, kinds[i]);
    }
    assert_null(ct_tape_next(&w));
    assert_null(ct_tape_next(&w));
    assert_int_equal(all[3]->as.integer, -12);
    assert_true(all[5]->as.real == 2.5);
    assert_true(ct_tape_equals(all[6], "text"));
    assert_false(ct_tape_equals(all[6], "tex"));
    assert_false(ct_tape_equals(all[3], "text"));
    assert_true(ct_tape_number(all[3]) == -12 && ct_tape_number(all[5]) == 2.5);
    assert_true(ct_tape_number(all[6]) == 0 && !ct_tape_is_number(NULL));
    assert_int_equal(parsed("7")->as.integer, 7);
}

static void numbers_keep_their_kind_and_range(void **state) {
    (void)state;
    assert_true(parsed("9223372036854775807")->as.integer == INT64_MAX);
    assert_true(parsed("-9223372036854775808")->as.integer == INT64_MIN);
    assert_int_equal(parsed("-0")->kind, CT_TAPE_INTEGER);
    assert_int_equal(parsed("1e2")->kind, CT_TAPE_REAL);
    assert_true(parsed("1E+2")->as.real == 100);
    assert_true(parsed("-85012.123456789012345678901")->as.real == -85012.123456789012345678901);
    assert_true(parsed("1e-400")->as.real == 0);
    static const char *const wrong[] = {"9223372036854775808",
                                        "-9223372036854775809",
                                        "99999999999999999999",
                                        "1e999",
                                        "-1e999",
                                        "01",
                                        "-",
                                        "-x",
                                        "1.",
                                        "1.e5",
                                        ".5",
                                        "1e",
                                        "1e+",
                                        "+1",
                                        "0x10",
                                        "NaN",
                                        "Infinity",
                                        "-Infinity",
                                        "1 2",
                                        "1,"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) refused(wrong[i], "line 1, column");
}

static void strings_are_unescaped(void **state) {
    (void)state;
    const ct_tape_value *v =
        parsed("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\uD83D\\uDE00 \xE4\xB8\xAD\"");
    assert_true(
        ct_tape_equals(v, "a\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \xE4\xB8\xAD"));
    assert_true(ct_tape_equals(parsed("\"\""), ""));
    static const char *const wrong[] = {"\"",
                                        "\"\\",
                                        "\"\\\"",
                                        "\"\\x\"",
                                        "\"\\u12\"",
                                        "\"\\u12G4\"",
                                        "\"\\u0000\"",
                                        "\"\\uD800\"",
                                        "\"\\uD800x\"",
                                        "\"\\uD800\\n\"",
                                        "\"\\uD800\\u0041\"",
                                        "\"\\uDC00\"",
                                        "\"\t\"",
                                        "\"\n\"",
                                        "\"\xFF\"",
                                        "\"\xC0\x80\"",
                                        "\"\xED\xA0\x80\"",
                                        "\"\xF4\x90\x80\x80\"",
                                        "\"\xE4\xB8",
                                        "\xC3\xA9",
                                        "\xEF\xBB\xBF[]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) refused(wrong[i], "line 1, column");
}

static void members_are_found_by_name(void **state) {
    (void)state;
    const ct_tape_value *o =
        parsed("{\"a\":{\"b\":1},\"b\":[2,\"x\"],\"\":3,\"t\\u0065xt\":\"w\"}");
    assert_int_equal(ct_tape_count(o, CT_TAPE_OBJECT), 4);
    assert_int_equal(ct_tape_count(o, CT_TAPE_ARRAY), 0);
    assert_int_equal(ct_tape_get(o, "b")->n, 2);
    assert_int_equal(ct_tape_get(ct_tape_get(o, "a"), "b")->as.integer, 1);
    assert_int_equal(ct_tape_get(o, "")->as.integer, 3);
    assert_true(ct_tape_equals(ct_tape_get(o, "text"), "w"));
    assert_null(ct_tape_get(o, "c"));
    assert_null(ct_tape_get(ct_tape_get(o, "b"), "x"));
    assert_null(ct_tape_get(NULL, "x"));
}

static void keys_stand_once(void **state) {
    (void)state;
    refused("{\"a\":1,\n\"b\":{\"c\":1,\"c\":2}}", "line 2, column 12: duplicate object key \"c\"");
    refused("{\"a\":1,\"\\u0061\":2}", "duplicate object key \"a\"");
    ct_buf text;
    ct_buf_init(&text, 1 << 20);
    ct_buf_puts(&text, "{");
    for (int i = 0; i < 5000; i++) ct_buf_printf(&text, "\"k%d\":%d,", i, i);
    ct_buf_puts(&text, "\"k\":[]}");
    assert_int_equal(ct_tape_get(parsed(text.data), "k4711")->as.integer, 4711);
    text.data[text.len - 6] = '4'; // "k" becomes "4": still new
    assert_int_equal(parsed(text.data)->n, 5001);
    text.len -= 1;
    ct_buf_puts(&text, ",\"k17\":0}");
    refused(text.data, "duplicate object key \"k17\"");
    ct_buf_fini(&text);
}

static void size_and_depth_are_bounded(void **state) {
    (void)state;
    const ct_tape_value *root = NULL;
    assert_int_equal(ct_tape_parse(&root, tape, "[1,2,3]", 7, 6), CT_LIMIT);
    assert_int_equal(ct_tape_parse(&root, tape, "[1,2,3]", 7, 7), CT_OK);
    char text[200] = {0};
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    text[129] = '\0';
    root = parsed(text + 1); // 64 levels
    assert_int_equal(root->span, 64);
    text[129] = ']';
    root = NULL;
    assert_int_equal(ct_tape_parse(&root, tape, text, 130, 1000), CT_LIMIT);
    assert_null(root);
    assert_non_null(strstr(ct_err_message(), "column 65"));
    assert_non_null(strstr(ct_err_message(), "64 levels"));
}

static void errors_tell_line_and_column(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {{"", "line 1, column 1: a value expected"},
                 {"{\n \"a\": 1,\n \"b\" 2}", "line 3, column 6: ':' expected"},
                 {"[1,]", "line 1, column 4: a value expected"},
                 {"[1 2]", "line 1, column 4: ',' or ']' expected"},
                 {"{\"a\":1 ]", "line 1, column 8: ',' or '}' expected"},
                 {"{\"a\":1,}", "line 1, column 8: a key in quotes expected"},
                 {"[\"\xC3\xA9\xE4\xB8\xAD\",x]", "line 1, column 7: a value expected"},
                 {"[\r\n[true,nul]]", "line 2, column 7: a value expected"},
                 {"[1]]", "line 1, column 4: the end expected"},
                 {"[\"a\nb\"]", "line 1, column 4: a control character"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) refused(cases[i].text, cases[i].part);
    const ct_tape_value *root = NULL; // a NUL is no end
    assert_int_equal(ct_tape_parse(&root, tape, "[1]\0 ", 5, 100), CT_PARSE);
    assert_int_equal(ct_tape_parse(&root, tape, "[\"\0\"]", 5, 100), CT_PARSE);
}

static void canonical_texts(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{ \"b\" : [1, 2.50, \"]}\\\"\"], \"a\": null }", "{\"a\":null,\"b\":[1,2.5,\"]}\\\"\"]}"},
        {"[ ]", "[]"},
        {"\"a\\u0062\"", "\"ab\""},
        {"-3", "-3"},
        {"true", "true"},
        {"0.5", "0.5"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = ct_tape_canonical(parsed(cases[i][0]));
        assert_string_equal(text, cases[i][1]);
        ct_free(text);
    }
}

static void getters_name_the_field(void **state) {
    (void)state;
    ct_arena *arena = ct_arena_new(0, 0);
    const ct_tape_value *o = parsed("{\"s\":\"rain\",\"n\":2.5,\"i\":7}");
    const char *s = NULL;
    double n = 0;
    assert_int_equal(ct_tape_get_string(&s, arena, o, "s", "x"), CT_OK);
    assert_string_equal(s, "rain");
    assert_int_equal(ct_tape_string_or(&s, arena, o, "z", "none", "x"), CT_OK);
    assert_string_equal(s, "none");
    assert_int_equal(ct_tape_get_string(&s, arena, o, "z", "x"), CT_PARSE);
    assert_string_equal(ct_err_message(), "x: field \"z\" is missing");
    assert_int_equal(ct_tape_string_or(&s, arena, o, "n", NULL, "x"), CT_PARSE);
    assert_string_equal(ct_err_message(), "x.n: must be a string");
    assert_int_equal(ct_tape_get_string(&s, arena, ct_tape_get(o, "s"), "a", "x"), CT_PARSE);
    assert_string_equal(ct_err_message(), "x: not a JSON object");
    assert_int_equal(ct_tape_number_or(&n, o, "i", 1, 0, 10, "x"), CT_OK);
    assert_true(n == 7);
    assert_int_equal(ct_tape_number_or(&n, o, "z", 1, 0, 10, "x"), CT_OK);
    assert_true(n == 1);
    assert_int_equal(ct_tape_number_or(&n, o, "n", 1, 0, 2, "x"), CT_RANGE);
    assert_string_equal(ct_err_message(), "x.n: 2.5 is not in 0 to 2");
    assert_int_equal(ct_tape_number_or(&n, o, "s", 1, 0, 2, "x"), CT_PARSE);
    ct_arena_free(arena);
}

static void every_failed_allocation_is_told(void **state) {
    (void)state;
    ct_buf text;
    ct_buf_init(&text, 1 << 20);
    ct_buf_puts(&text, "{\"a\\n\":0");
    for (int i = 0; i < 3000; i++) ct_buf_printf(&text, ",\"k%d\":\"\\u0041\"", i);
    ct_buf_puts(&text, "}");
    const long live = ct_mem_live();
    long n = 1;
    for (ct_err err = CT_NOMEM; err != CT_OK; n++) {
        const ct_tape_value *root;
        ct_mem_fail_at(n, false);
        ct_tape *t = ct_tape_new();
        err = t ? ct_tape_parse(&root, t, text.data, text.len, text.len) : CT_NOMEM;
        ct_tape_free(t);
        assert_true(err == CT_OK || (err == CT_NOMEM && ct_mem_failed()));
        assert_int_equal(ct_mem_live(), live);
    }
    ct_mem_fail_at(0, false);
    assert_true(n > 8);
    ct_buf_fini(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_all_kinds),
        cmocka_unit_test(numbers_keep_their_kind_and_range),
        cmocka_unit_test(strings_are_unescaped),
        cmocka_unit_test(members_are_found_by_name),
        cmocka_unit_test(keys_stand_once),
        cmocka_unit_test(size_and_depth_are_bounded),
        cmocka_unit_test(errors_tell_line_and_column),
        cmocka_unit_test(canonical_texts),
        cmocka_unit_test(getters_name_the_field),
        cmocka_unit_test(every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, open_tape, close_tape);
}
