// Kinds of doors and windows: sizes and demands as GB 50096, GB 55037 and JGJ 39 have them.
#include "bim_house.h"

// clang-format off
const bim_opening_type BIM_OPENINGS[BIM_OPENING_KINDS] = {
    // key, name, width, height, sill, operation, rating
    [BIM_DOOR_FLAT] = {"FD-10", {"Flat door, class B fire door", "乙级防火入户门"}, 1.0, 2.1, 0, "SINGLE_SWING_LEFT", "60 min", .self_closing = true, .smoke_stop = true, .accessible = true, .colour = BIM_STEEL},
    [BIM_DOOR_ROOM] = {"D-09", {"Room door", "室内门"}, 0.9, 2.1, 0, "SINGLE_SWING_LEFT", NULL, .accessible = true, .colour = BIM_WOOD},
    [BIM_DOOR_BATH] = {"D-08", {"Bathroom door", "卫生间门"}, 0.8, 2.1, 0, "SINGLE_SWING_RIGHT", NULL, .colour = BIM_WOOD},
    [BIM_DOOR_KITCHEN] = {"SD-12", {"Sliding kitchen door", "厨房推拉门"}, 1.2, 2.1, 0, "DOUBLE_DOOR_SLIDING", NULL, .glazed = true, .leaves_two = true, .colour = BIM_STEEL},
    [BIM_DOOR_BALCONY] = {"SD-24", {"Sliding balcony door", "阳台推拉门"}, 2.4, 2.4, 0, "DOUBLE_DOOR_SLIDING", NULL, .glazed = true, .leaves_two = true, .external = true, .colour = BIM_STEEL},
    [BIM_DOOR_STAIR] = {"FD-12", {"Stair door, class B fire door", "乙级防火门"}, 1.2, 2.1, 0, "SINGLE_SWING_LEFT", "60 min", .self_closing = true, .smoke_stop = true, .exit = true, .accessible = true, .colour = BIM_RED},
    [BIM_DOOR_LOBBY] = {"FD-15", {"Lobby door, class B fire door", "乙级双扇防火门"}, 1.5, 2.1, 0, "DOUBLE_DOOR_SINGLE_SWING", "60 min", .leaves_two = true, .self_closing = true, .smoke_stop = true, .exit = true, .accessible = true, .colour = BIM_RED},
    [BIM_DOOR_SHAFT] = {"FD-08", {"Inspection door, class C fire door", "丙级防火检修门"}, 0.8, 1.9, 0.1, "SINGLE_SWING_RIGHT", "30 min", .self_closing = true, .colour = BIM_STEEL},
    [BIM_DOOR_PLANT] = {"FD-13", {"Plant door, class A fire door", "甲级防火门"}, 1.2, 2.1, 0, "SINGLE_SWING_LEFT", "90 min", .self_closing = true, .smoke_stop = true, .accessible = true, .colour = BIM_STEEL},
    [BIM_DOOR_LIFT] = {"LD-11", {"Lift landing door", "电梯层门"}, 1.1, 2.1, 0, "DOUBLE_DOOR_SLIDING", "60 min", .leaves_two = true, .accessible = true, .colour = BIM_STEEL},
    [BIM_DOOR_ENTRANCE] = {"ED-15", {"Entrance door", "单元门"}, 1.5, 2.2, 0, "DOUBLE_DOOR_SINGLE_SWING", NULL, .glazed = true, .leaves_two = true, .exit = true, .external = true, .accessible = true, .colour = BIM_STEEL},
    [BIM_DOOR_EXIT] = {"ED-12", {"Exit door", "安全出口门"}, 1.2, 2.1, 0, "SINGLE_SWING_RIGHT", NULL, .self_closing = true, .exit = true, .external = true, .accessible = true, .colour = BIM_STEEL},
    [BIM_DOOR_ROOF] = {"RD-12", {"Door to the roof", "出屋面门"}, 1.2, 2.1, 0, "SINGLE_SWING_LEFT", "60 min", .self_closing = true, .exit = true, .external = true, .colour = BIM_STEEL},
    [BIM_DOOR_CLASS] = {"D-12", {"Group room door", "活动室门"}, 1.2, 2.1, 0, "DOUBLE_DOOR_SINGLE_SWING", NULL, .leaves_two = true, .exit = true, .accessible = true, .colour = BIM_WOOD},
    [BIM_DOOR_WIDE] = {"FD-18", {"Corridor door, class B fire door", "乙级双扇防火门"}, 1.8, 2.1, 0, "DOUBLE_DOOR_SINGLE_SWING", "60 min", .leaves_two = true, .self_closing = true, .smoke_stop = true, .exit = true, .accessible = true, .colour = BIM_RED},
    [BIM_DOOR_HALL] = {"ED-24", {"Main entrance", "主入口门"}, 2.4, 2.6, 0, "DOUBLE_DOOR_SINGLE_SWING", NULL, .glazed = true, .leaves_two = true, .exit = true, .external = true, .accessible = true, .colour = BIM_STEEL},
    [BIM_WINDOW_LIVING] = {"W-1815", {"Window", "推拉窗"}, 1.8, 1.5, 0.9, "DOUBLE_PANEL_VERTICAL", NULL, .window = true, .external = true, .colour = BIM_STEEL},
    [BIM_WINDOW_BED] = {"W-1515", {"Window", "推拉窗"}, 1.5, 1.5, 0.9, "DOUBLE_PANEL_VERTICAL", NULL, .window = true, .external = true, .colour = BIM_STEEL},
    [BIM_WINDOW_SMALL] = {"W-0914", {"Casement window", "平开窗"}, 0.9, 1.4, 1.0, "SINGLE_PANEL", NULL, .window = true, .external = true, .colour = BIM_STEEL},
    [BIM_WINDOW_STAIR] = {"W-1212", {"Stair window", "楼梯间窗"}, 1.2, 1.2, 1.2, "DOUBLE_PANEL_VERTICAL", NULL, .window = true, .external = true, .colour = BIM_STEEL},
    [BIM_WINDOW_CLASS] = {"W-2418", {"Group room window", "活动室窗"}, 2.4, 1.8, 0.6, "DOUBLE_PANEL_VERTICAL", NULL, .window = true, .external = true, .colour = BIM_STEEL},
};
// clang-format on

void bim_door(fp_plan *plan, const char *a, const char *b, bim_opening_kind kind, double at) {
    fp_add_door(plan, a, b, (int)kind, BIM_OPENINGS[kind].width_m, at);
}

void bim_outer(fp_plan *plan, const char *room, char side, bim_opening_kind kind, double at) {
    fp_add_outer(plan, room, side, (int)kind, BIM_OPENINGS[kind].width_m, at);
}
