// Writing a layer. Sizes come before contents in the wire format, so each message is made in a
// buffer of its own and copied behind its length.
#include "tiles/layer.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "tiles/pbf.h"
#include "tiles/tiles.h"

enum { // fields of vector_tile.proto
    TILE_LAYER = 3,
    LAYER_VERSION = 15,
    LAYER_NAME = 1,
    LAYER_FEATURE = 2,
    LAYER_KEY = 3,
    LAYER_VALUE = 4,
    LAYER_EXTENT = 5,
    FEATURE_ID = 1,
    FEATURE_TAGS = 2,
    FEATURE_TYPE = 3,
    FEATURE_GEOMETRY = 4,
    VALUE_STRING = 1,
    VALUE_DOUBLE = 3,
    VALUE_INT = 4,
    VALUE_SINT = 6,
    VALUE_BOOL = 7
};
enum { FIRST_SLOTS = 256, HEAD = 3 * CT_PBF_MAX_VARINT };
#define LAYER_MAX ((size_t)1 << 28) // bytes

ct_err ct_tiles__layer_init(ct_tiles__layer *l, const ct_class *cls) {
    *l = (ct_tiles__layer){.cls = cls, .n_keys = 1, .n_slots = FIRST_SLOTS};
    ct_buf_init(&l->features, LAYER_MAX);
    ct_buf_init(&l->values, LAYER_MAX);
    ct_buf_init(&l->tags, LAYER_MAX);
    ct_buf_init(&l->geometry, LAYER_MAX);
    l->slots = ct_calloc(l->n_slots, sizeof *l->slots);
    l->key_of_attr = ct_calloc(2 * cls->n_attrs, sizeof *l->key_of_attr);
    l->used_attrs = l->key_of_attr ? l->key_of_attr + cls->n_attrs : NULL;
    if (l->slots && l->key_of_attr) return CT_OK;
    ct_tiles__layer_fini(l);
    return CT_NOMEM;
}

void ct_tiles__layer_fini(ct_tiles__layer *l) {
    ct_buf_fini(&l->features);
    ct_buf_fini(&l->values);
    ct_buf_fini(&l->tags);
    ct_buf_fini(&l->geometry);
    ct_free(l->slots);
    ct_free(l->key_of_attr);
    *l = (ct_tiles__layer){0};
}

static void advance(ct_buf *buf, const unsigned char *end) {
    buf->len = (size_t)(end - (const unsigned char *)buf->data);
    buf->data[buf->len] = '\0';
}

static void put_bytes_field(ct_buf *out, uint32_t field, const void *bytes, size_t n) {
    unsigned char *at = (unsigned char *)ct_buf_reserve(out, n + HEAD);
    if (!at) return;
    at = ct_pbf_varint(ct_pbf_key(at, field, CT_PBF_BYTES), n);
    if (n) memcpy(at, bytes, n);
    advance(out, at + n);
}

// ---- values
// -------------------------------------------------------------------------------------------------------
static void put_text(ct_buf *out, const char *text, size_t n) {
    unsigned char *at = (unsigned char *)ct_buf_reserve(out, n + 2 * HEAD);
    if (!at) return;
    at = ct_pbf_key(at, LAYER_VALUE, CT_PBF_BYTES);
    at = ct_pbf_varint(at, 1 + ct_pbf_varint_size(n) + n);
    at = ct_pbf_varint(ct_pbf_key(at, VALUE_STRING, CT_PBF_BYTES), n);
    memcpy(at, text, n);
    advance(out, at + n);
}

static void put_number(ct_buf *out, uint32_t field, uint64_t value) {
    unsigned char *at = (unsigned char *)ct_buf_reserve(out, 2 * HEAD);
    if (!at) return;
    at = ct_pbf_key(at, LAYER_VALUE, CT_PBF_BYTES);
    at = ct_pbf_varint(at, 1 + ct_pbf_varint_size(value));
    advance(out, ct_pbf_varint(ct_pbf_key(at, field, CT_PBF_VARINT), value));
}

static void put_real(ct_buf *out, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    unsigned char *at = (unsigned char *)ct_buf_reserve(out, 2 * HEAD);
    if (!at) return;
    at = ct_pbf_varint(ct_pbf_key(at, LAYER_VALUE, CT_PBF_BYTES), 1 + sizeof bits);
    at = ct_pbf_key(at, VALUE_DOUBLE, CT_PBF_64BIT);
    for (int i = 0; i < 8; i++) *at++ = (unsigned char)(bits >> (8 * i));
    advance(out, at);
}

static void put_value(ct_buf *out, const ct_value *value) {
    switch (value->kind) {
    case CT_VALUE_TEXT: put_text(out, value->as.text, strlen(value->as.text)); break;
    case CT_VALUE_REAL: put_real(out, value->as.real); break;
    case CT_VALUE_BOOLEAN: put_number(out, VALUE_BOOL, value->as.boolean); break;
    case CT_VALUE_INTEGER:
        if (value->as.integer >= 0)
            put_number(out, VALUE_INT, (uint64_t)value->as.integer);
        else
            put_number(out, VALUE_SINT, ct_pbf_zigzag(value->as.integer));
        break;
    case CT_VALUE_NULL:
    default: break;
    }
}

