// Curves of alignments (IFC 4.3): segments by their curvature, and heights along a plan.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/basis.h"

enum { MAX_STEPS = 2000, SUB_STEPS = 8, N_TERMS = 8 };

static const double k_pi = 3.14159265358979323846;

// Curvature along a segment: the sum of k[i] s^i and one wave, s from where the parent curve
// begins.
typedef struct bend {
    double k[N_TERMS];        // 1/m^(i + 1)
    double wave, per_m, turn; // wave * cos(per_m * s + turn)
    double unit;              // metres of one parameter
    double start, length;     // m; a negative length runs back
} bend;

static ct_err read_measure(double *out, const ct_ifc__work *w, uint32_t segment,
                           const char *attribute, double parameter_m) {
    const ct_step__value v = ct_ifc__get(w->m, segment, attribute);
    if (!ct_step__number(out, &v))
        return ct_fail(CT_PARSE, "#%llu tells no %s",
                       (unsigned long long)ct_step__id(w->m->step, segment), attribute);
    *out *= ct_step__named(&v, "IFCPARAMETERVALUE") ? parameter_m : w->length_m;
    return CT_OK;
}

// Terms of polynomial spirals: the length A of s^i stands for a curvature of (s / A)^i / A.
static void read_terms(bend *b, const ct_ifc__work *w, uint32_t spiral) {
    static const char *const names[N_TERMS] = {"ConstantTerm", "LinearTerm",  "QuadraticTerm",
                                               "CubicTerm",    "QuarticTerm", "QuinticTerm",
                                               "SexticTerm",   "SepticTerm"};
    for (int i = 0; i < N_TERMS; i++) {
        double a;
        if (!ct_ifc__number(&a, w->m, spiral, names[i]) || a == 0) continue;
        a *= w->length_m;
        b->k[i] = copysign(pow(fabs(a), -(i + 1)), a);
    }
}

static ct_err read_bend(bend *b, ct_ifc__work *w, uint32_t segment) {
    uint32_t parent;
    double size;
    *b = (bend){.unit = w->length_m};
    CT_TRY(ct_ifc__need_ref(&parent, w, segment, "ParentCurve"));
    const ct_ifc__kind kind = ct_ifc__kind_of(w, parent);
    const bool sine = kind == CT_IFC__K_SINE_SPIRAL;
    if (kind == CT_IFC__K_CIRCLE) {
        CT_TRY(ct_ifc__need_size(&size, w, parent, "Radius"));
        b->k[0] = 1 / size;
        b->unit = size * w->angle_rad;
    } else if (kind == CT_IFC__K_CLOTHOID) {
        CT_TRY(ct_ifc__need_length(&size, w, parent, "ClothoidConstant"));
        if (size == 0) return ct_fail(CT_GEOM, "a clothoid's constant is 0");
        b->k[1] = size / fabs(size * size * size);
    } else if (kind == CT_IFC__K_SPIRAL) {
        read_terms(b, w, parent);
    } else if (sine || kind == CT_IFC__K_COSINE_SPIRAL) {
        read_terms(b, w, parent);
        CT_TRY(ct_ifc__need_length(&size, w, parent, sine ? "SineTerm" : "CosineTerm"));
        if (size == 0) return ct_fail(CT_GEOM, "a spiral's term is 0");
        b->wave = 1 / size;
        b->turn = sine ? -0.5 * k_pi : 0;
    } else if (kind != CT_IFC__K_LINE) {
        return ct_ifc__unsupported(w, parent);
    }
    CT_TRY(read_measure(&b->start, w, segment, "SegmentStart", b->unit));
    CT_TRY(read_measure(&b->length, w, segment, "SegmentLength", b->unit));
    // A half of a wave of the cosine, a whole one of the sine in the segment.
    if (b->wave != 0 && b->length != 0) b->per_m = (sine ? 2 : 1) * k_pi / fabs(b->length);
    return CT_OK;
}

static double curvature(const bend *b, double s) {
    double sum = 0;
    for (int i = N_TERMS; i-- > 0;) sum = sum * s + b->k[i];
    return sum + (b->wave != 0 ? b->wave * cos(b->per_m * s + b->turn) : 0);
}

