// Conduits: what their cells hold, and the momentum of the faces between them.
//
// At a face the velocity obeys, after a step dt over the length l between the heads before and
// behind it,
//     u (1 + dt c) = u_old + dt c u_neighbour + dt g (H_a - H_b) / l - dt k u |u|,
//     k = g n2 / R^(4/3) + K / (2 l);
// the area A and the hydraulic radius R are those of the side that the water comes from, at the new
// head. c = |Q| / (A_mean l) of the cell that the water comes from, at the old time: the
// momentum-conserving upwind form of Stelling and Duinmeijer (2003), so that hydraulic jumps stand
// where they should; taken point-implicitly it bounds no step. At equal heads nothing moves, to the
// bit.
//
// The faces at the ends of a conduit see a node. Water that falls out into a node or outfall whose
// level is lower passes critical depth at the brink (or keeps its own, where that is less): the
// level behind the face is then the bed plus that depth. Water that enters from a storage gains its
// velocity head there and is at least critical inside.
#include <math.h>

#include "sim/drains/state.h"

// The law of one face, along the direction of flow.
typedef struct law {
    const ct_drains__section *section;
    double start, factor; // of the balance above
    double pull;          // dt g / l
    double friction;      // dt g n2
    double loss;          // dt K / (2 l)
} law;

// A stream at one depth: all of the law that does not depend on the drop of head.
typedef struct stream {
    double area, width;
    double k, k_slope; // of the law above, times dt; how it falls with the depth
} stream;

typedef struct passing {
    double q, u, to_depth, to_drop; // and how q answers to the depth and to the drop of head
} passing;

static stream stream_at(const law *l, double depth) {
    ct_drains__wet w = ct_drains__section_at(l->section, depth);
    if (!(w.area > 0)) return (stream){0};
    double radius = w.area / w.perimeter, rough = l->friction / (radius * cbrt(radius));
    double radius_slope = (w.width - radius * w.perimeter_slope) / w.perimeter;
    return (stream){w.area, w.width, rough + l->loss, 4.0 / 3 * rough / radius * radius_slope};
}

static passing run(const law *l, const stream *s, double drop) {
    double right = l->start + l->pull * drop;
    if (!(s->area > 0) || !(right > 0)) return (passing){0};
    double root = sqrt(l->factor * l->factor + 4 * s->k * right);
    double u = 2 * right / (l->factor + root);
    return (passing){s->area * u, u, s->width * u + s->area * s->k_slope * u * u / root,
                     s->area * l->pull / root};
}

static passing pass(const law *l, double depth, double drop) {
    stream s = stream_at(l, depth);
    return run(l, &s, drop);
}

static bool is_end(const ct_drains__conduit *c, size_t face) {
    return face == c->first_face || face == c->first_face + c->cells;
}

// The loss coefficient of a face for flow along (+) or against (-) the conduit.
static double loss_of(const ct_drains__conduit *c, size_t face, double length, bool along) {
    double loss = c->what.loss_average * length / c->what.length_m;
    if (face == c->first_face) loss += along ? c->what.loss_entry : c->what.loss_exit;
    if (face == c->first_face + c->cells) loss += along ? c->what.loss_exit : c->what.loss_entry;
    return loss;
}

static law law_of(const ct_drains *d, const ct_drains__conduit *c, size_t face, bool along) {
    double length = is_end(c, face) ? 0.5 * c->cell_m : c->cell_m, start = d->face[face].start_ms;
    return (law){c->section,
                 along ? start : -start,
                 d->face[face].factor,
                 d->dt_s * CT_DRAINS_GRAVITY / length,
                 d->dt_s * c->friction,
                 d->dt_s * loss_of(c, face, length, along) / (2 * length)};
}

