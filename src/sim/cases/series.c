// Functions of time: pairs in the case file, a table beside it, or one number.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "sim/cases/case_private.h"

#define MAX_ROWS    1000000
#define MAX_COLUMNS 1000

static ct_err take(ct_flood_series *out, ct_flood_case *c, size_t n, double **time_s,
                   double **value) {
    *time_s = ct_arena_calloc(c->arena, n, sizeof **time_s);
    *value = ct_arena_calloc(c->arena, n, sizeof **value);
    if (!*time_s || !*value) return CT_NOMEM;
    *out = (ct_flood_series){n, *time_s, *value};
    return CT_OK;
}

static ct_err from_pairs(ct_flood_series *out, ct_flood_case *c, const json_t *list) {
    double *time_s, *value;
    const size_t n = json_array_size(list);
    if (n > MAX_ROWS) return ct_fail(CT_LIMIT, "more than %d times", MAX_ROWS);
    CT_TRY(take(out, c, n, &time_s, &value));
    for (size_t i = 0; i < n; i++) {
        const json_t *pair = json_array_get(list, i);
        const json_t *t = json_array_get(pair, 0), *v = json_array_get(pair, 1);
        if (json_array_size(pair) != 2 || !json_is_number(t) || !json_is_number(v))
            return ct_fail(CT_PARSE, "[%zu]: not [time, value]", i);
        time_s[i] = json_number_value(t);
        value[i] = json_number_value(v);
    }
    return CT_OK;
}

// ---- a table: rows of numbers parted by commas, semicolons, tabs or spaces; a first row of names
// and rows that begin with # are no numbers
// ----------------------------------------------------------------------------------------------------
typedef struct table {
    const char *name;
    size_t line;
    char *cells[MAX_COLUMNS];
    size_t n;
} table;

static const char k_parting[] = ",; \t\r";

static void split(table *t, char *line) {
    t->n = 0;
    for (char *rest = line, *cell; (cell = strtok_r(rest, k_parting, &rest)) && t->n < MAX_COLUMNS;)
        t->cells[t->n++] = cell;
}

static bool is_number(const char *text, double *out) {
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == 0 && isfinite(*out);
}

// A column by its name in the first row, or by its number from 1.
static ct_err find_column(size_t *out, const table *names, const json_t *json, const char *key,
                          size_t otherwise) {
    const json_t *want = json_object_get(json, key);
    if (!want) {
        *out = otherwise;
        return CT_OK;
    }
    if (json_is_integer(want) && json_integer_value(want) >= 1 &&
        json_integer_value(want) <= MAX_COLUMNS) {
        *out = (size_t)json_integer_value(want) - 1;
        return CT_OK;
    }
    for (size_t i = 0; json_is_string(want) && i < names->n; i++) {
        if (strcmp(names->cells[i], json_string_value(want)) == 0) {
            *out = i;
            return CT_OK;
        }
    }
    return ct_fail(CT_NOTFOUND, "%s: there is no column of \"%s\"", names->name, key);
}

static ct_err take_row(const table *t, size_t column, double *out) {
    if (column >= t->n) {
        return ct_fail(CT_PARSE, "%s:%zu: %zu columns, not %zu", t->name, t->line, t->n,
                       column + 1);
    }
    if (!is_number(t->cells[column], out)) {
        return ct_fail(CT_PARSE, "%s:%zu: \"%.40s\" is not a number", t->name, t->line,
                       t->cells[column]);
    }
    return CT_OK;
}

