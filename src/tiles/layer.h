// One layer of a vector tile being written: its features, and the dictionaries of their keys and
// values (vector tile specification 2.1, 4.1). Private to tiles.
#ifndef CT_TILES_LAYER_H
#define CT_TILES_LAYER_H

#include "base/buf.h"
#include "model/feature.h"
#include "tiles/shape.h"

typedef struct ct_tiles__slot { // of the hash table of values
    uint64_t hash;              // of a number: its bits, mixed by a bijection, so that equal hashes
                                // are equal numbers
    uint32_t begin, length;     // of a text, in `values`
    uint32_t index;
    uint8_t kind; // ct_value_kind; CT_VALUE_NULL = free
} ct_tiles__slot;

typedef struct ct_tiles__layer {
    const ct_class *cls;
    ct_buf features, values; // encoded fields
    uint32_t n_features, n_values;
    ct_tiles__slot *slots;
    size_t n_slots;        // power of two
    size_t n_looked_up;    // values that are in a slot; ids are not
    uint32_t *key_of_attr; // index of its key + 1; 0 = not used yet
    uint32_t *used_attrs;  // in order of their keys
    uint32_t n_keys;       // `id` is key 0
    ct_buf tags, geometry; // of the feature at hand
} ct_tiles__layer;

CT_CHECKED ct_err ct_tiles__layer_init(ct_tiles__layer *layer, const ct_class *cls);
void ct_tiles__layer_fini(ct_tiles__layer *layer);
// The feature's fid becomes the id; its text id and its attributes that are neither null nor
// personal the tags.
CT_CHECKED ct_err ct_tiles__layer_add(ct_tiles__layer *layer, const ct_feature *f,
                                      const ct_tiles__shape *shape);
// Appends the layer to a tile; nothing if it has no features.
CT_CHECKED ct_err ct_tiles__layer_finish(ct_buf *tile, const ct_tiles__layer *layer);

#endif
