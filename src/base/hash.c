// Content hashes by XXH3-128.
#include "base/hash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/file.h"
#include "base/file_private.h"
#include "base/mem.h"

enum { READ_BYTES = 64 * 1024 };

struct ct_hash {
    XXH3_state_t *state;
};

static ct_hash128 of_xxh(XXH128_hash_t h) {
    return (ct_hash128){.high = h.high64, .low = h.low64};
}

ct_hash *ct_hash_new(void) {
    ct_hash *hash = ct_alloc(sizeof *hash);
    if (!hash) return NULL;
    hash->state = XXH3_createState();
    if (!hash->state || XXH3_128bits_reset(hash->state) != XXH_OK) {
        ct_hash_free(hash);
        (void)ct_fail(CT_NOMEM, "out of memory");
        return NULL;
    }
    return hash;
}

void ct_hash_add(ct_hash *hash, const void *bytes, size_t n) {
    if (n) XXH3_128bits_update(hash->state, bytes, n);
}

void ct_hash_add_text(ct_hash *hash, const char *text) {
    uint64_t n = strlen(text);
    unsigned char length[8]; // little-endian: the same hash on any machine
    for (int i = 0; i < 8; i++) length[i] = (unsigned char)(n >> (8 * i));
    ct_hash_add(hash, length, sizeof length);
    ct_hash_add(hash, text, n);
}

ct_err ct_hash_add_file(ct_hash *hash, const char *path) {
    int fd;
    uint64_t size;
    CT_TRY(ct_file_open(&fd, &size, path));
    char *piece = ct_alloc(READ_BYTES);
    ct_err err = piece ? CT_OK : CT_NOMEM;
    while (err == CT_OK) {
        const ssize_t got = read(fd, piece, READ_BYTES);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) err = ct_base__io_error(path, "read", errno);
        if (got <= 0) break;
        ct_hash_add(hash, piece, (size_t)got);
    }
    close(fd);
    ct_free(piece);
    return err;
}

ct_hash128 ct_hash_get(const ct_hash *hash) {
    return of_xxh(XXH3_128bits_digest(hash->state));
}

void ct_hash_free(ct_hash *hash) {
    if (!hash) return;
    XXH3_freeState(hash->state);
    ct_free(hash);
}

ct_hash128 ct_hash_bytes(const void *bytes, size_t n) {
    return of_xxh(XXH3_128bits(bytes, n));
}

void ct_hash_chain(ct_hash128 *chain, const void *bytes, size_t n) {
    ct_hash128 pair[2] = {*chain, ct_hash_bytes(bytes, n)};
    *chain = ct_hash_bytes(pair, sizeof pair);
}

void ct_hash_hex(char out[33], ct_hash128 hash) {
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)hash.high,
             (unsigned long long)hash.low);
}
