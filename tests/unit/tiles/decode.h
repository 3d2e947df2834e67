// A strict decoder of vector tiles, written from the specification (version 2.1) and sharing
// nothing with the encoder: fails the test at whatever the specification does not allow.
#ifndef TESTS_TILES_DECODE_H
#define TESTS_TILES_DECODE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cmk.h"

typedef struct mvt_bytes {
    const uint8_t *at, *end;
} mvt_bytes;

typedef struct mvt_value {
    int kind; // field number: 1 string, 3 double, 4 int, 6 sint, 7 bool
    char text[256];
    double number;
} mvt_value;

typedef struct mvt_feature {
    uint64_t id;
    int type;
    uint32_t n_tags, tags[128];
    uint32_t n, n_rings; // points; rings, lines, or one run of points
    int32_t (*xy)[2];
    uint32_t *ring_end;
    int *ring_sign; // +1 exterior, -1 hole; 0 for lines and points
} mvt_feature;

typedef struct mvt_layer {
    char name[64];
    uint32_t n_keys, n_values, n_features;
    char (*keys)[64];
    mvt_value *values;
    mvt_feature *features;
} mvt_layer;

typedef struct mvt_tile {
    uint32_t n_layers;
    mvt_layer layers[64];
} mvt_tile;

static inline uint64_t mvt_varint(mvt_bytes *b) {
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (b->at == b->end) fail_msg("a varint is cut off");
        v |= (uint64_t)(*b->at & 0x7f) << shift;
        if (!(*b->at++ & 0x80)) return v;
    }
    fail_msg("a varint is over ten bytes");
    return 0;
}

static inline mvt_bytes mvt_message(mvt_bytes *b) {
    const uint64_t n = mvt_varint(b);
    if (n > (uint64_t)(b->end - b->at)) fail_msg("a message is cut off");
    const mvt_bytes inner = {b->at, b->at + n};
    b->at += n;
    return inner;
}

// The next field's number; `wire` of its type.
static inline uint32_t mvt_field(mvt_bytes *b, uint32_t *wire) {
    const uint64_t key = mvt_varint(b);
    *wire = key & 7;
    return (uint32_t)(key >> 3);
}

static inline void mvt_text(char *to, size_t room, mvt_bytes b) {
    assert_true((size_t)(b.end - b.at) < room);
    memcpy(to, b.at, (size_t)(b.end - b.at));
    to[b.end - b.at] = '\0';
}

static inline int64_t mvt_unzigzag(uint64_t v) {
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

static inline mvt_value mvt_value_of(mvt_bytes b) {
    mvt_value v = {0};
    uint32_t wire;
    v.kind = (int)mvt_field(&b, &wire);
    switch (v.kind) {
    case 1:
        assert_int_equal(wire, 2);
        mvt_text(v.text, sizeof v.text, mvt_message(&b));
        break;
    case 3:
        assert_int_equal(wire, 1);
        assert_true(b.end - b.at == 8);
        memcpy(&v.number, b.at, 8); // this machine is little-endian, like the format
        b.at += 8;
        break;
    case 4: v.number = (double)(int64_t)mvt_varint(&b); break;
    case 6: v.number = (double)mvt_unzigzag(mvt_varint(&b)); break;
    case 7: v.number = (double)mvt_varint(&b); break;
    default: fail_msg("value of kind %d", v.kind);
    }
    assert_ptr_equal(b.at, b.end); // exactly one kind
    return v;
}

static inline int64_t mvt_area2(int32_t (*p)[2], uint32_t n) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t j = (i + 1) % n;
        sum += (int64_t)p[i][0] * p[j][1] - (int64_t)p[j][0] * p[i][1];
    }
    return sum;
}

static inline void mvt_points(mvt_feature *f, mvt_bytes *b, uint64_t count, int32_t cursor[2]) {
    for (uint64_t i = 0; i < count; i++) {
        const int64_t dx = mvt_unzigzag(mvt_varint(b)), dy = mvt_unzigzag(mvt_varint(b));
        if (f->type != 1 && f->n > (f->n_rings ? f->ring_end[f->n_rings - 1] : 0))
            assert_true(dx != 0 || dy != 0); // no zero-length edges
        cursor[0] += (int32_t)dx;
        cursor[1] += (int32_t)dy;
        memcpy(f->xy[f->n++], cursor, 2 * sizeof *cursor);
    }
}

static inline void mvt_end_ring(mvt_feature *f) {
    const uint32_t begin = f->n_rings ? f->ring_end[f->n_rings - 1] : 0;
    f->ring_sign[f->n_rings] = 0;
    if (f->type == 3) {
        const int64_t area = mvt_area2(f->xy + begin, f->n - begin);
        assert_true(area != 0);
        assert_true(memcmp(f->xy[begin], f->xy[f->n - 1], sizeof f->xy[0]) != 0);
        f->ring_sign[f->n_rings] = area > 0 ? 1 : -1;
        if (!f->n_rings) assert_true(area > 0); // the first is an exterior
    }
    f->ring_end[f->n_rings++] = f->n;
}

