// JSON onto a tape: one pass over the text, one value after the other. The NUL behind the text ends
// every loop over it, as it may stand nowhere in JSON.
#include "base/tape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { MAX_DEPTH = 64, FEW_KEYS = 16, LONGEST = (1 << 29) - 1 };

struct ct_tape {
    ct_tape_value *values;
    size_t n, room;
    ct_arena *texts; // strings with escapes
    uint32_t *slots; // of the keys of a large object: where its key stands + 1, 0 = free
    size_t n_slots;
};

typedef struct parser {
    ct_tape *tape;
    const char *text, *at;
    uint32_t open[MAX_DEPTH]; // arrays and objects around, by their place on the tape
    int depth;
} parser;

ct_tape *ct_tape_new(void) {
    enum { BLOCK = 4096 };
    ct_tape *tape = ct_calloc(1, sizeof *tape);
    if (!tape) return NULL;
    tape->texts = ct_arena_new(BLOCK, 0);
    if (tape->texts) return tape;
    ct_tape_free(tape);
    return NULL;
}

void ct_tape_free(ct_tape *tape) {
    if (!tape) return;
    ct_arena_free(tape->texts);
    ct_free(tape->values);
    ct_free(tape->slots);
    ct_free(tape);
}

// ---- errors -------------------------------------------------------------------------------------

static ct_err fail_at(const parser *p, ct_err err, const char *at, const char *what) {
    size_t line = 1, column = 1;
    for (const char *c = p->text; c < at; c++) {
        if (*c == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)*c & 0xC0) != 0x80) { // first bytes of characters
            column++;
        }
    }
    return ct_fail(err, "line %zu, column %zu: %s", line, column, what);
}

// ---- values -------------------------------------------------------------------------------------

static ct_err grow(ct_tape *tape) {
    enum { FIRST = 1024 };
    const size_t room = tape->room ? 2 * tape->room : FIRST;
    ct_tape_value *values = ct_realloc(tape->values, room * sizeof *values);
    if (!values) return CT_NOMEM;
    tape->values = values;
    tape->room = room;
    return CT_OK;
}

static inline ct_err add(ct_tape_value **out, ct_tape *tape, ct_tape_kind kind) {
    if (tape->n == tape->room) CT_TRY(grow(tape));
    ct_tape_value *v = &tape->values[tape->n++];
    v->kind = kind;
    v->n = 0;
    v->span = 1;
    *out = v;
    return CT_OK;
}

static inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static ct_err word(parser *p, const char *text, ct_tape_kind kind) {
    ct_tape_value *v;
    const size_t n = strlen(text);
    if (strncmp(p->at, text, n) != 0) return fail_at(p, CT_PARSE, p->at, "a value expected");
    p->at += n;
    CT_TRY(add(&v, p->tape, kind));
    v->as.integer = 0;
    return CT_OK;
}

// ---- numbers ------------------------------------------------------------------------------------

// From the sign on; `digits` of it before `c`, which is a point or an exponent's letter.
static ct_err real(parser *p, const char *c, uint64_t digits) {
    const char *const begin = p->at, *const first = *begin == '-' ? begin + 1 : begin;
    ptrdiff_t n = c - first;
    int power = 0;
    if (*c == '.') {
        const char *point = c++;
        if (!is_digit(*c)) return fail_at(p, CT_PARSE, c, "a digit expected");
        for (; is_digit(*c); c++) digits = 10 * digits + (uint64_t)(*c - '0');
        n += c - point - 1;
        if (n <= CT_DECIMAL_DIGITS) power = (int)(point + 1 - c);
    }
    bool simple = n <= CT_DECIMAL_DIGITS; // else the digits are not all in 64 bits
    if (*c == 'e' || *c == 'E') {
        c++;
        simple = false;
        if (*c == '-' || *c == '+') c++;
        if (!is_digit(*c)) return fail_at(p, CT_PARSE, c, "a digit expected");
        while (is_digit(*c)) c++;
    }
    double value;
    if (!simple || !ct_decimal_double(&value, digits, power))
        value = fabs(strtod(begin, NULL)); // ends where the number does
    if (!isfinite(value)) return fail_at(p, CT_PARSE, begin, "a number too large");
    ct_tape_value *v;
    CT_TRY(add(&v, p->tape, CT_TAPE_REAL));
    v->as.real = *begin == '-' ? -value : value;
    p->at = c;
    return CT_OK;
}

