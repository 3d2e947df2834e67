// Rooms of the storage engine: storeys with what their spaces leave, buildings without storeys,
// garages.
#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "sim/domain/storage_build.h"

size_t ct_rooms__building(const ct_rooms *b, const char *id) {
    size_t at;
    return *id && ct_strmap_get(&at, b->building_by_id, id) ? at : CT_ROOMS_NONE;
}

size_t ct_rooms__room(const ct_rooms *b, const char *id) {
    size_t at;
    return *id && ct_strmap_get(&at, b->room_by_id, id) ? at : CT_ROOMS_NONE;
}

static double area_of(const ct_feature *feature) {
    return feature->geom.type == CT_GEOM_NONE ? 0 : ct_geom_area_m2(&feature->geom);
}

// Id and names, kept with the domain.
static ct_err keep_names(const ct_rooms *b, const ct_feature *f, const char **id, const char **name,
                         const char **name_zh) {
    *id = ct_arena_strdup(b->domain->arena, f->id);
    *name = ct_arena_strdup(b->domain->arena, ct_feature_text(f, "name", ""));
    *name_zh = ct_arena_strdup(b->domain->arena, ct_feature_text(f, "name_zh", ""));
    return *id && *name && *name_zh ? CT_OK : CT_NOMEM;
}

static ct_err visit_building(void *context, const ct_feature *feature) {
    ct_rooms *b = context;
    CT_TRY(ct_grow(&b->buildings, &b->cap_buildings, b->n_buildings + 1, sizeof *b->buildings));
    ct_rooms_building *of = &b->buildings[b->n_buildings];
    *of =
        (ct_rooms_building){.base_m = ct_feature_number(feature, "ground_floor_m",
                                                        ct_feature_number(feature, "base_m", NAN)),
                            .height_m = ct_feature_number(feature, "height_m", NAN),
                            .outline_m2 = area_of(feature),
                            .highest_m = -HUGE_VAL,
                            .lowest_m = HUGE_VAL,
                            .whole = CT_ROOMS_NONE};
    CT_TRY(keep_names(b, feature, &of->id, &of->name, &of->name_zh));
    return ct_strmap_put(b->building_by_id, of->id, b->n_buildings++);
}

ct_err ct_rooms__add_room(ct_rooms *b, const ct_rooms_room *room) {
    CT_TRY(ct_grow(&b->rooms, &b->cap_rooms, b->n_rooms + 1, sizeof *b->rooms));
    b->rooms[b->n_rooms] = *room;
    return ct_strmap_put(b->room_by_id, room->id, b->n_rooms++);
}

// A storey without an outline is as large as its building.
static ct_err visit_storey(void *context, const ct_feature *feature) {
    ct_rooms *b = context;
    const size_t of = ct_rooms__building(b, ct_feature_text(feature, "building", ""));
    double outline_m2 = area_of(feature);
    if (of == CT_ROOMS_NONE) return CT_OK;
    if (!(outline_m2 > 0)) outline_m2 = b->buildings[of].outline_m2;
    const double floor_m = ct_feature_number(feature, "elevation_m", NAN);
    if (!(outline_m2 > 0) || isnan(floor_m)) return CT_OK;
    b->buildings[of].storeys++;
    ct_rooms_room room = {.kind = CT_STORAGE_OF_STOREY,
                          .building = of,
                          .floor_m = floor_m,
                          .height_m = ct_feature_number(feature, "height_m", 0),
                          .outline_m2 = outline_m2};
    CT_TRY(keep_names(b, feature, &room.id, &room.name, &room.name_zh));
    return ct_rooms__add_room(b, &room);
}

static ct_err visit_space(void *context, const ct_feature *feature) {
    ct_rooms *b = context;
    const size_t room = ct_rooms__room(b, ct_feature_text(feature, "storey", ""));
    if (room == CT_ROOMS_NONE || ct_feature_bool(feature, "is_external", false)) return CT_OK;
    const double shape_m2 = area_of(feature);
    b->rooms[room].spaces_m2 +=
        shape_m2 > 0 ? shape_m2 : fmax(0, ct_feature_number(feature, "area_m2", 0));
    return CT_OK;
}

static ct_err visit_parking(void *context, const ct_feature *feature) {
    ct_rooms *b = context;
    if (strcmp(ct_feature_text(feature, "kind", ""), "underground") != 0) return CT_OK;
    if (!(area_of(feature) > 0)) return CT_OK;
    ct_geom *outline = ct_arena_alloc(b->arena, sizeof *outline);
    if (!outline) return CT_NOMEM;
    CT_TRY(ct_geom_copy(outline, b->arena, &feature->geom));
    ct_rooms_room room = {.kind = CT_STORAGE_OF_GARAGE,
                          .building = CT_ROOMS_NONE,
                          .floor_m = NAN, // the ramps tell it
                          .outline_m2 = area_of(feature),
                          .outline = outline};
    CT_TRY(keep_names(b, feature, &room.id, &room.name, &room.name_zh));
    return ct_rooms__add_room(b, &room);
}

ct_err ct_rooms__whole(size_t *out, ct_rooms *b, size_t building) {
    ct_rooms_building *of = &b->buildings[building];
    *out = of->whole;
    if (of->whole != CT_ROOMS_NONE || !(of->outline_m2 > 0)) return CT_OK;
    const ct_rooms_room room = {.id = of->id,
                                .name = of->name,
                                .name_zh = of->name_zh,
                                .kind = CT_STORAGE_OF_BUILDING,
                                .building = building,
                                .floor_m = NAN, // the ways in tell it
                                .height_m = of->height_m > 0 ? of->height_m : 0,
                                .outline_m2 = of->outline_m2};
    *out = of->whole = b->n_rooms;
    return ct_rooms__add_room(b, &room);
}

ct_err ct_rooms__rooms(ct_rooms *b) {
    CT_TRY(ct_rooms__each(b, "building", visit_building));
    CT_TRY(ct_rooms__each(b, "storey", visit_storey));
    CT_TRY(ct_rooms__each(b, "space", visit_space));
    return ct_rooms__each(b, "parking", visit_parking);
}
