// Faces on curved surfaces, and bounded surfaces as items.
//
// The bounds of a face are loops of points from its edges' curves. An edge gives the same points to
// both faces that it bounds, and no others are put on it, so that the faces meet. Flat faces are
// polygons; the others are cut into triangles by their surfaces' parameters.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/surface.h"

enum { MAX_FACE_POINTS = 20000 };

typedef struct loops { // in the arena
    double *xyz;
    size_t n, room;
    uint32_t *end;
    uint32_t n_loops;
} loops;

static unsigned long long id_of(const ct_ifc__work *w, uint32_t slot) {
    return slot == CT_STEP__NONE ? 0 : (unsigned long long)ct_step__id(w->m->step, slot);
}

static bool is_true(const ct_ifc__work *w, uint32_t slot, const char *attribute) {
    const ct_step__value v = ct_ifc__get(w->m, slot, attribute);
    return ct_step__logical(&v) != 0;
}

// ---- loops

static bool is_same(const ct_ifc__work *w, const double a[3], const double b[3]) {
    return hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]) <= w->weld_m;
}

static ct_err put_point(loops *l, ct_ifc__work *w, const double p[3]) {
    const size_t begin = l->n_loops ? l->end[l->n_loops - 1] : 0;
    if (l->n > begin && is_same(w, p, l->xyz + 3 * (l->n - 1))) return CT_OK;
    CT_TRY(ct_ifc__spend(w, 1));
    if (l->n == l->room) {
        const size_t room = l->room ? 2 * l->room : 64;
        double *grown = ct_arena_alloc(w->arena, 3 * room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (l->n) memcpy(grown, l->xyz, 3 * l->n * sizeof *grown);
        l->xyz = grown;
        l->room = room;
    }
    memcpy(l->xyz + 3 * l->n++, p, 3 * sizeof *p);
    return CT_OK;
}

// Ends the loop at work; one of less than two points is none.
static void end_loop(loops *l, const ct_ifc__work *w) {
    const size_t begin = l->n_loops ? l->end[l->n_loops - 1] : 0;
    while (l->n > begin + 1 && is_same(w, l->xyz + 3 * begin, l->xyz + 3 * (l->n - 1))) l->n--;
    if (l->n < begin + 2)
        l->n = begin;
    else
        l->end[l->n_loops++] = (uint32_t)l->n;
}

static void turn_last(loops *l) {
    size_t low = l->n_loops > 1 ? l->end[l->n_loops - 2] : 0, high = l->n;
    for (; low + 1 < high; low++, high--)
        for (size_t k = 0; k < 3; k++) {
            const double swap = l->xyz[3 * low + k];
            l->xyz[3 * low + k] = l->xyz[3 * (high - 1) + k];
            l->xyz[3 * (high - 1) + k] = swap;
        }
}

// An edge whose curve is not read is drawn straight, and that is told once: both its faces ask.
static ct_err tell_straight(ct_ifc__work *w, uint32_t edge) {
    static const char *const rule = "shape-edge";
    for (size_t i = 0; i < w->n_findings; i++)
        if (w->findings[i].slot == edge && strcmp(w->findings[i].rule, rule) == 0) return CT_OK;
    const char *why = ct_arena_strdup(w->arena, ct_err_message());
    if (!why) return CT_NOMEM;
    return ct_ifc__find(w, CT_SEVERITY_WARNING, rule, edge, "the edge is drawn straight: %s", why);
}

// The points of an edge in its own direction, both ends with it.
static ct_err edge_line(ct_ifc__line *out, ct_ifc__work *w, uint32_t edge) {
    uint32_t start, end;
    double from[3], to[3];
    CT_TRY(ct_ifc__need_ref(&start, w, edge, "EdgeStart"));
    CT_TRY(ct_ifc__need_ref(&end, w, edge, "EdgeEnd"));
    CT_TRY(ct_ifc__point(from, w, start));
    CT_TRY(ct_ifc__point(to, w, end));
    if (ct_ifc__kind_of(w, edge) == CT_IFC__K_EDGE_CURVE) {
        uint32_t curve;
        CT_TRY(ct_ifc__need_ref(&curve, w, edge, "EdgeGeometry"));
        CT_TRY(ct_ifc__enter(w, edge));
        const ct_err err =
            ct_ifc__curve_between(out, w, curve, from, to, is_true(w, edge, "SameSense"));
        ct_ifc__leave(w);
        if (err != CT_UNSUPPORTED && err != CT_GEOM) return err;
        if (!is_same(w, from, to)) CT_TRY(tell_straight(w, edge));
    }
    out->xyz = ct_arena_alloc(w->arena, 6 * sizeof *out->xyz);
    if (!out->xyz) return CT_NOMEM;
    memcpy(out->xyz, from, sizeof from);
    memcpy(out->xyz + 3, to, sizeof to);
    out->n = 2;
    out->closed = false;
    return CT_OK;
}

static ct_err put_edge(loops *l, ct_ifc__work *w, uint32_t oriented) {
    uint32_t edge = oriented;
    bool forward = true;
    for (int depth = 0; ct_ifc__kind_of(w, edge) == CT_IFC__K_ORIENTED_EDGE; depth++) {
        if (depth == CT_IFC__SHAPE_DEPTH)
            return ct_fail(CT_GEOM, "#%llu is an edge of itself", id_of(w, oriented));
        if (!is_true(w, edge, "Orientation")) forward = !forward;
        CT_TRY(ct_ifc__need_ref(&edge, w, edge, "EdgeElement"));
    }
    ct_ifc__line line;
    CT_TRY(edge_line(&line, w, edge));
    // A closed one begins and ends with its first point.
    if (line.closed && !forward) CT_TRY(put_point(l, w, line.xyz));
    for (uint32_t i = 0; i < line.n; i++)
        CT_TRY(put_point(l, w, line.xyz + 3 * (size_t)(forward ? i : line.n - 1 - i)));
    return line.closed && forward ? put_point(l, w, line.xyz) : CT_OK;
}

static ct_err put_loop(loops *l, ct_ifc__work *w, uint32_t slot) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, slot);
    ct_ifc__slots list;
    if (kind == CT_IFC__K_VERTEX_LOOP) return CT_OK; // a point bounds nothing
    if (kind == CT_IFC__K_POLY_LOOP) {
        CT_TRY(ct_ifc__refs(&list, w, slot, "Polygon"));
        for (size_t i = 0; i < list.n; i++) {
            double p[3];
            CT_TRY(ct_ifc__point(p, w, list.at[i]));
            CT_TRY(put_point(l, w, p));
        }
    } else if (kind == CT_IFC__K_EDGE_LOOP) {
        CT_TRY(ct_ifc__refs(&list, w, slot, "EdgeList"));
        for (size_t i = 0; i < list.n; i++) CT_TRY(put_edge(l, w, list.at[i]));
    } else {
        return ct_ifc__unsupported(w, slot);
    }
    end_loop(l, w);
    return CT_OK;
}

