// Inside ingest: reference systems that a file names by a text (CityJSON, GML), and the way from
// there to the twin's.
#ifndef CT_INGEST_NAMED_CRS_H
#define CT_INGEST_NAMED_CRS_H

#include "ingest/job.h"

enum { CT_INGEST__CODE_BYTES = 24 };

// What a name says: "EPSG:25832" and the code of the heights, "" where it tells none.
typedef struct ct_ingest__crs_name {
    char code[CT_INGEST__CODE_BYTES];
    char heights[CT_INGEST__CODE_BYTES];
} ct_ingest__crs_name;

// URLs, URNs (compound ones too), "EPSG:4547", "EPSG:25832+5783", "4547" and the names of the
// German surveys (urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH). False where it is none of these.
bool ct_ingest__crs_name_read(ct_ingest__crs_name *out, const char *text);

typedef struct ct_ingest__named_crs ct_ingest__named_crs; // one thread at a time

// What coordinates themselves tell about the order of their axes, which not everybody writes as the
// authority has it.
typedef struct ct_ingest__sight {
    double place[2]; // some point of the file, as it stands there
    int hand;        // solids look outside as the coordinates stand: 1; inside: -1; not known: 0
    bool east_first; // the writer is known to do so, whatever the authority says
} ct_ingest__sight;

// `text` NULL or "": the options' source CRS. Findings tell what became of heights and order.
// CT_CRS.
CT_CHECKED ct_err ct_ingest__named_crs_open(ct_ingest__named_crs **out, ct_ingest__job *job,
                                            const char *text, const ct_ingest__sight *sight);
void ct_ingest__named_crs_close(ct_ingest__named_crs *crs); // NULL is fine
// In place, 3 numbers a point; heights stay. CT_CRS.
CT_CHECKED ct_err ct_ingest__named_crs_apply(const ct_ingest__named_crs *crs, ct_arena *arena,
                                             double *xyz, size_t n);
// How the source's axes (east and north in metres, for systems in degrees too) lie in the twin
// about a point of the source: the linear part without heights, out[0..1] the image of east,
// out[2..3] of north. CT_CRS.
CT_CHECKED ct_err ct_ingest__named_crs_axes(double out[4], const ct_ingest__named_crs *crs,
                                            ct_arena *arena, const double place[3]);

#endif
