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

// `cache_bytes` bounds the memory of kept tiles; 0 keeps none. The store is borrowed and must live
// longer. Reads the change log of the store to drop what edits touch. CT_NOMEM, errors of the
// store.
CT_CHECKED ct_err ct_tiles_open(ct_tiles **out, ct_store *store, size_t cache_bytes);
void ct_tiles_close(ct_tiles *tiles);
// Looks at the store's changes since the last look and drops the touched tiles. The server calls it
// on every own commit and a few times a second for foreign ones. *changed (may be NULL) tells
// whether anything was new. Of a look that finds over 20,000 changes whole classes count as
// touched.
CT_CHECKED ct_err ct_tiles_refresh(ct_tiles *tiles, bool *changed);

typedef struct ct_tiles_figures { // of the cache
    uint64_t hits, misses;        // since the start
    size_t tiles, bytes, max_bytes;
} ct_tiles_figures;
void ct_tiles_get_figures(ct_tiles_figures *out, const ct_tiles *tiles);

typedef struct ct_tile_data { // shared by reference
    const void *bytes;        // gzip form where gzipped, else plain; NULL and 0 for an empty tile
    size_t length;
    bool gzipped;
    char etag[40]; // quoted, strong; changes only when an edit touched the tile
} ct_tile_data;
// Gives back what a function below gave; NULL is fine.
void ct_tile_data_unref(const ct_tile_data *data);
// What a holder has made of the tile and wants to find again with it, for as long as the tile lives
// (a ready answer): NULL until somebody keeps one. Thread-safe.
void *ct_tile_data_kept(const ct_tile_data *data);
// Keeps `thing`; `destroy(thing)` is called when the tile goes. Of two that come together the first
// stays and the other is destroyed; returns the one that stays.
void *ct_tile_data_keep(const ct_tile_data *data, void *thing, void (*destroy)(void *thing));

// A vector tile (Mapbox vector tile specification 2.1, gzip) with one layer for each class, in the
// given order, named like its collection; classes that show nothing there have none. A feature's id
// is its fid, its tags are `id` and its attributes that are neither null nor personal. Polygons are
// valid and within a tile unit of their source; what is thinner than that may be missing.
// `etag_only`: no rendering, only the stamp as of the last look at the log (for 304); bytes are
// then NULL. CT_RANGE for a tile outside the matrix set, CT_LIMIT (256 classes, 256 MB), CT_BUSY,
// CT_NOMEM, errors of the store.
CT_CHECKED ct_err ct_tiles_vector(const ct_tile_data **out, ct_tiles *tiles,
                                  const ct_class *const *classes, size_t n_classes, ct_tile tile,
                                  bool etag_only);
// The same tile if it is kept and fresh, else NULL: to answer at once what needs no work.
const ct_tile_data *ct_tiles_vector_kept(ct_tiles *tiles, const ct_class *const *classes,
                                         size_t n_classes, ct_tile tile);
// Appends the tile, not compressed, without the cache: for tests and benches. Nothing is appended
// where nothing is shown.
CT_CHECKED ct_err ct_mvt_encode(ct_buf *out, ct_reader *reader, const ct_store *store,
                                const ct_class *const *classes, size_t n_classes, ct_tile tile);
// Lowest zoom at which a class is drawn (by its grade in the catalogue; tiles below show nothing of
// it), highest that is worth asking for: a unit is 4 cm there. For TileJSON. Below zoom 12 features
// under a quarter of a screen pixel are left out.
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
const ct_legend *ct_legend_of(ct_map_layer layer);             // constant
int ct_legend_class_of(const ct_legend *legend, double value); // -1: none (NaN, too small)
// {"layer","unit","title":{"en","zh"},"classes":[{"min","max","color","label":{"en","zh"}}]}; open
// ends are null.
void ct_legend_write_json(ct_buf *out, const ct_legend *legend);

// Shaded ground of the twin's terrain as PNG of 256 x 256 pixels, opaque where there is ground;
// NULL bytes where the tile has none. Its tag is a hash of the terrain's rasters. CT_RANGE,
// CT_NOMEM, what reading the rasters may give.
CT_CHECKED ct_err ct_tiles_ground(const ct_tile_data **out, ct_tiles *tiles, ct_tile tile);
// A result as PNG of 256 x 256 pixels in the legend's colours, transparent elsewhere; each pixel
// shows the cell at its centre. `time_index` for CT_MAP_DEPTH, `other` for CT_MAP_DIFFERENCE
// (largest depth of other minus that of run), else -1 and NULL: CT_ARG. Only flood water is shown,
// with its speed, hazard and arrival: at least 3 cm deep, and where water stood at the start, risen
// by more than 3 cm. CT_RANGE for a tile or a time that is not there, CT_NOMEM, CT_CORRUPT.
CT_CHECKED ct_err ct_tiles_result(const ct_tile_data **out, ct_tiles *tiles, ct_run *run,
                                  ct_map_layer layer, long time_index, ct_run *other, ct_tile tile);
// The value that the picture shows at a place (twin CRS), before classing; NaN where it is
// transparent.
CT_CHECKED ct_err ct_tiles_result_at(double *value, ct_run *run, ct_map_layer layer,
                                     long time_index, ct_run *other, double x, double y);

#endif