static inline void mvt_geometry(mvt_feature *f, mvt_bytes b) {
    const size_t most = (size_t)(b.end - b.at) + 1; // every point takes two bytes at least
    int32_t cursor[2] = {0, 0};
    f->xy = calloc(most, sizeof *f->xy);
    f->ring_end = calloc(most, sizeof *f->ring_end);
    f->ring_sign = calloc(most, sizeof *f->ring_sign);
    assert_true(b.at < b.end);
    while (b.at < b.end) {
        uint64_t command = mvt_varint(&b);
        assert_int_equal(command & 7, 1);
        if (f->type == 1) {
            assert_true(command >> 3 >= 1);
            mvt_points(f, &b, command >> 3, cursor);
            assert_ptr_equal(b.at, b.end); // one MoveTo is all
        } else {
            assert_int_equal(command >> 3, 1);
            mvt_points(f, &b, 1, cursor);
            command = mvt_varint(&b);
            assert_int_equal(command & 7, 2);
            assert_true(command >> 3 >= (f->type == 3 ? 2 : 1));
            mvt_points(f, &b, command >> 3, cursor);
            if (f->type == 3) assert_int_equal(mvt_varint(&b), 7 | 1 << 3);
        }
        mvt_end_ring(f);
    }
}

static inline mvt_feature mvt_feature_of(mvt_bytes b, const mvt_layer *layer) {
    mvt_feature f = {0};
    mvt_bytes geometry = {0};
    while (b.at < b.end) {
        uint32_t wire;
        switch (mvt_field(&b, &wire)) {
        case 1: f.id = mvt_varint(&b); break;
        case 2:
            for (mvt_bytes tags = mvt_message(&b); tags.at < tags.end;) {
                assert_true(f.n_tags < 128);
                f.tags[f.n_tags++] = (uint32_t)mvt_varint(&tags);
            }
            break;
        case 3: f.type = (int)mvt_varint(&b); break;
        case 4: geometry = mvt_message(&b); break;
        default: fail_msg("unknown field of a feature");
        }
    }
    assert_true(f.type >= 1 && f.type <= 3 && f.n_tags % 2 == 0);
    for (uint32_t i = 0; i < f.n_tags; i += 2) {
        assert_true(f.tags[i] < layer->n_keys && f.tags[i + 1] < layer->n_values);
        for (uint32_t j = 0; j < i; j += 2) assert_true(f.tags[i] != f.tags[j]);
    }
    mvt_geometry(&f, geometry);
    return f;
}

static inline void mvt_layer_of(mvt_layer *l, mvt_bytes b) {
    const size_t most = (size_t)(b.end - b.at);
    mvt_bytes *features = calloc(most, sizeof *features);
    bool version = false, extent = false;
    l->keys = calloc(most, sizeof *l->keys);
    l->values = calloc(most, sizeof *l->values);
    while (b.at < b.end) {
        uint32_t wire;
        switch (mvt_field(&b, &wire)) {
        case 15:
            assert_int_equal(mvt_varint(&b), 2);
            version = true;
            break;
        case 1: mvt_text(l->name, sizeof l->name, mvt_message(&b)); break;
        case 2: features[l->n_features++] = mvt_message(&b); break;
        case 3: mvt_text(l->keys[l->n_keys++], sizeof l->keys[0], mvt_message(&b)); break;
        case 4: l->values[l->n_values++] = mvt_value_of(mvt_message(&b)); break;
        case 5:
            assert_int_equal(mvt_varint(&b), 4096);
            extent = true;
            break;
        default: fail_msg("unknown field of a layer");
        }
    }
    assert_true(version && extent && l->name[0] && l->n_features > 0);
    l->features = calloc(l->n_features, sizeof *l->features);
    for (uint32_t i = 0; i < l->n_features; i++) l->features[i] = mvt_feature_of(features[i], l);
    for (uint32_t i = 0; i < l->n_keys; i++)
        for (uint32_t j = 0; j < i; j++) assert_string_not_equal(l->keys[i], l->keys[j]);
    free(features);
}

static inline void mvt_decode(mvt_tile *tile, const void *bytes, size_t length) {
    mvt_bytes b = {bytes, length ? (const uint8_t *)bytes + length : bytes};
    *tile = (mvt_tile){0};
    while (b.at < b.end) {
        uint32_t wire;
        assert_int_equal(mvt_field(&b, &wire), 3);
        assert_true(tile->n_layers < 64);
        mvt_layer_of(&tile->layers[tile->n_layers], mvt_message(&b));
        for (uint32_t i = 0; i < tile->n_layers; i++)
            assert_string_not_equal(tile->layers[i].name, tile->layers[tile->n_layers].name);
        tile->n_layers++;
    }
}

static inline void mvt_free(mvt_tile *tile) {
    for (uint32_t i = 0; i < tile->n_layers; i++) {
        mvt_layer *l = &tile->layers[i];
        for (uint32_t j = 0; j < l->n_features; j++) {
            free(l->features[j].xy);
            free(l->features[j].ring_end);
            free(l->features[j].ring_sign);
        }
        free(l->keys);
        free(l->values);
        free(l->features);
    }
    *tile = (mvt_tile){0};
}

static inline const mvt_layer *mvt_find_layer(const mvt_tile *tile, const char *name) {
    for (uint32_t i = 0; i < tile->n_layers; i++)
        if (strcmp(tile->layers[i].name, name) == 0) return &tile->layers[i];
    return NULL;
}

static inline const mvt_value *mvt_tag(const mvt_layer *l, const mvt_feature *f, const char *key) {
    for (uint32_t i = 0; i < f->n_tags; i += 2)
        if (strcmp(l->keys[f->tags[i]], key) == 0) return &l->values[f->tags[i + 1]];
    return NULL;
}

static inline const mvt_feature *mvt_by_id(const mvt_layer *l, const char *id) {
    for (uint32_t i = 0; l && i < l->n_features; i++) {
        const mvt_value *v = mvt_tag(l, &l->features[i], "id");
        if (v && strcmp(v->text, id) == 0) return &l->features[i];
    }
    return NULL;
}

#endif
