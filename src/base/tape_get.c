// Values of a tape: members by name, copies, texts of any value.
#include "base/json.h"
#include "base/tape.h"

const ct_tape_value *ct_tape_get_n(const ct_tape_value *object, const char *key, size_t n) {
    if (!ct_tape_is(object, CT_TAPE_OBJECT)) return NULL;
    const ct_tape_value *const end = object + object->span;
    for (const ct_tape_value *k = object + 1; k != end; k += 1 + k[1].span) // a key takes one
        if (k->n == n && (n == 0 || (*k->as.text == *key && memcmp(k->as.text, key, n) == 0)))
            return k + 1;
    return NULL;
}

char *ct_tape_dup(ct_arena *arena, const ct_tape_value *string) {
    char *copy = ct_arena_alloc(arena, (size_t)string->n + 1);
    if (!copy) return NULL;
    memcpy(copy, string->as.text, string->n);
    copy[string->n] = '\0';
    return copy;
}

// Bytes of the array or object that begins at `text`.
static size_t length_of(const char *text) {
    const char *c = text;
    int depth = 0;
    bool in_string = false;
    do {
        if (in_string) {
            if (*c == '\\')
                c++;
            else if (*c == '"')
                in_string = false;
        } else if (*c == '"') {
            in_string = true;
        } else {
            depth += (*c == '[' || *c == '{') - (*c == ']' || *c == '}');
        }
        c++;
    } while (depth);
    return (size_t)(c - text);
}

static json_t *scalar(const ct_tape_value *v) {
    switch ((ct_tape_kind)v->kind) {
    case CT_TAPE_NULL: return json_null();
    case CT_TAPE_FALSE: return json_false();
    case CT_TAPE_TRUE: return json_true();
    case CT_TAPE_INTEGER: return json_integer(v->as.integer);
    case CT_TAPE_REAL: return json_real(v->as.real);
    case CT_TAPE_STRING: return json_stringn(v->as.text, v->n);
    case CT_TAPE_ARRAY:
    case CT_TAPE_OBJECT: break;
    }
    return NULL;
}

char *ct_tape_canonical(const ct_tape_value *v) {
    json_t *json = NULL;
    if (v->kind == CT_TAPE_ARRAY || v->kind == CT_TAPE_OBJECT) {
        const size_t n = length_of(v->as.text);
        if (ct_json_parse(&json, v->as.text, n, n) != CT_OK) return NULL;
    } else {
        json = scalar(v);
    }
    char *text = json ? ct_json_canonical(json) : NULL;
    json_decref(json);
    return text;
}

static ct_err need_object(const ct_tape_value *v, const char *where) {
    return ct_tape_is(v, CT_TAPE_OBJECT) ? CT_OK
                                         : ct_fail(CT_PARSE, "%s: not a JSON object", where);
}

static ct_err copy_string(const char **out, ct_arena *arena, const ct_tape_value *v,
                          const char *key, const char *where) {
    if (v->kind != CT_TAPE_STRING) return ct_fail(CT_PARSE, "%s.%s: must be a string", where, key);
    const char *text = ct_tape_dup(arena, v);
    if (!text) return CT_NOMEM;
    *out = text;
    return CT_OK;
}

ct_err ct_tape_get_string(const char **out, ct_arena *arena, const ct_tape_value *object,
                          const char *key, const char *where) {
    CT_TRY(need_object(object, where));
    const ct_tape_value *v = ct_tape_get(object, key);
    if (!v) return ct_fail(CT_PARSE, "%s: field \"%s\" is missing", where, key);
    return copy_string(out, arena, v, key, where);
}

ct_err ct_tape_string_or(const char **out, ct_arena *arena, const ct_tape_value *object,
                         const char *key, const char *otherwise, const char *where) {
    CT_TRY(need_object(object, where));
    const ct_tape_value *v = ct_tape_get(object, key);
    if (v) return copy_string(out, arena, v, key, where);
    *out = otherwise;
    return CT_OK;
}

ct_err ct_tape_number_or(double *out, const ct_tape_value *object, const char *key,
                         double otherwise, double min, double max, const char *where) {
    CT_TRY(need_object(object, where));
    const ct_tape_value *v = ct_tape_get(object, key);
    if (!v) {
        *out = otherwise;
        return CT_OK;
    }
    if (!ct_tape_is_number(v)) return ct_fail(CT_PARSE, "%s.%s: must be a number", where, key);
    const double number = ct_tape_number(v);
    if (!(number >= min && number <= max))
        return ct_fail(CT_RANGE, "%s.%s: %.15g is not in %.15g to %.15g", where, key, number, min,
                       max);
    *out = number;
    return CT_OK;
}
