// Reading the store's log of changes into the stamps.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "tiles/three_d/scene.h"
#include "tiles/tiles.h"
#include "tiles/tiles_private.h"

enum { MAX_SINGLE = 20000 }; // changes that are placed one by one; of more, whole classes count
#define SMALL_BOX_M 5000.0

typedef struct touch {
    size_t cls;
    ct_bbox mercator;
    int64_t version;
} touch;

typedef struct gathering {
    ct_transform *to_mercator;
    touch *list;
    size_t n, room, seen;
    int64_t *all; // of each class: the last change that counts for all its tiles; 0 = none
    int64_t unplaced;
    bool terrain;
} gathering;

// Of a small box only the corners are transformed; its sides bow out by less than a thousandth.
static ct_err to_mercator(ct_bbox *out, ct_transform *t, const ct_bbox *box) {
    const double size = fmax(box->max_x - box->min_x, box->max_y - box->min_y);
    if (!(size < SMALL_BOX_M)) {
        *out = *box;
        CT_TRY(ct_transform_bbox(t, out));
    } else {
        double p[4][2] = {{box->min_x, box->min_y},
                          {box->max_x, box->min_y},
                          {box->min_x, box->max_y},
                          {box->max_x, box->max_y}};
        CT_TRY(ct_transform_points(t, p[0], 4, 2));
        *out = (ct_bbox){p[0][0], p[0][1], p[0][0], p[0][1]};
        for (int i = 1; i < 4; i++)
            ct_bbox_add(out, &(ct_bbox){p[i][0], p[i][1], p[i][0], p[i][1]});
    }
    const double margin = 0.05 + 1e-3 * (out->max_x - out->min_x + out->max_y - out->min_y);
    *out = (ct_bbox){out->min_x - margin, out->min_y - margin, out->max_x + margin,
                     out->max_y + margin};
    return CT_OK;
}

static ct_err reserve(gathering *g) {
    if (g->n < g->room) return CT_OK;
    const size_t room = g->room ? 2 * g->room : 64;
    touch *list = ct_realloc(g->list, room * sizeof *list);
    if (!list) return CT_NOMEM;
    g->list = list;
    g->room = room;
    return CT_OK;
}

static ct_err gather(void *context, const ct_change *change) {
    gathering *g = context;
    g->seen++;
    if (strcmp(change->cls->name, "terrain") == 0) g->terrain = true;
    if (!change->has_bbox && ct_tiles__scene_shows(change->cls)) g->unplaced = change->version;
    if (!change->has_bbox || change->cls->geometry == CT_GEOM_NONE) return CT_OK; // not drawn flat
    ct_bbox box;
    if (g->seen > MAX_SINGLE || to_mercator(&box, g->to_mercator, &change->bbox) != CT_OK) {
        g->all[change->cls->index] = change->version;
        return CT_OK;
    }
    CT_TRY(reserve(g));
    g->list[g->n++] =
        (touch){.cls = change->cls->index, .mercator = box, .version = change->version};
    return CT_OK;
}

static void apply(ct_tiles *t, const gathering *g, size_t n_classes, int64_t version) {
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < n_classes; i++)
        if (g->all[i]) ct_tiles__stamps_all(&t->stamps[i], g->all[i]);
    for (size_t i = 0; i < g->n; i++)
        ct_tiles__stamps_touch(&t->stamps[g->list[i].cls], &g->list[i].mercator,
                               g->list[i].version);
    if (g->unplaced) t->unplaced = g->unplaced;
    t->version = version;
    pthread_mutex_unlock(&t->lock);
}

static ct_err refresh_locked(ct_tiles *t, ct_reader *reader, bool *changed) {
    const int64_t version = ct_reader_version(reader);
    if (version <= t->version) return CT_OK; // only written by holders of refresh_lock
    const size_t n_classes = ct_catalogue_count(ct_store_catalogue(t->store));
    gathering g = {.all = ct_calloc(n_classes, sizeof *g.all)};
    ct_err err = g.all ? CT_OK : CT_NOMEM;
    if (err == CT_OK)
        err = ct_transform_get(&g.to_mercator, ct_store_crs(t->store)->code, CT_CRS_MERCATOR);
    if (err == CT_OK) err = ct_reader_changes(reader, t->version, gather, &g);
    if (err == CT_OK) {
        apply(t, &g, n_classes, version);
        if (g.terrain) ct_tiles__ground_forget(t);
        if (changed) *changed = true;
    }
    ct_free(g.list);
    ct_free(g.all);
    return err;
}

ct_err ct_tiles__refresh_from(ct_tiles *t, ct_reader *reader, bool *changed) {
    pthread_mutex_lock(&t->refresh_lock);
    const ct_err err = refresh_locked(t, reader, changed);
    pthread_mutex_unlock(&t->refresh_lock);
    return err;
}

ct_err ct_tiles_refresh(ct_tiles *t, bool *changed) {
    bool any = false;
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, t->store));
    const ct_err err = ct_tiles__refresh_from(t, reader, &any);
    ct_reader_release(reader);
    if (err == CT_OK && changed) *changed = any;
    return err;
}
