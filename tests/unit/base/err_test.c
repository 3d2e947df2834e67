// Errors: the list, messages and their contexts, one message a thread.
#include "cmk.h"

#include <pthread.h>
#include <string.h>

#include "cimtwin/err.h"

static void list_is_consistent(void **state) {
    (void)state;
    static const struct {
        ct_err err;
        const char *name, *text;
        int value, http, exit_code;
    } list[] = {
#define ROW(name, value, http, exit_code, text) {CT_##name, #name, text, value, http, exit_code},
        CT_ERR_LIST(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        assert_int_equal(list[i].err, list[i].value);
        assert_string_equal(ct_err_name(list[i].err), list[i].name);
        assert_string_equal(ct_err_text(list[i].err), list[i].text);
        assert_int_equal(ct_err_http_status(list[i].err), list[i].http);
        assert_int_equal(ct_err_exit_code(list[i].err), list[i].exit_code);
        assert_in_range(list[i].http, 200, 599);
        assert_in_range(list[i].exit_code, 0, 5);
    }
    assert_string_equal(ct_err_name((ct_err)-1000), "UNKNOWN");
    assert_int_equal(ct_err_http_status((ct_err)-1000), 500);
    assert_int_equal(ct_err_exit_code((ct_err)-1000), 1);
    assert_string_equal(ct_err_text((ct_err)-1000), "unknown error");
}

static ct_err inner(int line) {
    return ct_fail(CT_PARSE, "line %d: no colon", line);
}

static ct_err outer(int line, int *reached) {
    CT_TRY(inner(line));
    *reached = 1;
    return CT_OK;
}

static void message_gathers_context(void **state) {
    (void)state;
    int reached = 0;
    assert_int_equal(outer(7, &reached), CT_PARSE);
    assert_int_equal(reached, 0);
    assert_string_equal(ct_err_message(), "line 7: no colon");
    assert_int_equal(ct_context(CT_PARSE, "%s", "towers.ifc"), CT_PARSE);
    assert_string_equal(ct_err_message(), "towers.ifc: line 7: no colon");
    assert_int_equal(ct_context(CT_OK, "nothing happens"), CT_OK);
    assert_string_equal(ct_err_message(), "towers.ifc: line 7: no colon");
}

static void message_may_quote_itself(void **state) {
    (void)state;
    (void)ct_fail(CT_IO, "first");
    assert_int_equal(ct_fail(CT_LIMIT, "again (%s)", ct_err_message()), CT_LIMIT);
    assert_string_equal(ct_err_message(), "again (first)");
}

static void long_messages_are_cut(void **state) {
    (void)state;
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)ct_fail(CT_IO, "%s", text);
    assert_int_equal(strlen(ct_err_message()), 1023);
    assert_int_equal(ct_context(CT_IO, "there"), CT_IO);
    assert_int_equal(strlen(ct_err_message()), 1023);
    assert_memory_equal(ct_err_message(), "there: xxx", 10);
    assert_int_equal(ct_context(CT_IO, "%s", text), CT_IO);
    assert_int_equal(strlen(ct_err_message()), 1023);
}

static void *fail_elsewhere(void *seen_before) {
    *(size_t *)seen_before = strlen(ct_err_message());
    (void)ct_fail(CT_IO, "the other thread's");
    return NULL;
}

static void message_belongs_to_its_thread(void **state) {
    (void)state;
    pthread_t thread;
    size_t seen_before = 1;
    (void)ct_fail(CT_IO, "mine");
    assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, &seen_before), 0);
    pthread_join(thread, NULL);
    assert_int_equal(seen_before, 0);
    assert_string_equal(ct_err_message(), "mine");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_is_consistent),
        cmocka_unit_test(message_gathers_context),
        cmocka_unit_test(message_may_quote_itself),
        cmocka_unit_test(long_messages_are_cut),
        cmocka_unit_test(message_belongs_to_its_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
