// The tower's plans: six flats a storey around a core of two stairs, three lifts and lobbies. The
// western half is told, the eastern one is its image. Flats A, B, C (west), D, E, F (east); 1 and 2
// are the halves of the core.
#include "bim_house.h"

#include "base/mem.h"

#define LENGTH(a) ((int)(sizeof(a) / sizeof *(a)))
#define MIDDLE    ((double)NAN)

// What the butterfly's outline is made of (see building.c), metres.

#define CUT 4.0

typedef struct sizes { // x of the west face and of the wing's root
    double west, root;
} sizes;

static void room(fp_plan *p, const char *key, const char *use, const char *en, const char *zh,
                 fp_kind kind, int unit, int n, const fp_rect *rects) {
    fp_room r = {.use = use, .name = {en, zh}, .kind = kind, .unit = unit, .n = n};
    (void)snprintf(r.key, sizeof r.key, "%s", key);
    for (int i = 0; i < n; i++) r.rects[i] = rects[i];
    fp_add_room(p, &r);
}

#define ROOM(key, use, en, zh, kind, unit, ...)                                                    \
    room(p, key, use, en, zh, kind, unit, LENGTH(((const fp_rect[]){__VA_ARGS__})),                \
         (const fp_rect[]){__VA_ARGS__})

// ---- core ---------------------------------------------------------------------------------------

static void core_rooms(fp_plan *p) {
    ROOM("1.stair", "stairwell", "Stair", "防烟楼梯间", FP_CORE, 0, {-7, 5.5, -4.3, 11});
    ROOM("1.firelobby", "lobby", "Fire lobby", "前室", FP_CORE, 0, {-7, 1, -4.3, 5.5});
    ROOM("1.riser", "service_shaft", "Riser room", "电井", FP_CORE, 0, {-4.3, 1, -2, 3.4});
    ROOM("1.pipes", "service_shaft", "Pipe shaft", "管道井", FP_CORE, 0, {-4.3, 3.4, -2, 6.1});
    ROOM("1.lift", "lift_shaft", "Lift", "电梯井", FP_CORE, 0, {-4.3, 8.5, -2, 11});
    bim_door(p, "1.firelobby", "0.corridor", BIM_DOOR_STAIR, MIDDLE);
    bim_door(p, "1.stair", "1.firelobby", BIM_DOOR_STAIR, MIDDLE);
    bim_door(p, "1.riser", "0.corridor", BIM_DOOR_SHAFT, MIDDLE);
    bim_door(p, "1.pipes", "0.lobby", BIM_DOOR_SHAFT, 4.6);
    bim_door(p, "1.lift", "0.lobby", BIM_DOOR_LIFT, MIDDLE);
}

// What the two halves share, and what the second half has in place of the first one's third lift.
static void core_middle(fp_plan *p) {
    ROOM("0.corridor", "corridor", "Corridor", "走道", FP_COMMON, 0, {-8.6, -0.8, 8.6, 1});
    ROOM("0.vestibule", "lobby", "Lift vestibule", "合用前室", FP_CORE, 0, {-2, 1, 2, 3.4});
    ROOM("0.lobby", "lobby", "Lift lobby", "电梯厅", FP_CORE, 0, {-2, 3.4, 2, 11});
    ROOM("0.lift", "lift_shaft", "Fire lift", "消防电梯井", FP_CORE, 0, {-4.3, 6.1, -2, 8.5});
    ROOM("0.air", "service_shaft", "Pressurisation shaft", "加压送风井", FP_CORE, 0,
         {2, 6.1, 4.3, 8.5});
    bim_door(p, "0.vestibule", "0.corridor", BIM_DOOR_LOBBY, MIDDLE);
    bim_door(p, "0.lobby", "0.vestibule", BIM_DOOR_LOBBY, MIDDLE);
    bim_door(p, "0.lift", "0.lobby", BIM_DOOR_LIFT, MIDDLE);
    bim_door(p, "0.air", "0.lobby", BIM_DOOR_SHAFT, MIDDLE);
}

