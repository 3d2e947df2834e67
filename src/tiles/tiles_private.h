// What a ct_tiles is made of. Private to tiles.
#ifndef CT_TILES_PRIVATE_H
#define CT_TILES_PRIVATE_H

#include <pthread.h>

#include "tiles/cache.h"
#include "tiles/ground.h"
#include "tiles/stamps.h"

typedef struct ct_tiles__three_d ct_tiles__three_d; // three_d/three_d.c
ct_tiles__three_d *ct_tiles__three_d_new(void);     // NULL when out of memory
void ct_tiles__three_d_free(ct_tiles__three_d *three_d);

struct ct_tiles {
    ct_store *store;
    ct_tiles__cache *cache;
    ct_hash128 identity;          // of the twin and its catalogue, part of every vector tile's tag
    pthread_mutex_t refresh_lock; // one looks at the change log at a time

    pthread_mutex_t lock;     // guards the stamps and all that follows
    ct_tiles__stamps *stamps; // one a class
    int64_t version;          // of the twin, up to which the stamps know the changes
    int64_t unplaced;         // last change without a place of a class that 3D tiles show

    ct_tiles__three_d *three_d; // has its own lock, which is taken before `lock`

    char *terrain_folder;
    pthread_mutex_t ground_lock; // one loads the terrain at a time; guards all that follows
    ct_tiles__ground *ground;    // NULL: not loaded, or the twin has none
    bool ground_known;           // `ground` is what the folder held at
    int64_t ground_mtime_us;
};

// Takes in the changes up to the reader's version; *changed (may be NULL) is set if there were any.
CT_CHECKED ct_err ct_tiles__refresh_from(ct_tiles *tiles, ct_reader *reader, bool *changed);
// The ground with a reference; NULL if the twin has none.
CT_CHECKED ct_err ct_tiles__ground_get(ct_tiles__ground **out, ct_tiles *tiles);
// The terrain is read again when it is next asked for.
void ct_tiles__ground_forget(ct_tiles *tiles);

// A strong, quoted tag of a hash; `out` is ct_tile_data.etag.
void ct_tiles__etag(char out[40], ct_hash128 hash);
// Compresses (MVT) or takes (PNG) what `made` holds into a tile; `made` is empty afterwards.
CT_CHECKED ct_err ct_tiles__data_take(ct_tiles__data **out, ct_buf *made, bool gzip,
                                      const char *etag, int64_t version);

#endif
