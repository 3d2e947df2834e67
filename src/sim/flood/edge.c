// The edges of the domain: what stands outside, what passes, and the books of it.
#include <math.h>

#include "sim/flood/face.h"
#include "sim/flood/state.h"

size_t ct_flood__rim_cell(const ct_flood *flood, ct_flood_side side, size_t k) {
    size_t nx = flood->nx;
    if (side == CT_FLOOD_LEFT) return k * nx;
    if (side == CT_FLOOD_RIGHT) return k * nx + nx - 1;
    return side == CT_FLOOD_TOP ? k : (size_t)(flood->ny - 1) * nx + k;
}

size_t ct_flood__rim_face(const ct_flood *flood, ct_flood_side side, size_t k) {
    size_t nx = flood->nx;
    if (side == CT_FLOOD_LEFT) return k * (nx + 1);
    if (side == CT_FLOOD_RIGHT) return k * (nx + 1) + nx;
    return side == CT_FLOOD_TOP ? k : (size_t)flood->ny * nx + k;
}

// From a value of its series: the level as heights are kept, or the inflow of a metre of edge.
static double take_value(const ct_flood *flood, const ct_flood__edge *edge, double value) {
    if (!isnan(edge->override)) value = edge->override;
    if (edge->kind == CT_FLOOD_LEVEL) return ct_flood__round_height(flood, value);
    return edge->width_m > 0 ? value / edge->width_m : 0;
}

static bool has_value(const ct_flood__edge *edge) {
    return edge->kind == CT_FLOOD_LEVEL || edge->kind == CT_FLOOD_INFLOW;
}

void ct_flood__edges_prepare(ct_flood *flood, double end_s) {
    for (size_t e = 0; e < flood->edge_count; e++) {
        ct_flood__edge *edge = &flood->edges[e];
        if (!has_value(edge)) continue;
        edge->value = take_value(flood, edge, ct_curve_mean(&edge->series, flood->time_s, end_s));
    }
}

// The fastest wave that entry k of an edge of that value can send in.
static double wave_at(const ct_flood *flood, const ct_flood__edge *edge, double value, size_t k) {
    // Critical flow: u = c = (g q)^(1/3).
    if (edge->kind == CT_FLOOD_INFLOW) return 2 * cbrt(CT_FLOOD_GRAVITY * value);
    const size_t face = ct_flood__rim_face(flood, edge->side, k);
    const double *sill = edge->side <= CT_FLOOD_RIGHT ? flood->sill_x : flood->sill_y;
    const double head = value - sill[face]; // at most critical flow: u + c = 2 (2/3 g head)^(1/2)
    return head > 0 ? 2 * sqrt(CT_FLOOD_GRAVITY * head * (2.0 / 3.0)) : 0;
}

double ct_flood__edges_wave(const ct_flood *flood, double time_s) {
    double wave = 0;
    for (size_t e = 0; e < flood->edge_count; e++) {
        const ct_flood__edge *edge = &flood->edges[e];
        if (!has_value(edge)) continue;
        const double value = take_value(flood, edge, ct_curve_at(&edge->series, time_s));
        for (size_t k = edge->first; k < (size_t)edge->first + edge->count; k++) {
            wave = fmax(wave, wave_at(flood, edge, value, k));
            if (edge->kind == CT_FLOOD_INFLOW) break; // the same everywhere
        }
    }
    return wave;
}

void ct_flood__edges_raise(const ct_flood *flood) {
    for (size_t e = 0; e < flood->edge_count; e++) {
        const ct_flood__edge *edge = &flood->edges[e];
        if (!has_value(edge)) continue;
        // What it has now, or what it tells in the stretch.
        const double now = take_value(flood, edge, ct_curve_at(&edge->series, flood->time_s)),
                     value = fmax(now, edge->value);
        for (size_t k = edge->first; k < (size_t)edge->first + edge->count; k++) {
            ct_surface_raise(flood->surface, ct_flood__rim_cell(flood, edge->side, k),
                             wave_at(flood, edge, value, k));
        }
    }
}

