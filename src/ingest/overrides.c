// Reads tables of overrides and puts their values into features.
#include "ingest/overrides.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/job.h"

enum { COLUMNS = 3, MAX_CELLS = 8, MAX_ROWS = 200 * 1000 };
static const char *const k_names[COLUMNS] = {"id", "attribute", "value"};

typedef struct table {
    const char *file; // its name, for messages
    char *at;         // the rest of the text; cells are cut out of it in place
    size_t line;      // of the next record
    ct_arena *arena;
    ct_diagnostics *diagnostics;
    int column[COLUMNS]; // which cell holds id, attribute, value
    ct_override *rows;
    size_t n, room, n_errors;
} table;

static void tell(table *t, size_t line, const char *text) {
    char where[CT_INGEST__WHERE_BYTES];
    snprintf(where, sizeof where, "%.120s:%zu", t->file, line);
    ct_diagnostics_add(t->diagnostics, CT_SEVERITY_ERROR, "override", where, "%s", text);
    t->n_errors++;
}

// ---- cells --------------------------------------------------------------------------------------

// A quoted cell: quotes that are doubled stand for one. NULL: it does not end.
static char *read_quoted(table *t, char **cell) {
    char *from = t->at + 1, *to = from;
    *cell = from;
    for (; *from; from++) {
        if (*from == '"') {
            if (from[1] != '"') break;
            from++;
        }
        if (*from == '\n') t->line++;
        *to++ = *from;
    }
    if (!*from) return NULL;
    *to = '\0';
    return from + 1;
}

static char *read_plain(table *t, char **cell) {
    *cell = t->at;
    return t->at + strcspn(t->at, ",\r\n");
}

// The next record's cells. -1: what cannot be read, told.
static int read_record(char *cells[MAX_CELLS], table *t) {
    const size_t line = t->line;
    int n = 0;
    for (;;) {
        const bool quoted = *t->at == '"';
        char *cell, *end = quoted ? read_quoted(t, &cell) : read_plain(t, &cell);
        if (!end) {
            tell(t, line, "a quoted value does not end");
            t->at += strlen(t->at);
            return -1;
        }
        const char stop = *end;
        if (n < MAX_CELLS) cells[n++] = cell;
        t->at = stop ? end + 1 : end;
        *end = '\0';
        if (stop == ',') continue;
        if (stop == '\r' && *t->at == '\n') t->at++;
        if (stop && stop != '\r' && stop != '\n') {
            tell(t, line, "text follows a quoted value");
            t->at += strcspn(t->at, "\n");
            if (*t->at) t->at++;
            t->line++;
            return -1;
        }
        t->line++;
        return n;
    }
}

// ---- records ------------------------------------------------------------------------------------

static bool read_names(table *t) {
    char *cells[MAX_CELLS];
    const int n = read_record(cells, t);
    bool all = n == COLUMNS;
    for (int c = 0; c < COLUMNS; c++) {
        t->column[c] = -1;
        for (int i = 0; i < n; i++)
            if (strcmp(cells[i], k_names[c]) == 0) t->column[c] = i;
        all = all && t->column[c] >= 0;
    }
    if (!all && n >= 0) tell(t, 1, "the first line must be id,attribute,value");
    return all;
}

static ct_err add_row(table *t, char *cells[MAX_CELLS], size_t line) {
    if (t->n == t->room) {
        if (t->n >= MAX_ROWS)
            return ct_fail(CT_LIMIT, "%s: more than %d overrides", t->file, MAX_ROWS);
        const size_t room = t->room ? 2 * t->room : 256;
        ct_override *grown = ct_arena_calloc(t->arena, room, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (t->n) memcpy(grown, t->rows, t->n * sizeof *grown);
        t->rows = grown;
        t->room = room;
    }
    t->rows[t->n++] = (ct_override){.id = cells[t->column[0]],
                                    .attribute = cells[t->column[1]],
                                    .value = cells[t->column[2]],
                                    .line = line};
    return CT_OK;
}

static ct_err read_rows(table *t) {
    if (!read_names(t)) return CT_OK;
    while (*t->at) {
        char *cells[MAX_CELLS];
        const size_t line = t->line;
        const int n = read_record(cells, t);
        if (n < 0 || (n == 1 && !*cells[0])) continue; // told, or an empty line
        if (n != COLUMNS) {
            char text[64];
            snprintf(text, sizeof text, "%d values, expected are 3", n);
            tell(t, line, text);
        } else if (!*cells[t->column[0]] || !*cells[t->column[1]]) {
            tell(t, line, "id and attribute must not be empty");
        } else {
            CT_TRY(add_row(t, cells, line));
        }
    }
    return CT_OK;
}

static ct_err read_text(table *t, const char *text, size_t length) {
    static const char mark[] = "\xEF\xBB\xBF"; // byte order mark
    if (memchr(text, '\0', length) || !ct_utf8_valid(text, length))
        return ct_fail(CT_PARSE, "%s: not a text in UTF-8", t->file);
    t->at = ct_arena_strndup(t->arena, text, length);
    if (!t->at) return CT_NOMEM;
    if (strncmp(t->at, mark, sizeof mark - 1) == 0) t->at += sizeof mark - 1;
    return read_rows(t);
}

ct_err ct_overrides_read(ct_override **out, size_t *n, ct_arena *arena, const char *path,
                         ct_diagnostics *diagnostics) {
    table t = {.file = ct_path_name(path), .line = 1, .arena = arena, .diagnostics = diagnostics};
    char *text = NULL;
    size_t length = 0;
    CT_TRY(ct_file_read(&text, &length, path, CT_OVERRIDES_MAX_BYTES));
    const ct_err err = read_text(&t, text, length);
    ct_free(text);
    CT_TRY(err);
    if (t.n_errors) return ct_fail(CT_PARSE, "%s: %zu lines are no overrides", t.file, t.n_errors);
    *out = t.rows;
    *n = t.n;
    return CT_OK;
}

ct_err ct_override_apply(ct_feature *feature, ct_arena *arena, const ct_override *override) {
    const int attr = ct_class_attr(feature->cls, override->attribute);
    ct_feature changed;
    if (attr < 0)
        return ct_fail(CT_NOTFOUND, "a %s has no attribute \"%.60s\"", feature->cls->name,
                       override->attribute);
    CT_TRY(ct_feature_copy(&changed, arena, feature));
    CT_TRY(ct_ingest__value(&changed.values[attr], arena, &feature->cls->attrs[attr],
                            override->value));
    CT_TRY(ct_feature_check(&changed, arena));
    *feature = changed;
    return CT_OK;
}
