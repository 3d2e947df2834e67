// Making the storage engine's arrays from buildings and garages: the order of the work, and the
// arrays themselves.
#include "sim/domain/storage_domain.h"

#include <math.h>

#include "base/mem.h"
#include "sim/domain/note.h"
#include "sim/domain/storage_build.h"

#define NET_SHARE        0.85 // of a storey's outline that water can stand on
#define GARAGE_NET_SHARE 0.95
#define SHAFT_M2         1.0 // over a ceiling
#define MOST_M2          1e8 // whatever a source says
#define USUAL_HEIGHT_M   3.0
#define LEAST_HEIGHT_M   0.5 // less is none
#define STAIR_LENGTH_M   3.0 // of the hole that a stair needs in the upper floor
#define ON_M             0.3 // over a garage's floor, where a pump's levels are missing
#define OFF_M            0.1

const char *const ct_storage_domain_classes[] = {"building",   "storey",  "space", "opening",
                                                 "transition", "parking", "pump",  NULL};

const ct_flood_rule_text ct_storage_rule_texts[CT_STORAGE_RULES] = {
    [CT_STORAGE_RULE_WAY_ALONE] = {"way_in_of_no_building",
                                   "entrances, doors and windows belong to no storey or building "
                                   "with a shape: no water passes them",
                                   "出入口、门窗未归属有轮廓的楼层或建筑，不计进水"},
    [CT_STORAGE_RULE_WAY_SIZE] = {"way_in_without_size",
                                  "entrances, doors, windows, stairs and ramps have no width or "
                                  "height: no water passes them",
                                  "出入口、门窗、楼梯或坡道缺少宽度或高度，不计进水"},
    [CT_STORAGE_RULE_WAY_COVERED] = {"way_in_covered",
                                     "entrances, doors, windows and ramps have no open ground near "
                                     "them: no water passes them",
                                     "出入口、门窗或坡道附近没有开敞地面，不计进水"},
    [CT_STORAGE_RULE_GARAGE_NO_RAMP] = {"garage_without_ramp",
                                        "underground garages have no ramp: they stay dry",
                                        "地下车库缺少坡道，不计进水"},
    [CT_STORAGE_RULE_PUMP_PLACE] = {"pump_of_no_place",
                                    "pumps have no node and stand in no garage: they are left out",
                                    "水泵未设所在节点且不在车库内，未参与计算"},
    [CT_STORAGE_RULE_PUMP_CAPACITY] = {"garage_pump_without_capacity",
                                       "pumps in garages have no capacity_m3s: they are left out",
                                       "车库水泵缺少设计流量，未参与计算"},
};

ct_err ct_rooms__warn(ct_rooms *b, ct_storage_rule rule, const char *id) {
    return ct_domain__note(&b->domain->warnings[rule], b->domain->arena, id);
}

ct_err ct_rooms__each(ct_rooms *b, const char *cls,
                      ct_err (*visit)(void *context, const ct_feature *feature)) {
    const ct_class *found = ct_catalogue_by_name(b->catalogue, cls);
    return found ? ct_merged_each(b->reader, b->edits, found, visit, b) : CT_OK;
}

// ---- what water reaches -------------------------------------------------------------------------
static bool pass_on(ct_rooms *b, size_t from, size_t to) {
    ct_rooms_room *room = &b->rooms[to];
    if (!b->rooms[from].reached || room->reached || isnan(room->floor_m)) return false;
    // Downwards always; upwards as high as water may come in.
    const bool rises = room->floor_m > b->rooms[from].floor_m;
    if (rises && room->building != CT_ROOMS_NONE &&
        !(room->floor_m <= b->buildings[room->building].highest_m))
        return false;
    room->reached = true;
    return true;
}

void ct_rooms__reach(ct_rooms *b) {
    for (size_t i = 0; i < b->n_rooms; i++) {
        ct_rooms_room *r = &b->rooms[i];
        const ct_rooms_building *of =
            r->building == CT_ROOMS_NONE ? NULL : &b->buildings[r->building];
        if (!isnan(r->floor_m) || !of) continue;
        // fmin passes over a base that is not known.
        r->floor_m = isfinite(of->lowest_m) ? fmin(of->base_m, of->lowest_m) : of->base_m;
    }
    for (size_t i = 0; i < b->n_ways; i++) {
        const ct_rooms_way *w = &b->ways[i];
        if (w->kind == CT_ROOMS_IN && !isnan(b->rooms[w->room].floor_m))
            b->rooms[w->room].reached = true;
    }
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < b->n_ways; i++) {
            const ct_rooms_way *w = &b->ways[i];
            if (w->kind != CT_ROOMS_STAIR) continue;
            more |= pass_on(b, w->room, w->above);
            more |= pass_on(b, w->above, w->room);
        }
    }
}

