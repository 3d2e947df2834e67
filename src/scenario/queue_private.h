// The queue's insides, shared by its files. Private to scenario.
#ifndef CT_SCENARIO_QUEUE_PRIVATE_H
#define CT_SCENARIO_QUEUE_PRIVATE_H

#include <pthread.h>

#include "scenario/queue.h"
#include "scenario/run_json.h"

#define CT_SCENARIO__MAX_JOBS    200 // waiting, running and ended ones that are remembered
#define CT_SCENARIO__MAX_WAITING 100
#define CT_SCENARIO__OPEN_RUNS   8

typedef struct ct_job {
    ct_job_state state;
    json_t *document; // the scenario as checked; never changed
    bool cancel;
} ct_job;

typedef struct ct_scenario__listed { // a finished run as the list tells of it
    char id[CT_RUN_ID_MAX];
    int64_t when_us; // of its run.json, which never changes
    char *text;      // NULL where it could not be read
    size_t length;
} ct_scenario__listed;

struct ct_queue {
    ct_store *store;
    char *program, *runs_folder, *queue_folder;
    int threads, nice;
    void (*changed)(void *context, const char *run_json);
    void *context;
    pthread_t thread;
    pthread_mutex_t lock; // of everything below
    pthread_cond_t wake;
    bool stop;
    ct_job *jobs[CT_SCENARIO__MAX_JOBS]; // oldest first
    size_t n_jobs;
    ct_job *running;                      // the one whose status is CT_JOB_RUNNING
    ct_run *open[CT_SCENARIO__OPEN_RUNS]; // most recently used first
    size_t n_open;
    pthread_mutex_t list_lock;   // of the two below; taken before `lock`
    ct_scenario__listed *listed; // by id
    size_t n_listed;
    unsigned removals; // counts, so that a run opened across a removal is not kept
};

// ---- jobs; all with the lock held
ct_job *ct_scenario__find_job(const ct_queue *q, const char *id);
bool ct_scenario__run_is_there(const ct_queue *q, const char *id);
// The job's new state, and the words to tell once the lock is given back (ct_free; may be NULL).
char *ct_scenario__change(ct_job *job, ct_job_status status, double progress, const char *message);
void ct_scenario__tell(const ct_queue *q, char *words); // without the lock; frees the words

// ---- the file of a job in the queue's folder: there from its acceptance to its end
CT_CHECKED ct_err ct_scenario__keep_file(const ct_queue *q, const char *id, const json_t *document);
void ct_scenario__drop_file(const ct_queue *q, const char *id);
// The jobs that an earlier queue left, oldest first, into an empty queue.
CT_CHECKED ct_err ct_scenario__resume(ct_queue *q);

void ct_scenario__free_list(ct_scenario__listed *listed, size_t n);

void *ct_scenario__work(void *queue); // the queue's thread

#endif
