// Arrays that grow, freed with ct_free.
#ifndef CT_BASE_GROW_H
#define CT_BASE_GROW_H

#include <stddef.h>

#include "base/mem.h"
#include "cimtwin/err.h"

// Makes room for `need` elements of `each` bytes in the block that the pointer at `block` names
// (NULL at first); *room is how many fit. At least doubles. CT_NOMEM; the old block then stays.
static inline ct_err ct_grow(void *block, size_t *room, size_t need, size_t each) {
    if (need <= *room) return CT_OK;
    size_t wanted = *room < 16 ? 32 : 2 * *room, bytes;
    if (wanted < need) wanted = need;
    if (!ct_mul_ok(wanted, each, &bytes)) return ct_fail(CT_NOMEM, "out of memory");
    void *old;
    __builtin_memcpy(&old, block, sizeof old);
    void *grown = ct_realloc(old, bytes);
    if (!grown) return CT_NOMEM;
    __builtin_memcpy(block, &grown, sizeof grown);
    *room = wanted;
    return CT_OK;
}

#endif
