// The job queue of the server: runs wait, execute one at a time in a child process (`cimtwin run
// ... --json`), report progress over its pipe, can be cancelled; finished ones are found in the
// runs folder. Accepted jobs are kept on disk until they end: a queue that was closed or killed
// carries on with the next ct_queue_open.
#ifndef CT_SCENARIO_QUEUE_H
#define CT_SCENARIO_QUEUE_H

#include "scenario/run.h"

typedef enum ct_job_status {
    CT_JOB_QUEUED,
    CT_JOB_RUNNING,
    CT_JOB_DONE,
    CT_JOB_FAILED,
    CT_JOB_CANCELLED
} ct_job_status;

typedef struct ct_queue ct_queue; // thread-safe

// `program`: path of cimtwin. `threads` of a run; 0: as many as cores. `nice`, 0 to 19: how far
// runs stand back from answers where both want the processor. `changed` is called with the Run JSON
// without scenario and indicators whenever a job's status or progress (at most 4 times a second)
// changes, from the queue's thread or from that of a submit or cancel, perhaps before this function
// returns; it must not call the queue.
CT_CHECKED ct_err ct_queue_open(ct_queue **out, ct_store *store, const char *program, int threads,
                                int nice, void (*changed)(void *context, const char *run_json),
                                void *context);
// Ends the child (killed if it takes longer than 3 s); its job and the waiting ones stay on disk.
void ct_queue_close(ct_queue *queue);

// Checks the document and its edits against the twin, finds an equal finished run (*status
// CT_JOB_DONE at once) or a job on its way, or appends a job, which is durable then. CT_BUSY where
// too many wait; errors of ct_scenario_parse and ct_merged_check.
CT_CHECKED ct_err ct_queue_submit(char id[CT_RUN_ID_MAX], ct_job_status *status, ct_queue *queue,
                                  const json_t *document);
CT_CHECKED ct_err ct_queue_cancel(ct_queue *queue,
                                  const char *id); // CT_NOTFOUND; CT_ARG if it is finished
CT_CHECKED ct_err ct_queue_remove(ct_queue *queue,
                                  const char *id); // a finished, failed or cancelled one
// A job is done when its run's folder is there; if the twin was changed between request and start,
// the run has another id and the job has failed, which its message tells.
//
// Appends the Run object (all of it) or the list {"runs":[...]}, newest first, finished runs of
// earlier days included.
CT_CHECKED ct_err ct_queue_write(ct_buf *out, ct_queue *queue, const char *id);
CT_CHECKED ct_err ct_queue_write_list(ct_buf *out, ct_queue *queue);
typedef struct ct_queue_counts {
    size_t by_status[CT_JOB_CANCELLED + 1]; // CT_JOB_DONE: the finished runs on disk
    bool full;                              // no more are accepted until one has begun
} ct_queue_counts;
const char *ct_job_status_name(ct_job_status status);
// `finished`: counts the folder's runs too, else they are 0.
CT_CHECKED ct_err ct_queue_count(ct_queue_counts *out, ct_queue *queue, bool finished);
// The opened finished run, shared from a small cache; give back with ct_run_unref.
CT_CHECKED ct_err ct_queue_open_run(ct_run **out, ct_queue *queue, const char *id);

#endif
