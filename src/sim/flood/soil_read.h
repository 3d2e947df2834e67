// A soil out of a document: a case's or a scenario's.
#ifndef CT_SIM_FLOOD_SOIL_READ_H
#define CT_SIM_FLOOD_SOIL_READ_H

#include "base/json.h"
#include "cimtwin/flood.h"

// The fields of a soil, NULL at the end: rates in mm/h there, depths in mm.
extern const char *const ct_flood_soil_fields[];

// Reads and checks; `where` names the object in messages. A field that the kind has no use for is
// refused. CT_PARSE, CT_RANGE.
CT_CHECKED ct_err ct_flood_soil_read(ct_flood_soil *out, const json_t *json, const char *where);

// The same with every field that its kind has; NULL = no memory.
json_t *ct_flood_soil_json(const ct_flood_soil *soil);

#endif