// Depth at which unit discharge q (m2/s, > 0) enters beside a cell of depth h and inward speed u.
// Slow flow: the outgoing characteristic carries u - 2c of the cell to the edge, so c solves c2 (u
// - 2 h-speed + 2 c) = g q, by Newton; where that gives fast flow or the cell is dry: critical
// depth.
static double inflow_depth(double q, double h, double u) {
    const double g = CT_FLOOD_GRAVITY;
    double critical = cbrt(g * q); // c where u = c
    double carried = u - 2 * sqrt(g * h);
    double c = fmax(critical, fmax(sqrt(g * h), -carried)) * 2;
    for (int i = 0; i < 60; i++) { // convex and rising here: falls to the root from above
        double excess = c * c * (carried + 2 * c) - g * q;
        double step = excess / (2 * c * (carried + 3 * c));
        if (!(step > 1e-14 * c)) break;
        c -= step;
    }
    if (!(c > critical) || h <= CT_FLOOD_DRY_M) c = critical;
    return c * c / g;
}

// With unit discharge q coming in; sign +1 where inwards is to the right.
static ct_flood__flux inflow(double q, double h, double normal, double sign) {
    ct_flood__flux f = {sign * q, 0, 0, 0};
    if (q <= 0) return f;
    double depth = inflow_depth(q, h, sign * normal);
    double push = q * q / depth +
                  0.5 * CT_FLOOD_GRAVITY * (depth - h) * (depth + h); // less g h2/2 of the cell
    f.left = f.right = push;
    return f;
}

typedef struct outside {
    double depth; // above the sill, m
    double speed; // inwards, m/s
} outside;

// What stands at a level edge, outside of it a reservoir whose surface is `head` above the sill; in
// the cell water of depth `over` above the sill moves inwards with `inward`. The outgoing
// characteristic brings R = inward - 2 c of the cell. Inwards the reservoir's total head is kept:
// c2 + (R + 2c)2 / 2 = g head, so that water never enters with more energy than it had at rest, and
// critical flow is the fastest: over a crest that is the law of the broad-crested weir, 1.7
// head^1.5. Outwards the level itself is kept, or critical flow where the water falls freely.
// (Characteristics: Toro 2001, chapter 3; limits of a weir: Henderson, Open Channel Flow, 1966,
// section 2.)
static outside at_level(double head, double over, double inward) {
    const double g = CT_FLOOD_GRAVITY;
    if (!(head > 0)) return (outside){0, inward}; // beyond the sill it is lower: a free fall
    double carried = inward - 2 * sqrt(g * over), c = sqrt(g * head);
    double speed = carried + 2 * c; // were the surface at the sill the reservoir's
    if (speed <= 0) {
        if (-speed <= c) return (outside){head, speed};
        c = carried / -3; // u = -c
        return (outside){c * c / g, -c};
    }
    double critical = sqrt(g * head * (2.0 / 3.0));
    if (carried >= -critical) return (outside){head * (2.0 / 3.0), critical};
    c = (sqrt(3 * g * head - 0.5 * carried * carried) - carried) / 3;
    return (outside){c * c / g, carried + 2 * c};
}

// The flux between the cell and its image outside, given the depth and inward speed there.
static ct_flood__flux with_outside(bool outside_left, double depth, double speed, double rise,
                                   double h, double normal, double cross_out, double cross_in) {
    return outside_left
               ? ct_flood__face(depth, speed, cross_out, rise, h, normal, cross_in, rise, 0)
               : ct_flood__face(h, normal, cross_in, rise, depth, speed, cross_out, rise, 0);
}

static bool is_outside_left(ct_flood_side side) {
    return side == CT_FLOOD_LEFT || side == CT_FLOOD_TOP;
}

