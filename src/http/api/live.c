// Live devices over HTTP: their state, history, alarms, observations in, and the stream of events.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/api/internal.h"

#define RETRY_AFTER_S "5" // about as long as a disk that has room again may go unnoticed

enum { HISTORY_DEFAULT = 1000, HISTORY_MAX = 100000, MAX_NAME = 64 };

static ct_err answer_fresh(ct_http_res *res, ct_buf *out, ct_err err) {
    ct_http_res_header(res, "Cache-Control", "no-store");
    if (err == CT_OK) err = ct_http_res_buf(res, CT_API__JSON, out);
    ct_buf_fini(out);
    return err;
}

static ct_err devices(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    (void)req;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    return answer_fresh(res, &out, ct_live_write_devices(&out, api->parts.live));
}

static ct_err device(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    return answer_fresh(
        res, &out,
        ct_live_write_device(&out, api->parts.live, ct_http_req_segment(req, "deviceId")));
}

static ct_err time_of(int64_t *out, const ct_http_req *req, const char *name, int64_t otherwise) {
    const char *text = ct_http_req_param(req, name);
    *out = otherwise;
    return text ? ct_context(ct_time_parse(out, text), "parameter %s", name) : CT_OK;
}

static ct_err history(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    int64_t from_us, to_us, limit;
    CT_TRY(time_of(&from_us, req, "from", INT64_MIN));
    CT_TRY(time_of(&to_us, req, "to", INT64_MAX));
    CT_TRY(ct_http_req_int(&limit, req, "limit", HISTORY_DEFAULT, 1, HISTORY_MAX));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = ct_live_write_history(&out, api->parts.live, ct_http_req_segment(req, "deviceId"),
                                       ct_http_req_param(req, "property"), from_us, to_us, limit);
    return answer_fresh(res, &out, err);
}

static ct_err alarms(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const char *open = ct_http_req_param(req, "open");
    if (open && strcmp(open, "true") != 0 && strcmp(open, "false") != 0)
        return ct_fail(CT_PARSE, "parameter open: \"%s\" is neither true nor false", open);
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    const ct_live_which which = !open                       ? CT_LIVE_ALL_ALARMS
                                : strcmp(open, "true") == 0 ? CT_LIVE_OPEN_ALARMS
                                                            : CT_LIVE_CLEARED_ALARMS;
    return answer_fresh(res, &out, ct_live_write_alarms(&out, api->parts.live, which));
}

// A failed write as the client should see it: not its fault, and worth another try.
static ct_err storage_failed(ct_api *api, ct_http_req *req, ct_http_res *res, ct_err err) {
    ct_live_storage storage;
    if (err == CT_OK || err == CT_NOMEM || err == CT_NOTFOUND || err == CT_ARG) return err;
    ct_live_get_storage(&storage, api->parts.live);
    if (!storage.refuses) return err;
    const bool full = storage.err == CT_DISKFULL;
    const ct_err answered = ct_http_res_problem(
        req, res, full ? 507 : 503, "nothing was stored: the server's disk %s; try again later",
        full                         ? "is full"
        : storage.err == CT_READONLY ? "is read-only"
                                     : "fails");
    ct_http_res_header(res, "Retry-After", RETRY_AFTER_S);
    return answered;
}

static ct_err acknowledge(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const char *text = ct_http_req_segment(req, "alarmId");
    char *stop;
    long long id = strtoll(text, &stop, 10);
    if (*stop || stop == text) return ct_fail(CT_NOTFOUND, "there is no alarm \"%s\"", text);
    static const char *const fields[] = {"by", NULL};
    size_t length;
    const char *body = ct_http_req_body(req, &length);
    json_t *document;
    CT_TRY(ct_json_parse(&document, body, length, 4096));
    const char *by;
    ct_err err = ct_json_only(document, fields, "body");
    if (err == CT_OK) err = ct_json_get_string(&by, document, "by", "body");
    if (err == CT_OK && (!*by || strlen(by) > MAX_NAME))
        err = ct_fail(CT_RANGE, "body.by: a name has 1 to %d bytes", MAX_NAME);
    if (err == CT_OK) err = ct_live_acknowledge(api->parts.live, id, by);
    json_decref(document);
    if (err != CT_OK) return storage_failed(api, req, res, err);
    ct_http_res_status(res, 204);
    return CT_OK;
}

