// The log: each event is one write of one line, so lines of threads never mix.
#include "base/log.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"

enum {
    LINE_BYTES = 4000, // longer events are cut; below PIPE_BUF, so a pipe keeps a line whole too
    END_BYTES = 8,     // kept for the end of a string, of the line and of its object
    MESSAGE_BYTES = 2048
};

static const char *const k_names[] = {"error", "warning", "info", "debug"};
static atomic_int max_level = CT_LOG_INFO; // process-wide by nature: there is one stderr
static atomic_int line_format = CT_LOG_TEXT;
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER; // of the pieces of one line

typedef struct line {
    char text[LINE_BYTES];
    size_t n;
} line;

void ct_log_set_level(ct_log_level level) {
    atomic_store(&max_level, (int)level);
}

void ct_log_set_format(ct_log_format format) {
    atomic_store(&line_format, (int)format);
}

ct_err ct_log_level_of(ct_log_level *out, const char *name) {
    for (int i = 0; i <= CT_LOG_DEBUG; i++) {
        if (strcmp(k_names[i], name) != 0) continue;
        *out = (ct_log_level)i;
        return CT_OK;
    }
    return ct_fail(CT_ARG, "\"%s\" is no log level: error, warning, info, debug", name);
}

bool ct_log_wants(ct_log_level level) {
    return (int)level <= atomic_load_explicit(&max_level, memory_order_relaxed);
}

// ---- a line's pieces ----------------------------------------------------------------------------

// The piece whole, or nothing of it.
static bool put(line *l, const char *bytes, size_t n) {
    if (l->n + n > LINE_BYTES - END_BYTES) return false;
    memcpy(l->text + l->n, bytes, n);
    l->n += n;
    return true;
}

static bool put_text(line *l, const char *text) {
    return put(l, text, strlen(text));
}

// C0, DEL, and C1 (two bytes in UTF-8), which a terminal obeys too.
static unsigned control_of(const char *c, size_t n) {
    const unsigned char first = (unsigned char)c[0];
    if (n == 1 && (first < 0x20 || first == 0x7f)) return first;
    if (n == 2 && first == 0xc2 && (unsigned char)c[1] < 0xa0) return (unsigned char)c[1];
    return 0;
}

static bool put_character(line *l, const char *c, size_t n, bool json, bool quoted) {
    char escape[8];
    const unsigned control = control_of(c, n);
    if (control && !json) return put_text(l, " ");
    if (control) {
        snprintf(escape, sizeof escape, "\\u%04x", control & 0xff);
        return put_text(l, escape);
    }
    if (quoted && n == 1 && (*c == '"' || *c == '\\')) {
        escape[0] = '\\';
        escape[1] = *c;
        return put(l, escape, 2);
    }
    return put(l, c, n);
}

// Cut between characters where the line is full.
static void put_words(line *l, const char *text, bool json, bool quoted) {
    const size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        const size_t n = ct_utf8_length(text + i, length - i);
        if (!(n ? put_character(l, text + i, n, json, quoted) : put_text(l, "\xef\xbf\xbd")))
            return;
        i += n ? n : 1;
    }
}

static void put_json(line *l, const char *name, const char *text) {
    const size_t start = l->n;
    const bool begun = put_text(l, ",\"") && put_text(l, name) && put_text(l, "\":\"");
    if (!begun) {
        l->n = start;
        return;
    }
    put_words(l, text, true, true);
    l->text[l->n++] = '"'; // in the room kept for ends: the next piece sees that it is used up
}

static bool is_plain(const char *text) {
    return *text && !text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-._~/:?&%+,@")];
}

static void put_field(line *l, const ct_log_field *f, bool json) {
    char number[24];
    const size_t start = l->n;
    if (f->text && json) {
        put_json(l, f->name, f->text);
        return;
    }
    snprintf(number, sizeof number, "%" PRId64, f->number);
    const bool quoted = f->text && !is_plain(f->text);
    bool fits = put_text(l, json ? ",\"" : " ") && put_text(l, f->name) &&
                put_text(l, json ? "\":" : "=") && (!quoted || put_text(l, "\""));
    if (fits && f->text)
        put_words(l, f->text, false, quoted);
    else if (fits)
        fits = put_text(l, number);
    if (fits && quoted) l->text[l->n++] = '"';
    if (!fits) l->n = start;
}

// ---- writing ------------------------------------------------------------------------------------

// A full pipe takes a line in pieces: nobody else writes between them.
static void write_line(const line *l) {
    pthread_mutex_lock(&writing);
    for (size_t done = 0; done < l->n;) {
        const ssize_t wrote = write(STDERR_FILENO, l->text + done, l->n - done);
        if (wrote <= 0) break; // nobody to tell
        done += (size_t)wrote;
    }
    pthread_mutex_unlock(&writing);
}

void ct_log_fields(ct_log_level level, const char *message, const ct_log_field *fields, size_t n) {
    if (!ct_log_wants(level)) return;
    const bool json = atomic_load_explicit(&line_format, memory_order_relaxed) == CT_LOG_JSON;
    char time[32], head[96];
    line l = {.n = 0};
    ct_time_format(time, ct_clock_now_us(ct_clock_real()));
    if (json)
        snprintf(head, sizeof head, "{\"time\":\"%s\",\"level\":\"%s\"", time, k_names[level]);
    else
        snprintf(head, sizeof head, "%s %s ", k_names[level], time);
    (void)put_text(&l, head);
    if (json)
        put_json(&l, "message", message);
    else
        put_words(&l, message, false, false);
    for (size_t i = 0; i < n; i++) put_field(&l, &fields[i], json);
    if (json) l.text[l.n++] = '}';
    l.text[l.n++] = '\n';
    write_line(&l);
}

void ct_log(ct_log_level level, const char *format, ...) {
    if (!ct_log_wants(level)) return;
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (n >= 0) ct_log_fields(level, message, NULL, 0);
}
