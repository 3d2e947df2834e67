// JSON in: limits, errors with their place, getters, canonical text.
#include "cmk.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "scratch.h"

static ct_err parse(const char *text) {
    json_t *value = NULL;
    ct_err err = ct_json_parse(&value, text, strlen(text), 1 << 16);
    assert_true((err == CT_OK) == (value != NULL));
    json_decref(value);
    return err;
}

static void strict_parsing(void **state) {
    (void)state;
    long live = ct_mem_live();
    assert_int_equal(parse("{\"a\":[1,2.5,\"x\",true,null]}"), CT_OK);
    assert_int_equal(parse(" 12 "), CT_OK);
    assert_int_equal(parse(""), CT_PARSE);
    assert_int_equal(parse("{\"a\":1} x"), CT_PARSE);
    assert_int_equal(parse("{\"a\":1,}"), CT_PARSE);
    assert_int_equal(parse("{'a':1}"), CT_PARSE);
    assert_int_equal(parse("[NaN]"), CT_PARSE);
    assert_int_equal(parse("[1e999]"), CT_PARSE);
    assert_int_equal(parse("[99999999999999999999]"), CT_PARSE);
    assert_int_equal(parse("[\"\xFF\"]"), CT_PARSE);
    assert_int_equal(parse("{\"a\":1,\"a\":2}"), CT_PARSE);
    assert_int_equal(parse("{\n\"a\": 1,\n\"b\" 2}"), CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "line 3"));
    assert_int_equal(ct_mem_live(), live);
}

static void size_and_depth_are_bounded(void **state) {
    (void)state;
    json_t *value = NULL;
    assert_int_equal(ct_json_parse(&value, "[1,2,3]", 7, 6), CT_LIMIT);
    assert_null(value);
    char text[400];
    memset(text, '[', 200);
    memset(text + 200, ']', 200);
    assert_int_equal(ct_json_parse(&value, text + 136, 128, 1000), CT_OK); // 64 levels
    json_decref(value);
    value = NULL;
    assert_int_equal(ct_json_parse(&value, text + 135, 130, 1000), CT_LIMIT); // 65
    assert_non_null(strstr(ct_err_message(), "64 levels"));
    assert_int_equal(ct_json_parse(&value, text, 200, 1000), CT_LIMIT);
    // brackets in strings are no nesting
    memset(text, '[', 200);
    text[0] = '"';
    text[100] = '\\';
    text[101] = '"';
    text[199] = '"';
    assert_int_equal(ct_json_parse(&value, text, 200, 1000), CT_OK);
    json_decref(value);
}

static void getters_name_the_field(void **state) {
    (void)state;
    static const char text[] = "{\"s\":\"rain\",\"n\":2.5,\"i\":7,\"r\":3.0,\"b\":true,\"z\":null}";
    json_t *o = NULL;
    assert_int_equal(ct_json_parse(&o, text, sizeof text - 1, 1000), CT_OK);
    const char *s = NULL;
    double n = 0;
    int64_t i = 0;
    bool b = false;
    assert_int_equal(ct_json_get_string(&s, o, "s", "scenario"), CT_OK);
    assert_string_equal(s, "rain");
    assert_int_equal(ct_json_get_number(&n, o, "n", 0, 10, "scenario"), CT_OK);
    assert_true(n == 2.5);
    assert_int_equal(ct_json_get_number(&n, o, "i", 0, 10, "scenario"), CT_OK);
    assert_true(n == 7);
    assert_int_equal(ct_json_int_or(&i, o, "i", 1, 0, 10, "scenario"), CT_OK);
    assert_int_equal(i, 7);
    assert_int_equal(ct_json_int_or(&i, o, "r", 1, 0, 10, "scenario"), CT_OK);
    assert_int_equal(i, 3);
    assert_int_equal(ct_json_bool_or(&b, o, "b", false, "scenario"), CT_OK);
    assert_true(b);

    // missing: the default, or an error that names the field; outputs stay as they were
    assert_int_equal(ct_json_string_or(&s, o, "q", "dry", "scenario"), CT_OK);
    assert_string_equal(s, "dry");
    assert_int_equal(ct_json_number_or(&n, o, "q", 9, 0, 1, "scenario"), CT_OK);
    assert_true(n == 9);
    assert_int_equal(ct_json_int_or(&i, o, "q", 99, 0, 1, "scenario"), CT_OK);
    assert_int_equal(i, 99);
    assert_int_equal(ct_json_get_string(&s, o, "q", "scenario"), CT_PARSE);
    assert_string_equal(ct_err_message(), "scenario: field \"q\" is missing");
    assert_string_equal(s, "dry");
    assert_int_equal(ct_json_get_number(&n, o, "q", 0, 1, "scenario"), CT_PARSE);
    assert_true(n == 9);

    static const char *const words[] = {"snow", "rain", NULL};
    int w = 5;
    assert_int_equal(ct_json_word_or(&w, o, "s", words, 0, "scenario"), CT_OK);
    assert_int_equal(w, 1);
    assert_int_equal(ct_json_word_or(&w, o, "q", words, 0, "scenario"), CT_OK);
    assert_int_equal(w, 0);
    assert_int_equal(ct_json_word_or(&w, o, "q", words, -1, "scenario"), CT_PARSE);
    assert_string_equal(ct_err_message(), "scenario: field \"q\" is missing");
    assert_int_equal(ct_json_word_or(&w, o, "n", words, 1, "scenario"), CT_PARSE);
    assert_int_equal(ct_json_word_or(&w, o, "s", words + 2, 0, "scenario"), CT_PARSE);
    static const char *const others[] = {"snow", "hail", NULL};
    assert_int_equal(ct_json_word_or(&w, o, "s", others, 0, "scenario"), CT_PARSE);
    assert_string_equal(ct_err_message(), "scenario.s: \"rain\" is not one of snow, hail");
    assert_int_equal(w, 0);

    // wrong types and values out of range
    assert_int_equal(ct_json_get_string(&s, o, "n", "scenario"), CT_PARSE);
    assert_string_equal(ct_err_message(), "scenario.n: must be a string");
    assert_int_equal(ct_json_string_or(&s, o, "z", "dry", "scenario"), CT_PARSE);
    assert_int_equal(ct_json_get_number(&n, o, "s", 0, 1, "scenario"), CT_PARSE);
    assert_int_equal(ct_json_bool_or(&b, o, "i", false, "scenario"), CT_PARSE);
    assert_int_equal(ct_json_int_or(&i, o, "n", 1, 0, 10, "scenario"), CT_PARSE);
    assert_int_equal(ct_json_get_number(&n, o, "n", 3, 10, "scenario"), CT_RANGE);
    assert_string_equal(ct_err_message(), "scenario.n: 2.5 is not in 3 to 10");
    assert_int_equal(ct_json_number_or(&n, o, "n", 3, 0, 2, "scenario"), CT_RANGE);
    assert_int_equal(ct_json_int_or(&i, o, "i", 1, 8, 10, "scenario"), CT_RANGE);
    assert_true(n == 9 && i == 99);
    json_t *array = json_array();
    assert_int_equal(ct_json_get_string(&s, array, "s", "list"), CT_PARSE);
    assert_int_equal(ct_json_get_string(&s, NULL, "s", "list"), CT_PARSE);
    json_decref(array);
    json_decref(o);
}

