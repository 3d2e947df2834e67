// Cutting the quadtree. Buildings come along the curve that passes through one tile after the other
// on every level, so a node's are a run of the list.
#include "tiles/three_d/tree.h"

#include <math.h>

#include "base/grow.h"
#include "tiles/three_d/solids.h"

enum {
    MOST_BUILDINGS = 256, // of a node that is not cut
    MOST_TRIANGLES = 60000,
    SPLIT_DEPTH = 4, // nodes of every so many levels may have files of their own
    SPLIT_WEIGHT = 256
};
#define LARGE_PART 8.0 // of a tile's side, from which a building is drawn with the tile itself

typedef struct growing {
    ct_tiles__tree *tree;
    const ct_tiles__scene *scene;
    uint32_t *scratch;
} growing;

void ct_tiles__widen(ct_box3 *box, const ct_enu *frame, const ct_box3 *other,
                     const ct_enu *other_frame) {
    for (int c = 0; c < 8; c++) {
        double p[3] = {c & 1 ? other->max[0] : other->min[0], c & 2 ? other->max[1] : other->min[1],
                       c & 4 ? other->max[2] : other->min[2]};
        ct_enu_to_ecef(p, other_frame, p);
        ct_enu_from_ecef(p, frame, p);
        for (int i = 0; i < 3; i++) {
            box->min[i] = fmin(box->min[i], p[i]);
            box->max[i] = fmax(box->max[i], p[i]);
        }
    }
}

