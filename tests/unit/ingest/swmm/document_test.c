// SWMM project files as documents: sections, words and comments; changes leave the rest as it is.
#include "cmk.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/swmm/document.h"
#include "scratch.h"

static const char k_text[] = "; before all\r\n"
                             "[TITLE]\r\n"
                             "Of \"rain and; pipes\r\n"
                             "\r\n"
                             "[junc]  ; shortened\r\n"
                             ";;Name\tElev\r\n"
                             "J1\t10.50  \"3\"   ;the first\r\n"
                             "\"J 2\" 9\r\n"
                             "[INLET_USAGE]\r\n"
                             "[Strange]\r\n"
                             "what is \t this\r\n"
                             "[CURVES]";

static ct_swmm_document *parse(const char *text) {
    ct_swmm_document *d;
    if (ct_swmm_parse(&d, "town.inp", text, strlen(text)) != CT_OK)
        fail_msg("%s", ct_err_message());
    return d;
}

static void assert_written(const ct_swmm_document *d, const char *text) {
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_swmm_put(&out, d);
    assert_int_equal(ct_buf_status(&out), CT_OK);
    assert_string_equal(out.data, text);
    ct_buf_fini(&out);
}

static void words_and_sections(void **state) {
    (void)state;
    size_t count;
    ct_swmm_document *d = parse(k_text);
    const ct_swmm_line *lines = ct_swmm_lines(d, &count);
    assert_int_equal(count, 12);
    assert_int_equal(lines[0].section, CT_SWMM_BEFORE);
    assert_int_equal(lines[2].section, CT_SWMM_TITLE);
    assert_int_equal(lines[2].count, 0); // a title is text
    assert_true(lines[4].header);
    assert_int_equal(lines[5].count, 0);
    assert_int_equal(lines[6].section, CT_SWMM_JUNCTIONS);
    assert_int_equal(lines[6].count, 3);
    assert_string_equal(lines[6].words[2], "3");
    assert_string_equal(lines[7].words[0], "J 2");
    assert_int_equal(lines[7].number, 8);
    assert_int_equal(lines[8].section, CT_SWMM_INLET_USAGE);
    assert_int_equal(lines[10].section, CT_SWMM_UNKNOWN);
    assert_int_equal(lines[10].count, 3);
    assert_int_equal(lines[11].section, CT_SWMM_CURVES);
    assert_written(d, k_text);
    ct_swmm_free(d);
}

static void every_section_by_its_name(void **state) {
    (void)state;
    for (int s = 0; s < CT_SWMM_UNKNOWN; s++) {
        char text[64];
        size_t count;
        (void)snprintf(text, sizeof text, "[%s]\n", ct_swmm_section_name((ct_swmm_section)s));
        ct_swmm_document *d = parse(text);
        assert_int_equal(ct_swmm_lines(d, &count)[0].section, s);
        ct_swmm_free(d);
    }
}

static void changes(void **state) {
    (void)state;
    ct_swmm_document *d = parse("[JUNCTIONS]\nJ1  10 3 ;one\n\nJ2 9\n[OUTFALLS]\nO1 \"8\" FREE");
    assert_int_equal(ct_swmm_set(d, 1, 1, "10.25"), CT_OK);
    assert_int_equal(ct_swmm_set(d, 5, 0, "O 1"), CT_OK);
    assert_int_equal(ct_swmm_set(d, 5, 1, "7"), CT_OK);
    assert_int_equal(ct_swmm_add(d, CT_SWMM_JUNCTIONS, "J3 8 ; new"), CT_OK);
    assert_int_equal(ct_swmm_add(d, CT_SWMM_CURVES, "c STORAGE 0 1"), CT_OK);
    assert_written(d, "[JUNCTIONS]\nJ1  10.25 3 ;one\n\nJ2 9\nJ3 8 ; new\n[OUTFALLS]\n"
                      "\"O 1\" 7 FREE\n\n[CURVES]\nc STORAGE 0 1\n");
    assert_int_equal(ct_swmm_remove(d, 1), CT_OK);
    size_t count;
    const ct_swmm_line *lines = ct_swmm_lines(d, &count);
    assert_string_equal(lines[2].words[0], "J2");
    assert_int_equal(lines[2].number, 3);
    assert_int_equal(ct_swmm_set(d, 1, 0, "x"), CT_ARG); // a blank line
    assert_int_equal(ct_swmm_set(d, 2, 0, "a;b"), CT_ARG);
    assert_int_equal(ct_swmm_add(d, CT_SWMM_UNKNOWN, "x"), CT_ARG);
    assert_int_equal(ct_swmm_add(d, CT_SWMM_CURVES, "[x]"), CT_ARG);
    assert_int_equal(ct_swmm_remove(d, 99), CT_ARG);
    ct_swmm_free(d);
}

static void bad(const char *text, size_t length, ct_err expect, const char *message) {
    ct_swmm_document *d = NULL;
    assert_int_equal(ct_swmm_parse(&d, "town.inp", text, length), expect);
    assert_null(d);
    if (!strstr(ct_err_message(), message)) fail_msg("%s", ct_err_message());
}

static void what_is_refused(void **state) {
    (void)state;
    bad("; c\nJ1 3\n", 9, CT_PARSE, "town.inp line 2: \"J1\" stands before");
    bad("[JUNC]\nJ1 \"3\n", 13, CT_PARSE, "town.inp line 2, [JUNCTIONS]: a quotation");
    bad("[JUNC]\nJ1\0 3\n", 13, CT_PARSE, "town.inp line 2: a NUL");
    ct_buf many;
    ct_buf_init(&many, 1 << 20);
    ct_buf_puts(&many, "[CURVES]\n");
    for (int i = 0; i <= CT_SWMM_MAX_WORDS; i++) ct_buf_puts(&many, "1 ");
    bad(many.data, many.len, CT_LIMIT, "line 2, [CURVES]: more than");
    ct_buf_fini(&many);
}

static void files(void **state) {
    (void)state;
    char folder[128], path[160];
    ct_swmm_document *d = parse(k_text), *again;
    scratch_make(folder);
    (void)snprintf(path, sizeof path, "%s/a.inp", folder);
    assert_int_equal(ct_swmm_read(&again, path), CT_NOTFOUND);
    assert_int_equal(ct_swmm_write(d, path), CT_OK);
    assert_int_equal(ct_swmm_read(&again, path), CT_OK);
    assert_string_equal(ct_swmm_name(again), path);
    assert_written(again, k_text);
    ct_swmm_free(again);
    ct_swmm_free(d);
    scratch_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_sections),
        cmocka_unit_test(every_section_by_its_name),
        cmocka_unit_test(changes),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
