// The state as bytes: saving, loading, hashing.
//
// Layout: header, scalars, the block of the live state (live.c). Numbers are the machine's own: a
// checkpoint continues a run on the machine or the kind of machine that made it.
#include <string.h>

#include "sim/drains/state.h"

static const char magic[8] = {'c', 't', 'd', 'r', 'a', 'i', 'n', '1'};

typedef struct header {
    char magic[8];
    uint64_t bytes; // of the whole checkpoint
    ct_hash128 identity;
    ct_hash128 payload;
} header;

typedef struct scalars {
    double time_s, initial_m3;
    uint64_t steps;
    ct_sum sums[CT_DRAINS__SUMS];
} scalars;

static scalars get_scalars(const ct_drains *d) {
    scalars s = {d->live.time_s, d->live.initial_m3, d->live.steps, {{0, 0}}};
    memcpy(s.sums, d->live.sums, sizeof s.sums);
    return s;
}

static size_t block_bytes(const ct_drains *d) {
    return d->live.count * sizeof *d->live.block;
}

void ct_drains_hash(const ct_drains *drains, uint64_t out[2]) {
    scalars s = get_scalars(drains);
    ct_hash128 parts[3] = {drains->identity, ct_hash_bytes(&s, sizeof s),
                           ct_hash_bytes(drains->live.block, block_bytes(drains))};
    ct_hash128 all = ct_hash_bytes(parts, sizeof parts);
    out[0] = all.high;
    out[1] = all.low;
}

size_t ct_drains_save_bytes(const ct_drains *drains) {
    return sizeof(header) + sizeof(scalars) + block_bytes(drains);
}

ct_err ct_drains_save(const ct_drains *drains, void *out, size_t bytes) {
    size_t need = ct_drains_save_bytes(drains);
    if (bytes < need) {
        return ct_fail(CT_ARG, "drains: save: %zu bytes given, %zu needed", bytes, need);
    }
    char *at = out;
    scalars s = get_scalars(drains);
    memcpy(at + sizeof(header), &s, sizeof s);
    memcpy(at + sizeof(header) + sizeof s, drains->live.block, block_bytes(drains));
    header head = {.bytes = need, .identity = drains->identity};
    memcpy(head.magic, magic, sizeof magic);
    head.payload = ct_hash_bytes(at + sizeof head, need - sizeof head);
    memcpy(at, &head, sizeof head);
    return CT_OK;
}

ct_err ct_drains_load(ct_drains *drains, const void *data, size_t bytes) {
    header head;
    const char *at = data;
    if (bytes < sizeof head) return ct_fail(CT_CORRUPT, "drains: load: only %zu bytes", bytes);
    memcpy(&head, at, sizeof head);
    if (memcmp(head.magic, magic, sizeof magic) != 0 || head.bytes != bytes) {
        return ct_fail(CT_CORRUPT, "drains: load: not a whole drains checkpoint (%zu bytes)",
                       bytes);
    }
    if (memcmp(&head.identity, &drains->identity, sizeof head.identity) != 0 ||
        bytes != ct_drains_save_bytes(drains)) {
        return ct_fail(CT_ARG, "drains: load: the checkpoint belongs to other parameters");
    }
    ct_hash128 found = ct_hash_bytes(at + sizeof head, bytes - sizeof head);
    if (memcmp(&found, &head.payload, sizeof found) != 0) {
        return ct_fail(CT_CORRUPT, "drains: load: the checkpoint's hash does not fit its bytes");
    }
    scalars s;
    memcpy(&s, at + sizeof head, sizeof s);
    drains->live.time_s = s.time_s;
    drains->live.initial_m3 = s.initial_m3;
    drains->live.steps = s.steps;
    memcpy(drains->live.sums, s.sums, sizeof s.sums);
    memcpy(drains->live.block, at + sizeof head + sizeof s, block_bytes(drains));
    return CT_OK;
}
