// Simulation runs and scenarios: the list, start, progress, cancel, comparison, the files of a run.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "http/api/internal.h"

enum {
    SCENARIOS_DEFAULT = 200,    // of one page
    SCENARIOS_MAX = 1000,       // the same
    SCENARIOS_BYTES = 64 << 20, // of one page, unless the first alone is longer
    MAX_FILES = 20000           // listed of a run
};

static ct_err answer_fresh(ct_http_res *res, ct_buf *out, ct_err err) {
    ct_http_res_header(res, "Cache-Control", "no-store");
    if (err == CT_OK) err = ct_http_res_buf(res, CT_API__JSON, out);
    ct_buf_fini(out);
    return err;
}

static ct_err list(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    (void)req;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    return answer_fresh(res, &out, ct_queue_write_list(&out, api->parts.queue));
}

static ct_err answer_run(ct_api *api, ct_http_res *res, const char *id) {
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    return answer_fresh(res, &out, ct_queue_write(&out, api->parts.queue, id));
}

static ct_err submit(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    size_t length;
    const char *text = ct_http_req_body(req, &length);
    json_t *document;
    CT_TRY(ct_json_parse(&document, text, length, CT_SCENARIO_MAX_BYTES));
    char id[CT_RUN_ID_MAX];
    ct_job_status status;
    ct_err err = ct_queue_submit(id, &status, api->parts.queue, document);
    json_decref(document);
    // What the scenario names is not there; the address is.
    if (err == CT_NOTFOUND) return ct_http_res_problem(req, res, 400, "%s", ct_err_message());
    CT_TRY(err);
    ct_http_res_status(res, status == CT_JOB_DONE ? 200 : 201);
    ct_http_res_headerf(res, "Location", "%s/runs/%s", ct_http_req_base(req), id);
    return answer_run(api, res, id);
}

static ct_err one(void *context, ct_http_req *req, ct_http_res *res) {
    return answer_run(context, res, ct_http_req_segment(req, "runId"));
}

// Cancels what waits or runs (again: as long as it is stopping), removes what has ended. Who means
// to cancel only says so: between what a client saw and its request the run may have finished.
static ct_err end(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const char *id = ct_http_req_segment(req, "runId");
    const char *only = ct_http_req_param(req, "cancel");
    if (only && strcmp(only, "true") != 0 && strcmp(only, "false") != 0)
        return ct_fail(CT_PARSE, "parameter cancel: \"%s\" is neither true nor false", only);
    ct_err err = ct_queue_cancel(api->parts.queue, id);
    if (err == CT_OK) return answer_run(api, res, id);
    if (err != CT_ARG) return err;
    if (only && strcmp(only, "true") == 0)
        return ct_http_res_problem(req, res, 409, "run %s has ended: there is nothing to cancel",
                                   id);
    CT_TRY(ct_queue_remove(api->parts.queue, id));
    ct_http_res_status(res, 204);
    return CT_OK;
}

static ct_err compare(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_run *base = NULL, *other = NULL;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = ct_queue_open_run(&base, api->parts.queue, ct_http_req_segment(req, "runId"));
    if (err == CT_OK)
        err = ct_queue_open_run(&other, api->parts.queue, ct_http_req_param(req, "with"));
    if (err == CT_OK) err = ct_scenario_compare(&out, base, other);
    ct_run_unref(base);
    ct_run_unref(other);
    return answer_fresh(res, &out, err);
}

// {"name": rows}; takes the run. `rows` NULL: none.
static ct_err answer_rows(ct_http_res *res, ct_run *run, const char *name, const json_t *rows) {
    char *text =
        rows ? ct_json_dump(rows, JSON_COMPACT | JSON_REAL_PRECISION(15)) : ct_strdup("[]");
    ct_run_unref(run);
    if (!text) return CT_NOMEM;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, name);
    ct_jsonw_raw(&w, text, strlen(text));
    ct_jsonw_end_object(&w);
    ct_free(text);
    return ct_api__answer(res, CT_API__JSON, &out);
}

