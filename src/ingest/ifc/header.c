// What an IFC file tells of itself: its header (ISO 10303-21, 8.2) and its project.
#include <string.h>

#include "ingest/ifc/reader.h"

// A text, or the texts of a list with ", " between them. NULL where there is none.
static ct_err texts_of(const char **out, ct_ifc__reader *r, const ct_step__value *value) {
    ct_arena *arena = r->job->arena;
    *out = NULL;
    if (value->kind != CT_STEP__LIST) return ct_step__text(out, arena, value, &r->m.n_foreign);
    ct_step__cursor c = ct_step__list(value);
    for (ct_step__value v; ct_step__next(&v, &c);) {
        const char *text;
        CT_TRY(ct_step__text(&text, arena, &v, &r->m.n_foreign));
        if (!text || !*text) continue;
        *out = *out ? ct_arena_printf(arena, "%s, %s", *out, text) : text;
        if (!*out) return CT_NOMEM;
        if (strlen(*out) > CT_SOURCE_TEXT_MOST) break;
    }
    return CT_OK;
}

// `terms`: of the record's first parameters; CT_SOURCE_TERMS = of none.
static ct_err tell_record(ct_ifc__reader *r, ct_step__record record, const ct_source_term *terms,
                          size_t n) {
    ct_step__cursor c = ct_step__header(r->m.step, record);
    ct_step__value v;
    for (size_t i = 0; i < n && ct_step__next(&v, &c); i++) {
        const char *text;
        if (terms[i] == CT_SOURCE_TERMS) continue;
        CT_TRY(texts_of(&text, r, &v));
        CT_TRY(ct_source_tell(r->job->source, terms[i], text));
    }
    return CT_OK;
}

static ct_err tell_project(ct_ifc__reader *r) {
    static const struct {
        const char *attribute;
        ct_source_term term;
    } k_says[] = {{"LongName", CT_SOURCE_TITLE},
                  {"Name", CT_SOURCE_TITLE},
                  {"Description", CT_SOURCE_DESCRIPTION},
                  {"GlobalId", CT_SOURCE_IDENTIFIER}};
    ct_ifc__slots projects;
    CT_TRY(ct_ifc__all_known(&projects, r->arena, &r->m, CT_IFC__PROJECT));
    for (size_t i = 0; projects.n && i < sizeof k_says / sizeof *k_says; i++) {
        const char *text;
        CT_TRY(ct_ifc__text(&text, r->job->arena, &r->m, projects.at[0], k_says[i].attribute));
        CT_TRY(ct_source_tell(r->job->source, k_says[i].term, text));
    }
    return CT_OK;
}

ct_err ct_ifc__tell_source(ct_ifc__reader *r) {
    static const ct_source_term k_name[] = {CT_SOURCE_TERMS,   CT_SOURCE_DATE,
                                            CT_SOURCE_CREATOR, CT_SOURCE_PUBLISHER,
                                            CT_SOURCE_TERMS,   CT_SOURCE_SOFTWARE},
                                k_description[] = {CT_SOURCE_DESCRIPTION};
    CT_TRY(ct_source_set(&r->job->source->format, ct_ifc__version_name(r->m.version)));
    CT_TRY(tell_project(r));
    CT_TRY(tell_record(r, CT_STEP__NAME, k_name, sizeof k_name / sizeof *k_name));
    return tell_record(r, CT_STEP__DESCRIPTION, k_description, 1);
}
