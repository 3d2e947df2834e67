// Tiles: Mapbox vector tiles of collections, PNG tiles of the ground and of results, their legends,
// and the cache that forgets just the tiles an edit touches.
#ifndef CT_TILES_TILES_H
#define CT_TILES_TILES_H

#include "geo/tile.h"
#include "results/run_store.h"
#include "store/store.h"

#define CT_TILE_EXTENT 4096
#define CT_TILE_BUFFER 64

typedef struct ct_tiles ct_tiles; // thread-safe

// `cache_bytes` bounds the memory of kept tiles. Reads the change log of the store to drop what
// edits touch.
CT_CHECKED ct_err ct_tiles_open(ct_tiles **out, ct_store *store, size_t cache_bytes);
void ct_tiles_close(ct_tiles *tiles);
// Looks at the store's changes since the last look and drops the touched tiles. The server calls it
// on every own commit and a few times a second for foreign ones. *changed (may be NULL) tells
// whether anything was new.
CT_CHECKED ct_err ct_tiles_refresh(ct_tiles *tiles, bool *changed);

typedef struct ct_tile_data { // shared by reference
    const void *bytes;        // gzip form where gzipped, else plain; NULL and 0 for an empty tile
    size_t length;
    bool gzipped;
    char etag[40]; // quoted, strong; changes only when an edit touched the tile
} ct_tile_data;
void ct_tile_data_unref(const ct_tile_data *data);

// A vector tile with one layer for each class, in the given order. CT_RANGE for a tile outside the
// matrix set. `etag_only`: no rendering, only the stamp (for 304).
CT_CHECKED ct_err ct_tiles_vector(const ct_tile_data **out, ct_tiles *tiles,
                                  const ct_class *const *classes, size_t n_classes, ct_tile tile,
                                  bool etag_only);
// Encodes into `out` without the cache: for tests and benches.
CT_CHECKED ct_err ct_mvt_encode(ct_buf *out, ct_reader *reader, const ct_store *store,
                                const ct_class *const *classes, size_t n_classes, ct_tile tile);
// Lowest zoom at which a class is worth drawing, highest at which tiles are made; for TileJSON.
void ct_tiles_zooms(const ct_class *cls, int *min_zoom, int *max_zoom);

// ---- pictures
// -----------------------------------------------------------------------------------------------------
typedef enum ct_map_layer {
    CT_MAP_DEPTH,
    CT_MAP_MAX_DEPTH,
    CT_MAP_MAX_SPEED,
    CT_MAP_MAX_HAZARD,
    CT_MAP_ARRIVAL,
    CT_MAP_DIFFERENCE
} ct_map_layer;
// CT_NOTFOUND for an unknown name ("depth", "max_depth", "max_speed", "max_hazard", "arrival",
// "difference").
CT_CHECKED ct_err ct_map_layer_of_name(ct_map_layer *out, const char *name);

typedef struct ct_legend_class { // values in [min, max) have this colour
    double min, max;             // -INFINITY / INFINITY at the ends
    uint8_t rgba[4];
    const char *label_en, *label_zh;
} ct_legend_class;
typedef struct ct_legend {
    ct_map_layer layer;
    const char *name, *title_en, *title_zh, *unit;
    const ct_legend_class *classes; // ascending
    size_t n_classes;
} ct_legend;
const ct_legend *ct_legend_of(ct_map_layer layer);
int ct_legend_class_of(const ct_legend *legend, double value); // -1: none (NaN, too small)
void ct_legend_write_json(ct_buf *out, const ct_legend *legend);

// Shaded ground of the twin's terrain as PNG; NULL bytes where the tile has none.
CT_CHECKED ct_err ct_tiles_ground(const ct_tile_data **out, ct_tiles *tiles, ct_tile tile);
// A result as PNG. `time_index` for CT_MAP_DEPTH, `other` for CT_MAP_DIFFERENCE (other minus run),
// else -1 and NULL.
CT_CHECKED ct_err ct_tiles_result(const ct_tile_data **out, ct_tiles *tiles, ct_run *run,
                                  ct_map_layer layer, long time_index, ct_run *other, ct_tile tile);
// The value that the picture shows at a place (twin CRS), before classing; NaN where it is
// transparent.
CT_CHECKED ct_err ct_tiles_result_at(double *value, ct_run *run, ct_map_layer layer,
                                     long time_index, ct_run *other, double x, double y);

#endif
