// [CURVES], [TIMESERIES] and [PATTERNS].
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/mem.h"
#include "sim/swmm/reader.h"

#define MAX_POINTS     10000000u // of all curves and series together
#define MAX_FILE_BYTES ((size_t)256 << 20)

typedef struct pair {
    size_t table, line;
    double x, y;
} pair;

// What is gathered of all tables of a section, in the order of the file.
typedef struct gatherer {
    ct_swmm__reader *r;
    ct_swmm__tables *tables;
    pair *pairs;
    size_t count, room;
    const char *what;
} gatherer;

static ct_err add_pair(gatherer *g, size_t table, const ct_swmm_line *line, double x, double y) {
    if (g->count == MAX_POINTS) {
        return ct_swmm_fail(g->r->document, line, CT_LIMIT, "more than %u points in all",
                            MAX_POINTS);
    }
    if (g->count == g->room) {
        const size_t room = g->room ? 2 * g->room : 1024;
        pair *pairs = ct_realloc(g->pairs, room * sizeof *pairs);
        if (!pairs) return CT_NOMEM;
        g->pairs = pairs;
        g->room = room;
    }
    g->pairs[g->count++] = (pair){table, ct_swmm__index(g->r, line), x, y};
    g->tables->tables[table].count++;
    return CT_OK;
}

// The table that a line is of, which the first line of its name begins.
static ct_err find_table(size_t *out, gatherer *g, const ct_swmm_line *line) {
    const char *name = line->words[0];
    if (ct_swmm__name_get(out, g->tables->map, name)) return CT_OK;
    *out = g->tables->count++;
    g->tables->tables[*out] = (ct_swmm__table){.name = name, .line = ct_swmm__index(g->r, line)};
    return ct_swmm__name_put(g->r, g->tables->map, name, *out);
}

static ct_err begin(gatherer *g, ct_swmm__reader *r, ct_swmm__tables *tables,
                    ct_swmm_section section, const char *what) {
    const size_t most = ct_swmm__count(r, section);
    *g = (gatherer){.r = r, .tables = tables, .what = what};
    tables->tables = ct_arena_calloc(r->arena, most + 1, sizeof *tables->tables);
    tables->map = ct_strmap_new(most);
    return tables->tables && tables->map ? CT_OK : CT_NOMEM;
}

static ct_err lay_out(const gatherer *g) {
    for (size_t i = 0; i < g->tables->count; i++) {
        ct_swmm__table *t = &g->tables->tables[i];
        t->x = ct_arena_calloc(g->r->arena, 2 * t->count + 1, sizeof *t->x);
        if (!t->x) return CT_NOMEM;
        t->y = t->x + t->count;
        t->count = 0;
    }
    for (size_t i = 0; i < g->count; i++) {
        const pair *p = &g->pairs[i];
        ct_swmm__table *t = &g->tables->tables[p->table];
        double x = p->x;
        // two values at one place are a step
        if (t->count > 0 && x == t->x[t->count - 1]) x = nextafter(x, HUGE_VAL);
        if (t->count > 0 && !(x > t->x[t->count - 1])) {
            return ct_swmm_fail(g->r->document, &g->r->lines[p->line], CT_RANGE,
                                "%s %s: %g does not ascend", g->what, t->name, p->x);
        }
        t->x[t->count] = x;
        t->y[t->count++] = p->y;
    }
    return CT_OK;
}

// ---- curves ------------------------------------------------------------------------------------

static const char *const k_kinds[] = {"STORAGE", "SHAPE", "DIVERSION", "TIDAL",  "PUMP1",   "PUMP2",
                                      "PUMP3",   "PUMP4", "PUMP5",     "RATING", "CONTROL", "WEIR"};

static const char *kind_of(const char *word) {
    for (size_t i = 0; i < sizeof k_kinds / sizeof *k_kinds; i++)
        if (ct_swmm__is(word, k_kinds[i])) return k_kinds[i];
    return NULL;
}