static ct_err read_rows(ct_flood_series *out, ct_flood_case *c, const json_t *json, char *text,
                        const char *name) {
    double *time_s, *value, time_factor, value_factor;
    size_t rows = 1, n = 0, columns[2] = {0, 1};
    for (const char *p = text; *p; p++) rows += *p == '\n';
    if (rows > MAX_ROWS) return ct_fail(CT_LIMIT, "%s: more than %d rows", name, MAX_ROWS);
    c->rows += rows;
    if (c->rows > CT_CASE__MAX_ROWS)
        return ct_fail(CT_LIMIT, "%s: all tables have more than %u rows", name, CT_CASE__MAX_ROWS);
    CT_TRY(ct_json_number_or(&time_factor, json, "time_factor", 1, 1e-9, 1e9, "series"));
    CT_TRY(ct_json_number_or(&value_factor, json, "value_factor", 1, -1e9, 1e9, "series"));
    CT_TRY(take(out, c, rows, &time_s, &value));
    table *t = ct_calloc(1, sizeof *t);
    if (!t) return CT_NOMEM;
    t->name = name;
    ct_err err = CT_OK;
    bool named = false;
    for (char *rest = text, *line; err == CT_OK && (line = strsep(&rest, "\n"));) {
        double first;
        t->line++;
        split(t, line);
        if (t->n == 0 || t->cells[0][0] == '#') continue;
        if (!named) { // the first row that is no remark
            named = true;
            err = find_column(&columns[0], t, json, "time", 0);
            if (err == CT_OK) err = find_column(&columns[1], t, json, "value", 1);
            if (err != CT_OK || !is_number(t->cells[0], &first)) continue;
        }
        err = take_row(t, columns[0], &time_s[n]);
        if (err == CT_OK) err = take_row(t, columns[1], &value[n]);
        time_s[n] *= time_factor;
        value[n] *= value_factor;
        n++;
    }
    ct_free(t);
    out->count = n;
    return err;
}

static ct_err from_table(ct_flood_series *out, ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {"file",        "time",         "value",
                                          "time_factor", "value_factor", NULL};
    const char *name, *path;
    char *text;
    size_t length;
    CT_TRY(ct_json_only(json, allowed, "series"));
    CT_TRY(ct_json_get_string(&name, json, "file", "series"));
    CT_TRY(ct_case__beside(&path, c, name));
    CT_TRY(ct_file_read(&text, &length, path, CT_CASE_MAX_BYTES));
    c->bytes += length;
    if (c->bytes > CT_CASE__MAX_BYTES) {
        ct_free(text);
        return ct_fail(CT_LIMIT, "%s: all tables have more than %u bytes", name,
                       CT_CASE__MAX_BYTES);
    }
    const ct_err err = strlen(text) == length ? read_rows(out, c, json, text, name)
                                              : ct_fail(CT_PARSE, "%s: not a text", name);
    ct_free(text);
    return err;
}

static ct_err from_number(ct_flood_series *out, ct_flood_case *c, double number) {
    double *time_s, *value;
    CT_TRY(take(out, c, 1, &time_s, &value));
    time_s[0] = 0;
    value[0] = number;
    return CT_OK;
}

static ct_err check_values(const ct_flood_series *series, double factor, double min, double max) {
    double *value = (double *)series->value; // our own array, in the arena
    if (series->count == 0) return ct_fail(CT_PARSE, "no times");
    for (size_t i = 0; i < series->count; i++) {
        if (!isfinite(series->time_s[i]) || (i && !(series->time_s[i] > series->time_s[i - 1])))
            return ct_fail(CT_RANGE, "time %zu (%g) does not come after the one before it", i,
                           series->time_s[i]);
        if (!(value[i] >= min && value[i] <= max))
            return ct_fail(CT_RANGE, "value %zu (%g) is not within %g and %g", i, value[i], min,
                           max);
        value[i] *= factor;
    }
    return CT_OK;
}

ct_err ct_case__series(ct_flood_series *out, ct_flood_case *c, const json_t *json,
                       const char *where, double factor, double min, double max) {
    ct_flood_series series = {0};
    ct_err err;
    if (json_is_number(json)) {
        err = from_number(&series, c, json_number_value(json));
    } else if (json_is_array(json)) {
        err = from_pairs(&series, c, json);
    } else if (json_is_object(json)) {
        err = from_table(&series, c, json);
    } else {
        err = ct_fail(CT_PARSE, "not a number, [[time, value], ...] or {\"file\": name}");
    }
    if (err == CT_OK) err = check_values(&series, factor, min, max);
    if (err != CT_OK) return ct_context(err, "%s", where);
    *out = series;
    return CT_OK;
}
