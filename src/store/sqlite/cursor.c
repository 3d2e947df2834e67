// Cursors: the features of a query one by one; and counting them.
#include "base/mem.h"
#include "store/sqlite/plan.h"

struct ct_cursor {
    ct_query query; // own copy, its texts are bound in the statement
    ct_store__plan plan;
    int64_t given;
    bool ended;
};

ct_err ct_cursor_open(ct_cursor **out, ct_reader *reader, const ct_query *query) {
    ct_cursor *cursor = ct_calloc(1, sizeof *cursor);
    if (!cursor) return CT_NOMEM;
    cursor->query = *query;
    const ct_err err =
        ct_store__plan_init(&cursor->plan, reader->store, reader->conn, &cursor->query, true);
    if (err == CT_OK) {
        *out = cursor;
    } else {
        ct_free(cursor);
    }
    return err;
}

ct_err ct_cursor_next(ct_cursor *cursor, const ct_feature **out) {
    bool found = false;
    if (cursor->ended || (cursor->query.limit > 0 && cursor->given >= cursor->query.limit))
        return CT_NOTFOUND;
    const ct_err err = ct_store__plan_next(&cursor->plan, &found);
    cursor->ended = err != CT_OK || !found;
    CT_TRY(err);
    if (!found) return CT_NOTFOUND;
    cursor->given++;
    *out = &cursor->plan.row.feature;
    return CT_OK;
}

void ct_cursor_close(ct_cursor *cursor) {
    if (!cursor) return;
    ct_store__plan_fini(&cursor->plan);
    ct_free(cursor);
}

// ---- counting -----------------------------------------------------------------------------------
// Filters alone: SQL counts.
static ct_err count_filtered(int64_t *out, ct_reader *reader, const ct_query *q) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_buf_printf(&sql, "SELECT count(*) FROM \"%s\" WHERE 1", q->cls->collection);
    for (size_t i = 0; i < q->n_filters; ++i) {
        ct_buf_printf(&sql, " AND \"%s\" IS ?%zu", q->cls->attrs[q->filters[i].attr].name, 1 + i);
    }
    ct_err err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__prepare(&stmt, reader->conn, sql.data);
    if (err != CT_OK) goto done;
    for (size_t i = 0; i < q->n_filters; ++i)
        ct_store__bind_value(stmt, 1 + (int)i, &q->filters[i].value);
    err = ct_store__step(reader->conn, stmt, &row);
    if (err == CT_OK) *out = sqlite3_column_int64(stmt, 0);
    ct_store__done(reader->conn, stmt);
done:
    ct_buf_fini(&sql);
    return err;
}

ct_err ct_reader_count(int64_t *out, ct_reader *reader, const ct_query *query) {
    ct_query q = *query;
    const bool box = q.has_bbox && q.cls->geometry != CT_GEOM_NONE,
               time = q.has_time && q.cls->time_attr;
    q.after_fid = INT64_MIN;
    q.limit = 0;
    CT_TRY(ct_store__query_check(&q));
    if (!box && !time && q.n_filters == 0) {
        return ct_store__get_int(out, reader->conn,
                                 "SELECT features FROM ct_classes WHERE class=?1", q.cls->name);
    }
    if (!box && !time) return count_filtered(out, reader, &q);
    ct_store__plan plan;
    int64_t n = 0;
    bool found = true;
    CT_TRY(ct_store__plan_init(&plan, reader->store, reader->conn, &q, false));
    ct_err err = CT_OK;
    while (err == CT_OK && found) {
        err = ct_store__plan_next(&plan, &found);
        if (err == CT_OK && found) ++n;
    }
    n += plan.n_sure;
    ct_store__plan_fini(&plan);
    if (err == CT_OK) *out = n;
    return err;
}
