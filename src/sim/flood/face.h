// The flux through one face: hydrostatic reconstruction, then HLLC. One inline function, the same
// for x and y faces.
//
// Shallow-water equations across a face with normal velocity u and tangential velocity v:
//   dh/dt  + d(hu)/dx          = rain
//   dhu/dt + d(hu2 + g h2/2)/dx = -g h dz/dx - friction
//   dhv/dt + d(huv)/dx         =            - friction
//
// Reconstruction (Audusse, Bouteau, Bristeau, Klein, Perthame, SIAM J. Sci. Comput. 25, 2004), with
// the sill s = max(z_l, z_r, crest):  h* = max(0, h - (s - z)),  and the bed slope enters as
// g (h2 - h*2)/2 on each side. The term g h2/2 of a cell cancels between its two faces, so what is
// returned is the momentum flux less g h*2/2 of the receiving side: in still water every returned
// number is exactly zero.
//
// Above a step down to a lower surface, the upper side is also pulled by the part of the step that
// no water stands against, g h (s - z_other - h_other) (Chen and Noelle, SIAM J. Numer. Anal. 55,
// 2017); without it a film thinner than the step creeps (Delestre et al. 2012). A step higher than
// the cell is long is a cliff and pulls like a slope of 1 in 1.
//
// Flux: HLLC (Toro, Shock-Capturing Methods for Free-Surface Shallow Flows, 2001, section 10.4):
// HLL for mass and normal momentum, and the tangential velocity of the side the water comes from.
// Wave speeds from the two-rarefaction state (10.22), and u -+ 2c towards a dry side.
//
// A sill above the water of both sides is a wall: each side then gets the flux of its own mirror
// image.
#ifndef CT_SIM_FLOOD_FACE_H
#define CT_SIM_FLOOD_FACE_H

#include <math.h>

#include "cimtwin/flood.h"

typedef struct ct_flood__flux {
    double mass;  // m2/s, from left to right
    double left;  // normal momentum for the left cell, m3/s2, less g h*2/2 of the left side
    double right; // the same for the right cell, less g h*2/2 of the right side
    double cross; // tangential momentum, m3/s2
} ct_flood__flux;

// Written so that they compile to one instruction each and vectorise; fmin and fmax do not.
static inline double ct_flood__min(double a, double b) {
    return a < b ? a : b;
}
static inline double ct_flood__max(double a, double b) {
    return a > b ? a : b;
}

// The mirror image's momentum flux less g h2/2, for water of depth h and speed u towards the wall.
static inline double ct_flood__mirror(double h, double u, double c) {
    double wave = u > 0 ? 1.5 * u + c : c;
    return h * u * wave;
}

// The pull on water of depth h above a free step down to water of depth h_below.
static inline double ct_flood__pull(double h, double h_below, double step, double cell) {
    double bare = ct_flood__max(0.0, step - h_below);
    return CT_FLOOD_GRAVITY * h * ct_flood__min(bare, cell);
}

// rise_l = sill - z_l, rise_r = sill - z_r: never negative, +infinity for a closed face. cell: its
// side, m.
static inline ct_flood__flux ct_flood__face(double h_l, double u_l, double v_l, double rise_l,
                                            double h_r, double u_r, double v_r, double rise_r,
                                            double cell) {
    const double g = CT_FLOOD_GRAVITY;
    double over_l = ct_flood__max(0.0, h_l - rise_l);
    double over_r = ct_flood__max(0.0, h_r - rise_r);
    double any = over_l + over_r; // 0 = a wall

    double c_l = sqrt(g * (any > 0 ? over_l : h_l));
    double c_r = sqrt(g * (any > 0 ? over_r : h_r));
    double u_mid = 0.5 * (u_l + u_r) + (c_l - c_r);
    double c_mid = 0.5 * (c_l + c_r) + 0.25 * (u_l - u_r);
    double slow = ct_flood__min(u_l - c_l, over_r > 0 ? u_mid - c_mid : HUGE_VAL);
    double fast = ct_flood__max(u_r + c_r, over_l > 0 ? u_mid + c_mid : -HUGE_VAL);
    slow = over_l > 0 ? slow : u_r - 2 * c_r;
    fast = over_r > 0 ? fast : u_l + 2 * c_l;
    slow = ct_flood__min(slow, 0.0);
    fast = ct_flood__max(fast, 0.0);

    double share = 1 / (any > 0 ? fast - slow : HUGE_VAL); // through a wall: 0
    double q_l = over_l * u_l, q_r = over_r * u_r;
    double push = 0.5 * g * (over_r - over_l) * (over_r + over_l);

    ct_flood__flux f;
    f.mass = (fast * q_l - slow * q_r + slow * fast * (over_r - over_l)) * share;
    f.left = (fast * (q_l * u_l) - slow * (q_r * u_r + push) + slow * fast * (q_r - q_l)) * share;
    f.right = f.left - push;
    f.left = any > 0 ? f.left : ct_flood__mirror(h_l, u_l, c_l);
    f.right = any > 0 ? f.right : ct_flood__mirror(h_r, -u_r, c_r);
    f.left -= rise_l > 0 ? 0.0 : ct_flood__pull(h_l, h_r, rise_r, cell);
    f.right -= rise_r > 0 ? 0.0 : ct_flood__pull(h_r, h_l, rise_l, cell);
    f.cross = f.mass * (f.mass > 0 ? v_l : v_r);
    return f;
}

#endif
