// The writer: one transaction of additions, replacements and removals, checked before they reach
// the file.
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/sqlite/body.h"
#include "store/sqlite/bulk.h"

// ---- the right to write -------------------------------------------------------------------------
static ct_err begin(ct_store *store) {
    if (!store->spatialite) CT_TRY(ct_store__spatialite_load(&store->spatialite, store->main));
    return ct_store__begin_write(store->main);
}

ct_err ct_store__write_begin(ct_store *store) {
    const int64_t deadline_us = ct_clock_now_us(ct_clock_real()) + CT_STORE__BUSY_MS * 1000LL;
    bool in_time = true;
    pthread_mutex_lock(&store->lock);
    while (store->writing && in_time)
        in_time = ct_store__wait(&store->changed, &store->lock, deadline_us);
    const bool got = !store->writing;
    if (got) store->writing = true;
    pthread_mutex_unlock(&store->lock);
    if (!got)
        return ct_fail(CT_BUSY, "another thread has been writing for more than %d s",
                       CT_STORE__BUSY_MS / 1000);
    const ct_err err = begin(store);
    if (err != CT_OK) ct_store__write_end(store);
    return err;
}

void ct_store__write_end(ct_store *store) {
    ct_store__undo(store->main);
    pthread_mutex_lock(&store->lock);
    store->writing = false;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
}

// ---- life ---------------------------------------------------------------------------------------
ct_err ct_store__writer_init(ct_writer *writer, ct_store *store, const char *reason) {
    ct_writer w = {.store = store, .conn = store->main};
    ct_buf_init(&w.blob, CT_STORE__BLOB_MAX);
    w.arena = ct_arena_new(1U << 16, 0);
    w.reason = ct_strdup(reason ? reason : "");
    ct_err err = w.arena && w.reason ? ct_store__version(&w.before, w.conn) : CT_NOMEM;
    if (err == CT_OK) {
        *writer = w;
    } else {
        ct_store__writer_fini(&w);
    }
    return err;
}

void ct_store__writer_fini(ct_writer *writer) {
    ct_store__bulk_free(writer->bulk);
    ct_arena_free(writer->arena);
    ct_free(writer->reason);
    ct_buf_fini(&writer->blob);
    *writer = (ct_writer){0};
}

ct_err ct_store_writer(ct_writer **out, ct_store *store, const char *reason) {
    ct_writer *writer = ct_calloc(1, sizeof *writer);
    if (!writer) return CT_NOMEM;
    ct_err err = ct_store__write_begin(store);
    if (err != CT_OK) {
        ct_free(writer);
        return err;
    }
    err = ct_store__writer_init(writer, store, reason);
    if (err == CT_OK) {
        *out = writer;
    } else {
        ct_store__write_end(store);
        ct_free(writer);
    }
    return err;
}

ct_err ct_store__writer_log(ct_writer *writer, int64_t *version) {
    sqlite3_stmt *stmt = NULL;
    int64_t now = 0;
    CT_TRY(ct_store__bulk_end(writer));
    CT_TRY(ct_store__version(&now, writer->conn));
    if (now > writer->before) {
        char time[40];
        ct_time_format(time, ct_clock_now_us(ct_clock_real()));
        CT_TRY(ct_store__prepare(
            &stmt, writer->conn,
            "INSERT INTO ct_commits(last_version,first_version,time,reason) VALUES(?1,?2,?3,?4)"));
        sqlite3_bind_int64(stmt, 1, now);
        sqlite3_bind_int64(stmt, 2, writer->before + 1);
        sqlite3_bind_text(stmt, 3, time, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 4, writer->reason, -1, SQLITE_STATIC);
        const ct_err err = ct_store__run(writer->conn, stmt);
        ct_store__done(writer->conn, stmt);
        CT_TRY(err);
    }
    *version = now;
    return CT_OK;
}

ct_err ct_writer_commit(ct_writer *writer, int64_t *version) {
    int64_t now = 0;
    ct_err err = CT_OK;
    if (writer->broken != CT_OK)
        err = ct_fail(writer->broken, "an edit failed half-way: the transaction is given up");
    if (err == CT_OK) err = ct_store__writer_log(writer, &now);
    if (err == CT_OK) err = ct_store__exec(writer->conn, "COMMIT");
    if (err == CT_OK && version) *version = now;
    ct_writer_rollback(writer); // frees; after the commit there is nothing to roll back
    return err;
}

