// Private to the back end: the rasters of the terrain folder and the versions that they go with.
#ifndef CT_STORE_SQLITE_RASTERS_H
#define CT_STORE_SQLITE_RASTERS_H

#include "store/sqlite/internal.h"

// Whether a terrain feature, as the connection sees them, names this file; true where the catalogue
// knows no such names.
CT_CHECKED ct_err ct_store__names_raster(bool *named, const ct_store *store, ct_store__conn *conn,
                                         const char *name);

// What lies in the terrain folder at this moment.
typedef struct ct_store__rasters ct_store__rasters;
CT_CHECKED ct_err ct_store__rasters_see(ct_store__rasters **out, const ct_store *store);
// Whether it was there, and not of an import that had not committed: so every later version has it.
bool ct_store__rasters_settled(const ct_store__rasters *rasters, const char *name);
void ct_store__rasters_free(ct_store__rasters *rasters); // NULL is fine

#endif
