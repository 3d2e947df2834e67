// Inside ingest: texts of tags as people write them ("12 m", "40 ft", "30 mph", "3;4") into values.
#ifndef CT_INGEST_MEASURE_H
#define CT_INGEST_MEASURE_H

#include "model/feature.h"

typedef enum ct_ingest__measure {
    CT_INGEST__TEXT,    // as it is
    CT_INGEST__CHINESE, // only texts with a Chinese character
    CT_INGEST__NUMBER,  // without unit; the first of "3;4"
    CT_INGEST__LENGTH,  // metres unless it says ft, ' or km
    CT_INGEST__SPEED,   // km/h unless it says mph or knots
    CT_INGEST__YEAR,    // of a date: the four digits that it begins with
} ct_ingest__measure;

bool ct_ingest__measure_named(ct_ingest__measure *out, const char *name); // false if unknown

// Numbers are multiplied by `times`; whole-number attributes take them rounded down. CT_NOTFOUND
// (without message) for a text that CHINESE or YEAR passes over, CT_PARSE, CT_RANGE naming the
// attribute.
CT_CHECKED ct_err ct_ingest__measure_read(ct_value *out, ct_arena *arena, const ct_attr *attr,
                                          ct_ingest__measure measure, double times,
                                          const char *text);

#endif
