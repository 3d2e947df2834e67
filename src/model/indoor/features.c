// The features by class and id, and small readings of them.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indoor/private.h"

static int by_id(const void *a, const void *b) {
    const ct_feature *p = *(const ct_feature *const *)a, *q = *(const ct_feature *const *)b;
    return strcmp(p->id, q->id);
}

static ct_err index_list(ct_strmap **out, const ct_indoor__list *list) {
    *out = ct_strmap_new(list->n + (size_t)1);
    if (!*out) return CT_NOMEM;
    for (uint32_t i = 0; i < list->n; i++) CT_TRY(ct_strmap_put(*out, list->at[i]->id, i));
    return CT_OK;
}

static ct_err take_class(ct_indoor__list *out, ct_arena *arena, const char *cls,
                         const ct_feature *features, size_t n) {
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++) count += strcmp(features[i].cls->name, cls) == 0;
    *out = (ct_indoor__list){.at = ct_arena_calloc(arena, count + (size_t)1, sizeof *out->at)};
    if (!out->at) return CT_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (strcmp(features[i].cls->name, cls) == 0 && features[i].id)
            out->at[out->n++] = &features[i];
    qsort(out->at, out->n, sizeof *out->at, by_id);
    return CT_OK;
}

ct_err ct_indoor__take(ct_indoor__work *w, const ct_feature *features, size_t n) {
    enum { MOST = 10 * 1000 * 1000 };
    const struct {
        const char *cls;
        ct_indoor__list *list;
    } lists[] = {{"storey", &w->storeys},   {"space", &w->spaces},
                 {"opening", &w->openings}, {"transition", &w->transitions},
                 {"element", &w->elements}, {"connection", &w->connections}};
    if (n > MOST) return ct_fail(CT_LIMIT, "more than %d features of a building", MOST);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        CT_TRY(take_class(lists[i].list, w->scratch, lists[i].cls, features, n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(features[i].cls->name, "building") == 0 && features[i].id &&
            strcmp(features[i].id, w->out->building) == 0)
            w->building = &features[i];
    CT_TRY(index_list(&w->space_at, &w->spaces));
    return index_list(&w->element_at, &w->elements);
}

const char *ct_indoor__keep(ct_indoor__work *w, const char *text) {
    return ct_arena_strdup(w->arena, text ? text : "");
}

int ct_indoor__flag(const ct_feature *f, const char *attr) {
    const ct_value *v = f ? ct_feature_get(f, attr) : NULL;
    return v && v->kind == CT_VALUE_BOOLEAN ? v->as.boolean : -1;
}

uint32_t ct_indoor__index(const ct_strmap *map, const char *id) {
    size_t at;
    return id && *id && ct_strmap_get(&at, map, id) ? (uint32_t)at : CT_INDOOR_NONE;
}

ct_err ct_indoor__finding(ct_indoor__work *w, ct_indoor_rule rule, const char *id,
                          const char *other, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (w->out->n_findings == w->finding_room) {
        const uint32_t room = w->finding_room ? 2 * w->finding_room : 16;
        ct_indoor_finding *grown = ct_arena_calloc(w->arena, room, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (w->out->n_findings) memcpy(grown, w->out->findings, w->out->n_findings * sizeof *grown);
        w->out->findings = grown;
        w->finding_room = room;
    }
    const ct_indoor_finding made = {rule, ct_indoor__keep(w, id),
                                    other ? ct_indoor__keep(w, other) : NULL,
                                    ct_indoor__keep(w, text)};
    if (!made.id || !made.text || (other && !made.other)) return CT_NOMEM;
    w->out->findings[w->out->n_findings++] = made;
    return CT_OK;
}
