// Strings of STEP files to UTF-8: ISO 10303-21:2016, section 6.4.3.
#include <iconv.h>
#include <stdio.h>

#include "base/utf8.h"
#include "ingest/ifc/step/scan.h"
#include "ingest/ifc/step/step.h"

enum { REPLACEMENT = 0xfffd };

typedef struct decoder {
    const char *at, *end;
    char *out;    // room for three bytes for each of the source, and a NUL
    char page;    // 'A' to 'I': ISO 8859-1 to -9
    bool foreign; // bytes above 127 are ISO 8859-1
} decoder;

static void put(decoder *d, uint32_t c) {
    if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = REPLACEMENT;
    if (c < 0x80) {
        *d->out++ = (char)c;
        return;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t heads[] = {0, 0xc0, 0xe0, 0xf0};
    *d->out++ = (char)(heads[more] | c >> 6 * more);
    for (int i = more - 1; i >= 0; i--) *d->out++ = (char)(0x80 | (c >> 6 * i & 0x3f));
}

static int hex(char c) {
    if (ct_step__is_digit(c)) return c - '0';
    c = (char)(c & 0xdf);
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// `n` hexadecimal digits; false if they do not stand there.
static bool read_hex(uint32_t *out, decoder *d, int n) {
    uint32_t value = 0;
    if (d->end - d->at < n) return false;
    for (int i = 0; i < n; i++) {
        const int digit = hex(d->at[i]);
        if (digit < 0) return false;
        value = value << 4 | (uint32_t)digit;
    }
    d->at += n;
    *out = value;
    return true;
}

static bool take(decoder *d, const char *text) {
    const size_t n = strlen(text);
    if ((size_t)(d->end - d->at) < n || memcmp(d->at, text, n) != 0) return false;
    d->at += n;
    return true;
}

// A run of UTF-16 (4 digits) or UTF-32 (8), to its \X0\.
static void read_wide(decoder *d, int digits) {
    uint32_t c, low;
    while (!take(d, "\\X0\\") && read_hex(&c, d, digits)) {
        if (digits == 4 && c >= 0xd800 && c < 0xdc00 && read_hex(&low, d, digits))
            c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00))
                                              : REPLACEMENT;
        put(d, c);
    }
}

// Character `c`, 128 to 255, of one of the pages of ISO 8859.
static uint32_t of_page(char page, uint8_t c) {
    if (page == 'A') return c;
    char name[16], in = (char)c, *from = &in;
    uint8_t out[4] = {0};
    char *to = (char *)out;
    size_t n_in = 1, n_out = sizeof out;
    snprintf(name, sizeof name, "ISO-8859-%c", '1' + (page - 'A'));
    iconv_t converter = iconv_open("UTF-32BE", name);
    if (converter == (iconv_t)-1) return REPLACEMENT;
    const size_t bad = iconv(converter, &from, &n_in, &to, &n_out);
    iconv_close(converter);
    if (bad == (size_t)-1) return REPLACEMENT;
    return (uint32_t)out[0] << 24 | (uint32_t)out[1] << 16 | (uint32_t)out[2] << 8 | out[3];
}

// What stands behind a backslash; writers that know nothing of escapes mean the backslash itself.
static void read_escape(decoder *d) {
    uint32_t c;
    const char *at = d->at;
    if (take(d, "\\")) {
        put(d, '\\');
    } else if (take(d, "X2\\")) {
        read_wide(d, 4);
    } else if (take(d, "X4\\")) {
        read_wide(d, 8);
    } else if (take(d, "X\\") && read_hex(&c, d, 2)) {
        put(d, c);
    } else if (take(d, "S\\") && d->at < d->end) {
        put(d, of_page(d->page, (uint8_t)(*d->at++ | 0x80)));
    } else if (d->end - at >= 3 && at[0] == 'P' && at[1] >= 'A' && at[1] <= 'I' && at[2] == '\\') {
        d->page = at[1];
        d->at = at + 3;
    } else {
        d->at = at;
        put(d, '\\');
    }
}

static void decode(decoder *d) {
    while (d->at < d->end) {
        const char c = *d->at++;
        if (c == '\\') {
            read_escape(d);
        } else if (c == '\'') { // two stand for one
            if (d->at < d->end && *d->at == '\'') d->at++;
            put(d, '\'');
        } else if ((uint8_t)c >= 0x80 && d->foreign) {
            put(d, (uint8_t)c);
        } else if (c == '\0') {
            put(d, REPLACEMENT);
        } else if (c != '\n' && c != '\r') { // line ends are no part of a string
            *d->out++ = c;
        }
    }
    *d->out = '\0';
}

ct_err ct_step__text(const char **out, ct_arena *arena, const ct_step__value *value,
                     size_t *foreign) {
    const ct_step__value v = ct_step__bare(value);
    *out = NULL;
    if (v.kind != CT_STEP__STRING) return CT_OK;
    const size_t n = (size_t)(v.end - v.at);
    char *text = ct_arena_alloc(arena, 3 * n + 1);
    if (!text) return CT_NOMEM;
    decoder d = {.at = v.at, .end = v.end, .out = text, .page = 'A'};
    d.foreign = !ct_utf8_valid(v.at, n);
    if (foreign) *foreign += d.foreign;
    decode(&d);
    *out = text;
    return CT_OK;
}
