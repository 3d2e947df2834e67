// What stands and hangs in the rooms: furniture, the devices of the community that belong to the
// house, and the alarms, call points, door holders and sprinklers that only its model has.
#include <string.h>

#include "bim_write.h"

// ---- furniture ----------------------------------------------------------------------------------

enum { MAX_PIECES = 40 };

typedef struct piece {
    bim_thing kind;
    double x, y; // middle of its back
    int turn;    // of its width
    double x0, y0, x1, y1;
} piece;

typedef struct furnishing {
    const fp_plan *plan;
    const fp_room *room;
    int n;
    piece pieces[MAX_PIECES];
} furnishing;

static bool inside(const fp_room *r, double x, double y) { // metres
    bool in = false;
    for (int i = 0; i < r->n_sides; i++) {
        const fp_side *s = &r->sides[i];
        if (s->x0 != s->x1) continue;
        const double low = (s->y0 < s->y1 ? s->y0 : s->y1) / 1000.0,
                     high = (s->y0 < s->y1 ? s->y1 : s->y0) / 1000.0;
        if (y > low && y < high && x < s->x0 / 1000.0) in = !in;
    }
    return in;
}

static bool meets(const piece *p, double x0, double y0, double x1, double y1) {
    return p->x0 < x1 && p->x1 > x0 && p->y0 < y1 && p->y1 > y0;
}

// Doors stay free: a square as deep as the leaf is wide on either side.
static bool blocks_door(const furnishing *f, const piece *p) {
    const int room = (int)(f->room - f->plan->rooms);
    for (int i = 0; i < f->plan->n_openings; i++) {
        const fp_opening *o = &f->plan->openings[i];
        const bim_opening_type *t = &BIM_OPENINGS[o->type];
        const double x = o->x / 1000.0, y = o->y / 1000.0, half = t->width_m / 2;
        if ((o->room[0] != room && o->room[1] != room) || t->window) continue;
        const bool upright = f->plan->walls[o->wall].upright;
        const double deep = 0.9, dx = upright ? deep : half, dy = upright ? half : deep;
        if (meets(p, x - dx, y - dy, x + dx, y + dy)) return true;
    }
    return false;
}

static bool fits(const furnishing *f, const piece *p) {
    const double e = 0.01;
    for (int i = 0; i <= 4; i++)
        for (int j = 0; j <= 4; j++)
            if (!inside(f->room, p->x0 + e + (p->x1 - p->x0 - 2 * e) * i / 4,
                        p->y0 + e + (p->y1 - p->y0 - 2 * e) * j / 4))
                return false;
    for (int i = 0; i < f->n; i++)
        if (meets(p, f->pieces[i].x0, f->pieces[i].y0, f->pieces[i].x1, f->pieces[i].y1))
            return false;
    return !blocks_door(f, p);
}

static piece piece_at(bim_thing kind, double x, double y, int turn) {
    static const int cosine[] = {1, 0, -1, 0}, sine[] = {0, 1, 0, -1};
    const bim_thing_type *t = &BIM_THING_TYPES[kind];
    const double c = cosine[turn & 3], s = sine[turn & 3], w = t->width_m / 2, d = t->depth_m;
    const double xs[] = {x - c * w, x + c * w - s * d}, ys[] = {y - s * w, y + s * w + c * d};
    return (piece){kind,
                   x,
                   y,
                   turn & 3,
                   fmin(xs[0], xs[1]),
                   fmin(ys[0], ys[1]),
                   fmax(xs[0], xs[1]),
                   fmax(ys[0], ys[1])};
}

// With its back to the longest wall where there is room for it.
static void furnish(furnishing *f, bim_thing kind) {
    const fp_room *r = f->room;
    const double step = 0.1, half = BIM_THING_TYPES[kind].width_m / 2;
    piece best = {.kind = kind};
    double best_length = 0;
    if (f->n == MAX_PIECES) return;
    for (int i = 0; i < r->n_sides; i++) {
        const fp_side *s = &r->sides[i];
        const double length = hypot(s->x1 - s->x0, s->y1 - s->y0) / 1000;
        const double dx = (s->x1 - s->x0) / 1000.0 / length, dy = (s->y1 - s->y0) / 1000.0 / length;
        const int turn = dx > 0.5 ? 0 : dy > 0.5 ? 1 : dx < -0.5 ? 2 : 3;
        if (length <= best_length) continue;
        for (double u = half + 0.02; u <= length - half - 0.02; u += step) {
            const piece p = piece_at(kind, s->x0 / 1000.0 + dx * u - dy * 0.02,
                                     s->y0 / 1000.0 + dy * u + dx * 0.02, turn);
            if (!fits(f, &p)) continue;
            best = p;
            best_length = length;
            break;
        }
    }
    if (best_length > 0) f->pieces[f->n++] = best;
}

