// The kindergarten's plans: four groups a storey in a U, each with activity room, nap room and
// washroom, beside corridors with a stair in each wing. The western half is told, the eastern one
// is its image.
#include "base/mem.h"
#include "bim_house.h"

#define LENGTH(a) ((int)(sizeof(a) / sizeof *(a)))
#define MIDDLE    ((double)NAN)

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

static void ways(fp_plan *p) {
    ROOM("1.corridor", "corridor", "Corridor", "走廊", FP_COMMON, 0, {-22, -17, -19, 13.8},
         {-22, 13.8, -5, 17});
    ROOM("1.stair", "stairwell", "Stair", "封闭楼梯间", FP_CORE, 0, {-31, -0.2, -22, 3.6});
    ROOM("1.staff", "office", "Teachers' room", "教师办公室", FP_COMMON, 0, {-31, 13.8, -22, 17});
    bim_door(p, "1.stair", "1.corridor", BIM_DOOR_LOBBY, 1.7);
    bim_door(p, "1.staff", "1.corridor", BIM_DOOR_ROOM, MIDDLE);
    bim_outer(p, "1.staff", 'W', BIM_WINDOW_LIVING, MIDDLE);
    for (int k = 0; k < 3; k++) {
        bim_outer(p, "1.corridor", 'N', BIM_WINDOW_LIVING, -18 + 4 * k);
        bim_outer(p, "1.corridor", 'E', BIM_WINDOW_LIVING, -14 + 5 * k);
    }
}

static void group_of_wing(fp_plan *p) {
    ROOM("A.activity", "classroom", "Activity room", "活动室", FP_UNIT, 1, {-31, -17, -22, -8.8});
    ROOM("A.nap", "bedroom", "Nap room", "寝室", FP_UNIT, 1, {-31, -8.8, -22, -3.4});
    ROOM("A.wash", "bathroom", "Washroom", "盥洗室", FP_UNIT, 1, {-31, -3.4, -26, -0.2});
    ROOM("A.cloak", "storage", "Cloakroom", "衣帽间", FP_UNIT, 1, {-26, -3.4, -22, -0.2});
    bim_door(p, "A.activity", "1.corridor", BIM_DOOR_CLASS, -15.5);
    bim_door(p, "A.activity", "1.corridor", BIM_DOOR_CLASS, -10);
    bim_door(p, "A.nap", "1.corridor", BIM_DOOR_CLASS, -6);
    bim_door(p, "A.nap", "A.activity", BIM_DOOR_CLASS, -24.5);
    bim_door(p, "A.wash", "A.nap", BIM_DOOR_ROOM, -28.5);
    bim_door(p, "A.cloak", "1.corridor", BIM_DOOR_CLASS, -1.8);
    bim_outer(p, "A.activity", 'W', BIM_WINDOW_CLASS, -14.6);
    bim_outer(p, "A.activity", 'W', BIM_WINDOW_CLASS, -11.2);
    bim_outer(p, "A.activity", 'S', BIM_WINDOW_CLASS, -28.5);
    bim_outer(p, "A.activity", 'S', BIM_WINDOW_CLASS, -24.7);
    bim_outer(p, "A.nap", 'W', BIM_WINDOW_CLASS, MIDDLE);
    bim_outer(p, "A.wash", 'W', BIM_WINDOW_BED, MIDDLE);
}

static void group_of_bar(fp_plan *p, bim_level level) {
    ROOM("B.activity", "classroom", "Activity room", "活动室", FP_UNIT, 2, {-19, 5, -10.8, 13.8});
    ROOM("B.nap", "bedroom", "Nap room", "寝室", FP_UNIT, 2, {-10.8, 5, -5, 10.4});
    ROOM("B.wash", "bathroom", "Washroom", "盥洗室", FP_UNIT, 2, {-10.8, 10.4, -5, 13.8});
    bim_door(p, "B.activity", "1.corridor", BIM_DOOR_CLASS, -17.6);
    bim_door(p, "B.activity", "1.corridor", BIM_DOOR_CLASS, -12);
    bim_door(p, "B.nap", "B.activity", BIM_DOOR_CLASS, MIDDLE);
    bim_door(p, "B.wash", "B.activity", BIM_DOOR_ROOM, MIDDLE);
    bim_door(p, "B.wash", "B.nap", BIM_DOOR_ROOM, MIDDLE);
    bim_outer(p, "B.activity", 'S', BIM_WINDOW_CLASS, -17.2);
    bim_outer(p, "B.activity", 'S', level == BIM_GROUND ? BIM_DOOR_EXIT : BIM_WINDOW_BED, -14.9);
    bim_outer(p, "B.activity", 'S', BIM_WINDOW_CLASS, -12.6);
    bim_outer(p, "B.nap", 'S', BIM_WINDOW_CLASS, MIDDLE);
}

