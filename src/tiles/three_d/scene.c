// Reading the scene: buildings first, then their storeys, then what lies inside.
#include "tiles/three_d/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/mem.h"
#include "base/strmap.h"
#include "results/ground.h"

#define STOREY_M       3.0 // of a building that tells no height
#define LEAST_HEIGHT_M 0.1
#define ROOM_M         2.8
enum { LARGE_BODY = 2000 }; // triangles of a body that gets a tileset of its own

static const char *const kind_names[CT_TILES__KINDS] = {"shell", "spaces", "furniture", "units"};

const char *ct_tiles__kind_name(ct_tiles__kind kind) {
    return kind_names[kind];
}

// What may lie inside a building, and as what.
static const struct {
    const char *cls;
    ct_tiles__kind kind;
    bool extruded; // its outline, where it has no body
} inner[] = {{"space", CT_TILES__SPACES, true},
             {"opening", CT_TILES__SHELL, false},
             {"transition", CT_TILES__SHELL, false},
             {"element", CT_TILES__SHELL, false},
             {"building_unit", CT_TILES__UNITS, false}};
enum { N_INNER = sizeof inner / sizeof *inner };

bool ct_tiles__scene_shows(const ct_class *cls) {
    for (size_t i = 0; i < N_INNER; i++)
        if (strcmp(cls->name, inner[i].cls) == 0) return true;
    return strcmp(cls->name, "building") == 0 || strcmp(cls->name, "storey") == 0;
}

typedef struct bodies { // of one class, by fid
    ct_body_summary *list;
    size_t n, room;
} bodies;

typedef struct reading {
    ct_tiles__scene *scene;
    ct_reader *reader;
    const ct_catalogue *catalogue;
    ct_ground *ground;
    ct_strmap *building_of, *storey_of; // id to place in the arrays
    size_t building_room, storey_room, thing_room;
} reading;

// ---- bodies
// -----------------------------------------------------------------------------------------
static ct_err note_body(void *context, const ct_body_summary *body) {
    bodies *b = context;
    CT_TRY(ct_grow(&b->list, &b->room, b->n + 1, sizeof *b->list));
    b->list[b->n++] = *body;
    return CT_OK;
}

