// The job queue with a stand-in for `cimtwin run`: progress, cancelling, failures, closing, many
// submissions, and what survives the queue.
#include "run_fixture.h"

#include <pthread.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "scenario/queue.h"

enum { NICE = 7 };

typedef struct fixture {
    flood_twin twin;
    char program[192];
    ct_queue *queue;
    pthread_mutex_t lock;
    ct_buf told; // every Run that was told, a line each
} fixture;

static double flat(uint32_t row, uint32_t column) {
    (void)row;
    (void)column;
    return 10;
}

static void hear(void *context, const char *run_json) {
    fixture *f = context;
    pthread_mutex_lock(&f->lock);
    ct_buf_puts(&f->told, run_json);
    ct_buf_putc(&f->told, '\n');
    pthread_mutex_unlock(&f->lock);
}

// The stand-in's words: $2 twin, $3 scenario file; $id and $run, the run's id and folder.
#define SCRIPT_HEAD "#!/bin/sh\nid=$(basename \"$3\" .json)\nrun=\"$2.d/runs/$id\"\n"
#define FINISH                                                                                     \
    "mkdir -p \"$run\"\ncp \"$(dirname \"$0\")/run.json\" \"$run\"\n"                              \
    "echo '{\"run\":\"'$id'\",\"reused\":false}'\n"

static void write_program(fixture *f, const char *body) {
    char *text = ct_sprintf(SCRIPT_HEAD "%s", body);
    snprintf(f->program, sizeof f->program, "%s/stand-in", f->twin.folder);
    ok(ct_file_write(f->program, text, strlen(text)));
    assert_int_equal(chmod(f->program, 0700), 0);
    ct_free(text);
}

static void open_queue(fixture *f) {
    if (ct_queue_open(&f->queue, f->twin.store, f->program, 1, NICE, hear, f) != CT_OK)
        fail_msg("%s", ct_err_message());
}

static int set_up(void **state) {
    fixture *f = ct_calloc(1, sizeof *f);
    flood_twin_make(&f->twin, 4, 4, 1, flat);
    pthread_mutex_init(&f->lock, NULL);
    ct_buf_init(&f->told, 1 << 24);
    ct_buf_puts(&f->told, "");
    // What a finished run's folder holds, as far as the queue reads it.
    const char *run = "{\"epoch\":\"2026-07-20T20:00:00Z\",\"times_s\":[0,60],\"grid\":{\"nx\":4,"
                      "\"ny\":4,\"west_m\":0,\"north_m\":4,\"cell_m\":1},\"scenario\":{\"title\":"
                      "{\"en\":\"T\"},\"start\":\"2026-07-20T20:00:00Z\",\"duration_s\":60},"
                      "\"summary\":{\"indicators\":{\"max_depth_m\":0.5}},\"warnings\":[],"
                      "\"provenance\":{\"finished\":\"2026-07-21T00:00:00Z\"}}";
    char path[192];
    snprintf(path, sizeof path, "%s/run.json", f->twin.folder);
    ok(ct_file_write(path, run, strlen(run)));
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    ct_queue_close(f->queue);
    ct_buf_fini(&f->told);
    pthread_mutex_destroy(&f->lock);
    flood_twin_end(&f->twin);
    ct_free(f);
    return 0;
}

// A scenario that differs from others by its seed.
static ct_err submit(char id[CT_RUN_ID_MAX], ct_job_status *status, fixture *f, int seed) {
    char text[128];
    snprintf(text, sizeof text,
             "{\"start\":\"2026-07-20T20:00:00Z\",\"duration_s\":60,\"seed\":%d}", seed);
    json_t *document = flood_twin_json(text);
    const ct_err err = ct_queue_submit(id, status, f->queue, document);
    json_decref(document);
    return err;
}

static void submit_ok(char id[CT_RUN_ID_MAX], fixture *f, int seed) {
    ct_job_status status;
    if (submit(id, &status, f, seed) != CT_OK) fail_msg("%s", ct_err_message());
    assert_int_equal(status, CT_JOB_QUEUED);
}

