// The Run object of the HTTP interface.
#include "scenario/run_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define MAX_DURATION_S 1e9

const char *ct_job_status_name(ct_job_status status) {
    static const char *const k_names[] = {"queued", "running", "done", "failed", "cancelled"};
    return k_names[status];
}

static void kv_json(ct_jsonw *w, const char *key, const json_t *value) {
    char *text = value ? ct_json_dump(value, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    ct_jsonw_key(w, key);
    if (text)
        ct_jsonw_raw(w, text, strlen(text));
    else
        ct_jsonw_null(w);
    ct_free(text);
}

static void kv_time(ct_jsonw *w, const char *key, int64_t us) {
    char text[32];
    ct_time_format(text, us);
    ct_jsonw_kv_string(w, key, text);
}

// 0 = not yet.
static void kv_moment(ct_jsonw *w, const char *key, int64_t us) {
    if (us)
        kv_time(w, key, us);
    else
        ct_jsonw_kv_string(w, key, NULL);
}

static void write_span(ct_jsonw *w, const json_t *document) {
    int64_t start = 0;
    const char *text = json_string_value(json_object_get(document, "start"));
    const double duration_s = json_number_value(json_object_get(document, "duration_s"));
    if (!text || ct_time_parse(&start, text) != CT_OK) return;
    if (!(duration_s >= 0 && duration_s <= MAX_DURATION_S)) return; // of a damaged run
    kv_time(w, "start", start);
    kv_time(w, "end", start + llround(1e6 * duration_s));
}

static void write_links(ct_jsonw *w, const char *id) {
    char href[96];
    snprintf(href, sizeof href, "/runs/%s", id);
    ct_jsonw_key(w, "links");
    ct_jsonw_array(w);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "rel", "self");
    ct_jsonw_kv_string(w, "type", "application/json");
    ct_jsonw_kv_string(w, "href", href);
    ct_jsonw_end_object(w);
    ct_jsonw_end_array(w);
}

void ct_scenario__write_job(ct_buf *out, const ct_job_state *state, const json_t *document,
                            bool whole) {
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "id", state->id);
    kv_json(&w, "title", json_object_get(document, "title"));
    if (whole) kv_json(&w, "scenario", document);
    ct_jsonw_kv_string(&w, "status", ct_job_status_name(state->status));
    ct_jsonw_kv_double(&w, "progress", state->progress);
    ct_jsonw_kv_string(&w, "message", state->message);
    kv_moment(&w, "created", state->created_us);
    kv_moment(&w, "started", state->started_us);
    kv_moment(&w, "finished", state->finished_us);
    write_span(&w, document);
    ct_jsonw_key(&w, "times");
    ct_jsonw_array(&w);
    ct_jsonw_end_array(&w);
    write_links(&w, state->id);
    ct_jsonw_end_object(&w);
}

char *ct_scenario__describe(const ct_job_state *state, const json_t *document) {
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    ct_scenario__write_job(&out, state, document, false);
    char *text = ct_buf_take(&out, NULL);
    ct_buf_fini(&out);
    return text;
}

static void write_times(ct_jsonw *w, const ct_run *run) {
    const double *t_s;
    const size_t n = ct_run_times(run, &t_s);
    ct_jsonw_key(w, "times");
    ct_jsonw_array(w);
    for (size_t i = 0; i < n; i++) {
        char text[32];
        ct_time_format(text, ct_run_epoch_us(run) + llround(t_s[i] * 1e6));
        ct_jsonw_string(w, text);
    }
    ct_jsonw_end_array(w);
}

void ct_scenario__write_run(ct_buf *out, const ct_run *run, bool whole) {
    const json_t *document = json_object_get(ct_run_json(run), "scenario");
    const json_t *provenance = json_object_get(ct_run_json(run), "provenance");
    const char *started = json_string_value(json_object_get(provenance, "started")),
               *finished = json_string_value(json_object_get(provenance, "finished"));
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "id", ct_run_id(run));
    kv_json(&w, "title", json_object_get(document, "title"));
    if (whole) kv_json(&w, "scenario", document);
    ct_jsonw_kv_string(&w, "status", ct_job_status_name(CT_JOB_DONE));
    ct_jsonw_kv_double(&w, "progress", 1);
    ct_jsonw_kv_string(&w, "message", "");
    ct_jsonw_kv_string(&w, "created", started);
    ct_jsonw_kv_string(&w, "started", started);
    ct_jsonw_kv_string(&w, "finished", finished);
    write_span(&w, document);
    write_times(&w, run);
    kv_json(&w, "indicators",
            json_object_get(json_object_get(ct_run_json(run), "summary"), "indicators"));
    static const char *const k_parts[] = {"warnings", "ledger",   "drains", "inside",
                                          "whole",    "versions", "hashes", "provenance"};
    for (size_t i = 0; whole && i < sizeof k_parts / sizeof *k_parts; i++)
        kv_json(&w, k_parts[i], json_object_get(ct_run_json(run), k_parts[i]));
    write_links(&w, ct_run_id(run));
    ct_jsonw_end_object(&w);
}
