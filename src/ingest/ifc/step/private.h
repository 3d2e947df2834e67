// Inside step: the index itself.
#ifndef CT_INGEST_IFC_STEP_PRIVATE_H
#define CT_INGEST_IFC_STEP_PRIVATE_H

#include "ingest/ifc/step/step.h"

enum {
    CT_STEP__MAX_TYPES = 65535,
    CT_STEP__LINE_BLOCK = 1 << 16, // bytes of the file between two counts of lines
};

typedef struct ct_step__entry {
    uint64_t id;
    uint64_t place; // offset of the parameters' '(' << 16 | type
} ct_step__entry;

typedef struct ct_step__type_table {
    struct ct_step__keyword {
        const char *at; // in the file
        uint32_t n, hash;
        char *upper; // NULL until the index is whole
    } * items;
    uint32_t n, capacity;
    uint32_t *table; // of number + 1; 0 = free
    uint32_t n_table;
} ct_step__type_table;

struct ct_step {
    const char *bytes, *end, *file;
    ct_diagnostics *diagnostics;
    ct_step__entry *entries;
    uint32_t n;
    size_t capacity;
    ct_step__type_table types;
    const char *records[3]; // where the parameters of the header's records begin; NULL = missing
    // From id to slot + 1: by the id itself while ids are dense, else by hash.
    uint32_t *slots;
    uint64_t n_slots;
    bool dense;
    size_t *lines; // newlines before each block of the file; NULL until asked for
};

size_t ct_step__line_at(ct_step *step, const char *at);

#endif
