// All shapes of a file: first the representation maps that several items share, level by level,
// then the products, each by one thread. Who makes what makes no difference.
#include "ingest/ifc/shape/product.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"

enum { BATCH = 1024, KEEP_BLOCK = 1 << 20, MAX_THREADS = 64, MAX_LEVEL = 32 };

typedef struct worker {
    ct_ifc__work work;
    ct_arena *keep;         // what outlives the product
    const ct_mesh **shared; // of the product at work: meshes of maps, by address
    size_t n_shared;
} worker;

struct ct_ifc__shapes {
    const ct_ifc__shaping *what;
    uint8_t *kinds;
    uint32_t *product_at, *map_at; // of a slot
    ct_ifc__map *maps;
    uint32_t *map_slots;
    uint8_t *map_levels; // 255: not looked at yet, 254: being looked at
    size_t n_maps;
    ct_ifc__shape *shapes;
    ct_ifc__shape *map_shapes; // findings of maps
    ct_ifc__finding *findings;
    size_t n_findings;
    worker workers[MAX_THREADS];
    int n_workers;
    // The loop at work.
    size_t first, end;
    uint8_t level;
};

// ---- what is kept -------------------------------------------------------------------------------

static ct_err keep_findings(ct_ifc__shape *s, worker *k) {
    const ct_ifc__work *w = &k->work;
    if (w->n_findings == 0) return CT_OK;
    ct_ifc__finding *at = ct_arena_alloc(k->keep, w->n_findings * sizeof *at);
    if (!at) return CT_NOMEM;
    for (size_t i = 0; i < w->n_findings; i++) {
        at[i] = w->findings[i];
        at[i].text = ct_arena_strdup(k->keep, w->findings[i].text);
        if (!at[i].text) return CT_NOMEM;
    }
    s->findings = at;
    s->n_findings = w->n_findings;
    return CT_OK;
}

static int by_address(const void *a, const void *b) {
    const uintptr_t x = (uintptr_t) * (const ct_mesh *const *)a;
    const uintptr_t y = (uintptr_t) * (const ct_mesh *const *)b;
    return x < y ? -1 : x > y;
}

// Lists the meshes of the maps that were used: they are kept already.
static ct_err list_shared(worker *k) {
    ct_ifc__work *w = &k->work;
    size_t n = 0;
    for (size_t i = 0; i < w->n_shared; i++) n += w->maps[w->shared[i]].solid.n;
    k->shared = ct_arena_alloc(w->arena, (n + 1) * sizeof(const ct_mesh *));
    k->n_shared = 0;
    if (!k->shared) return CT_NOMEM;
    for (size_t i = 0; i < w->n_shared; i++) {
        const ct_ifc__solid *solid = &w->maps[w->shared[i]].solid;
        for (size_t p = 0; p < solid->n; p++) k->shared[k->n_shared++] = solid->parts[p].mesh;
    }
    qsort((void *)k->shared, k->n_shared, sizeof *k->shared, by_address); // for looking up only
    return CT_OK;
}

static bool is_shared(const worker *k, const ct_mesh *mesh) {
    return k->n_shared && bsearch((const void *)&mesh, (const void *)k->shared, k->n_shared,
                                  sizeof *k->shared, by_address);
}

static ct_err keep_mesh(const ct_mesh **out, worker *k, const ct_mesh *mesh) {
    *out = mesh;
    if (is_shared(k, mesh)) return CT_OK;
    ct_mesh *copy = ct_arena_alloc(k->keep, sizeof *copy);
    if (!copy) return CT_NOMEM;
    CT_TRY(ct_mesh_copy(copy, k->keep, mesh));
    *out = copy;
    return CT_OK;
}

// ---- maps ---------------------------------------------------------------------------------------

static ct_err keep_map(ct_ifc__map *map, worker *k, const ct_ifc__solid *solid) {
    ct_ifc__part *parts = ct_arena_alloc(k->keep, (solid->n + 1) * sizeof *parts);
    if (!parts) return CT_NOMEM;
    CT_TRY(list_shared(k));
    for (size_t i = 0; i < solid->n; i++) {
        const ct_ifc__part *from = &solid->parts[i];
        parts[i] = *from;
        CT_TRY(keep_mesh(&parts[i].mesh, k, from->mesh));
        if (!from->prism) continue;
        ct_prism *prism = ct_arena_alloc(k->keep, sizeof *prism);
        ct_geom *profile = ct_arena_alloc(k->keep, sizeof *profile);
        if (!prism || !profile) return CT_NOMEM;
        *prism = *from->prism;
        CT_TRY(ct_geom_copy(profile, k->keep, from->prism->profile));
        prism->profile = profile;
        parts[i].prism = prism;
    }
    map->solid = (ct_ifc__solid){parts, solid->n, solid->n};
    return CT_OK;
}