static const ct_body_summary *body_of(const bodies *b, int64_t fid) {
    size_t low = 0, high = b->n;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (b->list[middle].fid < fid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->n && b->list[low].fid == fid ? &b->list[low] : NULL;
}

static void widen(ct_box3 *box, const ct_box3 *other) {
    for (int i = 0; i < 3; i++) {
        box->min[i] = fmin(box->min[i], other->min[i]);
        box->max[i] = fmax(box->max[i], other->max[i]);
    }
}

static const ct_box3 nowhere = {{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};

static bool outline_box(ct_box3 *out, const ct_geom *geom, double low_m, double high_m) {
    ct_bbox flat;
    if ((geom->type != CT_GEOM_POLYGON && geom->type != CT_GEOM_MULTIPOLYGON) ||
        !ct_geom_bbox(&flat, geom))
        return false;
    *out = (ct_box3){{flat.min_x, flat.min_y, low_m}, {flat.max_x, flat.max_y, high_m}};
    return true;
}

// ---- features of a class
// ------------------------------------------------------------------------------
typedef ct_err visitor(reading *r, const ct_feature *f, const ct_body_summary *body, int which);

static ct_err each(reading *r, const ct_class *cls, visitor *visit, int which, const bodies *b) {
    ct_query query;
    ct_cursor *cursor = NULL;
    const ct_feature *f = NULL;
    ct_query_init(&query, cls);
    CT_TRY(ct_cursor_open(&cursor, r->reader, &query));
    ct_err err = CT_OK;
    while (err == CT_OK) {
        err = ct_cursor_next(cursor, &f);
        if (err == CT_OK) err = visit(r, f, body_of(b, f->fid), which);
    }
    ct_cursor_close(cursor);
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err each_of(reading *r, const char *name, visitor *visit, int which) {
    const ct_class *cls = ct_catalogue_by_name(r->catalogue, name);
    bodies b = {0};
    if (!cls) return CT_OK; // another catalogue
    ct_err err = ct_reader_bodies(r->reader, cls, note_body, &b);
    const bool none_shows = which >= 0 && !inner[which].extruded && b.n == 0;
    if (err == CT_OK && !none_shows) err = each(r, cls, visit, which, &b);
    ct_free(b.list);
    return err;
}

// ---- buildings
// ----------------------------------------------------------------------------------------
static ct_err base_of(double *out, reading *r, const ct_feature *f) {
    double x, y, base = ct_feature_number(f, "base_m", NAN);
    if (!isfinite(base)) base = ct_feature_number(f, "ground_floor_m", NAN);
    if (!isfinite(base) && ct_geom_centroid(&x, &y, &f->geom))
        CT_TRY(ct_ground_height(&base, r->ground, x, y));
    *out = isfinite(base) ? base : 0;
    return CT_OK;
}

static double height_of(const ct_feature *f) {
    const double storeys = ct_feature_number(f, "storeys_above", NAN);
    const double height = ct_feature_number(f, "height_m", NAN);
    if (height > 0) return fmax(height, LEAST_HEIGHT_M);
    return isfinite(storeys) && storeys > 0 ? storeys * STOREY_M : STOREY_M;
}

static ct_err visit_building(reading *r, const ct_feature *f, const ct_body_summary *body,
                             int which) {
    (void)which;
    ct_tiles__scene *s = r->scene;
    ct_tiles__building b = {.fid = f->fid, .box = nowhere, .has_body = body != NULL};
    CT_TRY(base_of(&b.base_m, r, f));
    b.top_m = b.base_m + height_of(f);
    if (body) { // which tells where it stands better than attributes
        b.base_m = body->box.min[2];
        b.top_m = fmax(body->box.max[2], b.base_m + LEAST_HEIGHT_M);
        b.box = body->box;
    }
    ct_box3 block;
    b.has_outline = outline_box(&block, &f->geom, b.base_m, b.top_m);
    if (b.has_outline) widen(&b.box, &block);
    b.triangles = body ? body->triangles : 4 * (int64_t)f->geom.n_points;
    b.apart = body && body->triangles > LARGE_BODY;
    b.id = ct_arena_strdup(s->arena, f->id);
    CT_TRY(ct_grow(&s->buildings, &r->building_room, s->n_buildings + (size_t)1,
                   sizeof *s->buildings));
    if (!b.id) return CT_NOMEM;
    s->buildings[s->n_buildings++] = b;
    return CT_OK;
}

static ct_err index_buildings(reading *r) {
    r->building_of = ct_strmap_new(r->scene->n_buildings);
    if (!r->building_of) return CT_NOMEM;
    for (uint32_t i = 0; i < r->scene->n_buildings; i++)
        CT_TRY(ct_strmap_put(r->building_of, r->scene->buildings[i].id, i));
    return CT_OK;
}

static uint32_t looked_up(const ct_strmap *map, const ct_feature *f, const char *attr) {
    const char *id = ct_feature_text(f, attr, NULL);
    size_t at;
    return id && ct_strmap_get(&at, map, id) ? (uint32_t)at : CT_TILES__NONE;
}

// ---- storeys
// ------------------------------------------------------------------------------------------
static ct_err visit_storey(reading *r, const ct_feature *f, const ct_body_summary *body,
                           int which) {
    (void)which;
    ct_tiles__scene *s = r->scene;
    const uint32_t building = looked_up(r->building_of, f, "building");
    if (building == CT_TILES__NONE) return CT_OK;
    ct_tiles__storey storey = {.fid = f->fid,
                               .building = building,
                               .level = (int64_t)ct_feature_number(f, "level", 0),
                               .elevation_m = ct_feature_number(f, "elevation_m", NAN),
                               .height_m = ct_feature_number(f, "height_m", NAN)};
    storey.id = ct_arena_strdup(s->arena, f->id);
    const char *name = ct_feature_text(f, "name", "");
    storey.name = ct_arena_strdup(s->arena, *name ? name : ct_feature_text(f, "long_name", ""));
    storey.name_zh = ct_arena_strdup(s->arena, ct_feature_text(f, "name_zh", ""));
    if (!storey.id || !storey.name || !storey.name_zh) return CT_NOMEM;
    CT_TRY(ct_grow(&s->storeys, &r->storey_room, s->n_storeys + (size_t)1, sizeof *s->storeys));
    s->storeys[s->n_storeys++] = storey;
    ct_tiles__thing t = {.cls = f->cls,
                         .fid = f->fid,
                         .building = building,
                         .storey = s->n_storeys - 1,
                         .kind = CT_TILES__SHELL,
                         .has_body = body != NULL,
                         .triangles = body ? body->triangles : 4 * (int64_t)f->geom.n_points};
    const double low =
        isfinite(storey.elevation_m) ? storey.elevation_m : s->buildings[building].base_m;
    const double high = low + (storey.height_m > 0 ? storey.height_m : STOREY_M);
    if (body)
        t.box = body->box;
    else if (!outline_box(&t.box, &f->geom, low, high))
        return CT_OK;
    CT_TRY(ct_grow(&s->things, &r->thing_room, s->n_things + (size_t)1, sizeof *s->things));
    s->things[s->n_things++] = t;
    return CT_OK;
}

static ct_err index_storeys(reading *r) {
    r->storey_of = ct_strmap_new(r->scene->n_storeys);
    if (!r->storey_of) return CT_NOMEM;
    for (uint32_t i = 0; i < r->scene->n_storeys; i++)
        CT_TRY(ct_strmap_put(r->storey_of, r->scene->storeys[i].id, i));
    return CT_OK;
}

// ---- what lies inside
// ---------------------------------------------------------------------------------
static bool room_box(ct_box3 *out, const reading *r, const ct_feature *f, uint32_t storey,
                     uint32_t building) {
    const ct_tiles__scene *s = r->scene;
    double low = ct_feature_number(f, "elevation_m", NAN);
    double height = ct_feature_number(f, "height_m", NAN);
    if (storey != CT_TILES__NONE) {
        const ct_tiles__storey *st = &s->storeys[storey];
        if (!isfinite(low)) low = st->elevation_m;
        if (!(height > 0)) height = st->height_m;
    }
    if (!isfinite(low)) low = s->buildings[building].base_m;
    return outline_box(out, &f->geom, low, low + (height > 0 ? height : ROOM_M));
}

static ct_tiles__kind kind_of(const ct_feature *f, int which) {
    const char *kind = ct_feature_text(f, "kind", "");
    const bool movable = strcmp(kind, "furniture") == 0 || strcmp(kind, "equipment") == 0;
    return strcmp(f->cls->name, "element") == 0 && movable ? CT_TILES__FURNITURE
                                                           : inner[which].kind;
}

static ct_err visit_inner(reading *r, const ct_feature *f, const ct_body_summary *body, int which) {
    ct_tiles__scene *s = r->scene;
    if (!body && !inner[which].extruded) return CT_OK;
    const uint32_t storey = looked_up(r->storey_of, f, "storey");
    uint32_t building = looked_up(r->building_of, f, "building");
    if (storey != CT_TILES__NONE) building = s->storeys[storey].building;
    if (building == CT_TILES__NONE) return CT_OK;
    ct_tiles__thing t = {.cls = f->cls,
                         .fid = f->fid,
                         .building = building,
                         .storey = storey,
                         .kind = kind_of(f, which),
                         .has_body = body != NULL,
                         .triangles = body ? body->triangles : 4 * (int64_t)f->geom.n_points};
    if (body)
        t.box = body->box;
    else if (!room_box(&t.box, r, f, storey, building))
        return CT_OK;
    CT_TRY(ct_grow(&s->things, &r->thing_room, s->n_things + (size_t)1, sizeof *s->things));
    s->things[s->n_things++] = t;
    return CT_OK;
}

// ---- order
// ---------------------------------------------------------------------------------------------- A
// storey's extruded outline stands for its walls only where no wall is known.
static void drop_outlines(ct_tiles__scene *s, bool *has_walls) {
    for (uint32_t i = 0; i < s->n_things; i++) {
        const ct_tiles__thing *t = &s->things[i];
        if (t->storey != CT_TILES__NONE && t->kind == CT_TILES__SHELL && t->has_body)
            has_walls[t->storey] = true;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_things; i++) {
        const ct_tiles__thing *t = &s->things[i];
        const bool outline = strcmp(t->cls->name, "storey") == 0 && !t->has_body;
        if (!outline || !has_walls[t->storey]) s->things[n++] = *t;
    }
    s->n_things = n;
}

static int compare(double a, double b) {
    return (a > b) - (a < b);
}

static int by_height(const void *a, const void *b) {
    const ct_tiles__storey *x = a, *y = b;
    if (x->building != y->building) return x->building < y->building ? -1 : 1;
    const double low_x = isfinite(x->elevation_m) ? x->elevation_m : -HUGE_VAL;
    const double low_y = isfinite(y->elevation_m) ? y->elevation_m : -HUGE_VAL;
    if (low_x != low_y) return compare(low_x, low_y);
    if (x->level != y->level) return x->level < y->level ? -1 : 1;
    return x->fid < y->fid ? -1 : x->fid > y->fid;
}

static int by_storey(const void *a, const void *b) {
    const ct_tiles__thing *x = a, *y = b;
    if (x->building != y->building) return x->building < y->building ? -1 : 1;
    if (x->storey != y->storey) return x->storey < y->storey ? -1 : 1; // of none: last
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->cls->index != y->cls->index) return x->cls->index < y->cls->index ? -1 : 1;
    return x->fid < y->fid ? -1 : x->fid > y->fid;
}

static uint64_t spread(uint32_t v) { // its bits, a zero between each two
    uint64_t x = v;
    x = (x | x << 16) & 0x0000ffff0000ffffU;
    x = (x | x << 8) & 0x00ff00ff00ff00ffU;
    x = (x | x << 4) & 0x0f0f0f0f0f0f0f0fU;
    x = (x | x << 2) & 0x3333333333333333U;
    return (x | x << 1) & 0x5555555555555555U;
}

static uint64_t along_curve(const ct_tiles__building *b) {
    return spread(b->x) | spread(b->y) << 1;
}

static int by_place(const void *a, const void *b) {
    const ct_tiles__building *x = a, *y = b;
    const uint64_t at_x = along_curve(x), at_y = along_curve(y);
    if (at_x != at_y) return at_x < at_y ? -1 : 1;
    return x->fid < y->fid ? -1 : x->fid > y->fid;
}

static void measure(ct_tiles__building *b) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        const double side = b->box.max[i] - b->box.min[i];
        sum += side * side;
    }
    b->size_m = sqrt(sum);
}

