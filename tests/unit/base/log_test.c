// The log: one line an event, levels, no control characters.
#include "cmk.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
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
    assert_in_range(end - text, 1500, 2048);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_line_an_event, capture),
        cmocka_unit_test_setup(long_events_are_cut, capture),
        cmocka_unit_test_setup(threads_do_not_mix_lines, capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
