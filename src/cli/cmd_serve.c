// cimtwin serve: the twin over HTTP, with live devices and a job queue, until Ctrl-C.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/notify.h"
#include "base/proc.h"
#include "cli/command.h"
#include "http/api/api.h"

#define TICK_US          50000 // what waits to be told waits no longer than this beyond its turn
#define CACHE_MB         256
#define RUN_NICE         10
#define LISTEN_OTHERWISE "127.0.0.1:8080"

typedef struct server {
    ct_twin twin;
    ct_api_parts parts;
    _Atomic(ct_api *) api; // the queue's thread looks for it from before it is there
    ct_http *http;
    char *console, *program, *name;
    int lock; // of the one server of this twin; -1 = not ours
} server;

// "ADDR:PORT", "[v6]:PORT", ":PORT" or "PORT".
static ct_err parse_listen(ct_http_config *config, char *text) {
    char *colon = strrchr(text, ':'), *port = colon ? colon + 1 : text, *end;
    const long number = strtol(port, &end, 10);
    if (end == port || *end || number < 0 || number > 65535)
        return ct_fail(CT_ARG, "--listen %s: it is ADDR:PORT, with a port from 0 to 65535", text);
    config->port = (uint16_t)number;
    if (colon && colon != text) {
        *colon = 0;
        config->address = text;
        const size_t n = strlen(text);
        if (text[0] == '[' && text[n - 1] == ']') {
            text[n - 1] = 0;
            config->address = text + 1;
        }
    }
    return CT_OK;
}

// The built page: where told, else beside the program (build tree), else in the installed share
// folder.
static ct_err find_console(char **out, const ct_args *args, const char *program) {
    const char *told = ct_args_value(args, "console", NULL);
    if (told) {
        if (!ct_dir_exists(told))
            return ct_fail(CT_NOTFOUND, "--console %s: there is no such folder", told);
        return (*out = ct_strdup(told)) ? CT_OK : CT_NOMEM;
    }
    const int length = (int)(ct_path_name(program) - program);
    char *places[2] = {ct_sprintf("%.*sconsole", length, program),
                       ct_sprintf("%.*s../share/cimtwin/console", length, program)};
    for (int i = 0; i < 2; i++) {
        if (!*out && places[i] && ct_dir_exists(places[i]))
            *out = places[i];
        else
            ct_free(places[i]);
    }
    return CT_OK; // without a page the services still serve
}

// The twin's short name in topics: its file's, without the ending.
static char *short_name(const char *path) {
    const char *file = ct_path_name(path), *dot = strrchr(file, '.');
    return ct_strndup(file, dot && dot != file ? (size_t)(dot - file) : strlen(file));
}

static void run_changed(void *context, const char *run_json) {
    server *s = context;
    ct_api *api = atomic_load(&s->api);
    if (api) ct_api_publish(api, "run", run_json);
}

// A file that was moved without its folder would only say that something in it cannot be opened.
static ct_err find_folder(const server *s) {
    char *folder = ct_store_file(s->twin.store, "");
    if (!folder) return CT_NOMEM;
    const bool there = ct_dir_exists(folder);
    ct_free(folder);
    if (there) return CT_OK;
    return ct_fail(CT_NOTFOUND,
                   "%s.d is not there: the folder of terrain, observations and runs goes with the "
                   "file",
                   ct_store_path(s->twin.store));
}

// Two servers would take each other's queue and MQTT session.
static ct_err be_the_only_one(server *s) {
    char *path = ct_store_file(s->twin.store, CT_STORE_SERVER_LOCK);
    if (!path) return CT_NOMEM;
    const ct_err err = ct_file_lock(&s->lock, path);
    ct_free(path);
    return ct_context(err, "a twin has one server");
}

static ct_err make_http(server *s, const ct_args *args, ct_log_level requests) {
    ct_http_config config = {.public_url = ct_args_value(args, "public-url", NULL)};
    long threads, connections, timeout;
    CT_TRY(ct_args_int(&threads, args, "threads", 0, 0, 256));
    CT_TRY(ct_args_int(&connections, args, "max-connections", 0, 1, 1000000));
    CT_TRY(ct_args_int(&timeout, args, "timeout", 0, 1, 3600));
    config.threads = (int)threads;
    config.max_connections = (int)connections;
    config.timeout_s = (int)timeout;
    (void)ct_proc_raise_files(); // each client is an open file
    char *listen = ct_strdup(ct_args_value(args, "listen", LISTEN_OTHERWISE));
    if (!listen) return CT_NOMEM;
    ct_err err = parse_listen(&config, listen);
    if (err == CT_OK) err = ct_http_new(&s->http, &config);
    if (err == CT_OK) ct_http_log_requests(s->http, requests);
    ct_free(listen);
    return err;
}