static ct_drains__flux inner_flux(const ct_drains *d, const ct_drains__conduit *c, size_t face,
                                  double head_a, double head_b, double *velocity) {
    size_t a = c->first_cell + (face - c->first_face) - 1;
    law l = law_of(d, c, face, true);
    bool along = l.start + l.pull * (head_a - head_b) > 0;
    if (!along) l = law_of(d, c, face, false);
    double depth = along ? head_a - d->bed[a] : head_b - d->bed[a + 1];
    passing p = pass(&l, depth, along ? head_a - head_b : head_b - head_a);
    *velocity = along ? p.u : -p.u;
    // Near the crown more depth conveys less; the matrix stays an M-matrix.
    double to_up = fmax(0, p.to_depth + p.to_drop);
    if (along) return (ct_drains__flux){p.q, to_up, -p.to_drop};
    return (ct_drains__flux){-p.q, p.to_drop, -to_up};
}

// An end of a conduit: the cell inside and the node outside.
typedef struct end {
    const ct_drains__conduit *conduit;
    size_t face;
    double cell_bed, bed; // of the cell, of the pipe's end
    bool normal, still, shut_in, shut_out;
    bool out_along; // flow out of the pipe is along the conduit
} end;

static end end_of(const ct_drains *d, const ct_drains__conduit *c, size_t face) {
    bool at_from = face == c->first_face;
    uint32_t node = at_from ? c->what.from : c->what.to;
    const ct_drains_node *n = &d->nodes[node].what;
    bool shut = d->live.gate[c - d->conduits] == 0 && at_from;
    bool outfall = n->kind == CT_DRAINS_OUTFALL;
    return (end){.conduit = c,
                 .face = face,
                 .cell_bed = d->bed[at_from ? c->first_cell : c->first_cell + c->cells - 1],
                 .bed = at_from ? c->bed_from : c->bed_to,
                 .normal = outfall && isnan(d->fixed[node]),
                 .still = n->kind == CT_DRAINS_STORAGE,
                 .shut_in = shut || (c->what.flap && !at_from) || (outfall && n->flap),
                 .shut_out = shut || (c->what.flap && at_from),
                 .out_along = !at_from};
}

// The depth at the brink, at most `most`, at which the fall's discharge is critical: where
// critical(y) - q(y) passes 0, which rises with y. By the Illinois method.
static double brink_depth(const law *l, const stream *s, double fall, double most) {
    double low = 0, high = most, at_low = -run(l, s, fall).q;
    double at_high = ct_drains__critical_flow(l->section, most) - run(l, s, fall - most).q;
    if (at_high <= 0) return most;
    int side = 0;
    for (int i = 0; i < 60 && high - low > 1e-12 * most; i++) {
        double y = isinf(at_high) ? 0.5 * (low + high)
                                  : (low * at_high - high * at_low) / (at_high - at_low);
        double miss = ct_drains__critical_flow(l->section, y) - run(l, s, fall - y).q;
        if (fabs(miss) <= 1e-13 * s->area) return y;
        if (miss > 0) {
            high = y;
            at_high = miss;
            if (side > 0) at_low *= 0.5;
            side = 1;
        } else {
            low = y;
            at_low = miss;
            if (side < 0) at_high *= 0.5;
            side = -1;
        }
    }
    return 0.5 * (low + high);
}

// A discharge through an end and how it answers to the heads of its cell and its node; along the
// direction it was asked for.
typedef struct outcome {
    double q, u, to_cell, to_node;
} outcome;

// Over a brink: the node's head does not matter.
static outcome falling(const law *l, const end *e, double cell_head) {
    double depth = cell_head - e->cell_bed, fall = cell_head - e->bed, most = fmin(depth, fall);
    stream s = stream_at(l, depth);
    double brink = brink_depth(l, &s, fall, most);
    passing p = run(l, &s, fall - brink);
    if (brink == most) return (outcome){p.q, p.u, p.to_depth, 0};
    const double h = 1e-7; // a difference stands for the derivative
    stream next = stream_at(l, depth + h);
    double next_brink = brink_depth(l, &next, fall + h, most + h);
    return (outcome){p.q, p.u, fmax(0, (run(l, &next, fall + h - next_brink).q - p.q) / h), 0};
}

