// A hash table from texts to numbers: open addressing, linear probing, at most half full.
#include "base/strmap.h"

#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

typedef struct slot {
    const char *key; // NULL = free
    uint64_t hash;
    size_t value;
} slot;

struct ct_strmap {
    slot *slots;
    size_t capacity, count; // capacity: a power of two
};

ct_strmap *ct_strmap_new(size_t expected) {
    size_t capacity = 16;
    while (capacity / 2 < expected && capacity < SIZE_MAX / 4) capacity *= 2;
    ct_strmap *map = ct_calloc(1, sizeof *map);
    slot *slots = ct_calloc(capacity, sizeof *slots);
    if (!map || !slots) {
        ct_free(map);
        ct_free(slots);
        return NULL;
    }
    *map = (ct_strmap){slots, capacity, 0};
    return map;
}

void ct_strmap_free(ct_strmap *map) {
    if (!map) return;
    ct_free(map->slots);
    ct_free(map);
}

// The key's slot, or the free one where it would stand.
static slot *find(const ct_strmap *map, const char *key, uint64_t hash) {
    size_t i = hash & (map->capacity - 1);
    while (map->slots[i].key && (map->slots[i].hash != hash || strcmp(map->slots[i].key, key) != 0))
        i = (i + 1) & (map->capacity - 1);
    return &map->slots[i];
}

static ct_err grow(ct_strmap *map) {
    const ct_strmap old = *map;
    slot *slots = ct_calloc(old.capacity * 2, sizeof *slots);
    if (!slots) return CT_NOMEM;
    map->slots = slots;
    map->capacity = old.capacity * 2;
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].key) *find(map, old.slots[i].key, old.slots[i].hash) = old.slots[i];
    ct_free(old.slots);
    return CT_OK;
}

ct_err ct_strmap_put(ct_strmap *map, const char *key, size_t value) {
    if (map->count >= map->capacity / 2) CT_TRY(grow(map));
    const uint64_t hash = ct_hash_bytes(key, strlen(key)).low;
    slot *place = find(map, key, hash);
    if (!place->key) map->count++;
    *place = (slot){key, hash, value};
    return CT_OK;
}

bool ct_strmap_get(size_t *value, const ct_strmap *map, const char *key) {
    const slot *place = find(map, key, ct_hash_bytes(key, strlen(key)).low);
    if (!place->key) return false;
    *value = place->value;
    return true;
}

size_t ct_strmap_count(const ct_strmap *map) {
    return map->count;
}
