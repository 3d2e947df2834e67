// The server's job queue: one thread that starts a child process for each run and follows its
// words.
#include "scenario/queue.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "scenario/run_json.h"
#include "sim/domain/merged.h"

#define MAX_JOBS      1000 // waiting and remembered ones
#define MAX_WAITING   100
#define OPEN_RUNS     8
#define TELL_EVERY_US 250000

typedef struct ct_job {
    ct_job_state state;
    json_t *document; // the scenario as checked
    bool cancel;
} ct_job;

struct ct_queue {
    ct_store *store;
    char *program, *runs_folder, *queue_folder;
    int threads;
    void (*changed)(void *context, const char *run_json);
    void *context;
    pthread_t thread;
    pthread_mutex_t lock; // of everything below
    pthread_cond_t wake;
    bool stop;
    ct_job *jobs[MAX_JOBS]; // oldest first
    size_t n_jobs;
    ct_job *running;
    ct_proc *child;
    ct_run *open[OPEN_RUNS]; // most recently used first
    size_t n_open;
};

static void free_job(ct_job *job) {
    json_decref(job->document);
    ct_free(job);
}

// ---- telling
// ------------------------------------------------------------------------------------------------------

// With the lock held: copies the words, tells them after the lock is given back.
static char *describe(const ct_job *job) {
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_scenario__write_job(&out, &job->state, job->document, false);
    char *text = ct_buf_take(&out, NULL);
    ct_buf_fini(&out);
    return text;
}

static void tell(ct_queue *q, char *text) {
    if (text && q->changed) q->changed(q->context, text);
    ct_free(text);
}

// With the lock held: the job's new state, and the words to tell once the lock is given back.
static char *change_status(ct_job *job, ct_job_status status, double progress,
                           const char *message) {
    ct_job_state *s = &job->state;
    const int64_t now = ct_clock_now_us(ct_clock_real());
    if (status == CT_JOB_RUNNING && s->status != CT_JOB_RUNNING) s->started_us = now;
    if (status > CT_JOB_RUNNING) s->finished_us = now;
    s->status = status;
    s->progress = progress;
    snprintf(s->message, sizeof s->message, "%s", message ? message : "");
    return describe(job);
}

static void set_status(ct_queue *q, ct_job *job, ct_job_status status, double progress,
                       const char *message) {
    pthread_mutex_lock(&q->lock);
    char *text = change_status(job, status, progress, message);
    pthread_mutex_unlock(&q->lock);
    tell(q, text);
}

// ---- carrying out
// -------------------------------------------------------------------------------------------------

// The child's last words: {"run": id, "reused": bool}; before them {"progress": 0..1, "message":
// text}.
static void follow(ct_queue *q, ct_job *job, ct_proc *child, char *last_line, size_t room) {
    char *line;
    int64_t told_us = 0;
    last_line[0] = 0;
    while (ct_proc_read_line(child, &line) == CT_OK) {
        json_t *words = NULL;
        if (ct_json_parse(&words, line, strlen(line), 1 << 20) != CT_OK) {
            snprintf(last_line, room, "%s", line); // an error message
            continue;
        }
        const json_t *progress = json_object_get(words, "progress");
        const int64_t now = ct_clock_mono_us(ct_clock_real());
        if (json_is_number(progress) && now - told_us >= TELL_EVERY_US) {
            told_us = now;
            set_status(q, job, CT_JOB_RUNNING, json_number_value(progress),
                       json_string_value(json_object_get(words, "message")));
        }
        json_decref(words);
    }
}

static ct_err write_document(char **path, const ct_queue *q, const ct_job *job) {
    char *text = json_dumps(job->document, JSON_COMPACT);
    char *file = text ? ct_sprintf("%s/%s.json", q->queue_folder, job->state.id) : NULL;
    ct_err err = file ? ct_dir_make(q->queue_folder) : ct_fail(CT_NOMEM, "out of memory");
    if (err == CT_OK) err = ct_file_write(file, text, strlen(text));
    ct_free(text);
    if (err == CT_OK)
        *path = file;
    else
        ct_free(file);
    return err;
}

static ct_err start_child(ct_queue *q, ct_job *job, const char *scenario_path) {
    char threads[16], *program = q->program, *twin = ct_strdup(ct_store_path(q->store)),
                      *file = ct_strdup(scenario_path);
    char run[] = "run", json[] = "--json", threads_option[] = "--threads";
    snprintf(threads, sizeof threads, "%d", q->threads);
    char *argv[] = {program, run, twin, file, json, threads_option, threads, NULL};
    ct_proc *child = NULL;
    ct_err err = twin && file ? ct_proc_start(&child, argv, true) : CT_NOMEM;
    ct_free(twin);
    ct_free(file);
    if (err != CT_OK) return err;
    pthread_mutex_lock(&q->lock);
    q->child = child;
    const bool already_cancelled = job->cancel;
    pthread_mutex_unlock(&q->lock);
    if (already_cancelled) ct_proc_signal(child, SIGTERM);
    return CT_OK;
}