static ct_err grow_slots(ct_tiles__layer *l) {
    const size_t n = 2 * l->n_slots;
    ct_tiles__slot *slots = ct_calloc(n, sizeof *slots);
    if (!slots) return CT_NOMEM;
    for (size_t i = 0; i < l->n_slots; i++) {
        if (l->slots[i].kind == CT_VALUE_NULL) continue;
        size_t at = l->slots[i].hash & (n - 1);
        while (slots[at].kind != CT_VALUE_NULL) at = (at + 1) & (n - 1);
        slots[at] = l->slots[i];
    }
    ct_free(l->slots);
    l->slots = slots;
    l->n_slots = n;
    return CT_OK;
}

// A bijection that spreads near numbers (the finaliser of MurmurHash3).
static uint64_t mix(uint64_t v) {
    v ^= v >> 33;
    v *= 0xFF51AFD7ED558CCDULL;
    v ^= v >> 33;
    v *= 0xC4CEB9FE1A85EC53ULL;
    return v ^ v >> 33;
}

static uint64_t hash_of(const ct_value *value, size_t text_length) {
    uint64_t bits = 0;
    switch (value->kind) {
    case CT_VALUE_TEXT: return ct_hash_bytes(value->as.text, text_length).low;
    case CT_VALUE_REAL: memcpy(&bits, &value->as.real, sizeof bits); break;
    case CT_VALUE_INTEGER: bits = (uint64_t)value->as.integer; break;
    case CT_VALUE_BOOLEAN: bits = value->as.boolean; break;
    case CT_VALUE_NULL:
    default: break;
    }
    return mix(bits);
}

static bool holds(const ct_tiles__layer *l, const ct_tiles__slot *slot, const ct_value *value,
                  uint64_t hash, size_t text_length) {
    if (slot->hash != hash || slot->kind != value->kind) return false;
    return value->kind != CT_VALUE_TEXT ||
           (slot->length == text_length &&
            memcmp(l->values.data + slot->begin, value->as.text, text_length) == 0);
}

// The value's index in the dictionary, where it is put if it is new.
static ct_err value_index(uint32_t *index, ct_tiles__layer *l, const ct_value *value) {
    const size_t length = value->kind == CT_VALUE_TEXT ? strlen(value->as.text) : 0;
    const uint64_t hash = hash_of(value, length);
    size_t at = hash & (l->n_slots - 1);
    for (; l->slots[at].kind != CT_VALUE_NULL; at = (at + 1) & (l->n_slots - 1)) {
        if (!holds(l, &l->slots[at], value, hash, length)) continue;
        *index = l->slots[at].index;
        return CT_OK;
    }
    put_value(&l->values, value);
    CT_TRY(ct_buf_status(&l->values));
    l->slots[at] = (ct_tiles__slot){hash, (uint32_t)(l->values.len - length), (uint32_t)length,
                                    l->n_values, (uint8_t)value->kind};
    *index = l->n_values++;
    return 4 * ++l->n_looked_up > 3 * l->n_slots ? grow_slots(l) : CT_OK;
}

// ---- features
// -----------------------------------------------------------------------------------------------------
static ct_err put_tags(ct_tiles__layer *l, const ct_feature *f) {
    ct_buf_reset(&l->tags);
    unsigned char *at =
        (unsigned char *)ct_buf_reserve(&l->tags, (1 + l->cls->n_attrs) * 2 * CT_PBF_MAX_VARINT);
    if (!at) return ct_buf_status(&l->tags);
    if (f->id) { // unlike any other: not looked up
        put_text(&l->values, f->id, strlen(f->id));
        CT_TRY(ct_buf_status(&l->values));
        at = ct_pbf_varint(ct_pbf_varint(at, 0), l->n_values++);
    }
    for (size_t a = 0; a < l->cls->n_attrs; a++) {
        const ct_value *v = &f->values[a];
        if (v->kind == CT_VALUE_NULL || l->cls->attrs[a].personal) continue;
        if (v->kind == CT_VALUE_TEXT && !v->as.text) continue;
        uint32_t value = 0;
        CT_TRY(value_index(&value, l, v));
        if (!l->key_of_attr[a]) {
            l->used_attrs[l->n_keys - 1] = (uint32_t)a;
            l->key_of_attr[a] = ++l->n_keys;
        }
        at = ct_pbf_varint(ct_pbf_varint(at, l->key_of_attr[a] - 1), value);
    }
    advance(&l->tags, at);
    return CT_OK;
}

static unsigned char *put_command(unsigned char *at, uint32_t command, uint32_t count) {
    return ct_pbf_varint(at, command | count << 3);
}

