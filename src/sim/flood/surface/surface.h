// The water surface in tiles: a second-order shallow-water solver, in single or double precision
// from one source.
//
// Scheme. MUSCL-Hancock (van Leer 1984; Toro, Shock-Capturing Methods for Free-Surface Shallow
// Flows, 2001): limited slopes of surface, depth and velocities (Hou, Liang, Zhang, Hinkelmann,
// J. Comput. Phys. 299, 2015 name the choice), half a step in each cell alone, then HLLC fluxes
// behind a hydrostatic reconstruction of what the slopes leave at each face (Audusse and Bristeau,
// J. Comput. Phys. 206, 2005). Beside dry cells, thin walls and edges the slopes are zero: there,
// and everywhere with order 1, it is the first-order scheme of sim/flood/face.h. Friction is
// implicit in the cell and part of the half step, so that a film in equilibrium stays in it. The
// bed that slopes leave at a face stays near those of the two cells (cell.h, surface_slope): else
// pools on rough ground stand above their brims and push against them.
//
// The momentum of a cell changes by  (F_east - F_west) + g h (eta_east - eta_west),  each F less
// g h*2/2: in still water every single term is zero, over any bed.
//
// Depths are never clipped and no step is repeated: a face lets out at most what a cell has for it
// (cell.h, outlet).
//
// Layout. 64 x 64 cells a tile, one array per quantity, with a halo of two cells (layout.h,
// tile.h). A step has two phases, each a loop of the pool over tiles:
//
// 1. exchange: a tile copies the cells round it out of its neighbours into its halo and finds out
// whether it takes part: some depth in it or round it is above zero, rain falls, or an edge of the
// model is told to pass something. Dry land costs nothing, dry rows of a wet tile little.
//
// 2. move: a tile goes by in one pass, in place (rows.h): old state out of its own arrays and halo,
// new state into its own arrays, the maxima with it.
//
// A face between tiles is computed by both of them, from equal numbers in equal order.
//
// What is exact. Beds, crests, levels and, in single precision, the initial surface are multiples
// of a quantum, 2^-30 m in double; in single the finest power of two for which a tile's heights
// about its own datum, with room for the water, take 22 bits. Differences of heights are then
// exact, do not depend on the datum, and a lake at rest is level to the bit. Depths carry their
// rounding along (Kahan), so that volume is kept, and rain is not lost in deep water, to far below
// the last bit. The step of one number and one cell is written once (cell.h); rows.h arranges it
// for speed, reference.h plainly, and a test holds them equal to the bit.
//
// A step in place cannot be taken back: after a diverged one the state is of no use.
//
// Limit: edges. edge.c tells fluxes from the middle of the edge cell at the old time, so that
// sloping ground at an edge makes the ends first order (verify: "channel with friction"). It would
// have to see the cell's half slopes, with a level's sill at the face, not at the middle.
//
// Limit: ground so rough that slopes are limited to zero has the first order's films, with Chen and
// Noelle's pull. Surface reconstruction (Xia, Liang, Ming, Hou, Water Resour. Res. 53, 2017) has
// not been tried against it. Films on even slopes need neither.
//
// Limit: a model of one row between walls has twice the room per face (cell.h, portion). With a
// quarter, as in a plane, a dam break at cfl 0.9 is cut in its first steps and the first order
// loses accuracy with its grid; the second comes out nearer to the exact solution even so.
//
// Time steps of each tile's own: levels.h, border.h.
//
// To come: several steps a visit, with a halo of two more cells a step, once one pass is bound by
// memory. Local inertia as a further `order`: another face function, without slopes.
//
// To come: speed. The three maxima are a third of the arrays that a step touches; the limited
// slopes are most of what the second order costs more than the first.
#ifndef CT_SIM_FLOOD_SURFACE_SURFACE_H
#define CT_SIM_FLOOD_SURFACE_SURFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "cimtwin/flood.h"

// What a surface is made of; arrays are borrowed during open, row-major over the model. Heights are
// multiples of the quantum that ct_surface_quantum_m gives.
typedef struct ct_surface_params {
    uint32_t nx, ny;
    double cell_m, quantum_m;
    int order; // 1, 2
    bool single;
    bool local_steps; // else all tiles go by one, ct_surface_step
    const double *z_m;
    const uint8_t *blocked; // NULL = none
    const double *depth_m, *u_ms, *v_ms;
    const double *gn2, *rain_gain;       // g n2; factor on the rain depth
    const double *sill_x, *sill_y;       // as ct_flood has them: at least both beds
    const uint8_t *told[CT_FLOOD_SIDES]; // a ct_surface_told per cell along the side
} ct_surface_params;

// What thin walls follow from: ground and sills of the whole model, as above.
typedef struct ct_surface_walls {
    const double *z_m;
    const uint8_t *blocked;
    const void *sill_x, *sill_y; // doubles, at any address
} ct_surface_walls;

typedef enum ct_surface_told {
    CT_SURFACE_WALL,
    CT_SURFACE_TOLD,   // ct_surface_tell says what passes in each step
    CT_SURFACE_GOES_ON // and ground and water go on as they come
} ct_surface_told;

typedef struct ct_surface_cell {
    double depth_m, u_ms, v_ms;
} ct_surface_cell;

