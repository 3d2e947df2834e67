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

static ct_err count_one(void *context, const char *id) {
    (void)id;
    ++*(size_t *)context;
    return CT_OK;
}

ct_err ct_queue_count(ct_queue_counts *out, ct_queue *q, bool finished) {
    ct_queue_counts c = {.full = false};
    if (finished) CT_TRY(ct_run_list(q->runs_folder, count_one, &c.by_status[CT_JOB_DONE]));
    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < q->n_jobs; i++) {
        const ct_job_status status = q->jobs[i]->state.status;
        if (status != CT_JOB_DONE) c.by_status[status]++;
    }
    pthread_mutex_unlock(&q->lock);
    c.full = c.by_status[CT_JOB_QUEUED] >= CT_SCENARIO__MAX_WAITING;
    *out = c;
    return CT_OK;
}

// ---- the list -----------------------------------------------------------------------------------
// A finished run never changes, so it is opened once and its words are kept: a list of a thousand
// runs costs a look at a thousand files, not their reading.

typedef struct listing {
    ct_queue *queue;
    ct_scenario__listed *runs;
    size_t n, capacity;
} listing;

void ct_scenario__free_list(ct_scenario__listed *listed, size_t n) {
    for (size_t i = 0; i < n; i++) ct_free(listed[i].text);
    ct_free(listed);
}

static int by_id(const void *pa, const void *pb) {
    const ct_scenario__listed *a = pa, *b = pb;
    return strcmp(a->id, b->id);
}

static ct_err read_words(ct_scenario__listed *entry, const ct_queue *q) {
    ct_run *run;
    // Not the queue's cache of open runs: it is for those that are looked at.
    const ct_err opened = ct_run_open(&run, q->runs_folder, entry->id);
    if (opened == CT_NOMEM) return opened;
    if (opened != CT_OK) return CT_OK; // removed meanwhile, or damaged
    ct_buf words;
    ct_buf_init(&words, (size_t)16 << 20);
    ct_scenario__write_run(&words, run, false);
    ct_run_unref(run);
    ct_err err = ct_buf_status(&words);
    if (err == CT_OK) {
        entry->text = ct_strndup(words.data, words.len);
        entry->length = words.len;
        if (!entry->text) err = CT_NOMEM;
    }
    ct_buf_fini(&words);
    return err;
}

static ct_err list_finished(void *context, const char *id) {
    listing *l = context;
    if (l->n == l->capacity) {
        const size_t capacity = l->capacity ? 2 * l->capacity : 64;
        ct_scenario__listed *grown = ct_realloc(l->runs, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        l->runs = grown;
        l->capacity = capacity;
    }
    ct_scenario__listed *entry = &l->runs[l->n];
    *entry = (ct_scenario__listed){.when_us = 0};
    memcpy(entry->id, id, CT_RUN_ID_MAX);
    char *path = ct_sprintf("%s/%s/run.json", l->queue->runs_folder, id);
    if (!path) return CT_NOMEM;
    entry->when_us = ct_file_mtime_us(path);
    ct_free(path);
    l->n++;
    return CT_OK;
}

// With list_lock held: the kept words move over to the new list; what is new is read.
static ct_err fill(listing *l) {
    ct_queue *q = l->queue;
    if (l->n) qsort(l->runs, l->n, sizeof *l->runs, by_id);
    for (size_t i = 0; i < l->n; i++) {
        ct_scenario__listed *run = &l->runs[i], *old = q->n_listed
                                                           ? bsearch(run, q->listed, q->n_listed,
                                                                     sizeof *q->listed, by_id)
                                                           : NULL;
        if (old && old->text && old->when_us == run->when_us) {
            run->text = old->text;
            run->length = old->length;
            old->text = NULL;
        } else {
            CT_TRY(read_words(run, q));
        }
    }
    return CT_OK;
}

static ct_err look(ct_queue *q) {
    listing l = {.queue = q};
    ct_err err = ct_run_list(q->runs_folder, list_finished, &l);
    if (err == CT_OK) err = fill(&l);
    if (err != CT_OK) { // what had moved over is read again the next time
        ct_scenario__free_list(l.runs, l.n);
        return err;
    }
    ct_scenario__free_list(q->listed, q->n_listed);
    q->listed = l.runs;
    q->n_listed = l.n;
    return CT_OK;
}

static int newest_first(const void *pa, const void *pb) {
    const ct_scenario__listed *a = *(ct_scenario__listed *const *)pa,
                              *b = *(ct_scenario__listed *const *)pb;
    if (a->when_us != b->when_us) return a->when_us < b->when_us ? 1 : -1;
    return strcmp(a->id, b->id);
}

static void write_jobs(ct_buf *out, ct_queue *q, size_t *written) {
    pthread_mutex_lock(&q->lock);
    for (size_t i = q->n_jobs; i-- > 0;) {
        if (is_elsewhere(q, q->jobs[i])) continue;
        if ((*written)++) ct_buf_putc(out, ',');
        ct_scenario__write_job(out, &q->jobs[i]->state, q->jobs[i]->document, false);
    }
    pthread_mutex_unlock(&q->lock);
}

static ct_err write_finished(ct_buf *out, const ct_queue *q, size_t written) {
    const ct_scenario__listed **order = ct_calloc(q->n_listed, sizeof(void *));
    if (!order) return CT_NOMEM;
    for (size_t i = 0; i < q->n_listed; i++) order[i] = &q->listed[i];
    if (q->n_listed) qsort(order, q->n_listed, sizeof(void *), newest_first);
    for (size_t i = 0; i < q->n_listed; i++) {
        if (!order[i]->text) continue;
        if (written++) ct_buf_putc(out, ',');
        ct_buf_put(out, order[i]->text, order[i]->length);
    }
    ct_free(order);
    return CT_OK;
}

ct_err ct_queue_write_list(ct_buf *out, ct_queue *q) {
    pthread_mutex_lock(&q->list_lock);
    size_t written = 0;
    ct_err err = look(q);
    ct_buf_puts(out, "{\"runs\":[");
    if (err == CT_OK) write_jobs(out, q, &written);
    if (err == CT_OK) err = write_finished(out, q, written);
    ct_buf_puts(out, "]}");
    pthread_mutex_unlock(&q->list_lock);
    return err == CT_OK ? ct_buf_status(out) : err;
}