static bool has_shape(const ct_tiles__building *b) {
    return b->box.min[0] <= b->box.max[0];
}

static ct_err place(ct_tiles__building *b, ct_transform *to_mercator) {
    double p[2] = {(b->box.min[0] + b->box.max[0]) / 2, (b->box.min[1] + b->box.max[1]) / 2};
    uint32_t x1, y1;
    CT_TRY(ct_transform_points(to_mercator, p, 1, 2));
    ct_tile_range(CT_TILES__PLACE_ZOOM, &(ct_bbox){p[0], p[1], p[0], p[1]}, &b->x, &b->y, &x1, &y1);
    if (!b->has_outline && !b->has_body) { // then its block is that of what is inside
        b->base_m = b->box.min[2];
        b->top_m = fmax(b->box.max[2], b->base_m + LEAST_HEIGHT_M);
        b->box.max[2] = b->top_m;
    }
    measure(b);
    return CT_OK;
}

// Buildings without any shape go; the others take their order along the curve.
static ct_err order_buildings(ct_tiles__scene *s, uint32_t *to) {
    ct_transform *t;
    uint32_t n = 0;
    CT_TRY(ct_transform_get(&t, s->crs, CT_CRS_MERCATOR));
    for (uint32_t i = 0; i < s->n_buildings; i++) {
        ct_tiles__building *b = &s->buildings[i];
        if (!has_shape(b)) continue;
        b->was = i;
        CT_TRY(place(b, t));
        s->buildings[n++] = *b;
    }
    s->n_buildings = n;
    if (n) qsort(s->buildings, n, sizeof *s->buildings, by_place);
    for (uint32_t i = 0; i < n; i++) to[s->buildings[i].was] = i;
    for (uint32_t i = 0; i < s->n_things; i++) s->things[i].building = to[s->things[i].building];
    for (uint32_t i = 0; i < s->n_storeys; i++) {
        ct_tiles__storey *storey = &s->storeys[i];
        storey->was = i;
        storey->building = to[storey->building];
    }
    return CT_OK;
}

