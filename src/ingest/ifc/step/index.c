// The index of a STEP file: one pass over its sections and instances, then the way from ids to
// slots. Grammar: ISO 10303-21:2016, sections 5 to 12.
#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "ingest/ifc/step/private.h"
#include "ingest/ifc/step/scan.h"
#include "ingest/job.h"

typedef struct pass {
    ct_step *step;
    const char *at, *end;
    size_t n_complex;
    const char *first_complex;
    bool data, open, closed; // a data section was met; one is open; the file's end was met
} pass;

static void report(const pass *p, ct_severity severity, const char *rule, const char *at,
                   const char *text) {
    char where[192];
    snprintf(where, sizeof where, "%.120s:%zu", p->step->file, ct_step__line_at(p->step, at));
    ct_diagnostics_add(p->step->diagnostics, severity, rule, where, "%s", text);
}

// CT_PARSE once so many errors were found that reading on helps nobody.
static ct_err go_on(const ct_step *step) {
    if (ct_diagnostics_count(step->diagnostics, CT_SEVERITY_ERROR) < CT_INGEST__MAX_ERRORS)
        return CT_OK;
    return ct_fail(CT_PARSE, "%s: %d errors; the rest of the file was not read", step->file,
                   CT_INGEST__MAX_ERRORS);
}

// ---- keywords -----------------------------------------------------------------------------------

static uint32_t *probe(const ct_step__type_table *t, const char *at, uint32_t n, uint32_t hash) {
    for (uint32_t i = hash;; i++) {
        uint32_t *slot = &t->table[i & (t->n_table - 1)];
        if (!*slot) return slot;
        const struct ct_step__keyword *k = &t->items[*slot - 1];
        if (k->hash == hash && k->n == n &&
            (memcmp(k->at, at, n) == 0 || strncasecmp(k->at, at, n) == 0))
            return slot;
    }
}

static ct_err grow_types(ct_step__type_table *t) {
    const uint32_t capacity = t->capacity ? 2 * t->capacity : 256;
    struct ct_step__keyword *items = ct_realloc(t->items, capacity * sizeof *items);
    if (!items) return CT_NOMEM;
    t->items = items;
    uint32_t *table = ct_calloc((size_t)4 * capacity, sizeof *table);
    if (!table) return CT_NOMEM;
    ct_free(t->table);
    t->table = table;
    t->n_table = 4 * capacity;
    t->capacity = capacity;
    for (uint32_t i = 0; i < t->n; i++)
        *probe(t, t->items[i].at, t->items[i].n, t->items[i].hash) = i + 1;
    return CT_OK;
}

static ct_err intern(uint32_t *out, ct_step__type_table *t, const char *at, uint32_t n,
                     uint32_t hash) {
    if (t->n == t->capacity) CT_TRY(grow_types(t));
    uint32_t *slot = probe(t, at, n, hash);
    if (!*slot) {
        if (t->n == CT_STEP__MAX_TYPES)
            return ct_fail(CT_LIMIT, "more than %d types of instances", CT_STEP__MAX_TYPES);
        t->items[t->n] = (struct ct_step__keyword){.at = at, .n = n, .hash = hash};
        *slot = ++t->n;
    }
    *out = *slot - 1;
    return CT_OK;
}

static ct_err name_types(ct_step__type_table *t) {
    for (uint32_t i = 0; i < t->n; i++) {
        char *upper = ct_strndup(t->items[i].at, t->items[i].n);
        if (!upper) return CT_NOMEM;
        for (char *c = upper; *c; c++) *c = (char)toupper((unsigned char)*c);
        t->items[i].upper = upper;
    }
    return CT_OK;
}

// ---- instances ----------------------------------------------------------------------------------

static ct_err add_entry(ct_step *step, uint64_t id, const char *parameters, uint32_t type) {
    if (step->n == step->capacity) {
        if (step->n >= CT_STEP__NONE - 1) return ct_fail(CT_LIMIT, "too many instances");
        const size_t capacity = step->capacity + step->capacity / 2;
        ct_step__entry *entries = ct_realloc(step->entries, capacity * sizeof *entries);
        if (!entries) return CT_NOMEM;
        step->entries = entries;
        step->capacity = capacity;
    }
    step->entries[step->n++] =
        (ct_step__entry){id, (uint64_t)(parameters - step->bytes) << 16 | type};
    return CT_OK;
}

static const char *read_id(uint64_t *id, const char *at, const char *end) {
    const char *begin = at;
    uint64_t value = 0;
    for (; at < end && ct_step__is_digit(*at); at++) value = 10 * value + (uint64_t)(*at - '0');
    *id = value;
    return at == begin || at - begin > 19 ? NULL : at; // 19 digits fit into 64 bits
}