// Rows of the same thing over the middle of a large room.
static void furnish_rows(furnishing *f, bim_thing kind, double along, double across, int most) {
    const fp_box *b = &f->room->box;
    for (double y = b->y0 / 1000.0 + 1.2; y < b->y1 / 1000.0 - 1.8; y += across)
        for (double x = b->x0 / 1000.0 + 1.4; x < b->x1 / 1000.0 - 1.2; x += along) {
            const piece p = piece_at(kind, x, y, 0);
            if (f->n < MAX_PIECES && f->n < most && fits(f, &p)) f->pieces[f->n++] = p;
        }
}

static void furnish_room(furnishing *f, bool dwelling) {
    static const struct {
        const char *use;
        int n;
        bim_thing things[3];
    } sets[] = {{"bedroom", 2, {BIM_BED, BIM_WARDROBE, BIM_BED}},
                {"living", 2, {BIM_SOFA, BIM_TABLE, BIM_TABLE}},
                {"kitchen", 1, {BIM_COUNTER, BIM_COUNTER, BIM_COUNTER}},
                {"bathroom", 3, {BIM_TOILET, BIM_BASIN, BIM_SHOWER}},
                {"office", 2, {BIM_TABLE, BIM_WARDROBE, BIM_TABLE}}};
    if (!dwelling && strcmp(f->room->use, "classroom") == 0)
        furnish_rows(f, BIM_SMALL_TABLE, 2, 1.9, 8);
    if (!dwelling && strcmp(f->room->use, "bedroom") == 0) {
        furnish_rows(f, BIM_COT, 1.1, 2, 30);
        return;
    }
    for (size_t i = 0; i < BIM_COUNT(sets); i++)
        for (int k = 0; strcmp(f->room->use, sets[i].use) == 0 && k < sets[i].n; k++)
            furnish(f, sets[i].things[k]);
}

void bim_put_furniture(bim_work *w, const bim_story *s) {
    bim *b = &w->b;
    const fp_plan *p = bim_plan_of(w, s);
    for (int i = 0; i < p->n_rooms; i++) {
        furnishing f = {.plan = p, .room = &p->rooms[i]};
        furnish_room(&f, w->h->units > 0);
        for (int k = 0; k < f.n; k++) {
            const piece *q = &f.pieces[k];
            bim_need_thing(b, &w->types, q->kind);
            const ct_step_id id = bim_put_thing(
                b, &w->types, q->kind, bim_guid(b, "%d/%s/piece/%d", s->level, p->rooms[i].key, k),
                BIM_THING_TYPES[q->kind].name.en, s->room_places[i],
                bim_frame(b, q->x - p->rooms[i].box.x0 / 1000.0, q->y - p->rooms[i].box.y0 / 1000.0,
                          0, q->turn));
            bim_link_to(b, BIM_CONTAINED, s->rooms[i], id);
        }
    }
}

// ---- against fire -------------------------------------------------------------------------------

static void hang(bim_work *w, const bim_story *s, int room, bim_thing kind, double x, double y,
                 double z, int turn, const char *path) {
    bim *b = &w->b;
    const fp_room *r = &bim_plan_of(w, s)->rooms[room];
    char name[64];
    bim_need_thing(b, &w->types, kind);
    (void)snprintf(name, sizeof name, "%s %d-%s", BIM_THING_TYPES[kind].name.en, s->level + 1,
                   path);
    const ct_step_id id =
        bim_put_thing(b, &w->types, kind, bim_guid(b, "%d/hung/%d/%s", s->level, (int)kind, path),
                      name, s->room_places[room],
                      bim_frame(b, x - r->box.x0 / 1000.0, y - r->box.y0 / 1000.0, z, turn));
    bim_link_to(b, BIM_CONTAINED, s->rooms[room], id);
}

static void protect_room(bim_work *w, const bim_story *s, int i) {
    const fp_room *r = &bim_plan_of(w, s)->rooms[i];
    const double x = (r->box.x0 + r->box.x1) / 2000.0, y = (r->box.y0 + r->box.y1) / 2000.0,
                 top = bim_clear_m(w, s);
    const bool corridor = strcmp(r->use, "corridor") == 0, kitchen = strcmp(r->use, "kitchen") == 0;
    char path[FP_KEY + 8];
    if (kitchen) hang(w, s, i, BIM_HEAT_SENSOR, x, y, top - 0.05, 0, r->key);
    if (!corridor) return;
    const double length = (r->box.x1 - r->box.x0) / 1000.0, step = 3.4; // GB 50084: 3.6 m
    const int n = (int)ceil(length / step);
    for (int k = 0; k < n; k++) {
        const double at = r->box.x0 / 1000.0 + length * (k + 0.5) / n;
        if (!inside(r, at, y)) continue;
        (void)snprintf(path, sizeof path, "%s-%d", r->key, k + 1);
        hang(w, s, i, BIM_SPRINKLER, at, y, top - 0.06, 0, path);
    }
    const double wall = r->box.y0 / 1000.0;
    if (!inside(r, x, wall + 0.05)) return;
    hang(w, s, i, BIM_SOUNDER, x + 0.6, wall, 2.3, 0, r->key);
    hang(w, s, i, BIM_CALL_POINT, x + 0.6, wall, 1.4, 0, r->key);
}

