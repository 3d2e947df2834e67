// Plane geometry for laying out blocks.
#include "shape.h"

#include <math.h>

#include "base/mem.h"

sc_point sc_at(const sc_frame *f, double p, double q) {
    return (sc_point){f->origin.x + p * f->cosine - q * f->sine,
                      f->origin.y + p * f->sine + q * f->cosine};
}

void sc_in(double *p, double *q, const sc_frame *f, sc_point at) {
    double dx = at.x - f->origin.x, dy = at.y - f->origin.y;
    *p = dx * f->cosine + dy * f->sine;
    *q = -dx * f->sine + dy * f->cosine;
}

double sc_distance(sc_point a, sc_point b) {
    return hypot(a.x - b.x, a.y - b.y);
}

double sc_ring_area(const sc_ring *ring) {
    double twice = 0;
    for (int i = 0; i < ring->n; i++) {
        sc_point a = ring->at[i], b = ring->at[(i + 1) % ring->n];
        twice += a.x * b.y - b.x * a.y;
    }
    return twice / 2;
}

sc_point sc_ring_centre(const sc_ring *ring) {
    sc_point low = ring->at[0], high = ring->at[0];
    for (int i = 1; i < ring->n; i++) {
        low.x = fmin(low.x, ring->at[i].x);
        low.y = fmin(low.y, ring->at[i].y);
        high.x = fmax(high.x, ring->at[i].x);
        high.y = fmax(high.y, ring->at[i].y);
    }
    return (sc_point){(low.x + high.x) / 2, (low.y + high.y) / 2};
}

bool sc_ring_has(const sc_ring *ring, sc_point at) {
    bool inside = false;
    for (int i = 0, k = ring->n - 1; i < ring->n; k = i++) {
        sc_point a = ring->at[i], b = ring->at[k];
        if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x)
            inside = !inside;
    }
    return inside;
}

double sc_segment_distance(sc_point a, sc_point b, sc_point at) {
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((at.x - a.x) * dx + (at.y - a.y) * dy) / length2 : 0;
    t = fmin(1, fmax(0, t));
    return hypot(at.x - a.x - t * dx, at.y - a.y - t * dy);
}

bool sc_lines_meet(sc_point *out, sc_point a, sc_point b, sc_point c, sc_point d) {
    double ux = b.x - a.x, uy = b.y - a.y, vx = d.x - c.x, vy = d.y - c.y;
    double cross = ux * vy - uy * vx;
    if (fabs(cross) < 1e-9 * hypot(ux, uy) * hypot(vx, vy)) return false;
    double t = ((c.x - a.x) * vy - (c.y - a.y) * vx) / cross;
    *out = (sc_point){a.x + t * ux, a.y + t * uy};
    return true;
}

void sc_quad_inset(sc_point *out, const sc_point *quad, const double *distance) {
    sc_point from[4], to[4];
    for (int k = 0; k < 4; k++) {
        sc_point a = quad[k], b = quad[(k + 1) % 4];
        double length = sc_distance(a, b);
        double nx = -(b.y - a.y) / length * distance[k], ny = (b.x - a.x) / length * distance[k];
        from[k] = (sc_point){a.x + nx, a.y + ny};
        to[k] = (sc_point){b.x + nx, b.y + ny};
    }
    for (int k = 0; k < 4; k++) {
        int before = (k + 3) % 4;
        if (!sc_lines_meet(&out[k], from[before], to[before], from[k], to[k])) out[k] = from[k];
    }
}

