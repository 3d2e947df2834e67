// SpatiaLite as an extension of a connection that writes: its triggers call its functions.
#include <sqlite3.h>

#include <spatialite.h>

#include "store/sqlite/internal.h"

ct_err ct_store__spatialite_load(void **out, ct_store__conn *conn) {
    void *cache = spatialite_alloc_connection();
    if (!cache) return ct_fail(CT_NOMEM, "no memory for SpatiaLite");
    spatialite_init_ex(conn->db, cache, 0);
    *out = cache;
    return CT_OK;
}

void ct_store__spatialite_free(void *spatialite) {
    if (spatialite) spatialite_cleanup_ex(spatialite);
}
