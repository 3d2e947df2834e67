// Import rules (the bytes up to the first NUL) and tags for them (pairs of texts behind it, each
// ended by a NUL): refused with a message, or rules that fill a feature with values that are sound.
#include <math.h>

#include "ingest/measure.h"
#include "ingest/rules.h"
#include "scratch_folder.h"

typedef struct pairs {
    const ct_ingest__rules *rules;
    const char *names[16], *values[16];
    size_t n;
} pairs;

static const char *get(const void *context, size_t tag) {
    const pairs *p = context;
    FUZZ_MUST(tag < ct_ingest__rules_tags(p->rules));
    const char *name = ct_ingest__rules_tag(p->rules, tag);
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->names[i], name) == 0) return p->values[i];
    return NULL;
}

static void bad(void *context, const char *text) {
    FUZZ_MUST(text && *text);
    ++*(size_t *)context;
}

static void check_values(const ct_feature *f) {
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        const ct_value *v = &f->values[i];
        const ct_attr_type type = f->cls->attrs[i].type;
        if (v->kind == CT_VALUE_REAL) FUZZ_MUST(isfinite(v->as.real) && type == CT_ATTR_REAL);
        if (v->kind == CT_VALUE_INTEGER) FUZZ_MUST(type == CT_ATTR_INTEGER);
        if (v->kind == CT_VALUE_BOOLEAN) FUZZ_MUST(type == CT_ATTR_BOOLEAN);
        if (v->kind == CT_VALUE_TEXT)
            FUZZ_MUST(v->as.text && (type == CT_ATTR_TEXT || type == CT_ATTR_DATETIME));
    }
}

static void apply(const ct_ingest__rules *rules, pairs *p) {
    static const ct_geom_type k_types[] = {CT_GEOM_POINT, CT_GEOM_LINESTRING, CT_GEOM_MULTIPOLYGON};
    const ct_ingest__tags tags = {get, p};
    p->rules = rules;
    for (size_t i = 0; i < 3; i++) {
        const ct_ingest__rule *rule = ct_ingest__rules_match(rules, &tags, k_types[i], NULL);
        if (!rule) continue;
        const ct_class *cls = ct_ingest__rule_class(rule);
        FUZZ_MUST(ct_ingest__rules_match(rules, &tags, k_types[i], cls) == rule);
        ct_arena *arena = ct_arena_new(4096, 16 << 20);
        ct_feature f;
        size_t n_bad = 0;
        FUZZ_MUST(arena && ct_feature_new(&f, arena, cls) == CT_OK);
        FUZZ_MUST(ct_ingest__rule_apply(rule, &tags, &f, arena, bad, &n_bad) == CT_OK);
        check_values(&f);
        ct_arena_free(arena);
    }
}

// Every way to read a text, by itself: its value is finite and within the attribute's type.
static void measure(const char *text) {
    static const ct_attr_type k_types[] = {CT_ATTR_TEXT, CT_ATTR_INTEGER, CT_ATTR_REAL};
    ct_arena *arena = ct_arena_new(4096, 16 << 20);
    for (int m = CT_INGEST__TEXT; m <= CT_INGEST__YEAR; m++) {
        for (size_t i = 0; i < 3; i++) {
            const ct_attr attr = {.name = "a", .type = k_types[i]};
            ct_value v = {0};
            if (ct_ingest__measure_read(&v, arena, &attr, (ct_ingest__measure)m, 3, text) != CT_OK)
                FUZZ_MUST(v.kind == CT_VALUE_NULL);
            else if (v.kind == CT_VALUE_REAL)
                FUZZ_MUST(isfinite(v.as.real));
        }
    }
    ct_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ct_catalogue *catalogue;
    if (!catalogue) FUZZ_MUST(ct_catalogue_load(&catalogue, NULL) == CT_OK);
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    const size_t n = nul ? (size_t)(nul - data) : size;
    char *texts = malloc(size - n + 1);
    FUZZ_MUST(texts);
    memcpy(texts, data + n, size - n);
    texts[size - n] = '\0';
    pairs p = {0};
    for (size_t at = 1; at < size - n && p.n < 16; p.n++) {
        p.names[p.n] = texts + at;
        at += strlen(texts + at) + 1;
        p.values[p.n] = at < size - n ? texts + at : "";
        at += strlen(p.values[p.n]) + 1;
        measure(p.values[p.n]);
    }
    ct_ingest__rules *rules = NULL;
    const char *path = scratch("rules.json");
    scratch_write(path, data, n);
    if (ct_ingest__rules_load(&rules, catalogue, path) == CT_OK)
        apply(rules, &p);
    else
        FUZZ_MUST(!rules && strlen(ct_err_message()) > 0);
    ct_ingest__rules_free(rules);
    free(texts);
    return 0;
}
