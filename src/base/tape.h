// JSON in, fast: a document as one array of values in the order of the text, for importers whose
// files are large; all others read with base/json.h. As strict as that: RFC 8259, 64 levels, no
// key twice in an object, valid UTF-8, no NUL in strings, whole numbers of 64 bits.
//
// A value is followed by those inside it; `span` leads to the one after it. Strings are not
// NUL-ended. Functions that take a value take NULL as well, which is of no kind and has nothing in
// it.
#ifndef CT_BASE_TAPE_H
#define CT_BASE_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "cimtwin/err.h"

#define CT_TAPE_MAX_BYTES ((size_t)512 << 20)

typedef enum ct_tape_kind {
    CT_TAPE_NULL,
    CT_TAPE_FALSE,
    CT_TAPE_TRUE,
    CT_TAPE_INTEGER,
    CT_TAPE_REAL, // written with a point or an exponent
    CT_TAPE_STRING,
    CT_TAPE_ARRAY,
    CT_TAPE_OBJECT // each member is its key, a string, and its value
} ct_tape_kind;

typedef struct ct_tape_value {
    uint32_t kind : 3;
    uint32_t n : 29; // bytes of a string, elements of an array, members of an object
    uint32_t span;   // values that it takes on the tape, with itself
    union {
        int64_t integer;
        double real;
        const char *text; // of a string its bytes, of arrays and objects their bracket in the text
    } as;
} ct_tape_value;

typedef struct ct_tape ct_tape; // one thread at a time

ct_tape *ct_tape_new(void); // NULL when out of memory
void ct_tape_free(ct_tape *tape);

// Parses a document of at most CT_TAPE_MAX_BYTES; text[length] must be NUL. *root lives until the
// tape's next document and as long as the text. Errors name line and column (in characters).
// CT_PARSE, CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_tape_parse(const ct_tape_value **root, ct_tape *tape, const char *text,
                                size_t length, size_t max_bytes);

static inline bool ct_tape_is(const ct_tape_value *v, ct_tape_kind kind) {
    return v && v->kind == kind;
}
static inline bool ct_tape_is_number(const ct_tape_value *v) {
    return ct_tape_is(v, CT_TAPE_INTEGER) || ct_tape_is(v, CT_TAPE_REAL);
}
static inline double ct_tape_number(const ct_tape_value *v) { // 0 where it is none
    if (ct_tape_is(v, CT_TAPE_INTEGER)) return (double)v->as.integer;
    return ct_tape_is(v, CT_TAPE_REAL) ? v->as.real : 0;
}
static inline bool ct_tape_equals(const ct_tape_value *v, const char *text) {
    const size_t n = strlen(text);
    return ct_tape_is(v, CT_TAPE_STRING) && v->n == n && memcmp(v->as.text, text, n) == 0;
}

// Elements of an array, or members of an object; 0 of others.
static inline size_t ct_tape_count(const ct_tape_value *v, ct_tape_kind kind) {
    return ct_tape_is(v, kind) ? v->n : 0;
}

// A walk over the elements of an array or the members of an object.
typedef struct ct_tape_walk {
    const ct_tape_value *at, *end;
} ct_tape_walk;

// Over nothing where it is not of the kind.
static inline ct_tape_walk ct_tape_begin(const ct_tape_value *v, ct_tape_kind kind) {
    if (!ct_tape_is(v, kind)) return (ct_tape_walk){NULL, NULL};
    return (ct_tape_walk){v + 1, v + v->span};
}
// NULL behind the last, and from then on. Of an object keys and values in turn.
static inline const ct_tape_value *ct_tape_next(ct_tape_walk *w) {
    const ct_tape_value *v = w->at;
    if (v == w->end) return NULL;
    w->at = v + v->span;
    return v;
}

// The member of an object; NULL where it has none or is none. Looks at every member before it.
const ct_tape_value *ct_tape_get_n(const ct_tape_value *object, const char *key, size_t n);
static inline const ct_tape_value *ct_tape_get(const ct_tape_value *object, const char *key) {
    return ct_tape_get_n(object, key, strlen(key));
}
// A copy of a string, NUL-ended. NULL when out of memory.
char *ct_tape_dup(ct_arena *arena, const ct_tape_value *string);
// As ct_json_canonical: compact, keys sorted. Caller frees with ct_free; NULL = no memory.
char *ct_tape_canonical(const ct_tape_value *v);

// Getters as those of base/json.h; texts are copied into the arena.
CT_CHECKED ct_err ct_tape_get_string(const char **out, ct_arena *arena, const ct_tape_value *object,
                                     const char *key, const char *where);
CT_CHECKED ct_err ct_tape_string_or(const char **out, ct_arena *arena, const ct_tape_value *object,
                                    const char *key, const char *otherwise, const char *where);
CT_CHECKED ct_err ct_tape_number_or(double *out, const ct_tape_value *object, const char *key,
                                    double otherwise, double min, double max, const char *where);

#endif
