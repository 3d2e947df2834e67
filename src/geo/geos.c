// The plane operations that need GEOS, over its reentrant interface.
#include "geo/geos.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "geo/geos_private.h"

static void keep_message(const char *message, void *thread) {
    ct_geo__thread *t = thread;
    (void)snprintf(t->geos_message, sizeof t->geos_message, "%s", message);
}

// This thread with a GEOS context; NULL when out of memory.
static ct_geo__thread *geos_thread(void) {
    ct_geo__thread *thread = ct_geo__thread_get();
    if (!thread) return NULL;
    if (!thread->geos) {
        thread->geos = GEOS_init_r();
        if (!thread->geos) {
            (void)ct_fail(CT_NOMEM, "no GEOS context");
            return NULL;
        }
        (void)GEOSContext_setErrorMessageHandler_r(thread->geos, keep_message, thread);
    }
    thread->geos_message[0] = '\0';
    return thread;
}

static ct_err failed(const ct_geo__thread *thread, const char *what) {
    return ct_fail(CT_GEOM, "%s: %s", what,
                   thread->geos_message[0] ? thread->geos_message : "failed without a reason");
}

ct_err ct_geos_check(const ct_geom *g) {
    if (g->n_points == 0 || ct_geo__is_simple_ring(g)) return CT_OK;
    ct_geo__thread *thread = geos_thread();
    if (!thread) return CT_NOMEM;
    GEOSContextHandle_t geos = thread->geos;
    GEOSGeometry *in = NULL;
    ct_err err = ct_geo__to_geos(&in, geos, g);
    if (err) return err == CT_GEOM ? failed(thread, "geometry") : err;
    char *reason = NULL;
    GEOSGeometry *place = NULL;
    const char valid = GEOSisValidDetail_r(geos, in, 0, &reason, &place);
    if (valid == 0) {
        double x = 0, y = 0;
        if (place && GEOSGeomGetX_r(geos, place, &x) == 1 && GEOSGeomGetY_r(geos, place, &y) == 1)
            err = ct_fail(CT_GEOM, "%s at %.15g %.15g", reason ? reason : "Invalid", x, y);
        else
            err = ct_fail(CT_GEOM, "%s", reason ? reason : "Invalid");
    } else if (valid != 1) {
        err = failed(thread, "validity check");
    }
    GEOSGeom_destroy_r(geos, place);
    GEOSFree_r(geos, reason);
    GEOSGeom_destroy_r(geos, in);
    return err;
}

typedef struct operation {
    const char *name;
    double number; // step or distance
    const ct_bbox *box;
    const GEOSGeometry *other;
    GEOSGeometry **members; // room for as many as `in` has parts
    bool flat;              // the result has no heights
    GEOSGeometry *(*run)(GEOSContextHandle_t geos, const GEOSGeometry *in,
                         const struct operation *op);
} operation;

static ct_err operate(ct_geom *out, ct_arena *arena, const ct_geom *g, const operation *op) {
    if (g->n_points == 0) {
        *out = (ct_geom){0};
        return CT_OK;
    }
    ct_geo__thread *thread = geos_thread();
    if (!thread) return CT_NOMEM;
    GEOSGeometry *in = NULL, *result = NULL;
    ct_err err = ct_geo__to_geos(&in, thread->geos, g);
    if (!err) {
        result = op->run(thread->geos, in, op);
        if (!result) err = CT_GEOM;
    }
    if (result) {
        const ct_geom_type like = op->flat ? CT_GEOM_POLYGON : g->type;
        err = ct_geo__from_geos(out, arena, thread->geos, result, like, g->has_z && !op->flat);
    } else if (err == CT_GEOM) {
        err = failed(thread, op->name);
    }
    GEOSGeom_destroy_r(thread->geos, result);
    GEOSGeom_destroy_r(thread->geos, in);
    return err;
}

static GEOSGeometry *run_make_valid(GEOSContextHandle_t geos, const GEOSGeometry *in,
                                    const operation *op) {
    (void)op;
    return GEOSMakeValid_r(geos, in);
}

ct_err ct_geos_make_valid(ct_geom *out, ct_arena *arena, const ct_geom *g) {
    ct_geom made;
    CT_TRY(operate(&made, arena, g, &(operation){.name = "make valid", .run = run_make_valid}));
    if (made.type == CT_GEOM_NONE && g->n_points)
        return ct_fail(CT_GEOM, "make valid: nothing of the geometry's dimension is left");
    *out = made;
    return CT_OK;
}

static GEOSGeometry *run_snap(GEOSContextHandle_t geos, const GEOSGeometry *in,
                              const operation *op) {
    return GEOSGeom_setPrecision_r(geos, in, op->number, 0);
}

