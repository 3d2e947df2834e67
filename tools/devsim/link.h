// The connection to the broker: publishes with QoS 1, connects again by itself, and then repeats
// what it published in the ten seconds before the connection broke.
#ifndef TOOLS_DEVSIM_LINK_H
#define TOOLS_DEVSIM_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef struct ds_link ds_link; // one thread

typedef struct ds_link_counts {
    int64_t sent, acknowledged, connects;
} ds_link_counts;

// `url`: mqtt://host[:port]. The first connection is made by ds_link_run too: a broker that is not
// there yet is waited for.
CT_CHECKED ct_err ds_link_open(ds_link **out, const char *url);
void ds_link_close(ds_link *link); // says goodbye; NULL is fine

// Reads and writes for at most timeout_ms; connects where there is no connection (waits of 0.2 s to
// 5 s between attempts).
void ds_link_run(ds_link *link, int timeout_ms);
// Connected, all said again that has to be, and not too much is on its way.
bool ds_link_ready(const ds_link *link);
// A text without NUL; `topic` must outlive the link. CT_REMOTE: the message was not taken.
CT_CHECKED ct_err ds_link_publish(ds_link *link, const char *topic, const char *payload,
                                  size_t length);
ds_link_counts ds_link_get_counts(const ds_link *link);

#endif
