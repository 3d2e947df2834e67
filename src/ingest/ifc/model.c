// Opening a model: which schema, which entity each type of the file is, its instances by type.
#include "ingest/ifc/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { WHERE_BYTES = 192, NAME_BYTES = 64 };

static const char *const known_names[] = {
#define KNOWN_NAME(name, text) text,
    CT_IFC__KNOWN_LIST(KNOWN_NAME)
#undef KNOWN_NAME
};

// ---- the schema ---------------------------------------------------------------------------------

// The first name of FILE_SCHEMA, cut to `bytes`; "" if there is none.
static void schema_name(char *out, size_t bytes, const ct_step *step) {
    ct_step__cursor c = ct_step__header(step, CT_STEP__SCHEMA);
    ct_step__value v;
    *out = '\0';
    if (!ct_step__next(&v, &c)) return;
    c = ct_step__list(&v);
    if (!ct_step__next(&v, &c) || v.kind != CT_STEP__STRING) return;
    snprintf(out, bytes, "%.*s", (int)(v.end - v.at < NAME_BYTES ? v.end - v.at : NAME_BYTES),
             v.at);
}

static ct_err choose_schema(ct_ifc__model *m, bool strict) {
    char name[NAME_BYTES];
    schema_name(name, sizeof name, m->step);
    if (!ct_ifc__version_of(&m->version, &m->exact, name))
        return ct_fail(CT_UNSUPPORTED, "%s: FILE_SCHEMA is \"%s\", which is no schema of IFC",
                       m->file, name);
    if (!m->exact)
        ct_diagnostics_add(m->diagnostics, strict ? CT_SEVERITY_ERROR : CT_SEVERITY_WARNING,
                           "ifc-schema", m->file,
                           "FILE_SCHEMA is \"%s\"; it is read as %s, the nearest official one",
                           name, ct_ifc__version_name(m->version));
    return ct_ifc__schema_load(&m->schema, m->version);
}

static void note_type(ct_ifc__model *m, uint32_t type) {
    const uint32_t n = m->type_start[type + 1] - m->type_start[type];
    if (n)
        ct_ifc__note(m, CT_SEVERITY_WARNING, "unknown-entity", m->order[m->type_start[type]],
                     "%s has no such entity; %u instances are not understood",
                     ct_ifc__version_name(m->version), n);
}

static ct_err name_types(ct_ifc__model *m) {
    const uint32_t n = ct_step__n_types(m->step);
    m->entities = ct_calloc(n + 1, sizeof *m->entities);
    if (!m->entities) return CT_NOMEM;
    for (uint32_t t = 0; t < n; t++)
        m->entities[t] = ct_ifc__entity_named(m->schema, ct_step__type_name(m->step, t));
    for (int k = 0; k < CT_IFC__N_KNOWN; k++)
        m->known[k] = ct_ifc__entity_named(m->schema, known_names[k]);
    return CT_OK;
}

// Slots by type, by counting.
static ct_err sort_by_type(ct_ifc__model *m) {
    const uint32_t n = ct_step__count(m->step), n_types = ct_step__n_types(m->step);
    m->order = ct_calloc((size_t)n + 1, sizeof *m->order);
    m->type_start = ct_calloc((size_t)n_types + 2, sizeof *m->type_start);
    if (!m->order || !m->type_start) return CT_NOMEM;
    uint32_t *next = m->type_start + 1; // moves up to where the type ends
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t t = ct_step__type(m->step, i);
        if (t + 1 < n_types) next[t + 1]++;
    }
    for (uint32_t t = 1; t < n_types; t++) next[t] += next[t - 1];
    for (uint32_t i = 0; i < n; i++) m->order[next[ct_step__type(m->step, i)]++] = i;
    return CT_OK;
}

// Instances with more or fewer attributes than their entity has: missing ones count as unset.
static void check_attributes(ct_ifc__model *m) {
    for (uint32_t t = 0; t < ct_step__n_types(m->step); t++) {
        if (m->entities[t] == CT_IFC__NO_ENTITY) {
            note_type(m, t);
            continue;
        }
        const size_t expected = ct_ifc__n_attributes(m->schema, m->entities[t]);
        size_t first_n = 0, wrong = 0;
        uint32_t first = 0;
        for (uint32_t i = m->type_start[t]; i < m->type_start[t + 1]; i++) {
            const size_t n = ct_step__all(NULL, 0, m->step, m->order[i]);
            if (n == expected || wrong++) continue;
            first = m->order[i];
            first_n = n;
        }
        if (wrong)
            ct_ifc__note(
                m, CT_SEVERITY_WARNING, "attribute-count", first,
                "%zu attributes, not %zu: those that lack are unset, those beyond unread (%zu "
                "instances)",
                first_n, expected, wrong);
    }
}

ct_err ct_ifc__open(ct_ifc__model *out, const char *bytes, size_t n, const char *file, bool strict,
                    ct_diagnostics *diagnostics) {
    ct_ifc__model m = {.file = file, .diagnostics = diagnostics};
    ct_err err = ct_step__open(&m.step, bytes, n, file, diagnostics);
    if (err == CT_OK) err = choose_schema(&m, strict);
    if (err == CT_OK) err = name_types(&m);
    if (err == CT_OK) err = sort_by_type(&m);
    if (err == CT_OK) {
        check_attributes(&m);
        err = ct_ifc__relate(&m);
    }
    if (err == CT_OK)
        *out = m;
    else
        ct_ifc__close(&m);
    return err;
}

void ct_ifc__close(ct_ifc__model *model) {
    ct_ifc__relations_free(&model->rel);
    ct_free(model->entities);
    ct_free(model->order);
    ct_free(model->type_start);
    ct_ifc__schema_free(model->schema);
    ct_step__close(model->step);
    *model = (ct_ifc__model){0};
}

