// Measures in the texts of tags. Forms: OpenStreetMap wiki, "Map features/Units" (metres, feet and
// inches, km/h, mph).
#include "ingest/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct unit {
    const char *text;
    double factor;
} unit;

static const unit lengths[] = {{"", 1},        {"m", 1},      {"km", 1000},   {"cm", 0.01},
                               {"ft", 0.3048}, {"'", 0.3048}, {"\"", 0.0254}, {"in", 0.0254},
                               {"米", 1},      {NULL, 0}};
static const unit speeds[] = {{"", 1},           {"km/h", 1},      {"kmh", 1}, {"kph", 1},
                              {"mph", 1.609344}, {"knots", 1.852}, {NULL, 0}};
static const unit numbers[] = {{"", 1}, {NULL, 0}};

bool ct_ingest__measure_named(ct_ingest__measure *out, const char *name) {
    static const char *const names[] = {"text", "chinese", "number", "length", "speed", "year"};
    for (int i = 0; i < 6; i++) {
        if (strcmp(names[i], name) != 0) continue;
        *out = (ct_ingest__measure)i;
        return true;
    }
    return false;
}

// Has a character of U+3400..U+9FFF (first byte e3 90.. to e9 in UTF-8).
static bool has_chinese(const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if ((*c == 0xe3 && c[1] >= 0x90) || (*c >= 0xe4 && *c <= 0xe9)) return true;
    return false;
}

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

// Reads one plain decimal number; NULL if there is none.
static const char *read_number(double *out, const char *at) {
    size_t n = strspn(at, "0123456789+-.");
    char digits[32], *end = NULL;
    if (n == 0 || n >= sizeof digits) return NULL;
    memcpy(digits, at, n);
    digits[n] = '\0';
    *out = strtod(digits, &end);
    return *end ? NULL : at + n;
}

// Reads a unit up to a blank, digit, ';' or the end; NULL if it is none of the table.
static const char *read_unit(double *factor, const unit *units, const char *at) {
    size_t n = strcspn(at, " \t;0123456789");
    for (; units->text; units++) {
        if (strlen(units->text) != n || strncmp(units->text, at, n) != 0) continue;
        *factor = units->factor;
        return at + n;
    }
    return NULL;
}

// "12", "12.5 m", "5'10\"": numbers with units, added; of a list "a;b" the first.
static bool read_measure(double *out, const unit *units, const char *text) {
    double sum = 0;
    const char *at = skip_blanks(text);
    do {
        double number = 0, factor = 1;
        if (!(at = read_number(&number, at))) return false;
        if (!(at = read_unit(&factor, units, skip_blanks(at)))) return false;
        sum += number * factor;
        at = skip_blanks(at);
    } while (*at && *at != ';');
    *out = sum;
    return true;
}

ct_err ct_ingest__measure_read(ct_value *out, ct_arena *arena, const ct_attr *attr,
                               ct_ingest__measure measure, double times, const char *text) {
    const unit *units = numbers;
    double number = 0;
    switch (measure) {
    case CT_INGEST__TEXT: return ct_value_from_text(out, arena, attr, text);
    case CT_INGEST__CHINESE:
        return has_chinese(text) ? ct_value_from_text(out, arena, attr, text) : CT_NOTFOUND;
    case CT_INGEST__NUMBER: break;
    case CT_INGEST__LENGTH: units = lengths; break;
    case CT_INGEST__SPEED: units = speeds; break;
    case CT_INGEST__YEAR: {
        // "about 1990", "1990s" or "C19" tell no year.
        size_t digits = strspn(text, "0123456789");
        if (digits != 4 || (text[4] && text[4] != '-')) return CT_NOTFOUND;
        return ct_value_from_number(out, attr, strtod(text, NULL));
    }
    }
    if (!read_measure(&number, units, text))
        return ct_fail(CT_PARSE, "%s: \"%.64s\" cannot be read as a measure", attr->name, text);
    number *= times;
    return ct_value_from_number(out, attr, attr->type == CT_ATTR_INTEGER ? floor(number) : number);
}