static ct_err open_parts(server *s, const ct_args *args) {
    long threads, nice, cache_mb, days;
    const char *mqtt = ct_args_value(args, "mqtt", NULL);
    CT_TRY(ct_args_int(&threads, args, "run-threads", 0, 0, 1024));
    CT_TRY(ct_args_int(&nice, args, "run-nice", RUN_NICE, 0, 19));
    CT_TRY(ct_args_int(&cache_mb, args, "cache-mb", CACHE_MB, 0, 1 << 20));
    CT_TRY(ct_args_int(&days, args, "retention", 0, 0, CT_LIVE_KEEP_MAX_DAYS));
    CT_TRY(find_folder(s));
    CT_TRY(be_the_only_one(s));
    s->parts.store = s->twin.store;
    CT_TRY(ct_program_path(&s->program));
    CT_TRY(find_console(&s->console, args, s->program));
    s->parts.console_folder = s->console;
    if (!(s->name = short_name(ct_store_path(s->twin.store)))) return CT_NOMEM;
    CT_TRY(ct_tiles_open(&s->parts.tiles, s->twin.store, (size_t)cache_mb << 20));
    CT_TRY(ct_live_open(&s->parts.live, s->twin.store, ct_clock_real()));
    if (days) CT_TRY(ct_live_keep_for(s->parts.live, (double)days));
    CT_TRY(ct_queue_open(&s->parts.queue, s->twin.store, s->program, (int)threads, (int)nice,
                         run_changed, s));
    s->parts.threads = ct_http_threads(s->http);
    ct_api *api;
    CT_TRY(ct_api_new(&api, &s->parts));
    atomic_store(&s->api, api);
    // Last, so that its first messages find everything in place.
    if (mqtt)
        CT_TRY(ct_context(ct_mqtt_start(&s->parts.mqtt, s->parts.live, mqtt, s->name), "--mqtt"));
    if (mqtt) ct_api_set_mqtt(s->api, s->parts.mqtt);
    return CT_OK;
}

static void close_all(server *s) {
    if (s->http) ct_http_stop(s->http);
    ct_mqtt_stop(s->parts.mqtt);
    ct_queue_close(s->parts.queue);
    ct_api_free(s->api);
    ct_http_free(s->http);
    ct_live_close(s->parts.live);
    ct_tiles_close(s->parts.tiles);
    ct_twin_close(&s->twin);
    ct_dir_unlock(s->lock);
    ct_free(s->console);
    ct_free(s->program);
    ct_free(s->name);
}

typedef struct logging {
    ct_log_level level, requests;
    ct_log_format format;
} logging;

static ct_err read_logging(logging *out, const ct_args *args) {
    const char *format = ct_args_value(args, "log-format", "text");
    const char *otherwise = ct_args_has(args, "verbose") ? "debug" : "info";
    CT_TRY(ct_context(ct_log_level_of(&out->level, ct_args_value(args, "log-level", otherwise)),
                      "--log-level"));
    CT_TRY(ct_context(ct_log_level_of(&out->requests, ct_args_value(args, "log-requests", "debug")),
                      "--log-requests"));
    if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
        return ct_fail(CT_ARG, "--log-format %s: it is text or json", format);
    out->format = strcmp(format, "json") == 0 ? CT_LOG_JSON : CT_LOG_TEXT;
    return CT_OK;
}

static void tell_ready(const server *s) {
    char words[512];
    snprintf(words, sizeof words, "READY=1\nSTATUS=serving %.200s at %.200s/",
             ct_store_title(s->twin.store), ct_http_url(s->http));
    ct_notify(words);
    printf("cimtwin: serving %s at %s/\n", ct_store_title(s->twin.store), ct_http_url(s->http));
    fflush(stdout);
    ct_log(CT_LOG_INFO, "cimtwin " CT_VERSION " serves %s at %s/", ct_store_path(s->twin.store),
           ct_http_url(s->http));
}

