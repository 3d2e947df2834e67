// Attributes of shapes: sizes, points, directions, frames.
#include <math.h>
#include <string.h>

#include "geo/vector.h"
#include "ingest/ifc/shape/work.h"

static unsigned long long id_of(const ct_ifc__work *w, uint32_t slot) {
    return slot == CT_STEP__NONE ? 0 : (unsigned long long)ct_step__id(w->m->step, slot);
}

static const char *class_of(const ct_ifc__work *w, uint32_t slot) {
    return slot == CT_STEP__NONE ? "nothing" : ct_ifc__class(w->m, slot);
}

ct_err ct_ifc__need(double *out, const ct_ifc__work *w, uint32_t slot, const char *attribute) {
    if (ct_ifc__number(out, w->m, slot, attribute)) return CT_OK;
    return ct_fail(CT_PARSE, "#%llu, an %s, tells no %s", id_of(w, slot), class_of(w, slot),
                   attribute);
}

ct_err ct_ifc__need_length(double *out, const ct_ifc__work *w, uint32_t slot,
                           const char *attribute) {
    CT_TRY(ct_ifc__need(out, w, slot, attribute));
    *out *= w->length_m;
    return CT_OK;
}

ct_err ct_ifc__need_size(double *out, const ct_ifc__work *w, uint32_t slot, const char *attribute) {
    CT_TRY(ct_ifc__need_length(out, w, slot, attribute));
    if (*out > 0) return CT_OK;
    return ct_fail(CT_GEOM, "%s of #%llu, an %s, is not above 0", attribute, id_of(w, slot),
                   class_of(w, slot));
}

double ct_ifc__length_or(const ct_ifc__work *w, uint32_t slot, const char *attribute,
                         double otherwise_m) {
    double value;
    return ct_ifc__number(&value, w->m, slot, attribute) ? value * w->length_m : otherwise_m;
}

ct_err ct_ifc__need_ref(uint32_t *out, const ct_ifc__work *w, uint32_t slot,
                        const char *attribute) {
    *out = ct_ifc__ref(w->m, slot, attribute);
    if (*out != CT_STEP__NONE) return CT_OK;
    return ct_fail(CT_PARSE, "#%llu, an %s, has no %s", id_of(w, slot), class_of(w, slot),
                   attribute);
}

ct_err ct_ifc__point(double out[3], ct_ifc__work *w, uint32_t slot) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, slot);
    if (kind == CT_IFC__K_POINT && ct_ifc__triple(out, w->m, slot, w->length_m)) return CT_OK;
    if (kind == CT_IFC__K_VERTEX_POINT) {
        const uint32_t point = ct_ifc__ref(w->m, slot, "VertexGeometry");
        if (ct_ifc__kind_of(w, point) == CT_IFC__K_POINT &&
            ct_ifc__triple(out, w->m, point, w->length_m))
            return CT_OK;
    }
    return ct_fail(CT_PARSE, "#%llu, an %s, is no point with coordinates", id_of(w, slot),
                   class_of(w, slot));
}

ct_err ct_ifc__direction(double out[3], const ct_ifc__work *w, uint32_t slot) {
    double v[3];
    if (!ct_ifc__triple(v, w->m, slot, 1))
        return ct_fail(CT_PARSE, "#%llu, an %s, is no direction", id_of(w, slot),
                       class_of(w, slot));
    const double length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    if (!(length > 0) || !isfinite(length))
        return ct_fail(CT_PARSE, "#%llu, an %s, points nowhere", id_of(w, slot), class_of(w, slot));
    for (int k = 0; k < 3; k++) out[k] = v[k] / length;
    return CT_OK;
}

ct_affine ct_ifc__position(const ct_ifc__work *w, uint32_t slot, const char *attribute) {
    return ct_ifc__axes(w->m, ct_ifc__ref(w->m, slot, attribute), w->length_m);
}

// ---- transformation operators -------------------------------------------------------------------

static bool optional_direction(double out[3], const ct_ifc__work *w, uint32_t slot,
                               const char *attribute) {
    return ct_ifc__triple(out, w->m, ct_ifc__ref(w->m, slot, attribute), 1) && ct_dot(out, out) > 0;
}

// The axes of ISO 10303-42 base_axis in space: z as told, x perpendicular to it, y completing them,
// turned to the side of the y that is told.
static ct_affine axes_3d(const ct_ifc__work *w, uint32_t slot, const double origin[3]) {
    double x[3], y[3], z[3];
    const bool has_x = optional_direction(x, w, slot, "Axis1");
    const bool has_y = optional_direction(y, w, slot, "Axis2");
    const bool has_z = optional_direction(z, w, slot, "Axis3");
    if (!has_z && has_x && has_y)
        for (int k = 0; k < 3; k++)
            z[k] = x[(k + 1) % 3] * y[(k + 2) % 3] - x[(k + 2) % 3] * y[(k + 1) % 3];
    ct_affine a = ct_affine_frame(origin, has_z || (has_x && has_y) ? z : NULL, has_x ? x : NULL);
    const double own_y[3] = {a.m[1], a.m[5], a.m[9]};
    if (has_y && ct_dot(own_y, y) < 0)
        for (int k = 0; k < 3; k++) a.m[4 * k + 1] = -a.m[4 * k + 1];
    return a;
}

