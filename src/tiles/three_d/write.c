// Writing whole tilesets into a folder: wave by wave, first the documents at the top, then what
// they name. The files of a wave are shared out among threads, each of which has a reader of the
// same version; what a file holds depends on nothing else.
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/grow.h"
#include "base/mem.h"
#include "base/pool.h"
#include "tiles/ground.h"
#include "tiles/three_d.h"
#include "tiles/three_d/city.h"
#include "tiles/three_d/relief.h"

#define FILE_MAX ((size_t)1 << 30)
enum { MAX_READERS = 64, MAX_TRIES = 16, MAX_PATH = 192 };

typedef struct paths {
    char (*list)[MAX_PATH];
    size_t n, room;
} paths;

typedef struct worker {
    ct_reader *reader;
    paths found; // that its documents name
    ct_tiles3d_figures figures;
    ct_err err;
    char message[512];
} worker;

typedef struct writing {
    const ct_tiles3d_options *options;
    const ct_tiles__city *city; // NULL: it is the relief's turn
    const ct_tiles__relief *relief;
    char *folder; // of the tileset
    paths wave;
    worker workers[MAX_READERS];
    int n_workers;
    ct_pool *pool;
    atomic_long done;
    atomic_bool stop;
    pthread_mutex_t tick_lock;
} writing;

// ---- paths
// --------------------------------------------------------------------------------------------
static ct_err add_path(paths *p, const char *path) {
    CT_TRY(ct_grow(&p->list, &p->room, p->n + 1, sizeof *p->list));
    (void)snprintf(p->list[p->n++], sizeof *p->list, "%s", path);
    return CT_OK;
}

// `uri` as seen from the document: it only goes up to the tileset's folder, or stays.
static ct_err add_named(paths *p, const char *document, const char *uri, size_t n) {
    static const char up[] = "../../../";
    char path[MAX_PATH];
    const char *slash = strrchr(document, '/');
    const bool from_top = n >= sizeof up - 1 && memcmp(uri, up, sizeof up - 1) == 0;
    if (from_top) {
        uri += sizeof up - 1;
        n -= sizeof up - 1;
    }
    const int folder = slash && !from_top ? (int)(slash + 1 - document) : 0;
    (void)snprintf(path, sizeof path, "%.*s%.*s", folder, document, (int)n, uri);
    return add_path(p, path);
}

// Texts in our documents hold no quotes as they are, so this finds members alone.
static ct_err collect(paths *p, const char *document, const char *json) {
    static const char key[] = "\"uri\":\"";
    for (const char *at = json; (at = strstr(at, key));) {
        at += sizeof key - 1;
        CT_TRY(add_named(p, document, at, strcspn(at, "\"")));
    }
    return CT_OK;
}

// ---- a file
// -------------------------------------------------------------------------------------------
static ct_err failed(const char *path) {
    const int reason = errno;
    return ct_file_blame(ct_fail(CT_IO, "%s: cannot write: %s", path, strerror(reason)), path);
}

// The folders are the caller's own: they are synced as a whole, by whoever has them.
static ct_err make_folders(char *path, size_t from) {
    for (char *p = path + from; *p; p++) {
        if (*p != '/') continue;
        *p = '\0';
        const bool ok = mkdir(path, 0777) == 0 || errno == EEXIST;
        const ct_err err = ok ? CT_OK : failed(path);
        *p = '/';
        CT_TRY(err);
    }
    return CT_OK;
}

static ct_err save(const writing *wr, const char *name, const ct_buf *bytes) {
    char *path = ct_path_join(wr->folder, name);
    if (!path) return CT_NOMEM;
    ct_err err = make_folders(path, strlen(wr->folder) + 1);
    if (err == CT_OK) {
        FILE *file = fopen(path, "wb");
        bool ok = file && fwrite(bytes->data, 1, bytes->len, file) == bytes->len;
        if (file && fclose(file) != 0) ok = false;
        if (!ok) err = failed(path);
    }
    ct_free(path);
    return err;
}

static ct_err render(ct_buf *out, bool *json, size_t *triangles, const writing *wr,
                     const worker *own, const char *name) {
    const bool compress = !wr->options->plain;
    if (!wr->city) {
        ct_tiles__relief_file f;
        CT_TRY(ct_tiles__relief_find(&f, wr->relief, name));
        *json = f.json;
        return ct_tiles__relief_write(out, wr->relief, &f, compress, triangles);
    }
    ct_tiles__file f;
    CT_TRY(ct_tiles__city_find(&f, wr->city, name));
    *json = ct_tiles__city_is_json(&f);
    return ct_tiles__city_write(out, wr->city, own->reader, &f, compress, triangles);
}

static ct_err put_file(const writing *wr, worker *own, const char *name, ct_buf *bytes) {
    bool json = false;
    size_t triangles = 0;
    ct_buf_reset(bytes);
    CT_TRY(render(bytes, &json, &triangles, wr, own, name));
    CT_TRY(save(wr, name, bytes));
    own->figures.files++;
    if (json) return collect(&own->found, name, bytes->data);
    own->figures.contents++;
    own->figures.triangles += (int64_t)triangles;
    own->figures.bytes += (int64_t)bytes->len;
    return CT_OK;
}

static ct_err tick(writing *wr) {
    const long done = atomic_fetch_add(&wr->done, 1) + 1;
    if (!wr->options->tick) return CT_OK;
    pthread_mutex_lock(&wr->tick_lock);
    const bool on = wr->options->tick(wr->options->context, done);
    pthread_mutex_unlock(&wr->tick_lock);
    return on ? CT_OK : ct_fail(CT_CANCELLED, "the export was cancelled");
}

