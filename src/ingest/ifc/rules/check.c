// All rules in turn, and what they share.
#include "ingest/ifc/rules/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_FINDINGS = 5, ARENA_BLOCK = 64 << 10 }; // findings of one rule; more are counted

const char *const ct_ifc__identifiers_4[] = {"CoG",       "Box",       "Annotation", "Axis",
                                             "FootPrint", "Profile",   "Surface",    "Reference",
                                             "Body",      "Clearance", "Lighting",   NULL};
const char *const ct_ifc__identifiers_4x3[] = {
    "CoG",       "Box",  "Annotation", "Axis",     "FootPrint",     "Profile", "Surface",
    "Reference", "Body", "Clearance",  "Lighting", "Body-Fallback", NULL};

// ---- all rules ----------------------------------------------------------------------------------

static ct_err judge(ct_ifc__check *c, ct_ingest__job *job) {
    if (c->rule->schemas & 1 << c->m->version) CT_TRY(c->rule->judge(c));
    if (c->n_failed > MAX_FINDINGS)
        ct_diagnostics_add(job->diagnostics, c->severity, c->rule->code, job->file,
                           "%zu instances more break the rule", c->n_failed - MAX_FINDINGS);
    return ct_ingest__add_verdict(job->report, c->rule->code,
                                  c->n_failed ? CT_INGEST__FAIL
                                  : c->judged ? CT_INGEST__PASS
                                              : CT_INGEST__NOT_APPLICABLE);
}

ct_err ct_ifc__check_rules(ct_ingest__job *job, ct_ifc__model *m, const ct_ifc__units *units,
                           ct_ifc__places *places) {
    const ct_ifc__rule *const groups[] = {ct_ifc__rules_presence, ct_ifc__rules_project,
                                          ct_ifc__rules_spatial,  ct_ifc__rules_elements,
                                          ct_ifc__rules_shapes,   ct_ifc__rules_georef,
                                          ct_ifc__rules_reach,    ct_ifc__rules_deprecated,
                                          ct_ifc__rules_loops,    ct_ifc__rules_shells};
    ct_arena *arena = ct_arena_new(ARENA_BLOCK, 0); // bounded by the size of the file
    ct_arena *scratch = ct_arena_new(ARENA_BLOCK, 0);
    ct_err err = arena && scratch ? CT_OK : CT_NOMEM;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        for (const ct_ifc__rule *r = groups[g]; err == CT_OK && r->code; r++) {
            const int step = !job->options.strict + r->advice; // away from an error
            ct_ifc__check c = {.m = m,
                               .units = units,
                               .places = places,
                               .arena = arena,
                               .scratch = scratch,
                               .rule = r,
                               .severity = step == 0   ? CT_SEVERITY_ERROR
                                           : step == 1 ? CT_SEVERITY_WARNING
                                                       : CT_SEVERITY_INFO};
            err = judge(&c, job);
            ct_arena_reset(arena);
            ct_arena_reset(scratch);
        }
    }
    ct_arena_free(arena);
    ct_arena_free(scratch);
    return err;
}

void ct_ifc__fails(ct_ifc__check *c, uint32_t slot, const char *format, ...) {
    char text[400];
    c->judged = true;
    if (c->n_failed++ >= MAX_FINDINGS) return;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (slot == CT_STEP__NONE)
        ct_diagnostics_add(c->m->diagnostics, c->severity, c->rule->code, c->m->file, "%s", text);
    else
        ct_ifc__note(c->m, c->severity, c->rule->code, slot, "%s", text);
}

// ---- what rules ask -----------------------------------------------------------------------------

bool ct_ifc__isa(const ct_ifc__check *c, uint32_t slot, const char *entity) {
    return slot != CT_STEP__NONE && ct_ifc__is_a(c->m->schema, ct_ifc__of(c->m, slot),
                                                 ct_ifc__entity_named(c->m->schema, entity));
}

bool ct_ifc__exactly(const ct_ifc__check *c, uint32_t slot, const char *entity) {
    return slot != CT_STEP__NONE && ct_ifc__of(c->m, slot) != CT_IFC__NO_ENTITY &&
           ct_ifc__of(c->m, slot) == ct_ifc__entity_named(c->m->schema, entity);
}

bool ct_ifc__is_any(const ct_ifc__check *c, uint32_t slot, const char *const *entities) {
    for (; *entities; entities++)
        if (ct_ifc__isa(c, slot, *entities)) return true;
    return false;
}

ct_err ct_ifc__each(ct_ifc__check *c, const char *entity,
                    ct_err (*visit)(ct_ifc__check *c, uint32_t slot)) {
    ct_ifc__slots all;
    CT_TRY(ct_ifc__all(&all, c->arena, c->m, ct_ifc__entity_named(c->m->schema, entity)));
    for (size_t i = 0; i < all.n; i++) {
        ct_arena_reset(c->scratch);
        CT_TRY(visit(c, all.at[i]));
    }
    return CT_OK;
}

ct_ifc__refs ct_ifc__refs_of(const ct_ifc__check *c, uint32_t slot, const char *attribute) {
    ct_ifc__refs refs = {.single = ct_ifc__get(c->m, slot, attribute)};
    refs.cursor = ct_step__list(&refs.single);
    return refs;
}

bool ct_ifc__next_ref(uint32_t *out, ct_ifc__refs *refs, const ct_ifc__check *c) {
    ct_step__value v = refs->single;
    if (v.kind == CT_STEP__REF) {
        refs->single.kind = CT_STEP__END;
        *out = ct_step__ref(c->m->step, &v);
        return *out != CT_STEP__NONE;
    }
    while (ct_step__next(&v, &refs->cursor)) {
        *out = ct_step__ref(c->m->step, &v);
        if (*out != CT_STEP__NONE) return true;
    }
    return false;
}

bool ct_ifc__filled(const ct_ifc__check *c, uint32_t slot, const char *attribute) {
    const ct_step__value v = ct_ifc__get(c->m, slot, attribute);
    return v.kind != CT_STEP__END && v.kind != CT_STEP__UNSET && v.kind != CT_STEP__DERIVED &&
           v.kind != CT_STEP__BAD;
}

bool ct_ifc__text_is(ct_ifc__check *c, uint32_t slot, const char *attribute, const char *text) {
    const ct_step__value whole = ct_ifc__get(c->m, slot, attribute), v = ct_step__bare(&whole);
    const size_t n = strlen(text);
    return (v.kind == CT_STEP__STRING || v.kind == CT_STEP__ENUM) && (size_t)(v.end - v.at) == n &&
           memcmp(v.at, text, n) == 0;
}

bool ct_ifc__text_in(ct_ifc__check *c, uint32_t slot, const char *attribute,
                     const char *const *list) {
    for (; *list; list++)
        if (ct_ifc__text_is(c, slot, attribute, *list)) return true;
    return false;
}

ct_ifc__refs ct_ifc__representations(const ct_ifc__check *c, uint32_t product) {
    return ct_ifc__refs_of(c, ct_ifc__ref(c->m, product, "Representation"), "Representations");
}
