// ct_devsim: the devices of a twin, speaking MQTT as real ones would.
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/mem.h"
#include "devices.h"
#include "geo/crs.h"
#include "link.h"
#include "schedule.h"

#define STEP_MS     100
#define LAST_WAIT_S 10 // for acknowledgements, at the end
#define REPORT_US   60000000

typedef struct options {
    const char *twin, *mqtt;
    uint64_t seed;
    double speed, duration_s, rate, busy;
    int64_t start_us; // 0 = now
    bool once;
} options;

typedef struct simulator {
    const options *options;
    ds_devices devices;
    ds_place place;
    ds_turn *turns;
    size_t spoken; // turns taken
    ds_link *link;
    int64_t began_us, start_us; // by the steady clock, and what time it is in the simulation then
    int64_t rate_us;            // when the next message may go, by the steady clock
} simulator;

static atomic_bool k_stop; // set by the handler of SIGINT and SIGTERM

static void on_signal(int number) {
    (void)number;
    atomic_store(&k_stop, true);
}

static int64_t mono_us(void) {
    return ct_clock_mono_us(ct_clock_real());
}

static int64_t simulated_us(const simulator *s) {
    return s->start_us + (int64_t)((double)(mono_us() - s->began_us) * s->options->speed);
}

// ---- speaking
// ----------------------------------------------------------------------------------------------------

static ct_err speak(simulator *s, size_t device, int64_t time_us) {
    const ds_value v = ds_value_at(&s->place, &s->devices.list[device], time_us);
    if (v.silent) return CT_OK;
    char time[32];
    ct_buf json;
    ct_jsonw w;
    ct_time_format(time, time_us);
    ct_buf_init(&json, 256);
    ct_jsonw_init(&w, &json);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "t", time);
    ct_jsonw_key(&w, "v");
    ct_jsonw_fixed(&w, v.value, v.decimals);
    if (v.quality) ct_jsonw_kv_int(&w, "q", v.quality);
    ct_jsonw_end_object(&w);
    ct_err err = ct_buf_status(&json);
    if (err == CT_OK)
        err = ds_link_publish(s->link, s->devices.topics[device], json.data, json.len);
    ct_buf_fini(&json);
    return err;
}

// All whose turn it is, as fast as the rate allows. Who was kept waiting says its latest only.
static ct_err speak_in_turn(simulator *s) {
    const int64_t gap_us = (int64_t)(1e6 / s->options->rate);
    const bool all = s->options->once;
    if (s->rate_us < mono_us() - STEP_MS * 1000) s->rate_us = mono_us() - STEP_MS * 1000;
    while (ds_link_ready(s->link) && s->rate_us <= mono_us()) {
        const int64_t now_us = simulated_us(s);
        ds_turn *first = &s->turns[0];
        if (first->due_us > now_us || (all && s->spoken == s->devices.n)) return CT_OK;
        const ds_device *d = &s->devices.list[first->device];
        CT_TRY(speak(s, first->device, ds_report_at(d, now_us)));
        ds_schedule_move_first(s->turns, s->devices.n, ds_report_after(d, now_us));
        s->spoken++;
        s->rate_us += gap_us;
    }
    return CT_OK;
}

// How long nothing is to be done.
static int idle_ms(const simulator *s) {
    if (!ds_link_ready(s->link)) return STEP_MS;
    const double due_ms = (double)(s->turns[0].due_us - simulated_us(s)) / s->options->speed * 1e-3;
    const double rate_ms = (double)(s->rate_us - mono_us()) * 1e-3;
    const double wait_ms = ceil(fmax(due_ms, rate_ms));
    return wait_ms < 0 ? 0 : wait_ms > STEP_MS ? STEP_MS : (int)wait_ms;
}

static bool is_over(const simulator *s) {
    if (atomic_load(&k_stop)) return true;
    if (s->options->once) return s->spoken == s->devices.n;
    return (double)(mono_us() - s->began_us) * 1e-6 >= s->options->duration_s;
}

static void report(const simulator *s, int64_t *next_us) {
    if (mono_us() < *next_us) return;
    *next_us += REPORT_US;
    const ds_link_counts c = ds_link_get_counts(s->link);
    ct_log(CT_LOG_INFO, "%lld observations sent, %lld acknowledged", (long long)c.sent,
           (long long)c.acknowledged);
}

static ct_err run(simulator *s) {
    int64_t next_report_us = s->began_us + REPORT_US;
    while (!is_over(s)) {
        CT_TRY(speak_in_turn(s));
        ds_link_run(s->link, idle_ms(s));
        report(s, &next_report_us);
    }
    const int64_t end_us = mono_us() + (int64_t)LAST_WAIT_S * 1000000;
    ds_link_counts c = ds_link_get_counts(s->link);
    while (c.acknowledged < c.sent && mono_us() < end_us) {
        ds_link_run(s->link, STEP_MS);
        c = ds_link_get_counts(s->link);
    }
    printf("ct_devsim: %lld observations sent, %lld acknowledged\n", (long long)c.sent,
           (long long)c.acknowledged);
    return c.acknowledged == c.sent ? CT_OK
                                    : ct_fail(CT_REMOTE, "%lld observations are not acknowledged",
                                              (long long)(c.sent - c.acknowledged));
}