// The flux through entry k of a side beside a cell with that state.
static ct_flood__flux flux_of(const ct_flood *flood, ct_flood_side side, size_t k,
                              const ct_surface_cell *inside) {
    bool along_x = side <= CT_FLOOD_RIGHT, outside_left = is_outside_left(side);
    size_t cell = ct_flood__rim_cell(flood, side, k);
    double sill = (along_x ? flood->sill_x : flood->sill_y)[ct_flood__rim_face(flood, side, k)];
    double h = inside->depth_m, z = flood->z[cell];
    double normal = along_x ? inside->u_ms : inside->v_ms;
    double tangential = along_x ? inside->v_ms : inside->u_ms;
    double sign = outside_left ? 1 : -1;
    double rise = sill - z;

    int32_t index = flood->rim[side].edge[k];
    const ct_flood__edge *edge = index >= 0 ? &flood->edges[index] : NULL;
    ct_flood__flux f;
    if (edge && edge->kind == CT_FLOOD_INFLOW && sill < HUGE_VAL) {
        f = inflow(edge->value, h, normal, sign);
    } else if (edge && edge->kind == CT_FLOOD_LEVEL && sill < HUGE_VAL) {
        outside out = at_level(edge->value - sill, fmax(0, h - rise), sign * normal);
        f = with_outside(outside_left, out.depth + rise, sign * out.speed, rise, h, normal, 0,
                         tangential);
    } else {
        // Water that comes back is none of an open edge's: it meets a wall.
        if (edge && edge->kind == CT_FLOOD_OPEN && sign * normal > 0) rise = HUGE_VAL;
        f = with_outside(outside_left, h, normal, rise, h, normal, tangential, tangential);
    }
    return f;
}

// Tells the surface of it: no more leaves a cell than it has for that face.
static void tell_one(ct_flood *flood, ct_flood_side side, size_t k, double dt_s) {
    size_t cell = ct_flood__rim_cell(flood, side, k);
    ct_surface_cell inside = ct_surface_look(flood->surface, cell);
    ct_flood__flux f = flux_of(flood, side, k, &inside);
    double sign = is_outside_left(side) ? 1 : -1, push = sign > 0 ? f.right : f.left;
    double normal = side <= CT_FLOOD_RIGHT ? inside.u_ms : inside.v_ms;
    double most = ct_surface_outlet(flood->surface, cell, -sign * normal, dt_s);
    double mass = sign * fmax(sign * f.mass, -most);
    push += (mass - f.mass) * normal;
    double cross = f.mass != 0 ? f.cross * (mass / f.mass) : 0;
    flood->rim[side].flux[k] = sign * ct_surface_tell(flood->surface, side, k, mass, push, cross);
}

void ct_flood__edges_tell(ct_flood *flood, double dt_s) {
    for (size_t e = 0; e < flood->edge_count; e++) {
        const ct_flood__edge *edge = &flood->edges[e];
        if (edge->kind == CT_FLOOD_CLOSED) continue;
        for (size_t k = edge->first; k < (size_t)edge->first + edge->count; k++) {
            tell_one(flood, edge->side, k, dt_s);
        }
    }
}

static void book_one(ct_flood__rim *rim, size_t k, double scale) {
    const double volume = rim->flux[k] * scale;
    ct_sum_add(volume > 0 ? &rim->in_m3 : &rim->out_m3, fabs(volume));
}

void ct_flood__edges_tell_starting(ct_flood *flood) {
    for (size_t e = 0; e < flood->edge_count; e++) {
        const ct_flood__edge *edge = &flood->edges[e];
        if (edge->kind == CT_FLOOD_CLOSED) continue;
        for (size_t k = edge->first; k < (size_t)edge->first + edge->count; k++) {
            const double dt_s =
                ct_surface_starts(flood->surface, ct_flood__rim_cell(flood, edge->side, k));
            if (!(dt_s > 0)) continue;
            tell_one(flood, edge->side, k, dt_s);
            book_one(&flood->rim[edge->side], k, dt_s * flood->cell_m);
        }
    }
}

void ct_flood__edges_book(ct_flood *flood, double dt_s) {
    double scale = dt_s * flood->cell_m;
    for (size_t e = 0; e < flood->edge_count; e++) {
        const ct_flood__edge *edge = &flood->edges[e];
        ct_flood__rim *rim = &flood->rim[edge->side];
        for (size_t k = 0; k < edge->count; k++) book_one(rim, edge->first + k, scale);
    }
}
