// Attribute values: from JSON and from text into the attribute's type, against its bounds and
// codes, and out as JSON.
#include "model/value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { MAX_TEXT_BYTES = 64 << 10, TIME_BYTES = 32 };

static const double INTEGER_LIMIT = 9007199254740992.0; // 2^53: whole numbers that a double holds

// The codes of an attribute for a message: "residential, commercial, ..." as far as they fit.
static void list_codes(char *out, size_t bytes, const ct_attr *attr) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < attr->n_codes; i++) {
        size_t n = strlen(attr->codes[i].value);
        if (used + n + 6 > bytes) {
            memcpy(out + used, "...", 4);
            return;
        }
        memcpy(out + used, attr->codes[i].value, n);
        used += n;
        memcpy(out + used, i + 1 < attr->n_codes ? ", " : "", i + 1 < attr->n_codes ? 3 : 1);
        used += i + 1 < attr->n_codes ? 2 : 0;
    }
}

static ct_err check_number(const ct_attr *attr, double value) {
    if (!isfinite(value)) return ct_fail(CT_RANGE, "%s: not a finite number", attr->name);
    if (attr->has_min && value < attr->min)
        return ct_fail(CT_RANGE, "%s: %.15g is below %.15g", attr->name, value, attr->min);
    if (attr->has_max && value > attr->max)
        return ct_fail(CT_RANGE, "%s: %.15g is above %.15g", attr->name, value, attr->max);
    return CT_OK;
}

static ct_err check_text(const ct_attr *attr, const char *text) {
    size_t length = strlen(text);
    if (length > MAX_TEXT_BYTES)
        return ct_fail(CT_LIMIT, "%s: longer than %d bytes", attr->name, MAX_TEXT_BYTES);
    if (!ct_utf8_valid(text, length))
        return ct_fail(CT_PARSE, "%s: the text is not UTF-8", attr->name);
    if (!attr->n_codes) return CT_OK;
    for (size_t i = 0; i < attr->n_codes; i++)
        if (strcmp(attr->codes[i].value, text) == 0) return CT_OK;
    char codes[256];
    list_codes(codes, sizeof codes, attr);
    return ct_fail(CT_RANGE, "%s: \"%.64s\" is not one of %s", attr->name, text, codes);
}

static ct_err take_text(ct_value *out, ct_arena *arena, const ct_attr *attr, const char *text) {
    if (attr->type == CT_ATTR_DATETIME) {
        int64_t us = 0;
        char normal[TIME_BYTES];
        if (ct_time_parse(&us, text) != CT_OK)
            return ct_fail(CT_PARSE, "%s: \"%.64s\" is no RFC 3339 time", attr->name, text);
        ct_time_format(normal, us);
        const char *copy = ct_arena_strdup(arena, normal);
        if (!copy) return CT_NOMEM;
        *out = (ct_value){.kind = CT_VALUE_TEXT, .as.text = copy};
        return CT_OK;
    }
    CT_TRY(check_text(attr, text));
    const char *copy = ct_arena_strdup(arena, text);
    if (!copy) return CT_NOMEM;
    *out = (ct_value){.kind = CT_VALUE_TEXT, .as.text = copy};
    return CT_OK;
}

ct_err ct_value_from_number(ct_value *out, const ct_attr *attr, double value) {
    if (attr->type == CT_ATTR_REAL) {
        CT_TRY(check_number(attr, value));
        *out = (ct_value){.kind = CT_VALUE_REAL, .as.real = value};
        return CT_OK;
    }
    if (attr->type != CT_ATTR_INTEGER)
        return ct_fail(CT_PARSE, "%s: %s expected, found a number", attr->name,
                       ct_attr_type_name(attr->type));
    CT_TRY(check_number(attr, value));
    if (value != rint(value) || fabs(value) > INTEGER_LIMIT)
        return ct_fail(CT_PARSE, "%s: %.15g is no whole number", attr->name, value);
    *out = (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = (int64_t)value};
    return CT_OK;
}

static ct_err take_integer(ct_value *out, const ct_attr *attr, int64_t value) {
    if (attr->type != CT_ATTR_INTEGER) return ct_value_from_number(out, attr, (double)value);
    CT_TRY(check_number(attr, (double)value));
    *out = (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = value};
    return CT_OK;
}

static bool is_text(const ct_attr *attr) {
    return attr->type == CT_ATTR_TEXT || attr->type == CT_ATTR_DATETIME;
}

