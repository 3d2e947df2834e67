// Ids of features from GlobalIds.
#include <string.h>

#include "base/strmap.h"
#include "ingest/ifc/reader.h"

bool ct_ifc__is_global_id(const char *text) {
    static const char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
    return strspn(text, alphabet) == 22 && !text[22] && text[0] >= '0' && text[0] <= '3';
}

static ct_err check_id(ct_ifc__reader *r, ct_strmap *seen, uint32_t slot) {
    const char *id;
    size_t first;
    CT_TRY(ct_ifc__text(&id, r->arena, &r->m, slot, "GlobalId"));
    if (!id) {
        r->keyed[slot] = 1;
        ct_ifc__note(&r->m, CT_SEVERITY_WARNING, "global-id", slot, "there is no GlobalId");
        return CT_OK;
    }
    if (!ct_ifc__is_global_id(id)) {
        r->keyed[slot] = 1;
        ct_ifc__note(&r->m, CT_SEVERITY_WARNING, "global-id", slot,
                     "\"%.64s\" is no GlobalId: 22 characters of 0-9 A-Z a-z _ $, the first 0 to 3",
                     id);
    }
    if (!ct_strmap_get(&first, seen, id)) return ct_strmap_put(seen, id, slot);
    r->keyed[slot] = 1;
    ct_ifc__note(&r->m, CT_SEVERITY_WARNING, "global-id", slot, "#%llu has the GlobalId %.64s too",
                 (unsigned long long)ct_step__id(r->m.step, (uint32_t)first), id);
    return CT_OK;
}

ct_err ct_ifc__check_ids(ct_ifc__reader *r) {
    ct_ifc__slots roots;
    r->keyed = ct_arena_calloc(r->arena, (size_t)ct_step__count(r->m.step) + 1, 1);
    if (!r->keyed) return CT_NOMEM;
    CT_TRY(ct_ifc__all_known(&roots, r->arena, &r->m, CT_IFC__ROOT));
    ct_strmap *seen = ct_strmap_new(roots.n);
    if (!seen) return CT_NOMEM;
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < roots.n; i++) err = check_id(r, seen, roots.at[i]);
    ct_strmap_free(seen);
    return err;
}

ct_err ct_ifc__id(const char **out, ct_arena *arena, const ct_ifc__reader *r, uint32_t slot) {
    enum { LONGEST = 40 }; // of what may be a GlobalId; encoded it takes three times as much
    const ct_step__value v = ct_ifc__get(&r->m, slot, "GlobalId");
    const char *text;
    if (r->known_as && r->known_as[slot]) {
        *out = ct_arena_strdup(arena, r->known_as[slot]);
        return *out ? CT_OK : CT_NOMEM;
    }
    char id[CT_ID_MAX];
    CT_TRY(ct_step__text(&text, arena, &v, NULL));
    if (!text || !*text || strlen(text) > LONGEST) text = "ifc";
    CT_TRY(ct_id_encode(id, text));
    *out = r->keyed[slot] || strcmp(text, "ifc") == 0
               ? ct_arena_printf(arena, "%.100s.%llu", id,
                                 (unsigned long long)ct_step__id(r->m.step, slot))
               : ct_arena_strdup(arena, id);
    return *out ? CT_OK : CT_NOMEM;
}