// Its integral from 0.
static double heading(const bend *b, double s) {
    double sum = 0;
    for (int i = N_TERMS; i-- > 0;) sum = sum * s + b->k[i] / (i + 1);
    sum *= s;
    if (b->wave != 0 && b->per_m > 0)
        sum += b->wave / b->per_m * (sin(b->per_m * s + b->turn) - sin(b->turn));
    return sum;
}

static ct_err put_polynomial(ct_ifc__points *out, ct_ifc__work *w, uint32_t segment,
                             uint32_t curve);

ct_err ct_ifc__put_curve_segment(ct_ifc__points *out, ct_ifc__work *w, uint32_t segment) {
    enum { LOOKS = 32 };
    bend b;
    const uint32_t parent = ct_ifc__ref(w->m, segment, "ParentCurve");
    if (ct_ifc__kind_of(w, parent) == CT_IFC__K_POLYNOMIAL)
        return put_polynomial(out, w, segment, parent);
    CT_TRY(read_bend(&b, w, segment));
    const ct_affine at = ct_ifc__position(w, segment, "Placement");
    // Running back along a curve that bends to the left bends to the right.
    const double way = b.length < 0 ? -1 : 1, length = fabs(b.length);
    double most = 0;
    for (int i = 0; i <= LOOKS; i++)
        most = fmax(most, fabs(curvature(&b, b.start + b.length * i / LOOKS)));
    uint32_t n = most > 0 ? ct_ifc__arc_steps(w, 1 / most, most * length) : 1;
    if (n > MAX_STEPS) n = MAX_STEPS;
    double x = 0, y = 0;
    const double h = length / ((double)n * SUB_STEPS), first = heading(&b, b.start);
    for (uint32_t i = 0; i <= n * SUB_STEPS; i++) {
        if (i % SUB_STEPS == 0) {
            double p[3] = {x, y, 0};
            ct_affine_point(p, &at, p);
            CT_TRY(ct_ifc__put_point(out, w, p));
        }
        const double s = (i + 0.5) * h; // along the way
        const double turned = heading(&b, b.start + way * s) - first;
        x += h * cos(turned);
        y += h * sin(turned);
    }
    return CT_OK;
}

// ---- polynomials: parabolas of vertical alignments
// -----------------------------------------------

typedef struct polynomial { // x and y of the parameter, m
    double c[2][N_TERMS];
} polynomial;

// The point or, once derived, the way of it.
static void polynomial_at(double out[2], const polynomial *p, double u, bool derived) {
    for (int k = 0; k < 2; k++) {
        out[k] = 0;
        for (int i = N_TERMS; i-- > (derived ? 1 : 0);)
            out[k] = out[k] * u + (derived ? i : 1) * p->c[k][i];
    }
}

// The parameter `length` metres along it from u on, by small steps.
static double walk(const polynomial *p, double u, double length, uint32_t steps) {
    for (uint32_t i = 0; i < steps; i++) {
        double way[2], middle[2];
        const double h = length / steps;
        polynomial_at(way, p, u, true);
        const double half = 0.5 * h / fmax(hypot(way[0], way[1]), 1e-12);
        polynomial_at(middle, p, u + half, true);
        u += h / fmax(hypot(middle[0], middle[1]), 1e-12);
    }
    return u;
}