static void carry_out(ct_queue *q, ct_job *job) {
    char *path = NULL, words[512];
    set_status(q, job, CT_JOB_RUNNING, 0, "starting");
    ct_err err = write_document(&path, q, job);
    if (err == CT_OK) err = start_child(q, job, path);
    if (err != CT_OK) {
        set_status(q, job, CT_JOB_FAILED, job->state.progress, ct_err_message());
    } else {
        follow(q, job, q->child, words, sizeof words);
        const int code = ct_proc_wait(q->child);
        pthread_mutex_lock(&q->lock);
        ct_proc *child = q->child;
        q->child = NULL;
        const bool cancelled = job->cancel;
        pthread_mutex_unlock(&q->lock);
        ct_proc_free(child);
        if (code == 0)
            set_status(q, job, CT_JOB_DONE, 1, "");
        else if (cancelled)
            set_status(q, job, CT_JOB_CANCELLED, job->state.progress, "");
        else if (words[0])
            set_status(q, job, CT_JOB_FAILED, job->state.progress, words);
        else
            set_status(q, job, CT_JOB_FAILED, job->state.progress,
                       code > 128 ? "the run crashed" : "the run failed");
    }
    if (path && ct_file_remove(path) != CT_OK)
        ct_log(CT_LOG_WARNING, "queue: %s", ct_err_message());
    ct_free(path);
}

static ct_job *next_waiting(ct_queue *q) {
    for (size_t i = 0; i < q->n_jobs; i++)
        if (q->jobs[i]->state.status == CT_JOB_QUEUED) return q->jobs[i];
    return NULL;
}

static void *work(void *context) {
    ct_queue *q = context;
    pthread_mutex_lock(&q->lock);
    while (!q->stop) {
        ct_job *job = next_waiting(q);
        if (!job) {
            pthread_cond_wait(&q->wake, &q->lock);
            continue;
        }
        q->running = job;
        pthread_mutex_unlock(&q->lock);
        carry_out(q, job);
        pthread_mutex_lock(&q->lock);
        q->running = NULL;
    }
    pthread_mutex_unlock(&q->lock);
    return NULL;
}

// ---- the public side
// ----------------------------------------------------------------------------------------------

ct_err ct_queue_open(ct_queue **out, ct_store *store, const char *program, int threads,
                     void (*changed)(void *context, const char *run_json), void *context) {
    ct_queue *q = ct_calloc(1, sizeof *q);
    if (!q) return CT_NOMEM;
    q->store = store;
    q->threads = threads;
    q->changed = changed;
    q->context = context;
    q->program = ct_strdup(program);
    q->runs_folder = ct_store_file(store, "runs");
    q->queue_folder = ct_store_file(store, "queue");
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->wake, NULL);
    ct_err err = q->program && q->runs_folder && q->queue_folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK && pthread_create(&q->thread, NULL, work, q) != 0)
        err = ct_fail(CT_NOMEM, "the queue's thread could not be started");
    if (err == CT_OK) {
        *out = q;
        return CT_OK;
    }
    ct_free(q->program);
    ct_free(q->runs_folder);
    ct_free(q->queue_folder);
    ct_free(q);
    return err;
}

void ct_queue_close(ct_queue *q) {
    if (!q) return;
    pthread_mutex_lock(&q->lock);
    q->stop = true;
    if (q->running) q->running->cancel = true;
    if (q->child) ct_proc_signal(q->child, SIGTERM);
    pthread_cond_signal(&q->wake);
    pthread_mutex_unlock(&q->lock);
    pthread_join(q->thread, NULL);
    for (size_t i = 0; i < q->n_jobs; i++) free_job(q->jobs[i]);
    for (size_t i = 0; i < q->n_open; i++) ct_run_unref(q->open[i]);
    pthread_cond_destroy(&q->wake);
    pthread_mutex_destroy(&q->lock);
    ct_free(q->program);
    ct_free(q->runs_folder);
    ct_free(q->queue_folder);
    ct_free(q);
}

