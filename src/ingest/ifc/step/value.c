// Parameters of instances, read where they stand.
#include <strings.h>

#include "ingest/ifc/step/private.h"
#include "ingest/ifc/step/scan.h"

enum { MAX_TYPED = 8 };

ct_step__cursor ct_step__parameters(const ct_step *step, uint32_t slot) {
    return (ct_step__cursor){step->bytes + (step->entries[slot].place >> 16) + 1, step->end};
}

ct_step__cursor ct_step__header(const ct_step *step, ct_step__record record) {
    const char *at = step->records[record];
    return (ct_step__cursor){at ? at + 1 : NULL, step->end};
}

ct_step__cursor ct_step__list(const ct_step__value *value) {
    if (value->kind != CT_STEP__LIST && value->kind != CT_STEP__TYPED)
        return (ct_step__cursor){NULL, NULL};
    return (ct_step__cursor){value->at, value->end + 1}; // the ')' ends it
}

// Behind the ')' that fits the '(' at `at`; NULL if the record ends before.
static const char *behind_list(const char *at, const char *end) {
    size_t depth = 0;
    while (at < end) {
        switch (*at) {
        case '(': depth++; break;
        case ')':
            if (--depth == 0) return at + 1;
            break;
        case '\'':
            at = ct_step__behind_string(at, end, '\'');
            if (!at) return NULL;
            continue;
        case '/':
            if (!ct_step__is_comment(at, end)) break;
            at = ct_step__behind_comment(at, end);
            continue;
        case ';': return NULL;
        default: break;
        }
        at++;
    }
    return NULL;
}

// Each reads a value that begins at `at`, and returns the place behind it; NULL if there is none.

static const char *read_string(ct_step__value *out, const char *at, const char *end) {
    const char *begin = at + 1;
    while ((at = ct_step__behind_string(at, end, '\'')) && at < end && *at == '\'') {}
    if (at) *out = (ct_step__value){.kind = CT_STEP__STRING, .at = begin, .end = at - 1};
    return at;
}

static const char *read_binary(ct_step__value *out, const char *at, const char *end) {
    const char *close = ct_step__behind_string(at, end, '"');
    if (!close) return NULL;
    *out = (ct_step__value){.kind = CT_STEP__BINARY, .at = at + 1, .end = close - 1};
    for (const char *c = out->at; c < out->end; c++)
        if (!ct_step__is_digit(*c) && !((*c & 0xdf) >= 'A' && (*c & 0xdf) <= 'F')) return NULL;
    return close;
}

static const char *read_ref(ct_step__value *out, const char *at, const char *end) {
    const char *begin = ++at;
    uint64_t id = 0;
    for (; at < end && ct_step__is_digit(*at); at++) id = 10 * id + (uint64_t)(*at - '0');
    if (at == begin || at - begin > 19) return NULL;
    *out = (ct_step__value){.kind = CT_STEP__REF, .at = begin, .end = at, .id = id};
    return at;
}

static const char *read_enum(ct_step__value *out, const char *at, const char *end) {
    const char *begin = ++at;
    while (at < end && (ct_step__is_letter(*at) || ct_step__is_digit(*at))) at++;
    if (at == end || *at != '.' || at == begin) return NULL;
    *out = (ct_step__value){.kind = CT_STEP__ENUM, .at = begin, .end = at};
    return at + 1;
}

static const char *read_number(ct_step__value *out, const char *at, const char *end) {
    const char *begin = at;
    bool real = false, digits = false;
    for (; at < end; at++) {
        const char c = *at;
        if (ct_step__is_digit(c))
            digits = true;
        else if (c == '.' || c == 'E' || c == 'e')
            real = true;
        else if (c != '+' && c != '-')
            break;
    }
    if (!digits) return NULL;
    *out =
        (ct_step__value){.kind = real ? CT_STEP__REAL : CT_STEP__INTEGER, .at = begin, .end = at};
    return at;
}

static const char *read_list(ct_step__value *out, const char *at, const char *end) {
    const char *behind = behind_list(at, end);
    if (behind) *out = (ct_step__value){.kind = CT_STEP__LIST, .at = at + 1, .end = behind - 1};
    return behind;
}

