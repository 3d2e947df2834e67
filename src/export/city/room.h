// Inside export/city: arrays that grow.
#ifndef CT_EXPORT_CITY_ROOM_H
#define CT_EXPORT_CITY_ROOM_H

#include "base/mem.h"
#include "cimtwin/err.h"

// Makes room for `more` elements of `each` bytes after `used` in *block (NULL at first). CT_NOMEM;
// the old block then stays.
static inline ct_err ct_cityout__room(void *block, size_t *room, size_t used, size_t more,
                                      size_t each) {
    if (used + more <= *room) return CT_OK;
    size_t wanted = *room < 8 ? 16 : 2 * *room, bytes;
    if (wanted < used + more) wanted = used + more;
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