static ct_err take_curve_line(gatherer *g, const ct_swmm_line *line) {
    size_t table, word = 1;
    const bool known = ct_swmm__name_get(&table, g->tables->map, line->words[0]);
    CT_TRY(find_table(&table, g, line));
    const char *kind = kind_of(ct_swmm__word(line, 1));
    if (kind) word++;
    if (kind && !known) g->tables->tables[table].kind = kind;
    if (!g->tables->tables[table].kind) {
        return ct_swmm_fail(g->r->document, line, CT_PARSE, "curve %s: \"%.40s\" is no type",
                            line->words[0], ct_swmm__word(line, 1));
    }
    for (; word < line->count; word += 2) {
        double x, y;
        CT_TRY(ct_swmm__number(&x, g->r, line, word, "x value"));
        CT_TRY(ct_swmm__number(&y, g->r, line, word + 1, "y value"));
        CT_TRY(add_pair(g, table, line, x, y));
    }
    return CT_OK;
}

ct_err ct_swmm__read_curves(ct_swmm__reader *r) {
    gatherer g;
    ct_err err = begin(&g, r, &r->curves, CT_SWMM_CURVES, "curve");
    for (size_t at = 0; err == CT_OK;) {
        const ct_swmm_line *line = ct_swmm__next(r, CT_SWMM_CURVES, &at);
        if (!line) break;
        err = take_curve_line(&g, line);
    }
    if (err == CT_OK) err = lay_out(&g);
    ct_free(g.pairs);
    return err;
}

// ---- time series -------------------------------------------------------------------------------

static double since_start(const ct_swmm__reader *r, int64_t days) {
    return (double)(days * 86400 - r->net->options.start_s);
}

// [date] time value [time value ...]; `from_s` is where times count from: the last date, or the
// start.
static ct_err take_series_words(gatherer *g, size_t table, const ct_swmm_line *line,
                                const char *const *words, size_t count, double *from_s) {
    for (size_t i = 0; i < count;) {
        int64_t days;
        double time_s, value;
        if (ct_swmm__read_date(&days, words[i])) {
            *from_s = since_start(g->r, days);
            i++;
        }
        if (i + 1 >= count) {
            return ct_swmm_fail(g->r->document, line, CT_PARSE,
                                "time series %s: a time without a value",
                                g->tables->tables[table].name);
        }
        if (!ct_swmm__read_time(&time_s, words[i]) || !ct_swmm__read_number(&value, words[i + 1])) {
            return ct_swmm_fail(g->r->document, line, CT_PARSE,
                                "time series %s: \"%.30s %.30s\" is not a time and a value",
                                g->tables->tables[table].name, words[i], words[i + 1]);
        }
        CT_TRY(add_pair(g, table, line, *from_s + time_s, value));
        i += 2;
    }
    return CT_OK;
}

// The rows of a file beside the document: [date] time value.
static ct_err take_series_text(gatherer *g, size_t table, const ct_swmm_line *line, char *text,
                               const char *path) {
    double from_s = 0;
    size_t number = 0;
    for (char *rest = text, *row; (row = strsep(&rest, "\n"));) {
        const char *words[4];
        size_t count = 0;
        number++;
        row[strcspn(row, ";\r")] = 0;
        char *state, *part = row;
        for (char *w; count < 4 && (w = strtok_r(part, " \t,", &state)); part = NULL)
            words[count++] = w;
        if (count == 0) continue;
        const ct_err err = take_series_words(g, table, line, words, count, &from_s);
        if (err != CT_OK) return ct_context(err, "%s line %zu", path, number);
    }
    return CT_OK;
}

static ct_err take_series_file(gatherer *g, size_t table, const ct_swmm_line *line) {
    const char *name = ct_swmm__word(line, 2);
    size_t length;
    char *text = NULL, *folder = ct_path_folder(ct_swmm_name(g->r->document));
    char *path = !folder ? NULL : *name == '/' ? ct_strdup(name) : ct_path_join(folder, name);
    ct_err err = path ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        err = ct_file_read(&text, &length, path, MAX_FILE_BYTES);
        if (err != CT_OK && err != CT_NOMEM) {
            char reason[400];
            strncpy(reason, ct_err_message(), sizeof reason - 1);
            reason[sizeof reason - 1] = 0;
            err = ct_swmm_fail(g->r->document, line, err, "time series %s: %s", line->words[0],
                               reason);
        }
    }
    if (err == CT_OK) err = take_series_text(g, table, line, text, path);
    ct_free(text);
    ct_free(path);
    ct_free(folder);
    return err;
}