static const ct_box3 nowhere = {{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};

static void grow_box(ct_box3 *box, const ct_box3 *other) {
    for (int i = 0; i < 3; i++) {
        box->min[i] = fmin(box->min[i], other->min[i]);
        box->max[i] = fmax(box->max[i], other->max[i]);
    }
}

// The smallest tile that holds two places.
static ct_tile common(const ct_tiles__building *a, const ct_tiles__building *b) {
    ct_tile t = {CT_TILES__PLACE_ZOOM, a->x, a->y};
    uint32_t x = b->x, y = b->y;
    while (t.x != x || t.y != y) {
        t.z--;
        t.x >>= 1;
        t.y >>= 1;
        x >>= 1;
        y >>= 1;
    }
    return t;
}

// A tile's side on the ground, about.
static double side_m(ct_tile tile) {
    const ct_bbox b = ct_tile_bounds_mercator(tile);
    const double side = b.max_x - b.min_x, middle = (b.min_y + b.max_y) / 2;
    return side / cosh(middle / 6378137.0); // the latitude's cosine
}

static void measure(growing *g, ct_tiles__node3 *n, int64_t *triangles) {
    *triangles = 0;
    n->size_m = 0;
    for (uint32_t i = n->first; i < n->last; i++) {
        const ct_tiles__building *b = &g->scene->buildings[g->tree->list[i]];
        n->size_m = fmax(n->size_m, b->size_m);
        *triangles += b->apart ? 0 : b->triangles;
    }
}

// Brings the node's own to the front: those drawn together, then those apart; the order stays.
static void partition(growing *g, ct_tiles__node3 *n, bool whole, double least_m) {
    uint32_t *list = g->tree->list, left = 0;
    uint32_t at = n->first;
    for (int apart = 0; apart < 2; apart++)
        for (uint32_t i = n->first; i < n->last; i++) {
            const ct_tiles__building *b = &g->scene->buildings[list[i]];
            const bool own = whole || (!b->apart && b->size_m >= least_m);
            if (own && b->apart == (apart == 1)) g->scratch[at++ - n->first] = list[i];
            if (apart == 0) n->n_own += own && !b->apart;
            if (apart == 1) n->n_apart += own && b->apart;
        }
    for (uint32_t i = n->first; i < n->last; i++) {
        const ct_tiles__building *b = &g->scene->buildings[list[i]];
        if (!whole && (b->apart || b->size_m < least_m))
            g->scratch[at + left++ - n->first] = list[i];
    }
    for (uint32_t i = n->first; i < n->last; i++) list[i] = g->scratch[i - n->first];
}

static ct_err box_of(growing *g, ct_tiles__node3 *n) {
    ct_box3 twin = nowhere;
    const ct_tiles__scene *s = g->scene;
    n->own_twin = nowhere;
    for (uint32_t i = n->first; i < n->last; i++) {
        const ct_tiles__building *b = &s->buildings[g->tree->list[i]];
        grow_box(&twin, &b->box);
        if (i >= n->first + n->n_own) continue;
        grow_box(&n->own_twin, &b->box);
        n->has_bodies |= b->has_body;
    }
    CT_TRY(ct_tiles__frame_of(&n->frame, s->crs, &twin));
    n->box = nowhere;
    for (uint32_t i = 0; i <= n->n_apart; i++) { // those drawn together, then each apart
        const bool together = i == n->n_apart;
        if (together && !n->n_own) break;
        const uint32_t at = n->first + n->n_own + i;
        const ct_box3 *of = together ? &n->own_twin : &s->buildings[g->tree->list[at]].box;
        ct_enu frame;
        ct_box3 box;
        CT_TRY(ct_tiles__frame_of(&frame, s->crs, of));
        CT_TRY(ct_tiles__box_in(&box, &frame, s->crs, of));
        ct_tiles__widen(&n->box, &n->frame, &box, &frame);
    }
    return CT_OK;
}

static ct_err grow(uint32_t *out, growing *g, uint32_t first, uint32_t last, uint32_t depth);

// The rest of a node's buildings, by the four tiles of the next level.
static ct_err grow_children(growing *g, uint32_t node) {
    const ct_tiles__node3 n = g->tree->nodes[node];
    const uint32_t *list = g->tree->list;
    uint32_t begin = n.first + n.n_own + n.n_apart;
    while (begin < n.last) {
        const ct_tiles__building *a = &g->scene->buildings[list[begin]];
        const uint32_t shift = CT_TILES__PLACE_ZOOM - n.tile.z - 1;
        uint32_t end = begin + 1, child = 0;
        for (; end < n.last; end++) {
            const ct_tiles__building *b = &g->scene->buildings[list[end]];
            if (a->x >> shift != b->x >> shift || a->y >> shift != b->y >> shift) break;
        }
        CT_TRY(grow(&child, g, begin, end, n.depth + 1));
        ct_tiles__node3 *up = &g->tree->nodes[node];
        const ct_tiles__node3 *down = &g->tree->nodes[child];
        up->child[up->n_children++] = child;
        up->weight += down->weight;
        ct_tiles__widen(&up->box, &up->frame, &down->box, &down->frame);
        begin = end;
    }
    return CT_OK;
}

static ct_err grow(uint32_t *out, growing *g, uint32_t first, uint32_t last, uint32_t depth) {
    ct_tiles__tree *t = g->tree;
    const ct_tiles__building *all = g->scene->buildings;
    int64_t triangles;
    ct_tiles__node3 n = {.first = first, .last = last, .depth = depth};
    n.tile = common(&all[t->list[first]], &all[t->list[last - 1]]);
    measure(g, &n, &triangles);
    const bool whole = n.tile.z == CT_TILES__PLACE_ZOOM ||
                       (last - first <= MOST_BUILDINGS && triangles <= MOST_TRIANGLES);
    partition(g, &n, whole, side_m(n.tile) / LARGE_PART);
    n.weight = 1 + (n.n_own ? 2 : 0) + n.n_apart;
    CT_TRY(box_of(g, &n));
    CT_TRY(ct_grow(&t->nodes, &t->room, t->n_nodes + (size_t)1, sizeof *t->nodes));
    *out = t->n_nodes;
    t->nodes[t->n_nodes++] = n;
    return grow_children(g, *out);
}

ct_err ct_tiles__tree_make(ct_tiles__tree *out, const ct_tiles__scene *scene) {
    ct_tiles__tree t = {0};
    growing g = {.tree = &t, .scene = scene};
    t.list = ct_alloc((scene->n_buildings + (size_t)1) * sizeof *t.list);
    g.scratch = ct_alloc((scene->n_buildings + (size_t)1) * sizeof *g.scratch);
    ct_err err = t.list && g.scratch ? CT_OK : CT_NOMEM;
    for (uint32_t i = 0; err == CT_OK && i < scene->n_buildings; i++) t.list[i] = i;
    uint32_t root;
    if (err == CT_OK && scene->n_buildings) err = grow(&root, &g, 0, scene->n_buildings, 0);
    ct_free(g.scratch);
    if (err == CT_OK)
        *out = t;
    else
        ct_tiles__tree_free(&t);
    return err;
}

void ct_tiles__tree_free(ct_tiles__tree *t) {
    ct_free(t->list);
    ct_free(t->nodes);
    *t = (ct_tiles__tree){0};
}

uint32_t ct_tiles__tree_find(const ct_tiles__tree *t, ct_tile tile) {
    uint32_t at = t->n_nodes ? 0 : CT_TILES__NONE;
    while (at != CT_TILES__NONE) {
        const ct_tiles__node3 *n = &t->nodes[at];
        if (n->tile.z == tile.z)
            return n->tile.x == tile.x && n->tile.y == tile.y ? at : CT_TILES__NONE;
        uint32_t next = CT_TILES__NONE;
        for (uint32_t i = 0; i < n->n_children; i++) {
            const ct_tile c = t->nodes[n->child[i]].tile;
            const bool around =
                c.z <= tile.z && tile.x >> (tile.z - c.z) == c.x && tile.y >> (tile.z - c.z) == c.y;
            if (around) next = n->child[i];
        }
        at = next;
    }
    return CT_TILES__NONE;
}

bool ct_tiles__tree_splits(const ct_tiles__node3 *n) {
    return n->depth % SPLIT_DEPTH == 0 && n->weight > SPLIT_WEIGHT;
}
