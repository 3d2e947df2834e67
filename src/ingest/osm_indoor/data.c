// Keeping what may be needed of a file's elements, and finding it again by its id.
#include "ingest/osm_indoor/data.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/mem.h"

enum {
    BLOCK = 256 << 10,
    PLACES_A_FEATURE = 5,     // 50 million places unless told otherwise
    GREATEST_BYTES = 32 << 20 // of one element's nodes, members or tags
};
#define MOST_BYTES ((size_t)2 << 30) // of all elements

ct_err ct_osm__data_init(ct_osm__data *d, ct_ingest__job *job) {
    *d = (ct_osm__data){.job = job, .arena = ct_arena_new(BLOCK, MOST_BYTES)};
    return d->arena ? CT_OK : CT_NOMEM;
}

void ct_osm__data_fini(ct_osm__data *d) {
    ct_free(d->places);
    ct_free(d->nodes.at);
    ct_free(d->ways.at);
    ct_free(d->relations.at);
    ct_arena_free(d->arena);
    *d = (ct_osm__data){0};
}

ct_err ct_osm__room(void *block, size_t *room, size_t n, size_t each, ct_arena *arena) {
    if (n < *room) return CT_OK;
    const size_t wanted = *room ? 2 * *room : 16;
    void *old, *grown = ct_arena_calloc(arena, wanted, each);
    if (!grown) return CT_NOMEM;
    memcpy(&old, block, sizeof old);
    if (n) memcpy(grown, old, n * each);
    memcpy(block, &grown, sizeof grown);
    *room = wanted;
    return CT_OK;
}

// ---- what is of interest ------------------------------------------------------------------------

static bool any_of(const char *text, const char *const *list) {
    for (; *list; list++)
        if (strcmp(text, *list) == 0) return true;
    return false;
}

static bool is_of_buildings(const ct_osm__tag *tag, char kind) {
    static const char *const keys[] = {"indoor", "room",      "level",    "repeat_on",
                                       "stairs", "conveying", "elevator", "buildingpart",
                                       "window", "door",      "entrance", NULL};
    static const char *const ways[] = {"elevator", "steps", "corridor", NULL};
    if (any_of(tag->key, keys)) return true;
    if (strcmp(tag->key, "highway") == 0) return any_of(tag->value, ways);
    if (kind == 'n') return false;
    if (strcmp(tag->key, "building") == 0) return true;
    return kind == 'r' && strcmp(tag->key, "type") == 0 && strcmp(tag->value, "building") == 0;
}

static bool is_inside(const ct_osm__tag *tag) {
    return strcmp(tag->key, "indoor") == 0 || strcmp(tag->key, "buildingpart") == 0 ||
           strcmp(tag->key, "room") == 0;
}

static ct_err copy_tags(ct_osm__element *to, ct_osm__data *d, const ct_osm__element *e) {
    ct_osm__tag *tags = ct_arena_calloc(d->arena, e->n_tags, sizeof *tags);
    if (!tags) return CT_NOMEM;
    for (uint32_t i = 0; i < e->n_tags; i++) {
        tags[i].key = ct_arena_strdup(d->arena, e->tags[i].key);
        tags[i].value = ct_arena_strdup(d->arena, e->tags[i].value);
        if (!tags[i].key || !tags[i].value) return CT_NOMEM;
        d->indoors |= is_inside(&tags[i]);
    }
    to->tags = tags;
    to->n_tags = e->n_tags;
    return CT_OK;
}

static ct_err copy_nodes(ct_osm__element *to, ct_osm__data *d, const ct_osm__element *e) {
    int64_t *nodes = ct_arena_calloc(d->arena, e->n + (size_t)1, sizeof *nodes);
    if (!nodes) return CT_NOMEM;
    if (e->n) memcpy(nodes, e->nodes, e->n * sizeof *nodes);
    to->nodes = nodes;
    return CT_OK;
}

static ct_err copy_members(ct_osm__element *to, ct_osm__data *d, const ct_osm__element *e) {
    ct_osm__member *members = ct_arena_calloc(d->arena, e->n + (size_t)1, sizeof *members);
    if (!members) return CT_NOMEM;
    for (uint32_t i = 0; i < e->n; i++) {
        members[i] = e->members[i];
        members[i].role = ct_arena_strdup(d->arena, e->members[i].role);
        if (!members[i].role) return CT_NOMEM;
    }
    to->members = members;
    return CT_OK;
}

ct_err ct_osm__add_place(ct_osm__data *d, const ct_osm__place *place) {
    if (d->n_places / PLACES_A_FEATURE >= d->job->options.max_features) {
        d->too_large = true;
        return ct_fail(CT_LIMIT, "more than %zu nodes in a file with things inside buildings",
                       d->n_places);
    }
    CT_TRY(ct_grow(&d->places, &d->place_room, d->n_places + 1, sizeof *d->places));
    d->places[d->n_places++] = *place;
    return CT_OK;
}

static ct_err copy_all(ct_osm__element *kept, ct_osm__data *d, const ct_osm__element *e,
                       bool tags) {
    if (tags) CT_TRY(copy_tags(kept, d, e));
    if (e->kind == 'w') CT_TRY(copy_nodes(kept, d, e));
    if (e->kind == 'r') CT_TRY(copy_members(kept, d, e));
    return CT_OK;
}

