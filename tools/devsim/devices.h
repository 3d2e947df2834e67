// The devices of a twin, as the simulator needs them.
#ifndef TOOLS_DEVSIM_DEVICES_H
#define TOOLS_DEVSIM_DEVICES_H

#include <stddef.h>

#include "base/arena.h"
#include "cimtwin/err.h"
#include "values.h"

typedef struct ds_devices {
    ct_arena *arena;
    char *name; // the twin's short one, of its file: the topic's second level
    ds_device *list;
    const char **topics; // of each: cimtwin/<twin>/obs/<device id>
    size_t n;
    double utc_offset_h; // of the twin's place, by the sun
} ds_devices;

// Reads a twin and closes it again. CT_NOTFOUND: there are no devices in it.
CT_CHECKED ct_err ds_devices_read(ds_devices *out, const char *twin);
void ds_devices_free(ds_devices *devices);

#endif
