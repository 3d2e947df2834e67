// The quadtree of stamps, its nodes in a hash table by tile.
#include "tiles/stamps.h"

#include "base/mem.h"
#include "tiles/tiles.h"

enum {
    FIRST_ROOM = 256,
    MAX_NODES = 1 << 20, // about 50 MB in the worst case
    MAX_A_LEVEL = 1024   // tiles of a level that one change marks one by one
};

void ct_tiles__stamps_init(ct_tiles__stamps *s, int64_t base) {
    *s = (ct_tiles__stamps){.base = base};
}

void ct_tiles__stamps_fini(ct_tiles__stamps *s) {
    ct_free(s->nodes);
    *s = (ct_tiles__stamps){0};
}

void ct_tiles__stamps_all(ct_tiles__stamps *s, int64_t version) {
    ct_tiles__stamps_fini(s);
    s->base = version;
}

static uint64_t key_of(uint32_t z, uint32_t x, uint32_t y) {
    return (uint64_t)(z + 1) << 48 | (uint64_t)x << 24 | y;
}

// The key's place or the free place where it belongs (a multiplicative hash, Knuth's constant).
static size_t place_of(const ct_tiles__node *nodes, size_t room, uint64_t key) {
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15ULL) >> 20) & (room - 1);
    while (nodes[at].key && nodes[at].key != key) at = (at + 1) & (room - 1);
    return at;
}

static bool grow(ct_tiles__stamps *s) {
    const size_t room = s->room ? 2 * s->room : FIRST_ROOM;
    ct_tiles__node *nodes = s->n < MAX_NODES ? ct_calloc(room, sizeof *nodes) : NULL;
    if (!nodes) return false;
    for (size_t i = 0; i < s->room; i++)
        if (s->nodes[i].key) nodes[place_of(nodes, room, s->nodes[i].key)] = s->nodes[i];
    ct_free(s->nodes);
    s->nodes = nodes;
    s->room = room;
    return true;
}

static bool mark(ct_tiles__stamps *s, uint32_t z, uint32_t x, uint32_t y, bool below,
                 int64_t version) {
    if (2 * (s->n + 1) > s->room && !grow(s)) return false;
    const uint64_t key = key_of(z, x, y);
    ct_tiles__node *node = &s->nodes[place_of(s->nodes, s->room, key)];
    if (!node->key) {
        node->key = key;
        s->n++;
    }
    node->touched = version;
    if (below) node->below = version;
    return true;
}

// A level of the tree. `last`: no deeper level is marked, so its tiles answer for all inside them.
static bool mark_level(ct_tiles__stamps *s, uint32_t z, const ct_bbox *box, bool *last,
                       int64_t version) {
    const double buffer_m = ct_tile_pixel_m(z, CT_TILE_EXTENT) * CT_TILE_BUFFER;
    const ct_bbox wide = {box->min_x - buffer_m, box->min_y - buffer_m, box->max_x + buffer_m,
                          box->max_y + buffer_m};
    uint32_t x0, y0, x1, y1;
    if (z < CT_TILES__STAMP_ZOOM) { // the next level has about four times as many
        ct_tile_range(z + 1, &wide, &x0, &y0, &x1, &y1);
        *last = (uint64_t)(x1 - x0 + 1) * (y1 - y0 + 1) > MAX_A_LEVEL;
    } else {
        *last = true;
    }
    ct_tile_range(z, &wide, &x0, &y0, &x1, &y1);
    for (uint32_t y = y0; y <= y1; y++)
        for (uint32_t x = x0; x <= x1; x++)
            if (!mark(s, z, x, y, *last, version)) return false;
    return true;
}

void ct_tiles__stamps_touch(ct_tiles__stamps *s, const ct_bbox *mercator, int64_t version) {
    bool last = false;
    for (uint32_t z = 0; !last; z++)
        if (!mark_level(s, z, mercator, &last, version)) {
            ct_tiles__stamps_all(s, version);
            return;
        }
}

int64_t ct_tiles__stamps_get(const ct_tiles__stamps *s, ct_tile tile) {
    int64_t stamp = s->base;
    if (!s->n) return stamp;
    uint32_t z = tile.z, x = tile.x, y = tile.y;
    bool own = true; // at the tile itself, or the deepest ancestor that is kept
    for (; z > CT_TILES__STAMP_ZOOM; z--, x >>= 1, y >>= 1) continue;
    for (;; z--, x >>= 1, y >>= 1) {
        const ct_tiles__node *node = &s->nodes[place_of(s->nodes, s->room, key_of(z, x, y))];
        const int64_t v = own ? node->touched : node->below;
        if (node->key && v > stamp) stamp = v;
        own = false;
        if (z == 0) return stamp;
    }
}
