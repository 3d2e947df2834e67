// Inside osm_indoor: what is read of protocol buffers' wire format. Nothing is read beyond a span's
// end; what does not fit is false.
#ifndef CT_INGEST_OSM_INDOOR_PBF_WIRE_H
#define CT_INGEST_OSM_INDOOR_PBF_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ct_pbf_span {
    const unsigned char *at, *end;
} ct_pbf_span;

static inline bool ct_pbf_read_varint(uint64_t *out, ct_pbf_span *s) {
    *out = 0;
    for (int shift = 0; shift < 64 && s->at < s->end; shift += 7) {
        const unsigned char byte = *s->at++;
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return true;
    }
    return false;
}

// A number whose sign is its lowest bit.
static inline int64_t ct_pbf_signed(uint64_t v) {
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

typedef struct ct_pbf_field {
    uint32_t number;
    bool is_bytes;
    uint64_t value;    // where it is a number
    ct_pbf_span bytes; // where it is a text, a list or a message
} ct_pbf_field;

static inline bool ct_pbf_read_field(ct_pbf_field *out, ct_pbf_span *s) {
    uint64_t key, n = 0;
    if (!ct_pbf_read_varint(&key, s)) return false;
    *out = (ct_pbf_field){.number = (uint32_t)(key >> 3)};
    switch (key & 7) {
    case 0:
        if (!ct_pbf_read_varint(&out->value, s)) return false;
        break;
    case 1: n = 8; break;
    case 2:
        if (!ct_pbf_read_varint(&n, s)) return false;
        out->is_bytes = true;
        break;
    case 5: n = 4; break;
    default: return false;
    }
    if (n > (uint64_t)(s->end - s->at)) return false;
    out->bytes = (ct_pbf_span){s->at, s->at + n};
    s->at += n;
    return true;
}

// The next field; false at the end, and where the bytes are none. *bad tells that, and stays set
// whatever is read after it: one flag serves for a message and those within it.
static inline bool ct_pbf_next(ct_pbf_field *out, ct_pbf_span *s, bool *bad) {
    if (s->at == s->end) return false;
    if (ct_pbf_read_field(out, s)) return true;
    *bad = true;
    return false;
}

#endif
