// Shapes brought from the file's reference system into the twin's, and where they lie there.
#include <math.h>
#include <string.h>

#include "ingest/city/city.h"

static void add_to_box(ct_city__object *o, const double p[3]) {
    for (int k = 0; k < 3; k++) {
        if (!o->has_box || p[k] < o->box.min[k]) o->box.min[k] = p[k];
        if (!o->has_box || p[k] > o->box.max[k]) o->box.max[k] = p[k];
    }
    o->has_box = true;
}

// The matrix becomes the whole way from the pattern's frame to the twin.
static ct_err place_pattern(ct_city__reader *r, ct_city__shape *s) {
    double axes[4];
    ct_affine turn = ct_affine_identity;
    CT_TRY(ct_ingest__named_crs_axes(axes, r->crs, r->job->arena, s->anchor));
    CT_TRY(ct_ingest__named_crs_apply(r->crs, r->job->arena, s->anchor, 1));
    turn.m[0] = axes[0];
    turn.m[4] = axes[1];
    turn.m[1] = axes[2];
    turn.m[5] = axes[3];
    for (int k = 0; k < 3; k++) turn.m[4 * k + 3] = s->anchor[k];
    s->matrix = ct_affine_multiply(&turn, &s->matrix);
    return ct_affine_is_finite(&s->matrix) ? CT_OK : ct_fail(CT_GEOM, "a matrix without end");
}

static void add_pattern_to_box(ct_city__object *o, const ct_city__shape *s) {
    for (size_t i = 0; i < s->pattern->n_shapes; i++) {
        const ct_city__shape *of = &s->pattern->shapes[i];
        for (uint32_t p = 0; p < of->n_points; p++) {
            double at[3];
            ct_affine_point(at, &s->matrix, of->xyz + 3 * (size_t)p);
            add_to_box(o, at);
        }
    }
}

// Six times the volume between the face's outside and `at`.
static double volume_of(const double *xyz, uint32_t n, const double at[3]) {
    double sum = 0;
    for (uint32_t i = 1; i + 1 < n; i++) {
        double v[3][3];
        const uint32_t corners[3] = {0, i, i + 1};
        for (int c = 0; c < 3; c++)
            for (int k = 0; k < 3; k++) v[c][k] = xyz[3 * (size_t)corners[c] + k] - at[k];
        sum += v[0][0] * (v[1][1] * v[2][2] - v[1][2] * v[2][1]) -
               v[0][1] * (v[1][0] * v[2][2] - v[1][2] * v[2][0]) +
               v[0][2] * (v[1][0] * v[2][1] - v[1][1] * v[2][0]);
    }
    return sum;
}

// Twice the area seen from above, negative where the face looks down.
static double area_of(const double *xyz, uint32_t n) {
    double sum = 0;
    for (uint32_t i = 1; i + 1 < n; i++) {
        const double *p = xyz + 3 * (size_t)i, *q = p + 3;
        sum += (p[0] - xyz[0]) * (q[1] - xyz[1]) - (q[0] - xyz[0]) * (p[1] - xyz[1]);
    }
    return sum;
}

// By solids, whose volume is positive, else by roofs and grounds, which look up and down.
static int hand_of(const ct_city__object *o) {
    double volume = 0, area = 0;
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        for (uint32_t f = 0; f < s->n_faces; f++) {
            const uint32_t ring = f ? s->face_end[f - 1] : 0;
            const uint32_t begin = ring ? s->ring_end[ring - 1] : 0;
            const double *xyz = s->xyz + 3 * (size_t)begin;
            const uint32_t n = s->ring_end[ring] - begin;
            if (s->kind == CT_CITY__SOLID) volume += volume_of(xyz, n, s->xyz);
            if (s->tag[f] == CT_SURFACE_ROOF) area += area_of(xyz, n);
            if (s->tag[f] == CT_SURFACE_GROUND) area -= area_of(xyz, n);
        }
    }
    const double tells = volume != 0 ? volume : area;
    return (tells > 0) - (tells < 0);
}

ct_err ct_city__open_crs(ct_city__reader *r, const ct_city__object *o) {
    for (size_t i = 0; i < o->n_shapes && !r->crs; i++) {
        const ct_city__shape *s = &o->shapes[i];
        const double *p = s->pattern ? s->anchor : s->xyz;
        if (!s->pattern && s->n_points == 0) continue;
        const ct_ingest__sight sight = {
            .place = {p[0], p[1]}, .hand = hand_of(o), .east_first = o->own != NULL};
        CT_TRY(ct_ingest__named_crs_open(&r->crs, r->job, r->crs_name, &sight));
    }
    return CT_OK;
}

ct_err ct_city__locate(ct_city__reader *r, ct_city__object *o) {
    for (size_t i = 0; i < o->n_shapes; i++) {
        ct_city__shape *s = &o->shapes[i];
        if (s->pattern) {
            CT_TRY(place_pattern(r, s));
            add_pattern_to_box(o, s);
            continue;
        }
        CT_TRY(ct_ingest__named_crs_apply(r->crs, r->job->arena, s->xyz, s->n_points));
        if (s->role == CT_CITY__TERRAIN_LINE) continue;
        for (uint32_t p = 0; p < s->n_points; p++) add_to_box(o, s->xyz + 3 * (size_t)p);
    }
    return CT_OK;
}