static outcome out_of(const ct_drains *d, const end *e, double cell_head, double node_head) {
    if (e->shut_out) return (outcome){0};
    law l = law_of(d, e->conduit, e->face, e->out_along);
    double depth = cell_head - e->cell_bed;
    if (e->normal) {
        passing p = pass(&l, depth, e->cell_bed - e->bed);
        return (outcome){p.q, p.u, p.to_depth, 0};
    }
    double most = fmin(depth, cell_head - e->bed);
    if (most > 0 && node_head < e->bed + most) {
        outcome o = falling(&l, e, cell_head);
        passing p = pass(&l, depth, cell_head - node_head);
        // the lesser of a fall and a flow against the node's level
        if (p.q > o.q) return o;
        return (outcome){p.q, p.u, p.to_depth + p.to_drop, -p.to_drop};
    }
    bool over = node_head < e->bed;
    passing p = pass(&l, depth, cell_head - (over ? e->bed : node_head));
    return (outcome){p.q, p.u, p.to_depth + p.to_drop, over ? 0 : -p.to_drop};
}

// Into the pipe from still water: the velocity head is gained, the depth inside at least critical.
static outcome from_still(const ct_drains *d, law l, const end *e, double cell_head,
                          double node_head) {
    const double h = 1e-7;
    double depth = node_head - e->bed, cell_depth = cell_head - e->bed;
    l.loss += d->dt_s / e->conduit->cell_m; // 1 / (2 l), l = half a cell
    if (cell_depth >= depth) {              // only its own momentum carries it
        passing p = pass(&l, depth, depth - cell_depth);
        return (outcome){p.q, p.u, -p.to_drop, p.to_depth + p.to_drop};
    }
    double critical = ct_drains__depth_of_energy(l.section, depth);
    if (cell_depth >= critical) {
        passing p = pass(&l, cell_depth, depth - cell_depth);
        return (outcome){p.q, p.u, fmin(0, p.to_depth - p.to_drop), p.to_drop};
    }
    double next = ct_drains__depth_of_energy(l.section, depth + h);
    passing p = pass(&l, critical, depth - critical), q = pass(&l, next, depth + h - next);
    return (outcome){p.q, p.u, 0, fmax(0, (q.q - p.q) / h)};
}

static outcome into(const ct_drains *d, const end *e, double cell_head, double node_head) {
    double depth = node_head - e->bed;
    if (e->shut_in || !(depth > 0)) return (outcome){0};
    law l = law_of(d, e->conduit, e->face, !e->out_along);
    if (e->still) return from_still(d, l, e, cell_head, node_head);
    passing p = pass(&l, depth, node_head - cell_head);
    return (outcome){p.q, p.u, -p.to_drop, p.to_depth + p.to_drop};
}

// Out of the pipe positive.
static outcome through_end(const ct_drains *d, const end *e, double cell_head, double node_head) {
    law l = law_of(d, e->conduit, e->face, e->out_along);
    if (e->normal || l.start + l.pull * (cell_head - node_head) > 0) {
        return out_of(d, e, cell_head, node_head);
    }
    outcome o = into(d, e, cell_head, node_head);
    return (outcome){-o.q, -o.u, -o.to_cell, -o.to_node};
}

static ct_drains__flux end_flux(const ct_drains *d, const ct_drains__conduit *c, size_t face,
                                double head_a, double head_b, double *velocity) {
    end e = end_of(d, c, face);
    double cell = e.out_along ? head_a : head_b, node = e.out_along ? head_b : head_a;
    outcome o = through_end(d, &e, cell, node);
    *velocity = e.out_along ? o.u : -o.u;
    double to_cell = fmax(0, o.to_cell), to_node = fmin(0, o.to_node);
    if (e.out_along) return (ct_drains__flux){o.q, to_cell, to_node};
    return (ct_drains__flux){-o.q, -to_node, -to_cell};
}

