// The list of findings of an import, in an arena of its own.
#include "ingest/diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

enum { TEXT_BYTES = 512, ARENA_BLOCK = 16 << 10 };

struct ct_diagnostics {
    ct_arena *arena;
    ct_diagnostic *items;
    size_t kept, capacity, max;
    size_t counts[3]; // by severity
    bool out_of_memory;
};

ct_diagnostics *ct_diagnostics_new(size_t max) {
    ct_diagnostics *d = ct_calloc(1, sizeof *d);
    if (!d) return NULL;
    d->max = max;
    d->arena = ct_arena_new(ARENA_BLOCK, 0); // bounded by `max` and the length of the texts
    if (d->arena) return d;
    ct_free(d);
    return NULL;
}

void ct_diagnostics_free(ct_diagnostics *diagnostics) {
    if (!diagnostics) return;
    ct_arena_free(diagnostics->arena);
    ct_free(diagnostics->items);
    ct_free(diagnostics);
}

static bool grow(ct_diagnostics *d) {
    if (d->kept < d->capacity) return true;
    size_t capacity = d->capacity ? 2 * d->capacity : 16;
    ct_diagnostic *items = ct_realloc(d->items, capacity * sizeof *items);
    if (!items) return false;
    d->items = items;
    d->capacity = capacity;
    return true;
}

static void add(ct_diagnostics *d, ct_severity severity, const char *rule, const char *where,
                const char *text) {
    d->counts[severity]++;
    // Half of the room is for errors alone, so that warnings do not hide them.
    if (d->kept >= (severity == CT_SEVERITY_ERROR ? d->max : d->max / 2)) return;
    ct_diagnostic item = {.severity = severity,
                          .rule = ct_arena_strdup(d->arena, rule),
                          .where = ct_arena_strdup(d->arena, where),
                          .text = ct_arena_strdup(d->arena, text)};
    if (!item.rule || !item.where || !item.text || !grow(d)) {
        d->out_of_memory = true;
        return;
    }
    d->items[d->kept++] = item;
}

void ct_diagnostics_add(ct_diagnostics *diagnostics, ct_severity severity, const char *rule,
                        const char *where, const char *format, ...) {
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    add(diagnostics, severity, rule, where, text);
}

void ct_diagnostics_add_once(ct_diagnostics *diagnostics, ct_severity severity, const char *rule,
                             const char *where, const char *format, ...) {
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t i = 0; i < diagnostics->kept; i++)
        if (strcmp(diagnostics->items[i].rule, rule) == 0 &&
            strcmp(diagnostics->items[i].text, text) == 0)
            return;
    add(diagnostics, severity, rule, where, text);
}

ct_err ct_diagnostics_status(const ct_diagnostics *diagnostics) {
    if (diagnostics->out_of_memory) return ct_fail(CT_NOMEM, "out of memory for diagnostics");
    return CT_OK;
}

size_t ct_diagnostics_kept(const ct_diagnostics *diagnostics) {
    return diagnostics->kept;
}

const ct_diagnostic *ct_diagnostics_at(const ct_diagnostics *diagnostics, size_t index) {
    return index < diagnostics->kept ? &diagnostics->items[index] : NULL;
}

size_t ct_diagnostics_count(const ct_diagnostics *diagnostics, ct_severity severity) {
    return diagnostics->counts[severity];
}

const char *ct_severity_name(ct_severity severity) {
    switch (severity) {
    case CT_SEVERITY_ERROR: return "error";
    case CT_SEVERITY_WARNING: return "warning";
    case CT_SEVERITY_INFO: return "info";
    }
    return "";
}

void ct_diagnostics_write_json(ct_jsonw *w, const ct_diagnostics *diagnostics) {
    ct_jsonw_array(w);
    for (size_t i = 0; i < diagnostics->kept; i++) {
        const ct_diagnostic *d = &diagnostics->items[i];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "severity", ct_severity_name(d->severity));
        ct_jsonw_kv_string(w, "rule", d->rule);
        ct_jsonw_kv_string(w, "where", d->where);
        ct_jsonw_kv_string(w, "text", d->text);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}