// The halls between the halves, and the rooms at the corners, which differ.
static void between(fp_plan *p, bim_level level) {
    const bool ground = level == BIM_GROUND;
    ROOM("0.music", "hall", "Music and dance room", "音体活动室", FP_COMMON, 0,
         {-31, 3.6, -22, 13.8});
    bim_door(p, "0.music", "1.corridor", BIM_DOOR_CLASS, 5.5);
    bim_door(p, "0.music", "1.corridor", BIM_DOOR_CLASS, 12);
    if (ground) {
        ROOM("0.hall", "hall", "Entrance hall", "门厅", FP_COMMON, 0, {-5, 5, 5, 17});
        ROOM("0.kitchen", "kitchen", "Kitchen", "厨房", FP_COMMON, 0, {22, 3.6, 31, 13.8});
        bim_outer(p, "0.hall", 'N', BIM_DOOR_HALL, 0);
        bim_outer(p, "0.hall", 'S', BIM_DOOR_HALL, 0);
        bim_outer(p, "0.kitchen", 'E', BIM_DOOR_EXIT, 5);
        bim_door(p, "0.kitchen", "2.corridor", BIM_DOOR_PLANT, 12);
    } else {
        ROOM("0.bridge", "corridor", "Corridor", "走廊", FP_COMMON, 0, {-5, 13.8, 5, 17});
        ROOM("0.hall", "hall", "Multi-purpose hall", "多功能厅", FP_COMMON, 0, {-5, 5, 5, 13.8});
        ROOM("0.kitchen", "classroom", "Art room", "美工室", FP_COMMON, 0, {22, 3.6, 31, 13.8});
        bim_door(p, "0.hall", "0.bridge", BIM_DOOR_CLASS, -3);
        bim_door(p, "0.hall", "0.bridge", BIM_DOOR_CLASS, 3);
        bim_outer(p, "0.bridge", 'N', BIM_WINDOW_CLASS, 0);
        bim_outer(p, "0.hall", 'S', BIM_WINDOW_CLASS, 0);
        bim_door(p, "0.kitchen", "2.corridor", BIM_DOOR_CLASS, 12);
        bim_outer(p, "0.kitchen", 'E', BIM_WINDOW_BED, 5.4);
    }
    const char *middle = ground ? "0.hall" : "0.bridge";
    bim_door(p, middle, "1.corridor", BIM_DOOR_WIDE, 15.4);
    bim_door(p, middle, "2.corridor", BIM_DOOR_WIDE, 15.4);
    bim_outer(p, "0.hall", 'S', BIM_WINDOW_LIVING, -3.2);
    bim_outer(p, "0.hall", 'S', BIM_WINDOW_LIVING, 3.2);
    bim_outer(p, "0.music", 'W', BIM_WINDOW_CLASS, 7);
    bim_outer(p, "0.music", 'W', BIM_WINDOW_CLASS, 11);
    bim_outer(p, "0.kitchen", 'E', BIM_WINDOW_CLASS, 8);
    bim_outer(p, "0.kitchen", 'E', BIM_WINDOW_CLASS, 11.4);
    for (int half = 1; half <= 2; half++) {
        const char *stair = half == 1 ? "1.stair" : "2.stair",
                   *corridor = half == 1 ? "1.corridor" : "2.corridor";
        const double x = half == 1 ? -20.5 : 20.5;
        bim_outer(p, stair, half == 1 ? 'W' : 'E', ground ? BIM_DOOR_EXIT : BIM_WINDOW_STAIR,
                  MIDDLE);
        bim_outer(p, corridor, 'S', ground ? BIM_DOOR_EXIT : BIM_WINDOW_BED, x);
    }
}

static void roof(fp_plan *p) {
    ROOM("1.stair", "stairwell", "Stair head", "出屋面楼梯间", FP_CORE, 0, {-31, -0.2, -22, 3.6});
    ROOM("0.terrace", "other", "Roof", "屋面", FP_TERRACE, 0, {-31, -17, -19, -0.2},
         {-31, 3.6, -19, 17}, {-22, -0.2, -19, 3.6}, {19, -17, 31, -0.2}, {19, 3.6, 31, 17},
         {19, -0.2, 22, 3.6}, {-19, 5, 19, 17});
    bim_door(p, "1.stair", "0.terrace", BIM_DOOR_ROOF, 1.7);
}

static ct_err make_plan(fp_plan **out, bim_level level) {
    fp_plan *p = ct_calloc(1, sizeof *p);
    *out = p;
    if (!p) return CT_NOMEM;
    if (level == BIM_ROOF) {
        roof(p);
        fp_mirror(p, "1", "2", 0);
    } else {
        ways(p);
        group_of_wing(p);
        group_of_bar(p, level);
        fp_mirror(p, "1AB", "2DC", 4);
        between(p, level);
    }
    return ct_context(fp_compile(p), "kindergarten, level %d", (int)level);
}

ct_err bim_nursery_plans(bim_house *h) {
    const double area_m2 = 62 * 34 - 38 * 22; // of the U that the plans are drawn for
    if (fabs(h->building->footprint_m2 - area_m2) > 0.5)
        return ct_fail(CT_RANGE, "%s: a footprint of %.0f m2, the plans are for %.0f",
                       h->building->id, h->building->footprint_m2, area_m2);
    for (int level = BIM_GROUND; level < BIM_LEVELS; level++)
        CT_TRY(make_plan(&h->plans[level], (bim_level)level));
    h->n_stairs = 2;
    h->stairs[0] = (bim_stair){"1.stair", 2, 0.28, 1.7, 0.13};
    h->stairs[1] = (bim_stair){"2.stair", 0, 0.28, 1.7, 0.13};
    h->unit_en = "Group %d%02d";
    h->unit_zh = "%d%02d班";
    h->fire_class = 2;
    h->slab_m = 0.15;
    return CT_OK;
}
