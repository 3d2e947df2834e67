// The bytes of a STEP file.
#include "export/step.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/mem.h"

enum { FLUSH_BYTES = 1 << 18, MAX_BUFFER = 1 << 28 };

struct ct_stepw {
    FILE *file;
    char *path;
    ct_buf out;
    ct_step_id last;
    bool first; // of its list: no comma before the next parameter
    ct_err err;
};

static void stick(ct_stepw *w, ct_err err) {
    if (w->err == CT_OK) w->err = err;
}

static ct_err io_failed(const ct_stepw *w, const char *what) {
    const ct_err err = ct_fail(CT_IO, "%s: %s: %s", w->path, what, strerror(errno));
    return ct_file_blame(err, w->path);
}

static void flush(ct_stepw *w) {
    if (w->err == CT_OK) w->err = ct_buf_status(&w->out);
    if (w->err != CT_OK) return;
    if (w->out.len && fwrite(w->out.data, 1, w->out.len, w->file) != w->out.len)
        stick(w, io_failed(w, "not written"));
    ct_buf_reset(&w->out);
}

// ---- numbers and texts --------------------------------------------------------------------------

size_t ct_stepw_real_text(char out[CT_STEPW_REAL_BYTES], double value) {
    enum { DECIMALS = 6, LEAST = 15, MOST = 17 };
    char *end = ct_jsonw_fixed_at(out, value, DECIMALS);
    if (end) *end = '\0';
    for (int digits = LEAST; (!end || strtod(out, NULL) != value) && digits <= MOST; digits++)
        end = out + snprintf(out, CT_STEPW_REAL_BYTES, "%.*g", digits, value);
    char *exponent = strchr(out, 'e');
    if (exponent) *exponent = 'E';
    if (strchr(out, '.')) return strlen(out);
    if (!exponent) exponent = out + strlen(out);
    memmove(exponent + 1, exponent, strlen(exponent) + 1);
    *exponent = '.';
    return strlen(out);
}

// The next character of UTF-8; U+FFFD for a byte that begins none.
static uint32_t next_character(const unsigned char **at) {
    const unsigned char *c = *at;
    const int more = c[0] < 0x80 ? 0 : c[0] >= 0xf0 ? 3 : c[0] >= 0xe0 ? 2 : 1;
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint32_t code = more ? c[0] & (0x3fU >> more) : c[0];
    (*at)++;
    if (more && (c[0] < 0xc2 || c[0] > 0xf4)) return 0xfffd;
    for (int i = 1; i <= more; i++) {
        if ((c[i] & 0xc0) != 0x80) return 0xfffd;
        code = code << 6 | (c[i] & 0x3f);
    }
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0xfffd;
    *at += more;
    return code;
}

static void put_escaped(ct_buf *out, uint32_t code) {
    if (code < 0x10000) {
        ct_buf_printf(out, "%04X", code);
        return;
    }
    code -= 0x10000;
    ct_buf_printf(out, "%04X%04X", 0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
}

static void put_text(ct_buf *out, const char *text) {
    bool escaped = false;
    ct_buf_putc(out, '\'');
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        const uint32_t code = next_character(&at);
        const bool plain = code >= 0x20 && code < 0x7f;
        if (plain == escaped) ct_buf_puts(out, escaped ? "\\X0\\" : "\\X2\\");
        escaped = !plain;
        if (!plain) {
            put_escaped(out, code);
            continue;
        }
        if (code == '\'' || code == '\\') ct_buf_putc(out, (char)code);
        ct_buf_putc(out, (char)code);
    }
    ct_buf_puts(out, escaped ? "\\X0\\'" : "'");
}

// ---- parameters ---------------------------------------------------------------------------------

static void comma(ct_stepw *w) {
    if (!w->first) ct_buf_putc(&w->out, ',');
    w->first = false;
}

ct_step_id ct_stepw_begin(ct_stepw *w, const char *keyword) {
    if (w->out.len > FLUSH_BYTES) flush(w);
    ct_buf_printf(&w->out, "#%llu=%s(", (unsigned long long)++w->last, keyword);
    w->first = true;
    return w->last;
}

void ct_stepw_end(ct_stepw *w) {
    ct_buf_puts(&w->out, ");\n");
}

void ct_stepw_open_list(ct_stepw *w, const char *keyword) {
    comma(w);
    if (keyword) ct_buf_puts(&w->out, keyword);
    ct_buf_putc(&w->out, '(');
    w->first = true;
}

void ct_stepw_close_list(ct_stepw *w) {
    ct_buf_putc(&w->out, ')');
    w->first = false;
}

void ct_stepw_unset(ct_stepw *w) {
    comma(w);
    ct_buf_putc(&w->out, '$');
}

void ct_stepw_derived(ct_stepw *w) {
    comma(w);
    ct_buf_putc(&w->out, '*');
}

void ct_stepw_text(ct_stepw *w, const char *text) {
    if (!text) {
        ct_stepw_unset(w);
        return;
    }
    comma(w);
    put_text(&w->out, text);
}

void ct_stepw_ref(ct_stepw *w, ct_step_id id) {
    if (!id) {
        ct_stepw_unset(w);
        return;
    }
    comma(w);
    ct_buf_printf(&w->out, "#%llu", (unsigned long long)id);
}

void ct_stepw_real(ct_stepw *w, double value) {
    char text[CT_STEPW_REAL_BYTES];
    if (!isfinite(value)) {
        ct_stepw_unset(w);
        return;
    }
    comma(w);
    ct_buf_put(&w->out, text, ct_stepw_real_text(text, value));
}

