// The table of pairs.
#include "geo/pairs.h"

#include "base/grow.h"

static uint32_t slot_of(const ct_geo__pairs *p, uint64_t key) {
    uint64_t h = key * 0x9E3779B97F4A7C15U;
    h ^= h >> 29;
    uint32_t slot = (uint32_t)h & (p->size - 1);
    while (p->table[slot] != UINT32_MAX && p->keys[p->table[slot]] != key)
        slot = (slot + 1) & (p->size - 1);
    return slot;
}

static ct_err grow(ct_geo__pairs *p) {
    if (2 * p->n < p->size) return CT_OK;
    const uint32_t size = p->size ? 2 * p->size : 64;
    uint32_t *table = ct_alloc(size * sizeof *table);
    if (!table) return CT_NOMEM;
    ct_free(p->table);
    p->table = table;
    p->size = size;
    for (uint32_t i = 0; i < size; i++) table[i] = UINT32_MAX;
    for (uint32_t i = 0; i < p->n; i++) table[slot_of(p, p->keys[i])] = i;
    return CT_OK;
}

ct_err ct_geo__pairs_put(uint32_t *number, bool *fresh, ct_geo__pairs *p, uint32_t a, uint32_t b) {
    CT_TRY(grow(p));
    CT_TRY(ct_grow(&p->keys, &p->keys_room, (size_t)p->n + 1, sizeof *p->keys));
    const uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    const uint32_t slot = slot_of(p, key);
    *fresh = p->table[slot] == UINT32_MAX;
    if (*fresh) {
        p->keys[p->n] = key;
        p->table[slot] = p->n++;
    }
    *number = p->table[slot];
    return CT_OK;
}

void ct_geo__pairs_fini(ct_geo__pairs *p) {
    ct_free(p->keys);
    ct_free(p->table);
}
