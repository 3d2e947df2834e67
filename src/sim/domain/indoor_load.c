// Gathers the features of a building from the twin, as a scenario sees them, and derives its indoor
// model.
#include "sim/domain/indoor_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strmap.h"
#include "sim/domain/merged.h"

enum { BLOCK = 256 << 10 };
#define MAX_BYTES ((size_t)4 << 30)

typedef struct gathering {
    ct_reader *reader;
    const ct_changeset *edits;
    ct_arena *arena;
    const char *building;
    ct_strmap *storeys; // ids of the building's
    ct_feature *at;
    size_t n, room;
} gathering;

static ct_err keep(gathering *g, const ct_feature *f, bool with_body) {
    if (g->n == g->room) {
        const size_t room = g->room ? 2 * g->room : 256;
        ct_feature *grown = ct_arena_calloc(g->arena, room, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (g->n) memcpy(grown, g->at, g->n * sizeof *grown);
        g->at = grown;
        g->room = room;
    }
    ct_feature *to = &g->at[g->n];
    CT_TRY(ct_feature_copy(to, g->arena, f));
    to->body = NULL;
    if (with_body && f->fid > 0) {
        ct_body *body = ct_arena_calloc(g->arena, 1, sizeof *body);
        if (!body) return CT_NOMEM;
        CT_TRY(ct_reader_body(body, g->arena, g->reader, f->cls, f->fid));
        if (body->n_parts) to->body = body;
    }
    g->n++;
    return CT_OK;
}

static bool is_of(const ct_feature *f, const char *attr, const char *id) {
    return strcmp(ct_feature_text(f, attr, ""), id) == 0;
}

static ct_err keep_building(void *context, const ct_feature *f) {
    gathering *g = context;
    return strcmp(f->id, g->building) == 0 ? keep(g, f, false) : CT_OK;
}

static ct_err keep_storey(void *context, const ct_feature *f) {
    gathering *g = context;
    if (!is_of(f, "building", g->building)) return CT_OK;
    CT_TRY(keep(g, f, false));
    return ct_strmap_put(g->storeys, g->at[g->n - 1].id, 1);
}

static ct_err keep_part(void *context, const ct_feature *f) {
    gathering *g = context;
    size_t one;
    const char *storey = ct_feature_text(f, "storey", "");
    if (is_of(f, "building", g->building) || ct_strmap_get(&one, g->storeys, storey))
        return keep(g, f, true);
    return CT_OK;
}

typedef struct step {
    const char *cls;
    ct_err (*visit)(void *context, const ct_feature *f);
} step;
static const step k_steps[] = {{"building", keep_building}, {"storey", keep_storey},
                               {"space", keep_part},        {"opening", keep_part},
                               {"transition", keep_part},   {"element", keep_part},
                               {"connection", keep_part}};
enum { N_STEPS = sizeof k_steps / sizeof *k_steps };

static ct_err gather(gathering *g, const ct_catalogue *catalogue) {
    for (size_t i = 0; i < N_STEPS; i++) {
        const ct_class *cls = ct_catalogue_by_name(catalogue, k_steps[i].cls);
        if (cls) CT_TRY(ct_merged_each(g->reader, g->edits, cls, k_steps[i].visit, g));
        if (i == 0 && !g->n)
            return ct_fail(CT_NOTFOUND, "there is no building \"%s\"", g->building);
    }
    return CT_OK;
}

// ---- what a model was derived from --------------------------------------------------------------

struct ct_indoor_sources {
    ct_arena *arena; // holds the ids
    const char *building;
    ct_strmap *ids, *storeys;
};

void ct_indoor_sources_free(ct_indoor_sources *sources) {
    if (!sources) return;
    ct_strmap_free(sources->ids);
    ct_strmap_free(sources->storeys);
    ct_arena_free(sources->arena);
    ct_free(sources);
}

static ct_err note_ids(ct_indoor_sources *s, const gathering *g) {
    s->building = ct_arena_strdup(s->arena, g->building);
    if (!s->building) return CT_NOMEM;
    for (size_t i = 0; i < g->n; i++) {
        const char *id = ct_arena_strdup(s->arena, g->at[i].id);
        if (!id) return CT_NOMEM;
        CT_TRY(ct_strmap_put(s->ids, id, i));
        if (strcmp(g->at[i].cls->name, "storey") == 0) CT_TRY(ct_strmap_put(s->storeys, id, i));
    }
    return CT_OK;
}

static ct_err note_sources(ct_indoor_sources **out, const gathering *g) {
    ct_indoor_sources *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    s->arena = ct_arena_new(16 << 10, 0);
    s->ids = ct_strmap_new(g->n + 1);
    s->storeys = ct_strmap_new(64);
    const ct_err err = s->arena && s->ids && s->storeys ? note_ids(s, g) : CT_NOMEM;
    if (err == CT_OK)
        *out = s;
    else
        ct_indoor_sources_free(s);
    return err;
}

bool ct_indoor_is_source(const ct_class *cls) {
    for (size_t i = 0; i < N_STEPS; i++)
        if (strcmp(cls->name, k_steps[i].cls) == 0) return true;
    return false;
}

bool ct_indoor_sources_has(const ct_indoor_sources *sources, const char *id) {
    size_t at;
    return ct_strmap_get(&at, sources->ids, id);
}

bool ct_indoor_sources_claims(const ct_indoor_sources *sources, const ct_feature *f) {
    size_t at;
    return ct_indoor_sources_has(sources, f->id) || is_of(f, "building", sources->building) ||
           ct_strmap_get(&at, sources->storeys, ct_feature_text(f, "storey", ""));
}

// ---- loading ------------------------------------------------------------------------------------

ct_err ct_indoor_load_from(ct_indoor **out, ct_indoor_sources **sources, ct_reader *reader,
                           const ct_changeset *edits, const ct_catalogue *catalogue,
                           const char *building, const ct_indoor_defaults *defaults) {
    gathering g = {.reader = reader, .edits = edits, .building = building};
    ct_indoor_sources *from = NULL;
    g.arena = ct_arena_new(BLOCK, MAX_BYTES);
    g.storeys = ct_strmap_new(64);
    ct_err err = g.arena && g.storeys ? gather(&g, catalogue) : CT_NOMEM;
    if (err == CT_OK && sources) err = note_sources(&from, &g);
    if (err == CT_OK) err = ct_indoor_derive(out, building, g.at, g.n, defaults);
    ct_strmap_free(g.storeys);
    ct_arena_free(g.arena);
    if (err == CT_OK && sources)
        *sources = from;
    else
        ct_indoor_sources_free(from);
    return err;
}

ct_err ct_indoor_load(ct_indoor **out, ct_reader *reader, const ct_changeset *edits,
                      const ct_catalogue *catalogue, const char *building,
                      const ct_indoor_defaults *defaults) {
    return ct_indoor_load_from(out, NULL, reader, edits, catalogue, building, defaults);
}

// ---- which buildings ----------------------------------------------------------------------------

typedef struct listing {
    ct_arena *arena;
    ct_strmap *counted; // buildings to their place in `storeys`
    uint32_t *storeys;  // number of storeys
    size_t n_counted, room_counted;
    ct_indoor_building *at;
    size_t n, room;
} listing;

static ct_err grow(void **block, size_t *room, size_t used, size_t each, ct_arena *arena) {
    if (used < *room) return CT_OK;
    const size_t more = *room ? 2 * *room : 64;
    void *grown = ct_arena_calloc(arena, more, each);
    if (!grown) return CT_NOMEM;
    if (used) memcpy(grown, *block, used * each);
    *block = grown;
    *room = more;
    return CT_OK;
}

static ct_err count_storey(void *context, const ct_feature *f) {
    listing *l = context;
    size_t i = l->n_counted;
    const char *building = ct_feature_text(f, "building", "");
    if (!ct_strmap_get(&i, l->counted, building)) {
        void *block = l->storeys;
        if (i == CT_INDOOR_MAX_BUILDINGS)
            return ct_fail(CT_LIMIT, "more than %d buildings with storeys",
                           CT_INDOOR_MAX_BUILDINGS);
        CT_TRY(grow(&block, &l->room_counted, i, sizeof *l->storeys, l->arena));
        l->storeys = block;
        building = ct_arena_strdup(l->arena, building);
        if (!building) return CT_NOMEM;
        CT_TRY(ct_strmap_put(l->counted, building, l->n_counted++));
    }
    l->storeys[i]++;
    return CT_OK;
}

static ct_err list_building(void *context, const ct_feature *f) {
    listing *l = context;
    size_t i;
    if (!ct_strmap_get(&i, l->counted, f->id)) return CT_OK;
    void *block = l->at;
    CT_TRY(grow(&block, &l->room, l->n, sizeof *l->at, l->arena));
    l->at = block;
    ct_indoor_building *b = &l->at[l->n++];
    b->id = ct_arena_strdup(l->arena, f->id);
    b->name = ct_arena_strdup(l->arena, ct_feature_text(f, "name", ""));
    b->storeys = l->storeys[i];
    return b->id && b->name ? CT_OK : CT_NOMEM;
}

static int by_id(const void *a, const void *b) {
    return strcmp(((const ct_indoor_building *)a)->id, ((const ct_indoor_building *)b)->id);
}

ct_err ct_indoor_buildings(ct_indoor_building **out, size_t *n, ct_arena *arena, ct_reader *reader,
                           const ct_catalogue *catalogue) {
    listing l = {.arena = arena, .counted = ct_strmap_new(64)};
    const ct_class *storey = ct_catalogue_by_name(catalogue, "storey");
    const ct_class *building = ct_catalogue_by_name(catalogue, "building");
    ct_err err = l.counted ? CT_OK : CT_NOMEM;
    if (err == CT_OK && storey) err = ct_merged_each(reader, NULL, storey, count_storey, &l);
    if (err == CT_OK && building) err = ct_merged_each(reader, NULL, building, list_building, &l);
    ct_strmap_free(l.counted);
    if (err != CT_OK) return err;
    if (l.n) qsort(l.at, l.n, sizeof *l.at, by_id);
    *out = l.at;
    *n = l.n;
    return CT_OK;
}
