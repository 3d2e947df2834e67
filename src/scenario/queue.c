// The server's job queue, seen from outside: jobs come in, are cancelled and removed. The thread
// that carries them out is in queue_work.c, their files in queue_files.c, their words in
// queue_list.c.
#include "scenario/queue.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "scenario/queue_private.h"
#include "sim/domain/merged.h"

static void free_job(ct_job *job) {
    if (!job) return;
    json_decref(job->document);
    ct_free(job);
}

// ---- jobs

ct_job *ct_scenario__find_job(const ct_queue *q, const char *id) {
    for (size_t i = q->n_jobs; i-- > 0;)
        if (strcmp(q->jobs[i]->state.id, id) == 0) return q->jobs[i];
    return NULL;
}

bool ct_scenario__run_is_there(const ct_queue *q, const char *id) {
    if (!ct_run_id_ok(id)) return false;
    char *path = ct_path_join(q->runs_folder, id);
    const bool there = path && ct_dir_exists(path);
    ct_free(path);
    return there;
}

char *ct_scenario__change(ct_job *job, ct_job_status status, double progress, const char *message) {
    ct_job_state *s = &job->state;
    const int64_t now = ct_clock_now_us(ct_clock_real());
    if (status == CT_JOB_RUNNING && s->status != CT_JOB_RUNNING) s->started_us = now;
    if (status > CT_JOB_RUNNING) s->finished_us = now;
    s->status = status;
    s->progress = progress;
    snprintf(s->message, sizeof s->message, "%s", message ? message : "");
    return ct_scenario__describe(s, job->document);
}

void ct_scenario__tell(const ct_queue *q, char *words) {
    if (words && q->changed) q->changed(q->context, words);
    ct_free(words);
}

static void forget(ct_queue *q, const ct_job *job) {
    for (size_t i = 0; i < q->n_jobs; i++) {
        if (q->jobs[i] != job) continue;
        free_job(q->jobs[i]);
        memmove(q->jobs + i, q->jobs + i + 1, (q->n_jobs - i - 1) * sizeof *q->jobs);
        q->n_jobs--;
        return;
    }
}

// Room for one more: the oldest ended job goes first.
static ct_err make_room(ct_queue *q) {
    size_t waiting = 0;
    for (size_t i = 0; i < q->n_jobs; i++) waiting += q->jobs[i]->state.status == CT_JOB_QUEUED;
    if (waiting >= CT_SCENARIO__MAX_WAITING)
        return ct_fail(CT_BUSY, "%d runs are waiting already", CT_SCENARIO__MAX_WAITING);
    for (size_t i = 0; q->n_jobs == CT_SCENARIO__MAX_JOBS && i < q->n_jobs; i++)
        if (q->jobs[i]->state.status > CT_JOB_RUNNING) forget(q, q->jobs[i]);
    return CT_OK;
}

// ---- life

static void free_queue(ct_queue *q) {
    for (size_t i = 0; i < q->n_jobs; i++) free_job(q->jobs[i]);
    for (size_t i = 0; i < q->n_open; i++) ct_run_unref(q->open[i]);
    pthread_cond_destroy(&q->wake);
    pthread_mutex_destroy(&q->lock);
    pthread_mutex_destroy(&q->list_lock);
    ct_scenario__free_list(q->listed, q->n_listed);
    ct_free(q->program);
    ct_free(q->runs_folder);
    ct_free(q->queue_folder);
    ct_free(q);
}

ct_err ct_queue_open(ct_queue **out, ct_store *store, const char *program, int threads, int nice,
                     void (*changed)(void *context, const char *run_json), void *context) {
    ct_queue *q = ct_calloc(1, sizeof *q);
    if (!q) return CT_NOMEM;
    q->store = store;
    q->threads = threads;
    q->nice = nice;
    q->changed = changed;
    q->context = context;
    pthread_mutex_init(&q->lock, NULL);
    pthread_mutex_init(&q->list_lock, NULL);
    pthread_cond_init(&q->wake, NULL);
    q->program = ct_strdup(program);
    q->runs_folder = ct_store_file(store, "runs");
    q->queue_folder = ct_store_file(store, "queue");
    ct_err err = q->program && q->runs_folder && q->queue_folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_scenario__resume(q);
    if (err == CT_OK && pthread_create(&q->thread, NULL, ct_scenario__work, q) != 0)
        err = ct_fail(CT_NOMEM, "the queue's thread could not be started");
    if (err == CT_OK)
        *out = q;
    else
        free_queue(q);
    return err;
}

void ct_queue_close(ct_queue *q) {
    if (!q) return;
    pthread_mutex_lock(&q->lock);
    q->stop = true;
    pthread_cond_signal(&q->wake);
    pthread_mutex_unlock(&q->lock);
    pthread_join(q->thread, NULL);
    free_queue(q);
}

// ---- coming in

// Takes the job: into the queue, or away if the same is on its way already.
static ct_err append_job(ct_queue *q, ct_job *job) {
    ct_err err = CT_OK;
    char *words = NULL;
    pthread_mutex_lock(&q->lock);
    ct_job *old = ct_scenario__find_job(q, job->state.id);
    if (!old || old->state.status > CT_JOB_RUNNING) {
        if (old) forget(q, old);
        err = make_room(q);
        if (err == CT_OK) {
            q->jobs[q->n_jobs++] = job;
            words = ct_scenario__change(job, CT_JOB_QUEUED, 0, "");
            job = NULL;
            pthread_cond_signal(&q->wake);
        }
    }
    pthread_mutex_unlock(&q->lock);
    free_job(job);
    ct_scenario__tell(q, words);
    return err;
}

