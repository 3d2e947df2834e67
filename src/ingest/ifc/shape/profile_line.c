// Profiles that are lines: what is swept is a surface.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/basis.h"
#include "ingest/ifc/shape/profile.h"

bool ct_ifc__profile_is_line(const ct_ifc__work *w, uint32_t profile) {
    for (int depth = 0; depth < CT_IFC__SHAPE_DEPTH; depth++) {
        const ct_ifc__kind kind = ct_ifc__kind_of(w, profile);
        if (kind == CT_IFC__K_P_OPEN || kind == CT_IFC__K_P_OPEN_CROSS) return true;
        if (kind != CT_IFC__K_P_DERIVED && kind != CT_IFC__K_P_MIRRORED) return false;
        profile = ct_ifc__ref(w->m, profile, "ParentProfile");
    }
    return false;
}

// Widths and slopes, one after the other, to the profile's x.
static ct_err open_cross(ct_ifc__points *out, ct_ifc__work *w, uint32_t profile) {
    const ct_step__value widths = ct_ifc__get(w->m, profile, "Widths");
    const ct_step__value slopes = ct_ifc__get(w->m, profile, "Slopes");
    const ct_step__value level = ct_ifc__get(w->m, profile, "HorizontalWidths");
    const uint32_t from = ct_ifc__ref(w->m, profile, "OffsetPoint");
    ct_step__cursor of_widths = ct_step__list(&widths), of_slopes = ct_step__list(&slopes);
    ct_step__value width, slope;
    double p[3] = {0};
    if (from != CT_STEP__NONE) CT_TRY(ct_ifc__point(p, w, from));
    p[2] = 0;
    CT_TRY(ct_ifc__put_point(out, w, p));
    while (ct_step__next(&width, &of_widths)) {
        double length, angle;
        if (!ct_step__next(&slope, &of_slopes) || !ct_step__number(&length, &width) ||
            !ct_step__number(&angle, &slope))
            return ct_fail(CT_PARSE, "#%llu tells not as many slopes as widths",
                           (unsigned long long)ct_step__id(w->m->step, profile));
        angle *= w->angle_rad;
        length *= w->length_m;
        const double along = ct_step__logical(&level) != 0 ? 1 : cos(angle);
        p[0] += length * along;
        p[1] += length * along * tan(angle);
        CT_TRY(ct_ifc__put_point(out, w, p));
    }
    return CT_OK;
}

static ct_err points_of(ct_ifc__points *out, ct_ifc__work *w, uint32_t profile) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, profile);
    if (kind == CT_IFC__K_P_OPEN_CROSS) return open_cross(out, w, profile);
    if (kind == CT_IFC__K_P_OPEN) {
        uint32_t curve;
        CT_TRY(ct_ifc__need_ref(&curve, w, profile, "Curve"));
        return ct_ifc__put_curve(out, w, curve);
    }
    uint32_t parent;
    ct_affine a = ct_affine_identity;
    CT_TRY(ct_ifc__need_ref(&parent, w, profile, "ParentProfile"));
    const uint32_t map = ct_ifc__ref(w->m, profile, "Operator");
    if (map != CT_STEP__NONE)
        CT_TRY(ct_ifc__operator(&a, w, map));
    else if (kind == CT_IFC__K_P_MIRRORED)
        a.m[0] = -1;
    CT_TRY(ct_ifc__enter(w, profile));
    const ct_err err = points_of(out, w, parent);
    ct_ifc__leave(w);
    for (uint32_t i = 0; i < out->n; i++)
        ct_affine_point(out->xyz + 3 * (size_t)i, &a, out->xyz + 3 * (size_t)i);
    return err;
}

ct_err ct_ifc__profile_line(ct_geom *out, ct_ifc__work *w, uint32_t profile) {
    ct_ifc__points points = {0};
    ct_ifc__line line;
    CT_TRY(points_of(&points, w, profile));
    CT_TRY(ct_ifc__finish_line(&line, w, &points));
    const uint32_t n = line.n + (line.closed ? 1 : 0);
    double *xy = ct_arena_alloc(w->arena, 2 * (size_t)n * sizeof *xy);
    uint32_t *end = ct_arena_alloc(w->arena, 2 * sizeof *end);
    if (!xy || !end) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++)
        memcpy(xy + 2 * (size_t)i, line.xyz + 3 * (size_t)(i % line.n), 2 * sizeof *xy);
    end[0] = n;
    end[1] = 1;
    *out = (ct_geom){
        line.closed ? CT_GEOM_POLYGON : CT_GEOM_LINESTRING, false, n, 1, 1, xy, &end[0], &end[1]};
    return CT_OK;
}

ct_err ct_ifc__profile_or_line(ct_geom *out, bool *surface, ct_ifc__work *w, uint32_t profile) {
    *surface = ct_ifc__profile_is_line(w, profile);
    return *surface ? ct_ifc__profile_line(out, w, profile) : ct_ifc__profile(out, w, profile);
}
