// Arcs as chords: how many, and where their corners lie.
//
// Corners on the arc would make everything round too small: 0.5 % of a circle's area with 36 of
// them. They lie a little outside, so that area or length is exact.
#include <math.h>

#include "ingest/ifc/shape/work.h"

static const double k_turn = 6.283185307179586476925286766559;

uint32_t ct_ifc__arc_steps(const ct_ifc__work *w, double radius, double sweep) {
    // Over chords of the angle a the corners lie r a^2 / 12 outside.
    const double near = radius > 0 ? sqrt(12 * CT_IFC__OFF_M / radius) : w->arc_rad;
    const double n = ceil(fabs(sweep) / fmin(near, w->arc_rad) - 1e-3);
    if (n >= 2) return (uint32_t)fmin(n, 1e6);
    return fabs(sweep) > 0.5 * w->arc_rad ? 2 : 1; // one chord has no corner to move
}

double ct_ifc__arc_swell(const ct_ifc__work *w, double radius, double sweep, uint32_t n) {
    const double a = fabs(sweep) / n;
    if (n < 2 || !(a > 0) || a > 1.5) return 1;
    // By how much one piece is too small with all corners on the arc: a triangle at the centre, or
    // a chord.
    const double less = w->keep_length ? 0.5 * a / sin(0.5 * a) : a / sin(a);
    // Two corners count in each piece, (n - 2) x^2 + 2 x = n less, as the ends do not move.
    double x = less;
    if (fabs(fabs(sweep) - k_turn) < 1e-9)
        x = sqrt(less);
    else if (n > 2)
        x = (sqrt(1 + (n - 2.0) * n * less) - 1) / (n - 2.0);
    // A chord's length goes with the root of what its ends move by.
    return fmin(w->keep_length ? x * x : x, 1 + CT_IFC__OFF_M / radius);
}

ct_err ct_ifc__ellipse(double **xy, uint32_t *n, ct_ifc__work *w, double a, double b) {
    *n = ct_ifc__arc_steps(w, fmax(a, b), k_turn);
    const double swell = ct_ifc__arc_swell(w, fmax(a, b), k_turn, *n);
    CT_TRY(ct_ifc__spend(w, *n));
    *xy = ct_arena_alloc(w->arena, 2 * (size_t)*n * sizeof **xy);
    if (!*xy) return CT_NOMEM;
    for (uint32_t i = 0; i < *n; i++) {
        (*xy)[2 * i] = swell * a * cos(k_turn * i / *n);
        (*xy)[2 * i + 1] = swell * b * sin(k_turn * i / *n);
    }
    return CT_OK;
}