static ct_err bounds_of(loops *l, ct_ifc__work *w, uint32_t face) {
    ct_ifc__slots bounds;
    CT_TRY(ct_ifc__refs(&bounds, w, face, "Bounds"));
    *l = (loops){.end = ct_arena_alloc(w->arena, (bounds.n + 1) * sizeof *l->end)};
    if (!l->end) return CT_NOMEM;
    for (size_t i = 0; i < bounds.n; i++) {
        uint32_t loop;
        const uint32_t before = l->n_loops;
        CT_TRY(ct_ifc__need_ref(&loop, w, bounds.at[i], "Bound"));
        CT_TRY(put_loop(l, w, loop));
        if (l->n_loops > before && !is_true(w, bounds.at[i], "Orientation")) turn_last(l);
    }
    return CT_OK;
}

// ---- faces into the mesh in the making

static double area_of(const loops *l, uint32_t loop) {
    double n[3] = {0, 0, 0};
    const size_t begin = loop ? l->end[loop - 1] : 0;
    const double *o = l->xyz + 3 * begin;
    for (size_t i = begin + 1; i + 1 < l->end[loop]; i++) {
        const double *a = l->xyz + 3 * i, *b = a + 3;
        for (int k = 0; k < 3; k++) {
            const int x = (k + 1) % 3, y = (k + 2) % 3;
            n[k] += (a[x] - o[x]) * (b[y] - o[y]) - (a[y] - o[y]) * (b[x] - o[x]);
        }
    }
    return n[0] * n[0] + n[1] * n[1] + n[2] * n[2];
}