enum { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7 };

static ct_err put_geometry(ct_tiles__layer *l, const ct_tiles__shape *s) {
    ct_buf_reset(&l->geometry);
    const size_t numbers = 2 * (size_t)s->n + 3 * (size_t)s->n_rings;
    unsigned char *at = (unsigned char *)ct_buf_reserve(&l->geometry, numbers * 5);
    if (!at) return ct_buf_status(&l->geometry);
    int32_t x = 0, y = 0;
    for (uint32_t r = 0; r < s->n_rings; r++) {
        const uint32_t begin = s->rings[r].begin, n = s->rings[r].end - begin;
        at = put_command(at, MOVE_TO, s->type == CT_GEOM_POINT ? n : 1);
        for (uint32_t i = 0; i < n; i++) {
            if (i == 1 && s->type != CT_GEOM_POINT) at = put_command(at, LINE_TO, n - 1);
            at = ct_pbf_varint(at, ct_pbf_zigzag(s->xy[begin + i][0] - x));
            at = ct_pbf_varint(at, ct_pbf_zigzag(s->xy[begin + i][1] - y));
            x = s->xy[begin + i][0];
            y = s->xy[begin + i][1];
        }
        if (s->type == CT_GEOM_POLYGON) at = put_command(at, CLOSE_PATH, 1);
    }
    advance(&l->geometry, at);
    return CT_OK;
}

ct_err ct_tiles__layer_add(ct_tiles__layer *l, const ct_feature *f, const ct_tiles__shape *shape) {
    CT_TRY(put_tags(l, f));
    CT_TRY(put_geometry(l, shape));
    const size_t tags = l->tags.len, geometry = l->geometry.len;
    const uint64_t id = (uint64_t)f->fid;
    const uint32_t type = (uint32_t)shape->type; // 1 point, 2 line, 3 polygon, like in WKB
    const size_t tags_field = tags ? 1 + ct_pbf_varint_size(tags) + tags : 0;
    const size_t length =
        1 + ct_pbf_varint_size(id) + tags_field + 2 + 1 + ct_pbf_varint_size(geometry) + geometry;
    unsigned char *at = (unsigned char *)ct_buf_reserve(&l->features, length + HEAD);
    if (!at) return ct_buf_status(&l->features);
    at = ct_pbf_varint(ct_pbf_key(at, LAYER_FEATURE, CT_PBF_BYTES), length);
    at = ct_pbf_varint(ct_pbf_key(at, FEATURE_ID, CT_PBF_VARINT), id);
    if (tags) {
        at = ct_pbf_varint(ct_pbf_key(at, FEATURE_TAGS, CT_PBF_BYTES), tags);
        memcpy(at, l->tags.data, tags);
        at += tags;
    }
    at = ct_pbf_varint(ct_pbf_key(at, FEATURE_TYPE, CT_PBF_VARINT), type);
    at = ct_pbf_varint(ct_pbf_key(at, FEATURE_GEOMETRY, CT_PBF_BYTES), geometry);
    memcpy(at, l->geometry.data, geometry);
    advance(&l->features, at + geometry);
    l->n_features++;
    return CT_OK;
}

ct_err ct_tiles__layer_finish(ct_buf *tile, const ct_tiles__layer *l) {
    if (!l->n_features) return CT_OK;
    ct_buf head;
    ct_buf_init(&head, LAYER_MAX);
    put_bytes_field(&head, LAYER_NAME, l->cls->collection, strlen(l->cls->collection));
    put_bytes_field(&head, LAYER_KEY, "id", 2);
    for (uint32_t k = 0; k + 1 < l->n_keys; k++) {
        const char *name = l->cls->attrs[l->used_attrs[k]].name;
        put_bytes_field(&head, LAYER_KEY, name, strlen(name));
    }
    ct_err err = ct_buf_status(&head);
    const size_t length =
        2 + head.len + l->features.len + l->values.len + 1 + ct_pbf_varint_size(CT_TILE_EXTENT);
    unsigned char *at = err == CT_OK ? (unsigned char *)ct_buf_reserve(tile, length + HEAD) : NULL;
    if (at) {
        at = ct_pbf_varint(ct_pbf_key(at, TILE_LAYER, CT_PBF_BYTES), length);
        at = ct_pbf_varint(ct_pbf_key(at, LAYER_VERSION, CT_PBF_VARINT), 2);
        const ct_buf *parts[3] = {&head, &l->features, &l->values};
        for (int i = 0; i < 3; i++) {
            if (parts[i]->len) memcpy(at, parts[i]->data, parts[i]->len);
            at += parts[i]->len;
        }
        advance(tile, ct_pbf_varint(ct_pbf_key(at, LAYER_EXTENT, CT_PBF_VARINT), CT_TILE_EXTENT));
    } else if (err == CT_OK) {
        err = ct_buf_status(tile);
    }
    ct_buf_fini(&head);
    return err;
}