ct_drains__flux ct_drains__face_flux(const ct_drains *d, size_t face, double head_a, double head_b,
                                     double *velocity) {
    const ct_drains__conduit *c = &d->conduits[d->edges[face].index];
    ct_drains__flux f = is_end(c, face) ? end_flux(d, c, face, head_a, head_b, velocity)
                                        : inner_flux(d, c, face, head_a, head_b, velocity);
    double barrels = (double)c->what.barrels;
    return (ct_drains__flux){f.q * barrels, f.to_a * barrels, f.to_b * barrels};
}

double ct_drains__cell_volume(const ct_drains *d, size_t unknown, double head, double *area) {
    const ct_drains__conduit *c = &d->conduits[d->cell_conduit[unknown - d->node_count]];
    const ct_drains__section *s = c->section;
    double depth = head - d->bed[unknown], length = c->cell_m * (double)c->what.barrels;
    ct_drains__wet w = ct_drains__section_at(s, depth);
    if (s->closed && depth > s->full_m) {
        w.width = CT_DRAINS_GRAVITY * s->full_m2 / (d->wave_ms * d->wave_ms);
        w.area += w.width * (depth - s->full_m);
    }
    *area = length * w.width;
    return length * w.area;
}

// The depth at which a discharge is critical, at most `most`.
static double critical_depth(const ct_drains__section *s, double q, double most) {
    double low = 0, high = most;
    if (ct_drains__critical_flow(s, most) <= q) return most;
    for (int i = 0; i < 60 && high - low > 1e-12 * most; i++) {
        double y = 0.5 * (low + high);
        if (ct_drains__critical_flow(s, y) < q) {
            low = y;
        } else {
            high = y;
        }
    }
    return high;
}

double ct_drains__brink_level(const ct_drains *d, const ct_drains__conduit *c, bool at_from) {
    const size_t face = at_from ? c->first_face : c->first_face + c->cells;
    const end e = end_of(d, c, face);
    double q = d->live.flow[face] / (double)c->what.barrels;
    if (at_from) q = -q;
    if (!(q > 0)) return e.bed;
    const size_t cell = at_from ? c->first_cell : c->first_cell + c->cells - 1;
    double depth = fmax(0, d->live.head[cell] - d->bed[cell]);
    if (c->section->closed) depth = fmin(depth, c->section->full_m);
    return e.bed + (e.normal ? depth : critical_depth(c->section, q, depth));
}

static double cell_area(const ct_drains *d, const ct_drains__conduit *c, size_t cell) {
    return ct_drains__section_at(c->section, d->live.head[cell] - d->bed[cell]).area;
}

static void prepare(ct_drains *d, const ct_drains__conduit *c, double dt_s) {
    const double *u = d->live.velocity, *flow = d->live.flow;
    double barrels = (double)c->what.barrels, before_area = 0, before_flow = 0;
    for (size_t k = 0; k <= c->cells; k++) {
        size_t face = c->first_face + k;
        bool first = k == 0, last = k == c->cells;
        double area = last ? 0 : cell_area(d, c, c->first_cell + k);
        double behind = last ? 0 : 0.5 * (flow[face] + flow[face + 1]) / barrels;
        double mean = first ? area : last ? before_area : 0.5 * (area + before_area);
        double length = first || last ? 0.5 * c->cell_m : c->cell_m;
        double weight = mean > 0 ? dt_s / (mean * length) : 0;
        double left = weight * fmax(0, before_flow), right = weight * fmax(0, -behind);
        d->face[face].factor = 1 + left + right;
        d->face[face].start_ms = u[face];
        if (!first) d->face[face].start_ms += left * u[face - 1];
        if (!last) d->face[face].start_ms += right * u[face + 1];
        before_area = area;
        before_flow = behind;
    }
}

void ct_drains__faces_prepare(ct_drains *d, double dt_s) {
    for (size_t i = 0; i < d->conduit_count; i++) prepare(d, &d->conduits[i], dt_s);
}