static void only_known_fields(void **state) {
    (void)state;
    json_t *o = json_pack("{s:i,s:i}", "a", 1, "b", 2);
    assert_int_equal(ct_json_only(o, (const char *[]){"a", "b", "c", NULL}, "rain"), CT_OK);
    assert_int_equal(ct_json_only(o, (const char *[]){"a", NULL}, "rain"), CT_PARSE);
    assert_string_equal(ct_err_message(), "rain: unknown field \"b\"");
    assert_int_equal(ct_json_only(NULL, (const char *[]){NULL}, "rain"), CT_PARSE);
    json_decref(o);
}

static void canonical_text_ignores_order(void **state) {
    (void)state;
    static const char one[] = "{\"x\":{\"q\":1,\"p\":[2, 3]},\"a\":0.1}";
    static const char other[] = "{\"a\":1e-1,\"x\":{\"p\":[2,3],\"q\":1}}";
    json_t *a = NULL, *b = NULL;
    assert_int_equal(ct_json_parse(&a, one, sizeof one - 1, 100), CT_OK);
    assert_int_equal(ct_json_parse(&b, other, sizeof other - 1, 100), CT_OK);
    char *ta = ct_json_canonical(a), *tb = ct_json_canonical(b);
    assert_string_equal(ta, tb);
    assert_non_null(strstr(ta, "\"x\":{\"p\":[2,3],\"q\":1}"));
    ct_free(ta);
    ct_free(tb);
    json_decref(a);
    json_decref(b);
}

static void files_are_named_in_errors(void **state) {
    (void)state;
    char folder[128], path[200];
    scratch_make(folder);
    snprintf(path, sizeof path, "%s/s.json", folder);
    json_t *value = NULL;
    assert_int_equal(ct_json_read_file(&value, path, 1000), CT_NOTFOUND);
    assert_int_equal(ct_file_write(path, "{\n]", 3), CT_OK);
    assert_int_equal(ct_json_read_file(&value, path, 1000), CT_PARSE);
    assert_non_null(strstr(ct_err_message(), "s.json: line 2"));
    assert_int_equal(ct_file_write(path, "{\"k\":5}", 7), CT_OK);
    assert_int_equal(ct_json_read_file(&value, path, 3), CT_LIMIT);
    assert_int_equal(ct_json_read_file(&value, path, 1000), CT_OK);
    assert_int_equal(json_integer_value(json_object_get(value, "k")), 5);
    json_decref(value);
    scratch_remove(folder);
}

// With jansson's own copying this object would come out with some members missing.
static void a_copy_is_whole_or_fails(void **state) {
    (void)state;
    json_t *value = json_object();
    for (int i = 0; i < 40; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        json_object_set_new(value, key, json_pack("[i,s]", i, key));
    }
    const long live = ct_mem_live();
    long n = 1, failed = 0;
    for (;; n++) {
        ct_mem_fail_at(n, false);
        json_t *copy = ct_json_copy(value);
        const bool met = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (copy) {
            assert_false(met);
            assert_true(json_equal(copy, value));
            json_decref(copy);
            break;
        }
        assert_true(met);
        assert_int_equal(ct_mem_live(), live);
        failed++;
    }
    assert_true(failed > 100);
    assert_int_equal(ct_mem_live(), live);
    json_decref(value);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_whole_or_fails),
        cmocka_unit_test(strict_parsing),
        cmocka_unit_test(size_and_depth_are_bounded),
        cmocka_unit_test(getters_name_the_field),
        cmocka_unit_test(only_known_fields),
        cmocka_unit_test(canonical_text_ignores_order),
        cmocka_unit_test(files_are_named_in_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