static ct_err put_polynomial(ct_ifc__points *out, ct_ifc__work *w, uint32_t segment,
                             uint32_t curve) {
    enum { PIECES = 64 };
    static const char *const names[2] = {"CoefficientsX", "CoefficientsY"};
    polynomial p = {0};
    double start, length, origin[2], way[2];
    for (int k = 0; k < 2; k++) {
        const ct_step__value list = ct_ifc__get(w->m, curve, names[k]);
        (void)ct_ifc__numbers(p.c[k], N_TERMS, &list);
        double unit = w->length_m; // the parameter is a number of the project's units
        for (int i = 0; i < N_TERMS; i++, unit /= w->length_m) p.c[k][i] *= unit;
    }
    CT_TRY(read_measure(&start, w, segment, "SegmentStart", w->length_m));
    CT_TRY(read_measure(&length, w, segment, "SegmentLength", w->length_m));
    const ct_step__value begin = ct_ifc__get(w->m, segment, "SegmentStart");
    if (!ct_step__named(&begin, "IFCPARAMETERVALUE")) start = walk(&p, 0, start, 256);
    const ct_affine at = ct_ifc__position(w, segment, "Placement");
    polynomial_at(origin, &p, start, false);
    polynomial_at(way, &p, start, true);
    const double norm = hypot(way[0], way[1]);
    if (!(norm > 0)) return ct_fail(CT_GEOM, "a polynomial curve stands still");
    for (uint32_t i = 0; i <= PIECES; i++) {
        double xy[2], q[3] = {0};
        polynomial_at(xy, &p, start, false);
        const double d[2] = {xy[0] - origin[0], xy[1] - origin[1]};
        q[0] = (d[0] * way[0] + d[1] * way[1]) / norm; // its first way along x
        q[1] = (d[1] * way[0] - d[0] * way[1]) / norm;
        ct_affine_point(q, &at, q);
        CT_TRY(ct_ifc__put_point(out, w, q));
        start = walk(&p, start, length / PIECES, 4);
    }
    return CT_OK;
}

// ---- heights along a plan -----------------------------------------------------------------------

// Where a polyline is at a distance along it: x and y, from `*i` on, which moves up.
static void at_distance(double out[3], const ct_ifc__line *line, const double *along, double d,
                        uint32_t *i) {
    while (*i + 2 < line->n && along[*i + 1] < d) ++*i;
    const double *a = line->xyz + 3 * (size_t)*i, length = along[*i + 1] - along[*i];
    const double f = length > 0 ? (d - along[*i]) / length : 0;
    for (int k = 0; k < 3; k++) out[k] = a[k] + f * (a[3 + k] - a[k]);
}

static ct_err measure(double **out, ct_ifc__work *w, const ct_ifc__line *line, bool plan) {
    double *along = ct_arena_alloc(w->arena, ((size_t)line->n + 1) * sizeof *along);
    if (!along) return CT_NOMEM;
    along[0] = plan ? 0 : line->xyz[0];
    for (uint32_t i = 1; i < line->n; i++) {
        const double *a = line->xyz + 3 * (size_t)(i - 1), x = a[3] - a[0], y = a[4] - a[1];
        along[i] = plan ? along[i - 1] + sqrt(x * x + y * y) : a[3];
    }
    *out = along;
    return CT_OK;
}

ct_err ct_ifc__put_gradient(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    uint32_t base;
    ct_ifc__slots segments;
    ct_ifc__line plan, profile;
    ct_ifc__points points = {0};
    double *along, *stations;
    CT_TRY(ct_ifc__need_ref(&base, w, curve, "BaseCurve"));
    CT_TRY(ct_ifc__curve(&plan, w, base));
    CT_TRY(ct_ifc__refs(&segments, w, curve, "Segments"));
    for (size_t i = 0; i < segments.n; i++)
        CT_TRY(ct_ifc__put_curve_segment(&points, w, segments.at[i]));
    CT_TRY(ct_ifc__finish_line(&profile, w, &points));
    CT_TRY(measure(&along, w, &plan, true));
    CT_TRY(measure(&stations, w, &profile, false));
    // A point at each corner of either.
    uint32_t i = 0, k = 0, ia = 0, ka = 0;
    const double end = along[plan.n - 1];
    while (i < plan.n || k < profile.n) {
        const bool of_plan = k == profile.n || (i < plan.n && along[i] <= stations[k]);
        const double d = of_plan ? along[i++] : stations[k++];
        double p[3], q[3];
        if (d < 0 || d > end) continue;
        at_distance(p, &plan, along, d, &ia);
        at_distance(q, &profile, stations, d, &ka);
        p[2] = q[1];
        CT_TRY(ct_ifc__put_point(out, w, p));
    }
    return CT_OK;
}
