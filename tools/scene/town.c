// Growing arrays of the town.
#include "town.h"

#include <string.h>

#include "base/mem.h"

void sc_town_fini(sc_town *town) {
    ct_free(town->buildings);
    ct_free(town->gates);
    ct_free(town->joins);
    memset(town, 0, sizeof *town);
}

static void *grow(sc_town *town, void **items, size_t *count, size_t *cap, size_t size) {
    if (sc_world_status(town->world) != CT_OK) return NULL;
    if (*count == *cap) {
        size_t wanted = *cap ? *cap * 2 : 64;
        void *grown = ct_realloc(*items, wanted * size);
        if (!grown) {
            sc_world_stick(town->world, CT_NOMEM);
            return NULL;
        }
        *items = grown;
        *cap = wanted;
    }
    void *item = (char *)*items + *count * size;
    memset(item, 0, size);
    (*count)++;
    return item;
}

#define GROW(town, name, type)                                                                     \
    void *items = (town)->name;                                                                    \
    type *item = /* NOLINT(bugprone-macro-parentheses) */                                          \
        grow(town, &items, &(town)->n_##name, &(town)->cap_##name, sizeof(type));                  \
    (town)->name = items;                                                                          \
    return item

sc_building *sc_town_new_building(sc_town *town) {
    GROW(town, buildings, sc_building);
}

sc_gate *sc_town_new_gate(sc_town *town) {
    GROW(town, gates, sc_gate);
}

sc_join *sc_town_new_join(sc_town *town) {
    GROW(town, joins, sc_join);
}

sc_pad *sc_town_pads(const sc_town *town) {
    sc_pad *pads = ct_calloc(town->n_buildings, sizeof *pads);
    for (size_t i = 0; pads && i < town->n_buildings; i++)
        pads[i] = (sc_pad){town->buildings[i].ring, town->buildings[i].base_m};
    return pads;
}
