// Spaces with their sizes and demands, doors and windows in their walls, boundaries between both,
// dwellings as zones.
#include <string.h>

#include "bim_write.h"

// ---- spaces -------------------------------------------------------------------------------------

static int corners(bim_xy *at, const fp_room *r) {
    int n = 0;
    for (int i = 0; i < r->n_sides; i++) {
        const fp_side *s = &r->sides[i], *before = &r->sides[(i + r->n_sides - 1) % r->n_sides];
        if ((s->x0 == s->x1) == (before->x0 == before->x1)) continue; // on in the same direction
        at[n++] = (bim_xy){(s->x0 - r->box.x0) / 1000.0, (s->y0 - r->box.y0) / 1000.0};
    }
    return n;
}

static bool is_use(const fp_room *r, const char *use) {
    return strcmp(r->use, use) == 0;
}

static int people_of(const bim_work *w, const fp_room *r) {
    if (is_use(r, "bedroom")) return w->h->units ? (r->area_m2 > 11 ? 2 : 1) : 30;
    return is_use(r, "classroom") ? 32 : is_use(r, "hall") ? 60 : is_use(r, "office") ? 3 : 0;
}

// What is asked of the room, the same on all storeys of the plan.
static void sketch_demands(bim_work *w, const fp_room *r, ct_step_id sets[3]) {
    bim *b = &w->b;
    const bool common = r->unit == 0 && !is_use(r, "plant") && !is_use(r, "service_shaft");
    const bool escape = is_use(r, "stairwell") || is_use(r, "lobby") || is_use(r, "corridor");
    const int people = people_of(w, r);
    const bim_value c[] = {{"Reference", "IFCIDENTIFIER", r->use, 0},
                           {"IsExternal", "IFCBOOLEAN", NULL, r->kind == FP_TERRACE},
                           {"PubliclyAccessible", "IFCBOOLEAN", NULL, common},
                           {"HandicapAccessible", "IFCBOOLEAN", NULL, !is_use(r, "stairwell")}};
    const bim_value f[] = {
        {"FireExit", "IFCBOOLEAN", NULL, escape},
        {"SprinklerProtection", "IFCBOOLEAN", NULL, is_use(r, "corridor")},
        {"AirPressurization", "IFCBOOLEAN", NULL, is_use(r, "stairwell") || is_use(r, "lobby")}};
    sets[0] = bim_set(b, "Pset_SpaceCommon", c, BIM_COUNT(c));
    sets[1] = bim_set(b, "Pset_SpaceFireSafetyRequirements", f, BIM_COUNT(f));
    if (!people) return;
    const bim_value o[] = {{"OccupancyType", "IFCLABEL", r->name.en, 0},
                           {"OccupancyNumber", "IFCCOUNTMEASURE", NULL, people}};
    sets[2] = bim_set(b, "Pset_SpaceOccupancyRequirements", o, BIM_COUNT(o));
}

static void sketch_room(bim_work *w, const bim_story *s, int i) {
    bim_sketch *k = bim_sketch_of(w, s);
    const fp_room *r = &bim_plan_of(w, s)->rooms[i];
    bim *b = &w->b;
    bim_xy at[FP_MAX_SIDES];
    if (k->room_shape[i]) return;
    const double height = bim_clear_m(w, s);
    const ct_step_id solid = bim_style(b, bim_prism(b, at, corners(at, r), 0, height), BIM_ROOM);
    k->room_shape[i] = bim_shape(b, bim_body(b, &solid, 1), 0);
    k->room_frame[i] = bim_frame(b, r->box.x0 / 1000.0, r->box.y0 / 1000.0, 0, 0);
    const bim_value q[] = {{"Height", "IFCQUANTITYLENGTH", NULL, height},
                           {"FinishCeilingHeight", "IFCQUANTITYLENGTH", NULL, height},
                           {"NetPerimeter", "IFCQUANTITYLENGTH", NULL, r->perimeter_m},
                           {"NetFloorArea", "IFCQUANTITYAREA", NULL, r->area_m2},
                           {"NetCeilingArea", "IFCQUANTITYAREA", NULL, r->area_m2},
                           {"NetWallArea", "IFCQUANTITYAREA", NULL, r->perimeter_m * height},
                           {"NetVolume", "IFCQUANTITYVOLUME", NULL, r->area_m2 * height}};
    k->room_sizes[i] = bim_quantities(b, "Qto_SpaceBaseQuantities", q, BIM_COUNT(q));
    sketch_demands(w, r, k->room_sets[i]);
}

