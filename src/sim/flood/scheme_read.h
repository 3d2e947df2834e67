// Scheme, precision and steps out of a document: a case's or a scenario's.
#ifndef CT_SIM_FLOOD_SCHEME_READ_H
#define CT_SIM_FLOOD_SCHEME_READ_H

#include "base/json.h"
#include "cimtwin/flood.h"

// The fields "scheme", "precision" and "local_steps" of an object; without them those of
// ct_flood_params_init. CT_PARSE.
CT_CHECKED ct_err ct_flood_scheme_read(ct_flood_scheme *scheme, ct_flood_precision *precision,
                                       bool *local_steps, const json_t *json, const char *where);

#endif
