// The coupling's state as bytes: its own, then the checkpoints of its engines, which know their
// parameters; the places are part of the surface's.
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "sim/street/state.h"

static const char magic[8] = {'c', 't', 's', 't', 'r', 'e', 'e', '2'};

typedef struct header {
    char magic[8];
    uint64_t bytes; // of the whole checkpoint
    uint64_t flood_bytes, drains_bytes, storage_bytes, exchanges, places;
    ct_hash128 payload; // of what follows the header
} header;

static size_t own_bytes(const ct_street *s) {
    return sizeof s->time_s + s->count * sizeof *s->passed;
}

static size_t drains_bytes(const ct_street *s) {
    return s->drains ? ct_drains_save_bytes(s->drains) : 0;
}

static size_t storage_bytes(const ct_street *s) {
    return s->storage ? ct_storage_save_bytes(s->storage) : 0;
}

size_t ct_street_save_bytes(const ct_street *street) {
    return sizeof(header) + own_bytes(street) + ct_flood_save_bytes(street->flood) +
           drains_bytes(street) + storage_bytes(street);
}

// All but the payload's hash.
static header header_of(const ct_street *s) {
    header head = {.bytes = ct_street_save_bytes(s),
                   .flood_bytes = ct_flood_save_bytes(s->flood),
                   .drains_bytes = drains_bytes(s),
                   .storage_bytes = storage_bytes(s),
                   .exchanges = s->exchanges,
                   .places = s->count};
    memcpy(head.magic, magic, sizeof magic);
    return head;
}

ct_err ct_street_save(const ct_street *street, void *out, size_t bytes) {
    header head = header_of(street);
    if (street->lost) return ct_fail(CT_DIVERGED, "street: save: the state has diverged");
    if (bytes < head.bytes)
        return ct_fail(CT_ARG, "street: save: %zu bytes given, %zu needed", bytes,
                       (size_t)head.bytes);
    char *at = (char *)out + sizeof(header);
    memcpy(at, &street->time_s, sizeof street->time_s);
    memcpy(at + sizeof street->time_s, street->passed, street->count * sizeof *street->passed);
    at += own_bytes(street);
    CT_TRY(ct_flood_save(street->flood, at, head.flood_bytes));
    at += head.flood_bytes;
    if (street->drains) CT_TRY(ct_drains_save(street->drains, at, head.drains_bytes));
    at += head.drains_bytes;
    if (street->storage) CT_TRY(ct_storage_save(street->storage, at, head.storage_bytes));
    head.payload = ct_hash_bytes((char *)out + sizeof head, head.bytes - sizeof head);
    memcpy(out, &head, sizeof head);
    return CT_OK;
}

static ct_err check(const ct_street *s, header *head, const void *data, size_t bytes) {
    if (bytes < sizeof *head) return ct_fail(CT_CORRUPT, "street: load: only %zu bytes", bytes);
    memcpy(head, data, sizeof *head);
    if (memcmp(head->magic, magic, sizeof magic) != 0 || head->bytes != bytes) {
        return ct_fail(CT_CORRUPT, "street: load: not a whole checkpoint (%zu bytes)", bytes);
    }
    header own = header_of(s);
    own.payload = head->payload;
    if (memcmp(head, &own, sizeof own) != 0) {
        return ct_fail(CT_ARG, "street: load: the checkpoint belongs to other parameters");
    }
    ct_hash128 found = ct_hash_bytes((const char *)data + sizeof *head, bytes - sizeof *head);
    if (memcmp(&found, &head->payload, sizeof found) != 0) {
        return ct_fail(CT_CORRUPT, "street: load: the checkpoint's hash does not fit its bytes");
    }
    return CT_OK;
}

// All engines or none: where a later one refuses, those before it go back to what they were.
static ct_err load_engines(ct_street *s, const header *head, const char *flood) {
    const char *drains = flood + head->flood_bytes, *storage = drains + head->drains_bytes;
    char *before = ct_alloc(head->drains_bytes + head->storage_bytes);
    if (!before) return CT_NOMEM;
    char *storage_before = before + head->drains_bytes;
    ct_err err = s->drains ? ct_drains_save(s->drains, before, head->drains_bytes) : CT_OK;
    if (err == CT_OK && s->storage)
        err = ct_storage_save(s->storage, storage_before, head->storage_bytes);
    if (err == CT_OK && s->drains) err = ct_drains_load(s->drains, drains, head->drains_bytes);
    if (err == CT_OK && s->storage) err = ct_storage_load(s->storage, storage, head->storage_bytes);
    if (err == CT_OK) err = ct_flood_load(s->flood, flood, head->flood_bytes);
    if (err != CT_OK) { // their own bytes: never refused
        ct_err back = s->drains ? ct_drains_load(s->drains, before, head->drains_bytes) : CT_OK;
        if (back == CT_OK && s->storage)
            back = ct_storage_load(s->storage, storage_before, head->storage_bytes);
        if (back != CT_OK) err = back;
    }
    ct_free(before);
    return err;
}

ct_err ct_street_load(ct_street *street, const void *data, size_t bytes) {
    header head;
    CT_TRY(check(street, &head, data, bytes));
    const char *own = (const char *)data + sizeof head;
    CT_TRY(load_engines(street, &head, own + own_bytes(street)));
    memcpy(&street->time_s, own, sizeof street->time_s);
    memcpy(street->passed, own + sizeof street->time_s, street->count * sizeof *street->passed);
    street->lost = false;
    return CT_OK;
}

void ct_street_hash(const ct_street *street, uint64_t out[2]) {
    uint64_t words[9] = {0};
    ct_hash128 own = ct_hash_bytes(street->passed, street->count * sizeof *street->passed);
    ct_flood_hash(street->flood, words);
    if (street->drains) ct_drains_hash(street->drains, words + 2);
    if (street->storage) ct_storage_hash(street->storage, words + 7);
    words[4] = own.high;
    words[5] = own.low;
    memcpy(&words[6], &street->time_s, sizeof words[6]);
    ct_hash128 all = ct_hash_bytes(words, sizeof words);
    out[0] = all.high;
    out[1] = all.low;
}
