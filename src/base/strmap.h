// A hash table from texts to numbers: where a thing with this id stands in an array. Not
// thread-safe; keys are borrowed and must outlive the map.
#ifndef CT_BASE_STRMAP_H
#define CT_BASE_STRMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/err.h"

typedef struct ct_strmap ct_strmap;

ct_strmap *ct_strmap_new(size_t expected); // NULL when out of memory
void ct_strmap_free(ct_strmap *map);       // NULL is fine
// Adds or replaces.
CT_CHECKED ct_err ct_strmap_put(ct_strmap *map, const char *key, size_t value);
bool ct_strmap_get(size_t *value, const ct_strmap *map, const char *key); // false: not there
size_t ct_strmap_count(const ct_strmap *map);

#endif
