// Inside export/city: arrays that grow.
#ifndef CT_EXPORT_CITY_ROOM_H
#define CT_EXPORT_CITY_ROOM_H

#include "base/grow.h"

// Makes room for `more` elements of `each` bytes after `used` in *block (NULL at first). CT_NOMEM;
// the old block then stays.
static inline ct_err ct_cityout__room(void *block, size_t *room, size_t used, size_t more,
                                      size_t each) {
    return ct_grow(block, room, used + more, each);
}

#endif
