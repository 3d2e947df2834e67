// Words as numbers, dates, times and names; findings.
#include "sim/swmm/reader.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/decimal.h"

const ct_swmm_line *ct_swmm__next(const ct_swmm__reader *r, ct_swmm_section section, size_t *at) {
    while (*at < r->count) {
        const ct_swmm_line *line = &r->lines[(*at)++];
        if (line->section == section && !line->header && line->count > 0) return line;
    }
    return NULL;
}

size_t ct_swmm__count(const ct_swmm__reader *r, ct_swmm_section section) {
    size_t n = 0;
    for (size_t at = 0; ct_swmm__next(r, section, &at);) n++;
    return n;
}

size_t ct_swmm__index(const ct_swmm__reader *r, const ct_swmm_line *line) {
    return (size_t)(line - r->lines);
}

bool ct_swmm__is(const char *word, const char *keyword) {
    return strcasecmp(word, keyword) == 0;
}

const char *ct_swmm__word(const ct_swmm_line *line, size_t word) {
    return word < line->count ? line->words[word] : "";
}

bool ct_swmm__has(const ct_swmm_line *line, size_t word) {
    const char *text = ct_swmm__word(line, word);
    return *text && strcmp(text, "*") != 0;
}

ct_err ct_swmm__need(const ct_swmm__reader *r, const ct_swmm_line *line, size_t words) {
    if (line->count >= words) return CT_OK;
    return ct_swmm_fail(r->document, line, CT_PARSE, "%s: %zu words, at least %zu are needed",
                        line->words[0], line->count, words);
}

bool ct_swmm__read_number(double *out, const char *word) {
    const char *end = word + strlen(word);
    double value;
    if (ct_decimal_read(&value, word, end) != end || !isfinite(value)) return false;
    *out = value;
    return true;
}

ct_err ct_swmm__number(double *out, const ct_swmm__reader *r, const ct_swmm_line *line, size_t word,
                       const char *what) {
    if (word >= line->count) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: the %s is missing", line->words[0],
                            what);
    }
    if (ct_swmm__read_number(out, line->words[word])) return CT_OK;
    return ct_swmm_fail(r->document, line, CT_PARSE, "%s: the %s \"%.40s\" is not a number",
                        line->words[0], what, line->words[word]);
}

ct_err ct_swmm__number_or(double *out, const ct_swmm__reader *r, const ct_swmm_line *line,
                          size_t word, double otherwise, const char *what) {
    *out = otherwise;
    return ct_swmm__has(line, word) ? ct_swmm__number(out, r, line, word, what) : CT_OK;
}

ct_err ct_swmm__yes_or(bool *out, const ct_swmm__reader *r, const ct_swmm_line *line, size_t word,
                       bool otherwise) {
    const char *text = ct_swmm__word(line, word);
    *out = otherwise;
    if (!ct_swmm__has(line, word)) return CT_OK;
    *out = ct_swmm__is(text, "YES");
    if (*out || ct_swmm__is(text, "NO")) return CT_OK;
    return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is neither YES nor NO",
                        line->words[0], text);
}

// ---- dates and times ---------------------------------------------------------------------------

static int64_t days_of(int64_t year, int month, int day) {
    const int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    const int64_t of_era = y - era * 400;
    const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int month_of(const char *word) {
    static const char names[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    for (int i = 0; i < 12; i++)
        if (strncasecmp(word, names + 3 * (size_t)i, 3) == 0) return i + 1;
    return 0;
}

// At most `count` digits; -1 where there are none.
static int take_digits(const char **at, int count) {
    int value = isdigit((unsigned char)**at) ? 0 : -1;
    for (; count > 0 && isdigit((unsigned char)**at); count--) value = value * 10 + *(*at)++ - '0';
    return value;
}

bool ct_swmm__read_date(int64_t *days, const char *word) {
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *at = word;
    int month = take_digits(&at, 2);
    if (month < 0) {
        month = month_of(word);
        at = month > 0 ? word + 3 : word;
    }
    if (month < 1 || month > 12 || (*at != '/' && *at != '-')) return false;
    at++;
    const int day = take_digits(&at, 2);
    if (day < 1 || day > lengths[month - 1] || (*at != '/' && *at != '-')) return false;
    at++;
    const int year = take_digits(&at, 4);
    if (year < 0 || *at) return false;
    if (month == 2 && day == 29 && (year % 4 || (year % 100 == 0 && year % 400))) return false;
    *days = days_of(year, month, day);
    return true;
}

bool ct_swmm__read_time(double *seconds, const char *word) {
    if (!strchr(word, ':')) {
        double hours;
        if (!ct_swmm__read_number(&hours, word) || !(fabs(hours) <= 1e9)) return false;
        *seconds = hours * 3600;
        return true;
    }
    const char *at = word;
    const int hours = take_digits(&at, 7);
    if (hours < 0 || *at++ != ':') return false;
    const int minutes = take_digits(&at, 2);
    if (minutes < 0 || minutes > 59) return false;
    double rest = 0;
    if (*at == ':' && (!ct_swmm__read_number(&rest, at + 1) || !(rest >= 0 && rest < 60)))
        return false;
    if (*at && *at != ':') return false;
    *seconds = hours * 3600.0 + minutes * 60.0 + rest;
    return true;
}

// ---- findings ----------------------------------------------------------------------------------

static void say(const ct_swmm__reader *r, ct_severity severity, const ct_swmm_line *line,
                const char *rule, const char *format, va_list args) {
    char where[512], text[512];
    if (!r->findings) return;
    vsnprintf(text, sizeof text, format, args);
    if (line)
        ct_swmm_where(where, sizeof where, r->document, line);
    else
        snprintf(where, sizeof where, "%s", ct_swmm_name(r->document));
    ct_diagnostics_add(r->findings, severity, rule, where, "%s", text);
}

void ct_swmm__find(const ct_swmm__reader *r, const ct_swmm_line *line, const char *rule,
                   const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(r, CT_SEVERITY_WARNING, line, rule, format, args);
    va_end(args);
}

void ct_swmm__tell(const ct_swmm__reader *r, const ct_swmm_line *line, const char *rule,
                   const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(r, CT_SEVERITY_INFO, line, rule, format, args);
    va_end(args);
}

// ---- names -------------------------------------------------------------------------------------

ct_err ct_swmm__name_put(const ct_swmm__reader *r, ct_strmap *map, const char *name, size_t value) {
    char *key = ct_arena_strdup(r->arena, name);
    if (!key) return CT_NOMEM;
    for (char *p = key; *p; p++) *p = (char)toupper((unsigned char)*p);
    return ct_strmap_put(map, key, value);
}

bool ct_swmm__name_get(size_t *value, const ct_strmap *map, const char *name) {
    char key[1024];
    const size_t n = strlen(name);
    if (n >= sizeof key) return false;
    for (size_t i = 0; i <= n; i++) key[i] = (char)toupper((unsigned char)name[i]);
    return ct_strmap_get(value, map, key);
}
