// Buffers: appends, the maximum, errors that stick, moving out.
#include "cmk.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static void appends_in_order(void **state) {
    (void)state;
    ct_buf buf;
    ct_buf_init(&buf, 1 << 20);
    ct_buf_puts(&buf, "abc");
    ct_buf_putc(&buf, '-');
    ct_buf_put(&buf, "d\0e", 3);
    ct_buf_printf(&buf, "%03d", 7);
    ct_buf_put_u32le(&buf, 0x01020304);
    ct_buf_put_f64le(&buf, 1.0);
    static const char expected[] = "abc-d\0e007\x04\x03\x02\x01\0\0\0\0\0\0\xf0\x3f";
    assert_int_equal(buf.len, sizeof expected - 1);
    assert_memory_equal(buf.data, expected, sizeof expected); // with the NUL behind
    assert_int_equal(ct_buf_status(&buf), CT_OK);
    ct_buf_reset(&buf);
    assert_int_equal(buf.len, 0);
    assert_string_equal(buf.data, "");
    ct_buf_fini(&buf);
    assert_null(buf.data);
}

static void grows_to_its_maximum(void **state) {
    (void)state;
    ct_buf buf;
    ct_buf_init(&buf, 1000);
    for (int i = 0; i < 1000; i++) ct_buf_putc(&buf, 'x');
    assert_int_equal(ct_buf_status(&buf), CT_OK);
    assert_int_equal(buf.len, 1000);
    ct_buf_putc(&buf, 'y');
    assert_int_equal(buf.err, CT_LIMIT);
    assert_int_equal(buf.len, 1000);
    ct_buf_reset(&buf);
    ct_buf_puts(&buf, "again");
    assert_int_equal(ct_buf_status(&buf), CT_OK);
    assert_string_equal(buf.data, "again");
    ct_buf_fini(&buf);
}

static void errors_stick(void **state) {
    (void)state;
    ct_buf buf;
    ct_buf_init(&buf, 10);
    ct_buf_puts(&buf, "12345");
    ct_buf_puts(&buf, "1234567");
    ct_buf_puts(&buf, "1"); // would fit, but comes after a failure
    ct_buf_printf(&buf, "%d", 1);
    assert_null(ct_buf_reserve(&buf, 1));
    assert_int_equal(buf.len, 5);
    assert_int_equal(ct_buf_status(&buf), CT_LIMIT);
    assert_non_null(strstr(ct_err_message(), "10 bytes"));
    assert_null(ct_buf_take(&buf, NULL));
    ct_buf_fini(&buf);

    ct_buf_init(&buf, 1 << 20);
    ct_mem_fail_at(1, false);
    ct_buf_puts(&buf, "a");
    ct_mem_fail_at(0, false);
    ct_buf_puts(&buf, "b");
    assert_int_equal(ct_buf_status(&buf), CT_NOMEM);
    assert_int_equal(buf.len, 0);
    ct_buf_fini(&buf);
}

static void reserve_and_take(void **state) {
    (void)state;
    long live = ct_mem_live();
    ct_buf buf;
    ct_buf_init(&buf, 1 << 20);
    char *place = ct_buf_reserve(&buf, 5000);
    memset(place, 'z', 4000);
    buf.len += 4000;
    size_t length = 0;
    char *bytes = ct_buf_take(&buf, &length);
    assert_int_equal(length, 4000);
    assert_int_equal(strlen(bytes), 4000);
    assert_int_equal(buf.len, 0);
    ct_free(bytes);
    bytes = ct_buf_take(&buf, &length); // nothing appended: an empty text, not NULL
    assert_string_equal(bytes, "");
    assert_int_equal(length, 0);
    ct_free(bytes);
    ct_buf_fini(&buf);
    assert_int_equal(ct_mem_live(), live);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_in_order),
        cmocka_unit_test(grows_to_its_maximum),
        cmocka_unit_test(errors_stick),
        cmocka_unit_test(reserve_and_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
