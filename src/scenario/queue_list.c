// What the queue says of its jobs and of the finished runs in their folder.
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "scenario/queue_private.h"

// With the lock held: whether the run's folder tells of it, not the job.
static bool is_elsewhere(const ct_queue *q, const ct_job *job) {
    return job->state.status > CT_JOB_RUNNING && ct_scenario__run_is_there(q, job->state.id);
}

ct_err ct_queue_write(ct_buf *out, ct_queue *q, const char *id) {
    pthread_mutex_lock(&q->lock);
    const ct_job *job = ct_scenario__find_job(q, id);
    const bool live = job && !is_elsewhere(q, job);
    if (live) ct_scenario__write_job(out, &job->state, job->document, true);
    pthread_mutex_unlock(&q->lock);
    if (live) return ct_buf_status(out);
    ct_run *run;
    CT_TRY(ct_queue_open_run(&run, q, id));
    ct_scenario__write_run(out, run, true);
    ct_run_unref(run);
    return ct_buf_status(out);
}

typedef struct listed {
    char id[CT_RUN_ID_MAX];
    int64_t when_us;
} listed;

typedef struct listing {
    ct_queue *queue;
    listed *runs;
    size_t n, capacity;
} listing;

static ct_err list_finished(void *context, const char *id) {
    listing *l = context;
    if (l->n == l->capacity) {
        const size_t capacity = l->capacity ? 2 * l->capacity : 64;
        listed *grown = ct_realloc(l->runs, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        l->runs = grown;
        l->capacity = capacity;
    }
    listed *entry = &l->runs[l->n];
    memcpy(entry->id, id, CT_RUN_ID_MAX);
    char *path = ct_sprintf("%s/%s/run.json", l->queue->runs_folder, id);
    if (!path) return CT_NOMEM;
    entry->when_us = ct_file_mtime_us(path);
    ct_free(path);
    l->n++;
    return CT_OK;
}

static int newest_first(const void *pa, const void *pb) {
    const listed *a = pa, *b = pb;
    if (a->when_us != b->when_us) return a->when_us < b->when_us ? 1 : -1;
    return strcmp(a->id, b->id);
}

ct_err ct_queue_write_list(ct_buf *out, ct_queue *q) {
    listing l = {q, NULL, 0, 0};
    ct_err err = ct_run_list(q->runs_folder, list_finished, &l);
    if (err == CT_OK && l.n) qsort(l.runs, l.n, sizeof *l.runs, newest_first);
    size_t written = 0;
    ct_buf_puts(out, "{\"runs\":[");
    pthread_mutex_lock(&q->lock);
    for (size_t i = q->n_jobs; err == CT_OK && i-- > 0;) {
        if (is_elsewhere(q, q->jobs[i])) continue;
        if (written++) ct_buf_putc(out, ',');
        ct_scenario__write_job(out, &q->jobs[i]->state, q->jobs[i]->document, false);
    }
    pthread_mutex_unlock(&q->lock);
    for (size_t i = 0; err == CT_OK && i < l.n; i++) {
        ct_run *run;
        const ct_err opened = ct_queue_open_run(&run, q, l.runs[i].id);
        if (opened == CT_NOMEM) err = opened;
        if (opened != CT_OK) continue; // removed meanwhile, or damaged: /health tells
        if (written++) ct_buf_putc(out, ',');
        ct_scenario__write_run(out, run, false);
        ct_run_unref(run);
    }
    ct_buf_puts(out, "]}");
    ct_free(l.runs);
    return err == CT_OK ? ct_buf_status(out) : err;
}