static ct_job *find_job(const ct_queue *q, const char *id) {
    for (size_t i = q->n_jobs; i-- > 0;)
        if (strcmp(q->jobs[i]->state.id, id) == 0) return q->jobs[i];
    return NULL;
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

// With the lock held: room for one more, the oldest ended job goes first.
static ct_err make_room(ct_queue *q) {
    size_t waiting = 0;
    for (size_t i = 0; i < q->n_jobs; i++) waiting += q->jobs[i]->state.status == CT_JOB_QUEUED;
    if (waiting >= MAX_WAITING) return ct_fail(CT_BUSY, "%d runs are waiting already", MAX_WAITING);
    for (size_t i = 0; q->n_jobs == MAX_JOBS && i < q->n_jobs; i++)
        if (q->jobs[i]->state.status > CT_JOB_RUNNING) forget(q, q->jobs[i]);
    return CT_OK;
}

static bool run_is_there(const ct_queue *q, const char *id) {
    char *path = ct_path_join(q->runs_folder, id);
    const bool there = path && ct_dir_exists(path);
    ct_free(path);
    return there;
}

static ct_err append_job(ct_queue *q, const char *id, const ct_scenario *scenario) {
    ct_job *job = ct_calloc(1, sizeof *job);
    if (!job) return CT_NOMEM;
    memcpy(job->state.id, id, CT_RUN_ID_MAX);
    job->state.created_us = ct_clock_now_us(ct_clock_real());
    job->state.status = CT_JOB_QUEUED;
    job->document = json_incref(scenario->document);
    pthread_mutex_lock(&q->lock);
    ct_job *old = find_job(q, id);
    ct_err err = CT_OK;
    char *text = NULL;
    if (old && old->state.status <= CT_JOB_RUNNING) {
        free_job(job); // the same is on its way already
    } else {
        if (old && old != q->running) forget(q, old);
        err = make_room(q);
        if (err == CT_OK) {
            q->jobs[q->n_jobs++] = job;
            text = describe(job);
            pthread_cond_signal(&q->wake);
        } else {
            free_job(job);
        }
    }
    pthread_mutex_unlock(&q->lock);
    tell(q, text);
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
    if (err == CT_OK && !(there = run_is_there(q, key))) err = append_job(q, key, scenario);
    ct_scenario_free(scenario);
    if (err != CT_OK) return err;
    memcpy(id, key, CT_RUN_ID_MAX);
    *status = there ? CT_JOB_DONE : CT_JOB_QUEUED;
    return CT_OK;
}

ct_err ct_queue_cancel(ct_queue *q, const char *id) {
    ct_err err = CT_OK;
    char *text = NULL;
    pthread_mutex_lock(&q->lock);
    ct_job *job = find_job(q, id);
    if (!job) {
        err = ct_fail(run_is_there(q, id) ? CT_ARG : CT_NOTFOUND, "no run %s is waiting or running",
                      id);
    } else if (job->state.status > CT_JOB_RUNNING) {
        err = ct_fail(CT_ARG, "run %s has ended already", id);
    } else {
        job->cancel = true;
        if (job->state.status == CT_JOB_QUEUED)
            text = change_status(job, CT_JOB_CANCELLED, 0, "");
        else if (q->child)
            ct_proc_signal(q->child, SIGTERM);
    }
    pthread_mutex_unlock(&q->lock);
    tell(q, text);
    return err;
}

// With the lock held: out of the cache of open runs. Readers that hold it keep reading their open
// copy's slices.
static void drop_open(ct_queue *q, const char *id) {
    for (size_t i = 0; i < q->n_open; i++) {
        if (strcmp(ct_run_id(q->open[i]), id) != 0) continue;
        ct_run_unref(q->open[i]);
        memmove(q->open + i, q->open + i + 1, (q->n_open - i - 1) * sizeof *q->open);
        q->n_open--;
        return;
    }
}

ct_err ct_queue_remove(ct_queue *q, const char *id) {
    pthread_mutex_lock(&q->lock);
    ct_job *job = find_job(q, id);
    const bool busy = job && job->state.status <= CT_JOB_RUNNING;
    const bool known = job != NULL;
    if (job && !busy) forget(q, job);
    if (!busy) drop_open(q, id);
    pthread_mutex_unlock(&q->lock);
    if (busy) return ct_fail(CT_ARG, "run %s is waiting or running: cancel it first", id);
    const ct_err err = ct_run_remove(q->runs_folder, id);
    return err == CT_NOTFOUND && known ? CT_OK : err; // a failed one leaves no folder
}

ct_err ct_queue_open_run(ct_run **out, ct_queue *q, const char *id) {
    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < q->n_open; i++) {
        if (strcmp(ct_run_id(q->open[i]), id) != 0) continue;
        ct_run *found = q->open[i];
        memmove(q->open + 1, q->open, i * sizeof *q->open);
        q->open[0] = found;
        *out = ct_run_ref(found);
        pthread_mutex_unlock(&q->lock);
        return CT_OK;
    }
    pthread_mutex_unlock(&q->lock);
    ct_run *run;
    CT_TRY(ct_run_open(&run, q->runs_folder, id));
    pthread_mutex_lock(&q->lock);
    if (q->n_open == OPEN_RUNS) ct_run_unref(q->open[--q->n_open]);
    memmove(q->open + 1, q->open, q->n_open * sizeof *q->open);
    q->open[0] = ct_run_ref(run);
    q->n_open++;
    pthread_mutex_unlock(&q->lock);
    *out = run;
    return CT_OK;
}

ct_err ct_queue_write(ct_buf *out, ct_queue *q, const char *id) {
    pthread_mutex_lock(&q->lock);
    const ct_job *job = find_job(q, id);
    const bool live = job && job->state.status != CT_JOB_DONE;
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
        if (q->jobs[i]->state.status == CT_JOB_DONE) continue; // comes from its folder
        if (written++) ct_buf_putc(out, ',');
        ct_scenario__write_job(out, &q->jobs[i]->state, q->jobs[i]->document, true);
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