static ct_err buildings(void *context, ct_http_req *req, ct_http_res *res) {
    const ct_api *api = context;
    ct_run *run;
    CT_TRY(ct_queue_open_run(&run, api->parts.queue, ct_http_req_segment(req, "runId")));
    return answer_rows(res, run, "buildings",
                       json_object_get(json_object_get(ct_run_json(run), "summary"), "buildings"));
}

static ct_err rooms(void *context, ct_http_req *req, ct_http_res *res) {
    const ct_api *api = context;
    ct_run *run;
    CT_TRY(ct_queue_open_run(&run, api->parts.queue, ct_http_req_segment(req, "runId")));
    const json_t *all = json_object_get(json_object_get(ct_run_json(run), "inside"), "rooms");
    return answer_rows(res, run, "rooms", all);
}

// ---- files ----

// Folder of a complete run; caller frees. CT_NOTFOUND.
static ct_err folder_of(char **out, const ct_api *api, const char *id) {
    if (!ct_run_id_ok(id)) return ct_fail(CT_NOTFOUND, "there is no run \"%s\"", id);
    char *runs = ct_store_file(api->parts.store, "runs");
    char *folder = runs ? ct_path_join(runs, id) : NULL;
    ct_free(runs);
    if (!folder) return CT_NOMEM;
    if (!ct_dir_exists(folder)) {
        ct_free(folder);
        return ct_fail(CT_NOTFOUND, "there is no finished run \"%s\"", id);
    }
    *out = folder;
    return CT_OK;
}

typedef struct listing {
    ct_jsonw w;
    const char *base, *id, *folder;
    const char
        *inside; // the part of the path below the run's folder, with its slash; "" at the top
    ct_arena *arena;
    int *n;
} listing;

static ct_err write_file(void *context, const char *name, bool is_dir);

// A folder cannot be fetched, so it has no address; all that lies in it follows.
static ct_err write_folder(listing *l, const char *name, const char *path) {
    ct_jsonw_object(&l->w);
    ct_jsonw_kv_string(&l->w, "name", name);
    ct_jsonw_kv_string(&l->w, "kind", "folder");
    ct_jsonw_end_object(&l->w);
    listing inner = *l;
    inner.folder = path;
    inner.inside = ct_arena_printf(l->arena, "%s/", name);
    if (!inner.inside) return CT_NOMEM;
    const ct_err err = ct_dir_list(path, write_file, &inner);
    l->w = inner.w;
    return err;
}

static ct_err write_file(void *context, const char *name, bool is_dir) {
    listing *l = context;
    const char *path = ct_arena_printf(l->arena, "%s/%s", l->folder, name);
    const char *whole = ct_arena_printf(l->arena, "%s%s", l->inside, name);
    if (!path || !whole) return CT_NOMEM;
    if (++*l->n > MAX_FILES)
        return ct_fail(CT_LIMIT, "run %s has more than %d files", l->id, MAX_FILES);
    if (is_dir) return write_folder(l, whole, path);
    const char *href = ct_arena_printf(l->arena, "%s/runs/%s/files/%s", l->base, l->id, whole);
    if (!href) return CT_NOMEM;
    ct_jsonw_object(&l->w);
    ct_jsonw_kv_string(&l->w, "name", whole);
    ct_jsonw_kv_string(&l->w, "kind", "file");
    ct_jsonw_kv_int(&l->w, "bytes", ct_file_size(path));
    ct_jsonw_kv_string(&l->w, "href", href);
    ct_jsonw_end_object(&l->w);
    return CT_OK;
}

static ct_err files(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    int n = 0;
    listing l = {.base = ct_http_req_base(req),
                 .id = ct_http_req_segment(req, "runId"),
                 .inside = "",
                 .arena = ct_http_req_arena(req),
                 .n = &n};
    char *folder;
    CT_TRY(folder_of(&folder, api, l.id));
    l.folder = folder;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw_init(&l.w, &out);
    ct_jsonw_object(&l.w);
    ct_jsonw_key(&l.w, "files");
    ct_jsonw_array(&l.w);
    ct_err err = ct_dir_list(folder, write_file, &l);
    ct_jsonw_end_array(&l.w);
    ct_jsonw_end_object(&l.w);
    ct_free(folder);
    return answer_fresh(res, &out, err);
}