// A flat face: the largest loop is the outside, whichever came first.
static ct_err put_polygon(ct_ifc__work *w, const loops *l) {
    if (l->n_loops == 0) return CT_OK;
    uint32_t outside = 0, *end = ct_arena_alloc(w->arena, l->n_loops * sizeof *end);
    double *xyz = ct_arena_alloc(w->arena, 3 * l->n * sizeof *xyz);
    if (!end || !xyz) return CT_NOMEM;
    for (uint32_t i = 1; i < l->n_loops; i++)
        if (area_of(l, i) > area_of(l, outside)) outside = i;
    size_t n = 0;
    for (uint32_t i = 0; i < l->n_loops; i++) {
        const uint32_t loop = i == 0 ? outside : i <= outside ? i - 1 : i;
        const size_t begin = loop ? l->end[loop - 1] : 0, count = l->end[loop] - begin;
        memcpy(xyz + 3 * n, l->xyz + 3 * begin, 3 * count * sizeof *xyz);
        n += count;
        end[i] = (uint32_t)n;
    }
    CT_TRY(ct_ifc__spend(w, 4 * n));
    return ct_mesh_builder_polygon(w->builder, xyz, end, l->n_loops, 0);
}

// How finely a surface is cut: what bends both ways more than what bends one way, where the points
// of the edges do the most of it.
static ct_surf_options options_for(const ct_ifc__work *w, const ct_surf *s) {
    const bool cone = s->kind == CT_SURF_REVOLUTION && s->n_line == 2 && !s->pole[1][0] &&
                      !s->pole[1][1]; // without its tip
    const bool one_way = s->kind == CT_SURF_CYLINDER || s->kind == CT_SURF_EXTRUSION || cone;
    const uint64_t most = w->steps_left / 200;
    return (ct_surf_options){.chord_m = 1.05 * w->chord_m,
                             .turn_rad = one_way                         ? 1.05 * CT_IFC__ARC_RAD
                                         : s->kind == CT_SURF_REVOLUTION ? 0.1
                                                                         : 0.13,
                             .weld_m = w->weld_m,
                             .max_points =
                                 most < MAX_FACE_POINTS ? (uint32_t)most : MAX_FACE_POINTS};
}

static ct_err put_curved(ct_ifc__work *w, const ct_surf *s, const loops *l, bool forward) {
    const ct_surf_options options = options_for(w, s);
    ct_surf_piece piece;
    CT_TRY(ct_ifc__spend(w, 100 + 20 * l->n));
    CT_TRY(ct_surf_trim(&piece, w->arena, s, l->xyz, l->end, l->n_loops, forward, &options));
    CT_TRY(ct_ifc__spend(w, (s->kind == CT_SURF_SPLINE ? 100 : 40) * (uint64_t)piece.n_points));
    uint32_t *name = ct_arena_alloc(w->arena, ((size_t)piece.n_points + 1) * sizeof *name);
    if (!name) return CT_NOMEM;
    for (size_t i = 0; i < piece.n_points; i++)
        CT_TRY(ct_mesh_builder_point(&name[i], w->builder, piece.xyz + 3 * i));
    for (size_t i = 0; i < piece.n_triangles; i++) {
        uint32_t corner[3];
        for (size_t k = 0; k < 3; k++)
            corner[k] = name[piece.corners[3 * i + (forward ? k : 2 - k)]];
        if (corner[0] == corner[1] || corner[1] == corner[2] || corner[2] == corner[0]) continue;
        CT_TRY(ct_mesh_builder_triangles(w->builder, corner, 1, 0));
    }
    return CT_OK;
}

