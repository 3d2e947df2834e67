// The tiles of a surface for the number of this build: what each covers and its memory. (No guard:
// a template.)
#include "base/mem.h"
#include "sim/flood/surface/ops.h"

typedef struct SELF(tiles) {
    ct_surface head;               // first: a ct_surface is this
    uint32_t nx, ny, across, down; // cells; tiles
    double cell_m;
    int order;
    bool narrow;   // one row or column with walls along both sides
    ct_pool *pool; // borrowed
    SELF(ct_tile_move) move;
    SELF(ct_tile) * tile;
    SELF(ct_rim) rim[CT_FLOOD_SIDES];
    void *rim_block;
    const ct_surface_soak *soak; // while the ground takes up
    double dt_s, rain_m;         // of the step under way
    // Of local steps (levels.h).
    SELF(ct_border) * borders; // four a tile; NULL = none
    uint32_t most_ratio;       // of steps beside each other that start
    uint32_t *list;            // tiles that move together
    size_t listed;
    double stretch_s;
    double strict_m, loose_m; // step times wave, when a stretch begins and within it
    uint32_t now, next;       // of the stretch
    uint64_t tile_steps;      // so far
} SELF(tiles);

typedef SELF(ct_tile) tile;
typedef SELF(tiles) tiles;

// Elements of each of its arrays: a thin model has thin tiles.
static size_t array_of(const tile *t) {
    return (size_t)(t->ny + 2 * CT_TILE_HALO) * CT_TILE_STRIDE;
}

static bool tile_new(tile *t) {
    enum { ARRAYS = CT_TILE_MOVING + CT_TILE_KEPT };
    const size_t n = array_of(t);
    real *at = t->block = ct_alloc_aligned(64, ARRAYS * n * sizeof *at);
    if (!at) return false;
    memset(at, 0, ARRAYS * n * sizeof *at);
    real **arrays[ARRAYS] = {&t->h,         &t->low,        &t->u, &t->v,   &t->max_depth,
                             &t->max_speed, &t->max_rating, &t->z, &t->gn2, &t->gain};
    for (size_t a = 0; a < ARRAYS; a++) *arrays[a] = at + a * n + CT_TILE_ORIGIN;
    return true;
}

// A cell that the tile's arrays hold, and where.
typedef struct place {
    ptrdiff_t at;
    bool inside; // of the model
    size_t cell; // of the model, where inside
} place;

static place place_of(const tiles *s, const tile *t, ptrdiff_t j, ptrdiff_t i) {
    ptrdiff_t x = (ptrdiff_t)t->x0 + i, y = (ptrdiff_t)t->y0 + j;
    bool inside = x >= 0 && y >= 0 && x < (ptrdiff_t)s->nx && y < (ptrdiff_t)s->ny;
    return (place){j * CT_TILE_STRIDE + i, inside, inside ? (size_t)y * s->nx + (size_t)x : 0};
}
