// JSON in: the limits before jansson sees a byte, jansson's errors in our words, and getters that
// name the field.
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

enum { MAX_DEPTH = 64 };

// jansson takes some failed allocations for errors of syntax and passes over others, so they are
// noted here.
static _Thread_local bool out_of_memory;

static void *allocate(size_t bytes) {
    void *block = ct_alloc(bytes);
    if (!block) out_of_memory = true;
    return block;
}

// jansson's blocks go through the memory door too (counted, and failing in tests). Before main, so
// that no value is made by one allocator and freed by the other.
__attribute__((constructor)) static void use_memory_door(void) {
    json_set_alloc_funcs(allocate, ct_free);
}

// Nesting is bounded here because jansson's own bound (2048) is fixed when it is built. Brackets
// inside strings do not count; whether the text is JSON at all is jansson's business.
static ct_err check_depth(const char *text, size_t length) {
    int depth = 0, line = 1;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '\n') line++;
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > MAX_DEPTH)
                return ct_fail(CT_LIMIT, "line %d: JSON nested deeper than %d levels", line,
                               MAX_DEPTH);
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return CT_OK;
}

ct_err ct_json_parse(json_t **out, const char *text, size_t length, size_t max_bytes) {
    if (length > max_bytes)
        return ct_fail(CT_LIMIT, "JSON of %zu bytes, at most %zu are taken", length, max_bytes);
    CT_TRY(check_depth(text, length));
    json_error_t error;
    out_of_memory = false;
    json_t *value =
        json_loadb(length ? text : "", length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (out_of_memory) {
        json_decref(value);
        return ct_fail(CT_NOMEM, "out of memory while reading JSON");
    }
    if (!value)
        return ct_fail(CT_PARSE, "line %d, column %d: %s", error.line, error.column, error.text);
    *out = value;
    return CT_OK;
}

ct_err ct_json_read_file(json_t **out, const char *path, size_t max_bytes) {
    char *text;
    size_t length;
    CT_TRY(ct_file_read(&text, &length, path, max_bytes));
    ct_err err = ct_json_parse(out, text, length, max_bytes);
    ct_free(text);
    return ct_context(err, "%s", path);
}

json_t *ct_json_copy(const json_t *value) {
    out_of_memory = false;
    json_t *copy = json_deep_copy(value);
    if (copy && !out_of_memory) return copy;
    json_decref(copy);
    (void)ct_fail(CT_NOMEM, "out of memory while copying JSON");
    return NULL;
}

static int dump_to_buf(const char *bytes, size_t n, void *context) {
    ct_buf *buf = context;
    ct_buf_put(buf, bytes, n);
    return buf->err == CT_OK ? 0 : -1;
}

char *ct_json_dump(const json_t *value, size_t flags) {
    ct_buf buf;
    ct_buf_init(&buf, SIZE_MAX / 4);
    out_of_memory = false;
    int failed = json_dump_callback(value, dump_to_buf, &buf, flags | JSON_ENCODE_ANY);
    if (out_of_memory) failed = 1;
    char *text = failed ? NULL : ct_buf_take(&buf, NULL);
    ct_buf_fini(&buf);
    if (failed) (void)ct_fail(CT_NOMEM, "out of memory while writing JSON");
    return text;
}

char *ct_json_canonical(const json_t *value) {
    return ct_json_dump(value, JSON_COMPACT | JSON_SORT_KEYS);
}

// *found is the member, or NULL where it is missing.
static ct_err find(json_t **found, const json_t *object, const char *key, const char *where) {
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "%s: not a JSON object", where);
    *found = json_object_get(object, key);
    return CT_OK;
}

static ct_err missing(const char *key, const char *where) {
    return ct_fail(CT_PARSE, "%s: field \"%s\" is missing", where, key);
}

static ct_err wrong_type(const char *key, const char *where, const char *expected) {
    return ct_fail(CT_PARSE, "%s.%s: must be %s", where, key, expected);
}

static ct_err number_of(double *out, const json_t *value, const char *key, double min, double max,
                        const char *where) {
    if (!json_is_number(value)) return wrong_type(key, where, "a number");
    double number = json_number_value(value);
    if (!(number >= min && number <= max))
        return ct_fail(CT_RANGE, "%s.%s: %.15g is not in %.15g to %.15g", where, key, number, min,
                       max);
    *out = number;
    return CT_OK;
}

ct_err ct_json_get_string(const char **out, const json_t *object, const char *key,
                          const char *where) {
    json_t *value;
    CT_TRY(find(&value, object, key, where));
    if (!value) return missing(key, where);
    return ct_json_string_or(out, object, key, NULL, where);
}

ct_err ct_json_get_number(double *out, const json_t *object, const char *key, double min,
                          double max, const char *where) {
    json_t *value;
    CT_TRY(find(&value, object, key, where));
    if (!value) return missing(key, where);
    return number_of(out, value, key, min, max, where);
}

ct_err ct_json_string_or(const char **out, const json_t *object, const char *key,
                         const char *otherwise, const char *where) {
    json_t *value;
    CT_TRY(find(&value, object, key, where));
    if (value && !json_is_string(value)) return wrong_type(key, where, "a string");
    *out = value ? json_string_value(value) : otherwise;
    return CT_OK;
}

ct_err ct_json_number_or(double *out, const json_t *object, const char *key, double otherwise,
                         double min, double max, const char *where) {
    json_t *value;
    CT_TRY(find(&value, object, key, where));
    if (value) return number_of(out, value, key, min, max, where);
    *out = otherwise;
    return CT_OK;
}

ct_err ct_json_int_or(int64_t *out, const json_t *object, const char *key, int64_t otherwise,
                      int64_t min, int64_t max, const char *where) {
    json_t *value;
    CT_TRY(find(&value, object, key, where));
    int64_t number = otherwise;
    if (json_is_integer(value)) {
        number = json_integer_value(value);
    } else if (json_is_real(value)) { // 3.0 is an integer too (JSON Schema, 6.1.1)
        double real = json_real_value(value);
        if (real != rint(real) || fabs(real) > 0x1p53)
            return wrong_type(key, where, "a whole number");
        number = (int64_t)real;
    } else if (value) {
        return wrong_type(key, where, "a whole number");
    }
    if (value && (number < min || number > max))
        return ct_fail(CT_RANGE, "%s.%s: %" PRId64 " is not in %" PRId64 " to %" PRId64, where, key,
                       number, min, max);
    *out = number;
    return CT_OK;
}

ct_err ct_json_bool_or(bool *out, const json_t *object, const char *key, bool otherwise,
                       const char *where) {
    json_t *value;
    CT_TRY(find(&value, object, key, where));
    if (value && !json_is_boolean(value)) return wrong_type(key, where, "true or false");
    *out = value ? json_is_true(value) : otherwise;
    return CT_OK;
}

ct_err ct_json_only(const json_t *object, const char *const *allowed, const char *where) {
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "%s: not a JSON object", where);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value) {
        const char *const *name = allowed;
        while (*name && strcmp(*name, key) != 0) name++;
        if (!*name) return ct_fail(CT_PARSE, "%s: unknown field \"%.64s\"", where, key);
    }
    return CT_OK;
}