// Until a signal. The manager's watchdog hears of this loop: what it waits for, the store and the
// live state, is what must not hang.
static void serve(const server *s) {
    const int64_t watchdog_us = ct_notify_watchdog_us();
    int64_t told_us = 0;
    while (!atomic_load(ct_cancel_flag())) {
        ct_api_tick(s->api);
        const int64_t now_us = ct_clock_mono_us(ct_clock_real());
        if (watchdog_us && now_us - told_us >= watchdog_us / 3) {
            ct_notify("WATCHDOG=1");
            told_us = now_us;
        }
        ct_clock_sleep_us(ct_clock_real(), TICK_US);
    }
    ct_notify("STOPPING=1\nSTATUS=stopping");
    ct_log(CT_LOG_INFO, "stopping");
}

static ct_err run(const ct_args *args) {
    server s = {.api = NULL, .lock = -1};
    logging log;
    CT_TRY(read_logging(&log, args));
    ct_log_set_level(log.level);
    ct_log_set_format(log.format);
    ct_mem_keep_freed(); // tiles and pages are made in buffers of up to some megabytes
    CT_TRY(ct_twin_open(&s.twin, ct_args_at(args, 0)));
    ct_catch_signals();
    ct_err err = make_http(&s, args, log.requests);
    if (err == CT_OK) err = open_parts(&s, args);
    if (err == CT_OK) err = ct_api_add_routes(s.http, s.api);
    if (err == CT_OK) {
        err = ct_http_start(s.http);
        if (err == CT_ARG) err = ct_context(err, "--listen");
    }
    if (err == CT_OK) {
        tell_ready(&s);
        serve(&s);
    }
    close_all(&s);
    return err;
}

static const ct_option k_options[] = {
    {"listen", "ADDR:PORT", "where to listen (default 127.0.0.1:8080; port 0 picks a free one)"},
    {"mqtt", "URL", "take observations from this broker, mqtt://host:port"},
    {"retention", "DAYS",
     "delete observations and cleared alarms that are older (default: all are kept)"},
    {"console", "DIR", "folder of the built page"},
    {"public-url", "URL",
     "where a proxy stands before the server: start of links, the name writes come under"},
    {"threads", "N", "threads that answer requests (default: as many as cores, at least 4)"},
    {"max-connections", "N", "clients at once (default 12000, if so many files may be open)"},
    {"timeout", "SECONDS", "after which a silent or too slow client is cut off (default 30)"},
    {"run-threads", "N", "threads of a simulation (default: as many as cores)"},
    {"run-nice", "N", "how far simulations stand back from answers: 0 to 19 (default 10)"},
    {"cache-mb", "N", "memory for tiles that are kept, megabytes (default 256)"},
    {"log-level", "LEVEL", "error, warning, info (default) or debug: what is logged, on stderr"},
    {"log-format", "FORMAT", "text (default) or json: one object a line"},
    {"log-requests", "LEVEL", "the level of the line for each request (default debug)"},
    {"verbose", NULL, "the same as --log-level debug"},
    {"config", "FILE", "more options: a JSON object, keys as here with _ for -"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_serve = {
    "serve",
    "serve a twin over HTTP",
    "TWIN",
    1,
    1,
    k_options,
    "  cimtwin serve riverside.ct\n"
    "  cimtwin serve riverside.ct --listen 0.0.0.0:8080 --mqtt mqtt://127.0.0.1:1883\n"
    "  cimtwin serve riverside.ct --log-format json --log-requests info\n"
    "  echo '{\"listen\": \"127.0.0.1:9000\", \"threads\": 4}' >serve.json\n"
    "  cimtwin serve riverside.ct --config serve.json\n",
    run,
    "The first line on stdout tells the address, once it answers. SIGTERM, SIGINT and SIGHUP end "
    "it\n"
    "in order (exit code 0), a second signal at once (5); started with nohup it outlives SIGHUP.\n"
    "What was acknowledged is on disk either way. A twin has one server at a time; other commands\n"
    "work beside it. Started by systemd it tells readiness and its watchdog.\n"
    "The file of options is described by schemas/serve.schema.json; unknown keys are refused, and\n"
    "the command line goes before the file.\n",
};