void ct_writer_rollback(ct_writer *writer) {
    if (!writer) return;
    ct_store *store = writer->store;
    ct_store__writer_fini(writer);
    ct_free(writer);
    ct_store__write_end(store);
}

// ---- edits --------------------------------------------------------------------------------------
// The feature as it will be stored: checked, its geometry of the column's type.
static ct_err prepare_feature(ct_writer *writer, ct_feature *f, const ct_feature *given) {
    ct_arena_reset(writer->arena);
    const size_t bytes = given->cls->n_attrs * sizeof(ct_value);
    ct_value *values = ct_arena_alloc(writer->arena, bytes);
    if (!values) return CT_NOMEM;
    memcpy(values, given->values, bytes);
    *f = *given;
    f->values = values;
    return ct_feature_check(f, writer->arena);
}

static ct_err id_used(bool *out, ct_writer *writer, const char *id) {
    int64_t one = 0;
    const ct_err err =
        ct_store__get_int(&one, writer->conn, "SELECT 1 FROM ct_ids WHERE id=?1", id);
    if (err != CT_OK && err != CT_NOTFOUND) return err;
    *out = err == CT_OK;
    return CT_OK;
}

// The next fid of the class, never given before, and with `id` (room for CT_ID_MAX) an id made of
// it.
static ct_err next_fid(int64_t *fid, char *id, ct_writer *writer, const ct_class *cls) {
    int64_t last = 0;
    bool used = false;
    const ct_err err = ct_store__get_int(
        &last, writer->conn, "SELECT seq FROM sqlite_sequence WHERE name=?1", cls->collection);
    if (err != CT_OK && err != CT_NOTFOUND) return err;
    do {
        ++last;
        if (!id) break;
        (void)sqlite3_snprintf(CT_ID_MAX, id, "%s-%lld", cls->name, (long long)last);
        CT_TRY(id_used(&used, writer, id));
    } while (used);
    *fid = last;
    return CT_OK;
}

static ct_err write_row(ct_writer *writer, const char *sql, const ct_feature *f, int64_t fid,
                        bool fresh) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, writer->conn, sql));
    ct_err err = ct_store__bind_feature(stmt, f, fid, &writer->blob, writer->store->srid);
    if (err == CT_OK) err = ct_store__run(writer->conn, stmt);
    ct_store__done(writer->conn, stmt);
    if (err != CT_OK) return err;
    err = ct_store__body_write(writer, f, fid, fresh);
    if (err != CT_OK) writer->broken = err; // half a feature is in
    return err;
}

// Gives the feature the fid.
static ct_err add_by_triggers(ct_writer *writer, ct_feature *f) {
    const ct_class *cls = f->cls;
    char made[CT_ID_MAX];
    bool used = false;
    if (f->id) CT_TRY(id_used(&used, writer, f->id));
    if (used) return ct_fail(CT_EXISTS, "the id \"%s\" is used in this twin already", f->id);
    CT_TRY(next_fid(&f->fid, f->id ? NULL : made, writer, cls));
    ct_feature named = *f;
    if (!f->id) named.id = made;
    return write_row(writer, writer->store->tables[cls->index].insert, &named, f->fid, true);
}

// Edits that triggers must see: what was put in without them comes to its end first.
static ct_err edit_alone(ct_writer *writer) {
    writer->in_row = 0;
    return ct_store__bulk_end(writer);
}

ct_err ct_writer_add(ct_writer *writer, const ct_feature *feature, int64_t *fid) {
    ct_feature f = {.cls = feature->cls};
    bool bulk = false;
    CT_TRY(ct_context(prepare_feature(writer, &f, feature), "%s %s", feature->cls->name,
                      feature->id ? feature->id : "(new)"));
    if (++writer->in_row > CT_STORE__BULK_AFTER) {
        CT_TRY(ct_store__bulk_begin(&bulk, writer, f.cls));
        if (!bulk) CT_TRY(edit_alone(writer));
    }
    const ct_err err = bulk ? ct_store__bulk_add(writer, &f) : add_by_triggers(writer, &f);
    if (err != CT_OK)
        return err == CT_EXISTS ? err
                                : ct_context(err, "%s %s", f.cls->name, f.id ? f.id : "(new)");
    if (fid) *fid = f.fid;
    return CT_OK;
}