static ct_err accept(ct_queue *q, const char *id, const ct_scenario *scenario) {
    ct_job *job = ct_calloc(1, sizeof *job);
    if (!job) return CT_NOMEM;
    memcpy(job->state.id, id, CT_RUN_ID_MAX);
    job->state.created_us = ct_clock_now_us(ct_clock_real());
    job->document = json_incref(scenario->document);
    // On disk first: an accepted job survives the server.
    ct_err err = ct_scenario__keep_file(q, id, scenario->document);
    if (err != CT_OK) {
        free_job(job);
        return err;
    }
    err = append_job(q, job);
    if (err != CT_OK) ct_scenario__drop_file(q, id);
    return err;
}

ct_err ct_queue_submit(char id[CT_RUN_ID_MAX], ct_job_status *status, ct_queue *q,
                       const json_t *document) {
    ct_scenario *scenario = NULL;
    ct_reader *reader = NULL;
    char key[CT_RUN_ID_MAX];
    ct_err err = ct_scenario_parse(&scenario, document, ct_store_catalogue(q->store),
                                   ct_store_crs(q->store)->code);
    if (err == CT_OK) err = ct_store_reader(&reader, q->store);
    if (err == CT_OK) err = ct_context(ct_merged_check(reader, scenario->edits), "scenario");
    if (err == CT_OK) err = ct_scenario_run_id(key, scenario, reader, q->store);
    if (reader) ct_reader_release(reader);
    bool there = false;
    if (err == CT_OK && !(there = ct_scenario__run_is_there(q, key)))
        err = accept(q, key, scenario);
    ct_scenario_free(scenario);
    if (err != CT_OK) return err;
    memcpy(id, key, CT_RUN_ID_MAX);
    *status = there ? CT_JOB_DONE : CT_JOB_QUEUED;
    return CT_OK;
}

// ---- going out

ct_err ct_queue_cancel(ct_queue *q, const char *id) {
    ct_err err = CT_OK;
    char *words = NULL;
    bool was_waiting = false;
    pthread_mutex_lock(&q->lock);
    ct_job *job = ct_scenario__find_job(q, id);
    if (!job) {
        err = ct_fail(ct_scenario__run_is_there(q, id) ? CT_ARG : CT_NOTFOUND,
                      "no run %s is waiting or running", id);
    } else if (job->state.status > CT_JOB_RUNNING) {
        err = ct_fail(CT_ARG, "run %s has ended already", id);
    } else {
        job->cancel = true; // the queue's thread sees it where the job runs
        was_waiting = job->state.status == CT_JOB_QUEUED;
        if (was_waiting) words = ct_scenario__change(job, CT_JOB_CANCELLED, 0, "");
    }
    pthread_mutex_unlock(&q->lock);
    if (was_waiting) ct_scenario__drop_file(q, id);
    ct_scenario__tell(q, words);
    return err;
}

// With the lock held: out of the cache of open runs.
static void drop_open(ct_queue *q, const char *id) {
    size_t kept = 0;
    for (size_t i = 0; i < q->n_open; i++) {
        if (strcmp(ct_run_id(q->open[i]), id) == 0)
            ct_run_unref(q->open[i]);
        else
            q->open[kept++] = q->open[i];
    }
    q->n_open = kept;
}

ct_err ct_queue_remove(ct_queue *q, const char *id) {
    pthread_mutex_lock(&q->lock);
    const ct_job *job = ct_scenario__find_job(q, id);
    const bool known = job != NULL, busy = job && job->state.status <= CT_JOB_RUNNING;
    if (job && !busy) forget(q, job);
    pthread_mutex_unlock(&q->lock);
    if (busy) return ct_fail(CT_ARG, "run %s is waiting or running: cancel it first", id);
    const ct_err err = ct_run_remove(q->runs_folder, id);
    pthread_mutex_lock(&q->lock);
    drop_open(q, id);
    q->removals++;
    pthread_mutex_unlock(&q->lock);
    return err == CT_NOTFOUND && known ? CT_OK : err; // a failed one leaves no folder
}

// ---- finished runs

// With the lock held: a new reference, the run now being the most recently used one; NULL = not
// open.
static ct_run *find_open(ct_queue *q, const char *id) {
    for (size_t i = 0; i < q->n_open; i++) {
        if (strcmp(ct_run_id(q->open[i]), id) != 0) continue;
        ct_run *found = q->open[i];
        memmove(q->open + 1, q->open, i * sizeof *q->open);
        q->open[0] = found;
        return ct_run_ref(found);
    }
    return NULL;
}

ct_err ct_queue_open_run(ct_run **out, ct_queue *q, const char *id) {
    pthread_mutex_lock(&q->lock);
    ct_run *run = find_open(q, id);
    const unsigned removals = q->removals;
    pthread_mutex_unlock(&q->lock);
    if (run) {
        *out = run;
        return CT_OK;
    }
    CT_TRY(ct_run_open(&run, q->runs_folder, id)); // outside the lock: it reads
    pthread_mutex_lock(&q->lock);
    ct_run *other = find_open(q, id); // opened by another thread meanwhile
    if (!other && removals == q->removals) {
        if (q->n_open == CT_SCENARIO__OPEN_RUNS) ct_run_unref(q->open[--q->n_open]);
        memmove(q->open + 1, q->open, q->n_open * sizeof *q->open);
        q->open[0] = ct_run_ref(run);
        q->n_open++;
    }
    pthread_mutex_unlock(&q->lock);
    if (other) {
        ct_run_unref(run);
        run = other;
    }
    *out = run;
    return CT_OK;
}