static ct_err observe(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    size_t length, n_rows = 0, refused = 0;
    const char *body = ct_http_req_body(req, &length);
    ct_observation *rows = NULL;
    CT_TRY(ct_live_parse(&rows, &n_rows, ct_http_req_arena(req), NULL, body, length));
    const ct_err err = ct_live_take(api->parts.live, rows, n_rows, &refused);
    if (err != CT_OK) return storage_failed(api, req, res, err);
    if (n_rows && refused == n_rows)
        return ct_fail(
            CT_ARG,
            "none of the %zu observations was taken: their devices or properties are unknown",
            n_rows);
    if (refused) ct_http_res_headerf(res, "Refused-Observations", "%zu", refused);
    ct_http_res_status(res, 204);
    return CT_OK;
}

static ct_err follow(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    return ct_http_hub_subscribe(api->hub, req, res, CT_API__MAX_EVENT_CLIENTS);
}

#define TIME_SCHEMA "{\"type\":\"string\",\"format\":\"date-time\"}"
static const ct_http_param history_params[] = {
    {"property", "{\"type\":\"string\"}",
     "what was observed; the device's own property if not given", false},
    {"from", TIME_SCHEMA, "not before this time", false},
    {"to", TIME_SCHEMA, "not after this time", false},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":100000,\"default\":1000}",
     "most values", false},
};
static const ct_http_param open_only[] = {
    {"open", "{\"type\":\"boolean\"}",
     "true: only those that are not cleared; false: only those that are", false}};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/live/devices",
     .handler = devices,
     .name = "getDevices",
     .summary = "Every device with its last value and state",
     .tag = "Live",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/live/devices/{deviceId}",
     .handler = device,
     .name = "getDevice",
     .summary = "One device",
     .tag = "Live",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/live/devices/{deviceId}/history",
     .handler = history,
     .name = "getHistory",
     .summary = "What a device reported, newest first",
     .tag = "Live",
     .type = CT_API__JSON,
     .params = history_params,
     .n_params = 4},
    {.method = CT_HTTP_GET,
     .path = "/live/alarms",
     .handler = alarms,
     .name = "getAlarms",
     .summary = "Alarms, newest first",
     .tag = "Live",
     .type = CT_API__JSON,
     .params = open_only,
     .n_params = 1},
    {.method = CT_HTTP_POST,
     .path = "/live/alarms/{alarmId}/acknowledge",
     .handler = acknowledge,
     .name = "acknowledgeAlarm",
     .takes = "acknowledgement",
     .summary = "Says who has seen an alarm: {\"by\":\"name\"}",
     .tag = "Live",
     .status = 204,
     .body = CT_API__JSON,
     .aside = true},
    {.method = CT_HTTP_POST,
     .path = "/live/observations",
     .handler = observe,
     .name = "addObservations",
     .takes = "observations",
     .summary = "Takes observations: [{\"device\",\"property\"?,\"t\",\"v\",\"q\"?}]; durable when "
                "answered",
     .tag = "Live",
     .status = 204,
     .body = CT_API__JSON,
     .aside = true},
};
static const ct_http_param last_event[] = {
    {"Last-Event-ID", "{\"type\":\"integer\",\"minimum\":0}",
     "number of the last event that was heard: what came since is sent first", false}};
static const ct_http_route events_route = {
    .method = CT_HTTP_GET,
    .path = "/live/events",
    .handler = follow,
    .name = "getEvents",
    .problems = "503",
    .headers = last_event,
    .n_headers = 1,
    .summary = "Server-sent events: observation, alarm, run, change",
    .tag = "Live",
    .type = "text/event-stream"};

ct_err ct_api__live(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}

ct_err ct_api__events(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, &events_route, 1);
}