// Where the parameters begin, of `#1 = KEYWORD (`; NULL if that does not stand there.
static const char *read_head(const pass *p, uint64_t *id, const char **name, uint32_t *n,
                             uint32_t *hash) {
    const char *at = read_id(id, p->at + 1, p->end), *end = p->end;
    if (!at) return NULL;
    at = ct_step__skip_blanks(at, end);
    if (at == end || *at != '=') return NULL;
    at = ct_step__skip_blanks(at + 1, end);
    *name = at;
    uint32_t h = 2166136261U;
    for (; at < end && (ct_step__is_letter(*at) || ct_step__is_digit(*at)); at++)
        h = (h ^ (uint32_t)(*at & 0xdf)) * 16777619U; // letters without their case
    *n = (uint32_t)(at - *name);
    *hash = h ^ h >> 15;
    at = ct_step__skip_blanks(at, end);
    return at < end && *at == '(' ? at : NULL;
}

enum { LONG_BYTES = 8192, MAX_DEPTH = 1000 };

// Whether a record's lists and typed values lie deeper within each other than any entity has them.
static bool is_deep(const char *at, const char *end) {
    size_t depth = 0;
    for (; at && at < end; at++) {
        if (*at == '\'') {
            at = ct_step__behind_string(at, end, '\'');
            if (!at) return false;
            at--;
        } else if (*at == '(' && ++depth > MAX_DEPTH) {
            return true;
        } else if (*at == ')' && depth) {
            depth--;
        }
    }
    return false;
}

// One instance, from its '#' to behind its semicolon. At the file's end p->at becomes NULL.
static ct_err read_instance(pass *p) {
    uint64_t id = 0;
    const char *name = NULL, *begin = p->at;
    uint32_t n = 0, hash = 0, type;
    const char *parameters = read_head(p, &id, &name, &n, &hash);
    p->at = ct_step__behind_record(parameters ? parameters : begin, p->end);
    if (!p->at) {
        report(p, CT_SEVERITY_ERROR, "truncated", begin,
               "the file breaks off within this instance: it is not whole");
        return CT_OK;
    }
    if (p->at - begin > LONG_BYTES && is_deep(begin, p->at))
        report(p, CT_SEVERITY_ERROR, "step-nesting", begin,
               "more than 1000 lists or values within each other");
    if (!parameters || n > 255) {
        report(p, CT_SEVERITY_ERROR, "step-syntax", begin,
               "no instance: #1=KEYWORD(...); expected");
        return go_on(p->step);
    }
    if (n == 0) {
        if (!p->n_complex++) p->first_complex = begin;
        return CT_OK;
    }
    CT_TRY(intern(&type, &p->step->types, name, n, hash));
    return add_entry(p->step, id, parameters, type);
}

// ---- sections -----------------------------------------------------------------------------------

static bool starts(const pass *p, const char *word) {
    const size_t n = strlen(word);
    return (size_t)(p->end - p->at) >= n && strncasecmp(p->at, word, n) == 0;
}

static void leave_record(pass *p) {
    p->at = ct_step__behind_record(p->at, p->end);
}

// Sections that hold nothing for us: to their ENDSEC, which stands at the beginning of a record.
// What a signature holds is no records, but has neither quotes nor semicolons.
static void pass_over_section(pass *p) {
    leave_record(p);
    while (p->at) {
        p->at = ct_step__skip_blanks(p->at, p->end);
        const bool last = starts(p, "ENDSEC");
        leave_record(p);
        if (last) return;
    }
}

static void note_record(pass *p) {
    static const char *const names[] = {"FILE_DESCRIPTION", "FILE_NAME", "FILE_SCHEMA"};
    for (int i = 0; i < 3; i++) {
        if (p->step->records[i] || !starts(p, names[i])) continue;
        const char *at = ct_step__skip_blanks(p->at + strlen(names[i]), p->end);
        if (at < p->end && *at == '(') p->step->records[i] = at;
    }
}

static void read_word(pass *p) {
    const char *begin = p->at;
    if (starts(p, "END-ISO-10303-21")) {
        p->closed = true;
        p->at = NULL;
        return;
    }
    if (starts(p, "ANCHOR") || starts(p, "REFERENCE") || starts(p, "SIGNATURE")) {
        pass_over_section(p);
    } else {
        if (starts(p, "DATA")) p->data = p->open = true;
        if (starts(p, "ENDSEC")) p->open = false;
        note_record(p);
        leave_record(p);
    }
    if (!p->at)
        report(p, CT_SEVERITY_ERROR, "truncated", begin,
               "the file breaks off within this record: it is not whole");
}

static ct_err read_records(pass *p) {
    while (p->at) {
        const char *at = p->at;
        while (at < p->end && ct_step__is_blank(*at)) at++;
        p->at = at;
        if (at == p->end) return CT_OK;
        if (*at == '#') {
            if (p->data) {
                CT_TRY(read_instance(p));
                continue;
            }
        } else if (ct_step__is_letter(*at)) {
            read_word(p);
            continue;
        } else if (ct_step__is_comment(at, p->end)) {
            p->at = ct_step__behind_comment(at, p->end);
            continue;
        }
        report(p, CT_SEVERITY_ERROR, "step-syntax", at, "no instance and no word of ISO 10303-21");
        CT_TRY(go_on(p->step));
        leave_record(p);
    }
    return CT_OK;
}

