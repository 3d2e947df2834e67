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

// One failure it does not survive: where the buffer of a text that it reads cannot grow it goes on
// as if it had, past the buffer's end. So a parse has some memory in reserve, for what is asked for
// from the first failure to the end, which comes soon (see next_bytes).
static _Thread_local char *reserve, *reserve_end, *reserve_at;

static void *allocate(size_t bytes) {
    void *block = ct_alloc(bytes);
    if (block) return block;
    out_of_memory = true;
    const size_t room = reserve ? (size_t)(reserve_end - reserve_at) : 0;
    const size_t rounded = (bytes + 15) & ~(size_t)15;
    if (bytes > room || rounded > room) return NULL;
    block = reserve_at;
    reserve_at += rounded;
    return block;
}

static void release(void *block) {
    const char *b = block;
    if (!reserve || b < reserve || b >= reserve_end) ct_free(block);
}

// jansson's blocks go through the memory door too (counted, and failing in tests). Before main, so
// that no value is made by one allocator and freed by the other.
__attribute__((constructor)) static void use_memory_door(void) {
    json_set_alloc_funcs(allocate, release);
}

static bool ends_word(char c) {
    return c == '[' || c == ']' || c == '{' || c == '}' || c == ',' || c == ':' || c == '"' ||
           c == '\n';
}

// Nesting is bounded here because jansson's own bound (2048) is fixed when it is built. Brackets
// inside strings do not count; whether the text is JSON at all is jansson's business. *longest: no
// word of the text, a string with its quotes or a number, has more bytes.
static ct_err check_depth(size_t *longest, const char *text, size_t length) {
    int depth = 0, line = 1;
    bool in_string = false;
    size_t word = 0; // where the one at hand begins
    *longest = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '\n') line++;
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (ends_word(c)) {
            if (i - word > *longest) *longest = i - word;
            word = i;
        }
        if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > MAX_DEPTH)
                return ct_fail(CT_LIMIT, "line %d: JSON nested deeper than %d levels", line,
                               MAX_DEPTH);
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    if (length - word > *longest) *longest = length - word;
    return CT_OK;
}

// Text on its way to jansson; at the first failed allocation it ends.
typedef struct source {
    const char *at, *end;
} source;

static size_t next_bytes(void *to, size_t room, void *context) {
    source *s = context;
    size_t n = (size_t)(s->end - s->at);
    if (out_of_memory) n = 0;
    if (n > room) n = room;
    memcpy(to, s->at, n);
    s->at += n;
    return n;
}

// What jansson can ask for after the first failure: a text's buffer, which doubles from 16 bytes to
// twice the longest word's, and what it makes of the piece of text that it holds already (1,024
// bytes; an empty object takes two of them and 240 bytes of memory).
static size_t reserve_bytes(size_t longest, size_t length) {
    enum { PIECE = 1024, EACH = 256 };
    return 8 * (longest + 32) + EACH * (length < PIECE ? length : PIECE);
}

ct_err ct_json_parse(json_t **out, const char *text, size_t length, size_t max_bytes) {
    if (length > max_bytes)
        return ct_fail(CT_LIMIT, "JSON of %zu bytes, at most %zu are taken", length, max_bytes);
    size_t longest = 0;
    CT_TRY(check_depth(&longest, text, length));
    char *spare = ct_alloc(reserve_bytes(longest, length));
    if (!spare) return CT_NOMEM;
    json_error_t error;
    source in = {length ? text : "", (length ? text : "") + length};
    reserve = reserve_at = spare;
    reserve_end = spare + reserve_bytes(longest, length);
    out_of_memory = false;
    json_t *value =
        json_load_callback(next_bytes, &in, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (out_of_memory) json_decref(value);
    reserve = reserve_end = reserve_at = NULL;
    ct_free(spare);
    if (out_of_memory) return ct_fail(CT_NOMEM, "out of memory while reading JSON");
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

static ct_err unknown_word(const char *word, const char *key, const char *const *words,
                           const char *where) {
    char list[256] = "";
    size_t at = 0;
    for (; *words && at < sizeof list; words++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", at ? ", " : "", *words);
    return ct_fail(CT_PARSE, "%s.%s: \"%.60s\" is not one of %s", where, key, word, list);
}

ct_err ct_json_word_or(int *out, const json_t *object, const char *key, const char *const *words,
                       int otherwise, const char *where) {
    const char *word;
    CT_TRY(ct_json_string_or(&word, object, key, NULL, where));
    if (!word && otherwise < 0) return missing(key, where);
    int place = 0;
    while (word && words[place] && strcmp(words[place], word) != 0) place++;
    if (word && !words[place]) return unknown_word(word, key, words, where);
    *out = word ? place : otherwise;
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
