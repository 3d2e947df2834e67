// The queue's thread: a child process (`cimtwin run`) for one job after the other, whose words it
// follows, and which it ends on request.
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "scenario/queue_private.h"

#define TELL_EVERY_US  250000  // progress
#define LOOK_EVERY_US  100000  // for a request to end
#define GRACE_US       3000000 // from SIGTERM to SIGKILL
#define EXIT_CANCELLED 5       // of `cimtwin run`
#define PREFIX         "cimtwin: run: "

// What became of a job.
typedef struct outcome {
    ct_job_status status;
    char run[CT_RUN_ID_MAX]; // that the child told of; "" = of none
    char message[sizeof((ct_job_state *)0)->message];
} outcome;

static void set_status(ct_queue *q, ct_job *job, ct_job_status status, double progress,
                       const char *message) {
    pthread_mutex_lock(&q->lock);
    char *words = ct_scenario__change(job, status, progress, message);
    pthread_mutex_unlock(&q->lock);
    ct_scenario__tell(q, words);
}

static bool must_end(ct_queue *q, const ct_job *job) {
    pthread_mutex_lock(&q->lock);
    const bool end = q->stop || job->cancel;
    pthread_mutex_unlock(&q->lock);
    return end;
}

// A line of the child: {"progress": 0..1, "message": text}, at the end {"run": id, "reused": bool};
// anything else is an error message.
static void hear(ct_queue *q, ct_job *job, outcome *o, const char *line, int64_t *told_us) {
    json_t *words = NULL;
    if (ct_json_parse(&words, line, strlen(line), 1 << 20) != CT_OK || !json_is_object(words)) {
        const size_t skip = strncmp(line, PREFIX, strlen(PREFIX)) == 0 ? strlen(PREFIX) : 0;
        snprintf(o->message, sizeof o->message, "%s", line + skip);
        json_decref(words);
        return;
    }
    const json_t *progress = json_object_get(words, "progress");
    const char *run = json_string_value(json_object_get(words, "run"));
    if (ct_run_id_ok(run)) memcpy(o->run, run, CT_RUN_ID_MAX);
    const int64_t now = ct_clock_mono_us(ct_clock_real());
    if (json_is_number(progress) && now - *told_us >= TELL_EVERY_US) {
        *told_us = now;
        set_status(q, job, CT_JOB_RUNNING, json_number_value(progress),
                   json_string_value(json_object_get(words, "message")));
    }
    json_decref(words);
}

static void follow(ct_queue *q, ct_job *job, ct_proc *child, outcome *o) {
    int64_t told_us = 0, asked_us = 0;
    for (;;) {
        const int64_t now = ct_clock_mono_us(ct_clock_real());
        if (must_end(q, job)) {
            if (!asked_us) {
                asked_us = now;
                ct_proc_signal(child, SIGTERM);
            } else if (now - asked_us > GRACE_US) {
                ct_proc_signal(child, SIGKILL);
            }
        }
        char *line;
        const ct_err err = ct_proc_read_line_for(child, &line, LOOK_EVERY_US);
        if (err == CT_OK)
            hear(q, job, o, line, &told_us);
        else if (err != CT_TIMEOUT)
            return;
    }
}

static ct_err start_child(ct_proc **child, const ct_queue *q, const ct_job *job) {
    char threads[16], run[] = "run", json[] = "--json", threads_option[] = "--threads";
    snprintf(threads, sizeof threads, "%d", q->threads);
    char *twin = ct_strdup(ct_store_path(q->store));
    char *file = ct_sprintf("%s/%s.json", q->queue_folder, job->state.id);
    char *argv[] = {q->program, run, twin, file, json, threads_option, threads, NULL};
    const ct_err err = twin && file ? ct_proc_start(child, argv, true) : CT_NOMEM;
    if (err == CT_OK) ct_proc_yield_to_others(*child, q->nice); // answers come before runs
    ct_free(twin);
    ct_free(file);
    return err;
}

static void judge(ct_queue *q, const ct_job *job, outcome *o, int exit_code) {
    pthread_mutex_lock(&q->lock);
    const bool cancelled = job->cancel;
    const bool there = ct_scenario__run_is_there(q, job->state.id);
    pthread_mutex_unlock(&q->lock);
    o->status = CT_JOB_FAILED;
    if (exit_code == 0 && there) {
        o->status = CT_JOB_DONE;
        o->message[0] = 0;
    } else if (exit_code == 0 && o->run[0]) {
        // The id holds the twin's state: what was simulated is not what was asked for.
        snprintf(o->message, sizeof o->message,
                 "the twin was changed since the request; the run is %s", o->run);
    } else if (cancelled || exit_code == EXIT_CANCELLED) {
        o->status = CT_JOB_CANCELLED;
        o->message[0] = 0;
    } else if (exit_code > 128) {
        snprintf(o->message, sizeof o->message, "the run crashed (signal %d)", exit_code - 128);
    } else if (!o->message[0]) {
        snprintf(o->message, sizeof o->message, "the run failed (exit code %d)", exit_code);
    }
}

static void carry_out(ct_queue *q, ct_job *job, outcome *o) {
    ct_proc *child = NULL;
    ct_err err = ct_scenario__keep_file(q, job->state.id, job->document);
    if (err == CT_OK) err = start_child(&child, q, job);
    if (err != CT_OK) {
        o->status = CT_JOB_FAILED;
        snprintf(o->message, sizeof o->message, "%s", ct_err_message());
        return;
    }
    follow(q, job, child, o);
    const int code = ct_proc_wait(child);
    ct_proc_free(child);
    if (code > 128 && ct_run_sweep(q->runs_folder) != CT_OK)
        ct_log(CT_LOG_WARNING, "queue: %s", ct_err_message());
    judge(q, job, o, code);
}

static ct_job *next_waiting(const ct_queue *q) {
    for (size_t i = 0; i < q->n_jobs; i++)
        if (q->jobs[i]->state.status == CT_JOB_QUEUED) return q->jobs[i];
    return NULL;
}

// With the lock held on entry and return.
static void carry_out_next(ct_queue *q, ct_job *job) {
    outcome o = {.status = CT_JOB_FAILED};
    q->running = job;
    char *words = ct_scenario__change(job, CT_JOB_RUNNING, 0, "starting");
    pthread_mutex_unlock(&q->lock);
    ct_scenario__tell(q, words);
    carry_out(q, job, &o);
    pthread_mutex_lock(&q->lock);
    q->running = NULL;
    // What the end of the queue broke off begins anew with the next queue.
    const bool broken_off = q->stop && !job->cancel && o.status != CT_JOB_DONE;
    const double progress = o.status == CT_JOB_DONE ? 1 : job->state.progress;
    char id[CT_RUN_ID_MAX];
    memcpy(id, job->state.id, CT_RUN_ID_MAX);
    words = broken_off ? NULL : ct_scenario__change(job, o.status, progress, o.message);
    pthread_mutex_unlock(&q->lock);
    if (!broken_off) ct_scenario__drop_file(q, id);
    ct_scenario__tell(q, words);
    pthread_mutex_lock(&q->lock);
}

void *ct_scenario__work(void *queue) {
    ct_queue *q = queue;
    pthread_mutex_lock(&q->lock);
    while (!q->stop) {
        ct_job *job = next_waiting(q);
        if (job)
            carry_out_next(q, job);
        else
            pthread_cond_wait(&q->wake, &q->lock);
    }
    pthread_mutex_unlock(&q->lock);
    return NULL;
}
