// Inside step: the smallest pieces of the text, inline, as the index and every parameter pass
// through them.
#ifndef CT_INGEST_IFC_STEP_SCAN_H
#define CT_INGEST_IFC_STEP_SCAN_H

#include <stdbool.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

static inline bool ct_step__is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\v';
}

static inline bool ct_step__is_digit(char c) {
    return c >= '0' && c <= '9';
}

static inline bool ct_step__is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// Behind the comment that begins at `at` ("/*"); `end` if it does not end.
static inline const char *ct_step__behind_comment(const char *at, const char *end) {
    for (at += 2; at < end; at++) {
        at = memchr(at, '*', (size_t)(end - at));
        if (!at) return end;
        if (at + 1 < end && at[1] == '/') return at + 2;
    }
    return end;
}

static inline bool ct_step__is_comment(const char *at, const char *end) {
    return end - at > 1 && at[0] == '/' && at[1] == '*';
}

static inline const char *ct_step__skip_blanks(const char *at, const char *end) {
    for (;;) {
        while (at < end && ct_step__is_blank(*at)) at++;
        if (!ct_step__is_comment(at, end)) return at;
        at = ct_step__behind_comment(at, end);
    }
}

// Behind the string that begins at `at`; NULL if it does not end. Two quotes in a row come out as
// two strings in a row, which is as good here.
static inline const char *ct_step__behind_string(const char *at, const char *end, char quote) {
    const char *close = memchr(at + 1, quote, (size_t)(end - at - 1));
    return close ? close + 1 : NULL;
}

// The first quote, semicolon or slash; `end` if none.
static inline const char *ct_step__next_stop(const char *at, const char *end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('\''), stop = _mm_set1_epi8(';'),
                  slash = _mm_set1_epi8('/');
    for (; end - at >= 16; at += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        const __m128i hit =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, stop)),
                         _mm_cmpeq_epi8(bytes, slash));
        const int mask = _mm_movemask_epi8(hit);
        if (mask) return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && *at != '\'' && *at != ';' && *at != '/') at++;
    return at;
}

// Behind the semicolon that ends the record; NULL if it does not end.
static inline const char *ct_step__behind_record(const char *at, const char *end) {
    while ((at = ct_step__next_stop(at, end)) < end) {
        if (*at == ';') return at + 1;
        if (*at == '\'') {
            at = ct_step__behind_string(at, end, '\'');
            if (!at) return NULL;
        } else {
            at = ct_step__is_comment(at, end) ? ct_step__behind_comment(at, end) : at + 1;
        }
    }
    return NULL;
}

#endif
