// Protocol buffers' wire format, the part that vector tiles need: variable-length integers, field
// keys, lengths. Writers put bytes to a place that is known to have room.
#ifndef CT_TILES_PBF_H
#define CT_TILES_PBF_H

#include <stddef.h>
#include <stdint.h>

enum { CT_PBF_VARINT = 0, CT_PBF_64BIT = 1, CT_PBF_BYTES = 2 };
enum { CT_PBF_MAX_VARINT = 10 }; // bytes of the longest varint

static inline unsigned char *ct_pbf_varint(unsigned char *at, uint64_t value) {
    while (value >= 0x80) {
        *at++ = (unsigned char)(value | 0x80);
        value >>= 7;
    }
    *at++ = (unsigned char)value;
    return at;
}

static inline size_t ct_pbf_varint_size(uint64_t value) {
    size_t n = 1;
    while (value >= 0x80) {
        value >>= 7;
        n++;
    }
    return n;
}

static inline unsigned char *ct_pbf_key(unsigned char *at, uint32_t field, uint32_t wire_type) {
    return ct_pbf_varint(at, field << 3 | wire_type);
}

// Small signed numbers as small unsigned ones: 0, -1, 1, -2, 2 ... become 0, 1, 2, 3, 4 ...
static inline uint64_t ct_pbf_zigzag(int64_t value) {
    return ((uint64_t)value << 1) ^ (0 - (uint64_t)(value < 0));
}

#endif