static ct_step_id put_zone(bim_work *w, const bim_story *s, int unit) {
    bim *b = &w->b;
    char en[64], zh[64];
    (void)snprintf(en, sizeof en, w->h->unit_en, s->level + 1, unit);
    (void)snprintf(zh, sizeof zh, w->h->unit_zh, s->level + 1, unit);
    return ct_stepw_put(b->w, "IFCZONE", "srsss$", bim_guid(b, "%d/unit/%d", s->level, unit),
                        b->owner, en, zh, w->h->units ? "dwelling" : "group");
}

void bim_put_rooms(bim_work *w, bim_story *s) {
    enum { MAX_UNITS = 16 };
    const fp_plan *p = bim_plan_of(w, s);
    const bim_sketch *k = bim_sketch_of(w, s);
    ct_step_id zones[MAX_UNITS] = {0};
    bim *b = &w->b;
    for (int i = 0; i < p->n_rooms; i++) {
        const fp_room *r = &p->rooms[i];
        char name[64];
        sketch_room(w, s, i);
        if (r->unit)
            (void)snprintf(name, sizeof name, "%d%02d %s", s->level + 1, r->unit, r->key + 2);
        else
            (void)snprintf(name, sizeof name, "%s%d %s", s->level < 0 ? "B" : "",
                           s->level < 0 ? -s->level : s->level + 1, r->key);
        s->room_places[i] = bim_put_at(b, s->place, k->room_frame[i]);
        const char *guid = bim_guid(b, "%d/space/%s", s->level, r->key);
        s->rooms[i] =
            ct_stepw_put(b->w, "IFCSPACE", "srsssrrseef", guid, b->owner, name, r->name.en, r->use,
                         s->room_places[i], k->room_shape[i], r->name.zh, "ELEMENT",
                         r->kind == FP_TERRACE ? "EXTERNAL" : "INTERNAL", 0.0);
        bim_link_to(b, BIM_AGGREGATES, s->id, s->rooms[i]);
        bim_link_to(b, BIM_SET, k->room_sizes[i], s->rooms[i]);
        for (int n = 0; n < 3; n++) bim_link_to(b, BIM_SET, k->room_sets[i][n], s->rooms[i]);
        if (!r->unit || r->unit >= MAX_UNITS) continue;
        if (!zones[r->unit]) zones[r->unit] = put_zone(w, s, r->unit);
        bim_link_to(b, BIM_GROUP, zones[r->unit], s->rooms[i]);
    }
}

// ---- doors and windows --------------------------------------------------------------------------

static void sketch_hole(bim_work *w, const bim_story *s, int i) {
    bim_sketch *k = bim_sketch_of(w, s);
    const fp_plan *p = bim_plan_of(w, s);
    const fp_opening *o = &p->openings[i];
    const fp_wall *f = &p->walls[o->wall];
    const bim_opening_type *t = &BIM_OPENINGS[o->type];
    bim *b = &w->b;
    if (k->hole_shape[i]) return;
    const double deep = fp_thickness_m(f->kind) / 2 + 0.05;
    const ct_step_id solid =
        bim_box(b, -t->width_m / 2, -deep, t->width_m / 2, deep, 0, t->height_m);
    k->hole_shape[i] = bim_shape(b, bim_body(b, &solid, 1), 0);
    const double along = (f->upright ? o->y - f->box.y0 : o->x - f->box.x0) / 1000.0;
    k->hole_frame[i] = bim_frame(b, along, 0, t->sill_m, 0);
}