ct_err ct_geos_snap(ct_geom *out, ct_arena *arena, const ct_geom *g, double step) {
    if (!(step > 0) || !isfinite(step)) return ct_fail(CT_ARG, "snap: step %g", step);
    return operate(out, arena, g, &(operation){.name = "snap", .run = run_snap, .number = step});
}

static GEOSGeometry *run_clip(GEOSContextHandle_t geos, const GEOSGeometry *in,
                              const operation *op) {
    const ct_bbox *box = op->box;
    GEOSGeometry *with =
        GEOSGeom_createRectangle_r(geos, box->min_x, box->min_y, box->max_x, box->max_y);
    if (!with) return NULL;
    GEOSGeometry *result = GEOSIntersection_r(geos, in, with);
    GEOSGeom_destroy_r(geos, with);
    return result;
}

ct_err ct_geos_clip(ct_geom *out, ct_arena *arena, const ct_geom *g, const ct_bbox *box) {
    if (!(box->min_x < box->max_x && box->min_y < box->max_y))
        return ct_fail(CT_ARG, "clip: the box is empty");
    ct_bbox own;
    if (!ct_geom_bbox(&own, g) || !ct_bbox_intersects(&own, box)) {
        *out = (ct_geom){0};
        return CT_OK;
    }
    if (own.min_x >= box->min_x && own.max_x <= box->max_x && own.min_y >= box->min_y &&
        own.max_y <= box->max_y)
        return ct_geom_copy(out, arena, g);
    return operate(out, arena, g, &(operation){.name = "clip", .run = run_clip, .box = box});
}

static GEOSGeometry *run_buffer(GEOSContextHandle_t geos, const GEOSGeometry *in,
                                const operation *op) {
    return GEOSBuffer_r(geos, in, op->number, 8);
}

ct_err ct_geos_buffer(ct_geom *out, ct_arena *arena, const ct_geom *g, double distance_m) {
    if (!isfinite(distance_m)) return ct_fail(CT_ARG, "buffer: the distance is not finite");
    return operate(
        out, arena, g,
        &(operation){.name = "buffer", .run = run_buffer, .number = distance_m, .flat = true});
}

static GEOSGeometry *run_subtract(GEOSContextHandle_t geos, const GEOSGeometry *in,
                                  const operation *op) {
    GEOSGeometry *joined = GEOSUnaryUnionPrec_r(geos, op->other, op->number);
    GEOSGeometry *result = joined ? GEOSDifferencePrec_r(geos, in, joined, op->number) : NULL;
    GEOSGeom_destroy_r(geos, joined);
    return result;
}

ct_err ct_geos_subtract(ct_geom *out, ct_arena *arena, const ct_geom *g, const ct_geom *cut,
                        double step) {
    if (!(step > 0) || !isfinite(step)) return ct_fail(CT_ARG, "subtract: step %g", step);
    if (cut->n_points == 0) return ct_geos_snap(out, arena, g, step);
    ct_geo__thread *thread = geos_thread();
    if (!thread) return CT_NOMEM;
    GEOSGeometry *other = NULL;
    ct_err err = ct_geo__to_geos(&other, thread->geos, cut);
    if (err) return err == CT_GEOM ? failed(thread, "subtract") : err;
    const operation op = {
        .name = "subtract", .run = run_subtract, .number = step, .other = other, .flat = true};
    err = operate(out, arena, g, &op);
    GEOSGeom_destroy_r(thread->geos, other);
    return err;
}

// Each polygon is made valid by itself first: what several cover is then no hole.
static GEOSGeometry *run_union(GEOSContextHandle_t geos, const GEOSGeometry *in,
                               const operation *op) {
    const int n = GEOSGetNumGeometries_r(geos, in);
    GEOSGeometry **members = op->members;
    int made = 0;
    for (; made < n; made++) {
        members[made] = GEOSMakeValid_r(geos, GEOSGetGeometryN_r(geos, in, made));
        if (!members[made]) break;
    }
    GEOSGeometry *all = NULL, *result = NULL;
    if (made == n)
        all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, members, (unsigned)n);
    // The collection owns its members from now on.
    if (!all)
        for (int i = 0; i < made; i++) GEOSGeom_destroy_r(geos, members[i]);
    if (all) result = GEOSUnaryUnionPrec_r(geos, all, op->number);
    GEOSGeom_destroy_r(geos, all);
    return result;
}

ct_err ct_geos_union(ct_geom *out, ct_arena *arena, const ct_geom *g, double step) {
    if (!(step > 0) || !isfinite(step)) return ct_fail(CT_ARG, "union: step %g", step);
    GEOSGeometry **members = ct_calloc(g->n_parts + (size_t)1, sizeof *members);
    if (!members) return CT_NOMEM;
    const operation op = {
        .name = "union", .run = run_union, .number = step, .members = members, .flat = true};
    const ct_err err = operate(out, arena, g, &op);
    ct_free(members);
    return err;
}
