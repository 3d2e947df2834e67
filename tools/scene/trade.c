// Public blocks for trade and leisure: market, offices, shopping, plaza, park, sports.
#include <math.h>

#include "campus.h"

static const sc_design PUBLIC = {.form = SC_FORM_BOX,
                                 .bays = 1,
                                 .storey_m = 4.2,
                                 .ground_storey_m = 4.8,
                                 .step_m = 0.15,
                                 .structure = "reinforced_concrete",
                                 .year = 2014};

static double level_at(const sc_yard *y, double p, double q) {
    return sc_ground_z(y->town->ground, sc_at(&y->frame, p, q));
}

static void stand_as(sc_yard *y, const char *use, int storeys, double length, double depth,
                     int bays, double p, double q, sc_facing face, double target, const char *en,
                     const char *zh) {
    sc_design d = PUBLIC;
    d.use = use;
    d.storeys = storeys;
    d.length_m = length;
    d.depth_m = depth;
    d.bays = bays;
    if (storeys > 7) {
        d.below = 2;
        d.storey_m = 3.7;
    }
    d.name = (sc_label){en, zh};
    sc_stand(y, &d, p, q, face, target);
}

void sc_lay_market(sc_yard *y) {
    double w = y->width, d = y->depth, walk = SC_CAMPUS_WALK_M, mall = 104;
    stand_as(y, "market", 2, 74, 46, 3, 56, 38, SC_FACE_SOUTH, walk, "Market hall", "和平菜市场");
    stand_as(y, "commercial", 9, 46, 18, 1, w - 50, 34, SC_FACE_SOUTH, walk, "Hotel", "和平酒店");
    stand_as(y, "commercial", 3, w - 50, 14, 8, w / 2, mall - 15, SC_FACE_NORTH, mall,
             "Shops, south row", "商业街南楼");
    stand_as(y, "commercial", 3, w - 50, 14, 8, w / 2, mall + 15, SC_FACE_SOUTH, mall,
             "Shops, north row", "商业街北楼");
    sc_yard_path(y, walk, mall, w - walk, mall, 12);
    sc_yard_parking(y, 20, d - 38, w - 20, d - 20, "surface", 120, level_at(y, 20, d - 30));
    sc_yard_lane(y, w / 2, d - 20, w / 2, d - 16, 6);
    sc_yard_way_in(y, &(sc_way_in){.side = SC_EAST,
                                   .along = d - 16,
                                   .vehicle = true,
                                   .walk_aside = -6,
                                   .path_from = w - walk,
                                   .lane_from = w / 2});
    sc_yard_green(y, 100, 18, w - 80, 66, "garden");
    sc_yard_green(y, 10, fmax(d - 44, mall + 24), w - 10, d - 40, "trees");
    sc_yard_ring(y, walk, false, 3);
    sc_campus_open(y, 0.45);
}

void sc_lay_office(sc_yard *y) {
    double w = y->width, d = y->depth, walk = SC_CAMPUS_WALK_M;
    stand_as(y, "office", 16, 44, 24, 1, w * 0.26, 34, SC_FACE_SOUTH, walk, "Office tower A",
             "商务楼A座");
    stand_as(y, "office", 20, 44, 24, 1, w * 0.74, 34, SC_FACE_SOUTH, walk, "Office tower B",
             "商务楼B座");
    stand_as(y, "office", 6, 110, 22, 2, w / 2, d - 34, SC_FACE_NORTH, d - walk,
             "Research building", "科创楼");
    sc_yard_green(y, 20, 60, w - 20, 92, "garden");
    sc_yard_green(y, w / 2 - 22, 16, w / 2 + 22, 54, "lawn");
    sc_yard_parking(y, 24, 100, w - 24, 118, "surface", 130, level_at(y, 24, 110));
    sc_yard_way_in(y, &(sc_way_in){.side = SC_WEST,
                                   .along = 109,
                                   .vehicle = true,
                                   .walk_aside = -8,
                                   .path_from = walk,
                                   .lane_from = 24});
    sc_yard_ring(y, walk, false, 3);
    sc_campus_open(y, 0.4);
}

void sc_lay_commercial(sc_yard *y) {
    double w = y->width, d = y->depth, walk = SC_CAMPUS_WALK_M;
    stand_as(y, "commercial", 5, 130, 74, 4, w / 2, 59, SC_FACE_SOUTH, walk, "Shopping centre",
             "滨河天地购物中心");
    stand_as(y, "commercial", 3, 160, 15, 8, w / 2, d - 28, SC_FACE_NORTH, d - walk, "Street shops",
             "沿街商铺");
    sc_yard_parking(y, 24, 104, w - 24, 122, "surface", 130, level_at(y, 24, 110));
    sc_yard_parking(y, w / 2 - 60, 26, w / 2 + 60, 92, "underground", 260, level_at(y, w / 2, 100));
    sc_yard_way_in(y, &(sc_way_in){.side = SC_EAST,
                                   .along = 113,
                                   .vehicle = true,
                                   .walk_aside = -8,
                                   .path_from = w - walk,
                                   .lane_from = w - 24});
    sc_yard_green(y, 12, 14, w / 2 - 72, 96, "garden");
    sc_yard_green(y, w / 2 + 72, 14, w - 12, 96, "garden");
    sc_yard_ring(y, walk, false, 4);
    sc_campus_open(y, 0.35);
}