static void work(void *context, size_t part) {
    writing *wr = context;
    worker *own = &wr->workers[part];
    ct_buf bytes;
    ct_buf_init(&bytes, FILE_MAX);
    for (size_t i = part; i < wr->wave.n && !atomic_load(&wr->stop); i += (size_t)wr->n_workers) {
        own->err = put_file(wr, own, wr->wave.list[i], &bytes);
        if (own->err == CT_OK) own->err = tick(wr);
        if (own->err == CT_OK) continue;
        (void)snprintf(own->message, sizeof own->message, "%s", ct_err_message());
        atomic_store(&wr->stop, true);
    }
    ct_buf_fini(&bytes);
}

// ---- a tileset
// ----------------------------------------------------------------------------------------
static ct_err end_wave(writing *wr) {
    wr->wave.n = 0;
    for (int i = 0; i < wr->n_workers; i++) {
        worker *w = &wr->workers[i];
        if (w->err != CT_OK) return ct_fail(w->err, "%s", w->message);
        for (size_t k = 0; k < w->found.n; k++) CT_TRY(add_path(&wr->wave, w->found.list[k]));
        w->found.n = 0;
    }
    return CT_OK;
}

static ct_err write_tileset(writing *wr, const char *folder, const char *name) {
    ct_free(wr->folder);
    wr->folder = ct_path_join(folder, name);
    if (!wr->folder) return CT_NOMEM;
    if (mkdir(wr->folder, 0777) != 0 && errno != EEXIST) return failed(wr->folder);
    CT_TRY(add_path(&wr->wave, "tileset.json"));
    while (wr->wave.n) {
        ct_pool_run(wr->pool, (size_t)wr->n_workers, work, wr);
        CT_TRY(end_wave(wr));
    }
    return CT_OK;
}

static ct_err write_terrain(writing *wr, ct_store *store, const char *folder) {
    ct_tiles__ground *ground = NULL;
    ct_tiles__relief *relief = NULL;
    const char *crs = ct_store_crs(store)->code;
    char *terrain = ct_store_file(store, "terrain");
    ct_err err = terrain ? ct_tiles__ground_load(&ground, terrain, crs) : CT_NOMEM;
    if (err == CT_OK)
        err = ct_tiles__relief_make(&relief, ground ? ct_tiles__ground_heights(ground) : NULL, crs);
    wr->city = NULL;
    wr->relief = relief;
    if (err == CT_OK) err = write_tileset(wr, folder, "terrain");
    ct_tiles__relief_free(relief);
    ct_tiles__ground_unref(ground);
    ct_free(terrain);
    return err;
}

static ct_err write_buildings(writing *wr, ct_store *store, const char *folder) {
    ct_tiles__city *city = NULL;
    CT_TRY(ct_tiles__city_make(&city, wr->workers[0].reader, store));
    wr->city = city;
    const ct_err err = write_tileset(wr, folder, "buildings");
    ct_tiles__city_free(city);
    return err;
}

// ---- readers
// ------------------------------------------------------------------------------------------
static void release(writing *wr) {
    for (int i = 0; i < wr->n_workers; i++) {
        ct_reader_release(wr->workers[i].reader);
        wr->workers[i].reader = NULL;
    }
}

// All of one version.
static ct_err open_readers(writing *wr, ct_store *store) {
    for (int try = 0; try < MAX_TRIES; try++) {
        bool same = true;
        for (int i = 0; i < wr->n_workers; i++) {
            const ct_err err = ct_store_reader(&wr->workers[i].reader, store);
            if (err != CT_OK) {
                release(wr);
                return err;
            }
            same = same && ct_reader_version(wr->workers[i].reader) ==
                               ct_reader_version(wr->workers[0].reader);
        }
        if (same) return CT_OK;
        release(wr);
    }
    return ct_fail(CT_BUSY, "the twin changes faster than it can be read");
}

static void add_figures(ct_tiles3d_figures *sum, const ct_tiles3d_figures *one) {
    sum->files += one->files;
    sum->contents += one->contents;
    sum->triangles += one->triangles;
    sum->bytes += one->bytes;
}

static void fini(writing *wr) {
    for (int i = 0; i < wr->n_workers; i++) {
        if (wr->workers[i].reader) ct_reader_release(wr->workers[i].reader);
        ct_free(wr->workers[i].found.list);
    }
    ct_free(wr->wave.list);
    ct_free(wr->folder);
    ct_pool_free(wr->pool);
    pthread_mutex_destroy(&wr->tick_lock);
    ct_free(wr);
}

ct_err ct_tiles3d_write(ct_tiles3d_figures *out, ct_store *store, const char *folder,
                        const ct_tiles3d_options *options) {
    writing *wr = ct_calloc(1, sizeof *wr);
    if (!wr) return CT_NOMEM;
    pthread_mutex_init(&wr->tick_lock, NULL);
    wr->options = options;
    wr->pool = ct_pool_new(options->threads);
    ct_err err = wr->pool ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        const int threads = ct_pool_threads(wr->pool);
        wr->n_workers = threads < MAX_READERS ? threads : MAX_READERS;
        err = open_readers(wr, store);
    }
    if (err == CT_OK) err = write_buildings(wr, store, folder);
    if (err == CT_OK) err = write_terrain(wr, store, folder);
    if (err == CT_OK) {
        *out = (ct_tiles3d_figures){0};
        for (int i = 0; i < wr->n_workers; i++) add_figures(out, &wr->workers[i].figures);
    }
    fini(wr);
    return err;
}
