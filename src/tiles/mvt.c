// Vector tiles: which features of a class a tile shows, and at which zooms.
//
// A class is drawn from the zoom that its grade in the catalogue gives on. At zooms below
// DETAIL_ZOOM features smaller than a quarter of a screen pixel both ways are left out; from it on
// only those of which nothing is left on the tile's grid (a unit is 2.4 m at zoom 12, so every
// building stays).
#include <math.h>

#include "base/mem.h"
#include "tiles/layer.h"
#include "tiles/tiles.h"

enum { MAX_ZOOM = 18, DETAIL_ZOOM = 12, SMALL_UNITS = 2 }; // a screen pixel has 8 units (512 px)

void ct_tiles_zooms(const ct_class *cls, int *min_zoom, int *max_zoom) {
    static const int first[] = {8, 8, 10, 11, 12}; // by grade 0 .. 4 and above
    const int grade = cls->grade < 0 ? 0 : cls->grade > 4 ? 4 : cls->grade;
    *min_zoom = first[grade];
    *max_zoom = MAX_ZOOM;
}

// By the source's box, before any work is done on it.
static bool too_small(const ct_geom *g, const ct_tiles__view *view, ct_tile tile) {
    ct_bbox box;
    if (tile.z >= DETAIL_ZOOM || g->type == CT_GEOM_POINT || !ct_geom_bbox(&box, g)) return false;
    const double side = fmax(box.max_x - box.min_x, box.max_y - box.min_y);
    return side * view->units_per_m < SMALL_UNITS;
}

typedef struct encoder {
    ct_buf *out;
    ct_reader *reader;
    const char *crs;
    ct_tile tile;
    bool shown; // of a near tile: whether the view is there
    ct_tiles__view view;
    ct_tiles__shape shape;
} encoder;

static ct_err add_feature(encoder *e, ct_tiles__layer *layer, const ct_feature *f) {
    if (f->geom.n_points == 0 || too_small(&f->geom, &e->view, e->tile)) return CT_OK;
    CT_TRY(ct_tiles__shape_make(&e->shape, &f->geom, &e->view));
    return e->shape.n_rings ? ct_tiles__layer_add(layer, f, &e->shape) : CT_OK;
}

static ct_err add_features(encoder *e, ct_tiles__layer *layer) {
    ct_query query;
    ct_query_init(&query, layer->cls);
    query.has_bbox = query.bbox_envelopes = query.only_shown = true;
    query.bbox = e->view.query;
    ct_cursor *cursor;
    CT_TRY(ct_cursor_open(&cursor, e->reader, &query));
    ct_err err;
    const ct_feature *f;
    while ((err = ct_cursor_next(cursor, &f)) == CT_OK) {
        err = add_feature(e, layer, f);
        if (err != CT_OK) {
            err = ct_context(err, "%s", f->id ? f->id : layer->cls->name);
            ct_cursor_close(cursor);
            return err;
        }
    }
    ct_cursor_close(cursor);
    return err == CT_NOTFOUND ? CT_OK : err;
}

// A near tile has one view for all classes; of a wide one each class shows its own extent.
static ct_err choose_view(encoder *e, const ct_class *cls) {
    if (e->tile.z >= CT_TILES__NEAR_ZOOM) return CT_OK;
    ct_bbox extent;
    CT_TRY(ct_reader_extent(&e->shown, &extent, e->reader, cls));
    if (!e->shown) return CT_OK;
    return ct_tiles__view_make(&e->view, &e->shown, e->crs, &extent, e->tile);
}

static ct_err add_layer(encoder *e, const ct_class *cls) {
    int min_zoom, max_zoom;
    ct_tiles_zooms(cls, &min_zoom, &max_zoom);
    if (cls->geometry == CT_GEOM_NONE || (int)e->tile.z < min_zoom) return CT_OK;
    CT_TRY(choose_view(e, cls));
    if (!e->shown) return CT_OK;
    ct_tiles__layer layer;
    CT_TRY(ct_tiles__layer_init(&layer, cls));
    ct_err err = add_features(e, &layer);
    if (err == CT_OK) err = ct_tiles__layer_finish(e->out, &layer);
    ct_tiles__layer_fini(&layer);
    return err;
}

static ct_err add_layers(encoder *e, const ct_class *const *classes, size_t n_classes) {
    if (e->tile.z >= CT_TILES__NEAR_ZOOM)
        CT_TRY(ct_tiles__view_make(&e->view, &e->shown, e->crs, NULL, e->tile));
    for (size_t i = 0; i < n_classes; i++) {
        bool again = false; // a layer's name is unique in its tile
        for (size_t j = 0; j < i && !again; j++) again = classes[j] == classes[i];
        if (!again) CT_TRY(add_layer(e, classes[i]));
    }
    return CT_OK;
}

ct_err ct_mvt_encode(ct_buf *out, ct_reader *reader, const ct_store *store,
                     const ct_class *const *classes, size_t n_classes, ct_tile tile) {
    if (!ct_tile_ok(tile))
        return ct_fail(CT_RANGE, "there is no tile %u/%u/%u", tile.z, tile.y, tile.x);
    encoder e = {.out = out, .reader = reader, .crs = ct_store_crs(store)->code, .tile = tile};
    CT_TRY(ct_tiles__shape_init(&e.shape));
    const ct_err err = add_layers(&e, classes, n_classes);
    ct_tiles__shape_fini(&e.shape);
    return ct_context(err, "tile %u/%u/%u", tile.z, tile.y, tile.x);
}