static void make_map(ct_ifc__shapes *s, worker *k, size_t i) {
    ct_ifc__map *map = &s->maps[i];
    ct_ifc__solid solid = {0};
    uint32_t representation;
    ct_ifc__work_begin(&k->work);
    ct_err err =
        ct_ifc__need_ref(&representation, &k->work, s->map_slots[i], "MappedRepresentation");
    if (err == CT_OK) err = ct_ifc__enter(&k->work, s->map_slots[i]);
    if (err == CT_OK) err = ct_ifc__representation(&solid, &k->work, representation);
    err = ct_ifc__full_is_limit(&k->work, err);
    if (err == CT_OK) err = keep_map(map, k, &solid);
    if (err == CT_OK) err = keep_findings(&s->map_shapes[i], k);
    if (err != CT_OK) {
        map->message = ct_arena_strdup(k->keep, ct_err_message());
        if (!map->message) map->message = "out of memory";
    }
    map->err = err;
}

// ---- products -----------------------------------------------------------------------------------

static void measure_box(double size[3], const ct_ifc__solid *solid) {
    for (int k = 0; k < 3; k++) {
        double low = HUGE_VAL, high = -HUGE_VAL;
        for (size_t i = 0; i < solid->n; i++) {
            const double *row = solid->parts[i].place.m + 4 * (size_t)k;
            const ct_mesh *mesh = solid->parts[i].mesh;
            for (size_t p = 0; p < mesh->n_points; p++) {
                const double *q = mesh->xyz + 3 * p;
                const double x = row[0] * q[0] + row[1] * q[1] + row[2] * q[2] + row[3];
                low = fmin(low, x);
                high = fmax(high, x);
            }
        }
        size[k] = high > low ? high - low : 0;
    }
}

static ct_err keep_parts(ct_ifc__shape *s, worker *k, const ct_ifc__solid *solid,
                         const ct_affine *to) {
    s->parts = ct_arena_calloc(k->keep, solid->n + 1, sizeof *s->parts);
    uint32_t *styles = ct_arena_alloc(k->keep, (solid->n + 1) * sizeof *styles);
    if (!s->parts || !styles) return CT_NOMEM;
    CT_TRY(list_shared(k));
    for (size_t i = 0; i < solid->n; i++) {
        const ct_ifc__part *from = &solid->parts[i];
        ct_body_part *part = &s->parts[s->n_parts];
        part->place = ct_affine_multiply(to, &from->place);
        const double size = ct_affine_determinant(&part->place);
        if (!ct_affine_is_finite(&part->place) || size == 0) continue;
        CT_TRY(keep_mesh(&part->mesh, k, from->mesh));
        part->lod = 4;
        styles[s->n_parts++] = from->style;
        if (!from->closed) continue;
        const double volume = fabs(ct_mesh_volume_m3(from->mesh) * size);
        s->volume_m3 = isnan(s->volume_m3) ? volume : s->volume_m3 + volume;
    }
    s->styles = styles;
    const ct_body body = {s->n_parts, s->parts};
    ct_box3 box;
    if (!ct_body_box(&box, &body)) return CT_OK;
    s->bottom_m = box.min[2];
    s->top_m = box.max[2];
    return CT_OK;
}

static ct_err make_product(ct_ifc__shapes *s, worker *k, const ct_ifc__product *product,
                           ct_ifc__shape *shape) {
    const ct_ifc__places_of places = {s->product_at, s->what->products};
    ct_ifc__work *w = &k->work;
    ct_ifc__solid solid = {0};
    ct_geom ground = {0};
    ct_ifc__work_begin(w);
    const ct_err err = ct_ifc__full_is_limit(w, ct_ifc__product_solid(&solid, w, &places, product));
    if (err != CT_OK) solid = (ct_ifc__solid){0}; // what it points to may be gone
    CT_TRY(ct_ifc__forgive(w, err, product->slot, false));
    const ct_affine to = ct_affine_multiply(s->what->to_twin, &product->place);
    if (solid.n) {
        CT_TRY(keep_parts(shape, k, &solid, &to));
        measure_box(shape->size_m, &solid);
        if (product->want & (CT_IFC__WANT_GROUND | CT_IFC__WANT_CHEAP)) {
            const bool cheap = !(product->want & CT_IFC__WANT_GROUND);
            const ct_err drawn = ct_ifc__ground_of(&ground, w, &solid, &to, cheap);
            CT_TRY(ct_ifc__forgive(w, drawn, product->slot, false));
        }
    } else if (product->want & CT_IFC__WANT_GROUND) {
        const ct_err drawn = ct_ifc__ground_drawn(&ground, w, product->slot, &to);
        CT_TRY(ct_ifc__forgive(w, drawn, product->slot, false));
    }
    if (ground.n_parts) CT_TRY(ct_geom_copy(&shape->ground, k->keep, &ground));
    return keep_findings(shape, k);
}