static const char *type_of(const char *name) {
    const char *dot = strrchr(name, '.');
    if (dot && strcmp(dot, ".json") == 0) return CT_API__JSON;
    if (dot && strcmp(dot, ".tif") == 0)
        return "image/tiff; application=geotiff; profile=cloud-optimized";
    if (dot && strcmp(dot, ".csv") == 0) return "text/csv; charset=utf-8";
    return "application/octet-stream";
}

static ct_err file(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const char *name = ct_http_req_segment(req, "file"), *id = ct_http_req_segment(req, "runId");
    char *folder;
    CT_TRY(folder_of(&folder, api, id));
    char *path = ct_path_join(folder, name);
    // Dot segments never get here (http.h): the path stays inside the folder.
    ct_err err = path ? ct_http_res_file(req, res, type_of(name), path) : CT_NOMEM;
    ct_free(path);
    ct_free(folder);
    if (err == CT_NOTFOUND) return ct_fail(CT_NOTFOUND, "run %s has no file \"%s\"", id, name);
    if (err == CT_OK) ct_http_res_header(res, "Cache-Control", "public, max-age=3600");
    return err;
}

// ---- scenarios ----

typedef struct scenarios {
    const char *folder;
    ct_jsonw w;
    ct_buf *out;
    int64_t n;           // files met
    int64_t from, limit; // of the page
    int64_t next;        // first file that is not on it; 0 = none
    int64_t written;
} scenarios;

// Checked, then given as it was written: numbers keep their digits.
static ct_err write_document(scenarios *s, const char *path) {
    char *text = NULL;
    size_t length = 0;
    json_t *document = NULL;
    ct_err err = ct_file_read(&text, &length, path, CT_SCENARIO_MAX_BYTES);
    if (err == CT_OK) err = ct_json_parse(&document, text, length, CT_SCENARIO_MAX_BYTES);
    if (err == CT_OK) {
        if (s->written && s->out->len + length > SCENARIOS_BYTES) {
            s->next = s->n;
        } else {
            ct_jsonw_raw(&s->w, text, length);
            s->written++;
        }
    }
    json_decref(document);
    ct_free(text);
    return err;
}

static ct_err write_scenario(void *context, const char *name, bool is_dir) {
    scenarios *s = context;
    size_t n = strlen(name);
    if (is_dir || n < 6 || strcmp(name + n - 5, ".json") != 0) return CT_OK;
    const bool here = s->n >= s->from && !s->next;
    if (here && s->n - s->from == s->limit) s->next = s->n;
    ct_err err = CT_OK;
    if (here && !s->next) {
        char *path = ct_path_join(s->folder, name);
        err = path ? write_document(s, path) : CT_NOMEM;
        ct_free(path);
    }
    s->n++;
    if (err == CT_PARSE || err == CT_LIMIT || err == CT_NOTFOUND) {
        // One that somebody spoiled, or took away just now, does not hide the others.
        ct_log(CT_LOG_WARNING, "scenarios: %s: %s", name, ct_err_message());
        return CT_OK;
    }
    return ct_context(err, "%s", name);
}

static ct_err list_scenarios(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    scenarios s = {.out = &out};
    CT_TRY(ct_http_req_int(&s.limit, req, "limit", SCENARIOS_DEFAULT, 1, SCENARIOS_MAX));
    CT_TRY(ct_http_req_int(&s.from, req, "offset", 0, 0, INT32_MAX));
    char *folder = ct_store_file(api->parts.store, "scenarios");
    if (!folder) return CT_NOMEM;
    s.folder = folder;
    ct_jsonw_init(&s.w, &out);
    ct_jsonw_object(&s.w);
    ct_jsonw_key(&s.w, "scenarios");
    ct_jsonw_array(&s.w);
    ct_err err = ct_dir_exists(folder) ? ct_dir_list(folder, write_scenario, &s) : CT_OK;
    ct_jsonw_end_array(&s.w);
    ct_jsonw_kv_int(&s.w, "numberMatched", s.n);
    ct_jsonw_kv_int(&s.w, "numberReturned", s.written);
    ct_jsonw_key(&s.w, "links");
    ct_jsonw_array(&s.w);
    if (s.next)
        ct_api__link(&s.w, ct_http_req_base(req), "next", CT_API__JSON, "The next page",
                     "/scenarios?offset=%lld&limit=%lld", (long long)s.next, (long long)s.limit);
    ct_jsonw_end_array(&s.w);
    ct_jsonw_end_object(&s.w);
    ct_free(folder);
    return answer_fresh(res, &out, err);
}

