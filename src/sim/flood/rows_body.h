// Body of rows.h, included by each rows_*.c after it has chosen its instruction set; defines faces,
// cells and maxima. (No guard: it is source, not a header of declarations.)
#include <math.h>

#include "sim/flood/face.h"
#include "sim/flood/friction.h"
#include "sim/flood/rows.h"

// The outputs never overlap the inputs.
#if defined(__clang__)
#define CT_FLOOD_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define CT_FLOOD_INDEPENDENT _Pragma("GCC ivdep")
#endif

static void faces(size_t n, double cell_m, const ct_flood__row_state *left,
                  const ct_flood__row_state *right, const double *sill,
                  const ct_flood__row_flux *out) {
    const double *h_l = left->h, *u_l = left->normal, *v_l = left->tangential, *z_l = left->z;
    const double *h_r = right->h, *u_r = right->normal, *v_r = right->tangential, *z_r = right->z;
    double *restrict mass = out->mass, *restrict to_left = out->left;
    double *restrict to_right = out->right, *restrict cross = out->cross;
    CT_FLOOD_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        ct_flood__flux f = ct_flood__face(h_l[i], u_l[i], v_l[i], sill[i] - z_l[i], h_r[i], u_r[i],
                                          v_r[i], sill[i] - z_r[i], cell_m);
        mass[i] = f.mass;
        to_left[i] = f.left;
        to_right[i] = f.right;
        cross[i] = f.cross;
    }
}

static void cells(size_t n, const ct_flood__row_cells *row, size_t *drained, size_t *wild) {
    const double *h = row->h, *u = row->u, *v = row->v, *gn2 = row->gn2, *gain = row->rain_gain;
    const ct_flood__row_flux x = row->x, top = row->top, bottom = row->bottom;
    double *restrict h_new = row->h_new, *restrict u_new = row->u_new;
    double *restrict v_new = row->v_new, *restrict wave = row->wave;
    const double ratio = row->dt_over_cell, dt = row->dt_s, rain = row->rain_m;
    const double limit = CT_FLOOD__SPEED_LIMIT_MS * CT_FLOOD__SPEED_LIMIT_MS;
    size_t below = 0, beyond = 0;
    CT_FLOOD_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        double mass = (x.mass[i + 1] - x.mass[i]) + (bottom.mass[i] - top.mass[i]);
        double push_x = (x.left[i + 1] - x.right[i]) + (bottom.cross[i] - top.cross[i]);
        double push_y = (x.cross[i + 1] - x.cross[i]) + (bottom.left[i] - top.right[i]);
        double depth = h[i] - ratio * mass + rain * gain[i];
        double q_x = h[i] * u[i] - ratio * push_x;
        double q_y = h[i] * v[i] - ratio * push_y;

        double safe = depth > CT_FLOOD_DRY_M ? depth : 1.0;
        double per_depth = 1 / (depth > CT_FLOOD_DRY_M ? depth : HUGE_VAL);
        double u_i = q_x * per_depth, v_i = q_y * per_depth;
        double speed_squared = u_i * u_i + v_i * v_i;
        double keep = ct_flood__friction(safe, speed_squared, dt * gn2[i]);
        u_i *= keep;
        v_i *= keep;

        h_new[i] = depth;
        u_new[i] = u_i;
        v_new[i] = v_i;
        wave[i] = ct_flood__max(fabs(u_i), fabs(v_i)) + sqrt(CT_FLOOD_GRAVITY * depth);
        below += depth >= 0 ? 0 : 1;
        beyond += speed_squared <= limit ? 0 : 1;
    }
    *drained += below;
    *wild += beyond;
}

static void maxima(size_t n, const ct_flood__row_maxima *row) {
    const double *h = row->h, *u = row->u, *v = row->v, *debris = row->debris;
    double *restrict depth = row->depth, *restrict speed = row->speed;
    double *restrict hazard = row->hazard, *restrict arrival = row->arrival;
    const double now = row->time_s;
    CT_FLOOD_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        double s = sqrt(u[i] * u[i] + v[i] * v[i]);
        depth[i] = ct_flood__max(h[i], depth[i]);
        speed[i] = ct_flood__max(s, speed[i]);
        double rating = h[i] > CT_FLOOD_DRY_M ? h[i] * (s + 0.5) + (debris ? debris[i] : 0.0) : 0.0;
        hazard[i] = ct_flood__max(rating, hazard[i]);
        double first = arrival[i] != arrival[i] ? now : arrival[i]; // NaN = not yet
        arrival[i] = h[i] > CT_FLOOD_ARRIVAL_M ? first : arrival[i];
    }
}
