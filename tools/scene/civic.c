// Public blocks for learning and care: school, kindergarten with community centre, health centre.
#include "campus.h"

static const sc_design PUBLIC = {.form = SC_FORM_BOX,
                                 .bays = 1,
                                 .storey_m = 3.9,
                                 .ground_storey_m = 4.2,
                                 .step_m = 0.3,
                                 .structure = "reinforced_concrete",
                                 .year = 2012};

static double collector_p(const sc_yard *y, double in) { // the side that faces the collector
    return y->block->street[SC_WEST]->rank == SC_COLLECTOR ? in : y->width - in;
}

// Gates of a fenced campus: vehicles from the collector, people also from the south.
static void add_gates(sc_yard *y, double drive_q, double walk_p) {
    bool west = y->block->street[SC_WEST]->rank == SC_COLLECTOR;
    sc_yard_way_in(y, &(sc_way_in){.side = west ? SC_WEST : SC_EAST,
                                   .along = drive_q,
                                   .vehicle = true,
                                   .gates = true,
                                   .walk_aside = 5,
                                   .path_from = collector_p(y, SC_CAMPUS_WALK_M),
                                   .lane_from = collector_p(y, SC_CAMPUS_LANE_M)});
    sc_yard_way_in(
        y, &(sc_way_in){
               .side = SC_SOUTH, .along = walk_p, .gates = true, .path_from = SC_CAMPUS_WALK_M});
}

// Classrooms in the north with the sports field before them, so that they have sun all winter.
void sc_lay_school(sc_yard *y) {
    double w = y->width, d = y->depth, top = d - SC_CAMPUS_WALK_M;
    sc_design hall = PUBLIC;
    hall.use = "school";
    hall.form = SC_FORM_U;
    hall.storeys = 5;
    hall.length_m = 66;
    hall.depth_m = 44;
    hall.wing_m = 11;
    hall.name = (sc_label){"Teaching building A", "教学楼A座"};
    sc_stand(y, &hall, 52, d - 40, SC_FACE_NORTH, top);
    hall.name = (sc_label){"Teaching building B", "教学楼B座"};
    sc_stand(y, &hall, 130, d - 40, SC_FACE_NORTH, top);
    sc_design other = PUBLIC;
    other.use = "school";
    other.storeys = 3;
    other.length_m = 36;
    other.depth_m = 22;
    other.name = (sc_label){"Canteen", "食堂"};
    sc_stand(y, &other, w - 27, d - 40, SC_FACE_EAST, w - SC_CAMPUS_WALK_M);
    other.storeys = 2;
    other.storey_m = other.ground_storey_m = 6;
    other.length_m = 46;
    other.depth_m = 28;
    other.name = (sc_label){"Gymnasium", "体育馆"};
    sc_stand(y, &other, w - 30, 48, SC_FACE_EAST, w - SC_CAMPUS_WALK_M);
    sc_yard_oval(y, 18, 16, w - 58, 90, "sports");
    sc_yard_green(y, 34, d - 58, 70, d - 34, "garden");
    sc_yard_green(y, 112, d - 58, 148, d - 34, "garden");
    sc_yard_green(y, 16, 94, w - 58, d - 70, "trees");
    sc_yard_shelter(y, 18, 16, w - 58, 90, "Emergency shelter, school field",
                    "学校操场应急避难场所");
    sc_yard_ring(y, SC_CAMPUS_WALK_M, false, 3);
    sc_yard_ring(y, SC_CAMPUS_LANE_M, true, 5);
    add_gates(y, 84, w / 2);
}

// The kindergarten lies in its own fence in the west; a community centre and day care share the
// block.
void sc_lay_kindergarten(sc_yard *y) {
    double w = y->width, d = y->depth, walk = SC_CAMPUS_WALK_M, top = d - walk;
    sc_design house = PUBLIC;
    house.use = "kindergarten";
    house.form = SC_FORM_U;
    house.storeys = 3;
    house.storey_m = house.ground_storey_m = 3.6;
    house.length_m = 62;
    house.depth_m = 34;
    house.wing_m = 12;
    house.name = (sc_label){y->block->programme->name.en, y->block->programme->name.zh};
    double gate_q = d - 18;
    sc_stand(y, &house, 54, d - 46, SC_FACE_NORTH, gate_q);
    sc_yard_path(y, 54, gate_q, 54, top, 3);
    sc_campus_enclose(y, 8, 44, 106, gate_q, 54, y->block->programme->name.en,
                      y->block->programme->name.zh);
    sc_yard_green(y, 12, 48, 58, d - 68, "lawn");
    sc_yard_green(y, 62, 48, 102, d - 68, "sports");
    sc_design centre = PUBLIC;
    centre.use = "public";
    centre.storeys = 4;
    centre.length_m = 46;
    centre.depth_m = 26;
    centre.name = (sc_label){"Community service centre", "社区党群服务中心"};
    sc_stand(y, &centre, w - 55, d - 34, SC_FACE_NORTH, top);
    centre.form = SC_FORM_L;
    centre.storeys = 3;
    centre.length_m = 42;
    centre.depth_m = 34;
    centre.wing_m = 14;
    centre.name = (sc_label){"Day care for the elderly", "社区日间照料中心"};
    sc_stand(y, &centre, w - 50, 36, SC_FACE_SOUTH, walk);
    sc_yard_green(y, 118, 66, w - 12, d - 62, "garden");
    sc_yard_green(y, 8, 8, w - 84, 38, "trees");
    sc_yard_green(y, 112, d - 56, w - 86, d - 8, "trees");
    sc_yard_ring(y, walk, false, 3);
    sc_campus_open(y, 0.5);
}

void sc_lay_health(sc_yard *y) {
    double w = y->width, d = y->depth;
    sc_design house = PUBLIC;
    house.use = "clinic";
    house.storeys = 5;
    house.length_m = 64;
    house.depth_m = 22;
    house.bays = 2;
    house.name = (sc_label){y->block->programme->name.en, y->block->programme->name.zh};
    sc_stand(y, &house, 58, 66, SC_FACE_SOUTH, SC_CAMPUS_WALK_M);
    house.form = SC_FORM_U;
    house.use = "public";
    house.bays = 1;
    house.storeys = 6;
    house.storey_m = house.ground_storey_m = 3.3;
    house.length_m = 70;
    house.depth_m = 44;
    house.wing_m = 13;
    house.name = (sc_label){"Care home", "社区养老服务中心"};
    sc_stand(y, &house, w - 62, d - 44, SC_FACE_NORTH, d - SC_CAMPUS_WALK_M);
    sc_yard_green(y, 16, 16, w / 2 - 50, 48, "garden");
    sc_yard_green(y, w / 2 + 6, 16, w - 16, 88, "garden");
    sc_yard_green(y, 16, 84, w / 2 - 12, d - 16, "garden");
    sc_yard_parking(y, w / 2 - 46, 16, w / 2 - 30, 46, "surface", 20,
                    sc_ground_z(y->town->ground, sc_at(&y->frame, w / 2 - 40, 16)));
    sc_yard_ring(y, SC_CAMPUS_WALK_M, false, 3);
    sc_yard_ring(y, SC_CAMPUS_LANE_M, true, 5);
    add_gates(y, d / 2 + 12, w / 2);
}