ct_err ct_writer_replace(ct_writer *writer, const ct_feature *feature) {
    const ct_class *cls = NULL;
    ct_feature f = {0};
    int64_t fid = 0;
    if (!feature->id) return ct_fail(CT_ARG, "a feature is replaced by its id; it has none");
    CT_TRY(edit_alone(writer));
    CT_TRY(ct_store__find_id(&cls, &fid, writer->store, writer->conn, feature->id));
    if (cls != feature->cls) {
        return ct_fail(CT_ARG, "\"%s\" is a %s and cannot become a %s", feature->id, cls->name,
                       feature->cls->name);
    }
    CT_TRY(ct_context(prepare_feature(writer, &f, feature), "%s %s", cls->name, feature->id));
    return ct_context(write_row(writer, writer->store->tables[cls->index].update, &f, fid, false),
                      "%s %s", cls->name, f.id);
}

// What `given` has and `f` lacks.
static void complete(ct_feature *f, const ct_feature *given) {
    if (f->geom.type == CT_GEOM_NONE) f->geom = given->geom;
    if (!f->source_id) f->source_id = given->source_id;
    for (size_t i = 0; i < f->cls->n_attrs; i++)
        if (f->values[i].kind == CT_VALUE_NULL) f->values[i] = given->values[i];
    f->body = given->body;
    f->properties = given->properties;
    f->n_properties = given->n_properties;
}

ct_err ct_writer_complete(bool *there, ct_writer *writer, const ct_feature *feature) {
    const ct_class *cls = NULL;
    ct_feature f = {0};
    int64_t fid = 0;
    *there = false;
    if (feature->id) CT_TRY(id_used(there, writer, feature->id));
    if (!*there) return ct_writer_add(writer, feature, NULL);
    CT_TRY(ct_store__find_id(&cls, &fid, writer->store, writer->conn, feature->id));
    if (cls != feature->cls)
        return ct_fail(CT_EXISTS, "the id \"%s\" is that of a %s and cannot be a %s's too",
                       feature->id, cls->name, feature->cls->name);
    ct_arena *arena = ct_arena_new(1U << 12, 0);
    if (!arena) return CT_NOMEM;
    ct_err err = ct_store__get(&f, arena, writer->store, writer->conn, cls, feature->id);
    if (err == CT_OK) {
        complete(&f, feature);
        err = ct_writer_replace(writer, &f);
    }
    ct_arena_free(arena);
    return err;
}

ct_err ct_writer_remove(ct_writer *writer, const char *id) {
    const ct_class *cls = NULL;
    int64_t fid = 0;
    sqlite3_stmt *stmt = NULL;
    char sql[128];
    CT_TRY(edit_alone(writer));
    CT_TRY(ct_store__find_id(&cls, &fid, writer->store, writer->conn, id));
    (void)sqlite3_snprintf(sizeof sql, sql, "DELETE FROM \"%s\" WHERE fid=?1", cls->collection);
    CT_TRY(ct_store__prepare(&stmt, writer->conn, sql));
    sqlite3_bind_int64(stmt, 1, fid);
    const ct_err err = ct_store__run(writer->conn, stmt);
    ct_store__done(writer->conn, stmt);
    return ct_context(err, "%s %s", cls->name, id);
}

ct_err ct_writer_set_meta(ct_writer *writer, const char *key, const char *value) {
    sqlite3_stmt *stmt = NULL;
    CT_TRY(ct_store__prepare(&stmt, writer->conn,
                             "INSERT INTO ct_meta(key,value) VALUES(?1,?2) "
                             "ON CONFLICT(key) DO UPDATE SET value=excluded.value "
                             "WHERE key NOT IN('schema_version','crs','created')"));
    sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, value, -1, SQLITE_STATIC);
    ct_err err = ct_store__run(writer->conn, stmt);
    if (err == CT_OK && sqlite3_changes(writer->conn->db) == 0)
        err = ct_fail(CT_ARG, "meta \"%s\" is fixed", key);
    ct_store__done(writer->conn, stmt);
    return err;
}
