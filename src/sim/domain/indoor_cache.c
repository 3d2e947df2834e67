// The kept models and what they were derived from: a change of other features leaves them as they
// are.
#include "sim/domain/indoor_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "base/strmap.h"

enum { SCRATCH = 64 << 10 };

struct ct_indoor_ref {
    atomic_int uses; // the cache's own is one
    ct_indoor *model;
    ct_indoor_sources *sources;
    int64_t version; // change number up to which it holds
    uint64_t used;
};

struct ct_indoor_cache {
    pthread_mutex_t lock;
    const ct_catalogue *catalogue;
    ct_indoor_defaults *defaults;
    ct_indoor_ref **kept;
    size_t n, room;
    uint64_t clock, derived;
};

ct_err ct_indoor_cache_new(ct_indoor_cache **out, const ct_catalogue *catalogue, size_t models) {
    ct_indoor_cache *c = ct_calloc(1, sizeof *c);
    if (!c) return CT_NOMEM;
    pthread_mutex_init(&c->lock, NULL);
    c->catalogue = catalogue;
    c->room = models;
    c->kept = ct_calloc(models + 1, sizeof(ct_indoor_ref *));
    ct_err err = c->kept ? ct_indoor_defaults_load(&c->defaults, NULL) : CT_NOMEM;
    if (err == CT_OK)
        *out = c;
    else
        ct_indoor_cache_free(c);
    return err;
}

void ct_indoor_cache_free(ct_indoor_cache *cache) {
    if (!cache) return;
    for (size_t i = 0; i < cache->n; i++) ct_indoor_ref_release(cache->kept[i]);
    ct_indoor_defaults_free(cache->defaults);
    pthread_mutex_destroy(&cache->lock);
    ct_free(cache->kept);
    ct_free(cache);
}

const ct_indoor *ct_indoor_ref_model(const ct_indoor_ref *ref) {
    return ref->model;
}

void ct_indoor_ref_release(ct_indoor_ref *ref) {
    if (!ref || atomic_fetch_sub(&ref->uses, 1) > 1) return;
    ct_indoor_free(ref->model);
    ct_indoor_sources_free(ref->sources);
    ct_free(ref);
}

uint64_t ct_indoor_cache_derived(ct_indoor_cache *cache) {
    pthread_mutex_lock(&cache->lock);
    const uint64_t n = cache->derived;
    pthread_mutex_unlock(&cache->lock);
    return n;
}

// ---- whether a model still holds ----------------------------------------------------------------

typedef struct looking {
    const ct_indoor_ref *ref;
    const ct_indoor_cache *cache;
    ct_reader *reader;
    ct_arena *arena;
    bool stale;
} looking;

static ct_err look_at(void *context, const ct_change *change) {
    looking *l = context;
    if (l->stale || !ct_indoor_is_source(change->cls)) return CT_OK;
    if (ct_indoor_sources_has(l->ref->sources, change->id)) {
        l->stale = true;
        return CT_OK;
    }
    if (change->op == CT_EDIT_REMOVE) return CT_OK;
    ct_feature f;
    ct_arena_reset(l->arena);
    const ct_err err = ct_reader_get(&f, l->arena, l->reader, change->cls, change->id);
    if (err == CT_NOTFOUND) return CT_OK; // gone again
    CT_TRY(err);
    l->stale = ct_indoor_sources_claims(l->ref->sources, &f);
    return CT_OK;
}

static ct_err still_holds(bool *holds, const ct_indoor_cache *cache, ct_indoor_ref *ref,
                          ct_reader *reader) {
    const int64_t version = ct_reader_version(reader);
    *holds = version == ref->version;
    if (version <= ref->version) return CT_OK; // an older state is derived for itself
    looking l = {.ref = ref, .cache = cache, .reader = reader, .arena = ct_arena_new(SCRATCH, 0)};
    if (!l.arena) return CT_NOMEM;
    const ct_err err = ct_reader_changes(reader, ref->version, look_at, &l);
    ct_arena_free(l.arena);
    CT_TRY(err);
    *holds = !l.stale;
    if (*holds) ref->version = version;
    return CT_OK;
}

// ---- getting one --------------------------------------------------------------------------------

static ct_err derive(ct_indoor_ref **out, ct_indoor_cache *c, ct_reader *reader,
                     const char *building) {
    ct_indoor_ref *ref = ct_calloc(1, sizeof *ref);
    if (!ref) return CT_NOMEM;
    ref->version = ct_reader_version(reader);
    atomic_init(&ref->uses, 1);
    ct_err err = ct_indoor_load_from(&ref->model, &ref->sources, reader, NULL, c->catalogue,
                                     building, c->defaults);
    if (err != CT_OK) {
        ct_indoor_ref_release(ref);
        return err;
    }
    c->derived++;
    *out = ref;
    return CT_OK;
}

// In place of the same building's older one, or of the one not used for longest.
static void keep(ct_indoor_cache *c, ct_indoor_ref *ref) {
    size_t place = c->n;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->kept[i]->model->building, ref->model->building) == 0) place = i;
    if (place == c->n && c->n == c->room) {
        place = 0;
        for (size_t i = 1; i < c->n; i++)
            if (c->kept[i]->used < c->kept[place]->used) place = i;
    }
    if (place < c->n)
        ct_indoor_ref_release(c->kept[place]);
    else
        c->n++;
    c->kept[place] = ref;
}

static ct_err find(ct_indoor_ref **out, ct_indoor_cache *c, ct_reader *reader,
                   const char *building) {
    *out = NULL;
    for (size_t i = 0; i < c->n; i++) {
        bool holds;
        if (strcmp(c->kept[i]->model->building, building) != 0) continue;
        CT_TRY(still_holds(&holds, c, c->kept[i], reader));
        if (holds) *out = c->kept[i];
        return CT_OK;
    }
    return CT_OK;
}

ct_err ct_indoor_cache_get(ct_indoor_ref **out, ct_indoor_cache *cache, ct_reader *reader,
                           const char *building) {
    ct_indoor_ref *ref;
    pthread_mutex_lock(&cache->lock);
    ct_err err = find(&ref, cache, reader, building);
    if (err == CT_OK && !ref) {
        err = derive(&ref, cache, reader, building);
        if (err == CT_OK) keep(cache, ref);
    }
    if (err == CT_OK) {
        ref->used = ++cache->clock;
        atomic_fetch_add(&ref->uses, 1);
        *out = ref;
    }
    pthread_mutex_unlock(&cache->lock);
    return err;
}