void sc_ring_cut(sc_ring *ring, double nx, double ny, double limit) {
    sc_ring out = {.n = 0};
    for (int i = 0; i < ring->n; i++) {
        sc_point a = ring->at[i], b = ring->at[(i + 1) % ring->n];
        double da = nx * a.x + ny * a.y - limit, db = nx * b.x + ny * b.y - limit;
        if (da <= 0 && out.n < SC_MAX_CORNERS) out.at[out.n++] = a;
        if ((da < 0 && db > 0) || (da > 0 && db < 0)) {
            double t = da / (da - db);
            if (out.n < SC_MAX_CORNERS)
                out.at[out.n++] = (sc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
        }
    }
    *ring = out;
    if (ring->n < 3) ring->n = 0;
}

sc_frame sc_frame_inside(const sc_point *quad) {
    double angle = (atan2(quad[1].y - quad[0].y, quad[1].x - quad[0].x) +
                    atan2(quad[2].y - quad[3].y, quad[2].x - quad[3].x)) /
                   2;
    sc_frame f = {quad[0], cos(angle), sin(angle), 0, 0};
    double p[4], q[4];
    for (int k = 0; k < 4; k++) sc_in(&p[k], &q[k], &f, quad[k]);
    double west = fmax(p[0], p[3]), east = fmin(p[1], p[2]);
    double south = fmax(q[0], q[1]), north = fmin(q[2], q[3]);
    f.origin = sc_at(&f, west, south);
    f.width = east - west;
    f.depth = north - south;
    return f;
}

typedef struct joint {
    double along; // metres from the line's start
    sc_point at;
} joint;

#define JOINT_M 0.01

static int add_joint(joint *joints, int n, int cap, double along, sc_point at) {
    for (int i = 0; i < n; i++)
        if (fabs(joints[i].along - along) < JOINT_M) return n;
    if (n == cap) return n;
    int place = n;
    while (place > 0 && joints[place - 1].along > along) {
        joints[place] = joints[place - 1];
        place--;
    }
    joints[place] = (joint){along, at};
    return n + 1;
}

// Where line k meets line i: an end of one of them on the other, else the crossing. False if they
// do not meet.
static bool meet(sc_point *out, const sc_line *i, const sc_line *k) {
    const sc_point ends[4] = {k->a, k->b, i->a, i->b};
    for (int e = 0; e < 4; e++) {
        const sc_line *other = e < 2 ? i : k;
        if (sc_segment_distance(other->a, other->b, ends[e]) >= JOINT_M) continue;
        *out = ends[e];
        // an end that falls on an end of the other: both take the end of the line that comes first
        const int first = e < 2 ? 2 : 0;
        for (int g = first; g < first + 2; g++) {
            if (sc_distance(ends[e], ends[g]) >= JOINT_M) continue;
            *out = i < k ? ends[e < 2 ? g : e] : ends[e < 2 ? e : g];
            break;
        }
        return true;
    }
    if (!sc_lines_meet(out, i->a, i->b, k->a, k->b)) return false;
    return sc_segment_distance(i->a, i->b, *out) < 1e-6 &&
           sc_segment_distance(k->a, k->b, *out) < 1e-6;
}

enum { NODE_CAP = 256 };

// Nodes of lines[i]: its ends and what lies between, in order along it. Shared ends take one place:
// that of the earliest line. `at` has room for NODE_CAP.
static int nodes_of(sc_point *at, joint *joints, const sc_line *lines, size_t n, size_t i) {
    const sc_line *line = &lines[i];
    int count = 0;
    sc_point first = line->a, last = line->b;
    bool first_set = false, last_set = false;
    for (size_t k = 0; k < n; k++) {
        sc_point place;
        if (k == i || fmin(lines[k].a.x, lines[k].b.x) > fmax(line->a.x, line->b.x) + 1 ||
            fmax(lines[k].a.x, lines[k].b.x) < fmin(line->a.x, line->b.x) - 1)
            continue;
        if (!(k < i ? meet(&place, &lines[k], line) : meet(&place, line, &lines[k]))) continue;
        double along = sc_distance(line->a, place);
        if (along < JOINT_M) {
            if (k < i && !first_set) first = place, first_set = true;
        } else if (sc_distance(line->b, place) < JOINT_M) {
            if (k < i && !last_set) last = place, last_set = true;
        } else {
            count = add_joint(joints, count, NODE_CAP - 2, along, place);
        }
    }
    at[0] = first;
    for (int j = 0; j < count; j++) at[j + 1] = joints[j].at;
    at[count + 1] = last;
    return count + 2;
}

ct_err sc_node_lines(const sc_line *lines, size_t n,
                     ct_err (*emit)(void *context, const sc_line *line, const sc_point *at,
                                    int count),
                     void *context) {
    joint *joints = ct_calloc(NODE_CAP, sizeof *joints);
    sc_point *at = ct_calloc(NODE_CAP, sizeof *at);
    ct_err err = joints && at ? CT_OK : CT_NOMEM;
    for (size_t i = 0; err == CT_OK && i < n; i++)
        err = emit(context, &lines[i], at, nodes_of(at, joints, lines, n, i));
    ct_free(joints);
    ct_free(at);
    return err;
}
