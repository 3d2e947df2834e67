// UTF-8: the limits of each row of the Unicode standard's table of well-formed bytes.
#include "cmk.h"

#include <string.h>

#include "base/utf8.h"

static void lengths(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        {"a", 1},
        {"\x7f", 1},
        {"\x80", 0},
        {"\xC1\xBF", 0},
        {"\xC2\x80", 2},
        {"\xDF\xBF", 2},
        {"\xDF\x7F", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xE0\xA0\x80", 3},
        {"\xED\x9F\xBF", 3},
        {"\xED\xA0\x80", 0},
        {"\xEE\x80\x80", 3},
        {"\xEF\xBF\xBF", 3},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF0\x90\x80\x80", 4},
        {"\xF4\x8F\xBF\xBF", 4},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xFF", 0},
        {"\xE6\xB2", 0},
        {"\xF0\x9F\x94", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = strlen(cases[i].text);
        assert_int_equal(ct_utf8_length(cases[i].text, n), cases[i].length);
        assert_int_equal(ct_utf8_valid(cases[i].text, n), cases[i].length == n);
    }
    assert_int_equal(ct_utf8_length("", 0), 0);
    assert_true(ct_utf8_valid("", 0));
    assert_true(ct_utf8_valid("a\0\xE6\xB2\xB3", 5));
    assert_false(ct_utf8_valid("ok\x80", 3));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lengths)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