static ct_err read_series(gatherer *g, double *from_s) {
    for (size_t at = 0;;) {
        size_t table;
        const ct_swmm_line *line = ct_swmm__next(g->r, CT_SWMM_TIMESERIES, &at);
        if (!line) return CT_OK;
        CT_TRY(find_table(&table, g, line));
        if (ct_swmm__is(ct_swmm__word(line, 1), "FILE"))
            CT_TRY(take_series_file(g, table, line));
        else
            CT_TRY(take_series_words(g, table, line, line->words + 1, line->count - 1,
                                     &from_s[table]));
    }
}

ct_err ct_swmm__read_series(ct_swmm__reader *r) {
    gatherer g;
    ct_err err = begin(&g, r, &r->series, CT_SWMM_TIMESERIES, "time series");
    double *from_s = ct_calloc(ct_swmm__count(r, CT_SWMM_TIMESERIES) + 1, sizeof *from_s);
    if (err == CT_OK) err = from_s ? read_series(&g, from_s) : CT_NOMEM;
    if (err == CT_OK) err = lay_out(&g);
    ct_free(from_s);
    ct_free(g.pairs);
    return err;
}

// ---- patterns ----------------------------------------------------------------------------------

static const size_t k_lengths[CT_SWMM__PATTERN_KINDS] = {12, 7, 24, 24};

static ct_err take_pattern_line(ct_swmm__reader *r, const ct_swmm_line *line) {
    static const char *const kinds[] = {"MONTHLY", "DAILY", "HOURLY", "WEEKEND"};
    const char *name = line->words[0];
    size_t index, word = 1;
    const bool known = ct_swmm__name_get(&index, r->pattern_map, name);
    if (!known) {
        index = r->pattern_count++;
        r->patterns[index] = (ct_swmm__pattern){.name = name, .kind = CT_SWMM__PATTERN_KINDS};
        CT_TRY(ct_swmm__name_put(r, r->pattern_map, name, index));
    }
    ct_swmm__pattern *p = &r->patterns[index];
    for (int i = 0; i < CT_SWMM__PATTERN_KINDS; i++) {
        if (!ct_swmm__is(ct_swmm__word(line, 1), kinds[i])) continue;
        p->kind = (ct_swmm__pattern_kind)i;
        word = 2;
    }
    if (p->kind == CT_SWMM__PATTERN_KINDS) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "pattern %s: \"%.40s\" is no type", name,
                            ct_swmm__word(line, 1));
    }
    for (; word < line->count; word++) {
        if (p->count == k_lengths[p->kind]) {
            return ct_swmm_fail(r->document, line, CT_PARSE, "pattern %s: more than %zu factors",
                                name, k_lengths[p->kind]);
        }
        CT_TRY(ct_swmm__number(&p->factors[p->count], r, line, word, "factor"));
        p->count++;
    }
    return CT_OK;
}

ct_err ct_swmm__read_patterns(ct_swmm__reader *r) {
    const size_t most = ct_swmm__count(r, CT_SWMM_PATTERNS);
    r->patterns = ct_arena_calloc(r->arena, most + 1, sizeof *r->patterns);
    r->pattern_map = ct_strmap_new(most);
    if (!r->patterns || !r->pattern_map) return CT_NOMEM;
    for (size_t at = 0;;) {
        const ct_swmm_line *line = ct_swmm__next(r, CT_SWMM_PATTERNS, &at);
        if (!line) break;
        CT_TRY(take_pattern_line(r, line));
    }
    for (size_t i = 0; i < r->pattern_count; i++) { // what is not given is 1
        ct_swmm__pattern *p = &r->patterns[i];
        while (p->count < k_lengths[p->kind]) p->factors[p->count++] = 1;
    }
    return CT_OK;
}

void ct_swmm__calendar(int64_t days, int *year, int *month, int *yearday) {
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t of_era = z - era * 146097;
    const int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * y + y / 4 - y / 100); // from March
    const int64_t from_march = (5 * of_year + 2) / 153;
    const int day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
    const bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
    *yearday = before[*month - 1] + day + (leap && *month > 2);
}

