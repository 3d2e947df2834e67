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

static ct_err add_features(ct_tiles__layer *layer, ct_tiles__shape *shape, ct_reader *reader,
                           const ct_tiles__view *view, ct_tile tile) {
    ct_query query;
    ct_query_init(&query, layer->cls);
    query.has_bbox = query.bbox_envelopes = true;
    query.bbox = view->query;
    ct_cursor *cursor;
    CT_TRY(ct_cursor_open(&cursor, reader, &query));
    ct_err err;
    const ct_feature *f;
    while ((err = ct_cursor_next(cursor, &f)) == CT_OK) {
        if (f->geom.n_points == 0 || too_small(&f->geom, view, tile)) continue;
        err = ct_tiles__shape_make(shape, &f->geom, view);
        if (err == CT_OK && shape->n_rings) err = ct_tiles__layer_add(layer, f, shape);
        if (err != CT_OK) {
            err = ct_context(err, "%s", f->id ? f->id : layer->cls->name);
            break;
        }
    }
    ct_cursor_close(cursor);
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err add_layer(ct_buf *out, ct_tiles__shape *shape, ct_reader *reader,
                        const ct_store *store, const ct_class *cls, ct_tile tile) {
    int min_zoom, max_zoom;
    ct_tiles_zooms(cls, &min_zoom, &max_zoom);
    if (cls->geometry == CT_GEOM_NONE || (int)tile.z < min_zoom) return CT_OK;
    bool any, shown;
    ct_bbox extent;
    CT_TRY(ct_reader_extent(&any, &extent, reader, cls));
    if (!any) return CT_OK;
    ct_tiles__view view;
    CT_TRY(ct_tiles__view_make(&view, &shown, ct_store_crs(store)->code, &extent, tile));
    if (!shown) return CT_OK;
    ct_tiles__layer layer;
    CT_TRY(ct_tiles__layer_init(&layer, cls));
    ct_err err = add_features(&layer, shape, reader, &view, tile);
    if (err == CT_OK) err = ct_tiles__layer_finish(out, &layer);
    ct_tiles__layer_fini(&layer);
    return err;
}

ct_err ct_mvt_encode(ct_buf *out, ct_reader *reader, const ct_store *store,
                     const ct_class *const *classes, size_t n_classes, ct_tile tile) {
    if (!ct_tile_ok(tile))
        return ct_fail(CT_RANGE, "there is no tile %u/%u/%u", tile.z, tile.y, tile.x);
    ct_tiles__shape shape;
    CT_TRY(ct_tiles__shape_init(&shape));
    ct_err err = CT_OK;
    for (size_t i = 0; i < n_classes && err == CT_OK; i++) {
        bool again = false; // a layer's name is unique in its tile
        for (size_t j = 0; j < i && !again; j++) again = classes[j] == classes[i];
        if (again) continue;
        err = ct_context(add_layer(out, &shape, reader, store, classes[i], tile), "tile %u/%u/%u",
                         tile.z, tile.y, tile.x);
    }
    ct_tiles__shape_fini(&shape);
    return err;
}