static inline ct_err number(parser *p) {
    const char *c = p->at;
    const bool negative = *c == '-';
    c += negative;
    const char *const first = c;
    uint64_t digits = 0;
    if (!is_digit(*c)) return fail_at(p, CT_PARSE, c, "a digit expected");
    if (*c == '0')
        c++;
    else
        for (; is_digit(*c); c++) digits = 10 * digits + (uint64_t)(*c - '0');
    if (*c == '.' || *c == 'e' || *c == 'E') return real(p, c, digits);
    if (is_digit(*c)) return fail_at(p, CT_PARSE, c, "a number with a zero before it");
    if (c - first > CT_DECIMAL_DIGITS || digits > (uint64_t)INT64_MAX + negative)
        return fail_at(p, CT_PARSE, p->at, "a whole number too large");
    ct_tape_value *v;
    CT_TRY(add(&v, p->tape, CT_TAPE_INTEGER));
    v->as.integer = negative ? (int64_t)(0 - digits) : (int64_t)digits;
    p->at = c;
    return CT_OK;
}

// ---- strings ------------------------------------------------------------------------------------

// The value of four hexadecimal digits, or -1.
static int hexadecimal(const char *c) {
    int value = 0;
    for (int i = 0; i < 4; i++, c++) {
        const int letter = *c | 0x20;
        if (is_digit(*c))
            value = 16 * value + (*c - '0');
        else if (letter >= 'a' && letter <= 'f')
            value = 16 * value + (letter - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static char *put_character(char *to, int c) {
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    }
    return to;
}

// "uD83D\uDE00" or "u0041" at *at, which moves behind it. -1: none, a half pair or NUL.
static int character_of(const char **at) {
    int c = hexadecimal(*at + 1);
    *at += c < 0 ? 0 : 5;
    if (c >= 0xDC00 && c <= 0xDFFF) return -1;
    if (c >= 0xD800 && c <= 0xDBFF) {
        if ((*at)[0] != '\\' || (*at)[1] != 'u') return -1;
        const int low = hexadecimal(*at + 2);
        if (low < 0xDC00 || low > 0xDFFF) return -1;
        *at += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    return c > 0 ? c : -1;
}

// The escape behind the backslash at *at.
static ct_err escape(parser *p, char **to, const char **at) {
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *const begin = *at;
    const char *letter = begin[1] ? strchr(letters, begin[1]) : NULL;
    if (letter) {
        *(*to)++ = meant[letter - letters];
        *at += 2;
        return CT_OK;
    }
    if (begin[1] != 'u') return fail_at(p, CT_PARSE, begin, "not an escape");
    ++*at;
    const int c = character_of(at);
    if (c < 0) return fail_at(p, CT_PARSE, begin, "not a character that may be escaped");
    *to = put_character(*to, c);
    return CT_OK;
}

// The strings' end from `c` on, where nothing is copied; stops at escapes too.
static ct_err plain_part(const parser *p, const char **out, const char *c) {
    for (;; c++) {
        const unsigned char u = (unsigned char)*c;
        if (u >= 0x20 && u < 0x80) {
            if (u == '"' || u == '\\') break;
        } else if (u < 0x20) {
            return fail_at(p, CT_PARSE, c,
                           u ? "a control character in a string" : "a string without end");
        } else {
            // The NUL behind the text continues no character, so that none is read past it.
            const size_t n = ct_utf8_length(c, 4);
            if (n == 0) return fail_at(p, CT_PARSE, c, "not UTF-8");
            c += n - 1;
        }
    }
    *out = c;
    return CT_OK;
}

// A string with escapes, the first at `c`; unescaped it is never longer.
static ct_err escaped(parser *p, const char **end, const char **text, size_t *n, const char *c) {
    const char *const begin = p->at + 1, *close = c;
    while (*close && *close != '"') close += *close == '\\' && close[1] ? 2 : 1;
    char *const copy = ct_arena_alloc(p->tape->texts, (size_t)(close - begin) + 1);
    if (!copy) return CT_NOMEM;
    memcpy(copy, begin, (size_t)(c - begin));
    char *to = copy + (c - begin);
    while (*c != '"') {
        const char *part = c;
        CT_TRY(plain_part(p, &c, part));
        memcpy(to, part, (size_t)(c - part));
        to += c - part;
        if (*c == '\\') CT_TRY(escape(p, &to, &c));
    }
    *end = c + 1;
    *text = copy;
    *n = (size_t)(to - copy);
    return CT_OK;
}

static inline ct_err string(parser *p) {
    const char *text = p->at + 1, *end;
    CT_TRY(plain_part(p, &end, text));
    size_t n = (size_t)(end - text);
    if (*end == '"')
        end++;
    else
        CT_TRY(escaped(p, &end, &text, &n, end));
    ct_tape_value *v;
    CT_TRY(add(&v, p->tape, CT_TAPE_STRING));
    v->n = (uint32_t)n & LONGEST; // the text is no longer
    v->as.text = text;
    p->at = end;
    return CT_OK;
}

// ---- objects ------------------------------------------------------------------------------------

static bool same_key(const ct_tape_value *a, const ct_tape_value *b) {
    if (a->n != b->n || (a->n && *a->as.text != *b->as.text)) return false; // as most
    return memcmp(a->as.text, b->as.text, a->n) == 0;
}

static ct_err twice(const parser *p, const ct_tape_value *key) {
    char what[120];
    const bool escaped = key->as.text < p->text || key->as.text >= p->at; // copied: no place of it
    (void)snprintf(what, sizeof what, "duplicate object key \"%.*s\"",
                   key->n < 64 ? (int)key->n : 64, key->as.text);
    return fail_at(p, CT_PARSE, escaped ? p->at : key->as.text - 1, what);
}

static ct_err few_keys_differ(const parser *p, const ct_tape_value *object) {
    const ct_tape_value *keys[FEW_KEYS];
    size_t n = 0;
    ct_tape_walk w = ct_tape_begin(object, CT_TAPE_OBJECT);
    for (const ct_tape_value *key; (key = ct_tape_next(&w)); (void)ct_tape_next(&w)) {
        for (size_t i = 0; i < n; i++)
            if (same_key(keys[i], key)) return twice(p, key);
        keys[n++] = key;
    }
    return CT_OK;
}

static ct_err many_keys_differ(const parser *p, const ct_tape_value *object) {
    ct_tape *tape = p->tape;
    size_t n_slots = 64;
    while (n_slots < 2 * (size_t)object->n) n_slots *= 2;
    if (n_slots > tape->n_slots) {
        uint32_t *slots = ct_realloc(tape->slots, n_slots * sizeof *slots);
        if (!slots) return CT_NOMEM;
        tape->slots = slots;
        tape->n_slots = n_slots;
    }
    memset(tape->slots, 0, n_slots * sizeof *tape->slots);
    ct_tape_walk w = ct_tape_begin(object, CT_TAPE_OBJECT);
    for (const ct_tape_value *key; (key = ct_tape_next(&w)); (void)ct_tape_next(&w)) {
        size_t i = ct_hash_bytes(key->as.text, key->n).low & (n_slots - 1);
        for (; tape->slots[i]; i = (i + 1) & (n_slots - 1))
            if (same_key(&tape->values[tape->slots[i] - 1], key)) return twice(p, key);
        tape->slots[i] = (uint32_t)(key - tape->values) + 1;
    }
    return CT_OK;
}

static ct_err open_level(parser *p, ct_tape_kind kind) {
    ct_tape_value *v;
    if (p->depth == MAX_DEPTH)
        return fail_at(p, CT_LIMIT, p->at, "JSON nested deeper than 64 levels");
    CT_TRY(add(&v, p->tape, kind));
    v->as.text = p->at++;
    p->open[p->depth++] = (uint32_t)(p->tape->n - 1);
    return CT_OK;
}

static inline bool begins_number(char c) {
    return is_digit(c) || c == '-';
}

// The numbers that an array begins with, as most arrays hold nothing else: as far as they stand
// with a comma and no blank between them.
static ct_err run_of_numbers(parser *p) {
    const uint32_t array = p->open[p->depth - 1];
    uint32_t n = 0;
    while (begins_number(*p->at)) {
        CT_TRY(number(p));
        n++;
        if (*p->at != ',' || !begins_number(p->at[1])) break;
        p->at++;
    }
    p->tape->values[array].n = n & LONGEST;
    return CT_OK;
}

static ct_err close_level(parser *p) {
    const uint32_t at = p->open[--p->depth];
    ct_tape_value *v = &p->tape->values[at];
    v->span = (uint32_t)p->tape->n - at;
    if (v->kind == CT_TAPE_OBJECT && v->n > 1)
        CT_TRY(v->n <= FEW_KEYS ? few_keys_differ(p, v) : many_keys_differ(p, v));
    p->at++;
    return CT_OK;
}

static inline void skip_blanks(parser *p) {
    while (*p->at == ' ' || *p->at == '\n' || *p->at == '\r' || *p->at == '\t') p->at++;
}

static ct_err key(parser *p) {
    skip_blanks(p);
    if (*p->at != '"') return fail_at(p, CT_PARSE, p->at, "a key in quotes expected");
    CT_TRY(string(p));
    skip_blanks(p);
    if (*p->at != ':') return fail_at(p, CT_PARSE, p->at, "':' expected");
    p->at++;
    return CT_OK;
}

static inline ct_tape_value *innermost(const parser *p) {
    return &p->tape->values[p->open[p->depth - 1]];
}

// ---- the document -------------------------------------------------------------------------------

// Its beginning, or all of it where it holds numbers alone.
static ct_err array(parser *p) {
    CT_TRY(open_level(p, CT_TAPE_ARRAY));
    if (!begins_number(*p->at)) return CT_OK;
    CT_TRY(run_of_numbers(p));
    return *p->at == ']' ? close_level(p) : CT_OK;
}

// A value, or as much of it as comes before its first element.
static inline ct_err value(parser *p) {
    skip_blanks(p);
    switch (*p->at) {
    case '[': return array(p);
    case '{': return open_level(p, CT_TAPE_OBJECT);
    case '"': return string(p);
    case 't': return word(p, "true", CT_TAPE_TRUE);
    case 'f': return word(p, "false", CT_TAPE_FALSE);
    case 'n': return word(p, "null", CT_TAPE_NULL);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return number(p);
    default: return fail_at(p, CT_PARSE, p->at, "a value expected");
    }
}

// What stands before the next element of the innermost array or object: its end or a comma, and a
// key. `first`: nothing of it was read yet.
static inline ct_err between(parser *p, bool first) {
    ct_tape_value *v = innermost(p);
    const bool object = v->kind == CT_TAPE_OBJECT;
    skip_blanks(p);
    if (*p->at == (object ? '}' : ']')) return close_level(p);
    if (!first && *p->at != ',')
        return fail_at(p, CT_PARSE, p->at, object ? "',' or '}' expected" : "',' or ']' expected");
    p->at += !first;
    v->n++;
    if (object) CT_TRY(key(p));
    return value(p);
}

static ct_err document(parser *p) {
    CT_TRY(value(p));
    while (p->depth) {
        // An array or object that was just opened is the last value on the tape.
        const bool first = p->open[p->depth - 1] == p->tape->n - 1;
        CT_TRY(between(p, first));
    }
    skip_blanks(p);
    return CT_OK;
}

ct_err ct_tape_parse(const ct_tape_value **root, ct_tape *tape, const char *text, size_t length,
                     size_t max_bytes) {
    if (max_bytes > CT_TAPE_MAX_BYTES) max_bytes = CT_TAPE_MAX_BYTES;
    if (length > max_bytes)
        return ct_fail(CT_LIMIT, "JSON of %zu bytes, at most %zu are taken", length, max_bytes);
    parser p = {.tape = tape, .text = text, .at = text};
    tape->n = 0;
    ct_arena_reset(tape->texts);
    CT_TRY(document(&p));
    if (p.at != text + length) return fail_at(&p, CT_PARSE, p.at, "the end expected");
    *root = tape->values;
    return CT_OK;
}
