// A feature as GeoJSON (RFC 7946) in the CRS asked for: one geometry at a time is copied, brought
// to the CRS, wound as the format wants, and written. This is the hot path of every feature page.
#include <string.h>

#include "http/api/internal.h"

enum { DEGREE_DECIMALS = 7, METRE_DECIMALS = 3 };

ct_err ct_api__feature_writer_init(ct_api__feature_writer *f, ct_buf *out, const ct_class *cls,
                                   const ct_api__crs *crs, const char *twin) {
    ct_transform *t = NULL;
    if (strcmp(crs->code, twin) != 0) CT_TRY(ct_transform_get(&t, twin, crs->code));
    *f = (ct_api__feature_writer){.out = out, .cls = cls, .crs = *crs, .transform = t};
    ct_jsonw_init(&f->w, out);
    return CT_OK;
}

void ct_api__feature_writer_fini(ct_api__feature_writer *f) {
    ct_free(f->points);
    f->points = NULL;
}

// The points of `g`, without heights where the CRS has none, in the writer's own room.
static ct_err copy_points(ct_api__feature_writer *f, ct_geom *copy, const ct_geom *g) {
    size_t in = g->has_z ? 3 : 2, out = g->has_z && !f->crs.flat ? 3 : 2;
    size_t need = (size_t)g->n_points * out;
    if (need > f->room) {
        size_t room = need > 2 * f->room ? need : 2 * f->room;
        double *points = ct_realloc(f->points, room * sizeof *points);
        if (!points) return CT_NOMEM;
        f->points = points;
        f->room = room;
    }
    if (in == out) {
        memcpy(f->points, g->xyz, need * sizeof(double));
    } else {
        for (size_t i = 0; i < g->n_points; i++) {
            f->points[2 * i] = g->xyz[3 * i];
            f->points[2 * i + 1] = g->xyz[3 * i + 1];
        }
    }
    *copy = *g;
    copy->xyz = f->points;
    copy->has_z = out == 3;
    return CT_OK;
}

static bool fit_reaches(const ct_api__crs *crs, const ct_geom *g) {
    size_t stride = g->has_z ? 3 : 2;
    const ct_bbox *b = &crs->fit_box;
    bool inside = crs->has_fit;
    for (size_t i = 0; i < g->n_points && inside; i++) {
        double x = g->xyz[i * stride], y = g->xyz[i * stride + 1];
        inside = x >= b->min_x && x <= b->max_x && y >= b->min_y && y <= b->max_y;
    }
    return inside;
}

static ct_err transform(const ct_api__feature_writer *f, ct_geom *g) {
    if (!f->transform) return CT_OK;
    if (!fit_reaches(&f->crs, g)) return ct_transform_geom(f->transform, g);
    size_t stride = g->has_z ? 3 : 2;
    for (size_t i = 0; i < g->n_points; i++) {
        double *p = g->xyz + i * stride;
        ct_fit_apply(&f->crs.fit, p[0], p[1], &p[0], &p[1]);
    }
    return CT_OK;
}

static ct_err write_geometry(ct_api__feature_writer *f, const ct_geom *g) {
    if (g->type == CT_GEOM_NONE) {
        ct_jsonw_null(&f->w);
        return CT_OK;
    }
    ct_geom copy;
    CT_TRY(copy_points(f, &copy, g));
    ct_geom_orient(&copy);
    CT_TRY(transform(f, &copy));
    ct_geom_write_geojson(&f->w, &copy, f->crs.degrees ? DEGREE_DECIMALS : METRE_DECIMALS,
                          f->crs.swapped);
    return CT_OK;
}

ct_err ct_api__feature_open(ct_api__feature_writer *f, const ct_feature *feature) {
    ct_jsonw *w = &f->w;
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "type", "Feature");
    ct_jsonw_kv_string(w, "id", feature->id);
    ct_jsonw_key(w, "geometry");
    CT_TRY(ct_context(write_geometry(f, &feature->geom), "%s", feature->id));
    ct_jsonw_key(w, "properties");
    ct_jsonw_object(w);
    const ct_class *cls = f->cls;
    for (size_t i = 0; i < cls->n_attrs; i++) {
        if (cls->attrs[i].personal) continue;
        ct_jsonw_key(w, cls->attrs[i].name);
        ct_value_write_json(w, &feature->values[i]);
    }
    ct_jsonw_end_object(w);
    return CT_OK;
}

void ct_api__feature_close(ct_api__feature_writer *f) {
    ct_jsonw_end_object(&f->w);
}