// ---- loops --------------------------------------------------------------------------------------

static void product_loop(void *context, size_t number) {
    ct_ifc__shapes *s = context;
    for (size_t i = s->first + number; i < s->end; i += (size_t)s->n_workers) {
        ct_ifc__shape *shape = &s->shapes[i];
        shape->volume_m3 = shape->bottom_m = shape->top_m = NAN;
        if (s->what->products[i].want)
            shape->err = make_product(s, &s->workers[number], &s->what->products[i], shape);
    }
}

static void map_loop(void *context, size_t number) {
    ct_ifc__shapes *s = context;
    for (size_t i = number; i < s->n_maps; i += (size_t)s->n_workers)
        if (s->map_levels[i] == s->level) make_map(s, &s->workers[number], i);
}

static ct_err make_maps(ct_ifc__shapes *s, ct_pool *pool) {
    uint8_t highest = 0;
    for (size_t i = 0; i < s->n_maps; i++)
        if (s->map_levels[i] > highest) highest = s->map_levels[i];
    for (s->level = 0; s->n_maps && s->level <= highest; s->level++) {
        ct_pool_run(pool, (size_t)s->n_workers, map_loop, s);
        for (size_t i = 0; i < s->n_maps; i++)
            if (s->map_levels[i] == s->level) s->maps[i].made = true;
    }
    size_t n = 0;
    for (size_t i = 0; i < s->n_maps; i++) {
        if (s->maps[i].err != CT_OK && !ct_ifc__is_of_item(s->maps[i].err))
            return ct_fail(s->maps[i].err, "%s", s->maps[i].message);
        n += s->map_shapes[i].n_findings;
    }
    s->findings = ct_calloc(n + 1, sizeof *s->findings);
    if (!s->findings) return CT_NOMEM;
    for (size_t i = 0; i < s->n_maps; i++)
        for (size_t f = 0; f < s->map_shapes[i].n_findings; f++)
            s->findings[s->n_findings++] = s->map_shapes[i].findings[f];
    return CT_OK;
}

static ct_err make_products(ct_ifc__shapes *s, ct_pool *pool) {
    const ct_ifc__shaping *what = s->what;
    for (s->first = 0; s->first < what->n; s->first = s->end) {
        s->end = s->first + BATCH < what->n ? s->first + BATCH : what->n;
        ct_pool_run(pool, (size_t)s->n_workers, product_loop, s);
        for (size_t i = s->first; i < s->end; i++)
            if (s->shapes[i].err != CT_OK) return ct_fail(s->shapes[i].err, "out of memory");
        if (what->progress && !what->progress(what->context, (double)s->end / (double)what->n))
            return ct_fail(CT_CANCELLED, "%s: cancelled", what->m->file);
    }
    return CT_OK;
}

// ---- which maps ---------------------------------------------------------------------------------

// How many maps are within each other below this one. A map that holds itself stays on the way.
static uint8_t level_of(ct_ifc__shapes *s, uint32_t map, int depth) {
    const ct_ifc__model *m = s->what->m;
    const uint32_t number = s->map_at[map];
    if (number && s->map_levels[number - 1] < 254) return s->map_levels[number - 1];
    if ((number && s->map_levels[number - 1] == 254) || depth == MAX_LEVEL) return 0;
    if (number) s->map_levels[number - 1] = 254;
    const ct_step__value list =
        ct_ifc__get(m, ct_ifc__ref(m, map, "MappedRepresentation"), "Items");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    uint8_t level = 0;
    while (ct_step__next(&v, &c)) {
        const uint32_t item = ct_step__ref(m->step, &v);
        if (item == CT_STEP__NONE || s->kinds[ct_step__type(m->step, item)] != CT_IFC__K_MAPPED)
            continue;
        const uint32_t inner = ct_ifc__ref(m, item, "MappingSource");
        if (inner == CT_STEP__NONE) continue;
        const uint8_t below = level_of(s, inner, depth + 1);
        if (below + 1 > level && below < 200) level = (uint8_t)(below + 1);
    }
    if (number) s->map_levels[number - 1] = level;
    return level;
}

