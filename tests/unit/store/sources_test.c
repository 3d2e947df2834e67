// Records of sources in a twin: in order, with their time, gone with a transaction that is taken
// back; what is no record is refused or named.
#include "fixture.h"

typedef struct seen {
    size_t n;
    char files[16][32];
} seen;

static ct_err see(void *context, const json_t *record) {
    seen *s = context;
    assert_true(s->n < 16);
    snprintf(s->files[s->n++], sizeof s->files[0], "%s",
             json_string_value(json_object_get(record, "file")));
    assert_int_equal(strlen(json_string_value(json_object_get(record, "imported"))), 20);
    return CT_OK;
}

static seen look(const fixture *f) {
    ct_reader *reader;
    seen s = {0};
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_sources(reader, see, &s));
    ct_reader_release(reader);
    return s;
}

static void add(ct_writer *writer, const char *record) {
    ok(ct_writer_add_source(writer, record, strlen(record)));
}

static void records_come_in_order(void **state) {
    fixture *f = *state;
    int64_t version;
    ct_writer *writer;
    assert_int_equal(look(f).n, 0);
    for (int i = 0; i < 12; i++) {
        char record[64];
        ok(ct_store_writer(&writer, f->store, "test"));
        snprintf(record, sizeof record, "{\"file\":\"f%d\"}", i);
        add(writer, record);
        ok(ct_writer_commit(writer, &version));
    }
    ok(ct_store_writer(&writer, f->store, "test"));
    add(writer, "{\"file\":\"lost\"}");
    ct_writer_rollback(writer);
    const seen s = look(f);
    assert_int_equal(s.n, 12);
    assert_string_equal(s.files[0], "f0");
    assert_string_equal(s.files[9], "f9");
    assert_string_equal(s.files[11], "f11");
}

static void what_is_no_record_is_refused(void **state) {
    fixture *f = *state;
    ct_writer *writer;
    ok(ct_store_writer(&writer, f->store, "test"));
    fails(ct_writer_add_source(writer, "{\"file\":", 8), "PARSE");
    fails(ct_writer_add_source(writer, "[]", 2), "PARSE");
    char *long_one = ct_calloc(1, CT_STORE_SOURCE_MOST + 2);
    memset(long_one, ' ', CT_STORE_SOURCE_MOST + 1);
    fails(ct_writer_add_source(writer, long_one, CT_STORE_SOURCE_MOST + 1), "LIMIT");
    ct_free(long_one);
    ct_writer_rollback(writer);
    assert_int_equal(look(f).n, 0);
}

static void owners_are_told(void **state) {
    fixture *f = *state;
    int64_t version;
    ct_writer *writer;
    ct_reader *reader;
    char text[200];
    ok(ct_store_writer(&writer, f->store, "test"));
    add(writer, "{\"file\":\"a\",\"rights\":\"Town\"}");
    add(writer, "{\"file\":\"b\"}");
    add(writer, "{\"file\":\"c\",\"rights\":\"Mappers, ODbL\"}");
    ok(ct_writer_commit(writer, &version));
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_attribution(text, sizeof text, reader));
    ct_reader_release(reader);
    assert_string_equal(text, "Town; Mappers, ODbL");
}

static void a_spoilt_record_is_named(void **state) {
    fixture *f = *state;
    sqlite3 *db = NULL;
    ct_reader *reader;
    seen s = {0};
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "INSERT INTO ct_meta VALUES('source:00000001','{')", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    ok(ct_store_reader(&reader, f->store));
    fails(ct_reader_sources(reader, see, &s), "CORRUPT");
    assert_non_null(strstr(ct_err_message(), "source:00000001"));
    char text[100] = "?";
    ok(ct_reader_attribution(text, sizeof text, reader)); // the page does not stand or fall with it
    assert_string_equal(text, "");
    ct_reader_release(reader);
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(records_come_in_order),
        T(what_is_no_record_is_refused),
        T(owners_are_told),
        T(a_spoilt_record_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