// ---- the arrays ---------------------------------------------------------------------------------
typedef struct arrays {
    ct_rooms *b;
    ct_storage_area *areas;
    ct_storage_connection *connections;
    double *numbers; // of curves
    size_t n_numbers;
    ct_strmap *place_by_cell;
} arrays;

static ct_err make_room(arrays *a) {
    const ct_rooms *b = a->b;
    ct_storage_domain *d = b->domain;
    const size_t rooms = b->n_rooms + 1, ways = b->n_ways + 1;
    a->areas = ct_arena_calloc(d->arena, rooms, sizeof *a->areas);
    a->connections = ct_arena_calloc(d->arena, ways, sizeof *a->connections);
    a->numbers = ct_arena_calloc(d->arena, 6 * rooms + 4 * ways, sizeof *a->numbers);
    a->place_by_cell = ct_strmap_new(ways);
    d->places = ct_arena_calloc(d->arena, ways, sizeof *d->places);
    d->rooms = ct_arena_calloc(d->arena, rooms, sizeof *d->rooms);
    d->connection_ids = ct_arena_calloc(d->arena, ways, sizeof *d->connection_ids);
    return a->areas && a->connections && a->numbers && a->place_by_cell && d->places && d->rooms &&
                   d->connection_ids
               ? CT_OK
               : CT_NOMEM;
}

// A curve of n points, its x and y to be filled.
static ct_storage_curve curve_of(arrays *a, size_t n, double **x, double **y) {
    *x = &a->numbers[a->n_numbers];
    *y = *x + n;
    a->n_numbers += 2 * n;
    return (ct_storage_curve){n, *x, *y};
}

static ct_storage_curve constant(arrays *a, double value) {
    double *x, *y;
    const ct_storage_curve curve = curve_of(a, 1, &x, &y);
    y[0] = value;
    return curve;
}

static double net_area(const ct_rooms_room *r) {
    if (r->kind == CT_STORAGE_OF_GARAGE) return GARAGE_NET_SHARE * r->outline_m2;
    return r->spaces_m2 >= 0.5 * r->outline_m2 && r->spaces_m2 > 0 ? r->spaces_m2
                                                                   : NET_SHARE * r->outline_m2;
}

static void compose_room(arrays *a, ct_rooms_room *r) {
    ct_storage_domain *d = a->b->domain;
    if (!r->reached) return;
    const double area_m2 = fmin(MOST_M2, fmax(SHAFT_M2, net_area(r))),
                 height_m = r->height_m >= LEAST_HEIGHT_M ? r->height_m : USUAL_HEIGHT_M;
    double *level, *area;
    r->index = (uint32_t)d->params.area_count;
    const bool storey = r->kind == CT_STORAGE_OF_STOREY;
    d->rooms[r->index] =
        (ct_storage_room){.id = r->id,
                          .name = r->name,
                          .name_zh = r->name_zh,
                          .building = storey ? a->b->buildings[r->building].id : NULL,
                          .kind = r->kind,
                          .floor_m = r->floor_m,
                          .area_m2 = area_m2,
                          .height_m = height_m};
    a->areas[r->index].area = curve_of(a, 3, &level, &area);
    d->params.area_count++;
    level[0] = r->floor_m;
    level[1] = r->floor_m + height_m;
    level[2] = level[1] + 0.01;
    area[0] = area[1] = area_m2;
    area[2] = SHAFT_M2;
}

// Ways in from one cell share a place.
static ct_err place_of(uint32_t *out, arrays *a, int64_t cell) {
    ct_storage_domain *d = a->b->domain;
    size_t at;
    const char *key = ct_arena_printf(a->b->arena, "%lld", (long long)cell);
    if (!key) return CT_NOMEM;
    if (ct_strmap_get(&at, a->place_by_cell, key)) {
        *out = (uint32_t)at;
        return CT_OK;
    }
    uint32_t *cells = ct_arena_alloc(d->arena, sizeof *cells);
    if (!cells) return CT_NOMEM;
    *cells = (uint32_t)cell;
    *out = (uint32_t)d->params.place_count;
    d->places[d->params.place_count++] = (ct_street_place){cells, 1};
    return ct_strmap_put(a->place_by_cell, key, *out);
}

static ct_err compose_in(arrays *a, const ct_rooms_way *w, ct_storage_connection *c) {
    uint32_t place;
    CT_TRY(place_of(&place, a, w->cell));
    c->kind = CT_STORAGE_OPENING;
    c->from = (ct_storage_end){CT_STORAGE_PLACE, place};
    c->to = (ct_storage_end){CT_STORAGE_AREA, a->b->rooms[w->room].index};
    c->sill_m = w->sill_m;
    c->width_m = w->width_m;
    c->height_m = w->height_m;
    c->leak_m2 = w->leak_m2;
    if (w->closed) c->setting = constant(a, 0);
    if (w->barrier_m > w->sill_m) c->crest = constant(a, w->barrier_m);
    return CT_OK;
}