// ---- from ids to slots --------------------------------------------------------------------------

static uint64_t hash_of(uint64_t id) {
    id ^= id >> 32;
    id *= 0x9e3779b97f4a7c15ULL;
    return id ^ id >> 29;
}

static uint32_t *place_of(const ct_step *step, uint64_t id) {
    if (step->dense) return &step->slots[id];
    for (uint64_t i = hash_of(id);; i++) {
        uint32_t *slot = &step->slots[i & (step->n_slots - 1)];
        if (!*slot || step->entries[*slot - 1].id == id) return slot;
    }
}

static ct_err index_ids(ct_step *step) {
    uint64_t max = 0;
    for (uint32_t i = 0; i < step->n; i++)
        if (step->entries[i].id > max) max = step->entries[i].id;
    step->dense = max < 4 * (uint64_t)step->n + 1024;
    if (step->dense) {
        step->n_slots = max + 1;
    } else {
        for (step->n_slots = 16; step->n_slots < 2 * (uint64_t)step->n;) step->n_slots *= 2;
    }
    step->slots = ct_calloc(step->n_slots, sizeof *step->slots);
    if (!step->slots) return CT_NOMEM;
    for (uint32_t i = 0; i < step->n; i++) {
        uint32_t *slot = place_of(step, step->entries[i].id);
        if (!*slot) {
            *slot = i + 1;
            continue;
        }
        char where[192];
        ct_step__where(where, sizeof where, step, i);
        ct_diagnostics_add(step->diagnostics, CT_SEVERITY_ERROR, "step-id", where,
                           "there is a #%llu already", (unsigned long long)step->entries[i].id);
        CT_TRY(go_on(step));
    }
    return CT_OK;
}

uint32_t ct_step__find(const ct_step *step, uint64_t id) {
    if (step->dense && id >= step->n_slots) return CT_STEP__NONE;
    return *place_of(step, id) - 1; // 0, free, becomes NONE
}

// ---- the whole ----------------------------------------------------------------------------------

static ct_err look_at_start(pass *p) {
    if (starts(p, "\xef\xbb\xbf")) p->at += 3;
    p->at = ct_step__skip_blanks(p->at, p->end);
    if (!starts(p, "ISO-10303-21"))
        return ct_fail(CT_PARSE, "%s: no STEP file: it does not begin with ISO-10303-21;",
                       p->step->file);
    leave_record(p);
    return CT_OK;
}

static ct_err read_file(ct_step *step) {
    pass p = {.step = step, .at = step->bytes, .end = step->end};
    step->capacity = (size_t)(step->end - step->bytes) / 48 + 64;
    step->entries = ct_alloc(step->capacity * sizeof *step->entries);
    if (!step->entries) return CT_NOMEM;
    CT_TRY(look_at_start(&p));
    CT_TRY(read_records(&p));
    if (!p.data) return ct_fail(CT_PARSE, "%s: there is no DATA section", step->file);
    CT_TRY(name_types(&step->types));
    if (p.open)
        report(&p, CT_SEVERITY_ERROR, "truncated", step->end,
               "the file breaks off here: the DATA section does not end, the file is not whole");
    else if (!p.closed)
        report(&p, CT_SEVERITY_WARNING, "truncated", step->end,
               "there is no END-ISO-10303-21; at the end");
    if (p.n_complex) {
        char text[96];
        snprintf(text, sizeof text,
                 "%zu complex instances, of which this is the first, are left out", p.n_complex);
        report(&p, CT_SEVERITY_WARNING, "complex-instance", p.first_complex, text);
    }
    return index_ids(step);
}

ct_err ct_step__open(ct_step **out, const char *bytes, size_t n, const char *file,
                     ct_diagnostics *diagnostics) {
    ct_step *step = ct_calloc(1, sizeof *step);
    if (!step) return CT_NOMEM;
    step->bytes = bytes;
    step->end = bytes + n;
    step->file = file;
    step->diagnostics = diagnostics;
    const ct_err err = read_file(step);
    if (err == CT_OK)
        *out = step;
    else
        ct_step__close(step);
    return err;
}

void ct_step__close(ct_step *step) {
    if (!step) return;
    for (uint32_t i = 0; i < step->types.n; i++) ct_free(step->types.items[i].upper);
    ct_free(step->types.items);
    ct_free(step->types.table);
    ct_free(step->entries);
    ct_free(step->slots);
    ct_free(step->lines);
    ct_free(step);
}

uint32_t ct_step__count(const ct_step *step) {
    return step->n;
}

uint64_t ct_step__id(const ct_step *step, uint32_t slot) {
    return step->entries[slot].id;
}

uint32_t ct_step__type(const ct_step *step, uint32_t slot) {
    return (uint32_t)(step->entries[slot].place & 0xffff);
}

uint32_t ct_step__n_types(const ct_step *step) {
    return step->types.n;
}

const char *ct_step__type_name(const ct_step *step, uint32_t type) {
    const char *upper = step->types.items[type].upper;
    return upper ? upper : "";
}
