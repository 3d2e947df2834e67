// Content hashes (XXH3, 128 bits, of libxxhash): names of runs, states and cached things; not for
// secrets.
#ifndef CT_BASE_HASH_H
#define CT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef struct ct_hash ct_hash; // a running hash
typedef struct ct_hash128 {
    uint64_t high, low;
} ct_hash128;

ct_hash *ct_hash_new(void); // NULL when out of memory
void ct_hash_add(ct_hash *hash, const void *bytes, size_t n);
void ct_hash_add_text(ct_hash *hash,
                      const char *text); // with its length, so that "ab","c" != "a","bc"
// The bytes of a file, read in pieces. CT_NOTFOUND, CT_IO.
CT_CHECKED ct_err ct_hash_add_file(ct_hash *hash, const char *path);
ct_hash128 ct_hash_get(const ct_hash *hash);
void ct_hash_free(ct_hash *hash);

ct_hash128 ct_hash_bytes(const void *bytes, size_t n);
// A hash of hashes: takes in n bytes more, so that parts are hashed without a copy that joins them.
void ct_hash_chain(ct_hash128 *chain, const void *bytes, size_t n);
void ct_hash_hex(char out[33], ct_hash128 hash); // 32 lower-case digits

#endif