static const char *read_typed(ct_step__value *out, const char *at, const char *end) {
    const char *name = at;
    while (at < end && (ct_step__is_letter(*at) || ct_step__is_digit(*at))) at++;
    const uint32_t n = (uint32_t)(at - name);
    at = ct_step__skip_blanks(at, end);
    if (at == end || *at != '(') return NULL;
    at = read_list(out, at, end);
    if (!at) return NULL;
    out->kind = CT_STEP__TYPED;
    out->name = name;
    out->n_name = n;
    return at;
}

static const char *read_value(ct_step__value *out, const char *at, const char *end) {
    switch (*at) {
    case '$':
    case '*':
        *out = (ct_step__value){
            .kind = *at == '$' ? CT_STEP__UNSET : CT_STEP__DERIVED, .at = at, .end = at};
        return at + 1;
    case '\'': return read_string(out, at, end);
    case '"': return read_binary(out, at, end);
    case '#': return read_ref(out, at, end);
    case '(': return read_list(out, at, end);
    case '.':
        if (end - at > 1 && ct_step__is_letter(at[1])) return read_enum(out, at, end);
        return read_number(out, at, end);
    default: break;
    }
    if (ct_step__is_letter(*at)) return read_typed(out, at, end);
    return read_number(out, at, end);
}

bool ct_step__next(ct_step__value *out, ct_step__cursor *cursor) {
    *out = (ct_step__value){.kind = CT_STEP__END};
    if (!cursor->at) return false;
    const char *at = ct_step__skip_blanks(cursor->at, cursor->end);
    if (at < cursor->end && *at == ')') {
        cursor->at = NULL;
        return false;
    }
    at = at < cursor->end ? read_value(out, at, cursor->end) : NULL;
    if (at) at = ct_step__skip_blanks(at, cursor->end);
    if (!at || at >= cursor->end || (*at != ',' && *at != ')')) {
        *out = (ct_step__value){.kind = CT_STEP__BAD};
        cursor->at = NULL;
        return false;
    }
    cursor->at = *at == ',' ? at + 1 : NULL;
    return true;
}

ct_step__value ct_step__get(const ct_step *step, uint32_t slot, uint32_t index) {
    ct_step__cursor cursor = ct_step__parameters(step, slot);
    ct_step__value value;
    for (uint32_t i = 0; ct_step__next(&value, &cursor); i++)
        if (i == index) return value;
    return value;
}

size_t ct_step__all(ct_step__value *out, size_t max, const ct_step *step, uint32_t slot) {
    ct_step__cursor cursor = ct_step__parameters(step, slot);
    ct_step__value value;
    size_t n = 0;
    for (size_t i = 0; i < max; i++) out[i] = (ct_step__value){.kind = CT_STEP__END};
    for (; ct_step__next(&value, &cursor); n++)
        if (n < max) out[n] = value;
    if (value.kind == CT_STEP__BAD && n < max) out[n] = value;
    return n;
}

ct_step__value ct_step__bare(const ct_step__value *value) {
    ct_step__value v = *value;
    for (int i = 0; v.kind == CT_STEP__TYPED; i++) {
        ct_step__cursor cursor = ct_step__list(&v);
        if (i == MAX_TYPED) return (ct_step__value){.kind = CT_STEP__BAD};
        ct_step__next(&v, &cursor);
    }
    return v;
}

bool ct_step__number(double *out, const ct_step__value *value) {
    const ct_step__value v = ct_step__bare(value);
    if (v.kind != CT_STEP__REAL && v.kind != CT_STEP__INTEGER) return false;
    return ct_step__decimal(out, v.at, v.end);
}

bool ct_step__is(const ct_step__value *value, const char *word) {
    const ct_step__value v = ct_step__bare(value);
    const size_t n = strlen(word);
    return v.kind == CT_STEP__ENUM && (size_t)(v.end - v.at) == n &&
           strncasecmp(v.at, word, n) == 0;
}

int ct_step__logical(const ct_step__value *value) {
    if (ct_step__is(value, "T") || ct_step__is(value, "TRUE")) return 1;
    if (ct_step__is(value, "F") || ct_step__is(value, "FALSE")) return 0;
    return -1;
}

bool ct_step__named(const ct_step__value *v, const char *name) {
    return v->kind == CT_STEP__TYPED && strlen(name) == v->n_name &&
           strncasecmp(v->name, name, v->n_name) == 0;
}

uint32_t ct_step__ref(const ct_step *step, const ct_step__value *value) {
    return value->kind == CT_STEP__REF ? ct_step__find(step, value->id) : CT_STEP__NONE;
}