void ct_stepw_int(ct_stepw *w, int64_t value) {
    comma(w);
    ct_buf_printf(&w->out, "%lld", (long long)value);
}

void ct_stepw_enum(ct_stepw *w, const char *word) {
    if (!word) {
        ct_stepw_unset(w);
        return;
    }
    comma(w);
    ct_buf_printf(&w->out, ".%s.", word);
}

void ct_stepw_bool(ct_stepw *w, bool value) {
    ct_stepw_enum(w, value ? "T" : "F");
}

static void put_refs(ct_stepw *w, size_t n, const ct_step_id *ids) {
    ct_stepw_open_list(w, NULL);
    for (size_t i = 0; i < n; i++) ct_stepw_ref(w, ids[i]);
    ct_stepw_close_list(w);
}

static void put_reals(ct_stepw *w, size_t n, const double *values) {
    ct_stepw_open_list(w, NULL);
    for (size_t i = 0; i < n; i++) ct_stepw_real(w, values[i]);
    ct_stepw_close_list(w);
}

ct_step_id ct_stepw_put(ct_stepw *w, const char *keyword, const char *format, ...) {
    va_list args;
    size_t n;
    const ct_step_id id = ct_stepw_begin(w, keyword);
    va_start(args, format);
    for (const char *f = format; *f; f++) switch (*f) {
        case 's': ct_stepw_text(w, va_arg(args, const char *)); break;
        case 'r': ct_stepw_ref(w, va_arg(args, ct_step_id)); break;
        case 'f': ct_stepw_real(w, va_arg(args, double)); break;
        case 'i': ct_stepw_int(w, va_arg(args, int)); break;
        case 'e': ct_stepw_enum(w, va_arg(args, const char *)); break;
        case 'b': ct_stepw_bool(w, va_arg(args, int)); break;
        case 'R':
            n = va_arg(args, size_t);
            put_refs(w, n, va_arg(args, const ct_step_id *));
            break;
        case 'F':
            n = va_arg(args, size_t);
            put_reals(w, n, va_arg(args, const double *));
            break;
        case 'L': ct_stepw_open_list(w, va_arg(args, const char *)); break;
        case '(': ct_stepw_open_list(w, NULL); break;
        case ')': ct_stepw_close_list(w); break;
        case '*': ct_stepw_derived(w); break;
        default: ct_stepw_unset(w); break;
        }
    va_end(args);
    ct_stepw_end(w);
    return id;
}

// ---- the file -----------------------------------------------------------------------------------

static void put_header(ct_stepw *w, const ct_stepw_header *h) {
    char view[128];
    (void)snprintf(view, sizeof view, "ViewDefinition [%s]", h->view);
    ct_buf_puts(&w->out, "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((");
    put_text(&w->out, view);
    ct_buf_puts(&w->out, "),'2;1');\nFILE_NAME(");
    const char *const texts[] = {h->name,   h->time,   h->author, h->organisation,
                                 h->system, h->system, ""};
    for (size_t i = 0; i < 7; i++) {
        const bool list = i == 2 || i == 3;
        if (i) ct_buf_putc(&w->out, ',');
        if (list) ct_buf_putc(&w->out, '(');
        put_text(&w->out, texts[i]);
        if (list) ct_buf_putc(&w->out, ')');
    }
    ct_buf_puts(&w->out, ");\nFILE_SCHEMA((");
    put_text(&w->out, h->schema);
    ct_buf_puts(&w->out, "));\nENDSEC;\nDATA;\n");
}

static void free_writer(ct_stepw *w) {
    if (!w) return;
    ct_buf_fini(&w->out);
    ct_free(w->path);
    ct_free(w);
}

ct_err ct_stepw_open(ct_stepw **out, const char *path, const ct_stepw_header *header) {
    ct_stepw *w = ct_calloc(1, sizeof *w);
    if (!w || !(w->path = ct_strdup(path))) {
        free_writer(w);
        return CT_NOMEM;
    }
    ct_buf_init(&w->out, MAX_BUFFER);
    w->file = fopen(path, "wbe");
    if (!w->file) {
        const ct_err err = io_failed(w, "cannot be made");
        free_writer(w);
        return err;
    }
    put_header(w, header);
    *out = w;
    return CT_OK;
}

ct_err ct_stepw_close(ct_stepw *w, bool whole) {
    if (!w) return CT_OK;
    if (whole) ct_buf_puts(&w->out, "ENDSEC;\nEND-ISO-10303-21;\n");
    flush(w);
    if (w->err == CT_OK && whole && (fflush(w->file) != 0 || fsync(fileno(w->file)) != 0))
        stick(w, io_failed(w, "not written"));
    if (fclose(w->file) != 0 && whole) stick(w, io_failed(w, "not closed"));
    const ct_err err = w->err;
    free_writer(w);
    return err;
}

void ct_ifc_guid(char out[23], const char *seed) {
    static const char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
    ct_hash128 h = ct_hash_bytes(seed, strlen(seed));
    // as a random UUID (RFC 9562, version 8) would have its marks
    h.high = (h.high & ~0xf000ULL) | 0x8000ULL;
    h.low = (h.low & ~(3ULL << 62)) | 2ULL << 62;
    for (int i = 21; i >= 0; i--) {
        out[i] = alphabet[h.low & 63];
        h.low = h.low >> 6 | h.high << 58;
        h.high >>= 6;
    }
    out[22] = '\0';
}