static void order_storeys(ct_tiles__scene *s, uint32_t *to) {
    if (s->n_storeys) qsort(s->storeys, s->n_storeys, sizeof *s->storeys, by_height);
    for (uint32_t i = 0; i < s->n_storeys; i++) to[s->storeys[i].was] = i;
    for (uint32_t i = 0; i < s->n_things; i++)
        if (s->things[i].storey != CT_TILES__NONE) s->things[i].storey = to[s->things[i].storey];
}

static void hand_out(ct_tiles__scene *s) {
    if (s->n_things) qsort(s->things, s->n_things, sizeof *s->things, by_storey);
    for (uint32_t i = 0; i < s->n_things; i++) {
        ct_tiles__building *b = &s->buildings[s->things[i].building];
        if (!b->n_things++) b->first_thing = i;
        b->apart = true;
    }
}

static int by_number(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static ct_err index_fids(ct_tiles__scene *s) {
    s->by_fid = ct_alloc((s->n_buildings + (size_t)1) * sizeof *s->by_fid);
    uint64_t(*pairs)[2] = ct_alloc((s->n_buildings + (size_t)1) * sizeof *pairs);
    const bool ok = s->by_fid && pairs;
    for (uint32_t i = 0; ok && i < s->n_buildings; i++) {
        pairs[i][0] = (uint64_t)s->buildings[i].fid;
        pairs[i][1] = i;
    }
    if (ok && s->n_buildings) qsort(pairs, s->n_buildings, sizeof *pairs, by_number);
    for (uint32_t i = 0; ok && i < s->n_buildings; i++) s->by_fid[i] = (uint32_t)pairs[i][1];
    ct_free(pairs);
    return ok ? CT_OK : CT_NOMEM;
}

static ct_err order_all(ct_tiles__scene *s) {
    const size_t most = s->n_buildings > s->n_storeys ? s->n_buildings : s->n_storeys;
    uint32_t *to = ct_calloc(most + 1, sizeof *to);
    bool *has_walls = ct_calloc(s->n_storeys + (size_t)1, sizeof *has_walls);
    ct_err err = to && has_walls ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        drop_outlines(s, has_walls);
        for (uint32_t i = 0; i < s->n_things; i++)
            widen(&s->buildings[s->things[i].building].box, &s->things[i].box);
        err = order_buildings(s, to);
    }
    if (err == CT_OK) {
        order_storeys(s, to);
        hand_out(s);
        err = index_fids(s);
    }
    ct_free(to);
    ct_free(has_walls);
    return err;
}