static void core_faces(fp_plan *p, bim_level level) {
    if (level == BIM_GROUND) {
        bim_outer(p, "0.lobby", 'N', BIM_DOOR_ENTRANCE, 0);
        bim_outer(p, "1.stair", 'N', BIM_DOOR_EXIT, MIDDLE);
        bim_outer(p, "2.stair", 'N', BIM_DOOR_EXIT, MIDDLE);
    } else if (level == BIM_TYPICAL) {
        bim_outer(p, "0.lobby", 'N', BIM_WINDOW_LIVING, 0);
        bim_outer(p, "1.stair", 'N', BIM_WINDOW_STAIR, MIDDLE);
        bim_outer(p, "2.stair", 'N', BIM_WINDOW_STAIR, MIDDLE);
    }
}

// ---- flats --------------------------------------------------------------------------------------

static void flat_a(fp_plan *p, const sizes *s) { // north-west
    const double w = s->west, r = s->root, b = w + 1.4;
    ROOM("A.living", "living", "Living and dining room", "客厅餐厅", FP_UNIT, 1, {b, 1, -9.4, 5.4},
         {-9.4, 1, -7, 2.8}, {r, 5.4, -9.4, 7.2});
    ROOM("A.balcony", "balcony", "Balcony", "阳台", FP_BALCONY, 1, {w, 1, b, 5.4});
    ROOM("A.kitchen", "kitchen", "Kitchen", "厨房", FP_UNIT, 1, {w, 5.4, r, 7.8});
    ROOM("A.bath", "bathroom", "Bathroom", "卫生间", FP_UNIT, 1, {-9.4, 2.8, -7, 5});
    ROOM("A.ensuite", "bathroom", "En-suite bathroom", "主卫", FP_UNIT, 1, {-9.4, 5, -7, 7.2});
    ROOM("A.bed1", "bedroom", "Bedroom", "次卧", FP_UNIT, 1, {r, 7.2, -11, 11});
    ROOM("A.bed2", "bedroom", "Main bedroom", "主卧", FP_UNIT, 1, {-11, 7.2, -7, 11});
    bim_door(p, "A.living", "0.corridor", BIM_DOOR_FLAT, -7.9);
    bim_door(p, "A.balcony", "A.living", BIM_DOOR_BALCONY, MIDDLE);
    bim_door(p, "A.kitchen", "A.living", BIM_DOOR_KITCHEN, 6.3);
    bim_door(p, "A.bath", "A.living", BIM_DOOR_BATH, 3.5);
    bim_door(p, "A.ensuite", "A.bed2", BIM_DOOR_BATH, -7.8);
    bim_door(p, "A.bed1", "A.living", BIM_DOOR_ROOM, -11.8);
    bim_door(p, "A.bed2", "A.living", BIM_DOOR_ROOM, -10.2);
    bim_outer(p, "A.kitchen", 'W', BIM_WINDOW_SMALL, MIDDLE);
    bim_outer(p, "A.bed1", 'N', BIM_WINDOW_BED, MIDDLE);
    bim_outer(p, "A.bed2", 'N', BIM_WINDOW_BED, MIDDLE);
}