// The Run object; json_decref.
static json_t *look(fixture *f, const char *id) {
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    if (ct_queue_write(&out, f->queue, id) != CT_OK) fail_msg("%s", ct_err_message());
    json_t *run = flood_twin_json(out.data);
    ct_buf_fini(&out);
    return run;
}

static bool has_status(fixture *f, const char *id, const char *status) {
    json_t *run = look(f, id);
    const bool has = strcmp(json_string_value(json_object_get(run, "status")), status) == 0;
    json_decref(run);
    return has;
}

static void wait_status(fixture *f, const char *id, const char *status) {
    for (int i = 0; i < 2000; i++) {
        if (has_status(f, id, status)) return;
        ct_clock_sleep_us(ct_clock_real(), 10000);
    }
    fail_msg("%s never became %s", id, status);
}

static void wait_file(const fixture *f, const char *name, bool there) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", f->twin.folder, name);
    for (int i = 0; i < 2000; i++) {
        if (ct_file_exists(path) == there) return;
        ct_clock_sleep_us(ct_clock_real(), 10000);
    }
    fail_msg("%s: waited in vain", path);
}

static bool queue_file_there(const fixture *f, const char *id) {
    char *path = ct_sprintf("%s.d/queue/%s.json", f->twin.path, id);
    const bool there = ct_file_exists(path);
    ct_free(path);
    return there;
}

static bool was_told(fixture *f, const char *text) {
    pthread_mutex_lock(&f->lock);
    const bool told = strstr(f->told.data, text) != NULL;
    pthread_mutex_unlock(&f->lock);
    return told;
}

static void a_job_runs_through(void **state) {
    fixture *f = *state;
    char id[CT_RUN_ID_MAX];
    // The document is where the child finds it; arguments as the program takes them; it stands
    // back.
    write_program(f, "[ \"$1\" = run ] && [ -f \"$2\" ] && [ -f \"$3\" ] && [ \"$4\" = --json ] &&"
                     " [ \"$5 $6\" = '--threads 1' ] || exit 9\n"
                     "until [ \"$(nice)\" = 7 ]; do sleep 0.05; done\n"
                     "echo '{\"progress\":0.25,\"message\":\"simulating\"}'\nsleep 0.3\n"
                     "echo '{\"progress\":0.75,\"message\":\"simulating\"}'\n"
                     "touch \"$(dirname \"$0\")/halfway\"\n"
                     "while [ -f \"$(dirname \"$0\")/halfway\" ]; do sleep 0.05; done\n" FINISH);
    open_queue(f);
    submit_ok(id, f, 1);
    wait_file(f, "halfway", true);
    for (int i = 0; i < 500 && !was_told(f, "0.75"); i++) ct_clock_sleep_us(ct_clock_real(), 10000);
    json_t *run = look(f, id);
    assert_string_equal(json_string_value(json_object_get(run, "status")), "running");
    assert_near(json_number_value(json_object_get(run, "progress")), 0.75, 0);
    assert_string_equal(json_string_value(json_object_get(run, "message")), "simulating");
    assert_true(json_is_string(json_object_get(run, "started")));
    assert_true(json_is_null(json_object_get(run, "finished")));
    assert_true(json_is_object(json_object_get(run, "scenario")));
    json_decref(run);
    assert_true(queue_file_there(f, id));
    // The same again is on its way already; a running one cannot be removed.
    char again[CT_RUN_ID_MAX];
    submit_ok(again, f, 1);
    assert_string_equal(again, id);
    fails(ct_queue_remove(f->queue, id), "ARG");
    message_has("cancel it first");
    char path[192];
    snprintf(path, sizeof path, "%s/halfway", f->twin.folder);
    ok(ct_file_remove(path));
    wait_status(f, id, "done");
    run = look(f, id);
    assert_near(json_number_value(json_object_get(run, "progress")), 1, 0);
    assert_int_equal(json_array_size(json_object_get(run, "times")), 2);
    assert_near(
        json_number_value(json_object_get(json_object_get(run, "indicators"), "max_depth_m")), 0.5,
        0);
    json_decref(run);
    for (int i = 0; i < 500 && queue_file_there(f, id); i++)
        ct_clock_sleep_us(ct_clock_real(), 10000);
    assert_false(queue_file_there(f, id));
    static const char *const k_words[] = {"\"queued\"", "\"running\"", "0.25", "\"done\""};
    for (int i = 0; i < 4; i++) { // the end is told after the file has gone
        for (int n = 0; n < 500 && !was_told(f, k_words[i]); n++)
            ct_clock_sleep_us(ct_clock_real(), 10000);
        assert_true(was_told(f, k_words[i]));
    }
    // Asked for again it is there; once removed, it is not.
    ct_job_status status;
    ok(submit(again, &status, f, 1));
    assert_int_equal(status, CT_JOB_DONE);
    fails(ct_queue_cancel(f->queue, id), "ARG");
    ct_run *open = NULL, *same = NULL;
    ok(ct_queue_open_run(&open, f->queue, id));
    ok(ct_queue_open_run(&same, f->queue, id));
    assert_ptr_equal(open, same);
    ok(ct_queue_remove(f->queue, id));
    ct_run_unref(same);
    fails(ct_queue_open_run(&same, f->queue, id), "NOTFOUND");
    assert_string_equal(ct_run_id(open), id); // who has it open keeps it
    ct_run_unref(open);
    fails(ct_queue_remove(f->queue, id), "NOTFOUND");
}