// ---- the whole
// ------------------------------------------------------------------------------------------
static ct_err read_all(reading *r) {
    CT_TRY(each_of(r, "building", visit_building, -1));
    CT_TRY(index_buildings(r));
    CT_TRY(each_of(r, "storey", visit_storey, -1));
    CT_TRY(index_storeys(r));
    for (int i = 0; i < (int)N_INNER; i++) CT_TRY(each_of(r, inner[i].cls, visit_inner, i));
    return order_all(r->scene);
}

ct_err ct_tiles__scene_read(ct_tiles__scene **out, ct_reader *reader, const ct_store *store) {
    ct_tiles__scene *s = ct_calloc(1, sizeof *s);
    char *terrain = ct_store_file(store, "terrain");
    reading r = {.scene = s, .reader = reader, .catalogue = ct_store_catalogue(store)};
    ct_err err = s && terrain ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        s->version = ct_reader_version(reader);
        (void)snprintf(s->crs, sizeof s->crs, "%s", ct_store_crs(store)->code);
        s->building_class = ct_catalogue_by_name(r.catalogue, "building");
        s->arena = ct_arena_new(1 << 16, 0);
        err = s->arena ? ct_ground_open(&r.ground, terrain, s->crs) : CT_NOMEM;
    }
    if (err == CT_OK) err = read_all(&r);
    ct_ground_close(r.ground);
    ct_strmap_free(r.building_of);
    ct_strmap_free(r.storey_of);
    ct_free(terrain);
    if (err == CT_OK)
        *out = s;
    else
        ct_tiles__scene_free(s);
    return err;
}

void ct_tiles__scene_free(ct_tiles__scene *s) {
    if (!s) return;
    ct_free(s->buildings);
    ct_free(s->storeys);
    ct_free(s->things);
    ct_free(s->by_fid);
    ct_arena_free(s->arena);
    ct_free(s);
}

uint32_t ct_tiles__scene_find(const ct_tiles__scene *s, int64_t fid) {
    uint32_t low = 0, high = s->n_buildings;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (s->buildings[s->by_fid[middle]].fid < fid)
            low = middle + 1;
        else
            high = middle;
    }
    const bool found = low < s->n_buildings && s->buildings[s->by_fid[low]].fid == fid;
    return found ? s->by_fid[low] : CT_TILES__NONE;
}
