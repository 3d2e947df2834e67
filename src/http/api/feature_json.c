// A feature as GeoJSON (RFC 7946) in the CRS asked for: one geometry at a time is copied, brought
// to the CRS, wound as the format wants, and written. This is the hot path of every feature page.
#include <math.h>
#include <string.h>

#include "http/api/internal.h"

enum { DEGREE_DECIMALS = 7, METRE_DECIMALS = 3 };

static void put_key(ct_buf *text, ct_api__key *key, const char *name) {
    ct_jsonw w;
    const size_t begin = text->len;
    if (begin) ct_buf_putc(text, ',');
    ct_jsonw_init(&w, text);
    ct_jsonw_string(&w, name);
    ct_buf_putc(text, ':');
    key->length = text->len - begin;
    ct_buf_puts(text, "null");
    key->with_null = text->len - begin;
}

// The texts belong to one key more, behind the last.
static ct_err keys_of(ct_api__key **out, const ct_class *cls) {
    ct_buf text;
    ct_api__key *keys = ct_calloc(cls->n_attrs + 1, sizeof *keys);
    if (!keys) return CT_NOMEM;
    *out = keys;
    ct_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < cls->n_attrs; i++)
        if (!cls->attrs[i].personal) put_key(&text, &keys[i], cls->attrs[i].name);
    const ct_err err = ct_buf_status(&text);
    const char *at = err == CT_OK ? ct_buf_take(&text, NULL) : NULL;
    ct_buf_fini(&text);
    keys[cls->n_attrs].text = at;
    for (size_t i = 0; at && i < cls->n_attrs; i++) {
        if (!keys[i].with_null) continue;
        keys[i].text = at;
        at += keys[i].with_null;
    }
    return err;
}

ct_err ct_api__keys_init(ct_api *api) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    api->keys = ct_calloc(ct_catalogue_count(catalogue), sizeof *api->keys);
    if (!api->keys) return CT_NOMEM;
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++)
        CT_TRY(keys_of(&api->keys[i], ct_catalogue_at(catalogue, i)));
    return CT_OK;
}

void ct_api__keys_fini(ct_api *api) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    for (size_t i = 0; api->keys && i < ct_catalogue_count(catalogue); i++) {
        const size_t n = ct_catalogue_at(catalogue, i)->n_attrs;
        if (api->keys[i]) ct_free((void *)(uintptr_t)api->keys[i][n].text);
        ct_free(api->keys[i]);
    }
    ct_free(api->keys);
}

ct_err ct_api__feature_writer_init(ct_api__feature_writer *f, ct_buf *out, const ct_api *api,
                                   const ct_class *cls, const ct_api__crs *crs) {
    ct_transform *t = NULL;
    const char *twin = api->twin_crs.code;
    if (strcmp(crs->code, twin) != 0) CT_TRY(ct_transform_get(&t, twin, crs->code));
    *f = (ct_api__feature_writer){
        .out = out, .cls = cls, .keys = api->keys[cls->index], .crs = *crs, .transform = t};
    ct_jsonw_init(&f->w, out);
    ct_jsonw_init(&f->v, out);
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
        ct_jsonw_null(&f->v);
        return CT_OK;
    }
    ct_geom copy;
    CT_TRY(copy_points(f, &copy, g));
    ct_geom_orient(&copy);
    CT_TRY(transform(f, &copy));
    ct_geom_write_geojson(&f->v, &copy, f->crs.degrees ? DEGREE_DECIMALS : METRE_DECIMALS,
                          f->crs.swapped);
    return CT_OK;
}

// A real number keeps its decimal point also where it is whole: readers that guess a column's type
// by its first values would take it for an integer and cut later ones.
static void write_value(ct_api__feature_writer *f, const ct_value *value) {
    if (value->kind != CT_VALUE_REAL || fabs(value->as.real) >= 1e15 ||
        rint(value->as.real) != value->as.real) {
        ct_value_write_json(&f->v, value);
        return;
    }
    ct_jsonw_int(&f->v, (int64_t)value->as.real);
    ct_buf_put(f->out, ".0", 2);
}

// Most values are null, in most twins: those of neighbours are written at once, with the key of the
// next one that is not.
static void write_values(ct_api__feature_writer *f, const ct_value *values) {
    const char *from = NULL; // what is still to write
    size_t length = 0;
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        const ct_api__key *key = &f->keys[i];
        if (!key->text) continue;
        const bool null = values[i].kind == CT_VALUE_NULL;
        if (!length) from = key->text;
        length += null ? key->with_null : key->length;
        if (null) continue;
        ct_buf_put(f->out, from, length);
        length = 0;
        write_value(f, &values[i]);
    }
    if (length) ct_buf_put(f->out, from, length);
}

// The length of a literal, known when compiled.
#define PUT(out, literal) ct_buf_put((out), "" literal, sizeof(literal) - 1)

ct_err ct_api__feature_open(ct_api__feature_writer *f, const ct_feature *feature) {
    static const char head[] = "{\"type\":\"Feature\",\"id\":";
    ct_jsonw_raw(&f->w, head, sizeof head - 1);
    ct_jsonw_string(&f->v, feature->id);
    PUT(f->out, ",\"geometry\":");
    CT_TRY(ct_context(write_geometry(f, &feature->geom), "%s", feature->id));
    PUT(f->out, ",\"properties\":{");
    write_values(f, feature->values);
    PUT(f->out, "}");
    return CT_OK;
}

void ct_api__feature_close(ct_api__feature_writer *f) {
    PUT(f->out, "}");
}
