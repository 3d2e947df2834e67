// What first requests would otherwise wait for: the transforms between the CRSs that the twin is
// served in (0.1 s each to find) and the threads' reading connections (20 ms each). Made by a
// thread of its own while the server begins to serve; who needs one before waits for that one only.
#include "base/log.h"
#include "http/api/internal.h"

// What is kept stays found for all threads.
static void warm_transforms(ct_api *api) {
    const char *twin = api->twin_crs.code;
    const char *const pairs[CT_API__KEPT][2] = {
        {CT_CRS_CRS84, twin},    // of boxes
        {CT_CRS_MERCATOR, twin}, // of tiles
        {twin, CT_CRS_CRS84},    // these two the fits have found
        {twin, CT_CRS_MERCATOR},
    };
    for (int i = 0; i < CT_API__KEPT; i++)
        if (ct_transform_new(&api->kept[i], pairs[i][0], pairs[i][1]) != CT_OK)
            ct_log(CT_LOG_DEBUG, "warming: %s", ct_err_message());
}

// As many as there are threads, all at once: the store keeps them.
static void warm_readers(ct_api *api) {
    ct_reader *readers[CT_API__MAX_WARM];
    int n = 0;
    while (n < api->parts.threads && n < CT_API__MAX_WARM &&
           ct_store_reader(&readers[n], api->parts.store) == CT_OK)
        n++;
    for (int i = 0; i < n; i++) ct_reader_release(readers[i]);
}

static void *warm(void *context) {
    ct_api *api = context;
    warm_transforms(api);
    warm_readers(api);
    return NULL;
}

void ct_api__warm_start(ct_api *api) {
    if (api->parts.threads <= 0) return;
    api->warming =
        pthread_create(&api->warm_thread, NULL, warm, api) == 0; // else they are made later
}

void ct_api__warm_wait(ct_api *api) {
    if (api->warming) pthread_join(api->warm_thread, NULL);
    api->warming = false;
}

void ct_api__warm_end(ct_api *api) {
    ct_api__warm_wait(api);
    for (int i = 0; i < CT_API__KEPT; i++) ct_transform_free(api->kept[i]);
}