// The entrance of the ground floor is an opening of the community.
static void name_entrance(bim_work *w, const bim_story *s, const fp_opening *o, ct_step_id id) {
    char text[CT_ID_MAX];
    if (s->level != 0 || o->side != 'N' ||
        (o->type != BIM_DOOR_ENTRANCE && o->type != BIM_DOOR_HALL) || fabs(o->x / 1000.0) > 0.1)
        return;
    (void)snprintf(text, sizeof text, "%s-e1", w->h->building->id);
    bim_feature_id(&w->b, id, text);
}

void bim_put_openings(bim_work *w, bim_story *s) {
    const fp_plan *p = bim_plan_of(w, s);
    const bim_sketch *k = bim_sketch_of(w, s);
    bim *b = &w->b;
    for (int i = 0; i < p->n_openings; i++) {
        const fp_opening *o = &p->openings[i];
        const bim_opening_type *t = &BIM_OPENINGS[o->type];
        char name[64];
        bim_need_opening(b, &w->types, (bim_opening_kind)o->type);
        sketch_hole(w, s, i);
        (void)snprintf(name, sizeof name, "%s %d-%03d", t->key, s->level + 1, i + 1);
        const ct_step_id wall_place = bim_put_at(b, s->place, k->wall_frame[o->wall]);
        const ct_step_id hole_place = bim_put_at(b, wall_place, k->hole_frame[i]);
        const ct_step_id hole = ct_stepw_put(b->w, "IFCOPENINGELEMENT", "srs$$rr$e",
                                             bim_guid(b, "%d/hole/%d", s->level, i), b->owner,
                                             "Opening", hole_place, k->hole_shape[i], "OPENING");
        const ct_step_id place = bim_put_at(b, hole_place, b->origin);
        s->openings[i] =
            ct_stepw_put(b->w, t->window ? "IFCWINDOW" : "IFCDOOR", "srss$rr$ff$$$",
                         bim_guid(b, "%d/opening/%d", s->level, i), b->owner, name, t->name.en,
                         place, w->types.opening_shape[o->type], t->height_m, t->width_m);
        ct_stepw_put(b->w, "IFCRELVOIDSELEMENT", "sr$$rr", bim_guid(b, "%d/voids/%d", s->level, i),
                     b->owner, s->walls[o->wall], hole);
        ct_stepw_put(b->w, "IFCRELFILLSELEMENT", "sr$$rr", bim_guid(b, "%d/fills/%d", s->level, i),
                     b->owner, hole, s->openings[i]);
        bim_link_to(b, BIM_CONTAINED, s->id, s->openings[i]);
        bim_link_to(b, BIM_TYPE, w->types.opening[o->type], s->openings[i]);
        bim_link_to(b, BIM_SET, w->types.opening_set[o->type], s->openings[i]);
        name_entrance(w, s, o, s->openings[i]);
    }
}

// ---- boundaries ---------------------------------------------------------------------------------

// An upright rectangle on a side of the space, in the space's place; its normal looks out.
static ct_step_id face(bim *b, const fp_room *r, const fp_side *s, double from, double to,
                       double z0, double z1) {
    const int turn = s->x1 > s->x0 ? 0 : s->y1 > s->y0 ? 1 : s->x1 < s->x0 ? 2 : 3;
    const ct_step_id ways[] = {b->east, b->north, b->west, b->south};
    const ct_step_id frame =
        ct_stepw_put(b->w, "IFCAXIS2PLACEMENT3D", "rrr",
                     bim_point(b, (s->x0 - r->box.x0) / 1000.0, (s->y0 - r->box.y0) / 1000.0, 0),
                     ways[(turn + 3) & 3], ways[turn]);
    const ct_step_id plane = ct_stepw_put(b->w, "IFCPLANE", "r", frame);
    const double at[4][2] = {{from, z0}, {to, z0}, {to, z1}, {from, z1}};
    ct_step_id points[5];
    for (int i = 0; i < 4; i++)
        points[i] = ct_stepw_put(b->w, "IFCCARTESIANPOINT", "F", (size_t)2, at[i]);
    points[4] = points[0];
    const ct_step_id line = ct_stepw_put(b->w, "IFCPOLYLINE", "R", (size_t)5, points);
    const ct_step_id surface = ct_stepw_put(b->w, "IFCCURVEBOUNDEDPLANE", "rr()", plane, line);
    return ct_stepw_put(b->w, "IFCCONNECTIONSURFACEGEOMETRY", "r$", surface);
}

