// Coordinate transforms by PROJ, always east before north on both sides.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "geo/thread.h"
#include "geo/transform_private.h"

ct_err ct_transform_new(ct_transform **out, const char *from, const char *to) {
    ct_crs_info a, b; // also refuses what we do not work in
    CT_TRY(ct_crs_describe(&a, from));
    CT_TRY(ct_crs_describe(&b, to));
    ct_transform *t = ct_calloc(1, sizeof *t);
    if (!t) return CT_NOMEM;
    memcpy(t->from, a.code, sizeof t->from);
    memcpy(t->to, b.code, sizeof t->to);
    ct_err err = ct_geo__operation_take(&t->operation, t->from, t->to);
    if (err == CT_OK) err = ct_geo__operation_copy(&t->pj, &t->context, t->operation);
    if (err) {
        ct_transform_free(t);
        return err;
    }
    *out = t;
    return CT_OK;
}

void ct_transform_free(ct_transform *t) {
    if (!t) return;
    proj_destroy(t->pj);
    if (t->context) proj_context_destroy(t->context);
    ct_geo__operation_give(t->operation);
    ct_free(t);
}

static ct_transform *find(const ct_geo__thread *thread, const char *from, const char *to) {
    ct_transform *t = thread->transforms;
    while (t && (strcmp(t->from, from) != 0 || strcmp(t->to, to) != 0)) t = t->next;
    return t;
}

ct_err ct_transform_get(ct_transform **out, const char *from, const char *to) {
    char a[CT_GEO__CODE], b[CT_GEO__CODE];
    ct_geo__thread *thread = ct_geo__thread_get();
    if (!thread) return CT_NOMEM;
    ct_transform *t = find(thread, from, to); // mostly they are canonical as given
    if (t) {
        *out = t;
        return CT_OK;
    }
    CT_TRY(ct_geo__crs_code(a, from));
    CT_TRY(ct_geo__crs_code(b, to));
    t = find(thread, a, b);
    if (!t) {
        CT_TRY(ct_transform_new(&t, a, b));
        t->next = thread->transforms;
        thread->transforms = t;
    }
    *out = t;
    return CT_OK;
}

bool ct_transform_is_identity(const ct_transform *t) {
    return t->pj == NULL;
}

ct_err ct_transform_points(ct_transform *t, double *xy, size_t n, size_t stride) {
    if (!t->pj || n == 0) return CT_OK;
    const size_t bytes = stride * sizeof(double);
    proj_errno_reset(t->pj);
    // Heights are not handed over, so they stay as they are to the bit.
    (void)proj_trans_generic(t->pj, PJ_FWD, xy, bytes, n, xy + 1, bytes, n, NULL, 0, 0, NULL, 0, 0);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(xy[i * stride]) || !isfinite(xy[i * stride + 1]))
            return ct_fail(CT_CRS, "point %zu has no image from %s to %s", i, t->from, t->to);
    return CT_OK;
}

ct_err ct_transform_geom(ct_transform *t, ct_geom *g) {
    return ct_transform_points(t, g->xyz, g->n_points, (size_t)ct_geom_stride(g));
}

ct_err ct_transform_bbox(ct_transform *t, ct_bbox *box) {
    enum { SIDE = 21 };
    if (!t->pj) return CT_OK;
    double p[4 * SIDE][2];
    for (int i = 0; i < SIDE; i++) {
        const double s = (double)i / (SIDE - 1);
        const double x = box->min_x * (1 - s) + box->max_x * s;
        const double y = box->min_y * (1 - s) + box->max_y * s;
        const double sides[4][2] = {
            {x, box->min_y}, {x, box->max_y}, {box->min_x, y}, {box->max_x, y}};
        memcpy(p[(size_t)i * 4], sides, sizeof sides);
    }
    CT_TRY(ct_transform_points(t, p[0], 4 * SIDE, 2));
    ct_bbox image = {p[0][0], p[0][1], p[0][0], p[0][1]};
    for (int i = 1; i < 4 * SIDE; i++)
        ct_bbox_add(&image, &(ct_bbox){p[i][0], p[i][1], p[i][0], p[i][1]});
    *box = image;
    return CT_OK;
}
