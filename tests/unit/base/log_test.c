// The log: one line an event, levels, no control characters.
#include "cmk.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "scratch.h"

static char folder[128], path[160];
static int saved;

static int capture(void **state) {
    (void)state;
    scratch_make(folder);
    snprintf(path, sizeof path, "%s/log", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    fclose(file);
    return 0;
}

static char *captured(void) { // ends the capture
    dup2(saved, STDERR_FILENO);
    close(saved);
    static char *text; // static: gcc 12 takes a local's address for the text's
    assert_int_equal(ct_file_read(&text, NULL, path, 1 << 22), CT_OK);
    scratch_remove(folder);
    return text;
}

static void one_line_an_event(void **state) {
    (void)state;
    ct_log(CT_LOG_WARNING, "pump %s stopped:\n\x1b[31mred\x7f", "p-1");
    ct_log(CT_LOG_DEBUG, "not shown");
    ct_log_set_level(CT_LOG_ERROR);
    ct_log(CT_LOG_INFO, "not shown");
    ct_log(CT_LOG_ERROR, "shown");
    ct_log_set_level(CT_LOG_DEBUG);
    ct_log(CT_LOG_DEBUG, "shown too");
    ct_log_set_level(CT_LOG_INFO);
    char *text = captured();
    assert_true(ct_log_wants(CT_LOG_INFO) && !ct_log_wants(CT_LOG_DEBUG));
    assert_memory_equal(text, "warning 20", 10);
    assert_non_null(strstr(text, "Z pump p-1 stopped:  [31mred \n"));
    assert_null(strstr(text, "not shown"));
    assert_non_null(strstr(text, "\nerror 20"));
    assert_non_null(strstr(text, "\ndebug 20"));
    char time[33] = {0}; // the time can be read back
    memcpy(time, text + 8, strcspn(text + 8, " "));
    int64_t us = 0;
    assert_int_equal(ct_time_parse(&us, time), CT_OK);
    ct_free(text);
}

static void long_events_are_cut(void **state) {
    (void)state;
    char big[5000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    ct_log(CT_LOG_INFO, "%s", big);
    ct_log(CT_LOG_INFO, "next");
    char *text = captured();
    char *end = strchr(text, '\n');
    assert_in_range(end - text, 1500, 4096);
    assert_memory_equal(end + 1, "info ", 5);
    ct_free(text);
}

static void *write_lines(void *unused) {
    (void)unused;
    for (int i = 0; i < 200; i++) ct_log(CT_LOG_INFO, "begin %d end", i);
    return NULL;
}

static void threads_do_not_mix_lines(void **state) {
    (void)state;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, write_lines, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    char *text = captured();
    int lines = 0;
    for (char *line = text; *line; lines++) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        assert_memory_equal(line, "info ", 5);
        assert_memory_equal(end - 4, " end", 4);
        *end = '\0';
        assert_ptr_equal(strstr(line, "begin"), line + strcspn(line, "b"));
        line = end + 1;
    }
    assert_int_equal(lines, 800);
    ct_free(text);
}

static void levels_have_names(void **state) {
    (void)state;
    ct_log_level level = CT_LOG_INFO;
    assert_int_equal(ct_log_level_of(&level, "debug"), CT_OK);
    assert_int_equal(level, CT_LOG_DEBUG);
    assert_int_equal(ct_log_level_of(&level, "error"), CT_OK);
    assert_int_equal(level, CT_LOG_ERROR);
    assert_int_equal(ct_log_level_of(&level, "loud"), CT_ARG);
    assert_int_equal(level, CT_LOG_ERROR);
    assert_non_null(strstr(ct_err_message(), "loud"));
    ct_free(captured());
}

static void fields_in_text(void **state) {
    (void)state;
    const ct_log_field fields[] = {{"path", "/a/b?c=d", 0},
                                   {"why", "a \"b\"\n=\xc2\x9b", 0},
                                   {"none", "", 0},
                                   {"bytes", NULL, -12}};
    ct_log_fields(CT_LOG_INFO, "request", fields, 4);
    char *text = captured();
    assert_non_null(strstr(text, "Z request path=\"/a/b?c=d\" why=\"a \\\"b\\\" = \" none=\"\" "
                                 "bytes=-12\n"));
    ct_free(text);
}

// What comes from outside stays inside its value, whatever it is.
static void json_holds_anything(void **state) {
    (void)state;
    char all[300], expected[300];
    size_t n = 0;
    for (int c = 1; c < 128; c++) all[n++] = (char)c;
    memcpy(all + n, "\xe6\xb4\xaa \xc2\x9b[2J \xff \xe6\xb4", 14);
    all[n + 14] = 0;
    memcpy(expected, all, n);
    snprintf(expected + n, sizeof expected - n, "%s",
             "\xe6\xb4\xaa \xc2\x9b[2J \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd");
    ct_log_set_format(CT_LOG_JSON);
    const ct_log_field fields[] = {{"path", all, 0}, {"status", NULL, 404}};
    ct_log_fields(CT_LOG_WARNING, "a \"message\"\r\n{\"level\":\"error\"}", fields, 2);
    ct_log_set_format(CT_LOG_TEXT);
    char *text = captured();
    size_t length = strlen(text);
    assert_ptr_equal(strchr(text, '\n'), text + length - 1); // one line
    for (size_t i = 0; i + 1 < length; i++) assert_true((unsigned char)text[i] >= 0x20);
    assert_null(strstr(text, "\xc2\x9b"));
    json_t *line = NULL;
    assert_int_equal(ct_json_parse(&line, text, length, length), CT_OK);
    assert_string_equal(json_string_value(json_object_get(line, "level")), "warning");
    assert_string_equal(json_string_value(json_object_get(line, "message")),
                        "a \"message\"\r\n{\"level\":\"error\"}");
    assert_string_equal(json_string_value(json_object_get(line, "path")), expected);
    assert_int_equal(json_integer_value(json_object_get(line, "status")), 404);
    assert_non_null(json_object_get(line, "time"));
    json_decref(line);
    ct_free(text);
}

// However long its values are and wherever the cut falls, a line is an object, and what follows it
// is the next one.
static void long_json_is_cut_whole(void **state) {
    (void)state;
    static char big[9000];
    ct_log_set_format(CT_LOG_JSON);
    for (int i = 0; i < 40; i++) {
        memset(big, i % 2 ? '"' : 'x', sizeof big - 1);
        const size_t n = 3870 + 4 * (size_t)i;
        memcpy(big + n, "\xe6\xb4\xaa", 4);
        const ct_log_field fields[] = {
            {"a", big, 0}, {"b", i % 4 ? "short" : big, 0}, {"c", NULL, 7}};
        ct_log_fields(CT_LOG_INFO, "m", fields, 3);
    }
    ct_log_set_format(CT_LOG_TEXT);
    char *text = captured();
    int lines = 0, cut = 0, whole = 0;
    for (char *at = text, *end; (end = strchr(at, '\n')); at = end + 1, lines++) {
        json_t *line = NULL;
        assert_in_range(end - at, 100, 4095);
        assert_int_equal(ct_json_parse(&line, at, (size_t)(end - at), 1 << 20), CT_OK);
        assert_non_null(json_object_get(line, "a"));
        cut += !json_object_get(line, "c");
        whole += json_object_get(line, "c") != NULL;
        json_decref(line);
    }
    assert_int_equal(lines, 40);
    assert_true(cut > 0 && whole > 0);
    ct_free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_line_an_event, capture),
        cmocka_unit_test_setup(long_events_are_cut, capture),
        cmocka_unit_test_setup(levels_have_names, capture),
        cmocka_unit_test_setup(fields_in_text, capture),
        cmocka_unit_test_setup(json_holds_anything, capture),
        cmocka_unit_test_setup(long_json_is_cut_whole, capture),
        cmocka_unit_test_setup(threads_do_not_mix_lines, capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
