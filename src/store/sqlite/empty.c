// What is known of empty attributes, and how it is learned: one walk over the table, which asks
// each row for those alone that no row before it had.
#include "store/sqlite/empty.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/mem.h"

enum { FEW_ROWS = 32, MOST_ATTRS = 64 };

// Every writer's triggers give the class a new version. The mark is of that change itself: another
// file in the place of this one may count alike.
typedef struct state {
    int64_t version;
    uint64_t mark;
} state;

typedef struct knowledge {
    state of;
    uint64_t attrs; // 0 until it is learned
    int64_t read;   // rows, in this state
    bool learned;
} knowledge;

struct ct_store__empty {
    pthread_mutex_t lock;
    knowledge *classes; // by index
};

ct_store__empty *ct_store__empty_new(size_t n_classes) {
    ct_store__empty *empty = ct_calloc(1, sizeof *empty);
    knowledge *classes = empty ? ct_calloc(n_classes, sizeof *classes) : NULL;
    if (!classes) {
        ct_free(empty);
        return NULL;
    }
    empty->classes = classes;
    pthread_mutex_init(&empty->lock, NULL);
    return empty;
}

void ct_store__empty_free(ct_store__empty *empty) {
    if (!empty) return;
    pthread_mutex_destroy(&empty->lock);
    ct_free(empty->classes);
    ct_free(empty);
}

static ct_err read_state(state *out, int64_t *features, ct_store__conn *conn, const ct_class *cls) {
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CT_TRY(ct_store__prepare(&stmt, conn,
                             "SELECT k.version,k.features,c.time||' '||c.id||' '||c.op FROM "
                             "ct_classes k LEFT JOIN ct_changes c ON c.version=k.version "
                             "WHERE k.class=?1"));
    sqlite3_bind_text(stmt, 1, cls->name, -1, SQLITE_STATIC);
    const ct_err err = ct_store__step(conn, stmt, &row);
    if (err == CT_OK && row) {
        const char *text = (const char *)sqlite3_column_text(stmt, 2);
        out->version = sqlite3_column_int64(stmt, 0);
        out->mark = text ? ct_hash_bytes(text, (size_t)sqlite3_column_bytes(stmt, 2)).low : 0;
        *features = sqlite3_column_int64(stmt, 1);
    }
    ct_store__done(conn, stmt);
    return err;
}

// ---- learning -----------------------------------------------------------------------------------
// The first row from `fid` on that has one of the attributes: which of them it has. False: none.
static ct_err next_with(bool *found, uint64_t *has, int64_t *fid, ct_store__conn *conn,
                        const ct_class *cls, uint64_t attrs) {
    sqlite3_stmt *stmt = NULL;
    ct_buf sql;
    const char *between = "";
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    ct_buf_puts(&sql, "SELECT fid");
    for (size_t i = 0; i < cls->n_attrs; ++i) {
        if (i < MOST_ATTRS && attrs >> i & 1)
            ct_buf_printf(&sql, ",\"%s\" IS NOT NULL", cls->attrs[i].name);
    }
    ct_buf_printf(&sql, " FROM \"%s\" WHERE fid>=?1 AND (", cls->collection);
    for (size_t i = 0; i < cls->n_attrs; ++i) {
        if (i >= MOST_ATTRS || !(attrs >> i & 1)) continue;
        ct_buf_printf(&sql, "%s\"%s\" IS NOT NULL", between, cls->attrs[i].name);
        between = " OR ";
    }
    ct_buf_puts(&sql, ") ORDER BY fid LIMIT 1");
    ct_err err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__prepare(&stmt, conn, sql.data);
    ct_buf_fini(&sql);
    CT_TRY(err);
    sqlite3_bind_int64(stmt, 1, *fid);
    err = ct_store__step(conn, stmt, found);
    if (err == CT_OK && *found) {
        int column = 0;
        *fid = sqlite3_column_int64(stmt, column++);
        *has = 0;
        for (size_t i = 0; i < cls->n_attrs && i < MOST_ATTRS; ++i) {
            if (attrs >> i & 1 && sqlite3_column_int(stmt, column++)) *has |= UINT64_C(1) << i;
        }
    }
    ct_store__done(conn, stmt);
    return err;
}

static ct_err learn(uint64_t *attrs, ct_store__conn *conn, const ct_class *cls) {
    uint64_t left = cls->n_attrs >= MOST_ATTRS ? UINT64_MAX : (UINT64_C(1) << cls->n_attrs) - 1,
             has = 0;
    int64_t fid = 0; // they begin with 1
    for (bool found = true; found && left; left &= ~has) {
        has = 0;
        CT_TRY(next_with(&found, &has, &fid, conn, cls, left));
    }
    *attrs = left;
    return CT_OK;
}

// ---- asking -------------------------------------------------------------------------------------
// What is known in this state; counts the rows. *enough: it is time to learn.
static uint64_t known(ct_store__empty *empty, const ct_class *cls, const state *now, int64_t n_rows,
                      int64_t features, bool *enough) {
    knowledge *k = &empty->classes[cls->index];
    pthread_mutex_lock(&empty->lock);
    if (k->of.version != now->version || k->of.mark != now->mark) *k = (knowledge){.of = *now};
    k->read += n_rows < features ? n_rows : features;
    *enough = !k->learned && k->read >= features;
    if (*enough) k->read = 0; // whoever comes meanwhile does not look too
    const uint64_t attrs = k->attrs;
    pthread_mutex_unlock(&empty->lock);
    return attrs;
}

ct_err ct_store__empty_attrs(uint64_t *attrs, ct_store__empty *empty, ct_store__conn *conn,
                             const ct_class *cls, int64_t n_rows) {
    state now = {0, 0};
    int64_t features = 0;
    bool enough = false;
    *attrs = 0;
    if (n_rows < FEW_ROWS) return CT_OK;
    CT_TRY(read_state(&now, &features, conn, cls));
    *attrs = known(empty, cls, &now, n_rows, features, &enough);
    if (!enough) return CT_OK;
    CT_TRY(learn(attrs, conn, cls));
    pthread_mutex_lock(&empty->lock);
    empty->classes[cls->index] = (knowledge){.of = now, .attrs = *attrs, .learned = true};
    pthread_mutex_unlock(&empty->lock);
    return CT_OK;
}