typedef struct moment {
    int64_t days; // since 1970
    int weekday;  // 0 = Sunday
    int hour;
} moment;

static moment moment_of(const ct_swmm__reader *r, double time_s) {
    const int64_t now_s = r->net->options.start_s + (int64_t)floor(time_s + 1e-6);
    int64_t days = now_s / 86400, rest = now_s % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    // day 0 was a Thursday
    return (moment){days, (int)(((days + 4) % 7 + 7) % 7), (int)(rest / 3600)};
}

static bool is_weekend(const moment *m) {
    return m->weekday == 0 || m->weekday == 6;
}

bool ct_swmm__is_weekend(const ct_swmm__reader *r, double time_s) {
    const moment m = moment_of(r, time_s);
    return is_weekend(&m);
}

double ct_swmm__factor_at(const ct_swmm__reader *r, const ct_swmm__pattern *pattern,
                          double time_s) {
    const moment m = moment_of(r, time_s);
    int year, month, yearday;
    switch (pattern->kind) {
    case CT_SWMM__MONTHLY:
        ct_swmm__calendar(m.days, &year, &month, &yearday);
        return pattern->factors[month - 1];
    case CT_SWMM__DAILY: return pattern->factors[m.weekday];
    case CT_SWMM__HOURLY: return pattern->factors[m.hour];
    case CT_SWMM__WEEKEND: return is_weekend(&m) ? pattern->factors[m.hour] : 1;
    case CT_SWMM__PATTERN_KINDS: break;
    }
    return 1;
}

// ---- looking up --------------------------------------------------------------------------------

// Whether `word` is one of those in a text, parted by blanks.
static bool is_among(const char *word, const char *words) {
    const size_t n = strlen(word);
    for (const char *p = words; (p = strstr(p, word)); p += n)
        if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0)) return true;
    return false;
}

ct_err ct_swmm__curve(const ct_swmm__table **out, const ct_swmm__reader *r,
                      const ct_swmm_line *line, size_t word, const char *kinds) {
    size_t index;
    const char *name = ct_swmm__word(line, word);
    if (!*name || !ct_swmm__name_get(&index, r->curves.map, name)) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: there is no curve \"%.60s\"",
                            line->words[0], name);
    }
    const ct_swmm__table *t = &r->curves.tables[index];
    if (!is_among(t->kind, kinds)) {
        return ct_swmm_fail(r->document, line, CT_PARSE,
                            "%s: curve %.60s is of the type %s, not of %s", line->words[0], name,
                            t->kind, kinds);
    }
    if (t->count == 0) {
        return ct_swmm_fail(r->document, line, CT_RANGE, "%s: curve %.60s has no points",
                            line->words[0], name);
    }
    *out = t;
    return CT_OK;
}

ct_err ct_swmm__one_series(const ct_swmm__table **out, const ct_swmm__reader *r,
                           const ct_swmm_line *line, size_t word) {
    size_t index;
    const char *name = ct_swmm__word(line, word);
    if (!*name || !ct_swmm__name_get(&index, r->series.map, name)) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: there is no time series \"%.60s\"",
                            line->words[0], name);
    }
    *out = &r->series.tables[index];
    if ((*out)->count > 0) return CT_OK;
    return ct_swmm_fail(r->document, line, CT_RANGE, "%s: time series %.60s has no points",
                        line->words[0], name);
}

ct_err ct_swmm__scaled(ct_drains_curve *out, const ct_swmm__reader *r, const ct_swmm__table *table,
                       double x_factor, double y_factor) {
    double *x = ct_arena_calloc(r->arena, 2 * table->count + 1, sizeof *x);
    if (!x) return CT_NOMEM;
    double *y = x + table->count;
    for (size_t i = 0; i < table->count; i++) {
        x[i] = table->x[i] * x_factor;
        y[i] = table->y[i] * y_factor;
        if (i > 0 && x[i] <= x[i - 1]) x[i] = nextafter(x[i - 1], HUGE_VAL);
    }
    *out = (ct_drains_curve){table->count, x, y};
    return CT_OK;
}