static void waiting_ones_are_cancelled(void **state) {
    fixture *f = *state;
    char first[CT_RUN_ID_MAX], second[CT_RUN_ID_MAX];
    write_program(f, "echo '{\"progress\":0.5,\"message\":\"m\"}'\nexec sleep 60\n");
    open_queue(f);
    submit_ok(first, f, 1);
    submit_ok(second, f, 2);
    wait_status(f, first, "running");
    assert_true(has_status(f, second, "queued"));
    ok(ct_queue_cancel(f->queue, second));
    assert_true(has_status(f, second, "cancelled"));
    assert_false(queue_file_there(f, second));
    fails(ct_queue_cancel(f->queue, second), "ARG");
    ok(ct_queue_cancel(f->queue, first)); // the running one ends by SIGTERM
    wait_status(f, first, "cancelled");
    json_t *run = look(f, first);
    assert_true(json_is_string(json_object_get(run, "finished")));
    json_decref(run);
    ok(ct_queue_remove(f->queue, first));
    ok(ct_queue_remove(f->queue, second));
    fails(ct_queue_cancel(f->queue, first), "NOTFOUND");
    fails(ct_queue_cancel(f->queue, "../.."), "NOTFOUND");
    // A cancelled one may be asked for again.
    write_program(f, FINISH);
    submit_ok(first, f, 1);
    wait_status(f, first, "done");
}

static void a_deaf_child_is_killed(void **state) {
    fixture *f = *state;
    char id[CT_RUN_ID_MAX];
    write_program(f, "trap '' TERM\ntouch \"$(dirname \"$0\")/deaf\"\n"
                     "while :; do sleep 0.1; done\n");
    open_queue(f);
    submit_ok(id, f, 1);
    wait_file(f, "deaf", true);
    const int64_t began = ct_clock_mono_us(ct_clock_real());
    ok(ct_queue_cancel(f->queue, id));
    ok(ct_queue_cancel(f->queue, id)); // while it is stopping: said again, and not more
    fails(ct_queue_remove(f->queue, id), "ARG");
    wait_status(f, id, "cancelled");
    const int64_t took = ct_clock_mono_us(ct_clock_real()) - began;
    assert_in_range(took, 2500000, 15000000);
}

