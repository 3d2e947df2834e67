// The state of a storage engine and what its files share.
//
// The unknowns of a step are levels: one an area (0 .. area_count - 1), then one a place of the
// surface: both are bodies. A connection's discharge q(a, b) never falls with the level before it
// and never rises with the level behind it, and nothing leaves a body at its floor. So the system
//     V_i(level_i) - V_i_old - dt (sum of q into i) = 0
// has one solution, which holds no negative volume, and a Jacobian that needs no pivoting
// (sim/core/sparse.h). Volumes are what is kept: they are moved by dt q of the last iterate, so
// that the solver's tolerance is made good in the next step and never adds up.
#ifndef CT_SIM_STORAGE_STATE_H
#define CT_SIM_STORAGE_STATE_H

#include "base/hash.h"
#include "cimtwin/storage.h"
#include "sim/core/curve.h"
#include "sim/core/sparse.h"
#include "sim/core/sum.h"

typedef struct ct_storage__area {
    ct_curve area, inflow;
    double *volume_m3; // below each level of `area`
    double floor_m, depth_m;
} ct_storage__area;

enum { CT_STORAGE__RATED = 512 };

// What one barrel passes into a free outfall by the depth before it, in each direction.
typedef struct ct_storage__culvert {
    double free_m3s[2][CT_STORAGE__RATED + 1];
} ct_storage__culvert;

typedef struct ct_storage__connection {
    ct_storage_connection what; // with its curves emptied, its coefficients filled in
    ct_curve curve, setting, crest;
    ct_storage__culvert *culvert; // of culverts
    int32_t a, b;                 // bodies; negative: -1 - outside
} ct_storage__connection;

typedef struct ct_storage__flux {
    double q, to_a, to_b; // discharge from a to b; what it changes by with each level
} ct_storage__flux;

enum {
    CT_STORAGE__INFLOW,
    CT_STORAGE__TAKEN,
    CT_STORAGE__OUTSIDE_IN,
    CT_STORAGE__OUTSIDE_OUT,
    CT_STORAGE__PLACE_IN,
    CT_STORAGE__PLACE_OUT,
    CT_STORAGE__SUMS
};

// What moves. One block, so that checkpoints and hashes see all of it.
typedef struct ct_storage__live {
    double *block;
    size_t count;                   // of its values
    double *time_s, *initial_m3;    // one each
    ct_sum *sums;                   // of the ledger
    ct_sum *volume;                 // of each body; of places: what may still be taken
    double *level, *max_level;      // of each body
    double *told_area, *told_floor; // of each place
    ct_sum *taken;                  // of each place in the last step or advance
    double *inflow_add;             // of each area
    double *outside;                // of each outside, NaN = by its series; so are the next two
    double *setting, *crest;        // of each connection
    double *runs, *flow;            // of each connection
    ct_sum *forward, *backward;
} ct_storage__live;

struct ct_storage {
    ct_storage__area *areas;
    ct_storage__connection *connections;
    ct_curve *outsides; // levels
    size_t area_count, connection_count, outside_count, place_count;
    size_t bodies;
    double step_s;
    ct_hash128 identity; // of the parameters
    ct_storage__live live;
    ct_sparse sparse;
    // Scratch of a piece of a step.
    double *outside_now, *setting_now, *crest_now;
    double *floor;                      // of each body
    double *rate, *took;                // of each area: wanted, and what was there to be taken
    double *try_level;                  // of each body
    double *residual, *slope;           // likewise
    double *last_level, *last_residual; // of the iterate before
    ct_storage__flux *flux;             // of each connection
    double *in_m3, *out_m3, *share;     // of each body
};

// check.c
CT_CHECKED ct_err ct_storage__check(const ct_storage_params *p);

// live.c
CT_CHECKED ct_err ct_storage__live_new(ct_storage *s, double start_s);
void ct_storage__live_start(ct_storage *s); // volumes and levels of the start

// pool.c: the volume of an area below a level and its surface there; the level of a volume.
double ct_storage__volume(const ct_storage__area *area, double level_m, double *surface_m2);
double ct_storage__level(const ct_storage__area *area, double volume_m3);

// culvert.c
CT_CHECKED ct_err ct_storage__culvert_new(ct_storage__culvert **out,
                                          const ct_storage_connection *c);
// Of all barrels, from the level `up` over an inlet whose floor is at floor_m to `down`.
double ct_storage__culvert_flow(const ct_storage__connection *c, bool back, double up, double down,
                                double floor_m);

// law.c: from a to b, with the settings of now; floors are those of the two bodies.
double ct_storage__discharge(const ct_storage *s, size_t connection, double a, double b,
                             double floor_a, double floor_b);
// The settings of all connections and the levels outside at a time.
void ct_storage__settle(ct_storage *s, double time_s);
void ct_storage__pumps_switch(ct_storage *s); // by levels as they are; after settling

// solve.c: levels and fluxes after dt_s; false = no convergence, *worst = the body.
bool ct_storage__solve(ct_storage *s, double dt_s, size_t *worst);

#endif