static void flat_b(fp_plan *p, const sizes *s) { // south-west
    const double w = s->west, r = s->root, b = w + 1.4;
    ROOM("B.living", "living", "Living and dining room", "客厅餐厅", FP_UNIT, 2,
         {b, -4.4, -11.6, -1.2}, {r, -1.2, -11.6, 1}, {-11.6, -0.8, -8.6, 1},
         {-12.8, -6.6, -11.6, -4.4});
    ROOM("B.balcony", "balcony", "Balcony", "阳台", FP_BALCONY, 2, {w, -4.4, b, -1.2});
    ROOM("B.kitchen", "kitchen", "Kitchen", "厨房", FP_UNIT, 2, {w, -1.2, r, 1});
    ROOM("B.ensuite", "bathroom", "Bathroom", "卫生间", FP_UNIT, 2, {r, -6.6, -12.8, -4.4});
    ROOM("B.bath", "bathroom", "Guest bathroom", "客卫", FP_UNIT, 2, {-11.6, -2.8, -8.6, -0.8});
    ROOM("B.store", "storage", "Store room", "储藏间", FP_UNIT, 2, {-11.6, -4.4, -8.6, -2.8});
    ROOM("B.bed1", "bedroom", "Main bedroom", "主卧", FP_UNIT, 2, {r, -11, -11.6, -6.6});
    ROOM("B.bed2", "bedroom", "Bedroom", "次卧", FP_UNIT, 2, {w, -7.8, r, -4.4});
    bim_door(p, "B.living", "0.corridor", BIM_DOOR_FLAT, MIDDLE);
    bim_door(p, "B.balcony", "B.living", BIM_DOOR_BALCONY, MIDDLE);
    bim_door(p, "B.kitchen", "B.living", BIM_DOOR_KITCHEN, MIDDLE);
    bim_door(p, "B.ensuite", "B.living", BIM_DOOR_BATH, -5.5);
    bim_door(p, "B.bath", "B.living", BIM_DOOR_BATH, -10.8);
    bim_door(p, "B.store", "B.living", BIM_DOOR_BATH, -3.6);
    bim_door(p, "B.bed1", "B.living", BIM_DOOR_ROOM, -12.2);
    bim_door(p, "B.bed2", "B.living", BIM_DOOR_ROOM, r - 0.7);
    bim_outer(p, "B.kitchen", 'W', BIM_WINDOW_SMALL, MIDDLE);
    bim_outer(p, "B.bed1", 'S', BIM_WINDOW_BED, MIDDLE);
    bim_outer(p, "B.bed2", 'S', BIM_WINDOW_BED, MIDDLE);
}

static void flat_c(fp_plan *p) { // south, west of the middle, beside the light well
    ROOM("C.living", "living", "Living and dining room", "客厅餐厅", FP_UNIT, 3,
         {-8.6, -9.4, -5, -0.8}, {-5, -7, -3, -0.8});
    ROOM("C.balcony", "balcony", "Balcony", "阳台", FP_BALCONY, 3, {-8.6, -11, -5, -9.4});
    ROOM("C.kitchen", "kitchen", "Kitchen", "厨房", FP_UNIT, 3, {-5, -11, -3, -7});
    ROOM("C.bath", "bathroom", "Bathroom", "卫生间", FP_UNIT, 3, {-3, -3.4, 0, -0.8});
    ROOM("C.ensuite", "bathroom", "En-suite bathroom", "主卫", FP_UNIT, 3,
         {-11.6, -6.6, -8.6, -4.4});
    ROOM("C.bed1", "bedroom", "Main bedroom", "主卧", FP_UNIT, 3, {-11.6, -11, -8.6, -6.6});
    ROOM("C.bed2", "bedroom", "Bedroom", "次卧", FP_UNIT, 3, {-3, -7, 0, -3.4});
    bim_door(p, "C.living", "0.corridor", BIM_DOOR_FLAT, -4);
    bim_door(p, "C.balcony", "C.living", BIM_DOOR_BALCONY, MIDDLE);
    bim_door(p, "C.kitchen", "C.living", BIM_DOOR_KITCHEN, -4);
    bim_door(p, "C.bath", "C.living", BIM_DOOR_BATH, MIDDLE);
    bim_door(p, "C.ensuite", "C.bed1", BIM_DOOR_BATH, -10.6);
    bim_door(p, "C.bed1", "C.living", BIM_DOOR_ROOM, -7.3);
    bim_door(p, "C.bed2", "C.living", BIM_DOOR_ROOM, -4.2);
    bim_outer(p, "C.kitchen", 'S', BIM_WINDOW_SMALL, MIDDLE);
    bim_outer(p, "C.bed1", 'S', BIM_WINDOW_BED, MIDDLE);
    bim_outer(p, "C.bed2", 'S', BIM_WINDOW_BED, MIDDLE);
}

static void flats(fp_plan *p, const sizes *s, bim_level level) {
    (void)level;
    flat_a(p, s);
    flat_b(p, s);
    flat_c(p);
}

// ---- below and above ----------------------------------------------------------------------------