static void compose_stair(const arrays *a, const ct_rooms_way *w, ct_storage_connection *c) {
    const ct_rooms_room *above = &a->b->rooms[w->above];
    c->kind = CT_STORAGE_SHAFT;
    c->from = (ct_storage_end){CT_STORAGE_AREA, above->index};
    c->to = (ct_storage_end){CT_STORAGE_AREA, a->b->rooms[w->room].index};
    c->sill_m = above->floor_m;
    c->width_m = w->width_m;
    c->area_m2 = w->width_m * STAIR_LENGTH_M;
}

static void compose_pump(arrays *a, const ct_rooms_way *w, ct_storage_connection *c) {
    const ct_rooms_room *room = &a->b->rooms[w->room];
    const bool levels = w->on_m > w->off_m && w->off_m >= room->floor_m;
    c->kind = CT_STORAGE_PUMP;
    c->from = (ct_storage_end){CT_STORAGE_AREA, room->index};
    c->to = (ct_storage_end){CT_STORAGE_OUTSIDE, 0};
    c->curve = constant(a, w->capacity_m3s);
    c->on_m = levels ? w->on_m : room->floor_m + ON_M;
    c->off_m = levels ? w->off_m : room->floor_m + OFF_M;
    c->outlet_m = room->floor_m + USUAL_HEIGHT_M;
    if (w->closed) c->setting = constant(a, 0);
}

static ct_err compose_way(arrays *a, const ct_rooms_way *w) {
    ct_storage_domain *d = a->b->domain;
    if (!a->b->rooms[w->room].reached) return CT_OK;
    if (w->kind == CT_ROOMS_STAIR && !a->b->rooms[w->above].reached) return CT_OK;
    ct_storage_connection *c = &a->connections[d->params.connection_count];
    d->connection_ids[d->params.connection_count++] = w->id;
    if (w->kind == CT_ROOMS_IN) return compose_in(a, w, c);
    if (w->kind == CT_ROOMS_STAIR) compose_stair(a, w, c);
    if (w->kind == CT_ROOMS_PUMP) compose_pump(a, w, c);
    return CT_OK;
}

ct_err ct_rooms__compose(ct_rooms *b) {
    static const ct_storage_outside k_sewer = {{0, NULL, NULL}}; // free fall
    ct_storage_domain *d = b->domain;
    arrays a = {.b = b};
    ct_err err = make_room(&a);
    for (size_t i = 0; err == CT_OK && i < b->n_rooms; i++) compose_room(&a, &b->rooms[i]);
    for (size_t i = 0; err == CT_OK && i < b->n_ways; i++) err = compose_way(&a, &b->ways[i]);
    ct_strmap_free(a.place_by_cell);
    d->params.areas = a.areas;
    d->params.connections = a.connections;
    d->params.outsides = &k_sewer;
    d->params.outside_count = 1;
    return err;
}

// ---- the whole ----------------------------------------------------------------------------------
static ct_err build(ct_rooms *b) {
    b->arena = ct_arena_new(1 << 18, 0);
    b->building_by_id = ct_strmap_new(256);
    b->room_by_id = ct_strmap_new(1024);
    if (!b->arena || !b->building_by_id || !b->room_by_id) return CT_NOMEM;
    CT_TRY(ct_rooms__rooms(b));
    CT_TRY(ct_rooms__ways(b));
    ct_rooms__reach(b);
    return ct_rooms__compose(b);
}

ct_err ct_storage_domain_make(ct_storage_domain **out, ct_store *store, ct_reader *reader,
                              const ct_changeset *edits, ct_flood_domain *ground) {
    ct_storage_domain *d = ct_calloc(1, sizeof *d);
    if (!d) return CT_NOMEM;
    ct_storage_params_init(&d->params);
    ct_rooms b = {.domain = d,
                  .ground = ground,
                  .catalogue = ct_store_catalogue(store),
                  .reader = reader,
                  .edits = edits};
    d->arena = ct_arena_new(1 << 18, 0);
    const ct_err err = d->arena ? ct_context(build(&b), "inside") : CT_NOMEM;
    ct_strmap_free(b.building_by_id);
    ct_strmap_free(b.room_by_id);
    ct_arena_free(b.arena);
    const bool none = b.n_rooms + b.n_ways == 0 && !ct_domain__any(d->warnings, CT_STORAGE_RULES);
    ct_free(b.buildings);
    ct_free(b.rooms);
    ct_free(b.ways);
    if (err != CT_OK || none) {
        ct_storage_domain_free(d);
        d = NULL;
    }
    if (err == CT_OK) *out = d;
    return err;
}

void ct_storage_domain_free(ct_storage_domain *domain) {
    if (!domain) return;
    ct_arena_free(domain->arena);
    ct_free(domain);
}