ct_err ct_ifc__advanced_face(ct_ifc__work *w, uint32_t face) {
    uint32_t surface = CT_STEP__NONE;
    loops l;
    const bool plain = ct_ifc__kind_of(w, face) == CT_IFC__K_FACE; // told by its bounds alone
    if (!plain) CT_TRY(ct_ifc__need_ref(&surface, w, face, "FaceSurface"));
    CT_TRY(bounds_of(&l, w, face));
    if (plain || ct_ifc__kind_of(w, surface) == CT_IFC__K_PLANE) return put_polygon(w, &l);
    ct_surf s;
    CT_TRY(ct_ifc__surf(&s, w, surface));
    return put_curved(w, &s, &l, is_true(w, face, "SameSense"));
}

// ---- bounded surfaces

// Where a curve has what tells its dimension.
static const char *const k_inner[CT_IFC__N_KINDS] = {
    [CT_IFC__K_TRIMMED] = "BasisCurve",
    [CT_IFC__K_COMPOSITE] = "Segments",
    [CT_IFC__K_COMPOSITE_SEGMENT] = "ParentCurve",
    [CT_IFC__K_POLYLINE] = "Points",
    [CT_IFC__K_INDEXED_CURVE] = "Points",
    [CT_IFC__K_SPLINE_CURVE] = "ControlPointsList",
    [CT_IFC__K_RATIONAL_CURVE] = "ControlPointsList",
    [CT_IFC__K_RATIONAL_BEZIER] = "ControlPointsList",
    [CT_IFC__K_CIRCLE] = "Position",
    [CT_IFC__K_ELLIPSE] = "Position",
};

// Whether a curve has two coordinates.
static bool is_flat(const ct_ifc__work *w, uint32_t curve) {
    for (int depth = 0; depth < CT_IFC__SHAPE_DEPTH && curve != CT_STEP__NONE; depth++) {
        const ct_ifc__kind kind = ct_ifc__kind_of(w, curve);
        if (kind == CT_IFC__K_POINT) {
            double p[3];
            const ct_step__value v = ct_ifc__get(w->m, curve, "Coordinates");
            return ct_ifc__numbers(p, 3, &v) == 2;
        }
        // Placements and lists of points tell it by their names.
        if (!k_inner[kind]) return strstr(ct_ifc__class(w->m, curve), "2D") != NULL;
        ct_step__value v = ct_ifc__get(w->m, curve, k_inner[kind]);
        ct_step__cursor c = ct_step__list(&v);
        if (v.kind == CT_STEP__LIST && !ct_step__next(&v, &c)) return false;
        curve = ct_step__ref(w->m->step, &v);
    }
    return false;
}

// A boundary: in space, or in the plane of `frame` where it has two coordinates.
static ct_err put_boundary(loops *l, ct_ifc__work *w, uint32_t curve, const ct_affine *frame) {
    ct_ifc__line line;
    CT_TRY(ct_ifc__curve(&line, w, curve));
    const bool flat = frame && is_flat(w, curve);
    for (uint32_t i = 0; i < line.n; i++) {
        double *p = line.xyz + 3 * (size_t)i;
        if (flat) ct_affine_point(p, frame, p);
        CT_TRY(put_point(l, w, p));
    }
    end_loop(l, w);
    return CT_OK;
}

