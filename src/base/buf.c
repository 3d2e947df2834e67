// The growing byte buffer: doubling up to its maximum, errors that stick.
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 256 };

void ct_buf_init(ct_buf *buf, size_t max_bytes) {
    *buf = (ct_buf){.max = max_bytes};
}

void ct_buf_fini(ct_buf *buf) {
    ct_free(buf->data);
    *buf = (ct_buf){.max = buf->max};
}

void ct_buf_reset(ct_buf *buf) {
    buf->len = 0;
    buf->err = CT_OK;
    if (buf->data) buf->data[0] = '\0';
}

// Room for n bytes and the NUL behind them.
static bool grow(ct_buf *buf, size_t n) {
    if (buf->err != CT_OK) return false;
    if (buf->len > buf->max || n > buf->max - buf->len) {
        buf->err = ct_fail(CT_LIMIT, "more than %zu bytes", buf->max);
        return false;
    }
    size_t needed = buf->len + n;
    if (needed < buf->cap) return true;
    if (needed >= SIZE_MAX / 2) {
        buf->err = ct_fail(CT_NOMEM, "out of memory (%zu bytes)", needed);
        return false;
    }
    size_t cap = buf->cap ? buf->cap * 2 : FIRST_CAPACITY;
    if (cap < needed + 1) cap = needed + 1;
    if (cap - 1 > buf->max) cap = buf->max + 1;
    char *data = ct_realloc(buf->data, cap);
    if (!data) {
        buf->err = CT_NOMEM;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

char *ct_buf_reserve(ct_buf *buf, size_t n) {
    if (!grow(buf, n)) return NULL;
    buf->data[buf->len + n] = '\0';
    return buf->data + buf->len;
}

void ct_buf__put_growing(ct_buf *buf, const void *bytes, size_t n) {
    if (!grow(buf, n)) return;
    if (n) memcpy(buf->data + buf->len, bytes, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
}

void ct_buf_puts(ct_buf *buf, const char *text) {
    ct_buf_put(buf, text, strlen(text));
}

void ct_buf_printf(ct_buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n >= 0 && grow(buf, (size_t)n)) {
        vsnprintf(buf->data + buf->len, (size_t)n + 1, format, again);
        buf->len += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void ct_buf_put_u32le(ct_buf *buf, uint32_t value) {
    unsigned char bytes[4];
    for (int i = 0; i < 4; i++) bytes[i] = (unsigned char)(value >> (8 * i));
    ct_buf_put(buf, bytes, sizeof bytes);
}

void ct_buf_put_f64le(ct_buf *buf, double value) {
    uint64_t bits;
    unsigned char bytes[8];
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(bits >> (8 * i));
    ct_buf_put(buf, bytes, sizeof bytes);
}

ct_err ct_buf_status(const ct_buf *buf) {
    if (buf->err == CT_LIMIT) return ct_fail(CT_LIMIT, "more than %zu bytes", buf->max);
    if (buf->err == CT_NOMEM) return ct_fail(CT_NOMEM, "out of memory");
    return buf->err;
}

char *ct_buf_take(ct_buf *buf, size_t *len) {
    if (!grow(buf, 0)) { // an empty buffer gives "" too
        (void)ct_buf_status(buf);
        return NULL;
    }
    char *data = buf->data;
    data[buf->len] = '\0';
    if (len) *len = buf->len;
    *buf = (ct_buf){.max = buf->max};
    return data;
}