void sc_lay_plaza(sc_yard *y) {
    double w = y->width, d = y->depth, walk = SC_CAMPUS_WALK_M, top = 112;
    stand_as(y, "public", 3, 76, 32, 3, w / 2, top + 26, SC_FACE_SOUTH, top, "Culture centre",
             "文化活动中心");
    stand_as(y, "public", 4, 44, 26, 1, w - 26, 62, SC_FACE_WEST, w - 46, "Library", "滨河图书馆");
    sc_yard_path(y, walk, top, w - walk, top, 6);
    sc_yard_path(y, w - 46, walk, w - 46, top, 4);
    sc_yard_path(y, 46, walk, 46, top, 4);
    sc_yard_zone(y, 50, 10, w - 50, top - 4, "event", "Festival plaza", "节庆广场");
    sc_yard_green(y, 8, 10, 42, top - 6, "trees");
    sc_yard_green(y, 8, top + 6, w / 2 - 46, d - 8, "garden");
    sc_yard_green(y, w / 2 + 46, top + 6, w - 8, d - 8, "garden");
    sc_yard_green(y, w - 40, 10, w - 8, 34, "trees");
    sc_yard_ring(y, walk, false, 4);
    sc_campus_open(y, 0.5);
}

void sc_lay_park(sc_yard *y) {
    double w = y->width, d = y->depth, walk = SC_CAMPUS_WALK_M, p = w / 2, q = d / 2 - 6;
    double level = level_at(y, p, q) - 0.9;
    sc_pond pond = {y->frame, 52, 34, level, level - 1.5};
    pond.frame.origin = sc_at(&y->frame, p, q);
    sc_world *world = y->town->world;
    sc_world_stick(world, sc_ground_add_pond(y->town->ground, &pond));
    sc_ring shore = {.n = 48};
    for (int k = 0; k < shore.n; k++) {
        static const double cosine[12] = {1,
                                          0.9914448613738104,
                                          0.9659258262890683,
                                          0.9238795325112867,
                                          0.8660254037844387,
                                          0.7933533402912352,
                                          0.7071067811865476,
                                          0.6087614290087207,
                                          0.5,
                                          0.3826834323650898,
                                          0.25881904510252074,
                                          0.13052619222005157};
        int quarter = k / 12, step = k % 12;
        double c = cosine[step], s = step ? cosine[12 - step] : 0;
        const double turned[4][2] = {{c, s}, {-s, c}, {-c, -s}, {s, -c}};
        shore.at[k] = sc_at(&pond.frame, pond.half_p_m * turned[quarter][0],
                            pond.half_q_m * turned[quarter][1]);
    }
    ct_feature *water = sc_add(world, "water", "pond-%02d%d", y->block->column, y->block->row);
    sc_text(world, water, "kind", "pond");
    sc_number(world, water, "level_m", level);
    sc_named(world, water, "Park pond", "公园湖");
    sc_set_ring(world, water, &shore, 0);
    double path = 26; // ring path around the pond
    sc_yard_ring(y, path, false, 3);
    sc_yard_ring(y, walk, false, 3);
    sc_yard_path(y, p, d - path, p, d - walk, 3);
    sc_yard_path(y, p, walk, p, path, 3);
    sc_yard_path(y, walk, d / 2, path, d / 2, 3);
    sc_yard_path(y, w - path, d / 2, w - walk, d / 2, 3);
    stand_as(y, "public", 2, 24, 12, 1, p + 46, d - path - 12, SC_FACE_NORTH, d - path, "Tea house",
             "湖畔茶室");
    stand_as(y, "utility", 1, 9, 6, 1, 14, 15, SC_FACE_SOUTH, walk, "Public toilet", "公共厕所");
    sc_yard_green(y, 22, 7, p - 4, path - 3, "trees");
    sc_yard_green(y, p + 4, 7, w - 8, path - 3, "trees");
    sc_yard_green(y, 8, d - path + 3, p - 4, d - 7, "trees");
    sc_yard_green(y, p + 4, d - path + 3, w - 8, d - 7, "trees");
    sc_yard_green(y, path + 3, path + 3, p - 56, d - path - 3, "lawn");
    sc_yard_green(y, p + 56, path + 3, w - path - 3, d - path - 24, "lawn");
    sc_campus_open(y, 0.5);
}

void sc_lay_sports(sc_yard *y) {
    double w = y->width, d = y->depth, walk = SC_CAMPUS_WALK_M;
    sc_design hall = PUBLIC;
    hall.use = "public";
    hall.storeys = 2;
    hall.storey_m = hall.ground_storey_m = 7;
    hall.length_m = 64;
    hall.depth_m = 46;
    hall.bays = 2;
    hall.structure = "steel_concrete";
    hall.name = (sc_label){"Sports hall", "全民健身中心"};
    sc_stand(y, &hall, 52, d - 44, SC_FACE_NORTH, d - walk);
    sc_yard_green(y, 14, 14, 128, 84, "sports");
    sc_yard_green(y, 138, 14, w - 14, 48, "sports");
    sc_yard_green(y, 138, 54, w - 14, 84, "sports");
    sc_yard_green(y, 100, d - 70, w - 60, d - 14, "trees");
    sc_yard_shelter(y, 14, 14, 128, 84, "Emergency shelter, sports park", "健身公园应急避难场所");
    sc_yard_parking(y, w - 54, d - 70, w - 14, d - 36, "surface", 60, level_at(y, w - 20, d - 50));
    sc_yard_way_in(y, &(sc_way_in){.side = SC_EAST,
                                   .along = d - 52,
                                   .vehicle = true,
                                   .walk_aside = -22,
                                   .path_from = w - walk,
                                   .lane_from = w - 14});
    sc_yard_path(y, walk, 92, w - walk, 92, 4);
    sc_yard_ring(y, walk, false, 3);
    sc_campus_open(y, 0.3);
}