// What the ground may take up in a stretch of time; arrays over the model, row-major.
typedef struct ct_surface_soak {
    const uint8_t *soil; // 0 or 1 + index of soils
    const ct_flood_soil *soils;
    double *taken_m;                  // by each cell so far; grows
    double dt_s;                      // > 0
    const double *gain;               // as rain_gain of ct_surface_params
    const uint16_t *zone;             // of each cell; NULL = all are 0
    const double *fallen_m, *falls_m; // rain before and during it, of each zone
} ct_surface_soak;

typedef enum ct_surface_array {
    CT_SURFACE_DEPTH,
    CT_SURFACE_U,
    CT_SURFACE_V,
    CT_SURFACE_MAX_DEPTH,
    CT_SURFACE_MAX_SPEED,
    CT_SURFACE_MAX_RATING, // h (speed + 0.5)
    CT_SURFACE_ARRAYS
} ct_surface_array;

// What a step found.
typedef struct ct_surface_found {
    double wave_ms; // the fastest wave, of cells alone
    size_t wild;    // cells that diverged
} ct_surface_found;

typedef struct ct_surface ct_surface;

// The quantum of heights for a model: see above. blocked: NULL = none, depth_m: NULL = dry.
double ct_surface_quantum_m(uint32_t nx, uint32_t ny, const double *bed_m, const uint8_t *blocked,
                            const double *depth_m, bool single);

// The memory that the tiles of a model take, thin walls aside.
uint64_t ct_surface_bytes(uint32_t nx, uint32_t ny, bool single);

CT_CHECKED ct_err ct_surface_open(ct_surface **out, const ct_surface_params *params, ct_pool *pool);
void ct_surface_close(ct_surface *surface); // NULL is fine

ct_surface_cell ct_surface_look(const ct_surface *surface, size_t cell);
// What a cell can let out through an edge in a step of dt_s, m2/s; out_ms: its speed towards it.
double ct_surface_outlet(const ct_surface *surface, size_t cell, double out_ms, double dt_s);
// What passes the edge at entry k of a side in the next step, to the right or down; momentum less
// g h2/2 of the cell. Returns the mass as kept.
double ct_surface_tell(ct_surface *surface, ct_flood_side side, size_t k, double mass, double push,
                       double cross);
// What a cell holds, m, to far below the last bit of its depth; 0 in a building.
double ct_surface_held(const ct_surface *surface, size_t cell);
// Between steps: puts depth_m of water at rest into a cell of the ground or, negative, takes at
// most what it holds, with its momentum. Returns what the cell holds more than before, m.
double ct_surface_put(ct_surface *surface, size_t cell, double depth_m);
// Moves a thin wall: face as in ct_flood; NaN = none. CT_NOMEM: nothing has changed.
CT_CHECKED ct_err ct_surface_set_crest(ct_surface *surface, bool along_x, size_t face,
                                       double crest_m);

// Tiles that took part in the last step.
size_t ct_surface_active_tiles(const ct_surface *surface);
// dt_s within what the last wave allows: cfl * cell / wave, cfl <= 0.5, or 0.9 in one row or column
// between walls.
ct_surface_found ct_surface_step(ct_surface *surface, double dt_s, double rain_m);
// Tiles moved so far, each once a step of its own.
uint64_t ct_surface_tile_steps(const ct_surface *surface);

// Local steps, of a surface opened with them: a stretch of time begins, in which each tile goes by
// steps of its own. Then, until *passed_s is stretch_s: raise what comes in from outside into tiles
// that start a step; choose their steps; pour and tell into each cell whose tile starts one, for so
// long a step; go.
void ct_surface_begin(ct_surface *surface, double stretch_s, double rain_m, double cfl);
// A wave beside or in a cell that its tile does not have yet.
void ct_surface_raise(ct_surface *surface, size_t cell, double wave_ms);
void ct_surface_choose(ct_surface *surface);
// The step that the cell's tile starts now, s; 0 = it is within one.
double ct_surface_starts(const ct_surface *surface, size_t cell);
// Until the next step of some tile ends; *passed_s: since the stretch began. At its end the wave is
// the fastest of all cells.
ct_surface_found ct_surface_go(ct_surface *surface, double *passed_s);

// How the rain of the steps to come is shared: a cell gets gain[cell] share[zone[cell]] of it.
void ct_surface_set_rain(ct_surface *surface, const double *gain, const uint16_t *zone,
                         const double *share);
// Lets the ground take up water between steps; returns the sum of the depths taken.
double ct_surface_take_up(ct_surface *surface, const ct_surface_soak *soak);
// Sets arrival[cell] to now_s where it is NaN and the depth has passed CT_FLOOD_ARRIVAL_M.
void ct_surface_arrivals(ct_surface *surface, double *arrival, double now_s);
void ct_surface_read(const ct_surface *surface, ct_surface_array which, double *out);

// The bytes that decide the future, thin walls aside, in pieces. To replace them: find room for the
// walls to come (CT_NOMEM: nothing has changed), write to the pieces, then tell that they are
// loaded.
size_t ct_surface_pieces(const ct_surface *surface);
void *ct_surface_piece(const ct_surface *surface, size_t piece, size_t *bytes);
CT_CHECKED ct_err ct_surface_room_for_walls(ct_surface *surface, const ct_surface_walls *walls);
void ct_surface_loaded(ct_surface *surface, const ct_surface_walls *walls);

// Builds of the loops: 0 = the plain statement, 1 = the instruction set of the whole build, 2 and 3
// wider ones; false where the processor lacks it. Open picks the widest.
bool ct_surface_use_build(ct_surface *surface, int build);

#endif