static void cellars(fp_plan *p, const sizes *s) {
    const double w = s->west, r = s->root;
    ROOM("A.cellar", "plant", "Pump room", "水泵房", FP_COMMON, 0, {w, 1, r, 7.8}, {r, 1, -7, 11});
    ROOM("B.cellar", "parking", "Bicycle cellar", "非机动车库", FP_COMMON, 0, {w, -7.8, r, 1},
         {r, -11, -11.6, 1}, {-11.6, -4.4, -8.6, 1});
    ROOM("C.cellar", "storage", "Store rooms", "储藏室", FP_COMMON, 0, {-11.6, -11, -8.6, -4.4},
         {-8.6, -11, -3, -0.8}, {-3, -7, 0, -0.8});
    bim_door(p, "A.cellar", "0.corridor", BIM_DOOR_PLANT, -7.9);
    bim_door(p, "B.cellar", "0.corridor", BIM_DOOR_PLANT, MIDDLE);
    bim_door(p, "C.cellar", "0.corridor", BIM_DOOR_PLANT, -4);
}

static void roof(fp_plan *p, const sizes *s) {
    const double w = s->west, r = s->root;
    ROOM("1.stair", "stairwell", "Stair head", "出屋面楼梯间", FP_CORE, 0, {-7, 5.5, -4.3, 11});
    ROOM("0.machines", "plant", "Lift machine room", "电梯机房", FP_CORE, 0, {-4.3, 5.5, 4.3, 11});
    ROOM("0.terrace", "other", "Roof", "屋面", FP_TERRACE, 0, {r, -11, -7, 11}, {7, -11, -r, 11},
         {-7, -11, -3, 5.5}, {3, -11, 7, 5.5}, {-3, -7, 3, 5.5}, {w, -7.8, r, 7.8},
         {-r, -7.8, -w, 7.8});
    bim_door(p, "1.stair", "0.terrace", BIM_DOOR_ROOF, -5.65);
    bim_door(p, "0.machines", "0.terrace", BIM_DOOR_PLANT, MIDDLE);
}

static ct_err make_plan(fp_plan **out, const sizes *s, bim_level level) {
    fp_plan *p = ct_calloc(1, sizeof *p);
    *out = p;
    if (!p) return CT_NOMEM;
    if (level == BIM_ROOF) {
        roof(p, s);
    } else {
        core_middle(p);
        core_rooms(p);
        if (level == BIM_BELOW)
            cellars(p, s);
        else
            flats(p, s, level);
    }
    fp_mirror(p, "1ABC", "2FED", 6);
    core_faces(p, level);
    return ct_context(fp_compile(p), "tower, level %d", (int)level);
}

ct_err bim_tower_plans(bim_house *h) {
    const sc_building *b = h->building;
    double length = 0;
    for (int k = 0; k < b->ring.n; k++) {
        const double x =
            b->out_y * (b->ring.at[k].x - b->centre.x) - b->out_x * (b->ring.at[k].y - b->centre.y);
        length = fmax(length, 2 * fabs(x));
    }
    const sizes s = {-round(length * 500) / 1000, -round(length * 500) / 1000 + CUT};
    if (s.root > -14.2)
        return ct_fail(CT_RANGE, "%s: %.2f m are too short for the tower's flats", b->id, length);
    for (int level = 0; level < BIM_LEVELS; level++)
        CT_TRY(make_plan(&h->plans[level], &s, (bim_level)level));
    h->n_stairs = 2;
    h->stairs[0] = (bim_stair){"1.stair", 1, 0.26, 1.2, 0.175};
    h->stairs[1] = (bim_stair){"2.stair", 1, 0.26, 1.2, 0.175};
    h->n_lifts = 3;
    h->lifts[0] = "1.lift";
    h->lifts[1] = "0.lift";
    h->lifts[2] = "2.lift";
    h->units = 6;
    h->unit_en = "Flat %d%02d";
    h->unit_zh = "%d%02d室";
    h->fire_class = 1;
    h->below_m = 3.6;
    h->slab_m = 0.15;
    return CT_OK;
}