// Maps that two items use or more.
static ct_err find_maps(ct_ifc__shapes *s) {
    const ct_ifc__model *m = s->what->m;
    const size_t n_slots = (size_t)ct_step__count(m->step) + 1;
    ct_ifc__slots items;
    ct_arena *arena = s->workers[0].keep;
    CT_TRY(ct_ifc__all(&items, arena, m, ct_ifc__entity_named(m->schema, "IfcMappedItem")));
    s->map_at = ct_calloc(n_slots, sizeof *s->map_at);
    if (!s->map_at) return CT_NOMEM;
    for (size_t i = 0; i < items.n; i++) { // how often, at first
        const uint32_t map = ct_ifc__ref(m, items.at[i], "MappingSource");
        if (map == CT_STEP__NONE) continue;
        s->n_maps += s->map_at[map]++ == 1;
    }
    s->maps = ct_calloc(s->n_maps + 1, sizeof *s->maps);
    s->map_slots = ct_calloc(s->n_maps + 1, sizeof *s->map_slots);
    s->map_levels = ct_calloc(s->n_maps + 1, 1);
    s->map_shapes = ct_calloc(s->n_maps + 1, sizeof *s->map_shapes);
    if (!s->maps || !s->map_slots || !s->map_levels || !s->map_shapes) return CT_NOMEM;
    memset(s->map_levels, 255, s->n_maps + 1);
    size_t n = 0;
    for (uint32_t slot = 0; slot + 1 < n_slots; slot++) {
        const bool several = s->map_at[slot] > 1;
        if (several) s->map_slots[n++] = slot;
        s->map_at[slot] = several ? (uint32_t)n : 0;
    }
    for (size_t i = 0; i < s->n_maps; i++) (void)level_of(s, s->map_slots[i], 0);
    return CT_OK;
}

// ---- all ----------------------------------------------------------------------------------------

static ct_err hire(ct_ifc__shapes *s, int n) {
    for (s->n_workers = 0; s->n_workers < n; s->n_workers++) {
        worker *k = &s->workers[s->n_workers];
        k->keep = ct_arena_new(KEEP_BLOCK, 0); // bounded by the budgets of the products
        if (!k->keep) return CT_NOMEM;
        const ct_err err = ct_ifc__work_init(&k->work, s->what->m, s->what->units, s->kinds);
        if (err != CT_OK) {
            ct_arena_free(k->keep);
            return err;
        }
    }
    return CT_OK;
}

static ct_err prepare(ct_ifc__shapes *s, const ct_pool *pool) {
    const ct_ifc__shaping *what = s->what;
    const int threads = ct_pool_threads(pool);
    CT_TRY(ct_ifc__kinds_new(&s->kinds, what->m));
    CT_TRY(hire(s, threads < MAX_THREADS ? threads : MAX_THREADS));
    s->product_at = ct_calloc((size_t)ct_step__count(what->m->step) + 1, sizeof *s->product_at);
    s->shapes = ct_calloc(what->n + 1, sizeof *s->shapes);
    if (!s->product_at || !s->shapes) return CT_NOMEM;
    for (size_t i = 0; i < what->n; i++) s->product_at[what->products[i].slot] = (uint32_t)i + 1;
    CT_TRY(find_maps(s));
    for (int i = 0; i < s->n_workers; i++) {
        s->workers[i].work.map_at = s->map_at;
        s->workers[i].work.maps = s->maps;
    }
    return CT_OK;
}

ct_err ct_ifc__shapes_make(ct_ifc__shapes **out, const ct_ifc__shaping *what) {
    ct_ifc__shapes *s = ct_calloc(1, sizeof *s);
    ct_pool *pool = ct_pool_new(what->threads);
    ct_err err = s && pool ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        s->what = what;
        err = prepare(s, pool);
        if (err == CT_OK) err = make_maps(s, pool);
        if (err == CT_OK) err = make_products(s, pool);
        for (int i = 0; i < s->n_workers; i++) ct_ifc__work_fini(&s->workers[i].work);
        s->what = NULL;
    }
    ct_pool_free(pool);
    if (err == CT_OK)
        *out = s;
    else
        ct_ifc__shapes_free(s);
    return err;
}

void ct_ifc__shapes_free(ct_ifc__shapes *shapes) {
    if (!shapes) return;
    for (int i = 0; i < shapes->n_workers; i++) ct_arena_free(shapes->workers[i].keep);
    ct_free(shapes->kinds);
    ct_free(shapes->product_at);
    ct_free(shapes->map_at);
    ct_free(shapes->maps);
    ct_free(shapes->map_slots);
    ct_free(shapes->map_levels);
    ct_free(shapes->map_shapes);
    ct_free(shapes->findings);
    ct_free(shapes->shapes);
    ct_free(shapes);
}

ct_ifc__shape *ct_ifc__shape_at(ct_ifc__shapes *shapes, size_t i) {
    return &shapes->shapes[i];
}

const ct_ifc__finding *ct_ifc__shapes_findings(size_t *n, const ct_ifc__shapes *shapes) {
    *n = shapes->n_findings;
    return shapes->findings;
}