static ct_affine axes_2d(const ct_ifc__work *w, uint32_t slot, const double origin[3]) {
    double x[3], y[3];
    const bool has_x = optional_direction(x, w, slot, "Axis1");
    const bool has_y = optional_direction(y, w, slot, "Axis2");
    if (!has_x && has_y) {
        x[0] = y[1];
        x[1] = -y[0];
        x[2] = 0;
    }
    ct_affine a = ct_affine_frame(origin, NULL, has_x || has_y ? x : NULL);
    const double own_y[3] = {a.m[1], a.m[5], a.m[9]};
    if (has_y && ct_dot(own_y, y) < 0)
        for (int k = 0; k < 3; k++) a.m[4 * k + 1] = -a.m[4 * k + 1];
    return a;
}

ct_err ct_ifc__operator(ct_affine *out, const ct_ifc__work *w, uint32_t slot) {
    double origin[3] = {0}, scale[3] = {1, 1, 1};
    // Only the operators in space have an Axis3.
    const bool flat = ct_ifc__get(w->m, slot, "Axis3").kind == CT_STEP__END;
    if (ct_ifc__get(w->m, slot, "LocalOrigin").kind == CT_STEP__END)
        return ct_fail(CT_PARSE, "#%llu, an %s, is no transformation", id_of(w, slot),
                       class_of(w, slot));
    (void)ct_ifc__triple(origin, w->m, ct_ifc__ref(w->m, slot, "LocalOrigin"), w->length_m);
    if (!ct_ifc__number(&scale[0], w->m, slot, "Scale")) scale[0] = 1;
    if (!ct_ifc__number(&scale[1], w->m, slot, "Scale2")) scale[1] = scale[0];
    if (!ct_ifc__number(&scale[2], w->m, slot, "Scale3")) scale[2] = scale[0];
    ct_affine a = flat ? axes_2d(w, slot, origin) : axes_3d(w, slot, origin);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) a.m[4 * i + k] *= scale[k];
    if (!ct_affine_is_finite(&a) || ct_affine_determinant(&a) == 0)
        return ct_fail(CT_GEOM, "#%llu, an %s, makes all flat", id_of(w, slot), class_of(w, slot));
    *out = a;
    return CT_OK;
}

// ---- lists --------------------------------------------------------------------------------------

static size_t count(const ct_step__value *list) {
    ct_step__cursor c = ct_step__list(list);
    ct_step__value v;
    size_t n = 0;
    while (ct_step__next(&v, &c)) n++;
    return n;
}

ct_err ct_ifc__coordinate_list(double **xyz, uint32_t *n, ct_ifc__work *w, uint32_t slot) {
    const ct_step__value list = ct_ifc__get(w->m, slot, "CoordList");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    // A point takes 6 bytes at least, "(0,0),": no more than that many are made room for.
    const size_t most = list.kind == CT_STEP__LIST ? (size_t)(list.end - list.at) / 6 + 1 : 0;
    CT_TRY(ct_ifc__spend(w, most));
    double *at = ct_arena_calloc(w->arena, most + 1, 3 * sizeof *at);
    if (!at) return CT_NOMEM;
    uint32_t i = 0;
    for (; i < most && ct_step__next(&v, &c); i++) {
        if (ct_ifc__numbers(at + 3 * (size_t)i, 3, &v) < 2)
            return ct_fail(CT_PARSE, "point %u of #%llu cannot be read", i + 1, id_of(w, slot));
        for (int k = 0; k < 3; k++) at[3 * (size_t)i + k] *= w->length_m;
    }
    if (i == 0)
        return ct_fail(CT_PARSE, "#%llu, an %s, has no points", id_of(w, slot), class_of(w, slot));
    *xyz = at;
    *n = i;
    return CT_OK;
}

ct_err ct_ifc__refs(ct_ifc__slots *out, ct_ifc__work *w, uint32_t slot, const char *attribute) {
    const ct_step__value list = ct_ifc__get(w->m, slot, attribute);
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    const size_t n = count(&list);
    CT_TRY(ct_ifc__spend(w, n));
    uint32_t *at = ct_arena_alloc(w->arena, (n + 1) * sizeof *at);
    if (!at) return CT_NOMEM;
    for (size_t i = 0; i < n && ct_step__next(&v, &c); i++) {
        at[i] = ct_step__ref(w->m->step, &v);
        if (at[i] == CT_STEP__NONE)
            return ct_fail(CT_PARSE, "%s of #%llu, an %s: number %zu is not in the file", attribute,
                           id_of(w, slot), class_of(w, slot), i + 1);
    }
    *out = (ct_ifc__slots){at, n};
    return CT_OK;
}
