// JSON out: an append-only writer over a ct_buf. Commas and nesting are its job; wrong nesting is
// an assertion. Its output for equal calls is equal to the byte (numbers: shortest form that reads
// back the same double).
#ifndef CT_BASE_JSONW_H
#define CT_BASE_JSONW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

typedef struct ct_jsonw {
    ct_buf *out;
    uint8_t depth;       // at most 62 levels
    uint64_t need_comma; // one bit a level
    bool after_key;
} ct_jsonw;

void ct_jsonw_init(ct_jsonw *w, ct_buf *out);

void ct_jsonw_object(ct_jsonw *w);
void ct_jsonw_end_object(ct_jsonw *w);
void ct_jsonw_array(ct_jsonw *w);
void ct_jsonw_end_array(ct_jsonw *w);
void ct_jsonw_key(ct_jsonw *w, const char *key);

void ct_jsonw_string(ct_jsonw *w,
                     const char *text); // NULL writes null; invalid UTF-8 becomes U+FFFD
void ct_jsonw_string_n(ct_jsonw *w, const char *text, size_t n);
void ct_jsonw_int(ct_jsonw *w, int64_t value);
void ct_jsonw_double(ct_jsonw *w, double value); // NaN and infinities become null
void ct_jsonw_fixed(ct_jsonw *w, double value,
                    int decimals); // trailing zeros dropped; 0..9 decimals, the fast way
// For long runs of numbers: writes one as ct_jsonw_fixed does, but at `to`, which has room for
// CT_JSONW_FIXED_BYTES, without a comma before it; returns its end. NULL for what needs
// ct_jsonw_fixed itself: not finite, or too large to have decimals.
enum { CT_JSONW_FIXED_BYTES = 32 };
char *ct_jsonw_fixed_at(char *to, double value, int decimals);
void ct_jsonw_bool(ct_jsonw *w, bool value);
void ct_jsonw_null(ct_jsonw *w);
void ct_jsonw_raw(ct_jsonw *w, const char *json, size_t n); // a complete value made elsewhere

// key and value in one call
void ct_jsonw_kv_string(ct_jsonw *w, const char *key, const char *text);
void ct_jsonw_kv_int(ct_jsonw *w, const char *key, int64_t value);
void ct_jsonw_kv_double(ct_jsonw *w, const char *key, double value);
void ct_jsonw_kv_bool(ct_jsonw *w, const char *key, bool value);

#endif
