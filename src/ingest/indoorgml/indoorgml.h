// Inside ingest: the reader of IndoorGML 1.0 (OGC 14-005): cells of space become the spaces of one
// building, the transitions of the graph its connections. A document may have 256 MiB, as it is
// read as a whole.
#ifndef CT_INGEST_INDOORGML_INDOORGML_H
#define CT_INGEST_INDOORGML_INDOORGML_H

#include "ingest/city/city.h"

#define CT_INDOORGML__MAX_DOCUMENT ((size_t)256 << 20)

// Whether the file is meant to be one: XML whose beginning speaks of IndoorGML.
bool ct_indoorgml__is(const char *path);
CT_CHECKED ct_err ct_indoorgml__import(ct_ingest__job *job);

// Whether the point, in the file's coordinates, is in the cell's solids; true where it has none.
bool ct_indoorgml__inside(const ct_city__object *cell, const double p[3]);
// Tells cells of one layer that overlap, and transitions between cells that share no face. All are
// delivered, in the twin's coordinates. Resets the job's arena.
CT_CHECKED ct_err ct_indoorgml__check(ct_city__reader *r, ct_city__object *building,
                                      ct_city__object *const *cells, size_t n_cells);

#endif
