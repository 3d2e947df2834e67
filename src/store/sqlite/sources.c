// Records of where the data come from: rows of ct_meta, "source:" and a number.
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/sqlite/internal.h"

#define PREFIX "source:"
#define AFTER  "source;" // the next text that does not begin with the prefix

// The record with the time added; ct_free.
static ct_err stamp(char **out, const char *record, size_t length) {
    json_t *parsed;
    char now[32];
    CT_TRY(ct_json_parse(&parsed, record, length, CT_STORE_SOURCE_MOST));
    ct_time_format(now, ct_clock_now_us(ct_clock_real()) / 1000000 * 1000000);
    ct_err err = json_is_object(parsed) ? CT_OK : ct_fail(CT_PARSE, "an object expected");
    if (err == CT_OK && json_object_set_new(parsed, "imported", json_string(now)) != 0)
        err = ct_fail(CT_NOMEM, "out of memory");
    char *text = err == CT_OK ? ct_json_dump(parsed, JSON_COMPACT) : NULL;
    json_decref(parsed);
    CT_TRY(err);
    *out = text;
    return text ? CT_OK : CT_NOMEM;
}

ct_err ct_writer_add_source(ct_writer *writer, const char *record, size_t length) {
    sqlite3_stmt *stmt = NULL;
    char *text = NULL;
    CT_TRY(ct_context(stamp(&text, record, length), "the record of a source"));
    ct_err err = ct_store__prepare(
        &stmt, writer->conn,
        "INSERT INTO ct_meta(key,value) SELECT printf('" PREFIX "%08d',coalesce(max("
        "CAST(substr(key,8) AS INTEGER)),0)+1),?1 FROM ct_meta WHERE key>'" PREFIX
        "' AND key<'" AFTER "'");
    if (err == CT_OK) {
        sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
        err = ct_store__run(writer->conn, stmt);
        ct_store__done(writer->conn, stmt);
    }
    ct_free(text);
    return err;
}

static ct_err read_record(json_t **out, sqlite3_stmt *stmt) {
    const char *text = (const char *)sqlite3_column_text(stmt, 1);
    const size_t length = (size_t)sqlite3_column_bytes(stmt, 1);
    const ct_err err =
        text ? ct_json_parse(out, text, length, 2 * (size_t)CT_STORE_SOURCE_MOST) : CT_PARSE;
    if (err != CT_PARSE && err != CT_LIMIT) return err;
    return ct_fail(CT_CORRUPT, "meta \"%s\" is no record of a source",
                   (const char *)sqlite3_column_text(stmt, 0));
}

// `lenient`: spoilt records are passed over.
static ct_err each_record(ct_reader *reader, bool lenient,
                          ct_err (*visit)(void *context, const json_t *record), void *context) {
    sqlite3_stmt *stmt = NULL;
    bool row = true;
    CT_TRY(ct_store__prepare(&stmt, reader->conn,
                             "SELECT key,value FROM ct_meta WHERE key>'" PREFIX "' AND key<'" AFTER
                             "' ORDER BY key"));
    ct_err err = CT_OK;
    while (err == CT_OK && row) {
        json_t *record = NULL;
        err = ct_store__step(reader->conn, stmt, &row);
        if (err != CT_OK || !row) break;
        err = read_record(&record, stmt);
        if (err == CT_OK) err = visit(context, record);
        if (err == CT_CORRUPT && lenient) err = CT_OK;
        json_decref(record);
    }
    ct_store__done(reader->conn, stmt);
    return err;
}

ct_err ct_reader_sources(ct_reader *reader, ct_err (*visit)(void *context, const json_t *record),
                         void *context) {
    return each_record(reader, false, visit, context);
}

typedef struct attribution {
    char *text;
    size_t room;
} attribution;

static ct_err attribute(void *context, const json_t *record) {
    const attribution *a = context;
    ct_source_attribute(a->text, a->room, record);
    return CT_OK;
}

ct_err ct_reader_attribution(char *out, size_t room, ct_reader *reader) {
    attribution a = {out, room};
    out[0] = '\0';
    return each_record(reader, true, attribute, &a);
}
