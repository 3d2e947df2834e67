// The JSON writer: commas and nesting, and strings with their escapes. Numbers are in
// jsonw_number.c.
#include "base/jsonw.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

enum { MAX_DEPTH = 62 };

void ct_jsonw_init(ct_jsonw *w, ct_buf *out) {
    *w = (ct_jsonw){.out = out};
}

// What every value begins with: the comma after the one before it.
static void begin_value(ct_jsonw *w) {
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    uint64_t bit = UINT64_C(1) << w->depth;
    if (w->need_comma & bit) ct_buf_putc(w->out, ',');
    if (w->depth) w->need_comma |= bit; // the outermost level holds separate documents
}

static void open_level(ct_jsonw *w, char bracket) {
    begin_value(w);
    assert(w->depth < MAX_DEPTH);
    w->depth++;
    w->need_comma &= ~(UINT64_C(1) << w->depth);
    ct_buf_putc(w->out, bracket);
}

static void close_level(ct_jsonw *w, char bracket) {
    assert(w->depth > 0 && !w->after_key);
    w->depth--;
    ct_buf_putc(w->out, bracket);
}

void ct_jsonw_object(ct_jsonw *w) {
    open_level(w, '{');
}
void ct_jsonw_end_object(ct_jsonw *w) {
    close_level(w, '}');
}
void ct_jsonw_array(ct_jsonw *w) {
    open_level(w, '[');
}
void ct_jsonw_end_array(ct_jsonw *w) {
    close_level(w, ']');
}

static void put_escaped(ct_buf *out, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    char text[] = "\\u0000";
    switch (c) {
    case '"': ct_buf_put(out, "\\\"", 2); return;
    case '\\': ct_buf_put(out, "\\\\", 2); return;
    case '\b': ct_buf_put(out, "\\b", 2); return;
    case '\f': ct_buf_put(out, "\\f", 2); return;
    case '\n': ct_buf_put(out, "\\n", 2); return;
    case '\r': ct_buf_put(out, "\\r", 2); return;
    case '\t': ct_buf_put(out, "\\t", 2); return;
    default:
        text[4] = hex[c >> 4];
        text[5] = hex[c & 15];
        ct_buf_put(out, text, 6);
    }
}

static bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

// How many of the first bytes go out as they are. Eight at a time: a byte of `v` below x shows in
// the top bit of v - x; a byte that equals c is 0, thus below 1, in v ^ c.
static size_t plain_length(const char *text, size_t n) {
    const uint64_t ones = 0x0101010101010101U, tops = 0x8080808080808080U;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t v;
        memcpy(&v, text + i, sizeof v);
        const uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';
        // A borrow may mark the byte above a marked one too: what is marked is looked at singly.
        if (((v - ones * 0x20) | (quote - ones) | (backslash - ones) | v) & tops) break;
    }
    while (i < n && is_plain((unsigned char)text[i])) i++;
    return i;
}

static void put_string(ct_buf *out, const char *text, size_t n) {
    ct_buf_putc(out, '"');
    size_t from = 0, i = 0; // [from, i) goes out as it is
    while (i < n) {
        i += plain_length(text + i, n - i);
        if (i == n) break;
        unsigned char c = (unsigned char)text[i];
        size_t length = c < 0x80 ? 0 : ct_utf8_length(text + i, n - i);
        if (length) {
            i += length;
            continue;
        }
        ct_buf_put(out, text + from, i - from);
        if (c < 0x80)
            put_escaped(out, c);
        else
            ct_buf_put(out, "\xEF\xBF\xBD", 3);
        from = ++i;
    }
    ct_buf_put(out, text + from, n - from);
    ct_buf_putc(out, '"');
}

void ct_jsonw_key(ct_jsonw *w, const char *key) {
    assert(w->depth > 0 && !w->after_key);
    begin_value(w);
    put_string(w->out, key, strlen(key));
    ct_buf_putc(w->out, ':');
    w->after_key = true;
}

void ct_jsonw_string(ct_jsonw *w, const char *text) {
    if (text)
        ct_jsonw_string_n(w, text, strlen(text));
    else
        ct_jsonw_null(w);
}

void ct_jsonw_string_n(ct_jsonw *w, const char *text, size_t n) {
    begin_value(w);
    put_string(w->out, text, n);
}

void ct_jsonw_raw(ct_jsonw *w, const char *json, size_t n) {
    begin_value(w);
    ct_buf_put(w->out, json, n);
}

void ct_jsonw_bool(ct_jsonw *w, bool value) {
    ct_jsonw_raw(w, value ? "true" : "false", value ? 4 : 5);
}

void ct_jsonw_null(ct_jsonw *w) {
    ct_jsonw_raw(w, "null", 4);
}

void ct_jsonw_kv_string(ct_jsonw *w, const char *key, const char *text) {
    ct_jsonw_key(w, key);
    ct_jsonw_string(w, text);
}

void ct_jsonw_kv_int(ct_jsonw *w, const char *key, int64_t value) {
    ct_jsonw_key(w, key);
    ct_jsonw_int(w, value);
}

void ct_jsonw_kv_double(ct_jsonw *w, const char *key, double value) {
    ct_jsonw_key(w, key);
    ct_jsonw_double(w, value);
}

void ct_jsonw_kv_bool(ct_jsonw *w, const char *key, bool value) {
    ct_jsonw_key(w, key);
    ct_jsonw_bool(w, value);
}
