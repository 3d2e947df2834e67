// The coupling's state as bytes: its own, then the checkpoints of both engines, which know their
// parameters; the places of exchanges are part of the surface's.
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "sim/street/state.h"

static const char magic[8] = {'c', 't', 's', 't', 'r', 'e', 'e', '1'};

typedef struct header {
    char magic[8];
    uint64_t bytes, flood_bytes, exchanges; // bytes: of the whole checkpoint
    ct_hash128 payload;                     // of what follows the header
} header;

static size_t own_bytes(const ct_street *s) {
    return sizeof s->time_s + s->count * sizeof *s->passed;
}

size_t ct_street_save_bytes(const ct_street *street) {
    return sizeof(header) + own_bytes(street) + ct_flood_save_bytes(street->flood) +
           ct_drains_save_bytes(street->drains);
}

ct_err ct_street_save(const ct_street *street, void *out, size_t bytes) {
    const size_t need = ct_street_save_bytes(street);
    const size_t flood_bytes = ct_flood_save_bytes(street->flood);
    if (street->lost) return ct_fail(CT_DIVERGED, "street: save: the state has diverged");
    if (bytes < need)
        return ct_fail(CT_ARG, "street: save: %zu bytes given, %zu needed", bytes, need);
    char *at = (char *)out + sizeof(header);
    memcpy(at, &street->time_s, sizeof street->time_s);
    memcpy(at + sizeof street->time_s, street->passed, street->count * sizeof *street->passed);
    at += own_bytes(street);
    CT_TRY(ct_flood_save(street->flood, at, flood_bytes));
    at += flood_bytes;
    CT_TRY(ct_drains_save(street->drains, at, ct_drains_save_bytes(street->drains)));
    header head = {.bytes = need, .flood_bytes = flood_bytes, .exchanges = street->count};
    memcpy(head.magic, magic, sizeof magic);
    head.payload = ct_hash_bytes((char *)out + sizeof head, need - sizeof head);
    memcpy(out, &head, sizeof head);
    return CT_OK;
}

static ct_err check(const ct_street *s, header *head, const void *data, size_t bytes) {
    if (bytes < sizeof *head) return ct_fail(CT_CORRUPT, "street: load: only %zu bytes", bytes);
    memcpy(head, data, sizeof *head);
    if (memcmp(head->magic, magic, sizeof magic) != 0 || head->bytes != bytes) {
        return ct_fail(CT_CORRUPT, "street: load: not a whole checkpoint (%zu bytes)", bytes);
    }
    if (bytes != ct_street_save_bytes(s) || head->exchanges != s->count ||
        head->flood_bytes != ct_flood_save_bytes(s->flood)) {
        return ct_fail(CT_ARG, "street: load: the checkpoint belongs to other parameters");
    }
    ct_hash128 found = ct_hash_bytes((const char *)data + sizeof *head, bytes - sizeof *head);
    if (memcmp(&found, &head->payload, sizeof found) != 0) {
        return ct_fail(CT_CORRUPT, "street: load: the checkpoint's hash does not fit its bytes");
    }
    return CT_OK;
}

// Both engines or none: where the surface refuses, the drains go back to what they were.
static ct_err load_engines(ct_street *s, const char *flood, size_t flood_bytes, const char *drains,
                           size_t drains_bytes) {
    void *before = ct_alloc(drains_bytes);
    if (!before) return CT_NOMEM;
    ct_err err = ct_drains_save(s->drains, before, drains_bytes);
    if (err == CT_OK) err = ct_drains_load(s->drains, drains, drains_bytes);
    if (err == CT_OK) {
        err = ct_flood_load(s->flood, flood, flood_bytes);
        if (err != CT_OK) {
            ct_err back = ct_drains_load(s->drains, before, drains_bytes);
            if (back != CT_OK) err = back; // its own bytes: never refused
        }
    }
    ct_free(before);
    return err;
}

ct_err ct_street_load(ct_street *street, const void *data, size_t bytes) {
    header head;
    CT_TRY(check(street, &head, data, bytes));
    const char *own = (const char *)data + sizeof head, *flood = own + own_bytes(street);
    const char *drains = flood + head.flood_bytes;
    CT_TRY(load_engines(street, flood, head.flood_bytes, drains,
                        ct_drains_save_bytes(street->drains)));
    memcpy(&street->time_s, own, sizeof street->time_s);
    memcpy(street->passed, own + sizeof street->time_s, street->count * sizeof *street->passed);
    street->lost = false;
    return CT_OK;
}

void ct_street_hash(const ct_street *street, uint64_t out[2]) {
    uint64_t words[7];
    ct_hash128 own = ct_hash_bytes(street->passed, street->count * sizeof *street->passed);
    ct_flood_hash(street->flood, words);
    ct_drains_hash(street->drains, words + 2);
    words[4] = own.high;
    words[5] = own.low;
    memcpy(&words[6], &street->time_s, sizeof words[6]);
    ct_hash128 all = ct_hash_bytes(words, sizeof words);
    out[0] = all.high;
    out[1] = all.low;
}
