// The materials of a file, each once, in the order of their first use.
#include <string.h>

#include "export/city/city.h"
#include "export/city/room.h"

ct_err ct_cityout__materials_init(ct_cityout__materials *m) {
    *m = (ct_cityout__materials){.arena = ct_arena_new(1 << 14, 0), .numbers = ct_strmap_new(64)};
    return m->arena && m->numbers ? CT_OK : CT_NOMEM;
}

void ct_cityout__materials_fini(ct_cityout__materials *m) {
    ct_strmap_free(m->numbers);
    ct_arena_free(m->arena);
    ct_free(m->all);
    *m = (ct_cityout__materials){0};
}

static bool is_plain(const ct_material *m) {
    static const float grey[4] = {0.8F, 0.8F, 0.8F, 1};
    return !*m->name && memcmp(m->rgba, grey, sizeof grey) == 0;
}

ct_err ct_cityout__material(uint32_t *out, ct_cityout__materials *m, const ct_material *material) {
    enum { LONGEST = 4096 };
    char key[LONGEST];
    size_t at;
    *out = 0;
    if (is_plain(material)) return CT_OK;
    snprintf(key, sizeof key, "%a %a %a %a %s", (double)material->rgba[0],
             (double)material->rgba[1], (double)material->rgba[2], (double)material->rgba[3],
             material->name);
    if (!ct_strmap_get(&at, m->numbers, key)) {
        const char *kept = ct_arena_strdup(m->arena, key);
        CT_TRY(ct_cityout__room(&m->all, &m->room, m->n, 1, sizeof *m->all));
        ct_material *made = &m->all[m->n];
        *made = *material;
        made->name = ct_arena_strdup(m->arena, material->name);
        if (!kept || !made->name) return CT_NOMEM;
        at = m->n++;
        CT_TRY(ct_strmap_put(m->numbers, kept, at));
    }
    *out = (uint32_t)at + 1;
    return CT_OK;
}