static ct_step_id boundary(bim_work *w, const char *guid, ct_step_id space, ct_step_id element,
                           ct_step_id geometry, bool external, ct_step_id parent) {
    bim *b = &w->b;
    return ct_stepw_put(b->w, "IFCRELSPACEBOUNDARY1STLEVEL", "srs$rrreer", guid, b->owner,
                        "1stLevel", space, element, geometry, "PHYSICAL",
                        external ? "EXTERNAL" : "INTERNAL", parent);
}

static double along_side(const fp_side *s, int x, int y) { // metres from the side's begin
    const double dx = x - s->x0, dy = y - s->y0, lx = s->x1 - s->x0, ly = s->y1 - s->y0;
    return (dx * lx + dy * ly) / hypot(lx, ly) / 1000;
}

// Doors and windows in the wall behind this side.
static void put_inner(bim_work *w, const bim_story *s, int room, const fp_side *side,
                      ct_step_id parent) {
    const fp_plan *p = bim_plan_of(w, s);
    bim_sketch *k = bim_sketch_of(w, s);
    for (int i = 0; i < p->n_openings; i++) {
        const fp_opening *o = &p->openings[i];
        const int which = o->room[1] == room;
        if (o->wall != side->wall || (o->room[0] != room && o->room[1] != room)) continue;
        const bim_opening_type *t = &BIM_OPENINGS[o->type];
        const double at = along_side(side, o->x, o->y);
        const double length = hypot(side->x1 - side->x0, side->y1 - side->y0) / 1000;
        if (at < 0 || at > length || (side->x0 == side->x1) != p->walls[o->wall].upright) continue;
        if (!k->hole_face[i][which])
            k->hole_face[i][which] = face(&w->b, &p->rooms[room], side, at - t->width_m / 2,
                                          at + t->width_m / 2, t->sill_m, t->sill_m + t->height_m);
        boundary(w, bim_guid(&w->b, "%d/inner/%d/%d", s->level, i, which), s->rooms[room],
                 s->openings[i], k->hole_face[i][which], o->room[1] == FP_OUTSIDE, parent);
    }
}

void bim_put_boundaries(bim_work *w, const bim_story *s) {
    const fp_plan *p = bim_plan_of(w, s);
    bim_sketch *k = bim_sketch_of(w, s);
    const bim_story *above = s + 1 < w->storeys + w->n_storeys ? s + 1 : NULL;
    bim *b = &w->b;
    for (int r = 0; r < p->n_rooms; r++) {
        const fp_room *room = &p->rooms[r];
        for (int i = 0; i < room->n_sides; i++) {
            const fp_side *side = &room->sides[i];
            if (side->wall < 0) continue;
            const fp_wall_kind kind = p->walls[side->wall].kind;
            const bool outer = kind == FP_WALL_EXTERIOR || kind == FP_PARAPET || kind == FP_RAILING;
            const double length = hypot(side->x1 - side->x0, side->y1 - side->y0) / 1000;
            if (!k->side_face[r][i])
                k->side_face[r][i] = face(b, room, side, 0, length, 0, bim_clear_m(w, s));
            const ct_step_id id =
                boundary(w, bim_guid(b, "%d/side/%s/%d", s->level, room->key, i), s->rooms[r],
                         s->walls[side->wall], k->side_face[r][i], outer, 0);
            put_inner(w, s, r, side, id);
        }
        boundary(w, bim_guid(b, "%d/floor/%s", s->level, room->key), s->rooms[r], s->slab, 0,
                 s == w->storeys, 0);
        if (above && room->kind != FP_TERRACE)
            boundary(w, bim_guid(b, "%d/ceiling/%s", s->level, room->key), s->rooms[r], above->slab,
                     0, above->kind == BIM_ROOF, 0);
    }
}
