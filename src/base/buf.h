// A growing byte buffer with a stated maximum. Failures stick: appends after one do nothing, and
// the caller looks once, at the end, with ct_buf_status.
#ifndef CT_BASE_BUF_H
#define CT_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cimtwin/err.h"

typedef struct ct_buf {
    char *data; // always followed by a NUL once something was appended
    size_t len, cap, max;
    ct_err err; // CT_OK, CT_NOMEM or CT_LIMIT
} ct_buf;

void ct_buf_init(ct_buf *buf, size_t max_bytes); // allocates nothing; SIZE_MAX - 1: no limit
void ct_buf_fini(ct_buf *buf);
void ct_buf_reset(ct_buf *buf); // empty, error cleared, memory kept

void ct_buf__put_growing(ct_buf *buf, const void *bytes, size_t n); // where there is no room yet

// Inline, as whole documents are written in pieces of a few bytes.
static inline void ct_buf_put(ct_buf *buf, const void *bytes, size_t n) {
    if (n >= buf->cap - buf->len || buf->err != CT_OK) {
        ct_buf__put_growing(buf, bytes, n);
        return;
    }
    if (n) memcpy(buf->data + buf->len, bytes, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
}
static inline void ct_buf_putc(ct_buf *buf, char c) {
    ct_buf_put(buf, &c, 1);
}
void ct_buf_puts(ct_buf *buf, const char *text);
void ct_buf_printf(ct_buf *buf, const char *format, ...) CT_PRINTF(2, 3);
void ct_buf_put_u32le(ct_buf *buf, uint32_t value);
void ct_buf_put_f64le(ct_buf *buf, double value);

// Room for n more bytes at the returned place (add to len afterwards); NULL on failure.
char *ct_buf_reserve(ct_buf *buf, size_t n);

// CT_OK, or the error that stuck, with the thread's message set.
ct_err ct_buf_status(const ct_buf *buf);

// Moves the bytes out: caller frees with ct_free; the buffer is empty afterwards. NULL if an error
// stuck.
char *ct_buf_take(ct_buf *buf, size_t *len);

#endif
