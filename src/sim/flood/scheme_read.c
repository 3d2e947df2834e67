// Scheme, precision and steps in documents.
#include "sim/flood/scheme_read.h"

ct_err ct_flood_scheme_read(ct_flood_scheme *scheme, ct_flood_precision *precision,
                            bool *local_steps, const json_t *json, const char *where) {
    ct_flood_params usual;
    int words[2];
    ct_flood_params_init(&usual);
    CT_TRY(ct_json_word_or(&words[0], json, "scheme", ct_flood_scheme_words, (int)usual.scheme,
                           where));
    CT_TRY(ct_json_word_or(&words[1], json, "precision", ct_flood_precision_words,
                           (int)usual.precision, where));
    CT_TRY(ct_json_bool_or(local_steps, json, "local_steps", usual.local_steps, where));
    *scheme = (ct_flood_scheme)words[0];
    *precision = (ct_flood_precision)words[1];
    return CT_OK;
}