static ct_err curve_bounded_plane(ct_ifc__work *w, uint32_t slot) {
    uint32_t plane, outer;
    ct_ifc__slots inner = {0};
    CT_TRY(ct_ifc__need_ref(&plane, w, slot, "BasisSurface"));
    CT_TRY(ct_ifc__need_ref(&outer, w, slot, "OuterBoundary"));
    CT_TRY(ct_ifc__refs(&inner, w, slot, "InnerBoundaries"));
    const ct_affine frame = ct_ifc__position(w, plane, "Position");
    loops l = {.end = ct_arena_alloc(w->arena, (inner.n + 1) * sizeof *l.end)};
    if (!l.end) return CT_NOMEM;
    CT_TRY(put_boundary(&l, w, outer, &frame));
    for (size_t i = 0; i < inner.n; i++) CT_TRY(put_boundary(&l, w, inner.at[i], &frame));
    return put_polygon(w, &l);
}

static ct_err curve_bounded_surface(ct_ifc__work *w, uint32_t slot) {
    uint32_t basis;
    ct_ifc__slots bounds;
    CT_TRY(ct_ifc__need_ref(&basis, w, slot, "BasisSurface"));
    CT_TRY(ct_ifc__refs(&bounds, w, slot, "Boundaries"));
    const bool plane = ct_ifc__kind_of(w, basis) == CT_IFC__K_PLANE;
    const ct_affine frame = ct_ifc__position(w, basis, "Position");
    loops l = {.end = ct_arena_alloc(w->arena, (bounds.n + 1) * sizeof *l.end)};
    if (!l.end) return CT_NOMEM;
    const ct_step__value implicit = ct_ifc__get(w->m, slot, "ImplicitOuter");
    if (ct_step__logical(&implicit) != 1)
        for (size_t i = 0; i < bounds.n; i++)
            CT_TRY(put_boundary(&l, w, bounds.at[i], plane ? &frame : NULL));
    if (plane) return put_polygon(w, &l);
    ct_surf s;
    CT_TRY(ct_ifc__surf(&s, w, basis));
    return put_curved(w, &s, &l, true);
}

static ct_err trimmed_surface(ct_ifc__work *w, uint32_t slot) {
    uint32_t basis;
    double low[2], high[2];
    static const char *const names[4] = {"U1", "V1", "U2", "V2"};
    CT_TRY(ct_ifc__need_ref(&basis, w, slot, "BasisSurface"));
    for (int k = 0; k < 2; k++) {
        CT_TRY(ct_ifc__need(&low[k], w, slot, names[k]));
        CT_TRY(ct_ifc__need(&high[k], w, slot, names[k + 2]));
    }
    if (ct_ifc__kind_of(w, basis) == CT_IFC__K_PLANE) {
        const ct_affine frame = ct_ifc__position(w, basis, "Position");
        uint32_t end[1];
        loops l = {.end = end};
        for (int i = 0; i < 4; i++) {
            double p[3] = {(i == 1 || i == 2 ? high[0] : low[0]) * w->length_m,
                           (i >= 2 ? high[1] : low[1]) * w->length_m, 0};
            ct_affine_point(p, &frame, p);
            CT_TRY(put_point(&l, w, p));
        }
        end_loop(&l, w);
        return put_polygon(w, &l);
    }
    ct_surf s;
    const loops none = {0};
    CT_TRY(ct_ifc__surf(&s, w, basis));
    CT_TRY(ct_ifc__surf_trim(&s, w, low, high));
    return put_curved(w, &s, &none, true);
}

ct_err ct_ifc__surface(ct_ifc__work *w, uint32_t surface) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, surface);
    if (kind == CT_IFC__K_CURVE_BOUNDED_PLANE) return curve_bounded_plane(w, surface);
    if (kind == CT_IFC__K_CURVE_BOUNDED) return curve_bounded_surface(w, surface);
    if (kind == CT_IFC__K_RECTANGULAR_TRIMMED) return trimmed_surface(w, surface);
    ct_surf s;
    const loops none = {0};
    CT_TRY(ct_ifc__surf(&s, w, surface));
    return put_curved(w, &s, &none, true);
}