static ct_err simulate(const options *o) {
    simulator s = {.options = o};
    CT_TRY(ds_devices_read(&s.devices, o->twin));
    s.place = (ds_place){o->seed, s.devices.utc_offset_h, o->busy - 1};
    s.turns = ct_calloc(s.devices.n, sizeof *s.turns);
    ct_err err = s.turns ? ds_link_open(&s.link, o->mqtt) : CT_NOMEM;
    if (err == CT_OK) {
        s.start_us = o->start_us ? o->start_us : ct_clock_now_us(ct_clock_real());
        s.began_us = s.rate_us = mono_us();
        // Everybody's turn is now: equal times are a heap as they stand.
        for (size_t i = 0; i < s.devices.n; i++) s.turns[i] = (ds_turn){s.start_us, i};
        printf("ct_devsim: %zu devices speak to cimtwin/%s/obs/ at %s\n", s.devices.n,
               s.devices.name, o->mqtt);
        fflush(stdout);
        err = run(&s);
    }
    ds_link_close(s.link);
    ct_free(s.turns);
    ds_devices_free(&s.devices);
    ct_geo_thread_end();
    return err;
}

// ---- command line
// ------------------------------------------------------------------------------------------------

static void usage(FILE *to) {
    fputs("usage: ct_devsim TWIN --mqtt URL [options]\n"
          "\n"
          "Plays the devices of a twin: each publishes its observations to "
          "cimtwin/<twin>/obs/<device\n"
          "id> (<twin>: the file's name without its ending), once at the start and then every\n"
          "interval_s. Values follow the hour, the season and a weather of their own; now and then "
          "a\n"
          "device is silent, reports faults, or rises above its thresholds. Equal seeds and times "
          "give\n"
          "equal values.\n"
          "\n"
          "  --mqtt URL         the broker, mqtt://host[:port]; waited for if it is not there\n"
          "  --seed N           of the random numbers (default 1)\n"
          "  --speed X          simulated seconds in a second, up to 10000 (default 1)\n"
          "  --start TIME       simulated time of the start, RFC 3339 (default: now)\n"
          "  --duration S       end after S seconds (default: when stopped)\n"
          "  --rate-limit N     messages per second at most, \"500\" or \"500/s\" (default 1000)\n"
          "  --busy N           values cross their thresholds N times as often, 1 to 100 (default "
          "1)\n"
          "  --once             every device once, then end\n"
          "  --help\n"
          "\n"
          "Examples:\n"
          "  ct_devsim demo/riverside.ct --mqtt mqtt://127.0.0.1:1883\n"
          "  ct_devsim demo/riverside.ct --mqtt mqtt://127.0.0.1:1883 --start 2026-07-20T10:00:00Z "
          "--speed 60\n"
          "  ct_devsim demo/riverside.ct --mqtt mqtt://127.0.0.1:1883 --once\n",
          to);
}

static ct_err parse_number(double *out, const char *option, const char *text, double min,
                           double max, const char *unit) {
    char *end;
    const double number = strtod(text, &end);
    if (end == text || (*end && strcmp(end, unit) != 0) || !(number >= min && number <= max))
        return ct_fail(CT_ARG, "--%s %s: a number from %g to %g is needed", option, text, min, max);
    *out = number;
    return CT_OK;
}

static ct_err parse_option(options *o, int letter, const char *text) {
    double seed;
    switch (letter) {
    case 'm': o->mqtt = text; return CT_OK;
    case 's':
        CT_TRY(parse_number(&seed, "seed", text, 0, 0x1p53, ""));
        o->seed = (uint64_t)seed;
        return CT_OK;
    case 'x': return parse_number(&o->speed, "speed", text, 0.001, 10000, "");
    case 't': return ct_context(ct_time_parse(&o->start_us, text), "--start");
    case 'd': return parse_number(&o->duration_s, "duration", text, 0, 1e9, "");
    case 'r': return parse_number(&o->rate, "rate-limit", text, 0.001, 1e6, "/s");
    case 'b': return parse_number(&o->busy, "busy", text, 1, 100, "");
    default: o->once = true; return CT_OK;
    }
}

// *help: it was asked for.
static ct_err parse_args(options *o, bool *help, int argc, char **argv) {
    static const struct option k_options[] = {
        {"mqtt", required_argument, NULL, 'm'},     {"seed", required_argument, NULL, 's'},
        {"speed", required_argument, NULL, 'x'},    {"start", required_argument, NULL, 't'},
        {"duration", required_argument, NULL, 'd'}, {"rate-limit", required_argument, NULL, 'r'},
        {"busy", required_argument, NULL, 'b'},     {"once", no_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
    };
    int letter;
    opterr = 0;
    while ((letter = getopt_long(argc, argv, "h", k_options, NULL)) != -1) {
        if (letter == 'h') {
            *help = true;
            return CT_OK;
        }
        if (letter == '?')
            return ct_fail(CT_ARG, "unknown option, or one without its value: %s",
                           argv[optind - 1]);
        CT_TRY(parse_option(o, letter, optarg));
    }
    if (optind + 1 != argc) return ct_fail(CT_ARG, "one twin is needed");
    if (!o->mqtt) return ct_fail(CT_ARG, "--mqtt is needed");
    o->twin = argv[optind];
    return CT_OK;
}

int main(int argc, char **argv) {
    options o = {.seed = 1, .speed = 1, .duration_s = (double)INFINITY, .rate = 1000, .busy = 1};
    bool help = false;
    ct_err err = parse_args(&o, &help, argc, argv);
    if (help) {
        usage(stdout);
        return 0;
    }
    if (err == CT_OK) {
        struct sigaction action = {.sa_handler = on_signal};
        sigemptyset(&action.sa_mask);
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
        err = simulate(&o);
    }
    if (err == CT_OK) return 0;
    fprintf(stderr, "ct_devsim: %s\n", ct_err_message());
    if (err == CT_ARG) fputs("ct_devsim: --help says more\n", stderr);
    return ct_err_exit_code(err);
}
