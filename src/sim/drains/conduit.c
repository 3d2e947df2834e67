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

typedef struct passing {
    double q, u, to_depth, to_drop; // and how q answers to the depth and to the drop of head
} passing;

static passing pass(const law *l, double depth, double drop) {
    ct_drains__wet w = ct_drains__section_at(l->section, depth);
    double right = l->start + l->pull * drop;
    if (!(w.area > 0) || !(right > 0)) return (passing){0};
    double radius = w.area / w.perimeter, rough = l->friction / (radius * cbrt(radius));
    double k = rough + l->loss;
    double root = sqrt(l->factor * l->factor + 4 * k * right), u = 2 * right / (l->factor + root);
    double radius_slope = fmax(0, (w.width - radius * w.perimeter_slope) / w.perimeter);
    double u_to_depth = 4.0 / 3 * rough / radius * radius_slope * u * u / root;
    return (passing){w.area * u, u, w.width * u + w.area * u_to_depth, w.area * l->pull / root};
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
    return (law){&c->section,           along ? start : -start,
                 d->face[face].factor,  d->dt_s * CT_DRAINS_GRAVITY / length,
                 d->dt_s * c->friction, d->dt_s * loss_of(c, face, length, along) / (2 * length)};
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
    if (along) return (ct_drains__flux){p.q, p.to_depth + p.to_drop, -p.to_drop};
    return (ct_drains__flux){-p.q, p.to_drop, -(p.to_depth + p.to_drop)};
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

// The depth at the brink, at most `most`, at which the fall's discharge is critical.
static double brink_depth(const law *l, double depth, double cell_head, double bed, double most) {
    double low = 0, high = most;
    passing p = pass(l, depth, cell_head - bed - most);
    if (ct_drains__critical_flow(l->section, most) <= p.q) return most;
    for (int i = 0; i < 48 && high - low > 1e-12; i++) {
        double middle = 0.5 * (low + high);
        p = pass(l, depth, cell_head - bed - middle);
        if (ct_drains__critical_flow(l->section, middle) < p.q) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

static passing out_of(const ct_drains *d, const end *e, double cell_head, double node_head) {
    if (e->shut_out) return (passing){0};
    law l = law_of(d, e->conduit, e->face, e->out_along);
    double depth = cell_head - e->cell_bed, level = node_head;
    if (e->normal) return pass(&l, depth, e->cell_bed - e->bed);
    double most = fmin(depth, cell_head - e->bed);
    if (most > 0 && level < e->bed + most) {
        level = fmax(level, e->bed + brink_depth(&l, depth, cell_head, e->bed, most));
    } else if (level < e->bed) {
        level = e->bed;
    }
    return pass(&l, depth, cell_head - level);
}

static passing into(const ct_drains *d, const end *e, double cell_head, double node_head) {
    double depth = node_head - e->bed, level = cell_head;
    if (e->shut_in || !(depth > 0)) return (passing){0};
    law l = law_of(d, e->conduit, e->face, !e->out_along);
    if (!e->still) return pass(&l, depth, node_head - level);
    l.loss += d->dt_s / e->conduit->cell_m; // 1 / (2 l), l = half a cell
    double critical = ct_drains__depth_of_energy(l.section, depth);
    double inside = fmin(depth, fmax(cell_head - e->bed, critical));
    return pass(&l, inside, node_head - (e->bed + inside));
}

// Out of the pipe positive.
static passing through_end(const ct_drains *d, const end *e, double cell_head, double node_head) {
    law l = law_of(d, e->conduit, e->face, e->out_along);
    if (e->normal || l.start + l.pull * (cell_head - node_head) > 0) {
        return out_of(d, e, cell_head, node_head);
    }
    passing p = into(d, e, cell_head, node_head);
    p.q = -p.q;
    p.u = -p.u;
    return p;
}

// Differences stand for derivatives: the laws of ends have too many branches.
static ct_drains__flux end_flux(const ct_drains *d, const ct_drains__conduit *c, size_t face,
                                double head_a, double head_b, double *velocity) {
    const double h = 1e-7;
    end e = end_of(d, c, face);
    double cell = e.out_along ? head_a : head_b, node = e.out_along ? head_b : head_a;
    passing p = through_end(d, &e, cell, node);
    double to_cell = fmax(0, (through_end(d, &e, cell + h, node).q - p.q) / h);
    double to_node = fmin(0, (through_end(d, &e, cell, node + h).q - p.q) / h);
    *velocity = e.out_along ? p.u : -p.u;
    if (e.out_along) return (ct_drains__flux){p.q, to_cell, to_node};
    return (ct_drains__flux){-p.q, -to_node, -to_cell};
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
    const ct_drains__section *s = &c->section;
    double depth = head - d->bed[unknown], length = c->cell_m * (double)c->what.barrels;
    ct_drains__wet w = ct_drains__section_at(s, depth);
    if (s->closed && depth > s->full_m) {
        w.width = CT_DRAINS_GRAVITY * s->full_m2 / (d->wave_ms * d->wave_ms);
        w.area += w.width * (depth - s->full_m);
    }
    *area = length * w.width;
    return length * w.area;
}

static double cell_area(const ct_drains *d, const ct_drains__conduit *c, size_t cell) {
    return ct_drains__section_at(&c->section, d->live.head[cell] - d->bed[cell]).area;
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