static void failures_are_told(void **state) {
    static const struct {
        const char *body, *message;
    } k_cases[] = {
        {"echo 'cimtwin: run: no space left' >&2\nexit 1\n", "no space left"},
        {"echo '{\"progress\":0.1}'\nexit 3\n", "the run failed (exit code 3)"},
        {"kill -SEGV $$\n", "the run crashed (signal 11)"},
        {"exit 0\n", "the run failed (exit code 0)"}, // but no run is there
        {"echo '{\"run\":\"00000000000000000000000000000000\"}'\n",
         "the twin was changed since the request; the run is 00000000000000000000000000000000"},
        {"printf '%4000s\\n' x\nexit 1\n", "   "},
        {"printf '\\377\\376{\"a\\n[[[[\\n7\\n'\nexit 1\n", "7"},
    };
    fixture *f = *state;
    char id[CT_RUN_ID_MAX];
    for (size_t i = 0; i < sizeof k_cases / sizeof *k_cases; i++) {
        write_program(f, k_cases[i].body);
        if (!f->queue) open_queue(f);
        submit_ok(id, f, (int)i);
        wait_status(f, id, "failed");
        json_t *run = look(f, id);
        const char *message = json_string_value(json_object_get(run, "message"));
        if (!strstr(message, k_cases[i].message)) fail_msg("case %zu: %s", i, message);
        json_decref(run);
        ok(ct_queue_remove(f->queue, id));
    }
    // A program that is not there.
    ok(ct_file_remove(f->program));
    submit_ok(id, f, 99);
    wait_status(f, id, "failed");
    json_t *run = look(f, id);
    assert_non_null(strstr(json_string_value(json_object_get(run, "message")), "stand-in"));
    json_decref(run);
    // One whose child says that it was cancelled (Ctrl-C reaches a whole terminal).
    write_program(f, "exit 5\n");
    submit_ok(id, f, 100);
    wait_status(f, id, "cancelled");
}

static void bad_requests_are_refused(void **state) {
    fixture *f = *state;
    char id[CT_RUN_ID_MAX] = "untouched";
    ct_job_status status = CT_JOB_FAILED;
    write_program(f, FINISH);
    open_queue(f);
    json_t *d = flood_twin_json("{\"start\":\"2026-07-20\",\"duration_s\":-1}");
    fails(ct_queue_submit(id, &status, f->queue, d), "RANGE");
    json_decref(d);
    d = flood_twin_json("{\"start\":\"2026-07-20\",\"duration_s\":60,\"edits\":[{\"op\":\"remove\","
                        "\"id\":\"nobody\"}]}");
    fails(ct_queue_submit(id, &status, f->queue, d), "NOTFOUND");
    message_has("scenario: edits: there is no feature \"nobody\"");
    json_decref(d);
    assert_string_equal(id, "untouched");
    assert_int_equal(status, CT_JOB_FAILED);
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    fails(ct_queue_write(&out, f->queue, "0123456789abcdef0123456789abcdef"), "NOTFOUND");
    fails(ct_queue_write(&out, f->queue, "x"), "NOTFOUND");
    ok(ct_queue_write_list(&out, f->queue));
    assert_string_equal(out.data, "{\"runs\":[]}");
    ct_buf_fini(&out);
}

// What was accepted is carried out by the next queue, also where it was broken off.
static void jobs_survive_the_queue(void **state) {
    fixture *f = *state;
    char ids[3][CT_RUN_ID_MAX], damaged[256];
    write_program(f, "exec sleep 60\n");
    open_queue(f);
    for (int i = 0; i < 3; i++) submit_ok(ids[i], f, i);
    wait_status(f, ids[0], "running");
    ct_queue_close(f->queue);
    f->queue = NULL;
    for (int i = 0; i < 3; i++) assert_true(queue_file_there(f, ids[i]));
    assert_false(was_told(f, "\"cancelled\""));
    // One of them was done when the server died, one file is damaged, one is no job at all.
    snprintf(damaged, sizeof damaged, "%s.d/queue/0123456789abcdef0123456789abcdef.json",
             f->twin.path);
    ok(ct_file_write(damaged, "{\"star", 6));
    snprintf(damaged, sizeof damaged, "%s.d/queue/notes.txt", f->twin.path);
    ok(ct_file_write(damaged, "hello", 5));
    snprintf(damaged, sizeof damaged, "%s.d/runs/%s", f->twin.path, ids[2]);
    ok(ct_dir_make(damaged));
    char run[256], copy[512];
    snprintf(run, sizeof run, "%s/run.json", f->twin.folder);
    snprintf(copy, sizeof copy, "%s/run.json", damaged);
    ok(ct_file_copy(run, copy));
    write_program(f, FINISH);
    open_queue(f);
    for (int i = 0; i < 3; i++) wait_status(f, ids[i], "done");
    for (int i = 0; i < 500 && queue_file_there(f, ids[1]); i++)
        ct_clock_sleep_us(ct_clock_real(), 10000);
    for (int i = 0; i < 3; i++) assert_false(queue_file_there(f, ids[i]));
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ok(ct_queue_write_list(&out, f->queue));
    json_t *list = flood_twin_json(out.data);
    assert_int_equal(json_array_size(json_object_get(list, "runs")), 3);
    json_decref(list);
    ct_buf_fini(&out);
}

