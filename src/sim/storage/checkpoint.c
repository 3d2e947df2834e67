// The state as bytes: saving, loading, hashing. A header, then the block of what moves.
#include <string.h>

#include "sim/storage/state.h"

static const char magic[8] = {'c', 't', 's', 't', 'o', 'r', 'e', '1'};

typedef struct header {
    char magic[8];
    uint64_t bytes; // of the whole checkpoint
    ct_hash128 identity, payload;
} header;

static size_t block_bytes(const ct_storage *s) {
    return s->live.count * sizeof *s->live.block;
}

void ct_storage_hash(const ct_storage *storage, uint64_t out[2]) {
    const ct_hash128 parts[2] = {storage->identity,
                                 ct_hash_bytes(storage->live.block, block_bytes(storage))};
    const ct_hash128 all = ct_hash_bytes(parts, sizeof parts);
    out[0] = all.high;
    out[1] = all.low;
}

size_t ct_storage_save_bytes(const ct_storage *storage) {
    return sizeof(header) + block_bytes(storage);
}

ct_err ct_storage_save(const ct_storage *storage, void *out, size_t bytes) {
    const size_t need = ct_storage_save_bytes(storage);
    if (bytes < need)
        return ct_fail(CT_ARG, "storage: save: %zu bytes given, %zu needed", bytes, need);
    header head = {.bytes = need, .identity = storage->identity};
    memcpy(head.magic, magic, sizeof magic);
    head.payload = ct_hash_bytes(storage->live.block, block_bytes(storage));
    memcpy(out, &head, sizeof head);
    memcpy((char *)out + sizeof head, storage->live.block, block_bytes(storage));
    return CT_OK;
}

ct_err ct_storage_load(ct_storage *storage, const void *data, size_t bytes) {
    header head;
    const char *at = data;
    if (bytes < sizeof head) return ct_fail(CT_CORRUPT, "storage: load: only %zu bytes", bytes);
    memcpy(&head, at, sizeof head);
    if (memcmp(head.magic, magic, sizeof magic) != 0 || head.bytes != bytes)
        return ct_fail(CT_CORRUPT, "storage: load: not a whole checkpoint (%zu bytes)", bytes);
    if (memcmp(&head.identity, &storage->identity, sizeof head.identity) != 0 ||
        bytes != ct_storage_save_bytes(storage))
        return ct_fail(CT_ARG, "storage: load: the checkpoint belongs to other parameters");
    const ct_hash128 found = ct_hash_bytes(at + sizeof head, bytes - sizeof head);
    if (memcmp(&found, &head.payload, sizeof found) != 0)
        return ct_fail(CT_CORRUPT, "storage: load: the checkpoint's hash does not fit its bytes");
    memcpy(storage->live.block, at + sizeof head, block_bytes(storage));
    return CT_OK;
}
