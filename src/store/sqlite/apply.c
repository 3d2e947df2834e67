// Group commit: one thread takes all change sets that wait, applies each in a savepoint and commits
// them together, so that many callers share one sync of the disk.
#include "base/mem.h"
#include "store/sqlite/internal.h"

struct ct_store__request {
    const ct_changeset *set;
    const char *reason;
    int64_t version;
    ct_err err;
    char message[512]; // the error's, carried to the caller's thread
    bool answered;
    ct_store__request *next;
};

static void note_error(ct_store__request *request, ct_err err) {
    request->err = err;
    (void)sqlite3_snprintf(sizeof request->message, request->message, "%s", ct_err_message());
}

// ---- one set ------------------------------------------------------------------------------------
static ct_err apply_set_edit(ct_writer *writer, const ct_edit *edit) {
    ct_feature base, edited;
    ct_arena *arena = ct_arena_new(1U << 14, 0);
    if (!arena) return CT_NOMEM;
    ct_err err = ct_store__get(&base, arena, writer->store, writer->conn, NULL, edit->id);
    if (err == CT_OK) err = ct_edit_apply(&edited, arena, edit, &base);
    if (err == CT_OK) err = ct_writer_replace(writer, &edited);
    ct_arena_free(arena);
    return err;
}

static ct_err apply_edit(ct_writer *writer, const ct_edit *edit) {
    ct_feature added;
    switch (edit->op) {
    case CT_EDIT_ADD:
        added = edit->feature;
        if (edit->id) added.id = edit->id;
        return ct_writer_add(writer, &added, NULL);
    case CT_EDIT_SET: return apply_set_edit(writer, edit);
    case CT_EDIT_REMOVE: return ct_writer_remove(writer, edit->id);
    }
    return ct_fail(CT_ARG, "edit of kind %d", (int)edit->op);
}

ct_err ct_store__writer_edits(ct_writer *writer, const ct_changeset *set) {
    for (size_t i = 0; i < ct_changeset_count(set); ++i) {
        const ct_edit *edit = ct_changeset_at(set, i);
        CT_TRY(ct_context(apply_edit(writer, edit), "edit of %s",
                          edit->id ? edit->id : "a new feature"));
    }
    return CT_OK;
}

static ct_err apply_one(ct_store *store, ct_store__request *request) {
    ct_writer writer;
    CT_TRY(ct_store__writer_init(&writer, store, request->reason));
    ct_err err = ct_store__exec(writer.conn, "SAVEPOINT ct_set");
    if (err == CT_OK) {
        err = ct_store__writer_edits(&writer, request->set);
        if (err == CT_OK) err = ct_store__writer_log(&writer, &request->version);
        if (err == CT_OK) {
            err = ct_store__exec(writer.conn, "RELEASE ct_set");
        } else if (!sqlite3_get_autocommit(writer.conn->db)) {
            // A failure here would leave half a set in: the whole transaction goes then (see
            // apply_all).
            (void)sqlite3_exec(writer.conn->db, "ROLLBACK TO ct_set; RELEASE ct_set", NULL, NULL,
                               NULL);
        }
    }
    ct_store__writer_fini(&writer);
    return err;
}

// ---- many sets ----------------------------------------------------------------------------------
// Applies a list in one transaction. SQLite ends a transaction by itself when the disk is full or
// fails: then, and when the commit fails, no set of the list is in.
static void apply_all(ct_store *store, ct_store__request *list) {
    ct_err err = ct_store__write_begin(store);
    if (err != CT_OK) {
        for (ct_store__request *r = list; r; r = r->next) note_error(r, err);
        return;
    }
    for (ct_store__request *r = list; r && !sqlite3_get_autocommit(store->main->db); r = r->next) {
        err = apply_one(store, r);
        if (err != CT_OK) note_error(r, err);
    }
    if (sqlite3_get_autocommit(store->main->db)) {
        err = ct_context(err, "the transaction was given up"); // the failure of the last set
    } else {
        err = ct_store__exec(store->main, "COMMIT");
    }
    for (ct_store__request *r = list; r && err != CT_OK; r = r->next) {
        if (r->err == CT_OK) note_error(r, err);
    }
    ct_store__write_end(store);
}

static void *thread_main(void *context) {
    ct_store *store = context;
    pthread_mutex_lock(&store->lock);
    for (;;) {
        while (!store->first && !store->closing) pthread_cond_wait(&store->changed, &store->lock);
        ct_store__request *list = store->first;
        if (!list) break; // closing, and all are answered
        store->first = store->last = NULL;
        pthread_mutex_unlock(&store->lock);
        apply_all(store, list);
        pthread_mutex_lock(&store->lock);
        while (list) { // a request dies with its caller's stack as soon as it is answered and the
                       // lock is free
            ct_store__request *next = list->next;
            list->answered = true;
            list = next;
        }
        pthread_cond_broadcast(&store->changed);
    }
    pthread_mutex_unlock(&store->lock);
    return NULL;
}

ct_err ct_store_apply(ct_store *store, const ct_changeset *set, const char *reason,
                      int64_t *version) {
    ct_store__request request = {.set = set, .reason = reason};
    pthread_mutex_lock(&store->lock);
    if (!store->thread_runs)
        store->thread_runs = pthread_create(&store->thread, NULL, thread_main, store) == 0;
    if (!store->thread_runs || store->closing) {
        const bool closing = store->closing;
        pthread_mutex_unlock(&store->lock);
        return closing ? ct_fail(CT_CANCELLED, "the twin is being closed")
                       : ct_fail(CT_NOMEM, "the writer thread cannot be started");
    }
    if (store->last) {
        store->last->next = &request;
    } else {
        store->first = &request;
    }
    store->last = &request;
    pthread_cond_broadcast(&store->changed);
    while (!request.answered) pthread_cond_wait(&store->changed, &store->lock);
    pthread_mutex_unlock(&store->lock);
    if (request.err != CT_OK) return ct_fail(request.err, "%s", request.message);
    if (version) *version = request.version;
    return CT_OK;
}

void ct_store__apply_stop(ct_store *store) {
    pthread_mutex_lock(&store->lock);
    const bool runs = store->thread_runs;
    store->closing = true;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
    if (runs) pthread_join(store->thread, NULL);
}
