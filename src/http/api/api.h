// The twin over HTTP: OGC API Common, Features and Tiles, result maps, runs, live devices, the
// page's files, health and figures. One file per standard or topic; api.c joins them.
//
// Life in a server: ct_api_new, ct_http_new, ct_api_add_routes, ct_http_start, ct_api_tick five
// times a second, ... ct_http_stop, ct_api_free, ct_http_free; then the parts.
#ifndef CT_HTTP_API_API_H
#define CT_HTTP_API_API_H

#include "http/core/http.h"
#include "live/live.h"
#include "live/mqtt.h"
#include "scenario/queue.h"
#include "store/store.h"
#include "tiles/tiles.h"

typedef struct ct_api ct_api; // thread-safe

// All borrowed; each but the store may be NULL: its routes are then not there.
typedef struct ct_api_parts {
    ct_store *store;
    ct_tiles *tiles;
    ct_queue *queue;
    ct_live *live;
    ct_mqtt *mqtt;              // for /health and /metrics
    const char *console_folder; // the built page; read once
    int threads; // of the server: what they need at first is made beforehand, beside the start; 0:
                 // not
} ct_api_parts;

// Listens to the live state's events from here on.
CT_CHECKED ct_err ct_api_new(ct_api **out, const ct_api_parts *parts);
void ct_api_set_mqtt(ct_api *api, ct_mqtt *mqtt); // before ct_http_start
void ct_api_free(ct_api *api); // after ct_http_stop, before ct_http_free; NULL is fine
// Adds every route and lets events wake the server's streams. Before ct_http_start.
CT_CHECKED ct_err ct_api_add_routes(ct_http *http, ct_api *api);

// Looks for commits (own and of other programs), drops the tiles that they touched, reloads devices
// and tells the pages (events `change`, `health`); ticks the live state. Call it about five times a
// second from one thread.
void ct_api_tick(ct_api *api);

// Tells everybody at /live/events; for the queue's `changed` ("run", the Run's JSON in one line).
// Any thread.
void ct_api_publish(ct_api *api, const char *type, const char *json);

#endif
