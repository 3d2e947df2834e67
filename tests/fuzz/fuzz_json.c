// Any bytes as JSON: refused with a message, or a document that our writer and the canonical form
// give back equal, whose numbers are finite and whose fields the getters take or refuse as said.
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "fuzz.h"

enum { MAX_LEVELS = 60, MAX_BYTES = 1 << 20 };

// Writes the value with our writer; false where it is nested deeper than that takes.
static bool write(ct_jsonw *w, const json_t *value, int level) {
    if (level > MAX_LEVELS) return false;
    bool whole = true;
    const char *key;
    json_t *member;
    size_t i;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        ct_jsonw_object(w);
        json_object_foreach((json_t *)(uintptr_t)value, key, member) {
            ct_jsonw_key(w, key);
            whole = write(w, member, level + 1) && whole;
            if (!whole) ct_jsonw_null(w);
        }
        ct_jsonw_end_object(w);
        break;
    case JSON_ARRAY:
        ct_jsonw_array(w);
        json_array_foreach(value, i, member) whole = write(w, member, level + 1) && whole;
        ct_jsonw_end_array(w);
        break;
    case JSON_STRING:
        ct_jsonw_string_n(w, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER: ct_jsonw_int(w, json_integer_value(value)); break;
    case JSON_REAL:
        FUZZ_MUST(isfinite(json_real_value(value)));
        ct_jsonw_double(w, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE: ct_jsonw_bool(w, json_is_true(value)); break;
    case JSON_NULL: ct_jsonw_null(w); break;
    }
    return whole;
}

// Equal but for reals that our writer shows as whole numbers (1.0 as 1), which read back as
// integers.
static bool same(const json_t *a, const json_t *b) {
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_number(a)) {
        if (json_is_integer(a) && json_is_integer(b))
            return json_integer_value(a) == json_integer_value(b);
        const double x = json_number_value(a), y = json_number_value(b);
        return json_is_number(b) && memcmp(&x, &y, sizeof x) == 0;
    }
    if (json_typeof(a) != json_typeof(b)) return false;
    if (json_is_object(a)) {
        if (json_object_size(a) != json_object_size(b)) return false;
        json_object_foreach((json_t *)(uintptr_t)a, key, member) {
            const json_t *other = json_object_get(b, key);
            if (!other || !same(member, other)) return false;
        }
        return true;
    }
    if (json_is_array(a)) {
        if (json_array_size(a) != json_array_size(b)) return false;
        json_array_foreach(a, i, member) {
            if (!same(member, json_array_get(b, i))) return false;
        }
        return true;
    }
    return json_equal(a, b);
}

static void check_writer(const json_t *value) {
    ct_buf out;
    ct_buf_init(&out, 64U << 20);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    if (write(&w, value, 0)) {
        FUZZ_MUST(ct_buf_status(&out) == CT_OK && ct_utf8_valid(out.data, out.len));
        json_t *again = NULL;
        FUZZ_MUST(ct_json_parse(&again, out.data, out.len, out.len) == CT_OK);
        FUZZ_MUST(same(value, again));
        json_decref(again);
    }
    ct_buf_fini(&out);
}

// Equal documents have equal canonical texts, and the text means the document.
static void check_canonical(const json_t *value) {
    json_t *copy = ct_json_copy(value), *again = NULL;
    char *text = ct_json_canonical(value), *text_of_copy = ct_json_canonical(copy);
    FUZZ_MUST(copy && text && text_of_copy && strcmp(text, text_of_copy) == 0);
    FUZZ_MUST(ct_json_parse(&again, text, strlen(text), strlen(text)) == CT_OK);
    FUZZ_MUST(json_equal(value, again));
    json_decref(again);
    json_decref(copy);
    ct_free(text);
    ct_free(text_of_copy);
}

static void check_getters(const json_t *object) {
    static const char *const allowed[] = {"s", "n", "i", "b", "title", NULL};
    const char *text = "untouched";
    double number = -7;
    int64_t whole = -7;
    bool flag = true;
    ct_err err = ct_json_get_string(&text, object, "s", "x");
    FUZZ_MUST(err == CT_OK ? text != NULL : strcmp(text, "untouched") == 0);
    err = ct_json_string_or(&text, object, "title", NULL, "x");
    FUZZ_MUST(err == CT_OK || strlen(ct_err_message()) > 0);
    err = ct_json_get_number(&number, object, "n", -1e3, 1e3, "x");
    FUZZ_MUST(err == CT_OK ? number >= -1e3 && number <= 1e3 : number == -7);
    err = ct_json_number_or(&number, object, "n", 5, 0, 10, "x");
    FUZZ_MUST(err != CT_OK || (number >= 0 && number <= 10));
    err = ct_json_int_or(&whole, object, "i", 3, -100, 100, "x");
    FUZZ_MUST(err == CT_OK ? whole >= -100 && whole <= 100 : whole == -7);
    err = ct_json_bool_or(&flag, object, "b", false, "x");
    FUZZ_MUST(err == CT_OK || flag);
    err = ct_json_only(object, allowed, "x");
    FUZZ_MUST(err == CT_OK ? json_object_size(object) <= 5 : strlen(ct_err_message()) > 0);
}

// Any bytes as a text to write: what comes out is one JSON string, valid and with its characters.
static void check_string(const char *bytes, size_t n) {
    ct_buf out;
    ct_buf_init(&out, 64U << 20);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_array(&w);
    ct_jsonw_string_n(&w, bytes, n);
    ct_jsonw_end_array(&w);
    FUZZ_MUST(ct_utf8_valid(out.data, out.len));
    json_error_t error;
    json_t *array = json_loadb(out.data, out.len, JSON_ALLOW_NUL, &error);
    FUZZ_MUST(array && json_array_size(array) == 1);
    const json_t *string = json_array_get(array, 0);
    if (ct_utf8_valid(bytes, n))
        FUZZ_MUST(json_string_length(string) == n &&
                  memcmp(json_string_value(string), bytes, n) == 0);
    json_decref(array);
    ct_buf_fini(&out);
}

// Eight bytes as a double: every one is written so that it reads back the same, to the bit.
static void check_double(const uint8_t *data) {
    double value;
    memcpy(&value, data, sizeof value);
    ct_buf out;
    ct_buf_init(&out, 1024);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_double(&w, value);
    FUZZ_MUST(ct_buf_status(&out) == CT_OK);
    if (isfinite(value)) {
        char *end = NULL;
        const double again = strtod(out.data, &end);
        FUZZ_MUST(*end == '\0' && memcmp(&again, &value, sizeof value) == 0);
    } else {
        FUZZ_MUST(strcmp(out.data, "null") == 0);
    }
    ct_buf_reset(&out);
    ct_jsonw_fixed(&w, value, data[0] % 12);
    if (isfinite(value) && fabs(value) < 1e6) {
        const double near = strtod(out.data, NULL);
        FUZZ_MUST(fabs(near - value) <=
                  0.5 * pow(10, -fmin(data[0] % 12, 9)) + 4 * DBL_EPSILON * fabs(value));
    }
    ct_buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *value = NULL;
    check_string((const char *)data, size);
    if (size >= sizeof(double)) check_double(data);
    if (ct_json_parse(&value, (const char *)data, size, MAX_BYTES) != CT_OK) {
        FUZZ_MUST(!value && strlen(ct_err_message()) > 0);
        return 0;
    }
    check_writer(value);
    check_canonical(value);
    check_getters(value);
    json_decref(value);
    return 0;
}