// Double fire doors of lobbies stand open until the alarm.
static void hold_doors(bim_work *w, const bim_story *s) {
    const fp_plan *p = bim_plan_of(w, s);
    for (int i = 0; i < p->n_openings; i++) {
        const fp_opening *o = &p->openings[i];
        char path[24];
        if (o->type != BIM_DOOR_LOBBY && o->type != BIM_DOOR_WIDE) continue;
        (void)snprintf(path, sizeof path, "door-%03d", i + 1);
        const bool upright = p->walls[o->wall].upright;
        const double off = o->width_m / 2 + 0.3;
        hang(w, s, o->room[0], BIM_HOLDER, o->x / 1000.0 + (upright ? 0 : off),
             o->y / 1000.0 + (upright ? off : 0), 1.9, 0, path);
    }
}

void bim_put_protection(bim_work *w, const bim_story *s) {
    const fp_plan *p = bim_plan_of(w, s);
    for (int i = 0; i < p->n_rooms; i++) protect_room(w, s, i);
    hold_doors(w, s);
}

// ---- devices of the community -------------------------------------------------------------------

static bim_thing thing_of(const char *kind) {
    static const struct {
        const char *kind;
        bim_thing thing;
    } things[] = {{"smoke_detector", BIM_SMOKE_SENSOR}, {"door_sensor", BIM_CONTACT},
                  {"temperature", BIM_THERMOMETER},     {"indoor_hydrant", BIM_HYDRANT},
                  {"pump_adapter", BIM_INLET},          {"extinguisher", BIM_EXTINGUISHER}};
    for (size_t i = 0; i < BIM_COUNT(things); i++)
        if (strcmp(kind, things[i].kind) == 0) return things[i].thing;
    return BIM_MONITOR;
}

static const bim_story *story_at(const bim_work *w, int level) {
    for (int i = 0; i < w->n_storeys; i++)
        if (w->storeys[i].level == level) return &w->storeys[i];
    return NULL;
}

// The room of a place; of one in a wall, a room beside it.
static int room_at(const fp_plan *p, double x, double y) {
    static const double aside[][2] = {{0, 0}, {0, -0.2}, {0, 0.2}, {-0.2, 0}, {0.2, 0}};
    for (size_t k = 0; k < BIM_COUNT(aside); k++)
        for (int i = 0; i < p->n_rooms; i++)
            if (inside(&p->rooms[i], x + aside[k][0], y + aside[k][1])) return i;
    return -1;
}

static void put_device(bim_work *w, const ct_feature *f) {
    const sc_building *house = w->h->building;
    const sc_params *params = w->h->town->world->params;
    bim *b = &w->b;
    if (strcmp(ct_feature_text(f, "building", ""), house->id) != 0) return;
    const bim_story *s = story_at(w, (int)ct_feature_number(f, "storey_level", 0));
    if (!s) return;
    const double dx = f->geom.xyz[0] - params->east_m - house->centre.x,
                 dy = f->geom.xyz[1] - params->north_m - house->centre.y;
    const double x = house->out_y * dx - house->out_x * dy,
                 y = house->out_x * dx + house->out_y * dy;
    const bim_thing kind = thing_of(ct_feature_text(f, "kind", ""));
    const double above = f->geom.has_z ? f->geom.xyz[2] - house->ground_floor_m - s->z : 0.9;
    const int room = room_at(bim_plan_of(w, s), x, y);
    bim_need_thing(b, &w->types, kind);
    const ct_step_id id =
        bim_put_thing(b, &w->types, kind, bim_guid(b, "device/%s", f->id),
                      ct_feature_text(f, "name", BIM_THING_TYPES[kind].name.en), s->place,
                      bim_frame(b, round(x * 1000) / 1000, round(y * 1000) / 1000,
                                round(above * 1000) / 1000, 0));
    bim_link_to(b, BIM_CONTAINED, room < 0 ? s->id : s->rooms[room], id);
    bim_feature_id(b, id, f->id);
}

void bim_put_devices(bim_work *w) {
    static const char *const classes[] = {"device", "fire_equipment"};
    for (size_t c = 0; c < BIM_COUNT(classes); c++) {
        const sc_layer *layer = sc_world_layer(w->h->town->world, classes[c]);
        for (size_t i = 0; layer && i < layer->count; i++) put_device(w, &layer->items[i]);
    }
}
