// The queue on disk: a scenario document for each accepted job, so that what was acknowledged is
// carried out even if the server is killed in between.
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "scenario/queue_private.h"

#define SUFFIX             ".json"
#define DOCUMENT_MAX_BYTES ((size_t)64 << 20)

static char *file_of(const ct_queue *q, const char *id) {
    return ct_sprintf("%s/%s" SUFFIX, q->queue_folder, id);
}

ct_err ct_scenario__keep_file(const ct_queue *q, const char *id, const json_t *document) {
    char *path = file_of(q, id), *text = path ? ct_json_canonical(document) : NULL;
    ct_err err = text ? ct_dir_make(q->queue_folder) : CT_NOMEM;
    if (err == CT_OK) err = ct_file_write(path, text, strlen(text));
    ct_free(text);
    ct_free(path);
    return err;
}

void ct_scenario__drop_file(const ct_queue *q, const char *id) {
    char *path = file_of(q, id);
    // A job that was cancelled must not begin anew after a loss of power.
    if (!path || ct_file_remove_synced(path) != CT_OK)
        ct_log(CT_LOG_WARNING, "queue: %s", ct_err_message());
    ct_free(path);
}

// A file that cannot be taken up (damaged, or too many) is told of and left where it is.
static ct_err take_up(ct_queue *q, const char *id) {
    char *path = file_of(q, id);
    if (!path) return CT_NOMEM;
    ct_job *job = NULL;
    json_t *document = NULL;
    ct_err err =
        q->n_jobs == CT_SCENARIO__MAX_WAITING
            ? ct_fail(CT_LIMIT, "%s: over %d runs wait already", path, CT_SCENARIO__MAX_WAITING)
            : ct_json_read_file(&document, path, DOCUMENT_MAX_BYTES);
    if (err == CT_OK && !(job = ct_calloc(1, sizeof *job))) err = CT_NOMEM;
    if (err == CT_OK) {
        memcpy(job->state.id, id, CT_RUN_ID_MAX);
        job->state.created_us = ct_file_mtime_us(path);
        job->document = document;
        q->jobs[q->n_jobs++] = job;
    } else {
        json_decref(document);
    }
    ct_free(path);
    if (err == CT_NOMEM) return err;
    if (err != CT_OK) ct_log(CT_LOG_WARNING, "queue: %s", ct_err_message());
    return CT_OK;
}

static ct_err visit_file(void *context, const char *name, bool is_dir) {
    ct_queue *q = context;
    char id[CT_RUN_ID_MAX] = "";
    if (is_dir || strlen(name) != CT_RUN_ID_MAX - 1 + strlen(SUFFIX)) return CT_OK;
    memcpy(id, name, CT_RUN_ID_MAX - 1);
    if (strcmp(name + CT_RUN_ID_MAX - 1, SUFFIX) != 0 || !ct_run_id_ok(id)) return CT_OK;
    if (!ct_scenario__run_is_there(q, id)) return take_up(q, id);
    ct_scenario__drop_file(q, id); // it was done when the server died
    return CT_OK;
}

static int oldest_first(const void *pa, const void *pb) {
    const ct_job_state *a = &(*(ct_job *const *)pa)->state, *b = &(*(ct_job *const *)pb)->state;
    if (a->created_us != b->created_us) return a->created_us < b->created_us ? -1 : 1;
    return strcmp(a->id, b->id);
}

ct_err ct_scenario__resume(ct_queue *q) {
    CT_TRY(ct_run_sweep(q->runs_folder));
    if (!ct_dir_exists(q->queue_folder)) return CT_OK;
    CT_TRY(ct_dir_list(q->queue_folder, visit_file, q));
    if (q->n_jobs) qsort(q->jobs, q->n_jobs, sizeof *q->jobs, oldest_first);
    return CT_OK;
}
