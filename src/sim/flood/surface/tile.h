// One tile, and the table of loops over it, for the number of this build. (No guard: a template.)
#include "sim/flood/surface/layout.h"

// What tiles of shorter steps have passed through one side of a tile during its step, an entry per
// cell along it: fluxes times their share of the step, to the right or down; momentum as that of
// face_flux for this tile, but less g h2/2 of `face`, the depth of its side at the face as the
// first of them saw it. See levels.h.
typedef struct SELF(ct_border) {
    bool passed; // something, since the step began
    double mass[CT_TILE_SIDE], push[CT_TILE_SIDE], cross[CT_TILE_SIDE], face[CT_TILE_SIDE];
} SELF(ct_border);

// Every array has the same shape: element j * CT_TILE_STRIDE + i is cell (row j, column i) of the
// tile, from -CT_TILE_HALO on. Faces sit with the cell on their right or below.
typedef struct SELF(ct_tile) {
    uint32_t x0, y0, nx, ny; // its first column and row in the model; its size
    double datum_m;          // heights are relative to it
    void *block;             // owns all arrays
    real *h, *low, *u, *v;   // low: see cell.h
    real *z, *gn2, *gain;
    real *crest_x, *crest_y;                  // NULL = no thin walls
    real *max_depth, *max_speed, *max_rating; // rating: h (v + 0.5)
    bool rains;                               // some gain is above 0
    bool rough;                               // some gn2 is above 0
    bool wet, active; // some depth was above 0 after the last step; takes part in this step
    bool arrived;     // some depth passed CT_FLOOD_ARRIVAL_M for the first time in this step
    real wave_ms;     // the fastest of its cells after the last step
    double taken_m;   // by the ground, all cells together, when it last took some
    uint32_t wild;    // cells that are diverging

    // Of local steps (levels.h), in units of the stretch.
    uint32_t begun, span;     // of the step under way, or that starts
    uint32_t first;           // span when the stretch began
    bool starts;              // a step now
    bool idle;                // takes no part until the next look
    double raised_ms;         // a wave from outside
    SELF(ct_border) * border; // of each side; NULL = all tiles go by one step
} SELF(ct_tile);

// What passes an edge of the model, as told from outside, an entry per cell along the side; where
// `told` is 0 the edge is a wall.
typedef struct SELF(ct_rim) {
    uint8_t *told;
    real *mass, *push, *cross; // as face_flux, to the right or down
} SELF(ct_rim);

// Another tile beyond a side, whose step is not this one's.
typedef struct SELF(ct_beyond) {
    const SELF(ct_border) * told; // what shorter steps have passed; NULL = none
    SELF(ct_border) * tell;       // the longer step's, to be told; NULL = none. Then:
    double share;                 // of its step
    double step_s, ahead_s;       // its step; twice the time from its start to the middle of this
} SELF(ct_beyond);

typedef struct SELF(ct_tile_job) {
    SELF(ct_tile) * tile;
    const SELF(ct_rim) * rim[CT_FLOOD_SIDES]; // at its own first cell; NULL = no edge of the model
    SELF(ct_beyond) beyond[CT_FLOOD_SIDES];
    double dt_s, cell_m, rain_m;
    int order;   // 1, 2
    bool narrow; // no cell has more than two faces that may pass something
} SELF(ct_tile_job);

// Moves a tile, whose halo is that of the old state, by a step, in place.
typedef void (*SELF(ct_tile_move))(const SELF(ct_tile_job) * job);

// One per instruction set, and the plain statement of the same (reference.h).
extern const SELF(ct_tile_move) SELF(ct_tile_move_plain);
extern const SELF(ct_tile_move) SELF(ct_tile_move_reference);
#if defined(CT_FLOOD_ROWS_X86)
extern const SELF(ct_tile_move) SELF(ct_tile_move_avx2);
extern const SELF(ct_tile_move) SELF(ct_tile_move_avx512);
#endif
