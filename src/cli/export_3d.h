// Part of cimtwin export: 3D Tiles.
#ifndef CT_CLI_EXPORT_3D_H
#define CT_CLI_EXPORT_3D_H

#include "cli/command.h"

// Whether --format, a slash at the path's end or its ending say so.
bool ct_export_3d_meant(const ct_args *args, const char *path);
// Writes the folder and prints what is in it.
CT_CHECKED ct_err ct_export_3d(const ct_args *args, ct_store *store, const char *to);

#endif