static const ct_http_param scenarios_params[] = {
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":200}",
     "most scenarios of one page", false},
    {"offset", "{\"type\":\"integer\",\"minimum\":0,\"default\":0}",
     "how many to pass over: taken from a next link", false},
};
static const ct_http_param end_params[] = {{"cancel", "{\"type\":\"boolean\",\"default\":false}",
                                            "true: only cancel; a run that has ended stays (409)",
                                            false}};
static const ct_http_param with_only[] = {
    {"with", "{\"type\":\"string\"}", "the run to compare with", true}};
static const ct_http_param range_header[] = {
    {"Range", "{\"type\":\"string\"}", "bytes=a-b: a part of the file (206)", false}};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/runs",
     .handler = list,
     .name = "getRuns",
     .summary = "Every run, newest first",
     .tag = "Runs",
     .type = CT_API__JSON},
    {.method = CT_HTTP_POST,
     .path = "/runs",
     .handler = submit,
     .name = "startRun",
     .also = 200,
     .problems = "404 503",
     .answers = "run",
     .takes = "scenario",
     .summary = "Starts a scenario; an equal finished run is given at once (200)",
     .tag = "Runs",
     .type = CT_API__JSON,
     .status = 201,
     .body = CT_API__JSON,
     .aside = true}, // the run's id is a hash of the whole twin
    {.method = CT_HTTP_GET,
     .path = "/runs/{runId}",
     .handler = one,
     .name = "getRun",
     .answers = "run",
     .summary = "A run with its progress, or its results",
     .tag = "Runs",
     .type = CT_API__JSON},
    {.method = CT_HTTP_DELETE,
     .path = "/runs/{runId}",
     .handler = end,
     .name = "endRun",
     .also = 204,
     .problems = "409",
     .answers = "run",
     .summary = "Cancels a run that waits or runs (200, with the run); removes one that has ended, "
                "with its results (204)",
     .tag = "Runs",
     .type = CT_API__JSON,
     .params = end_params,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = "/runs/{runId}/compare",
     .handler = compare,
     .name = "compareRuns",
     .summary = "Indicators of two runs side by side",
     .tag = "Runs",
     .type = CT_API__JSON,
     .params = with_only,
     .n_params = 1,
     .aside = true},
    {.method = CT_HTTP_GET,
     .path = "/runs/{runId}/buildings",
     .handler = buildings,
     .name = "getRunBuildings",
     .summary = "Deepest water at each building",
     .tag = "Runs",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/runs/{runId}/rooms",
     .handler = rooms,
     .name = "getRunRooms",
     .summary = "Water in each storey and garage",
     .tag = "Runs",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/runs/{runId}/files",
     .handler = files,
     .name = "getRunFiles",
     .summary = "Files of a run, for other programs",
     .tag = "Runs",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/runs/{runId}/files/{file...}",
     .handler = file,
     .name = "getRunFile",
     .also = 206,
     .problems = "416",
     .headers = range_header,
     .n_headers = 1,
     .summary = "One file of a run (ranges are answered)",
     .tag = "Runs",
     .type = "application/octet-stream"},
    {.method = CT_HTTP_GET,
     .path = "/scenarios",
     .handler = list_scenarios,
     .name = "getScenarios",
     .summary = "The scenarios that came with the twin, by the names of their files",
     .tag = "Runs",
     .type = CT_API__JSON,
     .params = scenarios_params,
     .n_params = 2},
};

ct_err ct_api__runs(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
