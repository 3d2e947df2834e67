// Which features a box may select: the R*Tree's answer in ascending order of fid.
#include <stdlib.h>

#include "base/mem.h"
#include "store/sqlite/plan.h"

typedef struct list {
    int64_t *ids;
    size_t n, room;
} list;

static ct_err add(list *l, int64_t id) {
    if (l->n == l->room) {
        const size_t room = l->room ? 2 * l->room : 256;
        int64_t *more = ct_realloc(l->ids, room * sizeof *more);
        if (!more) return CT_NOMEM;
        l->ids = more;
        l->room = room;
    }
    l->ids[l->n++] = id;
    return CT_OK;
}

static int compare(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static ct_err collect(list *l, bool *too_many, ct_store__conn *conn, sqlite3_stmt *stmt,
                      int64_t after_fid, size_t cap) {
    size_t met = 0;
    for (;;) {
        bool row = false;
        CT_TRY(ct_store__step(conn, stmt, &row));
        if (!row) return CT_OK;
        if (cap && ++met > cap) {
            *too_many = true;
            return CT_OK;
        }
        const int64_t id = sqlite3_column_int64(stmt, 0);
        if (id > after_fid) CT_TRY(add(l, id));
    }
}

#define TOUCHES " WHERE xmin<=?3 AND xmax>=?1 AND ymin<=?4 AND ymax>=?2"
#define WITHIN  "xmin>=?1 AND xmax<=?3 AND ymin>=?2 AND ymax<=?4"

// A statement on the class's R*Tree, "SELECT what FROM index rest", with the box bound.
static ct_err prepare_in_tree(sqlite3_stmt **stmt, ct_store__conn *conn, const char *what,
                              const ct_query *q, const char *rest) {
    char sql[384];
    (void)sqlite3_snprintf(sizeof sql, sql, "SELECT %s FROM \"idx_%s_geom\"%s", what,
                           q->cls->collection, rest);
    CT_TRY(ct_store__prepare(stmt, conn, sql));
    sqlite3_bind_double(*stmt, 1, q->bbox.min_x);
    sqlite3_bind_double(*stmt, 2, q->bbox.min_y);
    sqlite3_bind_double(*stmt, 3, q->bbox.max_x);
    sqlite3_bind_double(*stmt, 4, q->bbox.max_y);
    return CT_OK;
}

static ct_err in_tree(list *l, bool *too_many, ct_store__conn *conn, const ct_query *q, size_t cap,
                      bool only_border) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(prepare_in_tree(&stmt, conn, "pkid", q,
                           only_border ? TOUCHES " AND NOT (" WITHIN ")" : TOUCHES));
    const ct_err err = collect(l, too_many, conn, stmt, q->after_fid, cap);
    ct_store__done(conn, stmt);
    return err;
}

static ct_err count_within(int64_t *out, ct_store__conn *conn, const ct_query *q) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(prepare_in_tree(&stmt, conn, "count(*)", q, " WHERE " WITHIN));
    const ct_err err = ct_store__step(conn, stmt, &row);
    if (err == CT_OK) *out = sqlite3_column_int64(stmt, 0);
    ct_store__done(conn, stmt);
    return err;
}

static ct_err without_geometry(list *l, bool *too_many, ct_store__conn *conn, const ct_class *cls,
                               int64_t after_fid, size_t cap) {
    sqlite3_stmt *stmt = NULL;
    char sql[192];
    (void)sqlite3_snprintf(sizeof sql, sql, "SELECT fid FROM \"%s\" WHERE geom IS NULL AND fid>?1",
                           cls->collection);
    CT_TRY(ct_store__prepare(&stmt, conn, sql));
    sqlite3_bind_int64(stmt, 1, after_fid);
    const ct_err err = collect(l, too_many, conn, stmt, after_fid, cap);
    ct_store__done(conn, stmt);
    return err;
}

ct_err ct_store__candidates(int64_t **ids, size_t *n, bool *too_many, int64_t *n_within,
                            ct_store__conn *conn, const ct_query *q, size_t cap) {
    list l = {0};
    bool full = false;
    int64_t within = 0;
    ct_err err = in_tree(&l, &full, conn, q, cap, n_within != NULL);
    if (err == CT_OK && !full) err = without_geometry(&l, &full, conn, q->cls, q->after_fid, cap);
    if (err == CT_OK && n_within) err = count_within(&within, conn, q);
    if (err != CT_OK || full) {
        ct_free(l.ids);
        if (err == CT_OK) *too_many = true;
        return err;
    }
    if (l.n > 1) qsort(l.ids, l.n, sizeof *l.ids, compare);
    *ids = l.ids;
    *n = l.n;
    *too_many = false;
    if (n_within) *n_within = within;
    return CT_OK;
}
