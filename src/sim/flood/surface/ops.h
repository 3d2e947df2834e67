// How surface.c reaches the two precisions.
#ifndef CT_SIM_FLOOD_SURFACE_OPS_H
#define CT_SIM_FLOOD_SURFACE_OPS_H

#include "cimtwin/err.h"
#include "sim/flood/surface/surface.h"

typedef struct ct_surface_ops {
    ct_err (*open)(ct_surface **out, const ct_surface_params *params, ct_pool *pool);
    void (*close)(ct_surface *surface);
    ct_surface_cell (*look)(const ct_surface *surface, size_t cell);
    double (*outlet)(const ct_surface *surface, size_t cell, double out_ms, double dt_s);
    double (*tell)(ct_surface *surface, ct_flood_side side, size_t k, double mass, double push,
                   double cross);
    double (*held)(const ct_surface *surface, size_t cell);
    double (*put)(ct_surface *surface, size_t cell, double depth_m);
    ct_err (*set_crest)(ct_surface *surface, bool along_x, size_t face, double crest_m);
    ct_err (*room_for_walls)(ct_surface *surface, const ct_surface_walls *walls);
    size_t (*active_tiles)(const ct_surface *surface);
    uint64_t (*tile_steps)(const ct_surface *surface);
    ct_surface_found (*step)(ct_surface *surface, double dt_s, double rain_m);
    void (*begin)(ct_surface *surface, double stretch_s, double rain_m, double cfl);
    void (*raise)(ct_surface *surface, size_t cell, double wave_ms);
    void (*choose)(ct_surface *surface);
    double (*starts)(const ct_surface *surface, size_t cell);
    ct_surface_found (*go)(ct_surface *surface, double *passed_s);
    void (*set_rain)(ct_surface *surface, const double *gain, const uint16_t *zone,
                     const double *share);
    double (*take_up)(ct_surface *surface, const ct_surface_soak *soak);
    void (*arrivals)(ct_surface *surface, double *arrival, double now_s);
    void (*read)(const ct_surface *surface, ct_surface_array which, double *out);
    size_t (*pieces)(const ct_surface *surface);
    void *(*piece)(const ct_surface *surface, size_t piece, size_t *bytes);
    void (*loaded)(ct_surface *surface, const ct_surface_walls *walls);
    bool (*use_build)(ct_surface *surface, int build);
} ct_surface_ops;

// The head of both surfaces.
struct ct_surface {
    const ct_surface_ops *ops;
};

extern const ct_surface_ops ct_surface_ops_single, ct_surface_ops_double;

#endif
