// Records of sources: cleaned texts, JSON, attribution.
#include "cmk.h"

#include <string.h>

#include "base/mem.h"
#include "model/source.h"

static const char *title_of(const char *text) {
    static char kept[CT_SOURCE_TEXT_MOST + 1];
    ct_source s = {0};
    assert_int_equal(ct_source_tell(&s, CT_SOURCE_TITLE, text), CT_OK);
    snprintf(kept, sizeof kept, "%s",
             s.terms[CT_SOURCE_TITLE] ? s.terms[CT_SOURCE_TITLE] : "(none)");
    ct_source_fini(&s);
    return kept;
}

static void texts_are_cleaned(void **state) {
    (void)state;
    assert_string_equal(title_of(NULL), "(none)");
    assert_string_equal(title_of(" \t\r\n "), "(none)");
    assert_string_equal(title_of("  two\n  lines "), "two lines");
    assert_string_equal(title_of("江岸"), "江岸");
    assert_string_equal(title_of("caf\xe9!"), "caf?!");
    assert_string_equal(title_of("\x1b]0;mine\x07 all"), "]0;mine all"); // not to the terminal
}

static void long_texts_end_with_an_ellipsis(void **state) {
    (void)state;
    char text[3 * CT_SOURCE_TEXT_MOST + 1];
    for (int i = 0; i < CT_SOURCE_TEXT_MOST; i++) memcpy(text + 3 * i, "江", 3);
    text[3 * CT_SOURCE_TEXT_MOST] = '\0';
    const char *got = title_of(text);
    const size_t n = strlen(got);
    assert_in_range(n, CT_SOURCE_TEXT_MOST - 5, CT_SOURCE_TEXT_MOST);
    assert_string_equal(got + n - 3, "…");
    assert_memory_equal(got, text, n - 3);
    // What just fits stays.
    memset(text, 'x', CT_SOURCE_TEXT_MOST);
    text[CT_SOURCE_TEXT_MOST] = '\0';
    assert_string_equal(title_of(text), text);
}

static void the_first_text_stays(void **state) {
    (void)state;
    ct_source s = {0};
    assert_int_equal(ct_source_tell(&s, CT_SOURCE_DATE, " "), CT_OK);
    assert_int_equal(ct_source_tell(&s, CT_SOURCE_DATE, "2020"), CT_OK);
    assert_int_equal(ct_source_tell(&s, CT_SOURCE_DATE, "2021"), CT_OK);
    assert_string_equal(s.terms[CT_SOURCE_DATE], "2020");
    ct_source_fini(&s);
}

static void records_are_json(void **state) {
    (void)state;
    ct_source s = {0};
    ct_buf text;
    ct_jsonw w;
    assert_int_equal(ct_source_set(&s.file, "a \"b\".json"), CT_OK);
    assert_int_equal(ct_source_set(&s.format, "CityJSON 2.0"), CT_OK);
    assert_int_equal(ct_source_set(&s.original, "{\"k\":[1]}"), CT_OK);
    assert_int_equal(ct_source_tell(&s, CT_SOURCE_RIGHTS, "CC0"), CT_OK);
    ct_buf_init(&text, 1000);
    ct_jsonw_init(&w, &text);
    ct_jsonw_object(&w);
    ct_source_write_members(&w, &s);
    ct_jsonw_end_object(&w);
    ct_buf_putc(&text, '\0');
    assert_int_equal(ct_buf_status(&text), CT_OK);
    assert_string_equal(text.data, "{\"file\":\"a \\\"b\\\".json\",\"format\":\"CityJSON 2.0\","
                                   "\"rights\":\"CC0\",\"original\":{\"k\":[1]}}");
    ct_buf_fini(&text);
    ct_source_fini(&s);
}

static void attribute(char *out, size_t room, const char *rights) {
    json_t *record = rights ? json_pack("{s:s}", "rights", rights) : json_object();
    ct_source_attribute(out, room, record);
    json_decref(record);
}

static void rights_are_said_once(void **state) {
    (void)state;
    char text[26] = "";
    attribute(text, sizeof text, "Town of A");
    attribute(text, sizeof text, NULL);
    attribute(text, sizeof text, "Town of A");
    assert_string_equal(text, "Town of A");
    attribute(text, sizeof text, "Town"); // part of another is not it
    assert_string_equal(text, "Town of A; Town");
    attribute(text, sizeof text, "Town");
    assert_string_equal(text, "Town of A; Town");
    attribute(text, sizeof text, "too long for it");
    assert_string_equal(text, "Town of A; Town; …"); // there is more to say
    attribute(text, sizeof text, "B");
    attribute(text, sizeof text, "too long as well");
    assert_string_equal(text, "Town of A; Town; …");
    char small[8] = "";
    attribute(small, sizeof small, "too long at once");
    assert_string_equal(small, "…");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_cleaned),    cmocka_unit_test(long_texts_end_with_an_ellipsis),
        cmocka_unit_test(the_first_text_stays), cmocka_unit_test(records_are_json),
        cmocka_unit_test(rights_are_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