// ---- instances ----------------------------------------------------------------------------------

const char *ct_ifc__class(const ct_ifc__model *m, uint32_t slot) {
    const ct_ifc__entity entity = ct_ifc__of(m, slot);
    return entity == CT_IFC__NO_ENTITY ? ct_step__type_name(m->step, ct_step__type(m->step, slot))
                                       : ct_ifc__entity_name(m->schema, entity);
}

static void sift(uint32_t *at, size_t begin, size_t n) {
    for (size_t i = begin; 2 * i + 1 < n;) {
        size_t child = 2 * i + 1;
        if (child + 1 < n && at[child + 1] > at[child]) child++;
        if (at[i] >= at[child]) return;
        const uint32_t t = at[i];
        at[i] = at[child];
        at[child] = t;
        i = child;
    }
}

static void sort_slots(uint32_t *at, size_t n) {
    for (size_t i = n / 2; i-- > 0;) sift(at, i, n);
    for (size_t i = n; i-- > 1;) {
        const uint32_t t = at[0];
        at[0] = at[i];
        at[i] = t;
        sift(at, 0, i);
    }
}

ct_err ct_ifc__all(ct_ifc__slots *out, ct_arena *arena, const ct_ifc__model *m,
                   ct_ifc__entity entity) {
    const uint32_t n_types = ct_step__n_types(m->step);
    size_t n = 0, n_found = 0;
    for (uint32_t t = 0; t < n_types; t++)
        if (ct_ifc__is_a(m->schema, m->entities[t], entity))
            n += m->type_start[t + 1] - m->type_start[t];
    uint32_t *at = ct_arena_alloc(arena, (n + 1) * sizeof *at);
    if (!at) return CT_NOMEM;
    n = 0;
    for (uint32_t t = 0; t < n_types; t++) {
        const uint32_t begin = m->type_start[t], end = m->type_start[t + 1];
        if (begin == end || !ct_ifc__is_a(m->schema, m->entities[t], entity)) continue;
        memcpy(at + n, m->order + begin, (end - begin) * sizeof *at);
        n += end - begin;
        n_found++;
    }
    if (n_found > 1) sort_slots(at, n);
    *out = (ct_ifc__slots){at, n};
    return CT_OK;
}

ct_err ct_ifc__all_known(ct_ifc__slots *out, ct_arena *arena, const ct_ifc__model *m,
                         ct_ifc__known known) {
    return ct_ifc__all(out, arena, m, m->known[known]);
}

ct_ifc__slots ct_ifc__linked(const ct_ifc__links *links, uint32_t slot) {
    if (!links->start || slot == CT_STEP__NONE) return (ct_ifc__slots){NULL, 0};
    const uint32_t begin = links->start[slot];
    return (ct_ifc__slots){links->to + begin, links->start[slot + 1] - begin};
}

uint32_t ct_ifc__first(const ct_ifc__links *links, uint32_t slot) {
    const ct_ifc__slots s = ct_ifc__linked(links, slot);
    return s.n ? s.at[0] : CT_STEP__NONE;
}

// ---- attributes ---------------------------------------------------------------------------------

ct_step__value ct_ifc__get(const ct_ifc__model *m, uint32_t slot, const char *attribute) {
    const ct_step__value none = {.kind = CT_STEP__END};
    if (slot == CT_STEP__NONE) return none;
    const ct_ifc__entity entity = ct_ifc__of(m, slot);
    if (entity == CT_IFC__NO_ENTITY) return none;
    const int index = ct_ifc__attribute_named(m->schema, entity, attribute);
    return index < 0 ? none : ct_step__get(m->step, slot, (uint32_t)index);
}

uint32_t ct_ifc__ref(const ct_ifc__model *m, uint32_t slot, const char *attribute) {
    const ct_step__value v = ct_ifc__get(m, slot, attribute);
    return ct_step__ref(m->step, &v);
}

bool ct_ifc__number(double *out, const ct_ifc__model *m, uint32_t slot, const char *attribute) {
    const ct_step__value v = ct_ifc__get(m, slot, attribute);
    return ct_step__number(out, &v);
}

size_t ct_ifc__numbers(double *out, size_t max, const ct_step__value *list) {
    ct_step__cursor c = ct_step__list(list);
    ct_step__value v;
    size_t n = 0;
    for (; ct_step__next(&v, &c); n++) {
        double x = 0;
        if (!ct_step__number(&x, &v)) return n;
        if (n < max) out[n] = x;
    }
    return n;
}

ct_err ct_ifc__text(const char **out, ct_arena *arena, ct_ifc__model *m, uint32_t slot,
                    const char *attribute) {
    const ct_step__value v = ct_ifc__get(m, slot, attribute);
    CT_TRY(ct_step__text(out, arena, &v, &m->n_foreign));
    if (*out && !**out) *out = NULL;
    return CT_OK;
}

ct_err ct_ifc__word(const char **out, ct_arena *arena, const ct_ifc__model *m, uint32_t slot,
                    const char *attribute) {
    const ct_step__value v = ct_ifc__get(m, slot, attribute);
    *out = NULL;
    if (v.kind != CT_STEP__ENUM) return CT_OK;
    *out = ct_arena_strndup(arena, v.at, (size_t)(v.end - v.at));
    return *out ? CT_OK : CT_NOMEM;
}

void ct_ifc__note(ct_ifc__model *m, ct_severity severity, const char *rule, uint32_t slot,
                  const char *format, ...) {
    char where[WHERE_BYTES], text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ct_step__where(where, sizeof where, m->step, slot);
    ct_diagnostics_add(m->diagnostics, severity, rule, where, "%s", text);
}