static void a_full_queue_says_so(void **state) {
    fixture *f = *state;
    char id[CT_RUN_ID_MAX], last[CT_RUN_ID_MAX];
    ct_job_status status;
    write_program(f, "exec sleep 60\n");
    open_queue(f);
    submit_ok(id, f, 0);
    wait_status(f, id, "running");
    for (int i = 1; i <= 100; i++) submit_ok(last, f, i);
    fails(submit(id, &status, f, 101), "BUSY");
    message_has("100 runs are waiting already");
    submit_ok(id, f, 100); // an equal one is not one more
    assert_string_equal(id, last);
    ok(ct_queue_cancel(f->queue, last));
    submit_ok(id, f, 101);
    ct_buf out;
    ct_buf_init(&out, 1 << 22);
    ok(ct_queue_write_list(&out, f->queue));
    json_t *list = flood_twin_json(out.data);
    const json_t *runs = json_object_get(list, "runs");
    assert_int_equal(json_array_size(runs), 102); // the cancelled one too
    const json_t *newest = json_array_get(runs, 0);
    assert_string_equal(json_string_value(json_object_get(newest, "id")), id);
    json_decref(list);
    ct_buf_fini(&out);
}

typedef struct hand {
    fixture *f;
    int number;
} hand;

static void *many_requests(void *context) {
    const hand *h = context;
    fixture *f = h->f;
    for (int i = 0; i < 12; i++) {
        char id[CT_RUN_ID_MAX];
        ct_job_status status;
        ct_buf out;
        // Half of the seeds are the other threads' too.
        const int seed = i % 2 ? i : 100 * h->number + i;
        if (submit(id, &status, f, seed) != CT_OK) abort();
        ct_buf_init(&out, 1 << 22);
        const ct_err written = ct_queue_write(&out, f->queue, id);
        if (written != CT_OK && written != CT_NOTFOUND) abort();
        if (ct_queue_write_list(&out, f->queue) != CT_OK) abort();
        ct_buf_fini(&out);
        if (i % 3 == 0 && ct_queue_cancel(f->queue, id) == CT_INTERNAL) abort();
        if (i % 4 == 0 && ct_queue_remove(f->queue, id) == CT_INTERNAL) abort();
        ct_run *run;
        if (ct_queue_open_run(&run, f->queue, id) == CT_OK) ct_run_unref(run);
    }
    return NULL;
}

static void many_threads_at_once(void **state) {
    fixture *f = *state;
    pthread_t threads[4];
    hand hands[4];
    write_program(f, "echo '{\"progress\":0.5,\"message\":\"m\"}'\n" FINISH);
    open_queue(f);
    for (int i = 0; i < 4; i++) {
        hands[i] = (hand){f, i + 1};
        assert_int_equal(pthread_create(&threads[i], NULL, many_requests, &hands[i]), 0);
    }
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    char id[CT_RUN_ID_MAX];
    ct_job_status status;
    ok(submit(id, &status, f, 5000)); // it still works
    wait_status(f, id, "done");
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(a_job_runs_through),   T(waiting_ones_are_cancelled), T(a_deaf_child_is_killed),
        T(failures_are_told),    T(bad_requests_are_refused),   T(jobs_survive_the_queue),
        T(a_full_queue_says_so), T(many_threads_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
