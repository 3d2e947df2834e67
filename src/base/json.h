// JSON in: jansson behind limits, and getters whose errors name the field. jansson allocates by the
// memory door, so a text of json_dumps is freed with ct_free.
#ifndef CT_BASE_JSON_H
#define CT_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

// Parses a whole document: strict, at most `max_bytes` long and 64 levels deep, duplicate keys
// refused, valid UTF-8. The caller releases with json_decref. Errors name line and column.
// CT_PARSE, CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_json_parse(json_t **out, const char *text, size_t length, size_t max_bytes);
CT_CHECKED ct_err ct_json_read_file(json_t **out, const char *path, size_t max_bytes);

// A copy of all of it; json_decref. NULL = no memory (jansson's own copies leave out what they had
// no memory for, and do not tell).
json_t *ct_json_copy(const json_t *value);

// Text by jansson's flags (JSON_INDENT and the like). Caller frees with ct_free; NULL = no memory
// (json_dumps may go on after a failed allocation and give a text all the same).
char *ct_json_dump(const json_t *value, size_t flags);
// Compact text with sorted keys: equal documents give equal bytes (hashing). Caller frees with
// ct_free; NULL = no memory.
char *ct_json_canonical(const json_t *value);

// Getters: `where` names the object in messages ("scenario.rain"). A missing key is CT_NOTFOUND ->
// CT_PARSE with a message, unless `_or` gives a default; a wrong type or a number outside [min,
// max] is an error always.
CT_CHECKED ct_err ct_json_get_string(const char **out, const json_t *object, const char *key,
                                     const char *where);
CT_CHECKED ct_err ct_json_get_number(double *out, const json_t *object, const char *key, double min,
                                     double max, const char *where);
CT_CHECKED ct_err ct_json_string_or(const char **out, const json_t *object, const char *key,
                                    const char *otherwise, const char *where);
CT_CHECKED ct_err ct_json_number_or(double *out, const json_t *object, const char *key,
                                    double otherwise, double min, double max, const char *where);
CT_CHECKED ct_err ct_json_int_or(int64_t *out, const json_t *object, const char *key,
                                 int64_t otherwise, int64_t min, int64_t max, const char *where);
CT_CHECKED ct_err ct_json_bool_or(bool *out, const json_t *object, const char *key, bool otherwise,
                                  const char *where);
// One of the words of a NULL-ended list, by its place there; otherwise < 0: it must be given.
CT_CHECKED ct_err ct_json_word_or(int *out, const json_t *object, const char *key,
                                  const char *const *words, int otherwise, const char *where);

// Refuses keys that are not in the NULL-ended list: `where: unknown field "x"`.
CT_CHECKED ct_err ct_json_only(const json_t *object, const char *const *allowed, const char *where);

#endif