// Ways are kept without tags too: relations are made of them.
ct_err ct_osm__add(ct_osm__data *d, const ct_osm__element *e) {
    ct_osm__list *list = e->kind == 'n' ? &d->nodes : e->kind == 'w' ? &d->ways : &d->relations;
    bool wanted = false;
    for (uint32_t i = 0; i < e->n_tags && !wanted; i++)
        wanted = is_of_buildings(&e->tags[i], e->kind);
    if (!wanted && e->kind != 'w') return CT_OK;
    ct_osm__element kept = {
        .kind = e->kind, .id = e->id, .line = e->line, .order = list->n, .n = e->n};
    const ct_err err = copy_all(&kept, d, e, wanted);
    if (err == CT_NOMEM && ct_arena_room(d->arena) > MOST_BYTES - GREATEST_BYTES) {
        d->too_large = true;
        return ct_fail(CT_LIMIT, "ways and tags of more than %zu MiB", MOST_BYTES >> 20);
    }
    CT_TRY(err);
    CT_TRY(ct_grow(&list->at, &list->room, list->n + 1, sizeof *list->at));
    list->at[list->n++] = kept;
    return CT_OK;
}

// ---- order --------------------------------------------------------------------------------------

static int by_place(const void *a, const void *b) {
    const ct_osm__place *p = a, *q = b;
    return p->id < q->id ? -1 : p->id > q->id;
}

// Of equal ids the first in the file stays in front.
static int by_id(const void *a, const void *b) {
    const ct_osm__element *p = a, *q = b;
    if (p->id != q->id) return p->id < q->id ? -1 : 1;
    return p->order < q->order ? -1 : p->order > q->order;
}

static void tell_repeated(const ct_osm__data *d, const ct_osm__element *e) {
    ct_osm__tell(d, "repeated-id", e,
                 "this id stands in the file more than once; the first counts");
}

static void sort_list(const ct_osm__data *d, ct_osm__list *list) {
    size_t n = 0;
    if (list->n == 0) return;
    qsort(list->at, list->n, sizeof *list->at, by_id);
    for (size_t i = 0; i < list->n; i++) {
        if (n && list->at[n - 1].id == list->at[i].id)
            tell_repeated(d, &list->at[i]);
        else
            list->at[n++] = list->at[i];
    }
    list->n = n;
}

ct_err ct_osm__data_finish(ct_osm__data *d) {
    bool sorted = true;
    size_t n = 0;
    for (size_t i = 1; i < d->n_places && sorted; i++)
        sorted = d->places[i - 1].id <= d->places[i].id;
    d->job->any_order = !sorted || (d->n_places && d->places[0].id < 0);
    if (!sorted) qsort(d->places, d->n_places, sizeof *d->places, by_place);
    for (size_t i = 0; i < d->n_places; i++) {
        const ct_osm__element e = {.kind = 'n', .id = d->places[i].id};
        if (n && d->places[n - 1].id == e.id)
            tell_repeated(d, &e);
        else
            d->places[n++] = d->places[i];
    }
    d->n_places = n;
    sort_list(d, &d->nodes);
    sort_list(d, &d->ways);
    sort_list(d, &d->relations);
    return CT_OK;
}

// ---- looking up ---------------------------------------------------------------------------------

const ct_osm__place *ct_osm__place_of(const ct_osm__data *d, int64_t node) {
    const ct_osm__place key = {.id = node};
    if (!d->n_places) return NULL;
    return bsearch(&key, d->places, d->n_places, sizeof key, by_place);
}

const ct_osm__element *ct_osm__find(const ct_osm__list *list, int64_t id) {
    size_t low = 0, high = list->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->at[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->n && list->at[low].id == id ? &list->at[low] : NULL;
}

const char *ct_osm__get(const ct_osm__element *e, const char *key) {
    for (uint32_t i = 0; i < e->n_tags; i++)
        if (strcmp(e->tags[i].key, key) == 0) return e->tags[i].value;
    return NULL;
}

bool ct_osm__has(const ct_osm__element *e, const char *key, const char *value) {
    const char *text = ct_osm__get(e, key);
    return text && strcmp(text, value) == 0;
}

bool ct_osm__is_closed(const ct_osm__element *way) {
    return way->n > 3 && way->nodes[0] == way->nodes[way->n - 1];
}

const char *ct_osm__kind_name(char kind) {
    return kind == 'n' ? "node" : kind == 'w' ? "way" : "relation";
}

void ct_osm__tell(const ct_osm__data *d, const char *rule, const ct_osm__element *e,
                  const char *format, ...) {
    char where[CT_INGEST__WHERE_BYTES], text[400], line[32] = "";
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (e->line > 0) snprintf(line, sizeof line, ":%ld", e->line);
    snprintf(where, sizeof where, "%.150s%s:%s/%lld", d->job->file, line,
             ct_osm__kind_name(e->kind), (long long)e->id);
    ct_diagnostics_add(d->job->diagnostics,
                       d->job->options.strict ? CT_SEVERITY_ERROR : CT_SEVERITY_WARNING, rule,
                       where, "%s", text);
}
