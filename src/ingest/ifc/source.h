// Inside ifc: the bytes of the file, mapped into memory, or unpacked from an .ifczip.
#ifndef CT_INGEST_IFC_SOURCE_H
#define CT_INGEST_IFC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/err.h"

typedef struct ct_ifc__source {
    const char *bytes;
    size_t n;
    bool mapped; // else one block of memory
} ct_ifc__source;

// An archive must hold one file .ifc, of at most 2 GiB unpacked and 200 times the archive's size.
// CT_IO, CT_PARSE (a damaged archive, or none or several .ifc in it), CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_ifc__source_open(ct_ifc__source *out, const char *path);
void ct_ifc__source_close(ct_ifc__source *source);

// Of source_zip.c: the same for an archive. `size`: of the archive.
CT_CHECKED ct_err ct_ifc__source_unpack(ct_ifc__source *out, const char *path, size_t size);

#endif