static ct_err mismatch(const ct_attr *attr, const char *found) {
    return ct_fail(CT_PARSE, "%s: %s expected, found %s", attr->name, ct_attr_type_name(attr->type),
                   found);
}

ct_err ct_value_from_json(ct_value *out, ct_arena *arena, const ct_attr *attr, const json_t *json) {
    switch (json_typeof(json)) {
    case JSON_NULL: *out = (ct_value){.kind = CT_VALUE_NULL}; return CT_OK;
    case JSON_STRING:
        if (!is_text(attr)) return mismatch(attr, "a string");
        return take_text(out, arena, attr, json_string_value(json));
    case JSON_INTEGER: return take_integer(out, attr, json_integer_value(json));
    case JSON_REAL: return ct_value_from_number(out, attr, json_real_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        if (attr->type != CT_ATTR_BOOLEAN) return mismatch(attr, "true or false");
        *out = (ct_value){.kind = CT_VALUE_BOOLEAN, .as.boolean = json_is_true(json)};
        return CT_OK;
    case JSON_ARRAY: return mismatch(attr, "an array");
    case JSON_OBJECT: return mismatch(attr, "an object");
    }
    return CT_INTERNAL;
}

static ct_err take_boolean_text(ct_value *out, const ct_attr *attr, const char *text) {
    static const char *const yes[] = {"true", "yes", "1", "t", "y"};
    static const char *const no[] = {"false", "no", "0", "f", "n"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        bool is_yes = strcasecmp(text, yes[i]) == 0;
        if (!is_yes && strcasecmp(text, no[i]) != 0) continue;
        *out = (ct_value){.kind = CT_VALUE_BOOLEAN, .as.boolean = is_yes};
        return CT_OK;
    }
    return ct_fail(CT_PARSE, "%s: \"%.64s\" is neither true nor false", attr->name, text);
}

static ct_err take_number_text(ct_value *out, const ct_attr *attr, const char *text) {
    // Only plain decimal numbers: strtod alone would take hexadecimal ones, "inf" and "nan" too.
    char *end = NULL;
    if (*text && text[strspn(text, "0123456789+-.eE")] == '\0') {
        errno = 0;
        long long whole = strtoll(text, &end, 10);
        if (end != text && *end == '\0' && errno == 0) return take_integer(out, attr, whole);
        double value = strtod(text, &end);
        if (end != text && *end == '\0') return ct_value_from_number(out, attr, value);
    }
    return ct_fail(CT_PARSE, "%s: \"%.64s\" is no number", attr->name, text);
}

ct_err ct_value_from_text(ct_value *out, ct_arena *arena, const ct_attr *attr, const char *text) {
    switch (attr->type) {
    case CT_ATTR_TEXT:
    case CT_ATTR_DATETIME: return take_text(out, arena, attr, text);
    case CT_ATTR_INTEGER:
    case CT_ATTR_REAL: return take_number_text(out, attr, text);
    case CT_ATTR_BOOLEAN: return take_boolean_text(out, attr, text);
    }
    return CT_INTERNAL;
}

ct_err ct_model__check_value(ct_value *value, ct_arena *arena, const ct_attr *attr) {
    switch (value->kind) {
    case CT_VALUE_NULL:
        if (attr->required) return ct_fail(CT_PARSE, "%s: a value is required", attr->name);
        return CT_OK;
    case CT_VALUE_INTEGER: return take_integer(value, attr, value->as.integer);
    case CT_VALUE_REAL: return ct_value_from_number(value, attr, value->as.real);
    case CT_VALUE_BOOLEAN:
        return attr->type == CT_ATTR_BOOLEAN ? CT_OK : mismatch(attr, "true or false");
    case CT_VALUE_TEXT:
        if (!is_text(attr)) return mismatch(attr, "a text");
        if (attr->type == CT_ATTR_TEXT) return check_text(attr, value->as.text);
        return take_text(value, arena, attr, value->as.text);
    }
    return CT_INTERNAL;
}

void ct_value_write_json(ct_jsonw *w, const ct_value *value) {
    switch (value->kind) {
    case CT_VALUE_NULL: ct_jsonw_null(w); return;
    case CT_VALUE_INTEGER: ct_jsonw_int(w, value->as.integer); return;
    case CT_VALUE_REAL: ct_jsonw_double(w, value->as.real); return;
    case CT_VALUE_TEXT: ct_jsonw_string(w, value->as.text); return;
    case CT_VALUE_BOOLEAN: ct_jsonw_bool(w, value->as.boolean); return;
    }
}
